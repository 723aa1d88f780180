/* main.c - the verbs of the command line, one row each. */
#include "all_messages.h"
#include "app/cli_law.h"
#include "app/cli_ledger.h"
#include "app/cli_user.h"
#include "app/serve.h"
#include "app/start.h"
#include "app/timers.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "modules/catalog/catalog.h"
#include "modules/search/search.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { IMPORT_ARENA = 1 << 30, FILE_MAX_BYTES = 200 << 20 };

/* ---- demo, migrate ---------------------------------------------------------------------------------------------------- */

static int verb_serve(const struct options *o)
{
    return serve(o);
}

static int verb_demo(const struct options *o)
{
    struct start s;
    int64_t applied;
    bool loaded = false, ok = start_open(&s, o, false) && start_migrate(&s, &applied) && demo_load(&s, &loaded) == RC_OK;
    if (ok)
        puts(loaded ? "the example county is loaded" : "the database is not empty: nothing was loaded");
    start_close(&s);
    return ok ? 0 : 1;
}

static int verb_migrate(const struct options *o)
{
    struct start s;
    int64_t applied = 0;
    bool ok = start_open(&s, o, false) && start_migrate(&s, &applied);
    if (ok)
        printf("%lld steps applied\n", (long long)applied);
    start_close(&s);
    return ok ? 0 : 1;
}

static int verb_check(const struct options *o)
{
    struct start s;
    bool ok = start_open(&s, o, true) && start_schema_ok(&s);
    if (ok)
        puts("the schema is the one this program knows");
    start_close(&s);
    return ok ? 0 : 1;
}

/* ---- search --------------------------------------------------------------------------------------------------------- */

static enum rc search_run(struct start *s, const struct options *o, struct arena *a)
{
    struct buf words;
    struct cx cx;
    buf_init(&words, a, 200);
    for (int i = 0; i < o->nwords; i++) {
        if (i)
            buf_char(&words, ' ');
        buf_str(&words, str_c(o->words[i]));
    }
    if (!str_utf8_ok(buf_view(&words)))
        return RC_INVALID;
    enum rc rc = unit_begin(s, READ, a, &cx);
    if (!rc)
        rc = timers_search_refresh(&cx);
    if (!rc)
        rc = search_print(&cx, buf_view(&words), o->json, stdout);
    return rc == RC_BUSY ? rc : unit_end(&cx, rc);
}

static int verb_search(const struct options *o)
{
    struct start s;
    struct arena a;
    arena_init(&a, IMPORT_ARENA);
    bool ok = start_open(&s, o, true) && start_schema_ok(&s) && search_run(&s, o, &a) == RC_OK;
    start_close(&s);
    arena_done(&a);
    return ok ? 0 : 1;
}

/* ---- import ------------------------------------------------------------------------------------------------------------ */

static void report_print(struct arena *a, const struct catalog_report *r, bool json, bool done)
{
    if (json) {
        struct buf b;
        buf_init(&b, a, 4096);
        json_write(&b, &CATALOG_REPORT, r);
        printf(STR_F "\n", STR_A(buf_view(&b)));
        return;
    }
    const struct catalog_fault *f = r->faults.v;
    for (size_t i = 0; i < r->faults.n; i++)
        printf("line %lld: " STR_F ": " STR_F "\n", (long long)f[i].line, STR_A(f[i].field), STR_A(f[i].text));
    printf("%lld lines, %lld bad; %s: %lld new, %lld changed, %lld the same\n", (long long)r->lines, (long long)r->bad,
           done ? "imported" : "nothing imported", (long long)(done ? r->added : 0), (long long)(done ? r->changed : 0),
           (long long)(done ? r->same : 0));
}

static enum rc import_run(struct start *s, struct arena *a, const struct options *o, const struct catalog_tables *t)
{
    struct catalog_report report = { 0 };
    struct cx cx;
    enum rc rc = unit_begin(s, WRITE, a, &cx);
    if (rc)
        return rc;
    rc = catalog_import(&cx, t, o->skip_bad, &report);
    rc = unit_end(&cx, rc);
    if (t->forms.n)
        printf("%s\n", rc ? "nothing published" : "published");
    else
        report_print(a, &report, o->json, rc == RC_OK);
    for (size_t i = 0; i < cx.issues.n && !report.bad; i++)
        fprintf(stderr, "%s " STR_F ": " STR_F "\n", cx.issues.v[i].key, STR_A(cx.issues.v[i].arg[0]), STR_A(cx.issues.v[i].arg[1]));
    return rc;
}

/* The schema of a form under the name of its file: food.json is the form "food". */
static bool form_take_file(const char *path, struct arena *a, struct catalog_tables *t)
{
    const char *slash = strrchr(path, '/');
    struct str name = arena_str(a, str_c(slash ? slash + 1 : path));
    struct pair *p = arena_new(a, struct pair);
    if (!str_ends(name, STR(".json")) || file_read(path, FILE_MAX_BYTES, a, &p->value))
        return false;
    p->name = arena_str(a, str_sub(name, 0, name.n - 5));
    t->forms = (struct list){ p, 1 };
    return true;
}

