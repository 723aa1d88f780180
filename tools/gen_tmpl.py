#!/usr/bin/env python3
"""Templates (.html) to C constants: `tmpl_NAME` for every file NAME.html.

usage: gen_tmpl.py OUT.h OUT.c FILES...
"""
import re
import sys
from pathlib import Path


def c_literal(text: str) -> str:
    lines = text.split("\n")
    out = []
    for i, line in enumerate(lines):
        esc = line.replace("\\", "\\\\").replace('"', '\\"').replace("??", "?\\?")
        out.append('    "%s%s"' % (esc, "\\n" if i < len(lines) - 1 else ""))
    return "\n".join(out)


def name_of(path: Path) -> str:
    name = path.stem
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        sys.exit(f"{path}:1: template names are lower case with underscores")
    return name


def generate(files: list[Path]) -> tuple[str, str]:
    names: dict[str, Path] = {}
    for f in files:
        n = name_of(f)
        if n in names:
            sys.exit(f"{f}:1: template '{n}' is also {names[n]}")
        names[n] = f
    header = ["/* Made by tools/gen_tmpl.py. */", '#include "tmpl/tmpl.h"', ""]
    header += [f"extern const struct tmpl_source tmpl_{n};" for n in sorted(names)]
    header += ["extern const struct tmpl_source *const all_tmpl[];", "extern const size_t all_ntmpl;", ""]
    body = ["/* Made by tools/gen_tmpl.py. */", '#include "all_tmpl.h"', ""]
    for n in sorted(names):
        text = names[n].read_text(encoding="utf-8")
        body.append(f"static const char text_{n}[] =\n{c_literal(text)};")
        body.append(f'const struct tmpl_source tmpl_{n} = {{ "{n}", text_{n}, sizeof text_{n} - 1 }};\n')
    rows = ", ".join(f"&tmpl_{n}" for n in sorted(names))
    body.append(f"const struct tmpl_source *const all_tmpl[] = {{ {rows} }};")
    body.append("const size_t all_ntmpl = sizeof all_tmpl / sizeof all_tmpl[0];\n")
    return "\n".join(header), "\n".join(body)


if __name__ == "__main__":
    h, c = generate([Path(f) for f in sys.argv[3:]])
    Path(sys.argv[1]).write_text(h, encoding="utf-8")
    Path(sys.argv[2]).write_text(c, encoding="utf-8")
