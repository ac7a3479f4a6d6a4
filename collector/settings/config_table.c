/* See config_table.h. */
#include "collector/settings/config_table.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"

#define SEGMENT_MAX 160

/* ---- paths ---- */

struct finding {
	const struct node **found;
	size_t n;
};

struct segment { /* one step of a path */
	char key[SEGMENT_MAX], value[SEGMENT_MAX];
	bool quoted, choice; /* "[key=value]" */
};

/* Take the first segment of a path; what follows its dot. */
static struct span
next_segment(struct span path, struct segment *s)
{
	bool quote = path.len > 0 && path.p[0] == '"';
	size_t n = 0, used;

	*s = (struct segment){ .quoted = quote };
	if (quote) {
		path.p++;
		path.len--;
	}
	while (n < path.len && path.p[n] != (quote ? '"' : '.'))
		n++;
	used = n + (quote && n < path.len);
	(void)snprintf(s->key, SEGMENT_MAX, "%.*s", (int)n, path.p);
	if (!quote && s->key[0] == '[') {
		char *equals = strchr(s->key, '=');

		s->choice = equals != NULL;
		if (equals != NULL) {
			(void)snprintf(s->value, SEGMENT_MAX, "%.*s",
			    (int)strcspn(equals + 1, "]"), equals + 1);
			*equals = '\0';
			memmove(s->key, s->key + 1, strlen(s->key));
		}
	}
	used += used < path.len && path.p[used] == '.';
	return (struct span){ path.p + used, path.len - used };
}

static void
follow(struct finding *x, const struct node *n, struct span path, int depth)
{
	struct segment s;
	struct span rest;

	if (n == NULL || n->type == NODE_NULL || depth > TREE_DEPTH_MAX)
		return;
	if (path.len == 0 || node_is_call(n)) {
		if (x->n < TABLE_FOUND_MAX)
			x->found[x->n++] = n;
		return;
	}
	rest = next_segment(path, &s);
	if (n->type == NODE_LIST && !s.choice && strcmp(s.key, "*") != 0) {
		for (size_t i = 0; i < n->n; i++)
			follow(x, n->items[i], path, depth + 1);
	} else if (!s.quoted && (s.choice || strcmp(s.key, "*") == 0)) {
		for (size_t i = 0; n->type >= NODE_LIST && i < n->n; i++)
			if (!s.choice ||
			    node_is(node_get(n->items[i], s.key), s.value))
				follow(x, n->items[i], rest, depth + 1);
	} else {
		follow(x, node_get(n, s.key), rest, depth + 1);
	}
}

size_t
table_find(const struct node *n, const char *path,
    const struct node *found[TABLE_FOUND_MAX])
{
	struct finding x = { found, 0 };
	struct span rest = span_of(path), one;

	while (x.n == 0 && rest.p != NULL) {
		one = span_until(rest, '|', &rest);
		follow(&x, n, one, 0);
	}
	return x.n;
}

/* ---- columns ---- */

static void
take_versions(struct setting *s, const char *column, const struct node *n)
{
	BUF_AUTO(all, CONFIG_LIST_BYTES_MAX);

	for (size_t i = 0; n->type == NODE_LIST && i < n->n; i++) {
		const char *text = node_text(n->items[i]);

		buf_printf(&all, "%s ", text != NULL ? text : "?");
	}
	if (n->type == NODE_LIST)
		setting_versions(
		    s, column, all.p != NULL ? all.p : "", n->line);
	else if (node_text(n) != NULL)
		setting_versions(s, column, node_text(n), n->line);
	else
		setting_unread(s, column, n->line);
}

static void
take_suites(struct setting *s, const char *column, const struct node *n)
{
	BUF_AUTO(all, CONFIG_LIST_BYTES_MAX);

	for (size_t i = 0; n->type == NODE_LIST && i < n->n; i++) {
		const char *text = node_text(n->items[i]);

		buf_printf(&all, "%s:", text != NULL ? text : "?");
	}
	if (n->type == NODE_LIST && all.len > 0)
		setting_suites(s, column, all.p, n->line);
	else if (node_text(n) != NULL)
		setting_suites(s, column, node_text(n), n->line);
	else
		setting_unread(s, column, n->line);
}

/* True only if each place that could state it does: one that is silent leaves
 * it to a default. */
