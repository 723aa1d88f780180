/* catalog_store.c - statements in, structs out. */
#include "modules/catalog/catalog_store.h"

#include <stdlib.h>

static const struct field item_fields[] = {
    FIELD(struct catalog_item, id),            FIELD(struct catalog_item, code),
    FIELD(struct catalog_item, body),          FIELD(struct catalog_item, main_code),
    FIELD(struct catalog_item, state),         FIELD(struct catalog_item, version),
    FIELD(struct catalog_item, basic_code),    FIELD(struct catalog_item, name),
    FIELD(struct catalog_item, main_name),     FIELD(struct catalog_item, situation),
    FIELD(struct catalog_item, type),          FIELD(struct catalog_item, regime),
    FIELD(struct catalog_item, level),         FIELD(struct catalog_item, objects),
    FIELD(struct catalog_item, kind),          FIELD(struct catalog_item, check_days),
    FIELD(struct catalog_item, statutory_days), FIELD(struct catalog_item, statutory_unit),
    FIELD(struct catalog_item, statutory_basis), FIELD(struct catalog_item, promised_days),
    FIELD(struct catalog_item, promised_unit), FIELD(struct catalog_item, fee),
    FIELD(struct catalog_item, fee_basis),     FIELD(struct catalog_item, fee_standard),
    FIELD(struct catalog_item, result_name),   FIELD(struct catalog_item, result_kind),
    FIELD(struct catalog_item, visits),        FIELD(struct catalog_item, visit_reason),
    FIELD(struct catalog_item, channels),      FIELD(struct catalog_item, conditions),
    FIELD(struct catalog_item, basis),         FIELD(struct catalog_item, intro),
    FIELD(struct catalog_item, sample),        FIELD(struct catalog_item, form),
    FIELD(struct catalog_item, decider),       FIELD(struct catalog_item, source),
    FIELD(struct catalog_item, source_code),   FIELD(struct catalog_item, published_at),
    FIELD(struct catalog_item, form_code),     FIELD(struct catalog_item, form_version),
};
const struct record CATALOG_ITEM = RECORD(struct catalog_item, item_fields);

static const struct field material_fields[] = {
    FIELD(struct catalog_material, n),      FIELD(struct catalog_material, name),        FIELD(struct catalog_material, source),
    FIELD(struct catalog_material, is_key), FIELD(struct catalog_material, may_commit),  FIELD(struct catalog_material, issuer),
    FIELD(struct catalog_material, basis),  FIELD(struct catalog_material, needed_when), FIELD(struct catalog_material, note),
    FIELD(struct catalog_material, sample), FIELD(struct catalog_material, needed_if),
};
const struct record CATALOG_MATERIAL = RECORD(struct catalog_material, material_fields);

static const struct field pause_fields[] = {
    FIELD_WORD(struct catalog_pause, kind, catalog_pause_words, "catalog.pause"), FIELD(struct catalog_pause, basis),
    FIELD(struct catalog_pause, sample),
};
const struct record CATALOG_PAUSE = RECORD(struct catalog_pause, pause_fields);

static const struct field subject_fields[] = {
    FIELD(struct catalog_subject, code), FIELD(struct catalog_subject, face),  FIELD(struct catalog_subject, name),
    FIELD(struct catalog_subject, pos),  FIELD(struct catalog_subject, items),
};
const struct record CATALOG_SUBJECT = RECORD(struct catalog_subject, subject_fields);

static const char *const kinds[] = { "on_spot", "promised", NULL };
static const char *const units[] = { "WD", "CD", "", NULL };
static const struct field line_fields[] = {
    FIELD(struct catalog_line, code),          FIELD(struct catalog_line, name),
    FIELD(struct catalog_line, situation),     FIELD_WORD(struct catalog_line, kind, kinds, "catalog.kind"),
    FIELD(struct catalog_line, promised_days), FIELD_WORD(struct catalog_line, promised_unit, units, "catalog.unit"),
    FIELD(struct catalog_line, fee),           FIELD(struct catalog_line, channels),
    FIELD(struct catalog_line, sample),        FIELD(struct catalog_line, alias),
    FIELD(struct catalog_line, body_short),
};
const struct record CATALOG_LINE = RECORD(struct catalog_line, line_fields);

