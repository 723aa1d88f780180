/* serve.c - parent process: holds the listening socket and restarts the worker; worker process: serves. */
#include "app/serve.h"

#include "all_assets.h"
#include "all_tmpl.h"
#include "app/modules.h"
#include "app/timers.h"
#include "base/log.h"
#include "http/server.h"
#include "jobs/jobs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRACE_MS = 10000, RESTART_MS = 500, FAST_DEATHS_MAX = 5, FAST_MS = 2000, JOB_THREADS = 2 };

static sigset_t stop_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGCHLD);
    return set;
}

/* ---- worker process -------------------------------------------------------------------------------------------------- */

static struct http *router_open(struct start *s)
{
    struct http_parts parts = { .app = &s->app, .gate = s->gate, .modules = all_modules, .nmodules = all_nmodules,
                                .sources = all_tmpl, .nsources = all_ntmpl, .assets = all_assets, .nassets = all_assets_count };
    struct http *h = http_open(&s->arena, &parts);
    s->app.http = h;
    texts_seal(s->app.texts);
    return h;
}

static void listening_print(const struct start *s)
{
    printf("listening on http://" STR_F "/\n", STR_A(s->app.config.listen));
    if (s->app.config.demo)
        printf("  sign-ins     scj01 and zjj01 clerks, scj03 and zjj03 reviewers, scj05 and zjj05 body heads;\n"
               "               zwzx29 system, zwzx30 security, zwzx31 audit administrator (password " DEMO_PASSWORD ")\n"
               "  portal       http://" STR_F "/\n  search       http://" STR_F "/search?q=\n  API          http://" STR_F
               "/api/openapi.json\n  health       http://" STR_F "/healthz  /readyz  /metrics\n",
               STR_A(s->app.config.listen), STR_A(s->app.config.listen), STR_A(s->app.config.listen), STR_A(s->app.config.listen));
    fflush(stdout);
}

/* A portal that finds nothing is not ready: the index is made before the first answer, if it is not from now. */
static bool index_ready(struct start *s)
{
    struct arena a;
    struct cx cx;
    arena_init(&a, (size_t)1 << 30);
    enum rc rc = unit_begin(s, READ, &a, &cx);
    if (!rc)
        rc = unit_end(&cx, timers_search_refresh(&cx));
    arena_done(&a);
    return rc == RC_OK;
}

static bool prepare(struct start *s, const struct options *o)
{
    int64_t applied;
    bool loaded;
    if (!start_open(s, o, !o->demo))
        return false;
    if (!o->demo)
        return start_schema_ok(s) && index_ready(s);
    return start_migrate(s, &applied) && demo_load(s, &loaded) == RC_OK && index_ready(s);
}

/* Before anything runs that may add jobs. */
static void jobs_prepare(struct start *s)
{
    size_t n;
    const struct job_kind *kinds = all_jobs(&s->arena, &n);
    s->app.jobs = jobs_init(&s->arena, &s->app, kinds, n);
}

static int worker(const struct options *o, int listen_fd)
{
    struct start s;
    sigset_t set = stop_signals();
    int sig = 0;
    if (!prepare(&s, o))
        return 2;
    jobs_prepare(&s);
    struct http *h = router_open(&s);
    struct server *server = h ? server_open(h, listen_fd, &s.stats) : NULL;
    if (!server)
        return 2;
    jobs_open(s.app.jobs, JOB_THREADS);
    listening_print(&s);
    do
        sigwait(&set, &sig);
    while (sig == SIGCHLD);
    jobs_close(s.app.jobs);
    server_close(server, GRACE_MS);
    start_close(&s);
    return 0;
}

/* ---- parent process -------------------------------------------------------------------------------------------------- */

static pid_t worker_start(const struct options *o, int listen_fd)
{
    pid_t parent = getpid(), pid = fork();
    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0);
    _exit(worker(o, listen_fd));
}

/* Exit status of the worker, or -1 while it should be started again. */
static int worker_ended(int status, int64_t lived_ms, int *deaths)
{
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    *deaths = lived_ms < FAST_MS ? *deaths + 1 : 0;
    log_error("the worker process died of signal %d after %lld ms", WTERMSIG(status), (long long)lived_ms);
    return *deaths >= FAST_DEATHS_MAX ? 3 : -1;
}

static int supervise(const struct options *o, int listen_fd)
{
    sigset_t set = stop_signals();
    int deaths = 0, sig = 0;
    pid_t pid = worker_start(o, listen_fd);
    int64_t since = time_mono();
    for (;;) {
        int status = 0;
        sigwait(&set, &sig);
        if (sig != SIGCHLD) {
            kill(pid, SIGTERM);
            return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
        }
        if (waitpid(pid, &status, WNOHANG) != pid)
            continue;
        int code = worker_ended(status, time_mono() - since, &deaths);
        if (code >= 0)
            return code;
        usleep(RESTART_MS * 1000);
        pid = worker_start(o, listen_fd);
        since = time_mono();
    }
}

int serve(const struct options *o)
{
    sigset_t set = stop_signals();
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    struct config config;
    struct arena a;
    arena_init(&a, 4 << 20);
    int fd = start_config(o, &a, &config) ? server_listen(config.listen) : -1;
    arena_done(&a);
    if (fd < 0)
        return 2;
    return o->single ? worker(o, fd) : supervise(o, fd);
}
