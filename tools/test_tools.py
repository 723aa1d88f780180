#!/usr/bin/env python3
"""test_tools.py - the checks of the source find what they must, and the counter counts what ran."""
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check_banned  # noqa: E402
import check_format  # noqa: E402
import check_includes  # noqa: E402
import check_messages  # noqa: E402
import check_sizes  # noqa: E402
import csource  # noqa: E402
import test as counter  # noqa: E402

ROWS = "modules = [\n  ['org', [], ['org.c']],\n  ['catalog', ['org'], ['catalog.c']],\n]\n"


class Tree(unittest.TestCase):
    """A small source tree under version control."""

    def setUp(self):
        tmp = tempfile.TemporaryDirectory()
        self.addCleanup(tmp.cleanup)
        self.root = Path(tmp.name).resolve()
        subprocess.run(["git", "init", "-q", str(self.root)], check=True)

    def put(self, path, text):
        at = self.root / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text, encoding="utf-8")


class CSource(unittest.TestCase):
    def test_comments_and_texts_become_blanks_and_lines_stay(self):
        self.assertEqual(csource.without_comments('a /* b\nc */ "d//e" f'), 'a     \n     "    " f')

    def test_declarations_are_found_outside_functions(self):
        text = "#include <x.h>\nstatic const int a[] = { 1, 2 };\nint f(int x)\n{\n    return x;\n}\nstruct s {\n    int i;\n};\n"
        self.assertEqual([(first, last) for first, last, _ in csource.declarations(text)], [(2, 2), (3, 6), (7, 9)])


class Includes(Tree):
    def check(self):
        return check_includes.check(self.root)

    def setUp(self):
        super().setUp()
        self.put("src/modules/meson.build", ROWS)
        self.put("src/modules/org/org.h", "")
        self.put("src/modules/org/org_store.h", "")
        self.put("src/modules/catalog/catalog.h", "")
        self.put("src/base/str.h", "")
        self.put("src/http/route.h", "")
        self.put("src/http/http_priv.h", "")

    def test_what_is_allowed_is_silent(self):
        self.put("src/modules/catalog/catalog.c", '#include "modules/org/org.h"\n#include "http/route.h"\n#include "catalog_sql.h"\n')
        self.put("src/app/main.c", '#include "modules/org/org.h"\n#include "all_data.h"\n')
        self.assertEqual(self.check(), [])

    def test_a_private_header_of_another_module_is_named(self):
        self.put("src/modules/catalog/catalog.c", '/* x */\n#include "modules/org/org_store.h"\n')
        self.assertEqual(self.check(), ["src/modules/catalog/catalog.c:2: org's private header (modules/org/org_store.h)"])

    def test_layers_only_look_down(self):
        self.put("src/base/str.c", '#include "http/route.h"\n')
        self.put("src/http/run.c", '#include "modules/org/org.h"\n')
        self.put("src/modules/org/org.c", '#include "http/http_priv.h"\n#include "catalog_sql.h"\n')
        text = "\n".join(self.check())
        for part in ("base must not use http", "http must not use modules", "http's private header", "catalog's statements"):
            self.assertIn(part, text)

    def test_a_module_uses_only_the_modules_of_its_row(self):
        self.put("src/modules/org/org.c", '#include "modules/catalog/catalog.h"\n')
        self.assertIn("catalog is not in org's row", self.check()[0])
        self.put("src/modules/meson.build", ROWS.replace("['org', [],", "['org', ['catalog'],"))
        self.assertIn("org uses catalog, which does not stand above it", self.check()[0])

    def test_modules_have_no_variables_that_change(self):
        good = ["static const char *const names[] = { 0 };", "const struct record X = { 1 };", "extern const struct module m;",
                "static int f(int x);", "static const struct {\n    int a;\n} t[] = { { 1 } };", "enum { A, B };"]
        bad = ["static int64_t count;", "static const char *name = 0;", "static char buf[10];", "static const char *names[] = { 0 };",
               "static _Thread_local int x = 1;", "static struct list all = { 0 };"]
        for decl in good + bad:
            self.put("src/modules/org/org.c", decl + "\n")
            self.assertEqual(len(self.check()), int(decl in bad), decl)


