/*
 * HAProxy: for each bind line with ssl the versions and ciphers that hold for
 * it, its own or those of ssl-default-bind-... in the global section
 * (docs.haproxy.org, "Bind options"), and what a line of its crt-list sets
 * for one certificate.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"

#include "collector/settings/config_parts.h"

#define LINE_WORDS_MAX 256
#define LINE_BYTES_MAX 8192

struct words {
	char text[LINE_BYTES_MAX];
	const char *v[LINE_WORDS_MAX];
	size_t n, line;
};

struct tls { /* what words say; "" : nothing */
	char min[16], max[16], ciphers[LINE_BYTES_MAX], suites[LINE_BYTES_MAX];
	char curves[LINE_BYTES_MAX];
	bool off[5], forced; /* no-sslv3, no-tlsv10 ... no-tlsv13 */
	size_t min_line, ciphers_line, suites_line, curves_line;
};

struct haproxy {
	struct config_file *file;
	struct tls defaults;
	char section[CONFIG_PART_MAX];
	bool global;
};

/* ---- words of a line ---- */

/* Blanks part words, but not in quotes or behind a backslash; # ends the
 * line. NULL, or what is wrong with it. */
static const char *
split(struct span line, struct words *w)
{
	size_t out = 0;
	char quote = '\0';
	bool in = false;

	w->n = 0;
	if (line.len > 0 && memchr(line.p, '\0', line.len) != NULL)
		return "a NUL";
	for (size_t i = 0; i < line.len; i++) {
		char c = line.p[i];

		if (quote == '\0' && (c == ' ' || c == '\t' || c == '\r')) {
			if (in)
				w->text[out++] = '\0';
			in = false;
			continue;
		}
		if (quote == '\0' && c == '#')
			break;
		if (w->n + 1 >= LINE_WORDS_MAX || out + 2 >= LINE_BYTES_MAX)
			return "a line too long";
		if (!in)
			w->v[w->n++] = w->text + out;
		in = true;
		if (quote != '\'' && c == '\\' && i + 1 < line.len)
			c = line.p[++i];
		else if (c == quote) {
			quote = '\0';
			continue;
		} else if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
			continue;
		}
		w->text[out++] = c;
	}
	w->text[out] = '\0';
	return quote != '\0' ? "a quote without an end" : NULL;
}

/* ---- what they say of TLS ---- */

static void
keep(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from);
}

static void
take_version_word(struct tls *t, const char *word)
{
	static const char *const names[] = { "sslv3", "tlsv10", "tlsv11",
		"tlsv12", "tlsv13" };
	static const char *const versions[] = { "SSLv3", "TLSv1.0", "TLSv1.1",
		"TLSv1.2", "TLSv1.3" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (strncmp(word, "no-", 3) == 0 &&
		    strcmp(word + 3, names[i]) == 0)
			t->off[i] = true;
		if (strncmp(word, "force-", 6) == 0 &&
		    strcmp(word + 6, names[i]) == 0) {
			keep(t->min, sizeof(t->min), versions[i]);
			keep(t->max, sizeof(t->max), versions[i]);
			t->forced = true;
		}
	}
}

static void
take(struct tls *t, const struct words *w, size_t from)
{
	for (size_t i = from; i < w->n; i++) {
		const char *next = i + 1 < w->n ? w->v[i + 1] : "";

		if (strcmp(w->v[i], "ssl-min-ver") == 0) {
			keep(t->min, sizeof(t->min), next);
			t->min_line = w->line;
		} else if (strcmp(w->v[i], "ssl-max-ver") == 0) {
			keep(t->max, sizeof(t->max), next);
		} else if (strcmp(w->v[i], "ciphers") == 0) {
			keep(t->ciphers, sizeof(t->ciphers), next);
			t->ciphers_line = w->line;
		} else if (strcmp(w->v[i], "ciphersuites") == 0) {
			keep(t->suites, sizeof(t->suites), next);
			t->suites_line = w->line;
		} else if (strcmp(w->v[i], "curves") == 0 ||
			   strcmp(w->v[i], "ecdhe") == 0) {
			keep(t->curves, sizeof(t->curves), next);
			t->curves_line = w->line;
		} else {
			bool before = t->forced;

			take_version_word(t, w->v[i]);
			if (t->forced && !before)
				t->min_line = w->line;
		}
	}
}

