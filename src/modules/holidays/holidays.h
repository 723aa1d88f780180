/* holidays.h - the calendar as it is kept in the database: newly published national notices, and local holidays of a division, laid over
 * the built-in notices (全国年节及纪念日放假办法; local holidays of minorities: art. 4).
 * A change concerns days ahead only: what was worked was worked. It moves the version; who keeps dates recomputes them from it. */
#ifndef MODULES_HOLIDAYS_HOLIDAYS_H
#define MODULES_HOLIDAYS_HOLIDAYS_H

#include "http/app.h"
#include "http/route.h"
#include "modules/calendar/calendar.h"

struct holidays_day {
    struct str  division, name, source; /* division: 12 digits, "" = national */
    struct day  day;
    bool        working; /* a make-up day; else a holiday */
    struct when made_at;
};
extern const struct record HOLIDAYS_DAY;

/* The calendar of this installation's division today; app->calendar itself while nothing is laid over it, else built in cx->arena (about
 * 20 us), so ask once in a loop. A date is never told without the local holidays: what the read failed with, RC_FAILED (logged) if the
 * rows make no calendar. NULL only where the app has none. */
enum rc holidays_calendar(struct cx *cx, const struct calendar **out);
/* Counts changes; 0 before the first. */
enum rc holidays_version(struct cx *cx, int64_t *out);
/* Names of the days that changed after `from` through `to`: "苗年（示例县人民政府通知）". At most 20. */
enum rc holidays_why(struct cx *cx, int64_t from, int64_t to, struct str *out);

/* By the system administrator, with name and source. RC_INVALID: a day that is not ahead, a division that is neither national nor this one
 * or above it. RC_CONFLICT: the division has a row for this day already. */
enum rc holidays_set(struct cx *cx, const struct holidays_day *d);
/* Take it back, with reason. RC_NOT_FOUND if there is none; RC_INVALID for a day that is not ahead. */
enum rc holidays_end(struct cx *cx, struct str division, struct day day, struct str reason);
/* A whole notice as CSV (date,type,name) of one division and source; days that are there with this division are left. RC_INVALID names
 * the line; nothing is kept then. */
enum rc holidays_import(struct cx *cx, struct str division, struct str notice, struct str csv);

extern const struct module holidays_module;

#endif
