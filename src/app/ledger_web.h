/* ledger_web.h - the ledger as a module: its schema, its public routes, its timers. */
#ifndef APP_LEDGER_WEB_H
#define APP_LEDGER_WEB_H

#include "http/app.h"

extern const struct module ledger_module;

#endif
