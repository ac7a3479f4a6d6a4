/* See overlay.h. */
#include "collector/image/overlay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct nodes {
	struct overlay_node *v; /* owned */
	size_t n, cap;
};

struct overlay {
	struct arena *arena; /* paths and targets */
	size_t bytes;
	struct nodes lower;   /* by path */
	struct nodes current; /* as they came */
	uint32_t *index;      /* of current: 1 + where, by hash; owned */
	size_t slots;	      /* a power of two; 0: none */
	long long work;
	/* the folder resolved last */
	char from[OVERLAY_PATH_MAX], to[OVERLAY_PATH_MAX];
	bool known;
};

struct overlay *
overlay_new(void)
{
	struct overlay *t = calloc(1, sizeof(*t));

	if (t != NULL && (t->arena = arena_new()) != NULL)
		return t;
	free(t);
	return NULL;
}

static void
nodes_free(struct nodes *n)
{
	for (size_t i = 0; i < n->n; i++)
		facts_free(n->v[i].facts);
	free(n->v);
}

void
overlay_free(struct overlay *t)
{
	if (t == NULL)
		return;
	nodes_free(&t->lower);
	nodes_free(&t->current);
	free(t->index);
	arena_free(t->arena);
	free(t);
}

/* ---- finding ---- */

/* FNV-1a; two paths with one hash are told apart by comparing. */
static size_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037ULL;

	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 1099511628211ULL;
	return (size_t)(h ^ h >> 32);
}

static size_t
slot_of(const struct overlay *t, const char *path)
{
	size_t i = hash(path) & (t->slots - 1);

	while (t->index[i] != 0 &&
	       strcmp(t->current.v[t->index[i] - 1].path, path) != 0)
		i = (i + 1) & (t->slots - 1);
	return i;
}

static int
grow_index(struct overlay *t, struct fault *f)
{
	size_t slots = t->slots == 0 ? 1024 : 2 * t->slots;
	uint32_t *index;

	if (t->slots > 0 && t->current.n * 2 < t->slots)
		return 0;
	if ((index = calloc(slots, sizeof(*index))) == NULL)
		return fault_memory(f);
	free(t->index);
	t->index = index;
	t->slots = slots;
	for (size_t i = 0; i < t->current.n; i++)
		t->index[slot_of(t, t->current.v[i].path)] = (uint32_t)i + 1;
	return 0;
}

static struct overlay_node *
in_current(const struct overlay *t, const char *path)
{
	uint32_t i = t->slots > 0 ? t->index[slot_of(t, path)] : 0;

	return i > 0 ? &t->current.v[i - 1] : NULL;
}

