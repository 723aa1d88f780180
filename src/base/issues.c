/* issues.c - the list of what is wrong. */
#include "base/issues.h"

void issues_add(struct issues *is, struct arena *a, struct str field, const char *key, struct str arg1, struct str arg2)
{
    if (is->n == ISSUES_MAX || (field.n && issues_find(is, field)))
        return;
    if (!is->v)
        is->v = arena_many(a, struct issue, ISSUES_MAX);
    is->v[is->n++] = (struct issue){ .field = field, .key = key, .arg = { arg1, arg2 } };
}

const struct issue *issues_find(const struct issues *is, struct str field)
{
    for (size_t i = 0; i < is->n; i++)
        if (str_eq(is->v[i].field, field))
            return &is->v[i];
    return NULL;
}
