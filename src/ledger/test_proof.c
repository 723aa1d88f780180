/* test_proof.c - sequencing, heads, the file of heads, proofs from the database, receipts. */
#include "test_help_ledger.h"

#include <sys/stat.h>

enum { ENTRIES = 70, THREADS = 4, PER_THREAD = 60 };
#define T0 INT64_C(1790000000000)

/* ---- order -------------------------------------------------------------------------------------------------------- */

static void entries_get_their_place_in_order_of_id(void **state)
{
    struct fixture *f = fixture_of(state);
    struct list l = { 0 };
    int64_t n = -1;
    bool waiting = true;
    for (int i = 0; i < 10; i++)
        append_one(&f->cx, 1, i);
    CHECK(sequence_all(&f->cx, 3) == 10);
    unit_open(&f->cx, WRITE);
    CHECK(ledger_is_waiting(&f->cx, &waiting) == RC_OK && !waiting);
    CHECK(ledger_sequence(&f->cx, 10, &n) == RC_OK && n == 0);
    CHECK(ledger_next(&f->cx, "r", 4, &l) == RC_OK && l.n == 4);
    CHECK(ledger_cursor_set(&f->cx, "r", ((struct ledger_row *)l.v)[3].seq) == RC_OK);
    CHECK(ledger_next(&f->cx, "r", 100, &l) == RC_OK && l.n == 6);
    const struct ledger_row *r = l.v;
    for (size_t i = 0; i < l.n; i++)
        CHECK(r[i].seq == (int64_t)i + 5 && (i == 0 || r[i].id > r[i - 1].id));
    CHECK(ledger_list(&f->cx, 1, 0, &l) == RC_OK && l.n == 10 && ((struct ledger_row *)l.v)[9].seq == 10);
    unit_close(&f->cx);
}

struct worker {
    struct fixture *f;
    pthread_t       thread;
    bool            sequences;
    int64_t         placed;
    int            *running;
    char            why[100];
};

/* No CHECK in threads: cmocka would jump out of them. */
static enum rc one_unit(struct cx *cx, bool sequences, int64_t *out_n)
{
    struct ledger_entry e = { .root = 1, .kind = "case.step", .body = STR("{}") };
    enum rc rc = db_begin(cx->db, WRITE);
    if (rc)
        return rc;
    cx->now = db_now(cx->db);
    *out_n = 1;
    rc = sequences ? ledger_sequence(cx, 20, out_n) : ledger_append(cx, &e, NULL, NULL);
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    return rc ? rc : db_wait(cx->db);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct arena a;
    arena_init(&a, 64 << 20);
    struct cx cx = { .arena = &a, .db = db_session(w->f->pool) };
    for (int i = 0; w->sequences ? __atomic_load_n(w->running, __ATOMIC_ACQUIRE) > 0 : i < PER_THREAD; i++) {
        int64_t n = 0;
        enum rc rc = one_unit(&cx, w->sequences, &n);
        if (rc)
            snprintf(w->why, sizeof w->why, "outcome %d", (int)rc);
        w->placed += rc ? 0 : n;
        arena_reset(&a);
    }
    if (!w->sequences)
        __atomic_fetch_sub(w->running, 1, __ATOMIC_RELEASE);
    db_give_back(cx.db);
    arena_done(&a);
    return NULL;
}

static void two_sequencers_beside_writers_place_everything_once(void **state)
{
    struct fixture *f = fixture_of(state);
    struct worker w[THREADS + 2];
    struct ledger_report report;
    int running = THREADS;
    int64_t placed = 0;
    for (int i = 0; i < THREADS + 2; i++) {
        w[i] = (struct worker){ .f = f, .sequences = i >= THREADS, .running = &running };
        pthread_create(&w[i].thread, NULL, work, &w[i]);
    }
    for (int i = 0; i < THREADS + 2; i++) {
        pthread_join(w[i].thread, NULL);
        CHECK_STR(str_c(w[i].why), "");
        placed += w[i].sequences ? w[i].placed : 0;
    }
    placed += sequence_all(&f->cx, 100);
    CHECK(placed == THREADS * PER_THREAD);
    unit_open(&f->cx, READ);
    CHECK(ledger_verify(&f->cx, &(struct ledger_outside){ 0 }, &report) == RC_OK);
    unit_close(&f->cx);
    CHECK(report.faults.n == 0 && report.sequenced == placed && report.waiting == 0);
}

