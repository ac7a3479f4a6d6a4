/* See doctor.h: what this user may read of a host, and whom AWS would see. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/length.h"
#include "collector/aws_client/credentials.h"
#include "collector/aws_client/session.h"
#include "collector/node/source.h"
#include "doctor/doctor.h"

#define DENIED_SHOWN 40 /* files */

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
check_entries(const struct doctor *d, const struct snapshot *s)
{
	size_t denied = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct entry *e = &s->entries[i];

		if (e->outcome != OUTCOME_DENIED)
			continue;
		if (++denied <= DENIED_SHOWN)
			doctor_say(d, FOUND_DENIED, "file",
			    "%s: without it unknown is %s", e->path,
			    matters(e->path));
	}
	if (denied > 0)
		doctor_say(d, FOUND_DENIED, "files",
		    "%zu in all; run as root, or let this user read them; "
		    "'exhibit kinds node' lists all that is read",
		    denied);
	else
		doctor_say(d, FOUND_OK, "files",
		    "nothing that exhibit reads here is refused");
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
check_programs(const struct doctor *d)
{
	static const struct {
		const char *name, *without;
	} programs[] = {
		{ "rpm", "nothing is lost: its databases are read directly" },
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
			doctor_say(d, FOUND_OK, name, "%s", found);
		else
			doctor_say(d, FOUND_NOTE, name,
			    "not in %.200s; without it %s", path,
			    programs[i].without);
	}
}

void
doctor_node(const struct doctor *d)
{
	struct snapshot s = { 0 };
	struct fault f;

	if (snapshot_read_root(&s, manifest, d->root, false, d->crypto, &f) ==
	    -1)
		doctor_say(d,
		    f.kind == FAULT_DENIED ? FOUND_DENIED : FOUND_MISSING,
		    "root", "%s", f.text);
	else
		check_entries(d, &s);
	if (strcmp(d->root, "/") == 0)
		check_programs(d);
	else
		doctor_say(d, FOUND_NOTE, "commands",
		    "none is run for a root that is not this host's: what "
		    "only a running host tells stays unknown");
	snapshot_free(&s);
	doctor_say(d, FOUND_NOTE, "IMDS",
	    "the instance metadata service was not asked; 'exhibit collect "
	    "node' asks it for the instance's identity unless --no-imds");
}

/* Whose credentials would be used; nothing is asked of AWS. */
void
doctor_aws(const struct doctor *d)
{
	const struct request r = {
		.crypto = d->crypto, .now = d->now, .environment = environ
	};
	struct aws_credentials *who = NULL;
	struct fault f = { 0 };
	struct aws_session *s = aws_session_new(&r, NULL, &f);

	if (s != NULL)
		who = credentials_find(s, NULL, &f);
	if (who != NULL)
		doctor_say(d, FOUND_NOTE, "AWS",
		    "would ask with the credentials of: %s; region: %s; "
		    "nothing was asked",
		    credentials_source(who),
		    s->region != NULL ? s->region : "none set, give --regions");
	else
		doctor_say(d, FOUND_NOTE, "AWS", "cannot be asked: %s", f.text);
	credentials_free(who);
	aws_session_free(s);
}
