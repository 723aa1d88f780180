/* time.h - instants and days. Instants are ms since 1970 UTC; days are numbers since 1970-01-01 in China, fixed +08:00
 * (China has had no summer time since 1991). Conversions happen only at the edges. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/buf.h"

#define DAY_MS INT64_C(86400000)

/* A calendar day. n == 0 means "no day" in records: no date of this field lies in 1970. */
struct day {
    int32_t n;
};

/* An instant. ms == 0 means "none". */
struct when {
    int64_t ms;
};

/* Money in fen. */
struct fen {
    int64_t n;
};

struct civil {
    int year, month, day; /* month and day from 1 */
};

/* Proleptic Gregorian, any year 1..9999 (Howard Hinnant's days_from_civil). */
struct day   day_of(struct civil c);
struct civil day_civil(struct day d);
/* 1 = Monday .. 7 = Sunday (ISO 8601). */
int day_weekday(struct day d);
/* The date exists in the calendar, years 1900..2200. */
bool civil_ok(struct civil c);
/* "YYYY-MM-DD", exactly; false leaves *out alone. */
bool day_parse(struct str s, struct day *out);

/* The day in China at this instant. */
struct day day_at(int64_t ms);
/* 00:00 in China of this day. */
int64_t day_start(struct day d);
/* System clock, ms. Only the database layer and log call it: units of work read cx->now. */
int64_t time_now(void);
/* A clock that never goes back, ms; for measuring and waiting. */
int64_t time_mono(void);

/* "2026-10-08" */
void buf_day(struct buf *b, struct day d);
/* "2026-10-08T09:30:00+08:00" (RFC 3339, seconds) */
void buf_when(struct buf *b, int64_t ms);
/* "Thu, 08 Oct 2026 01:30:00 GMT" for HTTP headers */
void buf_http_date(struct buf *b, int64_t ms);
/* RFC 3339 with offset or Z; false leaves *out alone. */
bool when_parse(struct str s, int64_t *out_ms);

#endif
