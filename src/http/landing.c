/* landing.c - sealing, hashing and recognising a file while it is written. */
#include "http/landing.h"

#include "base/log.h"
#include "http/media.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 16 * 1024 };

struct landing {
    struct arena         *a;
    const struct keyring *keys;
    struct str            path;
    int                   fd;
    unsigned char         seal_head[SEAL_HEAD];
    struct sealer        *sealer;
    struct hasher        *hash; /* NULL: the beginning was not seen */
    struct media_text     as_text;
    char                  head[MEDIA_HEAD];
    int64_t               size;
    char                  piece[PIECE];
};

struct digest landing_name(const struct keyring *k, struct digest sm3)
{
    return blind_index(k, LANDING_PLACE, (struct str){ (const char *)sm3.b, sizeof sm3.b });
}

/* ---- bytes ------------------------------------------------------------------------------------------------------------ */

static bool disk_failed(const char *what)
{
    log_error("incoming file: %s: %s", what, strerror(errno));
    return false;
}

static bool write_all(int fd, const void *p, size_t n)
{
    const char *from = p;
    while (n) {
        ssize_t wrote = write(fd, from, n);
        if (wrote <= 0)
            return disk_failed("write");
        from += wrote;
        n -= (size_t)wrote;
    }
    return true;
}

static void look_at(struct landing *l, const char *p, size_t n)
{
    if (!l->hash)
        return;
    hasher_add(l->hash, p, n);
    media_text_add(&l->as_text, p, n);
    for (size_t i = 0; i < n && l->size + (int64_t)i < MEDIA_HEAD; i++)
        l->head[l->size + (int64_t)i] = p[i];
}

bool landing_put(struct landing *l, const char *p, size_t n)
{
    while (n) {
        size_t part = n < PIECE ? n : PIECE;
        look_at(l, p, part);
        sealer_seal(l->sealer, p, l->piece, part);
        if (!write_all(l->fd, l->piece, part))
            return false;
        l->size += (int64_t)part;
        p += part;
        n -= part;
    }
    return true;
}

/* ---- opening and closing -------------------------------------------------------------------------------------------------- */

static struct landing *landing_make(struct arena *a, const struct keyring *k, struct str path, int fd)
{
    struct landing *l = arena_new(a, struct landing);
    l->a = a;
    l->keys = k;
    l->path = path;
    l->fd = fd;
    return l;
}

void landing_close(struct landing *l)
{
    if (!l)
        return;
    if (l->fd >= 0)
        close(l->fd);
    if (l->hash)
        (void)hasher_end(l->hash);
    sealer_close(l->sealer);
    l->fd = -1;
    l->hash = NULL;
    l->sealer = NULL;
}

/* Closed without touching errno, which says why. */
static struct landing *given_up(struct landing *l)
{
    int why = errno;
    landing_close(l);
    errno = why;
    return NULL;
}

struct landing *landing_new(struct arena *a, const struct keyring *k, struct str path)
{
    int fd = open(path.p, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0) {
        disk_failed("open");
        return NULL;
    }
    struct landing *l = landing_make(a, k, path, fd);
    sealer_head(l->seal_head);
    l->sealer = sealer_open(k, LANDING_PLACE, l->seal_head, 0);
    l->hash = hasher_start();
    if (write_all(fd, l->seal_head, SEAL_HEAD))
        return l;
    unlink(path.p);
    return given_up(l);
}

/* Open for going on after `at` bytes: locked, cut there, its head read. */
static struct landing *landing_reopen(struct arena *a, const struct keyring *k, struct str path, int64_t at)
{
    struct stat st;
    int fd = open(path.p, O_RDWR | O_CLOEXEC);
    struct landing *l = fd < 0 ? NULL : landing_make(a, k, path, fd);
    if (!l)
        return NULL;
    if (flock(fd, LOCK_EX | LOCK_NB) || fstat(fd, &st))
        return given_up(l);
    errno = ENOENT;
    if (st.st_size < SEAL_HEAD + at || read(fd, l->seal_head, SEAL_HEAD) != SEAL_HEAD || ftruncate(fd, SEAL_HEAD + at))
        return given_up(l);
    return l;
}

