/* cases_routes.h - the four groups of pages, each in its own file. */
#ifndef MODULES_CASES_ROUTES_H
#define MODULES_CASES_ROUTES_H

#include "http/route.h"
#include "jobs/jobs.h"

enum { CASES_LAW_JOBS = 1 };
extern const struct job_kind cases_law_jobs[CASES_LAW_JOBS];

enum { CASES_CITIZEN_ROUTES = 9, CASES_APPLY_ROUTES = 7, CASES_WORK_ROUTES = 19, CASES_MORE_ROUTES = 11, CASES_MATERIALS_ROUTES = 7,
       CASES_LAW_ROUTES = 15, CASES_UPLOAD_ROUTES = 8 };
extern const struct route cases_citizen_routes[CASES_CITIZEN_ROUTES];
extern const struct route cases_apply_routes[CASES_APPLY_ROUTES];
extern const struct route cases_materials_routes[CASES_MATERIALS_ROUTES];
extern const struct route cases_upload_routes[CASES_UPLOAD_ROUTES];
extern const struct route cases_law_routes[CASES_LAW_ROUTES];
extern const struct route cases_work_routes[CASES_WORK_ROUTES];
extern const struct route cases_more_routes[CASES_MORE_ROUTES];
/* The case of the route's {no}, for the office or for its applicant; the answer leads back to its page. */
enum rc cases_desk_open(struct cx *cx, const struct req *rq, struct cases_case *c);
enum rc cases_own_open(struct cx *cx, const struct req *rq, struct cases_case *c);
/* The desk's page of a case, also shown again after a refusal. */
enum rc cases_staff_show(struct cx *cx, const struct req *rq, void *out);

/* The applicant's page of his case, also shown again after a refusal. */
enum rc cases_own_show(struct cx *cx, const struct req *rq, void *out);

#endif
