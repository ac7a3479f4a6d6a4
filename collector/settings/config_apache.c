/*
 * Apache httpd: for each virtual host with SSLEngine the protocols, suites and
 * groups that hold for it, its own or the server's (mod_ssl). Blocks whose
 * condition is not known here, and an included file that says otherwise, leave
 * a value unknown; so does an include outside of the tree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"

#include "collector/kit/tree_lines.h"
#include "collector/settings/config_parts.h"

#define HOSTS_MAX 2000
#define PROTOCOLS_TEXT_MAX 128
#define HOME "/etc/httpd"

/* What a command sets prevails over the directive of the same meaning. */
enum {
	PROTOCOLS,
	SUITES,
	SUITES13,
	GROUPS,
	COMMAND_SUITES,
	COMMAND_SUITES13,
	NAME,
	VALUES
};

struct value {
	const char *text; /* of the arena; NULL: not stated */
	size_t line;
	bool foreign; /* out of an included file */
	bool mixed;   /* stated more than once, and not known which counts */
};

struct host {
	const struct host *around;
	struct value own[VALUES];
	size_t line;
	size_t versions; /* line of a command that sets versions */
	size_t other;	 /* line of one that is not known */
	bool on, off, includes, tls_port;
};

struct apache {
	struct config_file *file;
	struct arena *arena;
	struct host *hosts[HOSTS_MAX];
	size_t nhosts;
	size_t include_line; /* in the main file; 0: in it */
	int includes;	     /* nested */
	bool full;
	struct host *host;
};

static const struct line_syntax syntax = { .comments = "#",
	.between = " \t",
	.angles = true,
	.continues = true,
	.fold = true,
	.unquote = true };

static int walk(struct apache *x, struct host *v, const struct node *map,
    bool maybe, struct fault *f);

/* maybe: under a condition that is not known. */
static int
set(struct apache *x, struct host *v, int which, struct span text, size_t line,
    bool maybe, struct fault *f)
{
	struct value *old = &v->own[which], new = { 0 };
	BUF_AUTO(copy, CONFIG_LIST_BYTES_MAX);

	buf_put(&copy, text.p, text.len);
	buf_putc(&copy, '\0');
	if (buf_done(&copy, "directive", f) == -1)
		return -1;
	if ((new.text = arena_str(x->arena, copy.p)) == NULL)
		return fault_memory(f);
	new.line = x->include_line > 0 ? x->include_line : line;
	new.foreign = x->include_line > 0;
	new.mixed = maybe;
	if (old->text != NULL && strcmp(old->text, new.text) == 0)
		new.mixed = old->mixed &&maybe;
	else if (old->text != NULL)
		new.mixed = maybe || old->mixed || old->foreign != new.foreign;
	*old = new;
	return 0;
}

/* SSLOpenSSLConfCmd: SSL_CONF_cmd(3). */
static int
set_command(struct apache *x, struct host *v, struct span text, size_t line,
    bool maybe, struct fault *f)
{
	static const struct {
		const char *name;
		int which;
	} known[] = { { "CipherString", COMMAND_SUITES },
		{ "Ciphersuites", COMMAND_SUITES13 }, { "Curves", GROUPS },
		{ "Groups", GROUPS } };
	static const char *const harmless[] = { "ClientSignatureAlgorithms",
		"DHParameters", "NumTickets", "Options", "RecordPadding",
		"SignatureAlgorithms" };
	struct span name;
	char word[64];

	if (!span_word(&text, &name) || name.len >= sizeof(word)) {
		v->other = line;
		return 0;
	}
	(void)memcpy(word, name.p, name.len);
	word[name.len] = '\0';
	text = span_trim(text);
	if (text.len > 1 && text.p[0] == '"')
		text = (struct span){ text.p + 1, text.len - 2 };
	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcasecmp(word, known[i].name) == 0)
			return set(x, v, known[i].which, text, line, maybe, f);
	for (size_t i = 0; i < LENGTH(harmless); i++)
		if (strcasecmp(word, harmless[i]) == 0)
			return 0;
	if (strcasecmp(word, "Protocol") == 0 ||
	    strcasecmp(word, "MinProtocol") == 0 ||
	    strcasecmp(word, "MaxProtocol") == 0)
		v->versions = line;
	else
		v->other = line;
	return 0;
}

