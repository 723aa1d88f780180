/* password.h - password hashes: argon2id, RFC 9106, 19 MiB, 2 passes, 1 lane (about 25 ms). */
#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H

#include "base/buf.h"

/* Encoded hash with its own salt, in the arena. Slow; never while holding the writer. At most four run at once. */
struct str password_hash(struct arena *a, struct str password);
/* Slow as well, also for an empty hash, so that time does not tell whether the account exists. */
bool password_ok(struct arena *a, struct str encoded, struct str password);

#endif
