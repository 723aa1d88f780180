/* sign.c - SM2 by OpenSSL 3. Its traps: EVP_EC_gen would make a key of type EC, which signs as ECDSA; the signer's id is set
 * on the context after DigestSignInit and is not kept with the key. */
#include "ledger/sign.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIGNER_ID "1234567812345678"
enum { SIGNATURE_MAX = 128 };

static EVP_PKEY *pkey(const struct ledger_key *k)
{
    return (EVP_PKEY *)(void *)k;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static EVP_PKEY *read_pem(const char *path)
{
    FILE *f = fopen(path, "re");
    EVP_PKEY *k = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
    if (f)
        fclose(f);
    if (k && EVP_PKEY_is_a(k, "SM2"))
        return k;
    EVP_PKEY_free(k);
    ERR_clear_error();
    log_error("%s holds no SM2 key that can be read", path);
    return NULL;
}

static bool write_pem(int fd, EVP_PKEY *k)
{
    FILE *f = fdopen(fd, "w");
    if (!f) {
        close(fd);
        return false;
    }
    bool ok = PEM_write_PrivateKey(f, k, NULL, NULL, 0, NULL, NULL) == 1 && fflush(f) == 0 && fsync(fd) == 0;
    return fclose(f) == 0 && ok;
}

/* Whole or not at all: under another name first. link() does not replace a key that another process made meanwhile. */
static bool make_pem(const char *path, EVP_PKEY *k)
{
    char temporary[1200];
    snprintf(temporary, sizeof temporary, "%s.%d", path, (int)getpid());
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_pem(fd, k) && (link(temporary, path) == 0 || errno == EEXIST);
    if (fd >= 0)
        unlink(temporary);
    if (!ok)
        log_error("cannot write %s", path);
    return ok;
}

struct ledger_key *ledger_key_open(const char *path)
{
    struct stat st;
    if (stat(path, &st) && errno == ENOENT) {
        EVP_PKEY *k = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
        if (!k)
            panic("this OpenSSL makes no SM2 keys");
        bool made = make_pem(path, k);
        EVP_PKEY_free(k);
        if (!made)
            return NULL;
    }
    return (struct ledger_key *)read_pem(path);
}

void ledger_key_close(struct ledger_key *k)
{
    EVP_PKEY_free(pkey(k));
}

/* ---- public keys -------------------------------------------------------------------------------------------------- */

struct ledger_key *ledger_key_parse(struct str der)
{
    const unsigned char *p = (const unsigned char *)der.p;
    EVP_PKEY *k = der.n ? d2i_PUBKEY(NULL, &p, (long)der.n) : NULL;
    if (k && (p != (const unsigned char *)der.p + der.n || !EVP_PKEY_is_a(k, "SM2"))) {
        EVP_PKEY_free(k);
        k = NULL;
    }
    ERR_clear_error();
    return (struct ledger_key *)k;
}

struct str ledger_key_public(const struct ledger_key *k, struct arena *a)
{
    unsigned char *der = NULL;
    int n = i2d_PUBKEY(pkey(k), &der);
    if (n <= 0)
        panic("a public key cannot be written");
    struct str out = arena_str(a, (struct str){ (const char *)der, (size_t)n });
    OPENSSL_free(der);
    return out;
}

struct str ledger_key_id(struct str der, struct arena *a)
{
    struct digest d = sm3(der);
    return hex(a, d.b, LEDGER_KEY_ID / 2);
}

/* ---- signatures --------------------------------------------------------------------------------------------------- */

static void md_free(EVP_MD_CTX **c)
{
    EVP_MD_CTX_free(*c);
}

struct str ledger_key_sign(const struct ledger_key *k, struct str text, struct arena *a)
{
    AUTO(md_free) EVP_MD_CTX *c = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pc = NULL;
    unsigned char out[SIGNATURE_MAX];
    size_t n = sizeof out;
    if (!c || EVP_DigestSignInit(c, &pc, EVP_sm3(), NULL, pkey(k)) != 1 ||
        EVP_PKEY_CTX_set1_id(pc, SIGNER_ID, strlen(SIGNER_ID)) != 1 ||
        EVP_DigestSign(c, out, &n, (const unsigned char *)text.p, text.n) != 1)
        panic("signing failed");
    return arena_str(a, (struct str){ (const char *)out, n });
}

bool ledger_key_check(const struct ledger_key *k, struct str text, struct str signature)
{
    AUTO(md_free) EVP_MD_CTX *c = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pc = NULL;
    bool ok = c && EVP_DigestVerifyInit(c, &pc, EVP_sm3(), NULL, pkey(k)) == 1 &&
              EVP_PKEY_CTX_set1_id(pc, SIGNER_ID, strlen(SIGNER_ID)) == 1 &&
              EVP_DigestVerify(c, (const unsigned char *)signature.p, signature.n, (const unsigned char *)text.p, text.n) == 1;
    ERR_clear_error();
    return ok;
}
