/* places.h - items whose number is limited (行政许可法 12(2), 57): zones with a ceiling, and the places in them.
 * Words: a zone (区域) of an item has a ceiling; a place (名额) is reserved by acceptance, in the order of acceptance to the second,
 * taken by the grant, freed by refusal, withdrawal, lapse or the recorded end of the licence. Who is accepted when none is free
 * waits; nobody is ever granted because a place became free. */
#ifndef MODULES_PLACES_PLACES_H
#define MODULES_PLACES_PLACES_H

#include "http/app.h"
#include "http/route.h"

/* A zone with its figures; free = ceiling - taken - reserved, never below 0. `taken` includes what was there before. */
struct places_zone {
    int64_t    n, ceiling, taken_before, taken, reserved, waiting, free;
    struct str name;
    bool       sample;
};
extern const struct record PLACES_ZONE;

/* What a case has: state named, reserved, waiting, taken, freed or hoping (refused while it waited: told when one is free). */
struct places_place {
    int64_t     case_id, zone;
    struct str  item_code, state;
    struct when complete_at, accepted_at;
};
extern const struct record PLACES_PLACE;

/* A case that is told that a place is free; `reserved`: it stood first among those who wait and has the place reserved now. */
struct places_told {
    int64_t case_id;
    bool    reserved;
};

/* Zones of an item as struct places_zone, empty for an item without limit. */
enum rc places_zone_list(struct cx *cx, struct str item_code, struct list *out);
/* RC_NOT_FOUND if the case has named no zone. */
enum rc places_find(struct cx *cx, int64_t case_id, struct places_place *out);
/* Name the zone before acceptance, or another one. RC_INVALID on "zone" if the item has none of this number, RC_CONFLICT after
 * acceptance. */
enum rc places_name(struct cx *cx, int64_t case_id, struct str item_code, int64_t zone);
/* Accepted at `accepted_at` with papers that were complete at `complete_at` (ms): reserve a place, or wait. *out_overtaken: somebody
 * whose papers were complete later was accepted earlier. RC_CONFLICT if no zone is named or the case was accepted before. */
enum rc places_accept(struct cx *cx, int64_t case_id, int64_t complete_at, int64_t accepted_at, bool *out_overtaken);
/* Granted. RC_CONFLICT if no place is reserved for the case. */
enum rc places_take(struct cx *cx, int64_t case_id);
/* The case needs its place no longer, or never had one: refused, withdrawn, ended, or the licence has ended. *out_told lists who
 * must be told now (struct places_told). RC_NOT_FOUND if it named no zone; RC_CONFLICT if it was freed before. */
enum rc places_free(struct cx *cx, int64_t case_id, bool refused, struct list *out_told);
/* Zones from CSV text (item_code,zone,name,ceiling,taken,sample); rows that are there stay. RC_INVALID names the line. */
enum rc places_import(struct cx *cx, struct str csv);

extern const struct module places_module;

#endif
