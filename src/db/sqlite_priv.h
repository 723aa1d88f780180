/* sqlite_priv.h - what the parts of the SQLite driver share: connections, the writer, checkpoints. */
#ifndef DB_SQLITE_PRIV_H
#define DB_SQLITE_PRIV_H

#include "db/db_priv.h"

#include <sqlite3.h>

/* Statements that open and close units; prepared once per connection. */
enum control { C_BEGIN, C_BEGIN_WRITE, C_COMMIT, C_ROLLBACK, C_UNIT, C_UNIT_KEEP, C_UNIT_UNDO, CONTROLS };

/* One connection. Used by one thread at a time. */
struct conn {
    sqlite3      *h;
    struct stmts  stmts;
    sqlite3_stmt *control[CONTROLS];
};

/* False with the reason logged. Creates the file, never its directory. */
bool conn_open(struct conn *c, const char *path, bool is_writer);
void conn_close(struct conn *c);
/* SQLite's code of running one control statement. */
int conn_control(struct conn *c, enum control which);
/* The outcome of SQLite's code; what is ours is logged with `what` was tried. */
enum rc conn_rc(struct conn *c, const char *what, int code);
/* Several statements; RC_OK or conn_rc. */
enum rc conn_script(struct conn *c, const char *what, const char *sql);
/* No transaction is open (any more). */
bool conn_idle(const struct conn *c);

/* The checkpoint thread: moves pages from the WAL to the database beside the writer. */
struct checkpointer {
    pthread_mutex_t m;
    pthread_cond_t  wake;
    pthread_t       thread;
    struct conn     conn;
    int             wal_pages; /* after the last commit */
    int64_t         commits, seen;
    bool            left; /* the last round could not copy everything */
    bool            stop;
};

bool checkpointer_open(struct checkpointer *k, const char *path);
void checkpointer_close(struct checkpointer *k);
/* The writer committed; wakes the thread when there is enough to do. */
void checkpointer_tell(struct checkpointer *k, int wal_pages);

struct batch;
struct sqlite_session;

/* The one writing connection. Whoever holds it (`held`) may use conn and batch; everything else is under m. */
struct writer {
    struct db_pool        *pool;
    struct conn            conn;
    pthread_mutex_t        m;
    struct sqlite_session *first, *last; /* waiting for it, first come first served */
    bool                   held;
    int                    expected; /* units that were announced and neither wait yet nor were called off */
    int64_t                commit_us; /* of the last COMMIT */
    bool                   is_timed;  /* the committer sleeps until a batch without holder is due */
    struct batch          *batch;   /* units are joining; NULL: the next unit opens one */
    struct batch          *closing; /* the committer's; the writer is held by it meanwhile */
    pthread_cond_t         closed;
    bool                   stop;
    pthread_t              committer;
    int                    wal_pages; /* after the last commit */
    int                    wal_pages_max; /* beyond it the writer itself copies pages; tests change both */
    int64_t                batch_us;      /* an older batch is closed */
    struct checkpointer    checkpointer;
};

struct sqlite_pool {
    char         *path;
    int64_t       mapped; /* bytes of the file that reading connections map */
    struct writer writer;
};

struct sqlite_session {
    struct conn            reader; /* opened at the first READ unit */
    struct batch          *batch;  /* of the last WRITE unit */
    struct sqlite_session *next;   /* behind it in the writer's queue */
    pthread_cond_t         granted_now;
    bool                   granted;
    bool                   expected; /* its next WRITE unit was announced */
};

bool writer_open(struct writer *w, struct db_pool *p, const char *path);
void writer_close(struct writer *w);
/* A unit in a batch. RC_OK or RC_BUSY. */
enum rc writer_begin(struct writer *w, struct db *db);
enum rc writer_end(struct writer *w, struct db *db, bool keep);
/* A unit is on its way, not known in which session; it does not come after all, or it came. */
void writer_expect(struct writer *w);
void writer_expect_no_more(struct writer *w, struct sqlite_session *s);
/* Register for the end of the batch of the session's last unit. */
void writer_after(struct writer *w, struct sqlite_session *s, void (*done)(void *arg, enum rc rc), void *arg);
/* The writer without batch or transaction; gives it back after writer_enter_alone. */
void writer_enter_alone(struct writer *w, struct sqlite_session *s);
void writer_leave_alone(struct writer *w);
/* Forget the batch of the session's last unit. */
void writer_forget(struct writer *w, struct sqlite_session *s);

#endif
