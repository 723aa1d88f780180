/* start.h - from command line to a ready struct app. */
#ifndef APP_START_H
#define APP_START_H

#include "http/wire.h"

/* Everything that lasts as long as the process. */
struct start {
    struct arena     arena;
    struct app       app;
    struct stats     stats;
    const struct gate *gate;
    struct ledger_key *ledger_key;
    struct db       *db; /* session of the command line's own units */
};

/* Options that several verbs share; see `usage_common`. */
struct options {
    const char *data, *db, *listen, *config, *file, *materials, *pauses, *today;
    bool        demo, json, skip_bad, help, single;
    const char *words[16];
    int         nwords;
};

extern const char usage_common[];

/* Read argv[1..]; false with the reason on standard error. */
bool options_read(int argc, char **argv, struct options *out);
/* Defaults, configuration file, command line, in this order. False with the reason logged. */
bool start_config(const struct options *o, struct arena *a, struct config *out);
/* Read configuration, make the data directory, open database, catalogue of texts, calendar and keys. False with the reason
 * logged. With `must_exist` a missing database is an error instead of being created. */
bool start_open(struct start *s, const struct options *o, bool must_exist);
void start_close(struct start *s);
/* Bring the schema up to date. */
bool start_migrate(struct start *s, int64_t *out_applied);
/* Schema is exactly what this program knows; false with the reason logged. */
bool start_schema_ok(struct start *s);

/* A unit of the command line: begins, hands out a cx; end it with unit_end, which waits until it is durable. */
enum rc unit_begin(struct start *s, enum db_unit unit, struct arena *a, struct cx *out);
enum rc unit_end(struct cx *cx, enum rc rc);

#define DEMO_PASSWORD "tongban-demo"
/* Load the example county where the database is empty. */
enum rc demo_load(struct start *s, bool *out_loaded);
/* The gate that http asks. */
extern const struct gate app_gate;
/* `name` of the embedded data files. */
struct str data_file(const char *name);

#endif
