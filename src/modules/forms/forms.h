/* forms.h - forms as data: JSON Schema (a stated subset) to fields on pages, answers, checks, summaries; and what else is data of an
 * item beside its form: the questions that come first, the fee, the steps.
 * The subset: an object with properties of type
 *   string   enum (one choice), maxLength, default         boolean  a box that must be ticked
 *   number, integer   minimum, exclusiveMinimum, maximum (integers), x-decimals, x-unit; a decimal text, never a double
 *   array of enum strings   several choices                array of objects   rows with fields of their own, minItems, maxItems
 * with title, required, and
 *   x-groups  pages in order {name, title, intro; guide: asked before everything else; slot: an item's own pages stand here instead}
 *   x-group   the page of a field          x-kind    code (身份证 or 信用代码), id, uscc, phone, date, long, address, licence
 *   x-texts   labels of enum values        x-hint    one line of help          x-row   what one row is called (从业人员)
 *   x-if      asked only then              x-required-if   required only then   x-from  where the answer may be taken from
 *   x-check   "names": a name that must not be in use; advice only            x-print  printed on the document that grants
 *   x-not-before  the earlier date field   x-stops   advice of answers of a guide field, see struct form_advice
 *   x-fee     see struct form_fee          x-steps   see modules/process/process.h      x-licence   see struct form_grant
 *   x-items   of a licence field: codes of further items whose licences it offers, with blanks between
 * An address is a division of the county (or "other") and text, a licence one of the applicant's own or "other" and its number; both
 * are kept with the words that stood there. Not in rows.
 * A condition is "field=value" or "field=a|b"; the field stands earlier. Anything else in the schema is refused when it is read, not
 * ignored. All of it is pure but forms_import, forms_get and form_view. */
#ifndef MODULES_FORMS_FORMS_H
#define MODULES_FORMS_FORMS_H

#include "base/hash.h"
#include "base/record.h"
#include "http/app.h"
#include "modules/process/process.h"

enum form_kind {
    FORM_TEXT, FORM_LONG, FORM_CODE, FORM_ID, FORM_USCC, FORM_PHONE, FORM_DATE, FORM_CHOICE, FORM_YES, FORM_NUMBER, FORM_SEVERAL,
    FORM_ROWS, FORM_ADDRESS, FORM_LICENCE
};

enum { FORM_ROWS_MAX = 30, FORM_DECIMALS_MAX = 4, FORM_FACTORS_MAX = 4 };

struct form_choice {
    struct str value, text;
};

/* "field=value"; none when `field` is < 0. `value` may name several: "a|b". */
struct form_when {
    int        field;
    struct str value;
};

/* What an answer of the guide says before anybody fills in more: `kind` not_needed (不需要办), elsewhere (another body decides),
 * record (record filing, at `link`), not_yet (暂时不能办), taken and alike (a name in use). Advice only: nobody is refused by a program. */
struct form_advice {
    struct str value, kind, text, link;
};
extern const struct record FORM_ADVICE;

struct form;

struct form_field {
    struct str                name, title, hint, group, preset, from, unit, row_name, items;
    enum form_kind            kind;
    int64_t                   max;
    bool                      required, unique, printed; /* unique: x-check "names" */
    struct form_when          asked, required_if;
    struct form_choice       *choices;
    size_t                    nchoices;
    int64_t                   least, most, decimals; /* FORM_NUMBER: bounds in whole units; most 0 = none */
    bool                      more_than_least;
    int64_t                   rows_min, rows_max;    /* FORM_ROWS */
    const struct form        *row;                   /* its fields; no groups */
    int                       not_before;            /* FORM_DATE: index of the date it must not be before; -1 none */
    const struct form_advice *stops;
    size_t                    nstops;
};

struct form_group {
    struct str name, title, intro;
    bool       guide, slot;
};

/* One factor of a fee: a number of the form, or the days from one date to another, both counted. */
struct form_factor {
    int        field, from, to; /* field < 0: days */
    struct str unit;
};
/* amount = factors x rate, in fen, half a fen up; `when` as x-if. `rate` is in 1/10000 yuan. */
struct form_fee {
    bool               on;
    struct form_when   when;
    struct form_factor factors[FORM_FACTORS_MAX];
    size_t             n;
    int64_t            rate;
    struct str         rate_text, unit;
};

/* What a grant gives: a licence, if `when` holds, for so many years (0: no end); and the one it replaces or ends, by its field (-1). */
struct form_grant {
    struct form_when when;
    bool             on;
    int64_t          years;
    int              replaces;
};

/* Immutable; lives in the arena it was read into. */
struct form {
    struct str         code, title;
    struct form_group *groups;
    size_t             ngroups;
    struct form_field *fields;
    size_t             n;
    struct form_fee    fee;
    struct form_grant  grant; /* x-licence {"when", "years", "replaces"}; not `on`: every grant is one, without end */
    struct process_def route; /* n 0: the usual steps */
    struct form_when  *wants_if; /* per step of the route: what it wants, it wants only then */
};

