/* cases_work_web.c - the office's side: queues, one case with its acts, intake at the window. */
#include "base/code.h"
#include "cases_fill.h"
#include "cases_forms.h"
#include "cases_routes.h"
#include "cases_rules.h"
#include "modules/holidays/holidays.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"

/* ---- queues -------------------------------------------------------------------------------------------------------------------- */

struct work_in {
    int64_t    body;
    struct str role;
};
static const struct field work_in_fields[] = { FIELD(struct work_in, body), FIELD(struct work_in, role, .words = org_role_words) };
static const struct record WORK_IN = RECORD(struct work_in, work_in_fields);

enum { TABS_MAX = 64 };

static const enum org_role queue_roles[] = { ROLE_CLERK, ROLE_REVIEWER, ROLE_SECTION_HEAD, ROLE_BODY_HEAD };

/* One queue that the actor may see. */
struct scope {
    int64_t       body;
    struct str    name;
    enum org_role role;
};

/* A clerk serves the bodies of his window; everybody else his own body. */
static enum rc scopes_list(struct cx *cx, struct scope *out, size_t *out_n)
{
    struct org_body own;
    struct list served = { 0 };
    enum rc rc = org_body_get(cx, cx->actor.body, &own);
    if (!rc && org_has_role(cx, ROLE_CLERK))
        rc = org_served_bodies(cx, cx->actor.post, &served);
    *out_n = 0;
    for (size_t r = 0; r < countof(queue_roles) && !rc; r++) {
        if (!org_has_role(cx, queue_roles[r]))
            continue;
        out[(*out_n)++] = (struct scope){ own.id, own.short_, queue_roles[r] };
        for (size_t i = 0; queue_roles[r] == ROLE_CLERK && i < served.n && *out_n < TABS_MAX; i++) {
            const struct org_body *b = (const struct org_body *)served.v + i;
            if (b->id != own.id)
                out[(*out_n)++] = (struct scope){ b->id, b->short_, ROLE_CLERK };
        }
    }
    return rc;
}

static enum rc tabs_fill(struct cx *cx, const struct scope *s, size_t n, size_t current, struct list *out)
{
    struct queue_tab *tabs = arena_many(cx->arena, struct queue_tab, n);
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && !rc; i++) {
        struct str role = str_c(org_role_words[s[i].role]);
        tabs[i].address = arena_fmt(cx->arena, "/desk?body=%lld&role=" STR_F, (long long)s[i].body, STR_A(role));
        tabs[i].name = s[i].name;
        tabs[i].current = i == current;
        rc = cases_store_queue_count(cx, s[i].body, role, &tabs[i].count);
    }
    *out = (struct list){ tabs, n };
    return rc;
}

enum { DIVISION_SHOWN = sizeof "522627-" - 1 };

static struct list lines_of(struct cx *cx, const struct calendar *days, const struct list *rows)
{
    struct queue_line *v = arena_many(cx->arena, struct queue_line, rows->n);
    struct day today = day_at(cx->now);
    for (size_t i = 0; i < rows->n; i++) {
        const struct cases_queue_line *q = (const struct cases_queue_line *)rows->v + i;
        struct buf no;
        buf_init(&no, cx->arena, 32);
        code_case_write(&no, q->no);
        v[i] = (struct queue_line){ q->no, str_sub(buf_view(&no), DIVISION_SHOWN, no.n), q->item_name, q->applicant_name, q->channel,
                                    q->step, q->state,
                                    q->staff_name, cases_light_word(q->due_on.n ? light_on(today, q->yellow_on, q->due_on) : LIGHT_NONE),
                                    cases_left_text(cx, days, q->due_on), q->due_on, q->step_on,
                                    q->step_on.n && q->step_on.n < today.n, q->received_at };
    }
    return (struct list){ v, rows->n };
}

static size_t scope_find(const struct scope *s, size_t n, const struct work_in *in)
{
    for (size_t i = 0; i < n; i++)
        if (s[i].body == in->body && str_is(in->role, org_role_words[s[i].role]))
            return i;
    return 0;
}

