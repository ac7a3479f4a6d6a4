/* See package_db.h. */
#include "collector/image/package_db.h"

#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/length.h"
#include "base/json.h"

#define NAME_BYTES 200

/* Beside those of hosts (package_matters()); a * ends a prefix. */
static const char *const more[] = { "aws-lc*", "bc-fips*", "botan*",
	"bouncycastle*", "java-*-openjdk*", "libbotan*", "libcrypto*",
	"libmbedcrypto*", "libnettle*", "libsodium*", "libwolfssl*", "mbedtls*",
	"nettle*", "openjdk*", "wolfssl*" };

static bool
matters(struct span name)
{
	if (package_matters(name))
		return true;
	for (size_t i = 0; i < LENGTH(more); i++) {
		size_t n = strcspn(more[i], "*");

		if (name.len >= n && memcmp(name.p, more[i], n) == 0 &&
		    (n != 5 || memmem(name.p, name.len, "openjdk", 7) != NULL))
			return true;
	}
	return false;
}

int
package_list_begin(struct package_list *l, struct fault *f)
{
	memset(l, 0, sizeof(*l));
	l->rest.max = 2 * PARAGRAPH_MAX;
	return (l->list = json_array()) == NULL ? fault_memory(f) : 0;
}

void
package_list_free(struct package_list *l)
{
	json_decref(l->list);
	buf_free(&l->rest);
}

static json_t *
text(struct span s)
{
	return s.p == NULL
		   ? json_null()
		   : json_text(s.p, s.len < NAME_BYTES ? s.len : NAME_BYTES);
}

static int
remember(void *ctx, const struct package *pkg, struct fault *f)
{
	struct package_list *l = ctx;
	json_t *one;

	l->any = true;
	if (!matters(pkg->name))
		return 0;
	if (json_array_size(l->list) == PACKAGES_KEPT_MAX)
		return fault(f, FAULT_LIMIT, "over %d packages that matter",
		    PACKAGES_KEPT_MAX);
	one = json_pack(
	    "[o,o,o]", text(pkg->name), text(pkg->version), text(pkg->arch));
	return one == NULL || json_array_append_new(l->list, one) == -1
		   ? fault_memory(f)
		   : 0;
}

/* ---- paragraphs ---- */

int
apk_read(struct span all,
    int (*each)(void *ctx, const struct package *, struct fault *), void *ctx,
    struct fault *f)
{
	struct package pkg = { 0 };
	struct span line;
	bool more_lines = true;

	while (more_lines) {
		more_lines = span_line(&all, &line);
		if (!more_lines || line.len == 0) {
			if (pkg.name.p != NULL && each(ctx, &pkg, f) == -1)
				return -1;
			memset(&pkg, 0, sizeof(pkg));
			continue;
		}
		if (line.len < 3 || line.p[1] != ':')
			continue;
		struct span value = { line.p + 2, line.len - 2 };

		if (line.p[0] == 'P')
			pkg.name = value;
		else if (line.p[0] == 'V')
			pkg.version = value;
		else if (line.p[0] == 'A')
			pkg.arch = value;
	}
	return 0;
}

static int
read_paragraphs(struct package_list *l, enum special special, struct span s,
    struct fault *f)
{
	if (s.len == 0)
		return 0;
	return special == SPECIAL_APK ? apk_read(s, remember, l, f)
				      : dpkg_read(s, remember, l, f);
}

int
package_list_feed(struct package_list *l, enum special special, const char *p,
    size_t len, struct fault *f)
{
	size_t whole = 0;

	buf_put(&l->rest, p, len);
	if (buf_done(&l->rest, "a paragraph of a package database", f) == -1)
		return -1;
	for (size_t i = l->rest.len; i >= 2 && whole == 0; i--)
		if (l->rest.p[i - 1] == '\n' && l->rest.p[i - 2] == '\n')
			whole = i;
	if (whole == 0)
		return l->rest.len > PARAGRAPH_MAX
			   ? fault(f, FAULT_LIMIT,
				 "a package of over %zu bytes", PARAGRAPH_MAX)
			   : 0;
	if (read_paragraphs(l, special, (struct span){ l->rest.p, whole }, f) ==
	    -1)
		return -1;
	memmove(l->rest.p, l->rest.p + whole, l->rest.len - whole);
	l->rest.len -= whole;
	return 0;
}

int
package_list_end(struct package_list *l, enum special special, struct fault *f)
{
	bool some = l->any || l->rest.len > 0;

	if (read_paragraphs(
		l, special, (struct span){ l->rest.p, l->rest.len }, f) == -1)
		return -1;
	return some && !l->any ? fault(f, FAULT_FORMAT, "it holds no package")
			       : 0;
}

/* ---- RPM ---- */

enum {
	RPM_NAME = 1000,
	RPM_VERSION = 1001,
	RPM_RELEASE = 1002,
	RPM_EPOCH = 1003,
	RPM_ARCH = 1022
};
enum { RPM_INT32 = 4, RPM_STRING = 6 };

