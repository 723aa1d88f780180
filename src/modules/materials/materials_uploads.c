/* materials_uploads.c - resumable uploads: where the pieces lie, what has arrived, when it is a file. */
#include "modules/materials/materials.h"

#include "base/log.h"
#include "http/landing.h"
#include "http/receive.h"
#include "http/tus.h"
#include "materials_bytes.h"
#include "materials_sql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ID_BYTES = 18, RETRY_S = 60 };
#define NAME_PLACE "materials_upload.sealed"

struct upload_row {
    int64_t     root, length;
    struct str  id, slot, sealed;
    struct when expires_at, done_at;
};
#define U struct upload_row
static const struct field row_fields[] = {
    FIELD(U, id), FIELD(U, root), FIELD(U, slot), FIELD(U, sealed, .secret = true), FIELD(U, length),
    FIELD(U, expires_at), FIELD(U, done_at),
};
static const struct record ROW = RECORD(U, row_fields);
#undef U

#define U struct materials_upload
static const struct field upload_fields[] = {
    FIELD(U, id), FIELD(U, slot), FIELD(U, filename), FIELD(U, length), FIELD(U, offset), FIELD(U, expires_at), FIELD(U, done_at),
};
const struct record MATERIALS_UPLOAD = RECORD(U, upload_fields);
#undef U

struct load_row {
    int64_t files, bytes;
};
static const struct field load_fields[] = { FIELD(struct load_row, files), FIELD(struct load_row, bytes) };
static const struct record LOAD = RECORD(struct load_row, load_fields);

struct id_row {
    struct str id;
};
static const struct field id_fields[] = { FIELD(struct id_row, id) };
static const struct record ID = RECORD(struct id_row, id_fields);

static struct str partial_path(struct cx *cx, struct str id)
{
    struct str dir = cx->app->config.data;
    return arena_fmt(cx->arena, STR_F "/materials/partial/" STR_F, STR_A(dir), STR_A(id));
}

/* ---- what a creation says ------------------------------------------------------------------------------------------------ */

static enum rc version_check(const struct req *rq)
{
    return str_eq(rq->tus->version, TUS_VERSION) ? RC_OK : reply_refuse(rq, 412, "http.upload_version");
}

static struct str pair_find(const struct pair *pairs, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(pairs[i].name, name))
            return pairs[i].value;
    return STR("");
}

enum rc materials_upload_read(struct cx *cx, const struct req *rq, struct materials_upload_new *out)
{
    struct pair pairs[TUS_PAIRS];
    size_t n = 0;
    struct str most = materials_size_text(cx->arena, MATERIALS_FILE_MAX);
    enum rc rc = version_check(rq);
    if (rc)
        return rc;
    if (rq->tus->defer.p || !tus_number(rq->tus->length, &out->length) || !tus_metadata(rq->tus->metadata, cx->arena, pairs, &n))
        return reply_refuse(rq, 400, "http.upload_head");
    out->field = pair_find(pairs, n, "field");
    out->filename = filename_clean(cx->arena, pair_find(pairs, n, "filename"));
    if (!out->length)
        return cx_invalid_args(cx, "file", "materials.empty", out->filename, STR_NONE);
    if (out->length <= MATERIALS_FILE_MAX)
        return RC_OK;
    (void)cx_invalid_args(cx, "file", "materials.too_large", out->filename, most);
    return reply_refuse(rq, 413, "http.too_large");
}

