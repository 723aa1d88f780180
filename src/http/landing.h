/* landing.h - a file on its way in, sealed from its first byte: nothing that people send lies on the disk in the clear.
 * On the disk: head, ciphertext and, once the file is whole, the tag (base/seal.h). A landing owns an open descriptor and must
 * be closed; the file stays. */
#ifndef HTTP_LANDING_H
#define HTTP_LANDING_H

#include "base/seal.h"
#include "http/route.h"

#define LANDING_PLACE "materials_file.bytes"

struct landing;

/* What a whole file is known by: a blind index of its SM3, so that nobody without the key can tell which file it is. */
struct digest landing_name(const struct keyring *k, struct digest sm3);

/* A new file at `path` (NUL-terminated). NULL if the disk does not take it (logged). */
struct landing *landing_new(struct arena *a, const struct keyring *k, struct str path);
/* To go on with an unfinished file after `at` bytes of content; what lies behind goes. Such a landing cannot be finished: it has
 * not seen the beginning. NULL with errno ENOENT: no such file or shorter; EWOULDBLOCK: somebody is writing to it. */
struct landing *landing_append(struct arena *a, const struct keyring *k, struct str path, int64_t at);
/* Read an unfinished file of `size` bytes of content from its beginning, to finish it. NULL as above; or it cannot be read. */
struct landing *landing_again(struct arena *a, const struct keyring *k, struct str path, int64_t size);
/* The next bytes. False: the disk takes no more (logged). */
bool landing_put(struct landing *l, const char *p, size_t n);
/* The file is whole: what it is, and its tag behind it. Fills type, path, size, sm3 and name. False as above. */
bool landing_finish(struct landing *l, struct upload *out);
/* NULL is a no-op. */
void landing_close(struct landing *l);
/* The bytes of a body, as they come, to where the route's `land` said. What goes wrong is in l->status. */
struct landing *landed_open(struct arena *a, const struct keyring *k, struct landed *l);
void            landed_put(struct landed *l, struct landing *to, const char *p, size_t n);
/* Bytes of content of an unfinished file, durable as told; -1 if there is none. */
int64_t landing_size(struct str path);

#endif
