/* rc.h - outcome codes, attributes and the few macros every file may use. */
#ifndef BASE_RC_H
#define BASE_RC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __clang__
#define MUST_CHECK
#else
#define MUST_CHECK [[nodiscard]]
#endif

/* How a call ended. Refusals are normal values; only RC_FAILED is our fault and only it has been logged. */
enum MUST_CHECK rc {
    RC_OK,
    RC_INVALID,   /* input is wrong; the issues say where (422) */
    RC_NOT_FOUND, /* there is none, or the actor may not know of it (404) */
    RC_DENIED,    /* the actor may not (403, or sign-in when nobody is signed in) */
    RC_CONFLICT,  /* not in this state (409) */
    RC_BUSY,      /* try again: lock, serialisation failure, connection lost before commit (503) */
    RC_FAILED,    /* ours: logged where the foreign call failed (500) */
};

#define countof(a) (sizeof(a) / sizeof((a)[0]))
#define AUTO(done) __attribute__((cleanup(done)))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))

#endif
