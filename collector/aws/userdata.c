/* See userdata.h. */
#include "collector/aws/userdata.h"

#include <string.h>
#include <strings.h>

#include "base/length.h"
#include "base/base64.h"
#include "collector/kit/config_text.h"

#define LINE_PATH_MAX 256 /* bytes of a dotted path of TOML that are kept */

static const char *const words[] = {
	[FINDING_ADMIN_CONTAINER] = "admin-container",
	[FINDING_BOOTSTRAP] = "bootstrap",
	[FINDING_ENDPOINT_URL] = "endpoint-url",
	[FINDING_FIPS_ENDPOINT_OFF] = "fips-endpoint-off",
	[FINDING_FIPS_ENDPOINT_ON] = "fips-endpoint-on",
	[FINDING_FIPS_OFF] = "fips-off",
	[FINDING_FIPS_ON] = "fips-on",
	[FINDING_REBOOT] = "reboot",
};

const char *
user_data_word(enum user_data_finding f)
{
	return words[f];
}

/* Is the text in the line, in any case of letters? Where it ends, or NULL. */
static const char *
after(struct span line, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= line.len; i++)
		if (strncasecmp(line.p + i, text, len) == 0)
			return line.p + i + len;
	return NULL;
}

/* What is assigned after p: past blanks, quotes, "=" and ":". */
static struct span
assigned(const char *p, struct span line)
{
	const char *end = line.p + line.len;
	size_t n = 0;

	while (p < end && strchr(" \t=:\"'", *p) != NULL)
		p++;
	while (p + n < end && strchr(" \t\"';,\\", p[n]) == NULL)
		n++;
	return (struct span){ p, n };
}

static bool
is_word(struct span s, const char *text)
{
	return s.len == strlen(text) && strncasecmp(s.p, text, s.len) == 0;
}

/* ---- lines of any form: scripts, cloud-config, AWS configuration ---- */

static void
look_at_endpoints(struct span line, struct user_data *out)
{
	static const char *const flags[] = { "use_fips_endpoint" };
	static const char *const urls[] = { "aws_endpoint_url", "endpoint_url",
		"--endpoint-url" };
	const char *p;

	for (size_t i = 0; i < LENGTH(flags); i++)
		if ((p = after(line, flags[i])) != NULL) {
			struct span v = assigned(p, line);

			/* botocore: "true" is on, all else is off */
			if (v.len > 0)
				out->found[is_word(v, "true")
					       ? FINDING_FIPS_ENDPOINT_ON
					       : FINDING_FIPS_ENDPOINT_OFF] =
				    true;
		}
	for (size_t i = 0; i < LENGTH(urls); i++)
		if ((p = after(line, urls[i])) != NULL) {
			struct span rest = { p,
				(size_t)(line.p + line.len - p) };
			const char *url = after(rest, "://");
			struct span host;

			if (url == NULL)
				continue;
			host = assigned(url, line);
			if (after(host, "fips") == NULL)
				out->found[FINDING_ENDPOINT_URL] = true;
		}
}

static void
look_at_fips(struct span line, struct user_data *out)
{
	bool off =
	    after(line, "fips=0") != NULL ||
	    after(line, "fips-mode-setup --disable") != NULL ||
	    after(line, "fips-mode-setup --no-bootcfg --disable") != NULL;

	if (off)
		out->found[FINDING_FIPS_OFF] = true;
	else if (script_sets_fips(line))
		out->found[FINDING_FIPS_ON] = true;
}

static void
look_at_text(struct span text, struct user_data *out)
{
	struct span line;

	while (span_line(&text, &line)) {
		line = span_trim(line);
		if (line.len == 0 || line.p[0] == '#')
			continue;
		look_at_endpoints(line, out);
		look_at_fips(line, out);
		if (after(line, "/etc/eks/bootstrap.sh") != NULL)
			out->found[FINDING_BOOTSTRAP] = true;
		if (script_reboots(line))
			out->found[FINDING_REBOOT] = true;
	}
}

/* ---- Bottlerocket ---- */

/* Append a dotted name without its quotes and blanks. */
static void
path_add(char path[LINE_PATH_MAX], struct span name)
{
	size_t n = strlen(path);

	if (n > 0 && n + 1 < LINE_PATH_MAX)
		path[n++] = '.';
	for (size_t i = 0; i < name.len && n + 1 < LINE_PATH_MAX; i++)
		if (strchr("\"' \t", name.p[i]) == NULL)
			path[n++] = name.p[i];
	path[n] = '\0';
}

static bool
path_ends(const char *path, const char *tail)
{
	size_t n = strlen(path), m = strlen(tail);

	return n >= m && strcmp(path + n - m, tail) == 0;
}

static void
look_at_aws_config(struct span value, struct user_data *out)
{
	struct span v = assigned(value.p, value);
	BUF_AUTO(plain, USER_DATA_MAX);

	if (base64_read_text(&plain, v.p, v.len) && plain.len > 0)
		look_at_text((struct span){ plain.p, plain.len }, out);
}

