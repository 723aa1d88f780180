/* search_index.c - making the index: from the catalogue through one WRITE unit of the local file. */
#include "search_store.h"

#include "base/log.h"
#include "modules/catalog/catalog.h"

#include "local_sql.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BODIES_MAX = 2000, SUBJECTS_MAX = 60, PATH_BYTES = 1000, MAPPED_BYTES = 512 << 20 };

/* ---- the file ------------------------------------------------------------------------------------------------------- */

static struct db_pool *open_at(const char *path)
{
    char url[PATH_BYTES + 10];
    snprintf(url, sizeof url, "sqlite:%s", path);
    return db_open(url);
}

/* Derived data: what another program's version left is thrown away, with its log. */
static bool file_remove(const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char name[PATH_BYTES + 10];
    bool ok = true;
    for (size_t i = 0; i < countof(ends); i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        ok &= !unlink(name) || errno == ENOENT;
    }
    return ok;
}

struct db_pool *search_open(const char *dir)
{
    char path[PATH_BYTES];
    if (snprintf(path, sizeof path, "%s/search.db", dir) >= (int)sizeof path) {
        log_error("search: the path of the index is too long");
        return NULL;
    }
    struct db_pool *p = open_at(path);
    enum rc rc = p ? db_migrate(p, search_local_schema, search_local_nschema, NULL) : RC_FAILED;
    if (rc == RC_CONFLICT) {
        log_warn("search: the index is of another version and is made anew");
        db_close(p);
        p = file_remove(path) ? open_at(path) : NULL;
        rc = p ? db_migrate(p, search_local_schema, search_local_nschema, NULL) : RC_FAILED;
    }
    if (rc) {
        db_close(p);
        return NULL;
    }
    db_map_reads(p, MAPPED_BYTES); /* a broad question reads thousands of scattered pages */
    return p;
}

/* ---- characters ----------------------------------------------------------------------------------------------------- */

/* Kept from the first time on: they depend on ICU only. */
static enum rc runes_make(struct cx *local, struct search_runes *out)
{
    enum rc rc = RC_OK;
    *out = search_runes_make(local->arena);
    for (size_t i = 0; i < out->n && !rc; i++)
        rc = store_rune_add(local, &out->v[i]);
    return rc;
}

static enum rc runes_load(struct cx *local, int64_t count, struct search_runes *out)
{
    struct search_rune *v = arena_many(local->arena, struct search_rune, (size_t)count);
    size_t n = 0;
    struct list some;
    do {
        enum rc rc = store_runes_after(local, n ? v[n - 1].rune : 0, &some);
        if (rc)
            return rc;
        if (some.n)
            memcpy(v + n, some.v, some.n * sizeof *v);
        n += some.n;
    } while (some.n);
    *out = (struct search_runes){ v, n };
    return RC_OK;
}

static enum rc runes_get(struct cx *local, struct search_runes *out)
{
    int64_t count = 0;
    enum rc rc = store_rune_count(local, &count);
    if (rc)
        return rc;
    return count ? runes_load(local, count, out) : runes_make(local, out);
}

/* ---- one item ------------------------------------------------------------------------------------------------------- */

/* What a rebuild carries along. */
struct build {
    struct cx          *main, *local;
    struct search_runes runes;
    struct list         near; /* struct search_pair, folded */
    struct str          bodies[BODIES_MAX];
    size_t              nbodies;
    struct list         subjects; /* struct catalog_subject */
};

static struct str folded(struct build *b, struct str raw)
{
    struct arena *a = b->local->arena;
    return search_simplify(a, search_fold(a, raw, 0), &b->runes);
}

static int64_t flags_of(const struct catalog_doc *d)
{
    return (str_has_word(d->objects, STR("person")) ? SEARCH_PERSON : 0) | (str_has_word(d->objects, STR("firm")) ? SEARCH_FIRM : 0) |
           (str_has_word(d->objects, STR("org")) ? SEARCH_ORG : 0) | (str_has_word(d->channels, STR("web")) ? SEARCH_WEB : 0) |
           (str_is(d->kind, "on_spot") ? SEARCH_SPOT : 0) | (d->fee ? 0 : SEARCH_FREE);
}

