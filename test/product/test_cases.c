/* test_cases.c - who may do what to whose case in which state; exactly once; numbers, dates, ledger; faults. */
#include "fixture.h"
#include "app/start.h"
#include "cases_service.h"
#include "modules/identity/identity.h"
#include "product.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOON_MS INT64_C(1778212800000)
#define DAY     INT64_C(86400000)

/* ---- people and cases --------------------------------------------------------------------------------------------------- */

struct people {
    struct fixture *f;
    struct visitor  citizen, clerk, reviewer, head;
};

static struct people people(void **state)
{
    struct people p = { .f = fixture_of(state) };
    p.citizen = visitor_citizen(p.f, 1);
    p.clerk = visitor_staff(p.f, "scj01");
    p.reviewer = visitor_staff(p.f, "scj03");
    p.head = visitor_staff(p.f, "scj05");
    return p;
}

/* "/desk/cases/NO/accept" and the like; lives until called 8 times more. */
static const char *at(const char *before, const char *no, const char *after)
{
    static char text[8][200];
    static int i;
    i = (i + 1) % 8;
    snprintf(text[i], sizeof text[i], "%s%s%s", before, no, after);
    return text[i];
}

enum act { ACCEPT, NOT_ACCEPT, NOT_NEEDED, TELL, SUPPLY, REOPEN, CLAIM, OPINION, GRANT, REFUSE, DELIVER, WITHDRAW, PAUSE, EXTEND,
        NOW, N_ACTS };

static const struct {
    const char *name, *before, *after, *form;
    int         who; /* 0 citizen, 1 clerk, 2 reviewer, 3 head */
} acts[N_ACTS] = {
    [ACCEPT] = { "accept", "/desk/cases/", "/accept", "", 1 },
    [NOT_ACCEPT] = { "not_accept", "/desk/cases/", "/refuse", "kind=not_accepted&reason=a", 1 },
    [NOT_NEEDED] = { "not_needed", "/desk/cases/", "/refuse", "kind=not_needed&reason=a", 1 },
    [TELL] = { "tell", "/desk/cases/", "/tell", "name-0=a&reason-0=b", 1 },
    [SUPPLY] = { "supply", "/cases/", "/points/1", "answer=a", 0 },
    [REOPEN] = { "reopen", "/desk/cases/", "/reopen", "point=1&reason=a", 1 },
    [CLAIM] = { "claim", "/desk/cases/", "/claim", "", 2 },
    [OPINION] = { "opinion", "/desk/cases/", "/opinion", "opinion=a&act=on", 2 },
    [GRANT] = { "grant", "/desk/cases/", "/decide", "decision=grant", 3 },
    [REFUSE] = { "refuse", "/desk/cases/", "/decide", "decision=refuse&reasons=a&basis=b", 3 },
    [DELIVER] = { "deliver", "/desk/cases/", "/deliver", "way=window&receiver=a", 1 },
    [WITHDRAW] = { "withdraw", "/cases/", "/withdraw", "", 0 },
    [PAUSE] = { "pause", "/desk/cases/", "/pause", "kind=hearing&first=2026-05-09&last=2026-05-12", 2 },
    [EXTEND] = { "extend", "/desk/cases/", "/extend", "days=5&reason=a", 3 },
    [NOW] = { "grant_now", "/desk/cases/", "/grant-now", "", 1 },
};

static struct answer act(struct people *p, enum act a, const char *no)
{
    struct visitor *who[] = { &p->citizen, &p->clerk, &p->reviewer, &p->head };
    return submit(who[acts[a].who], at(acts[a].before, no, acts[a].after), acts[a].form);
}

enum state { RECEIVED, CORRECTION, SUPPLEMENTED, REVIEW, DECISION, GRANTED, REFUSED, DELIVERED, WITHDRAWN, NOT_ACCEPTED, UNNEEDED,
        N_STATES };

