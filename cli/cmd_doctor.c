/* exhibit doctor: what works here, what is missing, and what to do. */
#include "cli/requests.h"

#include <curl/curl.h>
#include <errno.h>
#include <libxml/parser.h>
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/length.h"
#include "base/build.h"
#include "collector/aws_client/credentials.h"
#include "cli/fences.h"
#include "cli/viewing.h"
#include "collector/aws_client/session.h"
#include "base/utc.h"
#include "report/judge/catalog.h"
#include "report/sign/sign.h"
#include "collector/node/source.h"

#define EXPIRES_SOON (90 * 86400LL)	/* seconds */
#define DISK_LOW (256ULL * 1024 * 1024) /* bytes */
#define DENIED_SHOWN 40			/* files */
#define DAY 86400LL			/* seconds */
#define OBSERVATION_DAYS 92 /* accepted, unless a profile says otherwise */
#define STALE_SOON (30 * DAY)

enum finding { FOUND_OK, FOUND_NOTE, FOUND_MISSING, FOUND_DENIED, FOUND_WRONG };

struct doctor {
	struct cli *cli;
	const char *store, *root, *catalogs, *key; /* as given; key: or NULL */
	struct signing signing;
	struct fault unsignable; /* why signing could not be read, or none */
	bool needed;		 /* something a collection needs is missing */
	bool wrong;		 /* the store is damaged */
};

static void say(struct doctor *d, enum finding found, const char *what,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* One line. Missing, denied and wrong count; a note does not. */
static void
say(struct doctor *d, enum finding found, const char *what, const char *fmt,
    ...)
{
	static const char *const words[] = { "ok", "note", "missing", "denied",
		"WRONG" };
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->needed |= found >= FOUND_MISSING;
	d->wrong |= found == FOUND_WRONG;
	printf("%-8s %-12s ", words[found], what);
	print_clean(stdout, text, sizeof(text));
	printf("\n");
}

/* ---------------------------------------------------------- the program */

/* Versions of the libraries as they run, not as they were built against. */
static void
check_program(struct doctor *d)
{
	const int xml = atoi(xmlParserVersion); /* 20914: 2.9.14 */
	struct fault why;
	struct crypto *fips = crypto_new(true, &why);

	say(d, FOUND_OK, "exhibit",
	    "%s, SQLite %s, %s, libxml2 %d.%d.%d, libcurl %s", exhibit_build,
	    sqlite3_libversion(), OpenSSL_version(OPENSSL_VERSION), xml / 10000,
	    xml / 100 % 100, xml % 100,
	    curl_version_info(CURLVERSION_NOW)->version);
	say(d, FOUND_OK, "hashes with", "%s", crypto_module(d->cli->crypto));
	if (fips != NULL)
		say(d, FOUND_OK, "--fips", "%s", crypto_module(fips));
	else
		say(d, FOUND_NOTE, "--fips", "cannot be used: %s", why.text);
	crypto_free(fips);
	if (memory_is_hidden())
		say(d, FOUND_OK, "memory",
		    "no core dumps, and closed to other processes");
	else
		say(d, FOUND_NOTE, "memory",
		    "a core dump or another process of this user can show it");
	say(d, geteuid() == 0 ? FOUND_OK : FOUND_NOTE, "user", "%s (uid %u)%s",
	    d->cli->operator_name, (unsigned)geteuid(),
	    geteuid() == 0 ? "" : "; root reads the boot configuration too");
}

/* ------------------------------------------------------------- the store */

static void
check_whole(struct doctor *d, struct look *l)
{
	struct fault f;
	sqlite3_stmt *q;
	int rc;

	if (look_ask(l, "PRAGMA quick_check(1)", &q, &f) == -1) {
		say(d, FOUND_WRONG, "integrity", "%s", f.text);
		return;
	}
	rc = look_next(l, q, &f);
	if (rc == -1)
		say(d, FOUND_WRONG, "integrity", "%s", f.text);
	else if (strcmp(look_text(q, 0), "ok") != 0)
		say(d, FOUND_WRONG, "integrity",
		    "%s: %s; restore the file from a copy and run 'exhibit "
		    "verify'",
		    store_path(l->st), look_text(q, 0));
	else
		say(d, FOUND_OK, "integrity",
		    "SQLite's quick check; 'exhibit verify' recomputes every "
		    "digest");
	(void)sqlite3_finalize(q);
}

static void
check_open_store(struct doctor *d, struct look *l)
{
	long long runs = 0, open = 0;
	struct fault f;

	if (look_number(l, "SELECT count(*) FROM ended", &runs, &f) == -1 ||
	    look_number(l, "SELECT count(*) FROM run WHERE state = 'open'",
		&open, &f) == -1) {
		say(d, FOUND_WRONG, "store", "%s", f.text);
		return;
	}
	say(d, FOUND_OK, "store", "%s: schema %d, %lld runs", store_path(l->st),
	    STORE_SCHEMA, runs);
	if (open > 0)
		say(d, FOUND_NOTE, "runs",
		    "%lld did not end: interrupted, or under way; nothing of "
		    "them is kept",
		    open);
	check_whole(d, l);
}

static void
check_store(struct doctor *d)
{
	const struct look_request now = { 0 };
	struct look l;
	struct fault f;

	if (look_open(d->cli, &now, &l, &f) == 0) {
		check_open_store(d, &l);
		if (access(d->store, W_OK) == -1)
			say(d, FOUND_DENIED, "store",
			    "%s may not be written, so nothing can be "
			    "collected into it; run as its owner, or name "
			    "another with --store",
			    d->store);
	} else if (f.kind == FAULT_ABSENT) {
		say(d, FOUND_NOTE, "store",
		    "%s: none yet; 'exhibit audit' and 'exhibit init' make it",
		    d->store);
	} else {
		say(d,
		    f.kind == FAULT_DENIED  ? FOUND_DENIED
		    : f.kind == FAULT_USAGE ? FOUND_MISSING
					    : FOUND_WRONG,
		    "store", "%s", f.text);
	}
	look_close(&l);
}

static void
check_disk(struct doctor *d)
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
		say(d, FOUND_MISSING, "folder", "%s: %s; make it", folder.p,
		    strerror(errno));
		return;
	}
	if (access(folder.p, W_OK) == -1)
		say(d, FOUND_DENIED, "folder",
		    "%s may not be written; the store keeps its journal "
		    "beside it",
		    folder.p);
	left = (unsigned long long)v.f_bavail * v.f_frsize;
	say(d, left < DISK_LOW ? FOUND_MISSING : FOUND_OK, "disk",
	    "%llu MiB free beside the store%s", left / (1024 * 1024),
	    left < DISK_LOW ? "; free some space" : "");
}

