/*
 * AWS config and credentials files: for each profile and service, what would
 * be called. Of these files only the settings that choose an endpoint are
 * kept: no key, token, role or command.
 */
#include "collector/settings/config_aws.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"
#include "collector/settings/config_parts.h"
#include "collector/kit/config_text.h"

#define PROFILES_MAX 200
#define URLS_MAX 1000

struct place {
	struct span value;
	size_t line;
};

struct profile {
	struct span name;
	size_t line;
	struct place region, fips, dualstack, url, services, ignore;
};

struct service_url {
	struct span block, service; /* of "[services block]", "kms" */
	struct place url;
};

struct aws_file {
	struct profile profiles[PROFILES_MAX];
	size_t nprofiles;
	struct service_url urls[URLS_MAX];
	size_t nurls;
	bool full;    /* there is more than that */
	bool refused; /* its readers take nothing of it */
};

/* Services a FIPS system on AWS calls: endpoint prefix as in the catalogue,
 * and service id in the words of variables and files. */
static const struct aws_service {
	const char *prefix, *id;
	bool global; /* one host a partition */
} services[] = {
	{ "acm", "acm", false },
	{ "api.ecr", "ecr", false },
	{ "autoscaling", "auto_scaling", false },
	{ "cloudtrail", "cloudtrail", false },
	{ "dynamodb", "dynamodb", false },
	{ "ebs", "ebs", false },
	{ "ec2", "ec2", false },
	{ "eks", "eks", false },
	{ "eks-auth", "eks_auth", false },
	{ "elasticfilesystem", "efs", false },
	{ "elasticloadbalancing", "elastic_load_balancing_v2", false },
	{ "iam", "iam", true },
	{ "kms", "kms", false },
	{ "lambda", "lambda", false },
	{ "logs", "cloudwatch_logs", false },
	{ "monitoring", "cloudwatch", false },
	{ "organizations", "organizations", true },
	{ "rds", "rds", false },
	{ "s3", "s3", false },
	{ "secretsmanager", "secrets_manager", false },
	{ "sns", "sns", false },
	{ "sqs", "sqs", false },
	{ "ssm", "ssm", false },
	{ "sts", "sts", false },
};
#define NSERVICES (LENGTH(services))

/* ----------------------------------------------------------------- reading */

/* "profile x", "default", or in a credentials file any name. */
static bool
profile_name(struct span section, struct span *name)
{
	static const char *const others[] = { "services", "sso-session",
		"plugins", "preview" };
	struct span rest = section, word;

	if (!span_word(&rest, &word))
		return false;
	if (span_is(word, "profile") && span_trim(rest).len > 0) {
		*name = span_trim(rest);
	} else {
		for (size_t i = 0; i < LENGTH(others); i++)
			if (span_is(word, others[i]))
				return false;
		*name = section;
	}
	if (name->len > 1 && (name->p[0] == '"' || name->p[0] == '\'') &&
	    name->p[name->len - 1] == name->p[0])
		*name = (struct span){ name->p + 1, name->len - 2 };
	return true;
}

