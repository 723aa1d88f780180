/* test_identity.c - registration, sign-in, sessions, who may take whose identity, roles, numbers at rest. */
#include "fixture.h"
#include "identity_service.h"
#include "modules/org/org.h"
#include "product.h"

#include "base/code.h"
#include "base/conf.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define NOON_MS  INT64_C(1778212800000)
#define MINUTE   INT64_C(60000)
#define PASSWORD "&password=" VISITOR_PASSWORD "&again=" VISITOR_PASSWORD

/* ---- registration ---------------------------------------------------------------------------------------------------- */

static bool names(const struct answer *a, const char *field)
{
    char link[60];
    snprintf(link, sizeof link, "href=\"#%s\"", field);
    return answer_has(a, link);
}

static void a_bad_registration_names_the_field_and_keeps_nothing(void **state)
{
    static const struct {
        const char *form, *field;
    } rows[] = {
        { "kind=person&code=&name=a" PASSWORD, "code" },
        { "kind=person&code=52262719900101&name=a" PASSWORD, "code" },
        { "kind=person&code=5226271990010100199&name=a" PASSWORD, "code" },
        { "kind=person&code=522627199001010019&name=a" PASSWORD, "code" },
        { "kind=person&code=522627199013010018&name=a" PASSWORD, "code" },
        { "kind=person&code=522627202601010011&name=a" PASSWORD, "code" },
        { "kind=person&code=52262719900101A011&name=a" PASSWORD, "code" },
        { "kind=firm&code=91522627MA6DKXXXXX&name=a" PASSWORD, "code" },
        { "kind=person&code=GOOD&name=" PASSWORD, "name" },
        { "kind=person&code=GOOD&name=a%0ab" PASSWORD, "name" },
        { "kind=king&code=GOOD&name=a" PASSWORD, "kind" },
        { "kind=person&code=GOOD&name=a&password=short&again=short", "password" },
        { "kind=person&code=GOOD&name=a&password=aaaaaaaaaaaa&again=aaaaaaaaaaaa", "password" },
        { "kind=person&code=GOOD&name=a&password=52262719900101&again=52262719900101", "password" },
        { "kind=person&code=GOOD&name=a&password=&again=", "password" },
        { "kind=person&code=GOOD&name=a&password=correct-horse-1&again=correct-horse-2", "again" },
    };
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_stranger(f);
    snprintf(f->address, sizeof f->address, "10.0.0.1");
    int64_t before = db_rows(f->pool);
    for (size_t i = 0; i < countof(rows); i++) {
        char form[400];
        const char *at = strstr(rows[i].form, "GOOD");
        if (i % 8 == 7) /* ten a minute and address */
            snprintf(f->address, sizeof f->address, "10.0.0.%zu", i);
        snprintf(form, sizeof form, "%.*s%s%s", at ? (int)(at - rows[i].form) : (int)strlen(rows[i].form), rows[i].form,
                 at ? number_of(f, 1) : "", at ? at + 4 : "");
        struct answer a = submit(&v, "/register", form);
        if (a.status != 422 || !names(&a, rows[i].field))
            print_error("%s: %d, not 422 on %s\n", form, a.status, rows[i].field);
        CHECK(a.status == 422);
        CHECK(names(&a, rows[i].field));
        CHECK(!answer_has(&a, VISITOR_PASSWORD));
        CHECK(db_rows(f->pool) == before);
    }
}

static struct answer registered(struct visitor *v, int nth)
{
    char form[300];
    snprintf(form, sizeof form, "kind=person&name=%%E7%%94%%B2&code=%s" PASSWORD, number_of(v->f, nth));
    return submit(v, "/register", form);
}

static void a_number_has_one_account(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor first = visitor_stranger(f), second = visitor_stranger(f);
    struct answer a = registered(&first, 1);
    CHECK(a.status == 303);
    CHECK_STR(a.location, "/me");
    CHECK(visit(&first, "/me").status == 200);
    int64_t before = db_rows(f->pool);
    a = registered(&second, 1);
    CHECK(a.status == 422 && names(&a, "code"));
    CHECK(!second.session[0]);
    CHECK(db_rows(f->pool) == before);
}

