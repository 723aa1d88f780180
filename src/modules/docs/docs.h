/* docs.h - sealed files of legal documents, checking a paper, the public list of licence decisions.
 * Words: a document is what cases issued (number, frozen fields, hash); its file is the PDF with the seal of the body. The fact
 * does not wait for the file: a reader of the ledger finds new documents and adds one job for each, which renders, seals and
 * keeps the file and then says so in the ledger ("document.sealed"). */
#ifndef MODULES_DOCS_DOCS_H
#define MODULES_DOCS_DOCS_H

#include "http/app.h"
#include "http/route.h"

enum { DOCS_FILE_MAX = 2 << 20 };

struct docs_file {
    int64_t     case_id, n, size, entry; /* bytes; the ledger entry that says it was sealed */
    struct str  hash;                    /* SM3 of the file, 32 raw bytes */
    struct when made_at;
};

/* The file of a document; RC_NOT_FOUND while it has none. */
enum rc docs_file_get(struct cx *cx, int64_t case_id, int64_t n, struct docs_file *out);
enum rc docs_file_find(struct cx *cx, const unsigned char hash[32], struct docs_file *out);
/* Its bytes, checked against the hash. RC_FAILED (logged) if they are missing or changed. */
enum rc docs_file_read(struct cx *cx, const struct docs_file *f, struct str *out);

/* A name as strangers may see it: natural persons by their first character and two stars, others in full. */
struct str docs_name_mask(struct arena *a, struct str name, bool is_person);

extern const struct module docs_module;

#endif
