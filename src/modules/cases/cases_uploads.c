/* cases_uploads.c - files of drafts and correction points that arrive in pieces (tus 1.0.0): who may send what to where. */
#include "modules/materials/materials.h"

#include "base/code.h"
#include "cases_materials.h"
#include "cases_routes.h"

#include <string.h>

/* A file for a point waits so long for the applicant's answer; longer than any correction may take. */
#define AHEAD_MS (INT64_C(90) * DAY_MS)
enum { PIECES_PER_MINUTE = 600 };

/* ---- where to -------------------------------------------------------------------------------------------------------------- */

static bool is_draft(const struct req *rq)
{
    return str_starts(str_c(rq->route->path), STR("/apply/"));
}

/* The draft or case is his. */
static enum rc root_find(struct cx *cx, const struct req *rq, int64_t *out)
{
    struct cases_draft d = { 0 };
    struct cases_case c = { 0 };
    enum rc rc = is_draft(rq) ? cases_store_draft(cx, req_id(rq, "id"), &d)
                              : cases_find_own(cx, code_normalise(cx->arena, req_param(rq, "no")), &c);
    *out = is_draft(rq) ? d.id : c.id;
    return rc;
}

static enum rc point_takes(struct cx *cx, const struct req *rq, int64_t root)
{
    struct list points;
    enum rc rc = cases_store_points(cx, root, &points);
    for (size_t i = 0; !rc && i < points.n; i++) {
        const struct cases_point *p = (const struct cases_point *)points.v + i;
        if (p->n == req_id(rq, "n"))
            return str_is(p->state, "open") ? RC_OK : RC_CONFLICT;
    }
    return rc ? rc : RC_NOT_FOUND;
}

/* The draft is not sent yet, or the point is open. */
static enum rc target_find(struct cx *cx, const struct req *rq, struct materials_target *out)
{
    struct cases_draft d;
    enum rc rc = root_find(cx, rq, &out->root);
    if (rc)
        return rc;
    if (is_draft(rq)) {
        rc = cases_store_draft(cx, out->root, &d);
        return rc ? rc : d.case_id ? RC_CONFLICT : RC_OK;
    }
    out->slot = arena_fmt(cx->arena, "p%lld", (long long)req_id(rq, "n"));
    out->keep_until = cx->now + AHEAD_MS;
    return point_takes(cx, rq, out->root);
}

static enum rc target_lock(struct cx *cx, const struct req *rq)
{
    int64_t root = 0;
    enum rc rc = root_find(cx, rq, &root);
    if (rc)
        return rc;
    if (!is_draft(rq))
        return cases_store_lock(cx, root);
    rc = cases_store_draft_lock(cx, root);
    return rc ? rc : cases_store_draft_touch(cx, root);
}

/* ---- creation ----------------------------------------------------------------------------------------------------------------- */

static enum rc new_read(struct cx *cx, const struct req *rq, struct materials_target *to, struct materials_upload_new *n)
{
    struct cases_draft d;
    enum rc rc = target_find(cx, rq, to);
    if (!rc)
        rc = materials_upload_read(cx, rq, n);
    if (rc || !is_draft(rq))
        return rc;
    rc = cases_store_draft(cx, to->root, &d);
    return rc ? rc : cases_materials_slot(cx, &d, n->field, &to->slot);
}

static enum rc new_land(struct cx *cx, const struct req *rq, struct landed *out)
{
    struct materials_target to = { 0 };
    struct materials_upload_new n = { 0 };
    enum rc rc = new_read(cx, rq, &to, &n);
    return rc ? rc : materials_upload_land_new(cx, rq, to.root, &n, out);
}

static enum rc new_prepare(struct cx *cx, const struct req *rq, void *in UNUSED)
{
    struct materials_target to = { 0 };
    struct materials_upload_new n = { 0 };
    enum rc rc = db_begin(cx->db, READ);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = db_rollback(cx->db, new_read(cx, rq, &to, &n));
    return rc ? rc : materials_upload_settle(cx, rq, n.length);
}

static enum rc new_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct materials_target to = { 0 };
    struct materials_upload_new n = { 0 };
    enum rc rc = target_lock(cx, rq);
    if (!rc)
        rc = new_read(cx, rq, &to, &n);
    reply_see(rq, arena_fmt(cx->arena, STR_F "/" STR_F, STR_A(rq->path), STR_A(rq->landed->id)));
    return rc ? rc : materials_upload_add(cx, rq, &to, &n);
}

/* ---- pieces -------------------------------------------------------------------------------------------------------------------- */

static enum rc upload_show(struct cx *cx, const struct req *rq, void *out)
{
    struct materials_upload *u = out;
    int64_t root = 0;
    enum rc rc = root_find(cx, rq, &root);
    if (!rc)
        rc = materials_upload_get(cx, rq, root, u);
    if (!rc)
        materials_upload_headers(cx, rq, u);
    return rc;
}

static enum rc piece_land(struct cx *cx, const struct req *rq, struct landed *out)
{
    struct materials_target to = { 0 };
    enum rc rc = target_find(cx, rq, &to);
    return rc ? rc : materials_upload_land(cx, rq, to.root, out);
}

static enum rc piece_prepare(struct cx *cx, const struct req *rq, void *in UNUSED)
{
    struct materials_upload u = { 0 };
    struct materials_target to = { 0 };
    enum rc rc = db_begin(cx->db, READ);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = target_find(cx, rq, &to);
    if (!rc)
        rc = materials_upload_get(cx, rq, to.root, &u);
    rc = db_rollback(cx->db, rc);
    return rc ? rc : materials_upload_settle(cx, rq, u.length);
}

static enum rc piece_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct materials_target to = { 0 };
    enum rc rc = target_lock(cx, rq);
    if (!rc)
        rc = target_find(cx, rq, &to);
    return rc ? rc : materials_upload_go_on(cx, rq, &to);
}

/* ---- termination --------------------------------------------------------------------------------------------------------------- */

static enum rc drop_prepare(struct cx *cx, const struct req *rq, void *in UNUSED)
{
    int64_t root = 0;
    enum rc rc = db_begin(cx->db, READ);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = root_find(cx, rq, &root);
    if (!rc)
        rc = materials_upload_drop(cx, rq, root);
    return db_rollback(cx->db, rc);
}

static enum rc drop_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    int64_t root = 0;
    enum rc rc = root_find(cx, rq, &root);
    return rc ? rc : materials_upload_end(cx, rq, root);
}

#define TUS .flags = ROUTE_TUS, .per_minute = PIECES_PER_MINUTE
#define UPLOADS_OF(address)                                                                                                    \
    { POST, address, new_do, WRITE, NEED_APPLICANT, .land = new_land, .prepare = new_prepare, .title = "材料", TUS },          \
    { GET, address "/{u}", upload_show, READ, NEED_APPLICANT, .out = &MATERIALS_UPLOAD, TUS },                                \
    { PATCH, address "/{u}", piece_do, WRITE, NEED_APPLICANT, .land = piece_land, .prepare = piece_prepare, .title = "材料", TUS }, \
    { DELETE, address "/{u}", drop_do, WRITE, NEED_APPLICANT, .prepare = drop_prepare, .title = "材料", TUS }

const struct route cases_upload_routes[CASES_UPLOAD_ROUTES] = {
    UPLOADS_OF("/apply/{id}/uploads"),
    UPLOADS_OF("/cases/{no}/points/{n}/uploads"),
};
