/* text.c - message catalogue as an open-addressing hash table. */
#include "tmpl/text.h"

#include "base/log.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/utrans.h>
#include <unicode/ustring.h>

struct entry {
    struct str id;
    struct str text[LOCALES];
};

struct texts {
    struct arena *a;
    struct entry *slot;
    size_t        n, cap, missing;
    bool          sealed;
};

static size_t hash_of(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

struct texts *texts_open(struct arena *a)
{
    struct texts *t = arena_new(a, struct texts);
    *t = (struct texts){ .a = a, .cap = 4096 };
    t->slot = arena_many(a, struct entry, t->cap);
    return t;
}

static struct entry *slot_of(const struct texts *t, struct str id)
{
    size_t i = hash_of(id) & (t->cap - 1);
    while (t->slot[i].id.p && !str_eq(t->slot[i].id, id))
        i = (i + 1) & (t->cap - 1);
    return &t->slot[i];
}

static void grow(struct texts *t)
{
    struct texts old = *t;
    t->cap *= 2;
    t->slot = arena_many(t->a, struct entry, t->cap);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slot[i].id.p)
            *slot_of(t, old.slot[i].id) = old.slot[i];
}

/* ICU speaks UTF-16; page texts are short. `*trans` is opened at first use. */
static struct str transliterate(struct arena *a, UTransliterator **trans, const UChar *id, struct str zh)
{
    UErrorCode err = U_ZERO_ERROR;
    int32_t n = 0, cap = (int32_t)zh.n * 2 + 16, out = 0;
    if (!*trans)
        *trans = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &err);
    if (U_FAILURE(err))
        panic("ICU has no such transliteration: %s", u_errorName(err));
    UChar *u = arena_many(a, UChar, (size_t)cap);
    u_strFromUTF8(u, cap, &n, zh.p ? zh.p : "", (int32_t)zh.n, &err);
    int32_t limit = n;
    utrans_transUChars(*trans, u, &n, cap, 0, &limit, &err);
    char *p = arena_alloc(a, (size_t)n * 3 + 1);
    u_strToUTF8(p, n * 3 + 1, &out, u, n, &err);
    if (U_FAILURE(err))
        panic("transliteration failed: %s", u_errorName(err));
    return (struct str){ p, (size_t)out };
}

struct str text_hant(struct arena *a, struct str zh)
{
    static _Thread_local UTransliterator *trans;
    return transliterate(a, &trans, u"Hans-Hant", zh);
}

static struct str nfkc_folded(struct arena *a, struct str s)
{
    UErrorCode err = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&err);
    int32_t n = 0, cap = (int32_t)s.n * 18 + 1, out = 0; /* one code point grows to at most 18 (TR 15) */
    UChar *u = arena_many(a, UChar, s.n + 1), *v = arena_many(a, UChar, (size_t)cap);
    u_strFromUTF8(u, (int32_t)s.n + 1, &n, s.p ? s.p : "", (int32_t)s.n, &err);
    int32_t m = unorm2_normalize(form, u, n, v, cap, &err);
    char *p = arena_alloc(a, (size_t)m * 3 + 1);
    u_strToUTF8(p, m * 3 + 1, &out, v, m, &err);
    if (U_FAILURE(err))
        panic("text cannot be normalised: %s", u_errorName(err));
    return (struct str){ p, (size_t)out };
}

struct str text_key(struct arena *a, struct str name)
{
    static _Thread_local UTransliterator *trans;
    struct str plain = nfkc_folded(a, transliterate(a, &trans, u"Hant-Hans", name));
    char *p = arena_alloc(a, plain.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < plain.n; i++)
        if (plain.p[i] != ' ' && plain.p[i] != '\t')
            p[n++] = plain.p[i];
    return (struct str){ p, n };
}

static struct entry *entry_add(struct texts *t, struct str id, struct str zh, struct str en)
{
    if (t->n * 2 > t->cap)
        grow(t);
    struct entry *e = slot_of(t, id);
    *e = (struct entry){ .id = id };
    e->text[LOCALE_ZH_CN] = zh;
    e->text[LOCALE_ZH_HANT] = text_hant(t->a, zh);
    e->text[LOCALE_EN] = en.p ? en : zh;
    t->n++;
    return e;
}

/* "catalog.code_shape" is a name, "您想办什么事？" is a text. */
static bool looks_like_name(struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= '0' && id.p[i] <= '9') || id.p[i] == '.' || id.p[i] == '_'))
            return false;
    return str_find_char(id, '.') > 0;
}

void texts_add(struct texts *t, const struct message *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str id = str_c(m[i].id), zh = m[i].zh ? str_c(m[i].zh) : id;
        struct entry *e = slot_of(t, id);
        if (!e->id.p)
            entry_add(t, id, zh, str_c(m[i].en));
        else if (!str_eq(e->text[LOCALE_ZH_CN], zh))
            panic("message %s has two texts", m[i].id);
    }
}

const struct str *texts_find(struct texts *t, struct str id)
{
    struct entry *e = slot_of(t, id);
    if (e->id.p)
        return e->text;
    if (t->sealed)
        return NULL;
    if (looks_like_name(id)) {
        t->missing++;
        log_warn("no text for message " STR_F, STR_A(id));
    }
    id = arena_str(t->a, id);
    return entry_add(t, id, id, STR_NONE)->text;
}

void texts_seal(struct texts *t)
{
    t->sealed = true;
}

size_t texts_missing(const struct texts *t)
{
    return t->missing;
}

static void put_filled(struct buf *b, struct str text, struct str arg1, struct str arg2)
{
    for (;;) {
        ptrdiff_t at = str_find_char(text, '%');
        if (at < 0 || (size_t)at + 1 >= text.n)
            break;
        char c = text.p[at + 1];
        buf_put(b, text.p, (size_t)at);
        if (c == '1' || c == '2')
            buf_str(b, c == '1' ? arg1 : arg2);
        else
            buf_put(b, text.p + at, 2);
        text = str_sub(text, (size_t)at + 2, text.n);
    }
    buf_str(b, text);
}

void texts_put(struct texts *t, struct buf *b, enum locale l, struct str id, struct str arg1, struct str arg2)
{
    const struct str *texts = texts_find(t, id);
    put_filled(b, texts ? texts[l] : id, arg1, arg2);
}
