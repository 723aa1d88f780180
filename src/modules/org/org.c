/* org.c - roles and which of them exclude each other; the module's row. */
#include "modules/org/org.h"

#include "modules/org/org_store.h"

const char *const org_role_words[ROLES + 1] = {
    [ROLE_CLERK] = "clerk",
    [ROLE_REVIEWER] = "reviewer",
    [ROLE_SECTION_HEAD] = "section_head",
    [ROLE_BODY_HEAD] = "body_head",
    [ROLE_STEWARD] = "steward",
    [ROLE_CENTRE_REVIEWER] = "centre_reviewer",
    [ROLE_LEGAL] = "legal",
    [ROLE_ESTABLISHMENT] = "establishment",
    [ROLE_HALL_MANAGER] = "hall_manager",
    [ROLE_GUIDE] = "guide",
    [ROLE_AGENT] = "agent",
    [ROLE_SUPERVISOR] = "supervisor",
    [ROLE_DISCIPLINE] = "discipline",
    [ROLE_LEADER] = "leader",
    [ROLE_DELIVERY] = "delivery",
    [ROLE_CASHIER] = "cashier",
    [ROLE_SYSTEM_ADMIN] = "system_admin",
    [ROLE_SECURITY_ADMIN] = "security_admin",
    [ROLE_AUDIT_ADMIN] = "audit_admin",
    [ROLE_TRADING] = "trading",
    [ROLE_HOTLINE] = "hotline",
    [ROLES] = NULL,
};

/* Rule 21 of the practice: whoever receives does not decide, whoever drafts does not publish, whoever runs the system
 * neither grants rights nor watches himself. */
static const struct {
    enum org_role a, b;
    const char   *why;
} clashes[] = {
    { ROLE_CLERK, ROLE_REVIEWER, "org.clash_receive_decide" },
    { ROLE_CLERK, ROLE_SECTION_HEAD, "org.clash_receive_decide" },
    { ROLE_CLERK, ROLE_BODY_HEAD, "org.clash_receive_decide" },
    { ROLE_STEWARD, ROLE_CENTRE_REVIEWER, "org.clash_draft_publish" },
    { ROLE_STEWARD, ROLE_LEGAL, "org.clash_draft_publish" },
    { ROLE_SUPERVISOR, ROLE_DISCIPLINE, "org.clash_card_appeal" },
    { ROLE_SUPERVISOR, ROLE_CLERK, "org.clash_watch_self" },
    { ROLE_SUPERVISOR, ROLE_REVIEWER, "org.clash_watch_self" },
    { ROLE_SYSTEM_ADMIN, ROLE_SECURITY_ADMIN, "org.clash_three_admins" },
    { ROLE_SYSTEM_ADMIN, ROLE_AUDIT_ADMIN, "org.clash_three_admins" },
    { ROLE_SECURITY_ADMIN, ROLE_AUDIT_ADMIN, "org.clash_three_admins" },
    { ROLE_TRADING, ROLE_SUPERVISOR, "org.clash_tender_supervise" },
};

const char *org_roles_clash(enum org_role a, enum org_role b)
{
    for (size_t i = 0; i < countof(clashes); i++)
        if ((clashes[i].a == a && clashes[i].b == b) || (clashes[i].a == b && clashes[i].b == a))
            return clashes[i].why;
    return NULL;
}

const char *org_role_set_clash(uint64_t roles)
{
    for (size_t i = 0; i < countof(clashes); i++)
        if (roles & ROLE_BIT(clashes[i].a) && roles & ROLE_BIT(clashes[i].b))
            return clashes[i].why;
    return NULL;
}

enum rc org_staff_add(struct cx *cx, const struct org_staff *s, int64_t *out_id)
{
    struct org_staff_row row = { .login = s->login, .name = s->name, .section = s->section, .window = s->window_no,
                                 .division = s->division };
    int64_t added = 0;
    *out_id = db_id(cx);
    enum rc rc = org_store_staff_add(cx, *out_id, s->body, &row, &added);
    return rc ? rc : added ? RC_OK : RC_CONFLICT;
}

enum rc org_staff_role_add(struct cx *cx, int64_t staff, enum org_role role)
{
    uint64_t have = 0;
    enum rc rc = org_staff_role_bits(cx, staff, &have);
    if (rc)
        return rc;
    const char *clash = org_role_set_clash(have | ROLE_BIT(role));
    if (clash)
        return cx_invalid(cx, "role", clash);
    return org_store_staff_role_add(cx, staff, str_c(org_role_words[role]));
}

enum rc org_staff_role_end(struct cx *cx, int64_t staff, enum org_role role)
{
    return org_store_staff_role_end(cx, staff, str_c(org_role_words[role]));
}

const struct module org_module = {
    .name = "org",
    .sql = org_sql,
    .nsql = countof(org_sql),
    .schema = org_schema,
    .nschema = countof(org_schema),
};
