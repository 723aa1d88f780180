/* str.h - text as a view: pointer and length, not owned, not NUL-terminated unless its maker says so.
 * p == NULL is "no text" (SQL NULL); STR("") is empty text. Whoever keeps a view longer copies it (arena_str).
 * A `struct str` that came through http or the database is valid UTF-8 without NUL. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/rc.h"

struct str {
    const char *p;
    size_t      n;
};

/* Trusted markup: another type, so that it cannot be confused with text that must be escaped. */
struct html {
    const char *p;
    size_t      n;
};

/* A growing or finished list of records of one type; `v` points at `n` structs. */
struct list {
    void  *v;
    size_t n;
};

#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_INIT(lit) { "" lit, sizeof(lit) - 1 }
#define STR_NONE ((struct str){ 0 })
#define STR_F "%.*s"
#define STR_A(s) (int)(s).n, (s).p ? (s).p : ""

struct str str_c(const char *c); /* view of a C string; NULL gives STR_NONE */
bool       str_eq(struct str a, struct str b);
bool       str_is(struct str a, const char *c);
bool       str_eq_nocase(struct str a, struct str b); /* ASCII only */
int        str_cmp(struct str a, struct str b);       /* bytes, as C.UTF-8 sorts */
bool       str_starts(struct str s, struct str prefix);
bool       str_ends(struct str s, struct str suffix);
/* Index of the first `needle` in `s`, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_char(struct str s, char c);
/* Part from byte `from`, at most `n` bytes; clipped to `s`. */
struct str str_sub(struct str s, size_t from, size_t n);
/* Without ASCII blanks at both ends. */
struct str str_trim(struct str s);
/* Cut `*rest` at the first `sep`: returns the head, leaves the tail in `*rest`; at the end `*rest` becomes STR_NONE.
 * Loop: `while (rest.p) { part = str_cut(&rest, ','); ... }` */
struct str str_cut(struct str *rest, char sep);
/* `word` is one of the words with a blank between them. */
bool str_has_word(struct str words, struct str word);
/* Whole text as a decimal number within [min, max]; false leaves *out alone. */
bool str_i64(struct str s, int64_t min, int64_t max, int64_t *out);
/* Bytes are well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF) without NUL. */
bool str_utf8_ok(struct str s);
/* Next code point of valid UTF-8; advances `*s`. The text must not be empty. */
uint32_t str_rune(struct str *s);
/* Number of code points of valid UTF-8. */
size_t str_runes(struct str s);
/* First `n` code points. */
struct str str_first_runes(struct str s, size_t n);

#endif
