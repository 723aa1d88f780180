/* org.c - the module's row. */
#include "modules/org/org.h"
#include "org_sql.h"

const struct module org_module = {
    .name = "org",
    .sql = org_sql,
    .nsql = countof(org_sql),
    .schema = org_schema,
    .nschema = countof(org_schema),
};
