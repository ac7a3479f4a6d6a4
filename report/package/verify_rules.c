/* See verify_rules.h. */
#include "report/package/verify_rules.h"

#include <stdio.h>
#include <string.h>

#include "base/build.h"
#include "report/judge/profile.h"

#define SHOWN_MAX 8    /* lines of either side of a difference */
#define LINE_SHOWN 160 /* bytes of one */
#define TOLD_MAX (1024 * 1024)

int
own_rules_load(
    struct own_rules *out, const struct verify_request *q, struct fault *f)
{
	*out = (struct own_rules){ .told.max = TOLD_MAX };
	if (checks_load(&out->checks, NULL, NULL, q->crypto, f) == -1)
		return -1;
	if ((q->own_checks == NULL && q->own_catalogs == NULL) ||
	    checks_load(
		&out->more, q->own_checks, q->own_catalogs, q->crypto, f) == 0)
		return 0;
	checks_free(&out->checks);
	return -1;
}

void
own_rules_free(struct own_rules *own)
{
	checks_free(&own->checks);
	checks_free(&own->more);
	buf_free(&own->told);
}

/* Has it been told before? It is now. */
static bool
was_told(struct own_rules *own, const char *name, const char *sha256)
{
	char entry[256];

	(void)snprintf(entry, sizeof(entry), "%s %s\n", name, sha256);
	if (own->told.p != NULL && strstr(own->told.p, entry) != NULL)
		return true;
	buf_puts(&own->told, entry);
	return false;
}

/* ----------------------------------------------------------- differences */

static size_t
line_len(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return nl != NULL ? (size_t)(nl - p) + 1 : (size_t)(end - p);
}

/* Where the lines that two texts begin with alike end. */
static size_t
same_begin(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t at = 0;

	while (at < alen && at < blen) {
		size_t n = line_len(a + at, a + alen);

		if (at + n > blen || memcmp(a + at, b + at, n) != 0)
			break;
		at += n;
	}
	return at;
}

/* How many bytes of whole lines they end with alike, after from. */
static size_t
same_end(const char *a, size_t alen, const char *b, size_t blen, size_t from)
{
	size_t n = 0, whole = 0;

	while (n < alen - from && n < blen - from &&
	       a[alen - 1 - n] == b[blen - 1 - n]) {
		n++;
		if (n == alen - from || a[alen - 1 - n] == '\n')
			whole = n;
	}
	return whole;
}

static void
show_lines(struct verifying *v, char mark, const char *p, const char *end)
{
	size_t n = 0;

	for (size_t len; p < end; p += len, n++) {
		len = line_len(p, end);
		if (n < SHOWN_MAX)
			verify_say(v, VERIFY_NOTE, "", "       %c %.*s", mark,
			    (int)(len > LINE_SHOWN
				      ? LINE_SHOWN
				      : len - (p[len - 1] == '\n')),
			    p);
	}
	if (n > SHOWN_MAX)
		verify_say(v, VERIFY_NOTE, "",
		    "       %c ... and %zu more lines", mark, n - SHOWN_MAX);
}

/* What stands in the one and not in the other, from the first line that differs
 * to the last. */
static void
show_difference(struct verifying *v, const char *own, size_t own_len,
    const char *other, size_t other_len)
{
	size_t at = same_begin(own, own_len, other, other_len);
	size_t end = same_end(own, own_len, other, other_len, at);

	show_lines(v, '-', own + at, own + own_len - end);
	show_lines(v, '+', other + at, other + other_len - end);
}

/* ------------------------------------------------------------- comparing */

static void
name_foreign(
    struct verifying *v, const char *where, bool known, bool same_build)
{
	if (!known)
		verify_say(v, VERIFY_OPEN, where,
		    "not exhibit's own: this build (%s) has none of this name",
		    exhibit_build);
	else if (same_build)
		verify_say(v, VERIFY_OPEN, where,
		    "not exhibit's own text, though it has the name of one. - "
		    "exhibit's, + used:");
	else
		verify_say(v, VERIFY_OPEN, where,
		    "not the text of this build (%s); compare it with "
		    "'exhibit checks --digests' of the build that evaluated. "
		    "- this build, + used:",
		    exhibit_build);
}

static bool
has_check(const struct checks *cs, const struct check *k)
{
	const struct check *mine = checks_find(cs, k->id);

	return mine != NULL && strcmp(mine->sha256, k->sha256) == 0;
}

bool
own_rules_has(const struct own_rules *own, const struct check *k)
{
	return has_check(&own->checks, k) || has_check(&own->more, k);
}