struct form_answers;
/* Rows of a repeating group, as typed; `over`: more came than FORM_ROWS_MAX. */
struct form_rows {
    struct form_answers *v;
    size_t               n;
    bool                 over;
};
/* Answers: one text per field of the form; STR_NONE = not answered. Several choices are words with a blank between; rows stand in
 * `rows` at the index of their field, and their text is not used. */
struct form_answers {
    struct str       *v;
    struct form_rows *rows;
    struct list      *offers; /* per field, struct form_choice: the licences to choose from, see forms_offer */
};

/* RC_INVALID with *out_why ("area: unknown x-kind") for a schema outside the subset. */
enum rc form_read(struct arena *a, struct str schema, struct form **out, struct str *out_why);
/* The same for an item's own form: its guide first, then the pages of `base` with its other pages in the place of the slot. */
enum rc form_read_on(struct arena *a, struct str base, struct str own, struct form **out, struct str *out_why);
/* -1 if there is no such field / group. */
int form_field_find(const struct form *f, struct str name);
int form_group_find(const struct form *f, struct str name);
/* The guide page; NULL if the form has none. */
const struct form_group *form_guide(const struct form *f);

/* ---- published forms ---- */

/* Publish what stands in a file: the standard form, or with `code` an item's own on top of it. The same content again keeps its
 * version. RC_INVALID with an issue on field `forms`, argument "code: why", if the schema is outside the subset. */
enum rc forms_import(struct cx *cx, struct str code, struct str schema, int64_t *out_version);
/* The newest version of a form; RC_NOT_FOUND if there is none by this code. */
enum rc forms_newest(struct cx *cx, struct str code, int64_t *out_version);
/* The form of a version, read once per process. Version 0 is the standard form of the program. */
enum rc forms_get(struct cx *cx, struct str code, int64_t version, const struct form **out);
extern const struct module forms_module;

/* ---- answers ---- */

/* Empty answers with the presets. */
struct form_answers form_answers_new(struct arena *a, const struct form *f);
/* Take what was typed on the page `group` (or all pages if NULL), as typed; unknown names are ignored. Fields of rows are named
 * "field-0-name"; a row is there when anything of it is. */
void form_take(struct arena *a, const struct form *f, const char *group, const struct pair *typed, size_t n, struct form_answers ans);
/* "field" one row more; "field-2" the third row less. False if it names no rows, or there is no room. */
bool form_row_add(struct arena *a, const struct form *f, struct str name, struct form_answers ans);
bool form_row_end(const struct form *f, struct str name, struct form_answers ans);
/* One of the buttons beside rows was pressed (`_add`, `_remove`), not the one that sends the page: the rows are changed. *out_place
 * is where the reader should be then: the new row, or the group. */
bool form_rows_act(struct arena *a, const struct form *f, const struct pair *typed, size_t n, struct form_answers ans,
                   struct str *out_place);
/* Is anything on the page asked, given the other answers? */
bool form_group_asked(const struct form *f, struct str group, struct form_answers ans);
/* Is there a repeating group on the page (NULL: anywhere)? Then the page begins with form_enter.html. */
bool form_has_rows(const struct form *f, const char *group);
/* Check one page or, with NULL, everything; issues on the field names. Numbers are normalised in `ans`, rows left empty go. */
enum rc form_check(const struct form *f, const char *group, struct day today, struct arena *a, struct issues *issues,
                   struct form_answers ans);
/* Is the field asked, given the other answers? */
bool form_asked(const struct form *f, size_t field, struct form_answers ans);
struct str form_answer(const struct form *f, struct form_answers ans, const char *name);

/* ---- answers of several parts -------------------------------------------------------------------------------------------------- */

/* The choice that is none of those offered: an address elsewhere, a licence of another issuer. */
#define FORM_OTHER "other"
/* An address: `choice` is the code of a division or FORM_OTHER, `said` its name when it was chosen ("示例县凤城街道东门社区"), `text` what
 * was typed. A licence: `choice` its number, `said` its day; `text` the number typed for FORM_OTHER. `choice` is empty for text that
 * is older than the field's kind. An answer with an unknown choice has nothing in `said` and is refused by form_check. */
struct form_parts {
    struct str choice, said, text;
};
bool form_has_parts(const struct form_field *f);
struct form_parts form_parts_of(struct str answer);
/* STR_NONE if nothing was chosen or typed. */
struct str form_parts_write(struct arena *a, const struct form_parts *p);
/* As one text. */
struct str form_parts_shown(struct arena *a, const struct form_field *f, struct str answer);
/* The same choice with another text. */
struct str form_parts_with_text(struct arena *a, struct str answer, struct str text);
/* What follows '-' in the name under which the choice is typed: "address-division"; the text is typed under the field's own name. */
const char *form_parts_choice(const struct form_field *f);
/* Names of the divisions that were just typed on the page (NULL: all pages); to be called after form_take and before form_check. */
enum rc forms_places_get(struct cx *cx, const struct form *f, const char *group, struct form_answers ans);
/* What a licence field offers: `choices` are struct form_choice, number and day. Settles whether the one that was chosen is among them. */
void forms_offer(struct arena *a, const struct form *f, size_t field, struct list choices, struct form_answers ans);
/* What the answer says, whatever its kind: as the summary shows it. */
struct str form_shown(struct arena *a, const struct form *f, size_t field, struct str answer, bool masked);

