/*
 * nginx: for each server of TLS the protocols and ciphers that hold for it,
 * its own or those of the http block around it. An include is not opened;
 * what it might set is then unknown.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/settings/config_parts.h"

#define WORD_MAX 4096
#define WORDS_MAX 64
#define BLOCKS_MAX 16 /* nested */

struct directive {
	char *words[WORDS_MAX]; /* borrowed from text */
	size_t n, line;
};

struct level { /* what holds in a block */
	bool server, includes, tls;
	size_t line; /* of the block */
	struct {
		char *value; /* words joined by a blank; owned by the arena */
		size_t line;
	} protocols, ciphers, name;
};

struct nginx {
	struct span rest;
	size_t line;
	struct arena *arena;
	struct config_file *file;
	struct level levels[BLOCKS_MAX];
	size_t depth;
	size_t servers;
};

enum token { TOKEN_END, TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_SEMICOLON };

static void
skip(struct nginx *x)
{
	struct span *r = &x->rest;

	while (r->len > 0 && strchr(" \t\r\n#", r->p[0]) != NULL &&
	       r->p[0] != '\0') {
		if (r->p[0] == '#')
			while (r->len > 0 && r->p[0] != '\n')
				r->p++, r->len--;
		if (r->len == 0)
			return;
		x->line += r->p[0] == '\n';
		r->p++, r->len--;
	}
}

/* A word, quotes taken off; false: not closed, or too long. */
static bool
word(struct nginx *x, struct buf *out)
{
	struct span *r = &x->rest;
	char quote = r->p[0] == '"' || r->p[0] == '\'' ? r->p[0] : '\0';

	if (quote != '\0')
		r->p++, r->len--;
	while (r->len > 0) {
		char c = r->p[0];

		if (quote != '\0' ? c == quote
				  : strchr(" \t\r\n;{}", c) != NULL)
			break;
		if (c == '$' && r->len > 1 && r->p[1] == '{') { /* ${name} */
			while (r->len > 1 && r->p[0] != '}') {
				buf_putc(out, r->p[0]);
				r->p++, r->len--;
			}
			c = r->p[0];
		}
		if (c == '\\' && r->len > 1) {
			r->p++, r->len--;
			c = r->p[0];
		}
		x->line += c == '\n';
		buf_putc(out, c);
		r->p++, r->len--;
	}
	if (quote != '\0' && r->len == 0)
		return false;
	if (quote != '\0')
		r->p++, r->len--;
	return out->failed == FAULT_NONE;
}

static bool
token(struct nginx *x, struct buf *out, enum token *t)
{
	skip(x);
	*t = TOKEN_END;
	if (x->rest.len == 0)
		return true;
	*t = x->rest.p[0] == '{'   ? TOKEN_OPEN
	     : x->rest.p[0] == '}' ? TOKEN_CLOSE
	     : x->rest.p[0] == ';' ? TOKEN_SEMICOLON
				   : TOKEN_WORD;
	if (*t == TOKEN_WORD)
		return word(x, out);
	x->rest.p++;
	x->rest.len--;
	return true;
}

static char *
joined(struct nginx *x, const struct directive *d, struct fault *f)
{
	char *s;
	BUF_AUTO(b, WORD_MAX);

	for (size_t i = 1; i < d->n; i++)
		buf_printf(&b, "%s%s", i > 1 ? " " : "", d->words[i]);
	s = arena_str(x->arena, b.p != NULL ? b.p : "");
	if (s == NULL)
		(void)fault_memory(f);
	return s;
}

static int
apply(struct nginx *x, const struct directive *d, struct fault *f)
{
	struct level *v = &x->levels[x->depth];
	const char *name = d->words[0];
	char *text = joined(x, d, f);

	if (text == NULL)
		return -1;
	if (strcmp(name, "ssl_protocols") == 0) {
		v->protocols.value = text;
		v->protocols.line = d->line;
	} else if (strcmp(name, "ssl_ciphers") == 0) {
		v->ciphers.value = text;
		v->ciphers.line = d->line;
	} else if (strcmp(name, "server_name") == 0) {
		v->name.value = text;
	} else if (strcmp(name, "include") == 0) {
		v->includes |= strstr(text, "mime.types") == NULL;
	} else if (strcmp(name, "listen") == 0) {
		for (size_t i = 1; i < d->n; i++)
			v->tls |= strcmp(d->words[i], "ssl") == 0 ||
				  strcmp(d->words[i], "quic") == 0;
	} else if (strcmp(name, "ssl_certificate") == 0 ||
		   (strcmp(name, "ssl") == 0 && strcmp(text, "on") == 0)) {
		v->tls = true;
	}
	return 0;
}