static void
take_all(struct setting *s, const struct table_field *field,
    const struct node *place, const struct node **found, size_t n)
{
	const struct node *around[TABLE_FOUND_MAX];
	const char *last = strrchr(field->path, '.');
	size_t nplaces = 0, places = 0;
	char above[SEGMENT_MAX];

	for (size_t i = 0; i < n; i++) {
		bool on;

		if (!node_bool(found[i], true, &on)) {
			setting_unread(s, field->column, found[i]->line);
			return;
		}
		if (!on) {
			setting_line(s, field->column, found[i]->line);
			attrs_bool(&s->a, field->column, false);
			return;
		}
	}
	(void)snprintf(above, sizeof(above), "%.*s",
	    last != NULL ? (int)(last - field->path) : 0, field->path);
	if (last != NULL)
		nplaces = table_find(place, above, around);
	for (size_t i = 0; i < nplaces; i++)
		places += around[i]->type == NODE_LIST ? around[i]->n : 1;
	if (places != n)
		return;
	setting_line(s, field->column, found[0]->line);
	attrs_bool(&s->a, field->column, true);
}

static void
take_one(struct setting *s, const char *column, const struct node *n,
    enum table_take take)
{
	const char *text = node_text(n);

	if (take == TAKE_STATED) {
		setting_line(s, column, n->line);
		attrs_bool(&s->a, column, true);
	} else if (take == TAKE_BOOL) {
		setting_bool(s, column, n);
	} else if (take == TAKE_LIST) {
		setting_list(s, column, n);
	} else if (take == TAKE_VERSIONS) {
		take_versions(s, column, n);
	} else if (take == TAKE_SUITES) {
		take_suites(s, column, n);
	} else if (take == TAKE_TEXT) {
		setting_text(s, column, n);
	} else if (text == NULL) {
		setting_unread(s, column, n->line);
	} else if (take == TAKE_VERSION) {
		setting_version(s, column, text, n->line);
	} else {
		setting_words(s, column, text,
		    take == TAKE_WORDS ? ", " : ":, ", n->line);
	}
}

static bool
same_text(const struct node *a, const struct node *b)
{
	return node_text(a) != NULL && node_text(b) != NULL &&
	       strcmp(node_text(a), node_text(b)) == 0;
}

/* Of several values that differ none is the one. */
static void
put_field(struct setting *s, const struct table_field *field,
    const char *column, const struct node *place)
{
	const struct node *found[TABLE_FOUND_MAX];
	size_t n;

	if (field->path[0] == '=') {
		attrs_str(&s->a, column, field->path + 1);
		return;
	}
	if ((n = table_find(place, field->path, found)) == 0)
		return;
	if (field->take == TAKE_ALL) {
		take_all(s, field, place, found, n);
		return;
	}
	for (size_t i = 1; i < n && field->take != TAKE_STATED; i++)
		if (!same_text(found[0], found[i])) {
			setting_unread(s, column, found[i]->line);
			return;
		}
	take_one(s, column, found[0], field->take);
}

/* ---- variables ---- */

struct variable {
	const char *name;
	size_t line; /* 0: not set */
	bool later;  /* known only then */
	char value[512];
};

static bool
is_name(const struct variable *v, struct span s)
{
	size_t n = strlen(v->name);

	if (n > 0 && v->name[n - 1] == '*')
		return s.len >= n - 1 && memcmp(s.p, v->name, n - 1) == 0;
	return span_is(s, v->name);
}

static void
set_variable(struct variable *v, size_t line, struct span value)
{
	v->line = line;
	v->later = value.p == NULL || value.len >= sizeof(v->value);
	(void)snprintf(v->value, sizeof(v->value), "%.*s",
	    v->later ? 0 : (int)value.len, v->later ? "" : value.p);
}

/* "A=b" "C=d e" 'F=g': words, a quote holding one together. */
static void
from_words(struct variable *v, const struct node *n)
{
	struct span rest = { n->text, n->len };

	while ((rest = span_trim(rest)).len > 0) {
		char quote =
		    rest.p[0] == '"' || rest.p[0] == '\'' ? rest.p[0] : '\0';
		struct span word, name, value;
		size_t i = quote != '\0';

		while (i < rest.len &&
		       (quote != '\0' ? rest.p[i] != quote
				      : rest.p[i] != ' ' && rest.p[i] != '\t'))
			i++;
		word = (struct span){ rest.p + (quote != '\0'),
			i - (quote != '\0') };
		i += quote != '\0' && i < rest.len;
		rest = (struct span){ rest.p + i, rest.len - i };
		name = span_until(word, '=', &value);
		if (value.p != NULL && is_name(v, name))
			set_variable(v, n->line, value);
	}
}

