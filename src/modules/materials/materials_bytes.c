/* materials_bytes.c - putting, reading and sweeping sealed files on the disk. */
#include "materials_bytes.h"

#include "base/conf.h"
#include "base/log.h"
#include "http/landing.h"
#include "materials_sql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY = 64 * 1024, NAME_HEX = 2 * sizeof(struct digest) };

static enum rc failed(const char *what)
{
    log_error("keeping a file: %s: %s", what, strerror(errno));
    return RC_FAILED;
}

/* ---- places ------------------------------------------------------------------------------------------------------------- */

/* DIR/materials/ab/cd/<name> and its folders. */
struct place {
    struct str folder[4]; /* DIR, DIR/materials, .../ab, .../ab/cd */
    struct str path;
};

static void place_fill(struct cx *cx, const void *name, struct place *p)
{
    struct arena *a = cx->arena;
    struct str dir = cx->app->config.data, text = hex(a, name, sizeof(struct digest));
    p->folder[0] = arena_fmt(a, STR_F, STR_A(dir));
    p->folder[1] = arena_fmt(a, "%s/materials", p->folder[0].p);
    p->folder[2] = arena_fmt(a, "%s/%.2s", p->folder[1].p, text.p);
    p->folder[3] = arena_fmt(a, "%s/%.2s", p->folder[2].p, text.p + 2);
    p->path = arena_fmt(a, "%s/" STR_F, p->folder[3].p, STR_A(text));
}

static enum rc path_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok ? RC_OK : failed("sync");
}

/* The folders, each durable in the one above it. */
static enum rc folders_make(const struct place *p)
{
    enum rc rc = RC_OK;
    for (size_t i = 1; i < countof(p->folder) && !rc; i++) {
        if (mkdir(p->folder[i].p, 0750) == 0)
            rc = path_sync(p->folder[i - 1].p);
        else if (errno != EEXIST)
            rc = failed("mkdir");
    }
    return rc;
}

/* ---- putting -------------------------------------------------------------------------------------------------------------- */

static bool copy_bytes(int from, int to)
{
    char piece[COPY];
    ssize_t n;
    while ((n = read(from, piece, sizeof piece)) > 0)
        if (write(to, piece, (size_t)n) != n)
            return false;
    return n == 0;
}

/* A second name for the upload beside its place; a copy where the folders lie on different file systems. */
static bool beside(const char *from, const char *to)
{
    if (link(from, to) == 0)
        return true;
    if (errno != EXDEV)
        return false;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    bool ok = in >= 0 && out >= 0 && copy_bytes(in, out);
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return ok;
}

/* Dated, durable, and in its place in one step. */
static enum rc move_in(const struct place *p, const char *next, int64_t now)
{
    struct timespec when = { .tv_sec = now / 1000, .tv_nsec = now % 1000 * 1000000 };
    struct timespec times[2] = { when, when };
    if (utimensat(AT_FDCWD, next, times, 0))
        return failed("date");
    enum rc rc = path_sync(next);
    if (!rc && rename(next, p->path.p))
        rc = failed("rename");
    return rc ? rc : path_sync(p->folder[3].p);
}

/* With the folder's lock, which materials_walk takes for each file it deletes. */
enum rc materials_bytes_put(struct cx *cx, const struct upload *u)
{
    struct place p;
    unsigned char id[8];
    place_fill(cx, u->name.b, &p);
    random_bytes(id, sizeof id);
    struct str mark = hex(cx->arena, id, sizeof id);
    struct str next = arena_fmt(cx->arena, "%s.%s", p.path.p, mark.p);
    enum rc rc = folders_make(&p);
    int lock = rc ? -1 : open(p.folder[2].p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!rc && (lock < 0 || flock(lock, LOCK_SH) || !beside(u->path.p, next.p)))
        rc = failed("link");
    if (!rc)
        rc = move_in(&p, next.p, cx->now);
    unlink(next.p); /* there still if something failed, or if both names were of one file */
    if (lock >= 0)
        close(lock);
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------------------------------------- */

enum rc materials_bytes_get(struct cx *cx, struct str name, struct str *out)
{
    struct digest id;
    struct str sealed;
    struct place p;
    if (name.n != sizeof id.b)
        return RC_FAILED;
    place_fill(cx, name.p, &p);
    if (file_read(p.path.p, MATERIALS_FILE_MAX + SEAL_HEAD + SEAL_TAG, cx->arena, &sealed))
        return RC_FAILED;
    memcpy(id.b, name.p, sizeof id.b);
    char *own = (char *)(uintptr_t)sealed.p; /* fresh memory of this unit */
    return unseal_file(&cx->app->keys, LANDING_PLACE, id, own, sealed.n, out) ? RC_OK : RC_FAILED;
}

/* ---- sweeping ---------------------------------------------------------------------------------------------------------------- */

/* One first-level folder on its way through. */
struct walk {
    struct cx *cx;
    int        lock; /* descriptor of the first-level folder */
    int        dir;  /* of the second-level folder */
    int64_t    before_s, removed;
};

static bool is_old(const struct walk *w, const char *name)
{
    struct stat st;
    return fstatat(w->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) && st.st_mtime < w->before_s;
}

/* A row names it. Leftovers of a put that was cut off have a mark behind their name, and no row. */
static enum rc has_row(struct cx *cx, const char *name, bool *out)
{
    struct digest d;
    int64_t n = 0;
    *out = false;
    if (!unhex(str_c(name), d.b, sizeof d.b))
        return RC_OK;
    enum rc rc = db_begin(cx->db, READ);
    if (rc)
        return rc;
    rc = db_rollback(cx->db, db_int(cx, &sql_materials_file_there, ARGS(v_bytes(d.b, sizeof d.b)), &n));
    *out = n > 0;
    return rc;
}

/* The age is looked at again under the lock: whoever has put it there anew since then will insert a row. */
static void remove_old(struct walk *w, const char *name)
{
    if (flock(w->lock, LOCK_EX))
        return;
    if (is_old(w, name) && unlinkat(w->dir, name, 0) == 0)
        w->removed++;
    flock(w->lock, LOCK_UN);
}

static enum rc folder_walk(struct walk *w, DIR *d)
{
    enum rc rc = RC_OK;
    w->dir = dirfd(d);
    for (const struct dirent *e; !rc && (e = readdir(d));) {
        bool there = false;
        if (!is_old(w, e->d_name))
            continue;
        rc = has_row(w->cx, e->d_name, &there);
        if (!rc && !there)
            remove_old(w, e->d_name);
    }
    return rc;
}

enum rc materials_walk(struct cx *cx, unsigned ab, int64_t *out_removed)
{
    enum rc rc = RC_OK;
    struct str top = arena_fmt(cx->arena, STR_F "/materials/%02x", STR_A(cx->app->config.data), ab & 0xFF);
    struct walk w = { .cx = cx, .before_s = (cx->now - MATERIALS_GRACE_MS) / 1000 };
    w.lock = open(top.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (unsigned cd = 0; w.lock >= 0 && cd < 256 && !rc; cd++) {
        char below[4];
        snprintf(below, sizeof below, "%02x", cd);
        int fd = openat(w.lock, below, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *d = fd < 0 ? NULL : fdopendir(fd);
        if (d) {
            rc = folder_walk(&w, d);
            closedir(d);
        }
    }
    if (w.lock >= 0)
        close(w.lock);
    *out_removed = w.removed;
    return rc;
}