/* --------------------------------------------------------------- the key */

static void
check_validity(struct doctor *d, const struct signer_info *i)
{
	char from[UTC_LEN], to[UTC_LEN];
	int64_t now = 0;

	utc_format(i->not_before, from);
	utc_format(i->not_after, to);
	(void)utc_parse(d->cli->now, &now);
	if (now > i->not_after)
		say(d, FOUND_MISSING, "key",
		    "%s: its certificate expired on %s; make another with "
		    "'exhibit key new'",
		    i->subject, to);
	else if (now < i->not_before)
		say(d, FOUND_MISSING, "key",
		    "%s: its certificate is valid only from %s; look at this "
		    "host's clock",
		    i->subject, from);
	else if (i->not_after - now < EXPIRES_SOON)
		say(d, FOUND_NOTE, "key",
		    "%s: its certificate expires within 90 days, on %s",
		    i->subject, to);
	else
		say(d, FOUND_OK, "key", "%s, %s, until %s", i->subject,
		    i->algorithm, to);
}

static void
check_key(struct doctor *d)
{
	struct signer *s = NULL;
	struct signer_info i;
	struct fault f = d->unsignable;

	if (d->key == NULL && access(DEFAULT_KEY, F_OK) == -1) {
		say(d, FOUND_NOTE, "key",
		    DEFAULT_KEY ": none yet; 'exhibit audit' and 'exhibit key "
				"new' make a self-signed one");
		return;
	}
	if (f.kind != FAULT_NONE ||
	    cli_signer(d->cli, &d->signing, false, &s, &f) == -1 ||
	    signer_describe(s, &i, &f) == -1)
		say(d, f.kind == FAULT_DENIED ? FOUND_DENIED : FOUND_MISSING,
		    "key", "%s", f.text);
	else
		check_validity(d, &i);
	signer_free(s);
}

