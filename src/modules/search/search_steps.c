/* search_steps.c - the ways of finding, from the surest to the loosest. Each is one or two statements and a judgement. */
#include "search_priv.h"

#include <string.h>

enum { READING_FIRST = 60, INSIDE_RUNES = 20, INSIDE_LONGEST = 8, SHORT_LINE = 4 };

/* ---- gathering ------------------------------------------------------------------------------------------------------ */

static void term_add(struct asked *q, struct str term)
{
    if (term.n && q->nterms < TERMS_MAX)
        q->term[q->nterms++] = term;
}

static struct hit *hits_room(struct cx *cx, struct hits *h, size_t n)
{
    struct hit *v = arena_many(cx->arena, struct hit, h->n + n);
    if (h->n)
        memcpy(v, h->v, h->n * sizeof *v);
    h->v = v;
    return v + h->n;
}

typedef bool fit_fn(const struct asked *q, const struct search_row *row, struct hit *out);

/* Rows that `fit` accepts. */
static void gather(struct cx *cx, const struct asked *q, const struct list *rows, fit_fn *fit, struct hits *out)
{
    struct hit *v = hits_room(cx, out, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        struct hit h = { .row = ((const struct search_row *)rows->v)[i] };
        if (!fit(q, &h.row, &h))
            continue;
        *v++ = h;
        out->n++;
    }
    out->more |= rows->n > SEARCH_HITS_MAX;
}

static enum rc gather_match(struct cx *cx, const struct asked *q, enum search_table t, const struct buf *match, fit_fn *fit,
                            struct hits *out)
{
    struct list rows;
    enum rc rc = store_hits(cx, t, buf_view(match), &q->filter, SEARCH_HITS_MAX + 1, &rows);
    if (!rc)
        gather(cx, q, &rows, fit, out);
    return rc;
}

/* ---- code ----------------------------------------------------------------------------------------------------------- */

static bool fit_any(const struct asked *q UNUSED, const struct search_row *row UNUSED, struct hit *out)
{
    out->fit = FIT_OTHER;
    return true;
}

static enum rc step_code(struct cx *cx, struct asked *q, struct hits *out)
{
    struct str code = search_code_of(cx->arena, q->text);
    struct list rows;
    enum rc rc = code.p ? store_hits_code(cx, code, &q->filter, &rows) : RC_OK;
    if (code.p && !rc)
        gather(cx, q, &rows, fit_any, out);
    return rc;
}

/* ---- words as they are ---------------------------------------------------------------------------------------------- */

static const char *const verbs[] = { "办", "办理", "领", "领取", "考", "开", "申请", "申领", "交", "做" };

/* Word by word: the item's everyday word is the text, or a verb and the text. */
static enum fit alias_fit(struct str lines, struct str text)
{
    enum fit best = FIT_OTHER;
    while (lines.n) {
        struct str w = str_cut(&lines, '\n');
        if (str_eq(w, text))
            return FIT_ALIAS;
        if (w.n > text.n && str_ends(w, text))
            for (size_t i = 0; i < countof(verbs) && best > FIT_ALIAS_DONE; i++)
                if (str_is(str_sub(w, 0, w.n - text.n), verbs[i]))
                    best = FIT_ALIAS_DONE;
        if (best > FIT_ALIAS_HAS && str_find(w, text) >= 0)
            best = FIT_ALIAS_HAS;
    }
    return best;
}

static enum fit name_fit(const struct search_row *row, struct str text)
{
    if (str_eq(row->plain, text))
        return FIT_NAME;
    if (str_starts(row->plain, text))
        return FIT_NAME_BEGINS;
    if (str_find(row->plain, text) >= 0)
        return FIT_NAME_HAS;
    return str_find(row->main_plain, text) >= 0 ? FIT_MAIN_HAS : FIT_OTHER;
}

