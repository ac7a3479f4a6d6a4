/*
 * Times are UTC ISO 8601 text with seconds: 2026-11-23T09:00:00Z.
 * The program reads the clock once, in main; everything else is given it.
 */
#ifndef BASE_UTC_H
#define BASE_UTC_H

#include <stdint.h>

#define UTC_LEN 21 /* with its NUL */
#define UTC_DAY 10 /* bytes of its day */

/* seconds since 1970 as text */
void utc_format(int64_t t, char out[UTC_LEN]);

/*
 * Read YYYY-MM-DDTHH:MM:SSZ, or YYYY-MM-DD (its first second). Years
 * 1970..9999, real calendar days only. 0, or -1 and *t untouched.
 */
int utc_parse(const char *s, int64_t *t);

#endif
