/* test_items.c - the worked-out items: each applied for page by page with its own form, and what its answers, fee and steps bring. */
#include "app/start.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/shelf.h"
#include "modules/catalog/catalog.h"
#include "product.h"

#include <stdio.h>
#include <string.h>

enum { FILE_ROOM = 8 << 20, FORMS = 9, PAGES = 10 };

#define TRADER  "11522627MB0A00018A4000131003003"
#define FOOD    "11522627MB0A00018A4000131006000"
#define MEDICAL "11522627MB0A00288W4520123006000"
#define ROAD    "11522627MB0A00237L4520117011000"
#define TOBACCO "11522627MB0A00421C4000162001004"
#define SEWAGE  "11522627MB0A00229R4000116006000"

/* ---- opening ---------------------------------------------------------------------------------------------------------- */

static struct str file_of(struct arena *a, const char *name)
{
    struct str text, path = arena_fmt(a, "%s/%s", DATA_DIR, name);
    if (file_read(path.p, FILE_ROOM, a, &text))
        panic("cannot read %s", path.p);
    return text;
}

static bool is_worked_out(struct str line)
{
    static const char *const codes[] = { TRADER, FOOD, MEDICAL, ROAD, TOBACCO, SEWAGE };
    for (size_t i = 0; i < countof(codes); i++)
        if (str_starts(line, str_c(codes[i])))
            return true;
    return false;
}

static struct str six_of(struct arena *a, struct str text)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    for (bool head = true; text.n; head = false) {
        struct str line = str_cut(&text, '\n');
        if (head || is_worked_out(line)) {
            buf_str(&b, line);
            buf_char(&b, '\n');
        }
    }
    return buf_view(&b);
}

static struct pair schema_of(struct arena *a, const char *code)
{
    return (struct pair){ str_c(code), file_of(a, arena_fmt(a, "county/forms/%s.json", code).p) };
}

static void catalog_load(struct fixture *f, const struct catalog_tables *t)
{
    struct catalog_report report;
    struct cx *cx = fixture_begin(f, WRITE);
    enum rc rc = catalog_import(cx, t, false, &report);
    for (size_t i = 0; i < cx->issues.n; i++)
        print_error("%s " STR_F " " STR_F "\n", cx->issues.v[i].key, STR_A(cx->issues.v[i].arg[0]), STR_A(cx->issues.v[i].arg[1]));
    for (size_t i = 0; i < report.faults.n; i++)
        print_error(STR_F "\n", STR_A(((const struct catalog_fault *)report.faults.v)[i].text));
    if (fixture_end(f, rc))
        panic("the items cannot be loaded: %d", (int)rc);
}

static void items_load(struct fixture *f)
{
    static const char *const codes[FORMS] = { "sole_trader", "food",        "medical_site", "road_dig",   "tobacco",
                                              "discharge",   "public_place", "road_freight", "water_take" };
    struct arena *a = &f->kept;
    struct pair *forms = arena_many(a, struct pair, FORMS + 1);
    forms[0] = (struct pair){ STR("standard"), data_file("standard.json") };
    for (size_t i = 0; i < FORMS; i++)
        forms[i + 1] = schema_of(a, codes[i]);
    catalog_load(f, &(struct catalog_tables){ .items = six_of(a, file_of(a, "county/items.csv")),
                                              .materials = six_of(a, file_of(a, "county/materials.csv")),
                                              .pauses = six_of(a, file_of(a, "county/pauses.csv")),
                                              .forms = { forms, FORMS + 1 } });
}

/* Forms are read once, as in the program. */
static void complete(struct fixture *f)
{
    if (!f)
        return; /* no such database here */
    f->app.forms = shelf_open(64);
    items_load(f);
}

static int closed(void **state)
{
    struct fixture *f = *state;
    struct shelf *forms = f ? f->app.forms : NULL;
    int rc = fixture_close(state);
    shelf_close(forms);
    return rc;
}

static int on_sqlite(void **state)
{
    int rc = product_on_sqlite(state);
    complete(rc ? NULL : *state);
    return rc;
}

static int on_postgres(void **state)
{
    int rc = product_on_postgres(state);
    complete(rc ? NULL : *state);
    return rc;
}

/* ---- applying ----------------------------------------------------------------------------------------------------------- */

/* What is typed on the pages: the questions first, then page and form, page and form. */
struct filled {
    const char *item, *guide;
    const char *pages[PAGES];
};

#define HERE    "-division=522627001001&"
#define CONTACT "contact", "phone=13800000000&address" HERE "address=a"
#define SERVICE "service", "service_way=online&service_consent=1&truth=1"
#define WHO     "&applicant_kind=person&applicant_name=%E5%BC%A0%E4%B8%89&has_agent=no"