static enum rc work_show(struct cx *cx, const struct req *rq, void *out)
{
    struct work_view *v = out;
    struct scope *s = arena_many(cx->arena, struct scope, TABS_MAX + countof(queue_roles));
    const struct calendar *days;
    struct list open, claimed;
    size_t n = 0;
    enum rc rc = scopes_list(cx, s, &n);
    v->today = day_at(cx->now);
    if (rc || !n)
        return rc;
    size_t at = scope_find(s, n, rq->in);
    struct str role = str_c(org_role_words[s[at].role]);
    rc = tabs_fill(cx, s, n, at, &v->tabs);
    if (!rc)
        rc = cases_store_queue(cx, s[at].body, role, STR("open"), &open);
    if (!rc)
        rc = cases_store_queue(cx, s[at].body, role, STR("claimed"), &claimed);
    if (!rc)
        rc = holidays_calendar(cx, &days);
    if (rc)
        return rc;
    v->lines = lines_of(cx, days, &open);
    v->claimed = lines_of(cx, days, &claimed);
    v->any_open = open.n > 0;
    v->any_claimed = claimed.n > 0;
    v->clerk = org_has_role(cx, ROLE_CLERK);
    v->body_name = s[at].name;
    return RC_OK;
}

/* ---- one case ------------------------------------------------------------------------------------------------------------------ */

/* May this member of staff open, write and decide the case's open task? */
static void task_acts_fill(struct cx *cx, const struct cases_case *c, const struct cases_task *t, bool last, struct case_view *v)
{
    bool mine = false, review = str_is(c->state, "in_review");
    for (int r = 0; r < ROLES; r++)
        mine |= str_is(t->role, org_role_words[r]) && org_has_role(cx, (enum org_role)r);
    bool at_hand = mine && review && t->body == cx->actor.body, free_or_mine = !t->claimed_by || t->claimed_by == cx->actor.post;
    v->can_accept = mine && cases_move(c->state, ACT_ACCEPT);
    v->can_deliver = mine && cases_move(c->state, ACT_DELIVER);
    v->can_reopen = mine && cases_move(c->state, ACT_REOPEN) && !v->deemed;
    v->can_claim = at_hand && !t->claimed_by;
    v->can_opinion = at_hand && free_or_mine && !last;
    v->can_decide = at_hand && free_or_mine && last && c->accepted_by != cx->actor.post;
}

/* And what the case allows beside its task while the body examines it. */
static void procedure_acts_fill(struct cx *cx, const struct cases_case *c, const struct catalog_item *item, struct case_view *v)
{
    bool ours = c->holder == cx->actor.body && str_is(c->state, "in_review"), stopped = str_is(v->light, "stop");
    bool examiner = ours && !org_has_role(cx, ROLE_CLERK);
    v->can_pause = examiner && v->pauses.n && !stopped;
    v->can_hearing_tell = v->can_hearing_tell && catalog_pause_allowed(item->regime, PAUSE_HEARING);
    v->can_end_pause = ours && stopped;
    v->can_extend = ours && org_has_role(cx, ROLE_BODY_HEAD) && cases_extension_max(item->regime) > 0;
    v->can_forward = examiner && item->decider.n && c->holder == c->body;
    v->can_check_site = examiner;
    v->can_bill = examiner && item->fee;
}

/* What the open step still wants before it is done. */
static void step_wants_fill(const struct cases_case *c, const struct cases_filled *by, const struct cases_task *t, struct case_view *v)
{
    enum process_wants w = form_step_wants(by->form, t->step, by->answers);
    v->wants_site_check = w == WANTS_SITE_CHECK && !v->has_site_checks;
    v->wants_forwarded = w == WANTS_FORWARDED && c->holder == c->body;
}

static enum rc acts_fill(struct cx *cx, const struct cases_case *c, struct case_view *v)
{
    struct cases_task t;
    struct catalog_item item;
    struct cases_filled by = { 0 };
    enum rc rc = cases_store_task_open(cx, c->id, &t);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    rc = catalog_version_get(cx, c->item, c->version, &item);
    if (!rc)
        rc = cases_form_open(cx, c, &by);
    if (!rc)
        rc = catalog_pause_list(cx, &item, &v->pauses, &v->pauses_own);
    if (rc)
        return rc;
    v->step_name = t.name;
    v->step_role = t.role;
    v->step_on = t.step_on;
    v->step_late = t.step_on.n && t.step_on.n < v->today.n;
    task_acts_fill(cx, c, &t, t.step + 1 == (int64_t)cases_route(by.form)->n, v);
    step_wants_fill(c, &by, &t, v);
    procedure_acts_fill(cx, c, &item, v);
    v->can_tell = v->can_accept && !v->told && !v->deemed && cases_move(c->state, ACT_TELL);
    v->can_on_spot = v->can_accept && str_is(item.kind, "on_spot");
    v->can_amend = v->can_accept && !v->amending;
    bool acts[] = { v->can_accept, v->can_deliver, v->can_reopen, v->can_pause, v->can_end_pause, v->can_extend, v->can_claim,
                    v->can_opinion, v->can_decide, v->can_forward, v->can_check_site, v->can_bill, v->can_hearing_tell,
                    v->can_hearing_ask, v->can_hearing_set, v->can_hearing_hold };
    for (size_t i = 0; i < countof(acts); i++)
        v->can_act |= acts[i];
    return RC_OK;
}

