/* keep.h - public pages kept as ready answers, valid while version and day stay the same. */
#ifndef HTTP_KEEP_H
#define HTTP_KEEP_H

#include "http/wire.h"

#include <microhttpd.h>

struct keep;

/* An empty store; keep_close frees every page. */
struct keep *keep_open(struct arena *a);
void         keep_close(struct keep *k);
/* Queue the kept answer (page, gzip or 304) to the connection; false if there is none of this version and day. */
bool keep_answer(struct keep *k, struct MHD_Connection *c, const struct wire_in *in, unsigned variant, int64_t version,
                 struct day today);
/* Keep an answer. The body is copied and compressed. */
void keep_add(struct keep *k, const struct wire_in *in, unsigned variant, const struct wire_out *out, struct day today);
/* Header fields that every answer carries. */
void headers_add(struct MHD_Response *r, const struct wire_out *out);

#endif
