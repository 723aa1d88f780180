/* system_web.h - the system administrator's page. */
#ifndef APP_SYSTEM_WEB_H
#define APP_SYSTEM_WEB_H

#include "http/app.h"

extern const struct module system_module;

#endif
