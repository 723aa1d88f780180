/* password.c - argon2id with a bound on how many run at once. */
#include "base/password.h"

#include "base/hash.h"
#include "base/log.h"

#include <argon2.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

enum { PASSES = 2, KIB = 19456, LANES = 1, SALT = 16, HASH = 32, ENCODED_MAX = 160, AT_ONCE = 4 };

static sem_t          slots;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void slots_make(void)
{
    sem_init(&slots, 0, AT_ONCE);
}

static void slot_take(void)
{
    pthread_once(&once, slots_make);
    while (sem_wait(&slots))
        ;
}

struct str password_hash(struct arena *a, struct str password)
{
    unsigned char salt[SALT];
    char *out = arena_alloc(a, ENCODED_MAX);
    random_bytes(salt, sizeof salt);
    slot_take();
    int rc = argon2id_hash_encoded(PASSES, KIB, LANES, password.p, password.n, salt, SALT, HASH, out, ENCODED_MAX);
    sem_post(&slots);
    if (rc != ARGON2_OK)
        panic("argon2: %s", argon2_error_message(rc));
    return str_c(out);
}

bool password_ok(struct arena *a, struct str encoded, struct str password)
{
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    struct str text = arena_str(a, encoded.n ? encoded : str_c(nobody));
    slot_take();
    int rc = argon2id_verify(text.p, password.p ? password.p : "", password.n);
    sem_post(&slots);
    return rc == ARGON2_OK && encoded.n;
}
