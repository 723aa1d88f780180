/* tmpl_priv.h - the compiled form. */
#ifndef TMPL_PRIV_H
#define TMPL_PRIV_H

#include "tmpl/tmpl.h"

enum format { FMT_PLAIN, FMT_RAW, FMT_ISO, FMT_FULL, FMT_URL, FMT_HREF, FMT_GROUP, FMT_TYPED };

enum op_kind { OP_TEXT, OP_FIELD, OP_MESSAGE, OP_SECTION, OP_LIST, OP_NEXT, OP_ERROR, OP_IF_ERROR };

enum { DEPTH_MAX = 8, MESSAGE_ARGS = 2 };

/* A field of the object at `depth` of the stack: 0 page, 1 the record, 2.. rows of lists. */
struct place {
    const struct field *field;
    int                 depth;
    enum format         format;
    const struct str   *words; /* texts of field->words: words[i * LOCALES + locale] */
};

struct op {
    enum op_kind      kind;
    bool              inverted;
    struct str        text;  /* OP_TEXT; OP_SECTION: the word compared with; OP_ERROR: field name */
    const struct str *texts; /* OP_MESSAGE: one per language */
    struct place      place[MESSAGE_ARGS];
    size_t            jump; /* sections: the op after the end; OP_NEXT: first op of the row */
};

struct tmpl {
    const char  *name;
    struct op   *ops;
    size_t       n;
    const struct str *error_prefix; /* "错误：" */
    struct texts *texts;
};

#endif
