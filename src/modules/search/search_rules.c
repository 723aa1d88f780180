/* search_rules.c - what a query means: folding, parts, FTS5 expressions, slips, marks. Readings are in search_sound.c. */
#include "search_rules.h"

#include "db/cjk.h"

#include "base/log.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { CODE_LEN = 31, CODE_BEGIN = 10, KEPT_RUNES = 30, DIGITS_MAX = 5, NUMBER_DIGITS = 7 };
enum { SPLIT_MAX = 12, SLIP_MIN = 3, SLIP_MAX = 16, LINE_RUNES = 100 };

/* ---- folding ------------------------------------------------------------------------------------------------------ */

static bool is_space(uint32_t c)
{
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x3000 || (c >= 0x2000 && c <= 0x200F) || c == 0x2028 || c == 0x2029;
}

static void put_rune(struct buf *b, uint32_t c)
{
    char out[4];
    size_t n = 0;
    if (c < 0x80) {
        out[n++] = (char)c;
    } else if (c < 0x800) {
        out[n++] = (char)(0xC0 | c >> 6);
        out[n++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out[n++] = (char)(0xE0 | c >> 12);
        out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        out[n++] = (char)(0x80 | (c & 0x3F));
    } else {
        out[n++] = (char)(0xF0 | c >> 18);
        out[n++] = (char)(0x80 | (c >> 12 & 0x3F));
        out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        out[n++] = (char)(0x80 | (c & 0x3F));
    }
    buf_put(b, out, n);
}

/* NFKC and case folding; ICU's instance is shared and immutable. */
static struct str nfkc(struct arena *a, struct str s)
{
    UErrorCode err = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&err);
    int32_t n = 0, m, out = 0, cap = (int32_t)s.n * 18 + 1; /* one code point grows to at most 18 (TR 15) */
    UChar *u = arena_many(a, UChar, s.n + 1), *v = arena_many(a, UChar, (size_t)cap);
    u_strFromUTF8(u, (int32_t)s.n + 1, &n, s.p ? s.p : "", (int32_t)s.n, &err);
    m = unorm2_normalize(form, u, n, v, cap, &err);
    char *p = arena_alloc(a, (size_t)m * 3 + 1);
    u_strToUTF8(p, m * 3 + 1, &out, v, m, &err);
    if (U_FAILURE(err))
        panic("text cannot be normalised: %s", u_errorName(err));
    return (struct str){ p, (size_t)out };
}

struct str search_fold(struct arena *a, struct str raw, size_t max)
{
    struct str s = max ? str_first_runes(raw, max * 4) : raw; /* blanks may still fall away */
    struct buf b;
    bool blank = false;
    size_t n = 0;
    s = nfkc(a, s);
    buf_init(&b, a, s.n + 1);
    while (s.n && (!max || n < max)) {
        uint32_t c = str_rune(&s);
        if (is_space(c)) {
            blank = n > 0;
            continue;
        }
        if (blank && (!max || n + 1 < max))
            buf_char(&b, ' ');
        n += (size_t)blank + 1;
        blank = false;
        put_rune(&b, c);
    }
    return buf_view(&b);
}

static int rune_order(const struct search_runes *r, size_t i, uint32_t rune)
{
    return r->v[i].rune < rune ? -1 : r->v[i].rune > rune;
}

