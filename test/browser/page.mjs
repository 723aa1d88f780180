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
// role="button" (it leads to an address) and a scrolling region with role="region".
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "prefer-native-element": "off" } });

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
