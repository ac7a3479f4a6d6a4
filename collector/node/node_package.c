/*
 * Installed packages that matter to FIPS mode: dpkg's status file and RPM's
 * database are read; where only rpm can, it is asked. That the database was
 * read in full is an observation of its own, so that a missing package is known
 * to be missing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"

#include "collector/node/parts.h"

#define PACKAGES_MAX 8192 /* that matter, of one host */
#define NAME_BYTES 200

#define DPKG "/var/lib/dpkg/status"
#define DPKG_FOLDER "/var/lib/dpkg/status.d"

static const char *const databases[] = { "/var/lib/rpm/rpmdb.sqlite",
	"/usr/lib/sysimage/rpm/rpmdb.sqlite", "/usr/share/rpm/rpmdb.sqlite",
	"/var/lib/rpm/Packages.db", "/usr/lib/sysimage/rpm/Packages.db",
	"/var/lib/rpm/Packages", "/usr/lib/sysimage/rpm/Packages" };

/* What was found, to be emitted by key, each once. */
struct found {
	struct parts *p;
	const char *manager, *source;
	struct found_one {
		char *key; /* owned */
		struct package pkg;
	} * v; /* owned */
	size_t n, cap;
};

/* rpm keeps several kernels: their key has the version too. */
static int
key_of(const struct found *d, const struct package *pkg, struct buf *key,
    struct fault *f)
{
	text_clean(key, pkg->name.p, pkg->name.len, NAME_BYTES);
	buf_putc(key, ':');
	if (pkg->arch.p != NULL)
		text_clean(key, pkg->arch.p, pkg->arch.len, 32);
	if (d->manager[0] == 'r' && span_starts(pkg->name, "kernel")) {
		buf_putc(key, ':');
		text_clean(key, pkg->version.p, pkg->version.len, NAME_BYTES);
	}
	return buf_done(key, "package name", f);
}

static int
remember(void *ctx, const struct package *pkg, struct fault *f)
{
	struct found *d = ctx;
	BUF_AUTO(key, 2048);

	if (!package_matters(pkg->name))
		return 0;
	if (d->n == PACKAGES_MAX)
		return fault(
		    f, FAULT_LIMIT, "more than %d packages", PACKAGES_MAX);
	if (d->n == d->cap) {
		size_t cap = d->cap == 0 ? 64 : 2 * d->cap;
		struct found_one *v = reallocarray(d->v, cap, sizeof(*v));

		if (v == NULL)
			return fault_memory(f);
		d->v = v;
		d->cap = cap;
	}
	if (key_of(d, pkg, &key, f) == -1)
		return -1;
	d->v[d->n].pkg = *pkg;
	d->v[d->n++].key = key.p;
	key.p = NULL; /* taken */
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	const struct found_one *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	/* twice the same: the later one in the file last */
	if (c == 0 && x->pkg.name.p != y->pkg.name.p)
		c = x->pkg.name.p < y->pkg.name.p ? -1 : 1;
	return c;
}

static int
emit_one(const struct found *d, const struct found_one *one, struct fault *f)
{
	ATTRS_AUTO(a);

	put_span(&a, "arch", one->pkg.arch, 32);
	attrs_str(&a, "manager", d->manager);
	put_span(&a, "name", one->pkg.name, NAME_BYTES);
	put_span(&a, "signing_key", one->pkg.key, VALUE_MAX);
	put_span(&a, "vendor", one->pkg.vendor, VALUE_MAX);
	put_span(&a, "version", one->pkg.version, VALUE_MAX);
	return emit_observed(
	    d->p->e, &node_package_kind, one->key, &a, d->source, f);
}

/* The database as a whole, then its packages. */
static int
emit_found(struct found *d, struct fault *f)
{
	ATTRS_AUTO(a);

	put_null(&a, "arch");
	attrs_str(&a, "manager", d->manager);
	put_null(&a, "name");
	put_null(&a, "signing_key");
	put_null(&a, "vendor");
	put_null(&a, "version");
	if (emit_observed(d->p->e, &node_package_kind, "*", &a, d->source, f) ==
	    -1)
		return -1;
	if (d->n > 0)
		qsort(d->v, d->n, sizeof(d->v[0]), by_key);
	for (size_t i = 0; i < d->n; i++)
		if ((i + 1 == d->n ||
			strcmp(d->v[i].key, d->v[i + 1].key) != 0) &&
		    emit_one(d, &d->v[i], f) == -1)
			return -1;
	return 0;
}

static void
found_free(struct found *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->v[i].key);
	free(d->v);
}

/* No package is told of unless all are: half a list would be absence. */
static int
emit_refused(struct parts *p, enum outcome outcome, const char *reason,
    const char *source, struct fault *f)
{
	if (outcome != OUTCOME_ABSENT &&
	    part_gap(p, &node_package_kind, outcome, reason, f) == -1)
		return -1;
	return emit_outcome(
	    p->e, &node_package_kind, "*", outcome, reason, source, f);
}

