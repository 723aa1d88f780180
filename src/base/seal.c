/* seal.c - SM4-CTR and HMAC-SM3 over OpenSSL. */
#include "base/seal.h"

#include "base/log.h"

#include <openssl/evp.h>
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
