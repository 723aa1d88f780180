// First story: somebody wants to open a restaurant and knows no official word.
import assert from "node:assert/strict";
import { withPage } from "./page.mjs";

const OFFICIAL = "食品经营许可";

const search = async (page, words) => {
  await page.locator("#q").fill(words);
  await page.locator("form[role=search] button").click();
  await page.waitForURL(/\/search\?/);
};

const openGuide = async (page) => {
  await search(page, "开饭店");
  await page.locator("main a[href^='/items/']", { hasText: OFFICIAL }).first().click();
  await page.waitForURL(/\/items\/[0-9A-Z]{31}$/);
};

export default (test) => {
  test("an everyday word finds the item and its guide, without scripts", async (c) => {
    await withPage(c, "/", { width: 360, js: false }, async (page) => {
      await openGuide(page);
      assert.match(await page.locator("h1").innerText(), new RegExp(OFFICIAL));
      for (const id of ["is", "can", "need", "long", "cost", "how", "get", "rem", "law"])
        assert.ok(await page.locator(`#${id}`).isVisible(), `section ${id}`);
    });
  });

  test("pinyin and traditional characters find it too", async (c) => {
    for (const words of ["kaifandian", "開飯店"])
      await withPage(c, "/", {}, async (page) => {
        await search(page, words);
        assert.ok(await page.locator("main a[href^='/items/']", { hasText: OFFICIAL }).first().isVisible(), words);
      });
  });

  test("large text, traditional characters and English stay on the page that was open, and are remembered", async (c) => {
    await withPage(c, "/", { js: false }, async (page) => {
      await openGuide(page);
      const guide = page.url();
      const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
      const normal = await size();
      await page.getByRole("link", { name: "大字版" }).click();
      assert.equal(page.url(), guide);
      assert.equal(await size(), normal * 1.25);
      await page.locator(".tb-tools a[lang=zh-Hant]").click();
      assert.equal(page.url(), guide);
      assert.equal(await page.locator("html").getAttribute("lang"), "zh-Hant");
      assert.match(await page.locator("#need h2").innerText(), /要準備/);
      await page.locator(".tb-tools a[lang=en]").click();
      assert.match(await page.locator("#need h2").innerText(), /What to prepare/);
      await page.goto(c.url + "/bodies");
      assert.equal(await page.locator("html").getAttribute("lang"), "en");
      assert.equal(await size(), normal * 1.25);
    });
  });

  test("the keyboard alone leads from home over the search to a guide, and the focus is always seen", async (c) => {
    await withPage(c, "/", {}, async (page) => {
      const focused = () => page.evaluate(() => document.activeElement.getAttribute("href") ?? document.activeElement.id);
      const tabTo = async (wanted) => {
        for (let i = 0; i < 60; i++) {
          await page.keyboard.press("Tab");
          const seen = await page.evaluate(() => {
            const s = getComputedStyle(document.activeElement);
            return s.outlineStyle !== "none" || s.boxShadow !== "none" || s.backgroundColor !== "rgba(0, 0, 0, 0)";
          });
          assert.ok(seen, `focus on ${await focused()} cannot be seen`);
          if (wanted(await focused())) return;
        }
        assert.fail("not reached by Tab");
      };
      await page.keyboard.press("Tab");
      assert.equal(await focused(), "#main", "the first stop is the skip link");
      await tabTo((f) => f === "q");
      await page.keyboard.type("开饭店");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/search\?/);
      await tabTo((f) => f?.startsWith("/items/"));
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/items\//);
    });
  });

  test("an address that does not exist answers with a way on", async (c) => {
    await withPage(c, "/nowhere", {}, async (page, answer) => {
      assert.equal(answer.status(), 404);
      assert.ok(await page.locator("#q").isVisible());
      assert.ok(await page.locator("main a[href='/']").isVisible());
    });
  });
};
