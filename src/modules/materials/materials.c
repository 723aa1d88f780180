/* materials.c - keeping files: bytes first, then rows. */
#include "modules/materials/materials.h"

#include "base/conf.h"
#include "base/log.h"
#include "materials_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct field file_fields[] = {
    FIELD(struct materials_file, n),        FIELD(struct materials_file, size), FIELD(struct materials_file, slot),
    FIELD(struct materials_file, filename), FIELD(struct materials_file, type), FIELD(struct materials_file, made_at),
};
const struct record MATERIALS_FILE = RECORD(struct materials_file, file_fields);

struct linked {
    struct str filename, sm3, type;
    int64_t    size;
};
static const struct field linked_fields[] = {
    FIELD(struct linked, filename), FIELD(struct linked, sm3), FIELD(struct linked, type), FIELD(struct linked, size)
};
static const struct record LINKED = RECORD(struct linked, linked_fields);

/* ---- bytes ------------------------------------------------------------------------------------------------------------ */

/* DIR/files/ab/cd/<sm3>; its folder is its first `folder_n` bytes. */
struct place {
    struct str path;
    size_t     folder_n[3];
};

static struct place place_of(struct cx *cx, const void *sm3)
{
    struct str dir = cx->app->config.data, name = hex(cx->arena, sm3, sizeof(struct digest));
    struct str path = arena_fmt(cx->arena, STR_F "/files/%.2s/%.2s/" STR_F, STR_A(dir), name.p, name.p + 2, STR_A(name));
    return (struct place){ path, { dir.n + 6, dir.n + 9, dir.n + 12 } };
}

static enum rc failed(const char *what)
{
    log_error("keeping a file: %s: %s", what, strerror(errno));
    return RC_FAILED;
}

static enum rc path_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok ? RC_OK : failed("sync");
}

/* The folders, each durable in the one above it. */
static enum rc folders_make(struct cx *cx, const struct place *p)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < countof(p->folder_n) && !rc; i++) {
        struct str folder = arena_str(cx->arena, str_sub(p->path, 0, p->folder_n[i]));
        if (mkdir(folder.p, 0750) == 0)
            rc = path_sync(arena_str(cx->arena, str_sub(folder, 0, i ? p->folder_n[i - 1] : folder.n - 6)).p);
        else if (errno != EEXIST)
            rc = failed("mkdir");
    }
    return rc;
}

static enum rc file_store(struct cx *cx, const struct upload *u)
{
    struct place p = place_of(cx, u->sm3.b);
    enum rc rc = path_sync(u->path.p);
    if (!rc)
        rc = folders_make(cx, &p);
    if (rc)
        return rc;
    if (link(u->path.p, p.path.p) && errno != EEXIST)
        return failed("link");
    return path_sync(arena_str(cx->arena, str_sub(p.path, 0, p.folder_n[2])).p);
}

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

enum rc materials_store(struct cx *cx, const struct upload *files, size_t n)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n; i++)
        upload_check(cx, &files[i]);
    if (cx->issues.n)
        return RC_INVALID;
    for (size_t i = 0; i < n && !rc; i++)
        rc = file_store(cx, &files[i]);
    return rc;
}

/* ---- rows --------------------------------------------------------------------------------------------------------------- */

enum rc materials_keep(struct cx *cx, int64_t root, struct str slot, const struct upload *file)
{
    int64_t have = 0;
    struct val sm3 = v_bytes(file->sm3.b, sizeof file->sm3.b);
    enum rc rc = db_int(cx, &sql_materials_link_count, ARGS(v_i64(root)), &have);
    if (!rc && have >= MATERIALS_MOST) {
        issues_add(&cx->issues, cx->arena, file->field, "materials.too_many", file->filename, STR_NONE);
        return RC_INVALID;
    }
    if (!rc)
        rc = db_exec(cx, &sql_materials_file_insert, ARGS(sm3, v_i64(file->size), v_str(file->type), v_i64(cx->now)), NULL);
    if (rc)
        return rc;
    return db_exec(cx, &sql_materials_link_insert, ARGS(v_i64(root), v_str(slot), v_str(file->filename), sm3, v_i64(cx->now)), NULL);
}

enum rc materials_list(struct cx *cx, int64_t root, struct list *out)
{
    return db_all(cx, &sql_materials_links, ARGS(v_i64(root)), &MATERIALS_FILE, out);
}

enum rc materials_remove(struct cx *cx, int64_t root, int64_t n)
{
    int64_t changed = 0;
    enum rc rc = db_exec(cx, &sql_materials_link_remove, ARGS(v_i64(root), v_i64(n), v_i64(cx->now)), &changed);
    return rc ? rc : changed ? RC_OK : RC_NOT_FOUND;
}

enum rc materials_move(struct cx *cx, int64_t from, int64_t to)
{
    return db_exec(cx, &sql_materials_link_move, ARGS(v_i64(from), v_i64(to)), NULL);
}

enum rc materials_open(struct cx *cx, int64_t root, int64_t n, struct raw *out)
{
    struct linked l;
    enum rc rc = db_one(cx, &sql_materials_link_get, ARGS(v_i64(root), v_i64(n)), &LINKED, &l);
    if (rc)
        return rc;
    if (l.sm3.n != sizeof(struct digest) || file_read(place_of(cx, l.sm3.p).path.p, MATERIALS_FILE_MAX, cx->arena, &out->body) ||
        memcmp(sm3(out->body).b, l.sm3.p, l.sm3.n) != 0) {
        log_error("file %lld of %lld is not on the disk as it was kept", (long long)n, (long long)root);
        return RC_FAILED;
    }
    out->type = l.type;
    out->filename = l.filename;
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

const struct module materials_module = { .name = "materials", .sql = materials_sql, .nsql = countof(materials_sql),
                                         .schema = materials_schema, .nschema = countof(materials_schema) };
