/* text.h - message catalogue: one text per key and language.
 * A key is either a name ("catalog.code_shape") or the Chinese text itself (in templates). zh-CN is the source, zh-Hant is
 * derived from it by ICU, English comes from the .po files; what has no English shows Chinese. */
#ifndef TMPL_TEXT_H
#define TMPL_TEXT_H

#include "base/buf.h"
#include "db/cx.h"

/* One entry of a .po catalogue. Only the build tool makes these. NULL: not in that file. */
struct message {
    const char *id, *zh, *en;
};

struct texts; /* all messages, in the start-up arena; filled while templates compile, then read only */

/* An empty catalogue in the start-up arena. */
struct texts *texts_open(struct arena *a);
/* Add a module's messages. A key given twice with different texts panics. */
void texts_add(struct texts *t, const struct message *m, size_t n);
/* The text of `id` in all languages, as an array of LOCALES. Never NULL: a key without entry stands for itself, counted in
 * texts_missing if it looks like a name rather than a text. */
const struct str *texts_find(struct texts *t, struct str id);
/* After this no key may be added; texts_find of an unknown key then gives the key itself without storing it. */
void texts_seal(struct texts *t);
/* Names that were looked up and have no entry; for the registry test. */
size_t texts_missing(const struct texts *t);
/* Put the text with %1 and %2 replaced. Nothing is escaped. */
void texts_put(struct texts *t, struct buf *b, enum locale l, struct str id, struct str arg1, struct str arg2);
/* Simplified to traditional characters (one to one by ICU; for page texts, never for names of people). */
struct str text_hant(struct arena *a, struct str zh);
/* By which two writings of one name are known as the same: NFKC with letters folded, no blanks, simplified characters. Never shown. */
struct str text_key(struct arena *a, struct str name);

#endif
