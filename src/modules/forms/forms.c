/* forms.c - answers: take what was typed, check it. */
#include "base/code.h"
#include "form_read.h"

/* ---- empty answers --------------------------------------------------------------------------------------------------- */

static struct form_answers answers_room(struct arena *a, const struct form *f)
{
    return (struct form_answers){ arena_many(a, struct str, f->n), arena_many(a, struct form_rows, f->n),
                                  arena_many(a, struct list, f->n) };
}

/* At least so many rows as the form wants, so that a page shows where to begin. */
static void rows_fill_up(struct arena *a, const struct form *f, struct form_answers ans)
{
    for (size_t i = 0; i < f->n; i++) {
        struct form_rows *rows = &ans.rows[i];
        if (f->fields[i].kind == FORM_ROWS && !rows->v)
            rows->v = arena_many(a, struct form_answers, FORM_ROWS_MAX);
        while (f->fields[i].kind == FORM_ROWS && (int64_t)rows->n < f->fields[i].rows_min)
            rows->v[rows->n++] = form_answers_new(a, f->fields[i].row);
    }
}

struct form_answers form_answers_room(struct arena *a, const struct form *f)
{
    struct form_answers ans = answers_room(a, f);
    rows_fill_up(a, f, ans);
    return ans;
}

struct form_answers form_answers_new(struct arena *a, const struct form *f)
{
    struct form_answers ans = form_answers_room(a, f);
    for (size_t i = 0; i < f->n; i++)
        ans.v[i] = f->fields[i].preset.n ? f->fields[i].preset : STR_NONE;
    return ans;
}

/* ---- what was typed ---------------------------------------------------------------------------------------------------- */

static bool on_page(const struct form_field *f, const char *group)
{
    return !group || str_is(f->group, group);
}

/* What came, and where in a row we are. */
struct taking {
    struct arena      *a;
    const struct pair *typed;
    size_t             n;
    struct str         front; /* "staff-2-" */
};

static bool is_named(const struct taking *t, struct str typed, struct str name)
{
    return typed.n == t->front.n + name.n && str_starts(typed, t->front) && str_eq(str_sub(typed, t->front.n, typed.n), name);
}

/* The last value if it came more than once; STR_NONE if it did not come. */
static struct str typed_value(const struct taking *t, struct str name)
{
    for (size_t i = t->n; i-- > 0;)
        if (is_named(t, t->typed[i].name, name))
            return str_trim(t->typed[i].value);
    return STR_NONE;
}

/* Every value that came, once; what the list does not have stays too, so that the check sees it. */
static struct str typed_several(const struct taking *t, struct str name)
{
    struct buf b;
    buf_init(&b, t->a, 64);
    for (size_t i = 0; i < t->n; i++) {
        struct str rest = str_trim(t->typed[i].value);
        while (is_named(t, t->typed[i].name, name) && rest.n) {
            struct str word = str_cut(&rest, ' ');
            if (word.n && !str_has_word(buf_view(&b), word))
                buf_fmt(&b, "%s" STR_F, b.n ? " " : "", STR_A(word));
        }
    }
    return b.n ? buf_view(&b) : STR_NONE;
}

/* Number of the row that a name like "staff-2-name" belongs to; -1 if it is another field's. */
static int64_t row_of(struct str name, struct str field)
{
    int64_t n = -1;
    if (name.n < field.n + 2 || !str_starts(name, field) || name.p[field.n] != '-')
        return -1;
    struct str rest = str_sub(name, field.n + 1, name.n), number = str_cut(&rest, '-');
    return rest.p && str_i64(number, 0, 9999, &n) ? n : -1;
}

/* Choice and text; whether the choice exists, and what it is called, is settled later. A licence is its number until one is chosen. */
static struct str typed_parts(const struct taking *t, const struct form_field *f)
{
    struct str choice = typed_value(t, arena_fmt(t->a, STR_F "-%s", STR_A(f->name), form_parts_choice(f)));
    struct form_parts p = { choice.p ? choice : STR(""), STR(""), typed_value(t, f->name) };
    if (f->kind == FORM_LICENCE && !p.choice.n && p.text.n)
        p.choice = STR(FORM_OTHER);
    return form_parts_write(t->a, &p);
}

