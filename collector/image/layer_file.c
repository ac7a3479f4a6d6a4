/* See layer_file.h. */
#include "collector/image/layer_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "collector/image/layer.h"
#include "collector/image/package_db.h"
#include "collector/kit/os_release.h"

struct layer_file {
	struct crypto *crypto;
	struct recogniser *recogniser;
	struct nested *nested; /* of what is an archive */
	bool first, inside;    /* nothing has come yet; it is an archive */
	const char *path;      /* NULL: not looked at */
	enum special special;
	bool sparse, wanted; /* wanted: the recogniser wants more */
	struct buf text;     /* of a special file */
	size_t kept;	     /* bytes of texts kept so far */
	struct package_list packages;
	FILE *database;
	uint64_t database_size;
	struct hashing *hashing; /* of a provider's file */
	struct fault unread;	 /* kind FAULT_NONE: all is well */
};

struct layer_file *
layer_file_new(struct crypto *c)
{
	struct layer_file *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return NULL;
	v->crypto = c;
	v->text.max = SPECIAL_TEXT_MAX + 1;
	v->nested = nested_new();
	if ((v->recogniser = recogniser_new()) != NULL && v->nested != NULL)
		return v;
	layer_file_free(v);
	return NULL;
}

static void
forget(struct layer_file *v)
{
	buf_reset(&v->text);
	v->text.failed = FAULT_NONE;
	package_list_free(&v->packages);
	memset(&v->packages, 0, sizeof(v->packages));
	if (v->database != NULL)
		(void)fclose(v->database);
	v->database = NULL;
	hashing_free(v->hashing);
	v->hashing = NULL;
	v->path = NULL;
	v->unread.kind = FAULT_NONE;
}

void
layer_file_free(struct layer_file *v)
{
	if (v == NULL)
		return;
	forget(v);
	buf_free(&v->text);
	recogniser_free(v->recogniser);
	nested_free(v->nested);
	free(v);
}

void
layer_file_none(struct layer_file *v)
{
	forget(v);
}

static bool
is_provider(const char *path)
{
	return span_ends(span_of(path), "/fips.so");
}

int
layer_file_begin(struct layer_file *v, const char *path, uint64_t size,
    bool sparse, struct fault *f)
{
	forget(v);
	v->path = path;
	v->sparse = sparse;
	v->special = special_of(path);
	v->database_size = 0;
	v->wanted = v->first = true;
	v->inside = false;
	(void)nested_begin(v->nested, path, "", 0); /* forgets the last */
	switch (v->special) {
	case SPECIAL_NONE:
		recognise_begin(v->recogniser, path, size);
		if (is_provider(path))
			v->hashing = hashing_new(v->crypto, f);
		return is_provider(path) && v->hashing == NULL ? -1 : 0;
	case SPECIAL_DPKG:
	case SPECIAL_APK:
		return package_list_begin(&v->packages, f);
	case SPECIAL_RPM:
		if ((v->database = tmpfile()) == NULL)
			return fault(f, FAULT_IO,
			    "a temporary file for an RPM database");
		return package_list_begin(&v->packages, f);
	default:
		return 0;
	}
}

/* What is wrong with a file is told of the file; only memory and disk of ours
 * end the work. */
static int
told(struct layer_file *v, int rc, const struct fault *why, struct fault *f)
{
	if (rc == 0)
		return 0;
	if (why->kind == FAULT_IO) {
		*f = *why;
		return -1;
	}
	v->unread = *why;
	return 0;
}

static int
feed_special(struct layer_file *v, const char *p, size_t len, struct fault *why)
{
	switch (v->special) {
	case SPECIAL_DPKG:
	case SPECIAL_APK:
		return package_list_feed(&v->packages, v->special, p, len, why);
	case SPECIAL_RPM:
		v->database_size += len;
		if (v->database_size > RPM_DATABASE_MAX)
			return fault(why, FAULT_LIMIT,
			    "it is larger than %llu bytes",
			    (unsigned long long)RPM_DATABASE_MAX);
		return fwrite(p, 1, len, v->database) == len
			   ? 0
			   : fault(
				 why, FAULT_IO, "the copy of an RPM database");
	case SPECIAL_RPM_LOG:
	case SPECIAL_MARKER:
		v->database_size += len;
		return 0;
	default:
		buf_put(&v->text, p, len);
		return buf_done(&v->text, "it", why);
	}
}

int
layer_file_feed(
    struct layer_file *v, const char *p, size_t len, struct fault *f)
{
	struct fault why = { 0 };

	if (v->path == NULL || v->sparse || v->unread.kind != FAULT_NONE)
		return 0;
	if (v->special != SPECIAL_NONE)
		return told(v, feed_special(v, p, len, &why), &why, f);
	if (v->hashing != NULL && hashing_add(v->hashing, p, len, f) == -1)
		return -1;
	if (v->first && len > 0) {
		v->first = false;
		v->inside = nested_begin(v->nested, v->path, p, len);
	}
	if (v->wanted)
		v->wanted = recognise_feed(v->recogniser, p, len);
	return v->inside
		   ? told(v, nested_feed(v->nested, p, len, &why), &why, f)
		   : 0;
}

