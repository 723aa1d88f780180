/* cases_service.h - what the module's own files share beside the contract. */
#ifndef MODULES_CASES_SERVICE_H
#define MODULES_CASES_SERVICE_H

#include "cases_store.h"

/* Events, limits and calendar of a case, for clock_read and clock_days. */
enum rc cases_clock_case(struct cx *cx, const struct cases_case *c, struct clock_case *out);
/* The limit the case waits for; NULL when it waits for nothing. */
const struct clock_figure *cases_figure(const struct clock *c);

/* Answers of a draft or case. Sealed with the row's id. */
struct str cases_answers_seal(struct cx *cx, const char *place, int64_t row, const struct form *f, struct form_answers ans);
enum rc cases_answers_open(struct cx *cx, const char *place, int64_t row, struct str sealed, const struct form *f, struct form_answers *out);
/* The form an item is applied for with. */
const struct form *cases_form(const struct cx *cx);

/* A legal document: next number of the body, frozen fields, hash. Call it last in the unit: it takes the counter row. */
enum rc cases_document_make(struct cx *cx, const struct cases_case *c, const char *kind, struct str fields);

#endif
