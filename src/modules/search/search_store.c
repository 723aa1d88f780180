/* search_store.c - statements in, structs out. */
#include "search_store.h"

#include "local_sql.h"
#include "search_sql.h"

const struct sql *const *const search_local_statements = search_local_sql;
const size_t search_local_nstatements = countof(search_local_sql);

static const struct field row_fields[] = {
    FIELD(struct search_row, id),   FIELD(struct search_row, grp),      FIELD(struct search_row, plain),
    FIELD(struct search_row, main_plain), FIELD(struct search_row, alias), FIELD(struct search_row, sounds),
    FIELD(struct search_row, flags),
    FIELD(struct search_row, body), FIELD(struct search_row, subjects),
};
static const struct record ROW = RECORD(struct search_row, row_fields);

static const struct field card_fields[] = {
    FIELD(struct search_card, id),        FIELD(struct search_card, code),      FIELD(struct search_card, name),
    FIELD(struct search_card, plain),     FIELD(struct search_card, main_name), FIELD(struct search_card, situation),
    FIELD(struct search_card, sounds),    FIELD(struct search_card, kind),      FIELD(struct search_card, promised_days),
    FIELD(struct search_card, promised_unit), FIELD(struct search_card, fee),   FIELD(struct search_card, alias),
    FIELD(struct search_card, body_short),
};
static const struct record CARD = RECORD(struct search_card, card_fields);

static const struct field name_fields[] = {
    FIELD(struct search_name, id), FIELD(struct search_name, code), FIELD(struct search_name, name)
};
static const struct record NAME = RECORD(struct search_name, name_fields);
static const struct field pair_fields[] = { FIELD(struct search_pair, word), FIELD(struct search_pair, official) };
static const struct record PAIR = RECORD(struct search_pair, pair_fields);
static const struct field miss_fields[] = { FIELD(struct search_miss, words), FIELD(struct search_miss, n) };
static const struct record MISS = RECORD(struct search_miss, miss_fields);
static const struct field wish_fields[] = {
    FIELD(struct search_wish, id), FIELD(struct search_wish, made_at), FIELD(struct search_wish, words),
    FIELD(struct search_wish, wish),
};
static const struct record WISH = RECORD(struct search_wish, wish_fields);

/* SQL columns are NOT NULL: no text is empty text. */
static struct val text(struct str s)
{
    return v_str(s.p ? s : STR(""));
}

/* Everything that begins with `s`, as the half-open range [s, out). U+10FFFF is the greatest character. */
static struct str after_all(struct arena *a, struct str s)
{
    return arena_fmt(a, STR_F "\xF4\x8F\xBF\xBF", STR_A(s));
}

/* ---- state and characters ------------------------------------------------------------------------------------------- */

enum rc store_version(struct cx *cx, int64_t *out)
{
    *out = 0;
    enum rc rc = db_int(cx, &sql_search_local_version, NO_ARGS, out);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc store_version_set(struct cx *cx, int64_t version)
{
    return db_exec(cx, &sql_search_local_version_set, ARGS(v_i64(version)), NULL);
}

enum rc store_rune_count(struct cx *cx, int64_t *out)
{
    return db_int(cx, &sql_search_local_rune_count, NO_ARGS, out);
}

enum rc store_rune_add(struct cx *cx, const struct search_rune *r)
{
    return db_exec(cx, &sql_search_local_rune_add, ARGS(v_i64(r->rune), v_i64(r->plain), text(r->sound), text(r->other)), NULL);
}

enum rc store_runes_after(struct cx *cx, int64_t after, struct list *out)
{
    return db_all(cx, &sql_search_local_runes_after, ARGS(v_i64(after)), &SEARCH_RUNE, out);
}

/* Put `r` where it belongs, unless it is there. */
static void rune_insert(struct search_rune *v, size_t *n, const struct search_rune *r)
{
    size_t i = *n;
    while (i && v[i - 1].rune > r->rune)
        i--;
    if (i && v[i - 1].rune == r->rune)
        return;
    for (size_t k = *n; k > i; k--)
        v[k] = v[k - 1];
    v[i] = *r;
    ++*n;
}

static enum rc rune_find(struct cx *cx, uint32_t c, struct search_rune *v, size_t *n)
{
    struct search_rune r;
    enum rc rc = db_one(cx, &sql_search_local_rune, ARGS(v_i64(c)), &SEARCH_RUNE, &r);
    if (!rc)
        rune_insert(v, n, &r);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc store_runes_of(struct cx *cx, struct str s, struct search_runes *out)
{
    struct search_rune *v = arena_many(cx->arena, struct search_rune, str_runes(s) * 2);
    size_t n = 0;
    enum rc rc = RC_OK;
    while (s.n && !rc) {
        uint32_t c = str_rune(&s);
        size_t before = n;
        if (c < SEARCH_RUNE_FIRST || c > SEARCH_RUNE_LAST)
            continue;
        rc = rune_find(cx, c, v, &n);
        const struct search_rune *r = n > before ? search_rune_find(&(struct search_runes){ v, n }, c) : NULL;
        if (!rc && r && r->plain != r->rune) /* how the simplified form is read */
            rc = rune_find(cx, (uint32_t)r->plain, v, &n);
    }
    *out = (struct search_runes){ v, n };
    return rc;
}

/* ---- building ------------------------------------------------------------------------------------------------------- */

static enum rc each(struct cx *cx, const struct sql *const *s, size_t n)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && !rc; i++)
        rc = db_exec(cx, s[i], NO_ARGS, NULL);
    return rc;
}

