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
#include "ledger/merkle.h"
#include "ledger/sign.h"

enum { LEDGER_KIND_MAX = 60, LEDGER_BODY_MAX = 64 * 1024, LEDGER_PAGE = 200, LEDGER_SALT = 16 };

/* ---- appending ------------------------------------------------------------------------------------------------- */

/* What a unit has to tell. Who and when come from cx: account, post and body of the actor, cx->now. */
struct ledger_entry {
    int64_t     root;         /* case, item, person, ... it is about; 0 = none */
    const char *kind;         /* "case.submitted": a-z, 0-9, '_' and '.' */
    struct str  body;         /* canonical JSON object: ids, codes, dates, commitments; never personal data */
    struct str  detail;       /* optional text that may be erased later; p == NULL: none. The entry holds its commitment */
    int64_t     effective_at; /* ms; 0 = now */
    const struct ledger_detail *made; /* instead of `detail`; NULL: none */
};

/* A detail with its salt and commitment, SM3(salt ‖ text). */
struct ledger_detail {
    struct str    text;
    char          salt[LEDGER_SALT];
    struct digest hash;
};

/* Make one outside the unit, so that a long text is not hashed while the writer is held. */
struct ledger_detail ledger_detail_make(struct cx *cx, struct str text);

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

/* ---- order ----------------------------------------------------------------------------------------------------- */

/* Place up to `max` (1..2,000) waiting entries: seq, chain, leaf, subtrees, in one WRITE unit. *out_n counts them. Run by one
 * place, the leader's timer; a second one would wait for a lock. Holds the writer about 6 us an entry: take 100 at once. */
enum rc ledger_sequence(struct cx *cx, int max, int64_t *out_n);
/* There are entries to be placed. */
enum rc ledger_is_waiting(struct cx *cx, bool *out);

/* ---- heads ----------------------------------------------------------------------------------------------------- */

enum { LEDGER_HEAD_MS = 1000 }; /* heads are at least this far apart */

/* The state of the tree after `size` entries. Digests and signature are raw bytes. */
struct ledger_head {
    int64_t     size;
    struct str  root, chain;
    struct when at;
    struct str  key_id, signature;
};

/* The head that should be signed now, without key_id and signature: RC_NOT_FOUND if nothing is new or the last one is younger
 * than LEDGER_HEAD_MS. Only in a READ unit, so that what is signed is durable. */
enum rc ledger_head_find_due(struct cx *cx, struct ledger_head *out);
/* What is signed of a head (README.md). */
struct str ledger_head_text(struct arena *a, const struct ledger_head *h);
/* Sign: fills key_id and signature. Outside units. */
void ledger_head_sign(const struct ledger_key *k, struct arena *a, struct ledger_head *h);
/* Store a signed head and its key in a WRITE unit. RC_CONFLICT if there is one of this size already. */
enum rc ledger_head_add(struct cx *cx, const struct ledger_key *k, const struct ledger_head *h);
/* The three together, each in its own unit of this session. RC_NOT_FOUND if none is due. For the command line and tests. */
enum rc ledger_head_make(struct cx *cx, const struct ledger_key *k, struct ledger_head *out);
/* RC_NOT_FOUND if nothing was signed yet. */
enum rc ledger_head_last(struct cx *cx, struct ledger_head *out);
/* DER of the public key of a head. */
enum rc ledger_key_get(struct cx *cx, struct str key_id, struct str *out_der);

/* One line of JSON as in the file of heads, without line end. */
void ledger_head_write(struct buf *b, const struct ledger_head *h);
/* RC_INVALID if the line is no head. */
enum rc ledger_head_parse(struct str line, struct arena *a, struct ledger_head *out);
/* Bring the file of heads (one JSON line each) up to the database: append what it lacks, by size, and sync it. A torn last
 * line is cut off first. Runs READ units of its own; no unit may be open. *out_n counts lines added. */
enum rc ledger_heads_keep(struct cx *cx, const char *path, int64_t *out_n);

/* ---- proofs ---------------------------------------------------------------------------------------------------- */

/* Inclusion of an entry in the tree of `size` entries. RC_NOT_FOUND: no such entry, or it is not sequenced within that size.
 * *out_index is its leaf (seq - 1). */
enum rc ledger_proof(struct cx *cx, int64_t entry, int64_t size, struct merkle_path *out, int64_t *out_index);
/* The tree of `from` entries is the beginning of that of `to`; RC_NOT_FOUND if the ledger is shorter. */
enum rc ledger_consistency(struct cx *cx, int64_t from, int64_t to, struct merkle_path *out);

enum { LEDGER_RECEIPT_MAX = 64 * 1024 };

/* The receipt of an entry as JSON: its hash, and either {"proof":"follows"} or its place, path, signed head and public key.
 * RC_NOT_FOUND if there is no such entry. */
enum rc ledger_receipt_write(struct cx *cx, int64_t entry, struct buf *out);

enum ledger_receipt_state {
    RECEIPT_PROVEN,          /* the entry is in the tree that this key signed */
    RECEIPT_FOLLOWS,         /* not sequenced when it was written: ask again; proves nothing yet */
    RECEIPT_MALFORMED,       /* no receipt */
    RECEIPT_WRONG_PATH,      /* the path does not lead to the root */
    RECEIPT_WRONG_SIGNATURE, /* the head is not signed by this key */
    RECEIPT_STATES,
};

/* What a checked receipt says. */
struct ledger_receipt {
    int64_t            entry, seq, size;
    struct str         hash, key_id; /* hex */
    struct when        at;           /* of the head */
};

/* Without a database. Pure; `text` is anybody's. *out is filled as far as the text could be read. */
enum ledger_receipt_state ledger_receipt_check(struct str text, struct arena *a, struct ledger_receipt *out);

/* ---- verifying -------------------------------------------------------------------------------------------------- */

/* One thing that is not as it was. `key` is a message with %1 = seq (or size of a head), %2 = entry (or where to). */
struct ledger_fault {
    struct str key;
    int64_t    seq, entry;
    struct str one, two; /* the arguments as text */
};
extern const struct record LEDGER_FAULT;

/* What the verifier found. No faults: every entry is what it was when the newest head was signed. */
struct ledger_report {
    int64_t     sequenced, waiting, details, erased; /* entries in order, not yet in order; details kept, erased */
    int64_t     heads, file_heads;                   /* heads looked at */
    int64_t     signed_size;  /* of the newest good head in the database */
    int64_t     kept_size;    /* of the newest good head in the file; what lies beyond cannot be proved to be complete */
    int64_t     unproven;     /* entries beyond kept_size: if somebody with the signing key removed some, nobody can tell */
    struct str  key_id;       /* that signed the newest head: compare with the published one */
    struct list faults;       /* struct ledger_fault, at most LEDGER_FAULTS */
    int64_t     more_faults;
};
extern const struct record LEDGER_REPORT;
enum { LEDGER_FAULTS = 200 };

/* What is known from outside the database; both may be STR_NONE. */
struct ledger_outside {
    struct str heads;  /* text of the file of heads, best a copy kept elsewhere */
    struct str key_id; /* of the key that must have signed the newest head */
};

/* Recompute every hash, the chain, the tree and all signatures, and name what differs. In a READ unit; reads everything.
 * RC_OK also when there are faults. Keeps about 1 MB at a time besides the faults. */
enum rc ledger_verify(struct cx *cx, const struct ledger_outside *outside, struct ledger_report *out);

extern const struct sql *const ledger_sql[];
extern const size_t            ledger_nsql;
extern const struct migration  ledger_schema[];
extern const size_t            ledger_nschema;

#endif
