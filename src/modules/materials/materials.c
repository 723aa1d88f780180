/* materials.c - which files belong to what: rows, names, commitments. */
#include "modules/materials/materials.h"

#include "base/log.h"
#include "jobs/jobs.h"
#include "materials_bytes.h"
#include "materials_sql.h"

#include <string.h>

enum { SALT = 16, SECRET_HEAD = (int)sizeof(struct digest) + SALT, LOOSE_AT_ONCE = 200 };
#define LINK_PLACE "materials_link.sealed"

/* A row as it lies: `sealed` is SM3, salt and file name. */
struct link_row {
    int64_t     n, size, sealed_for;
    struct str  slot, sealed, type;
    struct when made_at, handed_in_at;
};
#define L struct link_row
static const struct field link_fields[] = {
    FIELD(L, n),    FIELD(L, size), FIELD(L, sealed_for), FIELD(L, slot),         FIELD(L, sealed, .secret = true),
    FIELD(L, type), FIELD(L, made_at), FIELD(L, handed_in_at),
};
static const struct record LINK_ROW = RECORD(L, link_fields);
#undef L

struct open_row {
    int64_t     n, sealed_for;
    struct str  file, sealed, type;
    struct when handed_in_at;
};
#define O struct open_row
static const struct field open_fields[] = {
    FIELD(O, n), FIELD(O, sealed_for), FIELD(O, file), FIELD(O, sealed, .secret = true), FIELD(O, type), FIELD(O, handed_in_at),
};
static const struct record OPEN_ROW = RECORD(O, open_fields);
#undef O

struct name_row {
    struct str name;
};
static const struct field name_fields[] = { FIELD(struct name_row, name) };
static const struct record NAME_ROW = RECORD(struct name_row, name_fields);

/* ---- what is sealed with a link ------------------------------------------------------------------------------------------- */

static struct str secret_seal(struct cx *cx, int64_t root, const struct upload *u)
{
    char salt[SALT];
    struct buf b;
    db_random(cx, salt, sizeof salt);
    buf_init(&b, cx->arena, SECRET_HEAD + u->filename.n);
    buf_put(&b, u->sm3.b, sizeof u->sm3.b);
    buf_put(&b, salt, sizeof salt);
    buf_str(&b, u->filename);
    return seal(cx->arena, &cx->app->keys, LINK_PLACE, root, buf_view(&b));
}

static enum rc secret_open(struct cx *cx, int64_t root, struct str sealed, struct materials_file *out)
{
    struct str plain;
    if (!unseal(cx->arena, &cx->app->keys, LINK_PLACE, root, sealed, &plain) || plain.n < SECRET_HEAD) {
        log_error("the name of file %lld does not open", (long long)out->n);
        return RC_FAILED;
    }
    out->sm3 = str_sub(plain, 0, sizeof(struct digest));
    out->salt = str_sub(plain, sizeof(struct digest), SALT);
    out->filename = str_sub(plain, SECRET_HEAD, plain.n);
    struct digest d = sm3_two(out->salt, out->sm3);
    out->commitment = arena_str(cx->arena, (struct str){ (const char *)d.b, sizeof d.b });
    return RC_OK;
}

/* ---- storing --------------------------------------------------------------------------------------------------------------- */

static void upload_check(struct cx *cx, const struct upload *u)
{
    struct str max = materials_size_text(cx->arena, MATERIALS_FILE_MAX);
    if (!u->size)
        issues_add(&cx->issues, cx->arena, u->field, "materials.empty", u->filename, STR_NONE);
    else if (u->size > MATERIALS_FILE_MAX)
        issues_add(&cx->issues, cx->arena, u->field, "materials.too_large", u->filename, max);
    else if (!u->type.p)
        issues_add(&cx->issues, cx->arena, u->field, "materials.type", u->filename, STR_NONE);
}

enum rc materials_check(struct cx *cx, const struct upload *files, size_t n)
{
    for (size_t i = 0; i < n; i++)
        upload_check(cx, &files[i]);
    return cx->issues.n ? RC_INVALID : RC_OK;
}

