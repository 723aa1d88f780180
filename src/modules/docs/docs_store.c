/* docs_store.c - statements in, structs out; files in and out. */
#include "docs_store.h"

#include "base/conf.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define F struct docs_file
static const struct field file_fields[] = {
    FIELD(F, case_id), FIELD(F, n), FIELD(F, hash), FIELD(F, size), FIELD(F, entry), FIELD(F, made_at),
};
static const struct record FILE_ROW = RECORD(F, file_fields);
#undef F

#define D struct docs_decision
static const struct field decision_fields[] = {
    FIELD(D, case_id, .secret = true), FIELD(D, number), FIELD(D, item_code), FIELD(D, item_name), FIELD(D, body_name), FIELD(D, holder),
    FIELD(D, made_at), FIELD(D, voided_at), FIELD(D, ended_at),
};
const struct record DOCS_DECISION = RECORD(D, decision_fields);
#undef D

/* ---- rows ---------------------------------------------------------------------------------------------------------- */

enum rc docs_file_get(struct cx *cx, int64_t case_id, int64_t n, struct docs_file *out)
{
    return db_one(cx, &sql_docs_file_get, ARGS(v_i64(case_id), v_i64(n)), &FILE_ROW, out);
}

enum rc docs_file_find(struct cx *cx, const unsigned char hash[32], struct docs_file *out)
{
    return db_one(cx, &sql_docs_file_by_hash, ARGS(v_bytes(hash, 32)), &FILE_ROW, out);
}

enum rc docs_store_file_add(struct cx *cx, const struct docs_file *f)
{
    return db_exec(cx, &sql_docs_file_insert,
                   ARGS(v_i64(f->case_id), v_i64(f->n), v_bytes(f->hash.p, f->hash.n), v_i64(f->size), v_i64(f->entry),
                        v_when(f->made_at)),
                   NULL);
}

enum rc docs_store_decision_add(struct cx *cx, const struct docs_decision *d)
{
    return db_exec(cx, &sql_docs_decision_insert,
                   ARGS(v_i64(d->case_id), v_str(d->number), v_str(d->item_code), v_str(d->item_name), v_str(d->body_name),
                        v_str(d->holder), v_when(d->made_at)),
                   NULL);
}

enum rc docs_store_decision_void(struct cx *cx, int64_t case_id, struct when at)
{
    return db_exec(cx, &sql_docs_decision_void, ARGS(v_i64(case_id), v_when(at)), NULL);
}

enum rc docs_store_decisions(struct cx *cx, int64_t made_at, int64_t case_id, struct list *out)
{
    return db_all(cx, &sql_docs_decisions, ARGS(v_i64(made_at), v_i64(case_id)), &DOCS_DECISION, out);
}

/* ---- files --------------------------------------------------------------------------------------------------------- */

/* DIR/files/ab/cd */
static struct str folder_of(struct cx *cx, struct str name)
{
    return arena_fmt(cx->arena, STR_F "/files/%.2s/%.2s", STR_A(cx->app->config.data), name.p, name.p + 2);
}

static bool folder_make(struct cx *cx, struct str name)
{
    struct str data = cx->app->config.data;
    const char *const parts[] = {
        arena_fmt(cx->arena, STR_F "/files", STR_A(data)).p,
        arena_fmt(cx->arena, STR_F "/files/%.2s", STR_A(data), name.p).p,
        folder_of(cx, name).p,
    };
    for (size_t i = 0; i < countof(parts); i++)
        if (mkdir(parts[i], 0750) && errno != EEXIST)
            return false;
    return true;
}

static bool bytes_write(const char *path, struct str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    bool ok = fd >= 0;
    while (ok && bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        ok = n > 0 || (n < 0 && errno == EINTR);
        if (n > 0)
            bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
    ok = ok && fsync(fd) == 0;
    return (fd < 0 || close(fd) == 0) && ok;
}

/* The name in the folder is durable too. */
static bool folder_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

enum rc docs_bytes_keep(struct cx *cx, struct str bytes, struct digest *out_hash)
{
    unsigned char r[6];
    *out_hash = sm3(bytes);
    struct str name = hex(cx->arena, out_hash->b, sizeof out_hash->b), folder = folder_of(cx, name);
    random_bytes(r, sizeof r);
    struct str path = arena_fmt(cx->arena, STR_F "/" STR_F, STR_A(folder), STR_A(name));
    struct str temporary = arena_fmt(cx->arena, STR_F "." STR_F, STR_A(path), STR_A(hex(cx->arena, r, sizeof r)));
    bool ok = folder_make(cx, name) && bytes_write(temporary.p, bytes) && rename(temporary.p, path.p) == 0 && folder_sync(folder.p);
    if (ok)
        return RC_OK;
    log_error("cannot keep %s: %s", path.p, strerror(errno));
    unlink(temporary.p);
    return RC_FAILED;
}

enum rc docs_file_read(struct cx *cx, const struct docs_file *f, struct str *out)
{
    struct str name = hex(cx->arena, f->hash.p, f->hash.n), folder = folder_of(cx, name);
    struct str path = arena_fmt(cx->arena, STR_F "/" STR_F, STR_A(folder), STR_A(name));
    if (file_read(path.p, DOCS_FILE_MAX, cx->arena, out)) {
        log_error("the file %s is missing or too large", path.p);
        return RC_FAILED;
    }
    struct digest d = sm3(*out);
    if (f->hash.n == sizeof d.b && memcmp(d.b, f->hash.p, sizeof d.b) == 0)
        return RC_OK;
    log_error("the file %s has been changed", path.p);
    return RC_FAILED;
}
