/* tus.h - what the tus 1.0.0 protocol (resumable uploads) adds to a request: its headers, read strictly. Pure. */
#ifndef HTTP_TUS_H
#define HTTP_TUS_H

#include "http/route.h"

enum { TUS_PAIRS = 8, TUS_METADATA = 4096 };
#define TUS_VERSION STR("1.0.0")
#define TUS_TYPE STR("application/offset+octet-stream")

/* Upload-Metadata: "key base64,key base64". Values must be UTF-8; keys may not come twice. False: not of this form, more than
 * TUS_PAIRS pairs, or longer than TUS_METADATA. */
bool tus_metadata(struct str header, struct arena *a, struct pair out[TUS_PAIRS], size_t *out_n);
/* Upload-Length, Upload-Offset: a whole number of bytes, digits only. */
bool tus_number(struct str header, int64_t *out);

#endif
