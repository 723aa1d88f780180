/* hash.c - OpenSSL behind plain functions. */
#include "base/hash.h"

#include "base/log.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

/* Fetched once: EVP_sm3() would be looked up again for every digest. */
static const EVP_MD *sm3_md(void)
{
    static const EVP_MD *md;
    const EVP_MD *have = __atomic_load_n(&md, __ATOMIC_ACQUIRE);
    if (have)
        return have;
    have = EVP_MD_fetch(NULL, "SM3", NULL);
    if (!have)
        panic("this OpenSSL has no SM3");
    __atomic_store_n(&md, have, __ATOMIC_RELEASE);
    return have;
}

struct hasher *hasher_start(void)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    if (!c || !EVP_DigestInit_ex(c, sm3_md(), NULL))
        panic("digest cannot start");
    return (struct hasher *)c;
}

void hasher_add(struct hasher *h, const void *p, size_t n)
{
    if (n && !EVP_DigestUpdate((EVP_MD_CTX *)h, p, n))
        panic("digest failed");
}

struct digest hasher_end(struct hasher *h)
{
    struct digest d;
    if (!EVP_DigestFinal_ex((EVP_MD_CTX *)h, d.b, NULL))
        panic("digest failed");
    EVP_MD_CTX_free((EVP_MD_CTX *)h);
    return d;
}

struct digest sm3_two(struct str a, struct str b)
{
    struct hasher *h = hasher_start();
    hasher_add(h, a.p, a.n);
    hasher_add(h, b.p, b.n);
    return hasher_end(h);
}

struct digest sm3(struct str data)
{
    return sm3_two(data, STR_NONE);
}

struct digest sha256(struct str data)
{
    struct digest d;
    if (!EVP_Digest(data.p ? data.p : "", data.n, d.b, NULL, EVP_sha256(), NULL))
        panic("digest failed");
    return d;
}

struct digest hmac_sm3(struct str key, struct str data)
{
    struct digest d;
    unsigned n = sizeof d.b;
    if (!HMAC(sm3_md(), key.p, (int)key.n, (const unsigned char *)(data.p ? data.p : ""), data.n, d.b, &n))
        panic("hmac failed");
    return d;
}

void random_bytes(void *p, size_t n)
{
    if (RAND_bytes(p, (int)n) != 1)
        panic("no randomness");
}

bool same_secret(const void *a, const void *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}

struct str hex(struct arena *a, const void *p, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    const unsigned char *in = p;
    char *out = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        out[i * 2] = digit[in[i] >> 4];
        out[i * 2 + 1] = digit[in[i] & 15];
    }
    return (struct str){ out, n * 2 };
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool unhex(struct str text, void *out, size_t n)
{
    unsigned char *o = out;
    if (text.n != n * 2)
        return false;
    for (size_t i = 0; i < n; i++) {
        int hi = hex_value(text.p[i * 2]), lo = hex_value(text.p[i * 2 + 1]);
        if (hi < 0 || lo < 0)
            return false;
        o[i] = (unsigned char)(hi << 4 | lo);
    }
    return true;
}

static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct str base64url(struct arena *a, const void *p, size_t n)
{
    const unsigned char *in = p;
    char *out = arena_alloc(a, n / 3 * 4 + 5);
    size_t o = 0;
    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)in[i] << 16 | (uint32_t)(i + 1 < n ? in[i + 1] : 0) << 8 | (i + 2 < n ? in[i + 2] : 0u);
        size_t chars = n - i >= 3 ? 4 : n - i + 1;
        for (size_t k = 0; k < chars; k++)
            out[o++] = b64[v >> (18 - 6 * k) & 63];
    }
    return (struct str){ out, o };
}

static int b64_value(char c)
{
    for (int i = 0; i < 64; i++)
        if (b64[i] == c)
            return i;
    return -1;
}

bool unbase64url(struct str text, struct arena *a, struct str *out)
{
    char *o = arena_alloc(a, text.n + 1);
    size_t n = 0;
    uint32_t acc = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < text.n; i++) {
        int v = b64_value(text.p[i]);
        if (v < 0)
            return false;
        acc = acc << 6 | (uint32_t)v;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            o[n++] = (char)(acc >> bits & 0xFF);
        }
    }
    *out = (struct str){ o, n };
    return text.n % 4 != 1;
}
