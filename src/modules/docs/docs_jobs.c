/* docs_jobs.c - a reader of the ledger finds what was issued; a job for each document renders, seals and keeps its file. */
#include "docs_jobs.h"

#include "base/json.h"
#include "base/log.h"
#include "docs_pdf.h"
#include "docs_seal.h"
#include "docs_store.h"
#include "ledger/ledger.h"
#include "modules/catalog/catalog.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"

#include <string.h>

enum { READ_AT_ONCE = 100, READ_EVERY_MS = 500, PART = 16 };
#define READER "docs"

/* ---- sealing ---------------------------------------------------------------------------------------------------------- */

/* From one phase of the job to the next. `sealed` says there is nothing to do. */
struct sealing {
    struct cases_document doc;
    struct org_body       body;
    int64_t               now_ms, size;
    struct digest         hash;
    bool                  is_sealed;
};

struct order {
    int64_t n;
};
static const struct field order_fields[] = { FIELD(struct order, n, .min = 1, .max = 1000000, .required = true) };
static const struct record ORDER = RECORD(struct order, order_fields);

struct str docs_hash_part(struct arena *a, struct str hash)
{
    return str_sub(hex(a, hash.p, hash.n), 0, PART);
}

static enum rc seal_load(struct cx *cx, struct job *j)
{
    struct sealing *s = arena_new(cx->arena, struct sealing);
    struct order o;
    struct docs_file f;
    struct cases_case c;
    j->own = s;
    enum rc rc = json_read(j->payload, &ORDER, cx->arena, &cx->issues, &o);
    if (!rc)
        rc = docs_file_get(cx, j->root, o.n, &f);
    s->is_sealed = !rc;
    if (rc != RC_NOT_FOUND)
        return rc;
    s->now_ms = cx->now;
    rc = cases_document_get(cx, j->root, o.n, &s->doc);
    if (!rc)
        rc = cases_get(cx, j->root, &c);
    return rc ? rc : org_body_get(cx, c.body, &s->body);
}

/* Where the public reaches this installation: as configured, else where it listens. */
static struct str site_of(struct cx *cx)
{
    const struct config *c = &cx->app->config;
    return c->site_url.n ? c->site_url : arena_fmt(cx->arena, "http://" STR_F, STR_A(c->listen));
}

static struct str check_address(struct cx *cx, const struct cases_document *d)
{
    struct buf b;
    buf_init(&b, cx->arena, 200);
    buf_str(&b, site_of(cx));
    buf_lit(&b, "/verify?n=");
    buf_url(&b, d->number);
    buf_lit(&b, "&h=");
    buf_str(&b, docs_hash_part(cx->arena, d->hash));
    return buf_view(&b);
}

static enum rc seal_make(struct cx *cx, struct sealing *s, struct str pdf, struct str *out)
{
    struct docs_signer signer;
    struct docs_office office = { arena_fmt(cx->arena, STR_F "/keys", STR_A(cx->app->config.data)).p, cx->app->config.site_owner,
                                  s->body.name, s->body.code, s->now_ms };
    enum rc rc = docs_signer_open(cx->arena, &office, &signer);
    if (!rc)
        rc = docs_seal_add(cx->arena, &signer, &(struct docs_seal_note){ s->body.name, { s->now_ms } }, pdf, out);
    docs_signer_close(&signer);
    return rc;
}

static enum rc seal_after(struct cx *cx, struct job *j)
{
    struct sealing *s = j->own;
    struct docs_paper paper = { .at = s->doc.made_at };
    struct cases_reader who = { cx->app->texts, LOCALE_ZH_CN, cx->arena };
    struct str pdf, sealed;
    if (s->is_sealed)
        return RC_OK;
    enum rc rc = cases_text_fill(&who, &s->doc, &paper.text);
    paper.address = check_address(cx, &s->doc);
    paper.page = arena_fmt(cx->arena, STR_F "/verify", STR_A(site_of(cx)));
    paper.check_code = docs_hash_part(cx->arena, s->doc.hash);
    if (!rc)
        rc = docs_pdf_make(cx->arena, &paper, &pdf);
    if (!rc)
        rc = seal_make(cx, s, pdf, &sealed);
    if (rc)
        return rc;
    s->size = (int64_t)sealed.n;
    return docs_bytes_keep(cx, sealed, &s->hash);
}

