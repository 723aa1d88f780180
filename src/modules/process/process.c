/* process.c - the ordered list of steps. */
#include "modules/process/process.h"

static void effect(struct process_step *out, enum process_effect_kind kind, int64_t step)
{
    out->effects[out->n++] = (struct process_effect){ kind, step };
}

static enum rc start(const struct process_def *def, const struct process_state *from, struct process_step *out)
{
    if (from->at != -1 || !def->n)
        return RC_CONFLICT;
    out->state.at = 0;
    effect(out, EFFECT_OPEN, 0);
    return RC_OK;
}

static bool is_open(const struct process_def *def, const struct process_state *from, int64_t step)
{
    return from->at == step && step >= 0 && step < (int64_t)def->n;
}

static enum rc done(const struct process_def *def, const struct process_state *from, int64_t step, struct process_step *out)
{
    if (!is_open(def, from, step))
        return RC_CONFLICT;
    effect(out, EFFECT_CLOSE, step);
    out->state.at = step + 1;
    effect(out, out->state.at == (int64_t)def->n ? EFFECT_FINISHED : EFFECT_OPEN, out->state.at);
    return RC_OK;
}

static enum rc back(const struct process_def *def, const struct process_state *from, int64_t step, struct process_step *out)
{
    if (!is_open(def, from, step) || step == 0)
        return RC_CONFLICT;
    effect(out, EFFECT_CLOSE, step);
    out->state.at = step - 1;
    effect(out, EFFECT_OPEN, step - 1);
    return RC_OK;
}

static enum rc stop(const struct process_def *def, const struct process_state *from, struct process_step *out)
{
    if (from->at >= (int64_t)def->n)
        return RC_CONFLICT;
    if (from->at >= 0)
        effect(out, EFFECT_CLOSE, from->at);
    out->state.at = (int64_t)def->n;
    return RC_OK;
}

enum rc process_advance(const struct process_def *def, const struct process_state *from, const struct process_event *ev,
                        struct process_step *out)
{
    *out = (struct process_step){ .state = *from };
    switch (ev->kind) {
    case PROCESS_START:
        return start(def, from, out);
    case PROCESS_DONE:
        return done(def, from, ev->step, out);
    case PROCESS_BACK:
        return back(def, from, ev->step, out);
    case PROCESS_STOP:
        return stop(def, from, out);
    }
    return RC_CONFLICT;
}

int64_t process_days_until(const struct process_def *def, int64_t step, int64_t total)
{
    int64_t share = 0;
    for (int64_t i = 0; i <= step && i < (int64_t)def->n; i++)
        share += def->nodes[i].share;
    int64_t days = total * share / 100;
    return days > 0 ? days : 1;
}

const char *process_fault(const struct process_def *def)
{
    int64_t share = 0;
    if (!def->n || def->n > PROCESS_STEPS_MAX)
        return "needs 1 to 16 steps";
    for (size_t i = 0; i < def->n; i++) {
        const struct process_node *node = &def->nodes[i];
        if (!node->name.n || !node->role.n || node->share < 0)
            return "a step needs name, role and share";
        if (node->wants == WANTS_FORWARDED && i + 1 == def->n)
            return "what is forwarded is decided in a later step";
        share += node->share;
    }
    return share == 100 ? NULL : "shares must sum to 100";
}
