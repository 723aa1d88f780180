#!/usr/bin/env python3
"""check_includes.py - layers and modules include only what they may.

  base <- db <- ledger, tmpl <- http, jobs <- modules <- app

A module may include another module's one public header, modules/X/X.h (calendar also clock.h), and only if X stands in its
row in src/modules/meson.build. Headers named *_priv.h belong to their folder. Modules have no variables outside functions
that can change.

usage: check_includes.py [ROOT]
"""
import re
import sys
from pathlib import Path

from csource import ROOT, declarations, line_of, report, tracked, without_comments

LAYERS = {
    "base": [],
    "db": ["base"],
    "ledger": ["base", "db"],
    "tmpl": ["base", "db"],
    "http": ["base", "db", "ledger", "tmpl"],
    "jobs": ["base", "db", "ledger", "tmpl"],
    "modules": ["base", "db", "ledger", "tmpl", "http", "jobs"],
    "app": ["base", "db", "ledger", "tmpl", "http", "jobs", "modules"],
}
SHARED = {("jobs", "http/app.h")} # jobs knows of http what lasts as long as the process, nothing else
PUBLIC = {"calendar": {"calendar.h", "clock.h"}}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)
ROW = re.compile(r"^\s*\[\s*'(\w+)'\s*,\s*\[([^\]]*)\]", re.M)


def module_rows(root):
    """Module -> the modules it may use, in order. Rows must name only what stands above them."""
    path = root / "src/modules/meson.build"
    text = re.sub(r"#.*", "", path.read_text(encoding="utf-8")) if path.exists() else ""
    return {m.group(1): re.findall(r"'(\w+)'", m.group(2)) for m in ROW.finditer(text)}


class Place:
    """Layer and module of a file, from its path below src/."""

    def __init__(self, path):
        self.layer = path.parts[0]
        self.module = path.parts[1] if self.layer == "modules" and len(path.parts) > 2 else None
        self.name = path.name


def find_header(root, source, name):
    """The included file below src/, or None if the build makes it."""
    src = (root / "src").resolve()
    for folder in (source.parent, src):
        path = (folder / name).resolve()
        if path.is_file():
            return path.relative_to(src) if path.is_relative_to(src) else path
    return None


def made_wrong(root, me, name):
    """A header made by the build: statements belong to their module, the sets of everything to app."""
    m = re.fullmatch(r"(\w+)_sql\.h", name)
    owned = m and any((root / "src" / folder / m.group(1)).is_dir() for folder in ("", "modules"))
    if me.layer == "app" and m and m.group(1) in LAYERS: # app gives the layers below http their pages
        return None
    if owned and m.group(1) not in (me.module, me.layer):
        return f"{m.group(1)}'s statements"
    if name in ("all_messages.h", "all_assets.h", "all_data.h") and me.layer != "app":
        return f"{name} is for app"
    return None


def include_wrong(root, rows, source, name):
    """What is wrong with this include, or None."""
    me = Place(source.relative_to(root / "src"))
    header = find_header(root, source, name)
    if header is None:
        return made_wrong(root, me, name)
    if header.is_absolute(): # test/check.h and friends
        return None if me.name.startswith("test_") else "a header of the tests"
    it = Place(header)
    if it.layer != me.layer and it.layer not in LAYERS.get(me.layer, []) and (me.layer, header.as_posix()) not in SHARED:
        return f"{me.layer} must not use {it.layer}"
    same_folder = it.layer == me.layer and it.module == me.module
    if it.name.endswith("_priv.h") and not same_folder:
        return f"{it.module or it.layer}'s private header"
    if it.module is None or it.module == me.module:
        return None
    if it.name not in PUBLIC.get(it.module, {it.module + ".h"}):
        return f"{it.module}'s private header"
    if me.module and it.module not in rows.get(me.module, []):
        return f"{it.module} is not in {me.module}'s row in src/modules/meson.build"
    return None


def is_mutable(text):
    """A declaration outside functions that makes a variable whose content can change."""
    head = re.sub(r"\{\}", "", text.split("=")[0]).rstrip(" ;")
    if re.match(r"(typedef|extern|static_assert|_Static_assert)\b", head) or "(" in head.split("[")[0]:
        return False
    if re.fullmatch(r"(struct|union|enum)( \w+)?", head) or not re.search(r"\w+ \**\s*(?:const )?\w+(\[.*\])*$", head):
        return False
    stars = head.rfind("*")
    return "const" not in (head[stars:] if stars >= 0 else head)


def row_faults(rows):
    above = []
    for name, uses in rows.items():
        for used in uses:
            if used in rows and used not in above:
                yield f"src/modules/meson.build:1: {name} uses {used}, which does not stand above it"
        above.append(name)


def check(root):
    rows = module_rows(root)
    faults = list(row_faults(rows))
    for path in tracked(root, "src/*.c", "src/*.h"):
        text = path.read_text(encoding="utf-8")
        shown = path.relative_to(root)
        code = without_comments(text, keep_strings=True)
        for m in INCLUDE.finditer(code):
            wrong = include_wrong(root, rows, path, m.group(1))
            if wrong:
                faults.append(f"{shown}:{line_of(code, m.start(1))}: {wrong} ({m.group(1)})")
        if Place(path.relative_to(root / "src")).module and not path.name.startswith("test_"):
            faults += [f"{shown}:{line}: a variable outside functions that can change"
                       for line, _, decl in declarations(text) if is_mutable(decl)]
    return faults


if __name__ == "__main__":
    sys.exit(report(check(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)))
