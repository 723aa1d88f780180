/* receive.h - a multipart body on its way in: files go sealed to DIR/incoming while they are counted and hashed, fields into the
 * arena. Whatever lies in incoming when the answer is made is removed; who wants to keep a file links it elsewhere first. */
#ifndef HTTP_RECEIVE_H
#define HTTP_RECEIVE_H

#include "http/multipart.h"
#include "http/wire.h"

enum { RECEIVE_TEXT_MAX = 64 * 1024, RECEIVE_FILENAME = 100 };

struct receiver;

/* Data directory and keys are those of `app`; everything lives in `a`. Never NULL: what is wrong is said by receiver_end. */
struct receiver *receiver_open(struct arena *a, const struct app *app, struct str content_type);
/* The next bytes. After a fault they are dropped, so that the client may finish sending and read why. */
void receiver_put(struct receiver *r, const char *p, size_t n);
/* After the last byte. `out` lives as long as the arena; with a fault out->status is not 0 and no file is left. */
void receiver_end(struct receiver *r, struct received *out);
/* Removes the files from incoming; NULL is a no-op. Needed also when the body was cut off. */
void receiver_close(struct receiver *r);
/* Remove what a killed process left. At the start, before anything is received: nobody else writes to this data directory. */
void receiver_sweep(struct str dir);
/* A name to show and to download by: no path, no control or direction characters, at most RECEIVE_FILENAME code points
 * with its ending kept; "file" if nothing is left. */
struct str filename_clean(struct arena *a, struct str name);

#endif
