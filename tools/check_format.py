#!/usr/bin/env python3
"""check_format.py - the part of the layout that is a rule. Tables of facts are laid out by hand, to be read as tables, which
no formatter leaves alone; .clang-format serves editors for the rest.

usage: check_format.py [--fix] [ROOT]      --fix mends blanks, line ends and empty lines
"""
import re
import sys
from pathlib import Path

from csource import ROOT, line_of, report, tracked, without_comments

COLUMNS = 140
LOOSE = (".md", ".html", ".py") # empty lines mean something there, or a missing last line end
TEXTS = ("*.c", "*.h", "*.py", "*.sh", "*.mjs", "*.ts", "*.sql", "*.html", "*.po", "*.md", "*.yml", "*.scss", "Makefile",
         "meson.build", "*/meson.build", ".ci/run")
RULES = [
    (re.compile(r"(?<!\w)(?:if|for|while|switch|return)\("), "a blank goes between the keyword and ("),
    (re.compile(r"^[ ]*(?:\} else |else )?(?:if|for|while|switch)\b[^\n]*\)\{$", re.M), "a blank goes between ) and {"),
    (re.compile(r"^[a-z][^;={}]*\([^;={}]*\) \{$", re.M), "the brace of a function stands on its own line"),
    (re.compile(r"\b(?:char|void|int|bool|int64_t|size_t|(?:struct|enum) \w+)\* ?\w"), "the * stands at the name"),
]
LINE_COMMENT = re.compile(r"""/\*.*?\*/|//|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.S)


def mended(text):
    text = text.replace("\r\n", "\n")
    text = re.sub(r"[ \t]+$", "", text, flags=re.M)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n" if text.strip() else text


def c_faults(path, text):
    first = text.split("\n", 1)[0]
    if not first.startswith(f"/* {path.name} - "):
        yield 1, f"the first line says what the file is: /* {path.name} - ..."
    code = without_comments(text)
    for pattern, what in RULES:
        for m in pattern.finditer(code):
            yield line_of(code, m.start()), what
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            yield number, "tab"
        if len(line) > COLUMNS:
            yield number, f"{len(line)} columns, more than {COLUMNS}"
    for m in LINE_COMMENT.finditer(text):
        if m.group().startswith("//"):
            yield line_of(text, m.start()), "comments are written /* */"


def check(root, fix=False):
    faults = []
    for path in tracked(root, *TEXTS):
        shown = path.relative_to(root).as_posix()
        if shown.startswith("test/fuzz/corpus/"):
            continue
        text = path.read_text(encoding="utf-8")
        good = re.sub(r"[ \t]+$", "", text, flags=re.M) if path.suffix in LOOSE else mended(text)
        if good != text and fix:
            path.write_text(good, encoding="utf-8")
        elif good != text:
            faults.append(f"{shown}:1: blanks at line ends, empty lines or the end of the file; `make format` mends it")
        if path.suffix in (".c", ".h"):
            faults += [f"{shown}:{line}: {what}" for line, what in c_faults(path, text)]
    return faults


if __name__ == "__main__":
    args = [a for a in sys.argv[1:] if a != "--fix"]
    sys.exit(report(check(Path(args[0]).resolve() if args else ROOT, "--fix" in sys.argv)))