/* ---- heads -------------------------------------------------------------------------------------------------------- */

static void a_head_is_signed_once_for_a_size_and_not_too_often(void **state)
{
    struct fixture *f = fixture_of(state);
    struct ledger_head h, again;
    struct ledger_key *k = test_key("heads");
    db_set_clock(f->pool, T0);
    CHECK(ledger_head_make(&f->cx, k, &h) == RC_NOT_FOUND); /* nothing there */
    append_one(&f->cx, 1, 1);
    CHECK(ledger_head_make(&f->cx, k, &h) == RC_NOT_FOUND); /* not placed */
    sequence_all(&f->cx, 10);
    CHECK(ledger_head_make(&f->cx, k, &h) == RC_OK && h.size == 1);
    CHECK(ledger_head_make(&f->cx, k, &again) == RC_NOT_FOUND);
    append_one(&f->cx, 1, 2);
    sequence_all(&f->cx, 10);
    db_set_clock(f->pool, T0 + LEDGER_HEAD_MS - 1);
    CHECK(ledger_head_make(&f->cx, k, &again) == RC_NOT_FOUND);
    db_set_clock(f->pool, T0 + LEDGER_HEAD_MS);
    CHECK(ledger_head_make(&f->cx, k, &again) == RC_OK && again.size == 2);
    unit_open(&f->cx, WRITE);
    CHECK(ledger_head_add(&f->cx, k, &h) == RC_CONFLICT);
    CHECK(db_rollback(f->cx.db, RC_CONFLICT) == RC_CONFLICT);
    db_set_clock(f->pool, T0 - 5000); /* a clock set back does not stop the heads */
    append_one(&f->cx, 1, 4);
    sequence_all(&f->cx, 10);
    CHECK(ledger_head_make(&f->cx, k, &again) == RC_OK && again.size == 3);
    ledger_key_close(k);
}

static void a_key_is_made_once_and_for_the_owner_only(void **state UNUSED)
{
    AUTO(arena_done) struct arena a;
    struct stat st;
    char path[100];
    arena_init(&a, 1 << 20);
    snprintf(path, sizeof path, "/tmp/tongban-key-%d-own.pem", (int)getpid());
    struct ledger_key *k = ledger_key_open(path), *same = ledger_key_open(path), *other = test_key("other");
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
    struct str der = ledger_key_public(k, &a), text = STR("text"), sig = ledger_key_sign(k, text, &a);
    CHECK(str_eq(der, ledger_key_public(same, &a)) && !str_eq(der, ledger_key_public(other, &a)));
    CHECK(ledger_key_id(der, &a).n == LEDGER_KEY_ID);
    struct ledger_key *pub = ledger_key_parse(der);
    CHECK(pub && ledger_key_check(pub, text, sig) && ledger_key_check(same, text, sig));
    CHECK(!ledger_key_check(pub, STR("texT"), sig) && !ledger_key_check(other, text, sig));
    CHECK(!ledger_key_check(pub, text, str_sub(sig, 0, sig.n - 1)) && !ledger_key_check(pub, text, STR_NONE));
    CHECK(!ledger_key_parse(str_sub(der, 0, der.n - 1)) && !ledger_key_parse(STR_NONE) && !ledger_key_parse(STR("0")));
    FILE *file = fopen(path, "w");
    fputs("no key\n", file);
    fclose(file);
    CHECK(!ledger_key_open(path)); /* never replaced */
    unlink(path);
    ledger_key_close(k);
    ledger_key_close(same);
    ledger_key_close(other);
    ledger_key_close(pub);
}

static struct str file_text(struct arena *a, const char *path)
{
    char *p = arena_alloc(a, 1 << 20);
    FILE *f = fopen(path, "r");
    struct str s = { p, fread(p, 1, 1 << 20, f) };
    fclose(f);
    return s;
}

