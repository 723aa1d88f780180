#!/usr/bin/env python3
"""check_sizes.py - a mirror: how long, deep and commented the C files are, for the whole tree and for what changed.

Changed means: against origin/main if there is one, else against HEAD. Fails only on goto outside src/base, a function of
more than 120 lines, and a public function without a contract in its header.

usage: check_sizes.py [ROOT]
"""
import json
import re
import subprocess
import sys
from pathlib import Path

from csource import ROOT, comments_only, declarations, line_of, report, tracked, without_comments

FUNCTION_MAX = 120
AIMS = { # measure: (aim, look again)
    "function length, median": (14, 20), "function length, 95th percentile": (55, 80), "function length, longest": (80, 80),
    "nesting, deepest": (3, 4), "parameters, most": (4, 6), "file length, longest": (500, 800),
    "module, lines of code": (4000, 5000),
}
WORD = re.compile(r"[A-Za-z_]\w*|[{}();:]")


class Function:
    def __init__(self, path, name, line, end, parameters, depth):
        self.path, self.name, self.line, self.length = path, name, line, end - line + 1
        self.parameters, self.depth = parameters, depth


# ---- nesting --------------------------------------------------------------------------------------------------------


def closing(tokens, i):
    """Index behind the parenthesis that closes the one at i."""
    depth = 0
    while i < len(tokens):
        depth += {"(": 1, ")": -1}.get(tokens[i], 0)
        i += 1
        if depth == 0:
            break
    return i


def plain(tokens, i):
    """Index behind the statement without body at i: at its semicolon outside parentheses and braces."""
    depth = 0
    while i < len(tokens):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(tokens[i], 0)
        if depth < 0:
            return i
        i += 1
        if tokens[i - 1] == ";" and depth == 0:
            break
    return i


def statement(tokens, i, depth):
    """(index behind the statement at i, deepest nesting in it)."""
    if i >= len(tokens):
        return i, depth
    word = tokens[i]
    if word == "{":
        return block(tokens, i + 1, depth)
    if word in ("case", "default"):
        while i < len(tokens) and tokens[i] != ":":
            i += 1
        return (i + 1, depth) if i + 1 < len(tokens) and tokens[i + 1] == "}" else statement(tokens, i + 1, depth)
    if word in ("if", "for", "while", "switch"):
        i, deep = statement(tokens, closing(tokens, i + 1), depth + 1)
        if word == "if" and i < len(tokens) and tokens[i] == "else":
            chained = i + 1 < len(tokens) and tokens[i + 1] == "if"
            i, other = statement(tokens, i + 1, depth if chained else depth + 1)
            deep = max(deep, other)
        return i, deep
    if word == "do":
        i, deep = statement(tokens, i + 1, depth + 1)
        return plain(tokens, i), deep
    return max(plain(tokens, i), i + 1), depth


def block(tokens, i, depth):
    deepest = depth
    while i < len(tokens) and tokens[i] != "}":
        i, deep = statement(tokens, i, depth)
        deepest = max(deepest, deep)
    return i + 1, deepest


def nesting(body):
    """Deepest nesting of control statements in a function body in braces; 0 for straight lines."""
    tokens = WORD.findall(body)
    return block(tokens, tokens.index("{") + 1, 0)[1] if "{" in tokens else 0


# ---- reading the files ------------------------------------------------------------------------------------------------


def parameter_count(signature):
    inner = signature.strip()[1:-1].strip()
    if inner in ("", "void"):
        return 0
    depth, n = 0, 1
    for ch in inner:
        depth += {"(": 1, ")": -1}.get(ch, 0)
        n += ch == "," and depth == 0
    return n


