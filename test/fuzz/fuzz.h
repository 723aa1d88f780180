/* fuzz.h - what every target needs: the entry point, an arena, and a claim that must hold. */
#ifndef TEST_FUZZ_H
#define TEST_FUZZ_H

#include "base/arena.h"

#include <stdint.h>

/* A claim about the code under test; its failure is a finding. */
#define HOLDS(cond)           \
    do {                      \
        if (!(cond))          \
            __builtin_trap(); \
    } while (0)

enum { FUZZ_ARENA = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as text; libFuzzer's memory ends with it, so that one byte too far is seen. */
static inline struct str fuzz_text(const uint8_t *data, size_t size)
{
    return (struct str){ (const char *)data, size };
}

#endif