static const struct filled trader = {
    TRADER, "home=yes&approval=no&naming=named",
    { CONTACT, "shop", "name1=A&name2=B", "premises", "site" HERE "site=s&right=own&area=30.5", "business",
      "scope=food&scope=other&scope_other=x&capital=50000&employees=2&family-0-row=1&family-0-name=", SERVICE }
};
static const struct filled food = {
    FOOD, "prepacked=no&situation=new&kind=catering&dishes=hot&dishes=cold&online=no",
    { CONTACT, "premises", "site" HERE "site=s&area=60&kitchen_area=20.25&seats=30&equipment-0-name=a&equipment-0-count=2", "people",
      "officer=o&officer_phone=13800000001&staff-0-name=n&staff-0-code=%s&staff-0-valid_until=2027-01-01", SERVICE }
};
static const struct filled medical = {
    MEDICAL, "category=outpatient&beds100=no&foreign=no",
    { CONTACT, "clinic",
        "inst_name=i&site" HERE
        "site=s&site_area=800&site_right=own&beds=0&departments-0-name=a&departments-1-name=b&departments-1-rooms=2",
      "plan", "investment=120.5&staff_plan=p&fit=f", SERVICE }
};
static const struct filled road = {
    ROAD, "emergency=no&act=occupy&main_road=yes",
    { CONTACT, "place", "road=r&section" HERE "section=s&length=30&width=1", "period",
      "from_date=2026-03-01&to_date=2026-03-20&purpose=p", SERVICE }
};
static const struct filled tobacco = {
    TOBACCO, "near_school=no&withdrawn=no&online_only=no",
    { CONTACT, "shop", "shop_name=n&site" HERE "site=s&right=rented&area=20&open_from=8-22&school_distance=150", SERVICE }
};
static const struct filled sewage = {
    SEWAGE, "class=simple&renewal=new",
    { CONTACT, "firm", "trade=C1495&products-0-name=p&products-0-capacity=1000&products-0-unit=t", "outlets_page",
      "outlets-0-kind=air&outlets-0-place=p&outlets-0-height=15&outlets-0-pollutants=x&outlets-0-limit=50.125&outlets-1-kind=water&"
      "outlets-1-place=q&outlets-1-pollutants=y&outlets-1-limit=60",
      "monitoring", "monitor=m", SERVICE }
};

/* "/apply/7" and the like: lives until called 8 times more. */
static const char *at(const char *before, const char *id, const char *after)
{
    static char text[8][200];
    static int i;
    i = (i + 1) % 8;
    snprintf(text[i], sizeof text[i], "%s%s%s", before, id, after);
    return text[i];
}

static const char *kept_after(struct fixture *f, const struct answer *a, const char *prefix)
{
    if (!str_starts(a->location, str_c(prefix)))
        panic("no way on: %d " STR_F, a->status, STR_A(a->body));
    struct str rest = str_sub(a->location, strlen(prefix), a->location.n), part = str_cut(&rest, '/');
    return arena_fmt(&f->kept, STR_F, STR_A(part)).p;
}

static const char *draft_of(struct visitor *v, const struct filled *x)
{
    struct answer a = submit(v, at("/items/", x->item, "/apply"), x->guide);
    return kept_after(v->f, &a, "/apply/");
}

/* A form text with one valid identity number in the place of %s. */
static const char *with_number(struct fixture *f, const char *form)
{
    struct str rest = str_c(form);
    ptrdiff_t here = str_find(rest, STR("=%s"));
    if (here < 0)
        return form;
    return arena_fmt(&f->kept, STR_F "=%s" STR_F, (int)here, form, number_of(f, 77), STR_A(str_sub(rest, (size_t)here + 3, rest.n))).p;
}

static const char *apply(struct visitor *v, const struct filled *x)
{
    const char *id = draft_of(v, x);
    for (size_t i = 0; i < PAGES && x->pages[i]; i += 2) {
        const char *page = arena_fmt(&v->f->kept, "/apply/%s/page/%s", id, x->pages[i]).p;
        struct answer a = submit(v, page, with_number(v->f, x->pages[i + 1]));
        if (a.status != 303)
            panic("page %s of %s: %d " STR_F, x->pages[i], x->item, a.status, STR_A(a.body));
    }
    return id;
}

static const char *send(struct visitor *v, const struct filled *x)
{
    struct answer a = submit(v, at("/apply/", apply(v, x), "/submit"), "");
    return kept_after(v->f, &a, "/cases/");
}

static void each_item_is_applied_for_with_its_own_form(void **state)
{
    static const struct {
        const struct filled *x;
        const char          *line; /* of the summary, only this form has it */
        int                  materials;
    } rows[] = {
        { &trader, "30.5平方米", 4 },         { &food, "热食类、冷食类", 7 }, { &medical, "诊疗科目2", 6 },
        { &road, "2026-03-20", 4 },           { &tobacco, "150米", 4 },       { &sewage, "50.125毫克/升", 5 },
    };
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    for (size_t i = 0; i < countof(rows); i++) {
        const char *no = send(&v, rows[i].x);
        struct answer a = visit(&v, at("/cases/", no, ""));
        if (!answer_has(&a, rows[i].line))
            print_error("%s: no %s\n", rows[i].x->item, rows[i].line);
        CHECK(a.status == 200 && answer_has(&a, rows[i].line));
        int64_t n = number(f, arena_fmt(&f->kept, "SELECT COUNT(*) AS n FROM cases_material m JOIN cases_case c ON c.id = m.case_id "
                                                  "WHERE c.no = '%s'", no).p);
        if (n != rows[i].materials)
            print_error("%s: %lld materials\n", rows[i].x->item, (long long)n);
        CHECK(n == rows[i].materials);
    }
}