static const struct field doc_fields[] = {
    FIELD(struct catalog_doc, id),        FIELD(struct catalog_doc, code),          FIELD(struct catalog_doc, name),
    FIELD(struct catalog_doc, main_name), FIELD(struct catalog_doc, situation),     FIELD(struct catalog_doc, main_code),
    FIELD(struct catalog_doc, objects),   FIELD(struct catalog_doc, kind),          FIELD(struct catalog_doc, promised_days),
    FIELD(struct catalog_doc, promised_unit), FIELD(struct catalog_doc, fee),       FIELD(struct catalog_doc, channels),
    FIELD(struct catalog_doc, sample),    FIELD(struct catalog_doc, intro),         FIELD(struct catalog_doc, result_name),
    FIELD(struct catalog_doc, basis),     FIELD(struct catalog_doc, visits),        FIELD(struct catalog_doc, body),
    FIELD(struct catalog_doc, body_short), FIELD(struct catalog_doc, body_name),
};
const struct record CATALOG_DOC = RECORD(struct catalog_doc, doc_fields);

static const struct field word_fields[] = { FIELD(struct catalog_word, word) };
const struct record CATALOG_WORD = RECORD(struct catalog_word, word_fields);
static const struct field near_fields[] = { FIELD(struct catalog_near, word), FIELD(struct catalog_near, official) };
const struct record CATALOG_NEAR = RECORD(struct catalog_near, near_fields);
static const struct field sibling_fields[] = {
    FIELD(struct catalog_sibling, code), FIELD(struct catalog_sibling, name), FIELD(struct catalog_sibling, situation)
};
const struct record CATALOG_SIBLING = RECORD(struct catalog_sibling, sibling_fields);

static const struct field head_fields[] = {
    FIELD(struct catalog_head, id),        FIELD(struct catalog_head, code),  FIELD(struct catalog_head, body),
    FIELD(struct catalog_head, main_code), FIELD(struct catalog_head, state), FIELD(struct catalog_head, version),
};
static const struct record HEAD = RECORD(struct catalog_head, head_fields);
static const struct field count_fields[] = {
    FIELD(struct catalog_counts, items), FIELD(struct catalog_counts, on_spot), FIELD(struct catalog_counts, no_visit),
    FIELD(struct catalog_counts, complete)
};
static const struct record COUNTS = RECORD(struct catalog_counts, count_fields);
static const struct field body_count_fields[] = { FIELD(struct catalog_body_count, body), FIELD(struct catalog_body_count, items) };
static const struct record BODY_COUNT = RECORD(struct catalog_body_count, body_count_fields);

/* SQL columns are NOT NULL: no text is empty text. */
static struct val text(struct str s)
{
    return v_str(s.p ? s : STR(""));
}

enum rc catalog_item_find(struct cx *cx, struct str code, struct catalog_item *out)
{
    return db_one(cx, &sql_catalog_item_current, ARGS(v_str(code)), &CATALOG_ITEM, out);
}

enum rc catalog_version_get(struct cx *cx, int64_t item, int64_t version, struct catalog_item *out)
{
    return db_one(cx, &sql_catalog_item_version, ARGS(v_i64(item), v_i64(version)), &CATALOG_ITEM, out);
}

enum rc catalog_item_stands(struct cx *cx, const struct catalog_item *i, bool *out)
{
    int64_t n = 0;
    enum rc rc = db_int(cx, &sql_catalog_item_stands, ARGS(v_i64(i->id), v_i64(i->body), v_str(i->state)), &n);
    *out = n == 1;
    return rc;
}

enum rc catalog_material_list(struct cx *cx, int64_t item, int64_t version, struct list *out)
{
    return db_all(cx, &sql_catalog_materials, ARGS(v_i64(item), v_i64(version)), &CATALOG_MATERIAL, out);
}

enum rc catalog_subject_list(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_catalog_subjects, NO_ARGS, &CATALOG_SUBJECT, out);
}

