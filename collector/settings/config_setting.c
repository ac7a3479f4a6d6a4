/* Building one observation of a file: see config_parts.h. */
#include "collector/settings/config_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collector/settings/config_tls.h"

int
setting_begin(
    struct setting *s, struct config_file *file, size_t line, struct fault *f)
{
	*s = (struct setting){ .file = file };
	attrs_init(&s->a);
	s->lines = json_object();
	s->unread = json_array();
	if (s->lines == NULL || s->unread == NULL)
		return fault_memory(f);
	attrs_str(&s->a, "file", file->path);
	attrs_int(&s->a, "line", (long long)line);
	return 0;
}

void
setting_free(struct setting *s)
{
	attrs_free(&s->a);
	json_decref(s->lines);
	json_decref(s->unread);
	s->lines = s->unread = NULL;
}

void
setting_line(struct setting *s, const char *column, size_t line)
{
	if (json_object_set_new(
		s->lines, column, json_integer((json_int_t)line)) == -1)
		s->a.failed = true;
}

void
setting_unread(struct setting *s, const char *column, size_t line)
{
	setting_line(s, column, line);
	if (json_array_append_new(s->unread, json_string(column)) == -1)
		s->a.failed = true;
}

static bool
is_stated(const struct node *n)
{
	return n != NULL && n->type != NODE_NULL;
}

void
setting_text(struct setting *s, const char *column, const struct node *n)
{
	const char *text = node_text(n);

	if (!is_stated(n))
		return;
	if (text == NULL) {
		setting_unread(s, column, n->line);
		return;
	}
	setting_line(s, column, n->line);
	attrs_str(&s->a, column, text);
}

void
setting_bool(struct setting *s, const char *column, const struct node *n)
{
	bool v;

	if (!is_stated(n))
		return;
	if (!node_bool(n, true, &v)) {
		setting_unread(s, column, n->line);
		return;
	}
	setting_line(s, column, n->line);
	attrs_bool(&s->a, column, v);
}

static void
setting_int(struct setting *s, const char *column, const struct node *n)
{
	long long v;

	if (!is_stated(n))
		return;
	if (!node_integer(n, &v)) {
		setting_unread(s, column, n->line);
		return;
	}
	setting_line(s, column, n->line);
	attrs_int(&s->a, column, v);
}

void
setting_list(struct setting *s, const char *column, const struct node *n)
{
	json_t *list;
	size_t count = n != NULL && n->type == NODE_LIST ? n->n : 1;
	size_t bytes = 0;

	if (!is_stated(n))
		return;
	if ((list = json_array()) == NULL) {
		s->a.failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *t =
		    node_text(n->type == NODE_LIST ? n->items[i] : n);

		bytes += t != NULL ? strlen(t) : 0;
		if (t == NULL || i == CONFIG_LIST_MAX ||
		    bytes > CONFIG_LIST_BYTES_MAX) {
			json_decref(list);
			setting_unread(s, column, n->line);
			return;
		}
		if (json_array_append_new(list, json_text(t, strlen(t))) == -1)
			s->a.failed = true;
	}
	setting_line(s, column, n->line);
	attrs_json(&s->a, column, list);
}

void
setting_fields(
    struct setting *s, const struct node *map, const struct field *fields)
{
	static void (*const put[])(struct setting *, const char *,
	    const struct node *) = { [FIELD_TEXT] = setting_text,
		[FIELD_BOOL] = setting_bool,
		[FIELD_INT] = setting_int,
		[FIELD_LIST] = setting_list };

	for (; fields->column != NULL; fields++)
		put[fields->type](
		    s, fields->column, node_at(map, fields->path));
}

void
key_part(struct buf *b, const char *s)
{
	text_clean(b, s, strlen(s), CONFIG_PART_MAX);
}

int
config_problem(struct config_file *file, size_t line, const char *what)
{
	if (file->problem.kind == FAULT_NONE)
		(void)fault(
		    &file->problem, FAULT_FORMAT, "line %zu: %s", line, what);
	return 0;
}

int
config_problem_of(struct config_file *file, const struct fault *why)
{
	if (file->problem.kind == FAULT_NONE)
		file->problem = *why;
	return 0;
}

static void __attribute__((format(printf, 4, 0)))
add_told(struct config_file *file, json_t *list, size_t line, const char *fmt,
    va_list ap)
{
	json_t *text;
	char raw[400];

	if (list == NULL || json_array_size(list) == CONFIG_REFUSALS_MAX)
		return;
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	text = json_text(raw, strlen(raw));
	if (text == NULL || json_array_append_new(list,
				json_pack("{s:I, s:o}", "line",
				    (json_int_t)line, "text", text)) == -1)
		file->failed = true;
}

void
config_refused(struct config_file *file, size_t line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_told(file, file->refused, line, fmt, ap);
	va_end(ap);
}

void
config_unknown(struct config_file *file, size_t line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_told(file, file->unknown, line, fmt, ap);
	va_end(ap);
}

int
config_include(struct config_file *file, const char *pattern, const char *home,
    int (*take)(void *take_ctx, struct span text, struct fault *),
    void *take_ctx, struct fault *f)
{
	return file->tree == NULL
		   ? 1
		   : file->tree->each(file->tree->ctx, file->path, pattern,
			 home, take, take_ctx, f);
}

const struct node *
config_maps(struct config_file *file, const struct node *n, const char *name)
{
	char what[128];

	if (!is_stated(n))
		return NULL;
	(void)snprintf(
	    what, sizeof(what), "%.60s is not a list of mappings", name);
	if (n->type != NODE_LIST) {
		(void)config_problem(file, n->line, what);
		return NULL;
	}
	for (size_t i = 0; i < n->n; i++)
		if (n->items[i]->type != NODE_MAP)
			(void)config_problem(file, n->items[i]->line, what);
	return n;
}

