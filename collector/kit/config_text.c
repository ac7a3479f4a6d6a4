/* See config_text.h. */
#include "collector/kit/config_text.h"

#include <string.h>
#include <strings.h>

static bool
holds_any(struct span text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (text.len > 0 &&
		    memmem(text.p, text.len, *words, strlen(*words)) != NULL)
			return true;
	return false;
}

bool
script_sets_fips(struct span text)
{
	static const char *const words[] = { "fips-mode-setup", "fips=1",
		"dracut-fips", NULL };

	return holds_any(text, words);
}

bool
script_reboots(struct span text)
{
	static const char *const words[] = { "reboot", "shutdown -r", "init 6",
		NULL };

	return holds_any(text, words);
}

struct aws_line
aws_lines(struct span text)
{
	return (struct aws_line){ .rest = text };
}

/* "[profile x]" without its brackets; p NULL: it has no end. What follows the
 * last one is passed over. */
static struct span
section_of(struct span line)
{
	const char *end = memrchr(line.p, ']', line.len);
	struct span none = { NULL, 0 };

	if (end == NULL || end == line.p + 1)
		return none;
	return span_trim(
	    (struct span){ line.p + 1, (size_t)(end - line.p) - 1 });
}

/* What stands around the first of these. value.p NULL: there is none. */
static struct span
split_at(struct span s, const char *delimiters, struct span *value)
{
	size_t n = 0;

	while (
	    n < s.len && (strchr(delimiters, s.p[n]) == NULL || s.p[n] == '\0'))
		n++;
	*value = (struct span){ NULL, 0 };
	if (n == s.len)
		return s;
	*value = span_trim((struct span){ s.p + n + 1, s.len - n - 1 });
	if (value->p == NULL)
		*value = (struct span){ "", 0 };
	return span_trim((struct span){ s.p, n });
}

static void
take_section(struct aws_line *l, struct span s)
{
	struct span name = section_of(s);

	l->last = (struct span){ NULL, 0 };
	if (name.p == NULL) {
		l->wrong = "a section without its ']'";
		return;
	}
	l->is_section = true;
	l->section = name;
}

static void
take_key(struct aws_line *l, struct span s)
{
	struct span value, key = split_at(s, "=:", &value);

	l->last = (struct span){ NULL, 0 };
	if (l->section.p == NULL)
		l->wrong = "a setting before any section";
	else if (value.p == NULL)
		l->wrong = "a line without '=' or ':'";
	else if (key.len == 0)
		l->wrong = "a value without a key";
	l->key = key;
	if (l->wrong != NULL)
		return;
	l->last = key;
	l->value = value;
	l->last_empty = value.len == 0;
}

static void
take_more(struct aws_line *l, struct span s)
{
	l->parent = l->last;
	l->nests = l->last_empty;
	l->key = split_at(s, "=", &l->value);
	if (l->nests && l->value.p == NULL)
		l->wrong = "a nested line without '='";
}

bool
aws_next(struct aws_line *l)
{
	struct span raw, none = { NULL, 0 };

	while (span_line(&l->rest, &raw)) {
		struct span s = span_trim(raw);
		size_t indent = s.len > 0 ? (size_t)(s.p - raw.p) : 0;

		l->line++;
		if (s.len == 0 || s.p[0] == '#' || s.p[0] == ';')
			continue;
		l->parent = l->key = l->value = none;
		l->is_section = l->nests = false;
		l->wrong = NULL;
		if (l->last.p != NULL && indent > l->indent) {
			take_more(l, s);
			return true;
		}
		l->indent = indent;
		if (s.p[0] == '[')
			take_section(l, s);
		else
			take_key(l, s);
		return true;
	}
	return false;
}

bool
aws_key_is(const struct aws_line *l, const char *key)
{
	return l->parent.p == NULL && l->key.p != NULL &&
	       l->key.len == strlen(key) &&
	       strncasecmp(l->key.p, key, l->key.len) == 0;
}

/* A line that continues the value makes it another: not true then. */
bool
aws_config_fips(struct span text, bool *on)
{
	struct aws_line l = aws_lines(text);
	bool stated = false;

	while (aws_next(&l)) {
		if (!span_is(l.section, "default"))
			continue;
		if (aws_key_is(&l, "use_fips_endpoint")) {
			stated = true;
			*on = l.value.len == 4 &&
			      strncasecmp(l.value.p, "true", 4) == 0;
		} else if (stated && l.parent.p != NULL && !l.nests &&
			   l.parent.len == strlen("use_fips_endpoint") &&
			   strncasecmp(l.parent.p, "use_fips_endpoint",
			       l.parent.len) == 0) {
			*on = false;
		}
	}
	return stated;
}
