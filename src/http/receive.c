/* receive.c - from pieces of a multipart body to files and fields. */
#include "http/receive.h"

#include "base/hash.h"
#include "http/landing.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENDING = 10 };

struct receiver {
    struct arena     *a;
    const struct app *app;
    struct str        dir; /* DIR/incoming */
    struct multipart  parser;
    struct received   got;
    struct upload     file[MULTIPART_FILES];
    struct pair       field[MULTIPART_FIELDS];
    struct buf        text; /* of the field being read */
    size_t            text_n;
    struct landing   *landing; /* the file being written, or NULL */
    bool              in_field;
};

static bool refuse(struct receiver *r, int status, const char *key)
{
    if (!r->got.status) {
        r->got.status = status;
        r->got.key = key;
    }
    return false;
}

/* ---- file names ------------------------------------------------------------------------------------------------------- */

/* Controls, and what makes a name read differently from what it is (bidi and zero width). */
static bool shows_badly(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

static struct str last_part(struct str name)
{
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/' || name.p[i - 1] == '\\')
            return str_sub(name, i, name.n);
    return name;
}

static struct str trim_dots(struct str s)
{
    for (s = str_trim(s); s.n && s.p[0] == '.';)
        s = str_trim(str_sub(s, 1, s.n));
    while (s.n && s.p[s.n - 1] == '.')
        s = str_trim(str_sub(s, 0, s.n - 1));
    return s;
}

static struct str shorten(struct arena *a, struct str s)
{
    struct str ending = STR("");
    if (str_runes(s) <= RECEIVE_FILENAME)
        return s;
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == '.') {
            ending = str_sub(s, i - 1, s.n);
            break;
        }
    if (str_runes(ending) > ENDING)
        ending = STR("");
    struct str front = str_first_runes(s, RECEIVE_FILENAME - str_runes(ending));
    return arena_fmt(a, STR_F STR_F, STR_A(front), STR_A(ending));
}

struct str filename_clean(struct arena *a, struct str name)
{
    struct buf b;
    struct str rest = last_part(name);
    buf_init(&b, a, rest.n + 1);
    while (rest.n) {
        struct str at = rest;
        uint32_t c = str_rune(&rest);
        if (!shows_badly(c))
            buf_put(&b, at.p, at.n - rest.n);
    }
    struct str clean = shorten(a, trim_dots(buf_view(&b)));
    return clean.n ? arena_str(a, clean) : STR("file");
}

/* ---- files ---------------------------------------------------------------------------------------------------------------- */

static bool no_room(struct receiver *r)
{
    return refuse(r, 503, "http.no_room");
}

static bool file_begin(struct receiver *r, struct str name, struct str filename)
{
    unsigned char id[16];
    random_bytes(id, sizeof id);
    struct str text = hex(r->a, id, sizeof id);
    struct str path = arena_fmt(r->a, STR_F "/" STR_F, STR_A(r->dir), STR_A(text));
    r->landing = landing_new(r->a, &r->app->keys, path);
    if (!r->landing)
        return no_room(r);
    r->file[r->got.nfiles++] = (struct upload){ .field = arena_str(r->a, name), .filename = filename_clean(r->a, filename),
                                                .type = STR_NONE, .path = path };
    return true;
}

static void file_close(struct receiver *r)
{
    landing_close(r->landing);
    r->landing = NULL;
}

static bool file_end(struct receiver *r)
{
    bool ok = landing_finish(r->landing, &r->file[r->got.nfiles - 1]);
    file_close(r);
    return ok || no_room(r);
}

/* ---- parts ------------------------------------------------------------------------------------------------------------------ */

static bool part_begin(void *arg, struct str name, struct str filename)
{
    struct receiver *r = arg;
    r->in_field = !filename.p;
    if (filename.n)
        return file_begin(r, name, filename);
    if (filename.p)
        return true; /* nothing was chosen */
    r->field[r->got.nfields++] = (struct pair){ .name = arena_str(r->a, name), .value = STR("") };
    buf_init(&r->text, r->a, 100);
    return true;
}

static bool part_data(void *arg, const char *p, size_t n)
{
    struct receiver *r = arg;
    if (r->landing)
        return landing_put(r->landing, p, n) || no_room(r);
    r->text_n += n;
    if (r->text_n > RECEIVE_TEXT_MAX)
        return refuse(r, 413, "http.too_large");
    buf_put(&r->text, p, n);
    return true;
}

static bool part_end(void *arg)
{
    struct receiver *r = arg;
    if (r->landing)
        return file_end(r);
    if (!r->in_field)
        return true;
    struct str value = buf_view(&r->text);
    if (!str_utf8_ok(value))
        return refuse(r, 400, "http.broken_form");
    r->field[r->got.nfields - 1].value = arena_str(r->a, value);
    return true;
}

/* ---- the body ------------------------------------------------------------------------------------------------------------------ */

struct receiver *receiver_open(struct arena *a, const struct app *app, struct str content_type)
{
    struct receiver *r = arena_new(a, struct receiver);
    r->a = a;
    r->app = app;
    r->dir = arena_fmt(a, STR_F "/incoming", STR_A(app->config.data));
    r->got.file = r->file;
    r->got.field = r->field;
    mkdir(r->dir.p, 0750); /* opening the first file tells if it is not there */
    (void)multipart_open(&r->parser, content_type, &(struct multipart_sink){ r, part_begin, part_data, part_end });
    return r;
}

void receiver_put(struct receiver *r, const char *p, size_t n)
{
    if (!multipart_put(&r->parser, p, n) && !r->got.status)
        refuse(r, 400, r->parser.fault == MULTIPART_TOO_MANY ? "http.too_many_parts" : "http.broken_form");
    if (r->got.status)
        receiver_close(r); /* room for the next one at once */
}

void receiver_end(struct receiver *r, struct received *out)
{
    if (!multipart_end(&r->parser))
        refuse(r, 400, "http.broken_form");
    if (r->got.status)
        receiver_close(r);
    *out = r->got;
}

void receiver_close(struct receiver *r)
{
    if (!r)
        return;
    file_close(r);
    for (size_t i = 0; i < r->got.nfiles; i++)
        unlink(r->file[i].path.p);
    r->got.nfiles = 0;
}

void receiver_sweep(struct str dir)
{
    char path[2000];
    struct stat st;
    snprintf(path, sizeof path, STR_F "/incoming", STR_A(dir));
    DIR *d = opendir(path);
    if (!d)
        return;
    for (const struct dirent *e; (e = readdir(d));)
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
            unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
}