static int
take_included(void *ctx, struct span text, struct fault *f)
{
	struct apache *x = ctx;
	struct host *v = x->host;
	struct documents docs = { 0 };
	struct fault why = { 0 };
	int rc = 0;

	if (x->includes == CONFIG_INCLUDE_DEPTH_MAX) {
		v->includes = true;
		return 0;
	}
	x->includes++;
	if (tree_lines(&docs, text.p, text.len, &syntax, &why) == 0)
		rc = walk(x, v, docs.root[0], false, f);
	else
		v->includes = true; /* told of as a file of its own */
	tree_free(&docs);
	x->includes--;
	x->host = v;
	return rc;
}

static int
set_include(struct apache *x, struct host *v, const char *pattern, size_t line,
    struct fault *f)
{
	size_t outer = x->include_line;
	int rc;

	if (outer == 0)
		x->include_line = line;
	x->host = v;
	rc = config_include(x->file, pattern, HOME, take_included, x, f);
	x->include_line = outer;
	v->includes |= rc == 1;
	return rc == -1 ? -1 : 0;
}

/* "TLSv1.3 SUITES" sets those of TLS 1.3 alone. */
static int
set_suites(struct apache *x, struct host *v, struct span text, size_t line,
    bool maybe, struct fault *f)
{
	struct span rest = text, first;

	if (span_word(&rest, &first) && span_trim(rest).len > 0) {
		if (span_is(first, "TLSv1.3"))
			return set(
			    x, v, SUITES13, span_trim(rest), line, maybe, f);
		if (span_is(first, "SSL"))
			text = span_trim(rest);
	}
	return set(x, v, SUITES, text, line, maybe, f);
}

static int
directive(struct apache *x, struct host *v, const char *key,
    const struct node *n, bool maybe, struct fault *f)
{
	const char *s = node_text(n);
	struct span text;

	if (s == NULL)
		return 0;
	text = span_of(s);
	if (strcmp(key, "sslprotocol") == 0)
		return set(x, v, PROTOCOLS, text, n->line, maybe, f);
	if (strcmp(key, "sslciphersuite") == 0)
		return set_suites(x, v, text, n->line, maybe, f);
	if (strcmp(key, "sslopensslconfcmd") == 0)
		return set_command(x, v, text, n->line, maybe, f);
	if (strcmp(key, "servername") == 0)
		return set(x, v, NAME, text, n->line, false, f);
	if (strcmp(key, "include") == 0 || strcmp(key, "includeoptional") == 0)
		return set_include(x, v, s, n->line, f);
	if (strcmp(key, "sslengine") == 0) {
		v->off |= strcasecmp(s, "off") == 0;
		v->on |= strcasecmp(s, "off") != 0;
	}
	if (strcmp(key, "sslpolicy") == 0)
		v->other = n->line;
	if (strcmp(key, "use") == 0) /* mod_macro */
		v->includes = true;
	return 0;
}

/* ---- blocks ---- */

static int
add_host(struct apache *x, const struct host *around, const struct node *map,
    struct fault *f)
{
	const char *args = node_text(node_get(map, "<>"));
	struct host *v;

	if (x->nhosts == HOSTS_MAX) {
		x->full = true;
		return 0;
	}
	if ((v = arena_alloc(x->arena, sizeof(*v))) == NULL)
		return fault_memory(f);
	v->around = around;
	v->line = x->include_line > 0 ? x->include_line : map->line;
	v->tls_port = args != NULL && strstr(args, ":443") != NULL;
	x->hosts[x->nhosts++] = v;
	return walk(x, v, map, false, f);
}