/* ---- what comes back -------------------------------------------------------------------------------------------------------- */

static void questions_left_open_are_named_and_nothing_is_begun(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    struct answer a = submit(&v, "/items/" FOOD "/apply", "prepacked=no&situation=new&kind=bar");
    CHECK(a.status == 422 && answer_has(&a, "href=\"#online\""));
    CHECK(answer_has(&a, "href=\"#kind\"") && answer_has(&a, "href=\"#dishes\""));
    CHECK(number(f, "SELECT COUNT(*) AS n FROM cases_draft") == 0);
}

static void rows_come_and_go_by_plain_buttons(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    const char *id = draft_of(&v, &food), *page = at("/apply/", id, "/page/people");
    struct answer a = submit(&v, page, "officer=o&staff-0-name=Li&_add=staff");
    CHECK(a.status == 303 && str_ends(a.location, STR("/page/people#staff-1")));
    a = visit(&v, page);
    CHECK(answer_has(&a, "value=\"Li\"") && answer_has(&a, "id=\"staff-1\"") && answer_has(&a, "value=\"staff-1\""));
    a = submit(&v, page, "officer=o&staff-0-name=Li&staff-1-name=Wu&_remove=staff-0");
    CHECK(a.status == 303 && str_ends(a.location, STR("#staff")));
    a = visit(&v, page);
    CHECK(answer_has(&a, "value=\"Wu\"") && !answer_has(&a, "value=\"Li\"") && !answer_has(&a, "id=\"staff-1\""));
    a = submit(&v, page, "officer=o&staff-0-name=Wu&staff-0-code=123&staff-0-valid_until=soon");
    CHECK(a.status == 422 && answer_has(&a, "href=\"#staff-0-code\"") && answer_has(&a, "href=\"#staff-0-valid_until\""));
    CHECK(answer_has(&a, "value=\"soon\""));
}

static void hostile_pages_are_refused_by_name(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    const char *page = at("/apply/", draft_of(&v, &food), "/page/people");
    struct buf b;
    buf_init(&b, &f->kept, 1 << 16);
    buf_lit(&b, "officer=o&officer_phone=13800000001");
    for (int i = 0; i < 31; i++)
        buf_fmt(&b, "&staff-%d-name=a&staff-%d-code=%s&staff-%d-valid_until=2027-01-01", i, i, number_of(f, 50 + i), i);
    buf_char(&b, '\0');
    struct answer a = submit(&v, page, buf_view(&b).p);
    CHECK(a.status == 422 && answer_has(&a, "href=\"#staff\""));
    a = submit(&v, page, "officer=o%00x&staff-0-name=a");
    CHECK(a.status == 400 || a.status == 422);
    a = submit(&v, page, at("officer=", arena_fmt(&f->kept, "%0150d", 0).p, ""));
    CHECK(a.status == 422 && answer_has(&a, "href=\"#officer\""));
    CHECK(visit(&v, page).status == 200);
}

static void advice_is_shown_and_refuses_nobody(void **state)
{
    struct filled only = food;
    only.guide = "prepacked=yes&situation=new&kind=retail&dishes=bulk&online=no";
    only.pages[3] = "site" HERE "site=s&area=60";
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01"), stranger = visitor_stranger(f);
    struct answer a = visit(&stranger, "/items/" FOOD "/check?prepacked=yes&situation=new&kind=retail&dishes=bulk&online=no");
    CHECK(a.status == 200 && answer_has(&a, "办备案就可以") && answer_has(&a, "/items/11522627MB0A00018A4001031004000"));
    CHECK(!answer_has(&a, "专间或者专用操作区布局图"));
    a = visit(&stranger, "/items/" FOOD "/check?prepacked=no&situation=new&kind=catering&dishes=raw&online=no");
    CHECK(a.status == 200 && !answer_has(&a, "办备案就可以") && answer_has(&a, "专间或者专用操作区布局图"));
    CHECK(visit(&stranger, "/items/" FOOD "/check?prepacked=maybe").status == 422);
    CHECK(visit(&stranger, "/items/" ITEM_LICENCE "/check").status == 404);
    a = visit(&v, at("/apply/", apply(&v, &only), ""));
    CHECK(answer_has(&a, "办备案就可以"));
    const char *no = send(&v, &only);
    a = visit(&clerk, at("/desk/cases/", no, ""));
    CHECK(a.status == 200 && answer_has(&a, "办备案就可以"));
    CHECK(submit(&clerk, at("/desk/cases/", no, "/refuse"), "kind=not_needed&reason=r").status == 303);
}

