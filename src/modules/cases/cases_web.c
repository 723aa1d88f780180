/* cases_web.c - the citizen's side: my matters, one case, its documents, messages, progress for anybody with the slip. */
#include "base/code.h"
#include "cases_fill.h"
#include "cases_materials.h"
#include "cases_routes.h"
#include "modules/identity/identity.h"
#include "modules/materials/materials.h"

static enum rc own(struct cx *cx, const struct req *rq, struct cases_case *out)
{
    return cases_find_own(cx, code_normalise(cx->arena, req_param(rq, "no")), out);
}

enum rc cases_own_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = own(cx, rq, &c);
    if (!rc)
        rc = cases_view_fill(cx, &c, true, out);
    if (rc)
        return rc;
    struct case_view *v = out;
    v->owner = true;
    v->has_own_files = v->files.n > 0;
    return cases_points_files(cx, &c, &v->points);
}

static enum rc withdraw_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = own(cx, rq, &c);
    if (!rc)
        rc = cases_withdraw(cx, &c);
    reply_see(rq, arena_fmt(cx->arena, "/cases/" STR_F, STR_A(req_param(rq, "no"))));
    return rc;
}

struct supply_in {
    struct str answer;
};
static const struct field supply_fields[] = { FIELD(struct supply_in, answer, .max = 2000, .multiline = true) };
static const struct record SUPPLY_IN = RECORD(struct supply_in, supply_fields);

static struct str point_slot(struct cx *cx, const struct req *rq)
{
    return arena_fmt(cx->arena, "p%lld", (long long)req_id(rq, "n"));
}

/* Files that came ahead for this point, piece by piece. */
static enum rc files_ahead(struct cx *cx, const struct req *rq, int64_t root, int64_t *out)
{
    struct list files;
    struct str slot = point_slot(cx, rq);
    enum rc rc = materials_list(cx, root, &files);
    *out = 0;
    for (size_t i = 0; !rc && i < files.n; i++) {
        const struct materials_file *f = (const struct materials_file *)files.v + i;
        *out += !f->handed_in_at.ms && str_eq(f->slot, slot);
    }
    return rc;
}

/* His case, a point that is open, room for a file: asked before the first byte comes. */
static enum rc supply_admit(struct cx *cx, const struct req *rq)
{
    struct cases_case c;
    struct list points;
    enum rc rc = own(cx, rq, &c);
    if (!rc)
        rc = cases_store_points(cx, c.id, &points);
    for (size_t i = 0; !rc && i < points.n; i++) {
        const struct cases_point *p = (const struct cases_point *)points.v + i;
        if (p->n == req_id(rq, "n"))
            return str_is(p->state, "open") ? materials_room(cx, rq, c.id) : RC_CONFLICT;
    }
    return rc ? rc : RC_CONFLICT; /* a new point is never asked for */
}

/* A word, a file, or both; whose case it is, is asked before a byte is kept. */
static enum rc supply_prepare(struct cx *cx, const struct req *rq, void *in)
{
    struct cases_case c;
    int64_t ahead = 0;
    enum rc rc = db_begin(cx->db, READ);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = own(cx, rq, &c);
    if (!rc)
        rc = files_ahead(cx, rq, c.id, &ahead);
    rc = db_rollback(cx->db, rc);
    if (!rc && !rq->nfiles && !ahead && !((const struct supply_in *)in)->answer.n)
        return cx_invalid(cx, "answer", "base.required");
    return rc ? rc : materials_store(cx, rq->files, rq->nfiles);
}

/* The files say it themselves; their names are nobody's but the applicant's and the office's. */
static struct str files_counted(struct cx *cx, int64_t n)
{
    return arena_fmt(cx->arena, "见上传的%lld个文件", (long long)n);
}

static enum rc point_files_keep(struct cx *cx, const struct req *rq, const struct materials_target *to)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < rq->nfiles && !rc; i++)
        rc = materials_keep(cx, to, &rq->files[i]);
    return rc;
}

static enum rc supply_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    int64_t files = 0;
    struct str answer = ((const struct supply_in *)rq->in)->answer, said = STR_NONE;
    struct materials_target to = { .slot = point_slot(cx, rq) };
    enum rc rc = own(cx, rq, &c);
    reply_see(rq, arena_fmt(cx->arena, "/cases/" STR_F, STR_A(req_param(rq, "no"))));
    if (!rc)
        rc = cases_store_lock(cx, c.id);
    to.root = c.id;
    if (!rc)
        rc = point_files_keep(cx, rq, &to);
    if (!rc)
        rc = files_ahead(cx, rq, c.id, &files);
    if (!rc)
        rc = cases_materials_said(cx, c.id, to.slot, &said);
    if (!rc)
        rc = cases_supply_with(cx, &c, req_id(rq, "n"), answer.n ? answer : files_counted(cx, files), said);
    return rc ? rc : materials_hand_in(cx, c.id, to.slot);
}

