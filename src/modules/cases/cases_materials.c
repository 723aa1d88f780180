/* cases_materials.c - files for the materials of an application: choosing, removing, submitting, opening. */
#include "modules/materials/materials.h"

#include "base/code.h"
#include "cases_forms.h"
#include "cases_materials.h"
#include "cases_routes.h"
#include "ledger/ledger.h"

/* Form fields are "file-3", slots "3"; a slot "p2" belongs to point 2 of a correction notice. */
#define FIELD_FRONT STR("file-")

static bool is_asked(const struct catalog_material *m)
{
    return !str_is(m->source, "state") && !str_is(m->source, "form");
}

static const struct catalog_material *material_find(const struct list *all, struct str slot)
{
    int64_t n = 0;
    if (!str_i64(slot, 1, 1000, &n))
        return NULL;
    for (size_t i = 0; i < all->n; i++) {
        const struct catalog_material *m = (const struct catalog_material *)all->v + i;
        if (m->n == n)
            return m;
    }
    return NULL;
}

static struct str slot_of(struct cx *cx, int64_t n)
{
    return arena_fmt(cx->arena, "%lld", (long long)n);
}

/* ---- what is there ------------------------------------------------------------------------------------------------------ */

static struct file_line file_line_of(struct cx *cx, const struct materials_file *f)
{
    return (struct file_line){ .n = f->n, .filename = f->filename, .size = materials_size_text(cx->arena, f->size), .made_at = f->made_at };
}

static struct list files_of(struct cx *cx, const struct list *all, struct str slot)
{
    struct file_line *v = arena_many(cx->arena, struct file_line, all->n);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct materials_file *f = (const struct materials_file *)all->v + i;
        if (str_eq(f->slot, slot))
            v[n++] = file_line_of(cx, f);
    }
    return (struct list){ v, n };
}

static struct str issue_text(struct cx *cx, struct str field)
{
    const struct issue *i = issues_find(&cx->issues, field);
    struct buf b;
    if (!i)
        return STR("");
    buf_init(&b, cx->arena, 200);
    texts_put(cx->app->texts, &b, cx->actor.locale, str_c(i->key), i->arg[0], i->arg[1]);
    return buf_view(&b);
}

static struct slot_line slot_line(struct cx *cx, const struct catalog_material *m, const struct list *files)
{
    struct slot_line s = { .n = m->n, .name = m->name, .note = m->note, .is_key = m->is_key };
    s.held = str_is(m->source, "state");
    s.made = str_is(m->source, "form");
    s.files = files_of(cx, files, slot_of(cx, m->n));
    s.error = issue_text(cx, arena_fmt(cx->arena, "file-%lld", (long long)m->n));
    s.invalid = s.error.n > 0;
    return s;
}

static bool is_missing(const struct slot_line *s)
{
    return s->is_key && !s->held && !s->made && !s->files.n;
}

static enum rc slots_of(struct cx *cx, const struct cases_draft *d, const struct list *asked, int64_t *out_files, struct list *out)
{
    struct list files;
    enum rc rc = materials_list(cx, d->id, &files);
    if (rc)
        return rc;
    struct slot_line *v = arena_many(cx->arena, struct slot_line, asked->n);
    for (size_t i = 0; i < asked->n; i++)
        v[i] = slot_line(cx, (const struct catalog_material *)asked->v + i, &files);
    *out = (struct list){ v, asked->n };
    *out_files = (int64_t)files.n;
    return RC_OK;
}

static enum rc slots_fill(struct cx *cx, const struct cases_draft *d, int64_t *out_files, struct list *out)
{
    struct list all;
    enum rc rc = cases_draft_materials(cx, d, &all);
    return rc ? rc : slots_of(cx, d, &all, out_files, out);
}

enum rc cases_materials_missing(struct cx *cx, const struct cases_draft *d, int64_t *out_files, struct list *out_missing)
{
    struct list slots;
    enum rc rc = slots_fill(cx, d, out_files, &slots);
    if (rc)
        return rc;
    struct slot_line *v = slots.v;
    size_t n = 0;
    for (size_t i = 0; i < slots.n; i++)
        if (is_missing(&v[i]))
            v[n++] = v[i];
    *out_missing = (struct list){ v, n };
    return RC_OK;
}

enum rc cases_materials_given(struct cx *cx, const struct cases_draft *d, const struct list *asked, struct list *out)
{
    struct list slots;
    int64_t files = 0;
    enum rc rc = slots_of(cx, d, asked, &files, &slots);
    struct cases_material *v = arena_many(cx->arena, struct cases_material, rc ? 0 : slots.n);
    for (size_t i = 0; !rc && i < slots.n; i++) {
        const struct slot_line *s = (const struct slot_line *)slots.v + i;
        v[i] = (struct cases_material){ s->n, s->name, s->held ? STR("state") : s->made || s->files.n ? STR("file") : STR("none") };
    }
    *out = (struct list){ v, rc ? 0 : slots.n };
    return rc;
}