class Banned(Tree):
    def faults(self, path, text):
        self.put(path, text)
        return check_banned.check(self.root)

    def test_banned_functions_are_found_and_owners_are_free(self):
        code = "void f(void)\n{\n    p = malloc(1); /* malloc(2) */\n    x->free(p);\n}\n"
        self.assertEqual(self.faults("src/http/run.c", code), ["src/http/run.c:3: malloc is banned outside src/base and src/db"])
        self.put("src/http/run.c", "")
        self.assertEqual(self.faults("src/base/arena.c", code), [])
        self.assertEqual(len(self.faults("src/base/arena.c", "int n = sprintf(b, x);\n")), 1)

    def test_words_that_do_not_belong_here_are_found(self):
        for text in ("TO" + "DO: later", "see /" + "home/anna/x", "issue #" + "12", "a st" + "ub"):
            self.assertEqual(len(self.faults("docs/a.md", text + "\n")), 1, text)
        self.assertEqual(self.faults("docs/a.md", "the session ends after 30 minutes\n"), [])
        self.assertEqual(len(self.faults("src/db/db.c", "/* found in an earlier session */\n")), 1)


class Messages(Tree):
    HEAD = 'msgid ""\nmsgstr ""\n\n'

    def setUp(self):
        super().setUp()
        self.put("src/modules/org/zh_CN.po", self.HEAD + 'msgid "org.name_taken"\nmsgstr "已有%1"\n')
        self.put("src/modules/org/en.po", self.HEAD + 'msgid "org.name_taken"\nmsgstr "%1 is there"\n\nmsgid "首页"\nmsgstr "Home"\n')

    def test_complete_catalogues_are_silent(self):
        self.put("web/partials/head.html", "{{t:首页}} {{t:org.name_taken|name}}")
        self.assertEqual(check_messages.check(self.root), [])

    def test_missing_texts_name_file_and_line(self):
        self.put("web/partials/head.html", "{{t:首页}}\n{{t:下一页}}{{t:Next}}")
        self.put("src/modules/org/org.c", 'x = cx_invalid(cx, "name", "org.no_such");\ny = (struct r){ .title = "部门" };\n')
        text = "\n".join(check_messages.check(self.root))
        for part in ("head.html:2: '下一页' has no English", "head.html:2: 'Next' is neither", "org.c:1: 'org.no_such' has no Chinese",
                     "org.c:2: '部门' has no English", "nothing uses 'org.name_taken'"):
            self.assertIn(part, text)

    def test_texts_in_tables_and_words_after_a_prefix_are_used(self):
        self.put("web/partials/head.html", "{{t:org.name_taken|name}}")
        self.put("src/modules/org/org.c", 'static const struct row rows[] = { { "x", "首页" } };\nput(a, "org.kind." F, word);\n')
        for name in ("zh_CN", "en"):
            path = self.root / f"src/modules/org/{name}.po"
            path.write_text(path.read_text(encoding="utf-8") + '\nmsgid "org.kind.organ"\nmsgstr "a"\n', encoding="utf-8")
        self.assertEqual(check_messages.check(self.root), [])

    def test_words_of_closed_lists_need_a_text_each(self):
        self.put("src/modules/org/org.c", 'static const char *const kinds[] = { "organ", "", NULL };\n'
                 'FIELD_WORD(struct b, kind, kinds, "org.kind"),\n')
        self.put("web/partials/head.html", "{{t:首页}} {{t:org.name_taken|name}}")
        self.assertEqual([f.split(": ")[1] for f in check_messages.check(self.root)], ["'org.kind.organ' has no Chinese text"])

    def test_languages_use_the_same_arguments(self):
        self.put("src/modules/org/en.po", self.HEAD + 'msgid "org.name_taken"\nmsgstr "taken"\n')
        self.assertIn("different arguments", "\n".join(check_messages.check(self.root)))


