/* test_law.c - what the law demands beside the clock, through the pages, on both databases: limited numbers, void documents,
 * service of notices, third parties, archives, calendars. */
#include "fixture.h"

#include "base/conf.h"
#include "base/log.h"
#include "jobs/jobs.h"
#include "ledger/ledger.h"
#include "modules/cases/cases.h"
#include "modules/catalog/catalog.h"
#include "modules/docs/docs.h"
#include "modules/places/places.h"
#include "product.h"

#include <stdio.h>
#include <string.h>

#define TOBACCO "11522627MB0A00421C4000162001004"

/* fontconfig keeps its caches until the process ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}

/* ---- time and people ------------------------------------------------------------------------------------------------------ */

/* "2026-04-27 09:15:02", Asia/Shanghai. */
static void at(struct fixture *f, const char *when)
{
    char text[40];
    int64_t ms = 0;
    snprintf(text, sizeof text, "%.10sT%s+08:00", when, when + 11);
    CHECK(when_parse(str_c(text), &ms));
    db_set_clock(f->pool, ms);
}

/* "/cases/NO/part", kept. */
static const char *own(struct fixture *f, const char *no, const char *part)
{
    return arena_fmt(&f->kept, "/cases/%s%s", no, part).p;
}

static const char *desk(struct fixture *f, const char *no, const char *part)
{
    return arena_fmt(&f->kept, "/desk/cases/%s%s", no, part).p;
}

/* As submit and visit, with a session of today. */
static int send(struct visitor *v, const char *address, const char *form)
{
    if (v->account)
        visitor_again(v);
    struct answer a = submit(v, address, form);
    if (a.status >= 500)
        print_error("%s: %d\n", address, a.status);
    return a.status;
}

static bool shows(struct visitor *v, const char *address, const char *part)
{
    if (v->account)
        visitor_again(v);
    struct answer a = visit(v, address);
    bool found = a.status == 200 && answer_has(&a, part);
    if (!found)
        print_error("%s (%d) does not say %s\n", address, a.status, part);
    return found;
}

static bool hides(struct visitor *v, const char *address, const char *part)
{
    if (v->account)
        visitor_again(v);
    struct answer a = visit(v, address);
    return a.status == 200 && !answer_has(&a, part);
}

/* "2026-05-19", kept. */
static const char *day_text_of(struct fixture *f, int64_t day)
{
    struct buf b;
    buf_init(&b, &f->kept, 16);
    buf_day(&b, (struct day){ (int32_t)day });
    return arena_str(&f->kept, buf_view(&b)).p;
}

static int64_t count(struct fixture *f, const char *what, const char *no)
{
    return number(f, arena_fmt(&f->kept, "SELECT COUNT(*) FROM %s AND case_id = (SELECT id FROM cases_case WHERE no = '%s')", what, no).p);
}

/* ---- limited number --------------------------------------------------------------------------------------------------------- */

static struct str lines_of(struct cx *cx, const char *name, const char *code)
{
    struct str text, path = arena_fmt(cx->arena, "%s/county/%s.csv", DATA_DIR, name);
    struct buf b;
    buf_init(&b, cx->arena, 8192);
    if (file_read(path.p, 8 << 20, cx->arena, &text))
        panic("cannot read %s", path.p);
    for (bool head = true; text.p && text.n; head = false) {
        struct str line = str_cut(&text, '\n');
        if (head || !code || str_starts(line, str_c(code))) {
            buf_str(&b, line);
            buf_char(&b, '\n');
        }
    }
    return buf_view(&b);
}

/* The item with its zones: 12 places in the first, 11 of them taken. */
static void tobacco_load(struct fixture *f)
{
    struct cx *cx = fixture_begin(f, WRITE);
    struct catalog_report report;
    struct catalog_tables t = { .subjects = lines_of(cx, "subjects", NULL), .items = lines_of(cx, "items", TOBACCO ","),
                                .materials = lines_of(cx, "materials", "none"), .near_words = lines_of(cx, "near_words", NULL) };
    enum rc rc = catalog_import(cx, &t, false, &report);
    if (!rc)
        rc = places_import(cx, lines_of(cx, "zones", NULL));
    CHECK(fixture_end(f, rc) == RC_OK);
}

static void story_9_one_free_place_two_applicants(void **state)
{
    struct fixture *f = fixture_of(state);
    tobacco_load(f);
    at(f, "2026-04-27 09:00:00");
    struct visitor a = visitor_citizen(f, 1), b = visitor_citizen(f, 2), stranger = visitor_stranger(f);
    struct visitor clerk = visitor_staff(f, "ycj01"), reviewer = visitor_staff(f, "ycj02"), head = visitor_staff(f, "ycj03");
    CHECK(shows(&stranger, "/items/" TOBACCO, "<td class=\"govuk-table__cell\"><b>1</b></td>"));
    at(f, "2026-04-27 09:14:50");
    const char *second = case_send(&b, TOBACCO);
    at(f, "2026-04-27 09:14:55");
    const char *first = case_send(&a, TOBACCO);
    /* the zone comes before acceptance; one that is none is refused */
    CHECK(send(&clerk, desk(f, first, "/accept"), "") == 422);
    CHECK(send(&a, own(f, first, "/place"), "zone=9") == 422);
    CHECK(send(&a, own(f, first, "/place"), "zone=1") == 303);
    CHECK(send(&clerk, desk(f, second, "/place"), "zone=1") == 303);
    CHECK(send(&b, own(f, first, "/place"), "zone=2") == 404);
    at(f, "2026-04-27 09:15:02");
    CHECK(send(&clerk, desk(f, first, "/accept"), "") == 303);
    at(f, "2026-04-27 09:15:40");
    CHECK(send(&clerk, desk(f, second, "/accept"), "") == 303);
    CHECK(send(&b, own(f, second, "/place"), "zone=2") == 409); /* no other zone after acceptance */
    /* the order of acceptance decides; that an earlier complete receipt was overtaken is a finding */
    CHECK(count(f, "cases_finding WHERE kind = 'order_overtaken'", second) == 1);
    CHECK(count(f, "cases_finding WHERE kind = 'order_overtaken'", first) == 0);
    CHECK(shows(&reviewer, desk(f, second, ""), "受理顺序倒置") && hides(&b, own(f, second, ""), "受理顺序倒置"));
    CHECK(count(f, "places_place WHERE state = 'reserved'", first) == 1 && count(f, "places_place WHERE state = 'waiting'", second) == 1);
    CHECK(shows(&stranger, "/items/" TOBACCO, "<td class=\"govuk-table__cell\">11</td><td class=\"govuk-table__cell\">1</td>"
                                              "<td class=\"govuk-table__cell\"><b>0</b></td>"));
    for (int i = 0; i < 2; i++) {
        struct visitor *v = i ? &b : &a;
        const char *page = own(f, i ? second : first, "");
        CHECK(shows(v, page, "5月27日"));
        CHECK(shows(v, page, "5月20日"));
    }
    at(f, "2026-05-11 10:00:00");
    CHECK(send(&reviewer, desk(f, first, "/opinion"), "opinion=a&act=on") == 303);
    CHECK(send(&reviewer, desk(f, second, "/opinion"), "opinion=a&act=on") == 303);
    CHECK(send(&head, desk(f, second, "/decide"), "decision=grant") == 409); /* it waits */
    at(f, "2026-05-12 10:00:00");
    CHECK(send(&head, desk(f, first, "/decide"), "decision=grant") == 303);
    CHECK(send(&head, desk(f, second, "/decide"), "decision=refuse") == 422);
    CHECK(change(f, "UPDATE org_body SET remedy_body = '' WHERE code = '11522627MB0A00421C'") == 1);
    CHECK(send(&head, desk(f, second, "/decide"), "decision=refuse&reasons=%E5%90%8D%E9%A2%9D%E5%B7%B2%E6%BB%A1") == 422);
    CHECK(change(f, "UPDATE org_body SET remedy_body = '示例州烟草专卖局' WHERE code = '11522627MB0A00421C'") == 1);
    CHECK(send(&head, desk(f, second, "/decide"), "decision=refuse&reasons=%E5%90%8D%E9%A2%9D%E5%B7%B2%E6%BB%A1&basis=a") == 303);
    CHECK(shows(&b, own(f, second, ""), "送达后这里写明截止日期"));
    at(f, "2026-05-13 10:00:00"); /* acceptance and refusal are the third and second document after the receipt */
    CHECK(send(&clerk, desk(f, second, "/service"), "document=3&act=send") == 422);
    CHECK(send(&clerk, desk(f, second, "/service"), "document=3&act=send&proof=EMS1") == 303);
    CHECK(shows(&clerk, "/desk/service", "EMS1") && shows(&b, own(f, second, ""), "EMS1"));
    at(f, "2026-05-25 15:00:00"); /* the slip came back on Monday: signed on Friday */
    CHECK(send(&clerk, desk(f, second, "/deliver"), "way=post&receiver=B&on=2026-05-26") == 422);
    CHECK(send(&clerk, desk(f, second, "/deliver"), "way=post&receiver=B&on=2026-05-11") == 422);
    CHECK(send(&clerk, desk(f, second, "/deliver"), "way=post&receiver=B&on=2026-05-22") == 303);
    CHECK(count(f, "cases_service WHERE document = 3 AND state = 'served' AND way = 'post' AND proof = 'EMS1'", second) == 1);
    CHECK(shows(&b, own(f, second, ""), "向示例州烟草专卖局申请行政复议"));
    CHECK(shows(&b, own(f, second, ""), "2026年7月21日"));
    CHECK(shows(&b, own(f, second, ""), "2026年11月23日"));
    CHECK(hides(&a, own(f, first, ""), "申请行政复议"));
    /* the licence is given back: the place is free, B is told, nothing is granted */
    at(f, "2026-06-10 10:00:00");
    CHECK(send(&reviewer, desk(f, first, "/licence/end"), "reason=") == 422);
    CHECK(send(&clerk, desk(f, first, "/licence/end"), "reason=a") == 403);
    CHECK(send(&reviewer, desk(f, first, "/licence/end"), "reason=a") == 303);
    CHECK(send(&reviewer, desk(f, first, "/licence/end"), "reason=a") == 409);
    CHECK(count(f, "cases_message WHERE kind = 'place_free'", second) == 1);
    CHECK(shows(&b, "/me/inbox", "有名额了"));
    CHECK(number(f, "SELECT COUNT(*) FROM cases_case WHERE state = 'granted'") == 1);
    CHECK(shows(&stranger, "/items/" TOBACCO, "<td class=\"govuk-table__cell\"><b>1</b></td>"));
}

