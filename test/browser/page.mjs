// What the tests do with pages: open them in a size, language and font; judge accessibility, width, markup, weight.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { HtmlValidate } from "html-validate";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const WIDTHS = [360, 1280];
export const FIRST_PAGE_MAX = 60000;

// All recommended rules but one: prefer-native-element asks for <button> and <section> where govuk-frontend writes a link with
// role="button" (it leads to an address) and a scrolling region with role="region". Boxes of one question share its name.
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "prefer-native-element": "off",
  "form-dup-name": ["error", { shared: ["radio", "button", "reset", "submit", "checkbox"] }] } });

/** A page in its own visitor's context. `look`: { width, large, lang, js, height }. */
export const withPage = async (c, path, look, use) => {
  const context = await c.browser.newContext({
    viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
    javaScriptEnabled: look.js ?? true,
    bypassCSP: true,
    locale: "zh-CN",
  });
  const { hostname } = new URL(c.url);
  const cookie = (name, value) => ({ name, value, domain: hostname, path: "/" });
  if (look.large) await context.addCookies([cookie("tb_large", "1")]);
  if (look.lang) await context.addCookies([cookie("tb_lang", look.lang)]);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(15000);
    const answer = await page.goto(c.url + path);
    return await use(page, answer);
  } finally {
    await context.close();
  }
};

export const checkAxe = async (page, where) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map((v) => `${v.impact} ${v.id}: ${v.help}\n    ${v.nodes.map((n) => n.html).slice(0, 3).join("\n    ")}`);
  assert.deepEqual(told, [], `${where}: accessibility`);
};

export const checkWidth = async (page, where) => {
  const { wide, body } = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll("body *")].filter(
      (e) => e.getBoundingClientRect().right > limit + 1 && !e.closest(".tb-scroll,.tb-hide,.govuk-visually-hidden,.govuk-skip-link"));
    return { wide: out.slice(0, 3).map((e) => e.outerHTML.slice(0, 100)), body: document.documentElement.scrollWidth - limit };
  });
  assert.ok(body <= 0, `${where}: ${body} px wider than the screen: ${wide.join(" | ")}`);
};

export const checkMarkup = async (html, where) => {
  const report = await validator.validateString(html);
  const told = report.results.flatMap((r) => r.messages).map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
  assert.deepEqual(told, [], `${where}: markup`);
};

/** Tab goes through everything in the order of the page, never into nothing, and back to the beginning. */
export const checkFocusOrder = async (page, where) => {
  await page.evaluate(() => { document.activeElement?.blur?.(); globalThis.getSelection().removeAllRanges(); scrollTo(0, 0); });
  await page.locator("body").evaluate((b) => { b.tabIndex = -1; b.focus(); b.removeAttribute("tabindex"); });
  let last = -1;
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press("Tab");
    const { at, seen, what } = await page.evaluate(() => {
      const e = document.activeElement;
      const r = e.getBoundingClientRect();
      return { at: e === document.body ? -1 : [...document.querySelectorAll("*")].indexOf(e), seen: r.width > 0 && r.height > 0,
        what: e.outerHTML.slice(0, 100) };
    });
    if (at < last || at < 0) return;
    assert.ok(at > last, `${where}: Tab stays on ${what}`);
    assert.ok(seen, `${where}: Tab goes to something that cannot be seen: ${what}`);
    last = at;
  }
  assert.fail(`${where}: more than 200 stops`);
};

/** The page as the visitor has it, in both widths and fonts; `answer` is what the server sent. Leaves the page at 1280 px. */
export const checkHere = async (c, page, answer, name) => {
  const html = await answer.text();
  await checkMarkup(html, name);
  assert.doesNotMatch(html, /<script(?! type="application\/ld\+json"| src="\/assets\/[\w.-]+" defer)/, `${name}: needs no script`);
  const errors = await page.locator(".govuk-error-summary__list li").count();
  if (errors) {
    assert.match(await page.title(), new RegExp(`^有${errors}处需要修改：`), `${name}: the title begins with the number of errors`);
    assert.ok(await page.locator(".govuk-error-summary").evaluate((e) => e === document.activeElement), `${name}: focus on the errors`);
  }
  for (const width of WIDTHS)
    for (const large of [false, true]) {
      const where = `${name} ${width}${large ? " large" : ""}`;
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate((on) => document.documentElement.classList.toggle("tb-large", on), large);
      await checkAxe(page, where);
      await checkWidth(page, where);
      if (c.shots) await page.screenshot({ path: `${c.shots}/${name}-${width}${large ? "-large" : ""}.png`, fullPage: true });
    }
  await page.evaluate(() => document.documentElement.classList.remove("tb-large"));
  await checkFocusOrder(page, name);
};

/** One screen of the page for README, with --pictures. */
export const picture = async (c, page, name, width = 1280) => {
  if (!c.pictures) return;
  await page.setViewportSize({ width, height: width > 600 ? 800 : 740 });
  await page.evaluate(() => { document.activeElement?.blur?.(); scrollTo(0, 0); });
  await page.screenshot({ path: `${c.pictures}/${name}-${width}.png` });
  await page.setViewportSize({ width: 1280, height: 800 });
};

/** Does something that leads to another page; gives the answer that the visitor sees, redirects followed. */
export const follow = async (page, act) => {
  const shown = page.waitForResponse((r) => r.request().isNavigationRequest() && (r.status() < 300 || r.status() >= 400));
  const [answer] = await Promise.all([shown, act()]);
  await page.waitForLoadState();
  return answer;
};

/** Fields by their ids: text is typed, of a list the value is chosen. */
export const fillAll = async (page, values) => {
  for (const [id, value] of Object.entries(values)) {
    const field = page.locator(`[id="${id}"]`);
    await ((await field.evaluate((e) => e.tagName)) === "SELECT" ? field.selectOption(value) : field.fill(value));
  }
};

/** A visitor who stays: his page, with his own cookies. Close it by page.context().close(). */
export const visitor = async (c) => {
  const context = await c.browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true, locale: "zh-CN" });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  return page;
};

/** Bytes that a first visit transfers, everything compressed. */
export const weight = async (c, path) => {
  let sum = 0;
  await withPage(c, "/healthz", {}, async (page) => {
    const answers = [];
    page.on("response", (r) => answers.push(r));
    await page.goto(c.url + path, { waitUntil: "networkidle" });
    for (const r of answers) sum += gzipSync(await r.body()).length;
  });
  return sum;
};
