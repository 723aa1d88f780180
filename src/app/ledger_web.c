/* ledger_web.c - the ledger as a module: its schema. */
#include "app/ledger_web.h"

#include "ledger/ledger.h"
#include "ledger_sql.h"

const struct module ledger_module = {
    .name = "ledger",
    .sql = ledger_sql,
    .nsql = countof(ledger_sql),
    .schema = ledger_schema,
    .nschema = countof(ledger_schema),
};