static struct str typed(const struct req *rq, const char *name)
{
    for (size_t k = 0; k < rq->ntyped; k++)
        if (str_is(rq->typed[k].name, name))
            return str_trim(rq->typed[k].value);
    return STR("");
}

/* What the notice may ask for; a notice that came back keeps its words. */
static enum rc wanted_fill(struct cx *cx, const struct req *rq, const struct cases_case *c, struct case_view *v)
{
    struct list all;
    enum rc rc = cases_case_materials(cx, c, &all);
    if (rc)
        return rc;
    struct wanted_line *lines = arena_many(cx->arena, struct wanted_line, all.n);
    for (size_t i = 0; i < all.n; i++) {
        const struct catalog_material *m = (const struct catalog_material *)all.v + i;
        lines[i] = (struct wanted_line){ m->n, m->name, typed(rq, arena_fmt(cx->arena, "reason-%lld", (long long)m->n).p) };
    }
    v->wanted = (struct list){ lines, all.n };
    v->other_name = typed(rq, "name-0");
    v->other_reason = typed(rq, "reason-0");
    v->until_typed = typed(rq, "until");
    return RC_OK;
}

enum rc cases_staff_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = cases_find_staff(cx, req_param(rq, "no"), &c);
    if (!rc)
        rc = cases_view_fill(cx, &c, true, out);
    if (!rc)
        rc = acts_fill(cx, &c, out);
    return rc || !((struct case_view *)out)->can_tell ? rc : wanted_fill(cx, rq, &c, out);
}

static enum rc staff_document_show(struct cx *cx, const struct req *rq, void *out)
{
    struct cases_case c;
    enum rc rc = cases_find_staff(cx, req_param(rq, "no"), &c);
    return rc ? rc : cases_document_fill(cx, &c, req_id(rq, "n"), out);
}

static enum rc act_open(struct cx *cx, const struct req *rq, struct cases_case *c)
{
    reply_see(rq, arena_fmt(cx->arena, "/desk/cases/" STR_F, STR_A(req_param(rq, "no"))));
    return cases_find_staff(cx, req_param(rq, "no"), c);
}

static enum rc accept_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_accept(cx, &c);
}

struct refuse_in {
    struct str kind, reason;
};
static const char *const refusals[] = { "not_accepted", "not_needed", NULL };
static const struct field refuse_fields[] = {
    FIELD(struct refuse_in, kind, .required = true, .words = refusals),
    FIELD(struct refuse_in, reason, .required = true, .max = 2000, .multiline = true),
};
static const struct record REFUSE_IN = RECORD(struct refuse_in, refuse_fields);

static enum rc refuse_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct refuse_in *in = rq->in;
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_refuse_acceptance(cx, &c, in->kind, in->reason);
}

static enum rc claim_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_claim(cx, &c);
}

struct opinion_in {
    struct str opinion, act;
};
static const char *const opinion_acts[] = { "on", "back", NULL };
static const struct field opinion_fields[] = {
    FIELD(struct opinion_in, opinion, .required = true, .max = 4000, .multiline = true),
    FIELD(struct opinion_in, act, .required = true, .words = opinion_acts),
};
static const struct record OPINION_IN = RECORD(struct opinion_in, opinion_fields);

static enum rc opinion_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct opinion_in *in = rq->in;
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_opinion(cx, &c, in->opinion, str_is(in->act, "back"));
}

struct name_in {
    struct str name;
};
static const struct field name_fields[] = { FIELD(struct name_in, name, .max = 40) };
static const struct record NAME_IN = RECORD(struct name_in, name_fields);

