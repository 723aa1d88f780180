// Browser tests: starts the program on the example county, opens Chromium, runs every *.test.mjs of this folder.
// usage: node test/browser/run.mjs [--program build/tongban] [--shots DIR] [--pictures DIR] [--only WORD]
// Prints TAP lines ("ok 1 - name"); ends with status 1 if a test failed. --shots also writes a picture of every checked page,
// whole; --pictures the few that README shows, as one screen.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const START_MS = 120000;
const TEST_MS = 120000;

const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};

const freePort = () =>
  new Promise((done) => {
    const s = createServer().listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => done(port));
    });
  });

/** The program serving the example county from an empty folder; resolves when it says that it listens. */
/** The day on which the tests take place: a Monday whose periods lie in years that have a calendar. */
const TODAY = "2026-10-12";

const startServer = async (program, folder) => {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(program, ["serve", "--data", join(folder, "data"), "--demo", "--today", TODAY, "--listen", address]);
  let said = "";
  let timer;
  const listening = new Promise((done, fail) => {
    timer = setTimeout(() => fail(new Error(`no line "listening" in ${START_MS} ms:\n${said}`)), START_MS);
    const read = (chunk) => {
      said += chunk;
      if (/^listening/m.test(said)) done();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", fail);
    child.on("exit", (code) => fail(new Error(`the program ended with status ${code}:\n${said}`)));
  });
  await listening.finally(() => clearTimeout(timer));
  return {
    url: `http://${address}`,
    said: () => said,
    stop: () =>
      new Promise((done) => {
        child.removeAllListeners("exit").on("exit", (code, signal) => done(code ?? signal));
        child.kill("SIGTERM");
      }),
  };
};

const startBrowser = (folder) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", `--disk-cache-dir=${join(folder, "cache")}`],
  });

/** Tests of all files, in order of file name; a file exports `default (test) => { test("name", async (c) => {}) }`. */
const collect = async () => {
  const tests = [];
  for (const file of readdirSync(here).filter((f) => f.endsWith(".test.mjs")).sort())
    (await import(join(here, file))).default((name, run) => tests.push({ name, run }));
  return tests;
};

const limited = (promise) => {
  let timer;
  const late = new Promise((_, fail) => (timer = setTimeout(() => fail(new Error(`took more than ${TEST_MS} ms`)), TEST_MS)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

const runAll = async (tests, context) => {
  let failed = 0;
  for (const [i, { name, run }] of tests.entries()) {
    try {
      await limited(run(context));
      console.log(`ok ${i + 1} - ${name}`);
    } catch (e) {
      failed++;
      console.log(`not ok ${i + 1} - ${name}`);
      console.log(String(e.stack ?? e).replace(/^/gm, "#   "));
    }
  }
  return failed;
};

/** What a failed test still waited for fails later, when nobody listens any more; the test has been told. */
process.on("unhandledRejection", () => {});

const main = async () => {
  const program = resolve(option("--program", join(here, "../../build/tongban")));
  const shots = option("--shots");
  const pictures = option("--pictures");
  const only = option("--only", "");
  const folder = mkdtempSync(join(tmpdir(), "tongban-browser-"));
  let server, browser;
  let failed = 1;
  try {
    server = await startServer(program, folder);
    browser = await startBrowser(folder);
    for (const dir of [shots, pictures]) if (dir) mkdirSync(dir, { recursive: true });
    const tests = (await collect()).filter((t) => t.name.includes(only));
    failed = await runAll(tests, { browser, url: server.url, today: TODAY, shots, pictures });
  } catch (e) {
    console.log(`not ok - start\n${String(e.stack ?? e).replace(/^/gm, "#   ")}`);
  }
  await browser?.close();
  if (server) {
    const status = await server.stop();
    const quiet = !/"level":"error"|ERROR: AddressSanitizer|runtime error:/.test(server.said());
    console.log(`${status === 0 && quiet ? "ok" : "not ok"} - the program stops when told to and has logged no error`);
    if (status !== 0 || !quiet) {
      failed++;
      console.log(`status ${status}\n${server.said()}`.replace(/^/gm, "#   "));
    }
  }
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = failed ? 1 : 0;
};

await main();
