/* media.c - magic bytes and ZIP directories. */
#include "http/media.h"

#include <string.h>

/* ---- text ----------------------------------------------------------------------------------------------------------- */

static bool is_plain(unsigned char c)
{
    return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* First byte of a code point: Unicode 15, table 3-7. */
static void lead_add(struct media_text *t, unsigned char c)
{
    t->low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    t->high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (c < 0x80)
        t->is_not |= !is_plain(c);
    else if (c < 0xc2 || c > 0xf4)
        t->is_not = true;
    else
        t->more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
}

void media_text_add(struct media_text *t, const char *p, size_t n)
{
    for (size_t i = 0; i < n && !t->is_not; i++) {
        unsigned char c = (unsigned char)p[i];
        if (!t->more) {
            lead_add(t, c);
        } else {
            t->is_not = c < t->low || c > t->high;
            t->low = 0x80;
            t->high = 0xbf;
            t->more--;
        }
    }
}

bool media_text_ok(const struct media_text *t)
{
    return !t->is_not && !t->more;
}

/* ---- ZIP (APPNOTE 6.3.10) ------------------------------------------------------------------------------------------- */

enum { ZIP_END = 22, ZIP_ENTRY = 46, ZIP_COMMENT = 65535 };

static size_t u16(const char *p)
{
    return (size_t)(unsigned char)p[0] | (size_t)(unsigned char)p[1] << 8;
}

static size_t u32(const char *p)
{
    return u16(p) | u16(p + 2) << 16;
}

/* The directory, if the file ends with one that lies in the tail; 4.3.16. */
static struct str zip_directory(struct str tail)
{
    for (size_t back = ZIP_END; back <= tail.n && back <= ZIP_END + ZIP_COMMENT; back++) {
        const char *end = tail.p + tail.n - back;
        if (memcmp(end, "PK\5\6", 4) != 0 || u16(end + 20) != back - ZIP_END)
            continue;
        size_t size = u32(end + 12), before = tail.n - back;
        return size <= before ? str_sub(tail, before - size, size) : STR_NONE;
    }
    return STR_NONE;
}

static const struct {
    const char *entry, *type;
} packed[] = {
    { "OFD.xml", "application/ofd" },
    { "word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { "xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
};

static struct str packed_type(struct str name)
{
    for (size_t i = 0; i < countof(packed); i++)
        if (str_is(name, packed[i].entry))
            return str_c(packed[i].type);
    return STR_NONE;
}

static struct str zip_type(struct str directory)
{
    struct str type = STR_NONE;
    while (directory.n >= ZIP_ENTRY && memcmp(directory.p, "PK\1\2", 4) == 0) {
        size_t name_n = u16(directory.p + 28), all = ZIP_ENTRY + name_n + u16(directory.p + 30) + u16(directory.p + 32);
        struct str name = str_sub(directory, ZIP_ENTRY, name_n), found = packed_type(name);
        if (all > directory.n || str_ends(name, STR("vbaProject.bin")) || (found.p && type.p))
            return STR_NONE; /* broken, with macros, or two things at once */
        if (found.p)
            type = found;
        directory = str_sub(directory, all, directory.n);
    }
    return directory.n ? STR_NONE : type;
}

/* ---- all -------------------------------------------------------------------------------------------------------------- */

static const struct {
    struct str  magic;
    const char *type;
} magics[] = {
    { STR_INIT("%PDF-"), "application/pdf" },
    { STR_INIT("\xff\xd8\xff"), "image/jpeg" },
    { STR_INIT("\x89PNG\r\n\x1a\n"), "image/png" },
};

struct str media_type(struct str head, struct str tail)
{
    for (size_t i = 0; i < countof(magics); i++)
        if (str_starts(head, magics[i].magic))
            return str_c(magics[i].type);
    if (str_starts(head, STR("RIFF")) && str_starts(str_sub(head, 8, head.n), STR("WEBP")))
        return STR("image/webp");
    return str_starts(head, STR("PK\3\4")) ? zip_type(zip_directory(tail)) : STR_NONE;
}
