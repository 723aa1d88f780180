/* serve.h - the verb `tongban serve`. */
#ifndef APP_SERVE_H
#define APP_SERVE_H

#include "app/start.h"

/* Exit status. */
int serve(const struct options *o);

#endif
