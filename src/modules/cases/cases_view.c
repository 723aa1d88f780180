/* cases_view.c - field tables of the module's pages. */
#include "cases_view.h"

#include "cases_store.h"
#include "modules/places/places.h"

static const char *const kinds[] = { "on_spot", "promised", NULL };
static const char *const units[] = { "WD", "CD", "", NULL };
static const char *const channels[] = { "web", "window", "station", "kiosk", "phone", NULL };
static const char *const ways[] = { "online", "window", "post", "", NULL };
static const char *const owners[] = { "window", "body", "applicant", "law", "", NULL };
static const char *const phases[] = { "check", "correction", "decision", "delivery", NULL };
static const char *const steps[] = { "submit", "accept", "review", "decide", "deliver", NULL };
static const char *const lights[] = { "none", "green", "yellow", "red", "stop", NULL };
static const char *const place_states[] = { "named", "reserved", "waiting", "taken", "freed", "hoping", "", NULL };
static const char *const event_kinds[] = {
    "case.received", "case.accepted", "case.not_accepted", "case.not_needed", "case.claimed", "case.opinion", "case.sent_back",
    "case.granted", "case.refused", "case.delivered", "case.withdrawn", "case.told", "case.supplemented", "case.completed",
    "case.reopened", "case.paused", "case.pause_revised", "case.pause_ended", "case.extended", "case.lapsed", "case.amendment_offered",
    "case.amended", "case.site_checked", "case.billed", "case.paid", "case.bill_cancelled", "case.refunded",
    "case.forwarded", "case.hearing_told", "case.place_named", "case.place_free", "case.licence_ended",
    "case.void_asked", "case.void_refused", "case.document_voided", "case.voided", "case.served", "case.posted", "case.phoned",
        "case.consent_given",
    "case.consent_withdrawn", "case.party_added", "case.party_told", "case.party_answered", "case.archived", "case.calendar_changed",
    "case.contact_shown", NULL,
};

#define V struct start_view
static const struct field start_fields[] = {
    FIELD(V, title), FIELD(V, code), FIELD_WORD(V, kind, kinds, "catalog.kind"), FIELD_WORD(V, promised_unit, units, "catalog.unit"),
    FIELD(V, visit_reason), FIELD(V, promised_days), FIELD(V, draft), FIELD(V, web), FIELD_LIST(V, materials, &CATALOG_MATERIAL),
    FIELD(V, guided), FIELD_LIST(V, fields, &FORM_FIELD_VIEW),
};
const struct record START_VIEW = RECORD(V, start_fields);
#undef V

#define V struct file_line
static const struct field file_fields[] = { FIELD(V, n), FIELD(V, filename), FIELD(V, size), FIELD(V, name), FIELD(V, made_at) };
static const struct record FILE_LINE = RECORD(V, file_fields);
#undef V
#define V struct slot_line
static const struct field slot_fields[] = {
    FIELD(V, n), FIELD(V, name), FIELD(V, note), FIELD(V, error), FIELD(V, held), FIELD(V, made), FIELD(V, is_key), FIELD(V, invalid),
    FIELD_LIST(V, files, &FILE_LINE),
};
static const struct record SLOT_LINE = RECORD(V, slot_fields);
#undef V
#define V struct materials_view
static const struct field materials_fields[] = { FIELD(V, title), FIELD(V, id), FIELD(V, missing), FIELD_LIST(V, slots, &SLOT_LINE) };
const struct record MATERIALS_VIEW = RECORD(V, materials_fields);
#undef V

static const struct field group_line_fields[] = {
    FIELD(struct group_line, name), FIELD(struct group_line, title), FIELD(struct group_line, done)
};
static const struct record GROUP_LINE = RECORD(struct group_line, group_line_fields);
#define V struct tasks_view
static const struct field tasks_fields[] = {
    FIELD(V, title), FIELD(V, id), FIELD(V, code), FIELD(V, updated_at), FIELD(V, ready), FIELD(V, files), FIELD(V, missing),
    FIELD_LIST(V, groups, &GROUP_LINE), FIELD(V, advised), FIELD_LIST(V, advice, &FORM_ADVICE),
};
const struct record TASKS_VIEW = RECORD(V, tasks_fields);
#undef V

#define V struct group_view
static const struct field group_fields[] = {
    FIELD(V, title), FIELD(V, item_name), FIELD(V, id), FIELD(V, group), FIELD(V, intro), FIELD(V, has_rows), FIELD(V, number),
    FIELD(V, total),
    FIELD_LIST(V, fields, &FORM_FIELD_VIEW),
};
const struct record GROUP_VIEW = RECORD(V, group_fields);
#undef V

