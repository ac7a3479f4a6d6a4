/* Which operating system, which machine: os-release(5) and the kernel. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

static bool
shell_value(struct span v, struct buf *out)
{
	char quote = '\0';

	buf_reset(out);
	v = span_trim(v);
	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];

		if (c == '\\' && quote != '\'' && i + 1 < v.len) {
			c = v.p[++i];
			if (quote == '"' && strchr("\"\\$`", c) == NULL)
				buf_putc(out, '\\');
			buf_putc(out, c);
		} else if (quote != '\0' && c == quote) {
			quote = '\0';
		} else if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
		} else if (quote == '\0' && (c == ' ' || c == '\t')) {
			return false; /* sh would run what follows */
		} else {
			buf_putc(out, c);
		}
	}
	return quote == '\0' && out->failed == FAULT_NONE;
}

bool
os_release_value(struct span text, const char *name, struct buf *out)
{
	struct span line, value;
	bool found = false;

	while (span_line(&text, &line)) {
		struct span key = span_until(span_trim(line), '=', &value);

		if (value.p == NULL || !span_is(key, name))
			continue;
		found = shell_value(value, out);
		if (!found) {
			enum fault_kind why = out->failed;

			buf_reset(out);
			if (why == FAULT_IO) /* memory: the caller is to know */
				out->failed = why;
		}
	}
	return found;
}

/* Major version N of "N", "N.x" */
static bool
major_is(const char *version, const char *major)
{
	size_t n = strlen(major);

	return strncmp(version, major, n) == 0 &&
	       (version[n] == '\0' || version[n] == '.');
}

static const char *
red_hat(const char *version)
{
	if (major_is(version, "8"))
		return "rhel8";
	if (major_is(version, "9"))
		return "rhel9";
	if (major_is(version, "10"))
		return "rhel10";
	return "other";
}

static const char *
amazon(const char *version)
{
	if (strcmp(version, "2") == 0)
		return "al2";
	if (major_is(version, "2023"))
		return "al2023";
	return "other";
}

const char *
os_family(const char *os_id, const char *version)
{
	/* distributions that are built from RHEL keep its files and tools */
	static const char *const rhel[] = { "rhel", "centos", "rocky",
		"almalinux", "ol" };
	static const char *const same[] = { "bottlerocket", "fedora", "ubuntu",
		"debian" };
	struct span id = span_of(os_id);

	for (size_t i = 0; i < sizeof(rhel) / sizeof(rhel[0]); i++)
		if (span_is(id, rhel[i]))
			return red_hat(version);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (span_is(id, same[i]))
			return same[i];
	if (span_is(id, "amzn"))
		return amazon(version);
	/* sles, sled, sles_sap, sle-micro, sl-micro, opensuse-leap … */
	if (span_starts(id, "sle") || span_is(id, "sl-micro") ||
	    span_starts(id, "suse") || span_starts(id, "opensuse"))
		return "suse";
	return "other";
}

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
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		values[i].to->max = 4 * VALUE_MAX;
		(void)os_release_value(r.text, values[i].name, values[i].to);
	}
	/* a version that could not be read makes it no other system */
	if (p->os_id.len > 0 && p->os_version.failed == FAULT_NONE)
		p->family = os_family(
		    p->os_id.p, p->os_version.p != NULL ? p->os_version.p : "");
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

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
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
		(void)dpkg_read(
		    part_read(p, e[i].path).text, native_arch, p, &f);
}
