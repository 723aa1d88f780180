/* fuzz_schema.c - a form as data: any text is a form or refused with a reason; whatever is typed into it is kept, and what is kept
 * comes back the same. */
#include "fuzz.h"

#include "modules/forms/forms.h"

enum { PAIRS_MAX = 64 };

/* The answers after a check, written, read and written again. */
static void answers_hold(struct arena *a, const struct form *f, const struct pair *typed, size_t n)
{
    struct form_answers ans = form_answers_new(a, f), back;
    struct issues is = { 0 };
    struct form_charge charge;
    struct buf b, again;
    form_take(a, f, NULL, typed, n, ans);
    HOLDS((form_check(f, NULL, (struct day){ 20580 }, a, &is, ans) == RC_OK) == !is.n);
    HOLDS(form_charge(a, f, ans, &charge) != RC_OK || charge.amount.n >= 0);
    form_summary(a, f, ans, true);
    buf_init(&b, a, 100);
    buf_init(&again, a, 100);
    form_write(&b, f, ans);
    HOLDS(form_answers_parse(a, f, buf_view(&b), &back) == RC_OK);
    form_write(&again, f, back);
    HOLDS(str_eq(buf_view(&b), buf_view(&again)));
}

/* Every field gets its own name, a number, a date or its first choice; rows get two. */
static size_t typed_make(struct arena *a, const struct form *f, struct str front, struct pair *out, size_t n)
{
    for (size_t i = 0; i < f->n && n < PAIRS_MAX; i++) {
        const struct form_field *ff = &f->fields[i];
        struct str name = arena_fmt(a, STR_F STR_F, STR_A(front), STR_A(ff->name));
        if (ff->kind == FORM_ROWS)
            for (int row = 0; row < 2; row++)
                n = typed_make(a, ff->row, arena_fmt(a, STR_F "-%d-", STR_A(ff->name), row), out, n);
        else
            out[n++] = (struct pair){ name, ff->nchoices ? ff->choices[0].value : ff->kind == FORM_DATE ? STR("2026-05-08") : STR("12.5") };
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct form *f;
    struct str why = STR_NONE;
    struct pair typed[PAIRS_MAX];
    arena_init(&a, FUZZ_ARENA);
    if (form_read(&a, fuzz_text(data, size), &f, &why) == RC_OK) {
        answers_hold(&a, f, NULL, 0);
        answers_hold(&a, f, typed, typed_make(&a, f, STR(""), typed, 0));
    } else {
        HOLDS(why.n > 0);
    }
    arena_done(&a);
    return 0;
}
