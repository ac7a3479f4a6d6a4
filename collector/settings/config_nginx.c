/*
 * nginx: for each server of TLS the protocols, suites and groups that hold for
 * it, its own or those of the blocks around it, in whatever order they stand
 * (ngx_http_ssl_module). Includes are followed inside the tree; what one
 * outside it might set is unknown.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"

#include "collector/settings/config_parts.h"

#define WORD_MAX 4096
#define WORDS_MAX 64
#define BLOCKS_MAX 16 /* nested */
#define SERVERS_MAX 2000
#define HOME "/etc/nginx"

struct directive {
	char *words[WORDS_MAX]; /* of the arena */
	size_t n, line;
};

struct value {
	char *text; /* words joined by a blank; of the arena */
	size_t line;
};

/* What ssl_conf_command gives OpenSSL (SSL_CONF_cmd(3)); a block that has any
 * has none of those around it. */
struct commands {
	struct value suites13, ciphers, groups;
	size_t versions; /* line of one that sets versions */
	size_t other;	 /* line of one that is not known */
	bool any;
};

enum { PROTOCOLS, CIPHERS, GROUPS, NAME, VALUES };

struct level { /* what stands in a block */
	struct level *around;
	bool server, includes, listens, on;
	size_t line; /* of the block */
	struct value own[VALUES];
	struct commands commands;
};

struct nginx {
	struct span rest;
	size_t line;
	size_t include_line; /* in the main file; 0: in it */
	int includes;	     /* nested */
	struct arena *arena;
	struct config_file *file;
	struct level *level;
	int depth;
	struct level *servers[SERVERS_MAX];
	size_t nservers;
	bool full;
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

