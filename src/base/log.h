/* log.h - one line per event on standard error, as JSON. Never log what a person typed, names, numbers or secrets. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/rc.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below this level are not written. Default LOG_INFO. Set once at start. */
void log_set_level(enum log_level least);
/* The request or job that log lines of this thread belong to; NULL or "" for none. Copied. */
void log_set_request(const char *id);
void log_event(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);
#define log_info(...) log_event(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_event(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_event(LOG_ERROR, __VA_ARGS__)

/* A bug or exhausted resource: say so and abort; the supervising parent restarts the worker process. */
NORETURN void panic(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
