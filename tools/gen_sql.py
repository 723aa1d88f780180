#!/usr/bin/env python3
"""gen_sql.py - named statements and schema steps from .sql files to C constants for SQLite and PostgreSQL.

One dialect is written, PostgreSQL's; what SQLite wants is made here (see rewrite_sqlite), so that nobody has to
remember it. Statements: `-- name: x`, or `-- name: x @sqlite` / `@postgres` where the text cannot be shared.
Schema steps: files named NNN_name.sql, several statements each.

Run as: gen_sql.py MODULE OUT.h OUT.c FILES...
"""
import hashlib
import os
import re
import sys

NAME = re.compile(r'--\s*name:\s*(.*)$')
NAME_VALUE = re.compile(r'([a-z][a-z0-9_]*)(?:\s+@(sqlite|postgres))?$')
STEP = re.compile(r'(\d{3})_[a-z0-9_]+\.sql$')
TOKEN = re.compile(r"""
    (?P<blank>[ \t]+)
  | (?P<line>\n)
  | (?P<note>--[^\n]*)
  | (?P<text>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<arg>\$\d+)
  | (?P<word>[^\W\d]\w*)
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<cast>::)
  | (?P<block>/\*)
  | (?P<other>.)
""", re.X)
SQLITE_WORDS = {'BIGINT': 'INTEGER', 'INT': 'INTEGER', 'SMALLINT': 'INTEGER', 'BOOLEAN': 'INTEGER', 'BYTEA': 'BLOB',
                'TRUE': '1', 'FALSE': '0'}
REFUSED_WORDS = {'LIKE': 'LIKE is refused: user input may hold % and _',
                 'ILIKE': 'ILIKE is refused: user input may hold % and _',
                 'OFFSET': 'OFFSET is refused: page by key'}
REFUSED_KINDS = {'cast': 'a ::cast is refused: write CAST(x AS type)',
                 'block': 'a block comment is refused: use -- lines'}


class SqlError(Exception):
    """What is wrong, as file:line: message."""

    def __init__(self, path, line, message):
        super().__init__(f'{path}:{line}: {message}')


class Token:
    def __init__(self, kind, text, line):
        self.kind, self.text, self.line = kind, text, line
        self.word = text.upper() if kind == 'word' else None

    def is_blank(self):
        return self.kind in ('blank', 'line')


def tokens_of(path, text, line):
    """Tokens without comments; everything the dialect forbids is refused here."""
    out = []
    for m in TOKEN.finditer(text):
        kind, part = m.lastgroup, m.group()
        if kind in REFUSED_KINDS:
            raise SqlError(path, line, REFUSED_KINDS[kind])
        if kind == 'other' and part in '\'"$?\\':
            raise SqlError(path, line, f'stray {part}')
        if kind in ('text', 'quoted') and '\n' in part:
            raise SqlError(path, line, 'a text must end on its line')
        if kind == 'word' and part.upper() in REFUSED_WORDS:
            raise SqlError(path, line, REFUSED_WORDS[part.upper()])
        if kind != 'note':
            out.append(Token(kind, part, line))
        line += part.count('\n')
    return out


def solid(tokens, i):
    """Index of the next token that is not blank, from i; at least len(tokens) at the end."""
    while i < len(tokens) and tokens[i].is_blank():
        i += 1
    return i


def words_at(tokens, i, *words):
    """Index after these words, which begin at or after i, or None."""
    for w in words:
        i = solid(tokens, i)
        if i >= len(tokens) or tokens[i].word != w:
            return None
        i += 1
    return i


def after_update_lock(tokens, i):
    """Index after a FOR UPDATE [SKIP LOCKED | NOWAIT] that begins at i, or None."""
    end = words_at(tokens, i, 'FOR', 'UPDATE')
    if end is None:
        return None
    return words_at(tokens, end, 'SKIP', 'LOCKED') or words_at(tokens, end, 'NOWAIT') or end


def closing(path, tokens, i):
    """Index of the parenthesis that closes the one at i."""
    depth = 0
    for k in range(i, len(tokens)):
        depth += {'(': 1, ')': -1}.get(tokens[k].text, 0) if tokens[k].kind == 'other' else 0
        if depth == 0:
            return k
    raise SqlError(path, tokens[i].line, 'parenthesis is not closed')


