/* fuzz_json.c - JSON into a record: whatever comes, an answer; what was read is written and read again alike. */
#include "fuzz.h"

#include "base/json.h"

struct row {
    struct str name;
    int64_t    n;
};
static const struct field row_fields[] = { FIELD(struct row, name, .max = 20), FIELD(struct row, n, .min = -5) };
static const struct record ROW = RECORD(struct row, row_fields);

static const char *const words[] = { "open", "closed", NULL };
struct input {
    struct str  text, word;
    int64_t     number;
    bool        yes;
    struct day  day;
    struct when when;
    struct fen  fee;
    struct list rows;
};
static const struct field input_fields[] = {
    FIELD(struct input, text, .max = 100, .multiline = true), FIELD(struct input, word, .words = words),
    FIELD(struct input, number, .min = -1000, .max = 1000),   FIELD(struct input, yes),
    FIELD(struct input, day),                                 FIELD(struct input, when),
    FIELD(struct input, fee),                                 FIELD_LIST(struct input, rows, &ROW, .max = 5),
};
static const struct record INPUT = RECORD(struct input, input_fields);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct input in, again;
    struct issues issues = { 0 }, none = { 0 };
    struct buf first, second;
    arena_init(&a, FUZZ_ARENA);
    enum rc rc = json_read(fuzz_text(data, size), &INPUT, &a, &issues, &in);
    HOLDS(rc == RC_OK || rc == RC_INVALID);
    HOLDS((rc == RC_OK) == (issues.n == 0));
    if (rc == RC_OK) {
        buf_init(&first, &a, 0);
        json_write(&first, &INPUT, &in);
        HOLDS(json_read(buf_view(&first), &INPUT, &a, &none, &again) == RC_OK);
        buf_init(&second, &a, 0);
        json_write(&second, &INPUT, &again);
        HOLDS(str_eq(buf_view(&first), buf_view(&second)));
    }
    arena_done(&a);
    return 0;
}