struct landing *landing_append(struct arena *a, const struct keyring *k, struct str path, int64_t at)
{
    struct landing *l = landing_reopen(a, k, path, at);
    if (!l)
        return NULL;
    l->size = at;
    l->sealer = sealer_open(k, LANDING_PLACE, l->seal_head, at);
    if (!l->sealer || lseek(l->fd, SEAL_HEAD + at, SEEK_SET) < 0)
        return given_up(l);
    return l;
}

struct landing *landing_again(struct arena *a, const struct keyring *k, struct str path, int64_t size)
{
    struct landing *l = landing_reopen(a, k, path, size);
    if (!l)
        return NULL;
    l->sealer = sealer_open(k, LANDING_PLACE, l->seal_head, 0);
    l->hash = hasher_start();
    for (ssize_t n; l->sealer && l->size < size; l->size += n) {
        n = read(l->fd, l->piece, PIECE);
        if (n <= 0)
            return given_up(l);
        sealer_unseal(l->sealer, l->piece, l->piece, (size_t)n);
        look_at(l, l->piece, (size_t)n);
    }
    return l->sealer ? l : given_up(l);
}

int64_t landing_size(struct str path)
{
    struct stat st;
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fdatasync(fd) == 0 && fstat(fd, &st) == 0 && st.st_size >= SEAL_HEAD;
    if (fd >= 0)
        close(fd);
    return ok ? st.st_size - SEAL_HEAD : -1;
}

/* ---- finishing -------------------------------------------------------------------------------------------------------------- */

/* The last bytes, read back for files that begin like a ZIP. */
static struct str tail_read(struct landing *l, struct str head)
{
    size_t n = l->size < MEDIA_TAIL ? (size_t)l->size : MEDIA_TAIL;
    int64_t at = l->size - (int64_t)n;
    if (!str_starts(head, STR("PK")))
        return STR("");
    char *p = arena_alloc(l->a, n);
    if (pread(l->fd, p, n, SEAL_HEAD + at) != (ssize_t)n)
        return STR("");
    struct sealer *s = sealer_open(l->keys, LANDING_PLACE, l->seal_head, at);
    sealer_unseal(s, p, p, n);
    sealer_close(s);
    return (struct str){ p, n };
}

static struct str type_tell(struct landing *l)
{
    struct str head = { l->head, l->size < MEDIA_HEAD ? (size_t)l->size : MEDIA_HEAD };
    struct str type = media_type(head, tail_read(l, head));
    return !type.p && l->size && media_text_ok(&l->as_text) ? MEDIA_TEXT : type;
}

bool landing_finish(struct landing *l, struct upload *out)
{
    if (!l->hash)
        panic("a landing that has not seen the beginning cannot be finished");
    out->path = l->path;
    out->size = l->size;
    out->type = type_tell(l);
    out->sm3 = hasher_end(l->hash);
    l->hash = NULL;
    out->name = landing_name(l->keys, out->sm3);
    struct digest tag = sealer_tag(l->sealer, out->name);
    return write_all(l->fd, tag.b, sizeof tag.b);
}

/* ---- bodies ---------------------------------------------------------------------------------------------------------------- */

static void body_failed(struct landed *l, int status, const char *key)
{
    if (l->status)
        return;
    l->status = status;
    l->key = key;
}

struct landing *landed_open(struct arena *a, const struct keyring *k, struct landed *l)
{
    struct landing *to = l->fresh ? landing_new(a, k, l->path) : landing_append(a, k, l->path, l->at);
    if (to)
        return to;
    if (!l->fresh && errno == EWOULDBLOCK)
        body_failed(l, 423, "http.upload_locked");
    else if (!l->fresh && errno == ENOENT)
        body_failed(l, 409, "http.upload_offset");
    else
        body_failed(l, 503, "http.no_room");
    return NULL;
}

void landed_put(struct landed *l, struct landing *to, const char *p, size_t n)
{
    if (l->status || !to)
        return;
    if (l->came + (int64_t)n > l->most)
        body_failed(l, 413, "http.upload_over");
    else if (!landing_put(to, p, n))
        body_failed(l, 503, "http.no_room");
    else
        l->came += (int64_t)n;
}