struct decide_in {
    struct str decision, reasons, basis, name;
};
static const char *const decisions[] = { "grant", "refuse", NULL };
static const struct field decide_fields[] = {
    FIELD(struct decide_in, decision, .required = true, .words = decisions),
    FIELD(struct decide_in, reasons, .max = 4000, .multiline = true),
    FIELD(struct decide_in, basis, .max = 1000, .multiline = true), FIELD(struct decide_in, name, .max = 40),
};
static const struct record DECIDE_IN = RECORD(struct decide_in, decide_fields);

static enum rc decide_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct decide_in *in = rq->in;
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    if (!rc && str_is(in->decision, "grant"))
        rc = cases_name_grant(cx, &c, in->name);
    return rc ? rc : cases_decide(cx, &c, str_is(in->decision, "grant"), in->reasons.n ? in->reasons : STR(""),
                                  in->basis.n ? in->basis : STR(""));
}

struct deliver_in {
    struct str way, receiver, proof;
    struct day on;
};
static const char *const ways[] = { "online", "window", "post", NULL };
static const struct field deliver_fields[] = {
    FIELD(struct deliver_in, way, .required = true, .words = ways), FIELD(struct deliver_in, receiver, .required = true, .max = 100),
    FIELD(struct deliver_in, proof, .max = 100), FIELD(struct deliver_in, on),
};
static const struct record DELIVER_IN = RECORD(struct deliver_in, deliver_fields);

static enum rc deliver_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct deliver_in *in = rq->in;
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_deliver_by(cx, &c, &(struct cases_handing){ in->way, in->receiver, in->proof, in->on });
}

/* ---- the law's special acts ---------------------------------------------------------------------------------------------------- */

enum { DEMANDS_MAX = 60 };

/* "reason-3" says what is wrong with material 3; "name-0" and "reason-0" a point that is no material of the list (a field). */
static enum rc demands_read(struct cx *cx, const struct req *rq, const struct cases_case *c, struct cases_demand *out, size_t *n)
{
    struct list all;
    enum rc rc = cases_case_materials(cx, c, &all);
    *n = 0;
    for (size_t i = 0; i < all.n && !rc && *n < DEMANDS_MAX; i++) {
        const struct catalog_material *m = (const struct catalog_material *)all.v + i;
        struct str reason = typed(rq, arena_fmt(cx->arena, "reason-%lld", (long long)m->n).p);
        if (reason.n)
            out[(*n)++] = (struct cases_demand){ m->name, reason };
    }
    if (!rc && typed(rq, "reason-0").n && *n < DEMANDS_MAX)
        out[(*n)++] = (struct cases_demand){ typed(rq, "name-0"), typed(rq, "reason-0") };
    return rc;
}

static enum rc tell_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_demand *d = arena_many(cx->arena, struct cases_demand, DEMANDS_MAX);
    struct cases_case c;
    struct day until = { 0 };
    size_t n = 0;
    enum rc rc = act_open(cx, rq, &c);
    if (!rc && typed(rq, "until").n && !day_parse(typed(rq, "until"), &until))
        return cx_invalid(cx, "until", "base.no_such_day");
    if (!rc)
        rc = demands_read(cx, rq, &c, d, &n);
    return rc ? rc : cases_tell_once(cx, &c, d, n, until);
}

struct point_in {
    int64_t    point;
    struct str reason;
};
static const struct field point_in_fields[] = {
    FIELD(struct point_in, point, .required = true, .min = 1, .max = 99),
    FIELD(struct point_in, reason, .required = true, .max = 1000, .multiline = true),
};
static const struct record POINT_IN = RECORD(struct point_in, point_in_fields);

static enum rc reopen_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct point_in *in = rq->in;
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_reopen(cx, &c, in->point, in->reason);
}

struct pause_in {
    struct str kind;
    struct day first, last;
};
static const struct field pause_in_fields[] = {
    FIELD(struct pause_in, kind, .required = true, .max = 30), FIELD(struct pause_in, first, .required = true),
    FIELD(struct pause_in, last, .required = true)
};
static const struct record PAUSE_IN = RECORD(struct pause_in, pause_in_fields);

static enum rc pause_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct pause_in *in = rq->in;
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_pause(cx, &c, in->kind, in->first, in->last);
}

