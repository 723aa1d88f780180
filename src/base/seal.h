/* seal.h - personal data at rest: sealed values and blind indexes.
 * Value = key version (1) ‖ nonce (16) ‖ SM4-CTR ciphertext ‖ tag (32). The tag is HMAC-SM3 over place, row and all that
 * stands before it, so that a value cannot be moved to another table, column or row (encrypt-then-MAC; OpenSSL 3.0 has no
 * SM4-GCM). SM4: GB/T 32907-2016, SM3: GB/T 32905-2016. */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include "base/hash.h"

enum { KEYRING_BYTES = 16 + 32 + 32 };

/* One version of the data keys; secret. */
struct keyring {
    unsigned char enc[16], mac[32], index[32];
};

void keyring_set(struct keyring *k, const unsigned char bytes[KEYRING_BYTES]);
/* `place` is "table.column", `row` the id of the row. Lives in the arena. */
struct str seal(struct arena *a, const struct keyring *k, const char *place, int64_t row, struct str plain);
/* False if the value was altered, moved, cut, or sealed with other keys. */
bool unseal(struct arena *a, const struct keyring *k, const char *place, int64_t row, struct str sealed, struct str *out);
/* For looking up a sealed value: HMAC-SM3 under its own key. `what` separates kinds of values. */
struct digest blind_index(const struct keyring *k, const char *what, struct str plain);

#endif
