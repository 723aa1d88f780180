/* jobs.c - adding, taking, running and settling one job. */
#include "base/log.h"
#include "jobs/jobs_priv.h"
#include "jobs_sql.h"

#include <stdio.h>

enum { BUSY_TRIES = 3, BACKOFF_MS = 1000, BACKOFF_MAX_MS = 3600 * 1000, UNKNOWN_KIND_MS = 60000, PRUNE_MS = 3600 * 1000 };

static const struct field job_fields[] = {
    FIELD(struct job, id),     FIELD(struct job, kind),   FIELD(struct job, key),   FIELD(struct job, root),
    FIELD(struct job, state),  FIELD(struct job, due_at), FIELD(struct job, starts), FIELD(struct job, fails),
    FIELD(struct job, payload), FIELD(struct job, made_at),
};
const struct record JOB = RECORD(struct job, job_fields);

/* ---- adding ------------------------------------------------------------------------------------------------------- */

enum rc job_add(struct cx *cx, const struct job_new *j, bool *out_added)
{
    int64_t added = 0, due_at = j->due_at ? j->due_at : cx->now;
    struct str payload = j->payload.p ? j->payload : STR("{}");
    if (payload.n > JOB_PAYLOAD_MAX)
        panic("job %s: payload of %zu bytes", j->kind, payload.n);
    enum rc rc = db_exec(cx, &sql_job_add,
                         ARGS(v_i64(db_id(cx)), v_str(str_c(j->kind)), v_str(j->key), v_i64(j->root), v_i64(due_at),
                              v_str(payload), v_i64(cx->now)),
                         &added);
    if (rc)
        return rc;
    if (added && cx->app && cx->app->jobs)
        db_notify(cx->db, jobs_wake, cx->app->jobs);
    if (out_added)
        *out_added = added != 0;
    return RC_OK;
}

enum rc job_list_parked(struct cx *cx, struct list *out)
{
    return db_all(cx, &sql_job_list_parked, NO_ARGS, &JOB, out);
}

enum rc job_retry(struct cx *cx, int64_t id)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_job_retry, ARGS(v_i64(id), v_i64(cx->now)), &n);
    if (rc)
        return rc;
    return n ? RC_OK : RC_NOT_FOUND;
}

/* ---- units of a hand ---------------------------------------------------------------------------------------------- */

static struct cx hand_cx(struct hand *h)
{
    return (struct cx){ .arena = &h->arena, .db = h->db, .app = h->js->app, .actor = { .purpose = STR("job"),
                        .address = STR(""), .request_id = STR("") } };
}

static enum rc unit_begin(struct cx *cx, enum db_unit unit)
{
    enum rc rc = db_begin(cx->db, unit);
    cx->now = db_now(cx->db);
    cx->issues = (struct issues){ 0 };
    return rc;
}

static enum rc unit_end(struct cx *cx, enum rc rc)
{
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    enum rc durable = db_wait(cx->db);
    return rc ? rc : durable;
}

/* ---- taking ------------------------------------------------------------------------------------------------------- */

const struct job_kind *kind_find(const struct jobs *js, struct str name)
{
    for (size_t i = 0; i < js->nkinds; i++)
        if (str_is(name, js->kinds[i].name))
            return &js->kinds[i];
    return NULL;
}

/* Starts that were never settled: the process died of them, or with them. */
static bool is_deadly(const struct job *j)
{
    return j->starts - j->fails >= JOB_DEATHS_MAX;
}

/* Not a job to run: one that kills, or one of a newer program's kind, which another node may know. */
static enum rc set_aside(struct cx *cx, const struct job *j)
{
    if (is_deadly(j)) {
        log_error("job %lld (" STR_F ") is parked: %lld starts did not end", (long long)j->id, STR_A(j->kind),
                  (long long)(j->starts - j->fails));
        return db_exec(cx, &sql_job_park, ARGS(v_i64(j->id), v_str(j->state), v_i64(j->starts), v_i64(cx->now)), NULL);
    }
    log_warn("job %lld: no kind " STR_F " here", (long long)j->id, STR_A(j->kind));
    return db_exec(cx, &sql_job_postpone, ARGS(v_i64(j->id), v_str(j->state), v_i64(cx->now + UNKNOWN_KIND_MS)), NULL);
}

