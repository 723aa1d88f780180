/* test_cli_law.c - `tongban clock` and `tongban code` as a shell calls them. */
#include "../../test/check.h"
#include "app/cli_law.h"
#include "base/conf.h"

#include <stdlib.h>
#include <string.h>

static struct arena texts;
static struct str catalogue; /* the Chinese messages of base and app, as files */

/* The message of a key, read from the catalogue source; a key without text fails the test. */
static const char *text_of(const char *key)
{
    struct buf b;
    ptrdiff_t at = str_find(catalogue, arena_fmt(&texts, "msgid \"%s\"\nmsgstr \"", key));
    if (at < 0)
        fail_msg("no text for %s", key);
    struct str rest = str_sub(catalogue, (size_t)at + strlen(key) + strlen("msgid \"\"\nmsgstr \""), catalogue.n);
    buf_init(&b, &texts, 200);
    for (size_t i = 0; rest.p[i] != '"'; i++) {
        if (rest.p[i] == '\\')
            buf_char(&b, rest.p[++i] == 'n' ? '\n' : rest.p[i]);
        else
            buf_char(&b, rest.p[i]);
    }
    buf_char(&b, '\0');
    return buf_view(&b).p;
}

static struct str file(const char *path)
{
    struct str s;
    CHECK(file_read(path, 1 << 20, &texts, &s) == RC_OK);
    return s;
}

static int setup(void **state UNUSED)
{
    arena_init(&texts, 16 << 20);
    catalogue = arena_fmt(&texts, STR_F "\n" STR_F, STR_A(file(SOURCE_DIR "/src/base/zh_CN.po")),
                          STR_A(file(SOURCE_DIR "/src/app/zh_CN.po")));
    return 0;
}

static int teardown(void **state UNUSED)
{
    arena_done(&texts);
    return 0;
}

struct run {
    int   status;
    char *out, *err;
};

static void run_done(struct run *r)
{
    free(r->out);
    free(r->err);
}

/* Words of `line` are parted by blanks; a blank inside a word is written ~. */
static struct run run(const char *line)
{
    char words[512], *argv[20], *save = NULL;
    int argc = 0;
    size_t out_n, err_n;
    struct run r = { 0 };
    struct day today;
    CHECK(day_parse(STR("2026-08-10"), &today) && strlen(line) < sizeof words);
    strcpy(words, line);
    for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        for (char *p = w; *p; p++)
            *p = *p == '~' ? ' ' : *p;
        argv[argc++] = w;
    }
    struct cli_env env = { .default_calendar = file(SOURCE_DIR "/data/holidays.csv"), .today = today, .text = text_of,
                           .out = open_memstream(&r.out, &out_n), .err = open_memstream(&r.err, &err_n) };
    r.status = (strcmp(argv[0], "clock") ? cli_code : cli_clock)(argc, argv, &env);
    fclose(env.out);
    fclose(env.err);
    return r;
}

static void check_run(const char *line, int status, const char *out, const char *err)
{
    AUTO(run_done) struct run r = run(line);
    if (r.status != status || strcmp(r.out, out) || strcmp(r.err, err))
        print_error("%s: %d, out \"%s\", err \"%s\"\n", line, r.status, r.out, r.err);
    CHECK(r.status == status);
    CHECK_STR(str_c(r.out), out);
    CHECK_STR(str_c(r.err), err);
}

static void a_due_date_is_one_line(void **state UNUSED)
{
    check_run("clock due --from 2026-09-30 --days 20 --unit WD", 0, "2026-11-03\n", "");
    check_run("clock due --days=60 --unit=cd --from=2026-05-22", 0, "2026-07-21\n", "");
    check_run("clock due --from 2026-11-22 --days 0 --unit CD", 0, "2026-11-23\n", "");
    check_run("clock due --from 2026-09-30 --days 20 --unit WD --json", 0,
              "{\"from\":\"2026-09-30\",\"days\":20,\"unit\":\"WD\",\"due\":\"2026-11-03\"}\n", "");
}

static void bad_input_is_refused_with_its_reason(void **state UNUSED)
{
    check_run("clock due --from 2026-02-30 --days 20 --unit WD", 1, "", "“2026-02-30”不是日期。请写成2026-10-08的样子。\n");
    check_run("clock due --from 2026-09-30 --days -1 --unit WD", 1, "", "“-1”不是天数，应为0至100000的整数。\n");
    check_run("clock due --from 2026-09-30 --days 1 --unit hours", 1, "",
              "“hours”不是单位，应为WD（工作日）或CD（自然日）。\n");
    check_run("clock due --from 2026-09-30 --days 1", 1, "", "要写明--from、--days和--unit。用--help查看用法。\n");
    check_run("clock due --since 2026-09-30", 1, "", "没有--since这个选项。用--help查看用法。\n");
    check_run("clock due --from", 1, "", "选项--from后面要写值。用--help查看用法。\n");
    check_run("clock due today --from 2026-09-30 --days 1 --unit WD", 1, "", "多写了“today”。含有空格的内容请加引号。\n");
    check_run("clock due --from 2026-09-30 --days 1 --unit WD --calendar /nowhere/x.csv", 1, "",
              "打不开日历文件/nowhere/x.csv，或者文件超过1兆字节。\n");
    check_run("clock due --from 2026-09-30 --days 1 --unit WD --calendar " SOURCE_DIR "/data/divisions.csv", 1, "",
              "日历文件不能用：line 1: the header must name the columns date and type\n");
    check_run("clock due --from 2026-09-30 --days 1 --unit W\xFF", 1, "",
              "命令行里有不是UTF-8的文字，请检查终端的编码。\n");
}