static const char *fresh_number(struct visitor *v, int n, const char **out_form)
{
    static char form[300];
    snprintf(form, sizeof form, "kind=person&name=a&code=%s" PASSWORD, number_of(v->f, 100 + n));
    snprintf(v->f->address, sizeof v->f->address, "10.1.0.%d", n / 4);
    *out_form = form;
    return "/register";
}

static void every_fault_of_a_registration_leaves_no_trace(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_stranger(f);
    CHECK(faults_try(&(struct attempt){ fresh_number, &v, 303 }) > 5);
}

/* ---- sign-in ------------------------------------------------------------------------------------------------------------ */

static struct answer sign_in(struct visitor *v, const char *login, const char *password)
{
    char form[200];
    snprintf(form, sizeof form, "login=%s&password=%s", login, password);
    return submit(v, "/sign-in", form);
}

/* The body with `from` (18 characters) replaced by zeros, kept. */
static const char *levelled(struct fixture *f, const struct answer *a, const char *from)
{
    char *p = arena_alloc(&f->kept, a->body.n + 1), *at;
    memcpy(p, a->body.p, a->body.n);
    while ((at = strstr(p, from)))
        memset(at, '0', strlen(from));
    return p;
}

static void wrong_and_unknown_are_answered_alike(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_stranger(f), owner = visitor_stranger(f);
    CHECK(registered(&owner, 1).status == 303);
    struct answer a = sign_in(&v, number_of(f, 1), "wrong-password");
    CHECK(a.status == 401);
    const char *wrong = levelled(f, &a, number_of(f, 1));
    a = sign_in(&v, number_of(f, 2), "wrong-password");
    CHECK(a.status == 401);
    CHECK_STR(str_c(levelled(f, &a, number_of(f, 2))), wrong);
    CHECK(!answer_has(&a, "wrong-password"));
    a = sign_in(&v, number_of(f, 1), VISITOR_PASSWORD);
    CHECK(a.status == 303 && v.session[0]);
    CHECK(visit(&v, "/me").status == 200);
}

static void five_wrong_passwords_lock_for_a_quarter_of_an_hour(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_stranger(f), owner = visitor_stranger(f);
    CHECK(registered(&owner, 1).status == 303);
    for (int i = 0; i < 5; i++)
        CHECK(sign_in(&v, number_of(f, 1), "wrong-password").status == 401);
    CHECK(sign_in(&v, number_of(f, 1), VISITOR_PASSWORD).status == 401);
    db_set_clock(f->pool, NOON_MS + 14 * MINUTE);
    CHECK(sign_in(&v, number_of(f, 1), VISITOR_PASSWORD).status == 401);
    db_set_clock(f->pool, NOON_MS + 16 * MINUTE);
    CHECK(sign_in(&v, number_of(f, 1), VISITOR_PASSWORD).status == 303);
    CHECK(number(f, "SELECT COUNT(*) FROM identity_event WHERE kind = 'sign_in.locked'") == 1);
}

static const char *fresh_sign_in(struct visitor *v, int n, const char **out_form)
{
    static char form[200];
    snprintf(form, sizeof form, "login=%s&password=" VISITOR_PASSWORD, number_of(v->f, 1));
    snprintf(v->f->address, sizeof v->f->address, "10.2.0.%d", n / 8);
    *out_form = form;
    return "/sign-in";
}

static void every_fault_of_a_sign_in_leaves_no_trace(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_stranger(f), owner = visitor_stranger(f);
    CHECK(registered(&owner, 1).status == 303);
    CHECK(faults_try(&(struct attempt){ fresh_sign_in, &v, 303 }) > 4);
}

static struct answer password_changed(struct visitor *v, const char *old, const char *fresh, const char *again)
{
    char form[200];
    snprintf(form, sizeof form, "old=%s&password=%s&again=%s", old, fresh, again);
    return submit(v, "/me/password", form);
}

