/* openapi.c - OpenAPI 3.1 of all routes, from the same tables that serve them. */
#include "http/http_priv.h"

#include <string.h>

static void schema_record(struct buf *b, const struct record *r, bool input);

static void schema_text(struct buf *b, const struct field *f, bool input)
{
    buf_lit(b, "{\"type\":");
    buf_str(b, input ? STR("\"string\"") : STR("[\"string\",\"null\"]"));
    if (f->words) {
        buf_lit(b, ",\"enum\":[");
        for (size_t i = 0; f->words[i]; i++) {
            if (i)
                buf_char(b, ',');
            buf_json(b, str_c(f->words[i]));
        }
        if (!input)
            buf_lit(b, ",\"\",null");
        buf_char(b, ']');
    } else if (input) {
        buf_fmt(b, ",\"maxLength\":%lld", (long long)(f->max ? f->max : 200));
    }
    buf_char(b, '}');
}

static void schema_int(struct buf *b, const struct field *f, bool input)
{
    buf_lit(b, "{\"type\":\"integer\"");
    if (input && (f->min || f->max))
        buf_fmt(b, ",\"minimum\":%lld,\"maximum\":%lld", (long long)f->min, (long long)f->max);
    buf_char(b, '}');
}

static void schema_field(struct buf *b, const struct field *f, bool input)
{
    switch (f->type) {
    case F_I64:
    case F_FEN:
        schema_int(b, f, input);
        break;
    case F_BOOL:
        buf_lit(b, "{\"type\":\"boolean\"}");
        break;
    case F_STR:
        schema_text(b, f, input);
        break;
    case F_HTML:
        buf_lit(b, "{\"type\":[\"string\",\"null\"],\"contentMediaType\":\"text/html\"}");
        break;
    case F_DAY:
        buf_lit(b, "{\"type\":[\"string\",\"null\"],\"format\":\"date\"}");
        break;
    case F_WHEN:
        buf_lit(b, "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}");
        break;
    case F_LIST:
        buf_lit(b, "{\"type\":\"array\",\"items\":");
        schema_record(b, f->of, input);
        buf_char(b, '}');
        break;
    }
}

static void required_list(struct buf *b, const struct record *r)
{
    bool first = true;
    for (size_t i = 0; i < r->n; i++) {
        if (!r->fields[i].required)
            continue;
        buf_str(b, first ? STR(",\"required\":[") : STR(","));
        buf_json(b, str_c(r->fields[i].name));
        first = false;
    }
    if (!first)
        buf_char(b, ']');
}

static void schema_record(struct buf *b, const struct record *r, bool input)
{
    bool first = true;
    buf_lit(b, "{\"type\":\"object\",\"properties\":{");
    for (size_t i = 0; i < r->n; i++) {
        if (r->fields[i].secret && !input)
            continue;
        if (!first)
            buf_char(b, ',');
        first = false;
        buf_json(b, str_c(r->fields[i].name));
        buf_char(b, ':');
        schema_field(b, &r->fields[i], input);
    }
    buf_char(b, '}');
    if (input)
        required_list(b, r);
    buf_char(b, '}');
}

static void parameter(struct buf *b, struct str name, const char *in, const struct field *f, bool *first)
{
    if (!*first)
        buf_char(b, ',');
    *first = false;
    buf_lit(b, "{\"name\":");
    buf_json(b, name);
    buf_fmt(b, ",\"in\":\"%s\",\"required\":%s,\"schema\":", in, !f || f->required ? "true" : "false");
    if (f)
        schema_field(b, f, true);
    else
        buf_lit(b, "{\"type\":\"string\"}");
    buf_char(b, '}');
}

static void headers_tus(struct buf *b, const struct route *rt, bool *first)
{
    if (!(rt->flags & ROUTE_TUS))
        return;
    if (rt->method != GET)
        parameter(b, STR("Tus-Resumable"), "header", NULL, first);
    if (rt->method != GET)
        parameter(b, STR("X-CSRF-Token"), "header", NULL, first);
    if (rt->method == POST)
        parameter(b, STR("Upload-Length"), "header", NULL, first);
    if (rt->method == POST)
        parameter(b, STR("Upload-Metadata"), "header", NULL, first);
    if (rt->method == PATCH)
        parameter(b, STR("Upload-Offset"), "header", NULL, first);
}

static void parameters(struct buf *b, const struct entry *e)
{
    const struct record *in = e->route->method == GET ? e->route->in : NULL;
    bool first = true;
    buf_lit(b, "\"parameters\":[");
    for (size_t i = 0; i < e->nsegments; i++)
        if (e->segment[i].n > 2 && e->segment[i].p[0] == '{')
            parameter(b, str_sub(e->segment[i], 1, e->segment[i].n - 2), "path", NULL, &first);
    for (size_t i = 0; in && i < in->n; i++)
        parameter(b, str_c(in->fields[i].name), "query", &in->fields[i], &first);
    headers_tus(b, e->route, &first);
    buf_lit(b, "],");
}