static int
put_server(struct nginx *x, const struct level *v, struct fault *f)
{
	struct setting s;
	int rc = setting_begin(&s, x->file, v->line, f);
	const char *name = v->name.value != NULL ? v->name.value : "server";
	BUF_AUTO(key, NAME_MAX_LEN);

	if (rc == 0) {
		attrs_str(&s.a, "component", "nginx");
		attrs_str(&s.a, "name", name);
		attrs_bool(&s.a, "includes", v->includes);
		if (v->protocols.value != NULL)
			setting_versions(&s, "versions", v->protocols.value,
			    v->protocols.line);
		if (v->ciphers.value != NULL)
			setting_suites(
			    &s, "suites", v->ciphers.value, v->ciphers.line);
		key_part(&key, name);
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc = setting_emit(&s, &config_tls_kind, key.p, v->line, f);
	setting_free(&s);
	return rc;
}

static int
open_block(struct nginx *x, const struct directive *d, struct fault *f)
{
	struct level v = x->levels[x->depth];

	if (x->depth + 1 == BLOCKS_MAX)
		return fault(f, FAULT_LIMIT, "line %zu: nested deeper than %d",
		    x->line, BLOCKS_MAX);
	v.server = d->n > 0 && strcmp(d->words[0], "server") == 0 && d->n == 1;
	if (v.server) {
		v.line = d->line;
		v.name.value = NULL;
		v.tls = false; /* a certificate around it opens no port */
	}
	x->levels[++x->depth] = v;
	return 0;
}

static int
close_block(struct nginx *x, struct fault *f)
{
	const struct level *v = &x->levels[x->depth];

	if (x->depth == 0)
		return fault(f, FAULT_FORMAT, "line %zu: a '}' without its '{'",
		    x->line);
	x->depth--;
	if (!v->server || !v->tls)
		return 0;
	x->servers++;
	return put_server(x, v, f);
}

/* One directive or block; *end at the end of the text. */
static int
statement(struct nginx *x, bool *end, struct fault *f)
{
	struct directive d = { 0 };
	enum token t;

	for (;;) {
		BUF_AUTO(b, WORD_MAX);

		if (!token(x, &b, &t))
			return fault(f, FAULT_FORMAT,
			    "line %zu: a word without an end", x->line);
		if (t != TOKEN_WORD)
			break;
		if (d.n == 0)
			d.line = x->line;
		if (d.n < WORDS_MAX && (d.words[d.n++] = arena_str(x->arena,
					    b.p != NULL ? b.p : "")) == NULL)
			return fault_memory(f);
	}
	*end = t == TOKEN_END;
	if (t == TOKEN_OPEN)
		return open_block(x, &d, f);
	if (t == TOKEN_CLOSE)
		return d.n > 0 ? fault(f, FAULT_FORMAT,
				     "line %zu: no ';' before '}'", x->line)
			       : close_block(x, f);
	if (t == TOKEN_END && (d.n > 0 || x->depth > 0))
		return fault(f, FAULT_FORMAT,
		    "line %zu: the file ends in a block", x->line);
	return d.n > 0 ? apply(x, &d, f) : 0;
}

/* A snippet without a server: its settings are judged as one. */
static int
put_snippet(struct nginx *x, struct fault *f)
{
	struct level *v = &x->levels[0];

	v->line =
	    v->protocols.value != NULL ? v->protocols.line : v->ciphers.line;
	if (x->servers > 0 || v->line == 0)
		return 0;
	return put_server(x, v, f);
}

static int
read_nginx(struct config_file *file, const struct node *root, struct fault *f)
{
	struct nginx *x = calloc(1, sizeof(*x));
	struct fault why = { 0 };
	bool end = false;
	int rc = 0;

	(void)root;
	if (x == NULL || (x->arena = arena_new()) == NULL) {
		free(x);
		return fault_memory(f);
	}
	x->rest = file->text;
	x->line = 1;
	x->file = file;
	while (rc == 0 && !end)
		rc = statement(x, &end, &why);
	if (rc == 0)
		rc = put_snippet(x, &why);
	if (rc == -1 && (why.kind == FAULT_FORMAT || why.kind == FAULT_LIMIT))
		rc = config_problem_of(file, &why);
	else if (rc == -1)
		*f = why;
	arena_free(x->arena);
	free(x);
	return rc;
}

static bool
looks_nginx(struct span text)
{
	struct span line;

	while (span_line(&text, &line)) {
		struct span s = span_trim(line);

		if (span_starts(s, "ssl_protocols ") ||
		    span_starts(s, "ssl_ciphers ") ||
		    ((span_starts(s, "server") || span_starts(s, "http") ||
			 span_starts(s, "events")) &&
			span_ends(s, "{")))
			return true;
	}
	return false;
}

extern const struct config_type config_nginx; /* in config_type.c */

const struct config_type config_nginx = {
	.name = "nginx",
	.looks = looks_nginx,
	.read = read_nginx,
};
