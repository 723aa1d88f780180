/* gate.c - what the router asks about people: which need is met by which roles. */
#include "app/start.h"
#include "modules/identity/identity.h"
#include "modules/org/org.h"

/* Any of these roles meets the need. A need without row here and without a rule below is met by nobody. */
static const uint64_t roles_for[NEEDS] = {
    [NEED_INTAKE] = ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_AGENT),
    [NEED_CLERK] = ROLE_BIT(ROLE_CLERK),
    [NEED_REVIEWER] = ROLE_BIT(ROLE_REVIEWER) | ROLE_BIT(ROLE_SECTION_HEAD) | ROLE_BIT(ROLE_BODY_HEAD),
    [NEED_BODY_HEAD] = ROLE_BIT(ROLE_BODY_HEAD) | ROLE_BIT(ROLE_SECTION_HEAD),
    [NEED_STEWARD] = ROLE_BIT(ROLE_STEWARD) | ROLE_BIT(ROLE_CENTRE_REVIEWER) | ROLE_BIT(ROLE_LEGAL),
    [NEED_HALL_MANAGER] = ROLE_BIT(ROLE_HALL_MANAGER),
    [NEED_SUPERVISOR] = ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_DISCIPLINE),
    [NEED_SYSTEM_ADMIN] = ROLE_BIT(ROLE_SYSTEM_ADMIN),
    [NEED_SECURITY_ADMIN] = ROLE_BIT(ROLE_SECURITY_ADMIN),
    [NEED_AUDIT_ADMIN] = ROLE_BIT(ROLE_AUDIT_ADMIN),
};

static bool allows(const struct actor *actor, enum need need)
{
    switch ((int)need) {
    case NEED_NOBODY:
        return true;
    case NEED_SIGNED_IN:
        return actor->account != 0;
    case NEED_APPLICANT:
        return actor->account && actor->person;
    case NEED_STAFF:
        return actor->post != 0;
    default:
        return need < NEEDS && (actor->roles & roles_for[need]) != 0;
    }
}

const struct gate app_gate = { .find_actor = identity_find_actor,
                               .allows = allows,
                               .public_version = org_public_version,
                               .actor_name = identity_actor_name };
