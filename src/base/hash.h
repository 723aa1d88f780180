/* hash.h - digests, keyed digests, randomness and their texts. All by OpenSSL; failures panic (they mean a broken
 * installation). */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/buf.h"

struct digest {
    unsigned char b[32];
};

struct hasher; /* a digest being computed over several pieces */

/* SM3, GB/T 32905-2016. */
struct digest sm3(struct str data);
/* SM3 over two pieces, without joining them. */
struct digest sm3_two(struct str a, struct str b);
/* HMAC-SM3, RFC 2104. */
struct digest hmac_sm3(struct str key, struct str data);
struct digest sha256(struct str data);

/* SM3 in pieces. hasher_end frees it. */
struct hasher *hasher_start(void);
void           hasher_add(struct hasher *h, const void *p, size_t n);
struct digest  hasher_end(struct hasher *h);

/* Cryptographically secure bytes. */
void random_bytes(void *p, size_t n);
/* Equal, in time that does not depend on the content. */
bool same_secret(const void *a, const void *b, size_t n);

struct str hex(struct arena *a, const void *p, size_t n);                 /* lower case */
bool       unhex(struct str text, void *out, size_t n);                  /* exactly n bytes */
struct str base64url(struct arena *a, const void *p, size_t n);          /* RFC 4648 section 5, no padding */
bool       unbase64url(struct str text, struct arena *a, struct str *out);

#endif
