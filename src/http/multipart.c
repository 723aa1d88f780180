/* multipart.c - multipart/form-data as a machine of seven states over single bytes; runs of data are passed on whole. */
#include "http/multipart.h"

#include <string.h>

enum {
    IN_MARK,   /* the first delimiter */
    IN_TAIL,   /* after a delimiter: CR, or the first dash */
    IN_LF,     /* after CR of the delimiter's line */
    IN_DASH,   /* second dash of the last delimiter */
    IN_HEAD,   /* header lines of a part */
    IN_DATA,   /* content */
    IN_END_CR, /* after the last delimiter: nothing, or one CRLF */
    IN_END_LF,
    IN_END,
};

static bool fault(struct multipart *m, enum multipart_fault f)
{
    if (m->fault == MULTIPART_FINE)
        m->fault = f;
    return false;
}

/* ---- opening ------------------------------------------------------------------------------------------------------ */

bool multipart_is(struct str content_type)
{
    struct str kind = str_trim(str_cut(&content_type, ';'));
    return str_eq_nocase(kind, STR("multipart/form-data"));
}

/* RFC 2046 5.1.1. The blank, allowed there inside, is sent by nobody. */
static bool boundary_ok(struct str b)
{
    static const char also[] = "'()+_,-./:=?";
    for (size_t i = 0; i < b.n; i++) {
        char c = b.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr(also, c))))
            return false;
    }
    return b.n > 0 && b.n <= MULTIPART_BOUNDARY;
}

static struct str boundary_find(struct str type)
{
    struct str found = STR_NONE;
    (void)str_cut(&type, ';');
    while (type.p) {
        struct str value = str_trim(str_cut(&type, ';')), key = str_cut(&value, '=');
        if (!str_eq_nocase(str_trim(key), STR("boundary")) || !value.p)
            continue;
        if (found.p)
            return STR_NONE; /* two: which one is meant is anybody's guess */
        value = str_trim(value);
        found = value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"' ? str_sub(value, 1, value.n - 2) : value;
    }
    return found;
}

bool multipart_open(struct multipart *m, struct str content_type, const struct multipart_sink *sink)
{
    struct str b = boundary_find(content_type);
    *m = (struct multipart){ .sink = *sink, .state = IN_MARK, .seen = 2 }; /* the body begins as if after a line end */
    if (!multipart_is(content_type) || !boundary_ok(b))
        return fault(m, MULTIPART_BROKEN);
    memcpy(m->mark, "\r\n--", 4);
    memcpy(m->mark + 4, b.p, b.n);
    m->mark_n = b.n + 4;
    return true;
}

/* ---- headers of a part ---------------------------------------------------------------------------------------------- */

struct disposition {
    char   name[MULTIPART_HEAD], filename[MULTIPART_HEAD];
    size_t name_n, filename_n;
    bool   has_name, has_filename, has_header;
};

static bool is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*';
}

/* `"..."` at the front of *s into `out`. Browsers write " as %22, curl as \"; a lone backslash is part of a path. */
static bool quoted_read(struct str *s, char *out, size_t *out_n)
{
    size_t i = 1, n = 0;
    if (!s->n || s->p[0] != '"')
        return false;
    for (; i < s->n && s->p[i] != '"'; i++) {
        bool escaped = s->p[i] == '\\' && i + 1 < s->n && (s->p[i + 1] == '"' || s->p[i + 1] == '\\');
        bool percent = !escaped && i + 2 < s->n && memcmp(s->p + i, "%22", 3) == 0;
        i += escaped ? 1 : percent ? 2 : 0;
        out[n++] = s->p[i];
        if (percent)
            out[n - 1] = '"';
    }
    if (i >= s->n)
        return false;
    *s = str_sub(*s, i + 1, s->n);
    *out_n = n;
    return true;
}

/* `; key="value"` at the front of *s. */
static bool parameter_read(struct str *s, struct disposition *d)
{
    size_t n = 0;
    *s = str_trim(*s);
    if (!s->n || s->p[0] != ';')
        return false;
    *s = str_trim(str_sub(*s, 1, s->n));
    while (n < s->n && is_token(s->p[n]))
        n++;
    struct str key = str_sub(*s, 0, n);
    *s = str_sub(*s, n, s->n);
    if (!s->n || s->p[0] != '=')
        return false;
    *s = str_sub(*s, 1, s->n);
    if (str_eq_nocase(key, STR("name")) && !d->has_name)
        return d->has_name = quoted_read(s, d->name, &d->name_n);
    if (str_eq_nocase(key, STR("filename")) && !d->has_filename)
        return d->has_filename = quoted_read(s, d->filename, &d->filename_n);
    return false; /* RFC 7578 4.2 forbids filename*, and there is no third one */
}

static bool disposition_read(struct str value, struct disposition *d)
{
    size_t n = 0;
    if (d->has_header)
        return false;
    d->has_header = true;
    while (n < value.n && is_token(value.p[n]))
        n++;
    if (!str_eq_nocase(str_sub(value, 0, n), STR("form-data")))
        return false;
    value = str_sub(value, n, value.n);
    while (str_trim(value).n)
        if (!parameter_read(&value, d))
            return false;
    return true;
}

static bool encoding_ok(struct str value)
{
    return str_eq_nocase(value, STR("binary")) || str_eq_nocase(value, STR("8bit")) || str_eq_nocase(value, STR("7bit"));
}

