/* cli_law.h - the verbs `tongban clock` and `tongban code`: legal dates and code checks from the shell. */
#ifndef APP_CLI_LAW_H
#define APP_CLI_LAW_H

#include <stdio.h>

#include "base/time.h"

/* What the shell verbs need from outside. */
struct cli_env {
    struct str default_calendar; /* the embedded holidays.csv */
    struct day today;            /* no date inside a code may be later */
    FILE      *out, *err;
    /* Message text of a key, with %1 and %2, in the operator's language; never NULL. */
    const char *(*text)(const char *key);
};

/* argv[0] is the verb. Both return the exit status: 0, or 1 with the reason on `err` (with --json: as an object on
 * `out`). --help prints the usage and returns 0.
 *
 *   clock due --from DATE --days N --unit WD|CD [--calendar FILE] [--json]
 *       prints the due date, one line. The start day does not count; a CD limit that ends on a day off ends on the next
 *       working day. A year without holiday notice is refused, never guessed.
 *   code check KIND CODE [--json]      KIND: uscc, id, item, cert, case
 *       prints the stored form and returns 0 if it is well formed. Blanks, dashes, full-width and lower case are taken. */
int cli_clock(int argc, char **argv, const struct cli_env *env);
int cli_code(int argc, char **argv, const struct cli_env *env);

#endif
