/* cases_archive.c - 归档: the file of a case is closed with a catalogue of its documents and files; then no act is possible. */
#include "base/hash.h"
#include "base/json.h"
#include "cases_materials.h"
#include "cases_fill.h"
#include "modules/org/org.h"

/* How long a file is kept, as the body's schedule says. From memory, not compared with the text: pages say 待核实. */
const char *const cases_retentions[] = { "permanent", "years_30", "years_10", NULL };
const char cases_retention_basis[] = "《机关文件材料归档范围和文书档案保管期限规定》（国家档案局令第8号）：永久、30年、10年";

#define L struct archive_line
static const char *const whats[] = { "document", "file", NULL };
static const struct field line_fields[] = {
    FIELD(L, n), FIELD_WORD(L, what, whats, "cases.archive"), FIELD(L, name), FIELD(L, number), FIELD(L, hash), FIELD(L, day),
};
const struct record ARCHIVE_LINE = RECORD(L, line_fields);
#undef L

struct catalogue {
    struct list lines;
};
static const struct field catalogue_fields[] = { FIELD_LIST(struct catalogue, lines, &ARCHIVE_LINE, .max = 300) };
static const struct record CATALOGUE = RECORD(struct catalogue, catalogue_fields);

/* Documents by their number and the hash of their fields, then the applicant's files. */
static enum rc catalogue_make(struct cx *cx, const struct cases_case *c, struct catalogue *out)
{
    struct list documents, files;
    enum rc rc = cases_document_list(cx, c->id, &documents);
    if (!rc)
        rc = cases_files_fill(cx, c, &files);
    if (rc)
        return rc;
    struct archive_line *v = arena_many(cx->arena, struct archive_line, documents.n + files.n);
    size_t n = 0;
    for (size_t i = 0; i < documents.n && !rc; i++, n++) {
        struct cases_document d;
        rc = cases_document_get(cx, c->id, ((const struct cases_document_line *)documents.v)[i].n, &d);
        if (!rc)
            v[n] = (struct archive_line){ (int64_t)n + 1, STR("document"), d.kind, d.number, hex(cx->arena, d.hash.p, d.hash.n),
                                          day_at(d.made_at.ms) };
    }
    for (size_t i = 0; i < files.n && !rc; i++, n++) {
        const struct file_line *f = (const struct file_line *)files.v + i;
        /* by what it was handed in for: names of files are sealed, this catalogue is not */
        v[n] = (struct archive_line){ (int64_t)n + 1, STR("file"), f->name, f->size, STR(""), day_at(f->made_at.ms) };
    }
    out->lines = (struct list){ v, n };
    return rc;
}

static enum rc nothing_waits(struct cx *cx, const struct cases_case *c)
{
    struct list voids;
    enum rc rc = cases_store_voids(cx, c->id, &voids);
    for (size_t i = 0; i < voids.n && !rc; i++)
        if (str_is(((const struct cases_void *)voids.v)[i].state, "asked"))
            return RC_CONFLICT;
    return rc;
}

/* What the law wants served is served; each document that is not is named. */
static enum rc all_served(struct cx *cx, const struct cases_case *c)
{
    struct list all;
    bool missing = false;
    enum rc rc = cases_store_services(cx, c->id, &all);
    for (size_t i = 0; i < all.n && !rc; i++) {
        const struct cases_service *s = (const struct cases_service *)all.v + i;
        if (str_is(s->state, "served"))
            continue;
        missing = true;
        (void)cx_invalid_args(cx, "service", "cases.not_served", s->number, s->receiver);
    }
    return rc ? rc : missing ? RC_CONFLICT : RC_OK;
}

static enum rc number_make(struct cx *cx, const struct cases_case *c, struct str *out)
{
    struct org_body b;
    int64_t n = 0, year = day_civil(day_at(cx->now)).year;
    enum rc rc = org_body_get(cx, c->body, &b);
    if (!rc)
        rc = cases_store_document_next(cx, c->body, "archive", year, &n);
    *out = rc ? STR("") : arena_fmt(cx->arena, STR_F "档〔%lld〕%05lld号", STR_A(b.short_), (long long)year, (long long)n);
    return rc;
}

static enum rc archive_store(struct cx *cx, const struct cases_case *c, struct str retention, struct str ended)
{
    struct catalogue all;
    struct buf b;
    struct cases_archive a = { .retention = retention, .ended = ended };
    enum rc rc = catalogue_make(cx, c, &all);
    if (rc)
        return rc;
    buf_init(&b, cx->arena, 4096);
    json_write(&b, &CATALOGUE, &all);
    a.catalogue = buf_view(&b);
    struct digest d = sm3(a.catalogue);
    a.hash = arena_str(cx->arena, (struct str){ (const char *)d.b, sizeof d.b });
    struct str body = arena_fmt(cx->arena, "{\"catalogue\":\"" STR_F "\",\"retention\":\"" STR_F "\"}", STR_A(hex(cx->arena, d.b,
        sizeof d.b)),
                                STR_A(retention));
    rc = cases_note(cx, c, "case.archived", body, STR_NONE);
    if (!rc)
        rc = number_make(cx, c, &a.number);
    return rc ? rc : cases_store_archive_add(cx, c->id, &a);
}

enum rc cases_archive(struct cx *cx, struct cases_case *c, struct str retention)
{
    const char *to;
    if (!(cx->actor.roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD))))
        return RC_DENIED;
    if (!word_in(cases_retentions, retention))
        return cx_invalid(cx, "retention", "base.required");
    enum rc rc = cases_act_begin(cx, c, ACT_ARCHIVE, &to);
    if (!rc)
        rc = nothing_waits(cx, c);
    if (!rc)
        rc = all_served(cx, c);
    struct str ended = c->state;
    if (!rc)
        rc = cases_state_set(cx, c, to);
    if (!rc)
        rc = archive_store(cx, c, retention, ended);
    return rc;
}

enum rc cases_archive_fill(struct cx *cx, const struct cases_case *c, struct archive_view *v)
{
    struct cases_archive a;
    struct catalogue all = { 0 };
    enum rc rc = cases_store_archive(cx, c->id, &a);
    if (!rc)
        rc = json_read(a.catalogue, &CATALOGUE, cx->arena, &cx->issues, &all);
    if (rc)
        return rc;
    *v = (struct archive_view){ .title = c->item_name, .no = c->no, .number = a.number, .retention = a.retention, .ended = a.ended,
                                .applicant_name = c->applicant_name, .hash = hex(cx->arena, a.hash.p, a.hash.n), .made_at = a.made_at,
                                .lines = all.lines, .basis = str_c(cases_retention_basis) };
    struct archive_line *l = (void *)v->lines.v;
    for (size_t i = 0; i < v->lines.n; i++)
        if (str_is(l[i].what, "document")) {
            struct buf b;
            buf_init(&b, cx->arena, 40);
            texts_put(cx->app->texts, &b, cx->actor.locale, arena_fmt(cx->arena, "cases.document." STR_F, STR_A(l[i].name)), STR_NONE,
                STR_NONE);
            l[i].name = buf_view(&b);
        }
    return RC_OK;
}