const struct search_rune *search_rune_find(const struct search_runes *r, uint32_t rune)
{
    size_t lo = 0, hi = r->n;
    if (!hi || rune < r->v[0].rune || rune > r->v[hi - 1].rune)
        return NULL;
    size_t direct = (size_t)(rune - r->v[0].rune); /* the whole table has no gaps */
    if (direct < r->n && r->v[direct].rune == rune)
        return &r->v[direct];
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int order = rune_order(r, mid, rune);
        if (!order)
            return &r->v[mid];
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

struct str search_simplify(struct arena *a, struct str text, const struct search_runes *r)
{
    struct buf b;
    buf_init(&b, a, text.n + 1);
    while (text.n) {
        uint32_t c = str_rune(&text);
        const struct search_rune *k = c < SEARCH_RUNE_FIRST ? NULL : search_rune_find(r, c);
        put_rune(&b, k ? (uint32_t)k->plain : c);
    }
    return buf_view(&b);
}

/* ---- what is asked ------------------------------------------------------------------------------------------------ */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct str search_code_of(struct arena *a, struct str text)
{
    size_t digits = 0, n = 0;
    char *p = arena_alloc(a, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == ' ' || c == '-')
            continue;
        if (!is_digit(c) && !is_letter(c))
            return STR_NONE;
        digits += is_digit(c);
        p[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    if (n < CODE_BEGIN || digits < CODE_BEGIN / 2 || !is_digit(p[0]))
        return STR_NONE;
    return (struct str){ p, n > CODE_LEN ? CODE_LEN : n }; /* a 办理项编码 begins with the item code */
}

bool search_has_han(struct str text)
{
    while (text.n)
        if (str_rune(&text) >= 0x2E80)
            return true;
    return false;
}

bool search_has_letter(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (is_letter(text.p[i]))
            return true;
    return false;
}

bool search_is_private(struct str text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.n; i++)
        digits += is_digit(text.p[i]);
    return digits > DIGITS_MAX || str_find_char(text, '@') >= 0 || str_runes(text) > KEPT_RUNES;
}

bool search_has_number(struct str text)
{
    size_t run = 0;
    for (size_t i = 0; i < text.n && run < NUMBER_DIGITS; i++)
        if (is_digit(text.p[i]))
            run++;
        else if (text.p[i] != ' ' && text.p[i] != '-')
            run = 0;
    return run >= NUMBER_DIGITS || str_find_char(text, '@') >= 0;
}

/* Words of a question that say nothing of the matter; longer ones first where one begins like another. */
static const char *const stop_words[] = {
    "我们想", "我想要", "我想", "我要", "我需要", "想要", "请问", "你好", "您好", "麻烦", "帮我", "怎么样",
    "怎么办理", "怎么办", "怎么弄", "怎么", "怎样", "如何办理", "如何", "去哪里办理", "去哪里办", "去哪里",
    "去哪儿", "去哪办", "去哪", "在哪里办", "在哪里", "在哪儿", "在哪办", "在哪", "到哪里", "到哪",
    "哪里可以", "哪里能", "哪里", "哪儿", "需要什么材料", "需要哪些材料", "要什么材料", "要带什么",
    "需要准备什么", "需要什么", "需要哪些", "需要", "什么材料", "什么手续", "什么条件", "什么证件", "有哪些",
    "有什么", "什么", "多少钱", "多久", "几天", "可以吗", "能不能", "可不可以", "能否", "可以", "手续",
    "流程", "材料清单", "想", "办理一个", "办一个", "办个", "办理", "申请办理", "一个", "一家", "一张",
    "一下", "个", "家里的", "我家", "自己的", "自己", "我的", "我", "的", "了", "吗", "呢", "啊", "吧", "给",
    "办", "要", "？", "?", "，", ",", "。", "！", "!", "、",
};

/* Length of the longest stop word that `text` begins with, or 0. */
static size_t stop_word_at(struct str text)
{
    size_t longest = 0;
    for (size_t i = 0; i < countof(stop_words); i++) {
        struct str w = str_c(stop_words[i]);
        if (w.n > longest && str_starts(text, w))
            longest = w.n;
    }
    return longest;
}

struct str search_core(struct arena *a, struct str text)
{
    struct buf b;
    struct str rest = text;
    buf_init(&b, a, text.n + 1);
    while (rest.n) {
        size_t n = stop_word_at(rest);
        struct str before = rest;
        if (n) {
            rest = str_sub(rest, n, rest.n);
            continue;
        }
        str_rune(&rest);
        buf_put(&b, before.p, before.n - rest.n);
    }
    struct str core = str_trim(buf_view(&b));
    return core.n ? core : text;
}

/* ---- expressions -------------------------------------------------------------------------------------------------- */

/* Byte offsets of the characters of a text, and of its end. */
struct cuts {
    size_t at[SEARCH_RUNES_MAX * 2 + 2];
    size_t n; /* characters */
};

static void cuts_fill(struct cuts *c, struct str text)
{
    struct str rest = text;
    c->n = 0;
    while (rest.n && c->n < countof(c->at) - 1) {
        c->at[c->n++] = text.n - rest.n;
        str_rune(&rest);
    }
    c->at[c->n] = text.n - rest.n;
}

static struct str cuts_part(const struct cuts *c, struct str text, size_t from, size_t to)
{
    return str_sub(text, c->at[from], c->at[to] - c->at[from]);
}

static int any_token(void *arg UNUSED, int flags UNUSED, const char *token UNUSED, int n UNUSED, int from UNUSED, int to UNUSED)
{
    return 1;
}

bool search_has_token(struct str text)
{
    return cjk_tokens(text, true, any_token, NULL) != 0;
}

static void put_quoted(struct buf *b, struct str text)
{
    buf_char(b, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            buf_char(b, '"');
        buf_char(b, text.p[i]);
    }
    buf_char(b, '"');
}

bool search_put_phrase(struct buf *b, struct str text)
{
    if (!search_has_token(text))
        return false;
    char last = text.p[text.n - 1];
    put_quoted(b, text);
    if (str_runes(text) == 1 || is_digit(last) || is_letter(last))
        buf_lit(b, " *");
    return true;
}

/* (a AND b AND ..) of the blank-separated words. */
static bool put_words(struct buf *b, struct str text)
{
    size_t n = 0;
    buf_char(b, '(');
    while (text.p) {
        struct str word = str_cut(&text, ' ');
        if (!search_has_token(word))
            continue;
        if (n++)
            buf_lit(b, " AND ");
        search_put_phrase(b, word);
    }
    buf_char(b, ')');
    return n > 1;
}

static void put_alternative(struct buf *b, size_t *n)
{
    buf_str(b, (*n)++ ? STR(" OR (") : STR("("));
}

/* One run in two parts, or in three when it is long, each of at least two characters. */
static bool put_splits(struct buf *b, struct str text)
{
    struct cuts c;
    size_t n = 0;
    cuts_fill(&c, text);
    if (c.n < 4 || c.n > SPLIT_MAX)
        return false;
    for (size_t i = 2; i + 2 <= c.n; i++)
        for (size_t k = i + 2; k <= c.n; k++) {
            if (k != c.n && k + 2 > c.n)
                continue;
            put_alternative(b, &n);
            put_quoted(b, cuts_part(&c, text, 0, i));
            buf_lit(b, " AND ");
            put_quoted(b, cuts_part(&c, text, i, k));
            if (k < c.n) {
                buf_lit(b, " AND ");
                put_quoted(b, cuts_part(&c, text, k, c.n));
            }
            buf_char(b, ')');
        }
    return n > 0;
}

bool search_put_parts(struct buf *b, struct str text)
{
    size_t before = b->n;
    if (str_find_char(text, ' ') >= 0 ? put_words(b, text) : put_splits(b, text))
        return true;
    b->n = before;
    return false;
}

/* The two sides of a wrong, missing or extra character at `i`; sides of one character say too little. */
static void put_slip(struct buf *b, struct str text, const struct cuts *c, size_t i, size_t *n)
{
    bool left = i >= 2, right = c->n - i - 1 >= 2;
    if (!left && !right)
        return;
    put_alternative(b, n);
    if (left)
        put_quoted(b, cuts_part(c, text, 0, i));
    if (left && right)
        buf_lit(b, " AND ");
    if (right)
        put_quoted(b, cuts_part(c, text, i + 1, c->n));
    buf_char(b, ')');
}

bool search_put_slips(struct buf *b, struct str text)
{
    struct cuts c;
    size_t n = 0;
    cuts_fill(&c, text);
    if (c.n < SLIP_MIN || c.n > SLIP_MAX || !search_has_han(text))
        return false;
    for (size_t i = 0; i < c.n; i++)
        put_slip(b, text, &c, i, &n);
    return n > 0;
}

bool search_put_pairs(struct buf *b, struct str text)
{
    struct cuts c;
    size_t n = 0;
    cuts_fill(&c, text);
    for (size_t i = 0; i + 1 < c.n; i++) {
        struct str pair = cuts_part(&c, text, i, i + 2);
        if (str_find_char(pair, ' ') >= 0 || !search_has_token(pair))
            continue;
        if (n++)
            buf_lit(b, " OR ");
        put_quoted(b, pair);
    }
    return n > 0;
}

/* ---- comparing ---------------------------------------------------------------------------------------------------- */

size_t search_pairs_in(struct str text, struct str in, size_t *out_all)
{
    struct cuts c;
    size_t found = 0;
    *out_all = 0;
    cuts_fill(&c, text);
    for (size_t i = 0; i + 1 < c.n; i++) {
        struct str pair = cuts_part(&c, text, i, i + 2);
        if (str_find_char(pair, ' ') >= 0)
            continue;
        ++*out_all;
        found += str_find(in, pair) >= 0;
    }
    return found;
}

static size_t runes_read(struct str text, uint32_t *v, size_t cap)
{
    size_t n = 0;
    while (text.n && n < cap)
        v[n++] = str_rune(&text);
    return n;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

size_t search_slips_within(struct str text, struct str in)
{
    uint32_t q[LINE_RUNES], t[LINE_RUNES];
    size_t cost[LINE_RUNES + 1];
    size_t n = runes_read(text, q, LINE_RUNES), m = runes_read(in, t, LINE_RUNES), best = n;
    for (size_t i = 0; i <= n; i++)
        cost[i] = i;
    for (size_t k = 0; k < m; k++) {
        size_t diagonal = 0; /* a match may begin anywhere: row 0 costs nothing */
        for (size_t i = 1; i <= n; i++) {
            size_t old = cost[i];
            cost[i] = least(old + 1, cost[i - 1] + 1, diagonal + (q[i - 1] != t[k]));
            diagonal = old;
        }
        if (cost[n] < best)
            best = cost[n];
    }
    return best;
}

bool search_span_of(struct str text, struct str part, struct search_span *out)
{
    ptrdiff_t at = part.n ? str_find(text, part) : -1;
    if (at < 0)
        return false;
    out->from = str_runes(str_sub(text, 0, (size_t)at));
    out->to = out->from + str_runes(part);
    return true;
}

static bool in_spans(size_t i, const struct search_span *spans, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (i >= spans[k].from && i < spans[k].to)
            return true;
    return false;
}

struct html search_mark(struct arena *a, struct str name, const struct search_span *spans, size_t n)
{
    struct buf b;
    bool open = false;
    struct str rest = name;
    buf_init(&b, a, name.n * 2 + 32);
    for (size_t i = 0; rest.n; i++) {
        struct str before = rest;
        str_rune(&rest);
        if (in_spans(i, spans, n) != open) {
            buf_str(&b, open ? STR("</mark>") : STR("<mark>"));
            open = !open;
        }
        buf_html(&b, (struct str){ before.p, before.n - rest.n });
    }
    if (open)
        buf_lit(&b, "</mark>");
    struct str s = buf_view(&b);
    return (struct html){ s.p, s.n };
}