enum rc materials_store(struct cx *cx, const struct upload *files, size_t n)
{
    enum rc rc = materials_check(cx, files, n);
    for (size_t i = 0; i < n && !rc; i++)
        rc = materials_bytes_put(cx, &files[i]);
    return rc;
}

/* ---- rows -------------------------------------------------------------------------------------------------------------------- */

enum rc materials_room(struct cx *cx, const struct req *rq, int64_t root)
{
    int64_t have = 0;
    enum rc rc = db_int(cx, &sql_materials_link_count, ARGS(v_i64(root)), &have);
    return rc || have < MATERIALS_MOST ? rc : reply_refuse(rq, 422, "materials.full");
}

enum rc materials_keep(struct cx *cx, const struct materials_target *to, const struct upload *file)
{
    int64_t have = 0;
    struct val name = v_bytes(file->name.b, sizeof file->name.b);
    enum rc rc = db_int(cx, &sql_materials_link_count, ARGS(v_i64(to->root)), &have);
    if (!rc && have >= MATERIALS_MOST) {
        issues_add(&cx->issues, cx->arena, file->field, "materials.too_many", file->filename, STR_NONE);
        return RC_INVALID;
    }
    if (!rc) /* an old row is touched, so that materials_sweep waits for this unit */
        rc = db_exec(cx, &sql_materials_file_insert, ARGS(name, v_i64(file->size), v_str(file->type), v_i64(cx->now)), NULL);
    if (rc)
        return rc;
    struct str sealed = secret_seal(cx, to->root, file);
    return db_exec(cx, &sql_materials_link_insert,
                   ARGS(v_i64(to->root), v_str(to->slot), name, v_bytes(sealed.p, sealed.n), v_i64(cx->now), v_ref(to->keep_until)), NULL);
}

enum rc materials_list(struct cx *cx, int64_t root, struct list *out)
{
    struct list rows;
    enum rc rc = db_all(cx, &sql_materials_links, ARGS(v_i64(root)), &LINK_ROW, &rows);
    struct materials_file *v = arena_many(cx->arena, struct materials_file, rc ? 0 : rows.n);
    for (size_t i = 0; !rc && i < rows.n; i++) {
        const struct link_row *r = (const struct link_row *)rows.v + i;
        v[i] = (struct materials_file){ .n = r->n, .size = r->size, .slot = r->slot, .type = r->type, .made_at = r->made_at,
                                        .handed_in_at = r->handed_in_at };
        rc = secret_open(cx, r->sealed_for, r->sealed, &v[i]);
    }
    *out = (struct list){ v, rc ? 0 : rows.n };
    return rc;
}

enum rc materials_remove(struct cx *cx, int64_t root, int64_t n)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_materials_link_remove, ARGS(v_i64(root), v_i64(n), v_i64(cx->now)), &changed);
    return rc ? rc : changed ? RC_OK : RC_NOT_FOUND;
}

enum rc materials_hand_in(struct cx *cx, int64_t root, struct str slot)
{
    return db_exec(cx, &sql_materials_link_hand_in, ARGS(v_i64(root), v_str(slot), v_i64(cx->now)), NULL);
}

enum rc materials_move(struct cx *cx, int64_t from, int64_t to)
{
    return db_exec(cx, &sql_materials_link_move, ARGS(v_i64(from), v_i64(to), v_i64(cx->now)), NULL);
}

enum rc materials_forget(struct cx *cx, int64_t root)
{
    enum rc rc = db_exec(cx, &sql_materials_upload_forget, ARGS(v_i64(root)), NULL);
    return rc ? rc : db_exec(cx, &sql_materials_link_forget, ARGS(v_i64(root)), NULL);
}

enum rc materials_open(struct cx *cx, int64_t root, int64_t n, bool handed_in, struct raw *out)
{
    struct open_row r;
    struct materials_file f = { .n = n };
    enum rc rc = db_one(cx, &sql_materials_link_get, ARGS(v_i64(root), v_i64(n)), &OPEN_ROW, &r);
    if (!rc && handed_in && !r.handed_in_at.ms)
        rc = RC_NOT_FOUND;
    if (!rc)
        rc = secret_open(cx, r.sealed_for, r.sealed, &f);
    if (rc)
        return rc;
    if (materials_bytes_get(cx, r.file, &out->body)) {
        log_error("file %lld of %lld is not on the disk as it was kept", (long long)n, (long long)root);
        return RC_FAILED;
    }
    out->type = r.type;
    out->filename = f.filename;
    return RC_OK;
}

