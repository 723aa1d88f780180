/* form_read.h - what the parts of the schema reader share; see forms.h for the subset. */
#ifndef MODULES_FORMS_FORM_READ_H
#define MODULES_FORMS_FORM_READ_H

#include "modules/forms/forms.h"

#include <jansson.h>

struct reader {
    struct arena *a;
    struct form  *f;
    struct str    why;     /* the first thing that is wrong */
    struct str    dropped; /* page of the base that the item's own pages replace */
    bool          in_row;
};

/* Always false; keeps the first reason. */
bool       form_fail(struct reader *r, struct str where, const char *what);
struct str form_text_of(struct reader *r, const json_t *o, const char *key);
bool       form_keys_known(struct reader *r, const json_t *o, struct str where, const char *const *known);
bool       form_whole(struct reader *r, const json_t *o, struct str where, const char *key, int64_t *out);
/* "field=value"; the field must stand before this one. */
bool form_when_read(struct reader *r, struct str text, struct str where, struct form_when *out);
bool form_field_read(struct reader *r, const char *name, const json_t *p);
/* Labels stand beside the list, values in `p`. */
bool form_choices_read(struct reader *r, const json_t *p, const json_t *outer, struct form_field *f);
/* Names of fields that the dropped page of `without` had are passed over. */
bool form_required_read(struct reader *r, const json_t *root, const json_t *without);
/* The condition holds; its own field is asked. */
bool form_when_holds(const struct form *f, struct form_when w, struct form_answers ans);
/* Answers without presets, with the rows that a page begins with. */
struct form_answers form_answers_room(struct arena *a, const struct form *f);
/* Nothing was typed into the row. */
bool form_row_empty(const struct form *row, struct form_answers ans);
/* form_places.c: struct form_area_view. */
struct list form_areas(struct cx *cx, struct str chosen);
/* form_plan.c */
bool form_fee_read(struct reader *r, const json_t *fee);
bool form_grant_read(struct reader *r, const json_t *grant);
bool form_steps_read(struct reader *r, const json_t *steps);

#endif
