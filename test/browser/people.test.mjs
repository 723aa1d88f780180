// What people do on the pages of the main job: a name that is in use, a licence picked from those held, files for a correction point,
// forms that come back with what was typed. What other tests press by hand already is sent here as the page would send it.
import assert from "node:assert/strict";
import { checkHere, fillAll, follow, visitor } from "./page.mjs";

const TRADER = "11522627MB0A00018A4000131003003"; // 个体工商户设立登记
const FOOD = "11522627MB0A00018A4000131006000"; // 食品经营许可
const PREMISES = { "site-division": "522627001001", site: "迎宾路12号", area: "60" };
const SERVICE = { service_way: "online", service_consent: "1", truth: "1" };
const story = { staff: {} };
const found = [];

const press = (page, selector) => follow(page, () => page.locator(selector).first().click());

/** Looks at the page and keeps what it finds: the story goes on. */
const toCheck = async (page, name, answer) => {
  try {
    await checkHere(story.c, page, answer, name);
  } catch (e) {
    found.push(e.message);
  }
};

/** Sends a form of this page's visitor to an address; gives where it leads. */
const send = async (page, address, fields) => {
  const token = await page.locator("input[name=_csrf]").first().inputValue();
  const body = new URLSearchParams(Object.entries({ ...fields, _csrf: token }).flatMap(([k, v]) => [v].flat().map((one) => [k, one])));
  const answer = await page.request.post(story.c.url + address, { data: body.toString(), maxRedirects: 0,
    headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: story.c.url } });
  const to = answer.headers().location;
  assert.equal(answer.status(), 303, `${address}: ${to ? "" : (await answer.text()).replace(/<[^>]*>|\s+/g, " ").slice(0, 600)}`);
  return to;
};

const citizen = async (name, number) => {
  const page = await visitor(story.c);
  await page.goto(`${story.c.url}/register`);
  await page.locator("label[for=kind]").click();
  await fillAll(page, { code: number, name, password: "清江河边的风吹过", again: "清江河边的风吹过" });
  await press(page, "main form button");
  await page.goto(`${story.c.url}/me/prove`); // a page with a form
  return page;
};

const member = async (login) => {
  if (!story.staff[login]) {
    const page = (story.staff[login] = await visitor(story.c));
    await page.goto(story.c.url + "/sign-in");
    await fillAll(page, { login, password: "tongban-demo" });
    await press(page, "main form button");
  }
  return story.staff[login];
};

/** A draft with these pages; its address. */
const draft = async (page, item, guide, pages) => {
  const address = await send(page, `/items/${item}/apply`, guide);
  for (const [group, fields] of Object.entries(pages)) await send(page, `${address}/page/${group}`, fields);
  return address;
};

const submit = async (page, address) => /\/cases\/(\w+)/.exec(await send(page, `${address}/submit`, {}))[1];

export default (test) => {
  test("people: a name in use is told before it is sent and shown to the clerk, who grants another", async (c) => {
    story.c = c;
    const shop = (name) => ({ shop: name, premises: { ...PREMISES, right: "own" },
      business: { scope: "goods", capital: "50000", employees: "1" }, service: SERVICE });
    const guide = { home: "no", approval: "no", naming: "named" };
    const first = await citizen("吴秀兰", "522627197503120425");
    const one = await submit(first, await draft(first, TRADER, guide, shop({ name1: "示例县清江小吃店（个体工商户）" })));
    await send(await member("scj01"), `/desk/cases/${one}/grant-now`, {});
    const second = await citizen("龙建军", "522627198207230413");
    const names = { name1: "示例縣清江小吃店(個體工商戶)", name2: "示例县凤城街道清江小吃", name3: "示例县清江源小吃店（个体工商户）" };
    const address = await draft(second, TRADER, guide, shop(names));
    await toCheck(second, "names-check", await second.goto(`${c.url}${address}/check`));
    assert.match(await second.locator("main").innerText(), /已经有人登记.*\n[^]*只差地名或者行业/);
    const no = await submit(second, address);
    const clerk = await member("scj01");
    await toCheck(clerk, "names-desk", await clerk.goto(`${c.url}/desk/cases/${no}`));
    await clerk.locator("input[name=name][value=name3]").check({ force: true });
    await press(clerk, "form[action$='/grant-now'] button");
    await second.goto(`${c.url}/cases/${no}/documents/2`);
    assert.match(await second.locator("main").innerText(), /名称：示例县清江源小吃店（个体工商户）\n经营场所：示例县凤城街道东门社区居民委员会迎宾路12号/);
  });

  test("people: who renews picks the licence that he holds and finds the form filled in", async (c) => {
    const page = (story.cook = await citizen("石阿妹", "522627198801015222"));
    const guide = (situation) => ({ prepacked: "no", situation, kind: "retail", dishes: "bulk", online: "no" });
    const people = { officer: "石阿妹", officer_phone: "13812345678", "staff-0-name": "杨一", "staff-0-code": "522627199001010014",
      "staff-0-valid_until": "2027-05-01" };
    const no = await submit(page, await draft(page, FOOD, guide("new"), { premises: PREMISES, people, service: SERVICE }));
    await send(await member("scj01"), `/desk/cases/${no}/accept`, {});
    await send(await member("scj03"), `/desk/cases/${no}/site-check`, { checker: "scj03", second: "scj04", findings: "符合" });
    for (let i = 0; i < 2; i++) await send(await member("scj03"), `/desk/cases/${no}/opinion`, { opinion: "符合条件", act: "on" });
    await send(await member("scj04"), `/desk/cases/${no}/decide`, { decision: "grant" });
    const address = await draft(page, FOOD, guide("renew"), {});
    await toCheck(page, "licence-pick", await page.goto(`${c.url}${address}/page/premises`));
    await page.locator("label[for=licence_no-licence]").click();
    const filled = await press(page, "main form button[type=submit]:not([tabindex])");
    assert.match(page.url(), /\/page\/premises$/, "the page comes again to be looked at");
    assert.equal(await page.locator("#area").inputValue(), "60");
    await toCheck(page, "licence-filled", filled);
    await press(page, "main form button[type=submit]:not([tabindex])");
    assert.match(page.url(), /\/page\/people$/);
    assert.equal(await page.locator("#officer").inputValue(), "石阿妹");
  });

  test("people: all of these pages are well made", () => assert.deepEqual(found, []));
};
