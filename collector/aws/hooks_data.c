/* See hooks_data.h. */
#include "collector/aws/hooks_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/kit/environment.h"
#include "collector/aws/iam_policy.h"
#include "base/length.h"
#include "base/utc.h"

/* ---- shared ---- */

void
put_day(struct attrs *a, const char *column, const json_t *v)
{
	char day[UTC_LEN];
	const char *s = json_string_value(v);

	if (json_is_number(v) && json_number_value(v) >= 0 &&
	    json_number_value(v) < 253402300800.0) { /* the year 10000 */
		utc_format((int64_t)json_number_value(v), day);
		attrs_text(a, column, day, 10);
	} else if (s != NULL && strlen(s) >= 10) {
		attrs_text(a, column, s, 10);
	} else {
		attrs_json(a, column, json_null());
	}
}

/* "true" in any case, or a JSON boolean; null: neither true nor false. */
static void
put_flag(struct attrs *a, const char *column, const json_t *v)
{
	const char *s = json_string_value(v);
	bool yes = json_is_true(v) || (s != NULL && strcasecmp(s, "true") == 0);
	bool no =
	    json_is_false(v) || (s != NULL && strcasecmp(s, "false") == 0);

	if (yes || no)
		attrs_bool(a, column, yes);
	else
		attrs_json(a, column, json_null());
}

/* The names of an object's members or the texts of a list, sorted. */
static void
put_sorted(struct attrs *a, const char *column, const json_t *from)
{
	size_t n = json_is_object(from) ? json_object_size(from)
					: json_array_size(from);
	const char **v = calloc(n + 1, sizeof(*v)), *name;
	json_t *out = json_array(), *one;
	size_t have = 0, i;

	if (v == NULL) {
		a->failed = true;
	} else if (json_is_object(from)) {
		json_object_foreach ((json_t *)from, name, one) {
			v[have++] = name;
		}
	} else {
		for (i = 0; i < n; i++)
			if ((name = json_string_value(
				 json_array_get(from, i))) != NULL)
				v[have++] = name;
	}
	if (have > 1)
		qsort(v, have, sizeof(*v), text_order);
	for (i = 0; i < have; i++)
		add_text(a, out, v[i]);
	free(v);
	attrs_json(a, column, out);
}

/*
 * Whether a policy refuses what does not come by TLS. doc: the document,
 * "absent" JSON null: there is none; NULL: it was not had. What cannot be read
 * is null, and so never counts as a refusal.
 */
static void
put_tls_only(struct attrs *a, const json_t *doc, const char *action,
    const char *const *resources)
{
	struct fault f = { 0 };
	const char *text = json_string_value(doc);
	json_t *statements = NULL;

	if (text != NULL)
		statements = iam_policy_read(text, strlen(text), &f);
	else if (json_is_object(doc))
		statements = iam_policy_of(doc, &f);
	if (f.kind == FAULT_IO)
		a->failed = true;
	if (json_is_null(doc))
		attrs_str(
		    a, "tls_only", iam_policy_tls_name(IAM_POLICY_TLS_OPEN));
	else
		attrs_str(a, "tls_only",
		    statements == NULL ? NULL
				       : iam_policy_tls_name(iam_policy_tls(
					     statements, action, resources)));
	json_decref(statements);
}

/* ---- keys ---- */

/* Half a policy is none: what is not of the grammar is null. */
static void
fill_key_policy(const struct aws_item *i, struct attrs *a)
{
	const char *text = path_text(i->tree, ".Policy.Policy");
	struct fault why = { 0 };
	json_t *statements = NULL;

	if (text != NULL)
		statements = iam_policy_read(text, strlen(text), &why);
	if (why.kind == FAULT_IO) /* memory */
		a->failed = true;
	attrs_json(a, "policy", statements != NULL ? statements : json_null());
}

void
aws_fill_kms_key(const struct aws_item *i, struct attrs *a)
{
	fill_key_policy(i, a);
	put_day(a, "deletion_date", path_value(i->tree, ".Key.DeletionDate"));
	if (json_is_array(json_object_get(i->tree, "Aliases")))
		put_sorted(a, "aliases", json_object_get(i->tree, "Aliases"));
	else /* not had: not the same as none */
		attrs_json(a, "aliases", json_null());
}

/* ---- S3 ---- */

