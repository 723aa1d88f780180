/* modules.c - the layers that have tables, then the modules in the order of src/modules/meson.build. */
#include "app/modules.h"

#include "app/ledger_web.h"
#include "app/system_web.h"
#include "app/timers.h"
#include "http/core.h"
#include "modules/cases/cases.h"
#include "jobs/jobs.h"
#include "modules/catalog/catalog.h"
#include "modules/docs/docs.h"
#include "modules/forms/forms.h"
#include "modules/holidays/holidays.h"
#include "modules/identity/identity.h"
#include "modules/materials/materials.h"
#include "modules/org/org.h"
#include "modules/places/places.h"
#include "modules/search/search.h"

const struct module *const all_modules[] = {
    &core_module,
    &ledger_module,
    &jobs_module,
    &org_module,
    &forms_module,
    &identity_module,
    &identity_admin_module,
    &places_module,
    &holidays_module,
    &catalog_module,
    &materials_module,
    &cases_module,
    &cases_apply_module,
    &cases_materials_module,
    &cases_uploads_module,
    &cases_work_module,
    &cases_more_module,
    &cases_law_module,
    &docs_module,
    &search_module,
    &timers_module,
    &system_module,
};
const size_t all_nmodules = countof(all_modules);

const struct migration *all_steps(struct arena *a, size_t *out_n)
{
    size_t n = 0;
    for (size_t m = 0; m < all_nmodules; m++)
        n += all_modules[m]->nschema;
    struct migration *steps = arena_many(a, struct migration, n);
    *out_n = 0;
    for (size_t m = 0; m < all_nmodules; m++)
        for (size_t i = 0; i < all_modules[m]->nschema; i++)
            steps[(*out_n)++] = all_modules[m]->schema[i];
    return steps;
}

const struct job_kind *all_jobs(struct arena *a, size_t *out_n)
{
    size_t n = 0;
    for (size_t m = 0; m < all_nmodules; m++)
        n += all_modules[m]->njobs;
    struct job_kind *kinds = arena_many(a, struct job_kind, n);
    *out_n = 0;
    for (size_t m = 0; m < all_nmodules; m++)
        for (size_t i = 0; i < all_modules[m]->njobs; i++)
            kinds[(*out_n)++] = all_modules[m]->jobs[i];
    return kinds;
}
