// Third story: digging up a road. What the law adds to a case, pressed by hand: site check by two, bill, pause, void and re-issue, third
// parties, hearing; what is to be served; a file that is archived; the calendar's page.
import assert from "node:assert/strict";
import { checkHere, fillAll, follow, visitor } from "./page.mjs";

const ROAD = "11522627MB0A00237L4520117011000"; // 占用、挖掘城市道路审批: body 住建局, window, site check and fee as data
const STAFF_PASSWORD = "tongban-demo";
const story = {};

const press = (page, selector) => follow(page, () => page.locator(selector).first().click());
const open = (page, action) => page.locator(`details:has(form[action$='${action}']) summary`).first().click();
const found = [];
const toCheck = (page, name) => async (answer) => {
  await checkHere(story.c, page, answer, name).catch((e) => found.push(e.message));
  return answer;
};

const member = async (c, login) => {
  if (!story[login]) {
    const page = (story[login] = await visitor(c));
    await page.goto(c.url + "/sign-in");
    await fillAll(page, { login, password: STAFF_PASSWORD });
    await press(page, "main form button");
  }
  return story[login];
};

const deskCase = (page) => page.goto(`${story.c.url}/desk/cases/${story.no}`);
const text = (page) => page.locator("main").innerText();
const day = (ahead) => new Date(Date.parse(story.c.today) + ahead * 86400000).toISOString().slice(0, 10);

/** A case for somebody at the window; its number. */
const intake = async (c, name, number) => {
  const page = await member(c, "zjj01");
  await page.goto(`${c.url}/desk/new?code=${ROAD}`);
  for (const [field, value] of Object.entries({ emergency: "no", act: "occupy", main_road: "no", applicant_kind: "person", has_agent: "no", service_way: "window" }))
    await page.locator(`input[name="${field}"][value="${value}"]`).check({ force: true });
  await fillAll(page, { applicant_code: number, applicant_name: name, road: "迎宾路", "section-division": "522627001000", section: "12号门前北侧人行道", length: "30", width: "1",
    from_date: day(20), to_date: day(39), purpose: "装修搭架。" });
  await page.locator("#truth").check({ force: true });
  await press(page, "main form button.govuk-button:not([name])");
  const no = /\/desk\/cases\/(\w+)\/documents/.exec(page.url());
  assert.ok(no, `${page.url()}: ${(await text(page)).slice(0, 300)}`);
  return no[1];
};

