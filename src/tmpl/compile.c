/* compile.c - template text to operations. */
#include "base/log.h"
#include "tmpl/tmpl_priv.h"

#include <string.h>

enum { OPS_MAX = 6000, PARTIAL_DEPTH = 6, NAME_MAX_N = 64 };

/* Where in the markup the literal text stands; enough to refuse dangerous places. */
enum spot { SPOT_CONTENT, SPOT_TAG, SPOT_VALUE, SPOT_SCRIPT };

struct compiler {
    const struct tmpl_set *set;
    struct tmpl           *t;
    const struct record   *stack[DEPTH_MAX];
    int                    depth; /* records on the stack */
    int                    nested_partials;
    enum spot              spot;
    char                   quote;
    bool                   at_address; /* right behind href=" src=" action=" */
    const char            *name;       /* of the source being read */
    int                    line;
    struct str             why;
};

static bool fail(struct compiler *c, const char *what, struct str about)
{
    if (!c->why.p)
        c->why = arena_fmt(c->set->a, "%s.html:%d: %s '" STR_F "'", c->name, c->line, what, STR_A(about));
    return false;
}

static struct op *op_add(struct compiler *c, enum op_kind kind)
{
    if (c->t->n == OPS_MAX)
        panic("template %s is too long", c->t->name);
    struct op *op = &c->t->ops[c->t->n++];
    *op = (struct op){ .kind = kind };
    return op;
}

/* ---- literal text and where it leads --------------------------------------------------------------------------- */

static bool is_address_name(struct str before)
{
    return str_ends(before, STR("href=\"")) || str_ends(before, STR("src=\"")) || str_ends(before, STR("action=\""));
}

static void spot_step(struct compiler *c, struct str text, size_t i)
{
    char ch = text.p[i];
    switch (c->spot) {
    case SPOT_SCRIPT:
        if (str_starts(str_sub(text, i, text.n), STR("</script")))
            c->spot = SPOT_TAG;
        break;
    case SPOT_VALUE:
        if (ch == c->quote)
            c->spot = SPOT_TAG;
        c->at_address = false;
        break;
    case SPOT_TAG:
        if (ch == '>')
            c->spot = SPOT_CONTENT;
        else if (ch == '"' || ch == '\'') {
            c->spot = SPOT_VALUE;
            c->quote = ch;
            c->at_address = is_address_name(str_sub(text, 0, i + 1));
        }
        break;
    case SPOT_CONTENT:
        if (str_starts(str_sub(text, i, text.n), STR("<script")))
            c->spot = SPOT_SCRIPT;
        else if (ch == '<')
            c->spot = SPOT_TAG;
        break;
    }
}

/* Line breaks and indentation between tags mean nothing on a page: one blank is enough. */
static struct str squeeze(struct arena *a, struct str text)
{
    char *p = arena_alloc(a, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n') {
            while (i + 1 < text.n && (text.p[i + 1] == ' ' || text.p[i + 1] == '\n'))
                i++;
            if (n && p[n - 1] == '\n')
                continue;
            p[n++] = '\n';
        } else {
            p[n++] = text.p[i];
        }
    }
    return (struct str){ p, n };
}

static void text_add(struct compiler *c, struct str text)
{
    if (!text.n)
        return;
    for (size_t i = 0; i < text.n; i++) {
        spot_step(c, text, i);
        c->line += text.p[i] == '\n';
    }
    op_add(c, OP_TEXT)->text = squeeze(c->set->a, text);
}

/* ---- names ----------------------------------------------------------------------------------------------------- */

static const struct str *words_of(struct compiler *c, const struct field *f)
{
    size_t n = 0;
    while (f->words[n])
        n++;
    struct str *out = arena_many(c->set->a, struct str, n * LOCALES);
    for (size_t i = 0; i < n; i++) {
        if (!f->words[i][0])
            continue; /* the empty word shows nothing and needs no message */
        struct str id = arena_fmt(c->set->a, "%s.%s", f->label, f->words[i]);
        memcpy(out + i * LOCALES, texts_find(c->set->texts, id), sizeof(struct str) * LOCALES);
    }
    return out;
}

