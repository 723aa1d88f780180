/* fuzz_code.c - national codes as people type them: one stored form, one verdict, and a message for every fault. */
#include "fuzz.h"

#include "base/code.h"

static void kind_check(enum code_kind kind, struct str typed, struct arena *a)
{
    struct day today = { 20454 }; /* 2026-01-01 */
    struct str stored = STR_NONE, again = STR_NONE;
    enum code_fault fault = code_read(kind, typed, today, a, &stored);
    HOLDS(fault < CODE_FAULTS);
    HOLDS(code_read(kind, stored, today, a, &again) == fault && str_eq(stored, again));
    if (fault != CODE_OK) {
        struct issue issue = code_issue(kind, stored, fault, a);
        HOLDS(issue.key && issue.key == code_fault_key(kind, fault));
        HOLDS(str_utf8_ok(issue.arg[0]) && str_utf8_ok(issue.arg[1]));
    } else if (kind == CODE_ID) {
        HOLDS(code_id_birth(stored).n <= today.n);
    } else if (kind == CODE_CASE) {
        struct buf b;
        buf_init(&b, a, 0);
        code_case_write(&b, stored);
        HOLDS(code_read(kind, buf_view(&b), today, a, &again) == CODE_OK && str_eq(stored, again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct str text = fuzz_text(data, size);
    arena_init(&a, FUZZ_ARENA);
    if (str_utf8_ok(text))
        for (enum code_kind k = 0; k < CODE_KINDS; k++)
            kind_check(k, text, &a);
    arena_done(&a);
    return 0;
}