static const struct {
    const char *name;
    enum act    path[6]; /* from received; N_ACTS ends */
} states[N_STATES] = {
    [RECEIVED] = { "received", { N_ACTS } },
    [CORRECTION] = { "correction_due", { TELL, N_ACTS } },
    [SUPPLEMENTED] = { "supplemented", { TELL, SUPPLY, N_ACTS } },
    [REVIEW] = { "in_review", { ACCEPT, N_ACTS } },
    [DECISION] = { "decision", { ACCEPT, OPINION, N_ACTS } },
    [GRANTED] = { "granted", { ACCEPT, OPINION, GRANT, N_ACTS } },
    [REFUSED] = { "refused", { ACCEPT, OPINION, REFUSE, N_ACTS } },
    [DELIVERED] = { "delivered", { ACCEPT, OPINION, GRANT, DELIVER, N_ACTS } },
    [WITHDRAWN] = { "withdrawn", { WITHDRAW, N_ACTS } },
    [NOT_ACCEPTED] = { "not_accepted", { NOT_ACCEPT, N_ACTS } },
    [UNNEEDED] = { "not_needed", { NOT_NEEDED, N_ACTS } },
};

static const char *case_in(struct people *p, enum state s)
{
    const char *no = case_send(&p->citizen, ITEM_LICENCE);
    for (const enum act *a = states[s].path; *a != N_ACTS; a++) {
        struct answer r = act(p, *a, no);
        if (r.status != 303)
            print_error("%s on the way to %s: %d\n", acts[*a].name, states[s].name, r.status);
        CHECK(r.status == 303);
    }
    return no;
}

/* ---- states and acts --------------------------------------------------------------------------------------------------------- */

/* Law and practice, not the code: what may be done in which state to a promised licence; '.' is refused. */
static const char *const allowed[N_STATES] = {
    /*                  A  N  U  T  S  R  C  O  G  F  D  W  P  E  I */
    [RECEIVED] =      " +  +  +  +  .  .  .  .  .  .  .  +  .  .  . ",
    [CORRECTION] =    " .  .  .  .  +  .  .  .  .  .  .  +  .  .  . ",
    [SUPPLEMENTED] =  " +  .  .  .  .  +  .  .  .  .  .  +  .  .  . ",
    [REVIEW] =        " .  .  .  .  .  .  +  +  .  .  .  +  +  +  . ",
    [DECISION] =      " .  .  .  .  .  .  .  .  +  +  .  +  +  +  . ",
    [GRANTED] =       " .  .  .  .  .  .  .  .  .  .  +  .  .  .  . ",
    [REFUSED] =       " .  .  .  .  .  .  .  .  .  .  +  .  .  .  . ",
    [DELIVERED] =     " .  .  .  .  .  .  .  .  .  .  .  .  .  .  . ",
    [WITHDRAWN] =     " .  .  .  .  .  .  .  .  .  .  .  .  .  .  . ",
    [NOT_ACCEPTED] =  " .  .  .  .  .  .  .  .  .  .  .  .  .  .  . ",
    [UNNEEDED] =      " .  .  .  .  .  .  .  .  .  .  .  .  .  .  . ",
};

static void only_lawful_acts_change_a_case(void **state)
{
    struct people p = people(state);
    bool all = true;
    for (int s = 0; s < N_STATES; s++) {
        const char *no = case_in(&p, (enum state)s);
        print_message("  %-15s", states[s].name);
        for (int a = 0; a < N_ACTS; a++) {
            int64_t before = db_rows(p.f->pool);
            bool lawful = allowed[s][a * 3 + 1] == '+';
            int status = act(&p, (enum act)a, no).status;
            /* at a step that waits for another post it is the wrong person, not the wrong time */
            bool ok = lawful ? status == 303 : status == 409 || (status == 403 && a >= CLAIM && a <= REFUSE);
            print_message(" %s=%d%s", acts[a].name, status, ok ? "" : "(!)");
            all &= ok && (lawful || db_rows(p.f->pool) == before);
            if (status == 303)
                no = case_in(&p, (enum state)s);
        }
        print_message("\n");
    }
    CHECK(all);
}

