/* See agent_log.h. */
#include "collector/kube/agent_log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/node_kinds/node_kinds.h"
#include "base/emission.h"
#include "base/utc.h"

#define COVERAGE_LINE "{\"coverage\":"
#define STAMP_MAX 48   /* bytes of a line's time */
#define SOURCE_MAX 512 /* of a provenance's source that are kept */

struct line {	       /* borrowed from the log */
	const char *p; /* after the time */
	size_t len;    /* without its newline */
	int64_t when;
};

/* "+09:00" or "Z" as seconds; -1: neither. */
static int
offset_of(const char *s, int64_t *offset)
{
	int h, m, n = 0;

	*offset = 0;
	if (strcmp(s, "Z") == 0)
		return 0;
	if ((s[0] != '+' && s[0] != '-') ||
	    sscanf(s + 1, "%2d:%2d%n", &h, &m, &n) != 2 || s[1 + n] != '\0' ||
	    h < 0 || h > 14 || m < 0 || m > 59)
		return -1;
	*offset = (h * 60 + m) * 60 * (s[0] == '-' ? -1 : 1);
	return 0;
}

/* RFC 3339 with a fraction, as kubelet writes it. */
static int
stamp_of(const char *s, size_t len, int64_t *when)
{
	char text[STAMP_MAX], second[UTC_LEN];
	const char *rest;
	int64_t offset;

	if (len < 20 || len >= sizeof(text))
		return -1;
	(void)memcpy(text, s, len);
	text[len] = '\0';
	(void)snprintf(second, sizeof(second), "%.19sZ", text);
	rest = text + 19;
	if (rest[0] == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (utc_parse(second, when) == -1 || offset_of(rest, &offset) == -1)
		return -1;
	*when -= offset;
	return 0;
}

/* The line that ends before end. False: there is none, or not all of it. */
static bool
line_before(const char *p, const char *end, struct line *l, const char **begin)
{
	const char *start, *blank;

	if (end == p || end[-1] != '\n')
		return false;
	end--;
	start = memrchr(p, '\n', (size_t)(end - p));
	start = start == NULL ? p : start + 1;
	blank = memchr(start, ' ', (size_t)(end - start));
	*begin = start;
	*l = (struct line){ .p = end, .when = -1 };
	if (blank == NULL ||
	    stamp_of(start, (size_t)(blank - start), &l->when) == -1)
		return true;
	l->p = blank + 1;
	l->len = (size_t)(end - l->p);
	return true;
}

static bool
begins(const struct line *l, const char *with)
{
	return l->len > strlen(with) && memcmp(l->p, with, strlen(with)) == 0;
}

/* How many observations a coverage statement counts; -1: it is none. */
static long long
subjects_of(const struct line *l)
{
	struct fault none;
	json_t *doc = json_read(l->p, l->len, "coverage", &none);
	const json_t *n =
	    json_object_get(json_object_get(doc, "coverage"), "subjects");
	long long v = json_is_integer(n) ? json_integer_value(n) : -1;

	json_decref(doc);
	return v;
}

int
agent_log_newest(const char *p, size_t len, enum agent_found *found,
    struct agent_report *r, struct fault *f)
{
	const char *end = len > 0 ? p + len : p, *begin = end, *last = NULL;
	struct line l;
	long long left = -1;

	*found = AGENT_NONE;
	while (end > p && end[-1] != '\n') /* a line that is being written */
		end--;
	while (left != 0 && line_before(p, end, &l, &begin)) {
		end = begin;
		if (left == -1) {
			if (!begins(&l, COVERAGE_LINE))
				continue; /* of a report that is being made */
			left = subjects_of(&l);
			if (left < 0 || left > AGENT_LINES_MAX)
				return fault(f, FAULT_FORMAT,
				    "the agent's report counts no lines");
			last = l.p + l.len;
			r->when = l.when;
			r->lines = (size_t)left + 1;
			continue;
		}
		if (!begins(&l, "{"))
			continue; /* of standard error */
		if (!begins(&l, "{\"key\":"))
			return fault(f, FAULT_FORMAT,
			    "the agent's report has a line that is no "
			    "observation");
		left--;
	}
	if (last == NULL)
		return 0;
	r->p = end;
	r->len = (size_t)(last - end);
	*found = left == 0 ? AGENT_WHOLE : AGENT_CUT;
	return 0;
}

/* ---- its observations, under another name ---- */

struct renaming {
	const struct sink *sink;
	const struct agent_report *report;
	const struct agent_pod *pod;
	const char *scope, *node, *boot_id;
	char own[NAME_MAX_LEN + 1]; /* the scope it gives itself */
	bool covered, hosted;
};

static int
one_scope(struct renaming *n, const char *scope, struct fault *f)
{
	if (n->own[0] == '\0')
		(void)snprintf(n->own, sizeof(n->own), "%s", scope);
	if (strncmp(scope, "host/", 5) != 0 || strcmp(n->own, scope) != 0)
		return fault(f, FAULT_FORMAT,
		    "the agent's report speaks of more than one host");
	return 0;
}

/* A report is of this boot, or of another time or another machine. */
static int
check_host(struct renaming *n, const struct observation *o, struct fault *f)
{
	json_t *doc = json_read(o->body, o->body_len, "node", f);
	const char *boot = json_string_value(
	    json_object_get(json_object_get(doc, "attributes"), "boot_id"));
	int rc = doc == NULL ? -1 : 0;

	if (rc == 0 && n->hosted)
		rc = fault(f, FAULT_FORMAT,
		    "the agent's report speaks of more than one host");
	else if (rc == 0 && n->boot_id != NULL &&
		 (boot == NULL || strcmp(boot, n->boot_id) != 0))
		rc = fault(f, FAULT_FORMAT,
		    "the agent's report is not of the boot the API server "
		    "knows of this node");
	n->hosted = true;
	json_decref(doc);
	return rc;
}

static json_t *
text_of(const char *s)
{
	return json_text(s, strlen(s));
}

/* Whose report it is, as the API server says, and when kubelet took it down. */
static json_t *
whose(const struct renaming *n)
{
	char when[UTC_LEN] = "";

	if (n->report->when >= 0)
		utc_format(n->report->when, when);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s}", "image",
	    text_of(n->pod->image), "node", text_of(n->node), "owner_uid",
	    text_of(n->pod->owner), "pod", text_of(n->pod->name), "pod_uid",
	    text_of(n->pod->uid), "printed", when);
}

