#!/usr/bin/env python3
"""Files to embed: assets of the pages (with content hash in the address, gzip beside) or plain data.

usage: gen_assets.py TABLE OUT.h OUT.c OUT.S FILES...
"""
import gzip
import hashlib
import sys
from pathlib import Path

TYPES = {
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
    ".png": "image/png", ".ico": "image/x-icon", ".csv": "text/csv; charset=utf-8", ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}


def incbin(symbol: str, path: Path) -> str:
    return (f'    .global {symbol}\n    .balign 16\n{symbol}:\n    .incbin "{path.resolve()}"\n    .byte 0\n')


def generate(table: str, files: list[Path], work: Path) -> tuple[str, str, str]:
    rows, asm, externs = [], ["/* Made by tools/gen_assets.py. */", '    .section .rodata,"a",@progbits'], []
    for i, f in enumerate(sorted(files, key=lambda p: p.name)):
        data = f.read_bytes()
        packed = work / f"{table}-{f.name}.gz"
        packed.write_bytes(gzip.compress(data, 9, mtime=0))
        digest = hashlib.sha256(data).hexdigest()[:10]
        plain, zipped = f"{table}_{i}", f"{table}_{i}_gz"
        asm += [incbin(plain, f), incbin(zipped, packed)]
        externs.append(f"extern const unsigned char {plain}[], {zipped}[];")
        rows.append(f'    {{ "{f.name}", "/assets/{f.stem}-{digest}{f.suffix}", "{TYPES.get(f.suffix, "application/octet-stream")}", '
                    f"{plain}, {zipped}, {len(data)}, {packed.stat().st_size} }},")
    asm.append('    .section .note.GNU-stack,"",@progbits\n')
    header = (f'/* Made by tools/gen_assets.py. */\n#include "tmpl/tmpl.h"\nextern const struct asset {table}[];\n'
              f"extern const size_t {table}_count;\n")
    code = "\n".join(["/* Made by tools/gen_assets.py. */", f'#include "{table}.h"', *externs,
                      f"const struct asset {table}[] = {{", *rows, "};", f"const size_t {table}_count = {len(rows)};", ""])
    return header, code, "\n".join(asm)


if __name__ == "__main__":
    name, out_h, out_c, out_s, *inputs = sys.argv[1:]
    h, c, s = generate(name, [Path(f) for f in inputs], Path(out_c).parent)
    for path, text in ((out_h, h), (out_c, c), (out_s, s)):
        Path(path).write_text(text, encoding="utf-8")