static void a_lapsed_case_takes_no_act(void **state)
{
    struct people p = people(state);
    const char *no = case_in(&p, CORRECTION);
    int64_t done = 0;
    db_set_clock(p.f->pool, NOON_MS + 60 * DAY); /* 30 working days and more */
    struct cx *cx = fixture_begin(p.f, WRITE);
    enum rc rc = cases_night(cx, &done);
    CHECK(fixture_end(p.f, rc) == RC_OK);
    CHECK(done == 1);
    visitor_again(&p.citizen);
    visitor_again(&p.clerk);
    visitor_again(&p.reviewer);
    visitor_again(&p.head);
    int64_t before = db_rows(p.f->pool);
    for (int a = 0; a < N_ACTS; a++) {
        int status = act(&p, (enum act)a, no).status;
        CHECK(status == 409 || status == 422 || (status == 403 && (a == CLAIM || a == OPINION)));
        CHECK(status != 422 || a == PAUSE); /* its days lie in the past */
    }
    CHECK(db_rows(p.f->pool) == before);
}

/* ---- who ------------------------------------------------------------------------------------------------------------------------ */

static const char *const roles[] = { "clerk", "reviewer", "section_head", "body_head", "steward", "centre_reviewer", "legal",
        "hall_manager",
                                     "agent", "supervisor", "system_admin", "security_admin", "audit_admin" };

/* Whom the needs of this module's routes mean; written from the posts, not from the gate. */
static bool meets(const char *role, enum need need)
{
    if (need == NEED_STAFF)
        return true;
    if (need == NEED_INTAKE)
        return !strcmp(role, "clerk") || !strcmp(role, "agent");
    if (need == NEED_CLERK)
        return !strcmp(role, "clerk");
    if (need == NEED_REVIEWER)
        return !strcmp(role, "reviewer") || !strcmp(role, "section_head") || !strcmp(role, "body_head");
    return false;
}

/* The route's address with a real case, draft and item in it. */
static const char *address_of(const struct route *rt, const char *no, const char *draft)
{
    static const char *const names[] = { "{no}", "{id}", "{n}", "{group}", "{code}" };
    const char *values[] = { no, draft, "1", "contact", ITEM_LICENCE };
    static char text[200];
    snprintf(text, sizeof text, "%s", rt->path);
    for (size_t i = 0; i < countof(names); i++) {
        char *found = strstr(text, names[i]);
        if (found) {
            char rest[100];
            snprintf(rest, sizeof rest, "%s", found + strlen(names[i]));
            snprintf(found, sizeof text - (size_t)(found - text), "%s%s", values[i], rest);
        }
    }
    return text;
}

/* Routes of the module that write. */
static size_t writing(struct fixture *f, const struct route **out, size_t max)
{
    const struct route *const *all;
    size_t n = http_routes(f->http, &all), found = 0;
    static const char *const mine[] = { "/desk", "/apply/", "/cases/", "/items/{code}/apply", "/me/inbox" };
    for (size_t i = 0; i < n && found < max; i++)
        for (size_t k = 0; k < countof(mine); k++)
            if (all[i]->method == POST && strncmp(all[i]->path, mine[k], strlen(mine[k])) == 0)
                out[found++] = all[i];
    return found;
}

