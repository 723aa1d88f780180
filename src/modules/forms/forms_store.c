/* forms_store.c - published forms: immutable per code and version, read once per process. */
#include "base/log.h"
#include "base/shelf.h"
#include "form_read.h"
#include "forms_sql.h"

#include <string.h>

/* A form read and kept: its fields and texts. */
enum { FORM_ARENA = 4 << 20 };

#define STANDARD STR("standard")

struct head {
    int64_t    version, base;
    struct str hash;
};
static const struct field head_fields[] = { FIELD(struct head, version), FIELD(struct head, base), FIELD(struct head, hash) };
static const struct record HEAD = RECORD(struct head, head_fields);
struct text {
    struct str schema;
};
static const struct field text_fields[] = { FIELD(struct text, schema) };
static const struct record TEXT = RECORD(struct text, text_fields);

static enum rc newest(struct cx *cx, struct str code, struct head *out)
{
    return db_one(cx, &sql_forms_newest, ARGS(v_str(code)), &HEAD, out);
}

static enum rc schema_get(struct cx *cx, struct str code, int64_t version, struct str *out)
{
    struct text t;
    enum rc rc = db_one(cx, &sql_forms_schema, ARGS(v_str(code), v_i64(version)), &TEXT, &t);
    *out = t.schema;
    return rc;
}

enum rc forms_newest(struct cx *cx, struct str code, int64_t *out_version)
{
    struct head h;
    enum rc rc = newest(cx, code, &h);
    if (!rc)
        *out_version = h.version;
    return rc;
}

/* ---- publishing ---------------------------------------------------------------------------------------------------------- */

static enum rc refuse(struct cx *cx, struct str code, struct str why)
{
    issues_add(&cx->issues, cx->arena, STR("forms"), "forms.bad_schema", code, why);
    return RC_INVALID;
}

static enum rc version_add(struct cx *cx, struct str code, const struct head *h, struct str schema)
{
    return db_exec(cx, &sql_forms_insert,
                   ARGS(v_str(code), v_i64(h->version), v_i64(h->base), v_str(schema), v_bytes(h->hash.p, h->hash.n), v_i64(cx->now)),
                   NULL);
}

enum rc forms_import(struct cx *cx, struct str code, struct str schema, int64_t *out_version)
{
    struct head base = { 0 }, last = { 0 };
    struct str standard = STR(""), why;
    struct form *f;
    bool own = !str_eq(code, STANDARD);
    enum rc rc = own ? newest(cx, STANDARD, &base) : RC_OK;
    if (!rc && own)
        rc = schema_get(cx, STANDARD, base.version, &standard);
    if (rc)
        return rc == RC_NOT_FOUND ? refuse(cx, code, STR("the standard form comes first")) : rc;
    if (own ? form_read_on(cx->arena, standard, schema, &f, &why) : form_read(cx->arena, schema, &f, &why))
        return refuse(cx, code, why);
    if (!str_eq(f->code, code))
        return refuse(cx, code, STR("$id is another code"));
    struct digest d = sm3_two(standard, schema);
    rc = newest(cx, code, &last);
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    *out_version = last.version;
    if (!rc && last.hash.n == sizeof d.b && same_secret(last.hash.p, d.b, sizeof d.b))
        return RC_OK;
    struct head next = { last.version + 1, base.version, { (const char *)d.b, sizeof d.b } };
    *out_version = next.version;
    return version_add(cx, code, &next, schema);
}

/* ---- reading ----------------------------------------------------------------------------------------------------------------- */

static enum rc read_into(struct cx *cx, struct arena *a, struct str code, const struct head *h, const struct form **out)
{
    struct str own, base = STR_NONE, why = STR_NONE;
    struct form *f = NULL;
    enum rc rc = schema_get(cx, code, h->version, &own);
    if (!rc && h->base)
        rc = schema_get(cx, STANDARD, h->base, &base);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_FAILED : rc;
    rc = h->base ? form_read_on(a, base, own, &f, &why) : form_read(a, own, &f, &why);
    if (rc)
        log_error("form " STR_F " version %lld: " STR_F, STR_A(code), (long long)h->version, STR_A(why));
    *out = f;
    return rc ? RC_FAILED : RC_OK;
}

/* Read it and put it on the shelf; a full shelf only costs time. */
static enum rc kept(struct cx *cx, struct digest key, struct str code, const struct head *h, const struct form **out)
{
    struct arena a;
    arena_init(&a, FORM_ARENA);
    enum rc rc = read_into(cx, &a, code, h, out);
    const struct form *there = rc ? NULL : shelf_put(cx->app->forms, key, &a, *out);
    arena_done(&a);
    if (rc || !there)
        return rc ? rc : read_into(cx, cx->arena, code, h, out);
    *out = there;
    return RC_OK;
}

enum rc forms_get(struct cx *cx, struct str code, int64_t version, const struct form **out)
{
    struct head h;
    struct digest key;
    *out = cx->app->standard_form;
    if (!version)
        return RC_OK;
    if (!code.n)
        code = STANDARD;
    enum rc rc = db_one(cx, &sql_forms_head, ARGS(v_str(code), v_i64(version)), &HEAD, &h);
    if (rc || h.hash.n != sizeof key.b) {
        log_error("form " STR_F " has no version %lld", STR_A(code), (long long)version);
        return rc == RC_NOT_FOUND ? RC_FAILED : rc;
    }
    if (!cx->app->forms)
        return read_into(cx, cx->arena, code, &h, out);
    memcpy(key.b, h.hash.p, sizeof key.b);
    const struct form *there = shelf_find(cx->app->forms, key);
    if (!there)
        return kept(cx, key, code, &h, out);
    *out = there;
    return RC_OK;
}

const struct module forms_module = {
    .name = "forms",
    .sql = forms_sql,
    .nsql = countof(forms_sql),
    .schema = forms_schema,
    .nschema = countof(forms_schema),
};
