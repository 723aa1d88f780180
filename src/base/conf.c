/* conf.c - configuration file and whole-file reading. */
#include "base/conf.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum rc one_line(struct str line, const struct record *r, struct arena *a, void *out)
{
    struct issues issues = { 0 };
    ptrdiff_t eq = str_find_char(line, '=');
    if (eq < 0)
        return RC_INVALID;
    const struct field *f = record_field(r, str_trim(str_sub(line, 0, (size_t)eq)));
    if (!f)
        return RC_NOT_FOUND;
    return field_from_text(f, str_sub(line, (size_t)eq + 1, line.n), a, &issues, out) ? RC_OK : RC_INVALID;
}

enum rc conf_read(struct str text, const struct record *r, struct arena *a, void *out, struct str *out_why)
{
    int number = 0;
    while (text.p) {
        struct str line = str_trim(str_cut(&text, '\n'));
        number++;
        if (!line.n || line.p[0] == '#')
            continue;
        if (!str_utf8_ok(line)) {
            *out_why = arena_fmt(a, "line %d: not UTF-8 text", number);
            return RC_INVALID;
        }
        enum rc rc = one_line(line, r, a, out);
        if (rc) {
            *out_why = arena_fmt(a, "line %d: %s: " STR_F, number, rc == RC_NOT_FOUND ? "unknown key" : "bad value",
                                 STR_A(line));
            return RC_INVALID;
        }
    }
    return RC_OK;
}

static void fd_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

enum rc file_read(const char *path, size_t max, struct arena *a, struct str *out)
{
    AUTO(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
        return RC_NOT_FOUND;
    if ((size_t)st.st_size > max)
        return RC_INVALID;
    char *p = arena_alloc(a, (size_t)st.st_size + 1);
    size_t n = 0;
    while (n < (size_t)st.st_size) {
        ssize_t got = read(fd, p + n, (size_t)st.st_size - n);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    *out = (struct str){ p, n };
    return RC_OK;
}