static void said(struct cx *cx, struct buf *b, const struct materials_file *f)
{
    struct str hash = hex(cx->arena, f->commitment.p, f->commitment.n);
    buf_str(b, b->n ? STR(",") : STR("\"files\":["));
    buf_fmt(b, "{\"hash\":\"" STR_F "\",\"n\":%lld,\"slot\":\"" STR_F "\"}", STR_A(hash), (long long)f->n, STR_A(f->slot));
}

enum rc cases_materials_said(struct cx *cx, int64_t root, struct str slot, struct str *out)
{
    struct list files;
    struct buf b;
    enum rc rc = materials_list(cx, root, &files);
    buf_init(&b, cx->arena, 1024);
    for (size_t i = 0; !rc && i < files.n; i++) {
        const struct materials_file *f = (const struct materials_file *)files.v + i;
        if (!f->handed_in_at.ms && (!slot.p || str_eq(f->slot, slot)))
            said(cx, &b, f);
    }
    if (b.n)
        buf_char(&b, ']');
    *out = buf_view(&b);
    return rc;
}

/* What the file was sent for: the material, or the point of the correction notice. */
static enum rc slot_name(struct cx *cx, const struct cases_case *c, const struct list *materials, struct str slot, struct str *out)
{
    struct list points;
    int64_t n = 0;
    const struct catalog_material *m = material_find(materials, slot);
    *out = m ? m->name : STR("");
    if (m || slot.n < 2 || slot.p[0] != 'p' || !str_i64(str_sub(slot, 1, slot.n), 1, 1000, &n))
        return RC_OK;
    enum rc rc = cases_store_points(cx, c->id, &points);
    for (size_t i = 0; !rc && i < points.n; i++)
        if (((const struct cases_point *)points.v)[i].n == n)
            *out = ((const struct cases_point *)points.v)[i].name;
    return rc;
}

/* What he needs to show that it is this file which the ledger speaks of. */
static void proof_fill(struct cx *cx, const struct materials_file *f, struct file_line *out)
{
    out->sm3 = hex(cx->arena, f->sm3.p, f->sm3.n);
    out->salt = hex(cx->arena, f->salt.p, f->salt.n);
    out->commitment = hex(cx->arena, f->commitment.p, f->commitment.n);
}

enum rc cases_files_fill(struct cx *cx, const struct cases_case *c, struct list *out)
{
    struct list all, files;
    enum rc rc = catalog_material_list(cx, c->item, c->version, &all);
    if (!rc)
        rc = materials_list(cx, c->id, &files);
    if (rc)
        return rc;
    struct file_line *v = arena_many(cx->arena, struct file_line, files.n);
    size_t n = 0;
    for (size_t i = 0; i < files.n && !rc; i++) {
        const struct materials_file *f = (const struct materials_file *)files.v + i;
        if (!f->handed_in_at.ms)
            continue;
        v[n] = file_line_of(cx, f);
        if (!cx->actor.post)
            proof_fill(cx, f, &v[n]);
        rc = slot_name(cx, c, &all, f->slot, &v[n++].name);
    }
    *out = (struct list){ v, n };
    return rc;
}

enum rc cases_points_files(struct cx *cx, const struct cases_case *c, const struct list *points)
{
    struct list files;
    enum rc rc = points->n ? materials_list(cx, c->id, &files) : RC_NOT_FOUND;
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    const struct materials_file *f = files.v;
    struct materials_file *ahead = arena_many(cx->arena, struct materials_file, files.n);
    size_t n = 0;
    for (size_t i = 0; i < files.n; i++)
        if (!f[i].handed_in_at.ms)
            ahead[n++] = f[i];
    for (size_t i = 0; i < points->n; i++) {
        struct point_line *p = (struct point_line *)points->v + i;
        p->files = files_of(cx, &(struct list){ ahead, n }, arena_fmt(cx->arena, "p%lld", (long long)p->n));
        p->has_files = p->files.n > 0;
    }
    return RC_OK;
}

/* ---- the page of a draft ---------------------------------------------------------------------------------------------------- */