/* The grant gives a licence, by these answers. */
bool form_gives_licence(const struct form *f, struct form_answers ans);
/* What `from`, the answers of another case, says under the same name and kind is taken over where nothing is answered yet, but on the
 * guide and in licence fields; page `group`, or all with NULL. *out_any: something was. */
void form_fill_from(const struct form *f, const char *group, struct form_answers ans, const struct form *from_form,
                    struct form_answers from, bool *out_any);

/* A condition kept elsewhere (a material of the list). NO: answered otherwise; OPEN: its question is not answered yet. */
enum form_holds { FORM_HOLDS, FORM_HOLDS_NOT, FORM_OPEN };
enum form_holds form_holds(const struct form *f, struct str condition, struct form_answers ans);
/* It names a field and, where that has choices, one of them. */
bool form_condition_ok(const struct form *f, struct str condition);
/* What the answers of the guide advise; list of struct form_advice. */
struct list form_advice(struct arena *a, const struct form *f, struct form_answers ans);

/* What is to be paid and how it was computed ("30米 × 1米 × 20天 × 0.50元/平方米·日 = 300.00元"). RC_NOT_FOUND if the form has no fee
 * or the answers bring none; RC_CONFLICT if an answer it needs is missing. */
struct form_charge {
    struct fen amount;
    struct str how;
};
enum rc form_charge(struct arena *a, const struct form *f, struct form_answers ans, struct form_charge *out);
/* What this step of the route wants, given the answers. */
enum process_wants form_step_wants(const struct form *f, int64_t step, struct form_answers ans);
/* "12.50" in units of 10^-decimals; false if it is no such number (digits and at most one point, 15 digits). Exact. */
bool form_number_parse(struct str text, int64_t decimals, int64_t *out);

/* Canonical JSON object of what is answered and asked, in the order of the form; numbers are texts. */
void form_write(struct buf *b, const struct form *f, struct form_answers ans);
/* Answers from such an object; RC_INVALID if it is not JSON. Unknown names are dropped. */
enum rc form_answers_parse(struct arena *a, const struct form *f, struct str json, struct form_answers *out);

/* ---- pages ---- */

/* One field as a page shows it. */
struct form_field_view {
    struct str  name, title, hint, value, kind; /* kind: text long date choice yes number several rows address licence */
    struct str  unit, only;                     /* only: "选…时填写" */
    bool        required, checked, invalid, can_add;
    struct str  error, row_name;
    struct list choices; /* struct form_choice_view */
    struct list lines;   /* struct form_row_view, kind rows */
    struct list areas;   /* struct form_area_view, kind address */
    bool        elsewhere, choice_invalid, offered; /* elsewhere: FORM_OTHER is chosen; offered: there is something to choose from */
    struct str  choice_error;
    int64_t     rows;
};
extern const struct record FORM_FIELD_VIEW;
struct form_choice_view {
    struct str id, value, text;
    bool       chosen;
};
/* A township with what lies in it. */
struct form_area_view {
    struct str  name;
    struct list places; /* struct form_choice_view */
};
extern const struct record FORM_CHOICE_VIEW;
struct form_row_view {
    struct str  name, row_name; /* "staff-0" */
    int64_t     number;         /* from 1 */
    bool        can_end;
    struct list fields; /* struct form_field_view */
};
/* The fields of a page, with errors in the actor's language; list of struct form_field_view. What another page's answer rules out is
 * left out; what this page's answers may rule out stands there with its condition, for pages work without scripts. */
struct list form_view(struct cx *cx, const struct form *f, const char *group, struct form_answers ans);

/* Question and answer as text, for checking and for documents. Numbers of persons are masked for `masked` readers: the full
 * number only comes from identity_reveal. `heading` is the title of the page on its first line. */
struct form_line {
    struct str group, heading, title, value;
};
extern const struct record FORM_LINE;
struct list form_summary(struct arena *a, const struct form *f, struct form_answers ans, bool masked);
/* The same page by page; list of struct form_section. */
struct form_section {
    struct str  name, title;
    struct list lines; /* struct form_line */
};
extern const struct record FORM_SECTION;
struct list form_sections(struct arena *a, const struct form *f, struct form_answers ans, bool masked);
extern const struct record FORM_CHOICE_RECORD; /* struct form_choice */

#endif
