/* process.h - how a case moves through the office: a pure function. Today a process is an ordered list of steps with role
 * and share of the time; modelled and parallel routes will use the same function with richer definitions.
 *   definition + state + event -> new state + effects. The engine never touches the world: effects are data. */
#ifndef MODULES_PROCESS_PROCESS_H
#define MODULES_PROCESS_PROCESS_H

#include "base/arena.h"

enum { PROCESS_STEPS_MAX = 16, PROCESS_EFFECTS_MAX = 8 };

/* What must be there before a step is done. */
enum process_wants {
    WANTS_NOTHING,
    WANTS_SITE_CHECK, /* a record of a site check by two (行政许可法 34) */
    WANTS_FORWARDED,  /* the case is with the body that decides (转报) */
};

/* One step: who does it, and how much of the decision time it may use. */
struct process_node {
    struct str         name;  /* message: 审查, 决定 */
    struct str         role;  /* role word of the queue it waits in */
    int64_t            share; /* percent of the statutory or promised time, summing to 100 over the list */
    enum process_wants wants;
};

struct process_def {
    const struct process_node *nodes;
    size_t                     n;
};

/* Small, lives with the case. */
struct process_state {
    int64_t at; /* index of the open step; -1 not begun, n finished */
};

enum process_event_kind { PROCESS_START, PROCESS_DONE, PROCESS_BACK, PROCESS_STOP };

struct process_event {
    enum process_event_kind kind;
    int64_t                 step; /* DONE, BACK: the step the event is about; must be the open one */
};

enum process_effect_kind { EFFECT_OPEN, EFFECT_CLOSE, EFFECT_FINISHED };

struct process_effect {
    enum process_effect_kind kind;
    int64_t                  step;
};

struct process_step {
    struct process_state  state;
    struct process_effect effects[PROCESS_EFFECTS_MAX];
    size_t                n;
};

/* RC_CONFLICT if the event does not fit the state (the step is not open, already begun, finished). */
enum rc process_advance(const struct process_def *def, const struct process_state *from, const struct process_event *ev,
                        struct process_step *out);
/* Calendar days or working days of `total` that have passed when this step should be done, rounded down, at least 1. */
int64_t process_days_until(const struct process_def *def, int64_t step, int64_t total);
/* What is wrong with a definition, for whoever publishes it ("shares must sum to 100"); NULL if nothing is. */
const char *process_fault(const struct process_def *def);

#endif