/* Is it known that what stands in the block counts? */
static bool
is_certain(const char *key, const struct node *map)
{
	const char *args = node_text(node_get(map, "<>"));

	return strcmp(key, "ifmodule") == 0 && args != NULL &&
	       (strcmp(args, "mod_ssl.c") == 0 ||
		   strcmp(args, "ssl_module") == 0);
}

static int
entry(struct apache *x, struct host *v, const char *key, const struct node *n,
    bool maybe, struct fault *f)
{
	if (n->type != NODE_MAP)
		return directive(x, v, key, n, maybe, f);
	if (strcmp(key, "virtualhost") == 0)
		return add_host(x, v, n, f);
	if (strcmp(key, "macro") == 0)
		return 0;
	return walk(x, v, n, maybe || !is_certain(key, n), f);
}

static int
walk(struct apache *x, struct host *v, const struct node *map, bool maybe,
    struct fault *f)
{
	int rc = 0;

	if (map == NULL || map->type != NODE_MAP)
		return 0;
	for (size_t i = 0; rc == 0 && i < map->n; i++) {
		const char *key = map->keys[i]->text;
		const struct node *n = map->items[i];

		if (n->type != NODE_LIST)
			rc = entry(x, v, key, n, maybe, f);
		for (size_t k = 0; rc == 0 && n->type == NODE_LIST && k < n->n;
		     k++)
			rc = entry(x, v, key, n->items[k], maybe, f);
	}
	return rc;
}

/* ---- what holds for a host ---- */

static struct value
holds(const struct host *v, int which)
{
	static const struct value none;

	while (v != NULL && v->own[which].text == NULL)
		v = v->around;
	return v != NULL ? v->own[which] : none;
}

/* "all -SSLv3 +TLSv1.2" as a list; false: a word that is not known. */
static bool
protocols(const char *text, char out[PROTOCOLS_TEXT_MAX])
{
	static const char *const names[] = { "SSLv3", "TLSv1", "TLSv1.1",
		"TLSv1.2", "TLSv1.3" };
	struct span rest = span_of(text), word;
	unsigned on = 0;
	int n = 0;

	while (span_word(&rest, &word)) {
		char sign =
		    word.p[0] == '+' || word.p[0] == '-' ? word.p[0] : '=';
		unsigned bits = 0;

		word.p += sign != '=';
		word.len -= sign != '=';
		if (word.len == 3 && strncasecmp(word.p, "all", 3) == 0)
			bits = 0x1f;
		for (unsigned i = 0; i < LENGTH(names); i++)
			if (word.len == strlen(names[i]) &&
			    strncasecmp(word.p, names[i], word.len) == 0)
				bits = 1U << i;
		if (bits == 0)
			return false;
		on = sign == '+' ? on | bits : sign == '-' ? on & ~bits : bits;
	}
	out[0] = '\0';
	for (unsigned i = 0; i < LENGTH(names); i++)
		if (on & 1U << i)
			n += snprintf(out + n, PROTOCOLS_TEXT_MAX - (size_t)n,
			    "%s%s", n > 0 ? " " : "", names[i]);
	return on != 0;
}

static void
put_versions(struct setting *s, const struct host *v)
{
	struct value p = holds(v, PROTOCOLS);
	char text[PROTOCOLS_TEXT_MAX];

	if (v->versions > 0)
		setting_unread(s, "versions", v->versions);
	else if (p.text != NULL && (p.mixed || !protocols(p.text, text)))
		setting_unread(s, "versions", p.line);
	else if (p.text != NULL)
		setting_versions(s, "versions", text, p.line);
}

static void
put_list(struct setting *s, const struct host *v, int which, int command,
    const char *column)
{
	struct value l = holds(v, command);

	if (l.text == NULL)
		l = holds(v, which);
	if (l.text == NULL)
		return;
	if (l.mixed)
		setting_unread(s, column, l.line);
	else if (which == GROUPS)
		setting_words(s, column, l.text, ":", l.line);
	else
		setting_suites(s, column, l.text, l.line);
}

