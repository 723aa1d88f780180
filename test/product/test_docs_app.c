/* test_docs_app.c - from an act of the office to a sealed file, its checking, and the public list; on both databases. */
#include "app/modules.h"
#include "base/conf.h"
#include "base/log.h"
#include "fixture.h"
#include "ledger/ledger.h"
#include "modules/cases/cases.h"
#include "modules/docs/docs.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"
#include "jobs/jobs.h"
#include "shell.h"

#include <jansson.h>
#include <pthread.h>
#include <sys/stat.h>

#define LICENCE "11522627MB0A00018A4000131001004" /* 申请增加、减少证照: type 01, on the spot */
#define SERVICE "11522627MB0A00114K4002002001000" /* 档案查阅利用: type 20, on the spot */
#define NOON_MS INT64_C(1778212800000)

enum { DECIDERS = 8, DECISIONS = 6, TRIES = 200 };

/* ---- set-up -------------------------------------------------------------------------------------------------------------- */

static void parts_load(struct fixture *f)
{
    unsigned char keys[KEYRING_BYTES] = { 1, 2, 3 };
    struct str text, why;
    struct form *form;
    keyring_set(&f->app.keys, keys);
    f->app.config.data = str_c(f->dir);
    if (file_read(DATA_DIR "/holidays.csv", 1 << 20, &f->kept, &text) || calendar_from_csv(&f->kept, text, &f->app.calendar, &why) ||
        file_read(DATA_DIR "/../src/modules/forms/standard.json", 1 << 20, &f->kept, &text) || form_read(&f->kept, text, &form, &why))
        panic("calendar or form cannot be read");
    f->app.standard_form = form;
    f->app.jobs = jobs_init(&f->kept, &f->app, docs_module.jobs, docs_module.njobs);
}

static int open_county(void **state, enum db_engine engine)
{
    fixture_open(state, engine, all_modules, all_nmodules);
    struct fixture *f = *state;
    if (!f)
        return 0;
    parts_load(f);
    fixture_load_county(f);
    return 0;
}

static int on_sqlite(void **state)
{
    return open_county(state, DB_SQLITE);
}

static int on_postgres(void **state)
{
    return open_county(state, DB_POSTGRES);
}

/* ---- units with an arena that lasts ---------------------------------------------------------------------------------------- */

static struct cx begin(struct fixture *f, struct db *db, struct arena *a, enum db_unit unit)
{
    struct cx cx = { .arena = a, .db = db, .app = &f->app };
    enum rc rc = db_begin(db, unit);
    for (int i = 0; rc == RC_BUSY && i < TRIES; i++)
        rc = db_begin(db, unit);
    if (rc)
        panic("a unit does not begin");
    cx.now = db_now(db);
    cx.actor.roles = ROLE_BIT(ROLE_CLERK);
    return cx;
}

static enum rc end(struct cx *cx, enum rc rc)
{
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    enum rc durable = db_wait(cx->db);
    return rc ? rc : durable;
}

static int64_t number(struct fixture *f, const char *query)
{
    const struct sql q = { "test", query, query, 0 };
    struct cx cx = begin(f, f->db, &f->kept, READ);
    int64_t n = -1;
    CHECK(end(&cx, db_int(&cx, &q, NO_ARGS, &n)) == RC_OK);
    return n;
}

/* ---- acts -------------------------------------------------------------------------------------------------------------------- */

struct who {
    const char *kind, *code, *name;
    int64_t     account;
};
static const struct who person = { "person", "11010519491231002X", "欧阳小梅", 0 };
static const struct who firm = { "firm", "11522627MB0A00018A", "示例县凤城酒家", 0 };