static void fields_take(const struct taking *t, const struct form *f, const char *group, struct form_answers ans);

static void rows_take(const struct taking *t, const struct form_field *f, struct form_rows *out)
{
    bool there[FORM_ROWS_MAX] = { false };
    *out = (struct form_rows){ .v = arena_many(t->a, struct form_answers, FORM_ROWS_MAX) };
    for (size_t i = 0; i < t->n; i++) {
        int64_t row = row_of(t->typed[i].name, f->name);
        if (row >= 0 && row < FORM_ROWS_MAX)
            there[row] = true;
        out->over |= row >= FORM_ROWS_MAX;
    }
    for (int row = 0; row < FORM_ROWS_MAX; row++)
        if (there[row]) {
            struct taking inner = { t->a, t->typed, t->n, arena_fmt(t->a, STR_F "-%d-", STR_A(f->name), row) };
            out->v[out->n] = answers_room(t->a, f->row);
            fields_take(&inner, f->row, NULL, out->v[out->n++]);
        }
}

static void fields_take(const struct taking *t, const struct form *f, const char *group, struct form_answers ans)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct form_field *ff = &f->fields[i];
        if (!on_page(ff, group))
            continue;
        if (ff->kind == FORM_ROWS) {
            rows_take(t, ff, &ans.rows[i]);
            continue;
        }
        struct str v = ff->kind == FORM_SEVERAL ? typed_several(t, ff->name)
                     : form_has_parts(ff)       ? typed_parts(t, ff)
                                                : typed_value(t, ff->name);
        ans.v[i] = v.n ? v : STR_NONE;
    }
}

void form_take(struct arena *a, const struct form *f, const char *group, const struct pair *typed, size_t n, struct form_answers ans)
{
    struct taking t = { a, typed, n, STR("") };
    fields_take(&t, f, group, ans);
    rows_fill_up(a, f, ans);
}

bool form_row_add(struct arena *a, const struct form *f, struct str name, struct form_answers ans)
{
    int at = form_field_find(f, name);
    if (at < 0 || f->fields[at].kind != FORM_ROWS || (int64_t)ans.rows[at].n >= f->fields[at].rows_max)
        return false;
    ans.rows[at].v[ans.rows[at].n++] = form_answers_new(a, f->fields[at].row);
    return true;
}

bool form_row_end(const struct form *f, struct str name, struct form_answers ans)
{
    struct str number = name, field = str_cut(&number, '-');
    int at = form_field_find(f, field);
    int64_t row = 0;
    if (at < 0 || f->fields[at].kind != FORM_ROWS || !str_i64(number, 0, (int64_t)ans.rows[at].n - 1, &row))
        return false;
    struct form_rows *rows = &ans.rows[at];
    if ((int64_t)rows->n <= f->fields[at].rows_min)
        return false;
    for (size_t i = (size_t)row; i + 1 < rows->n; i++)
        rows->v[i] = rows->v[i + 1];
    rows->n--;
    return true;
}

bool form_rows_act(struct arena *a, const struct form *f, const struct pair *typed, size_t n, struct form_answers ans,
                   struct str *out_place)
{
    struct taking t = { a, typed, n, STR("") };
    struct str add = typed_value(&t, STR("_add")), end = typed_value(&t, STR("_remove"));
    if (!add.n && !end.n)
        return false;
    struct str rest = end, field = str_cut(&rest, '-');
    *out_place = add.n ? add : field;
    if (add.n && form_row_add(a, f, add, ans))
        *out_place = arena_fmt(a, STR_F "-%zu", STR_A(add), ans.rows[form_field_find(f, add)].n - 1);
    else if (!add.n)
        form_row_end(f, end, ans);
    return true;
}

bool form_has_rows(const struct form *f, const char *group)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->fields[i].kind == FORM_ROWS && on_page(&f->fields[i], group))
            return true;
    return false;
}

/* ---- conditions -------------------------------------------------------------------------------------------------------- */

static bool answer_is(const struct form_field *f, struct str answer, struct str alternatives)
{
    while (alternatives.p) {
        struct str word = str_cut(&alternatives, '|');
        if (f->kind == FORM_SEVERAL ? answer.n > 0 && str_has_word(answer, word) : str_eq(answer, word))
            return true;
    }
    return false;
}