static int
finish(struct found *d, int rc, struct fault *why, struct fault *f)
{
	if (rc == 0)
		rc = emit_found(d, f);
	else if (why->kind == FAULT_IO)
		*f = *why;
	else
		rc = emit_refused(d->p, OUTCOME_ERROR, why->text, d->source, f);
	found_free(d);
	return rc;
}

/* Distroless images have one file a package and no status file. */
static int
read_folder(struct found *d, struct fault *why)
{
	size_t n;
	const struct entry *e = snapshot_under(d->p->s, DPKG_FOLDER, &n);

	for (size_t i = 0; i < n; i++) {
		struct reading r = part_read(d->p, e[i].path);

		if (span_ends(span_of(e[i].path), ".md5sums") ||
		    r.outcome == OUTCOME_ABSENT)
			continue;
		if (r.outcome != OUTCOME_OBSERVED)
			return fault(why,
			    r.outcome == OUTCOME_DENIED ? FAULT_DENIED
							: FAULT_FORMAT,
			    "%s: %s", e[i].path, r.reason);
		if (dpkg_read(r.text, remember, d, why) == -1)
			return -1;
	}
	return 0;
}

static int
emit_dpkg(struct parts *p, const struct reading *status, struct fault *f)
{
	struct found d = { .p = p, .manager = "dpkg", .source = DPKG };
	struct fault why = { 0 };
	int rc = 0;

	if (status->outcome != OUTCOME_OBSERVED &&
	    status->outcome != OUTCOME_ABSENT)
		return emit_refused(
		    p, status->outcome, status->reason, DPKG, f);
	if (status->outcome == OUTCOME_OBSERVED)
		rc = dpkg_read(status->text, remember, &d, &why);
	if (rc == 0)
		rc = read_folder(&d, &why);
	return finish(&d, rc, &why, f);
}

/* The RPM database that is there, or NULL. */
static const struct entry *
rpm_database(const struct parts *p)
{
	for (size_t i = 0; i < LENGTH(databases); i++) {
		const struct entry *e = snapshot_find(p->s, databases[i]);

		if (e != NULL && e->outcome != OUTCOME_ABSENT)
			return e;
	}
	return NULL;
}

/* What the source read out of it; several may be there, so the first that
 * could be read. */
static struct reading
rpm_content(const struct parts *p)
{
	struct reading first = { .outcome = OUTCOME_ABSENT };

	for (size_t i = 0; i < LENGTH(databases); i++) {
		char path[sizeof(RPM_TABLE) + 64];
		struct reading r;

		(void)snprintf(
		    path, sizeof(path), RPM_TABLE "%s", databases[i]);
		r = part_read(p, path);
		if (r.outcome == OUTCOME_OBSERVED)
			return r;
		if (first.outcome == OUTCOME_ABSENT)
			first = r;
	}
	return first;
}

static int
emit_table(
    struct parts *p, struct span text, const char *source, struct fault *f)
{
	struct found d = { .p = p, .manager = "rpm", .source = source };
	struct fault why = { 0 };
	int rc = rpm_read(text, remember, &d, &why);

	return finish(&d, rc, &why, f);
}

static int
emit_answer(struct parts *p, const struct reading *answer, struct fault *f)
{
	if (answer->outcome != OUTCOME_OBSERVED)
		return emit_refused(
		    p, answer->outcome, answer->reason, "rpm -qa", f);
	if (answer->entry->status != 0)
		return emit_refused(
		    p, OUTCOME_ERROR, "rpm failed", "rpm -qa", f);
	return emit_table(p, answer->text, "rpm -qa", f);
}

int
package_emit(struct parts *p, struct fault *f)
{
	struct reading status = part_read(p, DPKG);
	struct reading rpm = part_run(p, RPM_QUERY);
	struct reading table = rpm_content(p);
	const struct entry *database = rpm_database(p);
	size_t n;

	(void)snapshot_under(p->s, DPKG_FOLDER, &n);
	/* Debian hosts may have rpm, as a tool: dpkg's word comes first */
	if (status.outcome != OUTCOME_ABSENT || n > 0)
		return emit_dpkg(p, &status, f);
	if (table.outcome == OUTCOME_OBSERVED)
		return emit_table(
		    p, table.text, table.entry->path + strlen(RPM_TABLE), f);
	if (rpm.outcome != OUTCOME_ABSENT)
		return emit_answer(p, &rpm, f);
	if (table.outcome != OUTCOME_ABSENT)
		return emit_refused(p, table.outcome, table.reason,
		    table.entry->path + strlen(RPM_TABLE), f);
	if (database != NULL)
		return emit_refused(p, OUTCOME_ERROR,
		    "an RPM database is there, but rpm was not run",
		    database->path, f);
	return emit_refused(p, OUTCOME_ABSENT,
	    "no dpkg status file and no RPM database", DPKG, f);
}