static enum fit near_fit(const struct search_row *row, struct str official)
{
    switch (name_fit(row, official)) {
    case FIT_NAME:
        return FIT_NEAR_NAME;
    case FIT_NAME_BEGINS:
        return FIT_NEAR_BEGINS;
    case FIT_NAME_HAS:
        return FIT_NEAR_HAS;
    case FIT_MAIN_HAS:
        return FIT_MAIN_NEAR;
    case FIT_ALIAS:
    case FIT_ALIAS_DONE:
    case FIT_NEAR_NAME:
    case FIT_NEAR_BEGINS:
    case FIT_NEAR_HAS:
    case FIT_ALIAS_HAS:
    case FIT_MAIN_NEAR:
    case FIT_OTHER:
        break;
    }
    return FIT_OTHER;
}

static bool fit_words(const struct asked *q, const struct search_row *row, struct hit *out)
{
    enum fit alias = alias_fit(row->alias, q->core), name = name_fit(row, q->core);
    out->fit = alias < name ? alias : name;
    for (size_t i = 0; i < q->near.n; i++) {
        enum fit near = near_fit(row, ((const struct search_pair *)q->near.v)[i].official);
        if (near < out->fit)
            out->fit = near;
    }
    return true;
}

/* Official words for the text as a whole; while it is being typed, also for what it begins. */
static enum rc near_find(struct cx *cx, struct asked *q)
{
    enum rc rc = store_near_begins(cx, q->core, &q->near);
    const struct search_pair *p = q->near.v;
    size_t n = 0;
    while (n < q->near.n && str_eq(p[n].word, q->core))
        n++;
    if (n || str_runes(q->core) < 2)
        q->near.n = n;
    return rc;
}

static bool put_words(struct asked *q, struct buf *b)
{
    buf_lit(b, "{title alias} : (");
    if (!search_put_phrase(b, q->core))
        return false;
    term_add(q, q->core);
    for (size_t i = 0; i < q->near.n; i++) {
        struct str official = ((const struct search_pair *)q->near.v)[i].official;
        buf_lit(b, " OR ");
        if (!search_put_phrase(b, official))
            return false;
        term_add(q, official);
    }
    buf_char(b, ')');
    return true;
}

/* The core as an everyday word, a name, or a part of either. */
static enum rc words_find(struct cx *cx, struct asked *q, struct hits *out)
{
    struct list rows;
    struct buf b;
    enum rc rc = near_find(cx, q);
    if (!rc)
        rc = store_hits_exact(cx, q->core, &q->filter, &rows);
    if (rc)
        return rc;
    gather(cx, q, &rows, fit_words, out);
    buf_init(&b, cx->arena, 200);
    return put_words(q, &b) ? gather_match(cx, q, TABLE_TEXT, &b, fit_words, out) : RC_OK;
}

static enum rc step_direct(struct cx *cx, struct asked *q, struct hits *out)
{
    struct str core = q->core;
    q->core = q->text;
    enum rc rc = words_find(cx, q, out);
    q->core = core;
    return rc;
}

static enum rc step_core(struct cx *cx, struct asked *q, struct hits *out)
{
    return str_eq(q->core, q->text) ? RC_OK : words_find(cx, q, out);
}

/* ---- readings ------------------------------------------------------------------------------------------------------- */

/* Where the name sounds like it; an item found by an everyday word comes after those. */
static bool fit_reading(const struct asked *q, const struct search_row *row, struct hit *out)
{
    struct search_span span;
    out->fit = FIT_OTHER;
    if (search_span_by_sound(row->sounds, q->reading, &span))
        out->fit = span.from ? FIT_NAME_HAS : FIT_NAME_BEGINS;
    return true;
}

/* The characters of a name that the reading stands for: of the first name that has it. "" if none has. */
static struct str reading_word(const struct asked *q, const struct hits *h)
{
    struct search_span span;
    for (size_t i = 0; i < h->n; i++) {
        struct str rest = h->v[i].row.plain;
        if (!search_span_by_sound(h->v[i].row.sounds, q->reading, &span) || span.to - span.from < 2)
            continue;
        for (size_t k = 0; k < span.from; k++)
            str_rune(&rest);
        return str_first_runes(rest, span.to - span.from);
    }
    return STR("");
}

