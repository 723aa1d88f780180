/* search_sound.c - how Chinese text is read: characters from ICU, tokens for the index, readings of queries. */
#include "search_rules.h"

#include "base/log.h"

#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { CHUNK = 256, INITIALS_MAX = 8, FORKS_MAX = 2, RUNES = SEARCH_RUNE_LAST - SEARCH_RUNE_FIRST + 1 };

static const struct field rune_fields[] = {
    FIELD(struct search_rune, rune), FIELD(struct search_rune, plain), FIELD(struct search_rune, sound), FIELD(struct search_rune, other),
};
const struct record SEARCH_RUNE = RECORD(struct search_rune, rune_fields);

/* ---- characters from ICU ------------------------------------------------------------------------------------------ */

/* Characters of official and everyday words with a second common reading, beside the one ICU gives. */
static const struct {
    const char *rune, *reading;
} second_readings[] = {
    { "行", "hang" }, { "长", "chang" }, { "会", "kuai" }, { "给", "ji" }, { "调", "tiao" }, { "重", "chong" }, { "校", "jiao" },
    { "还", "huan" }, { "藏", "zang" }, { "乐", "yue" }, { "传", "zhuan" }, { "弹", "tan" }, { "参", "shen" }, { "差", "chai" },
    { "朝", "zhao" }, { "畜", "xu" }, { "率", "shuai" }, { "系", "ji" }, { "血", "xie" }, { "属", "zhu" }, { "卡", "qia" },
    { "圈", "juan" }, { "便", "pian" }, { "了", "liao" }, { "都", "du" }, { "降", "xiang" }, { "着", "zhuo" }, { "什", "shi" },
    { "单", "shan" }, { "解", "xie" }, { "石", "dan" }, { "种", "chong" }, { "粘", "nian" }, { "削", "xiao" }, { "薄", "bo" },
    { "堡", "pu" }, { "剥", "bao" }, { "落", "la" }, { "厦", "xia" }, { "没", "mo" }, { "地", "di" }, { "的", "di" },
    { "得", "dei" }, { "大", "dai" }, { "盛", "cheng" }, { "屏", "bing" }, { "模", "mu" }, { "宿", "xiu" }, { "似", "shi" },
    { "塞", "sai" }, { "称", "chen" }, { "乘", "sheng" }, { "提", "di" }, { "奇", "ji" }, { "强", "jiang" }, { "区", "ou" },
    { "折", "she" }, { "识", "zhi" }, { "数", "shuo" }, { "尾", "yi" }, { "择", "zhai" }, { "轧", "zha" }, { "幢", "chuang" },
    { "埔", "pu" }, { "泊", "po" }, { "伯", "bai" }, { "省", "xing" }, { "巷", "hang" }, { "扎", "za" }, { "露", "lou" },
};

static UTransliterator *trans_open(const UChar *id)
{
    UErrorCode err = U_ZERO_ERROR;
    UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &err);
    if (U_FAILURE(err))
        panic("ICU lacks a transliterator: %s", u_errorName(err));
    return t;
}

/* The result for characters [first, first + n), one line each. In pieces, because ICU moves the rest of the text with
 * every character it replaces. */
static struct str trans_lines(struct arena *a, const UTransliterator *t, uint32_t first, size_t n)
{
    UChar u[CHUNK * 16];
    UErrorCode err = U_ZERO_ERROR;
    int32_t len = (int32_t)n * 2, limit = len, out = 0;
    for (size_t i = 0; i < n; i++) {
        u[i * 2] = (UChar)(first + i);
        u[i * 2 + 1] = '\n';
    }
    utrans_transUChars(t, u, &len, countof(u), 0, &limit, &err);
    char *p = arena_alloc(a, (size_t)len * 3 + 1);
    u_strToUTF8(p, len * 3 + 1, &out, u, len, &err);
    if (U_FAILURE(err))
        panic("transliteration failed: %s", u_errorName(err));
    return (struct str){ p, (size_t)out };
}

static bool is_syllable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'a' || s.p[i] > 'z')
            return false;
    return s.n > 0;
}

static void chunk_fill(struct arena *a, const UTransliterator *latin, const UTransliterator *plain, struct search_rune *v, size_t n)
{
    uint32_t first = (uint32_t)v[0].rune;
    struct str sounds = trans_lines(a, latin, first, n), plains = trans_lines(a, plain, first, n);
    for (size_t i = 0; i < n; i++) {
        struct str sound = str_cut(&sounds, '\n'), one = str_cut(&plains, '\n');
        v[i].sound = v[i].other = STR("");
        if (is_syllable(sound))
            v[i].sound = sound;
        v[i].plain = str_runes(one) == 1 ? (int64_t)str_rune(&one) : v[i].rune;
    }
}

struct search_runes search_runes_make(struct arena *a)
{
    struct search_rune *v = arena_many(a, struct search_rune, RUNES);
    UTransliterator *latin = trans_open(u"Han-Latin; Latin-ASCII; Lower"), *plain = trans_open(u"Hant-Hans");
    for (size_t i = 0; i < RUNES; i++)
        v[i].rune = SEARCH_RUNE_FIRST + (int64_t)i;
    for (size_t i = 0; i < RUNES; i += CHUNK)
        chunk_fill(a, latin, plain, v + i, RUNES - i < CHUNK ? RUNES - i : CHUNK);
    utrans_close(latin);
    utrans_close(plain);
    for (size_t i = 0; i < countof(second_readings); i++) {
        struct str c = str_c(second_readings[i].rune);
        struct search_rune *r = &v[str_rune(&c) - SEARCH_RUNE_FIRST];
        if (!str_is(r->sound, second_readings[i].reading))
            r->other = str_c(second_readings[i].reading);
    }
    return (struct search_runes){ v, RUNES };
}

