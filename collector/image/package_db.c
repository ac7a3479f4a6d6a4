/* See package_db.h. */
#include "collector/image/package_db.h"

#include <string.h>

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
	one = json_pack("[o,o,o,o,o]", text(pkg->name), text(pkg->version),
	    text(pkg->arch), text(pkg->vendor), text(pkg->key));
	return one == NULL || json_array_append_new(l->list, one) == -1
		   ? fault_memory(f)
		   : 0;
}

/* ---- paragraphs ---- */

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

int
package_list_rpm(struct package_list *l, FILE *file, FILE *wal, struct fault *f)
{
	struct rpm_file db, log;
	uint64_t seen;

	if (fflush(file) != 0 || (wal != NULL && fflush(wal) != 0))
		return fault(f, FAULT_IO, "the copy of the RPM database");
	if (rpm_file_of(&db, fileno(file), f) == -1 ||
	    (wal != NULL && rpm_file_of(&log, fileno(wal), f) == -1))
		return -1;
	return rpm_db_read(
	    &db, wal != NULL ? &log : NULL, remember, l, &seen, f);
}
