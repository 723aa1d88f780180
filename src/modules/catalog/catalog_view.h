/* catalog_view.h - what the public pages show; each is a page and a JSON document. */
#ifndef MODULES_CATALOG_VIEW_H
#define MODULES_CATALOG_VIEW_H

#include "all_tmpl.h"
#include "modules/catalog/catalog.h"

struct home_view {
    struct list frequent, firm, person;
    int64_t     items, on_spot, to_complete, bodies, windows, stations;
    struct day  today;
};
extern const struct record HOME_VIEW;

/* Items of a subject or of a body. */
struct list_view {
    struct str  title, face, path, next, duty, phone, address;
    int64_t     total;
    bool        is_body;
    struct list lines, windows;
};
extern const struct record LIST_VIEW;

struct body_line {
    struct str code, name, duty, phone;
    int64_t    items;
};
struct bodies_view {
    struct list bodies;
    int64_t     total;
};
extern const struct record BODIES_VIEW;

struct situation {
    struct str code, name;
    bool       current;
    int        rank;
};

/* The guide of an item. */
struct item_view {
    struct str  code, title, main_code, main_name, situation, intro, aliases, type, regime, kind, basic_code, statutory_unit,
                statutory_basis, promised_unit, fee_basis, fee_standard, result_name, result_kind, visit_reason, body_code,
                body_name, body_phone, body_address, remedy_body, decider_name, source_code;
    int64_t     level, check_days, statutory_days, promised_days, deliver_days, visits, version, own_count, held_count;
    struct str  route;  /* names of the steps, in order; "": the usual ones */
    bool        guided; /* questions tell beforehand whether it is this item */
    bool        has_situations, fee, deemed, person, firm, web, window, station, kiosk, phone_channel;
    bool        sample, sample_limits, sample_materials, sample_conditions, sample_fee, sample_result, sample_basis, sample_visits;
    struct day  today, due_example, published_on;
    bool        limited; /* so many in a zone */
    bool        pauses_own; /* the item's own law lists what does not count; else it is the list of the regime */
    bool        has_pauses;
    struct list situations, subjects, conditions, bases, own, held, windows, zones, pauses;
    struct html json_ld;
};
extern const struct record ITEM_VIEW;

/* The questions before anything else, and what the answers say. */
struct guide_view {
    struct str  title, code, visit_reason, answers; /* answers: as the query of the next page */
    int64_t     own_count, held_count;
    bool        answered, advised, web;
    struct list fields, advice, own, held;
};
extern const struct record GUIDE_VIEW;

#endif
