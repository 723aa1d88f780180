/* verify_priv.h - what the two parts of the verifier share: the scan over all places, and heads beside it. */
#ifndef LEDGER_VERIFY_PRIV_H
#define LEDGER_VERIFY_PRIV_H

#include "ledger/ledger_priv.h"

/* A tree of which parts may be unknown (a place is missing) or in doubt (a place below is suspect). */
struct scan_tree {
    int64_t       size;
    struct digest part[MERKLE_PATH_MAX];
    bool          known[MERKLE_PATH_MAX], doubt[MERKLE_PATH_MAX];
    bool          lost; /* so much is missing that nothing is known of what was before */
};

/* Heads of one origin in order of size, taken while the scan passes them. */
struct head_stream {
    bool               is_file;
    struct list        page; /* of the database */
    size_t             at;
    struct str         rest; /* of the file */
    int64_t            line;
    bool               has_next;
    struct ledger_head next;
    int64_t            last;    /* size of the one before */
    int64_t            matched; /* size of the last that agreed with the entries */
    bool               differs; /* one was reported; the later ones differ for the same reason */
    struct arena      *a;       /* of the page or line */
};

struct scan {
    struct cx            *cx;   /* its arena keeps the faults */
    struct cx             page; /* its arena holds what is being looked at */
    struct ledger_report *report;
    struct ledger_fault  *faults;
    struct scan_tree      tree;
    struct digest         expected, stored; /* chain so far: computed, and as stored at the last place */
    bool                  has_chain;        /* false at a gap */
    bool                  last_is_suspect;  /* the chain at the last place is not to be relied on */
    struct head_stream    heads, file;
    struct ledger_key    *key; /* last used */
    struct str            key_id;
};

/* Keep a fault; `key` is a literal. */
void fault_add(struct scan *s, const char *key, int64_t one, int64_t two);

enum rc heads_open(struct scan *s, struct str file_text, struct arena *for_db, struct arena *for_file);
/* The tree has grown to s->tree.size: compare the heads of this size. */
enum rc heads_pass(struct scan *s);
/* No more places: whatever heads are left speak of entries that are gone. */
enum rc heads_end(struct scan *s, struct str key_id);

#endif
