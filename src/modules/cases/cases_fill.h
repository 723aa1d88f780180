/* cases_fill.h - a case as pages show it, for whoever may see it. */
#ifndef MODULES_CASES_FILL_H
#define MODULES_CASES_FILL_H

#include "cases_service.h"
#include "cases_view.h"

/* Dates, clock, timeline, documents. With `inside` also answers, tasks and papers. */
enum rc cases_view_fill(struct cx *cx, const struct cases_case *c, bool inside, struct case_view *v);
/* A document as it was issued; RC_NOT_FOUND if the case has no such number. */
enum rc cases_document_fill(struct cx *cx, const struct cases_case *c, int64_t n, struct document_view *v);
/* What stands beside the clock: place, remedies, service, third parties, void documents. After the rest of the page. */
enum rc cases_beside_fill(struct cx *cx, const struct cases_case *c, struct case_view *v);
/* struct date_change, oldest first. */
enum rc cases_date_changes(struct cx *cx, const struct cases_case *c, struct list *out);
/* The catalogue; RC_NOT_FOUND if the file is not archived. */
enum rc cases_archive_fill(struct cx *cx, const struct cases_case *c, struct archive_view *v);
struct str cases_light_word(enum light l);
/* "还有2天", "今天到期", "已超期3天" in working days; "" where the calendar does not reach. */
struct str cases_left_text(struct cx *cx, const struct calendar *days, struct day due);

#endif
