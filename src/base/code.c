/* code.c - check algorithms of GB 32100, GB 11714, GB 11643, GB/T 36904 and ISO 7064. */
#include "base/code.h"

#include "base/log.h"

#include <string.h>

/* ---- what was typed ---- */

static bool is_blank(uint32_t c)
{
    return c <= 0x20 || c == 0x7F || c == 0xA0 || (c >= 0x2000 && c <= 0x200F) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x2060 || c == 0x3000 || c == 0xFEFF;
}

static bool is_dash(uint32_t c)
{
    return c == '-' || c == '_' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63;
}

struct str code_normalise(struct arena *a, struct str typed)
{
    struct buf b;
    buf_init(&b, a, typed.n + 1);
    while (typed.n) {
        struct str whole = typed;
        uint32_t c = str_rune(&typed);
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFF01 - 0x21;
        if (is_blank(c) || is_dash(c))
            continue;
        if (c >= 'a' && c <= 'z')
            buf_char(&b, (char)(c - 'a' + 'A'));
        else if (c < 0x80)
            buf_char(&b, (char)c);
        else
            buf_put(&b, whole.p, whole.n - typed.n);
    }
    return b.n ? buf_view(&b) : STR("");
}

/* ---- alphabets ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

/* 0-9, A=10 .. Z=35; -1 for anything else. */
static int alnum_value(char c)
{
    if (is_digit(c))
        return c - '0';
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

static bool all_alnum(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (alnum_value(s.p[i]) < 0)
            return false;
    return true;
}

/* GB 32100: 31 characters; I O S V Z are left out because they look like 1 0 5 U 2. */
static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int uscc_value(char c)
{
    const char *at = c ? strchr(uscc_alphabet, c) : NULL;
    return at ? (int)(at - uscc_alphabet) : -1;
}

/* ---- check characters ---- */

char code_uscc_check_char(struct str body)
{
    static const int weight[17] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28 };
    int sum = 0;
    if (body.n != countof(weight))
        return '\0';
    for (size_t i = 0; i < body.n; i++) {
        int v = uscc_value(body.p[i]);
        if (v < 0)
            return '\0';
        sum += v * weight[i];
    }
    return uscc_alphabet[(31 - sum % 31) % 31];
}

char code_org_check_char(struct str body)
{
    static const int weight[8] = { 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;
    if (body.n != countof(weight))
        return '\0';
    for (size_t i = 0; i < body.n; i++) {
        int v = alnum_value(body.p[i]);
        if (v < 0)
            return '\0';
        sum += v * weight[i];
    }
    return "0X987654321"[sum % 11]; /* 11 - remainder; 10 is written X, 11 is written 0 */
}

char code_id_check_char(struct str body)
{
    static const int weight[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;
    if (body.n != countof(weight) || !all_digits(body))
        return '\0';
    for (size_t i = 0; i < body.n; i++)
        sum += (body.p[i] - '0') * weight[i];
    return "10X98765432"[sum % 11];
}

/* One round of ISO 7064 MOD 37,36. */
static int mod37_round(int p, int v)
{
    p = (p + v) % 36;
    return (p ? p : 36) * 2 % 37;
}

char code_mod37_char(struct str body)
{
    int p = 36;
    for (size_t i = 0; i < body.n; i++) {
        int v = alnum_value(body.p[i]);
        if (v < 0)
            return '\0';
        p = mod37_round(p, v);
    }
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(37 - p) % 36];
}

/* ---- shapes: which character may stand where ---- */

/* 0 if every character fits, else its position from 1. d digit, u USCC alphabet, a letter or digit, x digit or X;
 * the last letter of the shape goes on to the end of the code. */
static size_t misfit(struct str code, const char *shape)
{
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        bool fits = *shape == 'd'   ? is_digit(c)
                    : *shape == 'u' ? uscc_value(c) >= 0
                    : *shape == 'x' ? is_digit(c) || c == 'X' || c == 'x'
                                    : alnum_value(c) >= 0;
        if (!fits)
            return i + 1;
        if (shape[1])
            shape++;
    }
    return 0;
}

