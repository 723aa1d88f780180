/* cli_law.c - `tongban clock due` and `tongban code check`. */
#include "app/cli_law.h"

#include "base/code.h"
#include "base/conf.h"
#include "modules/calendar/calendar.h"

enum { ARENA_LIMIT = 16 << 20, CALENDAR_FILE_MAX = 1 << 20, PLAIN_MAX = 4 };

/* What was on the command line; options that are not given stay STR_NONE. */
struct cli_args {
    struct str  from, days, unit, calendar;
    bool        json, help;
    struct str  plain[PLAIN_MAX]; /* words without -- */
    size_t      plain_n;
    const char *wrong; /* message key, or NULL */
    struct str  wrong_word;
};

/* One run of a verb. */
struct cli {
    const struct cli_env *env;
    struct arena         *a;
    struct cli_args       args;
};

static void args_wrong(struct cli_args *args, const char *key, struct str word)
{
    if (!args->wrong) {
        args->wrong = key;
        args->wrong_word = word;
    }
}

/* NULL if the verb has no such option with a value. */
static struct str *option_find(struct cli_args *args, struct str name, bool is_clock)
{
    const struct {
        const char *name;
        struct str *to;
    } rows[] = { { "--from", &args->from }, { "--days", &args->days }, { "--unit", &args->unit },
                 { "--calendar", &args->calendar } };
    for (size_t i = 0; is_clock && i < countof(rows); i++)
        if (str_is(name, rows[i].name))
            return rows[i].to;
    return NULL;
}

/* "--name value" or "--name=value"; returns how many words it took. */
static int option_read(struct cli_args *args, char **argv, int left, bool is_clock)
{
    struct str value = str_c(argv[0]), name = str_cut(&value, '=');
    struct str *to = option_find(args, name, is_clock);
    if (str_is(name, "--json") || str_is(name, "--help")) {
        *(str_is(name, "--json") ? &args->json : &args->help) = true;
        return 1;
    }
    if (!to) {
        args_wrong(args, "cli.unknown_option", name);
        return 1;
    }
    if (!value.p && left < 2) {
        args_wrong(args, "cli.value_missing", name);
        return 1;
    }
    *to = value.p ? value : str_c(argv[1]);
    return value.p ? 1 : 2;
}

static void args_read(struct cli_args *args, int argc, char **argv, bool is_clock)
{
    for (int i = 1; i < argc; i++)
        if (!str_utf8_ok(str_c(argv[i])))
            args_wrong(args, "cli.not_utf8", STR(""));
    for (int i = 1; i < argc;) {
        struct str word = str_c(argv[i]);
        if (str_starts(word, STR("--"))) {
            i += option_read(args, argv + i, argc - i, is_clock);
            continue;
        }
        if (args->plain_n == PLAIN_MAX)
            args_wrong(args, "cli.too_many_words", word);
        else
            args->plain[args->plain_n++] = word;
        i++;
    }
}

/* %1 and %2 replaced. */
static struct str message(const struct cli *c, const char *key, struct str one, struct str two)
{
    struct str text = str_c(c->env->text(key));
    struct buf b;
    buf_init(&b, c->a, text.n + one.n + two.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        char next = i + 1 < text.n ? text.p[i + 1] : '\0';
        if (text.p[i] == '%' && (next == '1' || next == '2')) {
            buf_str(&b, next == '1' ? one : two);
            i++;
        } else {
            buf_char(&b, text.p[i]);
        }
    }
    return buf_view(&b);
}

static void put(FILE *f, struct str s)
{
    fprintf(f, STR_F "\n", STR_A(s));
}

/* Say why not; always 1. */
static int refuse(const struct cli *c, const char *key, struct str one, struct str two)
{
    struct str text = message(c, key, one, two);
    struct buf b;
    if (!c->args.json) {
        put(c->env->err, text);
        return 1;
    }
    buf_init(&b, c->a, 200);
    buf_lit(&b, "{\"error\":");
    buf_json(&b, str_c(key));
    buf_lit(&b, ",\"message\":");
    buf_json(&b, text);
    buf_lit(&b, "}");
    put(c->env->out, buf_view(&b));
    return 1;
}

/* ---- clock due ---- */

static enum rc calendar_load(struct cli *c, const struct calendar **out, struct str *out_why)
{
    struct str text = c->env->default_calendar;
    struct str path = c->args.calendar;
    if (path.p && file_read(path.p, CALENDAR_FILE_MAX, c->a, &text)) {
        *out_why = path;
        return RC_NOT_FOUND;
    }
    return calendar_from_csv(c->a, text, out, out_why);
}

