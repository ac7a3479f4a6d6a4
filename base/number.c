/* See number.h. */
#include "base/number.h"

#include <string.h>

bool
number_span(struct span s, long long least, long long most, long long *out)
{
	long long v = 0;

	if (s.p == NULL || s.len == 0 || s.len > NUMBER_DIGITS ||
	    (s.p[0] == '0' && s.len > 1))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = 10 * v + (s.p[i] - '0');
	}
	if (v < least || v > most)
		return false;
	*out = v;
	return true;
}

bool
number_read(const char *s, long long least, long long most, long long *out)
{
	return s != NULL && number_span(span_of(s), least, most, out);
}
