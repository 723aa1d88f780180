/* timers.c - the search index, lost searches, and what the law does at midnight. */
#include "app/timers.h"

#include "base/log.h"
#include "jobs/jobs.h"
#include "modules/cases/cases.h"
#include "modules/org/org.h"
#include "modules/search/search.h"

enum { SEARCH_MS = 2000, FLUSH_MS = 60000, NIGHT_MS = 60000, HOUR_MS = 3600000 };

enum rc timers_search_refresh(struct cx *cx)
{
    int64_t version = 0;
    enum rc rc = org_public_version(cx, &version);
    return rc ? rc : search_refresh(cx, cx->app->local, version);
}

static enum rc search_now(struct cx *cx, struct job *j UNUSED)
{
    return timers_search_refresh(cx);
}

static enum rc flush_now(struct cx *cx, struct job *j UNUSED)
{
    return search_flush(cx);
}

/* Deemed acceptance and lapse: due at 00:00, and as soon as possible after the server was off. */
static enum rc night_now(struct cx *cx, struct job *j)
{
    int64_t done = 0;
    enum rc rc = cases_night(cx, &done);
    if (done)
        log_info("%lld cases moved on by themselves", (long long)done);
    j->again = done > 0;
    return rc;
}

static enum rc drafts_now(struct cx *cx, struct job *j)
{
    return cases_drafts_purge(cx, &j->again);
}

static const struct job_kind kinds[] = {
    { .name = "search.refresh", .unit = READ, .run = search_now, .every_ms = SEARCH_MS },
    { .name = "search.flush", .run = flush_now, .every_ms = FLUSH_MS },
    { .name = "cases.night", .run = night_now, .every_ms = NIGHT_MS },
    { .name = "cases.drafts", .run = drafts_now, .every_ms = HOUR_MS },
};

const struct module timers_module = { .name = "timers", .jobs = kinds, .njobs = countof(kinds) };
