/* media.h - what a file is, told by its bytes and never by its name or its sender's word. */
#ifndef HTTP_MEDIA_H
#define HTTP_MEDIA_H

#include "base/str.h"

enum { MEDIA_HEAD = 16, MEDIA_TAIL = 256 * 1024 };

/* Text, seen piece by piece: well-formed UTF-8 without control characters but tab and line ends. Zeroed memory begins. */
struct media_text {
    int           more;      /* bytes that must follow */
    unsigned char low, high; /* bounds of the next one */
    bool          is_not;
};
void media_text_add(struct media_text *t, const char *p, size_t n);
bool media_text_ok(const struct media_text *t);

/* Media type of a file by its first MEDIA_HEAD and last MEDIA_TAIL bytes: PDF, JPEG, PNG, WebP, and by the names in a ZIP
 * directory OFD (GB/T 33190), docx, xlsx without macros; STR_NONE for everything else. Static text. */
struct str media_type(struct str head, struct str tail);
#define MEDIA_TEXT STR("text/plain; charset=utf-8")

#endif