struct str materials_size_text(struct arena *a, int64_t bytes)
{
    int64_t kb = (bytes + 1023) / 1024, tenths = (bytes * 10 + (1 << 19)) >> 20;
    if (kb < 1000)
        return arena_fmt(a, "%lld kB", (long long)kb);
    if (tenths % 10 == 0)
        return arena_fmt(a, "%lld MB", (long long)(tenths / 10));
    return arena_fmt(a, "%lld.%lld MB", (long long)(tenths / 10), (long long)(tenths % 10));
}

/* ---- sweeping ------------------------------------------------------------------------------------------------------------------ */

/* Locked first: whoever has just linked it is then seen, or waits and inserts the row anew. */
static enum rc loose_remove(struct cx *cx, struct str name)
{
    struct name_row r;
    struct val v = v_bytes(name.p, name.n);
    enum rc rc = db_one(cx, &sql_materials_file_lock, ARGS(v), &NAME_ROW, &r);
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    return db_exec(cx, &sql_materials_file_delete, ARGS(v), NULL);
}

enum rc materials_sweep(struct cx *cx, bool *out_again)
{
    struct list loose = { 0 };
    int64_t before = cx->now - MATERIALS_GRACE_MS;
    enum rc rc = db_exec(cx, &sql_materials_link_lapse, ARGS(v_i64(cx->now)), NULL);
    if (!rc)
        rc = db_exec(cx, &sql_materials_link_purge, ARGS(v_i64(before)), NULL);
    if (!rc)
        rc = db_all(cx, &sql_materials_file_loose, ARGS(v_i64(before)), &NAME_ROW, &loose);
    for (size_t i = 0; i < loose.n && !rc; i++)
        rc = loose_remove(cx, ((const struct name_row *)loose.v)[i].name);
    *out_again = loose.n == LOOSE_AT_ONCE;
    return rc;
}

/* ---- timers -------------------------------------------------------------------------------------------------------------------- */

enum { FOLDERS = 256, WALK_MS = 60000, SWEEP_MS = 3600000, EXPIRE_MS = 600000 };

static enum rc sweep_now(struct cx *cx, struct job *j)
{
    return materials_sweep(cx, &j->again);
}

/* Only for its clock. */
static enum rc walk_begin(struct cx *cx UNUSED, struct job *j UNUSED)
{
    return RC_OK;
}

/* A folder a minute: all are seen in four and a half hours of running. */
static enum rc walk_now(struct cx *cx, struct job *j UNUSED)
{
    int64_t removed = 0;
    enum rc rc = materials_walk(cx, (unsigned)(cx->now / WALK_MS % FOLDERS), &removed);
    if (removed)
        log_info("%lld files that belong to nothing were deleted", (long long)removed);
    return rc;
}

static enum rc expire_list(struct cx *cx, struct job *j)
{
    struct list *ids = arena_new(cx->arena, struct list);
    j->own = ids;
    return materials_uploads_expire(cx, ids);
}

static enum rc expire_files(struct cx *cx, struct job *j)
{
    return materials_uploads_remove(cx, j->own);
}

static enum rc expire_rows(struct cx *cx, struct job *j)
{
    return materials_uploads_purge(cx, j->own);
}

static const struct job_kind kinds[] = {
    { .name = "materials.expire", .unit = READ, .run = expire_list, .after = expire_files, .store = expire_rows, .every_ms = EXPIRE_MS },
    { .name = "materials.sweep", .run = sweep_now, .every_ms = SWEEP_MS },
    { .name = "materials.walk", .unit = READ, .run = walk_begin, .after = walk_now, .every_ms = WALK_MS },
};

const struct module materials_module = { .name = "materials", .sql = materials_sql, .nsql = countof(materials_sql),
                                         .schema = materials_schema, .nschema = countof(materials_schema), .jobs = kinds,
                                         .njobs = countof(kinds) };