static void
from_node(struct variable *v, const struct node *n)
{
	const char *name = node_text(node_get(n, "name"));
	const char *text = node_text(n);
	struct span none = { NULL, 0 };

	if (n->type == NODE_LIST) {
		for (size_t i = 0; i < n->n; i++)
			from_node(v, n->items[i]);
	} else if (name != NULL && is_name(v, span_of(name))) {
		const char *value = node_text(node_get(n, "value"));

		set_variable(v, n->line, value != NULL ? span_of(value) : none);
	} else if (n->type == NODE_MAP && name == NULL) {
		for (size_t i = 0; i < n->n; i++)
			if (is_name(v, span_of(n->keys[i]->text)))
				set_variable(v, n->items[i]->line,
				    node_text(n->items[i]) != NULL
					? span_of(node_text(n->items[i]))
					: none);
	} else if (text != NULL) {
		from_words(v, n);
	}
}

static void
find_variable(
    struct variable *v, const struct table_field *c, const struct node *place)
{
	const struct node *found[TABLE_FOUND_MAX];
	size_t n = table_find(place, c->path, found);

	*v = (struct variable){ .name = c->column };
	for (size_t i = 0; i < n; i++)
		from_node(v, found[i]);
}

/* ---- parts ---- */

struct placing {
	struct config_file *file;
	const struct table_part *part;
	const struct node *place;
	const char *name; /* of the place, or NULL */
	const char *type; /* of the file */
	size_t included;  /* line of an include that is not followed; 0: none */
};

static int
key_of(
    const struct placing *p, const char *more, struct buf *key, struct fault *f)
{
	const char *words[] = { p->part->what, p->name, more };

	for (size_t i = 0; i < LENGTH(words); i++)
		if (words[i] != NULL) {
			if (key->len > 0)
				buf_putc(key, ' ');
			key_part(key, words[i]);
		}
	return buf_done(key, "key", f);
}

/* Every column of the part in one observation. */
static int
put_columns(const struct placing *p, struct fault *f)
{
	const struct kind *k = p->part->kind;
	struct setting s;
	BUF_AUTO(key, NAME_MAX_LEN);
	int rc = setting_begin(&s, p->file, p->place->line, f);

	if (rc == 0) {
		if (kind_column(k, "component") != NULL)
			attrs_str(&s.a, "component", p->part->what);
		if (kind_column(k, "type") != NULL)
			attrs_str(&s.a, "type", p->part->what);
		if (kind_column(k, "includes") != NULL)
			attrs_bool(&s.a, "includes", p->included > 0);
		if (p->name != NULL)
			attrs_text(&s.a,
			    kind_column(k, "address") != NULL ? "address"
							      : "name",
			    p->name, strlen(p->name));
		for (const struct table_field *c = p->part->fields;
		     c->column != NULL; c++)
			put_field(&s, c, c->column, p->place);
		rc = key_of(p, NULL, &key, f);
	}
	if (rc == 0)
		rc = setting_emit(&s, k, key.p, p->place->line, f);
	setting_free(&s);
	return rc;
}

/* The value of a setting as a text or a list of texts, as it is written; of
 * one whose text is nobody's business only that it stands there. */
static void
put_value(
    struct setting *s, const struct table_field *c, const struct node *place)
{
	const struct node *found[TABLE_FOUND_MAX];

	if (c->take >= TAKE_VARIABLE) {
		struct variable v;

		find_variable(&v, c, place);
		if (v.later && c->take == TAKE_VARIABLE)
			setting_unread(s, "value", v.line);
		else
			attrs_str(&s->a, "value",
			    c->take == TAKE_VARIABLE ? v.value : "stated");
		setting_line(s, "value", v.line);
	} else if (c->take != TAKE_STATED)
		put_field(s, c, c->take == TAKE_LIST ? "list" : "value", place);
	else if (table_find(place, c->path, found) > 0) {
		setting_line(s, "value", found[0]->line);
		attrs_str(&s->a, "value", "stated");
	}
}

/* One observation of config.setting. */
static int
put_setting(
    const struct placing *p, const struct table_field *c, struct fault *f)
{
	struct setting s;
	BUF_AUTO(key, NAME_MAX_LEN);
	int rc = setting_begin(&s, p->file, p->place->line, f);

	if (rc == 0) {
		attrs_str(&s.a, "type", p->type);
		attrs_str(&s.a, "item", p->part->what);
		attrs_str(&s.a, "name", c->column);
		if (p->name != NULL)
			attrs_text(&s.a, "object", p->name, strlen(p->name));
		if (p->included > 0)
			setting_unread(&s, "value", p->included);
		else
			put_value(&s, c, p->place);
		rc = key_of(p, c->column, &key, f);
	}
	if (rc == 0)
		rc = setting_emit(
		    &s, &config_setting_kind, key.p, p->place->line, f);
	setting_free(&s);
	return rc;
}