/* Everything before TLS 1.2 switched off says as much as ssl-min-ver, but
 * HAProxy ignores no-tlsv1x beside ssl-min-ver or ssl-max-ver. */
static void
put_versions(struct setting *s, const struct tls *t, size_t line)
{
	bool holes = t->min[0] == '\0' && t->max[0] == '\0';
	size_t at = t->min_line != 0 ? t->min_line : line;

	if (t->min[0] != '\0')
		setting_version(s, "min_version", t->min, at);
	else if (holes && t->off[0] && t->off[1] && t->off[2])
		setting_version(
		    s, "min_version", t->off[3] ? "TLSv1.3" : "TLSv1.2", line);
	if (t->max[0] != '\0')
		setting_version(s, "max_version", t->max, at);
	else if (holes && t->off[4])
		setting_version(s, "max_version", "TLSv1.2", line);
}

static void
put_lists(struct setting *s, const struct tls *t)
{
	if (t->ciphers[0] != '\0')
		setting_suites(s, "suites", t->ciphers, t->ciphers_line);
	if (t->suites[0] != '\0')
		setting_suites(s, "suites13", t->suites, t->suites_line);
	if (t->curves[0] != '\0')
		setting_words(s, "groups", t->curves, ":,", t->curves_line);
}

static int
put_tls(struct haproxy *x, const struct tls *t, const char *name, bool blind,
    size_t line, struct fault *f)
{
	struct setting s;
	BUF_AUTO(key, NAME_MAX_LEN);
	int rc = setting_begin(&s, x->file, line, f);

	if (rc == 0) {
		attrs_str(&s.a, "component", "haproxy");
		attrs_text(&s.a, "name", name, strlen(name));
		attrs_bool(&s.a, "includes", blind);
		put_versions(&s, t, line);
		put_lists(&s, t);
		key_part(&key, name);
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc = setting_emit(&s, &config_tls_kind, key.p, line, f);
	setting_free(&s);
	return rc;
}

/* ---- crt-list: "CERTIFICATE [OPTIONS] NAME ...", one a line ---- */

struct listing {
	struct haproxy *x;
	const struct tls *around; /* of the bind line */
	const char *name;
	size_t line;
	struct words *words; /* to split into */
};

static int
take_list(void *ctx, struct span text, struct fault *f)
{
	struct listing *l = ctx;
	struct span line, options, rest;
	int rc = 0;

	for (size_t n = 1; rc == 0 && span_line(&text, &line); n++) {
		struct tls t = *l->around;
		BUF_AUTO(name, NAME_MAX_LEN);

		line = span_trim(line);
		(void)span_until(line, '[', &options);
		if (options.p == NULL || line.p[0] == '#')
			continue;
		options = span_until(options, ']', &rest);
		l->words->line = l->line;
		if (rest.p == NULL || split(options, l->words) != NULL)
			return config_problem(
			    l->x->file, l->line, "a crt-list without an end");
		take(&t, l->words, 0);
		buf_printf(&name, "%s crt-list line %zu", l->name, n);
		rc = buf_done(&name, "name", f);
		if (rc == 0)
			rc = put_tls(l->x, &t, name.p, false, l->line, f);
	}
	return rc;
}

static int
follow(struct haproxy *x, const struct words *w, const struct tls *t,
    const char *name, bool *blind, struct fault *f)
{
	struct listing l = { x, t, name, w->line, NULL };
	int rc = 0;

	if ((l.words = calloc(1, sizeof(*l.words))) == NULL)
		return fault_memory(f);
	for (size_t i = 2; rc != -1 && i + 1 < w->n; i++)
		if (strcmp(w->v[i], "crt-list") == 0) {
			rc = config_include(x->file, w->v[i + 1],
			    "/etc/haproxy", take_list, &l, f);
			*blind |= rc == 1;
		}
	free(l.words);
	return rc == -1 ? -1 : 0;
}

static int
put_bind(struct haproxy *x, const struct words *w, struct fault *f)
{
	struct tls t = x->defaults;
	bool blind = false;
	BUF_AUTO(name, NAME_MAX_LEN);

	take(&t, w, 2);
	buf_printf(&name, "%s%s%s", x->section, x->section[0] ? " " : "",
	    w->n > 1 ? w->v[1] : "");
	if (buf_done(&name, "name", f) == -1 ||
	    follow(x, w, &t, name.p, &blind, f) == -1)
		return -1;
	return put_tls(x, &t, name.p, blind, w->line, f);
}

/* ---- lines ---- */

static bool
has_word(const struct words *w, const char *word)
{
	for (size_t i = 1; i < w->n; i++)
		if (strcmp(w->v[i], word) == 0)
			return true;
	return false;
}

static bool
begins_section(const char *word)
{
	static const char *const known[] = { "global", "defaults", "frontend",
		"listen", "backend", "peers", "resolvers", "userlist",
		"mailers", "program", "http-errors", "ring", "cache",
		"crt-store", "log-forward", "fcgi-app", "traces" };

	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcmp(word, known[i]) == 0)
			return true;
	return false;
}

