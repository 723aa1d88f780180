/* test_calendar.c - counting of legal days: the dates of the acceptance stories, worked examples, unknown years. */
#include "../../../test/check.h"
#include "base/conf.h"
#include "modules/calendar/test_lines.h"

#define IN_ARENA(a)                                                                                                    \
    AUTO(arena_done) struct arena a;                                                                                   \
    arena_init(&a, 16 << 20)

static const struct calendar *national(struct arena *a)
{
    struct str csv, why;
    const struct calendar *c = NULL;
    CHECK(file_read(DATA_DIR "/holidays.csv", 1 << 20, a, &csv) == RC_OK);
    CHECK(calendar_from_csv(a, csv, &c, &why) == RC_OK);
    return c;
}

static struct day on(const char *text)
{
    struct day d = { 0 };
    CHECK(day_parse(str_c(text), &d));
    return d;
}

/* Answers each line; prints those that differ from what the line expects. */
static size_t lines_differ(struct str text, size_t *out_lines)
{
    IN_ARENA(a);
    const struct calendar *c = national(&a);
    size_t wrong = 0;
    for (*out_lines = 0; text.p;) {
        struct line l;
        struct str one = str_trim(str_cut(&text, '\n'));
        if (!one.n)
            continue;
        CHECK(line_parse(one, &l));
        struct str got = line_answer(c, &l, &a);
        ++*out_lines;
        if (!str_eq(got, l.expected))
            print_error(STR_F ": got " STR_F "\n", STR_A(one), STR_A(got));
        wrong += !str_eq(got, l.expected);
    }
    return wrong;
}

static void the_dates_of_the_stories_come_out(void **state UNUSED)
{
    IN_ARENA(a);
    struct str text;
    size_t n;
    CHECK(file_read(TEST_DATA_DIR "/story-dates.txt", 100000, &a, &text) == RC_OK);
    CHECK(lines_differ(text, &n) == 0 && n == 76);
}

static void the_worked_examples_come_out(void **state UNUSED)
{
    size_t n;
    CHECK(lines_differ(STR("worked Sunday,WD,2026-09-18,5,,2026-09-24\n"
                           "before National Day,WD,2026-09-30,1,,2026-10-08\n"
                           "across it,WD,2026-09-28,20,,2026-10-30\n"
                           "across it,WD,2026-09-30,20,,2026-11-03\n"
                           "Spring Festival,WD,2026-02-13,5,,2026-02-27\n"
                           "Spring Festival,WD,2026-02-13,20,,2026-03-19\n"
                           "May,WD,2026-04-30,5,,2026-05-11\n"
                           "New Year,WD,2025-12-31,3,,2026-01-06\n"
                           "2024,WD,2024-09-29,20,,2024-10-31\n"
                           "2023,WD,2023-09-28,5,,2023-10-11\n"
                           "long,WD,2026-06-01,45,,2026-08-04\n"
                           "long,WD,2026-06-01,60,,2026-08-25\n"
                           "rolls,CD,2026-09-10,15,,2026-09-28\n"
                           "rolls,CD,2026-01-20,30,,2026-02-24\n"
                           "paused,WD,2026-09-01,20,2026-09-10..2026-09-24,2026-10-21\n"
                           "not paused,WD,2026-09-01,20,,2026-09-29\n"
                           "lawsuit,MONTHS,2026-05-22,6,,2026-11-23\n"
                           "no 31st,MONTHS,2025-08-31,6,,2026-02-28\n"
                           "on the spot,WD,2026-09-30,0,,2026-09-30\n"
                           "on the spot on a day off,WD,2026-10-01,0,,2026-10-08\n"),
                       &n) == 0 && n == 20);
}

static void exclusions_are_a_union_in_any_order(void **state UNUSED)
{
    size_t n;
    CHECK(lines_differ(STR("one,WD,2026-09-01,20,2026-09-10..2026-09-28,2026-10-22\n"
                           "two touching,WD,2026-09-01,20,2026-09-16..2026-09-28 2026-09-10..2026-09-15,2026-10-22\n"
                           "overlapping,WD,2026-09-01,20,2026-09-12..2026-09-28 2026-09-10..2026-09-20,2026-10-22\n"
                           "inside,WD,2026-09-01,20,2026-09-12..2026-09-13 2026-09-10..2026-09-28,2026-10-22\n"
                           "empty,WD,2026-09-01,20,2026-09-12..2026-09-11,2026-09-29\n"
                           "on the start day,WD,2026-09-01,20,2026-09-01..2026-09-01,2026-09-29\n"
                           "after the due day,WD,2026-09-01,20,2026-09-30..2026-10-20,2026-09-29\n"
                           "on the due day,WD,2026-09-01,20,2026-09-29..2026-09-29,2026-09-30\n"
                           "used,USED,2026-09-01,2026-10-20,2026-09-20..2026-09-28 2026-09-10..2026-09-24,18\n"
                           "CD,CD,2026-06-01,15,2026-06-10..2026-06-14,2026-06-22\n"
                           "CD rolled into an exclusion,CD,2026-06-01,5,2026-06-08..2026-06-09,2026-06-10\n"),
                       &n) == 0 && n == 11);
}

