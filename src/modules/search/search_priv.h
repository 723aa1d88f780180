/* search_priv.h - what the steps of a search share: the question, the hits, the order among them. */
#ifndef MODULES_SEARCH_PRIV_H
#define MODULES_SEARCH_PRIV_H

#include "search_store.h"

enum { TERMS_MAX = 24 };

/* How well an item fits, best first; within a class the higher score, then the smaller id. */
enum fit {
    FIT_ALIAS,        /* everyday word of the item, exactly */
    FIT_ALIAS_DONE,   /* the same with a verb before it: 办营业执照 for 营业执照 */
    FIT_NAME,         /* its name */
    FIT_NEAR_NAME,    /* its name is the official word */
    FIT_NAME_BEGINS,
    FIT_NEAR_BEGINS,
    FIT_NAME_HAS,
    FIT_NEAR_HAS,
    FIT_ALIAS_HAS,
    FIT_MAIN_HAS,
    FIT_MAIN_NEAR,
    FIT_OTHER,
};

struct hit {
    struct search_row row;
    enum fit          fit;
    int64_t           score;
};

struct hits {
    struct hit *v;
    size_t      n;
    bool        more; /* a step reached its limit */
};

/* The question as understood. */
struct asked {
    struct str           text, core, reading; /* reading: "" = none */
    bool                 cut;
    struct search_runes  runes;
    struct search_filter filter;
    bool                 impossible; /* a filter that no item can meet */
    struct list          near;       /* struct search_pair: official words for the text as a whole */
    struct str           term[TERMS_MAX]; /* what to mark in names */
    size_t               nterms;
};

/* A way of finding. `out` may get the same item more than once. */
typedef enum rc step_fn(struct cx *cx, struct asked *q, struct hits *out);

struct step {
    const char *word; /* see search_answer.stage */
    step_fn    *run;
    bool        is_sure; /* its hits need no company */
};
extern const struct step search_steps[];
extern const size_t search_nsteps;
/* Everything the guides say, for the list of less certain hits. */
enum rc search_step_text(struct cx *cx, struct asked *q, struct hits *out);

#endif
