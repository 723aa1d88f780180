/* catalog_pauses.c - 除外时间: what a regime lets stop the clock, as one table, and what an item's own law makes of it. */
#include "modules/catalog/catalog_store.h"

/* index = enum pause_kind */
const char *const catalog_pause_words[] = { "hearing",   "tender",  "auction",      "inspection", "testing",       "quarantine",
                                            "appraisal", "experts", "announcement", "stay",       "third_opinion", NULL };

#define BIT(kind) (UINT64_C(1) << (kind))
#define EIGHT (BIT(PAUSE_EXPERTS + 1) - 1)
#define LICENCE_LAW STR_INIT("《中华人民共和国行政许可法》第四十五条")

/* A regime that is not named here (M 市场主体登记, B 给付、确认) stops for nothing. `unsure`: not compared with the law's text yet. */
static const struct regime {
    const char *word;
    uint64_t    kinds;
    struct str  basis;
    bool        unsure;
} regimes[] = {
    { "L", EIGHT, LICENCE_LAW, false },
    { "LR", EIGHT, LICENCE_LAW, false },
    { "J", EIGHT, LICENCE_LAW, false },
    { "E", BIT(PAUSE_ANNOUNCEMENT), STR_INIT("《不动产登记暂行条例实施细则》：公告所需时间"), true },
    { "W", BIT(PAUSE_STAY), STR_INIT("《工伤保险条例》第二十条：等待司法机关或者有关行政主管部门的结论"), true },
    { "D", BIT(PAUSE_THIRD_OPINION) | BIT(PAUSE_HEARING), STR_INIT("《中华人民共和国政府信息公开条例》：征求第三方意见、听证"), true },
};

static const struct regime *regime_find(struct str word)
{
    for (size_t i = 0; i < countof(regimes); i++)
        if (str_is(word, regimes[i].word))
            return &regimes[i];
    return NULL;
}

bool catalog_pause_find(struct str word, enum pause_kind *out)
{
    for (int i = 0; catalog_pause_words[i]; i++)
        if (str_is(word, catalog_pause_words[i])) {
            *out = (enum pause_kind)i;
            return true;
        }
    return false;
}

bool catalog_pause_allowed(struct str regime, enum pause_kind kind)
{
    const struct regime *r = regime_find(regime);
    return r && r->kinds & BIT(kind);
}

static const struct catalog_pause *own_find(const struct list *own, const char *word)
{
    for (size_t i = 0; i < own->n; i++)
        if (str_is(((const struct catalog_pause *)own->v)[i].kind, word))
            return (const struct catalog_pause *)own->v + i;
    return NULL;
}

struct list catalog_pauses_of(struct arena *a, struct str regime, const struct list *own)
{
    const struct regime *r = regime_find(regime);
    struct catalog_pause *v = arena_many(a, struct catalog_pause, CATALOG_PAUSES_MAX);
    size_t n = 0;
    for (int i = 0; catalog_pause_words[i] && r; i++) {
        const struct catalog_pause *p = own_find(own, catalog_pause_words[i]);
        /* 行政许可法 46, 47: a hearing is open to every licence, whatever its own law lists */
        bool stands = p || !own->n || (i == PAUSE_HEARING && catalog_is_licence(regime));
        if (r->kinds & BIT(i) && stands)
            v[n++] = p ? *p : (struct catalog_pause){ str_c(catalog_pause_words[i]), r->basis, r->unsure };
    }
    return (struct list){ v, n };
}

enum rc catalog_pause_list(struct cx *cx, const struct catalog_item *item, struct list *out, bool *out_own)
{
    struct list own;
    enum rc rc = catalog_store_pauses(cx, item->id, item->version, &own);
    *out_own = !rc && own.n > 0;
    if (!rc)
        *out = catalog_pauses_of(cx->arena, item->regime, &own);
    return rc;
}

void catalog_pause_check(struct arena *a, struct str regime, const struct catalog_pause *p, const struct list *others,
                         struct issues *issues)
{
    enum pause_kind kind;
    bool none = str_is(p->kind, "none");
    if (!none && (!catalog_pause_find(p->kind, &kind) || !catalog_pause_allowed(regime, kind)))
        issues_add(issues, a, STR("kind"), "catalog.pause_not_in_regime", p->kind, regime);
    for (size_t i = 0; i < others->n; i++) {
        struct str other = ((const struct catalog_pause *)others->v)[i].kind;
        if (none || str_is(other, "none") || str_eq(other, p->kind))
            issues_add(issues, a, STR("kind"), "catalog.pause_twice", p->kind, STR_NONE);
    }
}
