/* bare.h - the reference of submissions: rows like those that the last submission of a database left, written by a plain loop with
 * one transaction per request. */
#ifndef TEST_BARE_H
#define TEST_BARE_H

#include "bench.h"

struct bare_place {
    const char *path;     /* the database file, or its address */
    int64_t     first_id; /* above every id of it */
    int64_t     draft;    /* the draft that becomes the case; 0: there is none */
};

/* For bench_run with a struct bare_place; give each run a first_id of its own. */
void *bare_run(void *client);
/* The same over libpq. */
void *bare_pg_run(void *client);

#endif