static void the_wrong_role_is_refused_everywhere_and_changes_nothing(void **state)
{
    struct people p = people(state);
    const struct route *rt[60];
    const char *no = case_in(&p, RECEIVED), *draft = draft_fill(&p.citizen, ITEM_ON_SPOT);
    size_t n = writing(p.f, rt, countof(rt)), refused = 0;
    CHECK(n >= 18);
    for (size_t r = 0; r <= countof(roles) + 1; r++) {
        struct visitor v = r < countof(roles) ? visitor_staff(p.f,
                login_with(roles[r])) : r == countof(roles) ? p.citizen : visitor_stranger(p.f);
        int64_t before = db_rows(p.f->pool);
        for (size_t i = 0; i < n; i++) {
            bool citizen_route = rt[i]->need == NEED_APPLICANT;
            if (r < countof(roles) ? meets(roles[r], rt[i]->need) : r == countof(roles) && citizen_route)
                continue;
            int status = submit(&v, address_of(rt[i], no, draft), "").status;
            if (status != (r > countof(roles) ? 401 : 403))
                print_error("%s as %s: %d\n", rt[i]->path, r < countof(roles) ? roles[r] : "citizen or stranger", status);
            CHECK(status == (r > countof(roles) ? 401 : 403));
            CHECK(db_rows(p.f->pool) == before);
            refused++;
        }
    }
    print_message("  %zu routes, %zu refusals\n", n, refused);
}

static void a_case_of_somebody_else_does_not_exist(void **state)
{
    struct people p = people(state);
    const struct route *rt[60];
    const char *no = case_in(&p, RECEIVED), *draft = draft_fill(&p.citizen, ITEM_ON_SPOT);
    size_t n = writing(p.f, rt, countof(rt));
    struct visitor other = visitor_citizen(p.f, 2), clerk = visitor_staff(p.f, "mzh01"), reviewer = visitor_staff(p.f, "mzh03"),
                   head = visitor_staff(p.f, "mzh05");
    for (size_t i = 0; i < n; i++) {
        if (!strchr(rt[i]->path, '{') || strstr(rt[i]->path, "/items/"))
            continue;
        struct visitor *v = rt[i]->need == NEED_APPLICANT ? &other : rt[i]->need == NEED_REVIEWER ? &reviewer : &clerk;
        for (int k = 0; k < 2; k++, v = &head) {
            if (k && rt[i]->need != NEED_REVIEWER)
                break;
            int64_t before = db_rows(p.f->pool);
            static const char everything[] = "kind=not_accepted&reason=a&opinion=a&act=on&decision=grant&way=window&receiver=a"
                                             "&point=1&answer=a&purpose=phone"
                                             "&first=2026-05-08&last=2026-05-09&days=1&name-0=a&reason-0=b&phone=13800000000";
            int status = submit(v, address_of(rt[i], no, draft), everything).status;
            bool pause = strcmp(rt[i]->path, "/desk/cases/{no}/pause") == 0;
            if (status != 404 && !pause)
                print_error("%s: %d\n", rt[i]->path, status);
            CHECK(status == 404 || pause);
            CHECK(db_rows(p.f->pool) == before);
        }
    }
    CHECK(visit(&other, at("/cases/", no, "")).status == 404);
    CHECK(visit(&other, at("/cases/", no, "/receipt")).status == 404);
    CHECK(visit(&reviewer, at("/desk/cases/", no, "")).status == 404);
    CHECK(visit(&other, at("/apply/", draft, "")).status == 404);
}

static void who_accepted_does_not_decide(void **state)
{
    struct people p = people(state);
    change(p.f, "INSERT INTO org_staff_role (staff, role) SELECT id, 'body_head' FROM org_staff WHERE login = 'scj01'");
    const char *no = case_in(&p, DECISION);
    struct answer a = submit(&p.clerk, at("/desk/cases/", no, "/decide"), "decision=grant");
    CHECK(a.status == 422);
    CHECK(act(&p, GRANT, no).status == 303);
}

static void a_refusal_without_reasons_is_none(void **state)
{
    struct people p = people(state);
    const char *no = case_in(&p, DECISION), *fresh = case_in(&p, RECEIVED);
    int64_t before = db_rows(p.f->pool);
    CHECK(submit(&p.head, at("/desk/cases/", no, "/decide"), "decision=refuse&basis=b").status == 422);
    CHECK(submit(&p.head, at("/desk/cases/", no, "/decide"), "decision=refuse&reasons=+++").status == 422);
    CHECK(submit(&p.clerk, at("/desk/cases/", fresh, "/refuse"), "kind=not_accepted").status == 422);
    CHECK(submit(&p.clerk, at("/desk/cases/", fresh, "/tell"), "").status == 422);
    CHECK(submit(&p.reviewer, at("/desk/cases/", case_in(&p, REVIEW), "/opinion"), "act=on&opinion=").status == 422);
    CHECK(db_rows(p.f->pool) > before); /* the case of the last line */
    CHECK(number(p.f, "SELECT COUNT(*) FROM cases_case WHERE state IN ('refused', 'not_accepted')") == 0);
}

