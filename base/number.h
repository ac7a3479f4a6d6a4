/* Whole numbers as people and documents write them. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>

#include "base/span.h"

#define NUMBER_DIGITS 18 /* at most; all of them fit a long long */

/* The largest that an option names: a run, an exception, an entry of the log. */
#define NUMBERS_MAX 999999999999999LL

#define HOURS_MAX 999999 /* of an age that an option names: 114 years */

/*
 * Digits alone, and no zero before others: one number is spelt one way.
 * False: s is no such number, or outside of least to most; *out is as it was.
 */
bool number_read(
    const char *s, long long least, long long most, long long *out);

/* The same of a piece of text. */
bool number_span(
    struct span s, long long least, long long most, long long *out);

#endif
