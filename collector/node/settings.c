/* See settings.h. */
#include "collector/node/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "collector/kit/openssl_conf.h"
#include "collector/node/node_parse.h"
#include "collector/node/source.h"

struct reading_of {
	const char *path;
	struct span service;
	int (*take)(void *ctx, const struct variable *v, struct fault *f);
	void *ctx;
};

static int
tell(const struct reading_of *at, struct span name, struct span value,
    struct fault *f)
{
	const struct variable v = { at->path, name, value, at->service };

	return at->take(at->ctx, &v, f);
}

/* sh assignments, which /etc/environment looks like too. */
static int
read_shell(const struct reading_of *at, struct span text, struct fault *f)
{
	struct span name;
	bool append, joined;

	while (shell_assignment(&text, &name, &append)) {
		static const struct shell_vars none = { shell_unknown, NULL };
		BUF_AUTO(value, GRUB_VALUE_MAX);
		size_t murky = 0;

		if (shell_word(&text, &none, &value, &murky, &joined, f) == -1)
			return -1;
		if (value.failed == FAULT_NONE &&
		    tell(at, name,
			(struct span){
			    value.len > 0 ? value.p : "", value.len },
			f) == -1)
			return -1;
	}
	return 0;
}

/* One word of Environment=: quotes around it or in it come off. */
static bool
unit_word(struct span *rest, struct buf *out)
{
	char quote = '\0';

	buf_reset(out);
	while (rest->len > 0 && memchr(" \t", rest->p[0], 2) != NULL) {
		rest->p++;
		rest->len--;
	}
	if (rest->len == 0)
		return false;
	for (; rest->len > 0; rest->p++, rest->len--) {
		char c = rest->p[0];

		if (quote == '\0' && (c == ' ' || c == '\t'))
			break;
		if (quote == '\0' && (c == '"' || c == '\''))
			quote = c;
		else if (quote != '\0' && c == quote)
			quote = '\0';
		else
			buf_putc(out, c);
	}
	return out->failed == FAULT_NONE;
}

enum unit_line { UNIT_OTHER, UNIT_VARIABLES, UNIT_FILE, UNIT_COMMAND };

static enum unit_line
unit_line_of(struct span key)
{
	static const char *const variables[] = { "DefaultEnvironment",
		"Environment", "ManagerEnvironment" };

	for (size_t i = 0; i < LENGTH(variables); i++)
		if (span_is(key, variables[i]))
			return UNIT_VARIABLES;
	if (span_is(key, SETTINGS_FILE))
		return UNIT_FILE;
	return span_starts(key, "Exec") ? UNIT_COMMAND : UNIT_OTHER;
}

/* Each NAME=value among the words of a word: of a command for sh -c, several.
 */
static int
tell_words(const struct reading_of *at, struct span word, struct fault *f)
{
	struct span one, name, value;

	while (span_word(&word, &one)) {
		name = span_until(one, '=', &value);
		if (value.p != NULL && tell(at, name, value, f) == -1)
			return -1;
	}
	return 0;
}

static int
read_unit_value(const struct reading_of *at, enum unit_line what,
    struct span value, struct fault *f)
{
	struct span name, set;
	BUF_AUTO(word, GRUB_VALUE_MAX);
	int rc = 0;

	while (rc == 0 && unit_word(&value, &word)) {
		set = (struct span){ word.len > 0 ? word.p : "", word.len };
		if (what == UNIT_COMMAND) {
			rc = tell_words(at, set, f);
		} else if (what == UNIT_FILE) {
			if (span_starts(set, "-"))
				set = (struct span){ set.p + 1, set.len - 1 };
			rc = tell(at, span_of(SETTINGS_FILE), set, f);
		} else {
			name = span_until(set, '=', &set);
			if (set.p != NULL)
				rc = tell(at, name, set, f);
		}
	}
	return rc;
}

/* Environment= of units, DefaultEnvironment= of the manager. */
static int
read_unit(const struct reading_of *at, struct span text, struct fault *f)
{
	enum unit_line what = UNIT_OTHER;
	bool continued = false;
	struct span line, value;

	while (span_line(&text, &line)) {
		line = span_trim(line);
		/* also between continued lines (systemd.syntax(7)) */
		if (line.len > 0 && (line.p[0] == '#' || line.p[0] == ';'))
			continue;
		value = line;
		if (!continued) {
			struct span key = span_until(line, '=', &value);

			what = value.p == NULL ? UNIT_OTHER
					       : unit_line_of(span_trim(key));
		}
		continued = span_ends(line, "\\");
		if (what == UNIT_OTHER)
			continue;
		value.len -= continued && value.len > 0;
		if (read_unit_value(at, what, value, f) == -1)
			return -1;
	}
	return 0;
}

