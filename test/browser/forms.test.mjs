// Third story: items with forms of their own. A restaurant (rows of people, without scripts and by keyboard) and a dug-up road (a fee
// computed from the answers), from the questions before sign-in to the desk of the office. Every page on the way is checked.
import assert from "node:assert/strict";
import { checkHere, fillAll, follow, visitor, withPage } from "./page.mjs";

const FOOD = "11522627MB0A00018A4000131006000"; // 食品经营许可
const ROAD = "11522627MB0A00237L4520117011000"; // 占用、挖掘城市道路审批
const PERSON = { number: "522627198801015214", name: "石阿妹" };
const PASSWORD = "清江河边的风吹过";

const story = {}; // page of the applicant, address of the draft

const press = (page, selector) => follow(page, () => page.locator(selector).click());
const choose = (page, name, value) => page.locator(`input[name="${name}"][value="${value}"] + label`).click();
const send = (page) => press(page, "main form button.govuk-button:not(.govuk-button--secondary)");

const found = [];
const toCheck = (page, name) => async (answer) => {
  await checkHere(story.c, page, answer, name).catch((e) => found.push(e.message));
  return answer;
};

const register = async (page) => {
  await press(page, "main a[href^='/register']");
  await page.locator("label[for=kind]").click();
  await fillAll(page, { code: PERSON.number, name: PERSON.name, phone: "13812345678", password: PASSWORD, again: PASSWORD });
  return press(page, "main form button");
};

/** Pages that the items share. */
const commonPages = async (page) => {
  await page.goto(`${story.draft}/page/applicant`);
  await send(page);
  await fillAll(page, { phone: "13812345678", "address-division": "522627001001", address: "迎宾路12号" });
  await send(page);
};

const service = async (page) => {
  await page.goto(`${story.draft}/page/service`);
  await page.locator("label[for=service_consent]").click();
  await page.locator("label[for=truth]").click();
  return send(page);
};