static enum rc document_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = own(cx, rq, &c);
    return rc ? rc : cases_document_fill(cx, &c, req_id(rq, "n"), out);
}

/* The receipt is the first document of every case. */
static enum rc receipt_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = own(cx, rq, &c);
    return rc ? rc : cases_document_fill(cx, &c, 1, out);
}

/* ---- my matters ------------------------------------------------------------------------------------------------------------- */

static enum rc mine_show(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct mine_view *v = out;
    struct identity_person p;
    enum rc rc = identity_person_get(cx, cx->actor.person, &p);
    if (!rc)
        rc = cases_store_lines(cx, INT64_C(1) << 53, &v->cases);
    if (!rc)
        rc = cases_store_drafts(cx, &v->drafts);
    if (!rc)
        rc = cases_store_message_unread(cx, &v->unread);
    if (rc)
        return rc;
    v->name = p.name;
    v->proven = p.proven_at.ms != 0;
    return RC_OK;
}

static enum rc inbox_show(struct cx *cx, const struct req *rq UNUSED, void *out)
{
    struct inbox_view *v = out;
    enum rc rc = cases_store_messages(cx, &v->messages);
    v->any = v->messages.n > 0;
    return rc;
}

static enum rc inbox_read(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    reply_see(rq, STR("/me/inbox"));
    return cases_store_message_read_all(cx);
}

/* ---- progress ----------------------------------------------------------------------------------------------------------------- */

struct progress_in {
    struct str no, code;
};
static const struct field progress_fields[] = {
    FIELD(struct progress_in, no, .max = 40), FIELD(struct progress_in, code, .max = 20)
};
static const struct record PROGRESS_IN = RECORD(struct progress_in, progress_fields);

/* Number and query code from the slip; no name is shown. A wrong pair is not told from an unknown number. */
static enum rc progress_show(struct cx *cx, const struct req *rq, void *out)
{
    const struct progress_in *in = rq->in;
    struct case_view *v = out;
    struct cases_case c;
    struct str no;
    if (!in->no.n && !in->code.n)
        return RC_OK;
    enum code_fault fault = code_read(CODE_CASE, in->no, day_at(cx->now), cx->arena, &no);
    if (fault) {
        struct issue i = code_issue(CODE_CASE, no, fault, cx->arena);
        enum rc rc = cx_invalid_args(cx, "no", i.key, i.arg[0], i.arg[1]);
        reply_status(rq, 422);
        return rc == RC_INVALID ? RC_OK : rc;
    }
    enum rc rc = cases_find_query(cx, no, code_normalise(cx->arena, in->code), &c);
    if (rc == RC_NOT_FOUND) {
        rc = cx_invalid(cx, "code", "cases.no_such_pair");
        reply_status(rq, 404);
        return rc == RC_INVALID ? RC_OK : rc;
    }
    if (!rc)
        rc = cases_view_fill(cx, &c, false, v);
    v->applicant_name = v->applicant_mask = v->query_code = STR("");
    return rc;
}

const struct route cases_citizen_routes[CASES_CITIZEN_ROUTES] = {
    { GET, "/me", mine_show, READ, NEED_APPLICANT, .out = &MINE_VIEW, .page = &tmpl_mine, .title = "我的办件", .nav = "me" },
    { GET, "/me/inbox", inbox_show, READ, NEED_APPLICANT, .out = &INBOX_VIEW, .page = &tmpl_inbox, .title = "我的消息", .nav = "me" },
    { POST, "/me/inbox/read", inbox_read, WRITE, NEED_APPLICANT, .title = "我的消息" },
    { GET, "/cases/{no}", cases_own_show, READ, NEED_APPLICANT, .out = &CASE_VIEW, .page = &tmpl_case_page, .nav = "me" },
    { GET, "/cases/{no}/receipt", receipt_show, READ, NEED_APPLICANT, .out = &DOCUMENT_VIEW, .page = &tmpl_document, .nav = "me" },
    { GET, "/cases/{no}/documents/{n}", document_show, READ, NEED_APPLICANT, .out = &DOCUMENT_VIEW, .page = &tmpl_document, .nav = "me" },
    { POST, "/cases/{no}/points/{n}", supply_do, WRITE, NEED_APPLICANT, .in = &SUPPLY_IN, .out = &CASE_VIEW, .page = &tmpl_case_page,
      .admit = supply_admit, .prepare = supply_prepare, .again = cases_own_show, .upload = MATERIALS_FORM_MAX, .nav = "me" },
    { POST, "/cases/{no}/withdraw", withdraw_do, WRITE, NEED_APPLICANT, .title = "撤回申请" },
    { GET, "/progress", progress_show, READ, NEED_NOBODY, .in = &PROGRESS_IN, .out = &CASE_VIEW, .page = &tmpl_progress,
      .title = "查进度", .nav = "progress", .per_minute = 30 },
};