/* NAME DEFAULT=value OVERRIDE=value */
static int
read_pam(const struct reading_of *at, struct span text, struct fault *f)
{
	struct span line, name, word, value;

	while (span_line(&text, &line)) {
		if (!span_word(&line, &name) || name.p[0] == '#')
			continue;
		while (span_word(&line, &word)) {
			(void)span_until(word, '=', &value);
			if (value.p == NULL)
				continue;
			if (value.len > 1 && value.p[0] == '"')
				value =
				    (struct span){ value.p + 1, value.len - 2 };
			if (tell(at, name, value, f) == -1)
				return -1;
		}
	}
	return 0;
}

/* Files of variables that are not of sh, by what their paths hold and how they
 * end. */
static const struct settings_file {
	const char *part, *suffix;
	int (*read)(const struct reading_of *, struct span, struct fault *);
} files[] = {
	{ "/security/pam_env.conf", "", read_pam },
	{ "/systemd/", ".conf", read_unit },
	{ "/systemd/", ".service", read_unit },
};

/* "sshd.service" of ".../sshd.service" and ".../sshd.service.d/x.conf". */
static struct span
service_of(const char *path)
{
	struct span rest = span_of(path), part;

	while (rest.p != NULL) {
		part = span_until(rest, '/', &rest);
		if (span_ends(part, ".service"))
			return part;
		if (span_ends(part, ".service.d"))
			return (struct span){ part.p, part.len - 2 };
	}
	return (struct span){ NULL, 0 };
}

int
settings_each(const char *path, struct span text,
    int (*take)(void *ctx, const struct variable *v, struct fault *f),
    void *ctx, struct fault *f)
{
	const struct reading_of at = { path, service_of(path), take, ctx };
	const struct span name = span_of(path);

	for (size_t i = 0; i < LENGTH(files); i++)
		if (strstr(path, files[i].part) != NULL &&
		    span_ends(name, files[i].suffix))
			return files[i].read(&at, text, f);
	return read_shell(&at, text, f);
}

bool
settings_masked(const struct entry *e)
{
	return e->type == ENTRY_LINK && e->target != NULL &&
	       strcmp(e->target, "/dev/null") == 0;
}

bool
settings_is_path(struct span value)
{
	return value.len > 1 && value.p[0] == '/' &&
	       span_only(value, ALNUM "/._@:+,=-");
}

/* ---- what they name ---- */

struct search {
	struct span name; /* of the variable */
	const char *rest; /* what its value is followed by */
	int (*take)(void *ctx, const char *path, struct fault *f);
	void *ctx;
};

struct span
settings_item(const char *path, const char **rest)
{
	const char *slash = strchr(path, '/');

	*rest = slash == NULL ? "" : slash;
	return (struct span){ path + 1,
		(slash == NULL ? strlen(path) : (size_t)(slash - path)) - 1 };
}

static int
found(const struct search *q, struct span value, struct fault *f)
{
	char path[ENTRY_PATH_MAX];
	int n;

	if (!settings_is_path(value))
		return 0;
	n = snprintf(
	    path, sizeof(path), "%.*s%s", (int)value.len, value.p, q->rest);
	if (n < 0 || (size_t)n >= sizeof(path))
		return 0;
	return q->take(q->ctx, path, f);
}

static int
found_variable(void *ctx, const struct variable *v, struct fault *f)
{
	const struct search *q = ctx;

	if (v->name.len != q->name.len ||
	    memcmp(v->name.p, q->name.p, q->name.len) != 0)
		return 0;
	return found(q, v->value, f);
}

static int
found_include(void *ctx, struct conf *c, const char *path, struct fault *f)
{
	c->blind = true;
	return found(ctx, span_of(path), f);
}

static int
search_conf(struct search *q, struct span text, struct fault *f)
{
	struct fault why = { 0 };
	struct conf c;
	int rc;

	conf_init(&c);
	c.include = found_include;
	c.ctx = q;
	rc = conf_read(&c, text, &why);
	conf_free(&c);
	if (rc == -1 && why.kind == FAULT_IO) {
		*f = why;
		return -1;
	}
	return 0; /* what is not of its form is told where it is judged */
}

static int
search_entry(struct search *q, const struct entry *e, struct fault *f)
{
	const struct span text = { e->bytes.len > 0 ? e->bytes.p : "",
		e->bytes.len };
	struct fault why = { 0 };

	if (e->outcome != OUTCOME_OBSERVED)
		return 0;
	if (span_is(q->name, ".include"))
		return (e->flags & M_NAMED) &&
			       !(e->flags & (M_SETTINGS | M_DIGEST))
			   ? search_conf(q, text, f)
			   : 0;
	if (!(e->flags & M_SETTINGS) ||
	    settings_each(e->path, text, found_variable, q, &why) == 0 ||
	    why.kind != FAULT_IO)
		return 0;
	*f = why;
	return -1;
}

int
settings_named(const struct snapshot *s, const struct manifest_item *item,
    int (*take)(void *ctx, const char *path, struct fault *f), void *ctx,
    struct fault *f)
{
	struct search q = { .take = take, .ctx = ctx };

	q.name = settings_item(item->path, &q.rest);
	for (size_t i = 0; i < s->n; i++)
		if (search_entry(&q, &s->entries[i], f) == -1)
			return -1;
	return 0;
}
