/*
 * The AWS collector with calls of its own, one for each thing the engine can
 * do, so that the engine is tried apart from what exhibit asks.
 *
 *   aws_probe [--option value ...]     prints NDJSON; the options are the
 *                                      collector's; --now TIME
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "collector/aws_client/aws_call.h"
#include "collector/aws/aws_kinds.h"
#include "collector/kit/collector.h"
#include "collector/kit/columns.h"
#include "collector/aws_client/session.h"
#include "base/utc.h"

#define KIND(id, columns)                                                      \
	static const struct kind id##_kind = { "test." #id, "", "", "",        \
		columns }

static const struct column instance_columns[] = {
	{ "groups", J, ".groupSet[].groupId", "" },
	{ "image", T, ".imageId", "" },
	END,
};
static const struct column image_columns[] = {
	{ "name", T, ".name", "" },
	{ "public", COLUMN_BOOLEAN, ".isPublic", "" },
	END,
};
static const struct column cluster_columns[] = {
	{ "created", COLUMN_INTEGER, ".createdAt", "" },
	{ "version", T, ".version", "" },
	END,
};
static const struct column nodegroup_columns[] = {
	{ "ami_type", T, ".amiType", "" },
	{ "cluster", T, "fill", "" },
	END,
};
static const struct column bucket_columns[] = {
	{ "algorithm", T, "fill", "" },
	{ "policy", T, ".Policy.Version", "" },
	{ "unread", J, "engine", "" },
	END,
};
static const struct column key_columns[] = {
	{ "spec", T, ".Key.KeySpec", "" },
	{ "tags", J, ".Tags[].TagKey", "" },
	{ "unread", J, "engine", "" },
	END,
};
static const struct column role_columns[] = {
	{ "arn", T, ".Arn", "" },
	END,
};
static const struct column use_columns[] = {
	{ "events", COLUMN_INTEGER, ".events", "" },
	END,
};
KIND(instance, instance_columns);
KIND(image, image_columns);
KIND(cluster, cluster_columns);
KIND(nodegroup, nodegroup_columns);
KIND(bucket, bucket_columns);
KIND(key, key_columns);
KIND(role, role_columns);
static const struct column whole_columns[] = {
	{ "cut", COLUMN_BOOLEAN, "", "" },
	{ "sources", COLUMN_INTEGER, "", "" },
	END,
};
KIND(use, use_columns);
KIND(part, use_columns);
KIND(whole, whole_columns);
KIND(thing, role_columns);

const struct kind *const aws_kinds[] = { &aws_call_kind, &aws_identity_kind,
	&aws_scope_kind, &instance_kind, &image_kind, &cluster_kind,
	&nodegroup_kind, &bucket_kind, &key_kind, &role_kind, &use_kind,
	&part_kind, &whole_kind, &thing_kind, NULL };

static const struct aws_service ec2 = {
	.name = "ec2", .protocol = AWS_EC2, .version = "2016-11-15"
};
static const struct aws_service eks = { .name = "eks",
	.protocol = AWS_REST_JSON };
static const struct aws_service kms = {
	.name = "kms", .protocol = AWS_JSON, .target = "TrentService"
};
static const struct aws_service s3 = {
	.name = "s3", .protocol = AWS_REST_XML, .global = true
};
static const struct aws_service iam = { .name = "iam",
	.protocol = AWS_QUERY,
	.version = "2010-05-08",
	.global = true };
static const struct aws_service trail = { .name = "cloudtrail",
	.protocol = AWS_JSON,
	.target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101" };

/* ---- pages of XML, and ids for another call ---- */

static const struct aws_gather instance_ids[] = { { "image", ".imageId" },
	{ NULL, NULL } };
static const struct aws_call describe_instances = { .kind = &instance_kind,
	.service = &ec2,
	.operation = "DescribeInstances",
	.items = ".reservationSet[].instancesSet[]",
	.pager = { .next = ".nextToken",
	    .token = "NextToken",
	    .limit = "MaxResults",
	    .size = 2 },
	.key = ".instanceId",
	.gathers = instance_ids };

