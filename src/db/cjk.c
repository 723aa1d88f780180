/* cjk.c - overlapping pairs of CJK characters as FTS5 tokens. */
#include "db/cjk.h"

#include <sqlite3.h>

struct range {
    uint32_t first, last;
};

/* Letters of Chinese, Japanese and Korean; 々 and 〇 belong to words. */
static const struct range letters[] = {
    { 0x3005, 0x3007 },   { 0x3040, 0x30FF },   { 0x3400, 0x4DBF },   { 0x4E00, 0x9FFF },
    { 0xAC00, 0xD7AF },   { 0xF900, 0xFAFF },   { 0x20000, 0x323AF },
};

static bool is_cjk(uint32_t c)
{
    for (size_t i = 0; i < countof(letters); i++)
        if (c >= letters[i].first && c <= letters[i].last)
            return true;
    return false;
}

/* The lower-case ASCII letter or digit that `c` stands for, or 0. */
static char alnum_of(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (c >= 'A' && c <= 'Z')
        c += 'a' - 'A';
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? (char)c : 0;
}

/* One code point at byte `at` and its length; a byte that begins nothing well-formed is U+FFFD of length 1.
 * The text may come from anywhere in an index, so str_rune's promise does not hold here. */
static uint32_t rune_at(struct str s, size_t at, size_t *n)
{
    unsigned char c = (unsigned char)s.p[at];
    size_t len = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 0;
    *n = 1;
    if (len == 1)
        return c;
    struct str one = { s.p + at, len };
    if (len == 0 || at + len > s.n || !str_utf8_ok(one))
        return 0xFFFD;
    *n = len;
    return str_rune(&one);
}

struct walk {
    struct str    text;
    size_t        at;
    bool          query;
    cjk_token_fn *each;
    void         *arg;
};

static int give(struct walk *w, size_t from, size_t to)
{
    return w->each(w->arg, 0, w->text.p + from, (int)(to - from), (int)from, (int)to);
}

/* w->at stands on a CJK letter of length n; leaves it behind the run. */
static int walk_run(struct walk *w, size_t n)
{
    for (bool alone = true;; alone = false) {
        size_t from = w->at, next = from + n;
        w->at = next;
        if (next >= w->text.n || !is_cjk(rune_at(w->text, next, &n)))
            return alone || !w->query ? give(w, from, next) : 0;
        int rc = give(w, from, next + n);
        if (rc)
            return rc;
    }
}

/* w->at stands on something that is no CJK letter; leaves it behind the word or the separator. */
static int walk_word(struct walk *w)
{
    char word[CJK_WORD_MAX];
    size_t from = w->at, used = 0, n;
    while (w->at < w->text.n) {
        char c = alnum_of(rune_at(w->text, w->at, &n));
        if (!c)
            break;
        if (used < sizeof word)
            word[used++] = c;
        w->at += n;
    }
    if (used)
        return w->each(w->arg, 0, word, (int)used, (int)from, (int)w->at);
    w->at += n;
    return 0;
}

int cjk_tokens(struct str text, bool query, cjk_token_fn *each, void *arg)
{
    struct walk w = { .text = text, .query = query, .each = each, .arg = arg };
    while (w.at < text.n) {
        size_t n;
        int rc = is_cjk(rune_at(text, w.at, &n)) ? walk_run(&w, n) : walk_word(&w);
        if (rc)
            return rc;
    }
    return 0;
}

/* ---- FTS5's side: the tokenizer has no state, but FTS5 wants a pointer ---------------------------------------------- */

static int fts_open(void *context UNUSED, const char **args UNUSED, int n UNUSED, Fts5Tokenizer **out)
{
    static char nothing;
    *out = (Fts5Tokenizer *)(void *)&nothing;
    return SQLITE_OK;
}

static void fts_close(Fts5Tokenizer *t UNUSED)
{
}

static int fts_tokens(Fts5Tokenizer *t UNUSED, void *arg, int flags, const char *p, int n,
                      int (*each)(void *, int, const char *, int, int, int))
{
    return cjk_tokens((struct str){ p, (size_t)n }, (flags & FTS5_TOKENIZE_QUERY) != 0, each, arg);
}

static fts5_api *api_of(sqlite3 *h)
{
    fts5_api *api = NULL;
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(h, "SELECT fts5(?1)", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
        sqlite3_step(s);
    }
    sqlite3_finalize(s);
    return api;
}

bool cjk_register(sqlite3 *h)
{
    static fts5_tokenizer methods = { fts_open, fts_close, fts_tokens };
    fts5_api *api = api_of(h);
    return api && api->xCreateTokenizer(api, "cjkbigram", NULL, &methods, NULL) == SQLITE_OK;
}
