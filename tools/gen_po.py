#!/usr/bin/env python3
"""Message catalogues (.po) of all modules to one C table `all_messages`.

usage: gen_po.py OUT.c FILES...     file names end in zh_CN.po or en.po

A message id is a name (catalog.code_shape) or the Chinese text itself; the latter needs no entry in zh_CN.po.
"""
import re
import sys
from pathlib import Path

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def unquote(s: str) -> str:
    return s.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")


def parse(path: Path) -> dict[str, str]:
    out: dict[str, str] = {}
    entry = {"msgid": "", "msgstr": ""}
    part = ""

    def close(line: int) -> None:
        mid, text = entry["msgid"], entry["msgstr"]
        if mid:
            if mid in out:
                sys.exit(f"{path}:{line}: '{mid}' stands twice")
            if text:
                out[mid] = text
        entry["msgid"] = entry["msgstr"] = ""

    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("msgid "):
            close(number)
            part = "msgid"
        elif line.startswith("msgstr "):
            part = "msgstr"
        elif not line.startswith('"'):
            sys.exit(f"{path}:{number}: neither msgid nor msgstr")
        m = STRING.search(line)
        if not m:
            sys.exit(f"{path}:{number}: no quoted text")
        entry[part] += unquote(m.group(1))
    close(0)
    return out


def literal(s: str | None) -> str:
    if s is None:
        return "NULL"
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def check_arguments(mid: str, zh: str, en: str) -> None:
    used = [set(re.findall(r"%[12]", t)) for t in (zh, en)]
    if used[0] != used[1]:
        sys.exit(f"message '{mid}': the languages use different arguments")


def generate(files: list[Path]) -> str:
    zh: dict[str, str] = {}
    en: dict[str, str] = {}
    for f in files:
        table = zh if f.name.endswith("zh_CN.po") else en
        for mid, text in parse(f).items():
            if table.get(mid, text) != text:
                sys.exit(f"{f}:1: '{mid}' has another text in another module")
            table[mid] = text
    for mid, text in en.items():
        check_arguments(mid, zh.get(mid, mid), text)
    out = ["/* Made by tools/gen_po.py. */", '#include "all_messages.h"', "", "const struct message all_messages[] = {"]
    for mid in sorted(zh.keys() | en.keys()):
        out.append(f"    {{ {literal(mid)}, {literal(zh.get(mid))}, {literal(en.get(mid))} }},")
    out += ["    { \"\", \"\", \"\" },", "};", "const size_t all_nmessages = sizeof all_messages / sizeof all_messages[0] - 1;", ""]
    return "\n".join(out)


if __name__ == "__main__":
    h, c = Path(sys.argv[1]), Path(sys.argv[2])
    h.write_text('/* Made by tools/gen_po.py. */\n#include "tmpl/text.h"\n'
                 "extern const struct message all_messages[];\nextern const size_t all_nmessages;\n", encoding="utf-8")
    c.write_text(generate([Path(f) for f in sys.argv[3:]]), encoding="utf-8")
