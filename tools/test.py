#!/usr/bin/env python3
"""test.py - every test of the project, counted one by one.

Builds build/dev with sanitizers, starts a throw-away PostgreSQL, runs what meson knows (C tests by cmocka, Python tests by
unittest), then the browser tests against the program just built. The last line is `N passed, N failed` with `, N skipped`
behind it if any were; skipped tests are named. The exit status is 1 when anything failed.

usage: test.py [--no-browser]
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "build/dev"

CMOCKA = re.compile(r"\[\s*(RUN|OK|FAILED|SKIPPED|ERROR)\s*\] (\S+)")
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in", re.M)
UNITTEST_BAD = re.compile(r"^(?:FAIL|ERROR): (\S+)", re.M)
UNITTEST_SKIP = re.compile(r"^(\S+) \(.*?\)(?:\n.*?)? \.\.\. skipped", re.M)
TAP = re.compile(r"^(not ok|ok)\b[ \d]*-? *(.*)$", re.M)


class Totals:
    """Names of tests by outcome."""

    def __init__(self):
        self.passed, self.failed, self.skipped = [], [], []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def line(self):
        text = f"{len(self.passed)} passed, {len(self.failed)} failed"
        return text + (f", {len(self.skipped)} skipped" if self.skipped else "")


def read_cmocka(program, output):
    """A test that began and did not end counts as failed: the program died in it."""
    t, runs = Totals(), []
    for word, name in CMOCKA.findall(output):
        if word == "RUN":
            runs.append([name, "died"]) # a name runs once for each database
        elif runs and runs[-1] == [name, "died"]: # the summary at the end names failed tests again
            runs[-1][1] = word
    for name, word in runs:
        {"OK": t.passed, "SKIPPED": t.skipped}.get(word, t.failed).append(f"{program}: {name}")
    return t


def read_unittest(program, output):
    t = Totals()
    t.failed = [f"{program}: {name}" for name in UNITTEST_BAD.findall(output)]
    t.skipped = [f"{program}: {name}" for name in UNITTEST_SKIP.findall(output)]
    rest = int(UNITTEST_RAN.search(output).group(1)) - len(t.failed) - len(t.skipped)
    t.passed = [program] * max(rest, 0)
    return t


def read_tap(program, output):
    t = Totals()
    for word, name in TAP.findall(output):
        if re.search(r"# skip\b", name, re.I):
            t.skipped.append(f"{program}: {name}")
        else:
            (t.passed if word == "ok" else t.failed).append(f"{program}: {name}")
    return t


def read_result(program, output, good):
    """Whatever the program says of its tests; a program that says nothing is one test. Its exit status has the last word."""
    if UNITTEST_RAN.search(output):
        t = read_unittest(program, output)
    elif CMOCKA.search(output):
        t = read_cmocka(program, output)
    else:
        t = read_tap(program, output)
    if not t.passed and not t.failed and not t.skipped and good:
        t.passed.append(program)
    if not good and not t.failed:
        t.failed.append(f"{program}: ended badly")
    return t


def read_meson_log(text):
    """One JSON object per line, as meson writes meson-logs/testlog.json."""
    totals = Totals()
    for line in text.splitlines():
        run = json.loads(line)
        program, output = run["name"], run.get("stdout", "") + "\n" + run.get("stderr", "")
        if run["result"] == "SKIP":
            totals.skipped.append(program)
            continue
        one = read_result(program, output, run["result"] in ("OK", "EXPECTEDFAIL"))
        totals.add(one)
        print(f"{program}: {one.line()}  ({run['duration']:.1f} s)")
        if one.failed:
            print(output.rstrip()[-6000:])
    return totals


def run_meson(env):
    log = DEV / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    done = subprocess.run(["meson", "test", "-C", str(DEV), "--no-rebuild", "--print-errorlogs", "--num-processes", "2"],
                          env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    totals = read_meson_log(log.read_text(encoding="utf-8")) if log.exists() else Totals()
    if done.returncode and not totals.failed:
        print(done.stdout)
        totals.failed.append("meson test: ended badly")
    return totals


def run_browser(env):
    done = subprocess.run(["node", "test/browser/run.mjs", "--program", str(DEV / "src/app/tongban")], cwd=ROOT, env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(done.stdout.rstrip())
    return read_result("browser", done.stdout, done.returncode == 0)


def main(args):
    subprocess.run(["tools/build.sh", "dev"], cwd=ROOT, check=True)
    env = dict(os.environ, LC_ALL="C.UTF-8", TONGBAN_PG_STATE=str(ROOT / "build/pg-state"),
               ASAN_OPTIONS="detect_stack_use_after_return=1:strict_string_checks=1", UBSAN_OPTIONS="print_stacktrace=1")
    url = subprocess.run(["tools/pg.sh", "start"], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    totals = Totals()
    try:
        totals.add(run_meson(dict(env, TONGBAN_TEST_PG=url.stdout.strip())))
    finally:
        subprocess.run(["tools/pg.sh", "stop"], cwd=ROOT, env=env, check=False)
    if "--no-browser" not in args:
        totals.add(run_browser(env))
    for title, names in (("skipped", totals.skipped), ("failed", totals.failed)):
        for name in names:
            print(f"{title}: {name}")
    print(totals.line())
    return 1 if totals.failed or not totals.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
