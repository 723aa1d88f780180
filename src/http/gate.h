/* gate.h - what the router must know of people: who is asking, and may he. `http` knows no module; `app` fills the gate. */
#ifndef HTTP_GATE_H
#define HTTP_GATE_H

#include "db/cx.h"

/* What a route demands of the actor. A route that states nothing does not start. */
enum need {
    NEED_NOT_STATED,
    NEED_NOBODY,      /* public */
    NEED_SIGNED_IN,   /* any account */
    NEED_APPLICANT,   /* a proven or self-declared person, acting for himself or by mandate */
    NEED_STAFF,       /* any post */
    NEED_INTAKE, /* may take applications in: window clerks and agency staff (代办) */
    NEED_CLERK,
    NEED_REVIEWER,
    NEED_BODY_HEAD,
    NEED_STEWARD,
    NEED_HALL_MANAGER,
    NEED_SUPERVISOR,
    NEED_SYSTEM_ADMIN,
    NEED_SECURITY_ADMIN,
    NEED_AUDIT_ADMIN,
    NEEDS,
};

extern const char *const need_names[NEEDS];

struct gate {
    /* Whom the session token stands for; leaves `out` all zero when it stands for nobody. Runs in a READ unit. */
    enum rc (*find_actor)(struct cx *cx, struct str token, struct actor *out);
    /* Pure. */
    bool (*allows)(const struct actor *actor, enum need need);
    /* Grows whenever anything on a public page changes. Runs in a READ unit. */
    enum rc (*public_version)(struct cx *cx, int64_t *out);
    /* Name to show in the frame for this actor. */
    struct str (*actor_name)(struct cx *cx);
};

#endif