static const struct aws_input image_input[] = {
	{ "Filter.1.Name", NULL, "image-id" },
	{ "Filter.1.Value.#", ".", NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe_images = { .kind = &image_kind,
	.service = &ec2,
	.operation = "DescribeImages",
	.input = image_input,
	.items = ".imagesSet[]",
	.key = ".imageId",
	.set = "image",
	.batch = 2,
	.batch_key = ".imageId",
	.missing = true };

/* ---- lists of names, each asked, and below each another list ---- */

static const struct aws_call list_clusters = { .service = &eks,
	.operation = "ListClusters",
	.path = "/clusters",
	.items = ".clusters[]",
	.pager = { .next = ".nextToken", .token = "nextToken" } };

static const struct aws_input cluster_input[] = { { "name", ".", NULL },
	{ NULL, NULL, NULL } };
static const struct aws_call describe_cluster = { .kind = &cluster_kind,
	.service = &eks,
	.operation = "DescribeCluster",
	.path = "/clusters/{name}",
	.input = cluster_input,
	.items = ".cluster",
	.key = ".name",
	.each = &list_clusters };
static const struct aws_call list_nodegroups = { .service = &eks,
	.operation = "ListNodegroups",
	.path = "/clusters/{name}/node-groups",
	.input = cluster_input,
	.items = ".nodegroups[]",
	.each = &list_clusters };

static const struct aws_input nodegroup_input[] = { { "name", ".", NULL },
	{ "cluster", "^.", NULL }, { NULL, NULL, NULL } };

static void
fill_nodegroup(const struct aws_item *i, struct attrs *a)
{
	attrs_str(a, "cluster", json_string_value(aws_item_value(i, "^^.")));
}

static const struct aws_call describe_nodegroup = { .kind = &nodegroup_kind,
	.service = &eks,
	.operation = "DescribeNodegroup",
	.path = "/clusters/{cluster}/node-groups/{name}",
	.input = nodegroup_input,
	.items = ".nodegroup",
	.key = "^^. .nodegroupName",
	.each = &list_nodegroups,
	.fill = fill_nodegroup };

/* ---- things with parts ---- */

static void
fill_bucket(const struct aws_item *i, struct attrs *a)
{
	const json_t *rules = path_value(i->tree, ".Encryption.Rule");

	attrs_str(a, "algorithm",
	    path_text(json_array_get(rules, 0),
		".ApplyServerSideEncryptionByDefault.SSEAlgorithm"));
}

static const struct aws_call list_buckets = { .kind = &bucket_kind,
	.service = &s3,
	.operation = "ListBuckets",
	.action = "s3:ListAllMyBuckets",
	.path = "/",
	.items = ".Buckets[]",
	.pager = { .next = ".ContinuationToken",
	    .token = "continuation-token",
	    .limit = "max-buckets",
	    .size = 2 },
	.key = ".Name",
	.fill = fill_bucket };

static const struct aws_input bucket_input[] = { { "Name", ".Name", NULL },
	{ NULL, NULL, NULL } };
static const struct aws_call bucket_encryption = { .service = &s3,
	.operation = "GetBucketEncryption",
	.path = "/{Name}?encryption",
	.input = bucket_input,
	.flat = "Rule",
	.each = &list_buckets,
	.into = "Encryption",
	.region = ".BucketRegion",
	.absent = "ServerSideEncryptionConfigurationNotFoundError" };
static const struct aws_call bucket_policy = { .service = &s3,
	.operation = "GetBucketPolicy",
	.path = "/{Name}?policy",
	.input = bucket_input,
	.each = &list_buckets,
	.into = "Policy",
	.region = ".BucketRegion",
	.absent = "NoSuchBucketPolicy" };

static const struct aws_call list_keys = { .kind = &key_kind,
	.service = &kms,
	.operation = "ListKeys",
	.items = ".Keys[]",
	.pager = { .next = ".NextMarker",
	    .token = "Marker",
	    .limit = "Limit",
	    .size = 2,
	    .more = ".Truncated" },
	.key = ".KeyId" };
static const struct aws_input key_input[] = { { "KeyId", ".KeyId", NULL },
	{ NULL, NULL, NULL } };
static const struct aws_call describe_key = { .service = &kms,
	.operation = "DescribeKey",
	.input = key_input,
	.items = ".KeyMetadata",
	.each = &list_keys,
	.into = "Key" };
static const struct aws_call key_tags = { .service = &kms,
	.operation = "ListResourceTags",
	.input = key_input,
	.items = ".Tags[]",
	.pager = { .next = ".NextMarker", .token = "Marker" },
	.each = &list_keys,
	.into = "Tags" };

/* ---- query, with a flag for more ---- */

static const struct aws_call roles = { .kind = &role_kind,
	.service = &iam,
	.operation = "ListRoles",
	.items = ".Roles[]",
	.pager = { .next = ".Marker",
	    .token = "Marker",
	    .more = ".IsTruncated" },
	.key = ".RoleName" };

/* ---- many things folded into few ---- */

static void
fold_event(const struct aws_item *i, json_t *state, struct attrs *a)
{
	const char *source = path_text(i->tree, ".EventSource");
	json_t *one = json_object_get(state, source);

	if (one == NULL) {
		one = json_object();
		put(a, state, source, one);
	}
	put(a, one, "events",
	    json_integer(
		json_integer_value(json_object_get(one, "events")) + 1));
}

static const struct aws_input event_input[] = {
	{ "MaxResults", NULL, "50" },
	{ "LookupAttributes", NULL,
	    "[{\"AttributeKey\":\"ReadOnly\",\"AttributeValue\":\"false\"}]" },
	{ NULL, NULL, NULL },
};
static const struct aws_call lookup_events = { .kind = &use_kind,
	.service = &trail,
	.operation = "LookupEvents",
	.input = event_input,
	.items = ".Events[]",
	.pager = { .next = ".NextToken", .token = "NextToken", .pages = 4 },
	.pace_ms = 20,
	.fold = fold_event };

/* More pages than it takes, which it says; and a list of nothing. */
static void
tell_whole(const json_t *state, bool cut, const char *now, struct attrs *a)
{
	(void)now;
	attrs_bool(a, "cut", cut);
	attrs_int(a, "sources", (long long)json_object_size(state));
}

static const struct aws_call lookup_more = { .kind = &part_kind,
	.service = &trail,
	.operation = "ListInsightsData",
	.items = ".Events[]",
	.pager = { .next = ".NextToken", .token = "NextToken", .pages = 2 },
	.fold = fold_event,
	.whole = &whole_kind,
	.tell = tell_whole };
static const struct aws_call list_nothing = { .kind = &thing_kind,
	.service = &trail,
	.operation = "ListChannels",
	.items = ".Channels[]",
	.key = "thing .Name",
	.none = "there is no channel" };

static const struct aws_call *const ec2_calls[] = { &describe_instances,
	&describe_images, NULL };
static const struct aws_call *const eks_calls[] = { &list_clusters,
	&describe_cluster, &list_nodegroups, &describe_nodegroup, NULL };
static const struct aws_call *const s3_calls[] = { &list_buckets,
	&bucket_encryption, &bucket_policy, NULL };
static const struct aws_call *const other_calls[] = { &list_keys, &describe_key,
	&key_tags, &roles, &lookup_events, &lookup_more, &list_nothing, NULL };

const struct aws_call *const *const aws_calls[] = { ec2_calls, eks_calls,
	s3_calls, other_calls, NULL };

/* ---- the program ---- */

extern const struct collector aws_collector;
extern const struct text report_text[]; /* the catalogue of endpoints */

static int
write_line(void *ctx, const char *p, size_t len, struct fault *f)
{
	(void)ctx;
	(void)f;
	return fwrite(p, 1, len, stdout) == len ? 0 : -1;
}

/* --kms-sign KEY and --eks-token CLUSTER: what others use of the client */
static int
use(const struct request *r, struct fault *f)
{
	static const unsigned char digest[48] = { 1, 2, 3 };
	BUF_AUTO(out, EKS_TOKEN_MAX);
	BUF_AUTO(key, EKS_TOKEN_MAX);
	int64_t expires;
	char hex[256];

	if (request_get(r, "eks-token") != NULL) {
		if (aws_eks_token(r, NULL, NULL, NULL,
			request_get(r, "eks-token"), &out, &expires, f) == -1)
			return -1;
		printf("%s\n", out.p);
		return 0;
	}
	if (aws_kms_sign(r, request_get(r, "kms-sign"), NULL, "ECDSA_SHA_384",
		digest, sizeof(digest), &out, f) == -1 ||
	    aws_kms_public_key(r, request_get(r, "kms-sign"), NULL, &key, f) ==
		-1)
		return -1;
	hex_encode((const uint8_t *)out.p, out.len, hex);
	printf("signature %s\n", hex);
	hex_encode((const uint8_t *)key.p, key.len, hex);
	printf("key %s\n", hex);
	return 0;
}

int
main(int argc, char **argv)
{
	struct request_option options[32];
	struct ndjson out = { write_line, NULL };
	struct sink sink = ndjson_sink(&out);
	struct fault f = { 0 };
	char now[UTC_LEN];
	struct request r = { .options = options,
		.environment = environ,
		.texts = report_text,
		.now = now,
		.clock = (long long)time(NULL) };
	int rc;

	utc_format((int64_t)time(NULL), now);
	r.crypto = crypto_new(false, &f);
	for (int i = 1; i + 1 < argc && r.noptions < 32; i += 2)
		options[r.noptions++] =
		    (struct request_option){ argv[i] + 2, argv[i + 1] };
	if (r.crypto == NULL)
		rc = -1;
	else if (request_get(&r, "kms-sign") != NULL ||
		 request_get(&r, "eks-token") != NULL)
		rc = use(&r, &f);
	else
		rc = aws_collector.collect(&r, &sink, &f);
	if (rc == -1)
		(void)fprintf(stderr, "aws_probe: %s\n", f.text);
	crypto_free(r.crypto);
	return rc == -1 ? 2 : 0;
}
