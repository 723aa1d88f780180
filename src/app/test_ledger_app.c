/* test_ledger_app.c - the ledger as people meet it: timers, routes, the file of heads, the command line. */
#include "../../test/check.h"
#include "all_assets.h"
#include "all_tmpl.h"
#include "app/cli_ledger.h"
#include "app/modules.h"
#include "base/conf.h"
#include "jobs/jobs.h"
#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define T0 INT64_C(1790000000000)

struct rig {
    char           dir[40];
    struct options o;
    struct start   s;
    struct arena   a;
    struct http   *h;
};

static int setup(void **state)
{
    struct rig *r = calloc(1, sizeof *r);
    size_t n;
    strcpy(r->dir, "/tmp/tongban-app-XXXXXX");
    CHECK(mkdtemp(r->dir) != NULL);
    r->o.data = r->dir;
    arena_init(&r->a, 64 << 20);
    CHECK(start_open(&r->s, &r->o, false) && start_migrate(&r->s, NULL));
    const struct job_kind *kinds = all_jobs(&r->s.arena, &n);
    r->s.app.jobs = jobs_init(&r->s.arena, &r->s.app, kinds, n);
    struct http_parts parts = { .app = &r->s.app, .gate = r->s.gate, .modules = all_modules, .nmodules = all_nmodules,
                                .sources = all_tmpl, .nsources = all_ntmpl, .assets = all_assets, .nassets = all_assets_count };
    r->h = http_open(&r->s.arena, &parts);
    CHECK(r->h != NULL);
    db_set_clock(r->s.app.db, T0);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    static const char *const files[] = { "tongban.db", "tongban.db-wal", "tongban.db-shm", "search.db", "search.db-wal",
                                         "search.db-shm", "keys/token.key", "keys/ledger-sm2.pem", "ledger/heads.jsonl",
                                         "receipt.json", "keys", "ledger", "" };
    struct rig *r = *state;
    char path[100];
    if (r->s.db)
        start_close(&r->s);
    for (size_t i = 0; i < countof(files); i++) {
        snprintf(path, sizeof path, "%s/%s", r->dir, files[i]);
        remove(path);
    }
    arena_done(&r->a);
    free(r);
    return 0;
}

static int64_t append(struct rig *r, const char *kind)
{
    struct ledger_entry e = { .root = 5, .kind = kind, .body = STR("{\"code\":\"X\"}") };
    struct cx cx;
    int64_t id = 0;
    CHECK(unit_begin(&r->s, WRITE, &r->a, &cx) == RC_OK);
    CHECK(unit_end(&cx, ledger_append(&cx, &e, &id, NULL)) == RC_OK);
    return id;
}

static struct wire_out get(struct rig *r, const char *fmt, int64_t id)
{
    struct wire_out out;
    struct wire_in in = { .method = GET, .method_known = true, .path = arena_fmt(&r->a, "%s%lld", fmt, (long long)id),
                          .host = STR("localhost"), .accept = STR("application/json") };
    if (id < 0)
        in.path = str_c(fmt);
    http_run(r->h, r->s.db, &r->a, &in, &out);
    return out;
}

static void run_timers(struct rig *r, int64_t clock_ms)
{
    db_set_clock(r->s.app.db, clock_ms);
    jobs_run_due(r->s.app.jobs, r->s.db, clock_ms);
}

/* Both streams of a run of `tongban ledger ..` are of no interest here but its answer is. */
static int ledger(struct rig *r, const char *word, const char *arg, const char *arg2)
{
    struct options o = r->o;
    const char *words[] = { word, arg, arg2 };
    for (size_t i = 0; i < countof(words) && words[i]; i++)
        o.words[o.nwords++] = words[i];
    return cli_ledger(&o);
}

static void a_receipt_is_proven_after_the_timers_ran(void **state)
{
    struct rig *r = *state;
    struct ledger_receipt receipt;
    int64_t id = append(r, "case.submitted");
    CHECK(get(r, "/ledger/head", -1).status == 404);
    struct wire_out out = get(r, "/ledger/receipt/", id);
    CHECK(out.status == 200 && ledger_receipt_check(out.body, &r->a, &receipt) == RECEIPT_FOLLOWS);
    run_timers(r, T0 + 1000);
    out = get(r, "/ledger/receipt/", id);
    CHECK_STR(out.type, "application/json");
    CHECK(out.status == 200 && ledger_receipt_check(out.body, &r->a, &receipt) == RECEIPT_PROVEN && receipt.entry == id);
    CHECK(str_find(out.body, STR("case.submitted")) < 0); /* hashes only */
    struct wire_out head = get(r, "/ledger/head", -1);
    CHECK(head.status == 200 && str_find(head.body, receipt.key_id) > 0 && str_find(head.body, STR("\"size\":1,")) > 0);
    CHECK(get(r, "/ledger/receipt/", id + 1).status == 404 && get(r, "/ledger/receipt/x", -1).status == 404);
}

