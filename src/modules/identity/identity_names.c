/* identity_names.c - names in use: of legal entities and of shops, so that two do not get the same. */
#include "identity_store.h"
#include "modules/org/org.h"
#include "tmpl/text.h"

/* What a name ends with says the kind of business, not who it is. */
static const char *const endings[] = { "(个体工商户)", "商店", "店", NULL };

static const struct field name_fields[] = { FIELD(struct identity_name, owner), FIELD(struct identity_name, name) };
static const struct record NAME = RECORD(struct identity_name, name_fields);

static struct str without_front(struct str s, struct str front)
{
    return front.n && s.n > front.n && str_starts(s, front) ? str_sub(s, front.n, s.n) : s;
}

/* The county stands in front, then a township or a village, if any. */
static enum rc without_divisions(struct cx *cx, struct str *s)
{
    struct list all;
    enum rc rc = org_division_list(cx, &all);
    const struct org_division *d = all.v;
    if (!rc && all.n)
        *s = without_front(*s, text_key(cx->arena, d[0].parent_name));
    for (size_t i = 0; !rc && i < all.n; i++)
        *s = without_front(*s, d[i].name);
    return rc;
}

static enum rc core_of(struct cx *cx, struct str key, struct str *out)
{
    *out = key;
    for (size_t i = 0; endings[i]; i++)
        if (str_ends(*out, str_c(endings[i])) && out->n > str_c(endings[i]).n)
            *out = str_sub(*out, 0, out->n - str_c(endings[i]).n);
    return without_divisions(cx, out);
}

enum rc identity_name_list(struct cx *cx, struct str name, struct list *out_same, struct list *out_alike)
{
    struct str key = text_key(cx->arena, name), core;
    enum rc rc = core_of(cx, key, &core);
    if (!rc)
        rc = db_all(cx, &sql_identity_names_same, ARGS(v_str(key)), &NAME, out_same);
    return rc ? rc : db_all(cx, &sql_identity_names_alike, ARGS(v_str(core), v_str(key)), &NAME, out_alike);
}

enum rc identity_name_set(struct cx *cx, int64_t owner, struct str name)
{
    struct str key = text_key(cx->arena, name), core;
    enum rc rc = core_of(cx, key, &core);
    return rc ? rc : db_exec(cx, &sql_identity_name_set, ARGS(v_i64(owner), v_str(name), v_str(key), v_str(core), v_i64(cx->now)), NULL);
}

enum rc identity_name_find(struct cx *cx, int64_t owner, struct str *out)
{
    struct identity_name n;
    enum rc rc = db_one(cx, &sql_identity_name_get, ARGS(v_i64(owner)), &NAME, &n);
    *out = rc ? STR("") : n.name;
    return rc;
}