static int
put_host(struct apache *x, const struct host *v, struct fault *f)
{
	const char *own = v->own[NAME].text;
	const char *name = own != NULL ? own : "server";
	bool includes = v->includes || (v->around && v->around->includes);
	struct setting s;
	int rc = setting_begin(&s, x->file, v->line, f);
	BUF_AUTO(key, NAME_MAX_LEN);

	if (rc == 0) {
		attrs_str(&s.a, "component", "apache");
		attrs_str(&s.a, "name", name);
		attrs_bool(&s.a, "includes", includes);
		put_versions(&s, v);
		put_list(&s, v, SUITES, COMMAND_SUITES, "suites");
		put_list(&s, v, SUITES13, COMMAND_SUITES13, "suites13");
		put_list(&s, v, GROUPS, GROUPS, "groups");
		if (v->other > 0) {
			setting_unread(&s, "suites", v->other);
			setting_unread(&s, "versions", v->other);
		}
		key_part(&key, name);
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc = setting_emit(&s, &config_tls_kind, key.p, v->line, f);
	setting_free(&s);
	return rc;
}

static bool
states(const struct host *v)
{
	for (int i = 0; i < NAME; i++)
		if (v->own[i].text != NULL)
			return true;
	return v->versions > 0 || v->other > 0;
}

/* Off only where it is said, or nothing says otherwise. */
static bool
is_tls(const struct host *v)
{
	if (v->on || (v->around != NULL && v->around->on && !v->off))
		return true;
	return !v->off &&
	       (states(v) ||
		   (v->tls_port && (v->includes || v->around->includes)));
}

static int
put_hosts(struct apache *x, struct host *top, struct fault *f)
{
	bool any = false;
	int rc = 0;

	if (x->full)
		return config_problem(x->file, 1, "too many virtual hosts");
	for (size_t i = 0; rc == 0 && i < x->nhosts; i++) {
		struct host *v = x->hosts[i];

		if (v->versions == 0)
			v->versions = top->versions;
		if (v->other == 0)
			v->other = top->other;
		if (!is_tls(v))
			continue;
		any = true;
		rc = put_host(x, v, f);
	}
	for (int i = 0; i < NAME; i++)
		if (top->line == 0 && top->own[i].text != NULL)
			top->line = top->own[i].line;
	if (top->line == 0)
		top->line = 1;
	return rc == 0 && !any && (states(top) || top->on) ? put_host(x, top, f)
							   : rc;
}

static int
parse_apache(struct documents *out, const char *p, size_t len, struct fault *f)
{
	return tree_lines(out, p, len, &syntax, f);
}

static int
read_apache(struct config_file *file, const struct node *root, struct fault *f)
{
	struct apache *x = calloc(1, sizeof(*x));
	struct host top = { 0 };
	int rc;

	if (x == NULL || (x->arena = arena_new()) == NULL) {
		free(x);
		return fault_memory(f);
	}
	x->file = file;
	rc = walk(x, &top, root, false, f);
	if (rc == 0)
		rc = put_hosts(x, &top, f);
	arena_free(x->arena);
	free(x);
	return rc;
}

static bool
looks_apache(struct span text)
{
	static const char *const words[] = { "SSLEngine", "SSLProtocol",
		"SSLCipherSuite", "SSLOpenSSLConfCmd", "SSLCertificateFile",
		"LoadModule", "ServerRoot", "DocumentRoot", "<VirtualHost",
		"<IfModule" };
	struct span line, first;

	while (span_line(&text, &line)) {
		if (!span_word(&line, &first))
			continue;
		for (size_t i = 0; i < LENGTH(words); i++)
			if (first.len == strlen(words[i]) &&
			    strncasecmp(first.p, words[i], first.len) == 0)
				return true;
	}
	return false;
}

extern const struct config_type config_apache; /* in config_type.c */

const struct config_type config_apache = {
	.name = "apache",
	.includes = true,
	.looks = looks_apache,
	.parse = parse_apache,
	.read = read_apache,
};
