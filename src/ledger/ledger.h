/* ledger.h - the append-only record of everything that happened, its order, its proofs and its verifier.
 *
 * A unit that changes state appends an entry in the same transaction (ledger_append). Later one sequencer gives each entry
 * its place: seq, a hash chain and a leaf of a Merkle tree in the manner of RFC 6962/9162, all with SM3 (GB/T 32905). Heads
 * of the tree are signed with SM2 (GB/T 32918). README.md holds the encodings.
 *
 * Timelines are read by root and do not wait for the sequencer (ledger_list); readers that follow everything read by seq
 * (ledger_next) and must bear to be given an entry twice. The order of seq is the order of sequencing: on PostgreSQL an
 * entry with a smaller id may be committed, and so placed, after one with a larger id. */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "base/hash.h"
#include "db/db.h"

enum { LEDGER_KIND_MAX = 60, LEDGER_BODY_MAX = 64 * 1024, LEDGER_PAGE = 200 };

/* ---- appending ------------------------------------------------------------------------------------------------- */

/* What a unit has to tell. Who and when come from cx: account, post and body of the actor, cx->now. */
struct ledger_entry {
    int64_t     root;         /* case, item, person, ... it is about; 0 = none */
    const char *kind;         /* "case.submitted": a-z, 0-9, '_' and '.' */
    struct str  body;         /* canonical JSON object: ids, codes, dates, commitments; never personal data */
    struct str  detail;       /* optional text that may be erased later; p == NULL: none. The entry holds its commitment */
    int64_t     effective_at; /* ms; 0 = now */
};

/* Append in the open WRITE unit: two INSERTs, three with a detail. *out_hash (may be NULL) gets the entry's hash, *out_id
 * (may be NULL) its id. A kind or body that is not as described above is a bug and panics. */
enum rc ledger_append(struct cx *cx, const struct ledger_entry *e, int64_t *out_id, struct digest *out_hash);

/* ---- reading --------------------------------------------------------------------------------------------------- */

/* An entry as it is stored; digests are 32 raw bytes, not text. */
struct ledger_row {
    int64_t     seq; /* 0: not sequenced yet */
    int64_t     id, root;
    struct str  kind;
    int64_t     actor, post, body_id; /* account, post and body of who did it; 0 = none */
    struct when at, effective_at;
    struct str  body;
    struct str  detail_hash; /* p == NULL: the entry never had a detail */
    struct str  hash;
};

/* RC_NOT_FOUND if there is none. */
enum rc ledger_get(struct cx *cx, int64_t id, struct ledger_row *out);
/* Entries of a root with an id above `after_id`, by id, at most LEDGER_PAGE: struct ledger_row. Includes what is not
 * sequenced yet. For the next page pass the last id. */
enum rc ledger_list(struct cx *cx, int64_t root, int64_t after_id, struct list *out);

/* The erasable text of an entry. RC_NOT_FOUND if it never had one or it was erased. */
enum rc ledger_detail_get(struct cx *cx, int64_t id, struct str *out);
/* Delete text and salt for good and append "ledger.detail_erased" to the entry's root. The entry stays verifiable.
 * RC_NOT_FOUND as above. (Copies may live on in backups and in free pages of the database file until it is vacuumed.) */
enum rc ledger_detail_erase(struct cx *cx, int64_t id);

/* ---- readers --------------------------------------------------------------------------------------------------- */

/* Where a reader is: the last seq it has dealt with; 0 for a new one. */
enum rc ledger_cursor_get(struct cx *cx, const char *reader, int64_t *out_seq);
/* In the same WRITE unit as the reader's own effects. Setting it back makes the reader read again. */
enum rc ledger_cursor_set(struct cx *cx, const char *reader, int64_t seq);
/* The next entries of a reader, by seq: at most `max` (up to 2,000) of struct ledger_row. Does not move the cursor. */
enum rc ledger_next(struct cx *cx, const char *reader, int max, struct list *out);
/* The same for readers that keep their cursor elsewhere, as a local index does. */
enum rc ledger_next_after(struct cx *cx, int64_t seq, int max, struct list *out);

extern const struct sql *const ledger_sql[];
extern const size_t            ledger_nsql;
extern const struct migration  ledger_schema[];
extern const size_t            ledger_nschema;

#endif