export default (test) => {
  test("forms: questions before sign-in tell what is needed; the answers are not asked twice", async (c) => {
    Object.assign(story, { c, url: c.url });
    const page = (story.page = await visitor(c));
    await page.goto(`${c.url}/items/${FOOD}`);
    await toCheck(page, "food-guide")(await press(page, `main a[href="/items/${FOOD}/check"]`));
    const open = await send(page);
    assert.equal(open.status(), 422);
    await toCheck(page, "food-guide-errors")(open);
    for (const [name, value] of Object.entries({ prepacked: "yes", situation: "new", kind: "catering", online: "no" })) await choose(page, name, value);
    await choose(page, "dishes", "hot");
    await choose(page, "dishes", "cold");
    await toCheck(page, "food-guide-advice")(await send(page));
    assert.match(await page.locator("main").innerText(), /办备案就可以/);
    await choose(page, "prepacked", "no");
    await toCheck(page, "food-guide-result")(await press(page, "main form button"));
    assert.match(await page.locator("main").innerText(), /专间或者专用操作区布局图/);
    await press(page, `main a[href^="/items/${FOOD}/apply"]`);
    await toCheck(page, "food-start")(await register(page));
    assert.ok(await page.locator('input[name="kind"][value="catering"]').isChecked(), "what was answered stays answered");
    assert.ok(await page.locator('input[name="dishes"][value="cold"]').isChecked());
    await toCheck(page, "food-tasks")(await send(page));
    story.draft = page.url();
  });

  test("forms: rows are added and removed without scripts and by keyboard, and keep what was typed", async (c) => {
    const cookies = await story.page.context().cookies();
    await withPage(c, "/healthz", { js: false, width: 360 }, async (page) => {
      await page.context().addCookies(cookies);
      await page.goto(`${story.draft}/page/people`);
      await fillAll(page, { officer: "石阿妹", officer_phone: "13812345678", "staff-0-name": "杨一", "staff-0-code": "522627199001010022" });
      await page.locator('button[name="_add"]').focus();
      await follow(page, () => page.keyboard.press("Enter"));
      await page.waitForURL(/#staff-1$/);
      assert.equal(await page.locator('[id="staff-0-name"]').inputValue(), "杨一");
      await fillAll(page, { "staff-1-name": "杨二" });
      await page.locator('button[name="_remove"][value="staff-0"]').focus();
      await follow(page, () => page.keyboard.press("Space"));
      assert.equal(await page.locator('[id="staff-0-name"]').inputValue(), "杨二");
      assert.equal(await page.locator('[id="staff-1"]').count(), 0);
      await page.locator('[id="staff-0-name"]').focus();
      const answer = await follow(page, () => page.keyboard.press("Enter"));
      assert.equal(answer.status(), 422, "Enter sends the page, it adds no row");
    });
  });

  test("forms: the restaurant goes page by page to the check of what was filled in", async () => {
    const { page } = story;
    await commonPages(page);
    await toCheck(page, "food-premises")(await page.goto(`${story.draft}/page/premises`));
    await press(page, 'button[name="_add"]');
    await fillAll(page, { "site-division": "522627001001", site: "迎宾路12号", area: "六十", kitchen_area: "20.5", seats: "30", "equipment-0-name": "冷藏柜", "equipment-0-count": "2" });
    const wrong = await send(page);
    assert.equal(wrong.status(), 422);
    await toCheck(page, "food-premises-errors")(wrong);
    await fillAll(page, { area: "60" });
    await send(page);
    await fillAll(page, { officer: "石阿妹", officer_phone: "13812345678", "staff-0-name": "杨一", "staff-0-code": PERSON.number, "staff-0-valid_until": "2027-05-01" });
    await toCheck(page, "food-people")(await press(page, 'button[name="_add"]'));
    await toCheck(page, "food-service")(await send(page));
    await toCheck(page, "food-check")(await service(page));
    const text = await page.locator("main").innerText();
    for (const words of ["热食类、冷食类", "60平方米", "从业人员1", "冷藏柜"]) assert.match(text, new RegExp(words));
    assert.doesNotMatch(text, /从业人员2/, "an empty row is no row");
    await toCheck(page, "food-materials")(await page.goto(`${story.draft}/materials`));
    assert.match(await page.locator("main").innerText(), /专间或者专用操作区布局图/);
    assert.doesNotMatch(await page.locator("main").innerText(), /学校食堂陪餐制度/);
    await page.goto(`${story.draft}/check`);
    await send(page);
    assert.match(page.url(), /\/cases\/\w+\/receipt$|\/documents\//);
  });

  test("forms: the road's fee is computed before it is sent, and offered to the desk", async (c) => {
    const { page } = story;
    await page.goto(`${c.url}/items/${ROAD}/apply`);
    for (const [name, value] of Object.entries({ emergency: "no", act: "occupy", main_road: "yes" })) await choose(page, name, value);
    await send(page);
    story.draft = page.url();
    await commonPages(page);
    await page.goto(`${story.draft}/page/place`);
    await fillAll(page, { road: "迎宾路", "section-division": "522627001000", section: "12号门前北侧人行道", length: "30", width: "1" });
    await toCheck(page, "road-place")(await send(page));
    await fillAll(page, { from_date: "2026-12-20", to_date: "2026-12-01", purpose: "装修搭架。" });
    const wrong = await send(page);
    assert.equal(wrong.status(), 422);
    await toCheck(page, "road-period-errors")(wrong);
    await fillAll(page, { to_date: "2027-01-08" });
    await send(page);
    await toCheck(page, "road-check")(await service(page));
    assert.match(await page.locator("main").innerText(), /30米 × 1米 × 20天 × 0\.50元\/平方米·日 = 300\.00元/);
    await send(page);
    await page.context().close();
  });

  test("forms: the window has the item's own form on one screen", async (c) => {
    const page = await visitor(c);
    await page.goto(c.url + "/sign-in");
    await fillAll(page, { login: "scj01", password: "tongban-demo" });
    await press(page, "main form button");
    await toCheck(page, "food-intake")(await page.goto(`${c.url}/desk/new?code=${FOOD}`));
    await page.locator('[id="site"]').fill("迎宾路12号");
    await toCheck(page, "food-intake-row")(await press(page, 'button[name="_add"][value="staff"]'));
    assert.equal(await page.locator('[id="site"]').inputValue(), "迎宾路12号", "what was typed stays");
    assert.equal(await page.locator('[id="staff-1"]').count(), 1);
    await page.context().close();
  });

  test("forms: all of these pages are well made", () => assert.deepEqual(found, []));
};
