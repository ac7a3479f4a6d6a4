/* See os_release.h. */
#include "collector/kit/os_release.h"

#include <string.h>

#include "base/length.h"

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

	for (size_t i = 0; i < LENGTH(rhel); i++)
		if (span_is(id, rhel[i]))
			return red_hat(version);
	for (size_t i = 0; i < LENGTH(same); i++)
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