static void
put_key(struct buf *key, const struct config_file *file, const char *fragment)
{
	buf_reset(key);
	buf_puts(key, file->path);
	if (fragment[0] != '\0')
		buf_printf(key, "#%s", fragment);
}

/* A name that stands twice gets its line; one that is too long is its line. */
static int
unique_key(struct config_file *file, const char *fragment, size_t line,
    struct buf *key, struct fault *f)
{
	put_key(key, file, fragment);
	if (key->len > NAME_MAX_LEN - 64) {
		put_key(key, file, "");
		buf_printf(key, "#line %zu", line);
	}
	if (json_object_get(file->seen, key->p) != NULL)
		buf_printf(key, " line %zu", line);
	if (json_object_get(file->seen, key->p) != NULL)
		buf_printf(key, " (%zu)", file->subjects);
	if (buf_done(key, "key", f) == -1)
		return -1;
	return json_object_set_new(file->seen, key->p, json_true()) == -1
		   ? fault_memory(f)
		   : 0;
}

int
setting_emit(struct setting *s, const struct kind *k, const char *fragment,
    size_t line, struct fault *f)
{
	struct config_file *file = s->file;
	BUF_AUTO(key, 4 * NAME_MAX_LEN);

	if (file->subjects == CONFIG_SUBJECTS_MAX)
		return config_problem(
		    file, line, "more settings than are kept of one file");
	file->subjects++;
	if (file->dry)
		return 0;
	if (unique_key(file, fragment, line, &key, f) == -1)
		return -1;
	attrs_json(&s->a, "lines", json_incref(s->lines));
	attrs_json(&s->a, "unread", json_incref(s->unread));
	return emit_observed(file->e, k, key.p, &s->a, file->path, f);
}

bool
node_is_object(const struct node *root, const char *group, const char *kind)
{
	const char *version = node_text(node_get(root, "apiVersion"));

	return version != NULL && strncmp(version, group, strlen(group)) == 0 &&
	       node_is(node_get(root, "kind"), kind);
}

/* ------------------------------------------------- lists written as a text */

void
setting_words(struct setting *s, const char *column, const char *text,
    const char *between, size_t line)
{
	json_t *list = json_array();
	size_t n = 0;

	for (const char *p = text; list != NULL && *p != '\0'; n++) {
		size_t len = strcspn(p, between);

		if (n == CONFIG_LIST_MAX) {
			json_decref(list);
			setting_unread(s, column, line);
			return;
		}
		if (len > 0 &&
		    json_array_append_new(list, json_text(p, len)) == -1)
			s->a.failed = true;
		p += len + strspn(p + len, between);
	}
	if (list == NULL) {
		s->a.failed = true;
		return;
	}
	setting_line(s, column, line);
	attrs_json(&s->a, column, list);
}

void
setting_version(
    struct setting *s, const char *column, const char *text, size_t line)
{
	const char *v = tls_version(text);

	if (v == NULL) {
		setting_unread(s, column, line);
		return;
	}
	setting_line(s, column, line);
	attrs_str(&s->a, column, v);
}

/* Each word of text through what(); one that it does not know makes the
 * column unread. */
static void
put_known(struct setting *s, const char *column, const char *text,
    const char *between, size_t line,
    bool (*what)(const char *word, struct buf *out))
{
	BUF_AUTO(all, CONFIG_LIST_BYTES_MAX);

	for (const char *p = text; *p != '\0';) {
		size_t len = strcspn(p, between);
		char word[256];

		if (len >= sizeof(word)) {
			setting_unread(s, column, line);
			return;
		}
		memcpy(word, p, len);
		word[len] = '\0';
		if (len > 0 && !what(word, &all)) {
			setting_unread(s, column, line);
			return;
		}
		buf_putc(&all, ' ');
		p += len + strspn(p + len, between);
	}
	if (all.failed != FAULT_NONE)
		setting_unread(s, column, line);
	else
		setting_words(s, column, all.p != NULL ? all.p : "", " ", line);
}

static bool
version_word(const char *word, struct buf *out)
{
	const char *v = tls_version(word);

	if (v != NULL)
		buf_puts(out, v);
	return v != NULL;
}

void
setting_versions(
    struct setting *s, const char *column, const char *text, size_t line)
{
	put_known(s, column, text, " ", line, version_word);
}

/* A word of OpenSSL's cipher list: a suite's name goes into all; one that adds
 * nothing ("!aNULL", "-SHA", "+RSA", "@STRENGTH") is passed over. False: a
 * class such as HIGH, whose suites the library decides. */
static bool
suite_word(const char *p, size_t len, struct buf *all)
{
	char word[256];

	if (len == 0 || strchr("!-+@", p[0]) != NULL)
		return true;
	if (len >= sizeof(word))
		return false;
	memcpy(word, p, len);
	word[len] = '\0';
	if (!tls_suite(word, all))
		return false;
	buf_putc(all, ' ');
	return true;
}

void
setting_suites(
    struct setting *s, const char *column, const char *text, size_t line)
{
	static const char between[] = ":, []|;";
	bool classes = false;
	BUF_AUTO(all, CONFIG_LIST_BYTES_MAX);

	for (const char *p = text; *p != '\0';) {
		size_t len = strcspn(p, between);

		classes |= !suite_word(p, len, &all);
		p += len + strspn(p + len, between);
	}
	if (all.failed == FAULT_NONE && all.len > 0)
		setting_words(s, column, all.p, " ", line);
	if (classes || all.failed != FAULT_NONE || all.len == 0)
		setting_unread(s, column, line);
}