static void a_changed_password_counts_and_ends_the_other_sessions(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_stranger(f), other = visitor_stranger(f);
    CHECK(registered(&v, 1).status == 303);
    CHECK(sign_in(&other, number_of(f, 1), VISITOR_PASSWORD).status == 303);
    CHECK(visit(&v, "/me/password").status == 200);
    struct answer a = password_changed(&v, VISITOR_PASSWORD, "short", "short");
    CHECK(a.status == 422 && names(&a, "password"));
    a = password_changed(&v, VISITOR_PASSWORD, "another-horse-2", "another-horse-3");
    CHECK(a.status == 422 && names(&a, "again"));
    a = password_changed(&v, "not-the-old-one", "another-horse-2", "another-horse-2");
    CHECK(a.status == 422 && names(&a, "old") && !answer_has(&a, "another-horse"));
    CHECK(number(f, "SELECT failures FROM identity_account WHERE kind = 'citizen'") == 1);
    CHECK(visit(&other, "/me").status == 200);
    CHECK(password_changed(&v, VISITOR_PASSWORD, "another-horse-2", "another-horse-2").status == 303);
    CHECK(visit(&v, "/me").status == 200 && visit(&other, "/me").status == 303);
    visit(&other, "/sign-in");
    CHECK(sign_in(&other, number_of(f, 1), VISITOR_PASSWORD).status == 401);
    CHECK(sign_in(&other, number_of(f, 1), "another-horse-2").status == 303);
}

static void guessing_the_old_password_locks_as_at_sign_in(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_stranger(f);
    CHECK(registered(&v, 1).status == 303);
    CHECK(visit(&v, "/me/password").status == 200);
    for (int i = 0; i < 5; i++)
        CHECK(password_changed(&v, "not-the-old-one", "another-horse-2", "another-horse-2").status == 422);
    struct answer a = password_changed(&v, VISITOR_PASSWORD, "another-horse-2", "another-horse-2");
    CHECK(a.status == 422 && names(&a, "old"));
    CHECK(sign_in(&v, number_of(f, 1), "another-horse-2").status == 401);
}

/* ---- sessions -------------------------------------------------------------------------------------------------------------- */

static void sessions_are_listed_and_ended_by_their_owner_only(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor a = visitor_citizen(f, 1), b = visitor_citizen(f, 2), a2 = a;
    visitor_again(&a2);
    struct answer page = visit(&a2, "/me/sessions");
    CHECK(page.status == 200);
    CHECK(answer_has(&page, "/me/sessions/1/end")); /* this one is ended by signing out */
    CHECK(submit(&b, "/me/sessions/2/end", "").status == 404);
    CHECK(visit(&a2, "/me").status == 200);
    CHECK(submit(&a2, "/me/sessions/1/end", "").status == 303);
    CHECK(visit(&a, "/me").status == 303); /* to sign in */
    CHECK(visit(&a2, "/me").status == 200);
    CHECK(submit(&a2, "/me/sessions/1/end", "").status == 404);
}

static void signing_out_ends_the_session_for_everybody_who_has_its_token(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), thief = v;
    struct answer a = submit(&v, "/sign-out", "");
    CHECK(a.status == 303);
    CHECK_STR(a.location, "/");
    CHECK(visit(&thief, "/me").status == 303);
}

static void a_session_ends_after_seven_days_and_that_of_staff_after_twelve_hours(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01");
    db_set_clock(f->pool, NOON_MS + 12 * 60 * MINUTE - 1);
    CHECK(visit(&clerk, "/desk").status == 200);
    db_set_clock(f->pool, NOON_MS + 12 * 60 * MINUTE);
    CHECK(visit(&clerk, "/desk").status == 303);
    db_set_clock(f->pool, NOON_MS + 7 * 24 * 60 * MINUTE - 1);
    CHECK(visit(&v, "/me").status == 200);
    db_set_clock(f->pool, NOON_MS + 7 * 24 * 60 * MINUTE);
    CHECK(visit(&v, "/me").status == 303);
}

/* ---- nobody takes another's identity ------------------------------------------------------------------------------------------ */