/* Not more than the account and the root may have on their way; looked at before the first byte and again in the unit. */
static enum rc load_check(struct cx *cx, const struct req *rq, int64_t root, int64_t length)
{
    struct load_row load = { 0 };
    int64_t kept = 0, coming = 0;
    enum rc rc = db_one(cx, &sql_materials_upload_load, ARGS(v_i64(cx->actor.account), v_i64(cx->now)), &LOAD, &load);
    if (!rc)
        rc = db_int(cx, &sql_materials_link_count, ARGS(v_i64(root)), &kept);
    if (!rc)
        rc = db_int(cx, &sql_materials_upload_waiting, ARGS(v_i64(root), v_i64(cx->now)), &coming);
    if (rc)
        return rc;
    if (kept + coming >= MATERIALS_MOST)
        return cx_invalid_args(cx, "file", "materials.too_many", STR_NONE, STR_NONE);
    if (load.files < MATERIALS_UPLOADS_MOST && load.bytes + length <= MATERIALS_UPLOADS_BYTES)
        return RC_OK;
    rq->reply->retry_after_s = RETRY_S;
    return reply_refuse(rq, 429, "http.uploads_many");
}

static void folder_make(struct cx *cx)
{
    struct str dir = cx->app->config.data;
    mkdir(arena_fmt(cx->arena, STR_F "/materials", STR_A(dir)).p, 0750); /* opening the file tells if they are not there */
    mkdir(arena_fmt(cx->arena, STR_F "/materials/partial", STR_A(dir)).p, 0750);
}

enum rc materials_upload_land_new(struct cx *cx, const struct req *rq, int64_t root, const struct materials_upload_new *n,
                                  struct landed *out)
{
    unsigned char id[ID_BYTES];
    enum rc rc = load_check(cx, rq, root, n->length);
    if (rc)
        return rc;
    if (rq->type.n && !str_eq_nocase(rq->type, TUS_TYPE))
        return reply_refuse(rq, 415, "http.unknown_form");
    random_bytes(id, sizeof id);
    folder_make(cx);
    out->id = base64url(cx->arena, id, sizeof id);
    out->path = partial_path(cx, out->id);
    out->most = rq->type.n ? n->length : 0;
    out->fresh = true;
    return RC_OK;
}

/* ---- one upload ------------------------------------------------------------------------------------------------------------- */

static enum rc row_get(struct cx *cx, const struct req *rq, int64_t root, struct upload_row *out)
{
    struct str id = req_param(rq, "u");
    return db_one(cx, &sql_materials_upload_get, ARGS(v_str(id), v_i64(cx->actor.account), v_i64(root), v_i64(cx->now)), &ROW, out);
}

/* What has arrived for certain. All but the last byte until the file is kept: whoever hears "all" does not come back. */
static bool offset_tell(struct cx *cx, const struct upload_row *r, int64_t *out)
{
    *out = r->length;
    if (r->done_at.ms)
        return true;
    int64_t size = landing_size(partial_path(cx, r->id));
    *out = size < r->length ? size : r->length - 1;
    return size >= 0;
}

enum rc materials_upload_land(struct cx *cx, const struct req *rq, int64_t root, struct landed *out)
{
    struct upload_row r;
    int64_t said = 0, offset = 0;
    enum rc rc = version_check(rq);
    if (!rc && !str_eq_nocase(rq->type, TUS_TYPE))
        return reply_refuse(rq, 415, "http.unknown_form");
    if (!rc && !tus_number(rq->tus->offset, &said))
        return reply_refuse(rq, 400, "http.upload_head");
    if (!rc)
        rc = row_get(cx, rq, root, &r);
    if (rc)
        return rc;
    if (!offset_tell(cx, &r, &offset))
        return RC_NOT_FOUND;
    if (r.done_at.ms || said != offset)
        return reply_refuse(rq, 409, "http.upload_offset");
    *out = (struct landed){ .path = partial_path(cx, r.id), .at = offset, .most = r.length - offset, .id = r.id };
    return RC_OK;
}

static enum rc upload_of(struct cx *cx, const struct upload_row *r, struct materials_upload *out)
{
    *out = (struct materials_upload){ .id = r->id, .slot = r->slot, .root = r->root, .length = r->length,
                                      .expires_at = r->expires_at, .done_at = r->done_at };
    if (!unseal(cx->arena, &cx->app->keys, NAME_PLACE, r->root, r->sealed, &out->filename)) {
        log_error("the name of an upload of %lld does not open", (long long)r->root);
        return RC_FAILED;
    }
    return offset_tell(cx, r, &out->offset) ? RC_OK : RC_NOT_FOUND;
}

