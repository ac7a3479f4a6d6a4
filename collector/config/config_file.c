/* See config_file.h. */
#include "collector/config/config_file.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/file.h"
#include "collector/settings/config_table.h"

/* What a file could not be read for: "line 12: x" becomes "PATH:12: x". */
static int
put_outcome_of(struct emitter *e, const char *shown, const struct fault *why,
    struct fault *f)
{
	enum outcome o = outcome_of_fault(why);
	const char *s = why->text;
	size_t len = strlen(shown);
	int rc = 0;
	BUF_AUTO(reason, 8192);

	if (strncmp(s, "line ", 5) == 0)
		buf_printf(&reason, "%s:%s", shown, s + 5);
	else if (strncmp(s, shown, len) == 0 && s[len] == ':')
		buf_puts(&reason, s);
	else
		buf_printf(&reason, "%s: %s", shown, s);
	if (buf_done(&reason, "reason", f) == -1 ||
	    emit_outcome(e, &config_file_kind, shown, o, reason.p, shown, f) ==
		-1)
		return -1;
	/* what it said before is neither confirmed nor gone */
	for (size_t i = 0;
	     o != OUTCOME_ABSENT && rc == 0 && config_kinds[i] != NULL; i++)
		if (config_kinds[i] != &config_file_kind)
			rc = emit_gap(e, config_kinds[i], o, reason.p, f);
	return rc;
}

static bool
begins(struct span text, char c)
{
	struct span s = span_trim(text);

	return s.len > 0 && s.p[0] == c;
}

/* Nothing but blanks and comments: it configures nothing. */
static bool
is_empty(struct span text)
{
	struct span line;

	while (span_line(&text, &line)) {
		line = span_trim(line);
		if (line.len > 0 && line.p[0] != '#')
			return false;
	}
	return true;
}

/* A name that promises YAML or JSON; a ConfigMap may hold an nginx.conf. */
static bool
is_tree_name(const char *path)
{
	static const char *const endings[] = { ".yaml", ".yml", ".json",
		".template" };

	for (size_t i = 0; i < LENGTH(endings); i++)
		if (span_ends(span_of(path), endings[i]))
			return true;
	return false;
}

static bool
is_named(const struct config_type *t, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct span rest = span_of(t->names), glob;
	char pattern[64];

	while (span_word(&rest, &glob)) {
		(void)snprintf(
		    pattern, sizeof(pattern), "%.*s", (int)glob.len, glob.p);
		if (fnmatch(pattern, slash != NULL ? slash + 1 : path, 0) == 0)
			return true;
	}
	return false;
}

static bool
is_text_type(const struct config_type *t)
{
	return t->looks != NULL || t->names != NULL;
}

/* Texts that are no YAML at all are asked first: they could pass for it. What
 * a file is called counts before what it looks like. */
static const struct config_type *
looks(const struct config_file *file, const struct config_type *given)
{
	const struct config_type *t;

	if (given != NULL)
		return is_text_type(given) ? given : NULL;
	for (size_t i = 0; (t = config_type_at(i)) != NULL; i++)
		if (t->names != NULL && is_named(t, file->path))
			return t;
	for (size_t i = 0; (t = config_type_at(i)) != NULL; i++)
		if (t->looks != NULL && t->looks(file->text))
			return t;
	return NULL;
}

static bool
is_type(const struct config_type *t, const struct node *root)
{
	if (t->is != NULL)
		return t->is(root);
	return t->table != NULL && t->parse == NULL &&
	       config_table_is(t->table, root);
}

static const struct config_type *
type_of(const struct node *root, const struct config_type *given)
{
	const struct config_type *t;

	for (size_t i = 0; (t = config_type_at(i)) != NULL; i++)
		if (is_type(t, root) &&
		    (given == NULL || strcmp(t->name, given->name) == 0))
			return t;
	return NULL;
}