static enum rc apply(struct cx *cx, const char *item, const struct who *w, struct cases_case *out)
{
    struct catalog_item i;
    struct identity_claim claim = { str_c(w->kind), str_c(w->code), str_c(w->name), STR("") };
    struct cases_application ap = { .item = &i, .form = cx->app->standard_form, .channel = STR("window"), .applicant_name = claim.name,
                                    .applicant_mask = STR("110***"), .account = w->account };
    enum rc rc = catalog_item_find(cx, str_c(item), &i);
    if (!rc)
        rc = identity_prove_at_window(cx, &claim, &ap.applicant);
    ap.answers = form_answers_new(cx->arena, ap.form);
    return rc ? rc : cases_submit(cx, &ap, out);
}

static enum rc grant(struct cx *cx, const char *item, const struct who *w, struct cases_case *out)
{
    enum rc rc = apply(cx, item, w, out);
    return rc ? rc : cases_decide_on_spot(cx, out, STR(""));
}

static struct cases_case granted(struct fixture *f, const char *item, const struct who *w)
{
    struct cases_case c;
    struct cx cx = begin(f, f->db, &f->kept, WRITE);
    CHECK(end(&cx, grant(&cx, item, w, &c)) == RC_OK);
    return c;
}

/* An account for the applicant, so that he may see his file. */
static int64_t account_make(struct fixture *f, int64_t id)
{
    static const char text[] = "INSERT INTO identity_account (id, kind, login_index, password, failures, locked_until, made_at) "
                               "VALUES ($1, 'citizen', $2, '', 0, 0, 1)";
    static const char lite[] = "INSERT INTO identity_account (id, kind, login_index, password, failures, locked_until, made_at) "
                               "VALUES (?1, 'citizen', ?2, '', 0, 0, 1)";
    const struct sql q = { "test", lite, text, 2 };
    struct cx cx = begin(f, f->db, &f->kept, WRITE);
    CHECK(end(&cx, db_exec(&cx, &q, ARGS(v_i64(id), v_bytes(&id, sizeof id)), NULL)) == RC_OK);
    return id;
}

static void sequence(struct fixture *f)
{
    int64_t n;
    struct cx cx = begin(f, f->db, &f->kept, WRITE);
    CHECK(end(&cx, ledger_sequence(&cx, 2000, &n)) == RC_OK);
}

/* What the threads of a running product would do now. */
static void work(struct fixture *f)
{
    sequence(f);
    jobs_run_due(f->app.jobs, f->db, NOON_MS + DAY_MS);
}

static struct cases_document document(struct fixture *f, int64_t case_id, int64_t n)
{
    struct cases_document d;
    struct cx cx = begin(f, f->db, &f->kept, READ);
    CHECK(end(&cx, cases_document_get(&cx, case_id, n, &d)) == RC_OK);
    return d;
}

static const char *file_address(struct fixture *f, const char *head, const struct cases_case *c, int n)
{
    return arena_fmt(&f->kept, "%s/cases/" STR_F "/documents/%d/file", head, STR_A(c->no), n).p;
}

/* ---- sealing ----------------------------------------------------------------------------------------------------------------- */

