/* See fault.h. */
#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
fault(struct fault *f, enum fault_kind kind, const char *fmt, ...)
{
	va_list ap;

	f->kind = kind;
	va_start(ap, fmt);
	(void)vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	for (char *p = f->text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return -1;
}

/* The kind that errno e speaks of: ENOENT is absent, EACCES is denied ... */
static enum fault_kind
fault_kind_of_errno(int e)
{
	switch (e) {
	case ENOENT:
	case ENOTDIR:
		return FAULT_ABSENT;
	case EACCES:
	case EPERM:
		return FAULT_DENIED;
	case EFBIG:
	case ELOOP:
	case ENAMETOOLONG:
		return FAULT_LIMIT;
	default:
		return FAULT_IO;
	}
}

int
fault_errno(struct fault *f, int e, const char *what)
{
	char text[128];

	/* strerror_r is not locale-proof, but it is thread-safe */
	return fault(f, fault_kind_of_errno(e), "%s: %s", what,
	    strerror_r(e, text, sizeof(text)));
}
