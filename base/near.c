/* See near.h. The distance is Levenshtein's, one row at a time. */
#include "base/near.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
distance(const char *a, struct span b)
{
	size_t row[NEAR_NAME_MAX + 1], n = strlen(a);

	if (n > NEAR_NAME_MAX || b.len > NEAR_NAME_MAX)
		return NEAR_NAME_MAX;
	for (size_t k = 0; k <= b.len; k++)
		row[k] = k;
	for (size_t i = 1; i <= n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t k = 1; k <= b.len; k++) {
			size_t above = row[k];
			bool same = strncasecmp(a + i - 1, b.p + k - 1, 1) == 0;

			row[k] = smaller(
			    smaller(above, row[k - 1]) + 1, corner + !same);
			corner = above;
		}
	}
	return row[b.len];
}

struct near
near_to(const char *asked)
{
	return (struct near){ .asked = asked, .least = 1 + strlen(asked) / 3 };
}

void
near_offer(struct near *n, struct span name)
{
	size_t d = distance(n->asked, name);

	if (d < n->least) {
		n->least = d;
		(void)snprintf(
		    n->best, sizeof(n->best), "%.*s", (int)name.len, name.p);
	}
}