struct shape {
    size_t      min, max; /* length; 0 is free */
    const char *letters;
};

static const struct shape shapes[CODE_KINDS] = {
    [CODE_USCC] = { 18, 18, "uudddddd" "uuuuuuuuuu" }, /* positions 3-8 are a division code */
    [CODE_ID] = { 18, 18, "dddddddddddddddddx" },
    [CODE_ITEM] = { 31, 33, "uudddddd" "uuuuuuuuuu" "a" },
    [CODE_CERT] = { 0, 0, NULL }, /* its parts have their own */
    [CODE_CASE] = { 21, 21, "dddddddddddddddddddda" },
};

/* Length in code points: what a person would count. */
static enum code_fault shape_check(enum code_kind kind, struct str code)
{
    const struct shape *s = &shapes[kind];
    size_t n = str_runes(code);
    if (n < s->min)
        return CODE_SHORT;
    if (n > s->max)
        return CODE_LONG;
    return misfit(code, s->letters) ? CODE_CHARACTER : CODE_OK;
}

/* ---- the five kinds ---- */

/* YYYYMMDD */
static enum code_fault date_check(struct str s, struct day today, struct day *out)
{
    int64_t y, m, d;
    if (!str_i64(str_sub(s, 0, 4), 0, 9999, &y) || !str_i64(str_sub(s, 4, 2), 0, 99, &m) ||
        !str_i64(str_sub(s, 6, 2), 0, 99, &d))
        return CODE_DATE;
    struct civil c = { (int)y, (int)m, (int)d };
    if (!civil_ok(c))
        return CODE_DATE;
    *out = day_of(c);
    return today.n && out->n > today.n ? CODE_FUTURE : CODE_OK;
}

static enum code_fault uscc_check(struct str code)
{
    if (code_org_check_char(str_sub(code, 8, 8)) != code.p[16])
        return CODE_ORG_CHECK;
    return code_uscc_check_char(str_sub(code, 0, 17)) == code.p[17] ? CODE_OK : CODE_CHECK;
}

static enum code_fault id_check(struct str code, struct day today)
{
    struct day birth;
    enum code_fault f = date_check(str_sub(code, 6, 8), today, &birth);
    if (f)
        return f;
    char last = code.p[17] == 'x' ? 'X' : code.p[17];
    return code_id_check_char(str_sub(code, 0, 17)) == last ? CODE_OK : CODE_CHECK;
}

static enum code_fault item_check(struct str code)
{
    static const char *const types[] = { "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20", NULL };
    if (code.n == 32)
        return CODE_LENGTH;
    if (uscc_check(str_sub(code, 0, 18)))
        return CODE_BODY;
    if (code.p[18] < '1' || code.p[18] > '7') /* GB/T 39046 A.2 */
        return CODE_LEVEL;
    for (const char *const *t = types; *t; t++) /* GB/T 39046 A.1 */
        if (str_is(str_sub(code, 21, 2), *t))
            return CODE_OK;
    return CODE_TYPE;
}

#define CERT_OID "1.2.156.3005.2."

/* The five parts behind the OID, in order. */
static bool cert_parts(struct str code, struct str part[5])
{
    struct str rest = str_sub(code, sizeof CERT_OID - 1, code.n);
    size_t n = 0;
    if (!str_starts(code, STR(CERT_OID)))
        return false;
    while (rest.p) {
        struct str p = str_cut(&rest, '.');
        if (n == 5 || !p.n)
            return false;
        part[n++] = p;
    }
    return n == 5;
}

