"""csource.py - just enough of C for the checks: text without comments, and the declarations of a file."""
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOKEN = re.compile(r"""/\*.*?\*/ | //[^\n]* | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'""", re.X | re.S)


def tracked(root, *patterns):
    """Files under version control, and new ones that are not ignored, that match the git patterns."""
    out = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
                         cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout
    return sorted({Path(root) / p for p in out.split("\0") if p and (Path(root) / p).is_file()})


def blank(text):
    """The same length and lines, all else blanks."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text, keep_strings=False):
    """Comments become blanks; texts in quotes too, unless they are kept. Lines and columns stay."""
    def swap(m):
        part = m.group()
        if part[0] == "/":
            return blank(part)
        return part if keep_strings else part[0] + blank(part[1:-1]) + part[-1]
    return TOKEN.sub(swap, text)


def comments_only(text):
    """Everything but the comments becomes blanks."""
    out, at = [], 0
    for m in TOKEN.finditer(text):
        if m.group()[0] != "/":
            continue
        out += [blank(text[at:m.start()]), m.group()]
        at = m.end()
    return "".join(out) + blank(text[at:])


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def declarations(text):
    """Yields (line, last line, text) of every declaration outside functions; a body in braces is left out as `{}`."""
    code = without_comments(text)
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: blank(m.group()), code, flags=re.M)
    start, depth, shown, begun = None, 0, [], False
    for at, ch in enumerate(code):
        if start is None:
            if ch.isspace():
                continue
            start, shown, begun = at, [], False
        if ch == "{":
            depth += 1
            if depth == 1:
                shown.append("{}")
        elif ch == "}":
            depth -= 1
        elif depth == 0:
            shown.append(ch)
        head = "".join(shown) if ch in ";}" and depth == 0 else ""
        is_function = ch == "}" and depth == 0 and re.search(r"\)[\w\s()]*\{\}$", head) and "=" not in head.split("(")[0]
        if depth == 0 and (ch == ";" or is_function):
            yield line_of(text, start), line_of(text, at), " ".join(head.split())
            start = None


def report(faults):
    """Print faults as file:line: message; the exit status."""
    for fault in faults:
        print(fault)
    return 1 if faults else 0
