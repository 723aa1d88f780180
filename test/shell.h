/* shell.h - a folder for a test of files, and the tools that read them back. */
#ifndef TEST_SHELL_H
#define TEST_SHELL_H

#include "base/conf.h"

#include "../test/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* fontconfig never gives back what it read of the fonts. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}

struct work {
    struct arena a;
    char         dir[60];
};

static inline int work_open(void **state)
{
    struct work *w = calloc(1, sizeof *w);
    arena_init(&w->a, 512 << 20);
    snprintf(w->dir, sizeof w->dir, "%s/tongban-docs-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    *state = mkdtemp(w->dir) ? w : NULL;
    return *state ? 0 : 1;
}

static inline int work_entry_remove(const char *path, const struct stat *st UNUSED, int flag UNUSED, struct FTW *at UNUSED)
{
    return remove(path);
}

static inline int work_close(void **state)
{
    struct work *w = *state;
    nftw(w->dir, work_entry_remove, 8, FTW_DEPTH | FTW_PHYS);
    arena_done(&w->a);
    free(w);
    return 0;
}

/* What `command` prints, run in `dir`. */
static inline struct str shell(struct arena *a, const char *dir, const char *command)
{
    struct buf b;
    buf_init(&b, a, 4096);
    FILE *f = popen(arena_fmt(a, "cd %s && LC_ALL=C.UTF-8 && export LC_ALL && { %s; } 2>&1", dir, command).p, "r");
    if (!f)
        return STR("no shell");
    for (size_t n = 1; n;) {
        n = fread(buf_room(&b, 4096), 1, 4096, f);
        b.n += n;
    }
    pclose(f);
    return buf_view(&b);
}

static inline struct str work_run(struct work *w, const char *command)
{
    return shell(&w->a, w->dir, command);
}

static inline bool tool_is_there(struct arena *a, const char *tool)
{
    return shell(a, "/", arena_fmt(a, "command -v %s", tool).p).n > 0;
}

/* The folder; skips the test, saying so, if it needs a tool that is not installed. */
static inline struct work *work_of(void **state, const char *tool)
{
    struct work *w = *state;
    if (tool && !tool_is_there(&w->a, tool)) {
        print_message("SKIPPED: %s is not installed (poppler-utils)\n", tool);
        skip();
    }
    return w;
}

static inline void work_write(struct work *w, const char *name, struct str bytes)
{
    FILE *f = fopen(arena_fmt(&w->a, "%s/%s", w->dir, name).p, "w");
    CHECK(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n);
    CHECK(fclose(f) == 0);
}

#endif
