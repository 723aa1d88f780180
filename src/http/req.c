/* req.c - reading what a request carries: cookies, forms, addresses. */
#include "http/wire.h"

#include "base/log.h"

static const struct field raw_fields[] = { FIELD(struct raw, body), FIELD(struct raw, type), FIELD(struct raw, filename) };
const struct record RAW = RECORD(struct raw, raw_fields);

const char *const need_names[NEEDS] = {
    [NEED_NOT_STATED] = "not_stated", [NEED_NOBODY] = "nobody",
    [NEED_SIGNED_IN] = "signed_in",   [NEED_APPLICANT] = "applicant",
    [NEED_STAFF] = "staff",           [NEED_CLERK] = "clerk", [NEED_INTAKE] = "intake",
    [NEED_REVIEWER] = "reviewer",     [NEED_BODY_HEAD] = "body_head",
    [NEED_STEWARD] = "steward",       [NEED_HALL_MANAGER] = "hall_manager",
    [NEED_SUPERVISOR] = "supervisor", [NEED_SYSTEM_ADMIN] = "system_admin",
    [NEED_SECURITY_ADMIN] = "security_admin", [NEED_AUDIT_ADMIN] = "audit_admin",
};

struct str req_param(const struct req *rq, const char *name)
{
    for (size_t i = 0; i < ROUTE_PARAMS; i++)
        if (rq->param[i].name.p && str_is(rq->param[i].name, name))
            return rq->param[i].value;
    panic("route %s has no parameter %s", rq->route->path, name);
}

int64_t req_id(const struct req *rq, const char *name)
{
    int64_t id = 0;
    return str_i64(req_param(rq, name), 1, INT64_C(1) << 53, &id) ? id : 0;
}

void reply_see(const struct req *rq, struct str location)
{
    rq->reply->location = location;
}

void reply_status(const struct req *rq, int status)
{
    rq->reply->status = status;
}

void reply_cookie(const struct req *rq, struct cookie c)
{
    if (rq->reply->ncookies == REPLY_COOKIES)
        panic("too many cookies");
    rq->reply->cookies[rq->reply->ncookies++] = c;
}

void reply_header(const struct req *rq, const char *name, struct str value)
{
    if (rq->reply->nheaders == REPLY_HEADERS)
        panic("too many headers");
    rq->reply->headers[rq->reply->nheaders++] = (struct header){ name, value };
}

enum rc reply_refuse(const struct req *rq, int status, const char *key)
{
    rq->reply->status = status;
    rq->reply->refusal = key;
    return RC_INVALID;
}

struct str cookie_value(struct str header, const char *name)
{
    while (header.p) {
        struct str value = str_trim(str_cut(&header, ';'));
        struct str key = str_cut(&value, '=');
        if (value.p && str_is(key, name))
            return value;
    }
    return STR_NONE;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decoding with + for blank; false on a broken escape or text that is not clean UTF-8. */
static bool decode(struct str in, struct arena *a, struct str *out)
{
    char *p = arena_alloc(a, in.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        char c = in.p[i];
        if (c == '%') {
            int hi = i + 2 < in.n ? hex_digit(in.p[i + 1]) : -1;
            int lo = i + 2 < in.n ? hex_digit(in.p[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return false;
            c = (char)(hi << 4 | lo);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        p[n++] = c;
    }
    *out = (struct str){ p, n };
    return str_utf8_ok(*out);
}

bool form_parse(struct str text, struct arena *a, struct pair *out, size_t max, size_t *out_n)
{
    size_t n = 0;
    while (text.p) {
        struct str value = str_cut(&text, '&');
        if (!value.n)
            continue;
        struct str name = str_cut(&value, '=');
        if (n == max || !decode(name, a, &out[n].name) || !decode(value, a, &out[n].value))
            return false;
        n++;
    }
    *out_n = n;
    return true;
}
