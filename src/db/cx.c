/* cx.c - issues of a unit. */
#include "db/cx.h"

enum rc cx_invalid_args(struct cx *cx, const char *field, const char *key, struct str arg1, struct str arg2)
{
    issues_add(&cx->issues, cx->arena, str_c(field), key, arg1, arg2);
    return RC_INVALID;
}

enum rc cx_invalid(struct cx *cx, const char *field, const char *key)
{
    return cx_invalid_args(cx, field, key, STR_NONE, STR_NONE);
}