/* ---- facts ---- */

static int
take_digest(struct layer_file *v, struct facts *facts, struct fault *f)
{
	uint8_t digest[SHA256_LEN];
	char hex[SHA256_HEX];
	json_t *m;
	size_t i;

	if (v->hashing == NULL)
		return 0;
	if (hashing_end(v->hashing, digest, f) == -1)
		return -1;
	hex_encode(digest, sizeof(digest), hex);
	json_array_foreach (facts->modules, i, m) {
		if (json_object_set_new(m, "sha256", json_string(hex)) == -1)
			return fault_memory(f);
	}
	return 0;
}

static int
take_recognised(struct layer_file *v, struct facts **out, struct fault *f)
{
	const char *unread = v->sparse ? "it is stored as a sparse file"
			     : v->unread.kind != FAULT_NONE ? v->unread.text
							    : NULL;

	if (facts_of_recognised(recognise_end(v->recogniser), unread, out, f) ==
	    -1)
		return -1;
	return *out != NULL ? take_digest(v, *out, f) : 0;
}

/* Is it the release file of a Java runtime, and whose? */
static int
take_jdk(struct layer_file *v, struct facts *facts, struct fault *f)
{
	struct span all = { v->text.p, v->text.len };
	BUF_AUTO(version, 1024);
	BUF_AUTO(vendor, 1024);
	BUF_AUTO(name, 2048);
	struct module_found m = { .module = "java",
		.basis = "release file of the runtime" };

	if (!os_release_value(all, "JAVA_VERSION", &version))
		return 0;
	buf_puts(&name, "Java runtime's own providers");
	if (os_release_value(all, "IMPLEMENTOR", &vendor) && vendor.len > 0)
		buf_printf(&name, " (%s)", vendor.p);
	if (name.failed != FAULT_NONE || version.len == 0)
		return 0;
	text_copy(m.name, sizeof(m.name), span_of(name.p));
	text_copy(m.version, sizeof(m.version), span_of(version.p));
	if ((facts->modules = json_array()) == NULL ||
	    json_array_append_new(facts->modules, facts_module(&m)) == -1)
		return fault_memory(f);
	return 0;
}

static int
keep_text(struct layer_file *v, struct facts *facts, struct fault *f)
{
	v->kept += v->text.len;
	if (v->kept > SPECIAL_KEPT_MAX)
		return fault(f, FAULT_LIMIT,
		    "over %zu bytes of configuration files", SPECIAL_KEPT_MAX);
	facts->text = strndup(v->text.p != NULL ? v->text.p : "", v->text.len);
	facts->text_len = v->text.len;
	return facts->text == NULL ? fault_memory(f) : 0;
}

static int
read_special(struct layer_file *v, struct facts *facts, struct fault *why)
{
	int rc = 0;

	switch (v->special) {
	case SPECIAL_RPM:
		rc = package_list_rpm(&v->packages, v->database, NULL, why);
		break;
	case SPECIAL_DPKG:
	case SPECIAL_APK:
		rc = package_list_end(&v->packages, v->special, why);
		break;
	case SPECIAL_RPM_LOG:
		return v->database_size == 0
			   ? 0
			   : fault(why, FAULT_FORMAT,
				 "the last changes of the RPM database stand "
				 "in this log and were not read");
	case SPECIAL_JDK:
		return take_jdk(v, facts, why);
	case SPECIAL_MARKER:
		return 0;
	default:
		return keep_text(v, facts, why);
	}
	/* an RPM database that never held a package is a tool's, not a host's
	 */
	if (rc == 0 && (v->special != SPECIAL_RPM || v->packages.any))
		facts->packages = json_incref(v->packages.list);
	return rc;
}

static int
take_special(struct layer_file *v, struct facts **out, struct fault *f)
{
	struct facts *facts = facts_new();
	struct fault why = { 0 };

	if ((*out = facts) == NULL)
		return fault_memory(f);
	facts->special = v->special;
	if (v->sparse)
		(void)fault(
		    &v->unread, FAULT_FORMAT, "it is stored as a sparse file");
	if (v->unread.kind == FAULT_NONE &&
	    told(v, read_special(v, facts, &why), &why, f) == -1)
		return -1;
	if (v->unread.kind != FAULT_NONE &&
	    (facts->unread = strdup(v->unread.text)) == NULL)
		return fault_memory(f);
	return 0;
}

int
layer_file_end(struct layer_file *v, struct facts **facts, struct fault *f)
{
	struct fault why = { 0 };
	int rc = 0;

	*facts = NULL;
	if (v->path == NULL)
		return 0;
	if (v->inside && v->unread.kind == FAULT_NONE)
		rc = told(v, nested_end(v->nested, &why), &why, f);
	if (rc == 0 && v->special == SPECIAL_NONE)
		rc = take_recognised(v, facts, f);
	else if (rc == 0)
		rc = take_special(v, facts, f);
	forget(v);
	if (rc == -1) {
		facts_free(*facts);
		*facts = NULL;
	}
	return rc;
}

const struct nested_member *
layer_file_members(const struct layer_file *v, size_t *count)
{
	return nested_found(v->nested, count);
}
