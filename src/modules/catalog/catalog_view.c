/* catalog_view.c - field tables of the public pages. */
#include "catalog_view.h"

#include "modules/org/org.h"
#include "modules/places/places.h"

static const struct field home_fields[] = {
    FIELD_LIST(struct home_view, frequent, &CATALOG_LINE), FIELD_LIST(struct home_view, firm, &CATALOG_SUBJECT),
    FIELD_LIST(struct home_view, person, &CATALOG_SUBJECT), FIELD(struct home_view, items),
    FIELD(struct home_view, on_spot), FIELD(struct home_view, to_complete), FIELD(struct home_view, bodies),
    FIELD(struct home_view, windows),
    FIELD(struct home_view, stations), FIELD(struct home_view, today),
};
const struct record HOME_VIEW = RECORD(struct home_view, home_fields);

static const char *const faces[] = { "firm", "person", "", NULL };
static const struct field list_fields[] = {
    FIELD(struct list_view, title),   FIELD_WORD(struct list_view, face, faces, "catalog.face"),
    FIELD(struct list_view, path),    FIELD(struct list_view, next),
    FIELD(struct list_view, duty),    FIELD(struct list_view, phone),
    FIELD(struct list_view, address), FIELD(struct list_view, total),
    FIELD(struct list_view, is_body), FIELD_LIST(struct list_view, lines, &CATALOG_LINE),
    FIELD_LIST(struct list_view, windows, &ORG_WINDOW),
};
const struct record LIST_VIEW = RECORD(struct list_view, list_fields);

static const struct field body_line_fields[] = {
    FIELD(struct body_line, code),  FIELD(struct body_line, name),  FIELD(struct body_line, duty),
    FIELD(struct body_line, phone), FIELD(struct body_line, items),
};
static const struct record BODY_LINE = RECORD(struct body_line, body_line_fields);
static const struct field bodies_fields[] = {
    FIELD_LIST(struct bodies_view, bodies, &BODY_LINE), FIELD(struct bodies_view, total)
};
const struct record BODIES_VIEW = RECORD(struct bodies_view, bodies_fields);

static const struct field situation_fields[] = {
    FIELD(struct situation, code), FIELD(struct situation, name), FIELD(struct situation, current)
};
static const struct record SITUATION = RECORD(struct situation, situation_fields);

static const char *const types[] = { "01", "05", "07", "08", "09", "10", "20", NULL };
static const char *const kinds[] = { "on_spot", "promised", NULL };
static const char *const units[] = { "WD", "CD", "", NULL };
#define V struct item_view
static const struct field item_fields[] = {
    FIELD(V, code), FIELD(V, title), FIELD(V, main_code), FIELD(V, main_name), FIELD(V, situation), FIELD(V, intro), FIELD(V, aliases),
    FIELD_WORD(V, type, types, "catalog.type"), FIELD(V, regime), FIELD_WORD(V, kind, kinds, "catalog.kind"),
    FIELD(V, basic_code), FIELD(V, level), FIELD(V, check_days), FIELD(V, statutory_days),
    FIELD_WORD(V, statutory_unit, units, "catalog.unit"), FIELD(V, statutory_basis), FIELD(V, promised_days),
    FIELD_WORD(V, promised_unit, units, "catalog.unit"), FIELD(V, fee), FIELD(V, fee_basis), FIELD(V, fee_standard),
    FIELD(V, result_name), FIELD(V, result_kind), FIELD(V, visits), FIELD(V, visit_reason), FIELD(V, body_code),
    FIELD(V, body_name), FIELD(V, body_phone), FIELD(V, body_address), FIELD(V, remedy_body), FIELD(V, decider_name),
    FIELD(V, source_code), FIELD(V, deliver_days), FIELD(V, version), FIELD(V, own_count), FIELD(V, held_count),
    FIELD(V, has_situations), FIELD(V, route), FIELD(V, guided), FIELD(V, deemed), FIELD(V, person), FIELD(V, firm),
    FIELD(V, web), FIELD(V, window), FIELD(V, station), FIELD(V, kiosk),
    FIELD(V, phone_channel), FIELD(V, sample), FIELD(V, sample_limits), FIELD(V, sample_materials),
    FIELD(V, sample_conditions), FIELD(V, sample_fee), FIELD(V, sample_result), FIELD(V, sample_basis),
    FIELD(V, sample_visits), FIELD(V, today), FIELD(V, due_example), FIELD(V, published_on), FIELD(V, json_ld, .secret = true),
    FIELD_LIST(V, situations, &SITUATION), FIELD_LIST(V, subjects, &CATALOG_SUBJECT),
    FIELD_LIST(V, conditions, &CATALOG_WORD), FIELD_LIST(V, bases, &CATALOG_WORD), FIELD_LIST(V, own, &CATALOG_MATERIAL),
    FIELD_LIST(V, held, &CATALOG_MATERIAL), FIELD_LIST(V, windows, &ORG_WINDOW), FIELD(V, limited), FIELD_LIST(V, zones, &PLACES_ZONE),
    FIELD(V, pauses_own), FIELD(V, has_pauses), FIELD_LIST(V, pauses, &CATALOG_PAUSE),
};
const struct record ITEM_VIEW = RECORD(V, item_fields);

#undef V
#define V struct guide_view
static const struct field guide_fields[] = {
    FIELD(V, title), FIELD(V, code), FIELD(V, visit_reason), FIELD(V, answers), FIELD(V, own_count), FIELD(V, held_count),
    FIELD(V, answered), FIELD(V, advised), FIELD(V, web), FIELD_LIST(V, fields, &FORM_FIELD_VIEW), FIELD_LIST(V, advice, &FORM_ADVICE),
    FIELD_LIST(V, own, &CATALOG_MATERIAL), FIELD_LIST(V, held, &CATALOG_MATERIAL),
};
const struct record GUIDE_VIEW = RECORD(V, guide_fields);
#undef V
