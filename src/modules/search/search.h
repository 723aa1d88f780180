/* search.h - finding items by whatever people type: everyday words, official words, readings, slips of the pen, sentences.
 * The index is a local SQLite file of this node, derived from the catalogue and rebuilt when the public version has changed;
 * results may be as old as the last refresh. What people typed is never a part of SQL and only stands quoted in FTS5. */
#ifndef MODULES_SEARCH_SEARCH_H
#define MODULES_SEARCH_SEARCH_H

#include "http/app.h"
#include "http/route.h"

#include <stdio.h>

enum { SEARCH_PAGE = 20, SEARCH_HITS_MAX = 400, SEARCH_SITUATIONS = 8, SEARCH_MAYBE = 5 };

/* What an item is found by; filters are the bits that must be set. */
enum search_flag {
    SEARCH_PERSON = 1,
    SEARCH_FIRM = 2,
    SEARCH_ORG = 4,
    SEARCH_WEB = 8,
    SEARCH_SPOT = 16, /* finished on the spot */
    SEARCH_FREE = 32,
};

/* A question. */
struct search_query {
    struct str words;         /* as typed, any length */
    int64_t    flags;         /* enum search_flag; all must hold */
    struct str body, subject; /* codes, "" = any */
    int64_t    page;          /* from 1; beyond the last is the last */
};

/* An item below the same main item as a result. */
struct search_situation {
    struct str code, name;
};
/* One result: the best item of those with the same main item, and the others. */
struct search_hit {
    struct str  code, name, main_name, kind, promised_unit, body_short, alias;
    int64_t     promised_days, more; /* more: others that are not listed */
    bool        fee, has_situations;
    struct html marked; /* name with the matching part in <mark> */
    struct list situations;
};
extern const struct record SEARCH_HIT;

/* What could be narrowed down to. `word` is one of a closed list, or `name` says it. */
struct search_facet {
    struct str word, name, value, href;
    int64_t    count; /* results if this is chosen too */
    bool       on;
};
extern const struct record SEARCH_FACET;

struct search_word {
    struct str word;
};
extern const struct record SEARCH_WORD;

/* The answer. `stage` says how it was found: "code", "direct", "core" (without the words of the question), "reading", "parts",
 * "inside" (an everyday word inside the question), "text" (in the guide), "homophone", "slip", "loose"; "none". */
struct search_answer {
    struct str  words; /* as understood: folded, simplified, cut */
    struct str  stage;
    struct str  item;  /* the words are the code of this item */
    bool        cut, more; /* words were cut; there are more than SEARCH_HITS_MAX */
    int64_t     total, page, pages;
    struct list hits;  /* struct search_hit of this page */
    struct list maybe; /* struct search_hit: less certain, at most SEARCH_MAYBE */
    struct list near;  /* struct search_word: everyday words like those that found nothing */
    struct list who, ways, bodies, subjects; /* struct search_facet; href is not filled */
};

/* The index file `dir`/search.db, made if it is not there, replaced if another program's version made it. NULL with the
 * reason logged. Closed by db_close. */
struct db_pool *search_open(const char *dir);
/* Make the index anew if it is not from this public version; cx is in a READ unit of the main database. Everybody else goes on
 * with the old index until the new one is complete. Not two at a time. RC_BUSY if the local file cannot be had. */
enum rc search_refresh(struct cx *cx, struct db_pool *local, int64_t version);
/* Answer a question from cx->app->local, in a READ unit of its own. */
enum rc search_find(struct cx *cx, const struct search_query *q, struct search_answer *out);
/* The answer for the command line: "name <tab> code <tab> stage", one per line, or the whole answer as JSON. */
enum rc search_print(struct cx *cx, struct str words, bool json, FILE *out);

/* ---- what was looked for in vain ------------------------------------------------------------------------------------ */

/* Write down cx->app->misses; in a WRITE unit. What the unit loses is lost. */
enum rc search_flush(struct cx *cx);

struct search_miss {
    struct str words;
    int64_t    n;
};
/* Most frequent first; list of struct search_miss. */
enum rc search_miss_list(struct cx *cx, struct day since, struct list *out);

struct search_wish {
    int64_t     id;
    struct when made_at;
    struct str  words, wish;
};
/* Newest first, older than this id (0 = from the newest); list of struct search_wish. */
enum rc search_wish_list(struct cx *cx, int64_t before, struct list *out);

extern const struct module search_module;

/* Statements of the index, for the registry test. */
extern const struct sql *const *const search_local_statements;
extern const size_t search_local_nstatements;

#endif