def has_composite_key(path, tokens, start, end):
    """A table constraint PRIMARY KEY (a, b, ..) stands between these indexes."""
    for i in range(start, end):
        at = words_at(tokens, i, 'PRIMARY', 'KEY') if tokens[i].word == 'PRIMARY' else None
        at = solid(tokens, at) if at else end
        if at < end and tokens[at].text == '(':
            return any(t.text == ',' for t in tokens[at:closing(path, tokens, at)])
    return False


def columns_of(path, tokens, i):
    """Index of the parenthesis that opens the columns of the CREATE TABLE at i, or None if there is another word."""
    at = words_at(tokens, i, 'CREATE', 'TABLE') if tokens[i].word == 'CREATE' else None
    if at is None:
        return None
    name = solid(tokens, words_at(tokens, at, 'IF', 'NOT', 'EXISTS') or at)
    start = solid(tokens, name + 1)
    if start >= len(tokens) or tokens[start].text != '(':
        raise SqlError(path, tokens[i].line, 'CREATE TABLE name (columns) is the only form')
    return start


def table_ends(path, tokens):
    """Index of the closing parenthesis of each CREATE TABLE -> what SQLite wants after it."""
    ends = {}
    for i in range(len(tokens)):
        start = columns_of(path, tokens, i)
        if start is None:
            continue
        end = closing(path, tokens, start)
        after = solid(tokens, end + 1)
        if after < len(tokens) and tokens[after].text != ';':
            raise SqlError(path, tokens[after].line, 'options after CREATE TABLE (..) are refused: the tool adds them')
        ends[end] = ' STRICT, WITHOUT ROWID' if has_composite_key(path, tokens, start, end) else ' STRICT'
    return ends


def rewrite_sqlite(path, tokens):
    out, i, ends = [], 0, table_ends(path, tokens)
    while i < len(tokens):
        t = tokens[i]
        lock_end = after_update_lock(tokens, i) if t.word == 'FOR' else None
        if lock_end:
            i = lock_end
            continue
        if t.kind == 'arg':
            out.append('?' + t.text[1:])
        else:
            out.append(SQLITE_WORDS.get(t.word, t.text))
        out.append(ends.get(i, ''))
        i += 1
    return ''.join(out)


def args_of(path, line, tokens):
    """How many arguments; $1..$n must all be used."""
    used = {int(t.text[1:]) for t in tokens if t.kind == 'arg'}
    for n in range(1, max(used, default=0) + 1):
        if n not in used:
            raise SqlError(path, line, f'${n} is not used')
    if 0 in used:
        raise SqlError(path, line, 'arguments begin at $1')
    return len(used)


def one_statement(path, line, tokens):
    """Without the semicolon at the end; a second statement is refused."""
    for i, t in enumerate(tokens):
        if t.text == ';' and t.kind == 'other':
            if solid(tokens, i + 1) < len(tokens):
                raise SqlError(path, t.line, 'second statement under one name')
            return tokens[:i]
    if solid(tokens, 0) >= len(tokens):
        raise SqlError(path, line, 'statement is empty')
    return tokens


class Statement:
    def __init__(self, name, args):
        self.name, self.args, self.sqlite, self.pg = name, args, None, None


def add_statement(found, path, line, head, text):
    """Parse one named text into the dict of statements."""
    m = NAME_VALUE.match(head)
    if not m:
        raise SqlError(path, line, f'"{head}" is not a name (a-z, 0-9, _), perhaps with @sqlite or @postgres')
    name, engine = m.groups()
    tokens = one_statement(path, line, tokens_of(path, text, line + 1))
    args = args_of(path, line, tokens)
    s = found.setdefault(name, Statement(name, args))
    if (s.sqlite and engine != 'postgres') or (s.pg and engine != 'sqlite'):
        raise SqlError(path, line, f'{name} is there twice')
    if s.args != args:
        raise SqlError(path, line, f'{name} has {args} arguments here and {s.args} for the other engine')
    if engine != 'postgres':
        s.sqlite = rewrite_sqlite(path, tokens)
    if engine != 'sqlite':
        s.pg = ''.join(t.text for t in tokens)


def read_statements(path, found):
    head, head_line, body = None, 0, []
    with open(path, encoding='utf-8') as f:
        lines = f.read().split('\n')
    for line, text in enumerate(lines + ['-- name: end'], 1):
        m = NAME.match(text)
        if not m:
            if head is None and text.strip() and not text.lstrip().startswith('--'):
                raise SqlError(path, line, 'text before the first "-- name:"')
            body.append(text)
            continue
        if head is not None:
            add_statement(found, path, head_line, head, '\n'.join(body))
        head, head_line, body = m.group(1).strip(), line, []


