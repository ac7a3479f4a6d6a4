/* See catalog_release.h. */
#include "report/package/catalog_release.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/length.h"
#include "report/judge/catalog_dispute.h"

#define RELEASE_TYPE "exhibit-catalog-release"

struct taking {
	const struct release_request *q;
	struct release_taken *out;
	struct catalogs known; /* compiled in, and the directory's */
	struct catalogs fresh; /* the same with the release's in their place */
	json_t *manifest;      /* owned */
	struct buf bytes, cms; /* of the manifest; its signature */
	struct buf against;    /* what contradicts what is known, in words */
};

/* ---- reading ---- */

static int
read_file(struct taking *t, const char *name, struct buf *b, struct fault *f)
{
	const struct zip_entry *e;
	char path[4096];
	int n;

	if (t->q->zip != NULL) {
		if ((e = zip_find(t->q->zip, name)) == NULL)
			return fault(f, FAULT_FORMAT,
			    "%s: no release of catalogs: it lacks %s",
			    t->q->name, name);
		return zip_read_buf(t->q->zip, e, b, f);
	}
	n = snprintf(path, sizeof(path), "%s/%s", t->q->name, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "%s: name too long", t->q->name);
	return file_read(path, b, f);
}

static int
table_name(char out[CATALOG_NAME_MAX + 4], const char *name)
{
	return snprintf(out, CATALOG_NAME_MAX + 4, "%s.tsv", name);
}

/* Small letters, digits and dashes: nothing that leads elsewhere. */
static bool
is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n < CATALOG_NAME_MAX && s[n] == '\0' && s[0] != '-';
}

/* ---- who signed ---- */

static int
judge_signature(struct taking *t, struct fault *f)
{
	const struct release_request *q = t->q;
	const struct slice bytes = { t->bytes.p, t->bytes.len };
	const struct slice der = { t->cms.p, t->cms.len };
	struct signature_rules rules = { .anchors = q->trust };
	const struct policy_signer *who = NULL;
	struct fault why = { 0 };
	int rc;

	(void)utc_parse(q->now, &rules.now);
	if (q->trust.p == NULL && q->policy == NULL)
		return fault(f, FAULT_USAGE,
		    "%s: name who may sign releases, with --signers or --trust",
		    q->name);
	rc = q->policy != NULL
		 ? policy_judge(q->policy, POLICY_CATALOG, q->crypto, &bytes,
		       &der, &rules, &t->out->signer, &who, &why)
		 : signature_judge(q->crypto, bytes.p, bytes.len, der.p,
		       der.len, &rules, &t->out->signer, &why);
	if (rc == -1)
		return fault(f,
		    why.kind == FAULT_FORMAT ? FAULT_INTEGRITY : why.kind,
		    "%s: %.900s", q->name, why.text);
	if (t->out->signer.expired)
		return fault(f, FAULT_INTEGRITY,
		    "%s: the signer's certificate has expired", q->name);
	return 0;
}

/* ---- the manifest ---- */

static int
no_release(const struct taking *t, const char *why, struct fault *f)
{
	return fault(
	    f, FAULT_FORMAT, "%s: %s: %s", t->q->name, RELEASE_MANIFEST, why);
}

