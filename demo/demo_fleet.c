/* See demo_fleet.h. */
#include "demo/demo_fleet.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/length.h"

extern const struct text demo_text[];

struct member {
	struct span name, scope, like, first, last, ends;
	unsigned number;     /* from 1, in the order of the file */
	bool off;	     /* booted without FIPS mode today */
	struct span refused; /* why it does not answer today; p NULL: it does */
};

struct span
demo_file(const char *path)
{
	size_t i = 0;

	while (
	    demo_text[i].path != NULL && strcmp(demo_text[i].path, path) != 0)
		i++;
	assert(demo_text[i].path != NULL);
	return (struct span){ demo_text[i].p, demo_text[i].len };
}

size_t
demo_row(struct span *rest, struct span columns[DEMO_COLUMNS])
{
	struct span line;
	size_t n = 0;

	do {
		if (!span_line(rest, &line))
			return 0;
	} while (line.len == 0 || line.p[0] == '#');
	for (size_t i = 0; i < DEMO_COLUMNS; i++)
		columns[i] = (struct span){ "", 0 };
	while (line.p != NULL && n < DEMO_COLUMNS)
		columns[n++] = span_until(line, '\t', &line);
	return n;
}

/* Is the day between these two? Nothing is before and after all. */
static bool
within(const char *day, struct span first, struct span last)
{
	return (first.len == 0 || strncmp(day, first.p, 10) >= 0) &&
	       (last.len == 0 || strncmp(day, last.p, 10) <= 0);
}

/* The next event of this day. */
static bool
next_event(struct span *rest, const char *day, struct span c[DEMO_COLUMNS])
{
	while (demo_row(rest, c) > 0)
		if (!span_is(c[0], "what") && within(day, c[2], c[3]))
			return true;
	return false;
}

bool
demo_is_free(const char *day)
{
	struct span rest = demo_file("demo/events.tsv"), c[DEMO_COLUMNS];

	while (next_event(&rest, day, c))
		if (span_is(c[0], "nobody"))
			return true;
	return false;
}

static bool
same(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

/* What happens to it today; false: nobody asks it. */
static bool
is_asked(struct member *m, const char *day)
{
	struct span rest = demo_file("demo/events.tsv"), c[DEMO_COLUMNS];

	if (!within(day, m->first, m->last))
		return false;
	while (next_event(&rest, day, c)) {
		if (!same(c[1], m->name))
			continue;
		if (span_is(c[0], "silent"))
			return false;
		if (span_is(c[0], "off"))
			m->off = true;
		if (span_is(c[0], "unreachable"))
			m->refused = c[4];
	}
	return true;
}

/* The cluster of host/CLUSTER/NODE; of other scopes nothing. */
static struct span
cluster_of(struct span scope)
{
	struct span rest, cluster;

	(void)span_until(scope, '/', &rest);
	cluster = span_until(rest, '/', &rest);
	return rest.p != NULL ? cluster : (struct span){ "", 0 };
}

/* false: no value has this name. */
static bool
put_value(struct buf *out, const struct member *m, struct span name)
{
	const struct {
		const char *name;
		struct span value;
	} texts[] = { { "NAME", m->name }, { "SCOPE", m->scope },
		{ "CLUSTER", cluster_of(m->scope) }, { "ENDS", m->ends },
		{ "FIPS", span_of(m->off ? "0" : "1") },
		{ "FIPS_ASKED", span_of(m->off ? "null" : "\"1\"") } };

	for (size_t i = 0; i < LENGTH(texts); i++)
		if (span_is(name, texts[i].name)) {
			buf_put(out, texts[i].value.p, texts[i].value.len);
			return true;
		}
	if (span_is(name, "INSTANCE"))
		buf_printf(out, "i-%017x", m->number);
	else if (span_is(name, "MACHINE"))
		buf_printf(out, "%064x", m->number);
	else if (span_is(name, "BOOT"))
		buf_printf(out, "%08x-0000-4000-8000-%012x", m->number,
		    m->off ? 2U : 1U);
	else
		return false;
	return true;
}

/* The line with what stands between at-signs put in. */
static void
put_line(struct buf *out, const struct member *m, struct span line)
{
	struct span rest, after, name, text = span_until(line, '@', &rest);

	buf_put(out, text.p, text.len);
	while (rest.p != NULL) {
		name = span_until(rest, '@', &after);
		if (after.p != NULL && put_value(out, m, name)) {
			text = span_until(after, '@', &rest);
		} else { /* an at-sign of the line's own */
			buf_puts(out, "@");
			text = name;
			rest = after;
		}
		buf_put(out, text.p, text.len);
	}
	buf_puts(out, "\n");
}

/* A host that does not answer says nothing of itself; its cluster still does.
 */
static void
put_refusal(struct buf *out, const struct member *m)
{
	buf_printf(out,
	    "{\"coverage\":{\"calls\":1,\"collector\":\"node\",\"denied\":0,"
	    "\"gaps\":[],\"kinds\":[],\"outcome\":\"unreachable\","
	    "\"reason\":\"%.*s\",\"scope\":\"%.*s\",\"subjects\":0}}\n",
	    (int)m->refused.len, m->refused.p, (int)m->scope.len, m->scope.p);
}

static void
put_member(struct buf *out, const struct member *m)
{
	static const char own[] = "\"@SCOPE@\"";
	char path[64];
	struct span rest, line;

	(void)snprintf(path, sizeof(path), "demo/systems/%.*s.ndjson",
	    (int)m->like.len, m->like.p);
	rest = demo_file(path);
	while (span_line(&rest, &line))
		if (m->refused.p == NULL ||
		    memmem(line.p, line.len, own, sizeof(own) - 1) == NULL)
			put_line(out, m, line);
	if (m->refused.p != NULL)
		put_refusal(out, m);
}

int
demo_lines(const char *day, struct buf *out, struct fault *f)
{
	struct span rest = demo_file("demo/members.tsv"), c[DEMO_COLUMNS];
	struct member m = { .number = 0 };

	while (demo_row(&rest, c) > 0) {
		if (span_is(c[0], "name"))
			continue;
		m = (struct member){ .name = c[0],
			.scope = c[1],
			.like = c[2],
			.first = c[3],
			.last = c[4],
			.ends = c[5],
			.number = m.number + 1 };
		if (is_asked(&m, day))
			put_member(out, &m);
	}
	return buf_done(out, day, f);
}