static void who_gives_up_his_licence_is_asked_for_its_number_alone(void **state)
{
    struct filled over = food;
    over.guide = "prepacked=no&situation=end";
    over.pages[3] = "licence_no=JY1&site-division=other&site=s";
    over.pages[4] = "service";
    over.pages[5] = "service_way=online&service_consent=1&truth=1";
    over.pages[6] = NULL;
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    const char *id = draft_of(&v, &over);
    struct answer a = visit(&v, at("/apply/", id, ""));
    CHECK(answer_has(&a, "/page/premises") && !answer_has(&a, "/page/people"));
    a = submit(&v, at("/apply/", id, "/page/premises"), over.pages[3]);
    CHECK(a.status == 303 && str_ends(a.location, STR("/page/service")));
    a = visit(&v, at("/cases/", send(&v, &over), ""));
    CHECK(a.status == 200 && answer_has(&a, "JY1"));
}

/* ---- addresses ------------------------------------------------------------------------------------------------------------------ */

#define PREMISES "right=own&area=30"

static void an_address_is_a_division_and_words(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01");
    const char *id = draft_of(&v, &trader), *page = at("/apply/", id, "/page/premises");
    struct answer a = visit(&v, page);
    CHECK(answer_has(&a, "<optgroup label=\"凤城街道\">") && answer_has(&a, "value=\"other\">其他地区"));
    a = submit(&v, page, PREMISES "&site-division=522627999001&site=typed");
    CHECK(a.status == 422 && answer_has(&a, "href=\"#site-division\"") && answer_has(&a, "value=\"typed\""));
    CHECK(submit(&v, page, PREMISES "&site-division=520000000000&site=s").status == 422); /* a province is no place in the county */
    CHECK(submit(&v, page, PREMISES "&site-division=522627001001").status == 422);
    a = submit(&v, page, PREMISES "&site=s");
    CHECK(a.status == 422 && answer_has(&a, "href=\"#site-division\""));
    a = submit(&v, page, PREMISES "&site-division=522627001001&site-said=lie&site=s12");
    CHECK(a.status == 303);
    a = visit(&v, page);
    CHECK(answer_has(&a, "value=\"522627001001\" selected") && answer_has(&a, "value=\"s12\""));
    const char *no = send(&v, &trader);
    a = visit(&clerk, at("/desk/cases/", no, ""));
    CHECK(answer_has(&a, "示例县凤城街道东门社区居民委员会s"));
    CHECK(submit(&clerk, at("/desk/cases/", no, "/amend"), "field=site&value=t13").status == 303);
    CHECK(submit(&v, at("/cases/", no, "/amend/confirm"), "").status == 303);
    a = visit(&v, at("/cases/", no, ""));
    CHECK(answer_has(&a, "示例县凤城街道东门社区居民委员会t13"));
    a = visit(&v, at("/apply/", draft_of(&v, &tobacco), "/page/contact"));
    CHECK(answer_has(&a, "value=\"522627001001\" selected")); /* as he wrote it the last time */
}

/* ---- names ------------------------------------------------------------------------------------------------------------------------- */

/* 示例县清江小吃店（个体工商户） and what is like it. */
#define COUNTY   "%E7%A4%BA%E4%BE%8B%E5%8E%BF"
#define TOWN     "%E5%87%A4%E5%9F%8E%E8%A1%97%E9%81%93"
#define SHOP     "%E6%B8%85%E6%B1%9F%E5%B0%8F%E5%90%83"
#define DIAN     "%E5%BA%97"
#define SOLE     "%EF%BC%88%E4%B8%AA%E4%BD%93%E5%B7%A5%E5%95%86%E6%88%B7%EF%BC%89"
#define SOLE_OLD "%28%E5%80%8B%E9%AB%94%E5%B7%A5%E5%95%86%E6%88%B6%29" /* traditional characters, narrow brackets */

static void a_name_in_use_is_advised_against_and_the_next_is_granted(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01"), later = visitor_citizen(f, 2);
    struct filled first = trader, second = trader;
    first.pages[3] = "name1=" COUNTY SHOP DIAN SOLE;
    second.pages[3] = "name1=" COUNTY "+" SHOP DIAN SOLE_OLD "&name2=" COUNTY TOWN SHOP "&name3=Third";
    struct answer a = visit(&v, at("/apply/", apply(&v, &first), "/check"));
    CHECK(a.status == 200 && !answer_has(&a, "这个名称已经有人用了"));
    const char *no = send(&v, &first);
    CHECK(submit(&clerk, at("/desk/cases/", no, "/grant-now"), "name=site").status == 422);
    CHECK(number(f, "SELECT COUNT(*) AS n FROM identity_name") == 0);
    CHECK(submit(&clerk, at("/desk/cases/", no, "/grant-now"), "").status == 303);
    CHECK(number(f, "SELECT COUNT(*) AS n FROM identity_name") == 1);
    a = visit(&v, at("/cases/", no, "/documents/2"));
    CHECK(answer_has(&a, "名称：示例县清江小吃店（个体工商户）") && answer_has(&a, "经营场所：示例县凤城街道东门社区居民委员会s"));
    a = visit(&v, at("/cases/", no, ""));
    CHECK(!answer_has(&a, "这个名称已经有人用了")); /* his own */
    a = visit(&later, at("/apply/", apply(&later, &second), "/check"));
    CHECK(answer_has(&a, "这个名称已经有人用了") && answer_has(&a, "和已有的名称很像") && answer_has(&a, "/submit"));
    no = send(&later, &second);
    a = visit(&clerk, at("/desk/cases/", no, ""));
    CHECK(answer_has(&a, "名称查重") && answer_has(&a, "value=\"name3\" checked"));
    CHECK(submit(&clerk, at("/desk/cases/", no, "/grant-now"), "").status == 303);
    a = visit(&later, at("/cases/", no, "/documents/2"));
    CHECK(answer_has(&a, "名称：Third"));
}

