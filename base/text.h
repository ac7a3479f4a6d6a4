/* A text file compiled into the program, by its path in the source tree. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>

struct text {
	const char *path; /* "store/schema.sql"; NULL ends a table */
	const char *p;	  /* NUL-terminated */
	size_t len;	  /* without the NUL */
};

#endif
