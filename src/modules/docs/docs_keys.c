/* docs_keys.c - keys and certificates in files, by OpenSSL. P-256 and not SM2: PDF readers cannot check SM2. */
#include "docs_keys.h"

#include "base/hash.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AUTHORITY_DAYS = 20 * 365, BODY_DAYS = 3 * 365, RENEW_DAYS = 90, NAME_RUNES = 64, CODE_LENGTH = 18 };

/* A certificate and its key. */
struct pair_kept {
    EVP_PKEY *key;
    X509     *cert;
};

static void pair_done(struct pair_kept *p)
{
    X509_free(p->cert);
    EVP_PKEY_free(p->key);
    *p = (struct pair_kept){ 0 };
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

/* Key and certificate of one file, or of two. False: there is none, or it does not hold both. */
static bool pair_read(const char *key_path, const char *cert_path, struct pair_kept *out)
{
    FILE *k = fopen(key_path, "re"), *c = fopen(cert_path, "re");
    *out = (struct pair_kept){ k ? PEM_read_PrivateKey(k, NULL, NULL, NULL) : NULL, c ? PEM_read_X509(c, NULL, NULL, NULL) : NULL };
    if (k)
        fclose(k);
    if (c)
        fclose(c);
    bool ok = out->key && out->cert && X509_check_private_key(out->cert, out->key) == 1;
    if (!ok)
        pair_done(out);
    ERR_clear_error();
    return ok;
}

static bool pem_write(const char *path, EVP_PKEY *key, X509 *cert)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    if (!f && fd >= 0)
        close(fd);
    if (!f)
        return false;
    bool ok = (!key || PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1) && (!cert || PEM_write_X509(f, cert) == 1) &&
              fflush(f) == 0 && fsync(fd) == 0;
    return fclose(f) == 0 && ok;
}

/* Whole or not at all. With `first` a file that is there already stays: another thread was quicker. */
static bool pem_keep(struct arena *a, const char *path, const struct pair_kept *p, bool first)
{
    unsigned char r[6];
    random_bytes(r, sizeof r);
    const char *temporary = arena_fmt(a, "%s." STR_F, path, STR_A(hex(a, r, sizeof r))).p;
    bool ok = pem_write(temporary, p->key, p->cert);
    if (ok && first)
        ok = link(temporary, path) == 0 || errno == EEXIST;
    else if (ok)
        ok = rename(temporary, path) == 0;
    if (!ok)
        log_error("cannot write %s: %s", path, strerror(errno));
    unlink(temporary);
    return ok;
}

static bool folder_make(const char *path)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return true;
    log_error("cannot make the folder %s: %s", path, strerror(errno));
    return false;
}

/* ---- certificates --------------------------------------------------------------------------------------------------- */

struct wanted {
    struct str  name, code; /* no code: the authority */
    int64_t     now_ms;
    int         days;
    EVP_PKEY   *key;
    const struct pair_kept *authority; /* NULL: signs itself */
};

static bool name_add(X509_NAME *n, const char *what, struct str value)
{
    return X509_NAME_add_entry_by_txt(n, what, MBSTRING_UTF8, (const unsigned char *)value.p, (int)value.n, -1, 0) == 1;
}

static bool extension_add(X509 *x, const struct wanted *w, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, w->authority ? w->authority->cert : x, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool ok = e && X509_add_ext(x, e, -1) == 1;
    X509_EXTENSION_free(e);
    return ok;
}

static bool extensions_add(X509 *x, const struct wanted *w)
{
    bool is_body = w->authority != NULL;
    return extension_add(x, w, NID_basic_constraints, is_body ? "critical,CA:FALSE" : "critical,CA:TRUE,pathlen:0") &&
           extension_add(x, w, NID_key_usage, is_body ? "critical,digitalSignature,nonRepudiation" : "critical,keyCertSign,cRLSign") &&
           extension_add(x, w, NID_subject_key_identifier, "hash") &&
           (!is_body || extension_add(x, w, NID_authority_key_identifier, "keyid:always"));
}

static bool serial_set(X509 *x)
{
    unsigned char r[16];
    random_bytes(r, sizeof r);
    r[0] = (unsigned char)((r[0] & 0x7f) | 0x40); /* positive and of full length */
    BIGNUM *n = BN_bin2bn(r, sizeof r, NULL);
    bool ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
    BN_free(n);
    return ok;
}

static bool term_set(X509 *x, const struct wanted *w)
{
    time_t from = (time_t)(w->now_ms / 1000) - 3600, to = from + (time_t)w->days * 86400; /* an hour for clocks that differ */
    return ASN1_TIME_set(X509_getm_notBefore(x), from) && ASN1_TIME_set(X509_getm_notAfter(x), to);
}

static X509 *cert_make(const struct wanted *w)
{
    X509 *x = X509_new();
    X509_NAME *n = x ? X509_get_subject_name(x) : NULL;
    bool ok = n && X509_set_version(x, X509_VERSION_3) == 1 && serial_set(x) && term_set(x, w) && name_add(n, "C", STR("CN")) &&
              name_add(n, "CN", str_first_runes(w->name, NAME_RUNES)) && (!w->code.n || name_add(n, "serialNumber", w->code)) &&
              X509_set_issuer_name(x, w->authority ? X509_get_subject_name(w->authority->cert) : n) == 1 &&
              X509_set_pubkey(x, w->key) == 1 && extensions_add(x, w) &&
              X509_sign(x, w->authority ? w->authority->key : w->key, EVP_sha256()) > 0;
    if (ok)
        return x;
    log_error("a certificate cannot be made: %s", ERR_error_string(ERR_get_error(), NULL));
    ERR_clear_error();
    X509_free(x);
    return NULL;
}

