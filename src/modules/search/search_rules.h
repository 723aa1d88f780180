/* search_rules.h - what a query means: folding, readings, parts, FTS5 expressions, slips, marks. Pure. */
#ifndef MODULES_SEARCH_RULES_H
#define MODULES_SEARCH_RULES_H

#include "base/buf.h"
#include "base/record.h"

enum {
    SEARCH_RUNES_MAX = 60,      /* of a query; more is cut off */
    SEARCH_SYLLABLES_MAX = 8,   /* of one reading token */
    SEARCH_RUNE_FIRST = 0x4E00, /* characters that search knows readings of: CJK Unified Ideographs */
    SEARCH_RUNE_LAST = 0x9FFF,
};

/* A character: its simplified form and how it is read, without tones; "" = not known. */
struct search_rune {
    int64_t    rune, plain;
    struct str sound, other;
};
extern const struct record SEARCH_RUNE;

/* Some or all characters, sorted. */
struct search_runes {
    const struct search_rune *v;
    size_t                    n;
};
/* NULL if it is not among them. */
const struct search_rune *search_rune_find(const struct search_runes *r, uint32_t rune);

/* All characters from ICU, in order: simplified form (Hant-Hans), reading (Han-Latin; Latin-ASCII) and a second reading
 * from our own list. Takes about 0.3 s. */
struct search_runes search_runes_make(struct arena *a);

/* ---- folding ------------------------------------------------------------------------------------------------------ */

/* NFKC and case folding (Unicode TR 15 by ICU), blanks and controls of any kind to one blank, trimmed, at most `max`
 * characters (0 = all). Valid UTF-8 comes in and goes out. */
struct str search_fold(struct arena *a, struct str raw, size_t max);
/* Traditional characters to simplified, one to one. */
struct str search_simplify(struct arena *a, struct str text, const struct search_runes *r);

/* ---- what is asked ------------------------------------------------------------------------------------------------ */

/* An item code or its beginning as stored (upper case), or STR_NONE. */
struct str search_code_of(struct arena *a, struct str text);
/* Without the words that only say "how do I": 我想开个饭店 -> 开饭店. The text itself if nothing is left. */
struct str search_core(struct arena *a, struct str text);
/* True if it may be somebody's number, or is too long to be a search: not to be kept. */
bool search_is_private(struct str text);
/* Seven or more digits in a row, blanks and dashes aside, or an @: a number or address that somebody can be found by. */
bool search_has_number(struct str text);
/* Has a character of a CJK script / an ASCII letter. */
bool search_has_han(struct str text);
bool search_has_letter(struct str text);

/* ---- readings ----------------------------------------------------------------------------------------------------- */

/* The query as a reading: syllables of its characters and its letters, one word; lü and nü as lu and nu. "" if it has
 * fewer than two letters or a character without reading. */
struct str search_reading_of(struct arena *a, struct str text, const struct search_runes *r);
/* Reading tokens of a text, for every character on: up to SEARCH_SYLLABLES_MAX syllables each, both readings of a
 * character that has two; and the initials in the same way. Appended with a blank each. */
void search_readings_put(struct buf *readings, struct buf *initials, struct str text, const struct search_runes *r);
/* Reading of each character, separated by blanks; "-" for a character without one. */
struct str search_sounds(struct arena *a, struct str text, const struct search_runes *r);

/* ---- expressions for FTS5 ----------------------------------------------------------------------------------------- */
/* What people type stands only inside double quotes; a quote in it is doubled. */

/* The text holds something that the tokenizer keeps. */
bool search_has_token(struct str text);
/* "text" as a phrase; a single character and a last ASCII word as a prefix. False if it has no token. */
bool search_put_phrase(struct buf *b, struct str text);
/* All parts: blank-separated, or the ways to split one run in two or three. False if there is no such way. */
bool search_put_parts(struct buf *b, struct str text);
/* What is left in a text with one slip of the pen at any place. False if it is shorter than 3 or longer than 16. */
bool search_put_slips(struct buf *b, struct str text);
/* Any two neighbouring characters. False if there are none. */
bool search_put_pairs(struct buf *b, struct str text);

/* ---- comparing ---------------------------------------------------------------------------------------------------- */

/* Number of the text's pairs of characters that also stand in `in`; *out_all gets how many there are. */
size_t search_pairs_in(struct str text, struct str in, size_t *out_all);
/* Fewest insertions, deletions and substitutions that make `text` a part of `in` (Sellers 1980). Texts longer than 100
 * characters are cut. */
size_t search_slips_within(struct str text, struct str in);

/* Characters [from, to) of a text. */
struct search_span {
    size_t from, to;
};
/* Where `part` stands first in `text`; false if it does not. */
bool search_span_of(struct str text, struct str part, struct search_span *out);
/* The characters of `sounds` whose readings or initials together begin with `reading`; false if none do. */
bool search_span_by_sound(struct str sounds, struct str reading, struct search_span *out);
/* `name` escaped, with these spans (sorted or not, may overlap) between <mark> and </mark>. */
struct html search_mark(struct arena *a, struct str name, const struct search_span *spans, size_t n);

#endif