static enum rc seal_store(struct cx *cx, struct job *j)
{
    struct sealing *s = j->own;
    struct docs_file f = { s->doc.case_id, s->doc.n, s->size, 0, { (const char *)s->hash.b, sizeof s->hash.b }, { cx->now } };
    struct docs_file before;
    if (s->is_sealed)
        return RC_OK;
    enum rc rc = docs_file_get(cx, f.case_id, f.n, &before);
    if (rc != RC_NOT_FOUND)
        return rc; /* somebody else was quicker: his file is the one */
    struct str body = arena_fmt(cx->arena, "{\"fields\":\"" STR_F "\",\"file\":\"" STR_F "\",\"n\":%lld}",
                                STR_A(hex(cx->arena, s->doc.hash.p, s->doc.hash.n)), STR_A(hex(cx->arena, s->hash.b, sizeof s->hash.b)),
                                (long long)f.n);
    rc = ledger_append(cx, &(struct ledger_entry){ .root = f.case_id, .kind = "document.sealed", .body = body }, &f.entry, NULL);
    if (!rc)
        rc = docs_store_file_add(cx, &f);
    return rc ? rc : cases_document_set_sealed(cx, f.case_id, f.n);
}

/* ---- reading the ledger --------------------------------------------------------------------------------------------------- */

/* Family matters are nobody else's business, whatever their type. */
static bool is_private(struct str item_name)
{
    static const char *const words[] = { "婚", "收养", "户口", "殡葬", "生育" };
    for (size_t i = 0; i < countof(words); i++)
        if (str_find(item_name, str_c(words[i])) >= 0)
            return true;
    return false;
}

/* A grant of an administrative licence (type 01) goes on the public list. */
static enum rc decision_list(struct cx *cx, const struct cases_case *c, const struct cases_document_line *line)
{
    struct catalog_item item;
    struct identity_person person;
    struct org_body body;
    enum rc rc = catalog_version_get(cx, c->item, c->version, &item);
    if (rc || !str_is(item.type, "01") || is_private(item.name))
        return rc;
    rc = identity_person_get(cx, c->applicant, &person);
    if (!rc)
        rc = org_body_get(cx, c->body, &body);
    if (rc)
        return rc;
    struct docs_decision d = { c->id, line->number, c->item_code, c->item_name, body.name,
                               docs_name_mask(cx->arena, c->applicant_name, str_is(person.kind, "person")), line->made_at, { 0 }, { 0 } };
    return docs_store_decision_add(cx, &d);
}

static enum rc seal_order(struct cx *cx, int64_t case_id, int64_t n)
{
    struct job_new j = { .kind = "docs.seal", .root = case_id, .key = arena_fmt(cx->arena, "%lld-%lld", (long long)case_id, (long long)n),
                         .payload = arena_fmt(cx->arena, "{\"n\":%lld}", (long long)n) };
    return job_add(cx, &j, NULL);
}

static enum rc case_read(struct cx *cx, int64_t case_id)
{
    struct cases_case c;
    struct list lines;
    enum rc rc = cases_get(cx, case_id, &c);
    if (!rc)
        rc = cases_document_list(cx, case_id, &lines);
    for (size_t i = 0; !rc && i < lines.n; i++) {
        const struct cases_document_line *line = (const struct cases_document_line *)lines.v + i;
        if (!line->sealed_at.ms)
            rc = seal_order(cx, case_id, line->n);
        if (!rc && str_is(line->kind, "grant"))
            rc = line->voided_at.ms ? docs_store_decision_void(cx, case_id, line->voided_at) : decision_list(cx, &c, line);
    }
    return rc;
}

static bool is_seen(const struct ledger_row *rows, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (rows[k].root == rows[i].root && str_starts(rows[k].kind, STR("case.")))
            return true;
    return false;
}

/* An entry about something that is not there must not hold up all that follow. */
static enum rc entry_read(struct cx *cx, const struct ledger_row *r)
{
    enum rc rc = case_read(cx, r->root);
    if (rc != RC_NOT_FOUND)
        return rc;
    log_error("entry %lld of the ledger tells of a case that is not there", (long long)r->id);
    return RC_OK;
}

/* Every document is made in a unit that also tells of its case: so no document is missed, in whichever order units commit. */
static enum rc ledger_read(struct cx *cx, struct job *j)
{
    struct list rows;
    enum rc rc = ledger_next(cx, READER, READ_AT_ONCE, &rows);
    const struct ledger_row *r = rows.v;
    if (rc || !rows.n)
        return rc;
    for (size_t i = 0; !rc && i < rows.n; i++)
        if (str_starts(r[i].kind, STR("case.")) && !is_seen(r, i))
            rc = entry_read(cx, &r[i]);
    j->again = rows.n == READ_AT_ONCE;
    return rc ? rc : ledger_cursor_set(cx, READER, r[rows.n - 1].seq);
}

static enum rc ledger_has_more(struct cx *cx, bool *out)
{
    struct list rows = { 0 };
    enum rc rc = ledger_next(cx, READER, 1, &rows);
    *out = rows.n > 0;
    return rc;
}

const struct job_kind docs_jobs[DOCS_JOBS] = {
    { .name = "docs.seal", .unit = READ, .run = seal_load, .after = seal_after, .store = seal_store },
    { .name = "docs.read", .run = ledger_read, .due = ledger_has_more, .every_ms = READ_EVERY_MS },
};
