/* Which operating system, which machine: os-release(5) and the kernel. */
#include <stdlib.h>
#include <string.h>

#include "base/length.h"

#include "collector/node/parts.h"

int
os_read(struct parts *p, struct fault *f)
{
	struct reading r = part_read(p, "/etc/os-release");
	const struct {
		const char *name;
		struct buf *to;
	} values[] = {
		{ "ID", &p->os_id },
		{ "VERSION_ID", &p->os_version },
		{ "VARIANT_ID", &p->os_variant },
		{ "PRETTY_NAME", &p->os_pretty },
		{ "BUILD_ID", &p->os_build },
	};

	(void)f;
	if (r.outcome == OUTCOME_ABSENT)
		r = part_read(p, "/usr/lib/os-release");
	if (r.outcome != OUTCOME_OBSERVED)
		return 0; /* nothing is known: the columns stay null */
	p->os_known = true;
	for (size_t i = 0; i < LENGTH(values); i++) {
		values[i].to->max = 4 * VALUE_MAX;
		(void)os_release_value(r.text, values[i].name, values[i].to);
	}
	/* a version that could not be read makes it no other system */
	if (p->os_id.len > 0 && p->os_version.failed == FAULT_NONE)
		os_family(p->os_id.p,
		    p->os_version.p != NULL ? p->os_version.p : "", p->family);
	return 0;
}

static bool
set_arch(struct parts *p, struct span s)
{
	static const struct {
		const char *from, *to;
	} known[] = {
		{ "x86_64", "x86_64" },
		{ "aarch64", "aarch64" },
		{ "amd64", "x86_64" }, /* Debian's names */
		{ "arm64", "aarch64" },
		{ "ppc64le", "ppc64le" },
		{ "ppc64el", "ppc64le" },
		{ "s390x", "s390x" },
	};

	for (size_t i = 0; i < LENGTH(known); i++)
		if (span_is(s, known[i].from)) {
			(void)strcpy(p->arch, known[i].to);
			return true;
		}
	return false;
}

static int
native_arch(void *ctx, const struct package *pkg, struct fault *f)
{
	struct parts *p = ctx;

	(void)f;
	if (span_is(pkg->name, "dpkg") || span_is(pkg->name, "base-files"))
		return set_arch(p, pkg->arch) ? -1 : 0; /* found: stop */
	return 0;
}

/*
 * The kernel says so since Linux 6.1; RPM kernels end their release with it;
 * Debian's and Ubuntu's do not, but dpkg itself is built for it.
 */
void
arch_read(struct parts *p)
{
	struct span release, dot;
	struct reading r = part_read(p, "/proc/sys/kernel/arch");
	const struct entry *e;
	struct fault f;
	size_t n;

	if (set_arch(p, span_trim(r.text)))
		return;
	r = part_read(p, "/proc/sys/kernel/osrelease");
	release = span_trim(r.text);
	for (dot = release; dot.p != NULL; (void)span_until(dot, '.', &dot))
		release = dot;
	if (set_arch(p, release))
		return;
	/* and status.d of distroless images */
	e = snapshot_under(p->s, "/var/lib/dpkg/status", &n);
	for (size_t i = 0; i < n && p->arch[0] == '\0'; i++)
		may_fail(dpkg_read(
		    part_read(p, e[i].path).text, native_arch, p, &f));
}
