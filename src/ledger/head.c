/* head.c - signed heads: finding what is due, signing, storing, and the file outside the database. */
#include "base/json.h"
#include "base/log.h"
#include "ledger/ledger_priv.h"
#include "ledger_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const struct field head_fields[] = {
    FIELD(struct ledger_head, size), FIELD(struct ledger_head, root),   FIELD(struct ledger_head, chain),
    FIELD(struct ledger_head, at),   FIELD(struct ledger_head, key_id), FIELD(struct ledger_head, signature),
};
const struct record LEDGER_HEAD = RECORD(struct ledger_head, head_fields);

struct key_row {
    struct str  id, public_key;
    struct when since;
};
static const struct field key_fields[] = {
    FIELD(struct key_row, id),
    FIELD(struct key_row, public_key),
    FIELD(struct key_row, since),
};
static const struct record KEY_ROW = RECORD(struct key_row, key_fields);

/* ---- the next head -------------------------------------------------------------------------------------------------- */

enum rc ledger_head_last(struct cx *cx, struct ledger_head *out)
{
    return db_one(cx, &sql_ledger_head_last, NO_ARGS, &LEDGER_HEAD, out);
}

static enum rc head_fill(struct cx *cx, const struct ledger_place *last, struct ledger_head *out)
{
    struct digest root;
    enum rc rc = ledger_span_get(cx, (struct leaves){ 0, last->seq }, &root);
    if (rc == RC_NOT_FOUND) {
        log_error("the tree of the ledger has holes; run `tongban ledger verify`");
        return RC_FAILED;
    }
    if (rc)
        return rc;
    *out = (struct ledger_head){ .size = last->seq, .root = arena_str(cx->arena, digest_str(&root)), .chain = last->chain,
                                 .at = { cx->now } };
    return RC_OK;
}

enum rc ledger_head_find_due(struct cx *cx, struct ledger_head *out)
{
    struct ledger_head signed_last = { 0 };
    struct ledger_place last;
    enum rc rc = ledger_head_last(cx, &signed_last);
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    rc = ledger_place_last(cx, &last);
    if (rc)
        return rc;
    int64_t age_ms = cx->now - signed_last.at.ms;
    if (last.seq <= signed_last.size || (age_ms >= 0 && age_ms < LEDGER_HEAD_MS))
        return RC_NOT_FOUND;
    return head_fill(cx, &last, out);
}

/* ---- signing and storing ---------------------------------------------------------------------------------------------- */

struct str ledger_head_text(struct arena *a, const struct ledger_head *h)
{
    struct str root = hex(a, h->root.p, h->root.n), chain = hex(a, h->chain.p, h->chain.n);
    return arena_fmt(a, "tongban-ledger-head/1\nsize %lld\nroot " STR_F "\nchain " STR_F "\nat %lld\n", (long long)h->size,
                     STR_A(root), STR_A(chain), (long long)h->at.ms);
}

void ledger_head_sign(const struct ledger_key *k, struct arena *a, struct ledger_head *h)
{
    h->key_id = ledger_key_id(ledger_key_public(k, a), a);
    h->signature = ledger_key_sign(k, ledger_head_text(a, h), a);
}

enum rc ledger_head_add(struct cx *cx, const struct ledger_key *k, const struct ledger_head *h)
{
    struct str der = ledger_key_public(k, cx->arena);
    int64_t added = 0;
    enum rc rc = db_exec(cx, &sql_ledger_key_add, ARGS(v_str(h->key_id), v_bytes(der.p, der.n), v_i64(cx->now)), NULL);
    if (!rc)
        rc = db_exec(cx, &sql_ledger_head_add,
                     ARGS(v_i64(h->size), v_bytes(h->root.p, h->root.n), v_bytes(h->chain.p, h->chain.n), v_i64(h->at.ms),
                          v_str(h->key_id), v_bytes(h->signature.p, h->signature.n)),
                     &added);
    if (rc)
        return rc;
    return added ? RC_OK : RC_CONFLICT;
}

enum rc ledger_key_get(struct cx *cx, struct str key_id, struct str *out_der)
{
    struct key_row row;
    enum rc rc = db_one(cx, &sql_ledger_key_get, ARGS(v_str(key_id)), &KEY_ROW, &row);
    if (!rc)
        *out_der = row.public_key;
    return rc;
}

static enum rc unit_begin(struct cx *cx, enum db_unit unit)
{
    enum rc rc = db_begin(cx->db, unit);
    cx->now = db_now(cx->db);
    return rc;
}

static enum rc unit_end(struct cx *cx, enum rc rc)
{
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    enum rc durable = db_wait(cx->db);
    return rc ? rc : durable;
}

enum rc ledger_head_make(struct cx *cx, const struct ledger_key *k, struct ledger_head *out)
{
    enum rc rc = unit_begin(cx, READ);
    if (!rc)
        rc = unit_end(cx, ledger_head_find_due(cx, out));
    if (rc)
        return rc;
    ledger_head_sign(k, cx->arena, out);
    rc = unit_begin(cx, WRITE);
    return rc ? rc : unit_end(cx, ledger_head_add(cx, k, out));
}

/* ---- lines of the file ------------------------------------------------------------------------------------------------- */