/* The identifier is checked over the four middle parts, without dots and without the OID. */
static enum code_fault cert_check(struct str code)
{
    struct str part[5];
    if (!cert_parts(code, part) || part[0].n != 21 || part[3].n != 3 || part[4].n != 1)
        return CODE_LAYOUT;
    int p = 36;
    for (size_t i = 0; i < 4; i++) {
        if (!all_alnum(part[i]))
            return CODE_CHARACTER;
        for (size_t k = 0; k < part[i].n; k++)
            p = mod37_round(p, alnum_value(part[i].p[k]));
    }
    if (!all_digits(part[3]) || str_is(part[3], "000"))
        return CODE_LAYOUT;
    struct str body = str_sub(part[0], 0, 18);
    if (misfit(body, shapes[CODE_USCC].letters) || uscc_check(body))
        return CODE_BODY;
    int last = alnum_value(part[4].p[0]);
    return last < 0 ? CODE_CHARACTER : (p + last) % 36 == 1 ? CODE_OK : CODE_CHECK;
}

static enum code_fault case_check(struct str code, struct day today)
{
    struct day made;
    enum code_fault f = date_check(str_sub(code, 6, 8), today, &made);
    if (f)
        return f;
    return code_mod37_char(str_sub(code, 0, 20)) == code.p[20] ? CODE_OK : CODE_CHECK;
}

enum code_fault code_check(enum code_kind kind, struct str code, struct day today)
{
    enum code_fault f = !code.n ? CODE_EMPTY : kind == CODE_CERT ? CODE_OK : shape_check(kind, code);
    if (f)
        return f;
    switch (kind) {
    case CODE_USCC:
        return uscc_check(code);
    case CODE_ID:
        return id_check(code, today);
    case CODE_ITEM:
        return item_check(code);
    case CODE_CERT:
        return cert_check(code);
    case CODE_CASE:
        return case_check(code, today);
    case CODE_KINDS:
        break;
    }
    panic("code_check: kind %d", (int)kind);
}

enum code_fault code_read(enum code_kind kind, struct str typed, struct day today, struct arena *a, struct str *out)
{
    *out = code_normalise(a, typed);
    return code_check(kind, *out, today);
}

/* ---- what to say ---- */

static const char *const fault_keys[CODE_KINDS][CODE_FAULTS] = {
    [CODE_USCC] = { [CODE_EMPTY] = "code.uscc.empty", [CODE_SHORT] = "code.uscc.short", [CODE_LONG] = "code.uscc.long",
                    [CODE_CHARACTER] = "code.uscc.character", [CODE_ORG_CHECK] = "code.uscc.org_check",
                    [CODE_CHECK] = "code.uscc.check" },
    [CODE_ID] = { [CODE_EMPTY] = "code.id.empty", [CODE_SHORT] = "code.id.short", [CODE_LONG] = "code.id.long",
                  [CODE_CHARACTER] = "code.id.character", [CODE_DATE] = "code.id.date",
                  [CODE_FUTURE] = "code.id.future", [CODE_CHECK] = "code.id.check" },
    [CODE_ITEM] = { [CODE_EMPTY] = "code.item.empty", [CODE_SHORT] = "code.item.short", [CODE_LONG] = "code.item.long",
                    [CODE_LENGTH] = "code.item.length", [CODE_CHARACTER] = "code.item.character",
                    [CODE_BODY] = "code.item.body", [CODE_LEVEL] = "code.item.level", [CODE_TYPE] = "code.item.type" },
    [CODE_CERT] = { [CODE_EMPTY] = "code.cert.empty", [CODE_LAYOUT] = "code.cert.layout",
                    [CODE_CHARACTER] = "code.cert.character", [CODE_BODY] = "code.cert.body",
                    [CODE_CHECK] = "code.cert.check" },
    [CODE_CASE] = { [CODE_EMPTY] = "code.case.empty", [CODE_SHORT] = "code.case.short", [CODE_LONG] = "code.case.long",
                    [CODE_CHARACTER] = "code.case.character", [CODE_DATE] = "code.case.date",
                    [CODE_FUTURE] = "code.case.future", [CODE_CHECK] = "code.case.check" },
};