#define V struct check_view
static const struct field check_fields[] = {
    FIELD(V, title), FIELD(V, id), FIELD(V, no), FIELD(V, ready), FIELD(V, nmissing),
    FIELD_LIST(V, sections, &FORM_SECTION), FIELD_LIST(V, missing, &SLOT_LINE), FIELD_LIST(V, advice, &FORM_ADVICE), FIELD(V, advised),
    FIELD(V, charge), FIELD(V, charge_how), FIELD(V, named), FIELD_LIST(V, names, &FORM_ADVICE),
};
const struct record CHECK_VIEW = RECORD(V, check_fields);
#undef V

static const struct field cell_fields[] = {
    FIELD(struct day_cell, day), FIELD_WORD(struct day_cell, owner, owners, "cases.owner"), FIELD(struct day_cell, nth),
    FIELD(struct day_cell, counted)
};
static const struct record CELL = RECORD(struct day_cell, cell_fields);
static const struct field event_fields[] = {
    FIELD_WORD(struct event_line, kind, event_kinds, "cases.event"), FIELD(struct event_line, at),
    FIELD(struct event_line, yours)
};
static const struct record EVENT = RECORD(struct event_line, event_fields);

static const struct field strip_cell_fields[] = {
    FIELD(struct strip_cell, date), FIELD_WORD(struct strip_cell, owner, owners, "cases.owner"), FIELD(struct strip_cell, now),
    FIELD(struct strip_cell, ahead), FIELD(struct strip_cell, promised), FIELD(struct strip_cell, last)
};
static const struct record STRIP_CELL = RECORD(struct strip_cell, strip_cell_fields);
static const struct field strip_fields[] = {
    FIELD_WORD(struct phase_strip, phase, phases, "cases.phase"), FIELD(struct phase_strip, used), FIELD(struct phase_strip, days),
    FIELD(struct phase_strip, promised_days), FIELD_LIST(struct phase_strip, cells, &STRIP_CELL)
};
static const struct record STRIP = RECORD(struct phase_strip, strip_fields);
static const struct field step_fields[] = {
    FIELD_WORD(struct step_line, step, steps, "cases.step"), FIELD(struct step_line, done), FIELD(struct step_line, now)
};
static const struct record STEP = RECORD(struct step_line, step_fields);

static const struct field wanted_fields[] = {
    FIELD(struct wanted_line, n), FIELD(struct wanted_line, name), FIELD(struct wanted_line, reason)
};
static const struct record WANTED = RECORD(struct wanted_line, wanted_fields);

