/* cjk.h - the FTS5 tokenizer "cjkbigram" for Chinese text without word lists.
 * A run of Han, kana or hangul becomes overlapping pairs (营业执照: 营业 业执 执照) and, in documents, its last character
 * alone, so that every character begins some token and a query of one character works as a prefix ("照"*). A quoted query
 * is then a phrase of pairs: it finds exactly the texts that contain it. Runs of ASCII letters and digits are one token in
 * lower case, cut at CJK_WORD_MAX bytes; full-width ASCII counts as ASCII. Everything else separates. */
#ifndef DB_CJK_H
#define DB_CJK_H

#include "base/str.h"

struct sqlite3;

enum { CJK_WORD_MAX = 64 };

/* One token; from and to are byte offsets in the text. What it returns, if not 0, ends the walk. */
typedef int cjk_token_fn(void *arg, int flags, const char *token, int n, int from, int to);

/* Call `each` for every token; `query`: the last character of a longer run is not given alone. Broken UTF-8 separates.
 * Returns 0 or what `each` returned. */
int cjk_tokens(struct str text, bool query, cjk_token_fn *each, void *arg);

/* Make the tokenizer known to this connection; false if SQLite has no FTS5. */
bool cjk_register(struct sqlite3 *h);

#endif