/* What the reading finds; only the first few when they name a word that will find the others. */
static enum rc reading_hits(struct cx *cx, const struct asked *q, enum search_table t, struct hits *out, struct str *out_word)
{
    struct list rows;
    struct buf b;
    buf_init(&b, cx->arena, 80);
    *out_word = STR("");
    if (!search_put_phrase(&b, q->reading))
        return RC_OK;
    enum rc rc = store_hits(cx, t, buf_view(&b), &q->filter, READING_FIRST, &rows);
    if (rc)
        return rc;
    gather(cx, q, &rows, fit_reading, out);
    *out_word = reading_word(q, out);
    if (out_word->n || rows.n < READING_FIRST)
        return RC_OK;
    out->n = 0;
    return gather_match(cx, q, t, &b, fit_reading, out);
}

/* Who spells a word gets what he would get for the word, and after it whatever else sounds like that. */
static enum rc reading_find(struct cx *cx, struct asked *q, enum search_table t, struct hits *out)
{
    struct str core = q->core, word;
    enum rc rc = reading_hits(cx, q, t, out, &word);
    if (rc || !word.n)
        return rc;
    q->core = word;
    rc = words_find(cx, q, out);
    q->core = core;
    return rc;
}

static enum rc step_reading(struct cx *cx, struct asked *q, struct hits *out)
{
    if (!q->reading.n || !search_has_letter(q->text))
        return RC_OK;
    enum rc rc = reading_find(cx, q, TABLE_READING, out);
    if (!rc && !out->n && !search_has_han(q->text) && q->reading.n <= SEARCH_SYLLABLES_MAX)
        rc = reading_find(cx, q, TABLE_INITIAL, out);
    return rc;
}

static enum rc step_homophone(struct cx *cx, struct asked *q, struct hits *out)
{
    struct str core_reading = search_reading_of(cx->arena, q->core, &q->runes);
    if (!search_has_han(q->core) || str_runes(q->core) < 2 || !core_reading.n)
        return RC_OK;
    q->reading = core_reading;
    return reading_find(cx, q, TABLE_READING, out);
}

/* ---- parts ---------------------------------------------------------------------------------------------------------- */

static bool fit_pairs(const struct asked *q, const struct search_row *row, struct hit *out)
{
    size_t all;
    out->fit = FIT_OTHER;
    out->score = (int64_t)search_pairs_in(q->core, row->plain, &all) * 2 + (int64_t)search_pairs_in(q->core, row->alias, &all);
    return true;
}

static void term_add_pairs(struct asked *q)
{
    struct str rest = q->core;
    while (rest.n) {
        struct str before = rest, after;
        str_rune(&rest);
        after = rest;
        if (after.n)
            str_rune(&after);
        if (rest.n)
            term_add(q, (struct str){ before.p, before.n - after.n });
    }
}

static enum rc step_parts(struct cx *cx, struct asked *q, struct hits *out)
{
    struct buf b;
    buf_init(&b, cx->arena, 400);
    buf_lit(&b, "{title alias} : (");
    if (!search_put_parts(&b, q->core))
        return RC_OK;
    buf_char(&b, ')');
    enum rc rc = gather_match(cx, q, TABLE_TEXT, &b, fit_pairs, out);
    if (!rc && out->n)
        term_add_pairs(q);
    return rc;
}

/* ---- a known word inside the question -------------------------------------------------------------------------------- */

/* Official words of everyday words that stand in the question. */
static enum rc inside_near(struct cx *cx, struct asked *q, struct hits *out)
{
    struct list near;
    struct buf b;
    enum rc rc = store_near_in(cx, q->core, &near);
    if (rc || !near.n)
        return rc;
    buf_init(&b, cx->arena, 400);
    buf_lit(&b, "{title alias} : (");
    for (size_t i = 0; i < near.n; i++) {
        const struct search_pair *p = (const struct search_pair *)near.v + i;
        if (i)
            buf_lit(&b, " OR ");
        search_put_phrase(&b, p->official);
        term_add(q, p->official);
    }
    buf_char(&b, ')');
    return gather_match(cx, q, TABLE_TEXT, &b, fit_pairs, out);
}