#define V struct case_view
static const struct field case_fields[] = {
    FIELD(V, title), FIELD(V, no), FIELD(V, no_shown), FIELD(V, query_code), FIELD(V, item_code),
    FIELD_WORD(V, state, cases_states, "cases.state"), FIELD_WORD(V, channel, channels, "cases.channel"), FIELD(V, applicant_name),
    FIELD(V, applicant_mask), FIELD_WORD(V, service_way, ways, "cases.way"), FIELD_WORD(V, light, lights, "cases.light"),
    FIELD(V, body_name), FIELD(V, body_phone), FIELD(V, refused_reason), FIELD(V, step_name), FIELD(V, step_role),
    FIELD(V, claimed_name), FIELD(V, statutory_days), FIELD(V, promised_days), FIELD(V, used), FIELD(V, left), FIELD(V, elapsed),
    FIELD(V, excluded), FIELD(V, window_days), FIELD(V, body_days), FIELD(V, you_days), FIELD(V, unread), FIELD(V, received_on),
    FIELD(V, accepted_on), FIELD(V, check_due), FIELD(V, promised_due), FIELD(V, statutory_due), FIELD(V, told_due),
    FIELD(V, decided_on), FIELD(V, delivery_due), FIELD(V, today), FIELD(V, open), FIELD(V, may_withdraw), FIELD(V, in_check),
    FIELD(V, in_decision), FIELD(V, closed), FIELD(V, granted), FIELD(V, refused), FIELD(V, can_accept), FIELD(V, can_claim),
    FIELD(V, can_opinion), FIELD(V, can_decide), FIELD(V, can_deliver), FIELD(V, told), FIELD(V, in_correction), FIELD(V, can_tell),
    FIELD(V, can_reopen), FIELD(V, can_pause), FIELD(V, can_act), FIELD(V, has_strips),
    FIELD(V, can_end_pause), FIELD(V, can_extend), FIELD(V, can_on_spot),
    FIELD(V, can_forward), FIELD(V, hearing_until), FIELD(V, hearing_by), FIELD(V, amend_value), FIELD(V, amending), FIELD(V, has_bills),
    FIELD(V, has_site_checks), FIELD(V, can_amend), FIELD(V, can_check_site), FIELD(V, can_bill), FIELD(V, can_hearing_tell),
    FIELD(V, can_hearing_ask), FIELD(V, can_hearing_set), FIELD(V, can_hearing_hold), FIELD_LIST(V, bills, &CASES_BILL),
    FIELD_LIST(V, site_checks, &CASES_SITE_CHECK), FIELD(V, supply_until), FIELD(V, open_points),
    FIELD_LIST(V, points, &CASES_POINT), FIELD_LIST(V, wanted, &WANTED), FIELD(V, other_name), FIELD(V, other_reason),
    FIELD(V, until_typed),
    FIELD(V, deemed), FIELD(V, owner), FIELD(V, received_at),
    FIELD_LIST(V, events, &EVENT), FIELD_LIST(V, documents, &CASES_DOCUMENT_LINE), FIELD_LIST(V, tasks, &CASES_TASK_LINE),
    FIELD_LIST(V, materials, &CASES_MATERIAL), FIELD_LIST(V, sections, &FORM_SECTION), FIELD_LIST(V, days, &CELL),
    FIELD_LIST(V, strips, &STRIP), FIELD_LIST(V, steps, &STEP), FIELD(V, left_text), FIELD(V, due_on),
    FIELD_LIST(V, files, &FILE_LINE), FIELD(V, place_zone), FIELD_WORD(V, place_state, place_states, "places.state"),
    FIELD(V, limited), FIELD(V, can_name_place), FIELD(V, can_end_licence), FIELD_LIST(V, zones, &PLACES_ZONE), FIELD(V, has_remedy),
    FIELD_LIST(V, findings, &CASES_FINDING), FIELD(V, can_archive), FIELD(V, can_void), FIELD(V, can_void_case), FIELD(V, can_settle),
    FIELD_LIST(V, voids, &CASES_VOID), FIELD(V, consent), FIELD(V, has_services), FIELD(V, can_serve), FIELD(V, has_parties),
    FIELD(V, can_party), FIELD_LIST(V, date_changes, &DATE_CHANGE), FIELD_LIST(V, services, &CASES_SERVICE), FIELD_LIST(V, parties,
        &CASES_PARTY),
    FIELD(V, served_on), FIELD(V, reconsider_until), FIELD(V, sue_until), FIELD(V, remedy_body),
    FIELD_LIST(V, advice, &FORM_ADVICE), FIELD(V, advised),
    FIELD_LIST(V, amendable, &FORM_CHOICE_RECORD), FIELD(V, charge), FIELD(V, charge_how), FIELD(V, wants_site_check),
    FIELD(V, wants_forwarded), FIELD_LIST(V, pauses, &CATALOG_PAUSE), FIELD(V, pauses_own),
    FIELD(V, licence_ended_at), FIELD(V, retention_basis), FIELD(V, step_on), FIELD(V, step_late),
    FIELD(V, named), FIELD(V, has_candidates),
    FIELD_LIST(V, names, &FORM_ADVICE), FIELD_LIST(V, candidates, &FORM_CHOICE_VIEW),
};
const struct record CASE_VIEW = RECORD(V, case_fields);
#undef V

#define V struct mine_view
static const struct field mine_fields[] = {
    FIELD_LIST(V, cases, &CASES_LINE), FIELD_LIST(V, drafts, &CASES_DRAFT_LINE), FIELD(V, unread), FIELD(V, name), FIELD(V, next),
    FIELD(V, proven)
};
const struct record MINE_VIEW = RECORD(V, mine_fields);
#undef V

static const struct field inbox_fields[] = { FIELD_LIST(struct inbox_view, messages, &CASES_MESSAGE), FIELD(struct inbox_view, any) };
const struct record INBOX_VIEW = RECORD(struct inbox_view, inbox_fields);

#define V struct document_view
static const struct field document_fields[] = {
    FIELD(V, title), FIELD(V, number), FIELD_WORD(V, kind, cases_document_kinds, "cases.document"), FIELD(V, body_name),
    FIELD(V, applicant), FIELD(V, no), FIELD(V, n), FIELD(V, day), FIELD_LIST(V, paragraphs, &CASES_PARAGRAPH), FIELD(V, staff),
    FIELD(V, sealed), FIELD(V, voided_at), FIELD(V, successor), FIELD(V, successor_n),
};
const struct record DOCUMENT_VIEW = RECORD(V, document_fields);
#undef V

