/* docs_jobs.h - what the module does after the answer. */
#ifndef MODULES_DOCS_JOBS_H
#define MODULES_DOCS_JOBS_H

#include "jobs/jobs.h"

enum { DOCS_JOBS = 2 };
extern const struct job_kind docs_jobs[DOCS_JOBS];

/* The part of a document's hash that is printed: 16 hex characters. */
struct str docs_hash_part(struct arena *a, struct str hash);

#endif
