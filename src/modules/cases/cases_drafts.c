/* cases_drafts.c - the end of drafts that nobody sent. */
#include "cases_service.h"
#include "ledger/ledger.h"
#include "modules/materials/materials.h"

#define DRAFT_MS (INT64_C(30) * DAY_MS)

/* Answers, file names and files go with it; the ledger keeps that it was, not what it was. */
static enum rc draft_purge(struct cx *cx, int64_t id)
{
    struct ledger_entry e = { .root = id, .kind = "draft.purged", .body = STR("{}") };
    enum rc rc = cases_store_draft_lock(cx, id);
    if (!rc)
        rc = cases_store_draft_delete(cx, id, cx->now - DRAFT_MS);
    if (rc == RC_NOT_FOUND || rc == RC_CONFLICT)
        return RC_OK; /* gone, touched or submitted since it was listed */
    if (!rc)
        rc = materials_forget(cx, id);
    return rc ? rc : ledger_append(cx, &e, NULL, NULL);
}

enum rc cases_drafts_purge(struct cx *cx, bool *out_again)
{
    struct list old;
    enum rc rc = cases_store_drafts_old(cx, cx->now - DRAFT_MS, &old);
    for (size_t i = 0; !rc && i < old.n; i++)
        rc = draft_purge(cx, ((const int64_t *)old.v)[i]);
    *out_again = !rc && old.n == CASES_DRAFTS_AT_ONCE;
    return rc;
}
