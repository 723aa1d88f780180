/* modules.h - the only place that knows all modules. */
#ifndef APP_MODULES_H
#define APP_MODULES_H

#include "http/app.h"

extern const struct module *const all_modules[];
extern const size_t               all_nmodules;

/* All schema steps of all modules in order, in the arena. */
const struct migration *all_steps(struct arena *a, size_t *out_n);

/* All kinds of jobs of all modules, in the arena. */
const struct job_kind *all_jobs(struct arena *a, size_t *out_n);

#endif
