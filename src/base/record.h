/* record.h - one field table per struct, six readers: row scanner, form reader, JSON, templates, audit log, copy.
 * A row holds facts only: no callbacks. The type tag comes from the struct member, so an unsupported member does not
 * compile. */
#ifndef BASE_RECORD_H
#define BASE_RECORD_H

#include "base/issues.h"
#include "base/time.h"

enum ftype { F_I64, F_BOOL, F_STR, F_HTML, F_DAY, F_WHEN, F_FEN, F_LIST };

struct record;

struct field {
    const char *name;
    enum ftype  type;
    size_t      at; /* offset in the struct */
    /* limits for input; 0 means the default of the type */
    int64_t min, max;   /* F_I64, F_FEN: range. F_STR: code points (default max 200). F_LIST: elements (default 200) */
    bool    required;   /* empty input is an issue */
    bool    multiline;  /* F_STR may hold line breaks */
    bool    secret;     /* never logged, never echoed */
    const char *const *words; /* F_STR: closed list, NULL-terminated; shown as message `label.word` */
    const char        *label; /* message key prefix of `words` */
    const struct record *of;  /* F_LIST: the element */
};

struct record {
    size_t              size, n;
    const struct field *fields;
};

#define FTYPE(x)                                                                                                       \
    _Generic((x),                                                                                                      \
        int64_t: F_I64,                                                                                                \
        bool: F_BOOL,                                                                                                  \
        struct str: F_STR,                                                                                             \
        struct html: F_HTML,                                                                                           \
        struct day: F_DAY,                                                                                             \
        struct when: F_WHEN,                                                                                           \
        struct fen: F_FEN,                                                                                             \
        struct list: F_LIST)
#define FIELD(T, m, ...) { .name = #m, .type = FTYPE(((T *)0)->m), .at = offsetof(T, m), __VA_ARGS__ }
#define FIELD_WORD(T, m, list, key, ...) FIELD(T, m, .words = (list), .label = (key), __VA_ARGS__)
#define FIELD_LIST(T, m, rec, ...) FIELD(T, m, .of = (rec), __VA_ARGS__)
#define RECORD(T, f) { .size = sizeof(T), .n = countof(f), .fields = (f) }

/* One name and value of a form, a query string or a CSV line. */
struct pair {
    struct str name, value;
};

/* NULL if the record has no such field. */
const struct field *record_field(const struct record *r, struct str name);
/* A copy of the fields, with their texts and lists, that depends on nothing outside `a`. Members without a row are zero. */
void *record_copy(struct arena *a, const struct record *r, const void *from);
/* Fill `out` from text. Checks every limit of the field rows; adds issues ("base.required", "base.too_long", ...) and
 * goes on. Unknown names are ignored, repeated names and F_LIST fields take every value (a list of struct str records
 * whose record has one field). Text is trimmed and copied nowhere: it must outlive `out`.
 * RC_INVALID if any issue was added. */
enum rc record_from_pairs(const struct record *r, const struct pair *pairs, size_t n, struct arena *a,
                          struct issues *issues, void *out);
/* One value as text into one field, with the same checks. False if an issue was added. */
bool field_from_text(const struct field *f, struct str text, struct arena *a, struct issues *issues, void *out);
/* The word is in the NULL-terminated list. */
bool word_in(const char *const *words, struct str word);

#endif
