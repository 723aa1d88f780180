/* fuzz_csv.c - CSV of strangers: it ends, lines count up, every cell is clean text. */
#include "fuzz.h"

#include "base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    static struct csv c;
    arena_init(&a, FUZZ_ARENA);
    enum rc rc = csv_open(&c, fuzz_text(data, size), &a);
    int64_t line = 0;
    size_t rounds = 0;
    while (rc == RC_OK || (rc == RC_INVALID && rounds)) {
        rc = csv_next(&c);
        HOLDS(rc == RC_OK || rc == RC_INVALID || rc == RC_NOT_FOUND);
        HOLDS(++rounds <= size + 2);
        if (rc == RC_NOT_FOUND)
            break;
        HOLDS(c.line > line);
        line = c.line;
        for (size_t i = 0; rc == RC_OK && i < c.columns; i++)
            HOLDS(str_utf8_ok(c.row[i].value));
    }
    arena_done(&a);
    return 0;
}
