/* memo.c - records of public pages by address: a small hash table in an arena of its own. */
#include "http/memo.h"

#include <string.h>

void memo_init(struct memo *m)
{
    *m = (struct memo){ 0 };
    arena_init(&m->arena, (size_t)MEMO_BYTES * 8); /* one page may be the last that is added beyond MEMO_BYTES */
}

void memo_done(struct memo *m)
{
    arena_done(&m->arena);
}

void memo_begin(struct memo *m, int64_t version, struct day day)
{
    if (m->version == version && m->day.n == day.n && m->n < MEMO_ROWS && m->arena.used < MEMO_BYTES)
        return;
    arena_reset(&m->arena);
    memset(m->row, 0, sizeof m->row);
    m->n = 0;
    m->version = version;
    m->day = day;
}

/* The row of this key, or the empty one where it belongs (FNV-1a). */
static const struct memo_row *row_find(const struct memo *m, struct str key)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * 1099511628211u;
    size_t at = h % countof(m->row);
    while (m->row[at].out && !str_eq(m->row[at].key, key))
        at = (at + 1) % countof(m->row);
    return &m->row[at];
}

const void *memo_find(const struct memo *m, struct str key)
{
    return row_find(m, key)->out;
}

void memo_add(struct memo *m, struct str key, const struct record *r, const void *out)
{
    struct memo_row *row = &m->row[row_find(m, key) - m->row];
    if (!row->out)
        m->n++;
    *row = (struct memo_row){ arena_str(&m->arena, key), record_copy(&m->arena, r, out) };
}
