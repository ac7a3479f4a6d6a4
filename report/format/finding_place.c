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

/* The place that a subject's columns file and line and a reason name. */
static struct place
place_of(const struct model_subject *s, const char *reason)
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

/* For qsort(3), of places in files. */
static int
place_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = strcmp(x->file, y->file);

	if (c != 0)
		return c;
	return x->line < y->line ? -1 : x->line > y->line;
}

static int
group_places(const struct model *m, const struct model_group *g,
    struct place *list,
    int (*one)(void *, const struct model *, const struct model_group *,
	const struct place *, struct fault *),
    void *ctx, struct fault *f)
{
	const struct place nowhere = { NULL, 0 };
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < g->nsubjects; i++) {
		list[n] = place_of(&m->subjects[g->subjects[i]], g->reason);
		n += list[n].file != NULL;
	}
	qsort(list, n, sizeof(*list), place_order);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (i == 0 || place_order(&list[i - 1], &list[i]) != 0)
			rc = one(ctx, m, g, &list[i], f);
	if (rc == 0 && n < g->nsubjects)
		rc = one(ctx, m, g, &nowhere, f);
	return rc;
}

int
model_places(const struct model *m,
    int (*one)(void *ctx, const struct model *m, const struct model_group *g,
	const struct place *place, struct fault *f),
    void *ctx, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < m->ngroups; i++) {
		const struct model_group *g = &m->groups[i];
		struct place *list;

		if (g->verdict != VERDICT_NOT_SATISFIED &&
		    g->verdict != VERDICT_UNKNOWN)
			continue;
		if ((list = calloc(g->nsubjects + 1, sizeof(*list))) == NULL)
			return fault_memory(f);
		rc = group_places(m, g, list, one, ctx, f);
		free(list);
	}
	return rc;
}

void
place_path(struct buf *out, const struct model *m, const struct place *place)
{
	if (place->file == NULL)
		buf_printf(out, "%s.xml", m->basename);
	else
		buf_puts(out, place->file + strspn(place->file, "/"));
}

const char *
place_reason(const char *reason, const struct place *place)
{
	size_t len = place->file != NULL ? strlen(place->file) : 0;
	const char *s = reason + len;

	if (len == 0 || strncmp(reason, place->file, len) != 0 || *s != ':')
		return reason;
	s += 1 + strspn(s + 1, "0123456789");
	s += *s == ':';
	return s + strspn(s, " ");
}

int
finding_print(struct crypto *c, const struct model *m,
    const struct model_group *g, const struct place *place,
    char out[SHA256_HEX], struct fault *f)
{
	uint8_t d[SHA256_LEN];
	BUF_AUTO(b, 64UL * 1024);

	buf_printf(&b, "%s\n%s\n%s\n%s", m->checks[g->check].id,
	    verdict_name(g->verdict), place->file != NULL ? place->file : "",
	    place_reason(g->reason, place));
	if (buf_done(&b, "fingerprint", f) == -1 ||
	    digest_sha256(c, b.p, b.len, d, f) == -1)
		return -1;
	hex_encode(d, SHA256_LEN, out);
	return 0;
}