static size_t lines_of(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

static void grow(struct fixture *f, const struct ledger_key *k, int n, int64_t *clock_ms)
{
    struct ledger_head h;
    for (int i = 0; i < n; i++) {
        db_set_clock(f->pool, *clock_ms += LEDGER_HEAD_MS);
        append_one(&f->cx, 1, i);
        sequence_all(&f->cx, 100);
        CHECK(ledger_head_make(&f->cx, k, &h) == RC_OK);
    }
}

static void the_file_of_heads_follows_and_mends_a_torn_line(void **state)
{
    struct fixture *f = fixture_of(state);
    struct ledger_key *k = test_key("file");
    struct ledger_head h;
    int64_t clock_ms = T0, n = -1;
    char path[100];
    snprintf(path, sizeof path, "/tmp/tongban-heads-%d.jsonl", (int)getpid());
    unlink(path);
    CHECK(ledger_heads_keep(&f->cx, path, &n) == RC_OK && n == 0);
    grow(f, k, 3, &clock_ms);
    CHECK(ledger_heads_keep(&f->cx, path, &n) == RC_OK && n == 3);
    CHECK(ledger_heads_keep(&f->cx, path, &n) == RC_OK && n == 0);
    struct str text = file_text(&f->arena, path), line = str_cut(&text, '\n');
    CHECK(ledger_head_parse(line, &f->arena, &h) == RC_OK && h.size == 1 && h.signature.n > 60);
    CHECK(ledger_key_check(k, ledger_head_text(&f->arena, &h), h.signature));
    struct str whole = file_text(&f->arena, path);
    CHECK(truncate(path, (off_t)whole.n - 40) == 0); /* the power went while the third was written */
    grow(f, k, 1, &clock_ms);
    CHECK(ledger_heads_keep(&f->cx, path, &n) == RC_OK && n == 2);
    struct str mended = file_text(&f->arena, path);
    CHECK(lines_of(mended) == 4 && str_starts(mended, whole));
    FILE *file = fopen(path, "a");
    fputs("scribble\n", file);
    fclose(file);
    CHECK(ledger_heads_keep(&f->cx, path, &n) == RC_FAILED); /* not ours to repair */
    CHECK(ledger_heads_keep(&f->cx, "/nowhere/heads", &n) == RC_FAILED);
    unlink(path);
    ledger_key_close(k);
}

/* ---- proofs ------------------------------------------------------------------------------------------------------- */

static struct digest leaf_of(struct fixture *f, int64_t id)
{
    struct ledger_row r;
    struct digest hash;
    CHECK(ledger_get(&f->cx, id, &r) == RC_OK && digest_from(r.hash, &hash));
    return merkle_leaf(&hash);
}

static void stored_subtrees_prove_every_leaf_of_every_size(void **state)
{
    struct fixture *f = fixture_of(state);
    int64_t ids[ENTRIES], index = -1;
    struct digest roots[ENTRIES + 1], leaf, made[MERKLE_PATH_MAX];
    struct merkle_tree t = { 0 };
    struct merkle_path p;
    for (int i = 0; i < ENTRIES; i++) {
        ids[i] = append_one(&f->cx, 1, i);
        if (i % 7 == 0)
            sequence_all(&f->cx, 5); /* in batches that cut subtrees anywhere */
    }
    sequence_all(&f->cx, 5);
    unit_open(&f->cx, READ);
    for (int n = 1; n <= ENTRIES; n++) {
        leaf = leaf_of(f, ids[n - 1]);
        merkle_add(&t, &leaf, made);
        roots[n] = merkle_root(&t);
    }
    for (int n = 1; n <= ENTRIES; n++)
        for (int i = 0; i < n; i++) {
            leaf = leaf_of(f, ids[i]);
            CHECK(ledger_proof(&f->cx, ids[i], n, &p, &index) == RC_OK && index == i);
            CHECK(merkle_inclusion_check(&leaf, (struct leaves){ i, n }, &p, &roots[n]));
            CHECK(ledger_consistency(&f->cx, i + 1, n, &p) == RC_OK);
            CHECK(merkle_consistency_check((struct leaves){ i + 1, n }, &p, &roots[i + 1], &roots[n]));
        }
    CHECK(ledger_proof(&f->cx, ids[9], 9, &p, &index) == RC_NOT_FOUND);
    CHECK(ledger_proof(&f->cx, 12345, ENTRIES, &p, &index) == RC_NOT_FOUND);
    CHECK(ledger_consistency(&f->cx, 1, ENTRIES + 1, &p) == RC_NOT_FOUND);
    CHECK(ledger_consistency(&f->cx, 0, 1, &p) == RC_NOT_FOUND);
    unit_close(&f->cx);
}

/* ---- receipts ----------------------------------------------------------------------------------------------------- */

static struct str receipt(struct fixture *f, int64_t id)
{
    struct buf b;
    buf_init(&b, &f->arena, 2000);
    unit_open(&f->cx, READ);
    CHECK(ledger_receipt_write(&f->cx, id, &b) == RC_OK);
    unit_close(&f->cx);
    return buf_view(&b);
}

static void a_receipt_follows_until_a_head_is_signed(void **state)
{
    struct fixture *f = fixture_of(state);
    struct ledger_receipt r;
    struct ledger_head h;
    struct buf b;
    struct ledger_key *k = test_key("receipt");
    int64_t id = append_one(&f->cx, 1, 1);
    struct str text = receipt(f, id);
    CHECK(str_find(text, STR("\"proof\":\"follows\"}")) > 0);
    CHECK(ledger_receipt_check(text, &f->arena, &r) == RECEIPT_FOLLOWS && r.entry == id && r.hash.n == 64);
    sequence_all(&f->cx, 10);
    CHECK(ledger_receipt_check(receipt(f, id), &f->arena, &r) == RECEIPT_FOLLOWS);
    CHECK(ledger_head_make(&f->cx, k, &h) == RC_OK);
    CHECK(ledger_receipt_check(receipt(f, id), &f->arena, &r) == RECEIPT_PROVEN);
    CHECK(r.entry == id && r.seq == 1 && r.size == 1 && r.at.ms == h.at.ms && str_eq(r.key_id, h.key_id));
    int64_t later = append_one(&f->cx, 1, 2); /* placed, but after the last head */
    sequence_all(&f->cx, 10);
    CHECK(ledger_receipt_check(receipt(f, later), &f->arena, &r) == RECEIPT_FOLLOWS);
    buf_init(&b, &f->arena, 100);
    unit_open(&f->cx, READ);
    CHECK(ledger_receipt_write(&f->cx, later + 1, &b) == RC_NOT_FOUND);
    unit_close(&f->cx);
    ledger_key_close(k);
}

/* Every byte of a receipt counts, except blanks and what only names things. */
static void a_changed_receipt_proves_nothing(void **state)
{
    struct fixture *f = fixture_of(state);
    struct ledger_key *k = test_key("changed");
    struct ledger_head h;
    struct ledger_receipt r;
    int64_t ids[11];
    for (int i = 0; i < 11; i++)
        ids[i] = append_one(&f->cx, 1, i);
    sequence_all(&f->cx, 100);
    CHECK(ledger_head_make(&f->cx, k, &h) == RC_OK);
    struct str text = receipt(f, ids[4]), key = STR("\"entry\":");
    size_t entry_from = (size_t)str_find(text, key) + key.n, entry_to = entry_from + 16, proven = 0;
    CHECK(ledger_receipt_check(text, &f->arena, &r) == RECEIPT_PROVEN);
    for (size_t i = 0; i < text.n; i++) {
        struct arena_mark m = arena_mark(&f->arena);
        char *p = (char *)arena_str(&f->arena, text).p;
        p[i] = p[i] == '1' ? '2' : '1';
        bool is_id = i >= entry_from && i < entry_to; /* the id is a name: the hash covers it, and who has the entry sees */
        bool ok = ledger_receipt_check((struct str){ p, text.n }, &f->arena, &r) == RECEIPT_PROVEN;
        if (ok && !is_id)
            proven++;
        arena_rewind(&f->arena, m);
    }
    CHECK(proven == 0);
    for (size_t n = 0; n < text.n; n++)
        CHECK(ledger_receipt_check(str_sub(text, 0, n), &f->arena, &r) == RECEIPT_MALFORMED);
    ledger_key_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER_ON_BOTH(entries_get_their_place_in_order_of_id),
        LEDGER_ON_BOTH(two_sequencers_beside_writers_place_everything_once),
        LEDGER_ON_BOTH(a_head_is_signed_once_for_a_size_and_not_too_often),
        SENTENCE(a_key_is_made_once_and_for_the_owner_only),
        LEDGER_ON_BOTH(the_file_of_heads_follows_and_mends_a_torn_line),
        LEDGER_ON_BOTH(stored_subtrees_prove_every_leaf_of_every_size),
        LEDGER_ON_BOTH(a_receipt_follows_until_a_head_is_signed),
        LEDGER_ON_SQLITE(a_changed_receipt_proves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
