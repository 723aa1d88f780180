/* timers.h - what the leading node does by the clock. */
#ifndef APP_TIMERS_H
#define APP_TIMERS_H

#include "http/app.h"

extern const struct module timers_module;

/* Make the search index of this node anew if the catalogue has changed; for the start and for the command line. */
enum rc timers_search_refresh(struct cx *cx);

#endif
