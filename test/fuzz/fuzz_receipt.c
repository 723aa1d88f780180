/* fuzz_receipt.c - receipts and heads of strangers: a verdict, and no head without a root. */
#include "fuzz.h"

#include "ledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct ledger_receipt r;
    arena_init(&a, FUZZ_ARENA);
    HOLDS(ledger_receipt_check(fuzz_text(data, size), &a, &r) < RECEIPT_STATES);
    struct ledger_head h;
    HOLDS(ledger_head_parse(fuzz_text(data, size < 4096 ? size : 4096), &a, &h) != RC_OK || h.root.n == 32);
    arena_done(&a);
    return 0;
}
