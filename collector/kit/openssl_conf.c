/* See conf.h. */
#include "collector/kit/openssl_conf.h"

#include <stdlib.h>
#include <string.h>

const char *const openssl_config_paths[] = {
	"/etc/pki/tls/openssl.cnf",
	"/etc/ssl/openssl.cnf",
	"/usr/lib/ssl/openssl.cnf",
	"/usr/local/ssl/openssl.cnf",
	NULL,
};

const char *const openssl_module_config_paths[] = {
	"/etc/pki/tls/fipsmodule.cnf",
	"/etc/ssl/fipsmodule.cnf",
	"/usr/lib/ssl/fipsmodule.cnf",
	"/usr/local/ssl/fipsmodule.cnf",
	NULL,
};

void
conf_init(struct conf *c)
{
	*c = (struct conf){ .text = { .max = CONF_TEXT_MAX },
		.section = { .max = CONF_LINE_MAX } };
}

void
conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	buf_free(&c->text);
	buf_free(&c->section);
	free(c->values);
	c->values = NULL;
	c->n = c->cap = 0;
}

/* The offset of a new string; failures stick to c->text. */
static size_t
keep(struct conf *c, const char *p, size_t len)
{
	size_t at = c->text.len;

	if (len > 0)
		buf_put(&c->text, p, len);
	buf_putc(&c->text, '\0');
	return at;
}

static int
add_value(struct conf *c, struct span section, struct span name,
    const struct buf *value, bool murky, struct fault *f)
{
	struct conf_value v = { .murky = murky };

	if (c->n == CONF_VALUES_MAX)
		return fault(
		    f, FAULT_LIMIT, "more than %d values", CONF_VALUES_MAX);
	if (c->n == c->cap) {
		size_t cap = c->cap == 0 ? 64 : 2 * c->cap;
		struct conf_value *more =
		    reallocarray(c->values, cap, sizeof(*more));

		if (more == NULL)
			return fault_memory(f);
		c->values = more;
		c->cap = cap;
	}
	v.section = keep(c, section.p, section.len);
	v.name = keep(c, name.p, name.len);
	v.value = keep(c, value->p, value->len);
	if (buf_done(&c->text, "configuration", f) == -1)
		return -1;
	c->values[c->n++] = v;
	return 0;
}

/* Append one line and those its last backslash joins to it, without comment.
 * A # in quotes or behind a backslash is no comment. */
static void
logical_line(struct span *rest, struct buf *out)
{
	struct span line;
	char quote = '\0';
	bool more = true;

	while (more && span_line(rest, &line)) {
		size_t n = 0;

		more = false;
		for (; n < line.len; n++) {
			char c = line.p[n];

			if (c == '\\') {
				more = n + 1 == line.len;
				if (more)
					break;
				n++;
			} else if (quote != '\0') {
				if (c == quote)
					quote = '\0';
			} else if (c == '"' || c == '\'' || c == '`') {
				quote = c;
			} else if (c == '#') {
				break;
			}
		}
		if (n > 0)
			buf_put(out, line.p, n < line.len ? n : line.len);
	}
}

/* Quotes and escapes taken off, as str_copy() in crypto/conf/conf_def.c. */
static void
unquote(struct span s, struct buf *out, bool *murky)
{
	static const char from[] = "rnbt", to[] = "\r\n\b\t";
	char quote = '\0';

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		const char *e;

		if (c == '\\' && i + 1 < s.len) {
			c = s.p[++i];
			e = strchr(from, c);
			buf_putc(out, e != NULL ? to[e - from] : c);
		} else if (quote != '\0' && c == quote) {
			quote = '\0';
		} else if (quote == '\0' &&
			   (c == '"' || c == '\'' || c == '`')) {
			quote = c;
		} else {
			*murky |= c == '$';
			buf_putc(out, c);
		}
	}
}

