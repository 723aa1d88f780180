/* json.h - records to and from JSON. Writing is ours (fast); reading is jansson (strict). */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/record.h"

/* One record as an object. Empty text is "", absent text, day and instant are null. Days are "YYYY-MM-DD", instants
 * RFC 3339 at +08:00, fen integers, secrets left out. */
void json_write(struct buf *b, const struct record *r, const void *obj);
/* Object into record, with the limits of the field rows. Adds issues: "base.json_broken" with line and column for
 * malformed text, duplicate keys, NUL, numbers out of range; "base.unknown_field"; and those of record_from_pairs.
 * Text is copied into the arena. */
enum rc json_read(struct str text, const struct record *r, struct arena *a, struct issues *issues, void *out);
/* A flat object of texts, numbers and booleans as the pairs a form would have sent, for forms that are data. At most `max`;
 * RC_INVALID with an issue as above for anything else. */
enum rc json_pairs(struct str text, struct arena *a, struct issues *issues, struct pair *out, size_t max, size_t *out_n);

#endif