enum rc materials_upload_get(struct cx *cx, const struct req *rq, int64_t root, struct materials_upload *out)
{
    struct upload_row r;
    enum rc rc = row_get(cx, rq, root, &r);
    return rc ? rc : upload_of(cx, &r, out);
}

/* ---- pieces and the whole ------------------------------------------------------------------------------------------------------ */

/* The lock is held until the file has left the folder: nobody may write to what is kept. */
static enum rc whole_file(struct cx *cx, const struct req *rq, int64_t length)
{
    enum rc rc = RC_OK;
    struct landed *l = rq->landed;
    struct landing *to = landing_again(cx->arena, &cx->app->keys, l->path, length);
    if (!to)
        return reply_refuse(rq, errno == EWOULDBLOCK ? 423 : 409, errno == EWOULDBLOCK ? "http.upload_locked" : "http.upload_offset");
    if (!landing_finish(to, &l->file))
        rc = reply_refuse(rq, 503, "http.no_room");
    if (!rc && l->file.type.p)
        rc = materials_bytes_put(cx, &l->file);
    if (!rc)
        unlink(l->path.p);
    else
        l->file.size = 0;
    landing_close(to);
    return rc;
}

enum rc materials_upload_settle(struct cx *cx, const struct req *rq, int64_t length)
{
    struct landed *l = rq->landed;
    if (landing_size(l->path) < l->at + l->came)
        return reply_refuse(rq, 503, "http.no_room");
    return l->at + l->came < length ? RC_OK : whole_file(cx, rq, length);
}

static void offset_reply(struct cx *cx, const struct req *rq, int64_t offset, int64_t expires_at)
{
    struct buf b;
    buf_init(&b, cx->arena, 40);
    buf_http_date(&b, expires_at);
    reply_header(rq, "Upload-Offset", arena_fmt(cx->arena, "%lld", (long long)offset));
    reply_header(rq, "Upload-Expires", buf_view(&b));
}

void materials_upload_headers(struct cx *cx, const struct req *rq, const struct materials_upload *u)
{
    offset_reply(cx, rq, u->offset, u->expires_at.ms);
    reply_header(rq, "Upload-Length", arena_fmt(cx->arena, "%lld", (long long)u->length));
}

enum rc materials_upload_add(struct cx *cx, const struct req *rq, const struct materials_target *to, const struct materials_upload_new *n)
{
    struct landed *l = rq->landed;
    bool whole = l->file.size > 0;
    int64_t expires = cx->now + MATERIALS_UPLOAD_MS;
    struct str sealed = seal(cx->arena, &cx->app->keys, NAME_PLACE, to->root, n->filename);
    l->file.field = STR("file");
    l->file.filename = n->filename;
    enum rc rc = load_check(cx, rq, to->root, n->length);
    if (!rc && whole)
        rc = materials_check(cx, &l->file, 1);
    if (!rc && whole)
        rc = materials_keep(cx, to, &l->file);
    if (!rc)
        rc = db_exec(cx, &sql_materials_upload_insert,
                     ARGS(v_str(l->id), v_i64(cx->actor.account), v_i64(to->root), v_str(to->slot), v_bytes(sealed.p, sealed.n),
                          v_i64(n->length), v_i64(cx->now), v_i64(expires), v_ref(whole ? cx->now : 0)), NULL);
    if (rc)
        return rc;
    reply_status(rq, 201);
    offset_reply(cx, rq, whole ? n->length : l->came, expires);
    return RC_OK;
}

/* It can never be taken: nothing of it stays, and the place it took is free. */
static enum rc not_taken(struct cx *cx, const struct req *rq, const struct materials_upload *u)
{
    enum rc rc = db_exec(cx, &sql_materials_upload_delete, ARGS(v_str(u->id)), NULL);
    (void)reply_refuse(rq, 422, "http.invalid");
    return rc;
}

