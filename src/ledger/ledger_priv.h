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

enum { LEDGER_SALT = 16 };

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
