/* test_view.h - a view with a field of every kind, for the template's tests and its fuzz target. */
#ifndef TMPL_TEST_VIEW_H
#define TMPL_TEST_VIEW_H

#include "base/record.h"

struct row {
    struct str name;
    int64_t    n;
};
static const struct field row_fields[] = { FIELD(struct row, name), FIELD(struct row, n) };
static const struct record ROW = RECORD(struct row, row_fields);

struct out {
    struct str  title, state, link;
    struct html body;
    struct day  due;
    struct when at;
    struct fen  fee;
    int64_t     count;
    bool        open;
    struct list rows;
};
static const char *const states[] = { "received", "granted", "", NULL };
static const struct field out_fields[] = {
    FIELD(struct out, title), FIELD_WORD(struct out, state, states, "x.state"), FIELD(struct out, link),
    FIELD(struct out, body),  FIELD(struct out, due),                           FIELD(struct out, at),
    FIELD(struct out, fee),   FIELD(struct out, count),                         FIELD(struct out, open),
    FIELD_LIST(struct out, rows, &ROW),
};
static const struct record OUT = RECORD(struct out, out_fields);
struct frame {
    struct str user;
};
static const struct field frame_fields[] = { FIELD(struct frame, user) };
static const struct record FRAME = RECORD(struct frame, frame_fields);

#endif
