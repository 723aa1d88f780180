/* db_rows.c - the prepared statements of a connection, and their rows into records. */
#include "db/db_priv.h"

#include <stdlib.h>
#include <string.h>

/* ---- prepared statements of a connection -------------------------------------------------------------------------- */

/* The slot of `s`, or the empty slot where it belongs. */
static struct stmt **slot_of(struct stmt **slots, size_t cap, const struct sql *s)
{
    size_t i = (size_t)(((uintptr_t)s >> 3) * UINT64_C(0x9E3779B97F4A7C15) >> 20);
    while (slots[i & (cap - 1)] && slots[i & (cap - 1)]->sql != s)
        i++;
    return &slots[i & (cap - 1)];
}

struct stmt *stmts_find(const struct stmts *c, const struct sql *s)
{
    return c->cap ? *slot_of(c->slots, c->cap, s) : NULL;
}

static void stmts_grow(struct stmts *c)
{
    size_t cap = c->cap ? c->cap * 2 : 64;
    struct stmt **slots = must_alloc(cap * sizeof(struct stmt *));
    for (size_t i = 0; i < c->cap; i++)
        if (c->slots[i])
            *slot_of(slots, cap, c->slots[i]->sql) = c->slots[i];
    free(c->slots);
    c->slots = slots;
    c->cap = cap;
}

struct stmt *stmts_add(struct stmts *c, const struct sql *s)
{
    if (c->n * 2 >= c->cap)
        stmts_grow(c);
    struct stmt *st = must_alloc(sizeof *st);
    st->sql = s;
    st->number = (int)++c->n;
    *slot_of(c->slots, c->cap, s) = st;
    return st;
}

void stmts_done(struct stmts *c, void (*end)(struct stmt *st))
{
    for (size_t i = 0; i < c->cap; i++) {
        struct stmt *st = c->slots[i];
        if (st && end)
            end(st);
        if (st)
            free(st->fields);
        free(st);
    }
    free(c->slots);
    *c = (struct stmts){ 0 };
}

/* ---- rows into records -------------------------------------------------------------------------------------------- */

/* Lists and markup are put together by code; no column fills them. */
static bool has_column(const struct field *f)
{
    return f->type != F_LIST && f->type != F_HTML;
}

static void check_all_filled(const struct rows *r, const struct stmt *st)
{
    for (size_t i = 0; i < r->record->n; i++) {
        const struct field *f = &r->record->fields[i];
        bool found = !has_column(f);
        for (int k = 0; k < st->columns; k++)
            found |= st->fields[k] == f;
        if (!found)
            panic("statement %s: no column for field %s", r->sql->name, f->name);
    }
}

void rows_match(const struct rows *r, struct stmt *st, int columns, const char *(*name_of)(void *own, int i), void *own)
{
    if (columns > COLUMNS_MAX)
        panic("statement %s: more than %d columns", r->sql->name, COLUMNS_MAX);
    if (r->integer && columns != 1)
        panic("statement %s: db_int wants one column", r->sql->name);
    if (!r->record || (st->record == r->record && st->columns == columns)) {
        st->columns = columns;
        return;
    }
    free(st->fields);
    st->fields = must_alloc((size_t)columns * sizeof st->fields[0] + 1);
    st->columns = columns;
    for (int i = 0; i < columns; i++) {
        st->fields[i] = record_field(r->record, str_c(name_of(own, i)));
        if (!st->fields[i] || !has_column(st->fields[i]))
            panic("statement %s: no field for column %s", r->sql->name, name_of(own, i));
    }
    check_all_filled(r, st);
    st->record = r->record;
}

static int64_t integer_of(const struct rows *r, const char *column, const struct val *v)
{
    if (v->type != V_I64 && v->type != V_NULL)
        panic("statement %s: column %s is no integer", r->sql->name, column);
    return v->type == V_I64 ? v->i : 0;
}

static void field_set(const struct rows *r, const struct field *f, const struct val *v, char *row)
{
    void *at = row + f->at;
    switch (f->type) {
    case F_I64:
    case F_FEN:
    case F_WHEN:
        *(int64_t *)at = integer_of(r, f->name, v);
        return;
    case F_BOOL:
        *(bool *)at = integer_of(r, f->name, v) != 0;
        return;
    case F_DAY:
        ((struct day *)at)->n = (int32_t)integer_of(r, f->name, v);
        return;
    case F_STR:
        if (v->type == V_I64)
            panic("statement %s: column %s is no text", r->sql->name, f->name);
        *(struct str *)at = v->type == V_NULL ? STR_NONE : arena_str(r->arena, v->s);
        return;
    case F_HTML:
    case F_LIST:
        panic("statement %s: field %s", r->sql->name, f->name); /* refused by rows_match */
    }
}

/* Room for one more row of db_all. */
static char *next_row(struct rows *r)
{
    if (r->n == ROWS_MAX)
        panic("statement %s: more than %d rows", r->sql->name, ROWS_MAX);
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 16;
        char *v = arena_array(r->arena, cap, r->record->size);
        if (r->n)
            memcpy(v, r->v, r->n * r->record->size);
        r->v = v;
        r->cap = cap;
    }
    return r->v + r->n * r->record->size;
}

bool rows_add(struct rows *r, const struct stmt *st, const struct val *v)
{
    if (r->integer)
        *r->integer = integer_of(r, "1", v);
    if (r->record) {
        char *row = r->one ? r->one : next_row(r);
        for (int i = 0; i < st->columns; i++)
            field_set(r, st->fields[i], &v[i], row);
    }
    r->n++;
    return r->record && !r->one;
}
