/* test_steps.h - the schema of tests with a ledger: the tests' own tables, then the ledger's. */
#ifndef LEDGER_TEST_STEPS_H
#define LEDGER_TEST_STEPS_H

#include "ledger_sql.h"
#include "test_sql.h"

enum { TEST_STEPS_MAX = 8 };

/* How many there are. */
static inline size_t test_steps(struct migration *out)
{
    size_t n = 0;
    for (size_t i = 0; i < test_nschema; i++)
        out[n++] = test_schema[i];
    for (size_t i = 0; i < ledger_nschema; i++)
        out[n++] = ledger_schema[i];
    return n;
}

#endif