/* ---- exactly once ------------------------------------------------------------------------------------------------------------------ */

static void sending_twice_makes_one_case_and_the_same_answer(void **state)
{
    struct people p = people(state);
    const char *draft = draft_fill(&p.citizen, ITEM_LICENCE);
    char first[100];
    struct answer a = submit(&p.citizen, at("/apply/", draft, "/submit"), "");
    CHECK(a.status == 303);
    snprintf(first, sizeof first, STR_F, STR_A(a.location));
    int64_t before = db_rows(p.f->pool);
    a = submit(&p.citizen, at("/apply/", draft, "/submit"), "");
    CHECK(a.status == 303);
    CHECK_STR(a.location, first);
    CHECK(db_rows(p.f->pool) == before);
    CHECK(submit(&p.citizen, at("/apply/", draft, "/page/contact"), "phone=13900000000").status == 409);
}

static const char *intake(struct fixture *f, int nth, const char *name, const char *once)
{
    static char form[500];
    snprintf(form, sizeof form, "code=" ITEM_LICENCE "&applicant_kind=person&applicant_code=%s&applicant_name=%s&has_agent=no&matter=a"
             "&service_way=window&truth=1&_once=%s", number_of(f, nth), name, once);
    return form;
}

static void a_token_that_was_answered_answers_again_and_is_good_for_one_form_only(void **state)
{
    struct people p = people(state);
    char first[100];
    struct answer a = submit(&p.clerk, "/desk/new", intake(p.f, 50, "a", "token-1"));
    CHECK(a.status == 303);
    snprintf(first, sizeof first, STR_F, STR_A(a.location));
    int64_t before = db_rows(p.f->pool);
    a = submit(&p.clerk, "/desk/new", intake(p.f, 50, "a", "token-1"));
    CHECK(a.status == 303);
    CHECK_STR(a.location, first);
    CHECK(submit(&p.clerk, "/desk/new", intake(p.f, 50, "b", "token-1")).status == 422);
    CHECK(db_rows(p.f->pool) == before);
    struct visitor other = visitor_staff(p.f, "scj02"); /* tokens are his who used them */
    a = submit(&other, "/desk/new", intake(p.f, 50, "a", "token-1"));
    CHECK(a.status == 303 && !str_is(a.location, first));
}

static void the_window_takes_in_with_and_without_an_account(void **state)
{
    struct people p = people(state);
    struct answer a = submit(&p.clerk, "/desk/new", intake(p.f, 60, "a", ""));
    CHECK(a.status == 303);
    CHECK(visit(&p.clerk, arena_fmt(&p.f->kept, STR_F, STR_A(a.location)).p).status == 200);
    a = submit(&p.clerk, "/desk/new", intake(p.f, 1, "%E8%AF%95%E7%94%A8%E4%BA%BA1", "")); /* 试用人1, who has an account */
    CHECK(a.status == 303);
    CHECK(number(p.f, "SELECT COUNT(*) FROM cases_case WHERE channel = 'window' AND account IS NULL AND clerk IS NOT NULL") == 2);
    CHECK(number(p.f, "SELECT COUNT(*) FROM cases_material") > 0);
    CHECK(submit(&p.clerk, "/desk/new", "code=" ITEM_LICENCE).status == 422);
    CHECK(submit(&p.clerk, "/desk/new", "code=nothing").status == 404);
}

/* ---- numbers, dates,
        ledger ------------------------------------------------------------------------------------------------------------ */

