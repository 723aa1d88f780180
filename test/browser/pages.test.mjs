// Every public page in both widths, fonts and all languages: accessibility, no sideways scrolling, valid markup, small, no scripts needed.
import assert from "node:assert/strict";
import { FIRST_PAGE_MAX, WIDTHS, checkAxe, checkMarkup, checkWidth, picture, weight, withPage } from "./page.mjs";

const ITEM = "11522627MB0A00018A4000131006000"; // 食品经营许可
const PAGES = [
  ["home", "/"],
  ["bodies", "/bodies"],
  ["body", "/bodies/11522627MB0A00018A"],
  ["subject", "/subjects/F01"],
  ["item", `/items/${ITEM}`],
  ["search-empty", "/search"],
  ["search", "/search?q=" + encodeURIComponent("开饭店")],
  ["search-none", "/search?q=" + encodeURIComponent("没有这样的事情呀")],
  ["verify", "/verify"],
  ["decisions", "/decisions"],
  ["not-found", "/items/none"],
];

/** A page with one fault of each kind that the checks look for. */
const spoil = (page) =>
  page.evaluate(() => {
    const wide = document.createElement("p");
    wide.textContent = "wide";
    wide.style.width = "2000px";
    const blind = document.createElement("button");
    document.querySelector("main").append(wide, blind);
  });

export default (test) => {
  test("the checks themselves find a wide paragraph, a button without name and wrong markup", async (c) => {
    await withPage(c, "/", { width: 360 }, async (page) => {
      await spoil(page);
      await assert.rejects(checkAxe(page, "spoilt"), /button-name/);
      await assert.rejects(checkWidth(page, "spoilt"), /wider than the screen/);
      await assert.rejects(checkMarkup("<!DOCTYPE html><p><div></p></div>", "spoilt"), /markup/);
    });
  });

  for (const [name, path] of PAGES) {
    test(`${name}: nobody is shut out, at 360 and 1280 px, normal and large`, async (c) => {
      for (const width of WIDTHS)
        for (const large of [false, true])
          await withPage(c, path, { width, large }, async (page, answer) => {
            const where = `${name} ${width}${large ? " large" : ""}`;
            assert.equal(answer.status(), name === "not-found" ? 404 : 200, where);
            await checkAxe(page, where);
            await checkWidth(page, where);
            if (c.shots) await page.screenshot({ path: `${c.shots}/${name}-${width}${large ? "-large" : ""}.png`, fullPage: true });
            if (width === 1280 && !large && name === "home") await picture(c, page, "home");
            if (width === 1280 && !large && name === "item") await picture(c, page, "guide");
          });
    });
    test(`${name}: markup is valid in every language`, async (c) => {
      for (const lang of ["zh-CN", "zh-Hant", "en"]) {
        const answer = await fetch(c.url + path, { headers: { cookie: `tb_lang=${lang}`, accept: "text/html" } });
        const html = await answer.text();
        await checkMarkup(html, `${name} ${lang}`);
        assert.match(html, new RegExp(`<html lang="${lang}"`), name);
      }
    });
  }

  test("English texts fit at 360 px in both fonts", async (c) => {
    for (const [name, path] of PAGES)
      for (const large of [false, true])
        await withPage(c, path, { width: 360, large, lang: "en" }, (page) => checkWidth(page, `${name} English${large ? " large" : ""}`));
  });

  test(`a first visit to home, search or guide transfers less than ${FIRST_PAGE_MAX} bytes`, async (c) => {
    for (const name of ["home", "search", "item"]) {
      const bytes = await weight(c, PAGES.find(([n]) => n === name)[1]);
      assert.ok(bytes > 1000 && bytes < FIRST_PAGE_MAX, `${name}: ${bytes} bytes`);
    }
  });

  test("nothing is loaded from elsewhere and nothing needs a script", async (c) => {
    for (const [name, path] of PAGES)
      await withPage(c, "/healthz", { js: false }, async (page) => {
        const asked = [];
        page.on("request", (r) => asked.push(r.url()));
        await page.goto(c.url + path);
        assert.deepEqual(asked.filter((u) => !u.startsWith(c.url + "/")), [], name);
        assert.ok(await page.locator("h1").isVisible(), name);
      });
  });
};