/* ---- licences ---------------------------------------------------------------------------------------------------------------------- */

#define OFFERED "name=\"licence_no-licence\" type=\"radio\" value=\""

/* The number of the first licence that the page offers; NULL if none is. */
static const char *offered(struct visitor *v, const struct answer *a)
{
    ptrdiff_t at = str_find(a->body, STR(OFFERED));
    if (at < 0)
        return NULL;
    struct str rest = str_sub(a->body, (size_t)at + sizeof OFFERED - 1, a->body.n);
    struct str value = str_cut(&rest, '"');
    return arena_fmt(&v->f->kept, STR_F, STR_A(value)).p;
}

/* From the window's acceptance to the decision. */
static void food_granted(struct fixture *f, const char *no, bool checked)
{
    struct visitor clerk = visitor_staff(f, "scj01"), reviewer = visitor_staff(f, "scj03"), head = visitor_staff(f, "scj04");
    CHECK(submit(&clerk, at("/desk/cases/", no, "/accept"), "").status == 303);
    if (checked)
        CHECK(submit(&reviewer, at("/desk/cases/", no, "/site-check"), "checker=scj03&second=scj04&findings=ok").status == 303);
    CHECK(submit(&reviewer, at("/desk/cases/", no, "/opinion"), "opinion=o&act=on").status == 303);
    CHECK(submit(&reviewer, at("/desk/cases/", no, "/opinion"), "opinion=o&act=on").status == 303);
    CHECK(submit(&head, at("/desk/cases/", no, "/decide"), "decision=grant").status == 303);
}

static const struct filled renewal = { FOOD, "prepacked=no&situation=renew&kind=catering&dishes=hot&online=no", { CONTACT } };

static void the_holder_picks_the_licence_from_those_he_holds(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), stranger = visitor_citizen(f, 2);
    food_granted(f, send(&v, &food), true);
    const char *page = at("/apply/", draft_of(&v, &renewal), "/page/premises");
    struct answer a = visit(&v, page);
    const char *number = offered(&v, &a);
    CHECK(number && answer_has(&a, "有效期至2031-"));
    a = submit(&v, page, at("licence_no-licence=", number, ""));

    CHECK(a.status == 303 && str_ends(a.location, STR("/page/premises"))); /* shown again, filled in */
    a = visit(&v, page);
    CHECK(answer_has(&a, "value=\"522627001001\" selected") && answer_has(&a, "value=\"60\"") && answer_has(&a, "value=\"20.25\""));
    CHECK(submit(&v, page, at("licence_no-licence=", number, "&site" HERE "site=s&area=60&kitchen_area=20&seats=3")).status == 303);
    const char *other = at("/apply/", draft_of(&stranger, &renewal), "/page/premises");
    a = visit(&stranger, other);
    CHECK(!offered(&stranger, &a) && answer_has(&a, "name=\"licence_no\""));
    a = submit(&stranger, other, at("licence_no-licence=", number, "&site" HERE "site=s&area=60&kitchen_area=20&seats=3"));
    CHECK(a.status == 422 && answer_has(&a, "href=\"#licence_no-licence\""));
    CHECK(submit(&stranger, other, "licence_no=JY1&site" HERE "site=s&area=60&kitchen_area=20&seats=3").status == 303);
}

static void what_is_given_up_is_held_no_longer(void **state)
{
    struct filled over = food;
    over.guide = "prepacked=no&situation=end";
    over.pages[4] = "service";
    over.pages[5] = "service_way=online&service_consent=1&truth=1";
    over.pages[6] = NULL;
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1);
    const char *first = send(&v, &food);
    food_granted(f, first, true);
    struct answer a = visit(&v, at("/cases/", first, "/documents/3"));
    CHECK(answer_has(&a, "有效期至：2031-") && answer_has(&a, "经营场所：示例县凤城街道"));
    a = visit(&v, at("/apply/", draft_of(&v, &over), "/page/premises"));
    over.pages[3] = arena_fmt(&f->kept, "licence_no-licence=%s&site" HERE "site=s", offered(&v, &a)).p;
    food_granted(f, send(&v, &over), false);
    CHECK(number(f, "SELECT COUNT(*) AS n FROM cases_licence WHERE ended_at IS NULL") == 0);
    CHECK(number(f, "SELECT COUNT(*) AS n FROM ledger WHERE kind = 'case.licence_ended'") == 1); /* 注销, as the public list shows */
    a = visit(&v, at("/apply/", draft_of(&v, &renewal), "/page/premises"));
    CHECK(!offered(&v, &a));
}