static uint32_t
big(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

struct rpm_fields {
	struct span name, version, release, arch;
	bool has_epoch;
	uint32_t epoch;
};

static void
take_field(struct rpm_fields *r, uint32_t tag, uint32_t type,
    const unsigned char *data, size_t len)
{
	const char *end = memchr(data, '\0', len);
	struct span s = { (const char *)data,
		end != NULL ? (size_t)(end - (const char *)data) : 0 };

	if (type == RPM_STRING && end != NULL) {
		if (tag == RPM_NAME)
			r->name = s;
		else if (tag == RPM_VERSION)
			r->version = s;
		else if (tag == RPM_RELEASE)
			r->release = s;
		else if (tag == RPM_ARCH)
			r->arch = s;
	} else if (type == RPM_INT32 && tag == RPM_EPOCH && len >= 4) {
		r->has_epoch = true;
		r->epoch = big(data);
	}
}

/* [EPOCH:]VERSION-RELEASE, as the rest of exhibit writes it */
static int
tell(const struct rpm_fields *r,
    int (*each)(void *ctx, const struct package *, struct fault *), void *ctx,
    struct fault *f)
{
	BUF_AUTO(version, 4096);
	struct package pkg = { .name = r->name, .arch = r->arch };

	if (r->has_epoch)
		buf_printf(&version, "%u:", r->epoch);
	buf_put(&version, r->version.p, r->version.len);
	buf_putc(&version, '-');
	buf_put(&version, r->release.p, r->release.len);
	if (buf_done(&version, "a package's version", f) == -1)
		return -1;
	pkg.version = (struct span){ version.p, version.len };
	return each(ctx, &pkg, f);
}

int
rpm_header_read(const void *header, size_t len,
    int (*each)(void *ctx, const struct package *, struct fault *), void *ctx,
    struct fault *f)
{
	const unsigned char *p = header, *data;
	struct rpm_fields r = { 0 };
	uint32_t n, size;

	if (len < 8)
		return fault(f, FAULT_FORMAT, "a package's header is cut off");
	n = big(p);
	size = big(p + 4);
	if (n > 65536 || len - 8 < (uint64_t)n * 16 ||
	    len - 8 - (size_t)n * 16 < size)
		return fault(f, FAULT_FORMAT, "a package's header is cut off");
	data = p + 8 + (size_t)n * 16;
	for (uint32_t i = 0; i < n; i++) {
		const unsigned char *e = p + 8 + (size_t)i * 16;
		uint32_t at = big(e + 8);

		if (at < size)
			take_field(
			    &r, big(e), big(e + 4), data + at, size - at);
	}
	if (r.name.len == 0 || r.version.len == 0)
		return fault(f, FAULT_FORMAT, "a package without a name");
	return tell(&r, each, ctx, f);
}

static int
stop(void *ctx)
{
	int *left = ctx;

	return --*left < 0;
}

/* Only a plain table is read, and nothing the file could add to it runs. */
static int
open_database(FILE *file, sqlite3 **db, struct fault *f)
{
	char uri[64];

	(void)snprintf(uri, sizeof(uri), "file:/proc/self/fd/%d?immutable=1",
	    fileno(file));
	if (sqlite3_open_v2(uri, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
		NULL) != SQLITE_OK ||
	    sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) !=
		SQLITE_OK ||
	    sqlite3_db_config(*db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) !=
		SQLITE_OK ||
	    sqlite3_db_config(*db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL) !=
		SQLITE_OK ||
	    sqlite3_db_config(*db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL) !=
		SQLITE_OK ||
	    sqlite3_exec(*db,
		"PRAGMA cell_size_check=ON; PRAGMA cache_size=-512;"
		"PRAGMA mmap_size=0",
		NULL, NULL, NULL) != SQLITE_OK)
		return fault(
		    f, FAULT_FORMAT, "RPM database: %s", sqlite3_errmsg(*db));
	(void)sqlite3_limit(*db, SQLITE_LIMIT_LENGTH, (int)RPM_HEADER_MAX);
	return 0;
}

static int
read_rows(struct package_list *l, sqlite3 *db, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc, result = 0;

	if (sqlite3_prepare_v2(db, "SELECT blob FROM main.Packages", -1, &q,
		NULL) != SQLITE_OK)
		return fault(
		    f, FAULT_FORMAT, "RPM database: %s", sqlite3_errmsg(db));
	while (result == 0 && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		const void *p = sqlite3_column_blob(q, 0);

		if (p != NULL)
			result = rpm_header_read(p,
			    (size_t)sqlite3_column_bytes(q, 0), remember, l, f);
	}
	if (result == 0 && rc != SQLITE_DONE)
		result = fault(
		    f, FAULT_FORMAT, "RPM database: %s", sqlite3_errmsg(db));
	(void)sqlite3_finalize(q);
	return result;
}

int
package_list_rpm(struct package_list *l, FILE *file, struct fault *f)
{
	sqlite3 *db = NULL;
	int rc, left = RPM_WORK_MAX / 1000;

	if (fflush(file) != 0)
		return fault(f, FAULT_IO, "the copy of the RPM database");
	rc = open_database(file, &db, f);
	if (rc == 0) {
		sqlite3_progress_handler(db, 1000, stop, &left);
		rc = read_rows(l, db, f);
	}
	(void)sqlite3_close(db);
	return rc;
}
