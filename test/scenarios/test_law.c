/* test_law.c - what the law demands beside the clock, through the pages, on both databases: limited numbers, void documents,
 * service of notices, third parties, archives, calendars. */
#include "fixture.h"

#include "base/conf.h"
#include "base/log.h"
#include "modules/cases/cases.h"
#include "modules/catalog/catalog.h"
#include "modules/places/places.h"
#include "product.h"

#include <stdio.h>
#include <string.h>

#define TOBACCO "11522627MB0A00421C4000162001004"

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
    at(f, "2026-05-22 15:00:00");
    CHECK(send(&clerk, desk(f, second, "/deliver"), "way=post&receiver=B") == 303);
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

#define BOTH(f) ON_BOTH(f, product_on_sqlite, product_on_postgres)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        BOTH(story_9_one_free_place_two_applicants),
        BOTH(who_waits_has_the_place_when_the_one_before_withdraws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
