/* catalog_import.c - a catalogue from CSV tables; every bad line is named, nothing half done. */
#include "base/csv.h"
#include "base/hash.h"
#include "base/json.h"
#include "modules/catalog/catalog_store.h"
#include "modules/org/org.h"

#include <stdlib.h>

enum { FAULTS_MAX = 500 };

/* A line of items.csv. */
struct item_row {
    struct catalog_item item;
    struct str          body, subjects, aliases, fee;
    int64_t             line;
    bool                bad;
    struct catalog_parts parts; /* in the order of their lines */
};

struct material_row {
    struct str              item_code;
    struct catalog_material m;
};

#define ITEM(m, ...) { .name = #m, .type = FTYPE(((struct item_row *)0)->item.m), .at = offsetof(struct item_row, item.m), __VA_ARGS__ }

static const char *const types[] = { "01", "05", "07", "08", "09", "10", "20", NULL };
static const char *const regimes[] = { "L", "LR", "J", "M", "E", "W", "B", "D", NULL };
static const char *const kinds[] = { "on_spot", "promised", NULL };
static const char *const units[] = { "WD", "CD", NULL };
static const char *const results[] = { "licence", "approval", "other", "none", NULL };
static const char *const fees[] = { "none", "yes", NULL };

static const struct field item_fields[] = {
    ITEM(code, .required = true, .min = 31, .max = 31),
    ITEM(basic_code, .required = true, .min = 12, .max = 12),
    ITEM(name, .required = true, .max = 200),
    ITEM(main_code, .max = 31),
    ITEM(main_name, .max = 200),
    ITEM(situation, .max = 50),
    ITEM(type, .required = true, .words = types),
    ITEM(regime, .required = true, .words = regimes),
    FIELD(struct item_row, body, .required = true, .min = 18, .max = 18),
    ITEM(level, .required = true, .min = 1, .max = 7),
    ITEM(objects, .required = true),
    FIELD(struct item_row, subjects, .required = true),
    ITEM(kind, .required = true, .words = kinds),
    ITEM(check_days, .max = 60),
    ITEM(statutory_days, .max = 1000),
    ITEM(statutory_unit, .words = units),
    ITEM(statutory_basis, .max = 500),
    ITEM(promised_days, .max = 1000),
    ITEM(promised_unit, .words = units),
    FIELD(struct item_row, fee, .words = fees),
    ITEM(fee_basis, .max = 500),
    ITEM(fee_standard, .max = 500),
    ITEM(result_name),
    ITEM(result_kind, .required = true, .words = results),
    ITEM(visits, .max = 9),
    ITEM(visit_reason),
    ITEM(channels, .required = true),
    ITEM(conditions, .max = 2000),
    ITEM(basis, .max = 2000),
    ITEM(intro, .max = 500),
    FIELD(struct item_row, aliases, .max = 500),
    ITEM(sample),
    ITEM(form, .max = 50),
    ITEM(source),
    ITEM(source_code),
    ITEM(decider, .max = 18),
};
static const struct record ITEM_ROW = RECORD(struct item_row, item_fields);

#define MATERIAL(col, m_, ...)                                                                                         \
    { .name = col, .type = FTYPE(((struct material_row *)0)->m.m_), .at = offsetof(struct material_row, m.m_), __VA_ARGS__ }
static const char *const sources[] = { "applicant", "state", "form", "third", NULL };
static const struct field material_fields[] = {
    FIELD(struct material_row, item_code, .required = true, .max = 31),
    MATERIAL("n", n, .required = true, .min = 1, .max = 99),
    MATERIAL("name", name, .required = true, .max = 200),
    MATERIAL("source", source, .required = true, .words = sources),
    MATERIAL("key", is_key),
    MATERIAL("commit", may_commit),
    MATERIAL("issuer", issuer),
    MATERIAL("basis", basis, .max = 500),
    MATERIAL("condition", needed_when, .max = 500),
    MATERIAL("note", note, .max = 1000),
    MATERIAL("sample", sample),
    MATERIAL("needed_if", needed_if, .max = 100),
};
static const struct record MATERIAL_ROW = RECORD(struct material_row, material_fields);