/* In a WRITE unit. RC_NOT_FOUND: it was set aside, or another was quicker. */
static enum rc take_one(struct hand *h, struct cx *cx, const struct job *j, struct job *out)
{
    int64_t taken = 0;
    if (is_deadly(j) || !kind_find(h->js, j->kind)) {
        enum rc rc = set_aside(cx, j);
        return rc ? rc : RC_NOT_FOUND;
    }
    enum rc rc = db_exec(cx, &sql_job_take,
                         ARGS(v_i64(j->id), v_str(j->state), v_i64(j->starts), v_i64(cx->now + JOB_LEASE_MS), v_i64(j->due_at)),
                         &taken);
    if (rc)
        return rc;
    if (!taken)
        return RC_NOT_FOUND;
    *out = *j;
    out->starts++;
    return RC_OK;
}

/* A unit per attempt, so that on PostgreSQL no row stays locked while others are looked at. */
static enum rc take_in_unit(struct hand *h, const struct job *j, struct job *out)
{
    struct cx cx = hand_cx(h);
    enum rc rc = unit_begin(&cx, WRITE), taken;
    if (rc)
        return rc;
    taken = take_one(h, &cx, j, out);
    rc = unit_end(&cx, taken == RC_NOT_FOUND ? RC_OK : taken);
    return rc ? rc : taken;
}

enum rc job_take(struct hand *h, int64_t now_ms, struct job *out)
{
    struct cx cx = hand_cx(h);
    struct list due = { 0 };
    enum rc rc = unit_begin(&cx, READ);
    if (!rc)
        rc = unit_end(&cx, db_all(&cx, &sql_job_list_due, ARGS(v_i64(now_ms ? now_ms : cx.now)), &JOB, &due));
    if (rc)
        return rc;
    rc = RC_NOT_FOUND;
    for (size_t i = 0; rc == RC_NOT_FOUND && i < due.n; i++)
        rc = take_in_unit(h, (const struct job *)due.v + i, out);
    return rc;
}

/* ---- running ------------------------------------------------------------------------------------------------------ */

/* In the unit of the job's effects. RC_CONFLICT: it is not ours any more, so the effects must not happen. */
static enum rc job_end(struct cx *cx, const struct job *j)
{
    int64_t n = 0;
    enum rc rc = j->key.p ? db_exec(cx, &sql_job_end_keyed, ARGS(v_i64(j->id), v_i64(j->starts), v_i64(cx->now)), &n)
                          : db_exec(cx, &sql_job_end, ARGS(v_i64(j->id), v_i64(j->starts)), &n);
    if (rc)
        return rc;
    return n ? RC_OK : RC_CONFLICT;
}

struct phase {
    enum db_unit unit;
    enum rc    (*run)(struct cx *cx, struct job *j);
    bool         ends; /* the last one: the job is done with it */
};

static enum rc phase_once(struct cx *cx, const struct phase *p, struct job *j)
{
    enum rc rc = unit_begin(cx, p->unit);
    if (rc)
        return rc;
    rc = p->run ? p->run(cx, j) : RC_OK;
    if (!rc && p->ends && j->id)
        rc = job_end(cx, j);
    return unit_end(cx, rc);
}

static enum rc phase_run(struct cx *cx, const struct phase *p, struct job *j)
{
    enum rc rc = phase_once(cx, p, j);
    for (int i = 1; rc == RC_BUSY && i < BUSY_TRIES; i++)
        rc = phase_once(cx, p, j);
    return rc;
}

static enum rc phases_run(struct hand *h, const struct job_kind *k, struct job *j)
{
    struct cx cx = hand_cx(h);
    char id[40];
    struct phase first = { k->unit == READ ? READ : WRITE, k->run, !k->after && !k->store && k->unit != READ };
    struct phase last = { WRITE, k->store, true };
    snprintf(id, sizeof id, "job-%lld", (long long)j->id);
    cx.actor.request_id = arena_str(&h->arena, str_c(id));
    log_set_request(j->id ? id : k->name);
    enum rc rc = k->run || first.ends ? phase_run(&cx, &first, j) : RC_OK;
    if (!rc && k->after)
        rc = k->after(&cx, j);
    if (!rc && !first.ends && (k->store || j->id))
        rc = phase_run(&cx, &last, j);
    log_set_request(NULL);
    return rc;
}

