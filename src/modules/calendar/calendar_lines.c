/* calendar_lines.c - answers calendar questions from standard input, one line each, so that another program with another
 * method can compare. Usage: calendar_lines HOLIDAYS.CSV < questions. Not installed. */
#include "modules/calendar/test_lines.h"

#include "base/conf.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    AUTO(arena_done) struct arena a;
    struct str csv, why = STR("cannot read the calendar");
    const struct calendar *c = NULL;
    char text[512];
    arena_init(&a, 64 << 20);
    if (argc != 2 || file_read(argv[1], 1 << 20, &a, &csv) || calendar_from_csv(&a, csv, &c, &why)) {
        fprintf(stderr, "calendar_lines: " STR_F "\n", STR_A(why));
        return 2;
    }
    while (fgets(text, sizeof text, stdin)) {
        struct arena_mark m = arena_mark(&a);
        struct line l;
        struct str answer = line_parse(str_trim(str_c(text)), &l) ? line_answer(c, &l, &a) : STR("invalid");
        printf(STR_F "\n", STR_A(answer));
        arena_rewind(&a, m);
    }
    return 0;
}