struct revise_in {
    struct day last;
};
static const struct field revise_in_fields[] = { FIELD(struct revise_in, last, .required = true) };
static const struct record REVISE_IN = RECORD(struct revise_in, revise_in_fields);

static enum rc pause_revise_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_pause_revise(cx, &c, ((const struct revise_in *)rq->in)->last);
}

static enum rc pause_end_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_pause_end(cx, &c);
}

struct extend_in {
    int64_t    days;
    struct str reason;
};
static const struct field extend_in_fields[] = {
    FIELD(struct extend_in, days, .required = true, .min = 1, .max = 99),
    FIELD(struct extend_in, reason, .required = true, .max = 1000, .multiline = true),
};
static const struct record EXTEND_IN = RECORD(struct extend_in, extend_in_fields);

static enum rc extend_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    const struct extend_in *in = rq->in;
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_extend(cx, &c, in->days, in->reason);
}

static enum rc forward_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    return rc ? rc : cases_forward(cx, &c);
}

static enum rc on_spot_do(struct cx *cx, const struct req *rq, void *out UNUSED)
{
    struct cases_case c;
    enum rc rc = act_open(cx, rq, &c);
    if (!rc)
        rc = cases_name_grant(cx, &c, ((const struct name_in *)rq->in)->name);
    return rc ? rc : cases_decide_on_spot(cx, &c, STR(""));
}

/* ---- intake at the window ---------------------------------------------------------------------------------------------------- */

struct intake_in {
    struct str code;
};
static const struct field intake_in_fields[] = { FIELD(struct intake_in, code, .max = 40) };
static const struct record INTAKE_IN = RECORD(struct intake_in, intake_in_fields);

static struct str typed_code(const struct req *rq)
{
    struct str code = STR("");
    for (size_t k = 0; k < rq->ntyped; k++)
        if (str_is(rq->typed[k].name, "code"))
            code = str_trim(rq->typed[k].value);
    return code;
}

/* The licences of the person in front, if his document was ever seen; asked for by a button, they also fill in what they say. */
static enum rc intake_licences(struct cx *cx, const struct req *rq, struct intake_view *v, const struct cases_filled *by)
{
    struct identity_person p;
    bool any = false;
    v->has_licence = cases_wants_licence(by->form);
    enum rc rc = v->has_licence ? identity_proven_find(cx, form_answer(by->form, by->answers, "applicant_code"), &p) : RC_NOT_FOUND;
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    struct cases_holder h = { .person = p.id };
    rc = cases_licences_offer(cx, &h, v->code, by);
    return rc || !typed(rq, "_look").n ? rc : cases_licence_fill(cx, &h, v->code, by, &any);
}

/* Who stands here may have no account to be served through. */
static void window_way(const struct cases_filled *by)
{
    int at = form_field_find(by->form, STR("service_way"));
    if (at >= 0)
        by->answers.v[at] = STR("window");
}

/* The item that was chosen and its form, with what was typed. */
static enum rc intake_fill(struct cx *cx, const struct req *rq, struct intake_view *v, struct catalog_item *i, struct cases_filled *by)
{
    struct str code = typed_code(rq);
    if (!code.n)
        return RC_OK;
    enum rc rc = catalog_item_find(cx, code, i);
    if (!rc)
        rc = catalog_form_get(cx, i->id, i->version, &by->form);
    if (!rc)
        rc = catalog_material_list(cx, i->id, i->version, &v->materials);
    if (rc)
        return rc;
    v->chosen = true;
    v->code = i->code;
    v->item_name = i->name;
    by->answers = form_answers_new(cx->arena, by->form);
    window_way(by);
    if (rq->ntyped > 1)
        form_take(cx->arena, by->form, NULL, rq->typed, rq->ntyped, by->answers);
    v->materials = catalog_material_asked(cx->arena, &v->materials, by->form, by->answers);
    rc = forms_places_get(cx, by->form, NULL, by->answers);
    return rc ? rc : intake_licences(cx, rq, v, by);
}

