/*
 * Variables that lead cryptographic libraries elsewhere, or in and out of FIPS
 * mode, wherever a host sets them: for everybody who logs in, for every
 * service, for one. Only the names below are kept, and nothing else of these
 * files. openssl-env(7), GnuTLS's manual, libgcrypt's manual, ld.so(8),
 * systemd.exec(5), pam_env.conf(5).
 */
#include <stdio.h>
#include <string.h>

#include "base/length.h"

#include "collector/node/parts.h"

#define KEPT_MAX 256 /* settings of one host */

static const char *const names[] = { "GNUTLS_FORCE_FIPS_MODE",
	"GNUTLS_SKIP_FIPS_INTEGRITY_CHECKS", "GODEBUG", "LD_LIBRARY_PATH",
	"LD_PRELOAD", "LIBGCRYPT_FORCE_FIPS_MODE", "NSS_FIPS", "OPENSSL_CONF",
	"OPENSSL_ENGINES", "OPENSSL_FORCE_FIPS_MODE", "OPENSSL_MODULES" };

struct setting_place {
	struct parts *p;
	const char *path;
	struct span service; /* p NULL: not of one service */
	json_t *seen;	     /* keys told of, each with its last value */
};

/* Of GODEBUG only what it says of fips140. */
static bool
reduce(struct span name, struct span *value, struct buf *out)
{
	struct span rest = *value, item;

	if (!span_is(name, "GODEBUG"))
		return true;
	while (rest.p != NULL) {
		item = span_until(rest, ',', &rest);
		if (!span_starts(item, "fips140="))
			continue;
		buf_reset(out);
		buf_put(out, item.p, item.len);
		*value = (struct span){ out->p, out->len };
	}
	return out->len > 0;
}

/* The later of two in one file counts; the order of files is not told. */
static int
keep_setting(const struct setting_place *at, struct span name,
    struct span value, struct fault *f)
{
	char key[512];
	json_t *one;
	BUF_AUTO(part, VALUE_MAX);
	BUF_AUTO(clean, 4 * VALUE_MAX + 16);
	bool kept = false;

	for (size_t i = 0; i < LENGTH(names); i++)
		kept |= span_is(name, names[i]);
	if (!kept || !reduce(name, &value, &part) ||
	    json_object_size(at->seen) == KEPT_MAX)
		return 0;
	text_clean(&clean, value.p, value.len, VALUE_MAX);
	(void)snprintf(
	    key, sizeof(key), "%.300s %.*s", at->path, (int)name.len, name.p);
	one = json_pack("{s:s#, s:s, s:o, s:s#}", "name", name.p, (int)name.len,
	    "path", at->path, "service",
	    at->service.p == NULL ? json_null()
				  : json_text(at->service.p, at->service.len),
	    "value", clean.len > 0 ? clean.p : "", (int)clean.len);
	if (one == NULL || json_object_set_new(at->seen, key, one) == -1)
		return fault_memory(f);
	return 0;
}

/* sh assignments, which /etc/environment looks like too. */
static int
read_shell(const struct setting_place *at, struct span text, struct fault *f)
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
		    keep_setting(at, name,
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

/* Environment= of units, DefaultEnvironment= of the manager. */
static int
read_unit(const struct setting_place *at, struct span text, struct fault *f)
{
	bool ours = false, continued = false;
	struct span line, value;
	BUF_AUTO(word, GRUB_VALUE_MAX);

	while (span_line(&text, &line)) {
		line = span_trim(line);
		value = line;
		if (!continued) {
			struct span key =
			    span_trim(span_until(line, '=', &value));

			ours = value.p != NULL &&
			       (span_is(key, "Environment") ||
				   span_is(key, "DefaultEnvironment") ||
				   span_is(key, "ManagerEnvironment"));
		}
		continued = span_ends(line, "\\");
		if (!ours)
			continue;
		value.len -= continued && value.len > 0;
		while (unit_word(&value, &word)) {
			struct span set,
			    name = span_until(
				(struct span){ word.p, word.len }, '=', &set);

			if (set.p != NULL &&
			    keep_setting(at, name, set, f) == -1)
				return -1;
		}
	}
	return 0;
}

/* NAME DEFAULT=value OVERRIDE=value */
static int
read_pam(const struct setting_place *at, struct span text, struct fault *f)
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
			if (keep_setting(at, name, value, f) == -1)
				return -1;
		}
	}
	return 0;
}

static const struct setting_file {
	const char *prefix, *suffix;
	int (*read)(const struct setting_place *, struct span, struct fault *);
} files[] = {
	{ "/etc/environment", "", read_shell }, /* and environment.d */
	{ "/etc/profile", "", read_shell },	/* and profile.d */
	{ "/etc/security/pam_env.conf", "", read_pam },
	{ "/etc/systemd/", ".conf", read_unit },
	{ "/etc/systemd/system/", ".service", read_unit },
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

static int
emit_one(struct parts *p, const char *key, json_t *one, struct fault *f)
{
	static const char *const columns[] = { "name", "path", "service",
		"value" };
	ATTRS_AUTO(a);

	for (size_t i = 0; i < LENGTH(columns); i++)
		attrs_str(&a, columns[i],
		    json_string_value(json_object_get(one, columns[i])));
	return emit_observed(p->e, &node_environment_kind, key, &a,
	    json_string_value(json_object_get(one, "path")), f);
}

/* That all was looked at, so that what is not told of is not set. */
static int
emit_whole(struct parts *p, struct fault *f)
{
	ATTRS_AUTO(a);

	put_null(&a, "name");
	put_null(&a, "path");
	put_null(&a, "service");
	put_null(&a, "value");
	return emit_observed(p->e, &node_environment_kind, "*", &a,
	    "/etc/environment, /etc/profile, /etc/systemd", f);
}

static int
read_file(struct parts *p, const struct entry *e, const struct setting_file *k,
    json_t *seen, struct fault *f)
{
	struct setting_place at = { p, e->path, service_of(e->path), seen };
	struct reading r = part_read(p, e->path);
	struct fault why;

	if (r.outcome == OUTCOME_ABSENT)
		return 0;
	if (r.outcome != OUTCOME_OBSERVED)
		return emit_outcome(p->e, &node_environment_kind, e->path,
		    r.outcome, r.reason, e->path, f);
	if (k->read(&at, r.text, &why) == 0)
		return 0;
	if (why.kind == FAULT_IO) {
		*f = why;
		return -1;
	}
	return emit_outcome(p->e, &node_environment_kind, e->path,
	    OUTCOME_ERROR, why.text, e->path, f);
}

int
surroundings_emit(struct parts *p, struct fault *f)
{
	json_t *seen = json_object(), *one;
	const char *key;
	int rc = seen == NULL ? fault_memory(f) : 0;

	for (size_t i = 0; rc == 0 && i < LENGTH(files); i++) {
		size_t n;
		const struct entry *e =
		    snapshot_under(p->s, files[i].prefix, &n);

		for (size_t k = 0; rc == 0 && k < n; k++)
			if (span_ends(span_of(e[k].path), files[i].suffix))
				rc = read_file(p, &e[k], &files[i], seen, f);
	}
	if (rc == 0)
		rc = emit_whole(p, f);
	json_object_foreach (seen, key, one) {
		if (rc == 0)
			rc = emit_one(p, key, one, f);
	}
	json_decref(seen);
	return rc;
}
