/* conf.h - configuration: one file of `key = value` lines, one const table. An unknown key or a bad value stops the
 * start. `#` begins a comment line. The text is UTF-8. */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "base/record.h"

/* Read `text` into `out` by the record's fields. Values keep their meaning as in forms (numbers, 0/1, text). Fields that
 * the text does not name keep what `out` held. On RC_INVALID *out_why says line and reason. */
enum rc conf_read(struct str text, const struct record *r, struct arena *a, void *out, struct str *out_why);

/* Whole file into the arena. RC_NOT_FOUND if it cannot be opened, RC_INVALID if larger than `max` bytes. */
enum rc file_read(const char *path, size_t max, struct arena *a, struct str *out);

#endif
