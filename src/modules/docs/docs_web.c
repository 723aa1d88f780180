/* docs_web.c - files of documents, checking a paper, the list of licence decisions. */
#include "all_tmpl.h"
#include "base/code.h"
#include "docs_jobs.h"
#include "docs_store.h"
#include "modules/cases/cases.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"

#include <string.h>

enum { PAGE_LINES = 50, HASH_PART = 16, HASH_HEX = 64, CHECKS_PER_MINUTE = 30 };

struct str docs_name_mask(struct arena *a, struct str name, bool is_person)
{
    return is_person ? arena_fmt(a, STR_F "**", STR_A(str_first_runes(name, 1))) : name;
}

/* ---- files -------------------------------------------------------------------------------------------------------------- */

/* A document without file is being sealed: the fact counts already. */
static enum rc file_answer(struct cx *cx, const struct cases_case *c, int64_t n, struct raw *out)
{
    struct cases_document d;
    struct docs_file f;
    enum rc rc = cases_document_get(cx, c->id, n, &d);
    if (rc)
        return rc;
    rc = docs_file_get(cx, c->id, n, &f);
    if (rc == RC_NOT_FOUND)
        return cx_invalid(cx, "file", "docs.being_sealed") == RC_INVALID ? RC_CONFLICT : RC_FAILED;
    return rc ? rc : docs_file_read(cx, &f, &out->body);
}

static enum rc own_file_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = cases_find_own(cx, code_normalise(cx->arena, req_param(rq, "no")), &c);
    return rc ? rc : file_answer(cx, &c, req_id(rq, "n"), out);
}

static enum rc staff_file_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = cases_find_staff(cx, code_normalise(cx->arena, req_param(rq, "no")), &c);
    return rc ? rc : file_answer(cx, &c, req_id(rq, "n"), out);
}

/* ---- checking a paper ------------------------------------------------------------------------------------------------------ */

struct verify_in {
    struct str n, h, f;
};
static const struct field verify_in_fields[] = {
    FIELD(struct verify_in, n, .max = 100), FIELD(struct verify_in, h, .max = 100), FIELD(struct verify_in, f, .max = 100)
};
static const struct record VERIFY_IN = RECORD(struct verify_in, verify_in_fields);

static const char *const kinds[] = { "receipt", "acceptance", "correction", "excluded", "extension", "not_accepted", "not_needed", "grant",
                                     "refusal", "delivery", "withdrawal", "lapse", "voided", "hearing", "amendment", "bill",
                                         "third_party", NULL };
/* voided: 作废, perhaps replaced; broken: what the database holds is not what was issued. */
static const char *const states[] = { "valid", "voided", "broken", NULL };

struct verify_view {
    bool        asked, found, sealed;
    struct str  kind, number, body, item, applicant, state, hash, file_hash;
    struct day  day;
    struct when sealed_at, voided_at, ended_at; /* ended: 注销 of the licence that this document gave */
    struct str  successor; /* number of what replaces a void document */
    int64_t     receipt;
};
#define V struct verify_view
static const struct field verify_fields[] = {
    FIELD(V, asked), FIELD(V, found), FIELD(V, sealed), FIELD_WORD(V, kind, kinds, "cases.document"), FIELD(V, number), FIELD(V, body),
    FIELD(V, item), FIELD(V, applicant), FIELD_WORD(V, state, states, "docs.state"), FIELD(V, hash), FIELD(V, file_hash), FIELD(V, day),
    FIELD(V, sealed_at), FIELD(V, receipt), FIELD(V, voided_at), FIELD(V, ended_at), FIELD(V, successor),
};
static const struct record VERIFY_VIEW = RECORD(V, verify_fields);
#undef V

static struct str lower(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i]);
    return (struct str){ p, s.n };
}

/* By number and at least 16 characters of the hash. A receipt bears the case number, which people type in groups. */
static enum rc find_by_number(struct cx *cx, struct str number, struct str part, struct cases_document *out)
{
    struct str h = lower(cx->arena, str_trim(part));
    if (h.n < HASH_PART || h.n > HASH_HEX)
        return RC_NOT_FOUND;
    enum rc rc = cases_document_find(cx, str_trim(number), out);
    if (rc == RC_NOT_FOUND)
        rc = cases_document_find(cx, code_normalise(cx->arena, number), out);
    if (rc)
        return rc;
    struct str full = hex(cx->arena, out->hash.p, out->hash.n);
    return full.n == HASH_HEX && same_secret(full.p, h.p, h.n) ? RC_OK : RC_NOT_FOUND;
}

static enum rc find_by_file(struct cx *cx, struct str typed, struct cases_document *out)
{
    unsigned char hash[32];
    struct docs_file f;
    if (!unhex(lower(cx->arena, str_trim(typed)), hash, sizeof hash))
        return RC_NOT_FOUND;
    enum rc rc = docs_file_find(cx, hash, &f);
    return rc ? rc : cases_document_get(cx, f.case_id, f.n, out);
}

static enum rc person_is_natural(struct cx *cx, const struct cases_document *d, bool *out)
{
    struct cases_case c;
    struct identity_person p;
    enum rc rc = cases_get(cx, d->case_id, &c);
    if (!rc)
        rc = identity_person_get(cx, c.applicant, &p);
    *out = rc || str_is(p.kind, "person");
    return rc;
}

static bool is_untouched(const struct cases_document *d)
{
    struct digest now = sm3(d->fields);
    return d->hash.n == sizeof now.b && memcmp(now.b, d->hash.p, sizeof now.b) == 0;
}