/* Number of the body, which gets one when it is new. */
static enum rc body_number(struct build *b, const struct catalog_doc *d, int64_t *out)
{
    for (size_t i = 0; i < b->nbodies; i++)
        if (str_eq(b->bodies[i], d->body)) {
            *out = (int64_t)i + 1;
            return RC_OK;
        }
    if (b->nbodies == BODIES_MAX)
        panic("more than %d bodies", BODIES_MAX);
    b->bodies[b->nbodies++] = d->body; /* docs_load keeps it */
    *out = (int64_t)b->nbodies;
    return store_body_add(b->local, *out, d->body, d->body_short.n ? d->body_short : d->body_name);
}

static int64_t subject_bits(const struct build *b, const struct list *of_item)
{
    const struct catalog_subject *all = b->subjects.v, *own = of_item->v;
    int64_t bits = 0;
    for (size_t i = 0; i < b->subjects.n; i++)
        for (size_t k = 0; k < of_item->n; k++)
            if (str_eq(all[i].code, own[k].code))
                bits |= INT64_C(1) << i;
    return bits;
}

/* Everyday words of the item: into the index of exact words, and line by line into `alias`. */
static enum rc alias_fill(struct build *b, const struct list *words, struct search_load *l, struct buf *readings, struct buf *initials)
{
    struct buf lines;
    enum rc rc = RC_OK;
    buf_init(&lines, b->local->arena, 64);
    for (size_t i = 0; i < words->n && !rc; i++) {
        struct str w = folded(b, ((const struct catalog_word *)words->v)[i].word);
        if (!w.n)
            continue;
        if (lines.n)
            buf_char(&lines, '\n');
        buf_str(&lines, w);
        search_readings_put(readings, initials, w, &b->runes);
        rc = store_alias_add(b->local, w, l->code);
    }
    l->alias = buf_view(&lines);
    return rc;
}

/* An everyday word can be spelled too if it stands for a word of the name. */
static void near_fill(struct build *b, const struct search_load *l, struct buf *readings, struct buf *initials)
{
    const struct search_pair *p = b->near.v;
    for (size_t i = 0; i < b->near.n; i++)
        if (str_find(l->plain, p[i].official) >= 0 || str_find(l->main_plain, p[i].official) >= 0)
            search_readings_put(readings, initials, p[i].word, &b->runes);
}

static struct str content_of(struct build *b, const struct catalog_doc *d)
{
    struct str all = arena_fmt(b->local->arena, STR_F "\n" STR_F "\n" STR_F "\n" STR_F "\n" STR_F, STR_A(d->intro),
                               STR_A(d->result_name), STR_A(d->basis), STR_A(d->body_name), STR_A(d->body_short));
    return search_simplify(b->local->arena, all, &b->runes);
}

static void load_fill(struct build *b, const struct catalog_doc *d, struct search_load *l)
{
    bool is_main = !d->main_code.n || str_eq(d->main_code, d->code), is_rough = str_has_word(d->sample, STR("materials"));
    *l = (struct search_load){
        .code = d->code, .main = is_main ? d->code : d->main_code, .name = d->name, .main_name = d->main_name,
        .situation = d->situation, .kind = d->kind, .promised_unit = d->promised_unit, .promised_days = d->promised_days,
        .fee = d->fee, .flags = flags_of(d), .place = (is_main ? 0 : 2) + is_rough,
    };
    l->plain = folded(b, d->name);
    l->main_plain = folded(b, d->main_name);
    l->runes = (int64_t)str_runes(l->plain);
    l->sounds = search_sounds(b->local->arena, l->plain, &b->runes);
    l->content = content_of(b, d);
}

static enum rc doc_add(struct build *b, const struct catalog_doc *d)
{
    struct search_load l;
    struct list words, subjects;
    struct buf readings, initials;
    load_fill(b, d, &l);
    buf_init(&readings, b->local->arena, 512);
    buf_init(&initials, b->local->arena, 128);
    search_readings_put(&readings, &initials, l.plain, &b->runes);
    near_fill(b, &l, &readings, &initials);
    enum rc rc = catalog_alias_list(b->main, d->id, &words);
    if (!rc)
        rc = catalog_item_subject_list(b->main, d->id, &subjects);
    if (!rc)
        rc = alias_fill(b, &words, &l, &readings, &initials);
    if (!rc)
        rc = body_number(b, d, &l.body);
    if (rc)
        return rc;
    l.subjects = subject_bits(b, &subjects);
    l.readings = buf_view(&readings);
    l.initials = buf_view(&initials);
    return store_load_add(b->local, &l);
}

