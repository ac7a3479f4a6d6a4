/* openssl.cnf and fipsmodule.cnf, by the reader of the node collector. */
#include <string.h>

#include "collector/kit/openssl_conf.h"
#include "base/length.h"
#include "collector/settings/config_parts.h"

static void
put_tri(struct setting *s, const char *column, enum tri t)
{
	if (t != TRI_UNKNOWN)
		attrs_bool(&s->a, column, t == TRI_YES);
}

static void
put_value(struct setting *s, const struct conf *c, const char *column,
    const char *name)
{
	long long v;

	for (size_t i = c->n; i > 0; i--)
		if (strcmp(conf_text(c, c->values[i - 1].name), name) == 0) {
			if (span_integer(
				span_of(conf_text(c, c->values[i - 1].value)),
				&v) == 0)
				attrs_int(&s->a, column, v);
			else
				setting_unread(s, column, 1);
			return;
		}
}

/* Where name stands first: conf.c keeps no lines. */
static void
put_name_line(struct setting *s, const char *column, const char *name)
{
	struct span rest = s->file->text, line, value;

	for (size_t n = 1; span_line(&rest, &line); n++)
		if (span_is(span_trim(span_until(line, '=', &value)), name)) {
			setting_line(s, column, n);
			return;
		}
}

static int
put_conf(struct config_file *file, const struct conf *c, struct fault *f)
{
	struct conf_providers said;
	struct setting s;
	int rc = setting_begin(&s, file, 1, f);

	if (rc == 0) {
		conf_providers(c, "", &said);
		put_tri(&s, "activates_fips", said.fips);
		put_tri(&s, "activates_default", said.by_default);
		attrs_str(&s.a, "properties", said.properties);
		attrs_bool(&s.a, "includes", c->blind);
		put_value(&s, c, "security_checks", "security-checks");
		put_value(&s, c, "conditional_errors", "conditional-errors");
		put_name_line(&s, "activates_default", "activate");
		put_name_line(&s, "security_checks", "security-checks");
		put_name_line(&s, "conditional_errors", "conditional-errors");
		rc = setting_emit(&s, &config_openssl_kind, "openssl", 1, f);
	}
	setting_free(&s);
	return rc;
}

static int
read_openssl(struct config_file *file, const struct node *root, struct fault *f)
{
	struct conf c;
	struct fault why = { 0 };
	int rc;

	(void)root;
	conf_init(&c);
	rc = conf_read(&c, file->text, &why) == -1
		 ? config_problem_of(file, &why)
		 : put_conf(file, &c, f);
	conf_free(&c);
	return rc;
}

static bool
looks_openssl(struct span text)
{
	static const char *const names[] = { "openssl_conf", "module-mac",
		"install-status", "default_properties", "alg_section",
		"security-checks" };
	struct span line, value;

	while (span_line(&text, &line)) {
		struct span s = span_trim(span_until(line, '=', &value));

		for (size_t i = 0; value.p != NULL && i < LENGTH(names); i++)
			if (span_is(s, names[i]))
				return true;
	}
	return false;
}

extern const struct config_type config_openssl; /* in config_type.c */

const struct config_type config_openssl = {
	.name = "openssl",
	.looks = looks_openssl,
	.read = read_openssl,
};
