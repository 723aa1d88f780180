/* bench_submit.c - cases_submit in units against a bare loop that writes the same rows, one transaction per request: over SQLite, where
 * units share a COMMIT, or over PostgreSQL. The rows of the bare loop are copies of those that one real submission left.
 *   bench_submit THREADS SECONDS [postgres]      folder: TMPDIR, or cluster: TONGBAN_TEST_PG; one line of JSON */
#include "bare.h"
#include "cases_service.h"
#include "fixture.h"
#include "product.h"

enum { CITIZENS = 32 };

static struct fixture *f;
static struct visitor  citizens[CITIZENS];
static struct catalog_item item;
static struct form_answers answers;

/* ---- ours ------------------------------------------------------------------------------------------------------------- */

static enum rc submit_one(struct cx *cx, const struct visitor *by)
{
    struct cases_case c;
    const struct cases_application ap = { /* sealed before the unit, as the route does it */
        .sealed = cases_seal(cx, f->app.standard_form, answers),
        .item = &item, .form = f->app.standard_form, .answers = answers, .channel = STR("web"), .applicant = by->person,
        .applicant_name = STR("试用人1"), .applicant_mask = STR("522627********0014"), .account = by->account,
    };
    enum rc rc = db_begin(cx->db, WRITE);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    rc = cases_submit(cx, &ap, &c);
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    enum rc durable = db_wait(cx->db);
    return rc ? rc : durable;
}

static void *ours(void *arg)
{
    struct bench_client *c = arg;
    const struct visitor *by = &citizens[c->number % CITIZENS];
    struct arena a;
    arena_init(&a, 16 << 20);
    struct cx cx = { .arena = &a, .db = db_session(f->pool), .app = &f->app,
                     .actor = { .account = by->account, .person = by->person, .purpose = STR(""), .address = STR("") } };
    for (int64_t from; bench_more(c, &from); arena_reset(&a))
        bench_note(c, from, submit_one(&cx, by) == RC_OK);
    db_give_back(cx.db);
    arena_done(&a);
    return NULL;
}

/* ---- measuring ------------------------------------------------------------------------------------------------------------------ */

static void measure(const char *what, void *(*work)(void *), void *own, int threads, int seconds)
{
    struct bench_result r = bench_run(work, own, threads, seconds);
    printf("\"%s\":{\"per_second\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f},", what, r.per_second, r.p50_ms, r.p99_ms);
}

static void application_make(void)
{
    const struct pair typed[] = {
        { STR("applicant_kind"), STR("person") }, { STR("applicant_code"), str_c(number_of(f, 1)) }, { STR("applicant_name"), STR("试用人1") },
        { STR("phone"), STR("13800000000") }, { STR("address-division"), STR("522627001001") }, { STR("address"), STR("凤城路1号") },
        { STR("matter"), STR("在凤城路开一家60平方米的小吃店") },
        { STR("service_way"), STR("online") }, { STR("service_consent"), STR("1") }, { STR("truth"), STR("1") },
    };
    answers = form_answers_new(&f->kept, f->app.standard_form);
    form_take(&f->kept, f->app.standard_form, NULL, typed, countof(typed), answers);
    struct cx *cx = fixture_begin(f, READ);
    cx->arena = &f->kept;
    if (forms_places_get(cx, f->app.standard_form, NULL, answers) || catalog_item_find(cx, STR(ITEM_LICENCE), &item) ||
        fixture_end(f, RC_INVALID) != RC_INVALID)
        die("no item");
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 32, seconds = argc > 2 ? atoi(argv[2]) : 3;
    void *state = NULL;
    if (threads < 1 || threads > BENCH_THREADS || seconds < 1)
        die("usage: bench_submit THREADS SECONDS [postgres]");
    bool is_pg = argc > 3 && !strcmp(argv[3], "postgres");
    product_open(&state, is_pg ? DB_POSTGRES : DB_SQLITE, NULL);
    f = state;
    if (!f)
        die("TONGBAN_TEST_PG names no cluster");
    for (int i = 0; i < CITIZENS; i++)
        citizens[i] = visitor_citizen(f, i + 1);
    application_make();
    db_set_clock(f->pool, 0); /* tests stop it, and draw their random bytes from a hash */
    printf("{\"threads\":%d,", threads);
    measure("ours", ours, NULL, threads, seconds);
    struct db_stats s = db_stats(f->pool);
    void *(*bare)(void *) = is_pg ? bare_pg_run : bare_run;
    struct bare_place place = { .path = is_pg ? f->made.url : arena_fmt(&f->kept, "%s/main.db", f->dir).p,
                                .first_id = number(f, "SELECT MAX(id) + 1000000 FROM ledger") };
    measure("bare_one_thread", bare, &place, 1, seconds);
    place.first_id += INT64_C(1) << 40;
    measure("bare", bare, &place, threads, seconds);
    printf("\"units_per_batch\":%.1f,\"writer_us\":%.0f}\n", (double)s.units / (double)(s.batches + !s.batches),
            (double)s.writer_ms_total * 1e3 / (double)s.units);
    return fixture_close(&state);
}