/* ---- the whole ------------------------------------------------------------------------------------------------------ */

static enum rc near_load(struct build *b)
{
    struct list all;
    enum rc rc = catalog_near_list(b->main, &all);
    if (rc)
        return rc;
    struct search_pair *v = arena_many(b->local->arena, struct search_pair, all.n);
    for (size_t i = 0; i < all.n && !rc; i++) {
        const struct catalog_near *w = (const struct catalog_near *)all.v + i;
        v[i] = (struct search_pair){ folded(b, w->word), folded(b, w->official) };
        rc = store_near_add(b->local, v[i].word, v[i].official);
    }
    b->near = (struct list){ v, all.n };
    return rc;
}

static enum rc subjects_load(struct build *b)
{
    enum rc rc = catalog_subject_list(b->main, &b->subjects);
    if (b->subjects.n > SUBJECTS_MAX)
        panic("more than %d subjects", SUBJECTS_MAX);
    for (size_t i = 0; i < b->subjects.n && !rc; i++) {
        const struct catalog_subject *s = (const struct catalog_subject *)b->subjects.v + i;
        rc = store_subject_add(b->local, (int64_t)i, s->code, s->name);
    }
    return rc;
}

/* Item after item; the arena is given back each time, so that the size of the catalogue does not matter. */
static enum rc docs_load(struct build *b)
{
    struct arena mine, *kept = b->local->arena;
    struct list docs = { 0 };
    int64_t after = 0;
    enum rc rc;
    arena_init(&mine, 64 << 20);
    do {
        arena_reset(&mine);
        b->main->arena = &mine;
        rc = catalog_doc_list(b->main, after, &docs);
        for (size_t i = 0; i < docs.n && !rc; i++) {
            const struct catalog_doc *d = (const struct catalog_doc *)docs.v + i;
            struct arena_mark m = arena_mark(&mine);
            size_t bodies = b->nbodies;
            b->local->arena = &mine;
            rc = doc_add(b, d);
            b->local->arena = kept;
            if (b->nbodies > bodies)
                b->bodies[bodies] = arena_str(kept, b->bodies[bodies]);
            arena_rewind(&mine, m);
            after = d->id;
        }
    } while (docs.n && !rc);
    b->main->arena = kept;
    arena_done(&mine);
    return rc;
}

static enum rc rebuild(struct build *b, int64_t version)
{
    enum rc rc = store_clear(b->local);
    if (!rc)
        rc = runes_get(b->local, &b->runes);
    if (!rc)
        rc = near_load(b);
    if (!rc)
        rc = subjects_load(b);
    if (!rc)
        rc = docs_load(b);
    if (!rc)
        rc = store_fill(b->local);
    return rc ? rc : store_version_set(b->local, version);
}

static enum rc version_read(struct cx *local, int64_t *out)
{
    enum rc rc = db_begin(local->db, READ);
    return rc ? rc : db_rollback(local->db, store_version(local, out));
}

static enum rc refresh(struct cx *cx, struct cx *local, int64_t version)
{
    int64_t have = 0, from = time_mono();
    enum rc rc = version_read(local, &have);
    if (rc || have == version)
        return rc;
    rc = db_begin(local->db, WRITE);
    if (rc)
        return rc;
    struct cx reader = *cx;
    struct build *b = arena_new(cx->arena, struct build);
    *b = (struct build){ .main = &reader, .local = local };
    rc = rebuild(b, version);
    rc = rc ? db_rollback(local->db, rc) : db_commit(local->db);
    enum rc durable = db_wait(local->db);
    if (!rc && !durable)
        log_info("search: index of version %lld made in %lld ms", (long long)version, (long long)(time_mono() - from));
    return rc ? rc : durable;
}

enum rc search_refresh(struct cx *cx, struct db_pool *pool, int64_t version)
{
    struct cx local = *cx;
    local.db = db_session(pool);
    enum rc rc = refresh(cx, &local, version);
    db_give_back(local.db);
    return rc;
}