/* A case taken in at the window for the nth number under this name; its address. */
static const char *window_case(struct visitor *clerk, int nth, const char *name)
{
    char form[500];
    snprintf(form, sizeof form, "code=" ITEM_LICENCE "&applicant_kind=person&applicant_code=%s&applicant_name=%s&has_agent=no&matter=a"
             "&service_way=window&truth=1", number_of(clerk->f, nth), name);
    struct answer a = submit(clerk, "/desk/new", form);
    CHECK(a.status == 303);
    struct str no = str_sub(a.location, strlen("/desk/cases/"), 21);
    return arena_fmt(&clerk->f->kept, "/cases/" STR_F, STR_A(no)).p;
}

/* The code that the window gives the nth number under this name, kept; what follows "activation=". */
static const char *window_code(struct visitor *clerk, int nth, const char *name)
{
    char form[300];
    snprintf(form, sizeof form, "kind=person&code=%s&name=%s&seen=1", number_of(clerk->f, nth), name);
    struct answer a = submit(clerk, "/desk/activation", form);
    CHECK(a.status == 200);
    int64_t at = str_find(a.body, STR("tb-slip\">"));
    CHECK(at > 0);
    struct str rest = str_sub(a.body, (size_t)at + strlen("tb-slip\">"), a.body.n);
    struct str code = str_cut(&rest, '<');
    return arena_fmt(&clerk->f->kept, STR_F, STR_A(code)).p;
}

static struct answer registered_with(struct visitor *v, int nth, const char *code)
{
    char form[400];
    snprintf(form, sizeof form, "kind=person&name=owner&code=%s&activation=%s" PASSWORD, number_of(v->f, nth), code);
    return submit(v, "/register", form);
}

static struct answer proved(struct visitor *v, const char *code)
{
    char form[80];
    snprintf(form, sizeof form, "activation=%s", code);
    return submit(v, "/me/prove", form);
}

/* The worst squatter knows the name too: he still never sees what the owner did at the window. */
static void a_squatter_with_the_right_name_sees_nothing_of_the_owner(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor squatter = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01");
    const char *address = window_case(&clerk, 1, "试用人1");
    CHECK(visit(&squatter, "/me").status == 200);
    CHECK(visit(&squatter, address).status == 404);
    window_code(&clerk, 1, "试用人1");
    CHECK(visit(&squatter, address).status == 404);
    CHECK(proved(&squatter, "22222-22222").status == 422);
    CHECK(visit(&squatter, address).status == 404);
    CHECK(number(f, "SELECT COUNT(*) FROM identity_account a JOIN identity_person p ON p.id = a.person "
                    "WHERE p.proven_at IS NOT NULL") == 0);
}

static void the_owner_takes_the_number_over_with_the_code_of_the_window(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor squatter = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01"), owner = visitor_stranger(f);
    const char *address = window_case(&clerk, 1, "owner");
    CHECK(registered_with(&owner, 1, "AAAAA-AAAAA").status == 422);
    CHECK(visit(&squatter, "/me").status == 200); /* a wrong code ends nobody */
    CHECK(registered_with(&owner, 1, window_code(&clerk, 1, "owner")).status == 303);
    CHECK(visit(&squatter, "/me").status == 303);
    CHECK(number(f, "SELECT COUNT(*) FROM identity_account WHERE kind = 'citizen' AND ended_at IS NOT NULL") == 1);
    CHECK(number(f, "SELECT COUNT(*) FROM identity_event WHERE kind = 'account.taken_over'") == 1);
    CHECK(visit(&owner, address).status == 200);
}

static void an_account_is_proven_with_the_code_and_keeps_what_it_submitted(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor owner = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01"), other = visitor_citizen(f, 2);
    char own[80];
    snprintf(own, sizeof own, "/cases/%s", case_send(&owner, ITEM_LICENCE));
    const char *address = window_case(&clerk, 1, "owner"), *old = window_code(&clerk, 1, "owner"), *code = window_code(&clerk, 1, "owner");
    CHECK(proved(&owner, old).status == 422); /* a new one ends the old one */
    CHECK(proved(&other, code).status == 422); /* of another number */
    CHECK(proved(&owner, code).status == 303);
    CHECK(visit(&owner, address).status == 200 && visit(&owner, own).status == 200);
    CHECK(proved(&owner, code).status == 409);
    CHECK(visit(&other, address).status == 404);
}