const char *code_fault_key(enum code_kind kind, enum code_fault fault)
{
    return fault_keys[kind][fault];
}

/* First character that cannot be, with its position: the digit or letter rules of the kind; dots belong to certificates. */
static void name_character(enum code_kind kind, struct str code, struct arena *a, struct issue *is)
{
    size_t at = 0;
    if (kind == CODE_CERT) {
        while (at < code.n && (code.p[at] == '.' || alnum_value(code.p[at]) >= 0))
            at++;
    } else {
        at = misfit(code, shapes[kind].letters);
        at -= at > 0;
    }
    struct str tail = str_sub(code, at, code.n);
    is->arg[0] = str_first_runes(tail, 1);
    is->arg[1] = arena_fmt(a, "%zu", str_runes(str_sub(code, 0, at)) + 1);
}

struct issue code_issue(enum code_kind kind, struct str code, enum code_fault fault, struct arena *a)
{
    struct issue is = { .field = STR(""), .key = code_fault_key(kind, fault) };
    const struct shape *s = &shapes[kind];
    size_t n = str_runes(code);
    if (fault == CODE_SHORT || fault == CODE_LONG) {
        is.arg[0] = arena_fmt(a, "%zu", fault == CODE_SHORT ? s->min - n : n - s->max);
        is.arg[1] = arena_fmt(a, "%zu", fault == CODE_SHORT ? s->min : s->max);
    } else if (fault == CODE_LENGTH) {
        is.arg[0] = arena_fmt(a, "%zu", n);
    } else if (fault == CODE_CHARACTER) {
        name_character(kind, code, a, &is);
    }
    return is;
}

bool code_kind_parse(struct str word, enum code_kind *out)
{
    static const char *const words[CODE_KINDS] = { "uscc", "id", "item", "cert", "case" };
    for (int i = 0; i < CODE_KINDS; i++) {
        if (str_is(word, words[i])) {
            *out = (enum code_kind)i;
            return true;
        }
    }
    return false;
}

/* ---- facts inside a code ---- */

struct day code_id_birth(struct str id)
{
    struct day d = { 0 };
    if (id.n != 18 || date_check(str_sub(id, 6, 8), (struct day){ 0 }, &d) != CODE_OK)
        panic("code_id_birth: not a checked number");
    return d;
}

bool code_id_is_male(struct str id)
{
    if (id.n != 18)
        panic("code_id_is_male: not a checked number");
    return (id.p[16] - '0') % 2 == 1;
}

struct str code_case_number(struct arena *a, struct str division, struct day day, int32_t sequence)
{
    struct civil c = day_civil(day);
    if (division.n != 6 || !all_digits(division) || sequence < 1 || sequence > 999999)
        panic("code_case_number: division or sequence out of range");
    struct str body = arena_fmt(a, STR_F "%04d%02d%02d%06d", STR_A(division), c.year, c.month, c.day, sequence);
    return arena_fmt(a, STR_F "%c", STR_A(body), code_mod37_char(body));
}

void code_case_write(struct buf *b, struct str number)
{
    static const size_t from[] = { 0, 6, 14, 20 }, n[] = { 6, 8, 6, 1 };
    for (size_t i = 0; i < countof(from); i++) {
        if (i)
            buf_char(b, '-');
        buf_str(b, str_sub(number, from[i], n[i]));
    }
}

struct str code_readable(struct arena *a, const unsigned char *random, size_t n)
{
    static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    char *p = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++)
        p[i] = alphabet[random[i] % (sizeof alphabet - 1)];
    return (struct str){ p, n };
}

struct str code_mask(struct arena *a, struct str code)
{
    struct buf b;
    buf_init(&b, a, code.n + 1);
    for (size_t i = 0; i < code.n; i++)
        buf_char(&b, i < 6 || i + 4 >= code.n ? code.p[i] : '*');
    return buf_view(&b);
}