static void who_waits_has_the_place_when_the_one_before_withdraws(void **state)
{
    struct fixture *f = fixture_of(state);
    tobacco_load(f);
    at(f, "2026-04-27 09:00:00");
    struct visitor v[3] = { visitor_citizen(f, 1), visitor_citizen(f, 2), visitor_citizen(f, 3) };
    struct visitor clerk = visitor_staff(f, "ycj01");
    const char *no[3];
    for (int i = 0; i < 3; i++) {
        at(f, arena_fmt(&f->kept, "2026-04-27 10:00:0%d", i).p);
        no[i] = case_send(&v[i], TOBACCO);
        CHECK(send(&v[i], own(f, no[i], "/place"), "zone=1") == 303);
        CHECK(send(&clerk, desk(f, no[i], "/accept"), "") == 303);
    }
    CHECK(number(f, "SELECT COUNT(*) FROM cases_finding") == 0);
    CHECK(send(&v[2], own(f, no[2], "/withdraw"), "") == 303); /* who only waited frees nothing */
    CHECK(count(f, "places_place WHERE state = 'waiting'", no[1]) == 1);
    CHECK(send(&v[0], own(f, no[0], "/withdraw"), "") == 303);
    CHECK(count(f, "places_place WHERE state = 'reserved'", no[1]) == 1);
    CHECK(shows(&v[1], own(f, no[1], ""), "已为您预留名额"));
    CHECK(number(f, "SELECT COUNT(*) FROM places_place WHERE state = 'freed'") == 2);
}

/* ---- void documents --------------------------------------------------------------------------------------------------------- */

struct office {
    struct visitor citizen, clerk, reviewer, head;
};

static struct office office(struct fixture *f)
{
    return (struct office){ visitor_citizen(f, 1), visitor_staff(f, "scj01"), visitor_staff(f, "scj03"), visitor_staff(f, "scj05") };
}

static void accept_and_grant(struct office *o, const char *no)
{
    CHECK(send(&o->clerk, desk(o->clerk.f, no, "/accept"), "") == 303);
    CHECK(send(&o->reviewer, desk(o->clerk.f, no, "/opinion"), "opinion=a&act=on") == 303);
    CHECK(send(&o->head, desk(o->clerk.f, no, "/decide"), "decision=grant&reasons=a&basis=b") == 303);
}

static int64_t case_id(struct fixture *f, const char *no)
{
    return number(f, arena_fmt(&f->kept, "SELECT id FROM cases_case WHERE no = '%s'", no).p);
}

/* Document n with texts that last. */
static struct cases_document document(struct fixture *f, int64_t id, int64_t n)
{
    struct cases_document d = { 0 };
    struct cx *cx = fixture_begin(f, READ);
    CHECK(cases_document_get(cx, id, n, &d) == RC_OK);
    d.number = arena_str(&f->kept, d.number);
    d.fields = arena_str(&f->kept, d.fields);
    d.kind = arena_str(&f->kept, d.kind);
    d.hash = arena_str(&f->kept, d.hash);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    return d;
}

/* /verify of a document by number and the printed part of its hash. */
static const char *verify(struct fixture *f, const struct cases_document *d)
{
    const char *head = fixture_address(f, "/verify", "n", d->number);
    return arena_fmt(&f->kept, "%s&h=" STR_F, head, STR_A(str_sub(hex(&f->kept, d->hash.p, d->hash.n), 0, 16))).p;
}

/* What the threads of a running product would do now. */
static void work(struct fixture *f, const char *when)
{
    int64_t n, ms = 0;
    char text[40];
    f->app.config.data = str_c(f->dir);
    if (!f->app.jobs)
        f->app.jobs = jobs_init(&f->kept, &f->app, docs_module.jobs, docs_module.njobs);
    struct cx *cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, ledger_sequence(cx, 2000, &n)) == RC_OK);
    snprintf(text, sizeof text, "%.10sT%s+08:00", when, when + 11);
    CHECK(when_parse(str_c(text), &ms));
    jobs_run_due(f->app.jobs, f->db, ms + 60000);
}

static void a_wrong_decision_is_void_and_replaced_under_a_new_number(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    struct visitor stranger = visitor_stranger(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE);
    accept_and_grant(&o, no);
    work(f, "2026-05-11 10:00:00");
    int64_t id = case_id(f, no);
    struct cases_document old = document(f, id, 3);
    CHECK(str_is(old.kind, "grant"));
    CHECK(shows(&stranger, verify(f, &old), "这份文书是我们发出的，内容没有改动"));
    /* who may ask, and for what */
    at(f, "2026-05-12 10:00:00");
    const char *ask = desk(f, no, "/void");
    CHECK(send(&o.citizen, ask, "document=3&reason=a&reissue=1") == 403);
    CHECK(send(&o.clerk, ask, "document=3&reason=&reissue=1") == 422);
    CHECK(send(&o.clerk, ask, "document=3&reason=a") == 422);
    CHECK(send(&o.clerk, ask, "document=1&reason=a&reissue=1") == 422);
    CHECK(send(&o.clerk, ask, "document=99&reason=a&reissue=1") == 422);
    CHECK(send(&o.reviewer, ask, "document=3&reason=a&reissue=1&reasons=%E6%96%B0%E7%9A%84%E7%90%86%E7%94%B1") == 303);
    CHECK(send(&o.clerk, ask, "document=3&reason=a&reissue=1") == 409);
    CHECK(document(f, id, 3).voided_at.ms == 0);
    /* a second person settles */
    const char *settle = desk(f, no, "/void/1");
    CHECK(send(&o.clerk, settle, "act=confirm") == 403);
    CHECK(send(&o.reviewer, settle, "act=confirm") == 422);
    CHECK(shows(&o.head, desk(f, no, ""), "等第二个人确认作废"));
    CHECK(send(&o.head, settle, "act=confirm") == 303);
    CHECK(send(&o.head, settle, "act=confirm") == 409 && send(&o.head, desk(f, no, "/void/7"), "act=confirm") == 404);
    CHECK(send(&o.clerk, ask, "document=3&reason=a&reissue=1") == 409);
    /* numbers have no gap; the old stays, void, and names the new */
    old = document(f, id, 3);
    struct cases_document now = document(f, id, 4);
    CHECK(old.voided_at.ms && old.successor == 4 && !now.voided_at.ms);
    CHECK(str_ends(old.number, STR("00001号")) && str_ends(now.number, STR("00002号")));
    CHECK(str_find(now.fields, old.number) > 0 && str_find(now.fields, STR("新的理由")) > 0);
    work(f, "2026-05-12 10:00:00");
    CHECK(shows(&stranger, verify(f, &old), "已经作废，不能再用") && shows(&stranger, verify(f, &old), arena_fmt(&f->kept, STR_F,
          STR_A(now.number)).p));
    CHECK(shows(&stranger, verify(f, &old), "5月12日"));
    CHECK(shows(&stranger, verify(f, &now), "内容没有改动"));
    const char *file = arena_fmt(&f->kept, "SELECT COUNT(*) FROM docs_file WHERE case_id = %lld", (long long)id).p;
    CHECK(number(f, file) >= 4);
    struct docs_file sealed;
    struct cx *cx = fixture_begin(f, READ);
    CHECK(docs_file_get(cx, id, 3, &sealed) == RC_OK);
    const char *by_file = arena_fmt(&f->kept, "/verify?f=" STR_F, STR_A(hex(&f->kept, sealed.hash.p, sealed.hash.n))).p;
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    CHECK(shows(&stranger, by_file, "已经作废，不能再用"));
    CHECK(shows(&stranger, "/decisions", arena_fmt(&f->kept, STR_F, STR_A(now.number)).p));
    CHECK(hides(&stranger, "/decisions", arena_fmt(&f->kept, STR_F, STR_A(old.number)).p));
    CHECK(shows(&o.citizen, own(f, no, ""), "已作废") && shows(&o.citizen, own(f, no, "/documents/3"), "本文书已作废"));
    CHECK(shows(&o.citizen, own(f, no, "/documents/4"), "原文书作废") && shows(&o.citizen, "/me/inbox", "一份文书作废了"));
    CHECK(number(f, "SELECT COUNT(*) FROM cases_case WHERE state = 'granted'") == 1); /* the decision itself stands */
}

