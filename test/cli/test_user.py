#!/usr/bin/env python3
"""test_user.py - people from the shell: `tongban user` adds them, gives roles that do not clash, and passwords that sign in.

usage: test_user.py TONGBAN
"""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

PROGRAM = ''
BODY = '12522627MB0A0035XD'


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class User(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix='tongban-user-')
        cls.data = os.path.join(cls.folder, 'data')
        subprocess.run([PROGRAM, 'demo', '--data', cls.data], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def user(self, *words):
        return subprocess.run([PROGRAM, 'user', *words, '--data', self.data], capture_output=True, text=True, check=False)

    def refused(self, words, reason):
        done = self.user(*words)
        self.assertEqual(done.returncode, 1, words)
        self.assertEqual(done.stdout, '')
        self.assertIn(reason, done.stderr)

    def signs_in(self, login, password):
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            address = f'127.0.0.1:{s.getsockname()[1]}'
        with subprocess.Popen([PROGRAM, 'serve', '--single', '--data', self.data, '--listen', address], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True) as server:
            try:
                self.assertIn('listening', server.stdout.readline())
                return self.form_sent(f'http://{address}/sign-in', {'login': login, 'password': password})
            finally:
                server.terminate()

    @staticmethod
    def form_sent(url, fields):
        opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPCookieProcessor())
        token = re.search(r'name="_csrf" value="([^"]+)"', opener.open(url).read().decode()).group(1)
        try:
            return opener.open(url, urllib.parse.urlencode({**fields, '_csrf': token}).encode()).status
        except urllib.error.HTTPError as e:
            return e.code

    def test_somebody_added_signs_in_with_the_password_that_was_printed(self):
        done = self.user('add', 'first1', '示例管理员', BODY)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertRegex(done.stdout, r'^[2-9A-Z]{14}\n$')
        self.assertEqual(self.signs_in('first1', done.stdout.strip()), 303)
        again = self.user('password', 'first1').stdout.strip()
        self.assertEqual(self.signs_in('first1', done.stdout.strip()), 401)
        self.assertEqual(self.signs_in('first1', again), 303)

    def test_what_is_wrong_is_said_and_changes_nothing(self):
        self.assertEqual(self.user('add', 'second1', '示例', BODY).returncode, 0)
        self.refused(['add', 'second1', '示例', BODY], '已经有了')
        self.refused(['add', 'A b', '示例', BODY], '小写字母')
        self.refused(['add', '1' * 18, '示例', BODY], '不能正好18个')
        self.refused(['add', 'third1', '示例', '999'], '没有这个单位')
        self.refused(['password', 'third1'], '没有这个登录名')
        self.refused(['role', 'second1', 'king'], '没有这个岗位')
        self.refused(['role', 'third1', 'clerk'], '没有这个登录名')
        self.refused(['add', 'second1'], 'usage')
        self.refused([], 'usage')

    def test_roles_that_clash_are_not_given(self):
        self.user('add', 'fourth1', '示例', BODY)
        self.assertEqual(self.user('role', 'fourth1', 'system_admin').returncode, 0)
        self.refused(['role', 'fourth1', 'audit_admin'], '三个人')
        self.assertEqual(self.user('role', 'fourth1', 'system_admin', 'end').returncode, 0)
        self.assertEqual(self.user('role', 'fourth1', 'audit_admin').returncode, 0)


if __name__ == '__main__':
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
