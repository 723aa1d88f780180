/* jobs.h - work after the answer: job rows, written in the same transaction as their cause, and timers.
 *
 * A job runs in a WRITE unit of its own; that it is done is stored in the same unit as its effects, so effects inside the
 * database happen exactly once however often the process dies. Work outside (files, network) goes into `after`, which may
 * happen again and must bear it; its result is stored by `store`. A start is counted, durably, before the job runs: a job
 * that kills the process JOB_DEATHS_MAX times is parked. Timers are kinds with every_ms: no rows, run by the leading node
 * only, at start and every so often; they are not counted. A job that runs longer than JOB_LEASE_MS is taken for dead and
 * begun again, and only one of the two is kept: long work adds a job for its next part. */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "http/app.h"

enum {
    JOB_DEATHS_MAX = 3,
    JOB_TRIES = 8,           /* if the kind states none: about 2 minutes in all */
    JOB_LEASE_MS = 120000,   /* PostgreSQL: a job whose node is gone is taken up by another after this long */
    JOB_PAYLOAD_MAX = 64 * 1024,
    JOBS_THREADS_MAX = 16,
    JOB_KEPT_DAYS = 30,      /* done jobs with a key stay this long */
};

/* ---- adding ---------------------------------------------------------------------------------------------------- */

struct job_new {
    const char *kind;
    struct str  key;     /* optional: at most one job of this kind and key, also after it is done (JOB_KEPT_DAYS) */
    int64_t     root;    /* what it is about; 0 = none */
    int64_t     due_at;  /* ms; 0 = at once */
    struct str  payload; /* JSON made by the caller; none = "{}". No personal data in the clear */
};

/* In the open WRITE unit. *out_added (may be NULL) is false if there was one with this key. Wakes this process's runner when
 * the unit is durable. */
enum rc job_add(struct cx *cx, const struct job_new *j, bool *out_added);

/* ---- kinds ----------------------------------------------------------------------------------------------------- */

struct job {
    int64_t    id; /* 0: a timer */
    struct str kind, key;
    int64_t    root;
    struct str state;
    int64_t    due_at, starts, fails; /* starts include this one */
    struct str payload;
    int64_t    made_at;
    void      *own;   /* from one phase to the next; allocate in cx->arena, which lasts for all phases */
    bool       again; /* a timer may set it: there is more to do at once */
};
extern const struct record JOB;

/* Three phases, each optional, one after the other. Whatever they return other than RC_OK ends the try: the unit is rolled
 * back and the job runs again later from the first phase, so `run` of a kind with further phases must bear repetition.
 * RC_BUSY is tried again and not counted. */
struct job_kind {
    const char  *name; /* "docs.seal" */
    enum db_unit unit; /* of `run`: WRITE if not stated */
    enum rc    (*run)(struct cx *cx, struct job *j);
    enum rc    (*after)(struct cx *cx, struct job *j); /* no unit is open; may begin its own */
    enum rc    (*store)(struct cx *cx, struct job *j); /* WRITE unit */
    int          max_tries;                            /* then parked; 0 = JOB_TRIES */
    int64_t      every_ms;                             /* a timer */
    enum rc    (*due)(struct cx *cx, bool *out_due);   /* timers: READ unit that tells whether to run at all; optional */
};

/* ---- running --------------------------------------------------------------------------------------------------- */

/* A runner with its threads not yet started, in the arena. `kinds` is not copied; two kinds of one name panic. Put it into
 * app->jobs before anything runs that may add jobs. */
struct jobs *jobs_init(struct arena *a, const struct app *app, const struct job_kind *kinds, size_t n);
/* Start one thread for timers and `threads` for jobs. On SQLite jobs that a dead process left behind are due again. */
void jobs_open(struct jobs *js, int threads);
/* Let running jobs finish, end the threads. The runner may still be woken (nothing happens). */
void jobs_close(struct jobs *js);

/* Without threads, for tests and the command line: every timer once, then jobs due at `now_ms` until there are none. Session
 * without open unit. Units read their own clock: tests set it with db_set_clock. Returns how many jobs were started. */
int64_t jobs_run_due(struct jobs *js, struct db *db, int64_t now_ms);

/* ---- for people ------------------------------------------------------------------------------------------------ */

/* struct job, at most 200, oldest first. */
enum rc job_list_parked(struct cx *cx, struct list *out);
/* Due again, with all its tries. RC_NOT_FOUND if it is not parked. */
enum rc job_retry(struct cx *cx, int64_t id);

extern const struct module jobs_module;

#endif