static struct str state_of(const struct cases_document *d)
{
    if (!is_untouched(d))
        return STR("broken");
    return d->voided_at.ms ? STR("voided") : STR("valid");
}

static enum rc successor_fill(struct cx *cx, const struct cases_document *d, struct verify_view *v)
{
    struct cases_document next;
    if (!d->successor)
        return RC_OK;
    enum rc rc = cases_document_get(cx, d->case_id, d->successor, &next);
    v->successor = rc ? STR("") : next.number;
    return rc;
}

static enum rc seal_fill(struct cx *cx, const struct cases_document *d, struct verify_view *v)
{
    struct docs_file f;
    enum rc rc = docs_file_get(cx, d->case_id, d->n, &f);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    v->sealed = true;
    v->sealed_at = f.made_at;
    v->file_hash = hex(cx->arena, f.hash.p, f.hash.n);
    v->receipt = f.entry;
    return RC_OK;
}

static enum rc found_fill(struct cx *cx, const struct cases_document *d, struct verify_view *v)
{
    struct cases_reader who = { cx->app->texts, cx->actor.locale, cx->arena };
    struct cases_text t;
    bool is_natural = true;
    enum rc rc = cases_text_fill(&who, d, &t);
    if (!rc)
        rc = person_is_natural(cx, d, &is_natural);
    if (rc)
        return rc;
    *v = (struct verify_view){ .asked = true, .found = true, .kind = d->kind, .number = t.number, .body = t.body, .item = t.item,
                               .day = t.day, .applicant = docs_name_mask(cx->arena, t.applicant, is_natural),
                               .state = state_of(d), .voided_at = d->voided_at, .hash = hex(cx->arena, d->hash.p, d->hash.n) };
    rc = successor_fill(cx, d, v);
    if (!rc && str_is(d->kind, "grant"))
        rc = cases_licence_ended(cx, d->case_id, &v->ended_at);
    return rc ? rc : seal_fill(cx, d, v);
}

/* A wrong number is not told from a wrong hash: who has no paper learns nothing. */
static enum rc verify_show(struct cx *cx, const struct req *rq, void *out)
{
    const struct verify_in *in = rq->in;
    struct verify_view *v = out;
    struct cases_document d;
    v->asked = in->n.n || in->h.n || in->f.n;
    if (!v->asked)
        return RC_OK;
    enum rc rc = in->f.n ? find_by_file(cx, in->f, &d) : find_by_number(cx, in->n, in->h, &d);
    if (!rc)
        rc = found_fill(cx, &d, v);
    if (rc == RC_NOT_FOUND) {
        reply_status(rq, 404);
        return RC_OK;
    }
    return rc;
}

/* ---- decisions ------------------------------------------------------------------------------------------------------------- */

struct decisions_in {
    struct str before;
};
static const struct field decisions_in_fields[] = { FIELD(struct decisions_in, before, .max = 40) };
static const struct record DECISIONS_IN = RECORD(struct decisions_in, decisions_in_fields);

struct decisions_view {
    struct list lines;
    struct str  next;
};
static const struct field decisions_fields[] = {
    FIELD_LIST(struct decisions_view, lines, &DOCS_DECISION), FIELD(struct decisions_view, next)
};
static const struct record DECISIONS_VIEW = RECORD(struct decisions_view, decisions_fields);

/* "MS-ID" of the last line seen; anything else is the beginning. */
static void place_read(struct str text, int64_t *out_ms, int64_t *out_id)
{
    struct str ms = str_cut(&text, '-');
    if (str_i64(ms, 0, INT64_MAX, out_ms) && str_i64(text, 0, INT64_MAX, out_id))
        return;
    *out_ms = *out_id = INT64_MAX;
}

static enum rc decisions_show(struct cx *cx, const struct req *rq, void *out)
{
    struct decisions_view *v = out;
    int64_t ms, id;
    place_read(((const struct decisions_in *)rq->in)->before, &ms, &id);
    enum rc rc = docs_store_decisions(cx, ms, id, &v->lines);
    if (rc || v->lines.n <= PAGE_LINES)
        return rc;
    v->lines.n = PAGE_LINES;
    const struct docs_decision *last = (const struct docs_decision *)v->lines.v + PAGE_LINES - 1;
    v->next = arena_fmt(cx->arena, "%lld-%lld", (long long)last->made_at.ms, (long long)last->case_id);
    return RC_OK;
}

/* ---- rows -------------------------------------------------------------------------------------------------------------------- */

static const struct route routes[] = {
    { GET, "/cases/{no}/documents/{n}/file", own_file_show, READ, NEED_APPLICANT, .out = &RAW, .type = "application/pdf" },
    { GET, "/desk/cases/{no}/documents/{n}/file", staff_file_show, READ, NEED_STAFF, .out = &RAW, .type = "application/pdf" },
    { GET, "/verify", verify_show, READ, NEED_NOBODY, .in = &VERIFY_IN, .out = &VERIFY_VIEW, .page = &tmpl_verify, .title = "核对文书真伪",
      .per_minute = CHECKS_PER_MINUTE },
    { GET, "/decisions", decisions_show, READ, NEED_NOBODY, .in = &DECISIONS_IN, .out = &DECISIONS_VIEW, .page = &tmpl_decisions,
      .title = "行政许可决定公开" },
};

const struct module docs_module = {
    .name = "docs", .routes = routes, .nroutes = countof(routes), .sql = docs_sql, .nsql = countof(docs_sql),
    .schema = docs_schema, .nschema = countof(docs_schema), .jobs = docs_jobs, .njobs = DOCS_JOBS,
};
