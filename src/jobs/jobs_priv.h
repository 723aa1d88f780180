/* jobs_priv.h - one job from taking to settling (jobs.c), used by the threads (runner.c). */
#ifndef JOBS_JOBS_PRIV_H
#define JOBS_JOBS_PRIV_H

#include "jobs/jobs.h"

#include <pthread.h>

enum { POLL_MS = 1000, BREATH_MS = 50, TIMER_FAILED_MS = 10000, JOB_ARENA = 256 << 20 };

struct timer {
    const struct job_kind *kind;
    int64_t                next_ms; /* monotonic */
};

struct jobs {
    const struct app      *app;
    const struct job_kind *kinds;
    size_t                 nkinds;
    struct timer          *timers;
    size_t                 ntimers;
    pthread_mutex_t        m; /* guards stop and woken */
    pthread_cond_t         wake;
    bool                   stop, woken;
    pthread_mutex_t        taking; /* one thread looks for work at a time */
    pthread_t              threads[JOBS_THREADS_MAX + 1];
    int                    nthreads;
};

/* One thread's means: a session and an arena that is emptied after each job. */
struct hand {
    struct jobs *js;
    struct arena arena;
    struct db   *db;
};

const struct job_kind *kind_find(const struct jobs *js, struct str name);
/* Take a job that is due at `now_ms` (0 = by the clock of the unit) and count its start durably. RC_NOT_FOUND: none. */
enum rc job_take(struct hand *h, int64_t now_ms, struct job *out);
/* Run a taken job and settle it. */
void job_perform(struct hand *h, struct job *j);
/* Run a timer if it is due; *out_again: at once again. Its outcome. */
enum rc timer_perform(struct hand *h, const struct job_kind *k, bool *out_again);
/* SQLite: what a dead process had taken is due. */
enum rc jobs_recover(struct hand *h);
/* For db_notify. */
void jobs_wake(void *arg, enum rc rc);

#endif
