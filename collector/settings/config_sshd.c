/*
 * sshd_config(5): the algorithms of the global part. The first value of a
 * keyword holds; none of these keywords may stand in a Match block but
 * PubkeyAcceptedAlgorithms, which is then unread. An Include is not opened:
 * what stands before it holds, what is only set after it may be set there
 * first.
 */
#include <string.h>
#include <strings.h>

#include "base/length.h"

#include "collector/settings/config_parts.h"

static const struct {
	const char *keyword, *column;
} lists[] = {
	{ "ciphers", "ciphers" },
	{ "macs", "macs" },
	{ "kexalgorithms", "kex" },
	{ "hostkeyalgorithms", "host_key" },
	{ "pubkeyacceptedalgorithms", "public_key" },
	{ "pubkeyacceptedkeytypes", "public_key" },
};
#define NLISTS (LENGTH(lists))

static bool
is_word(struct span s, const char *keyword)
{
	return s.len == strlen(keyword) &&
	       strncasecmp(s.p, keyword, s.len) == 0;
}

/* "Keyword value" or "Keyword=value"; false: nothing stands there. */
static bool
split(struct span line, struct span *keyword, struct span *value)
{
	struct span s = span_trim(line);
	size_t n = 0;

	if (s.len == 0 || s.p[0] == '#')
		return false;
	while (n < s.len && strchr(" \t=\"", s.p[n]) == NULL)
		n++;
	*keyword = (struct span){ s.p, n };
	while (n < s.len && strchr(" \t=", s.p[n]) != NULL)
		n++;
	*value = (struct span){ s.p + n, s.len - n };
	if (value->len > 1 && value->p[0] == '"' &&
	    value->p[value->len - 1] == '"')
		*value = (struct span){ value->p + 1, value->len - 2 };
	return true;
}

/* "-x,y" takes from the defaults, which are the build's: not known here. */
static void
put_list(struct setting *s, const char *column, struct span value, size_t line)
{
	char text[4096];

	if (value.len == 0 || value.len >= sizeof(text) ||
	    memchr(value.p, '\0', value.len) != NULL ||
	    strchr("+-^", value.p[0]) != NULL) {
		setting_unread(s, column, line);
		return;
	}
	memcpy(text, value.p, value.len);
	text[value.len] = '\0';
	setting_words(s, column, text, ",", line);
}

static void
read_line(struct setting *s, struct span keyword, struct span value,
    size_t line, bool *included, bool *match)
{
	if (is_word(keyword, "match"))
		*match = true;
	if (is_word(keyword, "include") && !*match) {
		*included = true;
		setting_line(s, "includes", line);
	}
	for (size_t i = 0; i < NLISTS; i++) {
		const char *column = lists[i].column;

		if (!is_word(keyword, lists[i].keyword) ||
		    (json_object_get(s->lines, column) != NULL && !*match))
			continue;
		if (*included || *match)
			setting_unread(s, column, line);
		else
			put_list(s, column, value, line);
	}
}

static int
read_sshd(struct config_file *file, const struct node *root, struct fault *f)
{
	struct span rest = file->text, line, keyword, value;
	bool included = false, match = false;
	struct setting s;
	size_t number = 0;
	int rc = setting_begin(&s, file, 1, f);

	(void)root;
	while (rc == 0 && span_line(&rest, &line)) {
		number++;
		if (split(line, &keyword, &value))
			read_line(
			    &s, keyword, value, number, &included, &match);
	}
	if (rc == 0) {
		attrs_bool(&s.a, "includes", included);
		rc = setting_emit(&s, &config_sshd_kind, "sshd", 1, f);
	}
	setting_free(&s);
	return rc;
}

static bool
looks_sshd(struct span text)
{
	static const char *const known[] = { "port", "addressfamily",
		"listenaddress", "hostkey", "ciphers", "macs", "kexalgorithms",
		"hostkeyalgorithms", "pubkeyacceptedalgorithms",
		"syslogfacility", "permitrootlogin", "authorizedkeysfile",
		"usepam", "passwordauthentication", "x11forwarding",
		"acceptenv", "subsystem", "match", "include", "printmotd",
		"pubkeyauthentication", "kbdinteractiveauthentication" };
	struct span line, keyword, value;
	size_t lines = 0, hits = 0;

	while (span_line(&text, &line)) {
		if (!split(line, &keyword, &value))
			continue;
		lines++;
		for (size_t i = 0; i < LENGTH(known); i++)
			hits += is_word(keyword, known[i]);
	}
	return hits > 0 && 2 * hits > lines;
}

extern const struct config_type config_sshd; /* in config_type.c */

const struct config_type config_sshd = {
	.name = "sshd",
	.looks = looks_sshd,
	.read = read_sshd,
};