static int
read_as(struct config_file *file, const struct config_type *t,
    const struct node *root, struct fault *f)
{
	return t->table != NULL
		   ? config_table_read(file, root, t->table, t->name, f)
		   : t->read(file, root, f);
}

static void
add_type(struct buf *types, const struct config_type *t)
{
	size_t len = strlen(t->name);

	for (const char *p = types->p; p != NULL && *p != '\0';) {
		size_t n = strcspn(p, ",");

		if (n == len && memcmp(p, t->name, n) == 0)
			return;
		p += n + (p[n] == ',');
	}
	buf_printf(types, "%s%s", types->len > 0 ? "," : "", t->name);
}

/* By what it calls itself; an empty document says nothing. */
static void
not_understood(struct config_file *file, const struct node *root)
{
	const char *version = node_text(node_get(root, "apiVersion"));
	const char *kind = node_text(node_get(root, "kind"));

	if (root == NULL || root->type == NODE_NULL)
		return;
	if (version != NULL && kind != NULL)
		config_unknown(
		    file, root->line, "%.100s of %.100s", kind, version);
	else
		config_unknown(file, root->line, "content of no known type");
}

static int read_text(
    struct config_file *file, const struct config_type *t, struct fault *f);

/* A tree in a value; 1: it is none, or of no known type. */
static int
read_nested_tree(struct config_file *sub, struct fault *f)
{
	struct documents docs = { 0 };
	struct fault why = { 0 };
	bool known = true;
	int rc = begins(sub->text, '{')
		     ? tree_json(&docs, sub->text.p, sub->text.len, &why)
		     : tree_yaml(&docs, sub->text.p, sub->text.len, &why);

	if (rc == -1 && why.kind == FAULT_IO) {
		*f = why;
		tree_free(&docs);
		return -1;
	}
	known = rc == 0 && docs.n > 0;
	sub->docs = &docs;
	for (size_t i = 0; known && i < docs.n; i++)
		known = type_of(docs.root[i], NULL) != NULL;
	for (size_t i = 0; known && rc == 0 && i < docs.n; i++)
		rc = read_as(sub, type_of(docs.root[i], NULL), docs.root[i], f);
	sub->docs = NULL;
	tree_free(&docs);
	return known ? rc : 1;
}

/* A file that a ConfigMap holds, by its own reader. Its lines are counted in
 * it, and what it includes is not in the tree. */
static int
read_nested(struct config_file *file, const char *map, const struct node *key,
    const struct node *value, struct fault *f)
{
	const struct config_type *t;
	struct config_file sub = *file;
	BUF_AUTO(path, 4 * CONFIG_PATH_MAX);
	int rc;

	buf_printf(&path, "%s#%.60s/%.120s", file->path, map, key->text);
	if (buf_done(&path, "path", f) == -1)
		return -1;
	sub.path = path.p;
	sub.text = span_of(node_text(value));
	sub.tree = NULL;
	sub.docs = NULL;
	t = begins(sub.text, '{') || is_tree_name(sub.path) ? NULL
							    : looks(&sub, NULL);
	rc = t != NULL ? read_text(&sub, t, f) : read_nested_tree(&sub, f);
	file->subjects = sub.subjects;
	file->failed |= sub.failed;
	if (rc == 1)
		config_unknown(file, value->line, "data '%.100s' of %.60s",
		    key->text, map);
	else if (rc == 0 && sub.problem.kind != FAULT_NONE)
		config_unknown(file, value->line, "data '%.60s' of %.60s: %s",
		    key->text, map, sub.problem.text);
	return rc == 1 ? 0 : rc;
}

/* Values of one line are settings, of which the table names those that count,
 * unless they are called like a file or look like one. */