static int
include(struct conf *c, struct span path, struct fault *f)
{
	BUF_AUTO(name, CONF_LINE_MAX);
	bool murky = false;
	int rc = 0;

	path = span_trim(path);
	if (span_starts(path, "="))
		path = span_trim((struct span){ path.p + 1, path.len - 1 });
	unquote(path, &name, &murky);
	if (buf_done(&name, ".include", f) == -1)
		return -1;
	if (c->nincludes == CONF_INCLUDES_MAX || c->depth >= CONF_DEPTH_MAX)
		return fault(f, FAULT_LIMIT,
		    "more than %d includes, or deeper than %d",
		    CONF_INCLUDES_MAX, CONF_DEPTH_MAX);
	c->includes[c->nincludes++] = keep(c, name.p, name.len);
	if (buf_done(&c->text, "configuration", f) == -1)
		return -1;
	if (murky || name.len == 0 || name.p[0] != '/' || c->include == NULL) {
		c->blind = true; /* relative to what, we cannot know */
		return 0;
	}
	c->depth++;
	rc = c->include(c->ctx, c, name.p, f);
	c->depth--;
	return rc;
}

static int
assignment(struct conf *c, struct span section, struct span line, size_t at,
    struct fault *f)
{
	struct span name = span_trim((struct span){ line.p, at }), rest;
	BUF_AUTO(value, CONF_LINE_MAX);
	bool murky = false;

	for (size_t i = 0; i + 1 < name.len; i++)
		if (name.p[i] == ':' && name.p[i + 1] == ':') {
			section = (struct span){ name.p, i };
			name =
			    (struct span){ name.p + i + 2, name.len - i - 2 };
			break;
		}
	rest = span_trim((struct span){ line.p + at + 1, line.len - at - 1 });
	unquote(rest, &value, &murky);
	if (buf_done(&value, "value", f) == -1)
		return -1;
	return add_value(c, section, name, &value, murky, f);
}

static int
directive(struct conf *c, struct span line, struct fault *f)
{
	const char *equals;

	if (line.p[0] == '[') {
		const char *end = memchr(line.p, ']', line.len);
		struct span name;

		if (end == NULL)
			return fault(
			    f, FAULT_FORMAT, "a section's ] is missing");
		name = span_trim(
		    (struct span){ line.p + 1, (size_t)(end - line.p) - 1 });
		buf_reset(&c->section);
		if (name.len > 0)
			buf_put(&c->section, name.p, name.len);
		return buf_done(&c->section, "section", f);
	}
	if (span_starts(line, ".include") && line.len > 8 &&
	    memchr(" \t=\"", line.p[8], 4) != NULL)
		return include(c, (struct span){ line.p + 8, line.len - 8 }, f);
	if (span_starts(line, ".pragma")) {
		/* abspath and dollarid change how the rest is read */
		c->blind = true;
		return 0;
	}
	equals = memchr(line.p, '=', line.len);
	if (equals == NULL)
		return fault(f, FAULT_FORMAT, "a line without an equal sign");
	return assignment(c,
	    (struct span){
		c->section.len > 0 ? c->section.p : "", c->section.len },
	    line, (size_t)(equals - line.p), f);
}

int
conf_read(struct conf *c, struct span text, struct fault *f)
{
	BUF_AUTO(line, CONF_LINE_MAX);

	if (text.len > 0 && memchr(text.p, '\0', text.len) != NULL)
		return fault(f, FAULT_FORMAT, "a NUL byte");
	if (span_starts(text, "\xef\xbb\xbf")) { /* a UTF-8 mark is skipped */
		text.p += 3;
		text.len -= 3;
	}
	/* an included file goes on in the section it is included from, and
	 * leaves its own last one behind */
	if (c->depth == 0) {
		buf_reset(&c->section);
		buf_puts(&c->section, "default");
	}
	while (text.p != NULL && text.len > 0) {
		struct span s;

		buf_reset(&line);
		logical_line(&text, &line);
		if (buf_done(&line, "line", f) == -1)
			return -1;
		s = span_trim((struct span){ line.p, line.len });
		if (s.len > 0 && directive(c, s, f) == -1)
			return -1;
	}
	return 0;
}