static EVP_PKEY *key_make(void)
{
    EVP_PKEY *k = EVP_EC_gen("P-256");
    if (!k)
        panic("this OpenSSL makes no P-256 keys");
    return k;
}

/* ---- authority -------------------------------------------------------------------------------------------------------- */

static bool authority_make(struct arena *a, const struct docs_office *o, const char *key_path, const char *cert_path)
{
    struct pair_kept made = { .key = key_make() };
    bool ok = pem_keep(a, key_path, &made, true);
    pair_done(&made);
    FILE *f = ok ? fopen(key_path, "re") : NULL; /* the one that was first */
    EVP_PKEY *key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
    if (f)
        fclose(f);
    struct wanted w = { arena_fmt(a, STR_F "电子文书签章根证书", STR_A(o->owner)), STR_NONE, o->now_ms, AUTHORITY_DAYS, key, NULL };
    struct pair_kept cert = { .cert = key ? cert_make(&w) : NULL };
    ok = cert.cert && pem_keep(a, cert_path, &cert, true);
    pair_done(&cert);
    EVP_PKEY_free(key);
    return ok;
}

static enum rc authority_open(struct arena *a, const struct docs_office *o, struct pair_kept *out)
{
    const char *key_path = arena_fmt(a, "%s/ca.key", o->dir).p, *cert_path = arena_fmt(a, "%s/ca.pem", o->dir).p;
    if (access(cert_path, F_OK) && !authority_make(a, o, key_path, cert_path))
        return RC_FAILED;
    if (pair_read(key_path, cert_path, out))
        return RC_OK;
    log_error("%s and %s do not belong together or cannot be read", key_path, cert_path);
    return RC_FAILED;
}

/* ---- bodies ------------------------------------------------------------------------------------------------------------- */

static bool has_subject(X509 *x, int nid, struct str want)
{
    unsigned char *text = NULL;
    X509_NAME *n = X509_get_subject_name(x);
    int at = X509_NAME_get_index_by_NID(n, nid, -1);
    int len = at < 0 ? -1 : ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(n, at)));
    bool same = len >= 0 && str_eq((struct str){ (char *)text, (size_t)len }, want);
    OPENSSL_free(text);
    return same;
}

static bool is_good(const struct pair_kept *p, const struct docs_office *o, const struct pair_kept *authority)
{
    time_t least = (time_t)(o->now_ms / 1000) + RENEW_DAYS * 86400;
    return has_subject(p->cert, NID_commonName, str_first_runes(o->body, NAME_RUNES)) && has_subject(p->cert, NID_serialNumber, o->code) &&
           X509_cmp_time(X509_get0_notAfter(p->cert), &least) > 0 && X509_verify(p->cert, authority->key) == 1;
}

static enum rc body_make(struct arena *a, const struct docs_office *o, const struct pair_kept *authority, struct pair_kept *out)
{
    struct wanted w = { o->body, o->code, o->now_ms, BODY_DAYS, key_make(), authority };
    *out = (struct pair_kept){ w.key, cert_make(&w) };
    if (out->cert && pem_keep(a, arena_fmt(a, "%s/bodies/" STR_F ".pem", o->dir, STR_A(o->code)).p, out, false))
        return RC_OK;
    pair_done(out);
    return RC_FAILED;
}

static enum rc body_open(struct arena *a, const struct docs_office *o, const struct pair_kept *authority, struct pair_kept *out)
{
    const char *path = arena_fmt(a, "%s/bodies/" STR_F ".pem", o->dir, STR_A(o->code)).p;
    if (pair_read(path, path, out) && is_good(out, o, authority))
        return RC_OK;
    pair_done(out);
    return body_make(a, o, authority, out);
}

static bool is_code(struct str code)
{
    for (size_t i = 0; i < code.n; i++)
        if (!(code.p[i] >= '0' && code.p[i] <= '9') && !(code.p[i] >= 'A' && code.p[i] <= 'Z'))
            return false;
    return code.n == CODE_LENGTH;
}

enum rc docs_signer_open(struct arena *a, const struct docs_office *o, struct docs_signer *out)
{
    struct pair_kept authority = { 0 }, body = { 0 };
    *out = (struct docs_signer){ 0 };
    if (!is_code(o->code)) {
        log_error("a body without unified social credit code cannot seal");
        return RC_FAILED;
    }
    if (!folder_make(o->dir) || !folder_make(arena_fmt(a, "%s/bodies", o->dir).p))
        return RC_FAILED;
    enum rc rc = authority_open(a, o, &authority);
    if (!rc)
        rc = body_open(a, o, &authority, &body);
    EVP_PKEY_free(authority.key);
    *out = (struct docs_signer){ body.key, body.cert, authority.cert };
    return rc;
}

void docs_signer_close(struct docs_signer *s)
{
    EVP_PKEY_free(s->key);
    X509_free(s->cert);
    X509_free(s->authority);
    *s = (struct docs_signer){ 0 };
}