static void a_code_ends_after_seven_days_and_after_one_use(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor clerk = visitor_staff(f, "scj01"), owner = visitor_stranger(f), again = visitor_stranger(f);
    const char *code = window_code(&clerk, 1, "owner");
    CHECK(registered_with(&owner, 1, code).status == 303);
    CHECK(registered_with(&again, 1, code).status == 422);
    CHECK(visit(&owner, "/me").status == 200);
    code = window_code(&clerk, 2, "owner");
    db_set_clock(f->pool, NOON_MS + 7 * 24 * 60 * MINUTE);
    CHECK(registered_with(&again, 2, code).status == 422);
    CHECK(number(f, "SELECT COUNT(*) FROM identity_account WHERE kind = 'citizen'") == 1);
}

static void a_code_is_given_by_a_clerk_who_saw_the_document(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor clerk = visitor_staff(f, "scj01"), reviewer = visitor_staff(f, "scj03"), citizen = visitor_citizen(f, 1);
    char form[300];
    snprintf(form, sizeof form, "kind=person&code=%s&name=owner", number_of(f, 2));
    CHECK(submit(&clerk, "/desk/activation", form).status == 422);
    snprintf(form, sizeof form, "kind=person&code=%s&name=owner&seen=1", number_of(f, 2));
    CHECK(submit(&reviewer, "/desk/activation", form).status == 403);
    CHECK(submit(&citizen, "/desk/activation", form).status == 403);
    CHECK(number(f, "SELECT COUNT(*) FROM identity_activation") == 0);
    CHECK(submit(&clerk, "/desk/activation", form).status == 200);
}

static void an_agency_post_takes_in_and_does_not_accept(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor agent = visitor_staff(f, "zwzx12");
    char address[120];
    const char *no = window_case(&agent, 1, "owner") + strlen("/cases/");
    snprintf(address, sizeof address, "/desk/cases/%s/documents/1", no);
    CHECK(visit(&agent, address).status == 200); /* the receipt for the applicant */
    snprintf(address, sizeof address, "/desk/cases/%s/accept", no);
    CHECK(submit(&agent, address, "").status == 403);
}

static void a_declared_account_does_not_see_cases_of_the_window(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor clerk = visitor_staff(f, "scj01");
    const char *address = window_case(&clerk, 1, "owner");
    struct visitor late = visitor_citizen(f, 1); /* says he has that number */
    CHECK(visit(&late, address).status == 404);
    struct answer a = visit(&late, "/me");
    CHECK(a.status == 200 && !answer_has(&a, address));
}

/* ---- roles ----------------------------------------------------------------------------------------------------------------------- */

/* Written from the rule, not from the code: receive and decide, draft and publish, card and appeal, act and watch, three admins,
 * tender and supervise. */
static const char *const clashing[][2] = {
    { "clerk", "reviewer" },        { "clerk", "section_head" },    { "clerk", "body_head" },
    { "steward", "centre_reviewer" }, { "steward", "legal" },       { "supervisor", "discipline" },
    { "supervisor", "clerk" },      { "supervisor", "reviewer" },   { "system_admin", "security_admin" },
    { "system_admin", "audit_admin" }, { "security_admin", "audit_admin" }, { "trading", "supervisor" },
};

static bool must_clash(const char *a, const char *b)
{
    for (size_t i = 0; i < countof(clashing); i++)
        if ((!strcmp(clashing[i][0], a) && !strcmp(clashing[i][1], b)) || (!strcmp(clashing[i][0], b) && !strcmp(clashing[i][1], a)))
            return true;
    return false;
}

