/* See put.h. */
#include "collector/kit/put.h"

void
put_null(struct attrs *a, const char *key)
{
	attrs_str(a, key, NULL);
}

void
put_span(struct attrs *a, const char *key, struct span s, size_t max)
{
	BUF_AUTO(b, 4 * TEXT_MAX + 16);

	if (s.p == NULL) {
		put_null(a, key);
		return;
	}
	text_clean(&b, s.p, s.len, max);
	if (b.failed != FAULT_NONE)
		a->failed = true;
	else
		attrs_json(
		    a, key, json_stringn_nocheck(b.len > 0 ? b.p : "", b.len));
}

void
put_outcome(struct attrs *a, const char *key, enum outcome o)
{
	attrs_str(a, key, outcome_name(o));
}

bool
add_string(json_t *array, struct span s, size_t max)
{
	BUF_AUTO(b, 4 * TEXT_MAX + 16);

	text_clean(&b, s.p, s.len, max);
	if (b.failed != FAULT_NONE)
		return false;
	return json_array_append_new(array,
		   json_stringn_nocheck(b.len > 0 ? b.p : "", b.len)) == 0;
}
