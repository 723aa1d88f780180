/* cases_module.c - the module's rows: one per group of pages. */
#include "modules/cases/cases.h"

#include "cases_routes.h"
#include "cases_sql.h"

const struct module cases_module = {
    .name = "cases", .routes = cases_citizen_routes, .nroutes = CASES_CITIZEN_ROUTES, .sql = cases_sql, .nsql = countof(cases_sql),
    .schema = cases_schema, .nschema = countof(cases_schema),
};
const struct module cases_apply_module = { .name = "cases_apply", .routes = cases_apply_routes, .nroutes = CASES_APPLY_ROUTES };
const struct module cases_more_module = { .name = "cases_more", .routes = cases_more_routes, .nroutes = CASES_MORE_ROUTES };
const struct module cases_law_module = { .name = "cases_law", .routes = cases_law_routes, .nroutes = CASES_LAW_ROUTES,
                                         .jobs = cases_law_jobs, .njobs = CASES_LAW_JOBS };
const struct module cases_materials_module = { .name = "cases_materials", .routes = cases_materials_routes,
                                               .nroutes = CASES_MATERIALS_ROUTES };
const struct module cases_uploads_module = { .name = "cases_uploads", .routes = cases_upload_routes, .nroutes = CASES_UPLOAD_ROUTES };
const struct module cases_work_module = { .name = "cases_work", .routes = cases_work_routes, .nroutes = CASES_WORK_ROUTES };