enum rc store_clear(struct cx *cx)
{
    static const struct sql *const steps[] = {
        &sql_search_local_load_clear,    &sql_search_local_card_clear,    &sql_search_local_doc_clear,
        &sql_search_local_alias_clear,   &sql_search_local_near_clear,
        &sql_search_local_body_clear, &sql_search_local_subject_clear, &sql_search_local_text_clear,
        &sql_search_local_reading_clear, &sql_search_local_initial_clear,
    };
    return each(cx, steps, countof(steps));
}

enum rc store_fill(struct cx *cx)
{
    static const struct sql *const steps[] = {
        &sql_search_local_card_fill,    &sql_search_local_doc_fill,     &sql_search_local_text_fill,    &sql_search_local_reading_fill,
        &sql_search_local_initial_fill, &sql_search_local_text_pack,    &sql_search_local_reading_pack,
        &sql_search_local_initial_pack, &sql_search_local_load_clear,
    };
    return each(cx, steps, countof(steps));
}

enum rc store_load_add(struct cx *cx, const struct search_load *d)
{
    return db_exec(cx, &sql_search_local_load_add,
                   ARGS(v_str(d->code), text(d->main), v_i64(d->place), v_i64(d->runes), text(d->plain), text(d->main_plain),
                        text(d->alias), text(d->sounds), v_i64(d->flags), v_i64(d->body), v_i64(d->subjects), text(d->name),
                        text(d->main_name), text(d->situation), text(d->kind), v_i64(d->promised_days), text(d->promised_unit),
                        v_bool(d->fee), text(d->content), text(d->readings), text(d->initials)),
                   NULL);
}

enum rc store_alias_add(struct cx *cx, struct str word, struct str code)
{
    return db_exec(cx, &sql_search_local_alias_add, ARGS(v_str(word), v_str(code)), NULL);
}

enum rc store_near_add(struct cx *cx, struct str word, struct str official)
{
    return db_exec(cx, &sql_search_local_near_add, ARGS(v_str(word), v_str(official)), NULL);
}

enum rc store_body_add(struct cx *cx, int64_t id, struct str code, struct str name)
{
    return db_exec(cx, &sql_search_local_body_add, ARGS(v_i64(id), v_str(code), text(name)), NULL);
}

enum rc store_subject_add(struct cx *cx, int64_t id, struct str code, struct str name)
{
    return db_exec(cx, &sql_search_local_subject_add, ARGS(v_i64(id), v_str(code), text(name)), NULL);
}

/* ---- asking --------------------------------------------------------------------------------------------------------- */

enum rc store_near_in(struct cx *cx, struct str s, struct list *out)
{
    return db_all(cx, &sql_search_local_near_in, ARGS(text(s)), &PAIR, out);
}

enum rc store_near_begins(struct cx *cx, struct str s, struct list *out)
{
    return db_all(cx, &sql_search_local_near_begins, ARGS(text(s), v_str(after_all(cx->arena, s))), &PAIR, out);
}

enum rc store_near_words(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_search_local_near_words, NO_ARGS, &PAIR, out);
}

enum rc store_body_by_code(struct cx *cx, struct str code, int64_t *out)
{
    return db_int(cx, &sql_search_local_body_by_code, ARGS(text(code)), out);
}

enum rc store_bodies(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_search_local_bodies, NO_ARGS, &NAME, out);
}

enum rc store_subjects(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_search_local_subjects, NO_ARGS, &NAME, out);
}

enum rc store_hits_exact(struct cx *cx, struct str s, const struct search_filter *f, struct list *out)
{
    return db_all(cx, &sql_search_local_hits_exact, ARGS(text(s), v_i64(f->flags), v_i64(f->body), v_i64(f->subjects)), &ROW, out);
}

enum rc store_hits_code(struct cx *cx, struct str code, const struct search_filter *f, struct list *out)
{
    return db_all(cx, &sql_search_local_hits_code,
                  ARGS(text(code), v_str(after_all(cx->arena, code)), v_i64(f->flags), v_i64(f->body), v_i64(f->subjects)), &ROW, out);
}

enum rc store_hits(struct cx *cx, enum search_table t, struct str match, const struct search_filter *f, int64_t limit,
                   struct list *out)
{
    static const struct sql *const tables[TABLES] = {
        [TABLE_TEXT] = &sql_search_local_hits_text,
        [TABLE_READING] = &sql_search_local_hits_reading,
        [TABLE_INITIAL] = &sql_search_local_hits_initial,
    };
    return db_all(cx, tables[t], ARGS(text(match), v_i64(f->flags), v_i64(f->body), v_i64(f->subjects), v_i64(limit)), &ROW, out);
}

enum rc store_card(struct cx *cx, int64_t id, struct search_card *out)
{
    return db_one(cx, &sql_search_local_card, ARGS(v_i64(id)), &CARD, out);
}

/* ---- the main database ------------------------------------------------------------------------------------------------ */

enum rc store_miss_add(struct cx *cx, struct day day, struct str words, int64_t n)
{
    return db_exec(cx, &sql_search_miss_add, ARGS(v_i64(day.n), v_str(words), v_i64(n)), NULL);
}

enum rc store_wish_add(struct cx *cx, const struct search_wish *w)
{
    return db_exec(cx, &sql_search_wish_insert, ARGS(v_i64(w->id), v_i64(w->made_at.ms), text(w->words), text(w->wish)), NULL);
}

enum rc search_miss_list(struct cx *cx, struct day since, struct list *out)
{
    return db_all(cx, &sql_search_misses_since, ARGS(v_i64(since.n)), &MISS, out);
}

enum rc search_wish_list(struct cx *cx, int64_t before, struct list *out)
{
    return db_all(cx, &sql_search_wishes_before, ARGS(v_i64(before ? before : INT64_MAX)), &WISH, out);
}
