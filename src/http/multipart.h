/* multipart.h - parser of multipart/form-data (RFC 7578, RFC 2046), fed in pieces of any size; knows no files and no memory
 * but its own. Strict: no preamble, no nested parts, no transfer encodings, CRLF only; what browsers and curl send passes. */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "base/str.h"

enum { MULTIPART_BOUNDARY = 70, MULTIPART_HEAD = 4096, MULTIPART_FILES = 10, MULTIPART_FIELDS = 60, MULTIPART_NAME = 100 };

enum multipart_fault {
    MULTIPART_FINE,
    MULTIPART_BROKEN,   /* not this format */
    MULTIPART_TOO_MANY, /* more than MULTIPART_FILES files or MULTIPART_FIELDS fields */
    MULTIPART_STOPPED,  /* the sink said no */
};

/* Where parts go. Texts live until the call returns; false stops the parser. */
struct multipart_sink {
    void *arg;
    /* `filename.p` is NULL for a field. A file input without choice comes as a file with an empty name and no data. */
    bool (*begin)(void *arg, struct str name, struct str filename);
    bool (*data)(void *arg, const char *p, size_t n);
    bool (*end)(void *arg);
};

struct multipart {
    struct multipart_sink sink;
    enum multipart_fault  fault;
    int                   state;
    char                  mark[MULTIPART_BOUNDARY + 5]; /* CR LF - - boundary */
    size_t                mark_n, seen;                 /* bytes of the mark that were just seen */
    char                  head[MULTIPART_HEAD];
    size_t                head_n;
    int                   files, fields;
    bool                  nameless; /* the part is a file without name */
};

/* The type is multipart/form-data, whatever its boundary. */
bool multipart_is(struct str content_type);
/* Begin with the Content-Type header. False: no usable boundary; the parser is then at fault. */
bool multipart_open(struct multipart *m, struct str content_type, const struct multipart_sink *sink);
/* The next bytes. False once something is wrong; further bytes are ignored. */
bool multipart_put(struct multipart *m, const char *p, size_t n);
/* After the last byte: true if the body was whole. Otherwise m->fault says what was wrong. */
bool multipart_end(struct multipart *m);

#endif
