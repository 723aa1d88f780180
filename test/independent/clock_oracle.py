"""Independent calculation of legal dates: walks day by day over holidays.csv, no prefix sums, no spans.

Makes random limits with a fixed seed, asks the C calendar (calendar_lines) the same questions and compares.
It also answers the table of the acceptance stories, so that the oracle itself is held to something written by hand.

Usage: clock_oracle.py CALENDAR_LINES HOLIDAYS.CSV STORY-DATES.TXT
"""
import csv
import datetime as dt
import random
import subprocess
import sys

DAY = dt.timedelta(days=1)


class Unknown(Exception):
    """A year without holiday notice is needed."""


class Oracle:
    def __init__(self, path):
        with open(path, encoding="utf-8-sig", newline="") as f:
            self.rows = {dt.date.fromisoformat(r["date"]): r["type"] for r in csv.DictReader(f)}
        self.years = {d.year for d in self.rows if d.month == 10}

    def works(self, d):
        if d.year not in self.years:
            raise Unknown(d)
        said = self.rows.get(d)
        return said == "workday" if said else d.isoweekday() <= 5

    def roll(self, d, out):
        while not self.works(d) or d in out:
            d += DAY
        return d

    def wd(self, start, n, out):
        d = start
        while n:
            d += DAY
            if self.works(d) and d not in out:
                n -= 1
        return self.roll(d, out)

    def cd(self, start, n, out, rolled=True):
        d = start
        while n:
            d += DAY
            if d not in out:
                n -= 1
        return self.roll(d, out) if rolled else d

    def months(self, start, n, out):
        y, m = divmod(start.year * 12 + start.month - 1 + n, 12)
        day = start.day
        while True:
            try:
                return self.roll(dt.date(y, m + 1, day), out)
            except ValueError:
                day -= 1

    def used(self, start, end, out):
        n, d = 0, start
        while d < end:
            d += DAY
            if self.works(d) and d not in out:
                n += 1
        return n

    def yellow(self, start, n, out):
        d, used = start, 0
        while not (n - used <= 1 or used * 10 >= n * 9):
            d += DAY
            if self.works(d) and d not in out:
                used += 1
        return d

    def answer(self, line):
        _, op, start, arg, excluded = line.split(",")[:5]
        start, out = dt.date.fromisoformat(start), set()
        for span in excluded.split():
            first, last = map(dt.date.fromisoformat, span.split(".."))
            while first <= last:
                out.add(first)
                first += DAY
        try:
            if op == "USED":
                return str(self.used(start, dt.date.fromisoformat(arg), out))
            count = {"WD": self.wd, "CD": self.cd, "YELLOW": self.yellow, "MONTHS": self.months}[op]
            return count(start, int(arg), out).isoformat()
        except Unknown:
            return "unknown"


def random_line(rnd, i):
    op = rnd.choice(["WD", "WD", "CD", "USED", "YELLOW", "MONTHS"])
    start = dt.date(2003, 12, 20) + DAY * rnd.randrange(8420)  # to early 2027, so that unknown years occur
    spans = []
    for _ in range(rnd.choice([0, 0, 1, 2, 4])):
        first = start + DAY * rnd.randrange(-5, 60)
        spans.append(f"{first}..{first + DAY * rnd.randrange(-1, 25)}")
    if op == "USED":
        arg = str(start + DAY * rnd.randrange(-3, 120))
    else:
        arg = str(rnd.randrange(0, 13 if op == "MONTHS" else 70))
    return f"random {i},{op},{start},{arg},{'' if op == 'MONTHS' else ' '.join(spans)},"


def main():
    tool, holidays, stories = sys.argv[1:]
    oracle, rnd, wrong = Oracle(holidays), random.Random(20260428), 0
    with open(stories, encoding="utf-8") as f:
        told = [line.strip() for line in f if line.strip()]
    for line in told:
        if oracle.answer(line) != line.split(",")[5]:
            print("the oracle differs from the stories:", line, oracle.answer(line))
            wrong += 1
    lines = told + [random_line(rnd, i) for i in range(2000)]
    got = subprocess.run([tool, holidays], input="\n".join(lines) + "\n", text=True, check=True,
                         capture_output=True).stdout.split()
    if len(got) != len(lines):
        sys.exit(f"asked {len(lines)} questions, got {len(got)} answers")
    kinds = {}
    for line, answer in zip(lines, got):
        want = oracle.answer(line)
        kinds[want == "unknown"] = kinds.get(want == "unknown", 0) + 1
        if answer != want:
            print(f"{line} C says {answer}, the oracle {want}")
            wrong += 1
    print(f"{len(lines)} questions, {kinds.get(True, 0)} of them beyond the known years, {wrong} differences")
    sys.exit(1 if wrong or not kinds.get(True) else 0)


if __name__ == "__main__":
    main()
