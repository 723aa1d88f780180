/* check.h - the one assertion of the tests, on top of cmocka. Test names are sentences. */
#ifndef TEST_CHECK_H
#define TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

#define CHECK(cond) _assert_true((cond) ? 1 : 0, #cond, __FILE__, __LINE__)
#define CHECK_STR(got, want) check_str((got), (want), __FILE__, __LINE__)
#define SENTENCE(f) { #f, f, NULL, NULL, NULL }

static inline void check_str(struct str got, const char *want, const char *file, int line)
{
    if (str_is(got, want))
        return;
    print_error("%s:%d: got \"%.*s\", want \"%s\"\n", file, line, STR_A(got), want);
    _fail(file, line);
}

#endif
