/* search_view.h - what the search pages show; each is a page and a JSON document. */
#ifndef MODULES_SEARCH_VIEW_H
#define MODULES_SEARCH_VIEW_H

#include "all_tmpl.h"
#include "modules/search/search.h"

struct search_view {
    struct str  title, q, words, stage, prev, next, clear, wish;
    int64_t     total, page_no, pages;
    bool        empty, none, more, cut, narrowed, sent, paged, has_maybe, has_near;
    bool        has_facets, has_who, has_ways, has_bodies, has_subjects; /* conditions that would leave something out */
    struct list hits, maybe, near, who, ways, bodies, subjects;
    struct list person, firm, organs; /* to browse when nothing was asked */
};
extern const struct record SEARCH_VIEW;

#endif
