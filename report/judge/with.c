/* See with.h. */
#include "report/judge/with.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define DEPTH_MAX 3 /* clauses within clauses */
#define MARK "-- with: "

extern const struct text report_text[];

static const struct text *
find(const char *name, size_t len)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "report/queries/with/%.*s.sql",
	    len < 100 ? (int)len : 100, name);
	for (const struct text *t = report_text; t->path != NULL; t++)
		if (strcmp(t->path, path) == 0)
			return t;
	return NULL;
}

bool
with_known(const char *name, size_t len)
{
	return find(name, len) != NULL;
}

static void
put(struct buf *out, const char *name, size_t len, int depth)
{
	const struct text *t = find(name, len);
	const char *line;

	assert(t != NULL && depth < DEPTH_MAX);
	for (line = t->p; *line != '\0';) {
		size_t n = strcspn(line, "\n");

		if (strncmp(line, MARK, sizeof(MARK) - 1) == 0)
			put(out, line + sizeof(MARK) - 1,
			    n - (sizeof(MARK) - 1), depth + 1);
		else
			buf_put(out, line, n + (line[n] == '\n'));
		line += n + (line[n] == '\n');
	}
}

void
with_put(struct buf *out, const char *name, size_t len)
{
	put(out, name, len, 0);
}