bool form_when_holds(const struct form *f, struct form_when w, struct form_answers ans)
{
    return w.field >= 0 && form_asked(f, (size_t)w.field, ans) && answer_is(&f->fields[w.field], ans.v[w.field], w.value);
}

bool form_asked(const struct form *f, size_t field, struct form_answers ans)
{
    return f->fields[field].asked.field < 0 || form_when_holds(f, f->fields[field].asked, ans);
}

bool form_group_asked(const struct form *f, struct str group, struct form_answers ans)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->fields[i].group, group) && form_asked(f, i, ans))
            return true;
    return false;
}

struct str form_answer(const struct form *f, struct form_answers ans, const char *name)
{
    int at = form_field_find(f, str_c(name));
    return at >= 0 && ans.v[at].p && form_asked(f, (size_t)at, ans) ? ans.v[at] : STR("");
}

/* Open while the question it hangs on, or the one that hangs on, has no answer. */
static enum form_holds when_state(const struct form *f, struct form_when w, struct form_answers ans)
{
    if (w.field < 0)
        return FORM_HOLDS;
    enum form_holds asked = when_state(f, f->fields[w.field].asked, ans);
    if (asked != FORM_HOLDS)
        return asked;
    if (!ans.v[w.field].n)
        return FORM_OPEN;
    return answer_is(&f->fields[w.field], ans.v[w.field], w.value) ? FORM_HOLDS : FORM_HOLDS_NOT;
}

enum form_holds form_holds(const struct form *f, struct str condition, struct form_answers ans)
{
    struct str value = condition, name = str_cut(&value, '=');
    int at = form_field_find(f, name);
    if (!condition.n)
        return FORM_HOLDS;
    return at < 0 ? FORM_OPEN : when_state(f, (struct form_when){ at, value }, ans);
}

struct list form_advice(struct arena *a, const struct form *f, struct form_answers ans)
{
    size_t n = 0, room = 0;
    for (size_t i = 0; i < f->n; i++)
        room += f->fields[i].nstops;
    struct form_advice *v = arena_many(a, struct form_advice, room);
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < f->fields[i].nstops; k++)
            if (form_asked(f, i, ans) && answer_is(&f->fields[i], ans.v[i], f->fields[i].stops[k].value))
                v[n++] = f->fields[i].stops[k];
    return (struct list){ v, n };
}

/* ---- checks ---------------------------------------------------------------------------------------------------------- */

struct check {
    const struct form  *f;
    struct form_answers ans;
    struct day          today;
    struct arena       *a;
    struct issues      *issues;
    struct str          front; /* "staff-2-" inside a row */
    struct str          where; /* "从业人员3：" */
};

static struct str full_name(const struct check *c, const struct form_field *f)
{
    return c->front.n ? arena_fmt(c->a, STR_F STR_F, STR_A(c->front), STR_A(f->name)) : f->name;
}

static void wrong(const struct check *c, const struct form_field *f, const char *key, struct str a1, struct str a2)
{
    issues_add(c->issues, c->a, full_name(c, f), key, a1, a2);
}

static struct str number_text(const struct check *c, int64_t n)
{
    return arena_fmt(c->a, "%lld", (long long)n);
}

static void code_check_take(const struct check *c, const struct form_field *f, enum code_kind kind, struct str *v)
{
    enum code_fault fault = code_read(kind, *v, c->today, c->a, v);
    if (!fault)
        return;
    struct issue i = code_issue(kind, *v, fault, c->a);
    wrong(c, f, i.key, i.arg[0], i.arg[1]);
}

static void phone_check(const struct check *c, const struct form_field *f, struct str *v)
{
    struct str s = code_normalise(c->a, *v);
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++)
        digits += s.p[i] >= '0' && s.p[i] <= '9';
    if (digits < 7 || digits > 13 || digits + (s.n && s.p[0] == '+') != s.n)
        wrong(c, f, "forms.phone", STR_NONE, STR_NONE);
    *v = s;
}

static bool offered(const struct form_field *f, struct str v)
{
    for (size_t i = 0; i < f->nchoices; i++)
        if (str_eq(f->choices[i].value, v))
            return true;
    return false;
}