static void the_window_sees_the_licences_of_a_proven_person_only(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01");
    food_granted(f, send(&v, &food), true); /* on his word: nobody has seen his document */
    const char *look = arena_fmt(&f->kept, "code=" FOOD "&situation=renew&applicant_code=%s&_look=1", number_of(f, 1)).p;
    struct answer a = submit(&clerk, "/desk/new", look);
    CHECK(a.status == 200 && !offered(&clerk, &a));
    CHECK(number(f, "SELECT COUNT(*) AS n FROM cases_licence") == 1);
    const char *rest = "&prepacked=no&situation=new&kind=retail&dishes=bulk&online=no&site" HERE "site=here&area=60"
                       "&officer=o&officer_phone=13800000001&staff-0-name=n&staff-0-valid_until=2027-01-01&service_way=window&truth=1" WHO;
    const char *mine = number_of(f, 1);
    a = submit(&clerk, "/desk/new", arena_fmt(&f->kept, "code=" FOOD "&applicant_code=%s&staff-0-code=%s%s", mine, mine, rest).p);
    CHECK(a.status == 303);
    food_granted(f, kept_after(f, &a, "/desk/cases/"), true);
    a = submit(&clerk, "/desk/new", look);
    CHECK(a.status == 200 && offered(&clerk, &a) && !answer_has(&a, "value=\"here\""));
    a = submit(&clerk, "/desk/new", at(look, "&licence_no-licence=", offered(&clerk, &a)));
    CHECK(a.status == 200 && answer_has(&a, "value=\"here\"") && number(f, "SELECT COUNT(*) AS n FROM cases_case") == 2);
}

/* ---- fee and steps ------------------------------------------------------------------------------------------------------------ */

#define SITE_CHECK "checker=zjj03&second=zjj04&place=p&findings=ok"

static void the_road_is_looked_at_billed_and_granted(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "zjj01"), reviewer = visitor_staff(f, "zjj03"),
                   head = visitor_staff(f, "zjj05");
    struct answer a = visit(&v, at("/apply/", apply(&v, &road), "/check"));
    CHECK(answer_has(&a, "30米 × 1米 × 20天 × 0.50元/平方米·日 = 300.00元"));
    const char *no = send(&v, &road);
    CHECK(submit(&clerk, at("/desk/cases/", no, "/accept"), "").status == 303);
    a = submit(&reviewer, at("/desk/cases/", no, "/opinion"), "opinion=o&act=on");
    CHECK(a.status == 422 && answer_has(&a, "现场核查"));
    CHECK(submit(&reviewer, at("/desk/cases/", no, "/site-check"), SITE_CHECK).status == 303);
    a = visit(&reviewer, at("/desk/cases/", no, ""));
    CHECK(answer_has(&a, "value=\"300.00\"") && answer_has(&a, "30米 × 1米 × 20天"));
    CHECK(submit(&reviewer, at("/desk/cases/", no, "/bills"), "amount=300.00").status == 303);
    a = visit(&v, at("/cases/", no, "/documents/3"));
    CHECK(answer_has(&a, "金额：300.00元。计算：30米 × 1米 × 20天 × 0.50元/平方米·日 = 300.00元"));
    CHECK(submit(&reviewer, at("/desk/cases/", no, "/opinion"), "opinion=o&act=on").status == 303);
    CHECK(submit(&head, at("/desk/cases/", no, "/decide"), "decision=grant").status == 409);
    CHECK(submit(&clerk, at("/desk/cases/", no, "/bills/1/pay"), "").status == 303);
    CHECK(submit(&head, at("/desk/cases/", no, "/decide"), "decision=grant").status == 303);
    a = visit(&v, at("/cases/", no, ""));
    CHECK(answer_has(&a, "300.00元") && answer_has(&a, "30米 × 1米 × 20天"));
}

static void a_number_is_corrected_only_to_a_number(void **state)
{
    struct filled long_road = road;
    long_road.pages[3] = "road=r&section" HERE "section=s&length=300&width=1";
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "zjj01");
    const char *no = send(&v, &long_road);
    struct answer a = submit(&clerk, at("/desk/cases/", no, "/amend"), "field=length&value=thirty");
    CHECK(a.status == 422 && answer_has(&a, "value=\"length\" selected") && answer_has(&a, ">thirty</textarea>"));
    CHECK(submit(&clerk, at("/desk/cases/", no, "/amend"), "field=length&value=30").status == 303);
    CHECK(submit(&v, at("/cases/", no, "/amend/confirm"), "").status == 303);
    a = visit(&clerk, at("/desk/cases/", no, ""));
    CHECK(answer_has(&a, "30米") && !answer_has(&a, "300米"));
}

