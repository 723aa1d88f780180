/* cases_law_web.c - forms of the law's rarer acts: places of a zone, the end of a licence, void documents, service, third parties. */
#include "cases_fill.h"
#include "cases_routes.h"

/* ---- places ---------------------------------------------------------------------------------------------------------------- */

struct zone_in {
    int64_t zone;
};
static const struct field zone_fields[] = { FIELD(struct zone_in, zone, .required = true, .min = 1, .max = 1000) };
static const struct record ZONE = RECORD(struct zone_in, zone_fields);

static enum rc place_name_desk(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_place_name(cx, &c, ((const struct zone_in *)rq->in)->zone);
}

static enum rc place_name_own(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_own_open(cx, rq, &c);
    return rc ? rc : cases_place_name(cx, &c, ((const struct zone_in *)rq->in)->zone);
}

struct why_in {
    struct str reason;
};
static const struct field why_fields[] = { FIELD(struct why_in, reason, .required = true, .max = 1000, .multiline = true) };
static const struct record WHY = RECORD(struct why_in, why_fields);

static enum rc licence_end(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_licence_end(cx, &c, ((const struct why_in *)rq->in)->reason);
}

/* ---- void ----------------------------------------------------------------------------------------------------------------------- */

struct void_in {
    int64_t    document;
    bool       reissue;
    struct str reason, reasons, basis;
};
static const struct field void_fields[] = {
    FIELD(struct void_in, document, .required = true, .min = 0, .max = 100000), FIELD(struct void_in, reissue),
    FIELD(struct void_in, reason, .required = true, .max = 1000, .multiline = true),
    FIELD(struct void_in, reasons, .max = 4000, .multiline = true), FIELD(struct void_in, basis, .max = 1000, .multiline = true),
};
static const struct record VOID = RECORD(struct void_in, void_fields);

static enum rc void_ask(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct void_in *in = rq->in;
    struct cases_case c;
    struct cases_void_wish w = { in->document, in->reason, in->reissue, in->reasons, in->basis };
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_void_ask(cx, &c, &w);
}

struct settle_in {
    struct str act;
};
static const char *const settle_acts[] = { "confirm", "refuse", NULL };
static const struct field settle_fields[] = { FIELD(struct settle_in, act, .required = true, .words = settle_acts) };
static const struct record SETTLE = RECORD(struct settle_in, settle_fields);

static enum rc void_settle(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_void_settle(cx, &c, req_id(rq, "n"), str_is(((const struct settle_in *)rq->in)->act, "confirm"));
}

/* ---- service ------------------------------------------------------------------------------------------------------------------- */

struct serve_in {
    int64_t    document;
    struct str act, way, receiver, proof;
    struct day on;
};
static const char *const serve_acts[] = { "done", "send", "phone", NULL };
static const char *const serve_ways[] = { "window", "post", "online", NULL };
static const struct field serve_fields[] = {
    FIELD(struct serve_in, document, .required = true, .min = 1, .max = 100000), FIELD(struct serve_in, act, .required = true,
        .words = serve_acts),
    FIELD(struct serve_in, way, .words = serve_ways), FIELD(struct serve_in, receiver, .max = 100), FIELD(struct serve_in, proof,
        .max = 100),
    FIELD(struct serve_in, on),
};
static const struct record SERVE = RECORD(struct serve_in, serve_fields);

static enum rc service_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct serve_in *in = rq->in;
    struct cases_case c;
    struct cases_handing h = { in->way.n ? in->way : STR("window"), in->receiver, in->proof, in->on };
    enum rc rc = cases_desk_open(cx, rq, &c);
    if (rc)
        return rc;
    if (str_is(in->act, "send"))
        return cases_service_send(cx, &c, in->document, in->proof);
    return str_is(in->act, "phone") ? cases_service_phone(cx, &c, in->document) : cases_service_done(cx, &c, in->document, &h);
}

