/* cases_view.h - what the pages of the module show; each is a page and a JSON document. */
#ifndef MODULES_CASES_VIEW_H
#define MODULES_CASES_VIEW_H

#include "all_tmpl.h"
#include "modules/cases/cases.h"

struct start_view {
    struct str  title, code, kind, promised_unit, visit_reason;
    int64_t     promised_days, draft;
    bool        web, guided; /* guided: the questions are asked here, before anything else */
    struct list materials, fields;
};
extern const struct record START_VIEW;

struct group_line {
    struct str name, title;
    bool       done;
};
/* A file that belongs to a draft or case. */
struct file_line {
    int64_t     n;
    struct str  filename, size, name; /* name: of the material or point */
    struct when made_at;
};
/* A material on the page where files are chosen. */
struct slot_line {
    int64_t     n;
    struct str  name, note, error;
    bool        held, made, is_key, invalid;
    struct list files; /* struct file_line */
};
struct materials_view {
    struct str  title, id;
    int64_t     missing;
    struct list slots;
};
extern const struct record MATERIALS_VIEW;

struct tasks_view {
    struct str  title, id, code;
    struct when updated_at;
    bool        ready;
    int64_t     files, missing; /* missing: key materials without file */
    bool        advised;
    struct list groups, advice;
};
extern const struct record TASKS_VIEW;

struct group_view {
    struct str  title, item_name, id, group, intro;
    int64_t     number, total;
    bool        has_rows;
    struct list fields;
};
extern const struct record GROUP_VIEW;

struct check_view {
    struct str  title, id, no;
    bool        ready;
    int64_t     nmissing;
    struct list sections, missing, advice; /* missing: struct slot_line */
    struct str  charge, charge_how;        /* yuan, by the answers; "" without fee */
    bool        advised, named;
    struct list names; /* struct form_advice: names that are in use; named: there are any */
};
extern const struct record CHECK_VIEW;

/* One working or other day of the clock, as a cell. */
struct day_cell {
    struct day day;
    struct str owner; /* window, body, applicant, law */
    int64_t    nth;
    bool       counted;
};
/* A working day in the strip of its phase: gone by, or ahead up to the last limit. */
struct strip_cell {
    int64_t    date;  /* day of the month */
    struct str owner; /* as above; "" for days ahead */
    bool       now, ahead, promised, last;
};
struct phase_strip {
    struct str  phase;           /* check, correction, decision, delivery */
    int64_t     used, days;      /* of the limit that the phase waits for; days 0: none */
    int64_t     promised_days;   /* decision only */
    struct list cells;
};
/* 提交 - 受理 - 审查 - 决定 - 送达 */
struct step_line {
    struct str step;
    bool       done, now;
};
struct event_line {
    struct str  kind;
    struct when at;
    bool        yours; /* done by the applicant */
};

/* A material that the notice may ask for, and what the clerk wrote about it before the form came back. */
struct wanted_line {
    int64_t    n;
    struct str name, reason;
};

