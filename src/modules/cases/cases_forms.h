/* cases_forms.h - drafts and cases with the form they were begun with; they stay on its version. */
#ifndef MODULES_CASES_FORMS_H
#define MODULES_CASES_FORMS_H

#include "cases_service.h"

struct cases_filled {
    const struct form  *form;
    struct form_answers answers;
};
/* Form and answers of a case or draft; RC_FAILED if they do not open. */
enum rc cases_form_open(struct cx *cx, const struct cases_case *c, struct cases_filled *out);
enum rc cases_draft_open(struct cx *cx, const struct cases_draft *d, struct cases_filled *out);

/* The materials that the answers ask for; list of struct catalog_material. */
enum rc cases_draft_materials(struct cx *cx, const struct cases_draft *d, struct list *out);
enum rc cases_case_materials(struct cx *cx, const struct cases_case *c, struct list *out);

/* What the state knows of the signed-in person (x-from person.*), and what he wrote in his last case (x-from last.FIELD). WRITE units. */
enum rc cases_answers_prefill(struct cx *cx, const struct form *f, struct form_answers ans);

/* Names wished for (x-check "names"): advice on those that are somebody else's, list of struct form_advice whose value is the name;
 * never a refusal. `case_id` 0 before there is one. */
struct cases_name_asker {
    int64_t case_id, person;
};
enum rc cases_name_advice(struct cx *cx, const struct cases_name_asker *who, const struct cases_filled *by, struct list *out);
/* The names to grant one of, struct form_choice_view: value is the field; the first with the least doubt is chosen. */
struct list cases_name_choices(struct cx *cx, const struct cases_filled *by, const struct list *advice);
/* With the grant: the name of this field ("": the one that would be proposed) is in use from now on. Nothing happens for a form without
 * names, or when one was chosen before. RC_INVALID on "name" for a field that is none of them. */
enum rc cases_name_grant(struct cx *cx, const struct cases_case *c, struct str field);
/* "名称：…" and the printed answers (x-print), one a line, for the document that grants. */
enum rc cases_particulars(struct cx *cx, const struct cases_case *c, struct str *out);

/* A message in the reader's language. */
struct str cases_said(struct cx *cx, const char *key, struct str one, struct str two);
/* The form has a field that is answered with a licence. */
bool cases_wants_licence(const struct form *f);
/* What the licence fields offer, and whether what was chosen is among it; before form_check, after the answers were taken. */
enum rc cases_licences_offer(struct cx *cx, const struct cases_holder *h, struct str item_code, const struct cases_filled *by);
/* What the chosen licence was applied for with is taken over where nothing is answered yet. */
enum rc cases_licence_fill(struct cx *cx, const struct cases_holder *h, struct str item_code, const struct cases_filled *by, bool *out_any);
/* With the grant: the licence that it replaces or gives up is ended, the new one is held from now on. */
enum rc cases_licence_grant(struct cx *cx, const struct cases_case *c);

/* What the fee comes to by the answers, and how; both "" without fee or before it can be computed. */
struct cases_charge {
    struct str yuan, how;
};
struct cases_charge cases_charge(struct cx *cx, const struct cases_filled *by);
/* Fields that the window may offer to correct; list of struct form_choice_view (name, title). */
struct list cases_amendable(struct cx *cx, const struct cases_filled *by);

#endif
