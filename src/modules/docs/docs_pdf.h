/* docs_pdf.h - a legal document as PDF: A4, the layout of official letters, a QR code to check it by. */
#ifndef MODULES_DOCS_PDF_H
#define MODULES_DOCS_PDF_H

#include "modules/cases/cases.h"

struct docs_paper {
    struct cases_text text;    /* in Chinese: the printed file is the official one */
    struct str        address; /* what the QR code says: the page that checks this paper */
    struct str        page, check_code; /* printed beside it, for whoever types: the page without its query, and its h= */
    struct when       at;      /* when the document was made: the only time inside the file */
};

/* The file, in the arena. The same paper gives the same bytes on one installation. Text can be copied and searched. RC_FAILED
 * (logged) without the font WenQuanYi Zen Hei or if the address is too long for a QR code. Not in a unit: takes about 10 ms. */
enum rc docs_pdf_make(struct arena *a, const struct docs_paper *p, struct str *out);

#endif
