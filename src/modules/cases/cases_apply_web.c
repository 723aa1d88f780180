/* cases_apply_web.c - the citizen's application: start, pages of the form, check, submit. */
#include "base/code.h"
#include "cases_forms.h"
#include "cases_materials.h"
#include "cases_routes.h"
#include "cases_service.h"
#include "cases_view.h"
#include "modules/identity/identity.h"
#include "modules/materials/materials.h"

#include <string.h>

/* ---- the draft ---------------------------------------------------------------------------------------------------------- */

struct opened {
    struct cases_draft  draft;
    struct catalog_item item;
    const struct form  *form; /* of `by`, for short */
    struct form_answers answers;
    struct cases_filled by;
    struct cases_holder holder;
    struct str          chosen; /* the licences, before the page was typed */
};

static struct str licences_chosen(struct cx *cx, const struct opened *o)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    for (size_t i = 0; i < o->form->n; i++)
        if (o->form->fields[i].kind == FORM_LICENCE) {
            buf_str(&b, form_parts_of(o->answers.v[i]).choice);
            buf_char(&b, '\n');
        }
    return buf_view(&b);
}

/* Of the licences that he holds today, whatever he chose yesterday. */
static enum rc licences_open(struct cx *cx, struct opened *o)
{
    if (!cases_wants_licence(o->form))
        return RC_OK;
    enum rc rc = cases_store_holder(cx, &o->holder);
    return rc ? rc : cases_licences_offer(cx, &o->holder, o->item.code, &o->by);
}

static enum rc draft_open(struct cx *cx, const struct req *rq, struct opened *out)
{
    enum rc rc = cases_store_draft(cx, req_id(rq, "id"), &out->draft);
    if (!rc)
        rc = catalog_version_get(cx, out->draft.item, out->draft.version, &out->item);
    if (!rc)
        rc = cases_draft_open(cx, &out->draft, &out->by);
    out->form = out->by.form;
    out->answers = out->by.answers;
    return rc ? rc : licences_open(cx, out);
}

static struct str id_text(struct cx *cx, int64_t id)
{
    return arena_fmt(cx->arena, "%lld", (long long)id);
}

/* ---- start ---------------------------------------------------------------------------------------------------------------- */

/* The item, its form, and what was answered on the way here: by the guide's page, or by this page before it came back. */
static enum rc start_open(struct cx *cx, const struct req *rq, struct catalog_item *item, struct cases_filled *out)
{
    enum rc rc = catalog_item_find(cx, req_param(rq, "code"), item);
    if (!rc)
        rc = catalog_form_get(cx, item->id, item->version, &out->form);
    if (rc)
        return rc;
    out->answers = form_answers_new(cx->arena, out->form);
    if (form_guide(out->form))
        form_take(cx->arena, out->form, form_guide(out->form)->name.p, rq->typed, rq->ntyped, out->answers);
    return RC_OK;
}

