// Files of an application: the page without and with its script; an upload is cut half-way, goes on by itself and after a reload.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkHere, follow, visitor } from "./page.mjs";

const CODE = "11522627MB0A00018A4000131006000"; // 食品经营许可, with the answers to its questions
const ANSWERS = "prepacked=no&situation=new&kind=catering&dishes=hot&online=no";
const PDF = (size) => Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(size, "x")]);
const file = (name, size) => ({ name, mimeType: "application/pdf", buffer: PDF(size) });

const press = (page, selector) => follow(page, () => page.locator(selector).first().click());

/** A new citizen's page of materials. */
const materials = async (c, number) => {
  const page = await visitor(c);
  await page.goto(`${c.url}/register?back=/items/${CODE}/apply`);
  await page.locator("label[for=kind]").click();
  await page.locator("#code").fill(number);
  await page.locator("#name").fill("杨秀英");
  await page.locator("#password").fill("清江河边的风吹过");
  await page.locator("#again").fill("清江河边的风吹过");
  await press(page, "main form button");
  await page.goto(`${c.url}/items/${CODE}/apply?${ANSWERS}`);
  await press(page, "main form button");
  const answer = await page.goto(page.url().replace(/(\/apply\/\d+).*/, "$1/materials"));
  return { page, answer };
};

export default (test) => {
  test("uploads: a cut line costs a second, not the file; what was sent shows with its size", async (c) => {
    const { page, answer } = await materials(c, "522627196208150424");
    await checkHere(c, page, answer, "materials");
    let pieces = 0;
    await page.route("**/uploads/*", (route) => {
      if (route.request().method() === "PATCH" && ++pieces === 2) return route.abort("connectionreset");
      return route.continue();
    });
    const waited = page.waitForFunction(() => /网络断了/.test(document.querySelector(".tb-upload")?.textContent ?? ""));
    const shown = page.waitForEvent("load");
    await page.locator("input[type=file]").first().setInputFiles(file("诊断证明.pdf", 3_000_000));
    await waited;
    if (c.shots) await page.screenshot({ path: `${c.shots}/materials-cut.png`, fullPage: true });
    await shown;
    await page.getByText("已传：诊断证明.pdf").waitFor();
    assert.ok(pieces >= 4, `${pieces} pieces`);
    await checkHere(c, page, await page.reload(), "materials-sent");
  });

  test("uploads: after a reload the same file goes on where it stood; refusals are told in words", async (c) => {
    const { page } = await materials(c, "522627199001010014");
    let cut = true;
    const offsets = [];
    await page.route("**/uploads/*", (route) => {
      const r = route.request();
      if (r.method() === "PATCH") offsets.push(Number(r.headers()["upload-offset"]));
      return cut && r.method() === "PATCH" && offsets.length > 1 ? route.abort("connectionreset") : route.continue();
    });
    const folder = mkdtempSync(join(tmpdir(), "tongban-upload-")); // a file of its own: the same one is known by its date, too
    const photo = join(folder, "照片.pdf");
    writeFileSync(photo, PDF(3_000_000));
    const input = () => page.locator("input[type=file]").first();
    await input().setInputFiles(photo);
    await page.locator(".tb-upload", { hasText: "网络断了" }).waitFor();
    await page.reload();
    cut = false;
    offsets.length = 0;
    const shown = page.waitForEvent("load");
    await input().setInputFiles(photo);
    await shown;
    await page.getByText("已传：照片.pdf").waitFor();
    rmSync(folder, { recursive: true });
    assert.equal(offsets[0], 1_048_576, "what had arrived is not sent again");
    await input().setInputFiles({ name: "假.pdf", mimeType: "application/pdf", buffer: Buffer.from([77, 90, 144, 0, 1, 2]) });
    await page.locator(".tb-upload", { hasText: "没有收下：“假.pdf”不是能收的文件" }).waitFor();
    await input().setInputFiles(file("大.pdf", 10_485_760));
    await page.locator(".tb-upload", { hasText: "文件超过10 MB" }).waitFor();
    if (c.shots) await page.screenshot({ path: `${c.shots}/materials-refused.png`, fullPage: true });
  });
};