/* A case, for citizen and staff. */
struct case_view {
    struct str  title, no, no_shown, query_code, item_code, state, channel, applicant_name, applicant_mask, service_way, light;
    struct str  body_name, body_phone, refused_reason, step_name, step_role, claimed_name;
    int64_t     statutory_days, promised_days, used, left, elapsed, excluded, window_days, body_days, you_days, unread;
    struct day  received_on, accepted_on, check_due, promised_due, statutory_due, told_due, decided_on, delivery_due, today;
    bool        open, may_withdraw, in_check, in_decision, closed, granted, refused, can_accept, can_claim, can_opinion, can_decide,
                can_deliver, deemed, owner, told, in_correction,
                can_tell, can_reopen, can_pause, can_end_pause, can_extend, can_on_spot, can_forward,
                can_act /* any of these */, has_strips;
    struct when received_at;
    struct list events, documents, tasks, materials, sections, days, points, wanted, strips, steps, files;
    struct str  other_name, other_reason, until_typed; /* of the notice that came back */
    struct str  left_text; /* "还有2天" until due_on */
    struct day  supply_until, hearing_until, hearing_by, due_on;
    struct str  amend_value;
    bool        amending, has_bills, has_site_checks, can_amend, can_check_site, can_bill, can_hearing_tell, can_hearing_ask,
                can_hearing_set, can_hearing_hold;
    struct list bills, site_checks, advice, amendable;
    int64_t     open_points;
    struct str  place_zone, place_state;                             /* of an item whose number is limited */
    bool        limited, can_name_place, can_end_licence, has_remedy;
    bool        can_archive, can_void, can_void_case, can_settle, consent, has_services, can_serve, has_parties, can_party;
    struct list services, parties, date_changes;
    struct list zones, findings, voids; /* voids: that wait for a second person */
    struct day  served_on, reconsider_until, sue_until;              /* of a refusal: from service */
    struct str  remedy_body;
    struct str  charge, charge_how; /* yuan, by the answers; "" without fee */
    bool        wants_site_check, wants_forwarded, advised;
    struct list pauses;     /* struct catalog_pause that the item's law allows */
    bool        pauses_own; /* the item's own law lists them; else its regime */
    struct when licence_ended_at;
    struct day  step_on;   /* of the open step: its share of the time */
    bool        step_late; /* that day is past */
    struct str  retention_basis;
    struct list names, candidates; /* struct form_advice: names in use; struct form_choice_view: names to grant one of */
    bool        named, has_candidates;
};
extern const struct record CASE_VIEW;

struct mine_view {
    struct list cases, drafts;
    int64_t     unread;
    struct str  name, next;
    bool        proven;
};
extern const struct record MINE_VIEW;

struct inbox_view {
    struct list messages;
    bool        any;
};
extern const struct record INBOX_VIEW;

struct document_view {
    struct str  title, number, kind, body_name, applicant, no;
    int64_t     n;
    struct day  day;
    struct list paragraphs;
    struct when voided_at; /* 作废; then the number and n of what replaces it, if anything does */
    struct str  successor;
    int64_t     successor_n;
    bool        staff, sealed;
};
extern const struct record DOCUMENT_VIEW;

struct queue_line {
    struct str  no, no_short; /* without the county, which all have */
    struct str  item_name, applicant_name, channel, step, state, staff_name, light, left;
    struct day  due_on, step_on;
    bool        step_late;
    struct when received_at;
};
struct queue_tab {
    struct str address, name;
    int64_t    count;
    bool       current;
};
struct work_view {
    struct str  title, body_name;
    struct day  today;
    struct list tabs, lines, claimed;
    bool        clerk, any_open, any_claimed;
};
extern const struct record WORK_VIEW;

struct intake_page {
    struct str  title;
    struct list fields;
};
/* The catalogue of an archived file; hash of a document: of its fields. */
struct archive_line {
    int64_t    n;
    struct str what, name, number, hash; /* of a file, number is its size */
    struct day day;
};
extern const struct record ARCHIVE_LINE;
struct archive_view {
    struct str  title, no, number, retention, basis, ended, applicant_name, hash; /* basis: of the retention */
    struct when made_at;
    struct list lines;
};
extern const struct record ARCHIVE_VIEW;

/* A date that another calendar moved; from or to empty: it was, or is, not known. */
struct date_change {
    struct day  from, to;
    struct str  why;
    struct when at;
};
extern const struct record DATE_CHANGE;

/* Documents that wait to be served, and those on their way. */
struct serve_line {
    int64_t     document;
    struct str  no, item_name, receiver, kind, number, way, proof;
    struct when made_at, phoned_at;
    struct day  sent_on;
    bool        to_phone; /* has no inbox */
};
struct serve_view {
    struct day  today;
    struct list due, sent;
    bool        any_due, any_sent;
};
extern const struct record SERVE_VIEW;

/* How to reach somebody, shown once. */
struct contact_view {
    struct str no, purpose, name, agent, phone, address, written;
    int64_t    document; /* 0: of a third party who is heard */
    bool       shown, post, nothing;
};
extern const struct record CONTACT_VIEW;

struct intake_view {
    struct str  title, code, item_name, once;
    bool        chosen, agent_open, has_guide, has_rows, has_licence;
    struct list guide, applicant, agent, contact, service; /* fields, as the clerk asks for them */
    struct list pages;                                     /* struct intake_page: what the item itself asks */
    struct list materials;
};
extern const struct record INTAKE_VIEW;

#endif