static bool format_of(struct compiler *c, struct str word, enum format *out)
{
    static const char *const names[] = { [FMT_RAW] = "raw",   [FMT_ISO] = "iso",     [FMT_FULL] = "full", [FMT_URL] = "url",
                                         [FMT_HREF] = "href", [FMT_GROUP] = "group", [FMT_TYPED] = "typed" };
    *out = FMT_PLAIN;
    if (!word.p)
        return true;
    for (size_t i = FMT_RAW; i < countof(names); i++)
        if (str_is(word, names[i])) {
            *out = (enum format)i;
            return true;
        }
    return fail(c, "no such format", word);
}

/* `name[:format]` to the innermost record that has it. */
static bool place_find(struct compiler *c, struct str text, struct place *out)
{
    struct str rest = text, name = str_cut(&rest, ':');
    if (!format_of(c, rest, &out->format))
        return false;
    int lowest = 1, d = c->depth - 1;
    if (str_starts(name, STR("page."))) {
        name = str_sub(name, 5, name.n);
        d = lowest = 0;
    }
    for (; d >= lowest; d--) {
        const struct field *f = c->stack[d] ? record_field(c->stack[d], name) : NULL;
        if (!f)
            continue;
        out->field = f;
        out->depth = d;
        out->words = f->words && f->label && out->format == FMT_PLAIN ? words_of(c, f) : NULL;
        return true;
    }
    return fail(c, "no field", name);
}

static bool variable_allowed(struct compiler *c, const struct place *p, struct str name)
{
    bool markup = p->field->type == F_HTML ||
                  ((p->field->type == F_DAY || p->field->type == F_WHEN) && p->format == FMT_PLAIN);
    if (p->field->type == F_LIST)
        return fail(c, "a list is shown by a section, not", name);
    if (c->spot == SPOT_SCRIPT)
        return fail(c, "variable inside a script", name);
    if (c->spot == SPOT_TAG)
        return fail(c, "variable outside quotes in a tag", name);
    if (c->spot == SPOT_VALUE && c->at_address && p->format != FMT_HREF)
        return fail(c, "address begins with a variable; use :href for", name);
    if (c->spot == SPOT_VALUE && markup)
        return fail(c, "markup inside an attribute", name);
    return true;
}

/* ---- tags ------------------------------------------------------------------------------------------------------ */

static bool parse(struct compiler *c, struct str *text, struct str closing);

static bool field_tag(struct compiler *c, struct str name)
{
    struct place p = { 0 };
    if (!place_find(c, name, &p) || !variable_allowed(c, &p, name))
        return false;
    op_add(c, OP_FIELD)->place[0] = p;
    c->at_address = false;
    return true;
}

static bool message_tag(struct compiler *c, struct str body)
{
    struct str rest = body, id = str_cut(&rest, '|');
    struct op *op = op_add(c, OP_MESSAGE);
    op->texts = texts_find(c->set->texts, id);
    for (int i = 0; rest.p; i++) {
        struct str arg = str_trim(str_cut(&rest, '|'));
        if (i == MESSAGE_ARGS)
            return fail(c, "too many arguments in message", id);
        if (!place_find(c, arg, &op->place[i]) || !variable_allowed(c, &op->place[i], arg))
            return false;
    }
    return true;
}

static bool asset_tag(struct compiler *c, struct str file)
{
    for (size_t i = 0; i < c->set->nassets; i++)
        if (str_is(file, c->set->assets[i].file)) {
            op_add(c, OP_TEXT)->text = str_c(c->set->assets[i].address);
            c->at_address = false;
            return true;
        }
    return fail(c, "no asset", file);
}

static bool error_section(struct compiler *c, struct str *text, struct str name, bool inverted)
{
    size_t at = c->t->n;
    struct op *op = op_add(c, OP_IF_ERROR);
    op->text = str_sub(name, 6, name.n);
    op->inverted = inverted;
    bool ok = parse(c, text, name);
    c->t->ops[at].jump = c->t->n;
    return ok;
}

static bool list_section(struct compiler *c, struct str *text, struct str name, const struct place *p)
{
    size_t at = c->t->n;
    op_add(c, OP_LIST)->place[0] = *p;
    if (c->depth == DEPTH_MAX)
        return fail(c, "sections nest too deep at", name);
    c->stack[c->depth++] = p->field->of;
    bool ok = parse(c, text, name);
    c->depth--;
    op_add(c, OP_NEXT)->jump = at;
    c->t->ops[at].jump = c->t->n;
    return ok;
}

