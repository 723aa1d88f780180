/* csv.h - RFC 4180 reader over text in memory: quotes, doubled quotes, line breaks in quotes, CRLF or LF, one BOM. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/record.h"

enum { CSV_COLUMNS_MAX = 100 };

struct csv {
    struct str     rest; /* not read yet */
    int64_t        line; /* line number where the last row began, from 1 */
    int64_t        next_line;
    struct arena  *a;    /* cells with doubled quotes are copied here */
    struct pair    row[CSV_COLUMNS_MAX]; /* name from the header, value of this row */
    size_t         columns;
};

/* Read the header. RC_INVALID if there is none, a name repeats or it has more than CSV_COLUMNS_MAX columns. */
enum rc csv_open(struct csv *c, struct str text, struct arena *a);
/* Next row into c->row. RC_NOT_FOUND at the end; RC_INVALID for a row with the wrong number of cells, a stray quote or
 * bad UTF-8 (the reader goes on at the next line). Blank lines are skipped. */
enum rc csv_next(struct csv *c);

#endif
