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

/* ---- before the unit (route `prepare`) --------------------------------------------------------------------------------- */

/* RC_INVALID with an issue on the field of every file that is empty, too large or of no kind we take; then all are synced and
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
/* The root is deleted: so are its links, names and all. The bytes follow by themselves. */
enum rc materials_forget(struct cx *cx, int64_t root);

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