/* By face and place. Few rows: sorted here, because a sort in SQLite costs more than everything else of the statement. */
static int subject_order(const void *a, const void *b)
{
    const struct catalog_subject *x = a, *y = b;
    int d = str_cmp(x->face, y->face);
    return d ? d : (x->pos > y->pos) - (x->pos < y->pos);
}

enum rc catalog_item_subject_list(struct cx *cx, int64_t item, struct list *out)
{
    enum rc rc = db_all(cx, &sql_catalog_item_subjects, ARGS(v_i64(item)), &CATALOG_SUBJECT, out);
    if (!rc && out->n)
        qsort(out->v, out->n, sizeof(struct catalog_subject), subject_order);
    return rc;
}

enum rc catalog_alias_list(struct cx *cx, int64_t item, struct list *out)
{
    return db_all(cx, &sql_catalog_aliases, ARGS(v_i64(item)), &CATALOG_WORD, out);
}

enum rc catalog_frequent_list(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_catalog_frequent, NO_ARGS, &CATALOG_LINE, out);
}

enum rc catalog_doc_list(struct cx *cx, int64_t after, struct list *out)
{
    return db_all(cx, &sql_catalog_docs_after, ARGS(v_i64(after)), &CATALOG_DOC, out);
}

enum rc catalog_near_list(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_catalog_near_words, NO_ARGS, &CATALOG_NEAR, out);
}

enum rc catalog_store_head(struct cx *cx, struct str code, struct catalog_head *out)
{
    return db_one(cx, &sql_catalog_item_head, ARGS(v_str(code)), &HEAD, out);
}

enum rc catalog_store_item_add(struct cx *cx, int64_t id, const struct catalog_item *item)
{
    int64_t added = 0;
    enum rc rc = db_exec(cx, &sql_catalog_item_insert,
                         ARGS(v_i64(id), v_str(item->code), v_i64(item->body), text(item->main_code), v_str(STR("in_use")),
                              v_i64(cx->now)),
                         &added);
    return rc ? rc : added ? RC_OK : RC_CONFLICT;
}

enum rc catalog_store_version_add(struct cx *cx, const struct catalog_item *v)
{
    enum rc rc = db_exec(
        cx, &sql_catalog_version_insert,
        ARGS(v_i64(v->id), v_i64(v->version), text(v->basic_code), text(v->name), text(v->main_name), text(v->situation),
             text(v->type), text(v->regime), v_i64(v->level), text(v->objects), text(v->kind), v_i64(v->check_days),
             v_i64(v->statutory_days), text(v->statutory_unit), text(v->statutory_basis), v_i64(v->promised_days),
             text(v->promised_unit), v_bool(v->fee), text(v->fee_basis), text(v->fee_standard), text(v->result_name),
             text(v->result_kind), v_i64(v->visits), text(v->visit_reason), text(v->channels), text(v->conditions),
             text(v->basis), text(v->intro), text(v->sample), text(v->form), text(v->decider), text(v->source),
             text(v->source_code), v_i64(cx->now), text(v->form_code), v_i64(v->form_version)),
        NULL);
    return rc ? rc
              : db_exec(cx, &sql_catalog_item_set_version, ARGS(v_i64(v->id), v_i64(v->version), text(v->main_code)), NULL);
}

enum rc catalog_store_material_add(struct cx *cx, int64_t item, int64_t version, const struct catalog_material *m)
{
    return db_exec(cx, &sql_catalog_material_insert,
                   ARGS(v_i64(item), v_i64(version), v_i64(m->n), text(m->name), text(m->source), v_bool(m->is_key),
                        v_bool(m->may_commit), text(m->issuer), text(m->basis), text(m->needed_when), text(m->note),
                        v_bool(m->sample), text(m->needed_if)),
                   NULL);
}

enum rc catalog_store_pause_add(struct cx *cx, int64_t item, int64_t version, const struct catalog_pause *p)
{
    return db_exec(cx, &sql_catalog_pause_insert,
                   ARGS(v_i64(item), v_i64(version), text(p->kind), text(p->basis), v_bool(p->sample)), NULL);
}