static struct list serve_lines(struct cx *cx, const struct list *rows)
{
    struct serve_line *v = arena_many(cx->arena, struct serve_line, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        const struct cases_service_line *s = (const struct cases_service_line *)rows->v + i;
        v[i] = (struct serve_line){ s->document, s->no, s->item_name, s->receiver, s->kind, s->number, s->way, s->proof, s->made_at,
                                    s->phoned_at, s->sent_on, !s->account };
    }
    return (struct list){ v, rows->n };
}

static enum rc service_show(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct serve_view *v = out;
    struct list due, sent;
    enum rc rc = cases_store_service_queue(cx, STR("due"), &due);
    if (!rc)
        rc = cases_store_service_queue(cx, STR("sent"), &sent);
    if (rc)
        return rc;
    *v = (struct serve_view){ day_at(cx->now), serve_lines(cx, &due), serve_lines(cx, &sent), due.n > 0, sent.n > 0 };
    return RC_OK;
}

struct contact_in {
    int64_t    document, party;
    struct str purpose;
};
static const struct field contact_fields[] = {
    FIELD(struct contact_in, document, .min = 0, .max = 100000), FIELD(struct contact_in, party, .min = 0, .max = 1000),
    FIELD(struct contact_in, purpose, .required = true, .words = cases_contact_purposes),
};
static const struct record CONTACT = RECORD(struct contact_in, contact_fields);

static enum rc contact_show(struct cx *cx, const struct req *rq, void *out)
{
    const struct contact_in *in = rq->in;
    struct contact_view *v = out;
    struct cases_contact k;
    struct cases_case c;
    enum rc rc = cases_find_staff(cx, req_param(rq, "no"), &c);
    if (!rc)
        rc = cases_contact_reveal(cx, &c, &(struct cases_contact_ask){ in->document, in->party, in->purpose }, &k);
    if (rc)
        return rc;
    *v = (struct contact_view){ c.no, in->purpose, k.name, k.agent, k.phone, k.address, k.written, in->document, true,
                                str_is(in->purpose, "post"), !k.phone.n && !k.address.n && !k.written.n };
    return RC_OK;
}

/* After a refusal nothing is shown. */
static enum rc contact_refused(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    *(struct contact_view *)out = (struct contact_view){ .no = req_param(rq, "no"), .purpose = STR("phone") };
    return cases_find_staff(cx, req_param(rq, "no"), &c);
}

struct consent_in {
    struct str given;
};
static const char *const yes_no[] = { "yes", "no", NULL };
static const struct field consent_fields[] = { FIELD(struct consent_in, given, .required = true, .words = yes_no) };
static const struct record CONSENT = RECORD(struct consent_in, consent_fields);

static enum rc consent_own(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_own_open(cx, rq, &c);
    return rc ? rc : cases_consent_set(cx, &c, str_is(((const struct consent_in *)rq->in)->given, "yes"));
}

static enum rc consent_desk(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_consent_set(cx, &c, str_is(((const struct consent_in *)rq->in)->given, "yes"));
}

/* ---- third parties ---------------------------------------------------------------------------------------------------------------- */

struct party_in {
    struct str name, contact, interest;
};
static const struct field party_fields[] = {
    FIELD(struct party_in, name, .required = true, .max = 100), FIELD(struct party_in, contact, .max = 200),
    FIELD(struct party_in, interest, .required = true, .max = 500),
};
static const struct record PARTY = RECORD(struct party_in, party_fields);

static enum rc party_add(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct party_in *in = rq->in;
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_party_add(cx, &c, in->name, in->contact, in->interest);
}

struct until_in {
    struct day until;
};
static const struct field until_fields[] = { FIELD(struct until_in, until, .required = true) };
static const struct record UNTIL = RECORD(struct until_in, until_fields);

static enum rc party_tell(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_party_tell(cx, &c, req_id(rq, "n"), ((const struct until_in *)rq->in)->until);
}

