/* search_store.h - statements of the module: the local index and the two tables of the main database. */
#ifndef MODULES_SEARCH_STORE_H
#define MODULES_SEARCH_STORE_H

#include "search_rules.h"
#include "modules/search/search.h"

/* ---- the index: cx->db is a session of the local pool --------------------------------------------------------------- */

/* An item as far as ranking and counting look. Texts are folded; alias has one word per line. */
struct search_row {
    int64_t    id, grp, flags, body, subjects;
    struct str plain, main_plain, alias, sounds; /* sounds: only of hits by reading */
};

struct search_filter {
    int64_t flags, body, subjects; /* all bits, 0 = any, one of the bits (0 = any) */
};

/* An item as it is shown. */
struct search_card {
    int64_t    id, promised_days;
    struct str code, name, plain, main_name, situation, sounds, kind, promised_unit, alias, body_short;
    bool       fee;
};

/* An item on its way into the index. */
struct search_load {
    struct str code, main, plain, main_plain, alias, sounds, name, main_name, situation, kind, promised_unit, content,
               readings, initials;
    int64_t    place, runes, flags, body, subjects, promised_days;
    bool       fee;
};

struct search_name {
    int64_t    id;
    struct str code, name;
};

struct search_pair {
    struct str word, official;
};

/* What an FTS5 expression is put to. */
enum search_table { TABLE_TEXT, TABLE_READING, TABLE_INITIAL, TABLES };

enum rc store_version(struct cx *cx, int64_t *out); /* 0 if there is no index yet */
enum rc store_version_set(struct cx *cx, int64_t version);

enum rc store_rune_count(struct cx *cx, int64_t *out);
enum rc store_rune_add(struct cx *cx, const struct search_rune *r);
enum rc store_runes_after(struct cx *cx, int64_t after, struct list *out);
/* Sorted; the characters of this text that are known. */
enum rc store_runes_of(struct cx *cx, struct str text, struct search_runes *out);

enum rc store_clear(struct cx *cx);
enum rc store_load_add(struct cx *cx, const struct search_load *d);
enum rc store_alias_add(struct cx *cx, struct str word, struct str code);
enum rc store_near_add(struct cx *cx, struct str word, struct str official);
enum rc store_body_add(struct cx *cx, int64_t id, struct str code, struct str name);
enum rc store_subject_add(struct cx *cx, int64_t id, struct str code, struct str name);
/* From what was loaded to the index proper. */
enum rc store_fill(struct cx *cx);

/* Lists of struct search_pair: everyday words that stand in the text / begin with it / all. */
enum rc store_near_in(struct cx *cx, struct str text, struct list *out);
enum rc store_near_begins(struct cx *cx, struct str text, struct list *out);
enum rc store_near_words(struct cx *cx, struct list *out);
enum rc store_body_by_code(struct cx *cx, struct str code, int64_t *out);
/* Lists of struct search_name. */
enum rc store_bodies(struct cx *cx, struct list *out);
enum rc store_subjects(struct cx *cx, struct list *out);

/* Lists of struct search_row in order of id (of code), at most `limit` or SEARCH_HITS_MAX + 1. */
enum rc store_hits_exact(struct cx *cx, struct str text, const struct search_filter *f, struct list *out);
enum rc store_hits_code(struct cx *cx, struct str code, const struct search_filter *f, struct list *out);
enum rc store_hits(struct cx *cx, enum search_table t, struct str match, const struct search_filter *f, int64_t limit,
                   struct list *out);
enum rc store_card(struct cx *cx, int64_t id, struct search_card *out);

/* ---- the main database ----------------------------------------------------------------------------------------------- */

enum rc store_miss_add(struct cx *cx, struct day day, struct str words, int64_t n);
enum rc store_wish_add(struct cx *cx, const struct search_wish *w);

#endif