static bool
same(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static struct profile *
profile_at(struct aws_file *a, struct span name, size_t line)
{
	for (size_t i = 0; i < a->nprofiles; i++)
		if (same(a->profiles[i].name, name))
			return &a->profiles[i];
	if (a->nprofiles == PROFILES_MAX) {
		a->full = true;
		return NULL;
	}
	a->profiles[a->nprofiles] =
	    (struct profile){ .name = name, .line = line };
	return &a->profiles[a->nprofiles++];
}

static void
set(struct profile *p, const struct aws_line *l)
{
	struct {
		const char *key;
		struct place *to;
	} known[] = {
		{ "region", &p->region },
		{ "use_fips_endpoint", &p->fips },
		{ "use_dualstack_endpoint", &p->dualstack },
		{ "endpoint_url", &p->url },
		{ "services", &p->services },
		{ "ignore_configured_endpoint_urls", &p->ignore },
	};

	for (size_t i = 0; i < LENGTH(known); i++)
		if (aws_key_is(l, known[i].key))
			*known[i].to = (struct place){ l->value, l->line };
}

/* A line that continues a value makes it one that is understood by nobody. */
static void
spoil(struct profile *p, const struct aws_line *l)
{
	struct aws_line key = { .key = l->parent, .line = l->line };

	if (!l->nests)
		set(p, &key);
}

/* A section or a key of it that stands twice: NULL, or what botocore says. */
static const char *
stands_twice(json_t *seen, const struct aws_line *l)
{
	BUF_AUTO(name, TEXT_MAX);

	if (l->parent.p != NULL)
		return NULL;
	buf_put(&name, l->section.p, l->section.len);
	if (!l->is_section) {
		buf_putc(&name, ']');
		for (size_t i = 0; i < l->key.len; i++)
			buf_putc(&name, (char)tolower(l->key.p[i] & 0x7f));
	}
	if (name.failed != FAULT_NONE || name.p == NULL)
		return "a name too long";
	if (json_object_getn(seen, name.p, name.len) != NULL)
		return l->is_section ? "a section that stands twice"
				     : "a key that stands twice";
	return json_object_setn_new_nocheck(
		   seen, name.p, name.len, json_true()) == -1
		   ? "no memory"
		   : NULL;
}

static void
take_url(struct aws_file *a, struct span block, const struct aws_line *l)
{
	if (a->nurls == URLS_MAX)
		a->full = true;
	else
		a->urls[a->nurls++] = (struct service_url){ block, l->parent,
			{ l->value, l->line } };
}

static void
read_lines(struct config_file *file, struct aws_file *a, json_t *seen)
{
	struct aws_line l = aws_lines(file->text);
	struct profile *p = NULL;
	struct span block = { NULL, 0 };

	while (aws_next(&l)) {
		struct span name, word, rest = l.section;
		const char *wrong =
		    l.wrong != NULL ? l.wrong : stands_twice(seen, &l);

		if (wrong != NULL) {
			config_refused(file, l.line,
			    "the AWS CLI and SDK for Python reject %s", wrong);
			a->refused = true;
		} else if (l.is_section) {
			bool is = profile_name(l.section, &name);

			p = is ? profile_at(a, name, l.line) : NULL;
			block = (struct span){ NULL, 0 };
			if (!is && span_word(&rest, &word) &&
			    span_is(word, "services"))
				block = span_trim(rest);
		} else if (p != NULL && l.parent.p != NULL) {
			spoil(p, &l);
		} else if (p != NULL) {
			set(p, &l);
		} else if (block.p != NULL && l.nests &&
			   span_is(l.key, "endpoint_url")) {
			take_url(a, block, &l);
		}
	}
}

/* ---------------------------------------------------------------- emitting */

struct choosing {
	struct config_file *file;
	const struct aws_file *a;
	const struct profile *p;
	const struct aws_service *service;
	struct place service_url;
	struct aws_choice choice;
};

static struct span
env_of(const struct request *r, const char *name)
{
	const char *s = request_get(r, "aws-environment") != NULL
			    ? request_env(r, name)
			    : NULL;

	return s != NULL ? span_of(s) : (struct span){ NULL, 0 };
}

static struct span
first_env(const struct request *r, const char *a, const char *b)
{
	struct span s = env_of(r, a);

	return s.p != NULL ? s : env_of(r, b);
}

static void
choose(struct choosing *c)
{
	const struct request *r = c->file->request;
	struct aws_given env, file = { .region = c->p->region.value,
		.fips = c->p->fips.value,
		.dualstack = c->p->dualstack.value,
		.ignore = c->p->ignore.value,
		.url = c->p->url.value };
	char name[128] = "AWS_ENDPOINT_URL_";
	size_t at = strlen(name);

	for (const char *s = c->service->id; *s != '\0'; s++)
		name[at++] = (char)(*s >= 'a' && *s <= 'z' ? *s - 32 : *s);
	env = (struct aws_given){
		.region = first_env(r, "AWS_REGION", "AWS_DEFAULT_REGION"),
		.fips = env_of(r, "AWS_USE_FIPS_ENDPOINT"),
		.dualstack = env_of(r, "AWS_USE_DUALSTACK_ENDPOINT"),
		.ignore = env_of(r, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
		.url = env_of(r, "AWS_ENDPOINT_URL"),
		.service_url = env_of(r, name),
	};
	for (size_t i = 0; i < c->a->nurls; i++)
		if (c->p->services.value.p != NULL &&
		    same(c->a->urls[i].block, c->p->services.value) &&
		    span_is(c->a->urls[i].service, c->service->id))
			c->service_url = c->a->urls[i].url;
	file.service_url = c->service_url.value;
	aws_choose(&env, &file, &c->choice);
}

static void
put_text(struct setting *s, const char *column, struct span v)
{
	if (v.p != NULL)
		attrs_text(&s->a, column, v.p, v.len);
}

static void
put_line(struct setting *s, const char *column, const struct place *p)
{
	if (p->line > 0)
		setting_line(s, column, p->line);
}

/* The partition whose one host of a global service is listed, or NULL. */
static const char *
partition(struct span region)
{
	static const char *const others[] = { "cn-", "us-iso", "eu-iso",
		"eusc-" };

	for (size_t i = 0; i < LENGTH(others); i++)
		if (span_starts(region, others[i]))
			return NULL;
	return span_starts(region, "us-gov-") ? "aws-us-gov-global"
					      : "aws-global";
}

/* Where to look a host up: a region, or the partition of a global service. */
static void
put_catalog_region(struct setting *s, const struct choosing *c)
{
	struct span region = c->choice.region;

	if (region.p != NULL && c->service->global)
		attrs_str(&s->a, "catalog_region", partition(region));
	else
		put_text(s, "catalog_region", region);
}

static void
put_url(struct setting *s, const struct choosing *c)
{
	const struct aws_choice *v = &c->choice;
	struct span host = { NULL, 0 };

	if (v->url.p != NULL)
		host = url_host(v->url);
	if (v->url.p != NULL && host.p == NULL)
		attrs_str(&s->a, "url_host", "?");
	put_text(s, "url_host", host);
	if (v->url.p != NULL) {
		attrs_bool(&s->a, "url_plain", span_starts(v->url, "http://"));
		attrs_str(&s->a, "url_by",
		    v->url_from_env
			? (v->url_of_service ? "AWS_ENDPOINT_URL_<SERVICE>"
					     : "AWS_ENDPOINT_URL")
		    : v->url_of_service ? "endpoint_url of its services block"
					: "endpoint_url");
		if (!v->url_from_env)
			put_line(s, "url_host",
			    v->url_of_service ? &c->service_url : &c->p->url);
	}
	attrs_bool(&s->a, "url_ignored", v->url_ignored);
}

static int
put_service(struct choosing *c, struct fault *f)
{
	struct setting s;
	int rc = setting_begin(&s, c->file, c->p->line, f);
	BUF_AUTO(key, NAME_MAX_LEN);

	choose(c);
	if (rc == 0) {
		put_text(&s, "profile", c->p->name);
		put_text(&s, "region", c->choice.region);
		put_line(&s, "region", &c->p->region);
		put_line(&s, "use_fips", &c->p->fips);
		attrs_str(&s.a, "service", c->service->prefix);
		attrs_bool(&s.a, "use_fips", c->choice.use_fips);
		attrs_str(&s.a, "fips_by", c->choice.fips_by);
		attrs_bool(&s.a, "fips_overridden", c->choice.fips_overridden);
		attrs_bool(&s.a, "use_dualstack", c->choice.use_dualstack);
		put_catalog_region(&s, c);
		put_url(&s, c);
		buf_puts(&key, "profile ");
		text_clean(&key, c->p->name.p, c->p->name.len, CONFIG_PART_MAX);
		buf_printf(&key, "/%s", c->service->prefix);
		rc = buf_done(&key, "key", f);
	}
	if (rc == 0)
		rc = setting_emit(
		    &s, &config_aws_endpoint_kind, key.p, c->p->line, f);
	setting_free(&s);
	return rc;
}

static int
read_aws(struct config_file *file, const struct node *root, struct fault *f)
{
	struct aws_file *a = calloc(1, sizeof(*a));
	json_t *seen = json_object();
	int rc = 0;

	(void)root;
	if (a == NULL || seen == NULL) {
		free(a);
		json_decref(seen);
		return fault_memory(f);
	}
	file->strict = true;
	read_lines(file, a, seen);
	json_decref(seen);
	if (a->refused && file->refused == NULL)
		rc = config_problem(file, 1, "rejected by botocore");
	if (a->full)
		rc = config_problem(
		    file, 1, "more profiles or URLs than are kept of one file");
	for (size_t i = 0; rc == 0 && !a->refused && i < a->nprofiles; i++)
		for (size_t k = 0; rc == 0 && k < NSERVICES; k++) {
			struct choosing c = { .file = file,
				.a = a,
				.p = &a->profiles[i],
				.service = &services[k] };

			rc = put_service(&c, f);
		}
	free(a);
	return rc;
}

static bool
begins_section(struct span text)
{
	struct span line;

	while (span_line(&text, &line)) {
		line = span_trim(line);
		if (line.len > 0 && line.p[0] != '#' && line.p[0] != ';')
			return line.p[0] == '[';
	}
	return false;
}

/* A section's line, closed or not, and a key only AWS files have. */
static bool
looks_aws(struct span text)
{
	static const char *const keys[] = { "region", "output",
		"use_fips_endpoint", "use_dualstack_endpoint", "endpoint_url",
		"services", "aws_access_key_id", "role_arn", "sso_session",
		"sso_account_id", "credential_process", "source_profile",
		"ignore_configured_endpoint_urls", "aws_secret_access_key" };
	struct aws_line l = aws_lines(text);

	if (!begins_section(text))
		return false;
	while (aws_next(&l)) {
		for (size_t i = 0; i < LENGTH(keys); i++)
			if (aws_key_is(&l, keys[i]))
				return true;
	}
	return false;
}

extern const struct config_type config_aws; /* in config_type.c */

const struct config_type config_aws = {
	.name = "aws",
	.looks = looks_aws,
	.read = read_aws,
};