static void seals_what_was_issued_and_gives_the_file_to_its_owner(void **state)
{
    struct fixture *f = fixture_of(state);
    struct who w = person;
    w.account = account_make(f, 77);
    struct cases_case c = granted(f, LICENCE, &w);
    f->actor = (struct actor){ .account = 77 };
    CHECK(get(f, file_address(f, "", &c, 2)).status == 409);
    work(f);
    struct answer a = get(f, file_address(f, "", &c, 2));
    CHECK(a.status == 200 && str_is(a.type, "application/pdf") && str_starts(a.body, STR("%PDF-1.4")));
    if (!tool_is_there(&f->kept, "pdfsig")) {
        print_message("SKIPPED: pdfsig is not installed (poppler-utils)\n");
        skip();
    }
    FILE *out = fopen(arena_fmt(&f->kept, "%s/a.pdf", f->dir).p, "w");
    CHECK(out && fwrite(a.body.p, 1, a.body.n, out) == a.body.n && fclose(out) == 0);
    CHECK_STR(shell(&f->kept, f->dir, "pdfsig -nocert a.pdf | grep -E 'Common Name|Total|Signature Validation'"),
              "  - Signer Certificate Common Name: 示例县市场监督管理局\n"
              "  - Total document signed\n"
              "  - Signature Validation: Signature is Valid.\n");
    CHECK_STR(shell(&f->kept, f->dir, "pdftotext -layout a.pdf - | sed 's/^ *//;/^$/d' | tr -d '\\n' | sed 's/扫码.*//;s/编号：[^示]*/编号：N/'"),
              "准予决定书市场监管局准〔2026〕00001号欧阳小梅：您于2026年5月8日 星期五提交的“申请增加、减少证照”申请，经审查符合规定，决定准予。"
              "准予的范围以您提交并经审查的申请书为准。"
              "依据：《市场主体登记管理条例》申请人证件号码：110***；办件编号：N示例县市场监督管理局2026年5月8日");
}

/* The hash is over these very bytes: whoever writes the facts again gets the same. */
static void what_is_frozen_is_canonical(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cases_case c = granted(f, LICENCE, &firm);
    for (int n = 1; n <= 2; n++) {
        struct cases_document d = document(f, c.id, n);
        json_t *o = json_loadb(d.fields.p, d.fields.n, JSON_REJECT_DUPLICATES, NULL);
        char *again = json_dumps(o, JSON_SORT_KEYS | JSON_COMPACT);
        CHECK(again);
        CHECK_STR(d.fields, again);
        free(again);
        json_decref(o);
    }
}

static void pages_show_whether_the_file_is_sealed(void **state)
{
    struct fixture *f = fixture_of(state);
    struct who w = person;
    w.account = account_make(f, 77);
    struct cases_case c = granted(f, LICENCE, &w);
    f->actor = (struct actor){ .account = 77 };
    const char *page = arena_fmt(&f->kept, "/cases/" STR_F, STR_A(c.no)).p;
    const char *paper = arena_fmt(&f->kept, "/cases/" STR_F "/documents/2", STR_A(c.no)).p;
    struct answer a = get(f, page);
    CHECK(a.status == 200 && answer_has(&a, "tb-seal--wait") && !answer_has(&a, "tb-seal--ok"));
    a = get(f, paper);
    CHECK(a.status == 200 && answer_has(&a, "tb-seal--wait") && answer_has(&a, "符合规定，决定准予"));
    work(f);
    a = get(f, page);
    CHECK(answer_has(&a, "tb-seal--ok") && !answer_has(&a, "tb-seal--wait") && answer_has(&a, "/documents/2/file"));
    a = get(f, paper);
    CHECK(answer_has(&a, "tb-seal--ok") && answer_has(&a, "/documents/2/file"));
}

static void nobody_else_gets_the_file(void **state)
{
    struct fixture *f = fixture_of(state);
    struct who w = person;
    w.account = account_make(f, 77);
    struct cases_case c = granted(f, LICENCE, &w);
    work(f);
    f->actor = (struct actor){ .account = 78 };
    CHECK(get(f, file_address(f, "", &c, 2)).status == 404);
    f->actor = (struct actor){ .account = 79, .post = 1, .body = c.body + 1 };
    CHECK(get(f, file_address(f, "/desk", &c, 2)).status == 404);
    f->actor.body = c.body;
    CHECK(get(f, file_address(f, "/desk", &c, 2)).status == 200);
    CHECK(get(f, file_address(f, "/desk", &c, 9)).status == 404);
    f->actor = (struct actor){ 0 };
    CHECK(get(f, file_address(f, "", &c, 2)).status == 303); /* to sign in */
}

