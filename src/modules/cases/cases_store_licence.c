/* cases_store_licence.c - statements of the licences that are held. */
#include "cases_store.h"
#include "modules/identity/identity.h"

#define V struct cases_licence
static const struct field licence_fields[] = {
    FIELD(V, case_id), FIELD(V, no), FIELD(V, number), FIELD(V, made_at), FIELD(V, valid_until)
};
static const struct record LICENCE = RECORD(V, licence_fields);
#undef V

enum rc cases_store_licence_add(struct cx *cx, const struct cases_case *c, struct day valid_until)
{
    return db_exec(cx, &sql_cases_licence_insert,
                   ARGS(v_i64(c->id), v_str(c->item_code), v_i64(c->applicant), v_ref(c->account), v_day(valid_until)), NULL);
}

enum rc cases_store_licence(struct cx *cx, int64_t case_id, struct cases_licence *out)
{
    return db_one(cx, &sql_cases_licence_get, ARGS(v_i64(case_id)), &LICENCE, out);
}

enum rc cases_store_licences(struct cx *cx, const struct cases_holder *h, struct str item_code, struct list *out)
{
    return db_all(cx, &sql_cases_licences, ARGS(v_i64(h->account), v_i64(h->person), v_str(item_code)), &LICENCE, out);
}

enum rc cases_store_licence_end(struct cx *cx, int64_t case_id)
{
    int64_t n = 0;
    enum rc rc = db_exec(cx, &sql_cases_licence_end, ARGS(v_i64(case_id), v_day(day_at(cx->now))), &n);
    return rc ? rc : n ? RC_OK : RC_NOT_FOUND;
}

/* He sees what his account was given; what is his person's, once that is proven (nobody takes another's identity). */
enum rc cases_store_holder(struct cx *cx, struct cases_holder *out)
{
    struct identity_person p;
    *out = (struct cases_holder){ .account = cx->actor.account };
    enum rc rc = cx->actor.person ? identity_person_get(cx, cx->actor.person, &p) : RC_NOT_FOUND;
    if (!rc && p.proven_at.ms)
        out->person = p.id;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
