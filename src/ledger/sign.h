/* sign.h - the SM2 key of the ledger: opening, making, signing, checking (GB/T 32918.2, id 1234567812345678, GM/T 0009). */
#ifndef LEDGER_SIGN_H
#define LEDGER_SIGN_H

#include "base/hash.h"

/* A private or public key; an OpenSSL object underneath. */
struct ledger_key;

enum { LEDGER_KEY_ID = 32 }; /* hex characters: the first 16 bytes of SM3 over the public key's DER */

/* Read the private key (PEM) at `path`, or make one there (mode 0600) if there is no file. NULL with the reason logged.
 * A file that is there but cannot be read is never overwritten. */
struct ledger_key *ledger_key_open(const char *path);
/* A public key from its SubjectPublicKeyInfo (DER). NULL if it is no SM2 key. Does not log: the bytes are anybody's. */
struct ledger_key *ledger_key_parse(struct str der);
void               ledger_key_close(struct ledger_key *k); /* NULL is a no-op */

/* SubjectPublicKeyInfo of the key, DER, in the arena. */
struct str ledger_key_public(const struct ledger_key *k, struct arena *a);
/* The key's id from its DER. */
struct str ledger_key_id(struct str der, struct arena *a);

/* DER signature in the arena. About 0.4 ms: never inside a WRITE unit. */
struct str ledger_key_sign(const struct ledger_key *k, struct str text, struct arena *a);
bool       ledger_key_check(const struct ledger_key *k, struct str text, struct str signature);

#endif
