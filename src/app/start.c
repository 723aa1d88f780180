/* start.c - options, configuration, opening. */
#include "app/start.h"

#include "all_assets.h"
#include "all_data.h"
#include "all_messages.h"
#include "app/modules.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/shelf.h"
#include "base/tally.h"
#include "ledger/sign.h"
#include "modules/calendar/calendar.h"
#include "modules/forms/forms.h"
#include "modules/search/search.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MISSES_MAX = 2000, FORMS_MAX = 512, CALENDARS_MAX = 256 };

static const struct field config_fields[] = {
    FIELD(struct config, data, .max = 1000),
    FIELD(struct config, db, .max = 1000),
    FIELD(struct config, listen),
    FIELD(struct config, site_name),
    FIELD(struct config, site_owner),
    FIELD(struct config, site_operator),
    FIELD(struct config, site_url),
    FIELD(struct config, division, .max = 12),
    FIELD(struct config, phone),
    FIELD(struct config, hours),
    FIELD(struct config, workers, .min = 1, .max = 64),
    FIELD(struct config, queue, .min = 1, .max = 100000),
    FIELD(struct config, connections, .min = 10, .max = 50000),
    FIELD(struct config, connections_per_address, .min = 1, .max = 50000),
    FIELD(struct config, body_max, .min = 1024, .max = 16 << 20),
    FIELD(struct config, writes_per_minute, .min = 1, .max = 1000000),
    FIELD(struct config, trust_proxy, .max = 1),
    FIELD(struct config, secure_cookies, .max = 1),
    FIELD(struct config, demo, .max = 1),
};
const struct record CONFIG = RECORD(struct config, config_fields);

const char usage_common[] =
    "  --data DIR       directory of everything this node keeps (default: var)\n"
    "  --db URL         sqlite:PATH or postgresql:... (default: sqlite:DIR/tongban.db)\n"
    "  --config FILE    configuration, `key = value` lines (docs/operate.md)\n"
    "  --json           answer for programs\n";

/* ---- options ------------------------------------------------------------------------------------------------------ */

struct option {
    const char *name;
    size_t      text, flag; /* offset in struct options; the other is NO */
};
#define NO ((size_t)-1)
static const struct option known[] = {
    { "--data", offsetof(struct options, data), NO },
    { "--db", offsetof(struct options, db), NO },
    { "--listen", offsetof(struct options, listen), NO },
    { "--config", offsetof(struct options, config), NO },
    { "--materials", offsetof(struct options, materials), NO },
    { "--pauses", offsetof(struct options, pauses), NO },
    { "--today", offsetof(struct options, today), NO },
    { "--demo", NO, offsetof(struct options, demo) },
    { "--json", NO, offsetof(struct options, json) },
    { "--skip-bad", NO, offsetof(struct options, skip_bad) },
    { "--single", NO, offsetof(struct options, single) },
    { "--help", NO, offsetof(struct options, help) },
};

static const struct option *option_find(const char *name)
{
    for (size_t i = 0; i < countof(known); i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i];
    return NULL;
}

bool options_read(int argc, char **argv, struct options *out)
{
    *out = (struct options){ 0 };
    for (int i = 1; i < argc; i++) {
        const struct option *o = option_find(argv[i]);
        if (!o && argv[i][0] != '-' && out->nwords < (int)countof(out->words)) {
            out->words[out->nwords++] = argv[i];
        } else if (!o || (o->text != NO && i + 1 == argc)) {
            fprintf(stderr, "tongban: %s %s\n", argv[i], o ? "needs a value" : "is not known here; see --help");
            return false;
        } else if (o->flag != NO) {
            *(bool *)((char *)out + o->flag) = true;
        } else {
            const char **at = (void *)((char *)out + o->text);
            *at = argv[++i];
        }
    }
    return true;
}

/* ---- configuration ------------------------------------------------------------------------------------------------ */

