/* cases_papers.h - what is frozen in a legal document, and how one is made. */
#ifndef MODULES_CASES_PAPERS_H
#define MODULES_CASES_PAPERS_H

#include "cases_store.h"

/* The facts that the words of a document are written from (cases_text.c); what a kind does not need stays empty. Acts give the second
 * half; who, what and when is taken from case, item and body at the moment of making, so that it never changes afterwards. */
struct cases_paper {
    struct str applicant;    /* 申请人 */
    struct str applicant_no; /* number of his document, masked */
    struct str body, phone, remedy_body, item, law, result;
    struct str number; /* of the case */
    struct str query_code, channel;
    struct str particulars; /* what is granted, a line each */
    struct day day, received;
    struct day due; /* of the case, unless the act says another */

    struct str party;    /* served on this third party instead of the applicant */
    struct str replaces; /* number of the void document before it */
    struct str reasons, basis;
    struct str procedure; /* word of the pause */
    struct str days;      /* by which a limit is extended */
    struct str staff;     /* who approved or handed over */
    struct str documents; /* what was delivered */
    struct str receiver, way, proof;
    struct str materials; /* what was received, a line each */
    struct day from, until;
};

/* Next number of the body, kind and year; frozen, hashed, and served or due for service. Call it last in the unit: it takes the counter
 * row. `p` is what the act adds. */
enum rc cases_paper_make(struct cx *cx, const struct cases_case *c, const char *kind, const struct cases_paper *p);
/* 收件凭证: numbered by the case. */
enum rc cases_paper_receipt(struct cx *cx, const struct cases_case *c, const struct cases_paper *p);
/* What was frozen, to be issued again; RC_FAILED if the fields are none of ours. */
enum rc cases_paper_read(struct cx *cx, const struct cases_document *d, struct cases_paper *out);

#endif
