/* time.c - calendar arithmetic and its texts. */
#include "base/time.h"

#include <time.h>

enum { CHINA_MS = 8 * 3600 * 1000 };

struct day day_of(struct civil c)
{
    int y = c.month <= 2 ? c.year - 1 : c.year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return (struct day){ era * 146097 + doe - 719468 };
}

struct civil day_civil(struct day d)
{
    int z = d.n + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;
    return (struct civil){ yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1 };
}

int day_weekday(struct day d)
{
    int w = (d.n + 3) % 7; /* 1970-01-01 was a Thursday */
    return (w < 0 ? w + 7 : w) + 1;
}

bool civil_ok(struct civil c)
{
    if (c.year < 1900 || c.year > 2200 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31)
        return false;
    struct civil back = day_civil(day_of(c));
    return back.month == c.month && back.day == c.day;
}

static bool digits(struct str s, size_t from, size_t n, int *out)
{
    int64_t v;
    if (s.n < from + n || !str_i64(str_sub(s, from, n), 0, 9999, &v))
        return false;
    *out = (int)v;
    return true;
}

bool day_parse(struct str s, struct day *out)
{
    struct civil c;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
        return false;
    if (!digits(s, 0, 4, &c.year) || !digits(s, 5, 2, &c.month) || !digits(s, 8, 2, &c.day) || !civil_ok(c))
        return false;
    *out = day_of(c);
    return true;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct day day_at(int64_t ms)
{
    return (struct day){ (int32_t)floor_div(ms + CHINA_MS, DAY_MS) };
}

int64_t day_start(struct day d)
{
    return d.n * DAY_MS - CHINA_MS;
}

static int64_t read_clock(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t time_now(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t time_mono(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static void buf_two(struct buf *b, int v)
{
    buf_char(b, (char)('0' + v / 10 % 10));
    buf_char(b, (char)('0' + v % 10));
}

void buf_day(struct buf *b, struct day d)
{
    struct civil c = day_civil(d);
    buf_two(b, c.year / 100);
    buf_two(b, c.year);
    buf_char(b, '-');
    buf_two(b, c.month);
    buf_char(b, '-');
    buf_two(b, c.day);
}

static void buf_clock(struct buf *b, int seconds)
{
    buf_two(b, seconds / 3600);
    buf_char(b, ':');
    buf_two(b, seconds / 60 % 60);
    buf_char(b, ':');
    buf_two(b, seconds % 60);
}

void buf_when(struct buf *b, int64_t ms)
{
    struct day d = day_at(ms);
    buf_day(b, d);
    buf_char(b, 'T');
    buf_clock(b, (int)((ms - day_start(d)) / 1000));
    buf_lit(b, "+08:00");
}

void buf_http_date(struct buf *b, int64_t ms)
{
    static const char wd[] = "MonTueWedThuFriSatSun", mon[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct day d = { (int32_t)floor_div(ms, DAY_MS) };
    struct civil c = day_civil(d);
    buf_put(b, wd + (size_t)(day_weekday(d) - 1) * 3, 3);
    buf_lit(b, ", ");
    buf_two(b, c.day);
    buf_char(b, ' ');
    buf_put(b, mon + (size_t)(c.month - 1) * 3, 3);
    buf_fmt(b, " %04d ", c.year);
    buf_clock(b, (int)((ms - d.n * DAY_MS) / 1000));
    buf_lit(b, " GMT");
}

/* "Z", "+08:00", "-05:30" to minutes. */
static bool offset_parse(struct str s, int *out_minutes)
{
    int h, m;
    if (str_is(s, "Z")) {
        *out_minutes = 0;
        return true;
    }
    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' || !digits(s, 1, 2, &h) || !digits(s, 4, 2, &m) ||
        h > 14 || m > 59)
        return false;
    *out_minutes = (s.p[0] == '-' ? -1 : 1) * (h * 60 + m);
    return true;
}

bool when_parse(struct str s, int64_t *out_ms)
{
    struct day d;
    int h, m, sec, off;
    if (s.n < 20 || s.p[10] != 'T' || s.p[13] != ':' || s.p[16] != ':' || !day_parse(str_sub(s, 0, 10), &d))
        return false;
    if (!digits(s, 11, 2, &h) || !digits(s, 14, 2, &m) || !digits(s, 17, 2, &sec) || h > 23 || m > 59 || sec > 59)
        return false;
    struct str rest = str_sub(s, 19, s.n);
    if (rest.n && rest.p[0] == '.')
        while ((rest = str_sub(rest, 1, rest.n)).n && rest.p[0] >= '0' && rest.p[0] <= '9')
            ;
    if (!offset_parse(rest, &off))
        return false;
    *out_ms = d.n * DAY_MS + ((h * 60 + m - off) * INT64_C(60) + sec) * 1000;
    return true;
}
