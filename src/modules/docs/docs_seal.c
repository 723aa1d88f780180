/* docs_seal.c - a signature field appended to a PDF, and the CMS that fills it. */
#include "docs_seal.h"

#include "base/hash.h"
#include "base/log.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <string.h>

enum { CMS_MAX = 8192, RANGE_WIDTH = 60, ATTRIBUTES = 8 };

/* What must be known of a PDF to append to it: numbers of objects, and where they lie. */
struct pdf {
    struct str bytes;
    int64_t    root, info, size, xref, page;
};

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static ptrdiff_t find_last(struct str s, struct str needle)
{
    ptrdiff_t at = -1;
    for (size_t from = 0;;) {
        ptrdiff_t next = str_find(str_sub(s, from, s.n), needle);
        if (next < 0)
            return at;
        at = (ptrdiff_t)from + next;
        from = (size_t)at + needle.n;
    }
}

/* The number after `name`; -1 if there is none. */
static int64_t number_after(struct str s, const char *name)
{
    ptrdiff_t at = str_find(s, str_c(name));
    int64_t n = 0;
    struct str rest = at < 0 ? STR_NONE : str_trim(str_sub(s, (size_t)at + strlen(name), 24));
    size_t digits = 0;
    while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9')
        digits++;
    return str_i64(str_sub(rest, 0, digits), 0, INT32_MAX, &n) ? n : -1;
}

/* What stands between "N 0 obj" and "endobj". */
static struct str object_find(struct arena *a, const struct pdf *f, int64_t number)
{
    struct str head = arena_fmt(a, "\n%lld 0 obj\n", (long long)number);
    ptrdiff_t at = str_find(f->bytes, head);
    if (at < 0)
        return STR_NONE;
    struct str rest = str_sub(f->bytes, (size_t)at + head.n, f->bytes.n);
    ptrdiff_t end = str_find(rest, STR("endobj"));
    return end < 0 ? STR_NONE : str_sub(rest, 0, (size_t)end);
}

/* The first page: an object of type Page, not Pages. */
static int64_t page_find(struct arena *a, const struct pdf *f)
{
    for (int64_t i = 1; i < f->size; i++) {
        struct str o = object_find(a, f, i);
        ptrdiff_t at = o.p ? str_find(o, STR("/Type /Page")) : -1;
        if (at >= 0 && o.p[at + 11] != 's')
            return i;
    }
    return -1;
}

static bool pdf_parse(struct arena *a, struct str bytes, struct pdf *out)
{
    ptrdiff_t at = find_last(bytes, STR("trailer"));
    struct str trailer = at < 0 ? STR_NONE : str_sub(bytes, (size_t)at, bytes.n);
    *out = (struct pdf){ .bytes = bytes, .root = number_after(trailer, "/Root"), .info = number_after(trailer, "/Info"),
                         .size = number_after(trailer, "/Size"), .xref = number_after(trailer, "startxref") };
    out->page = page_find(a, out);
    bool ok = out->root > 0 && out->info > 0 && out->size > 0 && out->xref > 0 && out->page > 0;
    if (!ok)
        log_error("the PDF is not as this program makes it; it cannot be sealed");
    return ok;
}

/* ---- appending -------------------------------------------------------------------------------------------------------- */

/* The update being written: where its objects, the hole for the signature and its range lie. */
struct update {
    struct buf b;
    size_t     object[4]; /* root, page, signature, field */
    size_t     range, hole, hole_end;
};