static enum rc materials_show(struct cx *cx, const struct req *rq, void *out)
{
    struct materials_view *v = out;
    struct cases_draft d;
    struct catalog_item item;
    int64_t files = 0;
    enum rc rc = cases_store_draft(cx, req_id(rq, "id"), &d);
    if (!rc)
        rc = catalog_version_get(cx, d.item, d.version, &item);
    if (!rc)
        rc = slots_fill(cx, &d, &files, &v->slots);
    if (rc)
        return rc;
    v->title = item.name;
    v->id = slot_of(cx, d.id);
    for (size_t i = 0; i < v->slots.n; i++)
        v->missing += is_missing((const struct slot_line *)v->slots.v + i);
    return RC_OK;
}

enum rc cases_materials_slot(struct cx *cx, const struct cases_draft *d, struct str field, struct str *out)
{
    struct list all;
    enum rc rc = catalog_material_list(cx, d->item, d->version, &all);
    if (rc)
        return rc;
    *out = str_starts(field, FIELD_FRONT) ? str_sub(field, FIELD_FRONT.n, field.n) : STR("");
    const struct catalog_material *m = material_find(&all, *out);
    return m && is_asked(m) ? RC_OK : RC_NOT_FOUND;
}

/* The draft is his, not yet submitted, and every file is for a material that is asked. */
static enum rc files_fit(struct cx *cx, const struct req *rq)
{
    struct cases_draft d;
    struct str slot;
    enum rc rc = cases_store_draft(cx, req_id(rq, "id"), &d);
    if (!rc && d.case_id)
        rc = RC_CONFLICT;
    for (size_t i = 0; !rc && i < rq->nfiles; i++)
        rc = cases_materials_slot(cx, &d, rq->files[i].field, &slot);
    return rc;
}

/* His draft, not sent yet, with room: asked before the first byte comes. */
static enum rc materials_admit(struct cx *cx, const struct req *rq)
{
    struct cases_draft d;
    enum rc rc = cases_store_draft(cx, req_id(rq, "id"), &d);
    if (rc)
        return rc;
    return d.case_id ? RC_CONFLICT : materials_room(cx, rq, d.id);
}

/* Whose draft it is, is asked before a byte is kept; the unit asks again. */
static enum rc materials_prepare(struct cx *cx, const struct req *rq, void *in UNUSED)
{
    enum rc rc = db_begin(cx->db, READ);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = db_rollback(cx->db, files_fit(cx, rq));
    if (!rc && !rq->nfiles)
        return cx_invalid(cx, "", "materials.none");
    return rc ? rc : materials_store(cx, rq->files, rq->nfiles);
}

static enum rc draft_change(struct cx *cx, const struct req *rq)
{
    int64_t id = req_id(rq, "id");
    struct cases_draft d;
    reply_see(rq, arena_fmt(cx->arena, "/apply/%lld/materials", (long long)id));
    enum rc rc = cases_store_draft_lock(cx, id);
    if (!rc)
        rc = cases_store_draft(cx, id, &d);
    return rc ? rc : cases_store_draft_touch(cx, id);
}

static enum rc materials_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    enum rc rc = draft_change(cx, rq);
    if (!rc)
        rc = files_fit(cx, rq);
    for (size_t i = 0; i < rq->nfiles && !rc; i++) {
        const struct upload *u = &rq->files[i];
        struct materials_target to = { .root = req_id(rq, "id"), .slot = str_sub(u->field, FIELD_FRONT.n, u->field.n) };
        rc = materials_keep(cx, &to, u);
    }
    return rc;
}

static enum rc remove_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    enum rc rc = draft_change(cx, rq);
    return rc ? rc : materials_remove(cx, req_id(rq, "id"), req_id(rq, "n"));
}

/* A file that waits for his answer to a point; the act of answering takes it with it. */
static enum rc point_file_remove(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = cases_own_open(cx, rq, &c);
    if (!rc)
        rc = cases_store_lock(cx, c.id);
    return rc ? rc : materials_remove(cx, c.id, req_id(rq, "n"));
}

/* ---- opening ------------------------------------------------------------------------------------------------------------------ */

static enum rc own_file_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = cases_find_own(cx, code_normalise(cx->arena, req_param(rq, "no")), &c);
    return rc ? rc : materials_open(cx, c.id, req_id(rq, "n"), true, out);
}

static enum rc staff_file_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = cases_find_staff(cx, req_param(rq, "no"), &c);
    return rc ? rc : materials_open(cx, c.id, req_id(rq, "n"), true, out);
}

/* ---- what proves a file ------------------------------------------------------------------------------------------------------- */

/* The entry that took the file in: its body names the commitment. */
static enum rc entry_find(struct cx *cx, int64_t case_id, struct str commitment, struct ledger_row *out)
{
    struct list rows;
    int64_t after = 0;
    enum rc rc = RC_OK;
    do {
        rc = ledger_list(cx, case_id, after, &rows);
        for (size_t i = 0; !rc && i < rows.n; i++) {
            *out = ((const struct ledger_row *)rows.v)[i];
            after = out->id;
            if (str_find(out->body, commitment) >= 0)
                return RC_OK;
        }
    } while (!rc && rows.n == LEDGER_PAGE);
    return rc ? rc : RC_NOT_FOUND;
}

