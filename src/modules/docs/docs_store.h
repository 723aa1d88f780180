/* docs_store.h - statements of the module, and files in DIR/files. */
#ifndef MODULES_DOCS_STORE_H
#define MODULES_DOCS_STORE_H

#include "base/hash.h"
#include "docs_sql.h"
#include "modules/docs/docs.h"

struct docs_decision {
    int64_t     case_id;
    struct str  number, item_code, item_name, body_name, holder;
    struct when made_at, voided_at, ended_at; /* ended: 注销 */
};
extern const struct record DOCS_DECISION;

/* RC_CONFLICT if the document has one. */
enum rc docs_store_file_add(struct cx *cx, const struct docs_file *f);
/* A case that is listed already takes over the number: its document was issued again. */
enum rc docs_store_decision_add(struct cx *cx, const struct docs_decision *d);
/* Void, and nothing replaces it; nothing happens if the case is not listed or void already. */
enum rc docs_store_decision_void(struct cx *cx, int64_t case_id, struct when at);
/* Up to 51, newest first, older than (made_at, case_id). */
enum rc docs_store_decisions(struct cx *cx, int64_t made_at, int64_t case_id, struct list *out);

/* Keep these bytes as DIR/files/ab/cd/HASH: whole and durable when it returns, or not there. *out_hash is their SM3. Doing it
 * again changes nothing. Not in a unit. RC_FAILED is logged. */
enum rc docs_bytes_keep(struct cx *cx, struct str bytes, struct digest *out_hash);

#endif