/* ---------------------------------------------------------- the catalogs */

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
say_age(struct doctor *d, const char *day, int64_t seen, int64_t now)
{
	const int64_t stale = seen + (OBSERVATION_DAYS + 1) * DAY;
	char on[UTC_LEN];

	utc_format(stale, on);
	on[10] = '\0';
	if (now >= stale)
		say(d, FOUND_MISSING, "CMVP data",
		    "newest observation %s, stale since %s: results about "
		    "certificates are unknown; save newer pages of NIST and "
		    "run 'exhibit catalog import'",
		    day, on);
	else
		say(d, stale - now <= STALE_SOON ? FOUND_NOTE : FOUND_OK,
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
static void
check_catalogs(struct doctor *d)
{
	const struct catalog *k;
	struct catalogs cs;
	struct fault f;
	int64_t seen, now;
	char day[11];

	if (catalogs_load(&cs, d->catalogs, d->cli->crypto, &f) == -1) {
		say(d, FOUND_MISSING, "CMVP data", "%s", f.text);
		return;
	}
	k = catalogs_find(&cs, "cmvp-status");
	if (k != NULL)
		newest(k, "observed", day);
	if (k == NULL || utc_parse(day, &seen) == -1 ||
	    utc_parse(d->cli->now, &now) == -1)
		say(d, FOUND_MISSING, "CMVP data", "no observation in it");
	else
		say_age(d, day, seen, now);
	catalogs_free(&cs);
}

/* -------------------------------------------------------------- the node */

/* What depends on a file, by the start of its path; the first that fits. */
static const struct {
	const char *prefix, *matters;
} uses[] = {
	{ "/boot/.vmlinuz", "the kernel's integrity file" },
	{ "/boot", "how the next boot will be" },
	{ "/etc/default", "how the next boot will be" },
	{ "/etc/kernel", "how the next boot will be" },
	{ "/usr/lib/kernel", "how the next boot will be" },
	{ "/usr/lib/bootc", "how the next boot will be" },
	{ "/etc/dracut", "whether the initramfs has the fips module" },
	{ "/usr/lib/dracut", "whether the initramfs has the fips module" },
	{ "/proc/bootconfig", "whether FIPS mode was requested" },
	{ "/proc/cmdline", "whether FIPS mode was requested" },
	{ "/proc/sys/crypto", "whether the kernel is in FIPS mode" },
	{ "/proc/crypto", "whether the kernel's self-tests passed" },
	{ "/proc", "which kernel this is" },
	{ "/etc/crypto-policies", "the system-wide crypto policy" },
	{ "/etc/pki", "how OpenSSL and NSS are configured" },
	{ "/etc/ssl", "how OpenSSL is configured" },
	{ "/usr/lib/ssl", "how OpenSSL is configured" },
	{ "/usr/local/ssl", "how OpenSSL is configured" },
	{ "/var/lib/dpkg", "which packages are installed" },
	{ "/var/lib/rpm", "which packages are installed" },
	{ "/usr/lib/sysimage/rpm", "which packages are installed" },
	{ "/var/lib/ubuntu-advantage", "which Ubuntu Pro services are on" },
	{ "/usr", "which cryptographic modules are installed" },
	{ "", "the checks that read it" },
};

static const char *
matters(const char *path)
{
	size_t i = 0;

	while (strncmp(path, uses[i].prefix, strlen(uses[i].prefix)) != 0)
		i++;
	return uses[i].matters;
}

static void
check_entries(struct doctor *d, const struct snapshot *s)
{
	size_t denied = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct entry *e = &s->entries[i];

		if (e->outcome != OUTCOME_DENIED)
			continue;
		if (++denied <= DENIED_SHOWN)
			say(d, FOUND_DENIED, "file",
			    "%s: without it unknown is %s", e->path,
			    matters(e->path));
	}
	if (denied > DENIED_SHOWN)
		printf("         ... and %zu more\n", denied - DENIED_SHOWN);
	if (denied > 0)
		printf("         run as root, or let this user read them; "
		       "'exhibit kinds node' lists all that is read\n");
	else
		say(d, FOUND_OK, "files",
		    "nothing that exhibit reads here is refused");
}

/* RPM databases are what the manifest asks only the existence of. */
static bool
has_rpm_database(const struct snapshot *s)
{
	for (size_t i = 0; i < s->n; i++)
		if ((s->entries[i].flags & M_EXISTS) &&
		    s->entries[i].outcome == OUTCOME_OBSERVED)
			return true;
	return false;
}

static bool
program_find(const char *name, const char *path, char *out, size_t size)
{
	for (const char *p = path; *p != '\0';) {
		size_t len = strcspn(p, ":");

		(void)snprintf(out, size, "%.*s/%s", (int)len, p, name);
		if (access(out, X_OK) == 0)
			return true;
		p += len + (p[len] == ':');
	}
	return false;
}

/* Commands of the manifest run with a PATH of their own, ssh with ours. */
static void
check_programs(struct doctor *d, bool rpm)
{
	static const struct {
		const char *name, *without;
	} programs[] = {
		{ "rpm", "packages of an RPM host are unknown" },
		{ "apiclient", "Bottlerocket's own report is unknown" },
		{ "openssl", "nothing is lost on this host, whose providers "
			     "are loaded directly" },
		{ "ssh", "no host can be read with --ssh" },
		{ "dpkg", "nothing is lost: its database is read directly" },
	};
	const char *ours = getenv("PATH");

	for (size_t i = 0; i < LENGTH(programs); i++) {
		const char *name = programs[i].name, *path = COMMAND_PATH;
		char found[1024];

		if (strcmp(name, "ssh") == 0 && ours != NULL)
			path = ours;
		if (program_find(name, path, found, sizeof(found)))
			say(d, FOUND_OK, name, "%s", found);
		else if (strcmp(name, "rpm") == 0 && rpm)
			say(d, FOUND_MISSING, name,
			    "this host has an RPM database, and its packages "
			    "are unknown without rpm; install it");
		else
			say(d, FOUND_NOTE, name, "not in %.200s; without it %s",
			    path, programs[i].without);
	}
}

static void
check_node(struct doctor *d)
{
	struct snapshot s = { 0 };
	struct fault f;

	if (snapshot_read_root(
		&s, manifest, d->root, false, d->cli->crypto, &f) == -1)
		say(d, f.kind == FAULT_DENIED ? FOUND_DENIED : FOUND_MISSING,
		    "root", "%s", f.text);
	else
		check_entries(d, &s);
	if (strcmp(d->root, "/") == 0)
		check_programs(d, has_rpm_database(&s));
	else
		say(d, FOUND_NOTE, "commands",
		    "none is run for a root that is not this host's, so the "
		    "packages of an RPM image stay unknown");
	snapshot_free(&s);
	say(d, FOUND_NOTE, "IMDS",
	    "the instance metadata service was not asked; 'exhibit collect "
	    "node' asks it for the instance's identity unless --no-imds");
}

/* ---------------------------------------------------------------- AWS */

/* Whose credentials would be used; nothing is asked of AWS. */
static void
check_aws(struct doctor *d)
{
	const struct request r = { .crypto = d->cli->crypto,
		.now = d->cli->now,
		.environment = environ };
	struct aws_credentials *who = NULL;
	struct fault f = { 0 };
	struct aws_session *s = aws_session_new(&r, NULL, &f);

	if (s != NULL)
		who = credentials_find(s, NULL, &f);
	if (who != NULL)
		say(d, FOUND_NOTE, "AWS",
		    "would ask with the credentials of: %s; region: %s; "
		    "nothing was asked",
		    credentials_source(who),
		    s->region != NULL ? s->region : "none set, give --regions");
	else
		say(d, FOUND_NOTE, "AWS", "cannot be asked: %s", f.text);
	credentials_free(who);
	aws_session_free(s);
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct doctor d = { .cli = cli,
		.store = cli->store,
		.root = option_or(o, "root", "/"),
		.catalogs = option(o, "catalogs"),
		.key = option(o, "key") };

	if (signing_read(o, &d.signing, &d.unsignable) == 0)
		d.signing.only_shown = true;
	if (o->noperands > 0)
		return fault(f, FAULT_USAGE, "doctor takes no operand '%s'",
		    o->operands[0]);
	check_program(&d);
	check_store(&d);
	check_disk(&d);
	check_key(&d);
	check_catalogs(&d);
	check_node(&d);
	check_aws(&d);
	printf("\n%s\n", d.wrong ? "The store is damaged."
			 : d.needed
			     ? "Something a collection needs is missing; see "
			       "above."
			     : "All that a collection needs is here.");
	if (d.wrong)
		return STATUS_INTEGRITY;
	return d.needed ? STATUS_FINDINGS : STATUS_OK;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.operands = "",
	.about = "what works here, what is missing, what to do",
	.help = "Looks at the program's libraries, the store, the key and "
		"what this user may read\nof this host. Nothing is kept, "
		"nothing is sent.\n\nEach line is ok, note (nothing a "
		"collection needs), missing, denied or WRONG.\nStatus 0 if "
		"nothing is missing or denied, else 1; 3 if the store is "
		"damaged.",
	.options =
	    (const struct option_def[]){
		{ "root", "DIR", "look below this root (/)" },
		{ "catalogs", "DIR", "more catalogs, or newer ones" },
		{ "key", "URI", "private key (default " DEFAULT_KEY ")" },
		{ "cert", "URI", "certificate (default " DEFAULT_CERT ")" },
		PASSPHRASE_OPTIONS,
		{ 0 },
	    },
	.run = run,
};