static void more_entries_than_one_unit_takes_are_all_placed(void **state)
{
    struct rig *r = *state;
    struct ledger_entry e = { .kind = "x", .body = STR("{}") };
    struct cx cx;
    CHECK(unit_begin(&r->s, WRITE, &r->a, &cx) == RC_OK);
    for (int i = 0; i < 250; i++)
        CHECK(ledger_append(&cx, &e, NULL, NULL) == RC_OK);
    CHECK(unit_end(&cx, RC_OK) == RC_OK);
    run_timers(r, T0 + 1000);
    CHECK(str_find(get(r, "/ledger/head", -1).body, STR("\"size\":250,")) > 0);
}

static void heads_are_kept_beside_the_database_and_verify_uses_them(void **state)
{
    struct rig *r = *state;
    struct str text;
    char heads[100], receipt[100];
    snprintf(heads, sizeof heads, "%s/ledger/heads.jsonl", r->dir);
    snprintf(receipt, sizeof receipt, "%s/receipt.json", r->dir);
    int64_t id = append(r, "case.submitted");
    run_timers(r, T0 + 1000);
    append(r, "case.accepted");
    run_timers(r, T0 + 2000);
    CHECK(file_read(heads, 10000, &r->a, &text) == RC_OK);
    CHECK(str_find(text, STR("{\"size\":1,")) == 0 && str_find(text, STR("\n{\"size\":2,")) > 0);
    FILE *f = fopen(receipt, "w");
    struct str body = get(r, "/ledger/receipt/", id).body;
    fwrite(body.p, 1, body.n, f);
    fclose(f);
    start_close(&r->s);
    r->s.db = NULL;
    CHECK(ledger(r, "verify", NULL, NULL) == 0);
    CHECK(ledger(r, "head", NULL, NULL) == 0);
    CHECK(ledger(r, "check-receipt", receipt, NULL) == 0);
    CHECK(ledger(r, "check-receipt", receipt, "0123456789abcdef0123456789abcdef") == 1);
    CHECK(ledger(r, "check-receipt", heads, NULL) == 1);
    CHECK(ledger(r, "check-receipt", NULL, NULL) == 1);
    CHECK(ledger(r, "verify", "/nowhere/heads", NULL) == 1);
    CHECK(ledger(r, "praise", NULL, NULL) == 1);
}

static void verify_fails_where_the_database_was_touched(void **state)
{
    struct rig *r = *state;
    char heads[100];
    snprintf(heads, sizeof heads, "%s/ledger/heads.jsonl", r->dir);
    append(r, "case.submitted");
    run_timers(r, T0 + 1000);
    start_close(&r->s);
    r->s.db = NULL;
    FILE *f = fopen(heads, "a");
    fputs("{\"size\":9}\n", f);
    fclose(f);
    r->o.json = true;
    CHECK(ledger(r, "verify", NULL, NULL) == 1);
}

/* Every key that the verifier or the command line can say has a text in both catalogues. */
static void every_message_of_the_ledger_is_translated(void **state UNUSED)
{
    static const char *const sources[] = { "/src/ledger/verify.c", "/src/ledger/verify_heads.c", "/src/app/cli_ledger.c" };
    static const char *const catalogues[] = { "/src/app/zh_CN.po", "/src/app/en.po" };
    AUTO(arena_done) struct arena a;
    size_t found = 0;
    arena_init(&a, 8 << 20);
    for (size_t i = 0; i < countof(sources) * 2; i++) {
        struct str text, po;
        CHECK(file_read(arena_fmt(&a, "%s%s", SOURCE_DIR, sources[i / 2]).p, 1 << 20, &a, &text) == RC_OK);
        CHECK(file_read(arena_fmt(&a, "%s%s", SOURCE_DIR, catalogues[i % 2]).p, 1 << 20, &a, &po) == RC_OK);
        while (text.p) {
            struct str part = str_cut(&text, '"');
            if (!str_starts(part, STR("ledger.")) || str_is(part, "ledger.detail_erased"))
                continue;
            found++;
            if (str_find(po, arena_fmt(&a, "msgid \"" STR_F "\"", STR_A(part))) < 0) {
                print_message(STR_F " has no text in %s\n", STR_A(part), catalogues[i % 2]);
                CHECK(false);
            }
        }
    }
    CHECK(found > 80);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_receipt_is_proven_after_the_timers_ran, setup, teardown),
        cmocka_unit_test_setup_teardown(more_entries_than_one_unit_takes_are_all_placed, setup, teardown),
        cmocka_unit_test_setup_teardown(heads_are_kept_beside_the_database_and_verify_uses_them, setup, teardown),
        cmocka_unit_test_setup_teardown(verify_fails_where_the_database_was_touched, setup, teardown),
        SENTENCE(every_message_of_the_ledger_is_translated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
