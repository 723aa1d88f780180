/* docs_seal.h - the electronic seal of a body on a PDF: PAdES baseline B-B (ETSI EN 319 142-1). */
#ifndef MODULES_DOCS_SEAL_H
#define MODULES_DOCS_SEAL_H

#include "docs_keys.h"

/* What the signature says besides the key. */
struct docs_seal_note {
    struct str  name; /* of the body */
    struct when at;
};

/* Append a signature over the whole file, as an incremental update: the bytes of `pdf` stay in front. `pdf` is a file of
 * docs_pdf_make (one classical cross-reference table, no signature yet). RC_FAILED (logged) if it is not, or OpenSSL fails. */
enum rc docs_seal_add(struct arena *a, const struct docs_signer *s, const struct docs_seal_note *note, struct str pdf, struct str *out);

#endif