/* One reading only: canonical bytes, and these members alone. */
static int
check_manifest(struct taking *t, struct fault *f)
{
	const char *released =
	    json_string_value(json_object_get(t->manifest, "released"));
	const char *type =
	    json_string_value(json_object_get(t->manifest, "type"));
	const json_t *list = json_object_get(t->manifest, "catalogs");
	int64_t when;
	BUF_AUTO(again, RELEASE_MANIFEST_MAX);

	if (json_canonical(t->manifest, &again, f) == -1)
		return -1;
	if (again.len != t->bytes.len ||
	    memcmp(again.p, t->bytes.p, again.len) != 0)
		return no_release(t, "it is not canonical JSON", f);
	if (type == NULL || strcmp(type, RELEASE_TYPE) != 0 ||
	    json_integer_value(json_object_get(t->manifest, "version")) != 1 ||
	    json_object_size(t->manifest) != 4)
		return no_release(t, "not a release that is known", f);
	if (!json_is_array(list) || json_array_size(list) == 0 ||
	    json_array_size(list) > CATALOGS_MAX)
		return no_release(t, "no catalogs, or too many", f);
	if (released == NULL || strlen(released) != UTC_LEN - 1 ||
	    utc_parse(released, &when) == -1)
		return no_release(t, "when it was released is no time", f);
	memcpy(t->out->released, released, UTC_LEN);
	if (strcmp(released, t->q->now) > 0)
		return fault(f, FAULT_USAGE,
		    "%s: released on %s, which is yet to come", t->q->name,
		    released);
	return 0;
}

static int
digest_hex(struct crypto *c, const struct buf *b, char hex[SHA256_HEX],
    struct fault *f)
{
	uint8_t d[SHA256_LEN];

	if (digest_sha256(c, b->p != NULL ? b->p : "", b->len, d, f) == -1)
		return -1;
	hex_encode(d, SHA256_LEN, hex);
	return 0;
}

static int
read_manifest(struct taking *t, struct fault *f)
{
	struct fault why = { 0 };

	if (read_file(t, RELEASE_MANIFEST, &t->bytes, f) == -1 ||
	    read_file(t, RELEASE_SIGNATURE, &t->cms, f) == -1)
		return -1;
	if (t->bytes.len == 0 || t->cms.len == 0)
		return no_release(t, "it or its signature is empty", f);
	if (judge_signature(t, f) == -1)
		return -1;
	t->manifest =
	    json_read(t->bytes.p, t->bytes.len, RELEASE_MANIFEST, &why);
	if (t->manifest == NULL)
		return no_release(t, why.text, f);
	return digest_hex(t->q->crypto, &t->bytes, t->out->sha256, f) == -1
		   ? -1
		   : check_manifest(t, f);
}

/* ---- what was taken before ---- */

/* A release that is older than the one in the directory is a step back. */
static int
check_order(struct taking *t, struct fault *f)
{
	char path[4096], sha256[SHA256_HEX];
	const char *before;
	json_t *last;
	struct fault why = { 0 };
	int n, rc = 0;
	BUF_AUTO(bytes, RELEASE_MANIFEST_MAX);

	n = snprintf(path, sizeof(path), "%s/%s", t->q->dir, RELEASE_MANIFEST);
	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "--catalogs: name too long");
	if (file_read(path, &bytes, &why) == -1) {
		if (why.kind == FAULT_ABSENT)
			return 0;
		*f = why;
		return -1;
	}
	if ((last = json_read(
		 bytes.p != NULL ? bytes.p : "", bytes.len, path, f)) == NULL)
		return -1;
	before = json_string_value(json_object_get(last, "released"));
	if (digest_hex(t->q->crypto, &bytes, sha256, f) == -1)
		rc = -1;
	else if (before == NULL)
		rc = fault(f, FAULT_FORMAT, "%s: not a release", path);
	else if (strcmp(sha256, t->out->sha256) == 0)
		t->out->known = true;
	else if (strcmp(t->out->released, before) <= 0)
		rc = fault(f, FAULT_USAGE,
		    "%s: released on %s, and the release of %s was taken "
		    "before. An older release is not taken.",
		    t->q->name, t->out->released, before);
	json_decref(last);
	return rc;
}

/* ---- a table ---- */