/* Value of "name":"..." in a JSON answer, kept. */
static const char *json_text(struct fixture *f, const struct answer *a, const char *name)
{
    char key[60];
    snprintf(key, sizeof key, "\"%s\":\"", name);
    ptrdiff_t found = str_find(a->body, str_c(key));
    CHECK(found >= 0);
    struct str rest = str_sub(a->body, (size_t)found + strlen(key), a->body.n), value = str_cut(&rest, '"');
    return arena_fmt(&f->kept, STR_F, STR_A(value)).p;
}

static void a_message_about_a_hearing_reads_like_the_others(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    case_send(&v, ITEM_LICENCE);
    CHECK(change(f, "UPDATE cases_message SET kind = 'hearing'") == 1);
    struct answer a = visit(&v, "/me/inbox");
    CHECK(a.status == 200 && answer_has(&a, "听证"));
}

static void progress_needs_the_query_code_and_shows_no_name(void **state)
{
    struct people p = people(state);
    struct visitor stranger = visitor_stranger(p.f);
    const char *no = case_in(&p, RECEIVED);
    struct answer a = visit_json(&p.citizen, at("/cases/", no, ""));
    const char *code = json_text(p.f, &a, "query_code");
    char address[200];
    snprintf(address, sizeof address, "/progress?no=%s&code=%s", no, code);
    a = visit(&stranger, address);
    CHECK(a.status == 200 && answer_has(&a, no));
    CHECK(!answer_has(&a, "试用人1") && !answer_has(&a, "522627****"));
    CHECK(!answer_has(&a, "13800000000") && !answer_has(&a, number_of(p.f, 1)));
    snprintf(address, sizeof address, "/progress?no=%s&code=ABCDEFGH", no);
    CHECK(visit(&stranger, address).status == 404);
    snprintf(address, sizeof address, "/progress?no=%.20s0&code=%s", no, code);
    int status = visit(&stranger, address).status;
    CHECK(status == 422 || status == 404);
    CHECK(visit(&stranger, "/progress?no=1&code=2").status == 422);
}

static void the_ledger_has_one_entry_for_every_act(void **state)
{
    static const struct {
        enum state s;
        int64_t    entries;
    } rows[] = { { RECEIVED, 1 }, { CORRECTION, 2 }, { SUPPLEMENTED, 3 }, { REVIEW, 2 }, { DECISION, 3 }, { GRANTED, 4 }, { DELIVERED, 5 },
                 { WITHDRAWN, 2 }, { NOT_ACCEPTED, 2 } };
    struct people p = people(state);
    for (size_t i = 0; i < countof(rows); i++) {
        char sql[300];
        const char *no = case_in(&p, rows[i].s);
        snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM ledger WHERE root = (SELECT id FROM cases_case WHERE no = '%s')", no);
        CHECK(number(p.f, sql) == rows[i].entries);
    }
}

static void dates_are_what_the_ledger_gives(void **state)
{
    static const struct sql ids = { .name = "test_ids", .sqlite = "SELECT id FROM cases_case ORDER BY id",
            .pg = "SELECT id FROM cases_case ORDER BY id" };
    struct id_row {
        int64_t id;
    };
    static const struct field fields[] = { FIELD(struct id_row, id) };
    static const struct record ID_ROW = RECORD(struct id_row, fields);
    struct people p = people(state);
    struct list all;
    for (int s = 0; s < N_STATES; s++)
        case_in(&p, (enum state)s);
    struct cx *cx = fixture_begin(p.f, READ);
    CHECK(db_all(cx, &ids, NO_ARGS, &ID_ROW, &all) == RC_OK && all.n == N_STATES);
    for (size_t i = 0; i < all.n; i++) {
        struct cases_case c;
        struct clock k;
        CHECK(cases_get(cx, ((const struct id_row *)all.v)[i].id, &c) == RC_OK);
        CHECK(cases_clock(cx, &c, &k) == RC_OK);
        const struct clock_figure *figure = cases_figure(&k);
        int32_t want = figure && figure->on ? figure->due.n : 0;
        CHECK(c.yellow_on.n == (want ? figure->yellow_from.n : 0));
        if (c.due_on.n != want)
            print_error(STR_F ": %d, not %d\n", STR_A(c.state), c.due_on.n, want);
        CHECK(c.due_on.n == want);
    }
    CHECK(fixture_end(p.f, RC_INVALID) == RC_INVALID);
}

