/* test_search_rules.c - the pure part of search. */
#include "search_rules.h"
#include "check.h"
int main(void) { return 0; }
