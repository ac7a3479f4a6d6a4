/* See snapshot.h and source.h. */
#include "collector/node/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REASON_MAX 512	     /* bytes of one reason */
#define MADE_MAX (64 * 1024) /* bytes of an entry exhibit makes itself */

static void
entry_free(struct entry *e)
{
	free(e->path);
	free(e->reason);
	free(e->target);
	free(e->provider);
	buf_free(&e->bytes);
}

void
snapshot_free(struct snapshot *s)
{
	for (size_t i = 0; i < s->n; i++)
		entry_free(&s->entries[i]);
	free(s->entries);
	free(s->name);
	*s = (struct snapshot){ 0 };
}

static int
grow(struct snapshot *s, struct fault *f)
{
	size_t cap = s->cap == 0 ? 64 : 2 * s->cap;
	struct entry *p;

	if (s->n == SNAPSHOT_ENTRIES_MAX)
		return fault(f, FAULT_LIMIT, "more than %d files on one host",
		    SNAPSHOT_ENTRIES_MAX);
	if (s->n < s->cap)
		return 0;
	if ((p = realloc(s->entries, cap * sizeof(*p))) == NULL)
		return fault_memory(f);
	s->entries = p;
	s->cap = cap;
	return 0;
}

struct entry *
snapshot_add(
    struct snapshot *s, const char *path, unsigned flags, struct fault *f)
{
	struct entry *e;
	char *copy;

	if (grow(s, f) == -1)
		return NULL;
	if ((copy = strdup(path)) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	e = &s->entries[s->n];
	*e = (struct entry){ .path = copy,
		.flags = flags,
		.outcome = OUTCOME_OBSERVED,
		.type = ENTRY_OTHER,
		.order = s->n };
	s->n++;
	return e;
}

static int
by_path(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int d = strcmp(x->path, y->path);

	if (d != 0)
		return d;
	return x->order < y->order ? -1 : x->order > y->order;
}

void
snapshot_sort(struct snapshot *s)
{
	size_t kept = 0;

	if (s->n == 0)
		return;
	qsort(s->entries, s->n, sizeof(s->entries[0]), by_path);
	for (size_t i = 1; i < s->n; i++) {
		struct entry *e = &s->entries[i];

		if (strcmp(s->entries[kept].path, e->path) != 0) {
			s->entries[++kept] = *e;
			continue;
		}
		s->bytes -= e->bytes.len;
		entry_free(e);
	}
	s->n = kept + 1;
	/* so that what is added after this sort comes after it in order too */
	for (size_t i = 0; i < s->n; i++)
		s->entries[i].order = i;
}

/* The first entry that is not before path. */
static size_t
lower_bound(const struct snapshot *s, const char *path)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(s->entries[mid].path, path) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct entry *
snapshot_find(const struct snapshot *s, const char *path)
{
	size_t i = lower_bound(s, path);

	if (i == s->n || strcmp(s->entries[i].path, path) != 0)
		return NULL;
	return &s->entries[i];
}

const struct entry *
snapshot_under(const struct snapshot *s, const char *prefix, size_t *n)
{
	size_t first = lower_bound(s, prefix), len = strlen(prefix), end;

	for (end = first; end < s->n; end++)
		if (strncmp(s->entries[end].path, prefix, len) != 0)
			break;
	*n = end - first;
	return *n == 0 ? NULL : &s->entries[first];
}

enum outcome
snapshot_outcome(const struct snapshot *s, const char *path)
{
	const struct entry *e = snapshot_find(s, path);

	return e == NULL ? OUTCOME_ABSENT : e->outcome;
}

int
entry_refuse(struct entry *e, enum outcome outcome, struct fault *f,
    const char *fmt, ...)
{
	char text[REASON_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_free(&e->bytes);
	e->bytes.failed = FAULT_NONE;
	e->has_digest = false;
	e->outcome = outcome;
	free(e->reason);
	if ((e->reason = strdup(text)) == NULL)
		return fault_memory(f);
	return 0;
}

int
entry_refuse_why(struct entry *e, const struct fault *why, struct fault *f)
{
	return entry_refuse(e, outcome_of_fault(why), f, "%s", why->text);
}

int
snapshot_hold(
    struct snapshot *s, struct entry *e, struct crypto *c, struct fault *f)
{
	if (e->bytes.len > SNAPSHOT_BYTES_MAX - s->bytes)
		return entry_refuse(e, OUTCOME_ERROR, f,
		    "more than %d bytes on one host", SNAPSHOT_BYTES_MAX);
	s->bytes += e->bytes.len;
	if (e->flags & M_COMMAND)
		return 0;
	/* what the bytes are, not what fstat said: 0 in /proc, 4096 in /sys */
	e->size = e->bytes.len;
	if (e->flags & M_VOLATILE)
		return 0;
	if (digest_sha256(c, e->bytes.len > 0 ? e->bytes.p : "", e->bytes.len,
		e->sha256, f) == -1)
		return -1;
	e->has_digest = true;
	return 0;
}

int
snapshot_add_json(
    struct snapshot *s, const char *path, const json_t *v, struct fault *f)
{
	struct entry *e = snapshot_add(s, path, M_VOLATILE, f);

	if (e == NULL)
		return -1;
	e->bytes.max = MADE_MAX;
	if (json_canonical(v, &e->bytes, f) == -1)
		return -1;
	return snapshot_hold(s, e, NULL, f);
}

int
snapshot_add_refused(struct snapshot *s, const char *path, enum outcome outcome,
    const char *reason, struct fault *f)
{
	struct entry *e = snapshot_add(s, path, M_VOLATILE, f);

	if (e == NULL)
		return -1;
	return entry_refuse(e, outcome, f, "%s", reason);
}

bool
glob_split(const char *path, struct path_glob *g)
{
	const char *star = strchr(path, '*'), *slash = strrchr(path, '/');

	if (path[0] != '/' || star == NULL || star < slash)
		return false;
	*g = (struct path_glob){
		.folder = path,
		.folder_len = (size_t)(slash - path),
		.prefix = slash + 1,
		.prefix_len = (size_t)(star - slash - 1),
		.suffix = star + 1,
		.suffix_len = strlen(star + 1),
	};
	return true;
}

bool
glob_outer(const char *path, char buf[ENTRY_PATH_MAX], struct path_glob *outer)
{
	const char *star = strchr(path, '*'), *slash = strrchr(path, '/');

	if (path[0] != '/' || star == NULL || star > slash)
		return false;
	(void)snprintf(buf, ENTRY_PATH_MAX, "%.*s", (int)(slash - path), path);
	return glob_split(buf, outer);
}

bool
glob_matches(const struct path_glob *g, const char *name)
{
	size_t len = strlen(name);

	if (len < g->prefix_len + g->suffix_len)
		return false;
	if (name[0] == '.' && g->prefix_len == 0)
		return false;
	return memcmp(name, g->prefix, g->prefix_len) == 0 &&
	       memcmp(name + len - g->suffix_len, g->suffix, g->suffix_len) ==
		   0;
}
