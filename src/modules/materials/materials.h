/* materials.h - files that belong to a draft or a case, sealed at rest.
 * Words: a file is its content, kept once, sealed, in DIR/materials; a link says that it belongs to a root (draft, case) and
 * what for (slot). A link is handed in when its file becomes part of a case; then it stays, and the ledger holds its commitment
 * SM3(salt ‖ SM3 of the content). Who may see or change the files of a root is the caller's to know. */
#ifndef MODULES_MATERIALS_MATERIALS_H
#define MODULES_MATERIALS_MATERIALS_H

#include "http/app.h"
#include "http/route.h"

/* Bytes of one file; of one form; files of one root. The pages say the first two in words. */
enum { MATERIALS_FILE_MAX = 10 << 20, MATERIALS_FORM_MAX = 50 << 20, MATERIALS_MOST = 100 };
/* Bytes and names that belong to nothing any more are deleted after this long; until then requests under way and a backup that
 * copies the database first find what they need. */
#define MATERIALS_GRACE_MS DAY_MS

struct materials_file {
    int64_t     n, size; /* bytes */
    struct str  slot, filename, type;
    struct when made_at, handed_in_at;
    struct str  commitment; /* 32 raw bytes: SM3(salt ‖ sm3) */
    struct str  sm3, salt;  /* raw bytes; for the owner, who may prove with them what he handed in */
};

/* ---- before the first byte (route `admit`, READ unit) -------------------------------------------------------------------- */

/* The root has room for another file; else a refusal. */
enum rc materials_room(struct cx *cx, const struct req *rq, int64_t root);

/* ---- before the unit (route `prepare`) --------------------------------------------------------------------------------- */

/* RC_INVALID with an issue on the field of every file that is empty, too large or of no kind we take. */
enum rc materials_check(struct cx *cx, const struct upload *files, size_t n);
/* The same check; then all are synced and
 * put into DIR/materials, dated cx->now. RC_FAILED (logged) if the disk does not take them. What no unit keeps afterwards stays
 * without row, belongs to nobody and goes after MATERIALS_GRACE_MS. */
enum rc materials_store(struct cx *cx, const struct upload *files, size_t n);

/* ---- in the WRITE unit, with the root locked ----------------------------------------------------------------------------- */

/* The file, stored before, belongs to `root` for `slot`; not handed in yet. The same content in the same slot is kept once.
 * It goes by itself at `keep_until` (ms; 0: never). RC_INVALID with an issue if the root has MATERIALS_MOST files. */
struct materials_target {
    int64_t    root;
    struct str slot;
    int64_t    keep_until;
};
enum rc materials_keep(struct cx *cx, const struct materials_target *to, const struct upload *file);
/* RC_NOT_FOUND if there is no such file or it was handed in. */
enum rc materials_remove(struct cx *cx, int64_t root, int64_t n);
/* All files of `slot` of this root are handed in. */
enum rc materials_hand_in(struct cx *cx, int64_t root, struct str slot);
/* All files of `from` belong to `to`, which has none yet, with the same numbers, and are handed in. */
enum rc materials_move(struct cx *cx, int64_t from, int64_t to);
/* The root is deleted: so are its links and unfinished uploads, names and all. The bytes follow by themselves. */
enum rc materials_forget(struct cx *cx, int64_t root);

/* ---- files that arrive in pieces and over cut lines: tus 1.0.0 with creation, creation-with-upload, termination, expiration --- */
/* Whose root it is, and whether it still takes files, is the caller's to know, in every phase of a route. */

/* Unfinished uploads of one account, and their bytes in all; how long one waits for its next piece. */
enum { MATERIALS_UPLOADS_MOST = 10, MATERIALS_UPLOADS_BYTES = MATERIALS_FORM_MAX };
#define MATERIALS_UPLOAD_MS DAY_MS

struct materials_upload {
    struct str  id, slot, filename;
    int64_t     root, length, offset; /* bytes; offset: how many have arrived for certain */
    struct when expires_at, done_at;
};
extern const struct record MATERIALS_UPLOAD;

/* What the headers of a creation say. */
struct materials_upload_new {
    int64_t    length;
    struct str field, filename; /* of Upload-Metadata; the name is clean */
};
/* 412, 400, 413, 422 as a refusal (reply_refuse) if version, length or metadata are wrong, too large or empty. */
enum rc materials_upload_read(struct cx *cx, const struct req *rq, struct materials_upload_new *out);

/* `land` of a creation: 429 if the account or the root has too many on their way; else where the body goes, if it has one.
 * 415 for a body of another type. */
enum rc materials_upload_land_new(struct cx *cx, const struct req *rq, int64_t root, const struct materials_upload_new *n,
                                  struct landed *out);
/* `land` of a PATCH: 404 if there is no such upload of this account and root, 409 if it is done or stands elsewhere. */
enum rc materials_upload_land(struct cx *cx, const struct req *rq, int64_t root, struct landed *out);
/* `prepare` of both, without unit: what came is made durable. When it is the whole file, that is put into its place, and
 * rq->landed->file says what it is; with a type that is not taken, too. `length` is the whole file's. */
enum rc materials_upload_settle(struct cx *cx, const struct req *rq, int64_t length);

/* `run` of a creation; to->root locked. Adds the row, and keeps the file if it is whole. Replies with 201 and its headers but
 * Location. */
enum rc materials_upload_add(struct cx *cx, const struct req *rq, const struct materials_target *to, const struct materials_upload_new *n);
/* `run` of a PATCH; to->root locked. A file that is not taken ends the upload: RC_OK with a refusal 422. */
enum rc materials_upload_go_on(struct cx *cx, const struct req *rq, const struct materials_target *to);
/* By {u} of the address; RC_NOT_FOUND. Reads the disk. */
enum rc materials_upload_get(struct cx *cx, const struct req *rq, int64_t root, struct materials_upload *out);
/* `prepare` and `run` of a termination. */
enum rc materials_upload_drop(struct cx *cx, const struct req *rq, int64_t root);
enum rc materials_upload_end(struct cx *cx, const struct req *rq, int64_t root);
/* Headers of HEAD: Upload-Offset, Upload-Length, Upload-Expires. */
void materials_upload_headers(struct cx *cx, const struct req *rq, const struct materials_upload *u);

/* ---- reading ---------------------------------------------------------------------------------------------------------------- */

/* List of struct materials_file, oldest first. RC_FAILED (logged) if a name does not open. */
enum rc materials_list(struct cx *cx, int64_t root, struct list *out);
/* The file as a download, in the arena. RC_NOT_FOUND if the root has no such file, or has it not handed in and `handed_in` asks
 * for that; RC_FAILED (logged) if the row is there and the bytes are not, or are others. */
enum rc materials_open(struct cx *cx, int64_t root, int64_t n, bool handed_in, struct raw *out);
/* "320 kB", "1.2 MB". */
struct str materials_size_text(struct arena *a, int64_t bytes);

/* ---- deleting; for the timers ------------------------------------------------------------------------------------------------ */

/* Rows: links removed or due to go, and files that no link names. In a WRITE unit; *out_again: there may be more. */
enum rc materials_sweep(struct cx *cx, bool *out_again);
/* Bytes without row in the first-level folder `ab` (0..255), older than the grace. No unit is open: begins READ units of its own.
 * A file dated within the grace is never touched, so what `materials_store` has just put there cannot go before its unit. */
enum rc materials_walk(struct cx *cx, unsigned ab, int64_t *out_removed);

extern const struct module materials_module;

#endif
