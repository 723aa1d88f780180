/* fuzz_conf.c - a configuration file: read, or refused with a line and a reason. */
#include "fuzz.h"

#include "base/conf.h"

struct settings {
    struct str data;
    int64_t    workers;
    bool       open;
};
static const struct field settings_fields[] = {
    FIELD(struct settings, data, .max = 100), FIELD(struct settings, workers, .min = 1, .max = 64), FIELD(struct settings, open),
};
static const struct record SETTINGS = RECORD(struct settings, settings_fields);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct settings s = { .workers = 4 };
    struct str why = STR_NONE;
    arena_init(&a, FUZZ_ARENA);
    enum rc rc = conf_read(fuzz_text(data, size), &SETTINGS, &a, &s, &why);
    HOLDS(rc == RC_OK || rc == RC_INVALID);
    HOLDS((rc == RC_INVALID) == (why.p != NULL));
    HOLDS(s.workers >= 1 && s.workers <= 64);
    HOLDS(str_utf8_ok(s.data));
    arena_done(&a);
    return 0;
}
