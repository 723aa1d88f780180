/* cli_ledger.h - the verb `tongban ledger`: verify, head, check-receipt. */
#ifndef APP_CLI_LEDGER_H
#define APP_CLI_LEDGER_H

#include "app/start.h"

/* Exit status: 0 if everything is as it should be (no faults; a head there; a receipt that proves), else 1. Words of `o`:
 *   verify [FILE]             FILE: a copy of the heads kept elsewhere; else the one in the data directory
 *   head
 *   check-receipt FILE [KEY]  needs no database; KEY: id of the published key that must have signed */
int cli_ledger(const struct options *o);

#endif