static void
look_at_setting(const char *path, struct span value, struct user_data *out)
{
	if (path_ends(path, "settings.aws.config"))
		look_at_aws_config(value, out);
	else if (path_ends(path, "host-containers.admin.enabled") &&
		 is_word(assigned(value.p, value), "true"))
		out->found[FINDING_ADMIN_CONTAINER] = true;
	else if (path_ends(path, "boot.kernel-parameters.fips") ||
		 path_ends(path, "boot.kernel-parameters.kernel.fips"))
		out->found[after(value, "0") != NULL ? FINDING_FIPS_OFF
						     : FINDING_FIPS_ON] = true;
}

static void
look_at_toml(struct span text, struct user_data *out)
{
	char section[LINE_PATH_MAX] = "";
	struct span line;

	while (span_line(&text, &line)) {
		char path[LINE_PATH_MAX] = "";
		struct span value, name;

		line = span_trim(line);
		if (line.len == 0 || line.p[0] == '#')
			continue;
		if (line.p[0] == '[') {
			struct span inner = { line.p + 1, line.len - 1 };

			section[0] = '\0';
			path_add(section, span_until(inner, ']', &value));
			continue;
		}
		name = span_until(line, '=', &value);
		if (value.p == NULL)
			continue;
		if (section[0] != '\0')
			path_add(path, span_of(section));
		path_add(path, span_trim(name));
		look_at_setting(path, value, out);
	}
}

/* ---- forms ---- */

static bool
is_toml(struct span text)
{
	struct span line;

	while (span_line(&text, &line)) {
		line = span_trim(line);
		if (span_starts(line, "[settings") ||
		    span_starts(line, "settings."))
			return true;
	}
	return false;
}

static const char *
form_of(struct span text)
{
	if (span_starts(text, "MIME-Version:") ||
	    after((struct span){ text.p, text.len < 200 ? text.len : 200 },
		"content-type: multipart/") != NULL)
		return "mime";
	if (span_starts(text, "#cloud-config"))
		return "cloud-config";
	if (span_starts(text, "#!") || span_starts(text, "<powershell>") ||
	    span_starts(text, "<script>"))
		return "script";
	if (after(text, "node.eks.aws/") != NULL)
		return "nodeconfig";
	return is_toml(text) ? "bottlerocket" : "other";
}

/* ---- MIME (RFC 2046) ---- */

/* boundary="..." or boundary=... of the message's head. */
static struct span
boundary_of(struct span text)
{
	struct span head = { text.p, text.len < 4096 ? text.len : 4096 };
	const char *p = after(head, "boundary=");
	struct span s = { NULL, 0 };
	const char *stop;

	if (p == NULL)
		return s;
	stop = *p == '"' ? "\"\r\n" : "\r\n; \t";
	s.p = p + (*p == '"');
	while (
	    s.p + s.len < head.p + head.len && strchr(stop, s.p[s.len]) == NULL)
		s.len++;
	return s;
}

/* A part: a head, an empty line, a body that may be base64. */
static void
look_at_part(struct span part, struct user_data *out)
{
	struct span rest = part, line;
	bool base64 = false;
	BUF_AUTO(plain, USER_DATA_MAX);

	while (span_line(&rest, &line) && span_trim(line).len > 0)
		if (after(line, "content-transfer-encoding:") != NULL &&
		    after(line, "base64") != NULL)
			base64 = true;
	if (rest.p == NULL || rest.len == 0)
		return;
	if (!base64)
		look_at_text(rest, out);
	else if (base64_read_text(&plain, rest.p, rest.len))
		look_at_text((struct span){ plain.p, plain.len }, out);
	else
		out->form = "other";
}

static bool
is_boundary(struct span line, struct span b)
{
	return line.len >= b.len + 2 && line.p[0] == '-' && line.p[1] == '-' &&
	       memcmp(line.p + 2, b.p, b.len) == 0;
}

static void
look_at_mime(struct span text, struct user_data *out)
{
	struct span b = boundary_of(text), rest = text, line;
	const char *begin = NULL;
	int parts = 0;

	if (b.p == NULL || b.len == 0) {
		out->form = "other";
		return;
	}
	while (span_line(&rest, &line)) {
		if (!is_boundary(line, b))
			continue;
		if (begin != NULL && ++parts <= USER_DATA_PARTS_MAX)
			look_at_part(
			    (struct span){ begin, (size_t)(line.p - begin) },
			    out);
		begin = rest.p != NULL ? rest.p : line.p + line.len;
	}
	if (parts == 0 || parts > USER_DATA_PARTS_MAX)
		out->form = "other";
}

void
user_data_read_plain(const char *p, size_t len, struct user_data *out)
{
	struct span text = span_trim((struct span){ p, len });

	*out = (struct user_data){ .form = "other" };
	if (text.len == 0)
		return;
	out->form = form_of(text);
	if (strcmp(out->form, "mime") == 0)
		look_at_mime(text, out);
	else if (strcmp(out->form, "bottlerocket") == 0)
		look_at_toml(text, out);
	else if (strcmp(out->form, "other") != 0)
		look_at_text(text, out);
}

void
user_data_read(const char *base64, size_t len, struct user_data *out)
{
	BUF_AUTO(plain, USER_DATA_MAX);

	*out = (struct user_data){ .form = "unreadable" };
	if (len > USER_DATA_MAX * 2 || !base64_read_text(&plain, base64, len))
		return;
	user_data_read_plain(plain.p != NULL ? plain.p : "", plain.len, out);
}
