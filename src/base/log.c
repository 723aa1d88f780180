/* log.c - JSON lines on standard error, written with one write(2) each so that threads do not mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum log_level least = LOG_INFO;
static _Thread_local char request[40];

void log_set_level(enum log_level level)
{
    least = level;
}

void log_set_request(const char *id)
{
    snprintf(request, sizeof request, "%s", id ? id : "");
}

/* Quotes, backslashes and control characters become harmless; good enough for messages that we wrote ourselves. */
static void tame(char *s)
{
    for (; *s; s++)
        if (*s == '"' || *s == '\\')
            *s = '\'';
        else if ((unsigned char)*s < 0x20)
            *s = ' ';
}

static void write_line(const char *level, char *msg)
{
    char line[2300], when[40];
    struct timespec t;
    struct tm tm;
    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &tm);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &tm);
    tame(msg);
    int n = snprintf(line, sizeof line, "{\"at\":\"%s.%03ldZ\",\"level\":\"%s\",%s%s%s\"msg\":\"%s\"}\n", when,
                     t.tv_nsec / 1000000, level, request[0] ? "\"request\":\"" : "", request,
                     request[0] ? "\"," : "", msg);
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
        return; /* nobody left to tell */
}

void log_event(enum log_level level, const char *fmt, ...)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    char msg[2000];
    if (level < least)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    write_line(names[level], msg);
}

void panic(const char *fmt, ...)
{
    char msg[2000];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    write_line("panic", msg);
    abort();
}