/* Of the provenance only what was read, and that it came by the log. */
static int
provenance_of(const struct renaming *n, const struct observation *o,
    struct buf *out, struct fault *f)
{
	json_t *doc = json_read(o->provenance, o->provenance_len, "line", f);
	const char *source = json_string_value(json_object_get(doc, "source"));
	BUF_AUTO(text, SOURCE_MAX * 4 + 64);
	json_t *v;
	int rc = -1;

	if (doc == NULL)
		return -1;
	text_clean(&text, source != NULL ? source : "",
	    source != NULL ? strlen(source) : 0, SOURCE_MAX);
	buf_puts(&text, " (agent's log)");
	v = json_pack("{s:s, s:s}", "collector", "node/1", "source", text.p);
	if (v == NULL || (strcmp(o->kind, node_kind.name) == 0 &&
			     json_object_set_new(v, "agent", whose(n)) == -1))
		(void)fault_memory(f);
	else
		rc = json_canonical(v, out, f);
	json_decref(v);
	json_decref(doc);
	return rc;
}

static int
rename_put(void *ctx, const struct observation *o, struct fault *f)
{
	struct renaming *n = ctx;
	struct observation mine = *o;
	BUF_AUTO(provenance, TEXT_MAX);

	if (one_scope(n, o->scope, f) == -1 ||
	    (strcmp(o->kind, node_kind.name) == 0 &&
		check_host(n, o, f) == -1) ||
	    provenance_of(n, o, &provenance, f) == -1)
		return -1;
	mine.scope = n->scope;
	if (strcmp(o->key, n->own + 5) == 0)
		mine.key = n->node;
	mine.provenance = provenance.p;
	mine.provenance_len = provenance.len;
	return n->sink->put(n->sink->ctx, &mine, f);
}

static int
rename_cover(void *ctx, const struct coverage *c, struct fault *f)
{
	struct renaming *n = ctx;
	BUF_AUTO(body, COVERAGE_MAX);
	struct coverage mine = { .collector = "node", .scope = n->scope };
	json_t *doc;
	int rc = -1;

	if (one_scope(n, c->scope, f) == -1)
		return -1;
	if (strcmp(c->collector, "node") != 0 || !n->hosted)
		return fault(f, FAULT_FORMAT,
		    "the agent's report is not one of the node collector");
	if ((doc = json_read(c->body, c->body_len, "coverage", f)) == NULL)
		return -1;
	if (json_object_set_new(doc, "scope", json_string(n->scope)) == -1)
		(void)fault_memory(f);
	else
		rc = json_canonical(doc, &body, f);
	json_decref(doc);
	mine.body = body.p;
	mine.body_len = body.len;
	n->covered = true;
	return rc == -1 ? -1 : n->sink->cover(n->sink->ctx, &mine, f);
}

/* Lines of an emission follow one another; older agents do not number them. */
static int
put_line(const char *p, size_t len, long long *last, const struct sink *to,
    struct fault *f)
{
	BUF_AUTO(line, COVERAGE_MAX);
	long long number = emission_bare(p, len, &line);

	if (buf_done(&line, "line", f) == -1)
		return -1;
	if (*last != 0 && number != *last + 1)
		return fault(
		    f, FAULT_FORMAT, "lines of the agent's report are missing");
	*last = number;
	return ndjson_line(line.p, line.len, node_kinds, to, f);
}

int
agent_log_put(const struct agent_report *r, const struct agent_pod *pod,
    const char *scope, const char *node, const char *boot_id,
    const struct sink *sink, struct fault *f)
{
	struct renaming n = { .sink = sink,
		.report = r,
		.pod = pod,
		.scope = scope,
		.node = node,
		.boot_id = boot_id };
	const struct sink mine = { rename_put, rename_cover, &n };
	const char *end = r->p + r->len, *p = r->p, *stop, *blank;
	long long last = 0;

	for (; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop == NULL ? end : stop;
		blank = memchr(p, ' ', (size_t)(stop - p));
		if (blank == NULL || n.covered)
			return fault(f, FAULT_FORMAT,
			    "the agent's report has a line that is no "
			    "observation");
		if (blank[1] == '{' &&
		    put_line(blank + 1, (size_t)(stop - blank - 1), &last,
			&mine, f) == -1)
			return -1;
	}
	return n.covered
		   ? 0
		   : fault(f, FAULT_FORMAT, "the agent's report does not end");
}