		if (quote != '\0'
			? c == quote
			: c != '\0' && strchr(" \t\r\n;{}", c) != NULL)
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
joined(struct nginx *x, const struct directive *d, size_t from, struct fault *f)
{
	char *s;
	BUF_AUTO(b, WORD_MAX);

	for (size_t i = from; i < d->n; i++)
		buf_printf(&b, "%s%s", i > from ? " " : "", d->words[i]);
	s = arena_str(x->arena, b.p != NULL ? b.p : "");
	if (s == NULL)
		(void)fault_memory(f);
	return s;
}

/* ---- directives ---- */

static int parse(struct nginx *x, struct span text, struct fault *f);

static int
take_included(void *ctx, struct span text, struct fault *f)
{
	struct nginx *x = ctx;
	struct span rest = x->rest;
	size_t line = x->line, depth_line = x->include_line;
	int rc;

	if (x->includes == CONFIG_INCLUDE_DEPTH_MAX)
		return fault(f, FAULT_LIMIT,
		    "line %zu: includes nested deeper than %d", x->include_line,
		    CONFIG_INCLUDE_DEPTH_MAX);
	x->includes++;
	if (x->include_line == 0)
		x->include_line = line;
	rc = parse(x, text, f);
	x->includes--;
	x->rest = rest;
	x->line = line;
	x->include_line = depth_line;
	return rc;
}

static int
apply_include(struct nginx *x, const char *pattern, struct fault *f)
{
	int rc = config_include(x->file, pattern, HOME, take_included, x, f);

	/* types of files are of no interest, wherever they stand */
	if (rc == 1 && strstr(pattern, "mime.types") == NULL)
		x->level->includes = true;
	return rc == -1 ? -1 : 0;
}

static void
apply_command(struct nginx *x, const struct directive *d, char *text)
{
	static const char *const versions[] = { "Protocol", "MinProtocol",
		"MaxProtocol" };
	static const char *const harmless[] = { "Options", "VerifyMode",
		"NumTickets", "RecordPadding", "SignatureAlgorithms",
		"ClientSignatureAlgorithms" };
	struct commands *c = &x->level->commands;
	const char *name = d->n > 1 ? d->words[1] : "";
	struct value v = { text, d->line };

	c->any = true;
	if (strcasecmp(name, "Ciphersuites") == 0)
		c->suites13 = v;
	else if (strcasecmp(name, "CipherString") == 0)
		c->ciphers = v;
	else if (strcasecmp(name, "Groups") == 0 ||
		 strcasecmp(name, "Curves") == 0)
		c->groups = v;
	else
		c->other = d->line;
	for (size_t i = 0; i < LENGTH(versions); i++)
		if (strcasecmp(name, versions[i]) == 0) {
			c->versions = d->line;
			c->other = c->other == d->line ? 0 : c->other;
		}
	for (size_t i = 0; i < LENGTH(harmless); i++)
		if (strcasecmp(name, harmless[i]) == 0 && c->other == d->line)
			c->other = 0;
}

static void
apply_listen(struct level *v, const struct directive *d)
{
	for (size_t i = 1; i < d->n; i++)
		v->listens |= strcmp(d->words[i], "ssl") == 0 ||
			      strcmp(d->words[i], "quic") == 0;
}

static int
apply(struct nginx *x, struct directive *d, struct fault *f)
{
	static const char *const names[VALUES] = { "ssl_protocols",
		"ssl_ciphers", "ssl_ecdh_curve", "server_name" };
	struct level *v = x->level;
	const char *name = d->words[0];
	bool command = strcmp(name, "ssl_conf_command") == 0;
	char *text = joined(x, d, command ? 2 : 1, f);

	if (text == NULL)
		return -1;
	if (strcmp(name, "include") == 0)
		return apply_include(x, text, f);
	if (x->include_line > 0) /* where the main file brings it in */
		d->line = x->include_line;
	for (int i = 0; i < VALUES; i++)
		if (strcmp(name, names[i]) == 0)
			v->own[i] = (struct value){ text, d->line };
	if (command)
		apply_command(x, d, text);
	else if (strcmp(name, "listen") == 0)
		apply_listen(v, d);
	else if (strcmp(name, "ssl_certificate") == 0)
		v->listens |= v->server;
	else if (strcmp(name, "ssl") == 0 && strcmp(text, "on") == 0)
		v->on = true;
	return 0;
}

/* ---- servers, once everything around them is known ---- */

static struct value
inherited(const struct level *v, int which)
{
	struct value none = { NULL, 0 };

	while (v != NULL && v->own[which].text == NULL)
		v = v->around;
	return v != NULL ? v->own[which] : none;
}

static const struct commands *
commands_of(const struct level *v)
{
	static const struct commands none;

	while (v != NULL && !v->commands.any)
		v = v->around;
	return v != NULL ? &v->commands : &none;
}

static bool
any_around(const struct level *v, bool (*has)(const struct level *))
{
	while (v != NULL && !has(v))
		v = v->around;
	return v != NULL;
}

static bool
includes(const struct level *v)
{
	return v->includes;
}

static bool
is_on(const struct level *v)
{
	return v->on;
}

/* A command goes to OpenSSL after the directive of the same meaning. */
static struct value
later(struct value command, struct value directive)
{
	return command.text != NULL ? command : directive;
}

static void
put_values(struct setting *s, const struct level *v)
{
	const struct commands *c = commands_of(v);
	struct value protocols = inherited(v, PROTOCOLS);
	struct value ciphers = later(c->ciphers, inherited(v, CIPHERS));
	struct value groups = later(c->groups, inherited(v, GROUPS));

	if (c->versions > 0)
		setting_unread(s, "versions", c->versions);
	else if (protocols.text != NULL)
		setting_versions(s, "versions", protocols.text, protocols.line);
	if (ciphers.text != NULL)
		setting_suites(s, "suites", ciphers.text, ciphers.line);
	if (c->suites13.text != NULL)
		setting_suites(
		    s, "suites13", c->suites13.text, c->suites13.line);
	if (groups.text != NULL && strcmp(groups.text, "auto") != 0)
		setting_words(s, "groups", groups.text, ":", groups.line);
	if (c->other > 0) {
		setting_unread(s, "suites", c->other);
		setting_unread(s, "versions", c->other);
	}
}

static int
put_server(struct nginx *x, const struct level *v, struct fault *f)
{
	struct setting s;
	int rc = setting_begin(&s, x->file, v->line, f);
	const char *own = v->own[NAME].text;
	const char *name = own != NULL ? own : "server";
	BUF_AUTO(key, NAME_MAX_LEN);

	if (rc == 0) {
		attrs_str(&s.a, "component", "nginx");
		attrs_str(&s.a, "name", name);
		attrs_bool(&s.a, "includes", any_around(v, includes));
		put_values(&s, v);
		key_part(&key, name);
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc = setting_emit(&s, &config_tls_kind, key.p, v->line, f);
	setting_free(&s);
	return rc;
}

/* Without a server, settings of a snippet are judged as one. */
static int
put_servers(struct nginx *x, struct fault *f)
{
	struct level *top = x->level;
	int rc = 0;

	if (x->full)
		return config_problem(x->file, 1, "too many servers");
	for (size_t i = 0; rc == 0 && i < x->nservers; i++) {
		const struct level *v = x->servers[i];

		if (v->listens || any_around(v, is_on))
			rc = put_server(x, v, f);
	}
	top->line = top->own[PROTOCOLS].line;
	if (top->line == 0)
		top->line = top->own[CIPHERS].line;
	if (top->line == 0)
		top->line = top->commands.suites13.line;
	return rc == 0 && x->nservers == 0 && top->line > 0
		   ? put_server(x, top, f)
		   : rc;
}

/* ---- blocks ---- */

static int
open_block(struct nginx *x, const struct directive *d, struct fault *f)
{
	struct level *v = arena_alloc(x->arena, sizeof(*v));

	if (v == NULL)
		return fault_memory(f);
	if (++x->depth == BLOCKS_MAX)
		return fault(f, FAULT_LIMIT, "line %zu: nested deeper than %d",
		    x->line, BLOCKS_MAX);
	v->around = x->level;
	v->server = d->n == 1 && strcmp(d->words[0], "server") == 0;
	v->line = x->include_line > 0 ? x->include_line : d->line;
	x->full |= v->server && x->nservers == SERVERS_MAX;
	if (v->server && x->nservers < SERVERS_MAX)
		x->servers[x->nservers++] = v;
	x->level = v;
	return 0;
}

static int
close_block(struct nginx *x, int depth, struct fault *f)
{
	if (x->depth == depth)
		return fault(f, FAULT_FORMAT, "line %zu: a '}' without its '{'",
		    x->line);
	x->depth--;
	x->level = x->level->around;
	return 0;
}

/* One directive or block; *end at the end of the text. */
static int
statement(struct nginx *x, int depth, bool *end, struct fault *f)
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
			       : close_block(x, depth, f);
	if (t == TOKEN_END && (d.n > 0 || x->depth > depth))
		return fault(f, FAULT_FORMAT,
		    "line %zu: the file ends in a block", x->line);
	return d.n > 0 ? apply(x, &d, f) : 0;
}

/* A text stands for itself: it closes no block that it did not open. */
static int
parse(struct nginx *x, struct span text, struct fault *f)
{
	int depth = x->depth, rc = 0;

	x->rest = text;
	x->line = 1;
	for (bool end = false; rc == 0 && !end;)
		rc = statement(x, depth, &end, f);
	return rc;
}

static int
read_nginx(struct config_file *file, const struct node *root, struct fault *f)
{
	struct nginx *x = calloc(1, sizeof(*x));
	struct level top = { 0 };
	struct fault why = { 0 };
	int rc;

	(void)root;
	if (x == NULL || (x->arena = arena_new()) == NULL) {
		free(x);
		return fault_memory(f);
	}
	x->file = file;
	x->level = &top;
	rc = parse(x, file->text, &why);
	if (rc == 0)
		rc = put_servers(x, &why);
	if (rc == -1 && why.kind != FAULT_NONE && why.kind != FAULT_IO)
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
	static const char *const blocks[] = { "server", "http", "events",
		"stream", "upstream" };
	struct span line, words, first, next;

	while (span_line(&text, &line)) {
		words = span_until(line, '#', &next);
		if (!span_word(&words, &first))
			continue;
		if (((span_is(first, "ssl_protocols") ||
			 span_is(first, "ssl_ciphers")) &&
			span_ends(span_trim(words), ";")) ||
		    span_is(first, "server{") || span_is(first, "http{") ||
		    span_is(first, "events{"))
			return true;
		next = span_trim(words);
		for (size_t i = 0; i < LENGTH(blocks); i++)
			if (span_is(first, blocks[i]) &&
			    (span_starts(next, "{") || span_ends(next, "{")))
				return true;
	}
	return false;
}

extern const struct config_type config_nginx; /* in config_type.c */

const struct config_type config_nginx = {
	.name = "nginx",
	.includes = true,
	.looks = looks_nginx,
	.read = read_nginx,
};