/* What is wrong with the options, or NULL. */
static const char *due_args(const struct cli_args *args, struct day *out_from, struct limit *out_limit)
{
    int64_t n;
    if (!args->from.p || !args->days.p || !args->unit.p)
        return "cli.clock.needs";
    if (!day_parse(args->from, out_from))
        return "cli.clock.from";
    if (!str_i64(args->days, 0, CALENDAR_DAYS_MAX, &n))
        return "cli.clock.days";
    if (!str_eq_nocase(args->unit, STR("WD")) && !str_eq_nocase(args->unit, STR("CD")))
        return "cli.clock.unit";
    *out_limit = (struct limit){ (int32_t)n, str_eq_nocase(args->unit, STR("WD")) ? UNIT_WD : UNIT_CD };
    return NULL;
}

static void due_print(const struct cli *c, struct day from, struct limit l, struct day due)
{
    struct buf b;
    buf_init(&b, c->a, 100);
    if (c->args.json) {
        buf_lit(&b, "{\"from\":\"");
        buf_day(&b, from);
        buf_fmt(&b, "\",\"days\":%d,\"unit\":\"%s\",\"due\":\"", l.days, l.unit == UNIT_WD ? "WD" : "CD");
    }
    buf_day(&b, due);
    if (c->args.json)
        buf_lit(&b, "\"}");
    put(c->env->out, buf_view(&b));
}

static int clock_due(struct cli *c)
{
    const struct calendar *calendar = NULL;
    struct day from, due;
    struct limit l;
    struct str why = STR_NONE;
    const char *wrong = due_args(&c->args, &from, &l);
    if (wrong)
        return refuse(c, wrong, str_is(str_c(wrong), "cli.clock.from") ? c->args.from : c->args.days, c->args.unit);
    enum rc rc = calendar_load(c, &calendar, &why);
    if (rc)
        return refuse(c, rc == RC_NOT_FOUND ? "cli.clock.no_file" : "cli.clock.bad_file", why, STR(""));
    if (calendar_due(calendar, from, l, (struct spans){ 0 }, &due))
        return refuse(c, "cli.clock.year_unknown", c->args.from, c->args.days);
    due_print(c, from, l, due);
    return 0;
}

/* The arena and the arguments of a verb; what both verbs refuse alike. */
static int verb_run(struct cli *c, const char *sub, const char *help, int (*run)(struct cli *))
{
    if (c->args.help) {
        put(c->env->out, message(c, help, STR(""), STR("")));
        return 0;
    }
    if (c->args.wrong)
        return refuse(c, c->args.wrong, c->args.wrong_word, STR(""));
    if (!c->args.plain_n || !str_is(c->args.plain[0], sub))
        return refuse(c, help, STR(""), STR(""));
    return run(c);
}

int cli_clock(int argc, char **argv, const struct cli_env *env)
{
    AUTO(arena_done) struct arena a;
    struct cli c = { .env = env, .a = &a };
    arena_init(&a, ARENA_LIMIT);
    args_read(&c.args, argc, argv, true);
    if (c.args.plain_n > 1)
        args_wrong(&c.args, "cli.too_many_words", c.args.plain[1]);
    return verb_run(&c, "due", "cli.clock.help", clock_due);
}

/* ---- code check ---- */

static void code_print(const struct cli *c, struct str kind, struct str code, const struct issue *fault)
{
    struct buf b;
    buf_init(&b, c->a, 200);
    buf_lit(&b, "{\"kind\":");
    buf_json(&b, kind);
    buf_lit(&b, ",\"code\":");
    buf_json(&b, code);
    buf_fmt(&b, ",\"valid\":%s", fault ? "false" : "true");
    if (fault) {
        buf_lit(&b, ",\"error\":");
        buf_json(&b, str_c(fault->key));
        buf_lit(&b, ",\"message\":");
        buf_json(&b, message(c, fault->key, fault->arg[0], fault->arg[1]));
    }
    buf_lit(&b, "}");
    put(c->env->out, buf_view(&b));
}

static int code_check_run(struct cli *c)
{
    struct str word = c->args.plain[1], code;
    enum code_kind kind;
    if (c->args.plain_n < 3)
        return refuse(c, "cli.code.needs", STR(""), STR(""));
    if (!code_kind_parse(word, &kind))
        return refuse(c, "cli.code.kind", word, STR(""));
    if (c->args.plain_n > 3)
        return refuse(c, "cli.too_many_words", c->args.plain[3], STR(""));
    enum code_fault fault = code_read(kind, c->args.plain[2], c->env->today, c->a, &code);
    struct issue is = code_issue(kind, code, fault, c->a);
    if (c->args.json)
        code_print(c, word, code, fault ? &is : NULL);
    else if (fault)
        return refuse(c, is.key, is.arg[0], is.arg[1]);
    else
        put(c->env->out, code);
    return fault ? 1 : 0;
}

int cli_code(int argc, char **argv, const struct cli_env *env)
{
    AUTO(arena_done) struct arena a;
    struct cli c = { .env = env, .a = &a };
    arena_init(&a, ARENA_LIMIT);
    args_read(&c.args, argc, argv, false);
    return verb_run(&c, "check", "cli.code.help", code_check_run);
}