static void hex_member(struct cx *cx, struct buf *b, const char *name, struct str raw)
{
    struct str text = hex(cx->arena, raw.p, raw.n);
    buf_fmt(b, ",\"%s\":\"" STR_F "\"", name, STR_A(text));
}

/* Everything the entry's hash is made of, see src/ledger/README.md. */
static void entry_write(struct cx *cx, struct buf *b, const struct ledger_row *e)
{
    buf_fmt(b, "{\"id\":%lld,\"root\":%lld,\"kind\":\"" STR_F "\"", (long long)e->id, (long long)e->root, STR_A(e->kind));
    buf_fmt(b, ",\"actor\":%lld,\"post\":%lld,\"body_id\":%lld,\"at\":%lld,\"effective_at\":%lld,\"body\":", (long long)e->actor,
            (long long)e->post, (long long)e->body_id, (long long)e->at.ms, (long long)e->effective_at.ms);
    buf_json(b, e->body);
    hex_member(cx, b, "detail_hash", e->detail_hash);
    hex_member(cx, b, "hash", e->hash);
    buf_char(b, '}');
}

static enum rc file_find(struct cx *cx, int64_t root, int64_t n, struct materials_file *out)
{
    struct list files;
    enum rc rc = materials_list(cx, root, &files);
    for (size_t i = 0; !rc && i < files.n; i++) {
        *out = ((const struct materials_file *)files.v)[i];
        if (out->n == n && out->handed_in_at.ms)
            return RC_OK;
    }
    return rc ? rc : RC_NOT_FOUND;
}

/* For whoever handed it in: with the file in hand he can check, without us, that it is the one the ledger speaks of. */
static enum rc file_proof(struct cx *cx, const struct req *rq, void *out)
{
    struct raw *raw = out;
    struct cases_case c;
    struct materials_file f;
    struct ledger_row e;
    struct buf b;
    enum rc rc = cases_find_own(cx, code_normalise(cx->arena, req_param(rq, "no")), &c);
    if (!rc)
        rc = file_find(cx, c.id, req_id(rq, "n"), &f);
    if (!rc)
        rc = entry_find(cx, c.id, hex(cx->arena, f.commitment.p, f.commitment.n), &e);
    if (rc)
        return rc;
    buf_init(&b, cx->arena, 4096);
    buf_fmt(&b, "{\"file\":{\"size\":%lld", (long long)f.size);
    hex_member(cx, &b, "sm3", f.sm3);
    hex_member(cx, &b, "salt", f.salt);
    hex_member(cx, &b, "commitment", f.commitment);
    buf_lit(&b, "},\"entry\":");
    entry_write(cx, &b, &e);
    buf_lit(&b, ",\"receipt\":");
    rc = ledger_receipt_write(cx, e.id, &b);
    buf_char(&b, '}');
    raw->body = buf_view(&b);
    raw->filename = arena_fmt(cx->arena, STR_F "-%lld.json", STR_A(c.no), (long long)f.n);
    return rc;
}

#define DOWNLOAD .out = &RAW, .type = "application/octet-stream"

const struct route cases_materials_routes[CASES_MATERIALS_ROUTES] = {
    { GET, "/apply/{id}/materials", materials_show, READ, NEED_APPLICANT, .out = &MATERIALS_VIEW, .page = &tmpl_apply_materials,
      .nav = "me" },
    { POST, "/apply/{id}/materials", materials_do, WRITE, NEED_APPLICANT, .out = &MATERIALS_VIEW, .page = &tmpl_apply_materials,
      .admit = materials_admit, .prepare = materials_prepare, .again = materials_show, .nav = "me", .upload = MATERIALS_FORM_MAX },
    { POST, "/apply/{id}/materials/{n}/remove", remove_do, WRITE, NEED_APPLICANT, .title = "材料" },
    { POST, "/cases/{no}/files/{n}/remove", point_file_remove, WRITE, NEED_APPLICANT, .title = "材料" },
    { GET, "/cases/{no}/files/{n}", own_file_show, READ, NEED_APPLICANT, DOWNLOAD },
    { GET, "/cases/{no}/files/{n}/proof", file_proof, READ, NEED_APPLICANT, .out = &RAW, .type = "application/json" },
    { GET, "/desk/cases/{no}/files/{n}", staff_file_show, READ, NEED_STAFF, DOWNLOAD },
};
