// Second story: a forklift driver wants his certificate; one case from the first word typed to the delivered decision, and who may not.
// The tests stand on each other: each takes the case as the one before left it. Every page on the way is checked.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { checkHere, follow, picture, visitor } from "./page.mjs";

const CODE = "11522627MB0A00018A4000131002003"; // 特种设备作业人员资格认定取证: body 市场监管局, no worked-out form
const NAME = "李明·阿依";
const NUMBER = "522627199003074214";
const PASSWORD = "清江河边的风吹过";
const STAFF_PASSWORD = "tongban-demo";
const MATTER = "叉车司机（N1），在示例县城郊物流园驾驶3吨叉车。";

const story = {}; // what the tests hand on: pages of the people, number and query code of the case

const press = (page, selector) => follow(page, () => page.locator(selector).click());
const go = (page, address) => page.goto(story.url + address);

const signIn = async (c, login, password = STAFF_PASSWORD) => {
  const page = await visitor(c);
  await page.goto(c.url + "/sign-in");
  await page.locator("#login").fill(login);
  await page.locator("#password").fill(password);
  return { page, answer: await press(page, "main form button") };
};

const member = async (c, login) => {
  if (!story[login]) {
    const { page, answer } = await signIn(c, login);
    assert.equal(answer.status(), 200, `${login} signs in`);
    story[login] = page;
  }
  return story[login];
};

const fillRegister = async (page, again) => {
  await page.locator("label[for=kind]").click();
  await page.locator("#code").fill(NUMBER);
  await page.locator("#name").fill(NAME);
  await page.locator("#phone").fill("13812345678");
  await page.locator("#password").fill(PASSWORD);
  await page.locator("#again").fill(again);
};

/** What a page check finds does not stop the story: it is told at the end, by a test of its own. */
const found = [];
let checked = 0;
const toCheck = (page, name) => async (answer) => {
  checked++;
  await checkHere(story.c, page, answer, name).catch((e) => found.push(e.message));
};

const deskCase = (page) => go(page, `/desk/cases/${story.no}`);

