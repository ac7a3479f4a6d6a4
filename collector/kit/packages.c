/* See packages.h. */
#include "collector/kit/packages.h"

#include <string.h>

#include "base/length.h"

/* Names end with * or are whole. linux-*fips and ubuntu-*fips are asked for
 * in package_matters(). Keep RPM_QUERY in step. */
static const char *const names[] = { "aide", "crypto-policies*", "dracut*",
	"fips*", "gnutls*", "golang-fips*", "kernel*", "libfreebl*",
	"libgcrypt*", "libgnutls*", "libkcapi*", "libnss3*", "libopenssl*",
	"libsoftokn*", "libssl*", "linux-image*", "mozilla-nss*", "nss*",
	"openssh-server", "openssl*", "strongswan*" };

bool
package_matters(struct span name)
{
	for (size_t i = 0; i < LENGTH(names); i++) {
		size_t n = strlen(names[i]);
		bool open_end = names[i][n - 1] == '*';

		n -= open_end;
		if ((open_end ? name.len >= n : name.len == n) &&
		    memcmp(name.p, names[i], n) == 0)
			return true;
	}
	return (span_starts(name, "linux-") || span_starts(name, "ubuntu-") ||
		   span_starts(name, "patterns-")) &&
	       memmem(name.p, name.len, "fips", 4) != NULL;
}

/* "install ok installed"; what only awaits its triggers works already. */
static bool
is_installed(struct span status)
{
	struct span word, last = { NULL, 0 };

	while (span_word(&status, &word))
		last = word;
	return span_is(last, "installed") || span_starts(last, "triggers-");
}

struct stanza {
	struct package pkg;
	struct span maintainer; /* counts where no Origin is given */
	bool installed;
};

static void
field(struct stanza *s, struct span line)
{
	static const char *const keys[] = { "Package", "Version",
		"Architecture", "Origin", "Maintainer" };
	struct span *const to[] = { &s->pkg.name, &s->pkg.version, &s->pkg.arch,
		&s->pkg.vendor, &s->maintainer };
	struct span value, key;

	/* most lines are something else: look no further than their first */
	if (memchr("PVASOM", line.p[0], 6) == NULL)
		return;
	key = span_until(line, ':', &value);
	if (value.p == NULL)
		return;
	if (span_is(key, "Status"))
		s->installed = is_installed(value);
	for (size_t i = 0; i < LENGTH(keys); i++)
		if (span_is(key, keys[i]))
			*to[i] = span_trim(value);
}

int
dpkg_read(struct span text, package_each *each, void *ctx, struct fault *f)
{
	const struct stanza fresh = { .installed = true };
	struct stanza s = fresh;
	struct span line;
	size_t stanzas = 0;
	bool more = true;

	if (text.len == 0) /* dpkg knows no package: that can be */
		return 0;
	while (more) {
		more = span_line(&text, &line);
		if (more && line.len > 0) {
			field(&s, line);
			continue;
		}
		if (s.pkg.name.p != NULL) {
			stanzas++;
			if (s.pkg.vendor.len == 0)
				s.pkg.vendor = s.maintainer;
			if (s.installed && each(ctx, &s.pkg, f) == -1)
				return -1;
		}
		s = fresh;
	}
	if (stanzas == 0)
		return fault(f, FAULT_FORMAT, "not a dpkg status file");
	return 0;
}

int
apk_read(struct span all, package_each *each, void *ctx, struct fault *f)
{
	struct package pkg = { 0 };
	struct span line;
	bool more = true;

	while (more) {
		more = span_line(&all, &line);
		if (!more || line.len == 0) {
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

/* The id of the key in what rpm says of a signature; p NULL: none. */
static struct span
key_of_signature(struct span text)
{
	const struct span none = { NULL, 0 };
	struct span word, last = none;

	while (span_word(&text, &word))
		last = word;
	return last.len == 16 && span_only(last, "0123456789abcdef") ? last
								     : none;
}

#define RPM_FIELDS 5 /* of a line; the last two may be missing together */

static bool
rpm_line(struct span line, struct package *pkg)
{
	struct span field[RPM_FIELDS] = { { NULL, 0 } }, rest = line;
	size_t n = 0;

	while (rest.p != NULL && n < RPM_FIELDS)
		field[n++] = span_until(rest, '\t', &rest);
	*pkg = (struct package){
		.name = field[0], .version = field[1], .arch = field[2]
	};
	if (field[3].len > 0 && !span_is(field[3], "(none)"))
		pkg->vendor = field[3];
	pkg->key = key_of_signature(field[4]);
	return rest.p == NULL && (n == 3 || n == RPM_FIELDS) &&
	       pkg->name.len > 0 && pkg->version.len > 0 && pkg->arch.len > 0;
}

int
rpm_read(struct span text, package_each *each, void *ctx, struct fault *f)
{
	struct span line;

	while (span_line(&text, &line)) {
		struct package pkg;

		if (line.len == 0)
			continue;
		if (!rpm_line(line, &pkg))
			return fault(f, FAULT_FORMAT,
			    "rpm gave a line that is not name, version, "
			    "architecture, vendor and signature");
		if (each(ctx, &pkg, f) == -1)
			return -1;
	}
	return 0;
}
