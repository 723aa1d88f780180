/* runner.c - the threads: one for timers, some for jobs. */
#include "base/log.h"
#include "jobs/jobs_priv.h"

#include <string.h>
#include <time.h>

static struct hand hand_init(struct jobs *js, struct db *db)
{
    struct hand h = { .js = js, .db = db };
    arena_init(&h.arena, JOB_ARENA);
    return h;
}

/* ---- waiting and waking ------------------------------------------------------------------------------------------- */

void jobs_wake(void *arg, enum rc rc)
{
    struct jobs *js = arg;
    if (rc)
        return;
    pthread_mutex_lock(&js->m);
    js->woken = true;
    pthread_cond_broadcast(&js->wake); /* the thread of timers waits on it too */
    pthread_mutex_unlock(&js->m);
}

static struct timespec timespec_of(int64_t mono_ms)
{
    return (struct timespec){ .tv_sec = mono_ms / 1000, .tv_nsec = mono_ms % 1000 * 1000000 };
}

/* Until `until_ms` (monotonic), or until woken if `for_jobs`. False: stop. */
static bool wait_until(struct jobs *js, int64_t until_ms, bool for_jobs)
{
    struct timespec t = timespec_of(until_ms);
    int timed_out = 0;
    pthread_mutex_lock(&js->m);
    while (!js->stop && !(for_jobs && js->woken) && !timed_out && time_mono() < until_ms)
        timed_out = pthread_cond_timedwait(&js->wake, &js->m, &t);
    if (for_jobs)
        js->woken = false;
    bool go_on = !js->stop;
    pthread_mutex_unlock(&js->m);
    return go_on;
}

/* ---- threads ------------------------------------------------------------------------------------------------------ */

/* Take and run one; true if there was one. */
static bool job_next(struct hand *h, int64_t now_ms)
{
    struct job j;
    arena_reset(&h->arena);
    pthread_mutex_lock(&h->js->taking);
    enum rc rc = job_take(h, now_ms, &j);
    pthread_mutex_unlock(&h->js->taking);
    if (rc)
        return false;
    jobs_wake(h->js, RC_OK); /* there may be one for another thread */
    job_perform(h, &j);
    return true;
}

/* Somebody is waiting for an answer: papers can be printed a little later. */
static bool requests_wait(const struct jobs *js)
{
    return js->app->stats && __atomic_load_n(&js->app->stats->waiting, __ATOMIC_RELAXED) > 0;
}

static void *job_thread(void *arg)
{
    struct jobs *js = arg;
    struct hand h = hand_init(js, db_session(js->app->db));
    int64_t until_ms = 0;
    while (wait_until(js, until_ms, true)) {
        until_ms = job_next(&h, 0) ? 0 : time_mono() + POLL_MS;
        if (requests_wait(js))
            wait_until(js, time_mono() + BREATH_MS, false);
    }
    db_give_back(h.db);
    arena_done(&h.arena);
    return NULL;
}

/* When it shall run next. What fails has been logged; it need not say so five times a second. */
static int64_t timer_run(struct hand *h, const struct job_kind *k)
{
    bool again;
    arena_reset(&h->arena);
    enum rc rc = timer_perform(h, k, &again);
    if (again)
        return 0;
    bool slow_down = rc && rc != RC_BUSY && k->every_ms < TIMER_FAILED_MS;
    return time_mono() + (slow_down ? TIMER_FAILED_MS : k->every_ms);
}

/* Run those whose time has come; when the next one's will. */
static int64_t timers_run(struct hand *h)
{
    struct jobs *js = h->js;
    int64_t next_ms = time_mono() + POLL_MS;
    for (size_t i = 0; i < js->ntimers; i++) {
        struct timer *t = &js->timers[i];
        if (t->next_ms <= time_mono())
            t->next_ms = timer_run(h, t->kind);
        if (t->next_ms < next_ms)
            next_ms = t->next_ms;
    }
    return next_ms;
}

static void *timer_thread(void *arg)
{
    struct jobs *js = arg;
    struct hand h = hand_init(js, db_session(js->app->db));
    int64_t until_ms = 0;
    while (wait_until(js, until_ms, false))
        until_ms = db_lead(js->app->db) ? timers_run(&h) : time_mono() + POLL_MS;
    db_give_back(h.db);
    arena_done(&h.arena);
    return NULL;
}

/* ---- life --------------------------------------------------------------------------------------------------------- */

static void kinds_check(const struct jobs *js)
{
    for (size_t i = 0; i < js->nkinds; i++)
        if (kind_find(js, str_c(js->kinds[i].name)) != &js->kinds[i])
            panic("two kinds of jobs are named %s", js->kinds[i].name);
}

struct jobs *jobs_init(struct arena *a, const struct app *app, const struct job_kind *kinds, size_t n)
{
    struct jobs *js = arena_new(a, struct jobs);
    pthread_condattr_t attr;
    *js = (struct jobs){ .app = app, .kinds = kinds, .nkinds = n, .timers = arena_many(a, struct timer, n) };
    kinds_check(js);
    for (size_t i = 0; i < n; i++)
        if (kinds[i].every_ms)
            js->timers[js->ntimers++].kind = &kinds[i];
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&js->wake, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&js->m, NULL);
    pthread_mutex_init(&js->taking, NULL);
    return js;
}

void jobs_open(struct jobs *js, int threads)
{
    struct hand h = hand_init(js, db_session(js->app->db));
    if (threads < 1 || threads > JOBS_THREADS_MAX)
        panic("%d threads for jobs", threads);
    if (jobs_recover(&h))
        log_warn("jobs left behind could not be taken up; they will be when their leases end");
    db_give_back(h.db);
    arena_done(&h.arena);
    js->stop = false;
    js->nthreads = threads + 1;
    for (int i = 0; i < js->nthreads; i++)
        if (pthread_create(&js->threads[i], NULL, i ? job_thread : timer_thread, js))
            panic("no thread for jobs");
}

void jobs_close(struct jobs *js)
{
    if (!js)
        return;
    pthread_mutex_lock(&js->m);
    js->stop = true;
    pthread_cond_broadcast(&js->wake);
    pthread_mutex_unlock(&js->m);
    for (int i = 0; i < js->nthreads; i++)
        pthread_join(js->threads[i], NULL);
    js->nthreads = 0;
}

/* ---- without threads ------------------------------------------------------------------------------------------------ */

int64_t jobs_run_due(struct jobs *js, struct db *db, int64_t now_ms)
{
    struct hand h = hand_init(js, db);
    int64_t ran = 0;
    for (size_t i = 0; i < js->ntimers; i++) {
        bool again = true;
        while (again) {
            arena_reset(&h.arena);
            if (timer_perform(&h, js->timers[i].kind, &again))
                log_warn("timer %s failed", js->timers[i].kind->name);
        }
    }
    while (job_next(&h, now_ms))
        ran++;
    arena_done(&h.arena);
    return ran;
}
