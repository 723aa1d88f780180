/* code.h - national code standards: the check algorithms, and what to tell a person whose code is wrong.
 *
 *   CODE_USCC  统一社会信用代码, GB 32100-2015 with the embedded 组织机构代码 GB 11714: 18 characters
 *   CODE_ID    公民身份号码, GB 11643-1999: 18 characters
 *   CODE_ITEM  政务服务事项实施编码 (31) and 办理项编码 (33), C0109 / GB/T 39554.1-2020: USCC of the body, 行使层级,
 *              基本编码 (division 2, 事项类型 2, ...); the layout has no check character of its own
 *   CODE_CERT  电子证照标识, GB/T 36904-2018: 1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK, ISO 7064 MOD 37,36
 *   CODE_CASE  办件编号, our own: division 6, date 8, sequence 6, check 1 (ISO 7064 MOD 37,36): 21 characters
 *
 * Checks work on the stored form: half-width, upper case, without blanks and dashes. code_read makes it from what a
 * person typed. A code that passes is well formed; whether it was ever given out is another question. */
#ifndef BASE_CODE_H
#define BASE_CODE_H

#include "base/issues.h"
#include "base/time.h"

enum code_kind { CODE_USCC, CODE_ID, CODE_ITEM, CODE_CERT, CODE_CASE, CODE_KINDS };

enum code_fault {
    CODE_OK,
    CODE_EMPTY,     /* nothing was given */
    CODE_SHORT,     /* too few characters */
    CODE_LONG,      /* too many */
    CODE_LENGTH,    /* a length between the two that exist (item) */
    CODE_CHARACTER, /* a character that does not occur at this place */
    CODE_LAYOUT,    /* the parts between the dots are not as they must be (certificate) */
    CODE_BODY,      /* the unified social credit code inside is wrong (item, certificate) */
    CODE_ORG_CHECK, /* check character of the 组织机构代码 inside, position 17 (USCC) */
    CODE_LEVEL,     /* no such 行使层级 (item) */
    CODE_TYPE,      /* no such 事项类型 (item) */
    CODE_DATE,      /* the date inside does not exist */
    CODE_FUTURE,    /* the date inside is later than the day of the check */
    CODE_CHECK,     /* the check character differs */
    CODE_FAULTS,
};

/* The stored form of what was typed or pasted: full-width ASCII made half-width, letters upper case, blanks of any width,
 * line ends, zero-width characters and dashes of any kind left out. Other characters stay, so that the check can name
 * them. Invalid UTF-8 must not come in. */
struct str code_normalise(struct arena *a, struct str typed);

/* Is `code` (stored form; for CODE_ID also with a lower-case x) well formed? `today` is what no date inside may pass;
 * no day (n == 0) skips that one check. The area part of CODE_ID and CODE_CASE is not looked up: codes of abolished
 * areas stay valid. The issuer of a certificate may be a division code, so its length is free. */
enum code_fault code_check(enum code_kind kind, struct str code, struct day today);

/* code_normalise, then code_check. *out gets the stored form, also when it is wrong. */
enum code_fault code_read(enum code_kind kind, struct str typed, struct day today, struct arena *a, struct str *out);

/* Message key of a fault, e.g. "code.id.check"; NULL for CODE_OK and for faults the kind cannot have. */
const char *code_fault_key(enum code_kind kind, enum code_fault fault);

/* The issue "this code has this fault" with its arguments: CODE_SHORT and CODE_LONG how many characters are missing or
 * too many, and the right number; CODE_LENGTH how many there are; CODE_CHARACTER the character and its position from 1.
 * `code` is the stored form. Makes nothing for CODE_OK. */
struct issue code_issue(enum code_kind kind, struct str code, enum code_fault fault, struct arena *a);

/* The word of the command line and of the API ("uscc", "id", "item", "cert", "case"). False if there is no such kind. */
bool code_kind_parse(struct str word, enum code_kind *out);

/* Check characters. `body` is the code without its check character, in stored form and of the right length (17 for
 * USCC and ID, 8 for the organisation code); '\0' if it holds a character that cannot be. */
char code_uscc_check_char(struct str body);
char code_org_check_char(struct str body);
char code_id_check_char(struct str body);
/* ISO 7064 MOD 37,36 over digits and capital letters of any number; '\0' for other characters. */
char code_mod37_char(struct str body);

/* Facts inside a CODE_ID that passed its check. */
struct day code_id_birth(struct str id);
bool       code_id_is_male(struct str id);

/* A number as lists and strangers see it: first six and last four characters, the rest starred. */
struct str code_mask(struct arena *a, struct str code);

/* n letters and digits that are not mistaken for one another on paper, for secrets that people type (查询码, 开通码); `random`
 * holds n random bytes. 31 letters: 4.95 bits each. */
struct str code_readable(struct arena *a, const unsigned char *random, size_t n);

/* A new case number: division of 6 digits, day, sequence 1..999999 of that division and day. */
struct str code_case_number(struct arena *a, struct str division, struct day day, int32_t sequence);
/* A checked case number as people read it: 522627-20260428-000137-K, the check character last. */
void code_case_write(struct buf *b, struct str number);

#endif
