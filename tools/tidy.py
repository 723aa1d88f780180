#!/usr/bin/env python3
"""tidy.py - clang-tidy by .clang-tidy, on the C files that changed, or on all.

Changed means: against origin/main if there is one, else against HEAD; ALL=1 in the environment means all. A changed header
means every file of src/. Flags come from build/dev without those that only gcc knows.
"""
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from csource import ROOT, tracked
from check_sizes import changed_files

GCC_ONLY = re.compile(r"-Wduplicated-cond|-Wlogical-op|-Wcast-align=strict|-fstack-clash-protection|-ftrivial-auto-var-init=\w+"
                      r"|-fsanitize=\S+|-fcf-protection|-Werror|-W[\w=-]+")


def database():
    """Write build/tidy/compile_commands.json; its source files."""
    entries = json.loads((ROOT / "build/dev/compile_commands.json").read_text(encoding="utf-8"))
    for entry in entries:
        entry["command"] = " ".join(word for word in entry["command"].split(" ") if not GCC_ONLY.fullmatch(word))
    (ROOT / "build/tidy").mkdir(exist_ok=True)
    (ROOT / "build/tidy/compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")
    return {(Path(e["directory"]) / e["file"]).resolve() for e in entries}


def chosen(known):
    files = [f for f in tracked(ROOT, "src/*.c", "src/*.h") if f.name[:5] != "test_"]
    if not os.environ.get("ALL"):
        changed = changed_files(ROOT, files)
        if not any(f.suffix == ".h" for f in changed):
            files = changed
    return [f for f in files if f.resolve() in known]


def tidy(path):
    done = subprocess.run(["clang-tidy", "-p", "build/tidy", "--quiet", "--extra-arg=-Wno-everything", str(path.relative_to(ROOT))],
                          cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.returncode, done.stdout.replace(f"{ROOT}/", "")


def main():
    subprocess.run(["tools/build.sh", "dev"], cwd=ROOT, check=True)
    files = chosen(database())
    jobs = int(os.environ.get("JOBS") or os.cpu_count() or 1)
    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(tidy, files))
    bad = [out for status, out in results if status]
    print("".join(bad), end="")
    print(f"clang-tidy: {len(files)} files, {len(bad)} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