static bool
is_file(const struct config_file *file, const char *key, const char *text)
{
	static const char *const endings[] = { ".cfg", ".cnf", ".conf", ".env",
		".ini", ".json", ".properties", ".security", ".toml", ".xml",
		".yaml", ".yml" };
	struct config_file sub = *file;

	sub.path = key;
	sub.text = span_of(text);
	for (size_t i = 0; i < LENGTH(endings); i++)
		if (span_ends(span_of(key), endings[i]))
			return true;
	return strchr(text, '\n') != NULL || begins(sub.text, '{') ||
	       looks(&sub, NULL) != NULL;
}

static int
read_config_map(
    struct config_file *file, const struct node *root, struct fault *f)
{
	const struct node *data = node_get(root, "data");
	const char *name = node_text(node_at(root, "metadata.name"));
	int rc = 0;

	if (node_get(root, "binaryData") != NULL)
		config_unknown(file, node_get(root, "binaryData")->line,
		    "binaryData of %.60s", name != NULL ? name : "?");
	for (size_t i = 0;
	     data != NULL && data->type == NODE_MAP && rc == 0 && i < data->n;
	     i++) {
		const char *text = node_text(data->items[i]);

		if (text == NULL && data->items[i]->type != NODE_NULL)
			config_unknown(file, data->items[i]->line,
			    "data '%.100s'", data->keys[i]->text);
		else if (text != NULL && !is_empty(span_of(text)) &&
			 is_file(file, data->keys[i]->text, text))
			rc = read_nested(file, name != NULL ? name : "?",
			    data->keys[i], data->items[i], f);
	}
	return rc;
}

static int
read_documents(struct config_file *file, const struct config_type *given,
    struct buf *types, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < file->docs->n; i++) {
		const struct node *root = file->docs->root[i];
		const struct config_type *t = type_of(root, given);

		if (t == NULL) {
			not_understood(file, root);
			continue;
		}
		add_type(types, t);
		rc = read_as(file, t, root, f);
		if (rc == 0 && node_is_object(root, "v1", "ConfigMap"))
			rc = read_config_map(file, root, f);
	}
	return rc;
}

/* A text, or the tree its parser makes of it. */
static int
read_text(
    struct config_file *file, const struct config_type *t, struct fault *f)
{
	struct documents docs = { 0 };
	struct fault why = { 0 };
	int rc = 0;

	if (t->parse == NULL)
		return t->read(file, NULL, f);
	if (t->parse(&docs, file->text.p, file->text.len, &why) == -1) {
		rc = config_problem_of(file, &why);
	} else {
		file->docs = &docs;
		if (t->table != NULL && t->table->has != NULL &&
		    !config_table_is(t->table, docs.root[0]))
			config_unknown(
			    file, 1, "%s without what is read of it", t->name);
		else
			rc = read_as(file, t, docs.root[0], f);
		file->docs = NULL;
	}
	tree_free(&docs);
	return rc;
}

static int
put_file(struct config_file *file, const char *types, const char *included_by,
    struct fault *f)
{
	uint8_t d[SHA256_LEN];
	char hex[SHA256_HEX];
	ATTRS_AUTO(a);

	if (digest_sha256(file->request->crypto, file->text.p, file->text.len,
		d, f) == -1)
		return -1;
	if (file->failed)
		return fault_memory(f);
	hex_encode(d, SHA256_LEN, hex);
	attrs_str(&a, "file", file->path);
	attrs_str(&a, "included_by", included_by);
	attrs_int(&a, "line", 1);
	attrs_json(&a, "not_understood", json_incref(file->unknown));
	attrs_json(&a, "refused", json_incref(file->refused));
	attrs_str(&a, "sha256", hex);
	attrs_int(&a, "size", (long long)file->text.len);
	attrs_bool(&a, "strict", file->strict);
	attrs_str(&a, "type", types);
	return emit_observed(
	    file->e, &config_file_kind, file->path, &a, file->path, f);
}