static void yellow_begins_by_the_rule(void **state UNUSED)
{
    size_t n;
    CHECK(lines_differ(STR("N-1,YELLOW,2026-06-01,2,,2026-06-02\n"
                           "one day is yellow at once,YELLOW,2026-06-01,1,,2026-06-01\n"
                           "0.9 N,YELLOW,2026-06-01,60,,2026-08-17\n"), &n) == 0 && n == 3);
    CHECK(light_on(on("2026-05-07"), on("2026-05-07"), on("2026-05-08")) == LIGHT_YELLOW);
    CHECK(light_on(on("2026-05-06"), on("2026-05-07"), on("2026-05-08")) == LIGHT_GREEN);
    CHECK(light_on(on("2026-05-08"), on("2026-05-07"), on("2026-05-08")) == LIGHT_YELLOW);
    CHECK(light_on(on("2026-05-09"), on("2026-05-07"), on("2026-05-08")) == LIGHT_RED);
    CHECK(light_on(on("2026-12-31"), on("2026-12-30"), (struct day){ 0 }) == LIGHT_YELLOW);
    CHECK(light_on(on("2026-12-31"), (struct day){ 0 }, (struct day){ 0 }) == LIGHT_GREEN);
}

static void every_known_year_has_its_working_days(void **state UNUSED)
{
    static const int16_t want[] = { 252, 250, 251, 249, 251, 250, 250, 250, 249, 250, 250, 249,
                                    250, 249, 250, 250, 249, 250, 249, 249, 251, 248, 248 };
    IN_ARENA(a);
    const struct calendar *c = national(&a);
    for (int i = 0; i < (int)countof(want); i++) {
        int32_t n = 0;
        CHECK(calendar_count(c, day_of((struct civil){ 2004 + i, 1, 1 }), day_of((struct civil){ 2004 + i, 12, 31 }),
                             &n) == RC_OK);
        CHECK(n == want[i]);
    }
}

static void a_year_without_notice_is_never_guessed(void **state UNUSED)
{
    IN_ARENA(a);
    const struct calendar *c = national(&a);
    struct spans none = { 0 };
    struct day d = { 7 };
    int32_t n = 7;
    bool works = true;
    CHECK(calendar_due_wd(c, on("2026-12-30"), 1, none, &d) == RC_OK && d.n == on("2026-12-31").n);
    d.n = 7;
    CHECK(calendar_due_wd(c, on("2026-12-30"), 2, none, &d) == RC_NOT_FOUND);
    CHECK(calendar_due_wd(c, on("2026-12-31"), 1, none, &d) == RC_NOT_FOUND);
    CHECK(calendar_due_cd(c, on("2026-12-01"), 40, none, &d) == RC_NOT_FOUND);
    CHECK(calendar_due_months(c, on("2026-08-31"), 6, &d) == RC_NOT_FOUND);
    CHECK(calendar_next(c, on("2026-12-31"), &d) == RC_NOT_FOUND);
    CHECK(calendar_previous(c, on("2004-01-01"), &d) == RC_NOT_FOUND);
    CHECK(calendar_yellow(c, on("2026-12-20"), (struct limit){ 20, UNIT_WD }, none, &d) == RC_NOT_FOUND);
    CHECK(calendar_used_wd(c, on("2026-12-31"), on("2027-01-01"), none, &n) == RC_NOT_FOUND);
    CHECK(calendar_used_wd(c, on("2003-12-30"), on("2004-01-05"), none, &n) == RC_NOT_FOUND);
    CHECK(calendar_is_working_day(c, on("2027-01-04"), &works) == RC_NOT_FOUND);
    CHECK(d.n == 7 && n == 7 && works);
    /* the start day itself is not counted, so it may lie outside */
    CHECK(calendar_due_wd(c, on("2003-12-31"), 1, none, &d) == RC_OK && d.n == on("2004-01-02").n);
    CHECK(calendar_used(c, UNIT_CD, on("2026-12-31"), on("2027-01-10"), none, &n) == RC_OK && n == 10);
}

