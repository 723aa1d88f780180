#!/usr/bin/env python3
"""test_new_module.py - a new module is complete, passes every check and compiles; a bad name changes nothing."""
import shutil
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
from csource import ROOT, tracked  # noqa: E402

NAME = "newborn"


class NewModule(unittest.TestCase):
    def setUp(self):
        tmp = tempfile.TemporaryDirectory()
        self.addCleanup(tmp.cleanup)
        self.root = Path(tmp.name).resolve()
        for path in tracked(ROOT, "src", "tools", "web/partials", "web/*.po", "test/check.h"):
            to = self.root / path.relative_to(ROOT)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)
        subprocess.run(["git", "init", "-q", str(self.root)], check=True)

    def run_tool(self, name):
        return subprocess.run(["tools/new_module.sh", name], cwd=self.root, capture_output=True, text=True, check=False)

    def state(self):
        return {p.relative_to(self.root): p.read_bytes() for p in tracked(self.root)}

    def test_it_stands_in_both_lists_and_passes_the_checks(self):
        self.assertEqual(self.run_tool(NAME).returncode, 0)
        self.assertIn(NAME, check_includes.module_rows(self.root))
        table = (self.root / "src/app/modules.c").read_text(encoding="utf-8")
        self.assertIn(f"    &{NAME}_module,\n}};", table)
        self.assertIn(f'#include "modules/{NAME}/{NAME}.h"\n', table)
        faults = [*check_includes.check(self.root), *check_banned.check(self.root), *check_format.check(self.root),
                  *check_messages.check(self.root)]
        self.assertEqual([f for f in faults if NAME in f], [])

    def test_it_compiles(self):
        self.run_tool(NAME)
        folder, made = self.root / "src/modules" / NAME, self.root / "made"
        made.mkdir()
        for tool, outs, files in (
                ("gen_sql.py", [NAME, f"made/{NAME}_sql.h", f"made/{NAME}_sql.c"], folder.glob("*.sql")),
                ("gen_tmpl.py", ["made/all_tmpl.h", "made/all_tmpl.c"], folder.glob("*.html"))):
            subprocess.run([sys.executable, f"tools/{tool}", *outs, *map(str, files)], cwd=self.root, check=True)
        done = subprocess.run(["cc", "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wshadow", "-Wmissing-prototypes", "-Werror",
                               "-fsyntax-only", "-Isrc", "-Imade", *map(str, folder.glob("*.c"))], cwd=self.root,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")

    def test_bad_and_taken_names_change_nothing(self):
        before = self.state()
        for name in ("", "Org", "org", "http", "a-b", "x" * 30, "2nd"):
            done = self.run_tool(name)
            self.assertNotEqual(done.returncode, 0, name)
            self.assertIn("new_module.sh:", done.stderr)
        self.assertEqual(self.state(), before)


if __name__ == "__main__":
    unittest.main()