/* Pages of the standard form have their places on the screen; everything else is the item's own. */
static void intake_pages(struct cx *cx, const struct cases_filled *by, struct intake_view *v)
{
    static const char *const placed[] = { "applicant", "contact", "service", NULL };
    if (!by->form)
        return;
    struct intake_page *pages = arena_many(cx->arena, struct intake_page, by->form->ngroups);
    size_t n = 0;
    for (size_t i = 0; i < by->form->ngroups; i++) {
        const struct form_group *g = &by->form->groups[i];
        if (g->guide || word_in(placed, g->name))
            continue;
        pages[n] = (struct intake_page){ g->title, form_view(cx, by->form, g->name.p, by->answers) };
        n += pages[n].fields.n > 0; /* what the answers rule out altogether is no page */
    }
    v->pages = (struct list){ pages, n };
}

/* The form in the order in which a clerk asks. What concerns an agent is apart, open only when there is one. */
static void intake_fields(struct cx *cx, const struct cases_filled *by, struct intake_view *v)
{
    const struct form *f = by->form;
    struct list all = form_view(cx, f, "applicant", by->answers);
    struct form_field_view *fields = all.v;
    unsigned char token[12];
    size_t own = 0;
    while (own < all.n && !str_is(fields[own].name, "has_agent"))
        own++;
    v->applicant = (struct list){ all.v, own };
    v->agent = (struct list){ fields + own, all.n - own };
    v->agent_open = str_is(form_answer(f, by->answers, "has_agent"), "yes");
    v->contact = form_view(cx, f, "contact", by->answers);
    v->service = form_view(cx, f, "service", by->answers);
    v->has_rows = form_has_rows(f, NULL);
    v->has_guide = form_guide(f) != NULL;
    if (v->has_guide)
        v->guide = form_view(cx, f, form_guide(f)->name.p, by->answers);
    intake_pages(cx, by, v);
    random_bytes(token, sizeof token);
    v->once = base64url(cx->arena, token, sizeof token);
}

static enum rc intake_show(struct cx *cx, const struct req *rq, void *out)
{
    struct intake_view *v = out;
    struct catalog_item i;
    struct cases_filled by = { 0 };
    enum rc rc = intake_fill(cx, rq, v, &i, &by);
    if (!rc && v->chosen)
        intake_fields(cx, &by, v);
    return rc;
}

/* What was handed over for material n: paper, file, later, none. */
static struct str given_of(const struct req *rq, int64_t n, struct str source)
{
    static const char *const words[] = { "paper", "file", "later", "none", NULL };
    char name[32] = "given-";
    size_t at = 6;
    if (n >= 10)
        name[at++] = (char)('0' + n / 10);
    name[at++] = (char)('0' + n % 10);
    for (size_t k = 0; k < rq->ntyped; k++)
        if (str_eq(rq->typed[k].name, (struct str){ name, at }) && word_in(words, rq->typed[k].value))
            return rq->typed[k].value;
    return str_is(source, "state") ? STR("state") : STR("none");
}

static struct list materials_given(struct cx *cx, const struct req *rq, const struct list *all)
{
    struct cases_material *v = arena_many(cx->arena, struct cases_material, all->n);
    for (size_t k = 0; k < all->n; k++) {
        const struct catalog_material *m = (const struct catalog_material *)all->v + k;
        v[k] = (struct cases_material){ m->n, m->name, given_of(rq, m->n, m->source) };
    }
    return (struct list){ v, all->n };
}

/* The person is proven by the clerk who sees his papers; then the case. */
static enum rc intake_submit(struct cx *cx, const struct catalog_item *i, const struct cases_filled *by, struct list materials,
                             struct cases_case *c)
{
    const struct form *f = by->form;
    struct identity_claim claim = { str_is(form_answer(f, by->answers, "applicant_kind"), "person") ? STR("person") : STR("firm"),
                                    form_answer(f, by->answers, "applicant_code"), form_answer(f, by->answers, "applicant_name"),
                                    form_answer(f, by->answers, "phone") };
    struct cases_application ap = { .item = i, .form = f, .answers = by->answers, .channel = STR("window"), .clerk = cx->actor.post,
                                    .applicant_name = claim.name, .applicant_mask = code_mask(cx->arena, claim.code),
                                    .materials = materials };
    enum rc rc = identity_prove_at_window(cx, &claim, &ap.applicant);
    return rc ? rc : cases_submit(cx, &ap, c);
}