static void
fill_bucket_encryption(const json_t *part, struct attrs *a)
{
	const json_t *rule = json_array_get(json_object_get(part, "Rule"), 0);
	const char *by =
	    path_text(rule, ".ApplyServerSideEncryptionByDefault.SSEAlgorithm");

	if (json_is_null(part) || (json_is_object(part) && rule == NULL))
		by = "none";
	attrs_str(a, "encryption", by);
	attrs_str(a, "kms_key",
	    path_text(
		rule, ".ApplyServerSideEncryptionByDefault.KMSMasterKeyID"));
	put_flag(a, "bucket_key", json_object_get(rule, "BucketKeyEnabled"));
}

void
aws_fill_s3_bucket(const struct aws_item *i, struct attrs *a)
{
	const json_t *block = json_object_get(i->tree, "PublicAccessBlock");
	const char *name = path_text(i->tree, ".Name");
	char bucket[256], objects[256];
	const char *resources[] = { bucket, objects, NULL };

	(void)snprintf(bucket, sizeof(bucket), "arn:%s:s3:::%s", i->partition,
	    name != NULL ? name : "");
	(void)snprintf(objects, sizeof(objects), "%.250s/*", bucket);
	fill_bucket_encryption(json_object_get(i->tree, "Encryption"), a);
	attrs_str(a, "public_access_block",
	    json_is_object(block) ? "set"
	    : json_is_null(block) ? "none"
				  : NULL);
	put_flag(
	    a, "policy_public", path_value(i->tree, ".PolicyStatus.IsPublic"));
	put_tls_only(a, json_object_get(i->tree, "Policy"), "s3:*", resources);
}

/* ---- databases ---- */

/* Of some four hundred parameters those that speak of TLS. */
static const char *const tls_parameters[][2] = {
	{ "rds.force_ssl", "force_ssl" },
	{ "require_secure_transport", "require_secure_transport" },
	{ "neptune_enforce_ssl", "neptune_enforce_ssl" },
	{ "tls", "tls" },
	{ "tls_version", "tls_version" },
	{ "ssl_min_protocol_version", "tls_version" },
	{ "rds.ssl_min_protocol_version", "tls_version" },
};
#define TLS_PARAMETERS (LENGTH(tls_parameters))

bool
aws_is_tls_parameter(const struct aws_item *i)
{
	const char *name = path_text(i->tree, ".ParameterName");

	for (size_t n = 0; name != NULL && n < TLS_PARAMETERS; n++)
		if (strcmp(name, tls_parameters[n][0]) == 0)
			return true;
	return false;
}

static void
fill_parameters(const struct aws_item *i, const char *level, struct attrs *a)
{
	json_t *v;
	size_t at;

	attrs_str(a, "level", level);
	for (size_t n = 0; n < TLS_PARAMETERS; n++)
		attrs_json(a, tls_parameters[n][1], json_null());
	json_array_foreach (json_object_get(i->tree, "Parameters"), at, v) {
		const char *name = path_text(v, ".ParameterName");

		for (size_t n = 0; name != NULL && n < TLS_PARAMETERS; n++)
			if (strcmp(name, tls_parameters[n][0]) == 0)
				attrs_str(a, tls_parameters[n][1],
				    path_text(v, ".ParameterValue"));
	}
}

void
aws_fill_rds_parameters(const struct aws_item *i, struct attrs *a)
{
	fill_parameters(i, "instance", a);
	attrs_str(a, "family", path_text(i->tree, ".DBParameterGroupFamily"));
}

void
aws_fill_rds_cluster_parameters(const struct aws_item *i, struct attrs *a)
{
	fill_parameters(i, "cluster", a);
	attrs_str(a, "family", path_text(i->tree, ".DBParameterGroupFamily"));
}

void
aws_fill_efs_file_system(const struct aws_item *i, struct attrs *a)
{
	const json_t *part = json_object_get(i->tree, "Policy");
	const char *arn = path_text(i->tree, ".FileSystemArn");
	const char *resources[] = { arn != NULL ? arn : "?", NULL };

	put_tls_only(a,
	    json_is_object(part) ? json_object_get(part, "Policy") : part,
	    "elasticfilesystem:*", resources);
}

void
aws_fill_elasticache_group(const struct aws_item *i, struct attrs *a)
{
	(void)i;
	attrs_str(a, "form", "group");
}

