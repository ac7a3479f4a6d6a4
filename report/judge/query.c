/* See query.h. */
#include "report/judge/query.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/judge/with.h"

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

/* The value if the line is "-- name: value", or NULL. */
static const char *
value_of(const char *line, const char *name)
{
	size_t len = strlen(name);

	return strncmp(line, "-- ", 3) == 0 &&
		       strncmp(line + 3, name, len) == 0 &&
		       strncmp(line + 3 + len, ": ", 2) == 0
		   ? line + 3 + len + 2
		   : NULL;
}

static void
append(char *out, size_t size, const char *p, size_t len)
{
	size_t used = strlen(out);

	assert(used + len + 2 < size);
	(void)snprintf(out + used, size - used, "%s%.*s", used > 0 ? " " : "",
	    (int)len, p);
}

/* One line of the header; what no field is named for is a comment. */
static void
read_line(struct named_query *q, const char *line, size_t len, bool *about)
{
	const char *v, *end = line + len;
	bool more = *about && strncmp(line, "--   ", 5) == 0;

	*about = more;
	if (more)
		append(q->about, sizeof(q->about), line + 5, len - 5);
	else if ((v = value_of(line, "title")) != NULL)
		copy(q->title, sizeof(q->title), v, (size_t)(end - v));
	else if ((v = value_of(line, "param")) != NULL) {
		assert(q->nparams < QUERY_PARAMS_MAX);
		read_param(&q->params[q->nparams++], v, (size_t)(end - v));
	} else if ((v = value_of(line, "with")) != NULL)
		q->with = v, q->with_len = (size_t)(end - v);
	else if ((v = value_of(line, "rests")) != NULL)
		copy(q->rests, sizeof(q->rests), v, (size_t)(end - v));
	else if ((v = value_of(line, "order")) != NULL)
		q->order = atoi(v);
	else if ((v = value_of(line, "kinds")) != NULL)
		copy(q->kind, sizeof(q->kind), v, strcspn(v, " \n"));
	else if (value_of(line, "evidence") != NULL)
		q->catalogs_only = true;
	else if (value_of(line, "period") != NULL)
		q->period = true;
	else if (value_of(line, "first") != NULL)
		q->first = true;
	else if ((v = value_of(line, "chart")) != NULL)
		copy(q->chart, sizeof(q->chart), v, (size_t)(end - v));
	else if ((v = value_of(line, "about")) != NULL) {
		append(q->about, sizeof(q->about), v, (size_t)(end - v));
		*about = true;
	}
}

static void
read_header(struct named_query *q)
{
	const char *line = q->sql;
	bool about = false;

	while (strncmp(line, "--", 2) == 0) {
		size_t len = strcspn(line, "\n");

		read_line(q, line, len, &about);
		line += len + (line[len] == '\n');
	}
	assert(q->title[0] != '\0');
}

/* The name of the query a text holds, or NULL: it holds none. */
static const char *
name_of(const struct text *t, bool *section)
{
	static const char *const folders[] = { "report/queries/",
		"report/sections/" };

	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(folders[i]);

		*section = i == 1;
		if (strncmp(t->path, folders[i], len) == 0 &&
		    strchr(t->path + len, '/') == NULL)
			return t->path + len;
	}
	return NULL;
}

/* Order 0, which only a file that is no section has, would hide it. */
static void
read_query(struct named_query *out, const struct text *t, const char *name,
    bool section)
{
	*out = (struct named_query){ .sql = t->p, .len = t->len };
	copy(out->name, sizeof(out->name), name, strlen(name) - SUFFIX_LEN);
	read_header(out);
	(void)section; /* without asserts nobody asks */
	assert(section == (out->order > 0));
	assert(!section || (out->kind[0] != '\0' && out->about[0] != '\0'));
}

bool
named_query_at(size_t i, struct named_query *out)
{
	bool section;

	for (const struct text *t = report_text; t->path != NULL; t++) {
		const char *name = name_of(t, &section);

		if (name == NULL || i-- > 0)
			continue;
		read_query(out, t, name, section);
		return true;
	}
	return false;
}

bool
named_query_section(int after, struct named_query *out)
{
	struct named_query q;

	out->order = 0;
	for (size_t i = 0; named_query_at(i, &q); i++)
		if (q.order > after &&
		    (out->order == 0 || q.order < out->order))
			*out = q;
	return out->order > 0;
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
		with_put(out, q->with, q->with_len);
	buf_put(out, q->sql, q->len);
}