static enum rc intake_do(struct cx *cx, const struct req *rq, void *out)
{
    struct intake_view *v = out;
    struct catalog_item i;
    struct cases_filled by = { 0 };
    struct cases_case c;
    struct str place;
    enum rc rc = intake_fill(cx, rq, v, &i, &by);
    if (rc || !v->chosen)
        return rc ? rc : cx_invalid(cx, "code", "base.required");
    if (typed(rq, "_look").n || form_rows_act(cx->arena, by.form, rq->typed, rq->ntyped, by.answers, &place)) {
        intake_fields(cx, &by, v); /* the same page with a row more or less, or his licences; nothing kept */
        return RC_OK;
    }
    rc = form_check(by.form, NULL, day_at(cx->now), cx->arena, &cx->issues, by.answers);
    if (!rc)
        rc = intake_submit(cx, &i, &by, materials_given(cx, rq, &v->materials), &c);
    if (!rc)
        reply_see(rq, arena_fmt(cx->arena, "/desk/cases/" STR_F "/documents/1", STR_A(c.no)));
    return rc;
}

/* Acts answer with the case's page, with what is wrong on it. */
#define CASE_PAGE .out = &CASE_VIEW, .page = &tmpl_work_case, .again = cases_staff_show

const struct route cases_work_routes[CASES_WORK_ROUTES] = {
    { GET, "/desk", work_show, READ, NEED_STAFF, .in = &WORK_IN, .out = &WORK_VIEW, .page = &tmpl_work, .title = "今天", .nav = "work" },
    { GET, "/desk/new", intake_show, READ, NEED_INTAKE, .in = &INTAKE_IN, .out = &INTAKE_VIEW, .page = &tmpl_intake,
      .title = "收件", .nav = "intake" },
    { POST, "/desk/new", intake_do, WRITE, NEED_INTAKE, .out = &INTAKE_VIEW, .page = &tmpl_intake, .title = "收件",
      .again = intake_show, .nav = "intake" },
    { GET, "/desk/cases/{no}", cases_staff_show, READ, NEED_STAFF, .out = &CASE_VIEW, .page = &tmpl_work_case, .nav = "work" },
    { GET, "/desk/cases/{no}/documents/{n}", staff_document_show, READ, NEED_STAFF, .out = &DOCUMENT_VIEW,
      .page = &tmpl_document, .nav = "work" },
    { POST, "/desk/cases/{no}/accept", accept_do, WRITE, NEED_CLERK, CASE_PAGE },
    { POST, "/desk/cases/{no}/refuse", refuse_do, WRITE, NEED_CLERK, .in = &REFUSE_IN, CASE_PAGE },
    { POST, "/desk/cases/{no}/claim", claim_do, WRITE, NEED_REVIEWER, .title = "认领" },
    { POST, "/desk/cases/{no}/opinion", opinion_do, WRITE, NEED_REVIEWER, .in = &OPINION_IN, CASE_PAGE },
    { POST, "/desk/cases/{no}/decide", decide_do, WRITE, NEED_REVIEWER, .in = &DECIDE_IN, CASE_PAGE },
    { POST, "/desk/cases/{no}/tell", tell_do, WRITE, NEED_CLERK, CASE_PAGE },
    { POST, "/desk/cases/{no}/reopen", reopen_do, WRITE, NEED_CLERK, .in = &POINT_IN, CASE_PAGE },
    { POST, "/desk/cases/{no}/pause", pause_do, WRITE, NEED_REVIEWER, .in = &PAUSE_IN, CASE_PAGE },
    { POST, "/desk/cases/{no}/pause/revise", pause_revise_do, WRITE, NEED_REVIEWER, .in = &REVISE_IN, CASE_PAGE },
    { POST, "/desk/cases/{no}/pause/end", pause_end_do, WRITE, NEED_REVIEWER, .title = "恢复计时" },
    { POST, "/desk/cases/{no}/extend", extend_do, WRITE, NEED_REVIEWER, .in = &EXTEND_IN, CASE_PAGE },
    { POST, "/desk/cases/{no}/forward", forward_do, WRITE, NEED_REVIEWER, .title = "转报" },
    { POST, "/desk/cases/{no}/grant-now", on_spot_do, WRITE, NEED_CLERK, .in = &NAME_IN, CASE_PAGE },
    { POST, "/desk/cases/{no}/deliver", deliver_do, WRITE, NEED_STAFF, .in = &DELIVER_IN, CASE_PAGE },
};
