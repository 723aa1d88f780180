/* cases_materials.h - files of applications and cases against the material list of their item. */
#ifndef MODULES_CASES_MATERIALS_H
#define MODULES_CASES_MATERIALS_H

#include "cases_store.h"
#include "cases_view.h"

/* Files of the draft, and the key materials that have none (list of struct slot_line). */
enum rc cases_materials_missing(struct cx *cx, const struct cases_draft *d, int64_t *out_files, struct list *out_missing);
/* What is handed in, as the act's entry of the ledger says it: `"files":[{"hash":H,"n":N,"slot":S},...]`, where H is the commitment
 * in hex; "" if there is nothing. The files of this root that are not handed in yet, for `slot` (none: for any). */
enum rc cases_materials_said(struct cx *cx, int64_t root, struct str slot, struct str *out);
/* The slot that a form field is for, if the item asks for that material; RC_NOT_FOUND otherwise. */
enum rc cases_materials_slot(struct cx *cx, const struct cases_draft *d, struct str field, struct str *out);
/* How each material of the draft stands: list of struct cases_material. `asked`: struct catalog_material. */
enum rc cases_materials_given(struct cx *cx, const struct cases_draft *d, const struct list *asked, struct list *out);
/* Files handed in with the case as list of struct file_line. */
enum rc cases_files_fill(struct cx *cx, const struct cases_case *c, struct list *out);

/* Files that wait for the applicant's answer to a point, as struct file_line into each struct point_line. */
enum rc cases_points_files(struct cx *cx, const struct cases_case *c, const struct list *points);

#endif
