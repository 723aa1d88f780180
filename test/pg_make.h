/* pg_make.h - databases of their own for tests, on the server that TONGBAN_TEST_PG names. */
#ifndef TEST_PG_MAKE_H
#define TEST_PG_MAKE_H

#include "base/log.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "HEAD NAMETAIL" on the maintenance database; panics if it is refused. */
static inline void pg_maintain(const char *head, const char *name, const char *tail)
{
    char sql[200];
    snprintf(sql, sizeof sql, "%s %s%s", head, name, tail);
    PGconn *h = PQconnectdb(getenv("TONGBAN_TEST_PG"));
    PGresult *r = PQexec(h, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        panic("%s: %s", sql, PQerrorMessage(h));
    PQclear(r);
    PQfinish(h);
}

struct pg_database {
    char name[60], url[400];
};

/* A new empty database. */
static inline void pg_create(struct pg_database *out)
{
    static int n;
    const char *server = getenv("TONGBAN_TEST_PG");
    snprintf(out->name, sizeof out->name, "tongban_%d_%d", (int)getpid(), n++);
    pg_maintain("CREATE DATABASE", out->name, "");
    snprintf(out->url, sizeof out->url, "%s%cdbname=%s", server, strchr(server, '?') ? '&' : '?', out->name);
}

static inline void pg_drop(const struct pg_database *made)
{
    pg_maintain("DROP DATABASE", made->name, " WITH (FORCE)");
}

#endif
