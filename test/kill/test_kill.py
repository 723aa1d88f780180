#!/usr/bin/env python3
"""test_kill.py - the program is killed again and again while eight people apply; what was acknowledged is there, whole.

usage: test_kill.py TONGBAN [SUBMISSIONS [KILLS]]     nothing here depends on time but the patience of the clients
"""
import http.client
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

THREADS, PATIENCE_S = 8, 50
ITEM = '11522627MB0A00018A4000131002000'
PAGES = [('contact', {'phone': '13800000000', 'address-division': '522627001001', 'address': '凤城路1号'}),
         ('matter', {'matter': '开一家小店'}),
         ('service', {'service_way': 'online', 'service_consent': '1', 'truth': '1'})]


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Program:
    """The program under test: parent and worker."""

    def __init__(self, binary, folder):
        self.binary, self.folder, self.port = binary, folder, free_port()
        self.config = os.path.join(folder, 'conf')
        with open(self.config, 'w', encoding='utf-8') as f:
            f.write('writes_per_minute = 1000000\n')
        self.log = open(os.path.join(folder, 'log'), 'wb')
        self.process, self.stopping, self.lock, self.starts = None, False, threading.Lock(), 0
        self.own_ends = 0 # ended without being killed

    def keep(self):
        """What a service manager does: whatever was killed is started again. It never ends by itself: a worker that still holds the
        port is waited for."""
        while not self.stopping:
            with self.lock:
                if not self.stopping and self.process.poll() is not None:
                    self.own_ends += self.process.returncode >= 0
                    self.start()
            time.sleep(0.05)

    def start(self):
        self.starts += 1
        self.process = subprocess.Popen(
            [self.binary, 'serve', '--demo', '--data', os.path.join(self.folder, 'data'), '--config', self.config,
             '--listen', f'127.0.0.1:{self.port}'], stdout=self.log, stderr=self.log)

    def worker(self):
        with open(f'/proc/{self.process.pid}/task/{self.process.pid}/children', encoding='ascii') as f:
            return [int(p) for p in f.read().split()]

    def kill(self, parent_too):
        """kill -9; the parent starts the worker again, keep() the parent."""
        with self.lock:
            if self.process.poll() is not None:
                return
            workers = self.worker()
            if parent_too:
                self.process.kill()
            for p in workers:
                try:
                    os.kill(p, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if parent_too:
                self.process.wait()
                self.start()

    def stop(self):
        self.stopping = True
        with self.lock:
            if self.process and self.process.poll() is None:
                self.process.terminate()
                self.process.wait()


class Citizen(threading.Thread):
    """Registers, then applies until enough cases are acknowledged."""

    def __init__(self, program, nth, shared):
        super().__init__(daemon=True)
        self.program, self.nth, self.shared = program, nth, shared
        self.cookies, self.csrf, self.connection = {}, '', None

    def ask(self, method, path, form=None):
        """One request, again and again until it is answered with something else than 503."""
        while time.monotonic() < self.shared['until']:
            try:
                answer = self.ask_once(method, path, form)
                if answer[0] != 503:
                    return answer
            except (OSError, http.client.HTTPException):
                self.connection = None
            time.sleep(0.02)
        raise TimeoutError(path)

    def ask_once(self, method, path, form):
        if not self.connection:
            self.connection = http.client.HTTPConnection('127.0.0.1', self.program.port, timeout=10)
        body = urllib.parse.urlencode({**form, '_csrf': self.csrf}) if form is not None else None
        headers = {'Cookie': '; '.join(f'{k}={v}' for k, v in self.cookies.items()), 'Accept': 'text/html'}
        if body:
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
        self.connection.request(method, path, body, headers)
        r = self.connection.getresponse()
        text = r.read().decode()
        for k, v in r.getheaders():
            if k.lower() == 'set-cookie':
                name, value = v.split(';')[0].split('=', 1)
                self.cookies[name] = value
        found = re.search(r'name="_csrf" value="([^"]*)"', text)
        self.csrf = found.group(1) if found else self.csrf
        return r.status, r.getheader('Location') or '', text

    def register(self):
        body = f'5226271990010180{self.nth}'
        code = body + '10X98765432'[sum(int(d) * 2 ** (17 - i) for i, d in enumerate(body)) % 11]
        self.ask('GET', '/register')
        status, _, text = self.ask('POST', '/register', {'kind': 'person', 'code': code, 'name': f'试用人{self.nth}',
                                                         'password': 'correct-horse-1', 'again': 'correct-horse-1'})
        assert status == 303, (status, re.findall(r'error-message[^>]*>([^<]*)', text))
        self.ask('GET', '/sign-in')

    def apply(self):
        status, location, _ = self.ask('POST', f'/items/{ITEM}/apply', {})
        assert status == 303 and location.startswith('/apply/'), (status, location)
        for group, form in PAGES:
            status, _, text = self.ask('POST', f'{location}/page/{group}', form)
            assert status in (303, 409), (group, status, text[:300])
        status, location, text = self.ask('POST', f'{location}/submit', {})
        assert status == 303, (status, text[:300])
        return location.split('/')[2]

    def run(self):
        try:
            self.register()
            self.shared['ready'].wait()
            while len(self.shared['acknowledged']) < self.shared['wanted']:
                self.shared['acknowledged'].append(self.apply())
        except Exception as e:  # the main thread tells
            self.shared['failed'].append(repr(e))


def kill_at_random(program, shared, kills):
    step = shared['wanted'] // (kills + 1)
    for k in range(kills):
        at = k * step + random.randrange(1, step + 1)
        while len(shared['acknowledged']) < at and not shared['failed'] and time.monotonic() < shared['until']:
            time.sleep(0.001)
        time.sleep(random.random() * 0.05)
        program.kill(parent_too=k % 2 == 1)


WHOLE = '''SELECT c.no,
  (SELECT COUNT(*) FROM cases_task t WHERE t.case_id = c.id AND t.state = 'open'),
  (SELECT COUNT(*) FROM cases_document d WHERE d.case_id = c.id AND d.kind = 'receipt' AND d.number = c.no),
  (SELECT COUNT(*) FROM ledger l WHERE l.root = c.id AND l.kind = 'case.received'),
  (SELECT COUNT(*) FROM ledger l JOIN ledger_detail x ON x.entry = l.id WHERE l.root = c.id),
  (SELECT COUNT(*) FROM cases_message m WHERE m.case_id = c.id),
  (SELECT COUNT(*) FROM cases_draft d WHERE d.case_id = c.id),
  c.due_on IS NOT NULL FROM cases_case c'''


def check(binary, folder, acknowledged):
    db = sqlite3.connect(os.path.join(folder, 'data/tongban.db'))
    rows = {r[0]: r[1:] for r in db.execute(WHOLE)}
    assert len(set(acknowledged)) == len(acknowledged), 'a number was given twice'
    missing = [n for n in acknowledged if n not in rows]
    assert not missing, f'acknowledged and lost: {missing}'
    half = {n: r for n, r in rows.items() if r != (1, 1, 1, 1, 1, 1, 1)}
    assert not half, f'half cases: {half}'
    for table, column in (('cases_task', 'case_id'), ('cases_document', 'case_id'), ('cases_message', 'case_id')):
        assert not db.execute(f'SELECT 1 FROM {table} WHERE {column} NOT IN (SELECT id FROM cases_case)').fetchone(), table
    assert db.execute('PRAGMA integrity_check').fetchone()[0] == 'ok'
    assert not db.execute('PRAGMA foreign_key_check').fetchall()
    db.close()
    done = subprocess.run([binary, 'ledger', 'verify', '--data', os.path.join(folder, 'data')], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return len(rows)


def main():
    binary = os.path.abspath(sys.argv[1])
    wanted, kills = int(sys.argv[2]) if len(sys.argv) > 2 else 1000, int(sys.argv[3]) if len(sys.argv) > 3 else 10
    folder = tempfile.mkdtemp(prefix='tongban-kill-')
    program = Program(binary, folder)
    shared = {'acknowledged': [], 'failed': [], 'wanted': wanted, 'ready': threading.Event(), 'until': time.monotonic() + PATIENCE_S}
    try:
        program.start()
        threading.Thread(target=program.keep, daemon=True).start()
        people = [Citizen(program, n + 1, shared) for n in range(THREADS)]
        for p in people:
            p.start()
        shared['ready'].set()
        kill_at_random(program, shared, kills)
        for p in people:
            p.join(PATIENCE_S)
        assert not shared['failed'], shared['failed']
        assert len(shared['acknowledged']) >= wanted, 'too slow'
        program.stop()
        assert not program.own_ends, f'the program ended by itself {program.own_ends} times'
        total = check(binary, folder, shared['acknowledged'])
        print(f'{kills} kills, {len(shared["acknowledged"])} acknowledged, {total} cases, all whole; '
              f'{program.starts} starts; the ledger verifies')
    finally:
        program.stop()
        program.log.close()
        if not os.environ.get('KEEP'):
            shutil.rmtree(folder)


if __name__ == '__main__':
    main()
