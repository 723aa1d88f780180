/* seal.c - SM4-CTR and HMAC-SM3 over OpenSSL. */
#include "base/seal.h"

#include "base/log.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, NONCE = 16, TAG = 32, HEAD = 1 + NONCE };

void keyring_set(struct keyring *k, const unsigned char bytes[KEYRING_BYTES])
{
    memcpy(k->enc, bytes, sizeof k->enc);
    memcpy(k->mac, bytes + sizeof k->enc, sizeof k->mac);
    memcpy(k->index, bytes + sizeof k->enc + sizeof k->mac, sizeof k->index);
}

/* CTR: the same in both directions. */
static void sm4_ctr(const unsigned char key[16], const unsigned char nonce[NONCE], struct str in, char *out)
{
    EVP_CIPHER *sm4 = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int n = 0;
    if (!sm4 || !c || !EVP_EncryptInit_ex(c, sm4, NULL, key, nonce) ||
        !EVP_EncryptUpdate(c, (unsigned char *)out, &n, (const unsigned char *)in.p, (int)in.n))
        panic("SM4-CTR failed");
    EVP_CIPHER_CTX_free(c);
    EVP_CIPHER_free(sm4);
}

static struct digest tag_of(struct arena *a, const struct keyring *k, const char *place, int64_t row, struct str body)
{
    struct buf b;
    buf_init(&b, a, body.n + 100);
    buf_fmt(&b, "%s/%lld/", place, (long long)row);
    buf_str(&b, body);
    return hmac_sm3((struct str){ (const char *)k->mac, sizeof k->mac }, buf_view(&b));
}

struct str seal(struct arena *a, const struct keyring *k, const char *place, int64_t row, struct str plain)
{
    char *p = arena_alloc(a, HEAD + plain.n + TAG);
    p[0] = VERSION;
    random_bytes(p + 1, NONCE);
    if (plain.n)
        sm4_ctr(k->enc, (const unsigned char *)p + 1, plain, p + HEAD);
    struct digest t = tag_of(a, k, place, row, (struct str){ p, HEAD + plain.n });
    memcpy(p + HEAD + plain.n, t.b, TAG);
    return (struct str){ p, HEAD + plain.n + TAG };
}

bool unseal(struct arena *a, const struct keyring *k, const char *place, int64_t row, struct str sealed, struct str *out)
{
    if (sealed.n < HEAD + TAG || sealed.p[0] != VERSION)
        return false;
    struct str body = str_sub(sealed, 0, sealed.n - TAG), text = str_sub(body, HEAD, body.n);
    struct digest t = tag_of(a, k, place, row, body);
    if (!same_secret(t.b, sealed.p + body.n, TAG))
        return false;
    char *p = arena_alloc(a, text.n + 1);
    if (text.n)
        sm4_ctr(k->enc, (const unsigned char *)sealed.p + 1, text, p);
    *out = (struct str){ p, text.n };
    return true;
}

struct digest blind_index(const struct keyring *k, const char *what, struct str plain)
{
    struct hasher *h = hasher_start();
    hasher_add(h, what, strlen(what) + 1);
    hasher_add(h, plain.p, plain.n);
    struct digest inner = hasher_end(h);
    return hmac_sm3((struct str){ (const char *)k->index, sizeof k->index }, (struct str){ (const char *)inner.b, 32 });
}

/* ---- files ------------------------------------------------------------------------------------------------------------ */

struct sealer {
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX    *mac;
};

void sealer_head(unsigned char head[SEAL_HEAD])
{
    head[0] = VERSION;
    random_bytes(head + 1, NONCE);
}

/* The counter block of byte `at`: the nonce plus at / 16, big-endian. */
static void counter_add(unsigned char counter[NONCE], uint64_t blocks)
{
    for (int i = NONCE - 1; i >= 0 && blocks; i--) {
        blocks += counter[i];
        counter[i] = (unsigned char)(blocks & 0xFF);
        blocks >>= 8;
    }
}

static EVP_CIPHER_CTX *cipher_open(const struct keyring *k, const unsigned char *nonce, int64_t at)
{
    unsigned char counter[NONCE], skipped[16] = { 0 };
    int n = 0;
    memcpy(counter, nonce, NONCE);
    counter_add(counter, (uint64_t)at / 16);
    EVP_CIPHER *sm4 = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    if (!sm4 || !c || !EVP_EncryptInit_ex(c, sm4, NULL, k->enc, counter) || !EVP_EncryptUpdate(c, skipped, &n, skipped, (int)(at % 16)))
        panic("SM4-CTR cannot start");
    EVP_CIPHER_free(sm4);
    return c;
}

static EVP_MAC_CTX *mac_open(const struct keyring *k)
{
    char digest[] = "SM3";
    OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end() };
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *m = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    if (!m || !EVP_MAC_init(m, k->mac, sizeof k->mac, params))
        panic("HMAC-SM3 cannot start");
    EVP_MAC_free(hmac);
    return m;
}

static void mac_add(struct sealer *s, const void *p, size_t n)
{
    if (n && !EVP_MAC_update(s->mac, p, n))
        panic("HMAC-SM3 failed");
}

struct sealer *sealer_open(const struct keyring *k, const char *place, const unsigned char head[SEAL_HEAD], int64_t at)
{
    if (head[0] != VERSION)
        return NULL;
    struct sealer *s = calloc(1, sizeof *s);
    if (!s)
        panic("out of memory");
    s->cipher = cipher_open(k, head + 1, at);
    s->mac = mac_open(k);
    mac_add(s, place, strlen(place) + 1);
    mac_add(s, head, SEAL_HEAD);
    return s;
}

static void cipher_run(struct sealer *s, const void *in, void *out, size_t n)
{
    int done = 0;
    if (n && !EVP_EncryptUpdate(s->cipher, out, &done, in, (int)n))
        panic("SM4-CTR failed");
}

void sealer_seal(struct sealer *s, const void *in, void *out, size_t n)
{
    cipher_run(s, in, out, n);
    mac_add(s, out, n);
}

void sealer_unseal(struct sealer *s, const void *in, void *out, size_t n)
{
    mac_add(s, in, n);
    cipher_run(s, in, out, n);
}

struct digest sealer_tag(struct sealer *s, struct digest id)
{
    struct digest t;
    size_t n = 0;
    mac_add(s, id.b, sizeof id.b);
    if (!EVP_MAC_final(s->mac, t.b, &n, sizeof t.b) || n != sizeof t.b)
        panic("HMAC-SM3 failed");
    return t;
}

void sealer_close(struct sealer *s)
{
    if (!s)
        return;
    EVP_CIPHER_CTX_free(s->cipher);
    EVP_MAC_CTX_free(s->mac);
    free(s);
}

bool unseal_file(const struct keyring *k, const char *place, struct digest id, char *p, size_t n, struct str *out)
{
    struct sealer *s = n < SEAL_HEAD + SEAL_TAG ? NULL : sealer_open(k, place, (const unsigned char *)p, 0);
    if (!s)
        return false;
    *out = (struct str){ p + SEAL_HEAD, n - SEAL_HEAD - SEAL_TAG };
    sealer_unseal(s, out->p, p + SEAL_HEAD, out->n);
    struct digest t = sealer_tag(s, id);
    sealer_close(s);
    if (same_secret(t.b, p + n - SEAL_TAG, SEAL_TAG))
        return true;
    memset(p, 0, n);
    *out = STR_NONE;
    return false;
}
