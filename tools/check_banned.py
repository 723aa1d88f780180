#!/usr/bin/env python3
"""check_banned.py - functions that are not used here, and words that do not belong into the tree.

usage: check_banned.py [ROOT]
"""
import re
import sys
from pathlib import Path

from csource import ROOT, comments_only, line_of, report, tracked, without_comments

# Never: they overflow, keep hidden state or depend on the locale of the process.
NEVER = ["strcpy", "strcat", "sprintf", "vsprintf", "strtok", "gets", "gmtime", "localtime", "rand", "srand", "atoi"]
# Only where memory or the clock is owned.
OWNED = ["malloc", "free", "calloc", "realloc", "strdup", "strndup", "time"]
OWNERS = ("src/base/", "src/db/", "src/http/server.c", "src/http/keep.c", "src/http/guard.c")
CALL = r"(?<![\w.>])(%s)\s*\("

WORDS = [
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "unfinished work"),
    (re.compile(r"\b(not implemented|unimplemented|stubbed|stub)\b", re.I), "unfinished work"),
    (re.compile(r"(?<![\w.~])/(?:home|root|Users)/[\w.-]+"), "a path of one machine"),
    (re.compile(r"\b(?:registry\.npmjs\.org|deb\.debian\.org|pypi\.org|proxy\.golang\.org|crates\.io)\b"), "host of a package registry"),
    (re.compile(r"\bissue #\d+", re.I), "number of an issue"),
]
# Web sessions are part of the product; somebody's working session is not.
COMMENT_WORDS = [(re.compile(r"\b(?:work|working|coding|developer|previous|earlier) sessions?\b", re.I), "talk about work")]
BINARY = {".png", ".ico", ".woff2", ".gz", ".db", ".pdf"}
SELF = {"tools/check_banned.py", "tools/test_tools.py", "package-lock.json", "LICENSE"}


def calls(code, names):
    for m in re.finditer(CALL % "|".join(names), code):
        yield line_of(code, m.start()), m.group(1)


def call_faults(shown, text):
    code = without_comments(text)
    for line, name in calls(code, NEVER):
        yield f"{shown}:{line}: {name} is banned"
    if not shown.startswith(OWNERS):
        for line, name in calls(code, OWNED):
            yield f"{shown}:{line}: {name} is banned outside src/base and src/db"


def word_faults(shown, text, words):
    for pattern, what in words:
        for m in pattern.finditer(text):
            yield f"{shown}:{line_of(text, m.start())}: {what}: {m.group()}"


def check(root):
    faults = []
    for path in tracked(root):
        shown = path.relative_to(root).as_posix()
        if shown in SELF or path.suffix in BINARY or shown.startswith("test/fuzz/corpus/"):
            continue
        text = path.read_text(encoding="utf-8")
        faults += word_faults(shown, text, WORDS)
        if path.suffix in (".c", ".h"):
            faults += word_faults(shown, comments_only(text), COMMENT_WORDS)
            if shown.startswith("src/") and not path.name.startswith("test_"):
                faults += call_faults(shown, text)
    return faults


if __name__ == "__main__":
    sys.exit(report(check(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)))