/* Any field may hold files; which ones are asked for, the page says. The form token comes as a field or as X-CSRF-Token. */
static void body_multipart(struct buf *b, const struct route *rt)
{
    buf_fmt(b, "\"multipart/form-data\":{\"x-max-bytes\":%lld,\"schema\":{\"type\":\"object\",\"properties\":{", (long long)rt->upload);
    for (size_t i = 0; rt->in && i < rt->in->n; i++) {
        buf_json(b, str_c(rt->in->fields[i].name));
        buf_char(b, ':');
        schema_field(b, &rt->in->fields[i], true);
        buf_char(b, ',');
    }
    buf_lit(b, "\"_csrf\":{\"type\":\"string\"}},\"additionalProperties\":{\"type\":\"array\",\"items\":{\"type\":\"string\","
               "\"format\":\"binary\"}}}}");
}

static void body(struct buf *b, const struct entry *e)
{
    const struct route *rt = e->route;
    if (rt->method == GET || (!rt->in && !rt->upload && !rt->land))
        return;
    buf_fmt(b, "\"requestBody\":{\"required\":%s,\"content\":{", rt->land && rt->method == POST ? "false" : "true");
    if (rt->land) {
        buf_lit(b, "\"application/offset+octet-stream\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}");
    } else if (rt->in) {
        buf_lit(b, "\"application/json\":{\"schema\":");
        schema_record(b, rt->in, true);
        buf_char(b, '}');
    }
    if (rt->upload) {
        if (rt->in)
            buf_char(b, ',');
        body_multipart(b, rt);
    }
    buf_lit(b, "}},");
}

static void responses(struct buf *b, const struct route *rt)
{
    buf_lit(b, "\"responses\":{\"200\":{\"description\":\"OK\",\"content\":{");
    buf_json(b, str_c(rt->type ? rt->type : "application/json"));
    buf_lit(b, ":{\"schema\":");
    if (rt->type || !rt->out)
        buf_str(b, rt->type ? STR("{\"type\":\"string\"}") : STR("{\"type\":\"object\"}"));
    else
        schema_record(b, rt->out, false);
    buf_lit(b, "}}},\"default\":{\"$ref\":\"#/components/responses/Problem\"}}");
}

static void operation(struct buf *b, const struct entry *e, size_t number)
{
    static const char *const verbs[METHODS] = { [GET] = "get", [POST] = "post", [PATCH] = "patch", [DELETE] = "delete" };
    const struct route *rt = e->route;
    buf_fmt(b, "\"%s\":{\"operationId\":\"op%zu\",\"x-need\":\"%s\",", verbs[rt->method], number, need_names[rt->need]);
    if (rt->title) {
        buf_lit(b, "\"summary\":");
        buf_json(b, str_c(rt->title));
        buf_char(b, ',');
    }
    parameters(b, e);
    body(b, e);
    responses(b, rt);
    buf_char(b, '}');
}

static bool seen_before(const struct http *h, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(h->entries[k].route->path, h->entries[i].route->path) == 0)
            return true;
    return false;
}

static void paths(struct buf *b, const struct http *h)
{
    bool first = true;
    for (size_t i = 0; i < h->nentries; i++) {
        if (seen_before(h, i))
            continue;
        if (!first)
            buf_char(b, ',');
        first = false;
        buf_json(b, str_c(h->entries[i].route->path));
        buf_lit(b, ":{");
        operation(b, &h->entries[i], i);
        for (size_t k = i + 1; k < h->nentries; k++)
            if (strcmp(h->entries[k].route->path, h->entries[i].route->path) == 0) {
                buf_char(b, ',');
                operation(b, &h->entries[k], k);
            }
        buf_char(b, '}');
    }
}

struct str http_openapi(const struct http *h, struct arena *a)
{
    struct buf b;
    buf_init(&b, a, 64 * 1024);
    buf_lit(&b, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Tongban\",\"version\":\"0.1.0\",\"license\":{\"name\":\"Apache-2.0\","
                "\"identifier\":\"Apache-2.0\"}},\"paths\":{");
    paths(&b, h);
    buf_lit(&b, "},\"components\":{\"responses\":{\"Problem\":{\"description\":\"RFC 9457 problem\",\"content\":"
                "{\"application/problem+json\":{\"schema\":");
    schema_record(&b, &PROBLEM, false);
    buf_lit(&b, "}}}}}}");
    return buf_view(&b);
}