static void the_permit_is_received_here_and_decided_there(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "hbj01"), reviewer = visitor_staff(f, "hbj02"),
                   above = visitor_staff(f, "zhbj01"), head = visitor_staff(f, "zhbj02");
    const char *no = send(&v, &sewage);
    CHECK(submit(&clerk, at("/desk/cases/", no, "/accept"), "").status == 303);
    struct answer a = submit(&reviewer, at("/desk/cases/", no, "/opinion"), "opinion=o&act=on");
    CHECK(a.status == 422 && answer_has(&a, "请先转报"));
    CHECK(submit(&reviewer, at("/desk/cases/", no, "/forward"), "").status == 303);
    CHECK(submit(&above, at("/desk/cases/", no, "/opinion"), "opinion=o&act=on").status == 303);
    CHECK(submit(&head, at("/desk/cases/", no, "/decide"), "decision=grant").status == 303);
}

static void a_small_shop_is_registered_on_the_spot(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01");
    const char *no = send(&v, &trader);
    CHECK(submit(&clerk, at("/desk/cases/", no, "/grant-now"), "").status == 303);
    struct answer a = visit(&v, at("/cases/", no, ""));
    CHECK(answer_has(&a, "准予"));
}

/* ---- what comes back to the desk ------------------------------------------------------------------------------------------------- */

static void a_form_of_the_desk_comes_back_with_what_was_typed(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), clerk = visitor_staff(f, "scj01"), reviewer = visitor_staff(f, "scj03"),
                   head = visitor_staff(f, "scj04");
    const char *no = send(&v, &food), *here = arena_fmt(&f->kept, "/desk/cases/%s", no).p;
    struct answer a = submit(&clerk, at(here, "/refuse", ""), "kind=not_needed&reason=");
    CHECK(a.status == 422 && answer_has(&a, "value=\"not_needed\" checked") && answer_has(&a, "id=\"reason-error\""));
    CHECK(submit(&clerk, at(here, "/accept", ""), "").status == 303);
    a = submit(&reviewer, at(here, "/opinion", ""), "opinion=seen+%26+weighed&act=on"); /* nobody has been there yet */
    CHECK(a.status == 422 && answer_has(&a, "rows=\"4\">seen &amp; weighed</textarea>") && answer_has(&a, "现场核查"));
    a = submit(&reviewer, at(here, "/site-check", ""), "checker=scj03&second=scj03&place=here&findings=clean");
    CHECK(a.status == 422 && answer_has(&a, "value=\"here\"") && answer_has(&a, ">clean</textarea>"));
    CHECK(!answer_has(&a, "seen &amp; weighed") && answer_has(&a, "<details class=\"govuk-details\" open>"));
    CHECK(submit(&reviewer, at(here, "/site-check", ""), "checker=scj03&second=scj04&findings=ok").status == 303);
    for (int i = 0; i < 2; i++)
        CHECK(submit(&reviewer, at(here, "/opinion", ""), "opinion=o&act=on").status == 303);
    a = submit(&head, at(here, "/decide", ""), "decision=refuse&reasons=&basis=Art.+38");
    CHECK(a.status == 422 && answer_has(&a, "value=\"refuse\" checked") && answer_has(&a, "value=\"Art. 38\""));
    a = submit(&head, at(here, "/pause", ""), "kind=testing&first=2026-13-01&last=2026-06-30");
    CHECK(a.status == 422 && answer_has(&a, "value=\"testing\" selected") && answer_has(&a, "value=\"2026-13-01\""));
    CHECK(answer_has(&a, "value=\"2026-06-30\"") && !answer_has(&a, "Art. 38"));
    a = visit(&head, here);
    CHECK(!answer_has(&a, "2026-06-30"));
}

/* ---- the window; versions --------------------------------------------------------------------------------------------------------- */

static void the_window_takes_the_item_s_own_form(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor clerk = visitor_staff(f, "zjj01");
    struct answer a = visit(&clerk, "/desk/new?code=" ROAD);
    CHECK(a.status == 200 && answer_has(&a, "name=\"length\"") && answer_has(&a, "name=\"act\"") && !answer_has(&a, "name=\"matter\""));
    const char *pipes = "code=" ROAD "&emergency=no&act=dig&main_road=no&resurfaced=old&pipes=yes&road=kept";
    a = submit(&clerk, "/desk/new", at(pipes, "&_add=owners", ""));
    CHECK(a.status == 200 && answer_has(&a, "id=\"owners-0\"") && answer_has(&a, "value=\"kept\""));
    CHECK(number(f, "SELECT COUNT(*) AS n FROM cases_case") == 0);
    const char *rest = "&section" HERE "section=s&length=2&width=1&depth=1.5"
                       "&from_date=2026-06-01&to_date=2026-06-02&purpose=p&restore=r" WHO
                       "&service_way=window&truth=1&given-3=paper&applicant_code=";
    a = submit(&clerk, "/desk/new", arena_fmt(&f->kept, "%s%s", pipes, rest).p);
    CHECK(a.status == 422 && answer_has(&a, "href=\"#applicant_code\""));
    a = submit(&clerk, "/desk/new", arena_fmt(&f->kept, "%s%s%s", pipes, rest, number_of(f, 9)).p);
    CHECK(a.status == 303 && str_ends(a.location, STR("/documents/1")));
    CHECK(number(f, "SELECT COUNT(*) AS n FROM cases_material WHERE given = 'paper'") == 1);
    CHECK(number(f, "SELECT COUNT(*) AS n FROM cases_material") == 4); /* pipes, but no main road */
}