/* One phase of the sealing of document 2, by hand. */
static void phase(struct fixture *f, struct job *j, const char *which)
{
    const struct job_kind *k = &docs_module.jobs[0];
    if (which[0] == 'a') {
        struct cx cx = { .arena = &f->kept, .db = f->db, .app = &f->app };
        CHECK(k->after(&cx, j) == RC_OK);
        return;
    }
    struct cx cx = begin(f, f->db, &f->kept, which[0] == 's' ? WRITE : READ);
    CHECK(end(&cx, which[0] == 's' ? k->store(&cx, j) : k->run(&cx, j)) == RC_OK);
}

static void a_crash_before_the_row_leaves_the_document_to_be_sealed(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cases_case c = granted(f, LICENCE, &person);
    struct job j = { .root = c.id, .payload = STR("{\"n\":2}") };
    phase(f, &j, "run");
    phase(f, &j, "after"); /* the file is there, and nobody knows */
    CHECK(number(f, "SELECT COUNT(*) FROM docs_file") == 0);
    CHECK(number(f, "SELECT COUNT(*) FROM cases_document WHERE sealed_at IS NOT NULL") == 0);
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'document.sealed'") == 0);
    work(f);
    CHECK(number(f, "SELECT COUNT(*) FROM docs_file") == 2);
    CHECK(number(f, "SELECT COUNT(*) FROM cases_document WHERE sealed_at IS NOT NULL") == 2);
}

static void sealing_twice_keeps_one_file(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cases_case c = granted(f, LICENCE, &person);
    struct job one = { .root = c.id, .payload = STR("{\"n\":2}") }, two = one, three = one;
    struct docs_file first, last;
    phase(f, &one, "run");
    phase(f, &two, "run");
    phase(f, &one, "after");
    phase(f, &two, "after");
    phase(f, &one, "store");
    struct cx cx = begin(f, f->db, &f->kept, READ);
    CHECK(end(&cx, docs_file_get(&cx, c.id, 2, &first)) == RC_OK);
    phase(f, &two, "store");
    phase(f, &three, "run");
    phase(f, &three, "after");
    phase(f, &three, "store");
    cx = begin(f, f->db, &f->kept, READ);
    CHECK(end(&cx, docs_file_get(&cx, c.id, 2, &last)) == RC_OK);
    CHECK(str_eq(first.hash, last.hash));
    CHECK(number(f, "SELECT COUNT(*) FROM docs_file") == 1);
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'document.sealed'") == 1);
}

