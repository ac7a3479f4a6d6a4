/* Packages of an image; see emit.h. */
#include <stdlib.h>
#include <string.h>

#include "collector/image/emit.h"
#include "collector/image/image_kinds.h"
#include "base/json.h"

#define SOURCE "package database"

struct package_key {
	char key[512];
	const json_t *package; /* borrowed */
	const char *manager;
};

static const char *
manager_of(enum special s)
{
	return s == SPECIAL_DPKG ? "dpkg" : s == SPECIAL_APK ? "apk" : "rpm";
}

static bool
is_database(enum special s)
{
	return s == SPECIAL_DPKG || s == SPECIAL_APK || s == SPECIAL_RPM ||
	       s == SPECIAL_RPM_LOG;
}

static const char *
part(const json_t *package, size_t i)
{
	const char *s = json_string_value(json_array_get(package, i));

	return s != NULL ? s : "";
}

static int
by_key(const void *a, const void *b)
{
	const struct package_key *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static int
emit_one(struct found *v, const struct package_key *p, struct fault *f)
{
	ATTRS_AUTO(a);

	attrs_str(&a, "arch",
	    p->package != NULL
		? json_string_value(json_array_get(p->package, 2))
		: NULL);
	attrs_str(&a, "manager", p->manager);
	attrs_str(&a, "name", p->package != NULL ? part(p->package, 0) : NULL);
	attrs_str(&a, "signing_key",
	    p->package != NULL
		? json_string_value(json_array_get(p->package, 4))
		: NULL);
	attrs_str(&a, "vendor",
	    p->package != NULL
		? json_string_value(json_array_get(p->package, 3))
		: NULL);
	attrs_str(
	    &a, "version", p->package != NULL ? part(p->package, 1) : NULL);
	return emit_observed(v->e, &image_package_kind, p->key, &a, SOURCE, f);
}

/* What is known of the databases, before any of their packages. */
struct databases {
	const char *manager; /* of the last one; NULL: there is none */
	const char *unread;  /* of one that could not be read, or NULL */
	const char *path;    /* of that one */
	size_t packages;
};

static void
count(struct found *v, struct databases *d)
{
	for (size_t i = 0; i < overlay_count(v->overlay); i++) {
		const struct overlay_node *n = overlay_at(v->overlay, i);

		if (n->facts == NULL || !is_database(n->facts->special))
			continue;
		d->packages += json_array_size(n->facts->packages);
		if (n->facts->unread != NULL) {
			d->unread = n->facts->unread;
			d->path = n->path;
		}
		if (n->facts->packages != NULL)
			d->manager = manager_of(n->facts->special);
	}
}

static int
refuse(struct found *v, const struct databases *d, struct fault *f)
{
	BUF_AUTO(text, FAULT_TEXT_MAX);

	if (d->unread == NULL)
		return emit_outcome(v->e, &image_package_kind, "*",
		    OUTCOME_ABSENT, "it has no package database", SOURCE, f);
	buf_printf(&text, "%.300s: %.600s", d->path, d->unread);
	if (buf_done(&text, "packages", f) == -1 ||
	    emit_gap(v->e, &image_package_kind, OUTCOME_ERROR, text.p, f) == -1)
		return -1;
	return emit_outcome(
	    v->e, &image_package_kind, "*", OUTCOME_ERROR, text.p, SOURCE, f);
}

static size_t
gather(struct found *v, struct package_key *keys)
{
	size_t n = 0, k;
	json_t *p;

	for (size_t i = 0; i < overlay_count(v->overlay); i++) {
		const struct facts *facts = overlay_at(v->overlay, i)->facts;

		if (facts == NULL || !is_database(facts->special))
			continue;
		json_array_foreach (facts->packages, k, p) {
			bool many = facts->special == SPECIAL_RPM &&
				    strncmp(part(p, 0), "kernel", 6) == 0;

			(void)snprintf(keys[n].key, sizeof(keys[n].key),
			    "%.200s:%.40s%s%.200s", part(p, 0), part(p, 2),
			    many ? ":" : "", many ? part(p, 1) : "");
			keys[n].package = p;
			keys[n++].manager = manager_of(facts->special);
		}
	}
	return n;
}

int
emit_packages(struct found *v, struct fault *f)
{
	struct databases d = { 0 };
	struct package_key *keys, whole = { .key = "*" };
	size_t n;
	int rc;

	count(v, &d);
	if (d.manager == NULL || d.unread != NULL)
		return refuse(v, &d, f);
	whole.manager = d.manager;
	if ((keys = calloc(d.packages + 1, sizeof(*keys))) == NULL)
		return fault_memory(f);
	n = gather(v, keys);
	if (n > 1)
		qsort(keys, n, sizeof(*keys), by_key);
	rc = emit_one(v, &whole, f);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (i + 1 == n || strcmp(keys[i].key, keys[i + 1].key) != 0)
			rc = emit_one(v, &keys[i], f);
	free(keys);
	return rc;
}