static bool
is_set(const struct table_field *c, const struct node *place)
{
	struct variable v;

	find_variable(&v, c, place);
	return v.line > 0;
}

static int
put_place(struct placing *p, struct fault *f)
{
	const struct node *found[TABLE_FOUND_MAX];
	int rc = 0;

	if (p->part->need != NULL &&
	    table_find(p->place, p->part->need, found) == 0)
		return 0;
	if (p->part->name != NULL &&
	    table_find(p->place, p->part->name, found) > 0)
		p->name = node_text(found[0]);
	if (p->part->kind != &config_setting_kind)
		return put_columns(p, f);
	for (const struct table_field *c = p->part->fields;
	     rc == 0 && c->column != NULL; c++)
		if (c->take < TAKE_VARIABLE || is_set(c, p->place))
			rc = put_setting(p, c, f);
	return rc;
}

/* The key of a map's value is its name where it has no other. */
static const char *
key_above(const struct node *root, const char *each, const struct node *place)
{
	const struct node *found[TABLE_FOUND_MAX];
	size_t len = strlen(each), n;
	char above[SEGMENT_MAX];

	if (len < 3 || strcmp(each + len - 2, ".*") != 0 ||
	    len >= sizeof(above))
		return NULL;
	memcpy(above, each, len - 2);
	above[len - 2] = '\0';
	n = table_find(root, above, found);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0;
		     found[i]->type == NODE_MAP && k < found[i]->n; k++)
			if (found[i]->items[k] == place)
				return found[i]->keys[k]->text;
	return NULL;
}

static int
put_part(struct config_file *file, const struct node *root,
    const struct table_part *part, const char *type, size_t included,
    struct fault *f)
{
	const struct node *places[TABLE_FOUND_MAX] = { root };
	size_t n = 1;
	int rc = 0;

	if (part->each != NULL)
		n = table_find(root, part->each, places);
	if (n == TABLE_FOUND_MAX)
		return config_problem(
		    file, root->line, "more of a kind than is read");
	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct placing p = { file, part, places[i], NULL, type,
			included };

		if (part->each != NULL)
			p.name = key_above(root, part->each, places[i]);
		rc = put_place(&p, f);
	}
	return rc;
}

/* ---- tables ---- */

static bool
has_word(const char *words, const char *word)
{
	struct span rest = span_of(words), one;

	while (word != NULL && span_word(&rest, &one))
		if (span_is(one, word))
			return true;
	return false;
}

static bool
has_paths(const char *paths, const struct node *root)
{
	const struct node *found[TABLE_FOUND_MAX];
	struct span rest = span_of(paths), one;
	char path[SEGMENT_MAX];

	while (span_word(&rest, &one)) {
		(void)snprintf(path, sizeof(path), "%.*s", (int)one.len, one.p);
		if (table_find(root, path, found) == 0)
			return false;
	}
	return true;
}

bool
config_table_is(const struct config_table *t, const struct node *root)
{
	const char *api = node_text(node_get(root, "apiVersion"));
	const char *kind = node_text(node_get(root, "kind"));

	if (root == NULL || root->type != NODE_MAP)
		return false;
	if (t->api != NULL &&
	    (api == NULL || strncmp(api, t->api, strlen(t->api)) != 0))
		return false;
	if (t->kind != NULL && !has_word(t->kind, kind))
		return false;
	return t->has == NULL || has_paths(t->has, root);
}

int
config_table_read(struct config_file *file, const struct node *root,
    const struct config_table *t, const char *name, struct fault *f)
{
	const struct node *found[TABLE_FOUND_MAX];
	size_t included = 0;
	int rc = 0;

	if (t->includes != NULL && table_find(root, t->includes, found) > 0)
		included = found[0]->line > 0 ? found[0]->line : 1;
	if (t->schema != NULL)
		config_schema_check(file, root, t->schema);
	for (const struct table_part *p = t->parts;
	     rc == 0 && p != NULL && p->kind != NULL; p++)
		rc = put_part(file, root, p, name, included, f);
	return rc;
}