static bool section_tag(struct compiler *c, struct str *text, struct str body, bool inverted)
{
    if (str_starts(body, STR("error:")))
        return error_section(c, text, body, inverted);
    struct str word = body, name = str_cut(&word, '=');
    struct place p = { 0 };
    if (!place_find(c, name, &p))
        return false;
    if (word.p && p.field->words && !word_in(p.field->words, word))
        return fail(c, "the field has no word", word);
    if (p.field->type == F_LIST && !inverted && !word.p)
        return list_section(c, text, name, &p);
    size_t at = c->t->n;
    struct op *op = op_add(c, OP_SECTION);
    op->place[0] = p;
    op->inverted = inverted;
    op->text = word;
    bool ok = parse(c, text, name);
    c->t->ops[at].jump = c->t->n;
    return ok;
}

static bool partial_tag(struct compiler *c, struct str name)
{
    if (c->nested_partials == PARTIAL_DEPTH)
        return fail(c, "partials nest too deep at", name);
    for (size_t i = 0; i < c->set->nsources; i++) {
        const struct tmpl_source *s = c->set->sources[i];
        if (!str_is(name, s->name))
            continue;
        const char *outer = c->name;
        int line = c->line;
        struct str text = { s->text, s->n };
        c->name = s->name;
        c->line = 1;
        c->nested_partials++;
        bool ok = parse(c, &text, STR_NONE);
        c->nested_partials--;
        c->name = outer;
        c->line = line;
        return ok;
    }
    return fail(c, "no partial", name);
}

static bool other_tag(struct compiler *c, struct str tag)
{
    if (str_starts(tag, STR("t:")))
        return message_tag(c, str_sub(tag, 2, tag.n));
    if (str_starts(tag, STR("asset:")))
        return asset_tag(c, str_sub(tag, 6, tag.n));
    if (str_starts(tag, STR("error:"))) {
        op_add(c, OP_ERROR)->text = str_sub(tag, 6, tag.n);
        return true;
    }
    return field_tag(c, tag);
}

/* One tag; *closed is set when it ends the section `closing`. */
static bool tag_parse(struct compiler *c, struct str *text, struct str tag, struct str closing, bool *closed)
{
    if (!tag.n)
        return fail(c, "empty tag", tag);
    struct str body = str_trim(str_sub(tag, 1, tag.n));
    switch (tag.p[0]) {
    case '!':
        return true;
    case '>':
        return partial_tag(c, body);
    case '#':
    case '^':
        return section_tag(c, text, body, tag.p[0] == '^');
    case '/':
        *closed = true;
        return str_eq(body, closing) || fail(c, "closes another section", body);
    default:
        return other_tag(c, tag);
    }
}

/* Until the end of the text, or until `closing` is closed. */
static bool parse(struct compiler *c, struct str *text, struct str closing)
{
    for (;;) {
        ptrdiff_t open = str_find(*text, STR("{{"));
        if (open < 0) {
            text_add(c, *text);
            *text = STR("");
            return !closing.p || fail(c, "section is not closed", closing);
        }
        text_add(c, str_sub(*text, 0, (size_t)open));
        struct str rest = str_sub(*text, (size_t)open + 2, text->n);
        ptrdiff_t end = str_find(rest, STR("}}"));
        if (end < 0)
            return fail(c, "tag is not closed", str_sub(rest, 0, 20));
        bool closed = false;
        *text = str_sub(rest, (size_t)end + 2, rest.n);
        if (!tag_parse(c, text, str_trim(str_sub(rest, 0, (size_t)end)), closing, &closed))
            return false;
        if (closed)
            return true;
    }
}

const struct tmpl *tmpl_compile(const struct tmpl_set *set, const struct tmpl_source *src, const struct record *out,
                                struct str *out_why)
{
    struct arena scratch;
    arena_init(&scratch, OPS_MAX * sizeof(struct op) + 64);
    struct tmpl *t = arena_new(set->a, struct tmpl);
    *t = (struct tmpl){ .name = src->name, .texts = set->texts, .ops = arena_many(&scratch, struct op, OPS_MAX) };
    struct compiler c = { .set = set, .t = t, .stack = { set->page, out }, .depth = 2, .name = src->name, .line = 1 };
    struct str text = { src->text, src->n };
    bool ok = parse(&c, &text, STR_NONE);
    struct op *ops = arena_many(set->a, struct op, t->n);
    memcpy(ops, t->ops, t->n * sizeof *ops);
    t->ops = ops;
    t->error_prefix = texts_find(set->texts, STR("错误："));
    arena_done(&scratch);
    *out_why = c.why;
    return ok ? t : NULL;
}
