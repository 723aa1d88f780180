/* cli_user.h - the verb `tongban user`. */
#ifndef APP_CLI_USER_H
#define APP_CLI_USER_H

#include "app/start.h"

/* user add LOGIN NAME BODY_CODE [SECTION] | password LOGIN | role LOGIN ROLE [end]. Exit status; what is wrong goes to standard
 * error. A password is made here, printed once, and kept as its hash only. */
int cli_user(const struct options *o);

#endif