/* What the checks read must be there, and nothing older than what is known. */
static int
check_table(struct taking *t, const struct catalog *k, const char *date,
    const struct catalog *had, struct fault *f)
{
	const char *column;

	if (strcmp(k->date, date) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "%s: %s is of %s, and the release says %s", t->q->name,
		    k->name, k->date, date);
	if (strncmp(k->date, t->out->released, 10) > 0)
		return fault(f, FAULT_INTEGRITY,
		    "%s: %s is of %s, later than the release", t->q->name,
		    k->name, k->date);
	if (strcmp(k->date, had->date) < 0)
		return fault(f, FAULT_USAGE,
		    "%s: %s is of %s, and what is known of %s. An older table "
		    "is not taken.",
		    t->q->name, k->name, k->date, had->date);
	return (column = catalog_lacks(k, had)) == NULL
		   ? 0
		   : fault(f, FAULT_USAGE,
			 "%s: %s lacks the column '%s', which this program "
			 "reads. Use a newer release.",
			 t->q->name, k->name, column);
}

static int
take_table(struct taking *t, const json_t *entry, struct fault *f)
{
	const char *name = json_string_value(json_object_get(entry, "name"));
	const char *date = json_string_value(json_object_get(entry, "date"));
	const char *sum = json_string_value(json_object_get(entry, "sha256"));
	char file[CATALOG_NAME_MAX + 4], sha256[SHA256_HEX];
	const struct catalog *had, *k;
	BUF_AUTO(text, CATALOG_FILE_MAX);

	if (name == NULL || date == NULL || sum == NULL || !is_name(name) ||
	    json_object_size(entry) != 3)
		return no_release(t, "a catalog's entry makes no sense", f);
	if ((had = catalogs_find(&t->known, name)) == NULL)
		return fault(f, FAULT_USAGE,
		    "%s: this program has no catalog named '%s'. Use the "
		    "program that the release is for.",
		    t->q->name, name);
	(void)table_name(file, name);
	if (read_file(t, file, &text, f) == -1 ||
	    digest_hex(t->q->crypto, &text, sha256, f) == -1)
		return -1;
	if (strcmp(sha256, sum) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "%s: %s is not the one that was signed: its SHA-256 is %s",
		    t->q->name, file, sha256);
	if (catalogs_add(&t->fresh, t->q->crypto, name, file,
		text.p != NULL ? text.p : "", text.len, f) == -1)
		return -1;
	k = catalogs_find(&t->fresh, name);
	t->out->tables++;
	t->out->changed += strcmp(k->sha256, had->sha256) != 0;
	return check_table(t, k, date, had, f);
}

static int
take_tables(struct taking *t, struct fault *f)
{
	const json_t *list = json_object_get(t->manifest, "catalogs"), *entry;
	const char *last = "";
	size_t i;

	json_array_foreach ((json_t *)(uintptr_t)list, i, entry) {
		const char *name =
		    json_string_value(json_object_get(entry, "name"));

		if (name == NULL || strcmp(name, last) <= 0)
			return no_release(
			    t, "its catalogs are not in order", f);
		last = name;
		if (take_table(t, entry, f) == -1)
			return -1;
	}
	t->out->contradicted =
	    catalog_dispute(&t->known, &t->fresh, &t->against);
	if (buf_done(&t->against, t->q->name, f) == -1)
		return -1;
	if (t->out->contradicted > 0 && !t->q->accept)
		return fault(f, FAULT_USAGE,
		    "%s: contradicts what is known: %.800s. Nothing was taken. "
		    "Compare with NIST's pages; pass --accept to take it.",
		    t->q->name, t->against.p);
	return 0;
}

/* ---- writing ---- */

static int
put_file(const struct taking *t, const char *name, const void *p, size_t len,
    struct fault *f)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/%s", t->q->dir, name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "--catalogs: name too long");
	return file_write(path, p, len, 0644, f);
}

