/* tus.c - reading the headers of resumable uploads. */
#include "http/tus.h"

#include "base/hash.h"

bool tus_number(struct str header, int64_t *out)
{
    for (size_t i = 0; i < header.n; i++)
        if (header.p[i] < '0' || header.p[i] > '9')
            return false;
    return header.n > 0 && str_i64(header, 0, INT64_MAX / 2, out);
}

/* RFC 4648 section 4, padded: the other alphabet without its padding. */
static bool unbase64(struct str text, struct arena *a, struct str *out)
{
    char *p = arena_alloc(a, text.n + 1);
    size_t n = text.n;
    if (text.n % 4)
        return false;
    while (n && text.n - n < 2 && text.p[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++) {
        char c = text.p[i];
        if (c == '-' || c == '_')
            return false;
        p[i] = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return unbase64url((struct str){ p, n }, a, out);
}

static bool key_ok(struct str key, const struct pair *before, size_t n)
{
    for (size_t i = 0; i < key.n; i++)
        if (key.p[i] <= ' ' || key.p[i] > '~')
            return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(before[i].name, key))
            return false;
    return key.n > 0;
}

bool tus_metadata(struct str header, struct arena *a, struct pair out[TUS_PAIRS], size_t *out_n)
{
    *out_n = 0;
    if (header.n > TUS_METADATA)
        return false;
    while (header.p && header.n) {
        struct str value = str_trim(str_cut(&header, ',')), key = str_cut(&value, ' ');
        if (*out_n == TUS_PAIRS || !key_ok(key, out, *out_n))
            return false;
        out[*out_n] = (struct pair){ key, STR("") };
        if (value.p && (!unbase64(value, a, &out[*out_n].value) || !str_utf8_ok(out[*out_n].value)))
            return false;
        ++*out_n;
    }
    return true;
}
