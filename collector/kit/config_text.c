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

/* "[profile x]" without its brackets; a comment may follow. */
static struct span
section_of(struct span line)
{
	struct span rest, name;

	line.p++;
	line.len--;
	name = span_until(line, ']', &rest);
	return span_trim(name);
}

static bool
is_blank(struct span s)
{
	return s.len == 0 || s.p[0] == '#' || s.p[0] == ';';
}

/* A value ends where a blank and # or ; begin a comment. */
static struct span
value_of(struct span s)
{
	for (size_t i = 1; i < s.len; i++)
		if ((s.p[i] == '#' || s.p[i] == ';') &&
		    (s.p[i - 1] == ' ' || s.p[i - 1] == '\t')) {
			s.len = i;
			break;
		}
	return span_trim(s);
}

bool
aws_next(struct aws_line *l)
{
	struct span raw, s, value;

	while (span_line(&l->rest, &raw)) {
		bool nested =
		    raw.len > 0 && (raw.p[0] == ' ' || raw.p[0] == '\t');

		l->line++;
		s = span_trim(raw);
		if (is_blank(s))
			continue;
		l->is_section = !nested && s.p[0] == '[';
		if (l->is_section) {
			l->section = section_of(s);
			l->parent = l->key = (struct span){ NULL, 0 };
			return true;
		}
		s = span_until(s, '=', &value);
		if (value.p == NULL || s.len == 0)
			continue; /* continues a value: of no interest here */
		if (!nested) {
			l->key = span_trim(s);
			l->value = value_of(value);
			l->parent = (struct span){ NULL, 0 };
			/* "s3 =" opens a block of nested settings */
			return true;
		}
		if (l->parent.p == NULL)
			l->parent = l->key;
		l->key = span_trim(s);
		l->value = value_of(value);
		return true;
	}
	return false;
}

bool
aws_config_fips(struct span text, bool *on)
{
	struct aws_line l = aws_lines(text);
	bool stated = false;

	while (aws_next(&l))
		if (!l.is_section && l.parent.p == NULL &&
		    span_is(l.section, "default") &&
		    span_is(l.key, "use_fips_endpoint")) {
			stated = true;
			*on = l.value.len == 4 &&
			      strncasecmp(l.value.p, "true", 4) == 0;
		}
	return stated;
}