/* ---- faults --------------------------------------------------------------------------------------------------------------------- */

static struct people crew; /* of the running fault test */

#define FRESH(name, state_before, before, after, text)                                                                              \
    static const char *name(struct visitor *v UNUSED, int n UNUSED, const char **out_form)                                        \
    {                                                                                                                              \
        *out_form = text;                                                                                                          \
        return at(before, case_in(&crew, state_before), after);                                                                    \
    }
FRESH(to_accept, RECEIVED, "/desk/cases/", "/accept", "")
FRESH(to_opine, REVIEW, "/desk/cases/", "/opinion", "opinion=a&act=on")
FRESH(to_decide, DECISION, "/desk/cases/", "/decide", "decision=grant")
FRESH(to_tell, RECEIVED, "/desk/cases/", "/tell", "name-0=a&reason-0=b")
FRESH(to_supply, CORRECTION, "/cases/", "/points/1", "answer=a")
FRESH(to_deliver, GRANTED, "/desk/cases/", "/deliver", "way=window&receiver=a")

static const char *to_submit(struct visitor *v, int n UNUSED, const char **out_form)
{
    *out_form = "";
    return at("/apply/", draft_fill(v, ITEM_LICENCE), "/submit");
}

static void every_fault_leaves_no_trace(void **state)
{
    crew = people(state);
    const struct {
        const char    *name;
        struct attempt t;
    } rows[] = {
        { "submit", { to_submit, &crew.citizen, 303 } }, { "accept", { to_accept, &crew.clerk, 303 } },
        { "opinion", { to_opine, &crew.reviewer, 303 } }, { "decide", { to_decide, &crew.head, 303 } },
        { "tell", { to_tell, &crew.clerk, 303 } },       { "supply", { to_supply, &crew.citizen, 303 } },
        { "deliver", { to_deliver, &crew.clerk, 303 } },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        int n = faults_try(&rows[i].t);
        print_message("  %s: %d calls\n", rows[i].name, n);
        CHECK(n > 8);
    }
    /* Rolled-back units took no document number: the numbers of a kind are as many as the counter says. */
    CHECK(number(crew.f,
            "SELECT COUNT(*) FROM cases_document_counter k WHERE last <> (SELECT COUNT(DISTINCT d.number) FROM cases_document d"
                         " JOIN cases_case c ON c.id = d.case_id WHERE d.kind = k.kind AND c.body = k.body)") == 0);
    CHECK(number(crew.f, "SELECT last FROM cases_document_counter WHERE kind = 'acceptance'") > 10);
}

#define BOTH(t) ON_BOTH(t, product_on_sqlite, product_on_postgres)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(only_lawful_acts_change_a_case),
        BOTH(a_lapsed_case_takes_no_act),
        BOTH(the_wrong_role_is_refused_everywhere_and_changes_nothing),
        BOTH(a_case_of_somebody_else_does_not_exist),
        BOTH(who_accepted_does_not_decide),
        BOTH(a_refusal_without_reasons_is_none),
        BOTH(sending_twice_makes_one_case_and_the_same_answer),
        BOTH(a_token_that_was_answered_answers_again_and_is_good_for_one_form_only),
        BOTH(the_window_takes_in_with_and_without_an_account),
        BOTH(a_message_about_a_hearing_reads_like_the_others),
        BOTH(progress_needs_the_query_code_and_shows_no_name),
        BOTH(the_ledger_has_one_entry_for_every_act),
        BOTH(dates_are_what_the_ledger_gives),
        BOTH(every_fault_leaves_no_trace),
    };
    return cmocka_run_group_tests_name("cases", tests, NULL, NULL);
}
