/* db_checkpoint.c - the thread that copies the WAL into the database while the writer goes on. */
#include "db/sqlite_priv.h"

#include <time.h>

enum { WAL_PAGES_WORTH = 1000, PAUSE_MS = 5, RETRY_MS = 100 };

static bool has_work(const struct checkpointer *k)
{
    return k->wal_pages > WAL_PAGES_WORTH && (k->commits != k->seen || k->left);
}

/* Under m: let the writer breathe between two rounds; longer when a reader or the writer kept pages back. */
static void pause_between(struct checkpointer *k)
{
    long pause_ms = k->left ? RETRY_MS : PAUSE_MS;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += pause_ms * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    while (!k->stop && pthread_cond_timedwait(&k->wake, &k->m, &until) == 0)
        continue;
}

static void *checkpointer_run(void *arg)
{
    struct checkpointer *k = arg;
    pthread_mutex_lock(&k->m);
    for (;;) {
        while (!k->stop && !has_work(k))
            pthread_cond_wait(&k->wake, &k->m);
        if (k->stop)
            break;
        k->seen = k->commits;
        pthread_mutex_unlock(&k->m);
        int in_wal = 0, copied = 0;
        int err = sqlite3_wal_checkpoint_v2(k->conn.h, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
        pthread_mutex_lock(&k->m);
        k->left = err != SQLITE_OK || copied < in_wal;
        pause_between(k);
    }
    pthread_mutex_unlock(&k->m);
    return NULL;
}

void checkpointer_tell(struct checkpointer *k, int wal_pages)
{
    pthread_mutex_lock(&k->m);
    k->wal_pages = wal_pages;
    k->commits++;
    if (has_work(k))
        pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->m);
}

bool checkpointer_open(struct checkpointer *k, const char *path)
{
    pthread_condattr_t attr;
    if (!conn_open(&k->conn, path, true))
        return false;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&k->m, NULL);
    pthread_cond_init(&k->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&k->thread, NULL, checkpointer_run, k))
        panic("no thread for checkpoints");
    return true;
}

void checkpointer_close(struct checkpointer *k)
{
    pthread_mutex_lock(&k->m);
    k->stop = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->m);
    pthread_join(k->thread, NULL);
    conn_close(&k->conn);
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->m);
}
