/* cases_materials.h - files of applications and cases against the material list of their item. */
#ifndef MODULES_CASES_MATERIALS_H
#define MODULES_CASES_MATERIALS_H

#include "cases_store.h"
#include "cases_view.h"

/* Files of the draft, and the key materials that have none (list of struct slot_line). */
enum rc cases_materials_missing(struct cx *cx, const struct cases_draft *d, int64_t *out_files, struct list *out_missing);
/* With submission: files go over to the case, and what is given for each material is noted. */
enum rc cases_materials_submit(struct cx *cx, const struct cases_draft *d, int64_t case_id);
/* Files of the case as list of struct file_line. */
enum rc cases_files_fill(struct cx *cx, const struct cases_case *c, struct list *out);

#endif
