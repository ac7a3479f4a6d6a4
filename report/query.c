/* See query.h. */
#include "query.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

#define FOLDER "report/queries/"
#define FOLDER_LEN (sizeof(FOLDER) - 1)
#define SUFFIX_LEN (sizeof(".sql") - 1)

extern const struct text report_text[];

/* Copy a header's words; what is compiled in fits, which a test sees to. */
static void
copy(char *out, size_t size, const char *p, size_t len)
{
	assert(len < size);
	(void)snprintf(out, size, "%.*s", (int)len, p);
}

/* "name [default] meaning" */
static void
read_param(struct query_param *p, const char *s, size_t len)
{
	const char *open = memchr(s, '[', len), *close;

	assert(open != NULL && open > s);
	close = memchr(open, ']', len - (size_t)(open - s));
	assert(close != NULL && close + 2 < s + len);
	copy(p->name, sizeof(p->name), s, (size_t)(open - s) - 1);
	copy(p->value, sizeof(p->value), open + 1, (size_t)(close - open) - 1);
	copy(p->about, sizeof(p->about), close + 2,
	    len - (size_t)(close + 2 - s));
}

/* The shared clause of this name, which is compiled in too. */
static void
read_with(struct named_query *q, const char *s, size_t len)
{
	char path[128];

	(void)snprintf(path, sizeof(path), FOLDER "with/%.*s.sql", (int)len, s);
	for (const struct text *t = report_text; t->path != NULL; t++)
		if (strcmp(t->path, path) == 0) {
			q->with = t->p;
			q->with_len = t->len;
		}
	assert(q->with != NULL);
}

/* The leading comment lines; others than title, param and with are comments. */
static void
read_header(struct named_query *q)
{
	static const char title[] = "-- title: ", param[] = "-- param: ",
			  with[] = "-- with: ";
	const char *line = q->sql;

	while (strncmp(line, "--", 2) == 0) {
		size_t len = strcspn(line, "\n"), n = sizeof(title) - 1;

		if (strncmp(line, title, n) == 0)
			copy(q->title, sizeof(q->title), line + n, len - n);
		else if (strncmp(line, param, n) == 0) {
			assert(q->nparams < QUERY_PARAMS_MAX);
			read_param(&q->params[q->nparams++], line + n, len - n);
		} else if (strncmp(line, with, sizeof(with) - 1) == 0) {
			n = sizeof(with) - 1;
			read_with(q, line + n, len - n);
		}
		line += len + (line[len] == '\n');
	}
	assert(q->title[0] != '\0');
}

bool
named_query_at(size_t i, struct named_query *out)
{
	for (const struct text *t = report_text; t->path != NULL; t++) {
		size_t len = strlen(t->path);

		if (strncmp(t->path, FOLDER, FOLDER_LEN) != 0 ||
		    strchr(t->path + FOLDER_LEN, '/') != NULL || i-- > 0)
			continue;
		*out = (struct named_query){ .sql = t->p, .len = t->len };
		copy(out->name, sizeof(out->name), t->path + FOLDER_LEN,
		    len - FOLDER_LEN - SUFFIX_LEN);
		read_header(out);
		return true;
	}
	return false;
}

bool
named_query_find(const char *name, struct named_query *out)
{
	for (size_t i = 0; named_query_at(i, out); i++)
		if (strcmp(out->name, name) == 0)
			return true;
	return false;
}

void
named_query_sql(const struct named_query *q, struct buf *out)
{
	if (q->with != NULL)
		buf_put(out, q->with, q->with_len);
	buf_put(out, q->sql, q->len);
}
