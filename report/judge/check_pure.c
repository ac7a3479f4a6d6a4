/* See check_pure.h. Tokens as in SQLite's tokenize.c: comments, strings and
 * names in any of the four kinds of quotes. */
#include "report/judge/check_pure.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"
#include "base/span.h"

struct token {
	enum { END, NAME, STRING, OTHER } type;
	struct span text; /* without its quotes */
};

static const char *
skip_blank(const char *s)
{
	for (;;) {
		if (isspace((unsigned char)*s)) {
			s++;
		} else if (strncmp(s, "--", 2) == 0) {
			s += strcspn(s, "\n");
		} else if (strncmp(s, "/*", 2) == 0) {
			const char *end = strstr(s + 2, "*/");

			s = end != NULL ? end + 2 : s + strlen(s);
		} else {
			return s;
		}
	}
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' ||
	       (unsigned char)c >= 0x80;
}

/* From the quote at s to the one that closes it; doubled ones are in it. */
static const char *
quoted(const char *s, struct token *t)
{
	const char close = *s == '[' ? ']' : *s;
	const char *end = s + 1;

	while (*end != '\0' &&
	       (*end != close || (close != ']' && end[1] == close)))
		end += *end == close ? 2 : 1;
	t->type = *s == '\'' ? STRING : NAME;
	t->text = (struct span){ s + 1, (size_t)(end - s - 1) };
	return *end != '\0' ? end + 1 : end;
}

static const char *
next(const char *s, struct token *t)
{
	size_t n = 0;

	s = skip_blank(s);
	if (*s == '\0') {
		*t = (struct token){ .type = END, .text = { s, 0 } };
		return s;
	}
	if (strchr("'\"`[", *s) != NULL)
		return quoted(s, t);
	while (is_name(s[n]))
		n++;
	t->type = n > 0 && !isdigit((unsigned char)*s) ? NAME : OTHER;
	t->text = (struct span){ s, n > 0 ? n : 1 };
	return s + t->text.len;
}

static bool
is_word(const struct token *t, const char *word)
{
	return t->text.len == strlen(word) &&
	       strncasecmp(t->text.p, word, t->text.len) == 0;
}

/* Arguments of the call whose "(" comes next at s; -1: it is no call. */
static int
arguments(const char *s)
{
	struct token t;
	int depth = 0, commas = 0, tokens = 0;

	do {
		s = next(s, &t);
		if (t.type == OTHER && t.text.p[0] == '(')
			depth++;
		else if (t.type == OTHER && t.text.p[0] == ')')
			depth--;
		else if (depth == 1 && t.type == OTHER && t.text.p[0] == ',')
			commas++;
		tokens++;
	} while (depth > 0 && t.type != END);
	if (tokens == 1) /* what came was no "(" */
		return -1;
	return tokens == 2 ? 0 : commas + 1;
}

/* A function with fewer arguments than these means something of its own. */
static const struct {
	const char *name;
	int least;
} impure[] = {
	{ "random", 99 },
	{ "randomblob", 99 },
	{ "changes", 99 },
	{ "total_changes", 99 },
	{ "last_insert_rowid", 99 },
	{ "sqlite_version", 99 },
	{ "sqlite_source_id", 99 },
	{ "sqlite_compileoption_get", 99 },
	{ "sqlite_compileoption_used", 99 },
	{ "date", 1 },
	{ "time", 1 },
	{ "datetime", 1 },
	{ "julianday", 1 },
	{ "unixepoch", 1 },
	{ "strftime", 2 },
};

static bool
is_impure(const struct token *t, const char *after)
{
	static const char *const clocks[] = { "current_date", "current_time",
		"current_timestamp" };
	int n;

	if (t->type == STRING)
		return is_word(t, "now") || is_word(t, "localtime");
	if (t->type != NAME)
		return false;
	for (size_t i = 0; i < LENGTH(clocks); i++)
		if (is_word(t, clocks[i]))
			return true;
	for (size_t i = 0; i < LENGTH(impure); i++)
		if (is_word(t, impure[i].name)) {
			n = arguments(after);
			return n >= 0 && n < impure[i].least;
		}
	return false;
}

int
check_is_pure(const char *sql, const char *path, struct fault *f)
{
	struct token t;

	do {
		sql = next(sql, &t);
		if (is_impure(&t, sql))
			return fault(f, FAULT_FORMAT,
			    "%s: '%.*s' does not follow from the evidence; a "
			    "check must give the same results every time",
			    path, t.text.len > 40 ? 40 : (int)t.text.len,
			    t.text.p);
	} while (t.type != END);
	return 0;
}
