/* cli_ledger.c - the verb `tongban ledger`. */
#include "app/cli_ledger.h"

#include "all_messages.h"
#include "base/conf.h"
#include "base/json.h"
#include "ledger/ledger.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEADS_FILE_MAX = 1 << 30 };
#define WORK_ARENA ((size_t)3 << 30)

static const char usage[] = "verify [HEADS_FILE] | head | check-receipt FILE [KEY_ID]";

/* Texts and memory of one run. */
struct ledger_run {
    struct arena   a;
    struct texts  *texts;
    const struct options *o;
};

static void say(struct ledger_run *r, FILE *f, const char *key, struct str one, struct str two)
{
    struct buf b;
    buf_init(&b, &r->a, 200);
    texts_put(r->texts, &b, LOCALE_ZH_CN, str_c(key), one, two);
    fprintf(f, STR_F "\n", STR_A(buf_view(&b)));
}

static struct str number(struct ledger_run *r, int64_t n)
{
    return arena_fmt(&r->a, "%lld", (long long)n);
}

static void put_json(struct ledger_run *r, const struct record *rec, const void *v)
{
    struct buf b;
    buf_init(&b, &r->a, 4096);
    json_write(&b, rec, v);
    printf(STR_F "\n", STR_A(buf_view(&b)));
}

/* ---- verify ------------------------------------------------------------------------------------------------------- */

/* False with the reason said if the named file cannot be read. The one of the data directory may be absent. */
static bool heads_read(struct ledger_run *r, const struct start *s, struct str *out)
{
    const char *named = r->o->nwords > 1 ? r->o->words[1] : NULL;
    struct str path = named ? str_c(named) : arena_fmt(&r->a, STR_F "/ledger/heads.jsonl", STR_A(s->app.config.data));
    *out = STR_NONE;
    if (!named && access(path.p, F_OK))
        return true;
    if (file_read(path.p, HEADS_FILE_MAX, &r->a, out) == RC_OK)
        return true;
    say(r, stderr, "ledger.cli_file", path, STR(""));
    return false;
}

static void report_say(struct ledger_run *r, const struct ledger_report *rep)
{
    const struct ledger_fault *f = rep->faults.v;
    for (size_t i = 0; i < rep->faults.n; i++)
        say(r, stdout, arena_str(&r->a, f[i].key).p, f[i].one, f[i].two);
    if (rep->more_faults)
        say(r, stdout, "ledger.cli_more", number(r, rep->more_faults), STR(""));
    say(r, stdout, "ledger.cli_counts", number(r, rep->sequenced), number(r, rep->waiting));
    say(r, stdout, "ledger.cli_heads", number(r, rep->heads), number(r, rep->file_heads));
    say(r, stdout, "ledger.cli_details", number(r, rep->details), number(r, rep->erased));
    if (rep->key_id.p)
        say(r, stdout, "ledger.cli_key", rep->key_id, number(r, rep->signed_size));
    say(r, stdout, "ledger.cli_unproven", number(r, rep->unproven), number(r, rep->kept_size));
    say(r, stdout, rep->faults.n ? "ledger.cli_bad" : "ledger.cli_good", number(r, (int64_t)rep->faults.n + rep->more_faults),
        STR(""));
}

static int verify(struct ledger_run *r, struct start *s)
{
    struct ledger_outside outside = { .key_id = STR_NONE };
    struct ledger_report rep = { 0 };
    struct cx cx;
    if (!heads_read(r, s, &outside.heads))
        return 1;
    if (s->app.ledger_key)
        outside.key_id = ledger_key_id(ledger_key_public(s->app.ledger_key, &r->a), &r->a);
    enum rc rc = unit_begin(s, READ, &r->a, &cx);
    if (!rc)
        rc = unit_end(&cx, ledger_verify(&cx, &outside, &rep));
    if (rc) {
        say(r, stderr, "ledger.cli_database", STR(""), STR(""));
        return 1;
    }
    if (r->o->json)
        put_json(r, &LEDGER_REPORT, &rep);
    else
        report_say(r, &rep);
    return rep.faults.n ? 1 : 0;
}

/* ---- head --------------------------------------------------------------------------------------------------------- */