/* One choice, or each of several. */
static void choice_check(const struct check *c, const struct form_field *f, struct str v)
{
    bool ok = f->kind == FORM_SEVERAL || offered(f, v);
    while (f->kind == FORM_SEVERAL && v.p && ok)
        ok = offered(f, str_cut(&v, ' '));
    if (!ok)
        wrong(c, f, "base.not_offered", STR_NONE, STR_NONE);
}

static void text_check(const struct check *c, const struct form_field *f, struct str v)
{
    struct str name = full_name(c, f);
    const struct field row = { .name = arena_str(c->a, name).p, .type = F_STR, .max = f->max, .multiline = f->kind == FORM_LONG };
    struct str kept;
    bool ok = field_from_text(&row, v, c->a, c->issues, &kept); /* the issue, if any, is all we want */
    (void)ok;
}

/* Digits and points as typed by whatever keyboard; "0030.50" becomes "30.5". */
static struct str number_normalise(struct arena *a, struct str typed)
{
    struct buf b;
    buf_init(&b, a, typed.n + 1);
    while (typed.n) {
        uint32_t ch = str_rune(&typed);
        ch = ch == 0x3002 ? '.' : ch >= 0xFF01 && ch <= 0xFF5E ? ch - 0xFEE0 : ch;
        if (ch != ' ' && ch != 0x3000 && (ch != '0' || b.n || !typed.n || typed.p[0] == '.'))
            buf_char(&b, ch < 0x80 ? (char)ch : '?');
    }
    bool fraction = str_find_char(buf_view(&b), '.') >= 0;
    while (fraction && b.n > 1 && b.p[b.n - 1] == '0')
        b.n--;
    b.n -= fraction && b.n > 1 && b.p[b.n - 1] == '.';
    return buf_view(&b);
}

static void number_check(const struct check *c, const struct form_field *f, struct str *v)
{
    struct str s = number_normalise(c->a, *v);
    int64_t n = 0, unit = 1;
    for (int64_t i = 0; i < f->decimals; i++)
        unit *= 10;
    if (!form_number_parse(s, f->decimals, &n)) {
        bool finer = form_number_parse(s, FORM_DECIMALS_MAX, &n);
        wrong(c, f, !finer ? "forms.number" : f->decimals ? "forms.decimals" : "forms.integer", number_text(c, f->decimals), STR_NONE);
        return;
    }
    *v = s;
    if (n < f->least * unit || (f->more_than_least && n == f->least * unit))
        wrong(c, f, f->more_than_least ? "forms.number_more" : "forms.number_least", number_text(c, f->least), STR_NONE);
    else if (f->most && n > f->most * unit)
        wrong(c, f, "forms.number_most", number_text(c, f->most), STR_NONE);
}

static void date_check(const struct check *c, const struct form_field *f, struct str v)
{
    struct day d, first;
    if (!day_parse(v, &d))
        wrong(c, f, "base.no_such_day", STR_NONE, STR_NONE);
    else if (f->not_before >= 0 && day_parse(c->ans.v[f->not_before], &first) && d.n < first.n)
        wrong(c, f, "forms.not_before", c->f->fields[f->not_before].title, STR_NONE);
}

static void choice_wrong(const struct check *c, const struct form_field *f, const char *key)
{
    struct str name = arena_fmt(c->a, STR_F "-%s", STR_A(f->name), form_parts_choice(f));
    issues_add(c->issues, c->a, name, key, f->title, STR_NONE);
}

static void parts_check(const struct check *c, const struct form_field *f, struct str answer)
{
    bool address = f->kind == FORM_ADDRESS;
    struct form_parts p = form_parts_of(answer);
    if (!p.choice.n)
        choice_wrong(c, f, address ? "forms.division" : "forms.licence");
    else if (!str_is(p.choice, FORM_OTHER) && !p.said.n)
        choice_wrong(c, f, address ? "forms.no_such_division" : "forms.not_your_licence");
    if (p.text.n)
        text_check(c, f, p.text);
    else if (address || str_is(p.choice, FORM_OTHER))
        wrong(c, f, address ? "forms.street" : "forms.licence_number", f->title, STR_NONE);
}