/* ---- settling ----------------------------------------------------------------------------------------------------- */

/* Doubling from a second to an hour, a quarter more or less, so that what failed together does not come back together. */
static int64_t backoff_ms(struct cx *cx, int64_t fails)
{
    uint32_t dice;
    int64_t ms = fails > 12 ? BACKOFF_MAX_MS : BACKOFF_MS << (fails > 1 ? fails - 1 : 0);
    if (ms > BACKOFF_MAX_MS)
        ms = BACKOFF_MAX_MS;
    db_random(cx, &dice, sizeof dice);
    return ms * 3 / 4 + ms / 2 * (int64_t)(dice % 1024) / 1023;
}

/* A failed try: later again, or parked. Of no effect if the job is not ours any more. */
static enum rc put_back(struct cx *cx, const struct job_kind *k, const struct job *j, enum rc why)
{
    bool busy = why == RC_BUSY;
    int64_t fails = j->fails + !busy, max = k->max_tries ? k->max_tries : JOB_TRIES;
    bool park = fails >= max;
    int64_t changed = 0, at = park ? cx->now : cx->now + backoff_ms(cx, fails);
    enum rc rc = db_exec(cx, &sql_job_put_back,
                         ARGS(v_i64(j->id), v_i64(j->starts), v_str(park ? STR("parked") : STR("due")), v_i64(at),
                              v_i64(j->starts - busy), v_i64(fails)),
                         &changed);
    if (!rc && changed && park)
        log_error("job %lld (%s) is parked after %lld tries, the last one ended with %d", (long long)j->id, k->name,
                  (long long)fails, (int)why);
    return rc;
}

static void settle(struct hand *h, const struct job_kind *k, const struct job *j, enum rc why)
{
    struct cx cx = hand_cx(h);
    enum rc rc = RC_BUSY;
    for (int i = 0; rc == RC_BUSY && i < BUSY_TRIES; i++) {
        rc = unit_begin(&cx, WRITE);
        if (!rc)
            rc = unit_end(&cx, put_back(&cx, k, j, why));
    }
    if (rc) /* its lease will end */
        log_warn("job %lld (%s) could not be put back", (long long)j->id, k->name);
}

void job_perform(struct hand *h, struct job *j)
{
    const struct job_kind *k = kind_find(h->js, j->kind);
    enum rc rc = phases_run(h, k, j);
    if (rc)
        settle(h, k, j, rc);
}

enum rc timer_perform(struct hand *h, const struct job_kind *k, bool *out_again)
{
    struct cx cx = hand_cx(h);
    struct job j = { .kind = str_c(k->name), .payload = STR("{}") };
    bool due = true;
    enum rc rc = RC_OK;
    *out_again = false;
    if (k->due) {
        rc = unit_begin(&cx, READ);
        if (!rc)
            rc = unit_end(&cx, k->due(&cx, &due));
    }
    if (!rc && due)
        rc = phases_run(h, k, &j);
    *out_again = !rc && j.again;
    return rc;
}

enum rc jobs_recover(struct hand *h)
{
    struct cx cx = hand_cx(h);
    if (db_engine(db_pool_of(h->db)) != DB_SQLITE)
        return RC_OK; /* another node may be running them: their leases tell */
    enum rc rc = unit_begin(&cx, WRITE);
    return rc ? rc : unit_end(&cx, db_exec(&cx, &sql_job_recover, ARGS(v_i64(cx.now)), NULL));
}

/* ---- the module ---------------------------------------------------------------------------------------------------- */

static enum rc prune(struct cx *cx, struct job *j UNUSED)
{
    return db_exec(cx, &sql_job_prune, ARGS(v_i64(cx->now - JOB_KEPT_DAYS * DAY_MS)), NULL);
}

static const struct job_kind own_kinds[] = { { .name = "job.prune", .run = prune, .every_ms = PRUNE_MS } };

const struct module jobs_module = {
    .name = "jobs",
    .sql = jobs_sql,
    .nsql = countof(jobs_sql),
    .schema = jobs_schema,
    .nschema = countof(jobs_schema),
    .jobs = own_kinds,
    .njobs = countof(own_kinds),
};
