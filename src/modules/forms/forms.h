/* forms.h - forms as data: JSON Schema (a stated subset) to fields on a page, answers, checks and a summary. Pure.
 * The subset: an object with properties of type string or boolean; title, enum, maxLength, required, default; and
 *   x-groups  pages in order {name, title}          x-group  the page of a field
 *   x-kind    code (身份证 or 信用代码), id, uscc, phone, date, long, division   x-texts  labels of enum values
 *   x-hint    one line of help                      x-if  "field=value": asked only then
 *   x-required-if  "field=value"                    x-from  where the answer may be taken from (person.name ...)
 * Anything else in the schema is refused when it is read, not ignored. */
#ifndef MODULES_FORMS_FORMS_H
#define MODULES_FORMS_FORMS_H

#include "base/record.h"
#include "http/app.h"

enum form_kind { FORM_TEXT, FORM_LONG, FORM_CODE, FORM_ID, FORM_USCC, FORM_PHONE, FORM_DATE, FORM_CHOICE, FORM_YES };

struct form_choice {
    struct str value, text;
};

/* "field=value"; none when `field` is < 0. */
struct form_when {
    int        field;
    struct str value;
};

struct form_field {
    struct str          name, title, hint, group, preset, from;
    enum form_kind      kind;
    int64_t             max;
    bool                required;
    struct form_when    asked, required_if;
    struct form_choice *choices;
    size_t              nchoices;
};

struct form_group {
    struct str name, title;
};

/* Immutable; lives in the arena it was read into. */
struct form {
    struct str         code, title;
    struct form_group *groups;
    size_t             ngroups;
    struct form_field *fields;
    size_t             n;
};

/* Answers: one text per field of the form; STR_NONE = not answered. */
struct form_answers {
    struct str *v;
};

/* RC_INVALID with *out_why ("properties.x: unknown x-kind") for a schema outside the subset. */
enum rc form_read(struct arena *a, struct str schema, struct form **out, struct str *out_why);
/* -1 if there is no such field / group. */
int form_field_find(const struct form *f, struct str name);
int form_group_find(const struct form *f, struct str name);

/* Empty answers with the presets. */
struct form_answers form_answers_new(struct arena *a, const struct form *f);
/* Take what was typed on the page `group` (or all pages if NULL), as typed; unknown names are ignored. */
void form_take(const struct form *f, const char *group, const struct pair *typed, size_t n, struct form_answers ans);
/* Check one page or, with NULL, everything; issues on the field names. Numbers are normalised in `ans`. */
enum rc form_check(const struct form *f, const char *group, struct day today, struct arena *a, struct issues *issues,
                   struct form_answers ans);
/* Is the field asked, given the other answers? */
bool form_asked(const struct form *f, size_t field, struct form_answers ans);
struct str form_answer(const struct form *f, struct form_answers ans, const char *name);

/* Canonical JSON object of what is answered and asked, in the order of the form. */
void form_write(struct buf *b, const struct form *f, struct form_answers ans);
/* Answers from such an object; RC_INVALID if it is not JSON. Unknown names are dropped. */
enum rc form_answers_parse(struct arena *a, const struct form *f, struct str json, struct form_answers *out);

/* One field as a page shows it. */
struct form_field_view {
    struct str  name, title, hint, value, kind; /* kind: text long date choice yes */
    bool        required, checked, invalid;
    struct str  error;
    struct list choices; /* struct form_choice_view */
    int64_t     rows;
};
extern const struct record FORM_FIELD_VIEW;
struct form_choice_view {
    struct str id, value, text;
    bool       chosen;
};
/* The asked fields of a page, with errors in the actor's language; list of struct form_field_view. */
struct list form_view(struct cx *cx, const struct form *f, const char *group, struct form_answers ans);

/* Question and answer as text, for checking and for documents. Numbers of persons are masked for `masked` readers: the full
 * number only comes from identity_reveal. */
struct form_line {
    struct str group, title, value;
};
extern const struct record FORM_LINE;
struct list form_summary(struct arena *a, const struct form *f, struct form_answers ans, bool masked);

#endif