static void a_year_without_calendar_is_refused(void **state UNUSED)
{
    check_run("clock due --from 2026-12-20 --days 20 --unit WD", 1, "",
              "从2026-12-20起20天，要用到还没有放假安排的年份，不推算日期。请用--calendar指定补全的日历文件。\n");
    AUTO(run_done) struct run r = run("clock due --from 2027-02-01 --days 5 --unit CD --json");
    CHECK(r.status == 1 && str_starts(str_c(r.out), STR("{\"error\":\"cli.clock.year_unknown\",\"message\":\"")));
}

static void codes_are_checked_and_put_in_order(void **state UNUSED)
{
    check_run("code check uscc 11522627mb0a00018a", 0, "11522627MB0A00018A\n", "");
    check_run("code check id 522627~19900307~4214", 0, "522627199003074214\n", "");
    check_run("code check case 522627-20260428-000137-1", 0, "522627202604280001371\n", "");
    check_run("code check cert 1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9", 0,
              "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9\n", "");
    check_run("code check item 11522627MB0A00018A4000117112000", 0, "11522627MB0A00018A4000117112000\n", "");
    check_run("code check id 52262719900307421", 1, "", "身份证号码少了1位，应为18位。\n");
    check_run("code check id 522627202612310012", 1, "",
              "身份证号码里的出生日期还没有到，请核对第7位至第14位。\n");
    check_run("code check uscc 11522627MBOA00018A", 1, "",
              "统一社会信用代码第11位不能是“O”。代码里没有字母I、O、S、V、Z，第3位至第8位只能是数字。\n");
    check_run("code check --json id 522627199003074215", 1,
              "{\"kind\":\"id\",\"code\":\"522627199003074215\",\"valid\":false,\"error\":\"code.id.check\","
              "\"message\":\"身份证号码最后一位校验不符，可能有一位写错了，请对照身份证逐位核对。\"}\n", "");
    check_run("code check --json id 522627199003074214", 0,
              "{\"kind\":\"id\",\"code\":\"522627199003074214\",\"valid\":true}\n", "");
}

static void wrong_words_are_named(void **state UNUSED)
{
    check_run("code check passport E12345678", 1, "", "没有“passport”这个种类，应为uscc、id、item、cert或case。\n");
    check_run("code check id", 1, "", "要写明种类和编码。用--help查看用法。\n");
    check_run("code check id 522627 199003074214", 1, "", "多写了“199003074214”。含有空格的内容请加引号。\n");
    check_run("code check id 1 --from 2026-01-01", 1, "", "没有--from这个选项。用--help查看用法。\n");
}

static void help_goes_to_output_and_confusion_to_error(void **state UNUSED)
{
    AUTO(run_done) struct run clock = run("clock --help"), code = run("code check --help"), lost = run("code");
    CHECK(clock.status == 0 && str_find(str_c(clock.out), STR("tongban clock due --from")) >= 0 && !clock.err[0]);
    CHECK(code.status == 0 && str_find(str_c(code.out), STR("tongban code check")) >= 0);
    CHECK(lost.status == 1 && !lost.out[0] && str_find(str_c(lost.err), STR("tongban code check")) >= 0);
}

static void both_catalogues_hold_the_same_keys(void **state UNUSED)
{
    static const char *const pairs[][2] = {
        { SOURCE_DIR "/src/app/zh_CN.po", SOURCE_DIR "/src/app/en.po" },
        { SOURCE_DIR "/src/base/zh_CN.po", SOURCE_DIR "/src/base/en.po" },
    };
    for (size_t i = 0; i < 4; i++) {
        struct str one = file(pairs[i / 2][i % 2]), other = file(pairs[i / 2][1 - i % 2]);
        while (one.p) {
            struct str line = str_cut(&one, '\n');
            CHECK(!str_starts(line, STR("msgid ")) || str_find(other, line) >= 0);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        SENTENCE(a_due_date_is_one_line),
        SENTENCE(bad_input_is_refused_with_its_reason),
        SENTENCE(a_year_without_calendar_is_refused),
        SENTENCE(codes_are_checked_and_put_in_order),
        SENTENCE(wrong_words_are_named),
        SENTENCE(help_goes_to_output_and_confusion_to_error),
        SENTENCE(both_catalogues_hold_the_same_keys),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