static void
read_default(struct haproxy *x, const struct words *w)
{
	if (w->n < 2)
		return;
	if (strcmp(w->v[0], "ssl-default-bind-options") == 0) {
		take(&x->defaults, w, 1);
	} else if (strcmp(w->v[0], "ssl-default-bind-ciphers") == 0) {
		keep(x->defaults.ciphers, sizeof(x->defaults.ciphers), w->v[1]);
		x->defaults.ciphers_line = w->line;
	} else if (strcmp(w->v[0], "ssl-default-bind-ciphersuites") == 0) {
		keep(x->defaults.suites, sizeof(x->defaults.suites), w->v[1]);
		x->defaults.suites_line = w->line;
	} else if (strcmp(w->v[0], "ssl-default-bind-curves") == 0) {
		keep(x->defaults.curves, sizeof(x->defaults.curves), w->v[1]);
		x->defaults.curves_line = w->line;
	}
}

static int
read_words(struct haproxy *x, const struct words *w, struct fault *f)
{
	if (begins_section(w->v[0])) {
		x->global = strcmp(w->v[0], "global") == 0;
		(void)snprintf(x->section, sizeof(x->section), "%s",
		    w->n > 1 ? w->v[1] : w->v[0]);
	} else if (x->global) {
		read_default(x, w);
	} else if (strcmp(w->v[0], "bind") == 0 && has_word(w, "ssl")) {
		return put_bind(x, w, f);
	}
	return 0;
}

static int
read_haproxy(struct config_file *file, const struct node *root, struct fault *f)
{
	struct haproxy x = { .file = file };
	struct span rest = file->text, line;
	struct words w = { 0 };
	const char *why;
	int rc = 0;

	(void)root;
	while (rc == 0 && span_line(&rest, &line)) {
		w.line++;
		if ((why = split(line, &w)) != NULL)
			rc = config_problem(file, w.line, why);
		else if (w.n > 0)
			rc = read_words(&x, &w, f);
	}
	return rc;
}

/* A section of its own name, and a bind line. */
static bool
looks_haproxy(struct span text)
{
	struct span line;
	bool section = false, bind = false;

	while (span_line(&text, &line)) {
		struct span s = span_trim(line);

		section |= span_starts(s, "frontend ") ||
			   span_starts(s, "listen ") ||
			   span_starts(s, "backend ") || span_is(s, "global");
		bind |= span_starts(s, "bind ") ||
			span_starts(s, "ssl-default-bind-");
	}
	return section && bind;
}

extern const struct config_type config_haproxy; /* in config_type.c */

const struct config_type config_haproxy = {
	.name = "haproxy",
	.includes = true,
	.looks = looks_haproxy,
	.read = read_haproxy,
};
