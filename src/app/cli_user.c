/* cli_user.c - the verb `tongban user`: the first administrators, and people who forgot their password. */
#include "app/cli_user.h"

#include "all_messages.h"
#include "base/code.h"
#include "base/hash.h"
#include "base/password.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"

#include <stdio.h>
#include <string.h>

enum { ARENA_BYTES = 64 << 20, PASSWORD_LENGTH = 14, LOGIN_MAX = 40, NAME_MAX_POINTS = 100 };

static const char usage[] = "usage: tongban user add LOGIN NAME BODY_CODE [SECTION] | password LOGIN | role LOGIN ROLE [end]\n";

struct user_run {
    struct start          s;
    struct arena          a;
    const struct options *o;
    struct str            password, hash;
};

static struct str word(const struct user_run *r, int n)
{
    return n < r->o->nwords ? str_c(r->o->words[n]) : STR("");
}

/* Hashed before any unit begins: it takes its time. */
static void password_make(struct user_run *r)
{
    unsigned char random[PASSWORD_LENGTH];
    random_bytes(random, sizeof random);
    r->password = code_readable(&r->a, random, sizeof random);
    r->hash = password_hash(&r->a, r->password);
}

static bool login_ok(struct str login)
{
    for (size_t i = 0; i < login.n; i++)
        if (!((login.p[i] >= 'a' && login.p[i] <= 'z') || (login.p[i] >= '0' && login.p[i] <= '9')))
            return false;
    return login.n > 0 && login.n != 18 && login.n <= LOGIN_MAX; /* 18 characters are a citizen's number */
}

/* ---- acts; each in a WRITE unit -------------------------------------------------------------------------------------- */

static enum rc add(struct user_run *r, struct cx *cx)
{
    struct org_body b;
    struct org_staff s = { .login = word(r, 1), .name = word(r, 2), .section = word(r, 4), .window_no = STR(""), .division = STR("") };
    int64_t id = 0;
    if (!login_ok(s.login))
        return cx_invalid(cx, "login", "app.user_login");
    if (!s.name.n || !str_utf8_ok(s.name) || str_runes(s.name) > NAME_MAX_POINTS)
        return cx_invalid(cx, "name", "base.required");
    enum rc rc = org_body_find(cx, word(r, 3), &b);
    if (rc == RC_NOT_FOUND)
        return cx_invalid(cx, "body", "app.user_no_body");
    s.body = rc ? 0 : b.id;
    if (!rc)
        rc = org_staff_add(cx, &s, &id);
    if (!rc)
        rc = identity_staff_account_add(cx, s.login, r->hash);
    return rc == RC_CONFLICT ? cx_invalid(cx, "login", "app.user_taken") : rc;
}

/* Somebody who is on the staff list and never had a sign-in gets one. */
static enum rc password(struct user_run *r, struct cx *cx)
{
    enum rc rc = identity_staff_password_set(cx, word(r, 1), r->hash);
    if (rc == RC_NOT_FOUND)
        rc = identity_staff_account_add(cx, word(r, 1), r->hash);
    return rc == RC_NOT_FOUND ? cx_invalid(cx, "login", "app.user_no_login") : rc;
}

static enum rc role(struct user_run *r, struct cx *cx)
{
    struct org_staff s;
    int n = 0;
    bool end = str_is(word(r, 3), "end");
    while (n < ROLES && !str_is(word(r, 2), org_role_words[n]))
        n++;
    if (n == ROLES)
        return cx_invalid(cx, "role", "app.user_no_role");
    enum rc rc = org_staff_find(cx, word(r, 1), &s);
    if (rc == RC_NOT_FOUND)
        return cx_invalid(cx, "login", "app.user_no_login");
    if (!rc)
        rc = end ? org_staff_role_end(cx, s.id, (enum org_role)n) : org_staff_role_add(cx, s.id, (enum org_role)n);
    struct str about = arena_fmt(&r->a, STR_F " " STR_F, STR_A(s.login), STR_A(word(r, 2)));
    return rc ? rc : identity_event_add(cx, end ? "role.ended" : "role.added", 0, about);
}

static const struct user_act {
    const char *name;
    int         words_min, words_max; /* with the name */
    bool        with_password;
    enum rc   (*run)(struct user_run *r, struct cx *cx);
} acts[] = {
    { "add", 4, 5, true, add },
    { "password", 2, 2, true, password },
    { "role", 3, 4, false, role },
};

/* ---- the verb ----------------------------------------------------------------------------------------------------------- */

static void issues_say(struct user_run *r, const struct cx *cx)
{
    struct texts *t = texts_open(&r->a);
    texts_add(t, all_messages, all_nmessages);
    for (size_t i = 0; i < cx->issues.n; i++) {
        struct buf b;
        buf_init(&b, &r->a, 200);
        texts_put(t, &b, LOCALE_ZH_CN, str_c(cx->issues.v[i].key), cx->issues.v[i].arg[0], cx->issues.v[i].arg[1]);
        fprintf(stderr, STR_F "\n", STR_A(buf_view(&b)));
    }
}

static enum rc act_run(struct user_run *r, const struct user_act *act)
{
    struct cx cx;
    if (act->with_password)
        password_make(r);
    enum rc rc = unit_begin(&r->s, WRITE, &r->a, &cx);
    if (rc)
        return rc;
    rc = act->run(r, &cx);
    rc = unit_end(&cx, rc);
    issues_say(r, &cx);
    if (!rc && act->with_password)
        printf(STR_F "\n", STR_A(r->password));
    return rc;
}

static const struct user_act *act_find(const struct options *o)
{
    for (size_t i = 0; o->nwords && i < countof(acts); i++)
        if (strcmp(acts[i].name, o->words[0]) == 0 && o->nwords >= acts[i].words_min && o->nwords <= acts[i].words_max)
            return &acts[i];
    return NULL;
}

int cli_user(const struct options *o)
{
    struct user_run r = { .o = o };
    const struct user_act *act = act_find(o);
    if (!act) {
        fputs(usage, stderr);
        return 1;
    }
    if (!start_open(&r.s, o, true))
        return 1;
    arena_init(&r.a, ARENA_BYTES);
    bool ok = start_schema_ok(&r.s) && act_run(&r, act) == RC_OK;
    arena_done(&r.a);
    start_close(&r.s);
    return ok ? 0 : 1;
}
