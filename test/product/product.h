/* product.h - the whole product on the fixture: every module, the real gate, keys, form and calendar, the example county's
 * organisation and a few of its items; people with sessions of their own.
 *
 *   struct visitor v = visitor_staff(f, "scj01");
 *   struct answer a = visit(&v, "/desk");
 *   a = submit(&v, "/desk/cases/1/accept", ""); */
#ifndef TEST_PRODUCT_H
#define TEST_PRODUCT_H

#include "fixture.h"

/* Items that product_open loads. */
#define ITEM_LICENCE "11522627MB0A00018A4000131002000" /* regime L, promised, at scj */
#define ITEM_ON_SPOT "11522627MB0A00018A4000131001000" /* decided on the spot, at scj */
#define VISITOR_PASSWORD "correct-horse-1"

/* Set-up for cmocka, as fixture_open. `own` (may be NULL) is a module of the test with routes. */
int product_open(void **state, enum db_engine engine, const struct module *own);
int product_on_sqlite(void **state);
int product_on_postgres(void **state);

/* Somebody with cookies. Lives on the stack; his cookies are in it. */
struct visitor {
    struct fixture *f;
    char            session[64], anon[40], csrf[40];
    int64_t         account, person;
};

struct visitor visitor_stranger(struct fixture *f);
/* Registered with the nth valid identity number (1..999), signed in. */
struct visitor visitor_citizen(struct fixture *f, int nth);
/* Signed in with a login of data/county/staff.csv. */
struct visitor visitor_staff(struct fixture *f, const char *login);
/* A new session for the same person; for when the clock has moved on. */
void visitor_again(struct visitor *v);
/* The nth valid identity number of a person born on 1990-01-01. */
const char *number_of(struct fixture *f, int nth);
/* Login of somebody who holds this role word. */
const char *login_with(const char *role);

/* As get and post of the fixture, with the visitor's cookies. */
struct answer visit(struct visitor *v, const char *address);
struct answer visit_json(struct visitor *v, const char *address);
struct answer submit(struct visitor *v, const char *address, const char *form);

/* From start to the page before sending; the id of the draft, as text that lives as long as the fixture. */
const char *draft_fill(struct visitor *v, const char *item);
/* The same, sent; the case number, as text that lives as long as the fixture. */
const char *case_send(struct visitor *v, const char *item);

/* One integer of a statement, in a READ unit of its own; -1 if there is no row. Raw SQL, for both engines. */
int64_t number(struct fixture *f, const char *sql);

/* Change raw; how many rows. For states that the product does not make. */
int64_t change(struct fixture *f, const char *sql);

/* Every fault leaves no trace: for n = 0, 1, ... `fresh` makes a new subject and gives the address, then the request is sent with
 * its nth database call failing, until none fails any more. Whatever is not answered with `good` must leave every table as it
 * was, and then succeed when it is sent again. Returns how many calls were broken. */
struct attempt {
    const char *(*fresh)(struct visitor *v, int n, const char **out_form);
    struct visitor *by;
    int             good;
};
int faults_try(const struct attempt *t);

#endif