/* All readers of the file; a dry one emits nothing. */
static int
read_all(struct config_file *file, const struct config_type *given,
    const struct config_type *text_type, bool dry, struct buf *types,
    struct fault *f)
{
	file->dry = dry;
	file->subjects = 0;
	file->strict = false;
	buf_reset(types);
	(void)json_object_clear(file->seen);
	(void)json_array_clear(file->refused);
	(void)json_array_clear(file->unknown);
	if (text_type == NULL)
		return read_documents(file, given, types, f);
	add_type(types, text_type);
	return read_text(file, text_type, f);
}

/* Everything of a text whose documents, if it has any, are read. It is gone
 * through twice: a file with a problem emits nothing but that. */
static int
put_contents(struct config_file *file, const struct config_reading *r,
    const struct config_type *text_type, struct fault *f)
{
	const struct config_type *given = r->type;
	BUF_AUTO(types, 1024);

	if (read_all(file, given, text_type, true, &types, f) == -1)
		return -1;
	if (file->problem.kind != FAULT_NONE)
		return put_outcome_of(file->e, file->path, &file->problem, f);
	if (read_all(file, given, text_type, false, &types, f) == -1)
		return -1;
	if (types.len == 0 && (r->named || given != NULL)) {
		struct fault why;

		(void)fault(&why, FAULT_FORMAT,
		    given != NULL ? "line 1: holds no %s"
				  : "line 1: of no type that is known%s; say "
				    "which with --type",
		    given != NULL ? given->name : "");
		return put_outcome_of(file->e, file->path, &why, f);
	}
	return put_file(file, types.len > 0 ? types.p : "other", NULL, f);
}

/* YAML or JSON; what else a folder holds is not understood. */
static int
put_tree(
    struct config_file *file, const struct config_reading *r, struct fault *f)
{
	bool json = begins(file->text, '{') || begins(file->text, '[');
	struct documents docs = { 0 };
	struct fault why = { 0 };
	int rc;

	rc = json ? tree_json(&docs, file->text.p, file->text.len, &why)
		  : tree_yaml(&docs, file->text.p, file->text.len, &why);
	file->docs = &docs;
	if (rc == 0)
		rc = put_contents(file, r, NULL, f);
	else if (r->named || r->type != NULL || why.kind != FAULT_FORMAT ||
		 is_tree_name(file->path))
		rc = put_outcome_of(file->e, file->path, &why, f);
	else
		rc = put_file(file, "other", NULL, f);
	file->docs = NULL;
	tree_free(&docs);
	return rc;
}

/* "[default]" may begin a text, "{" none that is not JSON. */
static const struct config_type *
text_type(const struct config_file *file, const struct config_type *given)
{
	bool tree = begins(file->text, '{') ||
		    (given == NULL && is_tree_name(file->path));

	return tree ? NULL : looks(file, given);
}

static int
put_text(struct config_file *file, const struct config_reading *r,
    const char *included_by, struct fault *f)
{
	const struct config_type *t = text_type(file, r->type);
	struct fault why;

	if (memchr(file->text.p, '\0', file->text.len) != NULL) {
		(void)fault(&why, FAULT_FORMAT, "a NUL byte: not a text");
		return put_outcome_of(file->e, file->path, &why, f);
	}
	if (included_by != NULL)
		return put_file(file, "included", included_by, f);
	if (r->type == NULL && is_empty(file->text))
		return put_file(file, "empty", NULL, f);
	return t != NULL ? put_contents(file, r, t, f) : put_tree(file, r, f);
}

static int
file_begin(struct config_file *file, const struct config_reading *r,
    const char *path, struct buf *shown, struct fault *f)
{
	*file = (struct config_file){ .request = r->request,
		.e = r->e,
		.tree = r->tree,
		.seen = json_object(),
		.refused = json_array(),
		.unknown = json_array() };
	if (file->seen == NULL || file->refused == NULL ||
	    file->unknown == NULL)
		return fault_memory(f);
	text_clean(shown, path, strlen(path), CONFIG_PATH_MAX / 2);
	if (buf_done(shown, "path", f) == -1)
		return -1;
	file->path = shown->p;
	return 0;
}

