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

/* Take the three keys out of the bytes of a key file, in the order of the struct. */
void keyring_set(struct keyring *k, const unsigned char bytes[KEYRING_BYTES]);
/* `place` is "table.column", `row` the id of the row. Lives in the arena. */
struct str seal(struct arena *a, const struct keyring *k, const char *place, int64_t row, struct str plain);
/* False if the value was altered, moved, cut, or sealed with other keys. */
bool unseal(struct arena *a, const struct keyring *k, const char *place, int64_t row, struct str sealed, struct str *out);
/* For looking up a sealed value: HMAC-SM3 under its own key. `what` separates kinds of values. */
struct digest blind_index(const struct keyring *k, const char *what, struct str plain);

/* ---- files: the same layout, in pieces ------------------------------------------------------------------------------- */

/* The tag covers place, head, ciphertext and, last, an id of 32 bytes that the file is known by; it may be known only when the
 * content has been seen to its end. */
enum { SEAL_HEAD = 1 + 16, SEAL_TAG = 32 };
struct sealer;

/* The head of a new file. */
void sealer_head(unsigned char head[SEAL_HEAD]);
/* Stands at byte `at` of the content; the tag is right only from 0. NULL if `head` is of no version we know. */
struct sealer *sealer_open(const struct keyring *k, const char *place, const unsigned char head[SEAL_HEAD], int64_t at);
/* The next `n` bytes, `out` may be `in`. */
void sealer_seal(struct sealer *s, const void *in, void *out, size_t n);
void sealer_unseal(struct sealer *s, const void *in, void *out, size_t n);
/* The tag, after the last byte. */
struct digest sealer_tag(struct sealer *s, struct digest id);
/* NULL is a no-op. */
void sealer_close(struct sealer *s);
/* A whole sealed file, opened in its place: *out is inside `p`. False, and nothing is given out, if it was altered, cut or is
 * not the one known by `id`. */
bool unseal_file(const struct keyring *k, const char *place, struct digest id, char *p, size_t n, struct str *out);

#endif
