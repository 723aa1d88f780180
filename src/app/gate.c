/* gate.c - what the router asks about people. */
#include "app/start.h"
#include "modules/org/org.h"

/* Nobody can sign in yet: a session cookie stands for nobody. */
static enum rc find_actor(struct cx *cx UNUSED, struct str token UNUSED, struct actor *out)
{
    *out = (struct actor){ 0 };
    return RC_OK;
}

static bool allows(const struct actor *actor, enum need need)
{
    return need == NEED_NOBODY || (need == NEED_SIGNED_IN && actor->account);
}

static struct str actor_name(struct cx *cx UNUSED)
{
    return STR("");
}

const struct gate app_gate = {
    .find_actor = find_actor, .allows = allows, .public_version = org_public_version, .actor_name = actor_name
};