def functions(root, files):
    out = subprocess.run(["ctags", "--output-format=json", "--c-kinds=f", "--fields=+neS", "--languages=C", "-o", "-", "-L", "-"],
                         input="\n".join(str(f) for f in files), cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout
    texts = {}
    for line in out.splitlines():
        tag = json.loads(line)
        if tag.get("_type") != "tag" or "end" not in tag:
            continue
        path = Path(tag["path"])
        if path not in texts:
            texts[path] = without_comments(path.read_text(encoding="utf-8")).split("\n")
        body = "\n".join(texts[path][tag["line"] - 1:tag["end"]])
        yield Function(path, tag["name"], tag["line"], tag["end"], parameter_count(tag.get("signature", "()")), nesting(body))


def share_of_comments(files):
    comment = code = 0
    for path in files:
        text = path.read_text(encoding="utf-8")
        comment += sum(1 for line in comments_only(text).split("\n") if line.strip())
        code += sum(1 for line in without_comments(text).split("\n") if line.strip())
    return 100 * comment / max(comment + code, 1)


def code_lines(files):
    return sum(sum(1 for line in without_comments(f.read_text(encoding="utf-8")).split("\n") if line.strip()) for f in files)


def is_test(path):
    return path.name.startswith("test_") or "test" in path.parts


# ---- the mirror -------------------------------------------------------------------------------------------------------


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0


def module_sizes(root, files):
    sizes = {}
    for path in files:
        parts = path.relative_to(root).parts
        if parts[0] == "src" and not is_test(path):
            name = "/".join(parts[1:3] if parts[1] == "modules" else parts[1:2])
            sizes[name] = sizes.get(name, 0) + code_lines([path])
    return sizes


def measures(root, files, funcs):
    own = [f for f in funcs if not is_test(f.path)]
    code = [f for f in files if not is_test(f)]
    tests = [f for f in files if is_test(f)]
    sizes = module_sizes(root, code)
    lengths = [f.length for f in own]
    largest = max(sizes, key=sizes.get, default="")
    longest = max(code, key=lambda f: len(f.read_text(encoding="utf-8").split("\n")), default=None)
    return {
        "files": len(code), "functions": len(own),
        "function length, median": percentile(lengths, 0.5), "function length, 95th percentile": percentile(lengths, 0.95),
        "function length, longest": max(lengths, default=0),
        "nesting, deepest": max((f.depth for f in own), default=0), "parameters, most": max((f.parameters for f in own), default=0),
        "file length, longest": len(longest.read_text(encoding="utf-8").split("\n")) if longest else 0,
        "module, lines of code": sizes.get(largest, 0),
        "comments in .c, %": round(share_of_comments([f for f in code if f.suffix == ".c"])),
        "comments in .h, %": round(share_of_comments([f for f in code if f.suffix == ".h"])),
        "goto": sum(len(gotos(f)) for f in code),
        "test lines / code lines": round(code_lines(tests) / max(code_lines(code), 1), 2),
    }


def gotos(path):
    code = without_comments(path.read_text(encoding="utf-8"))
    return [line_of(code, m.start()) for m in re.finditer(r"\bgoto\b", code)]


def show(whole, changed):
    print(f"{'measure':36}{'tree':>8}{'changed':>9}{'aim':>7}{'look again':>12}")
    for name, value in whole.items():
        aim, again = AIMS.get(name, ("", ""))
        mark = " <" if again != "" and value > again else ""
        print(f"{name:36}{value:>8}{changed.get(name, '-'):>9}{aim:>7}{again:>12}{mark}")


def show_worst(root, funcs):
    for f in sorted((f for f in funcs if not is_test(f.path)), key=lambda f: -f.length)[:5]:
        if f.length > 80:
            print(f"look again: {f.path.relative_to(root)}:{f.line}: {f.name} has {f.length} lines")
    for f in funcs:
        if not is_test(f.path) and (f.depth > 4 or f.parameters > 6):
            print(f"look again: {f.path.relative_to(root)}:{f.line}: {f.name} nests {f.depth} deep, {f.parameters} parameters")


# ---- what fails -------------------------------------------------------------------------------------------------------


def is_public(root, path):
    """Headers of the layers but *_priv.h; of a module only its public ones."""
    parts = path.relative_to(root / "src").parts
    if path.suffix != ".h" or path.name.endswith("_priv.h") or is_test(path):
        return False
    return parts[0] != "modules" or path.name in (parts[1] + ".h", "clock.h")


def is_prototype(text):
    return text.endswith(");") and not re.match(r"(typedef|static|extern\s+const|#|static_assert)", text) and "(*" not in text.split("(")[0] + "("


def uncommented(text):
    """Prototypes without contract: no comment above, on the line, or above the lines they follow without a blank one."""
    lines, covered_until = text.split("\n"), -1
    marks = [bool(c.strip()) for c in comments_only(text).split("\n")]
    for first, last, decl in declarations(text):
        covered = (first >= 2 and marks[first - 2]) or any(marks[first - 1:last]) or covered_until == first - 1
        if covered and lines[first - 1].strip():
            covered_until = last
        if is_prototype(decl) and not covered:
            yield first, re.search(r"(\w+)\(", decl).group(1)


def faults(root, files, funcs):
    for f in funcs:
        if f.length > FUNCTION_MAX:
            yield f"{f.path.relative_to(root)}:{f.line}: {f.name} has {f.length} lines, more than {FUNCTION_MAX}"
    for path in files:
        shown = path.relative_to(root).as_posix()
        if not shown.startswith("src/base/"):
            yield from (f"{shown}:{line}: goto" for line in gotos(path))
        if shown.startswith("src/") and is_public(root, path):
            yield from (f"{shown}:{line}: {name} has no contract above it"
                        for line, name in uncommented(path.read_text(encoding="utf-8")))


def changed_files(root, files):
    for base in ("origin/main", "HEAD"):
        done = subprocess.run(["git", "diff", "--name-only", base], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, check=False)
        if done.returncode == 0:
            names = set(done.stdout.split("\n"))
            return [f for f in files if f.relative_to(root).as_posix() in names]
    return []


def main(args):
    root = Path(args[0]).resolve() if args else ROOT
    files = tracked(root, "src/*.c", "src/*.h", "test/*.c", "test/*.h")
    funcs = list(functions(root, files))
    changed = changed_files(root, files)
    show(measures(root, files, funcs), measures(root, changed, [f for f in funcs if f.path in set(changed)]) if changed else {})
    show_worst(root, funcs)
    return report(list(faults(root, files, funcs)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
