/*
 * Runs of borrowed bytes, and how parsers step through them. A text may hold
 * any bytes: NULs, no final newline, CRLF, lines of a megabyte.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>

struct span { /* borrowed bytes; p NULL: nothing there */
	const char *p;
	size_t len;
};

struct span span_of(const char *s);
struct span span_trim(struct span s); /* blanks, CR and newlines, both ends */
bool span_is(struct span s, const char *text);
bool span_starts(struct span s, const char *prefix);
bool span_ends(struct span s, const char *suffix);
/* Made only of these characters, and not empty. */
bool span_only(struct span s, const char *chars);
/* A decimal integer of at most 15 digits and nothing else; -1 if not. */
int span_integer(struct span s, long long *v);
/* What stands before the first c; *rest becomes what follows it, or has p
 * NULL without a c. */
struct span span_until(struct span s, char c, struct span *rest);
/* Step to the next line (without its LF or CRLF); false at the end. */
bool span_line(struct span *rest, struct span *line);
/* Step to the next word between blanks; false at the end. */
bool span_word(struct span *rest, struct span *word);

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

#endif