/* Text of a PDF as UTF-16 with byte order mark, in hex. */
static void put_text(struct buf *b, struct str s)
{
    buf_lit(b, "<FEFF");
    while (s.n) {
        uint32_t c = str_rune(&s);
        if (c >= 0x10000)
            buf_fmt(b, "%04X%04X", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
        else
            buf_fmt(b, "%04X", c);
    }
    buf_char(b, '>');
}

/* D:20260508120000+08'00' */
static void put_time(struct buf *b, struct when w)
{
    struct civil c = day_civil(day_at(w.ms));
    int64_t s = (w.ms - day_start(day_at(w.ms))) / 1000;
    buf_fmt(b, "(D:%04d%02d%02d%02d%02d%02d+08'00')", c.year, c.month, c.day, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

/* The object as it was, with more in its dictionary. */
static void put_extended(struct update *u, struct str old, int64_t number, const char *more)
{
    ptrdiff_t end = find_last(old, STR(">>"));
    buf_fmt(&u->b, "%lld 0 obj\n" STR_F "   %s\n>>\nendobj\n", (long long)number, (int)(end < 0 ? 0 : end), old.p, more);
}

static void put_signature(struct update *u, const struct pdf *f, const struct docs_seal_note *note)
{
    buf_fmt(&u->b, "%lld 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name ", (long long)f->size);
    put_text(&u->b, note->name);
    buf_lit(&u->b, " /M ");
    put_time(&u->b, note->at);
    buf_lit(&u->b, " /ByteRange ");
    u->range = u->b.n;
    memset(buf_room(&u->b, RANGE_WIDTH), ' ', RANGE_WIDTH);
    u->b.n += RANGE_WIDTH;
    buf_lit(&u->b, " /Contents ");
    u->hole = u->b.n;
    buf_char(&u->b, '<');
    memset(buf_room(&u->b, 2 * CMS_MAX), '0', 2 * CMS_MAX);
    u->b.n += 2 * CMS_MAX;
    buf_char(&u->b, '>');
    u->hole_end = u->b.n;
    buf_lit(&u->b, " >>\nendobj\n");
}

static void put_objects(struct update *u, struct arena *a, const struct pdf *f, const struct docs_seal_note *note)
{
    long long signature = f->size, field = f->size + 1;
    u->object[2] = u->b.n;
    put_signature(u, f, note);
    u->object[3] = u->b.n;
    buf_fmt(&u->b, "%lld 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal1) /V %lld 0 R /P %lld 0 R", field, signature,
            (long long)f->page);
    buf_lit(&u->b, " /Rect [0 0 0 0] /F 132 >>\nendobj\n");
    u->object[0] = u->b.n;
    put_extended(u, object_find(a, f, f->root), f->root, arena_fmt(a, "/AcroForm << /Fields [%lld 0 R] /SigFlags 3 >>", field).p);
    u->object[1] = u->b.n;
    put_extended(u, object_find(a, f, f->page), f->page, arena_fmt(a, "/Annots [%lld 0 R]", field).p);
}

static void put_trailer(struct update *u, const struct pdf *f)
{
    size_t xref = u->b.n;
    buf_fmt(&u->b, "xref\n%lld 1\n%010zu 00000 n \n%lld 1\n%010zu 00000 n \n%lld 2\n%010zu 00000 n \n%010zu 00000 n \n", (long long)f->root,
            u->object[0], (long long)f->page, u->object[1], (long long)f->size, u->object[2], u->object[3]);
    buf_fmt(&u->b, "trailer\n<< /Size %lld /Root %lld 0 R /Info %lld 0 R /Prev %lld >>\nstartxref\n%zu\n%%%%EOF\n", (long long)f->size + 2,
            (long long)f->root, (long long)f->info, (long long)f->xref, xref);
}

static void range_set(struct update *u)
{
    char text[RANGE_WIDTH + 1];
    int n = snprintf(text, sizeof text, "[0 %zu %zu %zu]", u->hole, u->hole_end, u->b.n - u->hole_end);
    memcpy(u->b.p + u->range, text, (size_t)n);
}

/* ---- CMS ---------------------------------------------------------------------------------------------------------------- */

/* SHA-256 of everything but the hole. */
static struct digest range_digest(const struct update *u)
{
    struct digest d;
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    if (!m || EVP_DigestInit_ex(m, EVP_sha256(), NULL) != 1 || EVP_DigestUpdate(m, u->b.p, u->hole) != 1 ||
        EVP_DigestUpdate(m, u->b.p + u->hole_end, u->b.n - u->hole_end) != 1 || EVP_DigestFinal_ex(m, d.b, NULL) != 1)
        panic("OpenSSL computes no SHA-256");
    EVP_MD_CTX_free(m);
    return d;
}

/* DER orders the members of a set by their bytes. */
static void attributes_sort(struct str *v, int n)
{
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && str_cmp(v[k], v[k - 1]) < 0; k--) {
            struct str t = v[k];
            v[k] = v[k - 1];
            v[k - 1] = t;
        }
}

/* The signed attributes as the SET OF that is signed. */
static struct str attributes_der(struct arena *a, const CMS_SignerInfo *si)
{
    struct str v[ATTRIBUTES];
    int n = CMS_signed_get_attr_count(si), sum = 0;
    if (n < 0 || n > ATTRIBUTES)
        panic("%d attributes to be signed", n);
    for (int i = 0; i < n; i++) {
        unsigned char *der = NULL;
        int len = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &der);
        v[i] = arena_str(a, (struct str){ (char *)der, len > 0 ? (size_t)len : 0 });
        sum += len;
        OPENSSL_free(der);
    }
    attributes_sort(v, n);
    unsigned char *head = arena_alloc(a, 8), *end = head;
    struct buf b;
    buf_init(&b, a, (size_t)sum + 8);
    ASN1_put_object(&end, 1, sum, V_ASN1_SET, V_ASN1_UNIVERSAL);
    buf_put(&b, head, (size_t)(end - head));
    for (int i = 0; i < n; i++)
        buf_str(&b, v[i]);
    return buf_view(&b);
}

/* CMS_final would add the attribute signing-time, which PAdES forbids beside /M: so the attributes are signed here. */
static bool signer_sign(struct arena *a, CMS_SignerInfo *si, EVP_PKEY *key)
{
    struct str tbs = attributes_der(a, si);
    size_t n = (size_t)EVP_PKEY_get_size(key);
    unsigned char *sig = arena_alloc(a, n);
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    bool ok = m && EVP_DigestSignInit(m, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestSign(m, sig, &n, (const unsigned char *)tbs.p, tbs.n) == 1 &&
              ASN1_STRING_set(CMS_SignerInfo_get0_signature(si), sig, (int)n) == 1;
    EVP_MD_CTX_free(m);
    return ok;
}

static bool cms_fill(struct arena *a, CMS_ContentInfo *cms, const struct docs_signer *s, const struct digest *d)
{
    const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_PARTIAL | CMS_CADES | CMS_NOSMIMECAP;
    CMS_SignerInfo *si = CMS_add1_signer(cms, s->cert, s->key, EVP_sha256(), flags);
    return si && CMS_add1_cert(cms, s->authority) == 1 &&
           CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data), -1) == 1 &&
           CMS_signed_add1_attr_by_NID(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, d->b, sizeof d->b) == 1 &&
           signer_sign(a, si, s->key);
}