enum rc materials_upload_go_on(struct cx *cx, const struct req *rq, const struct materials_target *to)
{
    struct landed *l = rq->landed;
    struct upload_row r;
    struct materials_upload u = { 0 };
    bool whole = l->file.size > 0;
    int64_t changed = 0, expires = cx->now + MATERIALS_UPLOAD_MS;
    enum rc rc = row_get(cx, rq, to->root, &r);
    if (!rc)
        rc = upload_of(cx, &r, &u);
    if (rc && !(whole && rc == RC_NOT_FOUND && u.id.p)) /* a whole file has left its folder already */
        return rc;
    l->file.field = STR("file");
    l->file.filename = u.filename;
    if (whole && materials_check(cx, &l->file, 1))
        return not_taken(cx, rq, &u);
    struct materials_target at = { to->root, u.slot, to->keep_until };
    rc = whole ? materials_keep(cx, &at, &l->file) : RC_OK;
    if (!rc)
        rc = db_exec(cx, &sql_materials_upload_go_on, ARGS(v_str(u.id), v_i64(expires), v_ref(whole ? cx->now : 0)), &changed);
    if (rc || !changed)
        return rc ? rc : RC_CONFLICT;
    reply_status(rq, 204);
    offset_reply(cx, rq, l->at + l->came, expires);
    return RC_OK;
}

/* ---- ending ------------------------------------------------------------------------------------------------------------------------ */

enum rc materials_upload_drop(struct cx *cx, const struct req *rq, int64_t root)
{
    struct upload_row r;
    enum rc rc = version_check(rq);
    if (!rc)
        rc = row_get(cx, rq, root, &r);
    if (!rc)
        unlink(partial_path(cx, r.id).p);
    return rc;
}

enum rc materials_upload_end(struct cx *cx, const struct req *rq, int64_t root)
{
    struct upload_row r;
    enum rc rc = row_get(cx, rq, root, &r);
    reply_status(rq, 204);
    return rc ? rc : db_exec(cx, &sql_materials_upload_delete, ARGS(v_str(r.id)), NULL);
}

/* ---- when the time is over ------------------------------------------------------------------------------------------------ */

enum rc materials_uploads_expire(struct cx *cx, struct list *out_ids)
{
    return db_all(cx, &sql_materials_upload_expired, ARGS(v_i64(cx->now)), &ID, out_ids);
}

static enum rc has_row(struct cx *cx, const char *id, bool *out)
{
    int64_t n = 0;
    enum rc rc = db_begin(cx->db, READ);
    if (!rc)
        rc = db_rollback(cx->db, db_int(cx, &sql_materials_upload_there, ARGS(v_str(str_c(id))), &n));
    *out = n > 0;
    return rc;
}

/* Pieces whose creation was not kept; younger ones may wait for their unit. */
static enum rc orphans_remove(struct cx *cx, DIR *d)
{
    enum rc rc = RC_OK;
    struct stat st;
    for (const struct dirent *e; !rc && (e = readdir(d));) {
        bool there = true;
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode) ||
            st.st_mtime >= (cx->now - MATERIALS_GRACE_MS) / 1000)
            continue;
        rc = has_row(cx, e->d_name, &there);
        if (!rc && !there)
            unlinkat(dirfd(d), e->d_name, 0);
    }
    return rc;
}

enum rc materials_uploads_remove(struct cx *cx, const struct list *ids)
{
    for (size_t i = 0; i < ids->n; i++)
        unlink(partial_path(cx, ((const struct id_row *)ids->v)[i].id).p);
    DIR *d = opendir(partial_path(cx, STR(".")).p);
    if (!d)
        return RC_OK;
    enum rc rc = orphans_remove(cx, d);
    closedir(d);
    return rc;
}

enum rc materials_uploads_purge(struct cx *cx, const struct list *ids)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < ids->n && !rc; i++)
        rc = db_exec(cx, &sql_materials_upload_delete, ARGS(v_str(((const struct id_row *)ids->v)[i].id)), NULL);
    return rc;
}
