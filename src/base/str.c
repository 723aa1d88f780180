/* str.c - views of text. */
#include "base/str.h"

#include <string.h>

struct str str_c(const char *c)
{
    return c ? (struct str){ c, strlen(c) } : STR_NONE;
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); /* NOLINT(clang-analyzer-core.NonNullParamChecker): n > 0 */
}

bool str_is(struct str a, const char *c)
{
    return str_eq(a, str_c(c));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int d = n ? memcmp(a.p, b.p, n) : 0;
    return d ? d : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, suffix.n), suffix);
}

ptrdiff_t str_find(struct str s, struct str needle)
{
    if (!needle.n)
        return 0;
    const char *at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return at ? at - s.p : -1;
}

ptrdiff_t str_find_char(struct str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? at - s.p : -1;
}

struct str str_sub(struct str s, size_t from, size_t n)
{
    if (from > s.n)
        from = s.n;
    if (n > s.n - from)
        n = s.n - from;
    return (struct str){ s.p ? s.p + from : NULL, n };
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.n && blank(s.p[0]))
        s = str_sub(s, 1, s.n);
    while (s.n && blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct str str_cut(struct str *rest, char sep)
{
    ptrdiff_t at = str_find_char(*rest, sep);
    struct str head = *rest;
    if (at < 0) {
        *rest = STR_NONE;
        return head;
    }
    head.n = (size_t)at;
    *rest = str_sub(*rest, head.n + 1, rest->n);
    return head;
}

bool str_has_word(struct str words, struct str word)
{
    while (words.p)
        if (str_eq(str_cut(&words, ' '), word))
            return true;
    return false;
}

bool str_i64(struct str s, int64_t min, int64_t max, int64_t *out)
{
    bool minus = s.n && s.p[0] == '-';
    int64_t v = 0;
    if (minus)
        s = str_sub(s, 1, s.n);
    if (!s.n || s.n > 18)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    v = minus ? -v : v;
    if (v < min || v > max)
        return false;
    *out = v;
    return true;
}

/* Length of a sequence by its first byte, 0 if it cannot start one. */
static size_t rune_len(unsigned char c)
{
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c < 0xE0)
        return 2;
    if (c >= 0xE0 && c < 0xF0)
        return 3;
    return c >= 0xF0 && c < 0xF5 ? 4 : 0;
}

static bool rune_ok(const unsigned char *p, size_t len)
{
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return false;
    if (len == 3)
        return !(p[0] == 0xE0 && p[1] < 0xA0) && !(p[0] == 0xED && p[1] > 0x9F);
    if (len == 4)
        return !(p[0] == 0xF0 && p[1] < 0x90) && !(p[0] == 0xF4 && p[1] > 0x8F);
    return true;
}

bool str_utf8_ok(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n;) {
        size_t len = rune_len(p[i]);
        if (!p[i] || !len || len > s.n - i || !rune_ok(p + i, len))
            return false;
        i += len;
    }
    return true;
}

uint32_t str_rune(struct str *s)
{
    static const unsigned char mask[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    const unsigned char *p = (const unsigned char *)s->p;
    size_t len = rune_len(p[0]);
    if (!len || len > s->n)
        len = 1;
    uint32_t v = p[0] & mask[len];
    for (size_t i = 1; i < len; i++)
        v = v << 6 | (p[i] & 0x3Fu);
    *s = str_sub(*s, len, s->n);
    return v;
}

size_t str_runes(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

struct str str_first_runes(struct str s, size_t n)
{
    struct str rest = s;
    while (rest.n && n--)
        (void)str_rune(&rest);
    return str_sub(s, 0, s.n - rest.n);
}