static const struct config defaults = {
    .data = STR_INIT("var"),
    .listen = STR_INIT("127.0.0.1:8080"),
    .site_name = STR_INIT("示例县政务服务"),
    .site_owner = STR_INIT("示例县人民政府"),
    .site_operator = STR_INIT("示例县政务服务中心"),
    .site_url = STR_INIT(""),
    .division = STR_INIT("522627000000"),
    .phone = STR_INIT("12345"),
    .hours = STR_INIT("工作日 9:00–17:00，午间不休息"),
    .workers = 4,
    .queue = 2000,
    .connections = 4000,
    .connections_per_address = 1000,
    .body_max = 256 * 1024,
    .writes_per_minute = 60,
};

static bool config_file_read(const char *path, struct arena *a, struct config *out)
{
    struct str text, why = STR("cannot be read");
    enum rc rc = file_read(path, 1 << 20, a, &text);
    if (!rc)
        rc = conf_read(text, &CONFIG, a, out, &why);
    if (rc)
        log_error("%s: " STR_F, path, STR_A(why));
    return rc == RC_OK;
}

/* What the command line says goes before the file, the file before the defaults. */
bool start_config(const struct options *o, struct arena *a, struct config *c)
{
    *c = defaults;
    if (o->config && !config_file_read(o->config, a, c))
        return false;
    if (o->data)
        c->data = str_c(o->data);
    if (o->listen)
        c->listen = str_c(o->listen);
    if (o->db)
        c->db = str_c(o->db);
    if (!c->db.n)
        c->db = arena_fmt(a, "sqlite:" STR_F "/tongban.db", STR_A(c->data));
    c->demo |= o->demo;
    return true;
}

/* ---- data directory and keys ---------------------------------------------------------------------------------------- */

static bool directory_make(const char *path, mode_t mode)
{
    char part[1100];
    snprintf(part, sizeof part, "%s", path);
    for (char *p = part + 1; *p; p++)
        if (*p == '/') {
            *p = '\0';
            mkdir(part, 0755);
            *p = '/';
        }
    struct stat st;
    if (mkdir(part, mode) && (stat(part, &st) || !S_ISDIR(st.st_mode))) {
        log_error("cannot make directory %s", path);
        return false;
    }
    return true;
}

static bool key_make(const char *path, unsigned char *key, size_t n)
{
    random_bytes(key, n);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, key, n) == (ssize_t)n && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    if (!ok)
        log_error("cannot write %s", path);
    return ok;
}

/* A key file of exactly `n` bytes, made at the first start. */
static bool key_open(struct start *s, const char *name, unsigned char *key, size_t n)
{
    struct str text, path = arena_fmt(&s->arena, STR_F "/keys/%s", STR_A(s->app.config.data), name);
    if (file_read(path.p, 1000, &s->arena, &text) || text.n != n)
        return key_make(path.p, key, n);
    memcpy(key, text.p, n);
    return true;
}

static bool keys_open(struct start *s)
{
    unsigned char data[KEYRING_BYTES];
    struct str dir = arena_str(&s->arena, s->app.config.data), keys = arena_fmt(&s->arena, STR_F "/keys", STR_A(dir));
    if (!directory_make(dir.p, 0750) || !directory_make(keys.p, 0700) ||
        !key_open(s, "token.key", s->app.key, sizeof s->app.key) || !key_open(s, "data.key", data, sizeof data))
        return false;
    keyring_set(&s->app.keys, data);
    return true;
}

/* The key that signs heads of the ledger, and the folder of the heads. Nodes of one database share the key. */
static bool ledger_open(struct start *s)
{
    struct str dir = s->app.config.data;
    struct str heads = arena_fmt(&s->arena, STR_F "/ledger", STR_A(dir));
    struct str path = arena_fmt(&s->arena, STR_F "/keys/ledger-sm2.pem", STR_A(dir));
    if (!directory_make(heads.p, 0750))
        return false;
    s->ledger_key = ledger_key_open(path.p);
    s->app.ledger_key = s->ledger_key;
    return s->ledger_key != NULL;
}

/* ---- opening ---------------------------------------------------------------------------------------------------------- */

struct str data_file(const char *name)
{
    for (size_t i = 0; i < all_data_count; i++)
        if (strcmp(all_data[i].file, name) == 0)
            return (struct str){ (const char *)all_data[i].data, all_data[i].n };
    panic("no embedded file %s", name);
}

