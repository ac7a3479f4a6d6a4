/* See finding_place.h. */
#include "report/format/finding_place.h"

#include <stdlib.h>
#include <string.h>

static const char *
prop_of(const struct model_subject *s, const char *name)
{
	for (size_t i = 0; i < s->nprops; i++)
		if (strcmp(s->props[i].name, name) == 0)
			return s->props[i].value;
	return NULL;
}

/* The line that "FILE:LINE: text" names, or fallback. */
static long long
line_of(const char *reason, const char *file, long long fallback)
{
	size_t len = strlen(file);
	char *end;
	long long line;

	if (strncmp(reason, file, len) != 0 || reason[len] != ':' ||
	    reason[len + 1] < '1' || reason[len + 1] > '9')
		return fallback;
	line = strtoll(reason + len + 1, &end, 10);
	return *end == ':' && line > 0 && line < 1000000000 ? line : fallback;
}

struct place
model_place(const struct model_subject *s, const char *reason)
{
	const char *file = prop_of(s, "file"), *line = prop_of(s, "line");
	struct place p = { NULL, 0 };

	/* a file that could not be read has no columns: its key is its path */
	if (file == NULL && strcmp(s->kind, "config.file") == 0)
		file = s->key;
	if (file == NULL || (line == NULL && s->key != file))
		return p;
	p.file = file;
	p.line = line_of(reason, file, line != NULL ? atoll(line) : 1);
	return p;
}

int
model_place_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = strcmp(x->file, y->file);

	if (c != 0)
		return c;
	return x->line < y->line ? -1 : x->line > y->line;
}