class Step:
    def __init__(self, path):
        base = os.path.basename(path)
        m = STEP.match(base)
        if not m:
            raise SqlError(path, 1, 'a schema step is named NNN_name.sql')
        with open(path, encoding='utf-8') as f:
            text = f.read()
        tokens = tokens_of(path, text, 1)
        arg = next((t for t in tokens if t.kind == 'arg'), None)
        if arg:
            raise SqlError(path, arg.line, 'a schema step has no arguments')
        if solid(tokens, 0) >= len(tokens):
            raise SqlError(path, 1, 'schema step is empty')
        self.path, self.number, self.name = path, int(m.group(1)), base[:-len('.sql')]
        self.sqlite = rewrite_sqlite(path, tokens)
        self.pg = ''.join(t.text for t in tokens)
        self.hash = hashlib.new('sm3', text.encode('utf-8')).hexdigest()


def read_steps(paths):
    steps = sorted((Step(p) for p in paths), key=lambda s: s.number)
    for a, b in zip(steps, steps[1:]):
        if a.number == b.number:
            raise SqlError(b.path, 1, f'number {b.number:03} is there twice: {a.name}')
    return steps


def c_text(sql, indent):
    """A C string, one line per line of SQL."""
    if sql is None:
        return 'NULL'
    lines = [line.rstrip() for line in sql.split('\n') if line.strip()]
    quoted = []
    for i, line in enumerate(lines):
        body = line.replace('\\', '\\\\').replace('"', '\\"').replace('\t', '    ').replace('??', '?\\?')
        quoted.append('"' + body + ('\\n"' if i + 1 < len(lines) else '"'))
    return ('\n' + indent).join(quoted)


def header_body(module, statements, steps):
    """The arrays are declared with their lengths, so that countof works on them."""
    out = [f'extern const struct sql sql_{s.name};' for s in statements]
    out += [f'extern const struct sql *const {module}_sql[{len(statements) or 1}];', f'extern const size_t {module}_nsql;',
            f'extern const struct migration {module}_schema[{len(steps) or 1}];', f'extern const size_t {module}_nschema;']
    return '\n'.join(out) + '\n'


def statement_c(s):
    return (f'const struct sql sql_{s.name} = {{\n    .name = "{s.name}",\n    .args = {s.args},\n'
            f'    .sqlite = {c_text(s.sqlite, " " * 14)},\n    .pg = {c_text(s.pg, " " * 10)},\n}};\n')


def step_c(module, m):
    return (f'    {{\n        .module = "{module}",\n        .name = "{m.name}",\n        .hash = "{m.hash}",\n'
            f'        .sqlite = {c_text(m.sqlite, " " * 18)},\n        .pg = {c_text(m.pg, " " * 14)},\n    }},\n')


def list_c(head, rows, count_name, n):
    """An array and its length; C has no empty arrays, so an empty one gets a row of zeros that is not counted."""
    return f'{head} = {{\n{"".join(rows) or "    0," + chr(10)}}};\nconst size_t {count_name} = {n};\n'


def generate(module, sql_files, migration_files):
    """Header and C text of one module. The arguments are paths; raises SqlError."""
    found = {}
    for path in sql_files:
        read_statements(path, found)
    statements, steps = list(found.values()), read_steps(migration_files)
    guard, body = f'{module.upper()}_SQL_H', header_body(module, statements, steps)
    note = f'statements and schema of {module}, made by gen_sql.py. */\n'
    header = f'/* {module} - {note}#ifndef {guard}\n#define {guard}\n\n#include "db/db.h"\n\n{body}\n#endif\n'
    parts = [f'/* {module} - {note}#include "db/db.h"\n', body]
    parts += [statement_c(s) for s in statements]
    parts.append(list_c(f'const struct sql *const {module}_sql[]', [f'    &sql_{s.name},\n' for s in statements],
                        f'{module}_nsql', len(statements)))
    empty = ['    { 0 },\n'] if not steps else []
    parts.append(list_c(f'const struct migration {module}_schema[]', [step_c(module, m) for m in steps] or empty,
                        f'{module}_nschema', len(steps)))
    return header, '\n'.join(parts)


def main(argv):
    if len(argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    module, out_h, out_c, files = argv[1], argv[2], argv[3], argv[4:]
    steps = [f for f in files if STEP.match(os.path.basename(f))]
    try:
        texts = generate(module, [f for f in files if f not in steps], steps)
    except (SqlError, OSError) as e:
        print(e, file=sys.stderr)
        return 1
    for path, text in zip((out_h, out_c), texts):
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
