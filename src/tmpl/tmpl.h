/* tmpl.h - logic-less page templates, compiled at start against the record of the page they show.
 *
 *   {{name}}            field, escaped. A day becomes "10月8日 星期四" in <time>, an instant with its time of day, money
 *                       "300.00元", a word of a closed list its message. A struct html field is put as it is.
 *   {{name:raw}}        the word itself      {{name:iso}}  2026-10-08      {{name:full}}  with the year
 *   {{name:url}}        percent-encoded      {{name:href}} an address; anything but / # http(s): tel: mailto: becomes #
 *   {{name:group}}      1,234                {{name:typed}} what the visitor typed, if the form came back
 *   {{page.name}}       field of the page record (frame, language, who is signed in)
 *   {{#name}}..{{/name}} repeated for a list; once if set (text not empty, number not 0, true)   {{^name}} the contrary
 *   {{#name=word}}..{{/name}}   if the field is that word; {{^name=word}} the contrary
 *   {{t:text|name|name}} a message; %1 and %2 are the fields, escaped
 *   {{error:field}}      the error message of that field as markup;   {{#error:field}}..{{/error:field}}
 *   {{asset:file}}       address of an asset, with its hash
 *   {{>partial}}         another template, here
 *   {{!remark}}
 *
 * Names are looked up from the innermost section outwards. Unknown names, variables inside scripts or unquoted attributes,
 * and addresses that begin with a variable (without :href) do not compile. */
#ifndef TMPL_TMPL_H
#define TMPL_TMPL_H

#include "base/record.h"
#include "tmpl/text.h"

/* Source of a template. Only the build tool makes these. */
struct tmpl_source {
    const char *name, *text;
    size_t      n;
};

/* Address of an asset by its file name. Only the build tool makes these. */
struct asset {
    const char *file;    /* "tongban.css" */
    const char *address; /* "/assets/tongban-1a2b3c4d.css" */
    const char *type;
    const unsigned char *data, *gzip;
    size_t      n, gzip_n;
};

struct tmpl; /* compiled, immutable, shared by all threads */

/* What templates are compiled with. Lives as long as they do. */
struct tmpl_set {
    struct arena              *a;
    struct texts              *texts;
    const struct tmpl_source *const *sources;
    size_t                     nsources;
    const struct asset        *assets;
    size_t                     nassets;
    const struct record       *page; /* the record behind {{page.x}} */
};

/* What one rendering looks at. */
struct tmpl_view {
    enum locale          locale;
    const void          *page;
    const void          *out;    /* the record the template was compiled with */
    const struct issues *issues; /* may be NULL */
    const struct pair   *typed;  /* what came back, may be NULL */
    size_t               ntyped;
};

/* NULL with *out_why if the template is wrong ("item.html:12: no field 'nmae'"). */
const struct tmpl *tmpl_compile(const struct tmpl_set *set, const struct tmpl_source *src, const struct record *out,
                                struct str *out_why);
void tmpl_render(const struct tmpl *t, const struct tmpl_view *v, struct buf *b);
/* One day or instant as people write it in that language, without markup: "10月8日 星期四", "8 October, Thursday". */
void put_day(struct buf *b, enum locale l, struct day d, bool with_year);
void put_when(struct buf *b, enum locale l, int64_t ms, bool with_year);

#endif