static void a_gap_between_known_years_is_not_crossed(void **state UNUSED)
{
    static const int16_t years[] = { 2023, 2025 }, unsorted[] = { 2025, 2023 };
    IN_ARENA(a);
    struct calendar_spec spec = { .years = years, .years_n = 2 };
    const struct calendar *c = NULL;
    struct str why;
    struct day d;
    int32_t n;
    CHECK(calendar_build(&a, &spec, &c, &why) == RC_OK);
    CHECK(calendar_due_wd(c, on("2023-12-29"), 1, (struct spans){ 0 }, &d) == RC_NOT_FOUND);
    CHECK(calendar_used_wd(c, on("2023-12-01"), on("2025-01-05"), (struct spans){ 0 }, &n) == RC_NOT_FOUND);
    CHECK(calendar_due_wd(c, on("2025-01-01"), 1, (struct spans){ 0 }, &d) == RC_OK && d.n == on("2025-01-02").n);
    spec.years = unsorted;
    CHECK(calendar_build(&a, &spec, &c, &why) == RC_INVALID);
}

static void local_days_beat_the_national_ones(void **state UNUSED)
{
    static const char local[] = "date,type,name,source\n2026-11-19,holiday,苗年,county\n2026-11-22,workday,苗年,county\n"
                                "2027-04-01,holiday,too early to be known,county\n";
    IN_ARENA(a);
    const struct calendar *c = NULL;
    struct str csv, why;
    struct day d;
    bool works;
    CHECK(file_read(DATA_DIR "/holidays.csv", 1 << 20, &a, &csv) == RC_OK);
    CHECK(calendar_from_csv_local(&a, csv, str_c(local), &c, &why) == RC_OK);
    CHECK(calendar_due_wd(c, on("2026-11-18"), 1, (struct spans){ 0 }, &d) == RC_OK && d.n == on("2026-11-20").n);
    CHECK(calendar_is_working_day(c, on("2026-11-22"), &works) == RC_OK && works);
    CHECK(calendar_is_working_day(national(&a), on("2026-11-22"), &works) == RC_OK && !works);
    CHECK(calendar_is_working_day(c, on("2027-04-01"), &works) == RC_NOT_FOUND);
}

static void working_days_have_neighbours(void **state UNUSED)
{
    IN_ARENA(a);
    const struct calendar *c = national(&a);
    struct day d;
    CHECK(calendar_next(c, on("2026-09-30"), &d) == RC_OK && d.n == on("2026-10-08").n);
    CHECK(calendar_previous(c, on("2026-10-08"), &d) == RC_OK && d.n == on("2026-09-30").n);
    CHECK(calendar_previous(c, on("2026-10-05"), &d) == RC_OK && d.n == on("2026-09-30").n);
    CHECK(calendar_next(c, on("2026-10-09"), &d) == RC_OK && d.n == on("2026-10-10").n); /* make-up Saturday */
}

static void a_broken_file_is_refused_with_its_line(void **state UNUSED)
{
    IN_ARENA(a);
    const struct calendar *c = NULL;
    struct str why;
    CHECK(calendar_from_csv(&a, STR(""), &c, &why) == RC_INVALID);
    CHECK(calendar_from_csv(&a, STR("day,kind\n2026-01-01,holiday\n"), &c, &why) == RC_INVALID);
    CHECK_STR(why, "line 1: the header must name the columns date and type");
    CHECK(calendar_from_csv(&a, STR("date,type\n2026-01-01,holiday\n2026-02-30,holiday\n"), &c, &why) == RC_INVALID);
    CHECK_STR(why, "line 3: expected date as YYYY-MM-DD and type holiday or workday");
    CHECK(calendar_from_csv(&a, STR("date,type\n2026-01-01,feast\n"), &c, &why) == RC_INVALID);
    CHECK(calendar_from_csv(&a, STR("date,type\n2026-01-01,holiday\n2026-10-01,holiday\n2026-01-01,workday\n"), &c,
                            &why) == RC_INVALID);
    CHECK_STR(why, "2026-01-01 is both holiday and workday");
    CHECK(!c);
}

static void a_single_day_of_next_year_does_not_make_it_known(void **state UNUSED)
{
    IN_ARENA(a);
    const struct calendar *c = NULL;
    struct str why;
    bool works;
    CHECK(calendar_from_csv(&a, STR("date,type\n2026-01-01,holiday\n2026-10-01,holiday\n2027-01-01,holiday\n"), &c,
                            &why) == RC_OK);
    CHECK(calendar_is_working_day(c, on("2026-05-06"), &works) == RC_OK && works);
    CHECK(calendar_is_working_day(c, on("2027-01-01"), &works) == RC_NOT_FOUND);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        SENTENCE(the_dates_of_the_stories_come_out),
        SENTENCE(the_worked_examples_come_out),
        SENTENCE(exclusions_are_a_union_in_any_order),
        SENTENCE(yellow_begins_by_the_rule),
        SENTENCE(every_known_year_has_its_working_days),
        SENTENCE(a_year_without_notice_is_never_guessed),
        SENTENCE(a_gap_between_known_years_is_not_crossed),
        SENTENCE(local_days_beat_the_national_ones),
        SENTENCE(working_days_have_neighbours),
        SENTENCE(a_broken_file_is_refused_with_its_line),
        SENTENCE(a_single_day_of_next_year_does_not_make_it_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
