/* catalog_store.h - every statement of the module; no decisions. */
#ifndef MODULES_CATALOG_STORE_H
#define MODULES_CATALOG_STORE_H

#include "modules/catalog/catalog.h"
#include "catalog_sql.h"

struct catalog_head {
    int64_t    id, body, version;
    struct str code, main_code, state;
};
struct catalog_sibling {
    struct str code, name, situation;
};
extern const struct record CATALOG_SIBLING;
struct catalog_counts {
    int64_t items, on_spot, no_visit, complete;
};
struct catalog_body_count {
    int64_t body, items;
};

enum rc catalog_store_head(struct cx *cx, struct str code, struct catalog_head *out);
enum rc catalog_store_item_add(struct cx *cx, int64_t id, const struct catalog_item *item);
enum rc catalog_store_version_add(struct cx *cx, const struct catalog_item *item);
enum rc catalog_store_material_add(struct cx *cx, int64_t item, int64_t version, const struct catalog_material *m);
enum rc catalog_store_pause_add(struct cx *cx, int64_t item, int64_t version, const struct catalog_pause *p);
/* struct catalog_pause of the version itself, by word; empty where it says nothing. */
enum rc catalog_store_pauses(struct cx *cx, int64_t item, int64_t version, struct list *out);
enum rc catalog_store_subject_add(struct cx *cx, const struct catalog_subject *s);
enum rc catalog_store_item_subject_add(struct cx *cx, struct str subject, int64_t item);
enum rc catalog_store_alias_add(struct cx *cx, int64_t item, int64_t n, struct str word);
enum rc catalog_store_near_add(struct cx *cx, struct str word, struct str official);
/* RC_NOT_FOUND if there is no such subject. Unlike the next it counts nothing: imports ask it for every line. */
enum rc catalog_store_subject_known(struct cx *cx, struct str code);
enum rc catalog_store_subject(struct cx *cx, struct str code, struct catalog_subject *out);
enum rc catalog_store_siblings(struct cx *cx, struct str main_code, struct list *out);
/* Up to 51 lines after `after`; the 51st says that there are more. */
enum rc catalog_store_list_by_body(struct cx *cx, int64_t body, struct str after, struct list *out);
enum rc catalog_store_list_by_subject(struct cx *cx, struct str subject, struct str after, struct list *out);
enum rc catalog_store_counts(struct cx *cx, struct catalog_counts *out);
enum rc catalog_store_body_counts(struct cx *cx, struct list *out);
/* Up to 5,000 item codes; list of struct catalog_word. */
enum rc catalog_store_codes(struct cx *cx, struct str after, struct list *out);
/* Codes of items whose current version names this form but not in this version; struct catalog_word, up to 500 after a code. */
enum rc catalog_store_items_by_form(struct cx *cx, struct str form, int64_t version, struct str after, struct list *out);

/* ---- catalog_forms.c: what items and forms must know of each other ---- */

/* Publish the forms of an import, the standard form first. */
enum rc catalog_forms_import(struct cx *cx, const struct list *forms);
/* The published form of an item: its own, else the standard one; none while none is published. */
enum rc catalog_form_resolve(struct cx *cx, struct catalog_item *item);
/* What is wrong between the item, its materials and its form; adds issues. */
enum rc catalog_form_check(struct cx *cx, const struct catalog_item *item, const struct list *materials, struct issues *issues);
/* What belongs to a version beside its row: struct catalog_material, struct catalog_pause. */
struct catalog_parts {
    struct list materials, pauses;
};
enum rc catalog_parts_get(struct cx *cx, int64_t item, int64_t version, struct catalog_parts *out);
/* The next version of the item's content, with this form. */
enum rc catalog_version_write(struct cx *cx, const struct catalog_item *item, const struct catalog_parts *parts);

/* ---- catalog_pauses.c ---- */

/* As catalog_pause_list, pure. */
struct list catalog_pauses_of(struct arena *a, struct str regime, const struct list *own);
/* What is wrong with a line of the item's own list, beside these others; adds issues on "kind". */
void catalog_pause_check(struct arena *a, struct str regime, const struct catalog_pause *p, const struct list *others,
                         struct issues *issues);

#endif