void
aws_fill_elasticache_cluster(const struct aws_item *i, struct attrs *a)
{
	(void)i;
	attrs_str(a, "form", "cluster");
}

/* A cluster of a group is described with its group. */
bool
aws_has_no_replication_group(const struct aws_item *i)
{
	return path_text(i->tree, ".ReplicationGroupId") == NULL;
}

/* ---- queues, topics ---- */

static void
fill_queue(const json_t *attributes, const char *arn, const char *action,
    struct attrs *a)
{
	const char *resources[] = { arn != NULL ? arn : "?", NULL };
	const json_t *policy = json_object_get(attributes, "Policy");
	const char *key = path_text(attributes, ".KmsMasterKeyId");

	attrs_str(a, "kms_key", key != NULL && key[0] != '\0' ? key : NULL);
	/* had, and without a policy: then there is none */
	put_tls_only(a,
	    policy == NULL && json_is_object(attributes) ? json_null() : policy,
	    action, resources);
}

void
aws_fill_sqs_queue(const struct aws_item *i, struct attrs *a)
{
	const json_t *attributes = json_object_get(i->tree, "Attributes");

	fill_queue(attributes, path_text(attributes, ".QueueArn"), "sqs:*", a);
	put_flag(a, "sqs_managed",
	    json_object_get(attributes, "SqsManagedSseEnabled"));
}

void
aws_fill_sns_topic(const struct aws_item *i, struct attrs *a)
{
	json_t *attributes = json_object(), *v;
	size_t n;

	json_array_foreach (
	    (json_t *)path_value(i->tree, ".Attributes.Attributes.entry"), n,
	    v) {
		const char *name = path_text(v, ".key");

		if (name != NULL)
			put_text(a, attributes, name, path_text(v, ".value"));
	}
	fill_queue(path_value(i->tree, ".Attributes.Attributes") != NULL
		       ? attributes
		       : NULL,
	    path_text(i->tree, ".TopicArn"), "sns:*", a);
	json_decref(attributes);
}

/* ---- secrets, functions, certificates ---- */

void
aws_fill_secret(const struct aws_item *i, struct attrs *a)
{
	const json_t *deleted = json_object_get(i->tree, "DeletedDate");

	attrs_bool(a, "deleted", deleted != NULL && !json_is_null(deleted));
}

/* Without Environment there are no variables; with Error nobody knows. */
void
aws_fill_lambda_function(const struct aws_item *i, struct attrs *a)
{
	const json_t *env = json_object_get(i->tree, "Environment");
	json_t *kept, *v;
	const char *name;

	if (json_object_get(env, "Error") != NULL) {
		attrs_json(a, "env", json_null());
		attrs_json(a, "env_names", json_null());
		return;
	}
	kept = json_object();
	json_object_foreach (json_object_get(env, "Variables"), name, v) {
		const struct kept_variable *rule = environment_kept(name);

		if (rule != NULL && json_is_string(v))
			environment_put(
			    a, kept, rule, name, json_string_value(v));
	}
	attrs_json(a, "env", kept);
	put_sorted(a, "env_names", json_object_get(env, "Variables"));
}

/* Of the summary, else of the description. */
static const json_t *
of_certificate(const struct aws_item *i, const char *name)
{
	const json_t *v = json_object_get(i->tree, name);

	if (v == NULL)
		v = json_object_get(json_object_get(i->tree, "Detail"), name);
	return v;
}

void
aws_fill_acm_certificate(const struct aws_item *i, struct attrs *a)
{
	static const char *const texts[][2] = {
		{ "key_algorithm", "KeyAlgorithm" },
		{ "renewal", "RenewalEligibility" },
		{ "status", "Status" },
		{ "type", "Type" },
	};
	const json_t *use = json_object_get(i->tree, "InUse");
	const json_t *by = path_value(i->tree, ".Detail.InUseBy");

	for (size_t n = 0; n < LENGTH(texts); n++)
		attrs_str(a, texts[n][0],
		    json_string_value(of_certificate(i, texts[n][1])));
	put_day(a, "not_after", of_certificate(i, "NotAfter"));
	if (json_is_array(by))
		attrs_bool(a, "in_use", json_array_size(by) > 0);
	else
		put_flag(a, "in_use", use);
}