static struct str replaced(struct arena *a, struct str text, const char *old, const char *with)
{
    ptrdiff_t here = str_find(text, str_c(old));
    if (here < 0)
        panic("no %s", old);
    return arena_fmt(a, STR_F "%s" STR_F, (int)here, text.p, with, STR_A(str_sub(text, (size_t)here + strlen(old), text.n)));
}

static void a_draft_stays_on_the_form_it_was_begun_with(void **state)
{
    struct fixture *f = fixture_of(state);
    struct visitor v = visitor_citizen(f, 1), later = visitor_citizen(f, 2);
    const char *id = draft_of(&v, &tobacco);
    struct pair form = schema_of(&f->kept, "tobacco");
    catalog_load(f, &(struct catalog_tables){ .forms = { &form, 1 } });
    CHECK(number(f, "SELECT MAX(version) AS n FROM forms_version WHERE code = 'tobacco'") == 1); /* the same again is no new version */
    form.value = replaced(&f->kept, form.value, "\"title\": \"店名\"", "\"title\": \"招牌\"");
    catalog_load(f, &(struct catalog_tables){ .forms = { &form, 1 } });
    CHECK(number(f, "SELECT MAX(version) AS n FROM forms_version WHERE code = 'tobacco'") == 2);
    struct answer a = visit(&v, at("/apply/", id, "/page/shop"));
    CHECK(answer_has(&a, "店名") && !answer_has(&a, "招牌"));
    const char *no = send(&v, &tobacco);
    a = visit(&v, at("/cases/", no, ""));
    CHECK(answer_has(&a, "店名") && !answer_has(&a, "招牌"));
    a = visit(&later, at("/apply/", draft_of(&later, &tobacco), "/page/shop"));
    CHECK(answer_has(&a, "招牌") && !answer_has(&a, "店名"));
}

static void a_form_that_fits_no_item_is_not_published(void **state)
{
    struct fixture *f = fixture_of(state);
    struct catalog_report report;
    struct pair form = schema_of(&f->kept, "road_dig");
    form.value = replaced(&f->kept, form.value, "\"reviewer\"", "\"wizard\"");
    struct cx *cx = fixture_begin(f, WRITE);
    enum rc rc = catalog_import(cx, &(struct catalog_tables){ .forms = { &form, 1 } }, false, &report);
    CHECK(rc == RC_INVALID && cx->issues.n == 1 && str_is(str_c(cx->issues.v[0].key), "catalog.no_such_role"));
    CHECK(fixture_end(f, rc) == RC_INVALID);
    CHECK(number(f, "SELECT MAX(version) AS n FROM forms_version WHERE code = 'road_dig'") == 1);
}

#define BOTH(f) { #f " on sqlite", f, on_sqlite, closed, NULL }, { #f " on postgres", f, on_postgres, closed, NULL }

int main(void)
{
    static const struct CMUnitTest tests[] = {
        BOTH(each_item_is_applied_for_with_its_own_form),
        BOTH(questions_left_open_are_named_and_nothing_is_begun),
        BOTH(rows_come_and_go_by_plain_buttons),
        BOTH(hostile_pages_are_refused_by_name),
        BOTH(advice_is_shown_and_refuses_nobody),
        BOTH(who_gives_up_his_licence_is_asked_for_its_number_alone),
        BOTH(an_address_is_a_division_and_words),
        BOTH(a_name_in_use_is_advised_against_and_the_next_is_granted),
        BOTH(the_holder_picks_the_licence_from_those_he_holds),
        BOTH(what_is_given_up_is_held_no_longer),
        BOTH(the_window_sees_the_licences_of_a_proven_person_only),
        BOTH(the_road_is_looked_at_billed_and_granted),
        BOTH(a_number_is_corrected_only_to_a_number),
        BOTH(the_permit_is_received_here_and_decided_there),
        BOTH(a_small_shop_is_registered_on_the_spot),
        BOTH(a_form_of_the_desk_comes_back_with_what_was_typed),
        BOTH(the_window_takes_the_item_s_own_form),
        BOTH(a_draft_stays_on_the_form_it_was_begun_with),
        BOTH(a_form_that_fits_no_item_is_not_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
