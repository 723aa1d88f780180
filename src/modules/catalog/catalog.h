/* catalog.h - the item library: what people can apply for, what they must know before, and under which law.
 * Words: an item (实施事项) has a code that never changes; a version (版本) is everything published about it at one time;
 * a situation (业务办理项: 新办 变更 延续 补证 注销) is an item below a main item (主项). A field named in `sample` carries a
 * default by type and is shown as 示例/待补充. */
#ifndef MODULES_CATALOG_CATALOG_H
#define MODULES_CATALOG_CATALOG_H

#include "http/app.h"
#include "http/route.h"
#include "modules/calendar/clock.h"
#include "modules/forms/forms.h"

/* A published version of an item, with the item's head. */
struct catalog_item {
    int64_t     id, body, version, level, check_days, statutory_days, promised_days, visits;
    struct str  code, main_code, state, basic_code, name, main_name, situation, type, regime, objects, kind, statutory_unit,
                statutory_basis, promised_unit, fee_basis, fee_standard, result_name, result_kind, visit_reason, channels,
                conditions, basis, intro, sample, form, decider, source, source_code, form_code;
    int64_t     form_version; /* of the published form `form_code`; see catalog_form_get */
    bool        fee;
    struct when published_at;
};
extern const struct record CATALOG_ITEM;

struct catalog_material {
    int64_t    n;
    struct str name, source, issuer, basis, needed_when, note;
    struct str needed_if; /* condition on the answers of the form; "" = always */
    bool       is_key, may_commit, sample;
};
extern const struct record CATALOG_MATERIAL;

/* 除外时间: a procedure whose time does not count, by word, with its source. */
struct catalog_pause {
    struct str kind, basis;
    bool       sample; /* 待核实 */
};
enum { CATALOG_PAUSES_MAX = 12 };
extern const struct record CATALOG_PAUSE;
/* Words of the kinds; index = enum pause_kind. */
extern const char *const catalog_pause_words[];

struct catalog_subject {
    struct str code, face, name;
    int64_t    pos, items;
};
extern const struct record CATALOG_SUBJECT;

/* One line of a list of items. */
struct catalog_line {
    struct str code, name, situation, kind, promised_unit, channels, sample, alias, body_short;
    int64_t    promised_days;
    bool       fee;
};
extern const struct record CATALOG_LINE;

/* One item as the search index wants it. */
struct catalog_doc {
    int64_t    id, promised_days, visits;
    struct str code, name, main_name, situation, main_code, objects, kind, promised_unit, channels, sample, intro, result_name,
               basis, body, body_short, body_name;
    bool       fee;
};
extern const struct record CATALOG_DOC;

struct catalog_word {
    struct str word;
};
extern const struct record CATALOG_WORD;
struct catalog_near {
    struct str word, official;
};
extern const struct record CATALOG_NEAR;

/* The published version; RC_NOT_FOUND if there is none. */
enum rc catalog_item_find(struct cx *cx, struct str code, struct catalog_item *out);
/* A version as published, current or not: cases stay on theirs. */
enum rc catalog_version_get(struct cx *cx, int64_t item, int64_t version, struct catalog_item *out);
/* What can change of a version that was read before this unit, its body and state, is as it was. */
enum rc catalog_item_stands(struct cx *cx, const struct catalog_item *i, bool *out);
/* The form that this version of the item is applied for with: its own, or the standard one. */
enum rc catalog_form_get(struct cx *cx, int64_t item, int64_t version, const struct form **out);
/* Of a material list, what the answers ask for: what they rule out is left out, what is open stays with its condition in words. */
struct list catalog_material_asked(struct arena *a, const struct list *all, const struct form *f, struct form_answers ans);
/* L, LR and J: acts under 行政许可法; deemed acceptance and the ten days to deliver exist only for them. */
bool catalog_is_licence(struct str regime);
/* False for a word that is no kind. */
bool catalog_pause_find(struct str word, enum pause_kind *out);
/* Does the law of this regime let the kind stop the clock at all? */
bool catalog_pause_allowed(struct str regime, enum pause_kind kind);
/* What stops the clock of this version, as struct catalog_pause in the order of the words: its own list, within the regime's; where it
 * says nothing (*out_own false), the regime's. A hearing is open to every licence. */
enum rc catalog_pause_list(struct cx *cx, const struct catalog_item *item, struct list *out, bool *out_own);
/* Lists of struct catalog_material / catalog_subject / catalog_word / catalog_line. */
enum rc catalog_material_list(struct cx *cx, int64_t item, int64_t version, struct list *out);
enum rc catalog_subject_list(struct cx *cx, struct list *out);
enum rc catalog_item_subject_list(struct cx *cx, int64_t item, struct list *out);
enum rc catalog_alias_list(struct cx *cx, int64_t item, struct list *out);
enum rc catalog_frequent_list(struct cx *cx, struct list *out);
/* The next up to 500 items after this id, for building the index; list of struct catalog_doc. */
enum rc catalog_doc_list(struct cx *cx, int64_t after, struct list *out);
enum rc catalog_near_list(struct cx *cx, struct list *out);

/* What is wrong with an item that wants to be published (domain: publication check); pure. Adds issues. */
enum rc catalog_item_check(struct arena *a, const struct catalog_item *item, struct issues *issues);

/* Tables a catalogue is loaded from, as CSV text (columns: data/README.md). */
struct catalog_tables {
    struct str  subjects, items, materials, near_words, pauses;
    struct list forms; /* struct pair: code and schema; the standard form first */
};
/* What became of an import, line by line. */
struct catalog_report {
    int64_t     lines, added, changed, same, bad;
    struct list faults; /* struct catalog_fault */
};
struct catalog_fault {
    int64_t    line;
    struct str field, code, text;
};
extern const struct record CATALOG_REPORT;
/* Forms, subjects, near words, then items with their materials. Items applied for with a form that has a new version get one too.
 * Items already there with the same content stay as they are;
 * changed ones get a new version. With a bad line nothing is imported (RC_INVALID, the report says why), unless `skip_bad`. */
enum rc catalog_import(struct cx *cx, const struct catalog_tables *t, bool skip_bad, struct catalog_report *out);

extern const struct module catalog_module;

#endif
