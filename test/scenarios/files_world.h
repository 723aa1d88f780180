/* files_world.h - what the tests of files share: a fixture with keys, calendar and the county; people with drafts. */
#ifndef TEST_FILES_WORLD_H
#define TEST_FILES_WORLD_H

#include "fixture.h"

#define ITEM "11522627MB0A00018A4000131006000"
#define PDF STR("%PDF-1.7\r\n--b not a boundary\n")

/* A prepared statement is known by its address: each has its own. */
#define NUMBER(name, text) static const struct sql name = { #name, text, text, 0 }

/* Set-up for cmocka. */
int files_on_sqlite(void **state);
int files_on_postgres(void **state);

int64_t number_of_rows(struct cx *cx, const struct sql *s);
/* A member of staff who is on the list: acts are recorded with him. */
int64_t some_clerk(struct cx *cx);
/* Somebody new with an account signs in. */
struct actor citizen(struct fixture *f, const char *code);
/* His draft's page of materials, with its token read; lives as long as the fixture. */
const char *draft(struct fixture *f);
/* Files in DIR/incoming, in DIR/materials. */
int incoming(const struct fixture *f);
int kept(const struct fixture *f);
/* One file for material 3, as the form sends it. */
struct answer send_file(struct fixture *f, const char *page, const char *name, struct str content);
/* Refused with this status and text; neither file nor row is left. */
void refused(struct fixture *f, struct answer a, int status, const char *text);
/* A request of resumable upload. Absent texts are not sent, but the version, which is 1.0.0 unless `version` says otherwise. */
struct tus_ask {
    enum method method;
    const char *address;
    const char *version, *length, *offset, *metadata, *type;
    struct str  body;   /* sent as application/offset+octet-stream unless `type` says otherwise */
    size_t      cut_at; /* the line goes dead after so many bytes of it; status 0 */
    bool        forged; /* without the form token */
    const char *origin;
};
struct tus_answer {
    int        status, retry_after_s;
    struct str location, body, offset, length, expires, version; /* until the next request */
};
struct tus_answer tus(struct fixture *f, const struct tus_ask *ask);
/* "field file-3,filename ..." in base64, kept. */
const char *tus_name(struct fixture *f, const char *field, const char *filename);
/* Files in DIR/materials/partial. */
int partial(const struct fixture *f);
/* The draft becomes a case; its number. The actor's body becomes the one that has it. */
struct str send_draft(struct fixture *f, const char *page);

#endif