static bool calendar_open(struct start *s)
{
    struct str why = STR_NONE;
    if (calendar_from_csv(&s->arena, data_file("holidays.csv"), &s->app.calendar, &why) == RC_OK)
        return true;
    log_error("calendar: " STR_F, STR_A(why));
    return false;
}

static bool form_open(struct start *s)
{
    struct str why = STR_NONE;
    struct form *f;
    bool ok = form_read(&s->arena, data_file("standard.json"), &f, &why) == RC_OK;
    s->app.standard_form = f;
    s->app.forms = shelf_open(FORMS_MAX);
    s->app.calendars = shelf_open(CALENDARS_MAX);
    if (!ok)
        log_error("standard form: " STR_F, STR_A(why));
    return ok;
}

static bool database_missing(const struct config *c)
{
    struct str path = c->db;
    return str_starts(path, STR("sqlite:")) && access(path.p + strlen("sqlite:"), R_OK) != 0;
}

static bool databases_open(struct start *s)
{
    const struct config *c = &s->app.config;
    s->app.db = db_open(arena_str(&s->arena, c->db).p);
    if (s->app.db)
        s->app.local = search_open(arena_str(&s->arena, c->data).p);
    if (!s->app.local)
        return false;
    s->db = db_session(s->app.db);
    return true;
}

/* A demonstration may be on another day, so that what is shown and tried does not change with the year. */
static bool today_set(struct start *s, const struct options *o)
{
    struct day day;
    if (!o->today)
        return true;
    if (!s->app.config.demo || !day_parse(str_c(o->today), &day)) {
        log_error("--today YYYY-MM-DD goes with --demo");
        return false;
    }
    db_shift_clock(s->app.db, (day.n - day_at(time_now()).n) * DAY_MS);
    return true;
}

bool start_open(struct start *s, const struct options *o, bool must_exist)
{
    *s = (struct start){ .gate = &app_gate };
    arena_init(&s->arena, (size_t)1 << 30);
    s->app.stats = &s->stats;
    s->app.misses = tally_open(MISSES_MAX);
    s->app.texts = texts_open(&s->arena);
    texts_add(s->app.texts, all_messages, all_nmessages);
    if (!start_config(o, &s->arena, &s->app.config))
        return false;
    if (must_exist && database_missing(&s->app.config)) {
        log_error("there is no database at " STR_F "; `tongban demo` makes one with the example county", STR_A(s->app.config.db));
        return false;
    }
    return keys_open(s) && ledger_open(s) && calendar_open(s) && form_open(s) && databases_open(s) && today_set(s, o);
}

void start_close(struct start *s)
{
    if (s->db)
        db_give_back(s->db);
    tally_close(s->app.misses);
    shelf_close(s->app.forms);
    shelf_close(s->app.calendars);
    db_close(s->app.local);
    db_close(s->app.db);
    ledger_key_close(s->ledger_key);
    arena_done(&s->arena);
}

bool start_migrate(struct start *s, int64_t *out_applied)
{
    size_t n;
    const struct migration *steps = all_steps(&s->arena, &n);
    return db_migrate(s->app.db, steps, n, out_applied) == RC_OK;
}

bool start_schema_ok(struct start *s)
{
    size_t n;
    const struct migration *steps = all_steps(&s->arena, &n);
    enum rc rc = db_schema_check(s->app.db, steps, n);
    if (rc == RC_NOT_FOUND)
        log_error("the database is older than this program; run `tongban migrate`");
    return rc == RC_OK;
}

/* ---- units of the command line ------------------------------------------------------------------------------------------ */

enum rc unit_begin(struct start *s, enum db_unit unit, struct arena *a, struct cx *out)
{
    enum rc rc = db_begin(s->db, unit);
    *out = (struct cx){ .arena = a, .db = s->db, .app = &s->app };
    out->actor.purpose = STR("shell");
    if (!rc)
        out->now = db_now(s->db);
    return rc;
}

enum rc unit_end(struct cx *cx, enum rc rc)
{
    rc = rc ? db_rollback(cx->db, rc) : db_commit(cx->db);
    enum rc durable = db_wait(cx->db);
    return rc ? rc : durable;
}