static enum rc start_show(struct cx *cx, const struct req *rq, void *out)
{
    struct start_view *v = out;
    struct catalog_item i;
    struct cases_filled by;
    struct list materials;
    enum rc rc = start_open(cx, rq, &i, &by);
    if (!rc)
        rc = catalog_material_list(cx, i.id, i.version, &materials);
    if (rc)
        return rc;
    *v = (struct start_view){ .title = i.name, .code = i.code, .kind = i.kind, .promised_days = i.promised_days,
                              .promised_unit = i.promised_unit, .web = str_has_word(i.channels, STR("web")), .visit_reason = i.visit_reason,
                              .materials = catalog_material_asked(cx->arena, &materials, by.form, by.answers) };
    rc = cases_store_draft_open(cx, i.code, &v->draft);
    if (rc == RC_NOT_FOUND && form_guide(by.form)) {
        v->guided = true;
        v->fields = form_view(cx, by.form, form_guide(by.form)->name.p, by.answers);
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* The questions are answered, then there is a draft. */
static enum rc draft_begin(struct cx *cx, const struct catalog_item *i, const struct cases_filled *by, int64_t *out_id)
{
    const struct form_group *guide = form_guide(by->form);
    enum rc rc = guide ? form_check(by->form, guide->name.p, day_at(cx->now), cx->arena, &cx->issues, by->answers) : RC_OK;
    if (!rc)
        rc = cases_answers_prefill(cx, by->form, by->answers);
    if (rc)
        return rc;
    *out_id = db_id(cx);
    return cases_store_draft_add(cx, *out_id, i, cases_answers_seal(cx, "cases_draft.answers", *out_id, by->form, by->answers));
}

static enum rc start_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct catalog_item i;
    struct cases_filled by;
    int64_t id = 0;
    enum rc rc = start_open(cx, rq, &i, &by);
    if (rc)
        return rc;
    if (!str_has_word(i.channels, STR("web")))
        return RC_CONFLICT;
    rc = cases_store_draft_open(cx, i.code, &id);
    if (rc == RC_NOT_FOUND)
        rc = draft_begin(cx, &i, &by, &id);
    reply_see(rq, arena_fmt(cx->arena, "/apply/%lld", (long long)id));
    return rc;
}

/* ---- tasks and pages --------------------------------------------------------------------------------------------------------- */

static bool group_done(struct cx *cx, const struct opened *o, const char *group)
{
    struct issues found = { 0 };
    return form_check(o->form, group, day_at(cx->now), cx->arena, &found, o->answers) == RC_OK;
}

static enum rc tasks_show(struct cx *cx, const struct req *rq, void *out)
{
    struct tasks_view *v = out;
    struct opened o;
    enum rc rc = draft_open(cx, rq, &o);
    if (rc)
        return rc;
    struct group_line *g = arena_many(cx->arena, struct group_line, o.form->ngroups);
    size_t n = 0;
    v->ready = true;
    for (size_t i = 0; i < o.form->ngroups; i++) {
        const struct form_group *from = &o.form->groups[i];
        if (!form_group_asked(o.form, from->name, o.answers))
            continue;
        g[n] = (struct group_line){ from->name, from->title, group_done(cx, &o, from->name.p) };
        v->ready &= g[n++].done;
    }
    v->title = o.item.name;
    v->id = id_text(cx, o.draft.id);
    v->code = o.item.code;
    v->updated_at = o.draft.updated_at;
    v->groups = (struct list){ g, n };
    v->advice = form_advice(cx->arena, o.form, o.answers);
    v->advised = v->advice.n > 0;
    struct list missing;
    rc = cases_materials_missing(cx, &o.draft, &v->files, &missing);
    v->missing = rc ? 0 : (int64_t)missing.n;
    return rc;
}

static enum rc group_fill(struct cx *cx, const struct req *rq, struct group_view *v, struct opened *o, bool typed)
{
    enum rc rc = draft_open(cx, rq, o);
    int at = rc ? -1 : form_group_find(o->form, req_param(rq, "group"));
    if (rc || at < 0)
        return rc ? rc : RC_NOT_FOUND;
    const struct form_group *g = &o->form->groups[at];
    o->chosen = licences_chosen(cx, o);
    if (typed)
        form_take(cx->arena, o->form, g->name.p, rq->typed, rq->ntyped, o->answers);
    rc = forms_places_get(cx, o->form, g->name.p, o->answers);
    if (!rc && typed)
        rc = licences_open(cx, o);
    v->title = g->title;
    v->item_name = o->item.name;
    v->id = id_text(cx, o->draft.id);
    v->group = g->name;
    v->intro = g->intro;
    v->has_rows = form_has_rows(o->form, g->name.p);
    v->number = at + 1;
    v->total = (int64_t)o->form->ngroups;
    return rc;
}

static enum rc group_show(struct cx *cx, const struct req *rq, void *out)
{
    struct group_view *v = out;
    struct opened o;
    enum rc rc = group_fill(cx, rq, v, &o, false);
    if (!rc)
        v->fields = form_view(cx, o.form, v->group.p, o.answers);
    return rc;
}

static enum rc group_again(struct cx *cx, const struct req *rq, void *out)
{
    struct group_view *v = out;
    struct opened o;
    enum rc rc = group_fill(cx, rq, v, &o, true);
    if (!rc)
        v->fields = form_view(cx, o.form, v->group.p, o.answers);
    return rc;
}

/* Where to after this page: the next one on which anything is asked. */
static struct str next_address(struct cx *cx, const struct opened *o, int64_t number)
{
    for (size_t i = (size_t)number; i < o->form->ngroups; i++)
        if (form_group_asked(o->form, o->form->groups[i].name, o->answers))
            return arena_fmt(cx->arena, "/apply/%lld/page/" STR_F, (long long)o->draft.id, STR_A(o->form->groups[i].name));
    return arena_fmt(cx->arena, "/apply/%lld/check", (long long)o->draft.id);
}

/* Kept as typed, also when something is wrong: the page then says what. */
static enum rc group_do(struct cx *cx, const struct req *rq, void *out)
{
    struct group_view *v = out;
    struct opened o;
    int64_t changed = 0;
    enum rc rc = group_fill(cx, rq, v, &o, true);
    if (rc)
        return rc;
    if (o.draft.case_id)
        return RC_CONFLICT;
    struct str place;
    bool filled = false;
    rc = str_eq(o.chosen, licences_chosen(cx, &o)) ? RC_OK : cases_licence_fill(cx, &o.holder, o.item.code, &o.by, &filled);
    if (rc)
        return rc;
    bool rows = form_rows_act(cx->arena, o.form, rq->typed, rq->ntyped, o.answers, &place);
    enum rc wrong = rows ? RC_OK : form_check(o.form, v->group.p, day_at(cx->now), cx->arena, &cx->issues, o.answers);
    rc = cases_store_draft_set(cx, o.draft.id, cases_answers_seal(cx, "cases_draft.answers", o.draft.id, o.form, o.answers), &changed);
    if (rc)
        return rc;
    if (wrong)
        v->fields = form_view(cx, o.form, v->group.p, o.answers); /* otherwise another page comes */
    if (rows)
        reply_see(rq, arena_fmt(cx->arena, "/apply/%lld/page/" STR_F "#" STR_F, (long long)o.draft.id, STR_A(v->group), STR_A(place)));
    else if (wrong && !filled)
        reply_status(rq, 422);
    else if (filled) /* the same page again, with what the licence says, to be looked at */
        reply_see(rq, arena_fmt(cx->arena, "/apply/%lld/page/" STR_F, (long long)o.draft.id, STR_A(v->group)));
    else
        reply_see(rq, next_address(cx, &o, v->number));
    return RC_OK;
}

/* ---- check and submit ----------------------------------------------------------------------------------------------------------- */

static enum rc check_show(struct cx *cx, const struct req *rq, void *out)
{
    struct check_view *v = out;
    struct opened o;
    enum rc rc = draft_open(cx, rq, &o);
    if (rc)
        return rc;
    struct issues found = { 0 };
    v->ready = form_check(o.form, NULL, day_at(cx->now), cx->arena, &found, o.answers) == RC_OK;
    v->title = o.item.name;
    v->id = id_text(cx, o.draft.id);
    v->sections = form_sections(cx->arena, o.form, o.answers, false);
    v->advice = form_advice(cx->arena, o.form, o.answers);
    v->advised = v->advice.n > 0;
    rc = cases_name_advice(cx, &(struct cases_name_asker){ .person = cx->actor.person }, &o.by, &v->names);
    if (rc)
        return rc;
    v->named = v->names.n > 0;
    struct cases_charge charge = cases_charge(cx, &o.by);
    v->charge = charge.yuan;
    v->charge_how = charge.how;
    int64_t files = 0;
    rc = cases_materials_missing(cx, &o.draft, &files, &v->missing);
    v->nmissing = rc ? 0 : (int64_t)v->missing.n;
    return rc;
}

/* The person the case is for: the signed-in one, or somebody declared whose agent he is. */
static enum rc applicant_find(struct cx *cx, const struct opened *o, struct cases_application *ap)
{
    struct identity_person p;
    struct str kind = form_answer(o->form, o->answers, "applicant_kind"), code = form_answer(o->form, o->answers, "applicant_code");
    struct identity_claim claim = { str_is(kind, "person") ? STR("person") : STR("firm"), code,
                                    form_answer(o->form, o->answers, "applicant_name"), form_answer(o->form, o->answers, "phone") };
    enum rc rc = identity_person_get(cx, cx->actor.person, &p);
    if (rc)
        return rc;
    ap->applicant = p.id;
    ap->applicant_name = claim.name;
    ap->applicant_mask = code_mask(cx->arena, code);
    if (str_eq(ap->applicant_mask, p.code_mask) && str_eq(claim.name, p.name))
        return RC_OK;
    return identity_declare(cx, &claim, &ap->applicant);
}

/* A draft opened, found complete on a day, and sealed as a case. */
struct complete {
    struct opened              open;
    struct list                asked; /* struct catalog_material */
    struct day                 on;
    const struct cases_sealed *sealed;
};

static enum rc complete_open(struct cx *cx, const struct req *rq, struct complete *out)
{
    enum rc rc = draft_open(cx, rq, &out->open);
    if (!rc)
        rc = catalog_material_list(cx, out->open.draft.item, out->open.draft.version, &out->asked);
    if (rc)
        return rc;
    out->asked = catalog_material_asked(cx->arena, &out->asked, out->open.form, out->open.answers);
    out->on = day_at(cx->now);
    return RC_OK;
}

/* Read, decrypted, checked and sealed while others write. What is wrong the unit finds again, and says. */
static enum rc submit_prepare(struct cx *cx, const struct req *rq, void *in UNUSED)
{
    struct complete *p = arena_new(cx->arena, struct complete);
    struct issues found = { 0 };
    enum rc rc = db_begin(cx->db, READ);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = db_rollback(cx->db, complete_open(cx, rq, p));
    if (rc || p->open.draft.case_id || form_check(p->open.form, NULL, p->on, cx->arena, &found, p->open.answers))
        return RC_OK;
    p->sealed = cases_seal(cx, p->open.form, p->open.answers);
    *rq->made = p;
    return RC_OK;
}

/* The draft in the unit: as it was prepared if nothing of it has changed since, else opened and checked here. */
static enum rc complete_get(struct cx *cx, const struct req *rq, struct complete *out)
{
    const struct complete *p = *rq->made;
    struct cases_draft now;
    bool stands = false;
    enum rc rc = p ? cases_store_draft(cx, p->open.draft.id, &now) : RC_OK;
    if (!rc && p && !now.case_id && now.updated_at.ms == p->open.draft.updated_at.ms && str_eq(now.answers, p->open.draft.answers) &&
        p->on.n == day_at(cx->now).n)
        rc = catalog_item_stands(cx, &p->open.item, &stands);
    if (rc)
        return rc;
    if (stands) {
        *out = *p;
        return RC_OK;
    }
    *out = (struct complete){ 0 };
    rc = complete_open(cx, rq, out);
    if (rc || out->open.draft.case_id)
        return rc;
    return form_check(out->open.form, NULL, out->on, cx->arena, &cx->issues, out->open.answers);
}

static enum rc case_make(struct cx *cx, const struct complete *p, struct cases_case *out)
{
    const struct opened *o = &p->open;
    struct cases_application ap = { .item = &o->item, .form = o->form, .answers = o->answers, .channel = STR("web"),
                                    .account = cx->actor.account, .sealed = p->sealed };
    enum rc rc = applicant_find(cx, o, &ap);
    if (!rc)
        rc = cases_materials_said(cx, o->draft.id, STR_NONE, &ap.files);
    if (!rc)
        rc = cases_materials_given(cx, &o->draft, &p->asked, &ap.materials);
    if (!rc)
        rc = cases_submit(cx, &ap, out);
    if (!rc)
        rc = cases_store_draft_submitted(cx, o->draft.id, out->id);
    return rc || !ap.files.n ? rc : materials_move(cx, o->draft.id, out->id);
}

static enum rc submit_do(struct cx *cx, const struct req *rq, void *out)
{
    struct check_view *v = out;
    struct complete p;
    struct cases_case c;
    enum rc rc = cases_store_draft_lock(cx, req_id(rq, "id"));
    if (!rc)
        rc = complete_get(cx, rq, &p);
    if (rc)
        return rc;
    if (p.open.draft.case_id) /* sent twice: the same answer twice */
        rc = cases_get(cx, p.open.draft.case_id, &c);
    else
        rc = case_make(cx, &p, &c);
    v->no = rc ? STR("") : c.no;
    reply_see(rq, arena_fmt(cx->arena, "/cases/" STR_F "/receipt", STR_A(v->no)));
    return rc;
}

const struct route cases_apply_routes[CASES_APPLY_ROUTES] = {
    { GET, "/items/{code}/apply", start_show, READ, NEED_APPLICANT, .out = &START_VIEW, .page = &tmpl_apply_start, .nav = "items" },
    { POST, "/items/{code}/apply", start_do, WRITE, NEED_APPLICANT, .out = &START_VIEW, .page = &tmpl_apply_start, .again = start_show,
      .nav = "items" },
    { GET, "/apply/{id}", tasks_show, READ, NEED_APPLICANT, .out = &TASKS_VIEW, .page = &tmpl_apply_tasks, .nav = "me" },
    { GET, "/apply/{id}/check", check_show, READ, NEED_APPLICANT, .out = &CHECK_VIEW, .page = &tmpl_apply_check, .nav = "me" },
    { POST, "/apply/{id}/submit", submit_do, WRITE, NEED_APPLICANT, .out = &CHECK_VIEW, .page = &tmpl_apply_check,
      .prepare = submit_prepare, .again = check_show, .nav = "me" },
    { GET, "/apply/{id}/page/{group}", group_show, READ, NEED_APPLICANT, .out = &GROUP_VIEW, .page = &tmpl_apply_page, .nav = "me" },
    { POST, "/apply/{id}/page/{group}", group_do, WRITE, NEED_APPLICANT, .out = &GROUP_VIEW, .page = &tmpl_apply_page,
      .again = group_again, .nav = "me" },
};