static int head(struct ledger_run *r, struct start *s)
{
    struct ledger_head h;
    struct buf b;
    struct cx cx;
    enum rc rc = unit_begin(s, READ, &r->a, &cx);
    if (!rc)
        rc = unit_end(&cx, ledger_head_last(&cx, &h));
    if (rc) {
        say(r, stderr, rc == RC_NOT_FOUND ? "ledger.cli_no_head" : "ledger.cli_database", STR(""), STR(""));
        return 1;
    }
    buf_init(&b, &r->a, 500);
    if (r->o->json)
        ledger_head_write(&b, &h);
    else
        buf_fmt(&b, STR_F "key " STR_F, STR_A(ledger_head_text(&r->a, &h)), STR_A(h.key_id));
    printf(STR_F "\n", STR_A(buf_view(&b)));
    return 0;
}

/* ---- check-receipt ------------------------------------------------------------------------------------------------ */

static const char *const state_keys[RECEIPT_STATES] = {
    [RECEIPT_PROVEN] = "ledger.receipt_proven",       [RECEIPT_FOLLOWS] = "ledger.receipt_follows",
    [RECEIPT_MALFORMED] = "ledger.receipt_malformed", [RECEIPT_WRONG_PATH] = "ledger.receipt_wrong_path",
    [RECEIPT_WRONG_SIGNATURE] = "ledger.receipt_wrong_signature",
};

struct receipt_answer {
    struct str  state;
    int64_t     entry, seq, size;
    struct str  hash, key_id;
    struct when at;
};
static const struct field answer_fields[] = {
    FIELD(struct receipt_answer, state), FIELD(struct receipt_answer, entry),  FIELD(struct receipt_answer, seq),
    FIELD(struct receipt_answer, size),  FIELD(struct receipt_answer, hash),   FIELD(struct receipt_answer, key_id),
    FIELD(struct receipt_answer, at),
};
static const struct record ANSWER = RECORD(struct receipt_answer, answer_fields);

static void receipt_say(struct ledger_run *r, const char *key, const struct ledger_receipt *rc)
{
    struct buf at;
    if (r->o->json) {
        struct receipt_answer a = { str_c(key), rc->entry, rc->seq, rc->size, rc->hash, rc->key_id, rc->at };
        put_json(r, &ANSWER, &a);
        return;
    }
    say(r, stdout, key, number(r, rc->entry), number(r, rc->seq));
    if (!str_is(str_c(key), "ledger.receipt_proven"))
        return;
    buf_init(&at, &r->a, 40);
    buf_when(&at, rc->at.ms);
    say(r, stdout, "ledger.receipt_key", rc->key_id, buf_view(&at));
}

static int check_receipt(struct ledger_run *r)
{
    struct ledger_receipt receipt;
    struct str text;
    const char *path = r->o->nwords > 1 ? r->o->words[1] : NULL, *key_id = r->o->nwords > 2 ? r->o->words[2] : NULL;
    if (!path || file_read(path, LEDGER_RECEIPT_MAX, &r->a, &text)) {
        say(r, stderr, path ? "ledger.cli_file" : "ledger.cli_needs_file", str_c(path), STR(""));
        return 1;
    }
    enum ledger_receipt_state state = ledger_receipt_check(text, &r->a, &receipt);
    bool other_key = state == RECEIPT_PROVEN && key_id && !str_is(receipt.key_id, key_id);
    receipt_say(r, other_key ? "ledger.receipt_other_key" : state_keys[state], &receipt);
    return state == RECEIPT_PROVEN && !other_key ? 0 : 1;
}

/* ---- the verb ----------------------------------------------------------------------------------------------------- */

static int with_database(struct ledger_run *r, int (*run)(struct ledger_run *r, struct start *s))
{
    struct start s;
    int status = 1;
    if (start_open(&s, r->o, true) && start_schema_ok(&s))
        status = run(r, &s);
    start_close(&s);
    return status;
}

static int run(struct ledger_run *r)
{
    const char *word = r->o->nwords ? r->o->words[0] : "";
    if (!strcmp(word, "verify"))
        return with_database(r, verify);
    if (!strcmp(word, "head"))
        return with_database(r, head);
    if (!strcmp(word, "check-receipt"))
        return check_receipt(r);
    fprintf(stderr, "usage: tongban ledger %s\n", usage);
    return 1;
}

int cli_ledger(const struct options *o)
{
    struct ledger_run r = { .o = o };
    arena_init(&r.a, WORK_ARENA);
    r.texts = texts_open(&r.a);
    texts_add(r.texts, all_messages, all_nmessages);
    int status = run(&r);
    arena_done(&r.a);
    return status;
}
