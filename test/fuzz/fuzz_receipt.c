/* fuzz_receipt.c - libFuzzer target: the receipt checker against anybody's bytes.
 *   meson setup build/fuzz -Db_sanitize=address,undefined -Db_lundef=false && ninja -C build/fuzz src/ledger/fuzz_receipt
 * With clang it is a fuzzer; other compilers make a program that runs the files it is given, to replay findings. */
#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
    struct arena a;
    struct ledger_receipt r;
    arena_init(&a, 16 << 20);
    if (ledger_receipt_check((struct str){ (const char *)data, n }, &a, &r) >= RECEIPT_STATES)
        abort();
    struct ledger_head h;
    if (ledger_head_parse((struct str){ (const char *)data, n < 4096 ? n : 4096 }, &a, &h) == RC_OK && h.root.n != 32)
        abort();
    arena_done(&a);
    return 0;
}

#ifndef FUZZING
int main(int argc, char **argv)
{
    static unsigned char data[LEDGER_RECEIPT_MAX + 2];
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (!f) {
            fprintf(stderr, "%s cannot be opened\n", argv[i]);
            return 1;
        }
        size_t n = fread(data, 1, sizeof data, f);
        fclose(f);
        LLVMFuzzerTestOneInput(data, n);
    }
    return 0;
}
#endif