static void
file_end(struct config_file *file)
{
	json_decref(file->seen);
	json_decref(file->refused);
	json_decref(file->unknown);
}

int
config_file_collect(const struct config_reading *r, const char *path,
    const char *included_by, struct fault *f)
{
	struct config_file file;
	struct fault why = { 0 };
	BUF_AUTO(shown, 4 * CONFIG_PATH_MAX + 16);
	BUF_AUTO(text, TREE_TEXT_MAX);
	int rc = file_begin(&file, r, path, &shown, f);

	r->e->calls++;
	if (rc == 0 && file_read(path, &text, &why) == -1) {
		rc = put_outcome_of(r->e, shown.p, &why, f);
	} else if (rc == 0) {
		file.text =
		    (struct span){ text.len > 0 ? text.p : "", text.len };
		rc = put_text(&file, r, included_by, f);
	}
	file_end(&file);
	return rc;
}

int
config_file_scan(
    const struct config_reading *r, const char *path, struct fault *f)
{
	struct config_file file;
	struct fault why = { 0 };
	const struct config_type *t;
	BUF_AUTO(shown, 4 * CONFIG_PATH_MAX + 16);
	BUF_AUTO(text, TREE_TEXT_MAX);
	BUF_AUTO(types, 1024);
	int rc = file_begin(&file, r, path, &shown, f);

	if (rc == 0 && file_read(path, &text, &why) == 0 && text.len > 0 &&
	    memchr(text.p, '\0', text.len) == NULL) {
		file.text = (struct span){ text.p, text.len };
		t = text_type(&file, r->type);
		if (t != NULL && t->includes)
			rc = read_all(&file, NULL, t, true, &types, f);
	}
	file_end(&file);
	return rc;
}

int
config_file_excluded(const struct config_reading *r, const char *path,
    const char *by, struct fault *f)
{
	ATTRS_AUTO(a);
	BUF_AUTO(shown, 4 * CONFIG_PATH_MAX + 16);

	text_clean(&shown, path, strlen(path), CONFIG_PATH_MAX / 2);
	if (buf_done(&shown, "path", f) == -1)
		return -1;
	attrs_text(&a, "excluded_by", by, strlen(by));
	attrs_str(&a, "file", shown.p);
	attrs_str(&a, "type", "excluded");
	return emit_observed(r->e, &config_file_kind, shown.p, &a, shown.p, f);
}

int
config_file_unread(const struct config_reading *r, const char *path,
    const struct fault *why, struct fault *f)
{
	BUF_AUTO(shown, 4 * CONFIG_PATH_MAX + 16);
	BUF_AUTO(reason, 8192);

	text_clean(&shown, path, strlen(path), CONFIG_PATH_MAX / 2);
	buf_printf(
	    &reason, "%s: %s", shown.p != NULL ? shown.p : "", why->text);
	if (buf_done(&shown, "path", f) == -1 ||
	    buf_done(&reason, "reason", f) == -1)
		return -1;
	return emit_outcome(r->e, &config_file_kind, shown.p,
	    outcome_of_fault(why), reason.p, shown.p, f);
}

int
config_path(const char *path, struct buf *out, struct fault *f)
{
	while (path[0] == '.' && path[1] == '/')
		path += 2 + strspn(path + 2, "/");
	for (const char *p = path; *p != '\0'; p++)
		if (p[0] != '/' || (p[1] != '/' && p[1] != '\0') || p == path)
			buf_putc(out, *p);
	if (out->len == 0)
		return fault(f, FAULT_USAGE, "config: an empty name");
	if (out->failed == FAULT_LIMIT || out->len > CONFIG_PATH_MAX / 2)
		return fault(f, FAULT_USAGE,
		    "config: a name of over %d bytes; go nearer to it",
		    CONFIG_PATH_MAX / 2);
	return buf_done(out, "path", f);
}