struct pause_row {
    struct str           item_code;
    struct catalog_pause p;
};
#define PAUSE(m, ...) { .name = #m, .type = FTYPE(((struct pause_row *)0)->p.m), .at = offsetof(struct pause_row, p.m), __VA_ARGS__ }
static const struct field pause_fields[] = {
    FIELD(struct pause_row, item_code, .required = true, .max = 31), PAUSE(kind, .required = true, .max = 20),
    PAUSE(basis, .required = true, .max = 500), PAUSE(sample),
};
static const struct record PAUSE_ROW = RECORD(struct pause_row, pause_fields);

static const struct field subject_fields[] = {
    FIELD(struct catalog_subject, code, .required = true, .max = 10), FIELD(struct catalog_subject, face, .required = true),
    FIELD(struct catalog_subject, name, .required = true),            FIELD(struct catalog_subject, pos, .max = 1000),
};
static const struct record SUBJECT_ROW = RECORD(struct catalog_subject, subject_fields);

static const struct field fault_fields[] = {
    FIELD(struct catalog_fault, line), FIELD(struct catalog_fault, field), FIELD(struct catalog_fault, code),
    FIELD(struct catalog_fault, text)
};
static const struct record FAULT = RECORD(struct catalog_fault, fault_fields);
static const struct field report_fields[] = {
    FIELD(struct catalog_report, lines), FIELD(struct catalog_report, added), FIELD(struct catalog_report, changed),
    FIELD(struct catalog_report, same),  FIELD(struct catalog_report, bad),   FIELD_LIST(struct catalog_report, faults, &FAULT),
};
const struct record CATALOG_REPORT = RECORD(struct catalog_report, report_fields);

/* All lines of the file and what was found wrong with them. */
struct import {
    struct cx             *cx;
    struct catalog_report *report;
    struct item_row       *rows, **sorted; /* as in the file; by code */
    size_t                 nrows;
};

/* ---- faults ---------------------------------------------------------------------------------------------------- */

static void fault_add(struct import *im, int64_t line, struct str field, struct str code, const char *key, struct str a1, struct str a2)
{
    struct buf b;
    struct catalog_fault *all = im->report->faults.v;
    if (im->report->faults.n == FAULTS_MAX)
        return;
    buf_init(&b, im->cx->arena, 64);
    texts_put(im->cx->app->texts, &b, LOCALE_ZH_CN, str_c(key), a1, a2);
    all[im->report->faults.n++] = (struct catalog_fault){ line, field, code, buf_view(&b) };
}

/* Issues of one line become faults; the list is empty again afterwards. */
static void faults_take(struct import *im, struct item_row *row, struct issues *is)
{
    for (size_t i = 0; i < is->n; i++)
        fault_add(im, row->line, is->v[i].field, row->item.code, is->v[i].key, is->v[i].arg[0], is->v[i].arg[1]);
    if (is->n && !row->bad) {
        row->bad = true;
        im->report->bad++;
    }
    is->n = 0;
}

static void line_wrong(struct import *im, struct item_row *row, const char *field, const char *key, struct str arg)
{
    struct issues is = { 0 };
    issues_add(&is, im->cx->arena, str_c(field), key, arg, STR_NONE);
    faults_take(im, row, &is);
}

/* ---- reading --------------------------------------------------------------------------------------------------- */

