#!/usr/bin/env python3
"""check_messages.py - every text a person may see has an entry in the catalogues.

- Texts of templates {{t:...}} and titles of routes are the Chinese text itself (or a key) and need English.
- Keys in C ("catalog.code_shape"), the words of closed lists (label.word) and, for answers of the server, http.x.detail
  need both languages.
- Both languages use the same arguments %1 and %2.
- Every entry is used: by a template, as a key or a text in C, or by a key that is put together from a prefix ("cases.pause.").

usage: check_messages.py [ROOT]
"""
import re
import sys
from pathlib import Path

import gen_po
from csource import ROOT, line_of, report, tracked, without_comments

TEMPLATE_TEXT = re.compile(r"\{\{t:([^|}]*)")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
KEY = re.compile(r"[a-z]+(?:\.[A-Za-z0-9_]+)+")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
TITLE = re.compile(r'\.title\s*=\s*"((?:[^"\\]|\\.)*)"')
DIRECT = re.compile(r'texts_(?:find|put)\([^;]*?STR\("((?:[^"\\]|\\.)*)"\)')
WORD_LIST = re.compile(r"(static )?const char \*const (\w+)\[[^\]]*\]\s*=\s*\{([^}]*)\}")
ISSUE = re.compile(r'(?:cx_invalid\w*|issues_add)\([^;"]*(?:"\w+",\s*)?$')
EVENT = re.compile(r'(?:\.(?:kind|name)\s*=\s*|event_add\(\s*cx,\s*)$') # kinds of entries, events and jobs are no messages
WORD_FIELD = re.compile(r'FIELD_WORD\(\s*[\w ]+,\s*\w+,\s*(\w+),\s*"([\w.]+)"')
WORD_ROW = re.compile(r'\.words\s*=\s*(\w+)\s*,\s*\.label\s*=\s*"([\w.]+)"')
FORMATTED = re.compile(r'"([a-z]+(?:\.[a-z0-9_]+)*)\.(?:%[.*]*s)?"') # keys put together from a prefix and a word


class Use:
    """A text that is needed, and where."""

    def __init__(self, shown, line, mid):
        self.shown, self.line, self.mid = shown, line, mid

    def __str__(self):
        return f"{self.shown}:{self.line}: '{self.mid}'"


def catalogues(root):
    zh, en = {}, {}
    for path in tracked(root, "web/*.po", "src/*.po"):
        (zh if path.name.endswith("zh_CN.po") else en).update(gen_po.parse(path))
    return zh, en


def template_uses(shown, text):
    for m in TEMPLATE_TEXT.finditer(text):
        yield Use(shown, line_of(text, m.start()), m.group(1))


def word_lists(code, public):
    """Name -> words of the lists in this file; `public`: only those that other files can use."""
    return {m.group(2): LITERAL.findall(m.group(3)) for m in WORD_LIST.finditer(code) if not (public and m.group(1))}


def label_uses(shown, code, shared):
    """The words of closed lists, as label.word; the empty word shows nothing."""
    lists = shared | word_lists(code, False)
    for pattern in (WORD_FIELD, WORD_ROW):
        for m in pattern.finditer(code):
            for word in lists.get(m.group(1), []):
                if word:
                    yield Use(shown, line_of(code, m.start()), f"{m.group(2)}.{word}")


def source_uses(shown, code, prefixes, shared):
    labels = {m.group(2) for p in (WORD_FIELD, WORD_ROW) for m in p.finditer(code)}
    for m in LITERAL.finditer(code):
        text = m.group(1)
        if EVENT.search(code, max(0, m.start() - 40), m.start()):
            continue
        if KEY.fullmatch(text) and text.split(".")[0] in prefixes and text not in labels:
            yield Use(shown, line_of(code, m.start()), text)
            if text.startswith("http.") and not ISSUE.search(code, max(0, m.start() - 60), m.start()): # a title and a detail
                yield Use(shown, line_of(code, m.start()), text + ".detail")
    for pattern in (TITLE, DIRECT):
        for m in pattern.finditer(code):
            if CHINESE.search(m.group(1)):
                yield Use(shown, line_of(code, m.start()), m.group(1))
    yield from label_uses(shown, code, shared)


def is_file_name(use):
    """"items.csv" looks like a key and is none."""
    return use.mid.rsplit(".", 1)[-1] in ("csv", "sql", "html", "css", "js", "db", "po", "json", "xml", "txt", "c", "h")


def all_uses(root, prefixes):
    """What is needed, and what is mentioned: texts in tables of C, prefixes of keys."""
    uses, formats, texts = [], set(), set()
    for path in tracked(root, "web/partials/*.html", "src/*.html"):
        uses += template_uses(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    codes = {path: without_comments(path.read_text(encoding="utf-8"), keep_strings=True)
             for path in tracked(root, "src/*.c", "src/*.h") if not path.name.startswith("test_")}
    shared = {}
    for code in codes.values():
        shared |= word_lists(code, True)
    for path, code in codes.items():
        uses += [u for u in source_uses(path.relative_to(root).as_posix(), code, prefixes, shared) if not is_file_name(u)]
        formats |= {m.group(1) + "." for m in FORMATTED.finditer(code)}
        texts |= {m.group(1) for m in LITERAL.finditer(code) if CHINESE.search(m.group(1))}
    return uses, formats, texts


def missing(use, zh, en):
    is_text = bool(CHINESE.search(use.mid))
    if not is_text and not KEY.fullmatch(use.mid):
        return f"{use} is neither a Chinese text nor a key"
    if not is_text and use.mid not in zh:
        return f"{use} has no Chinese text"
    return None if use.mid in en else f"{use} has no English text"


def check(root):
    zh, en = catalogues(root)
    prefixes = {k.split(".")[0] for k in zh | en if KEY.fullmatch(k)}
    folders = {p.parent.name for p in tracked(root, "src/*.c")}
    uses, formats, said = all_uses(root, prefixes | folders)
    faults = []
    for use in uses:
        wrong = missing(use, zh, en)
        if wrong and wrong not in faults:
            faults.append(wrong)
        said.add(use.mid)
    for mid in sorted(zh.keys() & en.keys() | {m for m in en if CHINESE.search(m)}):
        if set(re.findall(r"%[12]", zh.get(mid, mid))) != set(re.findall(r"%[12]", en[mid])):
            faults.append(f"'{mid}': the languages use different arguments")
    faults += [f"nothing uses '{m}'" for m in sorted(zh.keys() | en.keys())
               if m not in said and m.removesuffix(".detail") not in said and not m.startswith(tuple(formats))]
    return faults


def main(args):
    return report(check(Path(args[0]).resolve() if args else ROOT))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