/* The first lower node that is not before path. */
static size_t
lower_bound(const struct overlay *t, const char *path)
{
	size_t from = 0, to = t->lower.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (strcmp(t->lower.v[mid].path, path) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static struct overlay_node *
in_lower(const struct overlay *t, const char *path)
{
	size_t i = lower_bound(t, path);

	return i < t->lower.n && strcmp(t->lower.v[i].path, path) == 0
		   ? &t->lower.v[i]
		   : NULL;
}

const struct overlay_node *
overlay_find(const struct overlay *t, const char *path)
{
	const struct overlay_node *n = in_current(t, path);

	if (n == NULL || n->gone)
		n = in_lower(t, path);
	return n != NULL && !n->gone ? n : NULL;
}

/* ---- hiding ---- */

static void
forget(struct overlay *t, struct overlay_node *n)
{
	if (n == NULL || n->gone)
		return;
	n->gone = true;
	if (n->target != NULL)
		t->known = false;
	facts_free(n->facts);
	n->facts = NULL;
}

static int
forget_below(struct overlay *t, const char *path, struct fault *f)
{
	size_t len = strlen(path), i;
	char under[OVERLAY_PATH_MAX + 1];

	if (t->lower.n == 0)
		return 0;
	if (len >= OVERLAY_PATH_MAX)
		return fault(f, FAULT_LIMIT, "a path of over %d bytes",
		    OVERLAY_PATH_MAX);
	memcpy(under, path, len);
	under[len] = '/';
	under[len + 1] = '\0';
	len = len > 0 ? len + 1 : 0; /* below the root is everything */
	for (i = len > 0 ? lower_bound(t, under) : 0;
	     i < t->lower.n && strncmp(t->lower.v[i].path, under, len) == 0;
	     i++, t->work++)
		forget(t, &t->lower.v[i]);
	if (++t->work > OVERLAY_WORK_MAX)
		return fault(f, FAULT_LIMIT,
		    "its layers hide each other in over %lld steps",
		    OVERLAY_WORK_MAX);
	return 0;
}

int
overlay_cover(struct overlay *t, const char *path, bool folder, struct fault *f)
{
	forget(t, in_current(t, path));
	forget(t, in_lower(t, path));
	return folder ? 0 : forget_below(t, path, f);
}

int
overlay_whiteout(
    struct overlay *t, const char *path, bool opaque, struct fault *f)
{
	if (!opaque)
		forget(t, in_lower(t, path));
	return forget_below(t, path, f);
}

/* ---- putting ---- */

static const char *
keep(struct overlay *t, const char *s, struct fault *f)
{
	char *copy;

	t->bytes += strlen(s) + 1;
	if (t->bytes > OVERLAY_BYTES_MAX) {
		(void)fault(f, FAULT_LIMIT,
		    "over %zu bytes of links and names that matter",
		    OVERLAY_BYTES_MAX);
		return NULL;
	}
	if ((copy = arena_str(t->arena, s)) == NULL)
		(void)fault_memory(f);
	return copy;
}

static int
room_for_one(struct nodes *n, struct fault *f)
{
	size_t cap = n->cap == 0 ? 256 : 2 * n->cap;
	struct overlay_node *v;

	if (n->n < n->cap)
		return 0;
	if (n->n >= OVERLAY_NODES_MAX)
		return fault(f, FAULT_LIMIT,
		    "over %d links and files that matter", OVERLAY_NODES_MAX);
	if ((v = reallocarray(n->v, cap, sizeof(*v))) == NULL)
		return fault_memory(f);
	n->v = v;
	n->cap = cap;
	return 0;
}

int
overlay_put(struct overlay *t, const char *path, const char *target,
    struct facts *facts, struct fault *f)
{
	struct overlay_node node = { .facts = facts }, *old;

	if (strlen(path) >= OVERLAY_PATH_MAX)
		return fault(f, FAULT_LIMIT, "a path of over %d bytes",
		    OVERLAY_PATH_MAX);
	if (room_for_one(&t->current, f) == -1 || grow_index(t, f) == -1 ||
	    (node.path = keep(t, path, f)) == NULL ||
	    (target != NULL && (node.target = keep(t, target, f)) == NULL))
		return -1;
	if (facts != NULL)
		facts->references++;
	if (target != NULL)
		t->known = false;
	if ((old = in_current(t, path)) != NULL) {
		forget(t, old);
		*old = node;
		return 0;
	}
	t->current.v[t->current.n++] = node;
	t->index[slot_of(t, path)] = (uint32_t)t->current.n;
	return 0;
}

static int
by_path(const void *a, const void *b)
{
	const struct overlay_node *x = a, *y = b;

	return strcmp(x->path, y->path);
}

int
overlay_layer(struct overlay *t, struct fault *f)
{
	size_t n = 0;

	for (size_t i = 0; i < t->lower.n; i++)
		if (!t->lower.v[i].gone)
			t->lower.v[n++] = t->lower.v[i];
	t->lower.n = n;
	for (size_t i = 0; i < t->current.n; i++) {
		if (t->current.v[i].gone)
			continue;
		if (room_for_one(&t->lower, f) == -1)
			return -1;
		t->lower.v[t->lower.n++] = t->current.v[i];
		t->current.v[i].facts = NULL; /* moved */
	}
	t->current.n = 0;
	if (t->lower.n > 0)
		qsort(t->lower.v, t->lower.n, sizeof(*t->lower.v), by_path);
	if (t->slots > 0)
		memset(t->index, 0, t->slots * sizeof(*t->index));
	t->known = false;
	return 0;
}

/* ---- links ---- */

/* rest becomes target followed by what rest still had. */
static bool
follow_into(char rest[OVERLAY_PATH_MAX], const char *target, const char *after)
{
	char joined[OVERLAY_PATH_MAX];
	int n = snprintf(joined, sizeof(joined), "%s/%s", target, after);

	if (n < 0 || (size_t)n >= sizeof(joined))
		return false;
	memcpy(rest, joined, (size_t)n + 1);
	return true;
}

static void
cut_last(char *path, size_t *len)
{
	char *slash;

	path[*len] = '\0';
	slash = strrchr(path, '/');
	*len = slash != NULL ? (size_t)(slash - path) : 0;
	path[*len] = '\0';
}

static bool
walk(struct overlay *t, const char *path, bool last, char out[OVERLAY_PATH_MAX])
{
	char rest[OVERLAY_PATH_MAX];
	const struct overlay_node *n;
	int links = 0;
	size_t len = 0;
	char *p = rest;

	if (strlen(path) >= sizeof(rest))
		return false;
	(void)strcpy(rest, path);
	out[0] = '\0';
	while (*p != '\0') {
		size_t part = strcspn(p, "/"), start = len;
		char *after = p + part + (p[part] == '/');

		if (part == 0 || (part == 1 && p[0] == '.')) {
			p = after;
			continue;
		}
		if (part == 2 && p[0] == '.' && p[1] == '.') {
			cut_last(out, &len); /* the root's is the root */
			p = after;
			continue;
		}
		if (len + part + 2 > OVERLAY_PATH_MAX)
			return false;
		if (len > 0)
			out[len++] = '/';
		memcpy(out + len, p, part);
		len += part;
		out[len] = '\0';
		n = *after != '\0' || last ? overlay_find(t, out) : NULL;
		if (n == NULL || n->target == NULL) {
			p = after;
			continue;
		}
		if (++links > OVERLAY_LINKS_MAX ||
		    !follow_into(rest, n->target, after))
			return false;
		len = rest[0] == '/' ? 0 : start;
		out[len] = '\0';
		p = rest;
	}
	return true;
}

bool
overlay_resolve(
    struct overlay *t, const char *path, bool last, char out[OVERLAY_PATH_MAX])
{
	const char *name = strrchr(path, '/');
	size_t folder = name != NULL ? (size_t)(name - path) : 0;
	size_t n;

	if (last || name == NULL || folder >= OVERLAY_PATH_MAX)
		return walk(t, path, last, out);
	/* neighbours come one after another: their folder is resolved once */
	if (!t->known || strncmp(t->from, path, folder) != 0 ||
	    t->from[folder] != '\0') {
		memcpy(t->from, path, folder);
		t->from[folder] = '\0';
		t->known = walk(t, t->from, true, t->to);
		if (!t->known)
			return false;
	}
	n = strlen(t->to);
	if (n + strlen(name) + 1 > OVERLAY_PATH_MAX)
		return false;
	return snprintf(out, OVERLAY_PATH_MAX, "%.*s%s", (int)n, t->to,
		   n > 0 ? name : name + 1) < OVERLAY_PATH_MAX;
}

size_t
overlay_count(const struct overlay *t)
{
	return t->lower.n;
}

const struct overlay_node *
overlay_at(const struct overlay *t, size_t i)
{
	return &t->lower.v[i];
}