enum rc catalog_store_pauses(struct cx *cx, int64_t item, int64_t version, struct list *out)
{
    return db_all(cx, &sql_catalog_pauses, ARGS(v_i64(item), v_i64(version)), &CATALOG_PAUSE, out);
}

enum rc catalog_parts_get(struct cx *cx, int64_t item, int64_t version, struct catalog_parts *out)
{
    enum rc rc = catalog_material_list(cx, item, version, &out->materials);
    return rc ? rc : catalog_store_pauses(cx, item, version, &out->pauses);
}

enum rc catalog_store_subject_add(struct cx *cx, const struct catalog_subject *s)
{
    return db_exec(cx, &sql_catalog_subject_insert, ARGS(v_str(s->code), v_str(s->face), v_str(s->name), v_i64(s->pos)), NULL);
}

enum rc catalog_store_item_subject_add(struct cx *cx, struct str subject, int64_t item)
{
    return db_exec(cx, &sql_catalog_item_subject_insert, ARGS(v_str(subject), v_i64(item)), NULL);
}

enum rc catalog_store_alias_add(struct cx *cx, int64_t item, int64_t n, struct str word)
{
    return db_exec(cx, &sql_catalog_alias_insert, ARGS(v_i64(item), v_i64(n), v_str(word)), NULL);
}

enum rc catalog_store_near_add(struct cx *cx, struct str word, struct str official)
{
    return db_exec(cx, &sql_catalog_near_word_insert, ARGS(v_str(word), v_str(official)), NULL);
}

enum rc catalog_store_subject_known(struct cx *cx, struct str code)
{
    int64_t pos;
    return db_int(cx, &sql_catalog_subject_known, ARGS(v_str(code)), &pos);
}

enum rc catalog_store_subject(struct cx *cx, struct str code, struct catalog_subject *out)
{
    return db_one(cx, &sql_catalog_subject_by_code, ARGS(v_str(code)), &CATALOG_SUBJECT, out);
}

enum rc catalog_store_siblings(struct cx *cx, struct str main_code, struct list *out)
{
    return db_all(cx, &sql_catalog_siblings, ARGS(v_str(main_code)), &CATALOG_SIBLING, out);
}

enum rc catalog_store_list_by_body(struct cx *cx, int64_t body, struct str after, struct list *out)
{
    return db_all(cx, &sql_catalog_list_by_body, ARGS(v_i64(body), text(after)), &CATALOG_LINE, out);
}

enum rc catalog_store_list_by_subject(struct cx *cx, struct str subject, struct str after, struct list *out)
{
    return db_all(cx, &sql_catalog_list_by_subject, ARGS(v_str(subject), text(after)), &CATALOG_LINE, out);
}

enum rc catalog_store_counts(struct cx *cx, struct catalog_counts *out)
{
    return db_one(cx, &sql_catalog_counts, NO_ARGS, &COUNTS, out);
}

enum rc catalog_store_body_counts(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_catalog_count_by_body, NO_ARGS, &BODY_COUNT, out);
}

enum rc catalog_store_codes(struct cx *cx, struct str after, struct list *out)
{
    return db_all(cx, &sql_catalog_codes_after, ARGS(text(after)), &CATALOG_WORD, out);
}

struct form_ref {
    struct str form_code;
    int64_t    form_version;
};
static const struct field form_ref_fields[] = { FIELD(struct form_ref, form_code), FIELD(struct form_ref, form_version) };
static const struct record FORM_REF = RECORD(struct form_ref, form_ref_fields);

enum rc catalog_form_get(struct cx *cx, int64_t item, int64_t version, const struct form **out)
{
    struct form_ref ref;
    enum rc rc = db_one(cx, &sql_catalog_version_form, ARGS(v_i64(item), v_i64(version)), &FORM_REF, &ref);
    return rc ? rc : forms_get(cx, ref.form_code, ref.form_version, out);
}

enum rc catalog_store_items_by_form(struct cx *cx, struct str form, int64_t version, struct str after, struct list *out)
{
    return db_all(cx, &sql_catalog_items_by_form, ARGS(v_str(form), v_i64(version), text(after)), &CATALOG_WORD, out);
}
