/*
 * Values that are told from others by their form: addresses, account numbers,
 * mail addresses, what a cloud draws at random.
 */
#ifndef REPORT_PACKAGE_REDACT_FORMS_H
#define REPORT_PACKAGE_REDACT_FORMS_H

#include "report/package/redact.h"

/* Is the word of this form? *c gets its class. */
bool redact_form(const char *s, size_t len, enum redact_class *c);

/* How many bytes from s[at] on are 32 or more hex digits, or a UUID; 0: none
 * begins there. */
size_t redact_random(const char *s, size_t at, size_t len);

#endif