static bool tables_read(const struct options *o, struct arena *a, struct catalog_tables *t)
{
    if (strcmp(o->words[0], "form") == 0)
        return form_take_file(o->words[1], a, t);
    return file_read(o->words[1], FILE_MAX_BYTES, a, &t->items) == RC_OK &&
           (!o->materials || file_read(o->materials, FILE_MAX_BYTES, a, &t->materials) == RC_OK) &&
           (!o->pauses || file_read(o->pauses, FILE_MAX_BYTES, a, &t->pauses) == RC_OK);
}

static int verb_import(const struct options *o)
{
    struct start s;
    struct arena a;
    struct catalog_tables t = { 0 };
    if (o->nwords != 2 || (strcmp(o->words[0], "items") != 0 && strcmp(o->words[0], "form") != 0)) {
        fputs("usage: tongban import items FILE.csv [--materials FILE.csv] [--pauses FILE.csv] [--skip-bad]\n"
              "       tongban import form CODE.json\n", stderr);
        return 1;
    }
    arena_init(&a, IMPORT_ARENA);
    bool ok = tables_read(o, &a, &t);
    if (!ok)
        fprintf(stderr, "tongban: cannot read the file\n");
    bool opened = ok && start_open(&s, o, true);
    ok = opened && start_schema_ok(&s) && import_run(&s, &a, o, &t) == RC_OK;
    if (opened)
        start_close(&s);
    arena_done(&a);
    return ok ? 0 : 1;
}

/* ---- clock, code ---------------------------------------------------------------------------------------------------------- */

static struct arena cli_arena;
static struct texts *cli_texts;

static const char *cli_text(const char *key)
{
    return texts_find(cli_texts, str_c(key))[LOCALE_ZH_CN].p;
}

static int law(int (*verb)(int, char **, const struct cli_env *), int argc, char **argv)
{
    arena_init(&cli_arena, 64 << 20);
    cli_texts = texts_open(&cli_arena);
    texts_add(cli_texts, all_messages, all_nmessages);
    struct cli_env env = { .default_calendar = data_file("holidays.csv"), .today = day_at(time_now()), .out = stdout,
                           .err = stderr, .text = cli_text };
    int status = verb(argc, argv, &env);
    arena_done(&cli_arena);
    return status;
}

/* ---- table ------------------------------------------------------------------------------------------------------------------ */

struct verb {
    const char *name, *usage, *does;
    int (*run)(const struct options *o);
    int (*law)(int argc, char **argv, const struct cli_env *env);
};

static const struct verb verbs[] = {
    { "serve", "[--listen ADDR:PORT] [--demo [--today YYYY-MM-DD]]",
      "serve portal and API; --demo loads the example county into an empty database; --today: as if it were that day",
      verb_serve, NULL },
    { "demo", "", "load the example county into an empty database", verb_demo, NULL },
    { "import", "items FILE.csv [--materials FILE.csv] [--pauses FILE.csv] [--skip-bad] | form CODE.json",
      "import items (names every bad line) or a form", verb_import, NULL },
    { "search", "WORDS", "what the search of the portal would answer", verb_search, NULL },
    { "migrate", "", "bring the database to this program's schema", verb_migrate, NULL },
    { "check", "", "verify the database", verb_check, NULL },
    { "user", "add LOGIN NAME BODY_CODE [SECTION] | password LOGIN | role LOGIN ROLE [end]",
      "members of staff who sign in; a password is made and printed once", cli_user, NULL },
    { "ledger", "verify [HEADS_FILE] | head | check-receipt FILE [KEY_ID]",
      "prove the ledger; show its signed head; check a receipt without a database", cli_ledger, NULL },
    { "clock", "due --from DATE --days N --unit WD|CD [--calendar FILE]", "the due date of a limit", NULL, cli_clock },
    { "code", "check KIND CODE", "check a national code (uscc, id, item, cert, case)", NULL, cli_code },
};

static int help(FILE *out)
{
    fputs("Tongban 通办 - government service centre and online hall\n\nusage: tongban VERB [options]\n\n", out);
    for (size_t i = 0; i < countof(verbs); i++)
        fprintf(out, "  %-8s %s\n           %s\n", verbs[i].name, verbs[i].usage, verbs[i].does);
    fprintf(out, "\noptions of serve, demo, import, migrate, check, user, ledger:\n%s\n`tongban VERB --help` says more.\n", usage_common);
    return out == stdout ? 0 : 1;
}

static int verb_run(const struct verb *v, int argc, char **argv)
{
    struct options o;
    if (v->law)
        return law(v->law, argc, argv);
    if (!options_read(argc, argv, &o))
        return 1;
    if (o.help) {
        printf("usage: tongban %s %s\n%s\n\n%s", v->name, v->usage, v->does, usage_common);
        return 0;
    }
    return v->run(&o);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return help(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return help(stdout);
    for (size_t i = 0; i < countof(verbs); i++)
        if (strcmp(verbs[i].name, argv[1]) == 0)
            return verb_run(&verbs[i], argc - 1, argv + 1);
    fprintf(stderr, "tongban: there is no verb %s\n", argv[1]);
    return help(stderr);
}