/* All runs of `len` characters of the core, looked up as whole words. */
static enum rc inside_words(struct cx *cx, struct asked *q, size_t len, struct hits *out)
{
    struct str rest = str_first_runes(q->core, INSIDE_RUNES);
    enum rc rc = RC_OK;
    while (!rc && str_runes(rest) >= len) {
        struct str word = str_first_runes(rest, len);
        struct list rows;
        rc = store_hits_exact(cx, word, &q->filter, &rows);
        if (!rc && rows.n) {
            gather(cx, q, &rows, fit_pairs, out);
            term_add(q, word);
        }
        str_rune(&rest);
    }
    return rc;
}

static enum rc step_inside(struct cx *cx, struct asked *q, struct hits *out)
{
    size_t n = str_runes(q->core), len = n - 1 < INSIDE_LONGEST ? n - 1 : INSIDE_LONGEST;
    if (n < 3 || !search_has_han(q->core))
        return RC_OK;
    enum rc rc = inside_near(cx, q, out);
    size_t before = out->n;
    for (; !rc && len >= 2 && out->n == before; len--)
        rc = inside_words(cx, q, len, out);
    return rc;
}

/* ---- the guides, slips, anything like it ----------------------------------------------------------------------------- */

enum rc search_step_text(struct cx *cx, struct asked *q, struct hits *out)
{
    struct buf b;
    buf_init(&b, cx->arena, 400);
    if (!search_put_phrase(&b, q->core))
        return RC_OK;
    if (str_find_char(q->core, ' ') >= 0) {
        buf_lit(&b, " OR ");
        if (!search_put_parts(&b, q->core))
            b.n -= 4;
    }
    return gather_match(cx, q, TABLE_TEXT, &b, fit_pairs, out);
}

static bool is_slip_of(struct str text, struct str line, bool whole)
{
    return (!whole || str_runes(line) <= SHORT_LINE) && search_slips_within(text, line) <= 1;
}

/* Three characters with a slip are two: they must meet a whole short word. */
static bool fit_slip(const struct asked *q, const struct search_row *row, struct hit *out)
{
    bool whole = str_runes(q->core) <= 3, found = is_slip_of(q->core, row->plain, whole);
    struct str lines = row->alias;
    out->fit = FIT_NAME_HAS;
    if (found)
        return true;
    out->fit = FIT_ALIAS_HAS;
    while (lines.n && !found)
        found = is_slip_of(q->core, str_cut(&lines, '\n'), whole);
    return found;
}

static enum rc step_slip(struct cx *cx, struct asked *q, struct hits *out)
{
    struct buf b;
    buf_init(&b, cx->arena, 800);
    buf_lit(&b, "{title alias} : (");
    if (!search_put_slips(&b, q->core))
        return RC_OK;
    buf_char(&b, ')');
    enum rc rc = gather_match(cx, q, TABLE_TEXT, &b, fit_slip, out);
    if (!rc && out->n)
        term_add_pairs(q);
    return rc;
}

static bool fit_loose(const struct asked *q, const struct search_row *row, struct hit *out)
{
    size_t all, name = search_pairs_in(q->core, row->plain, &all), alias = search_pairs_in(q->core, row->alias, &all);
    size_t best = name > alias ? name : alias;
    out->fit = FIT_OTHER;
    out->score = (int64_t)(name + alias);
    return all > 1 && (best * 2 >= all || best > 1);
}

static enum rc step_loose(struct cx *cx, struct asked *q, struct hits *out)
{
    struct buf b;
    buf_init(&b, cx->arena, 800);
    buf_lit(&b, "{title alias} : (");
    if (!search_put_pairs(&b, q->core))
        return RC_OK;
    buf_char(&b, ')');
    enum rc rc = gather_match(cx, q, TABLE_TEXT, &b, fit_loose, out);
    if (!rc && out->n)
        term_add_pairs(q);
    return rc;
}

const struct step search_steps[] = {
    { "code", step_code, true },
    { "direct", step_direct, true },
    { "core", step_core, true },
    { "reading", step_reading, true },
    { "parts", step_parts, true },
    { "inside", step_inside, false },
    { "text", search_step_text, false },
    { "homophone", step_homophone, false },
    { "slip", step_slip, false },
    { "loose", step_loose, false },
};
const size_t search_nsteps = countof(search_steps);
