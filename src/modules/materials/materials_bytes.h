/* materials_bytes.h - the bytes of files: DIR/materials/ab/cd/<name>. Private. */
#ifndef MODULES_MATERIALS_MATERIALS_BYTES_H
#define MODULES_MATERIALS_MATERIALS_BYTES_H

#include "modules/materials/materials.h"

/* Sync the upload, date it cx->now, put it in its place and make that durable. Replaces bytes of the same name. The upload stays
 * where it was, too. RC_FAILED logged. No unit need be open. */
enum rc materials_bytes_put(struct cx *cx, const struct upload *u);
/* Content of the file with this name (32 bytes), in the arena. RC_FAILED, not logged, if it is not there or does not open. */
enum rc materials_bytes_get(struct cx *cx, struct str name, struct str *out);

/* Bytes and rows of uploads whose time is over, and bytes of none; the phases of a timer. */
enum rc materials_uploads_expire(struct cx *cx, struct list *out_ids);
enum rc materials_uploads_remove(struct cx *cx, const struct list *ids);
enum rc materials_uploads_purge(struct cx *cx, const struct list *ids);

#endif