#define V struct queue_line
static const struct field queue_fields[] = {
    FIELD(V, no), FIELD(V, no_short), FIELD(V, item_name), FIELD(V, applicant_name),
    FIELD_WORD(V, channel, channels, "cases.channel"), FIELD(V, step), FIELD(V, state),
    FIELD(V, staff_name), FIELD_WORD(V, light, lights, "cases.light"), FIELD(V, left), FIELD(V, due_on),
    FIELD(V, step_on), FIELD(V, step_late), FIELD(V, received_at),
};
static const struct record QUEUE_LINE = RECORD(V, queue_fields);
#undef V
static const struct field tab_fields[] = {
    FIELD(struct queue_tab, address), FIELD(struct queue_tab, name), FIELD(struct queue_tab, count), FIELD(struct queue_tab, current)
};
static const struct record TAB = RECORD(struct queue_tab, tab_fields);
#define V struct work_view
static const struct field work_fields[] = {
    FIELD(V, title), FIELD(V, body_name), FIELD(V, today), FIELD_LIST(V, tabs, &TAB), FIELD_LIST(V, lines, &QUEUE_LINE),
    FIELD_LIST(V, claimed, &QUEUE_LINE), FIELD(V, clerk), FIELD(V, any_open), FIELD(V, any_claimed),
};
const struct record WORK_VIEW = RECORD(V, work_fields);
#undef V
static const struct field intake_page_fields[] = {
    FIELD(struct intake_page, title), FIELD_LIST(struct intake_page, fields, &FORM_FIELD_VIEW)
};
static const struct record INTAKE_PAGE = RECORD(struct intake_page, intake_page_fields);
#define V struct archive_view
static const struct field archive_fields[] = {
    FIELD(V, title), FIELD(V, no), FIELD(V, number), FIELD_WORD(V, retention, cases_retentions, "cases.retention"),
    FIELD_WORD(V, ended, cases_states, "cases.state"), FIELD(V, applicant_name), FIELD(V, hash), FIELD(V, made_at),
    FIELD(V, basis), FIELD_LIST(V, lines, &ARCHIVE_LINE),
};
const struct record ARCHIVE_VIEW = RECORD(V, archive_fields);
#undef V
#define V struct serve_line
static const struct field serve_line_fields[] = {
    FIELD(V, document), FIELD(V, no), FIELD(V, item_name), FIELD(V, receiver), FIELD_WORD(V, kind, cases_document_kinds, "cases.document"),
    FIELD(V, number),
    FIELD_WORD(V, way, ways, "cases.way"), FIELD(V, proof), FIELD(V, made_at), FIELD(V, phoned_at), FIELD(V, sent_on), FIELD(V, to_phone),
};
static const struct record SERVE_LINE = RECORD(V, serve_line_fields);
#undef V
#define V struct serve_view
static const struct field serve_fields[] = {
    FIELD(V, today), FIELD_LIST(V, due, &SERVE_LINE), FIELD_LIST(V, sent, &SERVE_LINE), FIELD(V, any_due), FIELD(V, any_sent),
};
const struct record SERVE_VIEW = RECORD(V, serve_fields);
#undef V
#define V struct contact_view
static const struct field contact_fields[] = {
    FIELD(V, no), FIELD_WORD(V, purpose, cases_contact_purposes, "cases.purpose"), FIELD(V, name), FIELD(V, agent), FIELD(V, phone),
    FIELD(V, address), FIELD(V, written), FIELD(V, document), FIELD(V, shown), FIELD(V, post), FIELD(V, nothing),
};
const struct record CONTACT_VIEW = RECORD(V, contact_fields);
#undef V
#define V struct intake_view
static const struct field intake_fields[] = {
    FIELD(V, title), FIELD(V, code), FIELD(V, item_name), FIELD(V, once), FIELD(V, chosen), FIELD(V, agent_open), FIELD(V, has_guide),
    FIELD(V, has_rows), FIELD(V, has_licence),
    FIELD_LIST(V, applicant, &FORM_FIELD_VIEW), FIELD_LIST(V, agent, &FORM_FIELD_VIEW), FIELD_LIST(V, contact, &FORM_FIELD_VIEW),
    FIELD_LIST(V, guide, &FORM_FIELD_VIEW), FIELD_LIST(V, pages, &INTAKE_PAGE), FIELD_LIST(V, service, &FORM_FIELD_VIEW),
    FIELD_LIST(V, materials, &CATALOG_MATERIAL),
};
const struct record INTAKE_VIEW = RECORD(V, intake_fields);
#undef V