export default (test) => {
  test("law: the window takes the road's application in and accepts it", async (c) => {
    story.c = c;
    story.no = await intake(c, "石建国", "522627198801015214");
    const page = await member(c, "zjj01");
    await deskCase(page);
    await press(page, "form[action$='/accept'] button");
    assert.match(await page.locator("h1").innerText(), /审查中/);
  });

  test("law: one checker is not enough, two are; the step does not go on without them", async (c) => {
    const page = await member(c, "zjj03");
    await deskCase(page);
    await press(page, "form[action$='/claim'] button");
    await open(page, "/site-check");
    await fillAll(page, { checker: "zjj03", second: "zjj03", place: "迎宾路12号", findings: "人行道宽4米。" });
    const one = await press(page, "form[action$='/site-check'] button");
    assert.equal(one.status(), 422);
    await toCheck(page, "law-site-one")(one);
    await deskCase(page);
    await open(page, "/site-check");
    await fillAll(page, { checker: "zjj03", second: "zjj04", place: "迎宾路12号", findings: "人行道宽4米，可以占用1米。" });
    await press(page, "form[action$='/site-check'] button");
    assert.match(await text(page), /舒磊、粟桂花/);
  });

  test("law: the bill offers what the answers come to, is paid at the window, and has a receipt", async (c) => {
    const page = await member(c, "zjj03");
    await deskCase(page);
    await open(page, "/bills");
    assert.equal(await page.locator("#amount").inputValue(), "300.00");
    const billed = await press(page, "form[action$='/bills'] button");
    await toCheck(page, "law-billed")(billed);
    const cashier = await member(c, "zjj01");
    await deskCase(cashier);
    await press(cashier, "form[action$='/pay'] button");
    assert.match(await text(cashier), /收据 \d{4}-\d{5}/);
  });

  test("law: the clock can stand still for experts from tomorrow, not on the day it does not run yet", async (c) => {
    const page = await member(c, "zjj03");
    await deskCase(page);
    for (const [first, status] of [[day(0), 422], [day(1), 200]]) {
      await deskCase(page);
      await open(page, "/pause");
      await page.locator("form[action$='/pause'] select[name=kind]").selectOption("experts");
      await page.locator("form[action$='/pause'] input[name=first]").fill(first);
      await page.locator("form[action$='/pause'] input[name=last]").fill(day(18));
      const answer = await press(page, "form[action$='/pause'] button");
      assert.equal(answer.status(), status, first);
      await toCheck(page, `law-pause-${status}`)(answer);
    }
    assert.match(await text(page), /除外时间告知书/);
  });

  test("law: a wrong document is void only when a second person says so, and has a successor", async (c) => {
    const page = await member(c, "zjj03");
    await deskCase(page);
    await open(page, "/void");
    const options = await page.locator("#document option").allInnerTexts();
    await page.locator("#document").selectOption({ label: options.find((o) => o.includes("受理通知书")) });
    await page.locator("#void-reason").fill("地点写错。");
    await toCheck(page, "law-void-asked")(await press(page, "form[action$='/void'] button"));
    const own = await press(page, "button[name=act][value=confirm]");
    assert.equal(own.status(), 422, "not by whoever asked");
    const head = await member(c, "zjj05");
    await deskCase(head);
    await press(head, "button[name=act][value=confirm]");
    assert.match(await text(head), /作废/);
    await toCheck(head, "law-void")(await deskCase(head));
  });

  test("law: a third party is recorded, told and heard; a hearing is asked for and arranged", async (c) => {
    const page = await member(c, "zjj03");
    await deskCase(page);
    await open(page, "/parties");
    await fillAll(page, { "party-name": "迎宾社区居民委员会", "party-contact": "迎宾路20号", "party-interest": "行人通行" });
    await press(page, "form[action$='/parties'] button");
    await page.locator("input[name=until]").last().fill(day(18));
    await toCheck(page, "law-party")(await press(page, "form[action$='/tell']:has(input[name=until]) button"));
    assert.match(await text(page), /已告知/);
    await deskCase(page);
    await press(page, "form[action$='/hearing/tell'] button");
    await open(page, "/hearing/ask");
    await page.locator("#by").fill("迎宾社区居民委员会");
    await press(page, "form[action$='/hearing/ask'] button");
    await open(page, "/hearing/set");
    await fillAll(page, { host: "zjj03", on: day(17) });
    const biased = await press(page, "form[action$='/hearing/set'] button");
    assert.ok([409, 422].includes(biased.status()), "who handled the case is not the host");
    await deskCase(page);
    await open(page, "/hearing/set");
    await fillAll(page, { host: "zjj04", on: day(17) });
    await press(page, "form[action$='/hearing/set'] button");
    await toCheck(page, "law-hearing")(await deskCase(page));
  });

  test("law: what is to be served stands on a list, is recorded when it is handed over, and leaves it", async (c) => {
    const page = await member(c, "zjj01");
    await toCheck(page, "law-service")(await page.goto(`${c.url}/desk/service`));
    for (const receiver of ["石建国", "迎宾社区居民委员会"]) assert.ok((await text(page)).includes(receiver), receiver);
    assert.doesNotMatch(await text(page), /迎宾路20号/, "no address in the list");
    const row = page.locator("tr", { hasText: "迎宾社区居民委员会" }).first();
    await toCheck(page, "law-contact")(
      await follow(page, () => row.locator("form[action$='/contact'] button[value=post]").click()));
    assert.match(await text(page), /迎宾路20号/);
    await deskCase(page);
    await open(page, "/service");
    await page.locator("#served-by").fill("石建国");
    await press(page, "form[action$='/service'] button[value=done]");
    assert.match(await text(page), /已送达/);
  });

  test("law: a case that is not taken on is archived with its catalogue", async (c) => {
    story.no = await intake(c, "石阿妹", "522627199001010022");
    const page = await member(c, "zjj01");
    await deskCase(page);
    await page.locator("details:has(form[action$='/refuse']) summary").click();
    const form = page.locator("form[action$='/refuse']");
    if (await form.locator("input[type=radio]").count()) await form.locator("input[type=radio]").first().check({ force: true });
    await form.locator("textarea").fill("这段路由公路部门管理，请向公路管理机构申请。");
    await press(page, "form[action$='/refuse'] button");
    assert.match(await page.locator("h1").innerText(), /不予受理|不受理/);
    await open(page, "/archive");
    const early = await press(page, "form[action$='/archive'] button");
    assert.equal(early.status(), 409, "the notice is not served yet");
    assert.match(await text(page), /还没有送达石阿妹/);
    await deskCase(page);
    await open(page, "/service");
    await page.locator("#served-by").fill("石阿妹");
    await press(page, "form[action$='/service'] button[value=done]");
    await open(page, "/archive");
    await press(page, "form[action$='/archive'] button");
    assert.match(await page.locator("h1").innerText(), /已归档/);
    await toCheck(page, "law-archive")(await page.goto(`${c.url}/desk/cases/${story.no}/archive`));
    assert.match(await text(page), /档〔\d{4}〕\d{5}号/);
  });

  test("law: the system administrator sees the working days and refuses a day that says nothing", async (c) => {
    const page = await member(c, "zwzx29");
    await toCheck(page, "law-calendar")(await page.goto(`${c.url}/admin/calendar`));
    const wrong = await press(page, "form[action='/admin/calendar'] button");
    assert.equal(wrong.status(), 422);
    await toCheck(page, "law-calendar-errors")(wrong);
  });

  test("law: all of these pages are well made", () => assert.deepEqual(found, []));
};