struct head_line {
    int64_t    size, at_ms;
    struct str root, chain, key_id, signature;
};
static const struct field line_fields[] = {
    FIELD(struct head_line, size, .required = true, .min = 1), FIELD(struct head_line, root, .required = true),
    FIELD(struct head_line, chain, .required = true),          FIELD(struct head_line, at_ms, .required = true),
    FIELD(struct head_line, key_id, .required = true),         FIELD(struct head_line, signature, .required = true),
};
static const struct record HEAD_LINE = RECORD(struct head_line, line_fields);

void ledger_head_write(struct buf *b, const struct ledger_head *h)
{
    struct head_line l = { .size = h->size, .at_ms = h->at.ms, .root = hex(b->a, h->root.p, h->root.n),
                           .chain = hex(b->a, h->chain.p, h->chain.n), .key_id = h->key_id,
                           .signature = base64url(b->a, h->signature.p, h->signature.n) };
    json_write(b, &HEAD_LINE, &l);
}

static struct str unhexed(struct arena *a, struct str text)
{
    char *p = arena_alloc(a, sizeof(struct digest));
    return unhex(text, p, sizeof(struct digest)) ? (struct str){ p, sizeof(struct digest) } : STR_NONE;
}

enum rc ledger_head_parse(struct str line, struct arena *a, struct ledger_head *out)
{
    struct head_line l;
    struct issues is = { 0 };
    if (json_read(line, &HEAD_LINE, a, &is, &l))
        return RC_INVALID;
    struct ledger_head h = { .size = l.size, .root = unhexed(a, l.root), .chain = unhexed(a, l.chain), .at = { l.at_ms },
                             .key_id = l.key_id };
    if (!h.root.p || !h.chain.p || !unbase64url(l.signature, a, &h.signature))
        return RC_INVALID;
    *out = h;
    return RC_OK;
}

/* ---- the file ------------------------------------------------------------------------------------------------------------ */

enum { TAIL = 4096 };

static enum rc io_failed(const char *path)
{
    log_error("%s: %s", path, strerror(errno));
    return RC_FAILED;
}

/* Size of the last whole head in the file, 0 if there is none; what follows the last line end is cut off. */
static enum rc tail_read(int fd, const char *path, struct arena *a, int64_t *out_size)
{
    char *p = arena_alloc(a, TAIL);
    off_t end = lseek(fd, 0, SEEK_END), from = end > TAIL ? end - TAIL : 0;
    ssize_t n = pread(fd, p, TAIL, from);
    struct ledger_head h = { 0 };
    if (end < 0 || n < 0)
        return io_failed(path);
    while (n && p[n - 1] != '\n')
        n--;
    if (from + n != end && ftruncate(fd, from + n))
        return io_failed(path);
    struct str lines = { p, n ? (size_t)n - 1 : 0 }, last = lines;
    for (ptrdiff_t at; (at = str_find_char(last, '\n')) >= 0;)
        last = str_sub(last, (size_t)at + 1, last.n);
    if (n && ledger_head_parse(last, a, &h)) {
        log_error("%s: the last line is no head; nothing is added to it", path);
        return RC_FAILED;
    }
    *out_size = h.size;
    return RC_OK;
}

static enum rc lines_add(int fd, const char *path, struct buf *b)
{
    for (size_t done = 0; done < b->n;) {
        ssize_t n = write(fd, b->p + done, b->n - done);
        if (n < 0 && errno != EINTR)
            return io_failed(path);
        done += n > 0 ? (size_t)n : 0;
    }
    return fsync(fd) ? io_failed(path) : RC_OK;
}

static enum rc heads_add(struct cx *cx, int fd, const char *path, int64_t after, struct list *heads)
{
    struct buf b;
    enum rc rc = unit_begin(cx, READ);
    if (!rc)
        rc = unit_end(cx, db_all(cx, &sql_ledger_head_list, ARGS(v_i64(after)), &LEDGER_HEAD, heads));
    if (rc || !heads->n)
        return rc;
    buf_init(&b, cx->arena, 400 * heads->n);
    for (size_t i = 0; i < heads->n; i++) {
        ledger_head_write(&b, (const struct ledger_head *)heads->v + i);
        buf_char(&b, '\n');
    }
    return lines_add(fd, path, &b);
}

/* A new file is durable only when its folder is. */
static void sync_folder(const char *path)
{
    char folder[1200];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    if (!n || n >= sizeof folder)
        return;
    memcpy(folder, path, n);
    folder[n] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

enum rc ledger_heads_keep(struct cx *cx, const char *path, int64_t *out_n)
{
    struct list heads = { 0 };
    int64_t size = 0, n = 0;
    int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return io_failed(path);
    enum rc rc = tail_read(fd, path, cx->arena, &size);
    bool is_new = !rc && !size;
    do {
        if (!rc)
            rc = heads_add(cx, fd, path, size, &heads);
        if (rc || !heads.n)
            break;
        size = ((const struct ledger_head *)heads.v)[heads.n - 1].size;
        n += (int64_t)heads.n;
    } while (heads.n);
    if (is_new && n)
        sync_folder(path);
    close(fd);
    if (!rc)
        *out_n = n;
    return rc;
}