/* skip_dot() of crypto/provider_conf.c: "1.fips" is fips. */
static const char *
skip_dot(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot == NULL ? name : dot + 1;
}

const struct conf_value *
conf_get(const struct conf *c, const char *section, const char *name)
{
	for (size_t i = c->n; i > 0; i--) {
		const struct conf_value *v = &c->values[i - 1];
		const char *has = conf_text(c, v->name);

		if (strcmp(conf_text(c, v->section), section) == 0 &&
		    (strcmp(has, name) == 0 ||
			strcmp(skip_dot(has), name) == 0))
			return v;
	}
	return NULL;
}

bool
conf_includes(const struct conf *c, const char *path)
{
	for (size_t i = 0; i < c->nincludes; i++)
		if (strcmp(conf_text(c, c->includes[i]), path) == 0)
			return true;
	return false;
}

static bool
is_one_of(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcasecmp(s, *words) == 0)
			return true;
	return false;
}

static enum tri
activates(const struct conf_value *v, const struct conf *c, const char *library)
{
	static const char *const yes[] = { "1", "yes", "true", "on", NULL };

	if (v == NULL)
		return TRI_NO;
	if (!v->murky && is_one_of(conf_text(c, v->value), yes))
		return TRI_YES;
	if (library[0] == '\0')
		return TRI_UNKNOWN;
	if (strncmp(library, "3.0.", 4) == 0 ||
	    strncmp(library, "3.1.", 4) == 0)
		return TRI_YES;
	return v->murky ? TRI_UNKNOWN : TRI_NO;
}

/* What follows openssl_conf = x, [x] name = y. false: nothing configured. */
static bool
module_section(
    const struct conf *c, const char *name, const char **section, bool *unknown)
{
	const struct conf_value *v = conf_get(c, "default", "openssl_conf");

	if (v != NULL && !v->murky)
		v = conf_get(c, conf_text(c, v->value), name);
	if (v == NULL)
		return false;
	*unknown |= v->murky;
	*section = conf_text(c, v->value);
	return !v->murky;
}

static enum tri
either(enum tri a, enum tri b)
{
	if (a == TRI_YES || b == TRI_YES)
		return TRI_YES;
	return a == TRI_UNKNOWN || b == TRI_UNKNOWN ? TRI_UNKNOWN : TRI_NO;
}

void
conf_providers(
    const struct conf *c, const char *library, struct conf_providers *out)
{
	const struct conf_value *v;
	const char *section;
	bool unknown = c->blind;
	enum tri any = TRI_NO;

	*out = (struct conf_providers){ TRI_NO, TRI_NO, NULL };
	if (module_section(c, "alg_section", &section, &unknown) &&
	    (v = conf_get(c, section, "default_properties")) != NULL &&
	    !v->murky)
		out->properties = conf_text(c, v->value);
	if (module_section(c, "providers", &section, &unknown))
		for (size_t i = 0; i < c->n; i++) {
			const struct conf_value *p = &c->values[i];
			const char *name = skip_dot(conf_text(c, p->name));
			const char *own = conf_text(c, p->value);
			enum tri on;

			if (strcmp(conf_text(c, p->section), section) != 0 ||
			    conf_get(c, section, name) != p)
				continue;
			if ((v = conf_get(c, own, "identity")) != NULL)
				name = conf_text(c, v->value);
			on = p->murky ? TRI_UNKNOWN
				      : activates(conf_get(c, own, "activate"),
					    c, library);
			any = either(any, on);
			if (strcmp(name, "fips") == 0)
				out->fips = either(out->fips, on);
			if (strcmp(name, "default") == 0)
				out->by_default = either(out->by_default, on);
		}
	/* the default provider serves where no other one is activated */
	if (any == TRI_NO)
		out->by_default = TRI_YES;
	else if (any == TRI_UNKNOWN && out->by_default == TRI_NO)
		out->by_default = TRI_UNKNOWN;
	if (unknown)
		*out =
		    (struct conf_providers){ TRI_UNKNOWN, TRI_UNKNOWN, NULL };
}
