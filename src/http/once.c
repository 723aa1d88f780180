/* once.c - exactly once: the first answer of a token is the answer of its repetitions. */
#include "base/hash.h"
#include "http/http_priv.h"
#include "http_sql.h"

enum { TOKEN_MAX = 100 };

struct kept_answer {
    struct str hash, location;
    int64_t    status;
};
static const struct field kept_fields[] = {
    FIELD(struct kept_answer, hash), FIELD(struct kept_answer, location), FIELD(struct kept_answer, status)
};
static const struct record KEPT = RECORD(struct kept_answer, kept_fields);

/* What was asked: the form without its form token, or the JSON. */
static struct digest asked(const struct pass *p)
{
    struct hasher *h = hasher_start();
    hasher_add(h, p->in->path.p, p->in->path.n);
    for (size_t i = 0; i < p->rq.ntyped; i++) {
        if (str_is(p->rq.typed[i].name, "_csrf"))
            continue;
        hasher_add(h, "\0", 1);
        hasher_add(h, p->rq.typed[i].name.p, p->rq.typed[i].name.n);
        hasher_add(h, "=", 1);
        hasher_add(h, p->rq.typed[i].value.p, p->rq.typed[i].value.n);
    }
    for (size_t i = 0; i < p->rq.nfiles; i++)
        hasher_add(h, p->rq.files[i].sm3.b, sizeof p->rq.files[i].sm3.b);
    if (!p->rq.ntyped)
        hasher_add(h, p->in->body.p, p->in->body.n);
    return hasher_end(h);
}

enum rc once_find(struct pass *p, struct str token, bool *out_answered)
{
    struct kept_answer k;
    struct digest d = asked(p);
    *out_answered = false;
    if (token.n > TOKEN_MAX)
        return cx_invalid(&p->cx, "_once", "http.once_long");
    enum rc rc = db_one(&p->cx, &sql_once_find,
                        ARGS(v_str(token), v_i64(p->cx.actor.account), v_str(str_c(p->entry->route->path))), &KEPT, &k);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    if (k.hash.n != sizeof d.b || !same_secret(k.hash.p, d.b, sizeof d.b))
        return cx_invalid(&p->cx, "_once", "http.once_reused");
    p->reply.status = (int)k.status;
    p->reply.location = k.location.n ? k.location : STR_NONE;
    *out_answered = true;
    return RC_OK;
}

enum rc once_keep(struct pass *p, struct str token)
{
    struct digest d = asked(p);
    int64_t added = 0;
    enum rc rc = db_exec(&p->cx, &sql_once_insert,
                         ARGS(v_str(token), v_i64(p->cx.actor.account), v_str(str_c(p->entry->route->path)), v_bytes(d.b, sizeof d.b),
                              v_i64(p->reply.status), v_str(p->reply.location.p ? p->reply.location : STR("")), v_i64(p->cx.now)),
                         &added);
    return rc ? rc : added ? RC_OK : RC_BUSY;
}
