/* Exhibit's own texts of checks and catalogues, for SQL that compares with
 * them. */
#ifndef REPORT_JUDGE_OWN_H
#define REPORT_JUDGE_OWN_H

#include "store/store.h"

/* If the SQL names it, make the table own_text(path, body) on this reading
 * connection, once: what is compiled in, by paths as checks/node-fips-on.sql.
 */
MUST_USE int own_attach_for(
    const char *sql, struct store *reader, struct fault *f);

#endif