class Sizes(Tree):
    def test_nesting_counts_control_statements(self):
        for body, depth in (("{ a(); }", 0), ("{ if (x) a(); }", 1), ("{ for (;;) if (x) { while (y) a(); } b(); }", 3),
                            ("{ if (a) b(); else if (c) d(); else e(); }", 1), ("{ switch (x) { case 1: if (y) z(); break; default: } }", 2),
                            ("{ do { if (x) y(); } while (z); }", 2), ("{ struct s v = { .a = { 1 } }; f((struct t){ 2 }); }", 0)):
            self.assertEqual(check_sizes.nesting(body), depth, body)

    def test_a_prototype_needs_a_contract(self):
        text = ("/* What it does. */\nint a(void);\nint b(void);\n\nint c(void);\nint d(int x); /* said here */\n\n"
                "static inline int e(void)\n{\n    return 1;\n}\nextern const struct record R;\n")
        self.assertEqual(list(check_sizes.uncommented(text)), [(5, "c")])

    def test_only_long_functions_goto_and_missing_contracts_fail(self):
        self.put("src/http/a.c", "int f(int a, int b)\n{\n" + "    a++;\n" * 130 + "    goto end;\nend:\n    return a;\n}\n")
        self.put("src/http/a.h", "int f(int a, int b);\n")
        files = csource.tracked(self.root, "src/*.c", "src/*.h")
        faults = list(check_sizes.faults(self.root, files, list(check_sizes.functions(self.root, files))))
        self.assertEqual(len(faults), 3)
        self.assertIn("src/http/a.c:1: f has 136 lines", faults[0])


class Format(Tree):
    def test_layout_rules_are_found_and_blanks_mended(self):
        self.put("src/base/a.c", '/* a.c - x. */\nint f(char* p) {\n    if(p)\n        return 1; // no\n    return "//" != 0;  \n}\n\n\n\n')
        text = "\n".join(check_format.check(self.root))
        for part in ("a.c:1: blanks", "a.c:2: the brace", "a.c:2: the *", "a.c:3: a blank", "a.c:4: comments"):
            self.assertIn(part, text)
        self.assertNotIn("a.c:5", text)
        check_format.check(self.root, fix=True)
        self.assertNotIn("blanks", "\n".join(check_format.check(self.root)))

    def test_a_file_says_what_it_is(self):
        self.put("src/base/a.h", "#pragma once\n")
        self.assertIn("first line", check_format.check(self.root)[0])


class Counting(unittest.TestCase):
    def test_cmocka_tests_are_counted_one_by_one(self):
        out = ("[ RUN      ] a\n[       OK ] a\n[ RUN      ] b\n[  SKIPPED ] b\n[ RUN      ] c\n[  FAILED  ] c\n[ RUN      ] d\n"
               "[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] c\n")
        t = counter.read_result("db", out, False)
        self.assertEqual((t.passed, t.skipped, t.failed), (["db: a"], ["db: b"], ["db: c", "db: d"]))
        self.assertEqual(t.line(), "1 passed, 2 failed, 1 skipped")

    def test_a_test_that_runs_once_for_each_database_counts_twice(self):
        out = "[ RUN      ] a\n[  FAILED  ] a\n[ RUN      ] a\n[       OK ] a\n[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] a\n"
        self.assertEqual(counter.read_result("db", out, False).line(), "1 passed, 1 failed")

    def test_unittest_and_tap_are_counted(self):
        t = counter.read_result("sql", "FAIL: test_b (x.Y)\n----\nRan 3 tests in 0.1s\n\nFAILED (failures=1)\n", False)
        self.assertEqual((len(t.passed), t.failed), (2, ["sql: test_b"]))
        t = counter.read_result("browser", "ok 1 - home\nnot ok 2 - item\nok 3 - x # skip none\n", False)
        self.assertEqual((len(t.passed), len(t.failed), len(t.skipped)), (1, 1, 1))

    def test_a_program_that_ends_badly_never_counts_as_passed(self):
        self.assertEqual(counter.read_result("x", "[ RUN      ] a\n[       OK ] a\n", False).line(), "1 passed, 1 failed")
        self.assertEqual(counter.read_result("x", "", False).line(), "0 passed, 1 failed")
        self.assertEqual(counter.read_result("x", "", True).line(), "1 passed, 0 failed")

    def test_the_log_of_meson_is_read(self):
        log = "\n".join(json.dumps({"name": n, "stdout": "", "stderr": "", "result": r, "duration": 0.1})
                        for n, r in (("a", "OK"), ("b", "TIMEOUT"), ("c", "SKIP")))
        with contextlib.redirect_stdout(io.StringIO()):
            totals = counter.read_meson_log(log)
        self.assertEqual(totals.line(), "1 passed, 1 failed, 1 skipped")


if __name__ == "__main__":
    unittest.main()
