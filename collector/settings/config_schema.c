/* See config_schema.h. */
#include "collector/settings/config_schema.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "base/near.h"

#define PATH_LEN 200

struct checking {
	struct config_file *file;
	const struct schema *schema;
	char path[PATH_LEN];
};

static void check(struct checking *c, const struct node *n, struct span what);

/* ---- names ---- */

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The next "name:what" of a type's members. */
static bool
next_member(struct span *rest, struct span *name, struct span *what)
{
	struct span word;

	if (!span_word(rest, &word))
		return false;
	*name = span_until(word, ':', what);
	return true;
}

static const char *
members_of(const struct schema *s, struct span name)
{
	for (const struct schema_type *t = s->types; t->name != NULL; t++)
		if (span_is(name, t->name))
			return t->members;
	return NULL;
}

static struct span
member(const char *members, const char *key)
{
	struct span rest = span_of(members), name, what;

	while (next_member(&rest, &name, &what))
		if (span_is(name, key))
			return what;
	return (struct span){ NULL, 0 };
}

/* What is near enough to be meant. */
static struct near
meant(const char *members, const char *key)
{
	struct span rest = span_of(members), name, what;
	struct near near = near_to(key);

	while (next_member(&rest, &name, &what))
		near_offer(&near, name);
	return near;
}

/* ---- values ---- */

/* A value may be a secret: only a version is shown. */
static void
wrong(struct checking *c, const struct node *n, const char *wanted)
{
	const char *text = node_text(n);
	bool number = n->type == NODE_SCALAR && n->plain && text != NULL &&
		      span_ends(span_of(c->path), "ersion");

	config_refused(c->file, n->line, "%s %s%s%.20s: it has to be %s%s",
	    c->schema->program, c->path, number ? ": " : "", number ? text : "",
	    wanted,
	    n->plain && strcmp(wanted, "text") == 0 ? "; put quotes around it"
						    : "");
}

/* As YAML reads a plain scalar: 1.30, 0x1f, 1e3, .inf. */
static bool
is_number(const char *s)
{
	size_t digits;

	s += *s == '-' || *s == '+';
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'o'))
		return s[2] != '\0' &&
		       s[2 + strspn(s + 2, "0123456789abcdefABCDEF_")] == '\0';
	if (strcasecmp(s, ".inf") == 0 || strcasecmp(s, ".nan") == 0)
		return true;
	digits = strspn(s, "0123456789_");
	if (digits == 0 && (s[0] != '.' || s[1] < '0' || s[1] > '9'))
		return false;
	s += digits;
	if (*s == '.')
		s += 1 + strspn(s + 1, "0123456789_");
	if (*s == 'e' || *s == 'E') {
		s += 1 + (s[1] == '-' || s[1] == '+');
		digits = strspn(s, "0123456789");
		s += digits;
		return digits > 0 && *s == '\0';
	}
	return *s == '\0';
}

static bool
is_text(const struct node *n)
{
	const char *s = node_text(n);
	bool v;

	return s != NULL &&
	       (!n->plain || (!is_number(s) && !node_bool(n, false, &v)));
}

static bool
is_one_of(const char *s, struct span list)
{
	struct span rest = list, one;

	while (rest.p != NULL) {
		one = span_until(rest, '|', &rest);
		if (span_is(one, s))
			return true;
	}
	return false;
}

static void
check_choice(struct checking *c, const struct node *n, struct span list)
{
	const char *s = node_text(n);

	if (!is_text(n))
		wrong(c, n, "text");
	else if (s[0] != '\0' && !is_one_of(s, list))
		config_refused(c->file, n->line,
		    "%s %s: '%.60s' is none of %.*s", c->schema->program,
		    c->path, s, (int)smaller(list.len, 120), list.p);
}

static void
check_scalar(struct checking *c, const struct node *n, char what)
{
	const char *s = node_text(n);
	long long v;
	bool on;

	if (n->type == NODE_SCALAR && s == NULL)
		return; /* only known later */
	if (what == 's' || what == 'd') {
		if (!is_text(n))
			wrong(c, n, "text");
	} else if (what == 'b') {
		if (!node_bool(n, false, &on))
			wrong(c, n, "true or false");
	} else if (what == 'i') {
		if (s == NULL || !n->plain || !node_integer(n, &v))
			wrong(c, n, "a whole number");
	} else if (s == NULL || !n->plain || !is_number(s)) {
		wrong(c, n, "a number");
	}
}

static void
unknown_member(struct checking *c, const struct node *key, const char *members)
{
	struct near near = meant(members, key->text);

	if (near.best[0] != '\0')
		config_refused(c->file, key->line,
		    "%s the field %s%s%.80s; did you mean %s?",
		    c->schema->program, c->path, c->path[0] ? "." : "",
		    key->text, near.best);
	else
		config_refused(c->file, key->line, "%s the field %s%s%.80s",
		    c->schema->program, c->path, c->path[0] ? "." : "",
		    key->text);
}

static void
check_type(struct checking *c, const struct node *n, const char *members)
{
	if (n->type != NODE_MAP) {
		wrong(c, n, "a mapping");
		return;
	}
	for (size_t i = 0; i < n->n; i++) {
		const char *key = n->keys[i]->text;
		struct span what = member(members, key);
		size_t len = strlen(c->path);

		if (strcmp(key, "<<") == 0 && n->items[i]->type == NODE_MAP) {
			check_type(c, n->items[i], members);
			continue;
		}
		if (what.p == NULL && strcmp(key, "<<") != 0)
			unknown_member(c, n->keys[i], members);
		if (what.p == NULL)
			continue;
		(void)snprintf(c->path + len, PATH_LEN - len, "%s%.60s",
		    len > 0 ? "." : "", key);
		check(c, n->items[i], what);
		c->path[len] = '\0';
	}
}

/* "[what]" and "{what}" of what stands in them. */
static void
check_many(struct checking *c, const struct node *n, struct span what)
{
	bool list = what.p[0] == '[';
	struct span inner = { what.p + 1, what.len - 2 };
	size_t len = strlen(c->path);

	if (n->type != (list ? NODE_LIST : NODE_MAP)) {
		wrong(c, n, list ? "a list" : "a mapping");
		return;
	}
	for (size_t i = 0; i < n->n; i++) {
		if (list)
			(void)snprintf(
			    c->path + len, PATH_LEN - len, "[%zu]", i);
		else
			(void)snprintf(c->path + len, PATH_LEN - len, ".%.60s",
			    n->keys[i]->text);
		if (list || strcmp(n->keys[i]->text, "<<") != 0)
			check(c, n->items[i], inner);
		c->path[len] = '\0';
	}
}

static void
check(struct checking *c, const struct node *n, struct span what)
{
	const char *members;

	if (n == NULL || n->type == NODE_NULL || what.len == 0 ||
	    what.p[0] == '*')
		return;
	if (what.p[0] == '[' || what.p[0] == '{')
		check_many(c, n, what);
	else if (what.p[0] == '=')
		check_choice(c, n, (struct span){ what.p + 1, what.len - 1 });
	else if (what.len == 1)
		check_scalar(c, n, what.p[0]);
	else if ((members = members_of(c->schema, what)) != NULL)
		check_type(c, n, members);
}

void
config_schema_check(struct config_file *file, const struct node *root,
    const struct schema *schema)
{
	struct checking c = { .file = file, .schema = schema };

	file->strict = true;
	check(&c, root, span_of(schema->top));
}
