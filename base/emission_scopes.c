/* Whether as many lines of each scope came as its coverage statements count.
 * See emission.h. */
#include <stdlib.h>
#include <string.h>

#include "base/emission.h"
#include "base/observation_put.h"

#define SUBJECTS_MAX 1000000000000LL /* lines that a scope may count */

struct ndjson_scope {
	char *name; /* owned; NULL: a free place */
	long long came, told;
	bool stated;
};

/* FNV-1a */
static size_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037U;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211U;
	return (size_t)h;
}

/* Its place, or the free one where it belongs; cap is a power of two. */
static struct ndjson_scope *
place_of(struct ndjson_scope *v, size_t cap, const char *name)
{
	size_t i = hash(name) & (cap - 1);

	while (v[i].name != NULL && strcmp(v[i].name, name) != 0)
		i = (i + 1) & (cap - 1);
	return &v[i];
}

static int
grow(struct emission_reader *r, struct fault *f)
{
	size_t cap = r->cap == 0 ? 64 : 2 * r->cap;
	struct ndjson_scope *v;

	if (2 * (r->nscopes + 1) <= r->cap)
		return 0;
	if (r->nscopes >= EMISSION_SCOPES_MAX)
		return fault(
		    f, FAULT_LIMIT, "more than %d scopes", EMISSION_SCOPES_MAX);
	if ((v = calloc(cap, sizeof(*v))) == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < r->cap; i++)
		if (r->scopes[i].name != NULL)
			*place_of(v, cap, r->scopes[i].name) = r->scopes[i];
	free(r->scopes);
	r->scopes = v;
	r->cap = cap;
	return 0;
}

static struct ndjson_scope *
scope_of(struct emission_reader *r, const char *name, struct fault *f)
{
	struct ndjson_scope *s;

	if (grow(r, f) == -1)
		return NULL;
	s = place_of(r->scopes, r->cap, name);
	if (s->name == NULL) {
		if ((s->name = strdup(name)) == NULL) {
			(void)fault_memory(f);
			return NULL;
		}
		r->nscopes++;
	}
	return s;
}

static int
count_put(void *ctx, const struct observation *o, struct fault *f)
{
	struct emission_reader *r = ctx;
	struct ndjson_scope *s = scope_of(r, o->scope, f);

	if (s == NULL)
		return -1;
	s->came++;
	return r->to->put(r->to->ctx, o, f);
}

static int
add_cover(void *ctx, const struct coverage *c, struct fault *f)
{
	struct emission_reader *r = ctx;
	struct ndjson_scope *s = scope_of(r, c->scope, f);
	long long n;
	json_t *body;

	if (s == NULL ||
	    (body = json_read(c->body, c->body_len, "coverage", f)) == NULL)
		return -1;
	n = json_integer_value(json_object_get(body, "subjects"));
	json_decref(body);
	if (n < 0 || n > SUBJECTS_MAX - s->told)
		return fault(f, FAULT_FORMAT, "coverage: counts %lld lines", n);
	s->stated = true;
	s->told += n;
	return r->to->cover(r->to->ctx, c, f);
}

struct sink
emission_counting(struct emission_reader *r)
{
	return (struct sink){ count_put, add_cover, r };
}

/* What nobody stated is no answer in full. */
static int
cover_as_error(const struct emission_reader *r, const struct ndjson_scope *s,
    struct fault *f)
{
	json_t *c = json_pack("{s:i, s:s, s:i, s:[], s:[], s:s, s:s, s:s, s:I}",
	    "calls", 0, "collector", "import", "denied", 0, "gaps", "kinds",
	    "outcome", outcome_name(OUTCOME_ERROR), "reason",
	    "the coverage statement that counts its lines did not come",
	    "scope", s->name, "subjects", (json_int_t)s->came);
	int rc;

	if (c == NULL)
		return fault_memory(f);
	rc = coverage_put(r->to, "import", s->name, c, f);
	json_decref(c);
	return rc;
}

static int
end_scope(
    struct emission_reader *r, const struct ndjson_scope *s, struct fault *f)
{
	if (!s->stated)
		return cover_as_error(r, s, f);
	if (s->came < s->told)
		return fault(f, FAULT_FORMAT,
		    "%.200s: lines are missing: %lld of %lld came", s->name,
		    s->came, s->told);
	r->odd.uncounted += s->came - s->told; /* none is gone for them */
	return 0;
}

int
emission_scopes_end(struct emission_reader *r, struct fault *f)
{
	for (size_t i = 0; i < r->cap; i++)
		if (r->scopes[i].name != NULL &&
		    end_scope(r, &r->scopes[i], f) == -1)
			return -1;
	return 0;
}

void
emission_reader_free(struct emission_reader *r)
{
	for (size_t i = 0; i < r->cap; i++)
		free(r->scopes[i].name);
	free(r->scopes);
	r->scopes = NULL;
	r->cap = r->nscopes = 0;
}