static size_t count_lines(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static int by_code(const void *a, const void *b)
{
    const struct item_row *x = *(const struct item_row *const *)a, *y = *(const struct item_row *const *)b;
    int d = str_cmp(x->item.code, y->item.code);
    return d ? d : (x > y) - (x < y);
}

/* Nobody promises that a file is sorted. */
static void rows_order(struct import *im)
{
    im->sorted = arena_many(im->cx->arena, struct item_row *, im->nrows);
    for (size_t i = 0; i < im->nrows; i++)
        im->sorted[i] = &im->rows[i];
    qsort(im->sorted, im->nrows, sizeof *im->sorted, by_code);
}

static enum rc items_read(struct import *im, struct str text)
{
    struct csv *c = arena_new(im->cx->arena, struct csv);
    im->rows = arena_many(im->cx->arena, struct item_row, count_lines(text));
    if (csv_open(c, text, im->cx->arena))
        return cx_invalid(im->cx, "items", "base.csv_header");
    for (;;) {
        struct item_row *row = &im->rows[im->nrows];
        struct issues is = { 0 };
        enum rc rc = csv_next(c);
        if (rc == RC_NOT_FOUND)
            break;
        im->nrows++;
        im->report->lines++;
        if (rc) {
            issues_add(&is, im->cx->arena, STR("line"), "base.csv_line", STR_NONE, STR_NONE);
        } else if (record_from_pairs(&ITEM_ROW, c->row, c->columns, im->cx->arena, &is, row) == RC_OK) {
            row->item.fee = str_is(row->fee, "yes");
            (void)catalog_item_check(im->cx->arena, &row->item, &is); /* its issues are taken below */
        }
        row->line = c->line;
        faults_take(im, row, &is);
    }
    rows_order(im);
    return RC_OK;
}

/* The first line with this code, or NULL. */
static struct item_row *row_find(struct import *im, struct str code)
{
    size_t low = 0, high = im->nrows;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_cmp(im->sorted[mid]->item.code, code) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < im->nrows && str_eq(im->sorted[low]->item.code, code) ? im->sorted[low] : NULL;
}

enum { MATERIALS_MAX = 60 };

static void material_take(struct import *im, const struct material_row *m, int64_t line)
{
    struct item_row *row = row_find(im, m->item_code);
    if (!row) {
        fault_add(im, line, STR("item_code"), m->item_code, "catalog.material_without_item", m->item_code, STR_NONE);
        im->report->bad++;
        return;
    }
    if (!row->parts.materials.v)
        row->parts.materials.v = arena_many(im->cx->arena, struct catalog_material, MATERIALS_MAX);
    if (row->parts.materials.n == MATERIALS_MAX)
        line_wrong(im, row, "materials", "base.too_many", STR("60"));
    else
        ((struct catalog_material *)row->parts.materials.v)[row->parts.materials.n++] = m->m;
}

static enum rc materials_read(struct import *im, struct str text)
{
    struct csv *c = arena_new(im->cx->arena, struct csv);
    if (!text.n)
        return RC_OK;
    if (csv_open(c, text, im->cx->arena))
        return cx_invalid(im->cx, "materials", "base.csv_header");
    for (;;) {
        struct material_row m;
        struct issues is = { 0 };
        enum rc rc = csv_next(c);
        if (rc == RC_NOT_FOUND)
            return RC_OK;
        if (!rc)
            rc = record_from_pairs(&MATERIAL_ROW, c->row, c->columns, im->cx->arena, &is, &m);
        if (!rc) {
            material_take(im, &m, c->line);
            continue;
        }
        im->report->bad++;
        fault_add(im, c->line, is.n ? is.v[0].field : STR("line"), STR("materials"), is.n ? is.v[0].key : "base.csv_line",
                  is.n ? is.v[0].arg[0] : STR_NONE, is.n ? is.v[0].arg[1] : STR_NONE);
    }
}

/* ---- what stops the clock ---------------------------------------------------------------------------------------- */

static int by_kind(const void *a, const void *b)
{
    const struct catalog_pause *x = a, *y = b;
    return str_cmp(x->kind, y->kind);
}

/* Kept in the order of the words, as they are read back. */
static void pause_take(struct import *im, const struct pause_row *p, int64_t line)
{
    struct issues is = { 0 };
    struct item_row *row = row_find(im, p->item_code);
    if (!row) {
        fault_add(im, line, STR("item_code"), p->item_code, "catalog.pause_without_item", p->item_code, STR_NONE);
        im->report->bad++;
        return;
    }
    struct list *all = &row->parts.pauses;
    catalog_pause_check(im->cx->arena, row->item.regime, &p->p, all, &is);
    if (is.n) {
        faults_take(im, row, &is);
        return;
    }
    if (!all->v)
        all->v = arena_many(im->cx->arena, struct catalog_pause, CATALOG_PAUSES_MAX);
    ((struct catalog_pause *)all->v)[all->n++] = p->p; /* each word once: it cannot run over */
    qsort(all->v, all->n, sizeof(struct catalog_pause), by_kind);
}

static enum rc pauses_read(struct import *im, struct str text)
{
    struct csv *c = arena_new(im->cx->arena, struct csv);
    if (!text.n)
        return RC_OK;
    if (csv_open(c, text, im->cx->arena))
        return cx_invalid(im->cx, "pauses", "base.csv_header");
    for (;;) {
        struct pause_row p;
        struct issues is = { 0 };
        enum rc rc = csv_next(c);
        if (rc == RC_NOT_FOUND)
            return RC_OK;
        if (!rc)
            rc = record_from_pairs(&PAUSE_ROW, c->row, c->columns, im->cx->arena, &is, &p);
        if (!rc) {
            pause_take(im, &p, c->line);
            continue;
        }
        im->report->bad++;
        fault_add(im, c->line, is.n ? is.v[0].field : STR("line"), STR("pauses"), is.n ? is.v[0].key : "base.csv_line",
                  is.n ? is.v[0].arg[0] : STR_NONE, is.n ? is.v[0].arg[1] : STR_NONE);
    }
}

/* ---- checks that need the other lines or the database ------------------------------------------------------------ */

static enum rc row_check(struct import *im, struct item_row *row)
{
    struct org_body b;
    if (row->bad)
        return RC_OK;
    enum rc rc = org_body_find(im->cx, row->body, &b);
    if (rc == RC_NOT_FOUND) {
        line_wrong(im, row, "body", "org.no_such_body", row->body);
        return RC_OK;
    }
    if (!rc && !str_starts(row->item.code, row->body))
        line_wrong(im, row, "code", "catalog.code_of_another_body", row->body);
    if (!rc && row_find(im, row->item.code) != row)
        line_wrong(im, row, "code", "catalog.code_twice", row->item.code);
    row->item.body = rc ? 0 : b.id;
    return rc;
}

/* The form the item is applied for with, and whether its materials, fee and steps fit it. */
static enum rc form_check_row(struct import *im, struct item_row *row)
{
    struct issues is = { 0 };
    enum rc rc = row->bad ? RC_OK : catalog_form_resolve(im->cx, &row->item);
    if (!rc && !row->bad)
        rc = catalog_form_check(im->cx, &row->item, &row->parts.materials, &is);
    faults_take(im, row, &is);
    return rc;
}

static enum rc subjects_check(struct import *im, struct item_row *row)
{
    struct str rest = row->subjects;
    enum rc rc = RC_OK;
    while (rest.p && !rc && !row->bad) {
        struct str code = str_cut(&rest, ' ');
        rc = catalog_store_subject_known(im->cx, code);
        if (rc != RC_NOT_FOUND)
            continue;
        line_wrong(im, row, "subjects", "catalog.no_such_subject", code);
        rc = RC_OK;
    }
    return rc;
}

/* ---- writing --------------------------------------------------------------------------------------------------- */

static struct digest content_of(struct cx *cx, struct catalog_item item, const struct catalog_parts *parts)
{
    struct buf b;
    item.id = item.body = item.version = 0;
    item.published_at.ms = 0;
    item.state = STR("");
    buf_init(&b, cx->arena, 4096);
    json_write(&b, &CATALOG_ITEM, &item);
    for (size_t i = 0; i < parts->materials.n; i++)
        json_write(&b, &CATALOG_MATERIAL, (const struct catalog_material *)parts->materials.v + i);
    for (size_t i = 0; i < parts->pauses.n; i++)
        json_write(&b, &CATALOG_PAUSE, (const struct catalog_pause *)parts->pauses.v + i);
    return sm3(buf_view(&b));
}

/* Absent text and empty text are the same in the database: make them the same here. */
static void texts_filled(const struct record *r, void *obj)
{
    for (size_t i = 0; i < r->n; i++) {
        struct str *s = (void *)((char *)obj + r->fields[i].at);
        if (r->fields[i].type == F_STR && !s->p)
            *s = STR("");
    }
}

static enum rc is_same(struct cx *cx, const struct item_row *row, bool *out)
{
    struct catalog_item old;
    struct catalog_parts parts;
    enum rc rc = catalog_item_find(cx, row->item.code, &old);
    *out = false;
    if (rc)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    rc = catalog_parts_get(cx, old.id, old.version, &parts);
    if (rc)
        return rc;
    struct digest a = content_of(cx, old, &parts), b = content_of(cx, row->item, &row->parts);
    *out = same_secret(a.b, b.b, sizeof a.b);
    return RC_OK;
}

static enum rc words_write(struct cx *cx, const struct item_row *row)
{
    struct str rest = row->subjects, aliases = row->aliases;
    enum rc rc = RC_OK;
    while (rest.n && !rc)
        rc = catalog_store_item_subject_add(cx, str_cut(&rest, ' '), row->item.id);
    for (int64_t n = 1; aliases.n && !rc; n++)
        rc = catalog_store_alias_add(cx, row->item.id, n, str_trim(str_cut(&aliases, '|')));
    return rc;
}

enum rc catalog_version_write(struct cx *cx, const struct catalog_item *item, const struct catalog_parts *parts)
{
    enum rc rc = catalog_store_version_add(cx, item);
    for (size_t i = 0; i < parts->materials.n && !rc; i++)
        rc = catalog_store_material_add(cx, item->id, item->version, (const struct catalog_material *)parts->materials.v + i);
    for (size_t i = 0; i < parts->pauses.n && !rc; i++)
        rc = catalog_store_pause_add(cx, item->id, item->version, (const struct catalog_pause *)parts->pauses.v + i);
    return rc;
}

static enum rc row_write(struct import *im, struct item_row *row)
{
    struct cx *cx = im->cx;
    struct catalog_head head = { 0 };
    bool same = false;
    texts_filled(&CATALOG_ITEM, &row->item);
    for (size_t i = 0; i < row->parts.materials.n; i++)
        texts_filled(&CATALOG_MATERIAL, (struct catalog_material *)row->parts.materials.v + i);
    enum rc rc = catalog_store_head(cx, row->item.code, &head);
    if (rc && rc != RC_NOT_FOUND)
        return rc;
    bool is_new = rc == RC_NOT_FOUND;
    row->item.id = is_new ? db_id(cx) : head.id;
    row->item.version = head.version + 1;
    rc = is_new ? catalog_store_item_add(cx, row->item.id, &row->item) : is_same(cx, row, &same);
    if (rc || same) {
        im->report->same += same;
        return rc;
    }
    *(is_new ? &im->report->added : &im->report->changed) += 1;
    rc = catalog_version_write(cx, &row->item, &row->parts);
    return rc ? rc : words_write(cx, row);
}

static enum rc subjects_import(struct cx *cx, struct str text)
{
    struct csv *c = arena_new(cx->arena, struct csv);
    struct catalog_subject s;
    enum rc rc = text.n ? csv_open(c, text, cx->arena) : RC_NOT_FOUND;
    while (!rc && !(rc = csv_next(c)) && !(rc = record_from_pairs(&SUBJECT_ROW, c->row, c->columns, cx->arena, &cx->issues, &s)))
        rc = catalog_store_subject_add(cx, &s);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc near_words_import(struct cx *cx, struct str text)
{
    struct csv *c = arena_new(cx->arena, struct csv);
    struct catalog_near w;
    enum rc rc = text.n ? csv_open(c, text, cx->arena) : RC_NOT_FOUND;
    while (!rc && !(rc = csv_next(c)) && !(rc = record_from_pairs(&CATALOG_NEAR, c->row, c->columns, cx->arena, &cx->issues, &w)))
        rc = catalog_store_near_add(cx, w.word, w.official);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc rows_check(struct import *im)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < im->nrows && !rc; i++) {
        rc = row_check(im, &im->rows[i]);
        if (!rc)
            rc = subjects_check(im, &im->rows[i]);
        if (!rc)
            rc = form_check_row(im, &im->rows[i]);
    }
    return rc;
}

static enum rc rows_write(struct import *im)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < im->nrows && !rc; i++)
        if (!im->rows[i].bad)
            rc = row_write(im, &im->rows[i]);
    return rc;
}

enum rc catalog_import(struct cx *cx, const struct catalog_tables *t, bool skip_bad, struct catalog_report *out)
{
    struct import im = { .cx = cx, .report = out };
    *out = (struct catalog_report){ .faults = { arena_many(cx->arena, struct catalog_fault, FAULTS_MAX), 0 } };
    enum rc rc = catalog_forms_import(cx, &t->forms);
    if (!rc)
        rc = subjects_import(cx, t->subjects);
    if (!rc)
        rc = near_words_import(cx, t->near_words);
    if (!rc && t->items.n)
        rc = items_read(&im, t->items);
    if (!rc)
        rc = materials_read(&im, t->materials);
    if (!rc)
        rc = pauses_read(&im, t->pauses);
    if (!rc)
        rc = rows_check(&im);
    if (!rc && out->bad && !skip_bad)
        return cx_invalid(cx, "items", "catalog.import_refused");
    if (!rc)
        rc = rows_write(&im);
    return rc ? rc : org_public_changed(cx);
}