struct answer_in {
    struct str answer;
};
static const struct field answer_fields[] = { FIELD(struct answer_in, answer, .required = true, .max = 4000, .multiline = true) };
static const struct record ANSWER = RECORD(struct answer_in, answer_fields);

static enum rc party_answer(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_party_answer(cx, &c, req_id(rq, "n"), ((const struct answer_in *)rq->in)->answer);
}

/* ---- archive ---------------------------------------------------------------------------------------------------------------------- */

struct archive_in {
    struct str retention;
};
static const struct field archive_fields[] = { FIELD(struct archive_in, retention, .required = true, .words = cases_retentions) };
static const struct record ARCHIVE_IN = RECORD(struct archive_in, archive_fields);

static enum rc archive_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_desk_open(cx, rq, &c);
    return rc ? rc : cases_archive(cx, &c, ((const struct archive_in *)rq->in)->retention);
}

static enum rc archive_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = cases_find_staff(cx, req_param(rq, "no"), &c);
    return rc ? rc : cases_archive_fill(cx, &c, out);
}

/* Answers with the case's page, with what is wrong on it. */
#define DESK_PAGE .out = &CASE_VIEW, .page = &tmpl_work_case, .again = cases_staff_show
#define OWN_PAGE  .out = &CASE_VIEW, .page = &tmpl_case_page, .again = cases_own_show, .nav = "me"

const struct route cases_law_routes[CASES_LAW_ROUTES] = {
    { POST, "/desk/cases/{no}/place", place_name_desk, WRITE, NEED_STAFF, .in = &ZONE, DESK_PAGE },
    { POST, "/desk/cases/{no}/licence/end", licence_end, WRITE, NEED_REVIEWER, .in = &WHY, DESK_PAGE },
    { POST, "/desk/cases/{no}/void", void_ask, WRITE, NEED_STAFF, .in = &VOID, DESK_PAGE },
    { POST, "/desk/cases/{no}/void/{n}", void_settle, WRITE, NEED_REVIEWER, .in = &SETTLE, DESK_PAGE },
    { POST, "/desk/cases/{no}/archive", archive_do, WRITE, NEED_STAFF, .in = &ARCHIVE_IN, DESK_PAGE },
    { GET, "/desk/cases/{no}/archive", archive_show, READ, NEED_STAFF, .out = &ARCHIVE_VIEW, .page = &tmpl_archive, .nav = "work" },
    { GET, "/desk/service", service_show, READ, NEED_STAFF, .out = &SERVE_VIEW, .page = &tmpl_service, .title = "要送达的文书", .nav = "work" },
    { POST, "/desk/cases/{no}/service", service_do, WRITE, NEED_STAFF, .in = &SERVE, DESK_PAGE },
    { POST, "/desk/cases/{no}/contact", contact_show, WRITE, NEED_STAFF, .in = &CONTACT, .out = &CONTACT_VIEW, .page = &tmpl_contact,
      .title = "联系方式", .again = contact_refused, .nav = "work" },
    { POST, "/desk/cases/{no}/consent", consent_desk, WRITE, NEED_CLERK, .in = &CONSENT, DESK_PAGE },
    { POST, "/desk/cases/{no}/parties", party_add, WRITE, NEED_REVIEWER, .in = &PARTY, DESK_PAGE },
    { POST, "/desk/cases/{no}/parties/{n}/tell", party_tell, WRITE, NEED_REVIEWER, .in = &UNTIL, DESK_PAGE },
    { POST, "/desk/cases/{no}/parties/{n}/answer", party_answer, WRITE, NEED_REVIEWER, .in = &ANSWER, DESK_PAGE },
    { POST, "/cases/{no}/consent", consent_own, WRITE, NEED_APPLICANT, .in = &CONSENT, OWN_PAGE },
    { POST, "/cases/{no}/place", place_name_own, WRITE, NEED_APPLICANT, .in = &ZONE, OWN_PAGE },
};