/* ---- readings ----------------------------------------------------------------------------------------------------- */

/* People type v for ü. */
static void put_letters(struct buf *b, struct str letters)
{
    for (size_t i = 0; i < letters.n; i++) {
        char c = letters.p[i], before = b->n ? b->p[b->n - 1] : ' ';
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c == 'v' && (before == 'l' || before == 'n'))
            c = 'u';
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_char(b, c);
    }
}

struct str search_reading_of(struct arena *a, struct str text, const struct search_runes *r)
{
    struct buf b;
    buf_init(&b, a, text.n * 2 + 8);
    while (text.n) {
        struct str before = text;
        uint32_t c = str_rune(&text);
        const struct search_rune *k = c < SEARCH_RUNE_FIRST ? NULL : search_rune_find(r, c);
        if (c < 0x80)
            put_letters(&b, (struct str){ before.p, 1 });
        else if (k && k->sound.n)
            buf_str(&b, k->sound);
        else
            return STR("");
    }
    return b.n < 2 ? STR("") : str_sub(buf_view(&b), 0, 60);
}

/* Tokens that begin at one character. */
struct fork {
    const struct search_rune *const *run;
    size_t                           n;      /* characters left in the run */
    size_t                           most;   /* of them, in one token */
    bool                             initial; /* first letters only */
    struct buf                      *out;
};

static size_t put_sound(char *p, size_t n, struct str sound, bool initial)
{
    size_t m = initial ? 1 : sound.n;
    memcpy(p + n, sound.p, m);
    return n + m;
}

/* `p[0..n)` is the token so far, `i` characters long; `forks` second readings may still be taken. */
static void fork_put(const struct fork *f, char *p, size_t n, size_t i, int forks)
{
    if (i == f->n || i == f->most) {
        buf_put(f->out, p, n);
        buf_char(f->out, ' ');
        return;
    }
    const struct search_rune *c = f->run[i];
    if (forks && c->other.n && (!f->initial || c->other.p[0] != c->sound.p[0]))
        fork_put(f, p, put_sound(p, n, c->other, f->initial), i + 1, forks - 1);
    fork_put(f, p, put_sound(p, n, c->sound, f->initial), i + 1, forks);
}

static void run_put(struct buf *readings, struct buf *initials, const struct search_rune *const *run, size_t n)
{
    char p[SEARCH_SYLLABLES_MAX * 8];
    for (size_t i = 0; i < n; i++) {
        fork_put(&(struct fork){ run + i, n - i, SEARCH_SYLLABLES_MAX, false, readings }, p, 0, 0, FORKS_MAX);
        fork_put(&(struct fork){ run + i, n - i, INITIALS_MAX, true, initials }, p, 0, 0, FORKS_MAX);
    }
}

void search_readings_put(struct buf *readings, struct buf *initials, struct str text, const struct search_runes *r)
{
    const struct search_rune *run[200];
    size_t n = 0;
    while (text.n) {
        uint32_t c = str_rune(&text);
        const struct search_rune *k = c < SEARCH_RUNE_FIRST ? NULL : search_rune_find(r, c);
        if (k && k->sound.n && n < countof(run)) {
            run[n++] = k;
            continue;
        }
        run_put(readings, initials, run, n);
        n = 0;
    }
    run_put(readings, initials, run, n);
}

struct str search_sounds(struct arena *a, struct str text, const struct search_runes *r)
{
    struct buf b;
    buf_init(&b, a, text.n * 2 + 1);
    while (text.n) {
        uint32_t c = str_rune(&text);
        const struct search_rune *k = c < SEARCH_RUNE_FIRST ? NULL : search_rune_find(r, c);
        buf_str(&b, k && k->sound.n ? k->sound : STR("-"));
        if (text.n)
            buf_char(&b, ' ');
    }
    return buf_view(&b);
}

/* How many syllables of `sounds` make up the reading or begin with its rest; 0 if they differ. */
static size_t syllables_of(struct str sounds, struct str reading, bool initials)
{
    size_t n = 0;
    while (sounds.p && reading.n) {
        struct str one = str_cut(&sounds, ' ');
        if (initials)
            one = str_sub(one, 0, 1);
        if (str_starts(reading, one) && one.n && one.p[0] != '-')
            reading = str_sub(reading, one.n, reading.n);
        else if (str_starts(one, reading))
            reading.n = 0;
        else
            return 0;
        n++;
    }
    return reading.n ? 0 : n;
}

bool search_span_by_sound(struct str sounds, struct str reading, struct search_span *out)
{
    struct str rest = sounds;
    if (!reading.n)
        return false;
    for (size_t i = 0; rest.p; i++) {
        size_t n = syllables_of(rest, reading, false);
        if (!n)
            n = syllables_of(rest, reading, true);
        if (n) {
            *out = (struct search_span){ i, i + n };
            return true;
        }
        str_cut(&rest, ' ');
    }
    return false;
}
