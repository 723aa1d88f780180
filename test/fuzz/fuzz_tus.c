/* fuzz_tus.c - headers of resumable uploads: numbers within bounds; metadata whose keys are unlike and whose values are text. */
#include "fuzz.h"

#include "http/tus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct pair pairs[TUS_PAIRS];
    struct str header = fuzz_text(data, size);
    size_t n = 0;
    int64_t number = -1;
    arena_init(&a, FUZZ_ARENA);
    HOLDS(!tus_number(header, &number) || (number >= 0 && header.n > 0));
    if (tus_metadata(header, &a, pairs, &n)) {
        HOLDS(n <= TUS_PAIRS && header.n <= TUS_METADATA);
        for (size_t i = 0; i < n; i++) {
            HOLDS(pairs[i].name.n > 0 && str_utf8_ok(pairs[i].value) && pairs[i].value.n <= header.n);
            for (size_t k = 0; k < i; k++)
                HOLDS(!str_eq(pairs[i].name, pairs[k].name));
        }
    }
    arena_done(&a);
    return 0;
}
