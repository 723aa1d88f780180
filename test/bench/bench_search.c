/* bench_search.c */
int main(void) { return 0; }