/* Whether a person or a body applies decides which number it is. */
static enum code_kind code_kind_of(const struct check *c)
{
    struct str kind = form_answer(c->f, c->ans, "applicant_kind");
    return !kind.n || str_is(kind, "person") ? CODE_ID : CODE_USCC;
}

static void value_check(const struct check *c, const struct form_field *f, struct str *v)
{
    switch (f->kind) {
    case FORM_TEXT:
    case FORM_LONG:
        text_check(c, f, *v);
        break;
    case FORM_CODE:
        code_check_take(c, f, code_kind_of(c), v);
        break;
    case FORM_ID:
        code_check_take(c, f, CODE_ID, v);
        break;
    case FORM_USCC:
        code_check_take(c, f, CODE_USCC, v);
        break;
    case FORM_PHONE:
        phone_check(c, f, v);
        break;
    case FORM_DATE:
        date_check(c, f, *v);
        break;
    case FORM_CHOICE:
    case FORM_SEVERAL:
        choice_check(c, f, *v);
        break;
    case FORM_NUMBER:
        number_check(c, f, v);
        break;
    case FORM_ADDRESS:
    case FORM_LICENCE:
        parts_check(c, f, *v);
        break;
    case FORM_YES:
        if (!str_is(*v, "1"))
            wrong(c, f, "base.not_offered", STR_NONE, STR_NONE);
        break;
    case FORM_ROWS:
        break;
    }
}

static void missing(const struct check *c, const struct form_field *f)
{
    bool choose = f->kind == FORM_CHOICE || f->kind == FORM_SEVERAL;
    wrong(c, f, f->kind == FORM_YES ? "forms.tick" : choose ? "forms.choose" : "forms.required",
          arena_fmt(c->a, STR_F STR_F, STR_A(c->where), STR_A(f->title)), STR_NONE);
}

bool form_row_empty(const struct form *row, struct form_answers ans)
{
    for (size_t i = 0; i < row->n; i++)
        if (ans.v[i].n && !str_eq(ans.v[i], row->fields[i].preset))
            return false;
    return true;
}

static void fields_check(const struct check *c, const char *group);

/* Rows left empty go, as long as the least number stays: those then say what is missing. */
static void rows_close_up(const struct form_field *f, struct form_rows *rows)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows->n; i++) {
        bool goes = form_row_empty(f->row, rows->v[i]) && (int64_t)(kept + rows->n - i) > f->rows_min;
        if (!goes)
            rows->v[kept++] = rows->v[i];
    }
    rows->n = kept;
}

static void rows_check(const struct check *c, const struct form_field *f, struct form_rows *rows)
{
    rows_close_up(f, rows);
    if (rows->over || (int64_t)rows->n > f->rows_max)
        wrong(c, f, "forms.rows_most", number_text(c, f->rows_max), f->row_name);
    if ((int64_t)rows->n < f->rows_min)
        wrong(c, f, "forms.rows_least", number_text(c, f->rows_min), f->row_name);
    for (size_t i = 0; i < rows->n; i++) {
        struct check inner = *c;
        inner.f = f->row;
        inner.ans = rows->v[i];
        inner.front = arena_fmt(c->a, STR_F "-%zu-", STR_A(f->name), i);
        inner.where = arena_fmt(c->a, STR_F "%zu：", STR_A(f->row_name), i + 1);
        fields_check(&inner, NULL);
    }
}

static void fields_check(const struct check *c, const char *group)
{
    for (size_t i = 0; i < c->f->n; i++) {
        const struct form_field *ff = &c->f->fields[i];
        if (!on_page(ff, group) || !form_asked(c->f, i, c->ans))
            continue;
        if (ff->kind == FORM_ROWS)
            rows_check(c, ff, &c->ans.rows[i]);
        else if (c->ans.v[i].n)
            value_check(c, ff, &c->ans.v[i]);
        else if (ff->required || form_when_holds(c->f, ff->required_if, c->ans))
            missing(c, ff);
    }
}

enum rc form_check(const struct form *f, const char *group, struct day today, struct arena *a, struct issues *issues,
                   struct form_answers ans)
{
    struct check c = { f, ans, today, a, issues, STR(""), STR("") };
    size_t before = issues->n;
    fields_check(&c, group);
    return issues->n > before ? RC_INVALID : RC_OK;
}