static void a_wrong_entry_is_void_by_two_persons(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    struct visitor stranger = visitor_stranger(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE);
    accept_and_grant(&o, no);
    work(f, "2026-05-11 10:00:00");
    CHECK(send(&o.clerk, desk(f, no, "/void"), "document=0&reason=a") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/void/1"), "act=refuse") == 303);
    CHECK(count(f, "cases_void WHERE state = 'refused'", no) == 1 && number(f,
          "SELECT COUNT(*) FROM cases_case WHERE state = 'granted'") == 1);
    CHECK(send(&o.clerk, desk(f, no, "/void"), "document=0&reason=a") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/void/2"), "act=confirm") == 303);
    CHECK(number(f, "SELECT COUNT(*) FROM cases_case WHERE state = 'voided' AND closed_at IS NOT NULL") == 1);
    CHECK(count(f, "cases_document WHERE voided_at IS NOT NULL", no) == 3); /* the notice of voiding is not void */
    CHECK(send(&o.clerk, desk(f, no, "/deliver"), "way=window&receiver=a") == 409);
    CHECK(send(&o.clerk, desk(f, no, "/void"), "document=0&reason=a") == 409);
    work(f, "2026-05-11 10:00:00");
    struct cases_document receipt = document(f, case_id(f, no), 1);
    CHECK(shows(&stranger, verify(f, &receipt), "已经作废，不能再用"));
    CHECK(shows(&stranger, "/decisions", "已作废"));
    CHECK(shows(&o.citizen, own(f, no, ""), "本办件登记有误，已作废"));
}

/* Whatever call of the database fails while a document is made void, nothing is left half done. */
static struct office *faulty;

static const char *to_settle(struct visitor *v, int n UNUSED, const char **out_form)
{
    struct fixture *f = v->f;
    const char *no = case_send(&faulty->citizen, ITEM_LICENCE);
    accept_and_grant(faulty, no);
    CHECK(send(&faulty->clerk, desk(f, no, "/void"), "document=3&reason=a&reissue=1") == 303);
    visitor_again(v);
    *out_form = "act=confirm";
    return desk(f, no, "/void/1");
}

static void no_fault_leaves_half_a_void_document(void **state)
{
    struct fixture *f = fixture_of(state);
    struct office o = office(f);
    faulty = &o;
    struct attempt t = { to_settle, &o.head, 303 };
    CHECK(faults_try(&t) > 5);
}

/* ---- service of notices ------------------------------------------------------------------------------------------------------ */

static int64_t lapsed(struct fixture *f, const char *when)
{
    int64_t done = 0;
    at(f, when);
    struct cx *cx = fixture_begin(f, WRITE);
    CHECK(fixture_end(f, cases_night(cx, &done)) == RC_OK);
    return number(f, "SELECT COUNT(*) FROM cases_case WHERE state = 'lapsed'");
}

static void with_consent_a_notice_is_served_when_it_is_made(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-08 17:10:00");
    struct office o = office(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(send(&o.clerk, desk(f, no, "/tell"), "name-0=a&reason-0=b") == 303);
    CHECK(count(f, "cases_service WHERE document = 2 AND state = 'served' AND way = 'online' AND served_on = 20581", no) == 1);
    CHECK(shows(&o.citizen, own(f, no, ""), "您同意网上送达") && hides(&o.clerk, "/desk/service", no));
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=done&way=window&receiver=a") == 409);
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=1&act=done&way=window&receiver=a") == 404); /* the receipt is no notice */
    CHECK(lapsed(f, "2026-06-18 23:59:00") == 0 && lapsed(f, "2026-06-19 00:00:00") == 1);
}

static void without_consent_the_periods_run_from_the_signature(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-08 10:00:00");
    struct office o = office(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(send(&o.citizen, own(f, no, "/consent"), "given=yes") == 409); /* it was given with the application */
    CHECK(send(&o.citizen, own(f, no, "/consent"), "given=no") == 303);
    CHECK(send(&o.clerk, desk(f, no, "/consent"), "given=maybe") == 422);
    at(f, "2026-05-08 17:10:00");
    CHECK(send(&o.clerk, desk(f, no, "/tell"), "name-0=a&reason-0=b") == 303);
    CHECK(count(f, "cases_service WHERE document = 2 AND state = 'due'", no) == 1);
    CHECK(shows(&o.clerk, "/desk/service", no) && hides(&o.reviewer, desk(f, no, ""), "登记寄出"));
    CHECK(send(&o.reviewer, desk(f, no, "/service"), "document=2&act=done&way=window&receiver=a") == 403);
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=done&way=online&receiver=a") == 422);
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=done&way=post&receiver=a") == 422); /* no tracking number */
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=done&way=window") == 422);
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=phone") == 303);
    at(f, "2026-05-11 09:00:00");
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=send&proof=EMS7") == 303);
    /* nobody has received it: nothing lapses */
    CHECK(lapsed(f, "2026-06-19 00:00:00") == 0);
    at(f, "2026-06-19 09:00:00");
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=done&way=post&receiver=a&on=2026-05-14") == 303);
    CHECK(shows(&o.citizen, own(f, no, ""), "6月26日")); /* 30 working days after Thursday 05-14, as many as the notice gave */
    CHECK(lapsed(f, "2026-06-26 23:59:00") == 0 && lapsed(f, "2026-06-27 00:00:00") == 1);
}

static void who_has_no_account_is_to_be_phoned(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-08 10:00:00");
    struct office o = office(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(change(f, "UPDATE cases_case SET account = NULL") == 1);
    CHECK(send(&o.clerk, desk(f, no, "/accept"), "") == 303);
    CHECK(shows(&o.clerk, "/desk/service", "要打电话"));
    CHECK(send(&o.clerk, desk(f, no, "/consent"), "given=no") == 303 && send(&o.clerk, desk(f, no, "/consent"), "given=yes") == 422);
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=phone") == 303);
    CHECK(hides(&o.clerk, "/desk/service", "要打电话"));
}

/* ---- excluded time -------------------------------------------------------------------------------------------------------------- */

/* The item's own list, as the department sends it. */
static enum rc pauses_import(struct fixture *f, const char *lines)
{
    struct cx *cx = fixture_begin(f, WRITE);
    struct catalog_report report;
    struct catalog_tables t = { .subjects = lines_of(cx, "subjects", NULL), .items = lines_of(cx, "items", ITEM_LICENCE ","),
                                .materials = lines_of(cx, "materials", ITEM_LICENCE ","),
                                .pauses = arena_fmt(cx->arena, "item_code,kind,basis,sample\n%s", lines) };
    enum rc rc = catalog_import(cx, &t, false, &report);
    CHECK(!!rc == !!report.bad);
    return fixture_end(f, rc);
}

static const char *accepted(struct office *o)
{
    const char *no = case_send(&o->citizen, ITEM_LICENCE);
    CHECK(send(&o->clerk, desk(o->clerk.f, no, "/accept"), "") == 303);
    return no;
}

#define FROM_TO "&first=2026-05-12&last=2026-05-14"

static void only_what_the_items_own_law_names_stops_its_clock(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    struct visitor stranger = visitor_stranger(f);
    const char *guide = "/items/" ITEM_LICENCE, *before = accepted(&o);
    /* nothing entered: the regime's list, and the pages say that it is the regime's */
    CHECK(shows(&stranger, guide, "本事项用到哪几种，由主管部门核实") && shows(&stranger, guide, "检疫"));
    CHECK(shows(&o.reviewer, desk(f, before, ""), "value=\"quarantine\"") && shows(&o.reviewer, desk(f, before, ""), "（待核实）"));
    /* lists that contradict the regime or themselves are refused, and nothing is kept */
    CHECK(pauses_import(f, ITEM_LICENCE ",stay,LAW,\n") == RC_INVALID);
    CHECK(pauses_import(f, ITEM_LICENCE ",site_check,LAW,\n") == RC_INVALID);
    CHECK(pauses_import(f, ITEM_LICENCE ",testing,LAW,\n" ITEM_LICENCE ",testing,LAW,\n") == RC_INVALID);
    CHECK(pauses_import(f, ITEM_LICENCE ",testing,LAW,\n" ITEM_LICENCE ",none,LAW,\n") == RC_INVALID);
    CHECK(pauses_import(f, ITEM_LICENCE ",testing,,\n") == RC_INVALID);
    CHECK(pauses_import(f, TOBACCO ",testing,LAW,\n") == RC_INVALID);
    CHECK(number(f, "SELECT COUNT(*) FROM catalog_pause") == 0);
    /* its own list: these, and the hearing that is open to every licence */
    CHECK(pauses_import(f, ITEM_LICENCE ",testing,OWNLAW,1\n") == RC_OK && pauses_import(f, ITEM_LICENCE ",testing,OWNLAW,1\n") == RC_OK);
    CHECK(number(f, "SELECT COUNT(*) FROM catalog_pause") == 1); /* the same again is no new version */
    const char *after = accepted(&o), *page = desk(f, after, "");
    CHECK(shows(&stranger, guide, "OWNLAW") && hides(&stranger, guide, "检疫") && hides(&stranger, guide, "本事项用到哪几种"));
    CHECK(shows(&o.reviewer, page, "value=\"testing\"") && shows(&o.reviewer, page, "value=\"hearing\""));
    CHECK(hides(&o.reviewer, page, "value=\"experts\"") && shows(&o.reviewer, page, "是办理本身的工作"));
    CHECK(send(&o.reviewer, desk(f, after, "/pause"), "kind=experts" FROM_TO) == 422);
    CHECK(send(&o.reviewer, desk(f, after, "/pause"), "kind=nonsense" FROM_TO) == 422);
    CHECK(send(&o.reviewer, desk(f, after, "/pause"), "kind=payment" FROM_TO) == 409);
    CHECK(send(&o.reviewer, desk(f, after, "/pause"), "kind=consultation" FROM_TO) == 409);
    CHECK(count(f, "cases_document WHERE kind = 'excluded'", after) == 0);
    CHECK(send(&o.reviewer, desk(f, after, "/pause"), "kind=testing" FROM_TO) == 303);
    CHECK(shows(&o.citizen, own(f, after, "/documents/3"), "2026年5月12日") && shows(&o.citizen, own(f, after, "/documents/3"), "共3个工作日"));
    /* longer than planned: told again, before the planned day */
    at(f, "2026-05-13 10:00:00");
    CHECK(shows(&o.reviewer, page, "改停止计时的最后一天"));
    CHECK(send(&o.reviewer, desk(f, after, "/pause/revise"), "last=2026-05-12") == 422);
    CHECK(send(&o.reviewer, desk(f, after, "/pause/revise"), "last=2026-05-19") == 303);
    CHECK(shows(&o.citizen, own(f, after, "/documents/4"), "2026年5月19日"));
    at(f, "2026-05-11 10:00:00");
    /* a case stays on the version it was received under */
    CHECK(send(&o.reviewer, desk(f, before, "/pause"), "kind=experts" FROM_TO) == 303);
    CHECK(pauses_import(f, ITEM_LICENCE ",none,OWNLAW,\n") == RC_OK);
    const char *last = accepted(&o);
    CHECK(send(&o.reviewer, desk(f, last, "/pause"), "kind=testing" FROM_TO) == 422);
    CHECK(send(&o.reviewer, desk(f, last, "/pause"), "kind=hearing" FROM_TO) == 303);
}

static void every_regime_has_its_own_exclusions(void **state)
{
    static const struct {
        const char *regime, *kind, *not_kind;
        bool        hears;
    } rows[] = {
        { "LR", "appraisal", "stay", true },
        { "J", "tender", "announcement", true },
        { "E", "announcement", "hearing", false },
        { "W", "stay", "experts", false },
        { "D", "third_opinion", "announcement", true },
        { "M", NULL, "hearing", false },
        { "B", NULL, "third_opinion", false },
    };
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    for (size_t i = 0; i < countof(rows); i++) {
        const char *no = accepted(&o), *page = desk(f, no, "");
        CHECK(change(f, arena_fmt(&f->kept, "UPDATE catalog_version SET regime = '%s' WHERE item = (SELECT item FROM cases_case "
                                            "WHERE no = '%s')", rows[i].regime, no).p) == 1);
        const char *wrong = arena_fmt(&f->kept, "kind=%s" FROM_TO, rows[i].not_kind).p;
        CHECK(send(&o.reviewer, desk(f, no, "/pause"), wrong) == 422);
        CHECK(rows[i].kind ? shows(&o.reviewer, page, arena_fmt(&f->kept, "value=\"%s\"", rows[i].kind).p)
                           : hides(&o.reviewer, page, "发出除外时间告知书"));
        CHECK(send(&o.reviewer, desk(f, no, "/hearing/tell"), "") == (rows[i].hears ? 303 : 409));
        if (!rows[i].kind)
            continue;
        CHECK(send(&o.reviewer, desk(f, no, "/pause"), arena_fmt(&f->kept, "kind=%s" FROM_TO, rows[i].kind).p) == 303);
        at(f, "2026-05-13 10:00:00");
        CHECK(shows(&o.citizen, own(f, no, ""), "依法不计"));
        at(f, "2026-05-11 10:00:00");
    }
}

/* ---- a pause and the service of its notice -------------------------------------------------------------------------------------- */

static int64_t due_of(struct fixture *f, const char *no)
{
    return number(f, arena_fmt(&f->kept, "SELECT due_on FROM cases_case WHERE no = '%s'", no).p);
}

/* In review, the applicant wants paper. */
static const char *accepted_on_paper(struct office *o)
{
    const char *no = accepted(o);
    CHECK(send(&o->citizen, own(o->clerk.f, no, "/consent"), "given=no") == 303);
    return no;
}

#define STOP(from, to) "kind=testing&first=2026-05-" from "&last=2026-05-" to
#define SIGNED(document) "document=" document "&act=done&way=window&receiver=a"

static void a_pause_begins_when_its_notice_is_served(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    const char *online = accepted(&o), *late = accepted_on_paper(&o), *never = accepted_on_paper(&o), *again = accepted_on_paper(&o);
    int64_t plain = due_of(f, late);
    CHECK(send(&o.reviewer, desk(f, online, "/pause"), STOP("14", "20")) == 303);
    int64_t stopped = due_of(f, online);
    CHECK(stopped > plain);
    /* told on paper that is not signed for yet: the clock runs on, and the paper says so */
    CHECK(send(&o.reviewer, desk(f, late, "/pause"), STOP("12", "20")) == 303);
    CHECK(send(&o.reviewer, desk(f, never, "/pause"), STOP("12", "20")) == 303);
    CHECK(send(&o.reviewer, desk(f, again, "/pause"), STOP("12", "20")) == 303);
    CHECK(due_of(f, late) == plain && shows(&o.citizen, own(f, late, "/documents/3"), "从送达那天起不计入"));
    CHECK(send(&o.reviewer, desk(f, late, "/pause"), STOP("12", "20")) == 409);
    CHECK(send(&o.reviewer, desk(f, late, "/pause/end"), "") == 409); /* nothing stands still */
    /* void, and issued again: what counts is the service of the one that stands */
    CHECK(send(&o.clerk, desk(f, again, "/void"), "document=3&reason=a&reissue=1") == 303);
    CHECK(send(&o.reviewer, desk(f, again, "/void/1"), "act=confirm") == 303);
    at(f, "2026-05-14 10:00:00");
    CHECK(send(&o.clerk, desk(f, late, "/service"), SIGNED("3")) == 303 && due_of(f, late) == stopped);
    CHECK(send(&o.clerk, desk(f, again, "/service"), SIGNED("3")) == 404 && due_of(f, again) == plain);
    CHECK(send(&o.clerk, desk(f, again, "/service"), SIGNED("4")) == 303 && due_of(f, again) == stopped);
    /* prolonged, but the notice came after the planned end: the clock had started by itself */
    at(f, "2026-05-19 10:00:00");
    CHECK(send(&o.reviewer, desk(f, late, "/pause/revise"), "last=2026-05-27") == 303 && due_of(f, late) == stopped);
    CHECK(send(&o.reviewer, desk(f, again, "/pause/revise"), "last=2026-05-27") == 303);
    CHECK(send(&o.clerk, desk(f, again, "/service"), SIGNED("5")) == 303 && due_of(f, again) > stopped);
    at(f, "2026-05-21 10:00:00");
    CHECK(send(&o.clerk, desk(f, late, "/service"), SIGNED("4")) == 303 && due_of(f, late) == stopped);
    /* signed for when nothing of it is left */
    CHECK(send(&o.clerk, desk(f, never, "/service"), SIGNED("3")) == 303 && due_of(f, never) == plain);
}

/* ---- shares of the steps ------------------------------------------------------------------------------------------------------- */

static void every_open_task_has_the_day_of_its_share(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    const char *no = accepted(&o), *page = desk(f, no, "");
    int64_t legal = number(f, "SELECT MAX(due_on) FROM cases_task"), own_day = number(f, "SELECT MAX(step_on) FROM cases_task");
    CHECK(own_day && own_day < legal);
    const char *today = arena_fmt(&f->kept, "%d月%d日", day_civil((struct day){ (int32_t)own_day }).month,
                                  day_civil((struct day){ (int32_t)own_day }).day).p;
    CHECK(shows(&o.reviewer, "/desk", "本环节") && shows(&o.reviewer, "/desk", today) && shows(&o.reviewer, page, today));
    visitor_again(&o.reviewer);
    struct answer a = visit_json(&o.reviewer, page);
    CHECK(a.status == 200 && answer_has(&a, "\"step_on\":\"2026-"));
    /* a pause moves both */
    CHECK(send(&o.reviewer, desk(f, no, "/pause"), "kind=testing" FROM_TO) == 303);
    CHECK(number(f, "SELECT MAX(step_on) FROM cases_task") > own_day && number(f, "SELECT MAX(due_on) FROM cases_task") > legal);
    own_day = number(f, "SELECT MAX(step_on) FROM cases_task");
    /* past its own day the row says so, and stands where the law puts it */
    at(f, arena_fmt(&f->kept, "%s 10:00:00", day_text_of(f, own_day + 1)).p);
    CHECK(shows(&o.reviewer, "/desk", "本环节已过") && shows(&o.reviewer, page, "本环节已过"));
    /* the last step has all that is left, the delivery its legal day alone */
    CHECK(send(&o.reviewer, desk(f, no, "/opinion"), "opinion=a&act=on") == 303);
    CHECK(number(f, "SELECT MAX(step_on - due_on) FROM cases_task WHERE state = 'open'") == 0);
    CHECK(send(&o.head, desk(f, no, "/decide"), "decision=grant") == 303);
    CHECK(number(f, "SELECT COUNT(*) FROM cases_task WHERE state = 'open' AND due_on IS NOT NULL AND step_on IS NULL") == 1);
    CHECK(shows(&o.clerk, "/desk", no));
}

static void a_task_without_a_known_date_is_in_the_list_after_the_others(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    const char *known = case_send(&o.citizen, ITEM_LICENCE), *unknown = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(change(f, arena_fmt(&f->kept, "UPDATE cases_task SET due_on = NULL WHERE case_id = (SELECT id FROM cases_case WHERE no = '%s')",
                              unknown).p) == 1);
    visitor_again(&o.clerk);
    struct answer a = visit(&o.clerk, "/desk");
    ptrdiff_t first = str_find(a.body, str_c(known)), second = str_find(a.body, str_c(unknown));
    CHECK(a.status == 200 && first > 0 && second > first);
}

/* ---- third parties ------------------------------------------------------------------------------------------------------------ */

static void a_third_party_is_told_and_heard_before_the_decision(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 09:00:00");
    struct office o = office(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(send(&o.reviewer, desk(f, no, "/parties"), "name=a&interest=b") == 409); /* not in review yet */
    CHECK(send(&o.clerk, desk(f, no, "/accept"), "") == 303);
    CHECK(send(&o.clerk, desk(f, no, "/parties"), "name=a&interest=b") == 403);
    CHECK(send(&o.reviewer, desk(f, no, "/parties"), "name=a") == 422);
    CHECK(send(&o.reviewer, desk(f, no, "/parties"), "name=NEIGHBOUR&contact=SECRETPHONE&interest=b") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/opinion"), "opinion=a&act=on") == 303);
    CHECK(send(&o.head, desk(f, no, "/decide"), "decision=grant") == 409); /* somebody was not told */
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/answer"), "answer=x") == 409);
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/tell"), "until=2026-05-11") == 422);
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/tell"), "until=2027-05-11") == 422); /* a year that nobody knows yet */
    CHECK(send(&o.reviewer, desk(f, no, "/parties/9/tell"), "until=2026-05-18") == 404);
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/tell"), "until=2026-05-18") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/tell"), "until=2026-05-20") == 409);
    CHECK(count(f, "cases_service WHERE way = 'post' AND receiver = 'NEIGHBOUR'", no) == 1); /* never online */
    CHECK(send(&o.head, desk(f, no, "/decide"), "decision=grant") == 409);                   /* he may still answer */
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/answer"), "answer=HISVIEW") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/answer"), "answer=again") == 409);
    CHECK(shows(&o.head, desk(f, no, ""), "HISVIEW") && hides(&o.head, desk(f, no, ""), "SECRETPHONE"));
    CHECK(hides(&o.citizen, own(f, no, ""), "SECRETPHONE"));
    CHECK(send(&o.head, desk(f, no, "/decide"), "decision=grant") == 303);
}

static void a_notice_to_a_third_party_that_is_issued_again_goes_to_the_third_party(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 09:00:00");
    struct office o = office(f);
    const char *no = accepted(&o), *ask = desk(f, no, "/void");
    CHECK(send(&o.reviewer, desk(f, no, "/parties"), "name=NEIGHBOUR&contact=SECRETPHONE&interest=b") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/tell"), "until=2026-05-18") == 303); /* the third document */
    CHECK(send(&o.clerk, ask, "document=3&reason=a") == 422);                            /* his right does not go with the paper */
    CHECK(send(&o.clerk, ask, "document=3&reason=a&reissue=1&basis=soon") == 422);
    CHECK(send(&o.clerk, ask, "document=3&reason=a&reissue=1&basis=2026-05-11") == 422);
    CHECK(send(&o.clerk, ask, "document=3&reason=a&reissue=1&basis=2027-05-11") == 422);
    CHECK(send(&o.clerk, ask, "document=3&reason=a&reissue=1&basis=2026-05-25&reasons=INTEREST") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/void/1"), "act=confirm") == 303);
    struct cases_document old = document(f, case_id(f, no), 3), now = document(f, case_id(f, no), 4);
    CHECK(str_is(now.kind, "third_party") && old.successor == 4);
    CHECK(str_find(now.fields, STR("\"party\":\"NEIGHBOUR\"")) >= 0 && str_find(now.fields, STR("INTEREST")) >= 0);
    CHECK(str_find(now.fields, STR("2026-05-25")) >= 0 && str_find(now.fields, old.number) >= 0);
    CHECK(count(f, "cases_service WHERE document = 4 AND receiver = 'NEIGHBOUR' AND way = 'post'", no) == 1);
    CHECK(shows(&o.clerk, "/desk/service", "NEIGHBOUR"));
    CHECK(count(f, "cases_party WHERE document = 4", no) == 1);
    /* he has until the new day */
    CHECK(send(&o.reviewer, desk(f, no, "/opinion"), "opinion=a&act=on") == 303);
    at(f, "2026-05-19 09:00:00");
    CHECK(send(&o.head, desk(f, no, "/decide"), "decision=grant") == 409);
    /* once more, with the day as it was */
    CHECK(send(&o.clerk, ask, "document=4&reason=a&reissue=1") == 303 && send(&o.reviewer, desk(f, no, "/void/2"), "act=confirm") == 303);
    CHECK(str_find(document(f, case_id(f, no), 5).fields, STR("2026-05-25")) >= 0);
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/answer"), "answer=HISVIEW") == 303);
    CHECK(send(&o.head, desk(f, no, "/decide"), "decision=grant") == 303);
}

static int64_t looks(struct fixture *f)
{
    return number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.contact_shown'");
}

static void contact_is_opened_for_one_act_and_who_looked_is_known(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 09:00:00");
    struct office o = office(f);
    const char *no = accepted(&o), *look = desk(f, no, "/contact");
    CHECK(send(&o.reviewer, desk(f, no, "/parties"), "name=NEIGHBOUR&contact=SECRETPHONE&interest=b") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/tell"), "until=2026-05-18") == 303);
    CHECK(change(f, "UPDATE cases_service SET state = 'due', way = 'post' WHERE document = 2") == 1);
    CHECK(hides(&o.clerk, "/desk/service", "13800000000") && hides(&o.clerk, "/desk/service", "SECRETPHONE"));
    CHECK(shows(&o.clerk, "/desk/service", "显示联系方式"));
    /* not without purpose, not by others, not for what is not there */
    CHECK(send(&o.clerk, look, "document=2") == 422 && send(&o.clerk, look, "document=2&purpose=curiosity") == 422);
    CHECK(send(&o.citizen, look, "document=2&purpose=phone") == 403 && send(&o.reviewer, look, "document=2&purpose=phone") == 403);
    CHECK(send(&o.clerk, look, "party=1&purpose=phone") == 403 && send(&o.reviewer, look, "party=9&purpose=phone") == 404);
    CHECK(send(&o.clerk, look, "document=9&purpose=phone") == 404 && send(&o.clerk, look, "document=1&purpose=phone") == 404);
    CHECK(looks(f) == 0);
    /* to telephone, the number; to post, the address too */
    visitor_again(&o.clerk);
    struct answer a = submit(&o.clerk, look, "document=2&purpose=phone");
    CHECK(a.status == 200 && answer_has(&a, "13800000000") && !answer_has(&a, "凤城路1号") && looks(f) == 1);
    a = submit(&o.clerk, look, "document=2&purpose=post");
    CHECK(a.status == 200 && answer_has(&a, "凤城路1号") && answer_has(&a, "示例县凤城街道") && !answer_has(&a, "SECRETPHONE"));
    CHECK(!answer_has(&a, "522627001001") && looks(f) == 2);
    /* a third party: for his notice by who serves it, to hear him by who examines */
    a = submit(&o.clerk, look, "document=3&purpose=post");
    CHECK(a.status == 200 && answer_has(&a, "SECRETPHONE") && !answer_has(&a, "13800000000") && looks(f) == 3);
    visitor_again(&o.reviewer);
    a = submit(&o.reviewer, look, "party=1&purpose=phone");
    CHECK(a.status == 200 && answer_has(&a, "SECRETPHONE") && looks(f) == 4);
    /* the ledger says who and why and nothing else; the person sees it */
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.contact_shown' AND body LIKE '%1380000%'") == 0);
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.contact_shown' AND body LIKE '%SECRET%'") == 0);
    CHECK(shows(&o.citizen, own(f, no, ""), "为送达查看了联系方式"));
    /* served: there is nothing to look for any more */
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=done&way=window&receiver=a") == 303);
    CHECK(send(&o.clerk, look, "document=2&purpose=phone") == 409 && looks(f) == 4);
}

static const char *to_look(struct visitor *v, int n UNUSED, const char **out_form)
{
    const char *no = accepted(faulty);
    CHECK(change(v->f, "UPDATE cases_service SET state = 'due' WHERE document = 2") >= 1);
    visitor_again(v);
    *out_form = "document=2&purpose=phone";
    return desk(v->f, no, "/contact");
}

/* Nobody sees a number without leaving his name: what fails is answered with an error, and nothing is kept. */
static void no_fault_shows_a_contact_without_an_entry(void **state)
{
    struct fixture *f = fixture_of(state);
    struct office o = office(f);
    faulty = &o;
    struct attempt t = { to_look, &o.clerk, 200 };
    CHECK(faults_try(&t) > 5);
}

static void silence_of_a_third_party_holds_the_decision_until_his_day(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 09:00:00");
    struct office o = office(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(send(&o.clerk, desk(f, no, "/accept"), "") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/parties"), "name=a&interest=b") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/parties/1/tell"), "until=2026-05-18") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/opinion"), "opinion=a&act=on") == 303);
    at(f, "2026-05-18 23:59:00");
    CHECK(send(&o.head, desk(f, no, "/decide"), "decision=grant") == 409);
    at(f, "2026-05-19 09:00:00");
    CHECK(send(&o.head, desk(f, no, "/decide"), "decision=grant") == 303);
}

/* ---- archive -------------------------------------------------------------------------------------------------------------------- */

static void an_archived_file_has_a_catalogue_and_takes_no_act(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE), *archive = desk(f, no, "/archive");
    accept_and_grant(&o, no);
    CHECK(send(&o.clerk, archive, "retention=years_30") == 409); /* not delivered yet */
    CHECK(send(&o.clerk, desk(f, no, "/deliver"), "way=online&receiver=a") == 303);
    CHECK(send(&o.clerk, archive, "retention=forever") == 422 && send(&o.clerk, archive, "") == 422);
    CHECK(send(&o.citizen, archive, "retention=years_30") == 403);
    CHECK(send(&o.clerk, desk(f, no, "/void"), "document=2&reason=a&reissue=1") == 303);
    CHECK(send(&o.clerk, archive, "retention=years_30") == 409); /* something waits to be made void */
    CHECK(send(&o.reviewer, desk(f, no, "/void/1"), "act=refuse") == 303);
    visitor_again(&o.clerk);
    CHECK(visit(&o.clerk, archive).status == 404);
    CHECK(send(&o.clerk, archive, "retention=years_30") == 303);
    CHECK(shows(&o.clerk, archive, "市场监管局档〔2026〕00001号") && shows(&o.clerk, archive, "准予决定书") && shows(&o.clerk, archive, "30年"));
    visitor_again(&o.clerk);
    struct answer a = visit_json(&o.clerk, archive);
    CHECK(a.status == 200 && answer_has(&a, "\"ended\":\"delivered\"") && answer_has(&a, "市场监管局准〔2026〕00001号"));
    CHECK(number(f, "SELECT COUNT(*) FROM cases_archive") == 1);
    CHECK(send(&o.clerk, archive, "retention=years_30") == 409);
    CHECK(send(&o.clerk, desk(f, no, "/void"), "document=0&reason=a") == 409);
    CHECK(send(&o.clerk, desk(f, no, "/void"), "document=3&reason=a&reissue=1") == 409);
    CHECK(send(&o.citizen, own(f, no, "/consent"), "given=no") == 409 && send(&o.citizen, own(f, no, "/withdraw"), "") == 409);
    CHECK(send(&o.reviewer, desk(f, no, "/parties"), "name=a&interest=b") == 409);
    CHECK(shows(&o.citizen, own(f, no, ""), "案卷已归档"));
}

static void a_file_is_archived_when_all_that_must_be_served_is_served(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE), *archive = desk(f, no, "/archive");
    CHECK(send(&o.citizen, own(f, no, "/consent"), "given=no") == 303);
    accept_and_grant(&o, no);
    CHECK(send(&o.clerk, desk(f, no, "/deliver"), "way=window&receiver=a") == 303);
    /* the decision is served by its delivery; the notice of acceptance still waits, and is named */
    struct cases_document acceptance = document(f, case_id(f, no), 2);
    visitor_again(&o.clerk);
    struct answer a = submit(&o.clerk, archive, "retention=years_30");
    CHECK(a.status == 409 && answer_has(&a, arena_fmt(&f->kept, STR_F "还没有送达", STR_A(acceptance.number)).p));
    CHECK(shows(&o.clerk, desk(f, no, ""), "国家档案局令第8号"));
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=2&act=done&way=window&receiver=a") == 303);
    CHECK(send(&o.clerk, archive, "retention=years_30") == 303);
    CHECK(shows(&o.clerk, archive, "国家档案局令第8号") && shows(&o.clerk, archive, "待核实"));
}

static void a_void_case_is_archived_with_its_void_documents(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE), *archive = desk(f, no, "/archive");
    CHECK(send(&o.citizen, own(f, no, "/consent"), "given=no") == 303);
    CHECK(send(&o.clerk, desk(f, no, "/accept"), "") == 303);
    CHECK(send(&o.clerk, desk(f, no, "/void"), "document=0&reason=WRONGENTRY") == 303);
    CHECK(send(&o.reviewer, desk(f, no, "/void/1"), "act=confirm") == 303);
    CHECK(send(&o.clerk, archive, "retention=years_10") == 409); /* that it is void has to be served too */
    CHECK(count(f, "cases_service s WHERE s.state = 'due' AND s.document = 3", no) == 1);
    CHECK(send(&o.clerk, desk(f, no, "/service"), "document=3&act=done&way=window&receiver=a") == 303);
    CHECK(send(&o.clerk, archive, "retention=years_10") == 303);
    struct cases_document acceptance = document(f, case_id(f, no), 2);
    visitor_again(&o.clerk);
    struct answer a = visit_json(&o.clerk, archive);
    CHECK(a.status == 200 && answer_has(&a, "\"ended\":\"voided\"") && answer_has(&a, acceptance.number.p));
    CHECK(send(&o.reviewer, desk(f, no, "/licence/end"), "reason=a") == 409);
}

static void a_licence_that_has_ended_is_shown_as_ended_to_the_public(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    struct visitor stranger = visitor_stranger(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE), *refused = case_send(&o.citizen, ITEM_LICENCE);
    const char *end = desk(f, no, "/licence/end");
    CHECK(send(&o.reviewer, end, "reason=a") == 409); /* nothing is granted yet */
    accept_and_grant(&o, no);
    CHECK(send(&o.clerk, desk(f, refused, "/accept"), "") == 303);
    CHECK(send(&o.reviewer, desk(f, refused, "/opinion"), "opinion=a&act=on") == 303);
    CHECK(send(&o.head, desk(f, refused, "/decide"), "decision=refuse&reasons=a&basis=b") == 303);
    CHECK(send(&o.clerk, desk(f, refused, "/deliver"), "way=window&receiver=a") == 303);
    work(f, "2026-05-11 10:00:00");
    CHECK(hides(&stranger, "/decisions", "已注销"));
    at(f, "2026-06-10 10:00:00");
    CHECK(send(&o.reviewer, end, "reason=") == 422 && send(&o.clerk, end, "reason=a") == 403);
    CHECK(send(&o.reviewer, desk(f, refused, "/licence/end"), "reason=a") == 409);
    CHECK(shows(&o.reviewer, desk(f, no, ""), "登记许可注销") && hides(&o.clerk, desk(f, no, ""), "登记许可注销"));
    CHECK(send(&o.reviewer, end, "reason=SECRETREASON") == 303 && send(&o.reviewer, end, "reason=a") == 409);
    CHECK(shows(&stranger, "/decisions", "已注销") && shows(&stranger, "/decisions", "6月10日") && hides(&stranger, "/decisions", "SECRET"));
    struct answer a = visit_json(&stranger, "/decisions");
    CHECK(a.status == 200 && answer_has(&a, "\"ended_at\":\"2026-06-10"));
    struct cases_document grant = document(f, case_id(f, no), 3);
    CHECK(shows(&stranger, verify(f, &grant), "它准予的许可已经注销") && shows(&stranger, verify(f, &grant), "内容没有改动"));
    CHECK(shows(&o.citizen, own(f, no, ""), "许可已注销") && hides(&o.reviewer, desk(f, no, ""), "登记许可注销"));
}

/* ---- calendars ------------------------------------------------------------------------------------------------------------------ */

/* Promised date of a case, as the cache of queues and the clock both have it. */
static struct day promised(struct fixture *f, const char *no)
{
    struct cases_case c;
    struct clock k;
    int64_t id = case_id(f, no);
    struct cx *cx = fixture_begin(f, READ);
    CHECK(cases_get(cx, id, &c) == RC_OK && cases_clock(cx, &c, &k) == RC_OK);
    CHECK(c.due_on.n == k.told.due.n);
    CHECK(fixture_end(f, RC_OK) == RC_OK);
    return k.told.due;
}

/* What the timer does. */
static void follow(struct fixture *f)
{
    for (bool more = true; more;) {
        struct cx *cx = fixture_begin(f, WRITE);
        CHECK(fixture_end(f, cases_calendar_step(cx, &more)) == RC_OK);
    }
}

static void a_county_holiday_moves_the_dates_and_says_so_and_its_reversal_moves_them_back(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    struct visitor admin = visitor_staff(f, login_with("system_admin")), stranger = visitor_stranger(f);
    const char *no = case_send(&o.citizen, ITEM_LICENCE), *early = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(send(&o.clerk, desk(f, no, "/accept"), "") == 303);
    struct day before = promised(f, no);
    follow(f);
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.calendar_changed'") == 0); /* nothing moves without an event */
    /* who may, and what is refused */
    const char *page = "/admin/calendar", *feast = "division=522627000000&type=holiday&name=FEAST&source=NOTICE1";
    CHECK(send(&o.clerk, page, feast) == 403 && send(&o.citizen, page, feast) == 403);
    CHECK(send(&admin, page, feast) == 422); /* no day */
    CHECK(send(&admin, page, "division=522627000000&type=holiday&name=FEAST&day=2026-05-19") == 422); /* no source */
    CHECK(send(&admin, page, "division=330100000000&type=holiday&name=FEAST&source=a&day=2026-05-19") == 422);
    CHECK(send(&admin, page, "division=522627000000&type=holiday&name=FEAST&source=a&day=2026-05-11") == 422); /* not ahead */
    const char *set = "division=522627000000&type=holiday&name=FEAST&source=NOTICE1&day=2026-05-19";
    CHECK(send(&admin, page, set) == 303 && send(&admin, page, set) == 409);
    CHECK(shows(&admin, page, "NOTICE1"));
    follow(f);
    struct day after = promised(f, no);
    CHECK(after.n > before.n);
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.calendar_changed'") == 1); /* the other's day lies before the feast */
    CHECK(shows(&o.citizen, own(f, no, ""), "放假安排变了") && shows(&o.citizen, own(f, no, ""), "FEAST（NOTICE1）"));
    CHECK(hides(&o.citizen, own(f, early, ""), "放假安排变了"));
    CHECK(shows(&o.citizen, "/me/inbox", "放假安排变了"));
    follow(f);
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.calendar_changed'") == 1); /* once */
    /* taken back: the same dates as before */
    CHECK(send(&admin, "/admin/calendar/end", "division=522627000000&day=2026-05-19") == 422);
    CHECK(send(&admin, "/admin/calendar/end", "division=&day=2026-05-19&reason=a") == 404);
    CHECK(send(&admin, "/admin/calendar/end", "division=522627000000&day=2026-05-19&reason=a") == 303);
    follow(f);
    CHECK(promised(f, no).n == before.n);
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.calendar_changed'") == 2);
    CHECK(number(f, "SELECT COUNT(*) FROM holidays_day WHERE ended_at IS NOT NULL") == 1); /* ended, not deleted */
    CHECK(visit(&stranger, page).status == 303); /* to sign in */
}

/* Every stored day of open cases and tasks, as one number per column. */
static const char *stored_days(struct fixture *f)
{
    return arena_fmt(&f->kept, "%lld %lld %lld %lld",
                     (long long)number(f, "SELECT CAST(COALESCE(SUM(due_on * (1 + id % 97)), 0) AS BIGINT) FROM cases_case"),
                     (long long)number(f, "SELECT CAST(COALESCE(SUM(yellow_on * (1 + id % 97)), 0) AS BIGINT) FROM cases_case"),
                     (long long)number(f, "SELECT CAST(COALESCE(SUM(due_on * (1 + case_id % 97)), 0) AS BIGINT) FROM cases_task"),
                     (long long)number(f, "SELECT CAST(COALESCE(SUM(step_on * (1 + case_id % 97)), 0) AS BIGINT) FROM cases_task")).p;
}

static void any_change_of_the_calendar_and_its_reversal_leave_every_stored_day(void **state)
{
    enum { ROUNDS = 12 };
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    struct visitor admin = visitor_staff(f, login_with("system_admin"));
    /* one of each: received, told, in review, paused, extended, asked for a hearing, granted */
    const char *no[7];
    for (int i = 0; i < 7; i++)
        no[i] = i < 2 ? case_send(&o.citizen, ITEM_LICENCE) : accepted(&o);
    CHECK(send(&o.clerk, desk(f, no[1], "/tell"), "name-0=a&reason-0=b") == 303);
    CHECK(send(&o.reviewer, desk(f, no[3], "/pause"), "kind=experts&first=2026-05-13&last=2026-05-27") == 303);
    CHECK(send(&o.head, desk(f, no[4], "/extend"), "days=10&reason=a") == 303);
    CHECK(send(&o.reviewer, desk(f, no[5], "/hearing/tell"), "") == 303);
    CHECK(send(&o.reviewer, desk(f, no[5], "/hearing/ask"), "by=a") == 303);
    CHECK(send(&o.reviewer, desk(f, no[6], "/opinion"), "opinion=a&act=on") == 303);
    CHECK(send(&o.head, desk(f, no[6], "/decide"), "decision=grant") == 303);
    follow(f);
    const char *before = stored_days(f);
    int64_t told = number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.calendar_changed'");
    uint64_t dice = 9;
    int moved = 0;
    for (int i = 0; i < ROUNDS; i++) {
        dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int32_t ahead = 1 + (int32_t)((dice >> 33) % 40);
        const char *day = day_text_of(f, day_of((struct civil){ 2026, 5, 11 }).n + ahead);
        const char *where = dice >> 62 & 1 ? "522627000000" : "", *type = dice >> 61 & 1 ? "holiday" : "workday";
        const char *set = arena_fmt(&f->kept, "division=%s&type=%s&name=a&source=b&day=%s", where, type, day).p;
        CHECK(send(&admin, "/admin/calendar", set) == 303);
        follow(f);
        moved += strcmp(before, stored_days(f)) != 0;
        CHECK(send(&admin, "/admin/calendar/end", arena_fmt(&f->kept, "division=%s&day=%s&reason=c", where, day).p) == 303);
        follow(f);
        CHECK(strcmp(before, stored_days(f)) == 0);
    }
    CHECK(moved > ROUNDS / 4);
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.calendar_changed'") > told); /* who was moved was told */
}

static void the_county_beats_the_prefecture_and_the_nation(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    struct visitor admin = visitor_staff(f, login_with("system_admin"));
    const char *no = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(send(&o.clerk, desk(f, no, "/accept"), "") == 303);
    struct day before = promised(f, no);
    CHECK(send(&admin, "/admin/calendar", "division=522600000000&type=holiday&name=a&source=b&day=2026-05-19") == 303);
    CHECK(send(&admin, "/admin/calendar", "division=&type=holiday&name=a&source=b&day=2026-05-19") == 303);
    CHECK(send(&admin, "/admin/calendar", "division=522627000000&type=workday&name=a&source=b&day=2026-05-19") == 303);
    follow(f);
    CHECK(promised(f, no).n == before.n);
    CHECK(number(f, "SELECT COUNT(*) FROM ledger WHERE kind = 'case.calendar_changed'") == 0);
}

/* Whichever read fails: the page says that it failed, or the date with the local holiday. Never another one. */
static void no_page_tells_a_date_without_the_local_holidays(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-05-11 10:00:00");
    struct office o = office(f);
    struct visitor admin = visitor_staff(f, login_with("system_admin"));
    const char *no = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(send(&o.clerk, desk(f, no, "/accept"), "") == 303);
    CHECK(send(&admin, "/admin/calendar", "division=522627000000&type=holiday&name=a&source=b&day=2026-05-19") == 303);
    follow(f);
    struct day due = promised(f, no);
    const char *right = arena_fmt(&f->kept, "%d月%d日", day_civil(due).month, day_civil(due).day).p, *page = desk(f, no, "");
    int status = 0, broken = 0;
    for (int n = 0; status != 200; n++) {
        visitor_again(&o.reviewer);
        db_fail_after(f->db, n);
        struct answer a = visit(&o.reviewer, page);
        db_fail_after(f->db, -1);
        status = a.status;
        broken += status != 200;
        CHECK(status >= 500 || (status == 200 && answer_has(&a, right)) || status == 303 || status == 403);
    }
    CHECK(broken > 20);
}

static void a_year_without_notice_is_said_kindly_and_known_when_it_is_entered(void **state)
{
    struct fixture *f = fixture_of(state);
    at(f, "2026-11-23 10:00:00");
    struct office o = office(f);
    struct visitor admin = visitor_staff(f, login_with("system_admin"));
    const char *no = case_send(&o.citizen, ITEM_LICENCE), *other = case_send(&o.citizen, ITEM_LICENCE);
    visitor_again(&o.clerk);
    struct answer a = submit(&o.clerk, desk(f, no, "/tell"), "name-0=a&reason-0=b");
    CHECK(a.status == 422 && answer_has(&a, "2027年的放假安排还没有录入") && answer_has(&a, "/admin/calendar"));
    CHECK(send(&o.clerk, desk(f, no, "/tell"), "name-0=a&reason-0=b&until=2027-01-08") == 422);
    CHECK(send(&o.clerk, desk(f, no, "/tell"), "name-0=a&reason-0=b&until=2026-12-25") == 303); /* typed, in a known year */
    CHECK(shows(&o.citizen, own(f, no, ""), "12月25日"));
    CHECK(shows(&admin, "/admin/calendar", "2027年还没有录入"));
    CHECK(send(&o.clerk, desk(f, other, "/accept"), "") == 303);
    struct day before = promised(f, other);
    const char *head = "division=&notice=NOTICE2027&csv=date,type,name%0A";
    CHECK(send(&admin, "/admin/calendar/import", arena_fmt(&f->kept, "%s2027-01-01,holiday,A%%0A2027-02-31,holiday,B", head).p) == 422);
    CHECK(number(f, "SELECT COUNT(*) FROM holidays_day") == 0); /* all or nothing */
    CHECK(send(&admin, "/admin/calendar/import", arena_fmt(&f->kept, "%s2027-01-01,holiday,A%%0A2027-10-01,holiday,B", head).p) == 303);
    follow(f);
    CHECK(hides(&admin, "/admin/calendar", "2027年还没有录入"));
    CHECK(before.n && promised(f, other).n == before.n); /* a date within the known year stays */
    const char *third = case_send(&o.citizen, ITEM_LICENCE);
    CHECK(send(&o.clerk, desk(f, third, "/tell"), "name-0=a&reason-0=b") == 303);
    CHECK(shows(&o.citizen, own(f, third, ""), "1月5日")); /* 30 working days: 1 January is one no more */
}

#define BOTH(f) ON_BOTH(f, product_on_sqlite, product_on_postgres)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        BOTH(story_9_one_free_place_two_applicants),
        BOTH(a_wrong_decision_is_void_and_replaced_under_a_new_number),
        BOTH(a_wrong_entry_is_void_by_two_persons),
        ON_SQLITE(no_fault_leaves_half_a_void_document, product_on_sqlite),
        BOTH(with_consent_a_notice_is_served_when_it_is_made),
        BOTH(without_consent_the_periods_run_from_the_signature),
        BOTH(who_has_no_account_is_to_be_phoned),
        BOTH(only_what_the_items_own_law_names_stops_its_clock),
        BOTH(every_regime_has_its_own_exclusions),
        BOTH(a_pause_begins_when_its_notice_is_served),
        BOTH(every_open_task_has_the_day_of_its_share),
        BOTH(a_task_without_a_known_date_is_in_the_list_after_the_others),
        BOTH(a_third_party_is_told_and_heard_before_the_decision),
        BOTH(a_notice_to_a_third_party_that_is_issued_again_goes_to_the_third_party),
        BOTH(contact_is_opened_for_one_act_and_who_looked_is_known),
        ON_SQLITE(no_fault_shows_a_contact_without_an_entry, product_on_sqlite),
        BOTH(silence_of_a_third_party_holds_the_decision_until_his_day),
        BOTH(an_archived_file_has_a_catalogue_and_takes_no_act),
        BOTH(a_file_is_archived_when_all_that_must_be_served_is_served),
        BOTH(a_void_case_is_archived_with_its_void_documents),
        BOTH(a_licence_that_has_ended_is_shown_as_ended_to_the_public),
        BOTH(a_county_holiday_moves_the_dates_and_says_so_and_its_reversal_moves_them_back),
        BOTH(any_change_of_the_calendar_and_its_reversal_leave_every_stored_day),
        BOTH(the_county_beats_the_prefecture_and_the_nation),
        ON_SQLITE(no_page_tells_a_date_without_the_local_holidays, product_on_sqlite),
        BOTH(a_year_without_notice_is_said_kindly_and_known_when_it_is_entered),
        BOTH(who_waits_has_the_place_when_the_one_before_withdraws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