static int
put_tables(const struct taking *t, struct fault *f)
{
	const json_t *list = json_object_get(t->manifest, "catalogs"), *entry;
	size_t i;

	if (mkdir(t->q->dir, 0755) == -1 && errno != EEXIST)
		return fault_errno(f, errno, t->q->dir);
	json_array_foreach ((json_t *)(uintptr_t)list, i, entry) {
		const char *name =
		    json_string_value(json_object_get(entry, "name"));
		const struct catalog *k = catalogs_find(&t->fresh, name);
		char file[CATALOG_NAME_MAX + 4];

		(void)table_name(file, name);
		if (put_file(t, file, k->text, k->len, f) == -1)
			return -1;
	}
	/* the manifest last: what is half taken can be taken again */
	if (put_file(t, RELEASE_SIGNATURE, t->cms.p, t->cms.len, f) == -1)
		return -1;
	return put_file(t, RELEASE_MANIFEST, t->bytes.p, t->bytes.len, f);
}

static int
take(struct taking *t, struct fault *f)
{
	if (read_manifest(t, f) == -1 || check_order(t, f) == -1 ||
	    take_tables(t, f) == -1)
		return -1;
	return put_tables(t, f);
}

int
release_take(
    const struct release_request *q, struct release_taken *out, struct fault *f)
{
	struct taking t = { .q = q,
		.out = out,
		.bytes = { .max = RELEASE_MANIFEST_MAX },
		.cms = { .max = SIGNATURE_MAX },
		.against = { .max = CATALOG_FILE_MAX } };
	struct stat st;
	bool there = stat(q->dir, &st) == 0;
	int rc;

	memset(out, 0, sizeof(*out));
	rc = catalogs_load(&t.known, there ? q->dir : NULL, q->crypto, f);
	if (rc == 0) {
		rc = catalogs_load(
		    &t.fresh, there ? q->dir : NULL, q->crypto, f);
		if (rc == 0) {
			rc = take(&t, f);
			catalogs_free(&t.fresh);
		}
		catalogs_free(&t.known);
	}
	json_decref(t.manifest);
	buf_free(&t.bytes);
	buf_free(&t.cms);
	buf_free(&t.against);
	return rc;
}

/* ---- making ---- */

static int
manifest_of(const struct catalogs *cs, const char *released, struct buf *out,
    struct fault *f)
{
	json_t *list = json_array(), *v;
	int rc;

	for (size_t i = 0; list != NULL && i < cs->n; i++)
		if (json_array_append_new(
			list, json_pack("{s:s, s:s, s:s}", "date",
				  cs->list[i].date, "name", cs->list[i].name,
				  "sha256", cs->list[i].sha256)) == -1) {
			json_decref(list);
			list = NULL;
		}
	v = json_pack("{s:o, s:s, s:s, s:i}", "catalogs", list, "released",
	    released, "type", RELEASE_TYPE, "version", 1);
	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, out, f);
	json_decref(v);
	return rc;
}

int
release_write(const struct catalogs *cs, const char *released,
    struct sealing *seal, struct zip_writer *w, struct fault *f)
{
	BUF_AUTO(manifest, RELEASE_MANIFEST_MAX);
	BUF_AUTO(cms, SIGNATURE_MAX);

	for (size_t i = 0; i < cs->n; i++)
		if (strncmp(cs->list[i].date, released, 10) > 0)
			return fault(f, FAULT_USAGE,
			    "%s is of %s, later than the release of %s",
			    cs->list[i].name, cs->list[i].date, released);
	if (manifest_of(cs, released, &manifest, f) == -1 ||
	    seal_sign(seal, &manifest, "the release is signed", &cms, f) ==
		-1 ||
	    zip_add(w, RELEASE_MANIFEST, manifest.p, manifest.len, false, f) ==
		-1 ||
	    zip_add(w, RELEASE_SIGNATURE, cms.p, cms.len, true, f) == -1)
		return -1;
	for (size_t i = 0; i < cs->n; i++) {
		char file[CATALOG_NAME_MAX + 4];

		(void)table_name(file, cs->list[i].name);
		if (zip_add(w, file, cs->list[i].text, cs->list[i].len, false,
			f) == -1)
			return -1;
	}
	return zip_end(w, f);
}