export default (test) => {
  test("case: an everyday word leads to an item, applying leads to registering, a slip is told and nothing typed is lost", async (c) => {
    Object.assign(story, { c, url: c.url });
    const page = (story.citizen = await visitor(c));
    await page.goto(c.url + "/search?q=" + encodeURIComponent("考叉车证"));
    await press(page, `main a[href="/items/${CODE}"]`);
    const signInPage = await press(page, `main a[href="/items/${CODE}/apply"] >> nth=0`);
    await toCheck(page, "sign-in")(signInPage);
    await toCheck(page, "register")(await press(page, "main a[href^='/register']"));
    await fillRegister(page, "别的");
    const wrong = await press(page, "main form button");
    assert.equal(wrong.status(), 422);
    assert.equal(await page.locator("#name").inputValue(), NAME, "what was typed stays");
    assert.equal(await page.locator("#password").inputValue(), "", "but not the password");
    await toCheck(page, "register-errors")(wrong);
    await fillRegister(page, PASSWORD);
    const start = await press(page, "main form button");
    assert.match(page.url(), new RegExp(`/items/${CODE}/apply$`), "back where he wanted to go");
    await toCheck(page, "apply-start")(start);
  });

  test("case: the application goes page by page, with one mistake on the way, to the receipt", async () => {
    const page = story.citizen;
    await toCheck(page, "apply-tasks-empty")(await press(page, "main form button"));
    story.draft = page.url();
    const applicant = await press(page, ".govuk-task-list li:first-child a");
    assert.equal(await page.locator("#applicant_name").inputValue(), NAME, "what the state knows is not asked again");
    await toCheck(page, "apply-applicant")(applicant);
    await toCheck(page, "apply-contact")(await press(page, "main form button"));
    await page.locator("#phone").fill("138");
    await page.locator("#address-division").selectOption("522627001001");
    await page.locator("#address").fill("迎宾路12号");
    const wrong = await press(page, "main form button");
    assert.equal(wrong.status(), 422);
    await toCheck(page, "apply-contact-errors")(wrong);
    assert.equal(await page.locator("#phone").inputValue(), "138", "what was typed stays");
    await page.locator(".govuk-error-summary a").click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "phone", "the summary leads to the field");
    await page.locator("#phone").fill("13812345678");
    await toCheck(page, "apply-matter")(await press(page, "main form button"));
    await page.locator("#matter").fill(MATTER);
    await toCheck(page, "apply-service")(await press(page, "main form button"));
    await toCheck(page, "apply-check-unready")(await go(page, new URL(story.draft).pathname + "/check"));
    await go(page, new URL(story.draft).pathname + "/page/service");
    await page.locator("label[for=service_consent]").click();
    await page.locator("label[for=truth]").click();
    const check = await press(page, "main form button");
    assert.match(await page.locator("main").innerText(), new RegExp(NAME));
    await toCheck(page, "apply-check")(check);
    await toCheck(page, "apply-tasks")(await go(page, new URL(story.draft).pathname));
    await page.goBack();
    const receipt = await press(page, "main form button");
    const slip = await page.locator("article").innerText();
    story.shown = /\d{6}-\d{8}-[0-9A-Z-]+/.exec(slip)[0];
    story.query = /查询码：\s*([0-9A-Z]{8})/.exec(slip)[1];
    story.no = story.shown.replaceAll("-", "");
    assert.match(story.shown, /^522627-\d{8}-\d+/);
    await toCheck(page, "document-receipt")(receipt);
  });

  test("case: number and query code show the progress to anybody, a wrong code shows nothing", async (c) => {
    const page = await visitor(c);
    await toCheck(page, "progress")(await go(page, "/progress"));
    await page.locator("#no").fill(story.shown);
    await page.locator("#code").fill("AAAA2222");
    const wrong = await press(page, "main form button");
    assert.equal(wrong.status(), 404);
    await toCheck(page, "progress-not-found")(wrong);
    await page.locator("#no").fill("522627");
    const shape = await press(page, "main form button");
    assert.equal(shape.status(), 422);
    await toCheck(page, "progress-errors")(shape);
    await page.locator("#no").fill(story.shown);
    await page.locator("#code").fill(story.query);
    const seen = await press(page, "main form button");
    const text = await page.locator("main").innerText();
    assert.match(text, /已收件/);
    assert.doesNotMatch(text, /阿依/, "no name without signing in");
    await toCheck(page, "progress-found")(seen);
    await page.context().close();
  });

  test("case: the citizen sees that nothing is to be done now, and until when", async () => {
    const page = story.citizen;
    const answer = await go(page, `/cases/${story.no}`);
    assert.match(await page.locator(".tb-status").innerText(), /您现在不用做什么。\s*最迟\s*\d+月\d+日\s*星期.\s*告诉您是否受理/);
    await toCheck(page, "case-received")(answer);
    await toCheck(page, "me")(await go(page, "/me"));
    await toCheck(page, "inbox")(await go(page, "/me/inbox"));
    await toCheck(page, "sessions")(await go(page, "/me/sessions"));
    await toCheck(page, "password")(await go(page, "/me/password"));
    await toCheck(page, "password-wrong")(await press(page, "main form button"));
    await toCheck(page, "prove")(await go(page, "/me/prove"));
    await page.fill("#activation", "22222-22222");
    const refused = await press(page, "main form button");
    assert.equal(refused.status(), 422);
    await toCheck(page, "prove-wrong")(refused);
  });

  test("case: the clerk opens it from the queue and tells once, two points, and not a second time", async (c) => {
    const page = await member(c, "scj01");
    await toCheck(page, "desk-queue")(await go(page, "/desk"));
    const answer = await press(page, `main a[href="/desk/cases/${story.no}"]`);
    await toCheck(page, "desk-received")(answer);
    const again = await visitor(c); // another window has the same page open
    await again.context().addCookies(await page.context().cookies());
    await deskCase(again);
    for (const side of [page, again]) await side.locator("details:has(form[action$='/tell']) summary").click();
    await page.locator("#name-0").fill("申请表");
    await page.locator("#until").fill("下星期");
    await toCheck(page, "desk-tell-errors")(await press(page, "form[action$='/tell'] button"));
    assert.equal(await page.locator("#name-0").inputValue(), "申请表", "what was typed stays");
    if (!(await page.locator("#until").isVisible())) await page.locator("details:has(form[action$='/tell']) summary").click();
    const until = await page.locator(".tb-facts dd small time").first().getAttribute("datetime"); // a working day that the calendar knows
    for (const side of [page, again]) {
      await side.locator("#until").fill(until);
      await side.locator("#reason-3").fill("没有培训记录。请提交培训机构盖章的培训记录。");
      await side.locator("#name-0").fill("申请表第三部分");
      await side.locator("#reason-0").fill("没有写明叉车的型号。请补写型号。");
    }
    const told = await press(page, "form[action$='/tell'] button");
    assert.match(await page.locator("h1").innerText(), /待补正/);
    await toCheck(page, "desk-correction")(told);
    const second = await press(again, "form[action$='/tell'] button");
    assert.equal(second.status(), 409, "a second notice is refused");
    await toCheck(again, "error-409")(second);
    await again.context().close();
  });

  test("case: the citizen reads both points and supplies them", async () => {
    const page = story.citizen;
    const answer = await go(page, `/cases/${story.no}`);
    assert.match(await page.locator(".tb-status").innerText(), /还差2项/);
    await toCheck(page, "case-correction")(answer);
    for (const width of [1280, 360]) await picture(story.c, page, "case", width);
    await toCheck(page, "inbox-unread")(await go(page, "/me/inbox"));
    await go(page, `/cases/${story.no}`);
    await toCheck(page, "case-point-errors")(await press(page, "form[action$='/points/1'] button"));
    await page.locator("#answer-1").fill("培训记录已交到A08窗口。");
    await press(page, "form[action$='/points/1'] button");
    await page.locator("#answer-2").fill("型号CPC30。");
    const done = await press(page, "form[action$='/points/2'] button");
    assert.match(await page.locator(".tb-status").innerText(), /已补正|您现在不用做什么/);
    await toCheck(page, "case-supplemented")(done);
  });

  test("case: the clerk accepts, the reviewer claims and gives an opinion, the head decides, the clerk delivers", async (c) => {
    const clerk = await member(c, "scj01");
    await toCheck(clerk, "desk-supplemented")(await deskCase(clerk));
    const accepted = await press(clerk, "form[action$='/accept'] button");
    assert.match(await clerk.locator("h1").innerText(), /审查中/);
    assert.equal(await clerk.getByText("已符合").count(), 2, "what was supplied is what was wanted");
    await toCheck(clerk, "desk-accepted")(accepted);
    const late = await go(story.citizen, `/cases/${story.no}`);
    await toCheck(story.citizen, "case-review")(late);

    const reviewer = await member(c, "scj03");
    await toCheck(reviewer, "desk-queue-reviewer")(await go(reviewer, "/desk"));
    await toCheck(reviewer, "desk-review")(await press(reviewer, `main a[href="/desk/cases/${story.no}"]`));
    await toCheck(reviewer, "desk-claimed")(await press(reviewer, "form[action$='/claim'] button"));
    await picture(c, reviewer, "desk");
    const due = await reviewer.locator("main").innerText();
    await reviewer.locator("details:has(form[action$='/pause']) summary").click();
    await reviewer.locator("form[action$='/pause'] select[name=kind]").selectOption("testing");
    await reviewer.locator("form[action$='/pause'] input[name=first]").fill("2026-10-13"); // the day after that of the test
    await reviewer.locator("form[action$='/pause'] input[name=last]").fill("2026-10-15");
    await toCheck(reviewer, "desk-paused")(await press(reviewer, "form[action$='/pause'] button"));
    assert.match(due, /10月26日/);
    assert.match(await reviewer.locator("main").innerText(), /10月29日/, "three working days later");
    await toCheck(reviewer, "desk-opinion-errors")(await press(reviewer, "form[action$='/opinion'] button[value=on]"));
    await reviewer.locator("#opinion").fill("培训记录齐全，符合取证条件，建议准予。");
    await toCheck(reviewer, "desk-opinion-given")(await press(reviewer, "form[action$='/opinion'] button[value=on]"));

    const head = await member(c, "scj05");
    await toCheck(head, "desk-decide")(await deskCase(head));
    await head.locator("#reasons").fill("材料齐全，考核合格。");
    await toCheck(head, "desk-decide-errors")(await press(head, "form[action$='/decide'] button")); // nothing is decided by itself
    await head.locator("#d1").check();
    await toCheck(head, "desk-granted")(await press(head, "form[action$='/decide'] button"));
    await toCheck(story.citizen, "case-granted")(await go(story.citizen, `/cases/${story.no}`));

    const toDeliver = await deskCase(clerk);
    await toCheck(clerk, "desk-deliver")(toDeliver);
    await toCheck(clerk, "desk-delivered")(await press(clerk, "form[action$='/deliver'] button"));
  });

  test("case: the citizen sees 已送达 and every document", async () => {
    const page = story.citizen;
    const answer = await go(page, `/cases/${story.no}`);
    assert.match(await page.locator(".tb-status").innerText(), /已送达/);
    await toCheck(page, "case-delivered")(answer);
    const links = await page.locator(".tb-docs a[href*='/documents/']:not([href$='/file'])").evaluateAll((all) => all.map((a) => [a.getAttribute("href"), a.innerText]));
    assert.deepEqual(links.map(([, t]) => t).sort(), ["准予决定书", "受理通知书", "收件凭证", "补正材料通知书", "送达回证", "除外时间告知书"].sort());
    for (const [address, title] of links) {
      const document = await go(page, address);
      assert.equal(document.status(), 200, title);
      await toCheck(page, `document-${address.split("/").at(-1)}`)(document);
    }
    await toCheck(page, "me-delivered")(await go(page, "/me"));
  });

  test("case: whoever holds the paper finds that it is genuine, and a changed code is not", async (c) => {
    const row = story.citizen.locator(".tb-docs li", { hasText: "准予决定书" });
    await go(story.citizen, `/cases/${story.no}`);
    const file = await story.citizen.request.get(story.url + await row.locator("a[href$='/file']").getAttribute("href"));
    assert.equal(file.headers()["content-type"], "application/pdf");
    const words = execFileSync("pdftotext", ["-layout", "-", "-"], { input: await file.body() }).toString();
    const [number, code] = [words.match(/\S+〔\d{4}〕\d{5}号/)[0], words.match(/校验码：([0-9a-f]{16})/)[1]];
    const anybody = await visitor(c);
    const ask = async (h) => {
      await go(anybody, "/verify");
      await anybody.locator("#n").fill(number);
      await anybody.locator("#h").fill(h);
      return press(anybody, "main form:has(#h) button");
    };
    await toCheck(anybody, "verify-found")(await ask(code));
    assert.match(await anybody.locator("main").innerText(), /这份文书是我们发出的，内容没有改动/);
    const wrong = await ask(code.replace(/.$/, (last) => (last === "0" ? "1" : "0")));
    assert.equal(wrong.status(), 404);
    await toCheck(anybody, "verify-unknown")(wrong);
    await anybody.context().close();
  });

  test("case: at the window somebody without account is served by the keyboard alone within a minute", async (c) => {
    const page = await member(c, "scj01");
    let strokes = 0;
    const key = async (k) => { strokes++; await page.keyboard.press(k); };
    const devtools = await page.context().newCDPSession(page);
    const alt = async (letter) => { // Playwright leaves out the text that Chromium looks access keys up by
      strokes++;
      const same = { modifiers: 1, key: letter, code: `Key${letter.toUpperCase()}`, windowsVirtualKeyCode: letter.toUpperCase().charCodeAt(0) };
      await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", unmodifiedText: letter, ...same });
      await devtools.send("Input.dispatchKeyEvent", { type: "char", text: letter, unmodifiedText: letter, ...same });
      await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...same });
    };
    const type = async (text) => { strokes += text.length; await page.keyboard.insertText(text); };
    const focused = () => page.evaluate(() => document.activeElement.id);
    const tabTo = async (id) => {
      for (let i = 0; i < 60; i++) {
        if ((await focused()) === id) return;
        await key("Tab");
      }
      assert.fail(`#${id} not reached by Tab`);
    };
    await go(page, "/desk");
    const choose = await follow(page, () => alt("n"));
    await toCheck(page, "intake-choose")(choose);
    await go(page, "/desk/new");
    await tabTo("code");
    await type(CODE);
    const form = await follow(page, () => key("Enter"));
    await toCheck(page, "intake")(form);
    await go(page, `/desk/new?code=${CODE}`);
    await toCheck(page, "intake-errors")(await follow(page, () => alt("b")));
    await go(page, `/desk/new?code=${CODE}`);
    await tabTo("applicant_kind");
    await key("Space");
    await tabTo("applicant_code");
    await type("522627196208150424");
    await tabTo("applicant_name");
    await type("王桂花");
    await tabTo("matter");
    await type("叉车司机");
    await tabTo("truth"); // he collects the result: nothing to choose
    await key("Space");
    const receipt = await follow(page, () => alt("b"));
    assert.equal(receipt.status(), 200, await page.locator("main").innerText());
    assert.match(await page.locator("article").innerText(), /王桂花/);
    await toCheck(page, "intake-receipt")(receipt);
    assert.ok(strokes * 0.28 < 60, `${strokes} strokes at 280 ms are under a minute`);
  });

  test("case: a wrong password, a citizen at the desk and a stranger's case are refused in plain words", async (c) => {
    const { page, answer } = await signIn(c, "scj01", "wrong-password");
    assert.equal(answer.status(), 401);
    assert.equal(await page.locator("#login").inputValue(), "scj01");
    await toCheck(page, "sign-in-failed")(answer);
    await page.context().close();
    for (const address of ["/desk", "/desk/new", `/desk/cases/${story.no}`, "/admin/log", "/admin/staff"])
      assert.equal((await go(story.citizen, address)).status(), 403, address);
    await toCheck(story.citizen, "error-403")(await go(story.citizen, "/desk"));
    const missing = await go(story.citizen, "/cases/5226272026050800000019");
    assert.equal(missing.status(), 404);
    await toCheck(story.citizen, "error-404")(missing);
    const stranger = await visitor(c);
    await go(stranger, `/cases/${story.no}`);
    assert.match(stranger.url(), /\/sign-in\?back=/);
    await stranger.context().close();
  });

  test("case: the window gives a code after seeing the document, and the code proves a new account", async (c) => {
    const clerk = await member(c, "scj01");
    await toCheck(clerk, "activation")(await go(clerk, "/desk/activation"));
    const fill = async () => {
      await clerk.fill("#code", "522627199001010030");
      await clerk.fill("#name", "示例·乙");
    };
    await fill();
    const unseen = await press(clerk, "main form button");
    assert.equal(unseen.status(), 422);
    await toCheck(clerk, "activation-unseen")(unseen);
    await clerk.check("#seen");
    const given = await press(clerk, "main form button");
    await toCheck(clerk, "activation-given")(given);
    const code = await clerk.locator(".tb-slip").innerText();
    assert.match(code, /^[2-9A-Z]{5}-[2-9A-Z]{5}$/);
    const page = await visitor(c);
    await go(page, "/register");
    for (const [id, value] of Object.entries({ code: "522627199001010030", name: "示例·乙", password: "a-good-sentence-2", again: "a-good-sentence-2", activation: code }))
      await page.fill(`#${id}`, value);
    await press(page, "main form button");
    await go(page, "/me/prove");
    assert.match(await page.locator("main").innerText(), /已经核验/);
    await page.context().close();
    await clerk.context().close();
  });

  test("case: the security administrator gives and takes a role, a clash and his own are refused", async (c) => {
    const page = await member(c, "zwzx30");
    await toCheck(page, "admin-staff")(await go(page, "/admin/staff"));
    await toCheck(page, "admin-member")(await go(page, "/admin/staff/scj06"));
    const role = (r) => `li form:has(input[name=role][value=${r}]) button`;
    await press(page, role("guide"));
    assert.match(await page.locator(`li:has(input[value=guide])`).innerText(), /现任/);
    await press(page, role("guide"));
    assert.doesNotMatch(await page.locator(`li:has(input[value=guide])`).innerText(), /现任/);
    await go(page, "/admin/staff/zwzx29");
    const clash = await press(page, role("audit_admin"));
    assert.equal(clash.status(), 422);
    await toCheck(page, "admin-clash")(clash);
    await go(page, "/admin/staff/zwzx30");
    assert.equal((await press(page, role("guide"))).status(), 422);
  });

  test("case: the system administrator sees how the node is", async (c) => {
    const page = await member(c, "zwzx29");
    await toCheck(page, "admin-system")(await go(page, "/admin/system"));
    assert.match(await page.locator("main").innerText(), /已答复的请求/);
    assert.equal(await page.locator('.tb-nav a[href="/admin/staff"]').count(), 0, "the frame offers only what he may do");
  });

  test("case: the audit administrator sees the log, the other administrators do not", async (c) => {
    const page = await member(c, "zwzx31");
    const log = await go(page, "/admin/log");
    assert.match(await page.locator("main").innerText(), /授予岗位[\s\S]*scj06 guide/);
    await toCheck(page, "admin-log")(log);
    for (const login of ["zwzx29", "zwzx30"]) assert.equal((await go(await member(c, login), "/admin/log")).status(), 403, login);
    assert.equal((await go(page, "/admin/staff")).status(), 403);
  });

  test("case: nobody is shut out on any page on the way, at 360 and 1280 px, normal and large, without scripts, by Tab", async () => {
    assert.deepEqual(found, []);
    assert.ok(checked > 50, `${checked} pages were checked`);
  });
};