static bool header_name_ok(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!is_token(name.p[i]))
            return false;
    return name.n > 0;
}

static bool line_read(struct str line, struct disposition *d)
{
    struct str value = line, name = str_cut(&value, ':');
    if (!value.p || !header_name_ok(name))
        return false;
    value = str_trim(value);
    if (str_eq_nocase(name, STR("Content-Disposition")))
        return disposition_read(value, d);
    return !str_eq_nocase(name, STR("Content-Transfer-Encoding")) || encoding_ok(value);
}

/* Header lines without the empty one. A bare CR or LF in them is a trick. */
static bool lines_read(struct str head, struct disposition *d)
{
    while (head.n) {
        ptrdiff_t at = str_find(head, STR("\r\n"));
        if (at < 0)
            return false;
        struct str line = str_sub(head, 0, (size_t)at);
        head = str_sub(head, (size_t)at + 2, head.n);
        if (str_find_char(line, '\r') >= 0 || str_find_char(line, '\n') >= 0 || !line_read(line, d))
            return false;
    }
    return d->has_name && d->name_n > 0 && d->name_n <= MULTIPART_NAME;
}

static bool count_ok(struct multipart *m, bool is_file)
{
    return is_file ? ++m->files <= MULTIPART_FILES : ++m->fields <= MULTIPART_FIELDS;
}

static bool part_begin(struct multipart *m)
{
    struct disposition d = { 0 };
    struct str head = { m->head, m->head_n - 2 };
    if (!str_utf8_ok(head) || !lines_read(head, &d))
        return fault(m, MULTIPART_BROKEN);
    m->nameless = d.has_filename && !d.filename_n;
    if (!count_ok(m, d.has_filename && d.filename_n))
        return fault(m, MULTIPART_TOO_MANY);
    struct str filename = d.has_filename ? (struct str){ d.filename, d.filename_n } : STR_NONE;
    return m->sink.begin(m->sink.arg, (struct str){ d.name, d.name_n }, filename) || fault(m, MULTIPART_STOPPED);
}

/* ---- bytes ------------------------------------------------------------------------------------------------------------ */

static bool head_put(struct multipart *m, char c)
{
    if (m->head_n == sizeof m->head)
        return fault(m, MULTIPART_BROKEN);
    m->head[m->head_n++] = c;
    if (m->head_n < 4 || memcmp(m->head + m->head_n - 4, "\r\n\r\n", 4) != 0)
        return true;
    m->state = IN_DATA;
    m->seen = 0;
    return part_begin(m);
}

static bool data_out(struct multipart *m, const char *p, size_t n)
{
    if (!n)
        return true;
    if (m->nameless)
        return fault(m, MULTIPART_BROKEN);
    return m->sink.data(m->sink.arg, p, n) || fault(m, MULTIPART_STOPPED);
}

/* A run of content from p; *used says how far it was read. The mark holds CR at its front only, so a mark that does not go
 * on was data, and only the byte in hand can begin another. */
static bool data_put(struct multipart *m, const char *p, size_t n, size_t *used)
{
    if (!m->seen) {
        const char *cr = memchr(p, '\r', n);
        *used = cr ? (size_t)(cr - p) + 1 : n;
        m->seen = cr ? 1 : 0;
        return data_out(m, p, cr ? *used - 1 : n);
    }
    *used = 1;
    if (*p != m->mark[m->seen]) {
        size_t was = m->seen;
        m->seen = 0;
        *used = 0; /* the same byte again, as data */
        return data_out(m, m->mark, was);
    }
    if (++m->seen < m->mark_n)
        return true;
    m->state = IN_TAIL;
    return m->sink.end(m->sink.arg) || fault(m, MULTIPART_STOPPED);
}

static bool expect(struct multipart *m, char c, char want, int next)
{
    m->state = next;
    return c == want || fault(m, MULTIPART_BROKEN);
}

static bool byte_put(struct multipart *m, char c)
{
    switch (m->state) {
    case IN_MARK:
        if (c != m->mark[m->seen])
            return fault(m, MULTIPART_BROKEN);
        if (++m->seen == m->mark_n)
            m->state = IN_TAIL;
        return true;
    case IN_TAIL:
        return c == '-' ? expect(m, c, '-', IN_DASH) : expect(m, c, '\r', IN_LF);
    case IN_LF:
        m->head_n = 0;
        return expect(m, c, '\n', IN_HEAD);
    case IN_DASH:
        return expect(m, c, '-', IN_END_CR);
    case IN_HEAD:
        return head_put(m, c);
    case IN_END_CR:
        return expect(m, c, '\r', IN_END_LF);
    case IN_END_LF:
        return expect(m, c, '\n', IN_END);
    default:
        return fault(m, MULTIPART_BROKEN);
    }
}

bool multipart_put(struct multipart *m, const char *p, size_t n)
{
    while (n && m->fault == MULTIPART_FINE) {
        size_t used = 1;
        if (m->state == IN_DATA ? !data_put(m, p, n, &used) : !byte_put(m, *p))
            break;
        p += used;
        n -= used;
    }
    return m->fault == MULTIPART_FINE;
}

bool multipart_end(struct multipart *m)
{
    if (m->fault == MULTIPART_FINE && m->state != IN_END && m->state != IN_END_CR)
        m->fault = MULTIPART_BROKEN;
    return m->fault == MULTIPART_FINE;
}
