/* ledger_priv.h - what the parts of the ledger share. */
#ifndef LEDGER_LEDGER_PRIV_H
#define LEDGER_LEDGER_PRIV_H

#include "ledger/ledger.h"

extern const struct record LEDGER_ROW;

struct ledger_detail_row {
    int64_t    entry;
    struct str salt, detail;
};
extern const struct record LEDGER_DETAIL_ROW;

/* A row of ledger_seq. */
struct ledger_place {
    int64_t    seq, entry;
    struct str chain, leaf;
};
extern const struct record LEDGER_PLACE, LEDGER_HEAD;

/* Hash of a complete subtree, from leaves or stored nodes. RC_NOT_FOUND if it is not there. */
enum rc ledger_part_get(struct cx *cx, struct leaves s, struct digest *out);
/* Hash of any span of the tree. */
enum rc ledger_span_get(struct cx *cx, struct leaves s, struct digest *out);
/* The last place; all zero if there is none. */
enum rc ledger_place_last(struct cx *cx, struct ledger_place *out);
struct digest ledger_chain_next(const struct digest *before, const struct digest *hash);

/* Hash of an entry: SM3 over every field but seq and hash, each preceded by its length. Pure. */
struct digest ledger_row_hash(struct arena *a, const struct ledger_row *r);
/* Commitment to a detail: SM3(salt, text). */
struct digest ledger_commitment(struct str salt, struct str detail);

static inline struct str digest_str(const struct digest *d)
{
    return (struct str){ (const char *)d->b, sizeof d->b };
}
/* False if it has not 32 bytes; *out is then zero. */
bool digest_from(struct str s, struct digest *out);
static inline bool digest_eq(const struct digest *a, const struct digest *b)
{
    return str_eq(digest_str(a), digest_str(b));
}

#endif
