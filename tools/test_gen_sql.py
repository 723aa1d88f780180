#!/usr/bin/env python3
"""test_gen_sql.py - the dialect rewriting and the refusals of gen_sql.py."""
import hashlib
import os
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gen_sql  # noqa: E402


class GenSql(unittest.TestCase):
    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory()
        self.addCleanup(self.tmp.cleanup)

    def put(self, name, text):
        path = os.path.join(self.tmp.name, name)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        return path

    def statements(self, text):
        found = {}
        gen_sql.read_statements(self.put('m.sql', text), found)
        return found

    def sqlite(self, sql):
        return self.statements('-- name: x\n' + sql)['x'].sqlite.strip()

    def step(self, text):
        return gen_sql.Step(self.put('001_start.sql', text))

    def refused(self, text, message):
        with self.assertRaises(gen_sql.SqlError) as e:
            self.statements(text)
        self.assertIn(message, str(e.exception))

    def test_arguments_are_numbered_for_sqlite_and_counted(self):
        s = self.statements('-- name: x\nSELECT a FROM t WHERE b = $2 AND c = $1 AND d = $1\n')['x']
        self.assertEqual(s.args, 2)
        self.assertEqual(s.sqlite.strip(), 'SELECT a FROM t WHERE b = ?2 AND c = ?1 AND d = ?1')
        self.assertIn('$2', s.pg)

    def test_types_and_truth_values_are_rewritten_but_not_in_texts(self):
        self.assertEqual(self.sqlite("SELECT CAST($1 AS BIGINT), true, 'true $2 LIKE', \"bigint\" FROM t"),
                         "SELECT CAST(?1 AS INTEGER), 1, 'true $2 LIKE', \"bigint\" FROM t")

    def test_update_locks_are_dropped_for_sqlite(self):
        self.assertEqual(self.sqlite('SELECT id FROM t WHERE id = $1 FOR UPDATE;'), 'SELECT id FROM t WHERE id = ?1')
        self.assertEqual(self.sqlite('SELECT id FROM t LIMIT 1\nFOR UPDATE SKIP LOCKED'), 'SELECT id FROM t LIMIT 1')

    def test_tables_become_strict_and_composite_keys_lose_the_rowid(self):
        s = self.step('CREATE TABLE a (id BIGINT PRIMARY KEY, ok BOOLEAN NOT NULL DEFAULT false, b BYTEA);\n'
                      '-- children\nCREATE TABLE c (a BIGINT REFERENCES a (id), n INTEGER,\n'
                      '  PRIMARY KEY (a, n), CHECK (n > 0));\nCREATE INDEX c_n ON c (n);\n')
        self.assertIn('id INTEGER PRIMARY KEY, ok INTEGER NOT NULL DEFAULT 0, b BLOB) STRICT;', s.sqlite)
        self.assertIn('CHECK (n > 0)) STRICT, WITHOUT ROWID;', s.sqlite)
        self.assertNotIn('children', s.sqlite + s.pg)
        self.assertNotIn('STRICT', s.pg)
        db = sqlite3.connect(':memory:')
        db.executescript(s.sqlite)
        db.execute("INSERT INTO a (id) VALUES (1)")
        self.assertEqual(db.execute('SELECT ok FROM a').fetchone(), (0,))

    def test_a_key_of_one_column_keeps_the_rowid(self):
        self.assertNotIn('ROWID', self.step('CREATE TABLE a (k TEXT, v TEXT, PRIMARY KEY (k));').sqlite)

    def test_a_step_carries_the_digest_of_its_text(self):
        text = 'CREATE TABLE a (id BIGINT PRIMARY KEY);\n'
        self.assertEqual(self.step(text).hash, hashlib.new('sm3', text.encode()).hexdigest())

    def test_steps_are_sorted_by_number_and_numbers_are_unique(self):
        two = self.put('002_more.sql', 'CREATE TABLE b (id BIGINT PRIMARY KEY);')
        one = self.put('001_start.sql', 'CREATE TABLE a (id BIGINT PRIMARY KEY);')
        self.assertEqual([s.name for s in gen_sql.read_steps([two, one])], ['001_start', '002_more'])
        again = self.put('002_again.sql', 'CREATE TABLE c (id BIGINT PRIMARY KEY);')
        with self.assertRaises(gen_sql.SqlError):
            gen_sql.read_steps([two, again])

    def test_engines_may_have_their_own_text(self):
        s = self.statements('-- name: x @sqlite\nSELECT 1\n-- name: x @postgres\nSELECT 2\n-- name: y @sqlite\nSELECT 3\n')
        self.assertEqual((s['x'].sqlite.strip(), s['x'].pg.strip(), s['y'].pg), ('SELECT 1', 'SELECT 2', None))

    def test_every_refusal_names_file_and_line(self):
        self.refused('-- name: x\nSELECT 1\nFROM t WHERE a LIKE $1', 'm.sql:3: LIKE')
        self.refused('-- name: x\nSELECT 1 LIMIT 1 OFFSET 5', 'm.sql:2: OFFSET')
        self.refused('-- name: x\nSELECT $1::text', 'm.sql:2: a ::cast')
        self.refused('-- name: x\nSELECT $1, $3', 'm.sql:1: $2 is not used')
        self.refused('-- name: x\nSELECT 1\n-- name: x\nSELECT 2', 'm.sql:3: x is there twice')
        self.refused('-- name: x\nSELECT 1\n-- name: x @sqlite\nSELECT 2', 'm.sql:3: x is there twice')
        self.refused('-- name: x @sqlite\nSELECT 1\n-- name: x @postgres\nSELECT $1', 'm.sql:3: x has 1 arguments')
        self.refused('SELECT 1', 'm.sql:1: text before')
        self.refused('-- name: X y\nSELECT 1', 'm.sql:1: "X y" is not a name')
        self.refused('-- name: x\n-- nothing\n', 'm.sql:1: statement is empty')
        self.refused('-- name: x\nSELECT 1; SELECT 2', 'm.sql:2: second statement')
        self.refused("-- name: x\nSELECT 'open", "m.sql:2: stray '")
        self.refused("-- name: x\nSELECT 'a\n\nb'", 'm.sql:2: a text must end')
        with self.assertRaises(gen_sql.SqlError):
            self.step('CREATE TABLE a AS SELECT 1; CREATE TABLE b (c TEXT);')
        with self.assertRaises(gen_sql.SqlError):
            self.step('DELETE FROM t WHERE a = $1;')
        with self.assertRaises(gen_sql.SqlError):
            self.step('CREATE TABLE a (id BIGINT PRIMARY KEY) STRICT;')

    def test_c_text_has_one_line_per_line_of_sql(self):
        h, c = gen_sql.generate('m', [self.put('m.sql', '-- name: x\n-- why\nSELECT "a"\n\nFROM t\n')], [])
        self.assertIn('extern const struct sql sql_x;', h)
        self.assertIn('"SELECT \\"a\\"\\n"\n', c)
        self.assertIn('"FROM t"', c)
        self.assertIn('const size_t m_nsql = 1;', c)
        self.assertIn('const size_t m_nschema = 0;', c)
        self.assertNotIn('why', c)


if __name__ == '__main__':
    unittest.main()