void
own_rules_mark(const struct own_rules *own, struct checks *judged)
{
	for (size_t i = 0; i < judged->n; i++)
		judged->list[i].builtin =
		    has_check(&own->checks, &judged->list[i]);
}

static bool
has_catalog(const struct checks *cs, const struct catalog *k)
{
	const struct catalog *mine = catalogs_find(&cs->catalogs, k->name);

	return mine != NULL && strcmp(mine->sha256, k->sha256) == 0;
}

static void
compare_check(struct verifying *v, struct own_rules *own, const struct check *k,
    bool same_build)
{
	const struct check *mine = checks_find(&own->checks, k->id);
	char where[128];

	if (own_rules_has(own, k) || was_told(own, k->id, k->sha256))
		return;
	(void)snprintf(where, sizeof(where), "checks/%s.sql", k->id);
	name_foreign(v, where, mine != NULL, same_build);
	if (mine != NULL)
		show_difference(v, mine->text, mine->len, k->text, k->len);
}

static void
compare_catalog(struct verifying *v, struct own_rules *own,
    const struct catalog *k, bool same_build)
{
	const struct catalog *mine =
	    catalogs_find(&own->checks.catalogs, k->name);
	char where[128];

	if (has_catalog(&own->checks, k) || has_catalog(&own->more, k) ||
	    was_told(own, k->name, k->sha256))
		return;
	(void)snprintf(where, sizeof(where), "catalogs/%s.tsv", k->name);
	name_foreign(v, where, mine != NULL, same_build);
	if (mine != NULL)
		show_difference(v, mine->text, mine->len, k->text, k->len);
}

/* Is it the name of a profile compiled in? */
static bool
is_stock(const char *profile)
{
	char name[CATALOG_NAME_MAX], title[160];

	for (size_t i = 0; profile_at(i, name, title); i++)
		if (strcmp(name, profile) == 0)
			return true;
	return strcmp(profile, PROFILE_DEFAULT) == 0;
}

static void
compare_profile(struct verifying *v, const struct checks *mine,
    const struct checks *judged, const char *profile)
{
	const struct catalog *used =
	    catalogs_find(&judged->catalogs, PROFILE_CATALOG);
	const struct catalog *own =
	    catalogs_find(&mine->catalogs, PROFILE_CATALOG);

	if ((used == NULL) != (own == NULL) ||
	    (used != NULL && strcmp(used->sha256, own->sha256) != 0))
		verify_say(v, VERIFY_OPEN, profile,
		    "the profile is not exhibit's own, though it has the name "
		    "of one");
	for (size_t i = 0; i < mine->n; i++)
		if (checks_find(judged, mine->list[i].id) == NULL)
			verify_say(v, VERIFY_OPEN, mine->list[i].id,
			    "is a check of profile '%s' that was not evaluated",
			    profile);
}

/* What a stock profile chooses, by this build. */
static int
check_chosen(struct verifying *v, struct own_rules *own,
    const struct checks *judged, const char *profile, struct fault *f)
{
	struct checks mine;
	char mark[CATALOG_NAME_MAX + 16];
	int rc;

	if (!is_stock(profile)) {
		if (!was_told(own, profile, "profile"))
			verify_say(v, VERIFY_OPEN, profile,
			    "is not one of exhibit's own profiles: which "
			    "checks ought to be evaluated was not compared");
		return 0;
	}
	(void)snprintf(mark, sizeof(mark), "%zu", judged->n);
	if (was_told(own, profile, mark))
		return 0;
	if (checks_load(&mine, v->q->own_checks, v->q->own_catalogs,
		v->q->crypto, f) == -1)
		return -1;
	rc = strcmp(profile, PROFILE_DEFAULT) == 0
		 ? 0
		 : profile_apply(&mine, profile, v->q->crypto, f);
	if (rc == 0)
		compare_profile(v, &mine, judged, profile);
	checks_free(&mine);
	return rc;
}

int
verify_rules_own(struct verifying *v, struct own_rules *own,
    const struct checks *judged, const char *profile, bool same_build,
    struct fault *f)
{
	for (size_t i = 0; i < judged->n; i++)
		compare_check(v, own, &judged->list[i], same_build);
	for (size_t i = 0; i < judged->catalogs.n; i++)
		if (strcmp(judged->catalogs.list[i].name, PROFILE_CATALOG) != 0)
			compare_catalog(
			    v, own, &judged->catalogs.list[i], same_build);
	return same_build ? check_chosen(v, own, judged, profile, f) : 0;
}
