/* docs_keys.h - who seals: the certificate authority of this installation and one key per body. */
#ifndef MODULES_DOCS_KEYS_H
#define MODULES_DOCS_KEYS_H

#include "base/time.h"

struct x509_st;
struct evp_pkey_st;

/* Files in `dir` (mode 0700), all 0600: ca.key and ca.pem, made at first use; bodies/CODE.pem with key and certificate of each
 * body, made at its first seal and again when less than 90 days of it are left or the body has another name. Nodes of one
 * database share the folder. */
struct docs_office {
    const char *dir;
    struct str  owner;      /* whose installation this is; stands in the name of the authority */
    struct str  body, code; /* name and unified social credit code of the body */
    int64_t     now_ms;
};

/* P-256 key, its certificate and the authority's. */
struct docs_signer {
    struct evp_pkey_st *key;
    struct x509_st     *cert, *authority;
};

/* RC_FAILED (logged) if a file cannot be made or is none of ours. End with docs_signer_close. Not in a unit. */
enum rc docs_signer_open(struct arena *a, const struct docs_office *o, struct docs_signer *out);
/* A signer of nothing is a no-op. */
void docs_signer_close(struct docs_signer *s);

#endif
