/* See doctor.h: the program, its disk, its key, its data. */
#include "doctor/doctor.h"

#include <curl/curl.h>
#include <errno.h>
#include <libxml/parser.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/build.h"
#include "base/fences.h"
#include "base/utc.h"
#include "report/judge/catalog.h"

#define EXPIRES_SOON (90 * DAY)
#define DISK_LOW (256ULL * 1024 * 1024) /* bytes */
#define DAY 86400LL			/* seconds */
#define OBSERVATION_DAYS 92 /* accepted, unless a profile says otherwise */
#define STALE_SOON (30 * DAY)
#define SAID_MAX 2048 /* bytes */

void
doctor_say(const struct doctor *d, enum finding found, const char *what,
    const char *fmt, ...)
{
	char text[SAID_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->say(d->ctx, found, what, text);
}

/* Versions of the libraries as they run, not as they were built against. */
void
doctor_program(const struct doctor *d)
{
	const int xml = atoi(xmlParserVersion); /* 20914: 2.9.14 */
	struct fault why;
	struct crypto *fips = crypto_new(true, &why);

	doctor_say(d, FOUND_OK, "exhibit",
	    "%s, SQLite %s, %s, libxml2 %d.%d.%d, libcurl %s", exhibit_build,
	    sqlite3_libversion(), OpenSSL_version(OPENSSL_VERSION), xml / 10000,
	    xml / 100 % 100, xml % 100,
	    curl_version_info(CURLVERSION_NOW)->version);
	doctor_say(d, FOUND_OK, "hashes with", "%s", crypto_module(d->crypto));
	if (fips != NULL)
		doctor_say(d, FOUND_OK, "--fips", "%s", crypto_module(fips));
	else
		doctor_say(
		    d, FOUND_NOTE, "--fips", "cannot be used: %s", why.text);
	crypto_free(fips);
	if (memory_is_hidden())
		doctor_say(d, FOUND_OK, "memory",
		    "no core dumps, and closed to other processes");
	else
		doctor_say(d, FOUND_NOTE, "memory",
		    "a core dump or another process of this user can show it");
	doctor_say(d, geteuid() == 0 ? FOUND_OK : FOUND_NOTE, "user",
	    "%s (uid %u)%s", d->operator_name, (unsigned)geteuid(),
	    geteuid() == 0 ? "" : "; root reads the boot configuration too");
}

void
doctor_disk(const struct doctor *d)
{
	const char *path = d->store;
	const char *slash = strrchr(path, '/');
	struct statvfs v;
	unsigned long long left;
	BUF_AUTO(folder, 16384);

	if (slash == NULL)
		buf_puts(&folder, ".");
	else
		buf_put(
		    &folder, path, slash == path ? 1 : (size_t)(slash - path));
	if (folder.failed != FAULT_NONE || statvfs(folder.p, &v) == -1) {
		doctor_say(d, FOUND_MISSING, "folder", "%s: %s; make it",
		    folder.p, strerror(errno));
		return;
	}
	if (access(folder.p, W_OK) == -1)
		doctor_say(d, FOUND_DENIED, "folder",
		    "%s may not be written; the store keeps its journal "
		    "beside it",
		    folder.p);
	left = (unsigned long long)v.f_bavail * v.f_frsize;
	doctor_say(d, left < DISK_LOW ? FOUND_MISSING : FOUND_OK, "disk",
	    "%llu MiB free beside the store%s", left / (1024 * 1024),
	    left < DISK_LOW ? "; free some space" : "");
}

void
doctor_certificate(const struct doctor *d, const struct signer_info *i)
{
	char from[UTC_LEN], to[UTC_LEN];
	int64_t now = 0;

	utc_format(i->not_before, from);
	utc_format(i->not_after, to);
	(void)utc_parse(d->now, &now);
	if (now > i->not_after)
		doctor_say(d, FOUND_MISSING, "key",
		    "%s: its certificate expired on %s; make another with "
		    "'exhibit key new'",
		    i->subject, to);
	else if (now < i->not_before)
		doctor_say(d, FOUND_MISSING, "key",
		    "%s: its certificate is valid only from %s; look at this "
		    "host's clock",
		    i->subject, from);
	else if (i->not_after - now < EXPIRES_SOON)
		doctor_say(d, FOUND_NOTE, "key",
		    "%s: its certificate expires within 90 days, on %s",
		    i->subject, to);
	else
		doctor_say(d, FOUND_OK, "key", "%s, %s, until %s", i->subject,
		    i->algorithm, to);
}

/* The newest day in a column of days; "": it has none. */
static void
newest(const struct catalog *k, const char *column, char day[11])
{
	struct catalog_cell cells[CATALOG_COLUMNS_MAX];
	const char *p = k->rows;
	size_t c = 0;

	day[0] = '\0';
	while (c < k->ncolumns && strcmp(k->columns[c], column) != 0)
		c++;
	while (c < k->ncolumns && catalog_row(k, &p, cells))
		if (cells[c].len == 10 && strncmp(cells[c].p, day, 10) > 0) {
			memcpy(day, cells[c].p, 10);
			day[10] = '\0';
		}
}

static void
say_age(const struct doctor *d, const char *day, int64_t seen, int64_t now)
{
	const int64_t stale = seen + (OBSERVATION_DAYS + 1) * DAY;
	char on[UTC_LEN];

	utc_format(stale, on);
	on[10] = '\0';
	if (now >= stale)
		doctor_say(d, FOUND_MISSING, "CMVP data",
		    "newest observation %s, stale since %s: results about "
		    "certificates are unknown; save newer pages of NIST and "
		    "run 'exhibit catalog import'",
		    day, on);
	else
		doctor_say(d, stale - now <= STALE_SOON ? FOUND_NOTE : FOUND_OK,
		    "CMVP data",
		    "newest observation %s, %lld days old, goes "
		    "stale on %s%s",
		    day, (long long)((now - seen) / DAY), on,
		    stale - now <= STALE_SOON
			? "; save newer pages of NIST and run 'exhibit catalog "
			  "import'"
			: "");
}

/* A profile may accept less; the default is what most accept. */
void
doctor_catalogs(const struct doctor *d)
{
	const struct catalog *k;
	struct catalogs cs;
	struct fault f;
	int64_t seen, now;
	char day[11];

	if (catalogs_load(&cs, d->catalogs, d->crypto, &f) == -1) {
		doctor_say(d, FOUND_MISSING, "CMVP data", "%s", f.text);
		return;
	}
	k = catalogs_find(&cs, "cmvp-status");
	if (k != NULL)
		newest(k, "observed", day);
	if (k == NULL || utc_parse(day, &seen) == -1 ||
	    utc_parse(d->now, &now) == -1)
		doctor_say(
		    d, FOUND_MISSING, "CMVP data", "no observation in it");
	else
		say_age(d, day, seen, now);
	catalogs_free(&cs);
}