static void two_roles_that_clash_are_never_given_to_one_person(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor admin = visitor_staff(f, "zwzx30");
    int refused = 0;
    for (int a = 0; a < ROLES; a++)
        for (int b = 0; b < ROLES; b++) {
            char form[80], sql[200];
            if (a == b)
                continue;
            change(f, "DELETE FROM org_staff_role WHERE staff = (SELECT id FROM org_staff WHERE login = 'scj02')");
            snprintf(sql, sizeof sql,
                    "INSERT INTO org_staff_role (staff, role) SELECT id, '%s' FROM org_staff WHERE login = 'scj02'", org_role_words[a]);
            change(f, sql);
            snprintf(form, sizeof form, "act=add&role=%s", org_role_words[b]);
            struct answer ans = submit(&admin, "/admin/staff/scj02", form);
            bool bad = must_clash(org_role_words[a], org_role_words[b]);
            if (ans.status != (bad ? 422 : 303))
                print_error("%s and %s: %d\n", org_role_words[a], org_role_words[b], ans.status);
            CHECK(ans.status == (bad ? 422 : 303));
            refused += bad;
        }
    CHECK(refused == 24);
}

static void nobody_changes_his_own_roles(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor admin = visitor_staff(f, "zwzx30");
    int64_t before = db_rows(f->pool);
    CHECK(submit(&admin, "/admin/staff/zwzx30", "act=add&role=steward").status == 422);
    CHECK(submit(&admin, "/admin/staff/zwzx30", "act=end&role=security_admin").status == 422);
    CHECK(db_rows(f->pool) == before);
}

static void each_of_the_three_administrators_sees_his_own_pages_only(void **state)
{
    static const char *const logins[] = { "zwzx29", "zwzx30", "zwzx31" }; /* system, security, audit */
    static const struct {
        const char *address, *form;
        const char *owner;
    } rows[] = {
        { "/admin/log", NULL, "zwzx31" },
        { "/admin/system", NULL, "zwzx29" },
        { "/admin/staff", NULL, "zwzx30" },
        { "/admin/staff/scj02", NULL, "zwzx30" },
        { "/admin/staff/scj02", "act=end&role=clerk", "zwzx30" },
    };
    struct fixture *f = fixture_of(state);
    for (size_t l = 0; l < countof(logins); l++) {
        struct visitor v = visitor_staff(f, logins[l]);
        for (size_t i = 0; i < countof(rows); i++) {
            int64_t before = db_rows(f->pool);
            int status = (rows[i].form ? submit(&v, rows[i].address, rows[i].form) : visit(&v, rows[i].address)).status;
            bool his = strcmp(rows[i].owner, logins[l]) == 0;
            CHECK(status == (!his ? 403 : rows[i].form ? 303 : 200));
            CHECK(his || db_rows(f->pool) == before);
        }
    }
}

static void a_parked_job_is_shown_and_started_again_by_the_system_administrator(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor admin = visitor_staff(f, "zwzx29"), audit = visitor_staff(f, "zwzx31");
    CHECK(change(f, "INSERT INTO job (id, kind, root, state, due_at, starts, fails, payload, made_at) "
                    "VALUES (77, 'docs.seal', 0, 'parked', 0, 8, 8, '{}', 1)") == 1);
    struct answer a = visit(&admin, "/admin/system");
    CHECK(a.status == 200 && answer_has(&a, "/admin/system/jobs/77/again") && answer_has(&a, "docs.seal"));
    CHECK(answer_has(&a, "2026年工作日") && answer_has(&a, "2027年工作日"));
    CHECK(submit(&audit, "/admin/system/jobs/77/again", "").status == 403);
    CHECK(submit(&admin, "/admin/system/jobs/78/again", "").status == 404);
    CHECK(submit(&admin, "/admin/system/jobs/77/again", "").status == 303);
    CHECK(number(f, "SELECT COUNT(*) FROM job WHERE id = 77 AND state = 'due'") == 1);
    CHECK(submit(&admin, "/admin/system/jobs/77/again", "").status == 404);
    a = visit(&admin, "/admin/system");
    CHECK(!answer_has(&a, "docs.seal"));
}

/* ---- at rest ------------------------------------------------------------------------------------------------------------------------ */