static void no_failure_leaves_half_a_seal(void **state)
{
    struct fixture *f = fixture_of(state);
    for (int n = 0; n < 30; n++) {
        granted(f, LICENCE, &person);
        sequence(f);
        db_fail_after(f->db, n);
        jobs_run_due(f->app.jobs, f->db, NOON_MS);
        db_fail_after(f->db, -1);
        int64_t files = number(f, "SELECT COUNT(*) FROM docs_file");
        CHECK(files == number(f, "SELECT COUNT(*) FROM cases_document WHERE sealed_at IS NOT NULL"));
        CHECK(files == number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'document.sealed'"));
    }
    db_set_clock(f->pool, NOON_MS + DAY_MS); /* failed tries have waited long enough */
    work(f);
    jobs_run_due(f->app.jobs, f->db, NOON_MS + 2 * DAY_MS);
    CHECK(number(f, "SELECT COUNT(*) FROM docs_file") == 60);
}

static void an_entry_about_nothing_does_not_stop_the_sealing(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cx cx = begin(f, f->db, &f->kept, WRITE);
    struct ledger_entry lost = { .root = 12345, .kind = "case.received", .body = STR("{}") };
    CHECK(end(&cx, ledger_append(&cx, &lost, NULL, NULL)) == RC_OK);
    granted(f, LICENCE, &firm);
    work(f);
    CHECK(number(f, "SELECT COUNT(*) FROM docs_file") == 2);
}

static void a_changed_file_is_not_handed_out(void **state)
{
    struct fixture *f = fixture_of(state);
    struct who w = person;
    w.account = account_make(f, 77);
    struct cases_case c = granted(f, LICENCE, &w);
    work(f);
    f->actor = (struct actor){ .account = 77 };
    shell(&f->kept, f->dir, "for f in files/*/*/*; do printf x >> $f; done");
    CHECK(get(f, file_address(f, "", &c, 2)).status == 500);
}

/* ---- numbers ------------------------------------------------------------------------------------------------------------------ */

struct decider {
    struct fixture *f;
    int             nr;
    int64_t         done;
};

/* Every third decision is given up after its number was taken. */
static void *decide(void *arg)
{
    struct decider *d = arg;
    struct arena a;
    struct db *db = db_session(d->f->pool);
    arena_init(&a, 256 << 20);
    for (int i = 0, tries = 0; i < DECISIONS && tries < TRIES; tries++) {
        struct cases_case c;
        bool gives_up = i % 3 == 2;
        struct cx cx = begin(d->f, db, &a, WRITE);
        enum rc rc = grant(&cx, LICENCE, &firm, &c);
        rc = end(&cx, rc ? rc : gives_up ? RC_CONFLICT : RC_OK);
        if (rc == RC_BUSY)
            continue;
        d->done += rc == RC_OK;
        i++;
    }
    db_give_back(db);
    arena_done(&a);
    return NULL;
}

static void numbers_have_no_gaps_with_eight_deciders_at_once(void **state)
{
    struct fixture *f = fixture_of(state);
    struct decider d[DECIDERS];
    pthread_t t[DECIDERS];
    int64_t done = 0;
    db_set_clock(f->pool, 0); /* ids and random bytes as in service */
    granted(f, LICENCE, &firm); /* the firm is known from here on */
    for (int i = 0; i < DECIDERS; i++) {
        d[i] = (struct decider){ .f = f, .nr = i };
        CHECK(pthread_create(&t[i], NULL, decide, &d[i]) == 0);
    }
    for (int i = 0; i < DECIDERS; i++) {
        pthread_join(t[i], NULL);
        done += d[i].done;
    }
    CHECK(done == DECIDERS * DECISIONS * 2 / 3);
    CHECK(number(f, "SELECT COUNT(*) FROM cases_document WHERE kind = 'grant'") == done + 1);
    CHECK(number(f, "SELECT last FROM cases_document_counter WHERE kind = 'grant'") == done + 1);
    CHECK(number(f, "SELECT COUNT(DISTINCT number) FROM cases_document WHERE kind = 'grant'") == done + 1);
}

/* What stands in the address on the paper. */
static struct str printed_part(struct arena *a, struct str hash)
{
    return str_sub(hex(a, hash.p, hash.n), 0, 16);
}

/* ---- checking ------------------------------------------------------------------------------------------------------------------ */

static const char *check_address(struct fixture *f, struct str no, struct str h)
{
    return arena_fmt(&f->kept, "%s&h=" STR_F, fixture_address(f, "/verify", "n", no), STR_A(h)).p;
}

static void a_paper_is_checked_by_its_number_and_hash(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cases_case c = granted(f, LICENCE, &person);
    struct cases_document d = document(f, c.id, 2), receipt = document(f, c.id, 1);
    struct str h = printed_part(&f->kept, d.hash);
    struct answer a = get(f, check_address(f, d.number, h));
    CHECK(a.status == 200 && answer_has(&a, "有效") && answer_has(&a, "准予决定书") && answer_has(&a, "正在签章"));
    CHECK(answer_has(&a, "欧**") && !answer_has(&a, "欧阳小梅"));
    work(f);
    a = get(f, check_address(f, d.number, h));
    CHECK(answer_has(&a, "已签章") && answer_has(&a, "/ledger/receipt/"));
    a = get_json(f, check_address(f, d.number, h));
    CHECK(a.status == 200 && answer_has(&a, "\"found\":true"));
    CHECK(answer_has(&a, "\"state\":\"valid\"") && answer_has(&a, "\"sealed\":true"));
    struct str grouped = document(f, c.id, 1).number;
    grouped = arena_fmt(&f->kept, STR_F "-" STR_F, STR_A(str_sub(grouped, 0, 6)), STR_A(str_sub(grouped, 6, grouped.n)));
    a = get(f, check_address(f, grouped, printed_part(&f->kept, receipt.hash)));
    CHECK(a.status == 200 && answer_has(&a, "收件凭证"));
}

static void a_wrong_number_and_a_wrong_hash_get_the_same_answer(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cases_case c = granted(f, LICENCE, &person);
    struct cases_document d = document(f, c.id, 2);
    struct str h = printed_part(&f->kept, d.hash), wrong = STR("0123456789abcdef");
    struct answer a = get_json(f, check_address(f, d.number, wrong));
    struct str one = arena_str(&f->kept, a.body);
    CHECK(a.status == 404 && answer_has(&a, "\"found\":false"));
    a = get_json(f, check_address(f, STR("市场监管局准〔2026〕99999号"), h));
    CHECK(a.status == 404 && str_eq(a.body, one));
    a = get_json(f, check_address(f, d.number, str_sub(h, 0, 15)));
    CHECK(a.status == 404 && str_eq(a.body, one));
    a = get_json(f, check_address(f, d.number, STR("")));
    CHECK(a.status == 404 && str_eq(a.body, one));
    a = get(f, check_address(f, d.number, wrong));
    CHECK(a.status == 404 && answer_has(&a, "没有查到") && !answer_has(&a, "准予决定书"));
    CHECK(get(f, "/verify").status == 200);
}

static void a_file_is_checked_by_its_fingerprint(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cases_case c = granted(f, LICENCE, &firm);
    struct docs_file file;
    work(f);
    struct cx cx = begin(f, f->db, &f->kept, READ);
    CHECK(end(&cx, docs_file_get(&cx, c.id, 2, &file)) == RC_OK);
    struct str fingerprint = hex(&f->kept, file.hash.p, file.hash.n);
    FILE *out = fopen(arena_fmt(&f->kept, "%s/fingerprint", f->dir).p, "w");
    CHECK(out && fwrite(fingerprint.p, 1, fingerprint.n, out) == fingerprint.n && fclose(out) == 0);
    struct answer a = get(f, arena_fmt(&f->kept, "/verify?f=" STR_F, STR_A(fingerprint)).p);
    CHECK(a.status == 200 && answer_has(&a, "准予决定书") && answer_has(&a, "示例县凤城酒家"));
    CHECK_STR(shell(&f->kept, f->dir, "openssl dgst -sm3 -r files/*/*/* | cut -c 1-64 | grep -x -f fingerprint"),
              arena_fmt(&f->kept, STR_F "\n", STR_A(fingerprint)).p);
    a = get(f, "/verify?f=0000000000000000000000000000000000000000000000000000000000000000");
    CHECK(a.status == 404 && answer_has(&a, "没有查到"));
    CHECK(get(f, "/verify?f=xyz").status == 404);
}

static void a_record_that_was_changed_is_not_called_valid(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cases_case c = granted(f, LICENCE, &person);
    struct cases_document d = document(f, c.id, 2);
    const char *text = "UPDATE cases_document SET fields = REPLACE(fields, '欧阳', '诸葛')";
    const struct sql q = { "test", text, text, 0 };
    struct cx cx = begin(f, f->db, &f->kept, WRITE);
    CHECK(end(&cx, db_exec(&cx, &q, NO_ARGS, NULL)) == RC_OK);
    struct answer a = get(f, check_address(f, d.number, printed_part(&f->kept, d.hash)));
    CHECK(a.status == 200 && answer_has(&a, "记录有异常") && !answer_has(&a, "内容没有改动"));
}

static void guessing_is_slowed_down(void **state)
{
    struct fixture *f = fixture_of(state);
    int status = 0;
    for (int i = 0; i < 40 && status != 429; i++)
        status = get(f, "/verify?n=1&h=0123456789abcdef").status;
    CHECK(status == 429);
}

/* ---- decisions ------------------------------------------------------------------------------------------------------------------ */

static void the_public_list_holds_licences_with_masked_names_only(void **state)
{
    struct fixture *f = fixture_of(state);
    struct cases_case c;
    granted(f, LICENCE, &person);
    granted(f, LICENCE, &firm);
    granted(f, SERVICE, &person);
    struct cx cx = begin(f, f->db, &f->kept, WRITE);
    CHECK(end(&cx, apply(&cx, LICENCE, &person, &c)) == RC_OK); /* not decided */
    work(f);
    struct answer a = get(f, "/decisions");
    CHECK(a.status == 200 && answer_has(&a, "申请增加、减少证照") && answer_has(&a, "示例县凤城酒家"));
    CHECK(answer_has(&a, "欧**") && !answer_has(&a, "欧阳小梅") && !answer_has(&a, "档案查阅"));
    CHECK(number(f, "SELECT COUNT(*) FROM docs_decision") == 2);
    a = get_json(f, "/decisions");
    CHECK(a.status == 200 && answer_has(&a, "\"holder\":\"欧**\"") && !answer_has(&a, "case_id"));
}

static void the_public_list_goes_on_page_by_page(void **state)
{
    struct fixture *f = fixture_of(state);
    for (int i = 0; i < 53; i++)
        granted(f, LICENCE, &firm);
    sequence(f);
    struct cx cx = begin(f, f->db, &f->kept, WRITE);
    struct job j = { 0 };
    enum rc rc = RC_OK;
    do
        rc = docs_module.jobs[1].run(&cx, &j); /* the reader alone: 106 files need not be sealed for this */
    while (!rc && j.again);
    CHECK(end(&cx, rc) == RC_OK);
    struct answer a = get_json(f, "/decisions");
    ptrdiff_t at = str_find(a.body, STR("\"next\":\""));
    struct str next = str_sub(a.body, (size_t)at + 8, 80);
    next = str_cut(&next, '"');
    CHECK(at > 0 && next.n > 10);
    a = get_json(f, arena_fmt(&f->kept, "/decisions?before=" STR_F, STR_A(next)).p);
    CHECK(answer_has(&a, "00003号") && answer_has(&a, "00001号") && !answer_has(&a, "00004号") && answer_has(&a, "\"next\":null"));
    CHECK(get_json(f, "/decisions?before=nonsense").status == 200);
}

#define BOTH(f) ON_BOTH(f, on_sqlite, on_postgres)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(seals_what_was_issued_and_gives_the_file_to_its_owner),
        BOTH(what_is_frozen_is_canonical),
        BOTH(pages_show_whether_the_file_is_sealed),
        BOTH(nobody_else_gets_the_file),
        BOTH(a_crash_before_the_row_leaves_the_document_to_be_sealed),
        BOTH(sealing_twice_keeps_one_file),
        BOTH(no_failure_leaves_half_a_seal),
        BOTH(an_entry_about_nothing_does_not_stop_the_sealing),
        BOTH(a_changed_file_is_not_handed_out),
        BOTH(numbers_have_no_gaps_with_eight_deciders_at_once),
        BOTH(a_paper_is_checked_by_its_number_and_hash),
        BOTH(a_wrong_number_and_a_wrong_hash_get_the_same_answer),
        BOTH(a_file_is_checked_by_its_fingerprint),
        BOTH(a_record_that_was_changed_is_not_called_valid),
        BOTH(guessing_is_slowed_down),
        BOTH(the_public_list_holds_licences_with_masked_names_only),
        BOTH(the_public_list_goes_on_page_by_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