static enum rc cms_make(struct arena *a, const struct docs_signer *s, const struct digest *d, struct str *out)
{
    unsigned char *der = NULL;
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_DETACHED | CMS_BINARY | CMS_PARTIAL);
    int n = cms && cms_fill(a, cms, s, d) ? i2d_CMS_ContentInfo(cms, &der) : -1;
    bool ok = n > 0 && n <= CMS_MAX;
    if (ok)
        *out = arena_str(a, (struct str){ (char *)der, (size_t)n });
    else
        log_error("a seal cannot be made: %s", ERR_error_string(ERR_get_error(), NULL));
    ERR_clear_error();
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    return ok ? RC_OK : RC_FAILED;
}

enum rc docs_seal_add(struct arena *a, const struct docs_signer *s, const struct docs_seal_note *note, struct str pdf, struct str *out)
{
    struct pdf f;
    struct update u = { 0 };
    struct str der;
    if (!pdf_parse(a, pdf, &f))
        return RC_FAILED;
    buf_init(&u.b, a, pdf.n + 4 * CMS_MAX);
    buf_str(&u.b, pdf);
    put_objects(&u, a, &f, note);
    put_trailer(&u, &f);
    range_set(&u);
    struct digest d = range_digest(&u);
    enum rc rc = cms_make(a, s, &d, &der);
    if (rc)
        return rc;
    struct str text = hex(a, der.p, der.n);
    memcpy(u.b.p + u.hole + 1, text.p, text.n);
    *out = buf_view(&u.b);
    return RC_OK;
}