static bool file_has(struct fixture *f, const char *name, const char *part)
{
    struct str text, path = arena_fmt(&f->kept, "%s/%s", f->dir, name);
    if (file_read(path.p, 200 << 20, &f->kept, &text))
        return false;
    return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

static void numbers_and_phones_do_not_stand_in_the_file(void **state)
{
    struct fixture *f = fixture_of(state);
    if (f->engine == DB_POSTGRES)
        skip();
    struct visitor v = visitor_citizen(f, 7);
    case_send(&v, ITEM_LICENCE);
    bool mask = false;
    static const char *const files[] = { "main.db", "main.db-wal" };
    for (size_t i = 0; i < countof(files); i++) {
        CHECK(!file_has(f, files[i], number_of(f, 7)));
        CHECK(!file_has(f, files[i], "13800000000"));
        mask |= file_has(f, files[i], "522627********");
    }
    CHECK(mask); /* else we looked into the wrong file */
}

static enum rc revealed(struct visitor *v, struct str *out)
{
    struct cx *cx = fixture_begin(v->f, WRITE);
    enum rc rc = identity_reveal(cx, v->person, "test", out);
    return fixture_end(v->f, rc);
}

static void a_sealed_number_that_was_touched_does_not_open(void **state)
{
    static const char *const touches[] = {
        "UPDATE identity_person SET code_sealed = (SELECT p.code_sealed FROM identity_person p"
        " WHERE p.id <> identity_person.id ORDER BY p.id LIMIT 1)",
        "UPDATE identity_person SET code_sealed = substr(code_sealed, 1, 40)",
        "UPDATE identity_person SET code_sealed = phone_sealed",
    };
    struct fixture *f = fixture_of(state);
    struct str code;
    for (size_t i = 0; i < countof(touches); i++) {
        struct visitor a = visitor_citizen(f, (int)i * 2 + 1), b = visitor_citizen(f, (int)i * 2 + 2);
        CHECK(revealed(&b, &code) == RC_OK);
        CHECK_STR(code, number_of(f, (int)i * 2 + 2));
        CHECK(change(f, touches[i]) >= 2); /* every row; on SQLite a row sees what was done to those before it */
        CHECK(revealed(&a, &code) == RC_FAILED);
    }
}

#define BOTH(t) ON_BOTH(t, product_on_sqlite, product_on_postgres)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(a_bad_registration_names_the_field_and_keeps_nothing),
        BOTH(a_number_has_one_account),
        BOTH(every_fault_of_a_registration_leaves_no_trace),
        BOTH(wrong_and_unknown_are_answered_alike),
        BOTH(five_wrong_passwords_lock_for_a_quarter_of_an_hour),
        BOTH(every_fault_of_a_sign_in_leaves_no_trace),
        BOTH(a_changed_password_counts_and_ends_the_other_sessions),
        BOTH(guessing_the_old_password_locks_as_at_sign_in),
        BOTH(sessions_are_listed_and_ended_by_their_owner_only),
        BOTH(signing_out_ends_the_session_for_everybody_who_has_its_token),
        BOTH(a_session_ends_after_seven_days_and_that_of_staff_after_twelve_hours),
        BOTH(a_squatter_with_the_right_name_sees_nothing_of_the_owner),
        BOTH(the_owner_takes_the_number_over_with_the_code_of_the_window),
        BOTH(an_account_is_proven_with_the_code_and_keeps_what_it_submitted),
        BOTH(a_code_ends_after_seven_days_and_after_one_use),
        BOTH(a_code_is_given_by_a_clerk_who_saw_the_document),
        BOTH(an_agency_post_takes_in_and_does_not_accept),
        BOTH(a_declared_account_does_not_see_cases_of_the_window),
        BOTH(two_roles_that_clash_are_never_given_to_one_person),
        BOTH(nobody_changes_his_own_roles),
        BOTH(each_of_the_three_administrators_sees_his_own_pages_only),
        BOTH(a_parked_job_is_shown_and_started_again_by_the_system_administrator),
        BOTH(numbers_and_phones_do_not_stand_in_the_file),
        BOTH(a_sealed_number_that_was_touched_does_not_open),
    };
    return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
