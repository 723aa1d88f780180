/* materials.h - files that belong to a draft or a case.
 * Words: a file is its content, kept once under its SM3 in DIR/files; a link says that it belongs to a root (draft, case) and
 * what for (slot). Who may see or change the files of a root is the caller's to know. */
#ifndef MODULES_MATERIALS_MATERIALS_H
#define MODULES_MATERIALS_MATERIALS_H

#include "http/app.h"
#include "http/route.h"

/* Bytes of one file; of one form; files of one root. The pages say the first two in words. */
enum { MATERIALS_FILE_MAX = 10 << 20, MATERIALS_FORM_MAX = 50 << 20, MATERIALS_MOST = 100 };

struct materials_file {
    int64_t     n, size; /* bytes */
    struct str  slot, filename, type;
    struct when made_at;
};
extern const struct record MATERIALS_FILE;

/* Before the unit (route `prepare`): RC_INVALID with an issue on the field of every file that is empty, too large or of no
 * kind we take; then all are synced and linked to DIR/files. RC_FAILED (logged) if the disk does not take them. What no unit
 * keeps afterwards stays without row and belongs to nobody. */
enum rc materials_store(struct cx *cx, const struct upload *files, size_t n);
/* In the WRITE unit, after materials_store, with the root locked: the file belongs to `root`. The same content in the same
 * slot is kept once. RC_INVALID with an issue if the root has MATERIALS_MOST files. */
enum rc materials_keep(struct cx *cx, int64_t root, struct str slot, const struct upload *file);
/* List of struct materials_file, oldest first. */
enum rc materials_list(struct cx *cx, int64_t root, struct list *out);
/* RC_NOT_FOUND if there is no such file. */
enum rc materials_remove(struct cx *cx, int64_t root, int64_t n);
/* All files of `from` belong to `to`, which has none yet, with the same numbers. */
enum rc materials_move(struct cx *cx, int64_t from, int64_t to);
/* The file as a download, in the arena. RC_NOT_FOUND if the root has no such file; RC_FAILED (logged) if the row is there and
 * the bytes are not, or are others. */
enum rc materials_open(struct cx *cx, int64_t root, int64_t n, struct raw *out);
/* "320 kB", "1.2 MB". */
struct str materials_size_text(struct arena *a, int64_t bytes);

extern const struct module materials_module;

#endif
