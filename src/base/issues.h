/* issues.h - what is wrong with an input: which field, and a message key that is translated at the edge. */
#ifndef BASE_ISSUES_H
#define BASE_ISSUES_H

#include "base/arena.h"

enum { ISSUES_MAX = 50 };

struct issue {
    struct str  field;  /* name of the field as in the record; "" for the whole input */
    const char *key;    /* message key, e.g. "base.too_long" */
    struct str  arg[2]; /* %1 and %2 of the message */
};

/* At most ISSUES_MAX are kept. Zeroed memory is an empty list. */
struct issues {
    struct issue *v;
    size_t        n;
};

/* `field` and the arguments are not copied. The first issue of a field wins; later ones are dropped. */
void issues_add(struct issues *is, struct arena *a, struct str field, const char *key, struct str arg1, struct str arg2);
/* NULL if the field has none. */
const struct issue *issues_find(const struct issues *is, struct str field);

#endif
