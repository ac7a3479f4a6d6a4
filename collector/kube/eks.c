/*
 * EKS without the aws command: tokens as 'aws eks get-token' and
 * aws-iam-authenticator make them, and a cluster by its name alone
 * (eks:DescribeCluster). Facts: EKS user guide, cluster-auth;
 * aws-iam-authenticator's README, "API authorization from outside".
 */
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "collector/kube/cluster_access.h"
#include "base/clock.h"
#include "base/base64.h"
#include "collector/aws_client/ask.h"
#include "base/child.h"
#include "collector/kit/config_text.h"
#include "collector/kit/project.h"
#include "collector/aws_client/session.h"
#include "base/utc.h"

#define TOKEN_MARGIN 60 /* seconds before its end that one is made anew */

/* Does argument i hold option name, "--x v" or "--x=v"? Then its value. */
static const char *
option_value(const char *const *args, size_t i, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(args[i], name, len) != 0)
		return NULL;
	if (args[i][len] == '=')
		return args[i] + len + 1;
	return args[i][len] == '\0' ? args[i + 1] : NULL;
}

static const char *
any_option(const char *const *args, const char *const *names)
{
	for (; *names != NULL; names++)
		for (size_t i = 0; args[i] != NULL; i++) {
			const char *v = option_value(args, i, *names);

			if (v != NULL)
				return v;
		}
	return NULL;
}

static bool
has_words(const char *const *args, const char *first, const char *second)
{
	for (size_t i = 0; args[i] != NULL; i++)
		if (strcmp(args[i], first) == 0)
			return second == NULL ||
			       (args[i + 1] != NULL &&
				   strcmp(args[i + 1], second) == 0);
	return false;
}

/* A variable the kubeconfig sets for the plugin, else the user's. */
static const char *
plugin_env(
    const struct kube_access *a, const struct request *r, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; a->exec.env != NULL && a->exec.env[i] != NULL; i++)
		if (strncmp(a->exec.env[i], name, len) == 0 &&
		    a->exec.env[i][len] == '=')
			return a->exec.env[i] + len + 1;
	return request_env(r, name);
}

/* us-east-1 of https://HASH.gr7.us-east-1.eks.amazonaws.com */
static const char *
region_of_server(struct kube_access *a)
{
	const char *end = strstr(a->server, ".eks.amazonaws.com"), *p = end;
	char text[64];

	if (end == NULL)
		return NULL;
	while (p > a->server && p[-1] != '.' && p[-1] != '/')
		p--;
	(void)snprintf(text, sizeof(text), "%.*s", (int)(end - p), p);
	return arena_str(a->arena, text);
}

bool
access_eks_plugin(struct kube_access *a, const struct request *r)
{
	static const char *const cluster[] = { "--cluster-name", "--cluster-id",
		"-i", NULL };
	static const char *const region[] = { "--region", NULL };
	static const char *const role[] = { "--role-arn", "--role", "-r",
		NULL };
	static const char *const profile[] = { "--profile", NULL };
	const char *const *args = a->exec.args;
	const char *name;
	bool aws;

	if (a->exec.command == NULL)
		return false;
	name = strrchr(a->exec.command, '/');
	name = name != NULL ? name + 1 : a->exec.command;
	aws = strcmp(name, "aws") == 0 && has_words(args, "eks", "get-token");
	if (!aws && (strcmp(name, "aws-iam-authenticator") != 0 ||
			!has_words(args, "token", NULL)))
		return false;
	a->eks = (struct access_eks){
		.cluster = any_option(args, cluster),
		.region = any_option(args, region),
		.role = any_option(args, role),
		.profile = any_option(args, profile),
	};
	if (a->eks.region == NULL)
		a->eks.region = plugin_env(a, r, "AWS_REGION");
	if (a->eks.region == NULL)
		a->eks.region = plugin_env(a, r, "AWS_DEFAULT_REGION");
	if (a->eks.region == NULL)
		a->eks.region = region_of_server(a);
	if (a->eks.profile == NULL)
		a->eks.profile = plugin_env(a, r, "AWS_PROFILE");
	return a->eks.cluster != NULL;
}

int
access_eks_token(
    struct kube_access *a, const struct request *r, struct fault *f)
{
	int64_t expires = 0, now = 0;
	struct fault why = { 0 };

	buf_reset(&a->token);
	if (aws_eks_token(r, a->eks.profile, a->eks.region, a->eks.role,
		a->eks.cluster, &a->token, &expires, &why) == -1)
		return fault(f, why.kind, "EKS token for cluster '%.100s': %s",
		    a->eks.cluster, why.text);
	a->token_due =
	    utc_parse(r->now, &now) == 0 && expires - now > TOKEN_MARGIN
		? clock_ms() + (expires - now - TOKEN_MARGIN) * 1000
		: clock_ms() + TOKEN_MARGIN * 1000;
	return 0;
}

/* ---- a cluster by its name ---- */

static const struct aws_service eks = { .name = "eks",
	.protocol = AWS_REST_JSON };
static const struct aws_input describe_input[] = {
	{ "name", NULL, NULL },
	{ NULL, NULL, NULL },
};
static const struct aws_call describe = { .service = &eks,
	.operation = "DescribeCluster",
	.path = "/clusters/{name}",
	.input = describe_input,
	.must = ".cluster.name=name .cluster.endpoint=text? "
		".cluster.certificateAuthority.data=name?" };

/* Endpoint and authority of the answer. */
static int
take_cluster(struct kube_access *a, const char *cluster, const json_t *tree,
    struct fault *f)
{
	const char *server = path_text(tree, ".cluster.endpoint");
	const char *ca = path_text(tree, ".cluster.certificateAuthority.data");
	const char *name = path_text(tree, ".cluster.name");
	char *copy;

	if (name == NULL || strcmp(name, cluster) != 0)
		return fault(f, FAULT_FORMAT,
		    "EKS cluster '%.100s': the answer is of '%.100s'", cluster,
		    name != NULL ? name : "");
	if (server == NULL || ca == NULL)
		return fault(f, FAULT_FORMAT,
		    "EKS cluster '%.100s': it has no endpoint yet", cluster);
	if (strncmp(server, "https://", 8) != 0 || server[8] == '\0')
		return fault(f, FAULT_FORMAT,
		    "EKS cluster '%.100s': its endpoint '%.200s' is no https "
		    "address",
		    cluster, server);
	if ((copy = arena_str(a->arena, server)) == NULL)
		return fault_memory(f);
	for (size_t len = strlen(copy); copy[len - 1] == '/'; len--)
		copy[len - 1] = '\0';
	a->server = copy;
	a->cluster = arena_str(a->arena, cluster);
	if (!base64_read_text(&a->ca, ca, strlen(ca)))
		return fault(f, FAULT_FORMAT,
		    "EKS cluster '%.100s': its certificate authority is not "
		    "base64",
		    cluster);
	if (arena_failed(a->arena))
		return fault_memory(f);
	return buf_done(&a->ca, "certificate authority", f);
}

static int
describe_cluster(struct kube_access *a, const struct request *r, json_t **tree,
    struct fault *f)
{
	struct aws_session *s = aws_session_new(r, a->eks.profile, f);
	struct aws_credentials *who = NULL;
	json_t *input = json_pack("{s:s}", "name", a->eks.cluster);
	const char *region = a->eks.region;
	int rc = -1;

	if (s != NULL && region == NULL)
		region = aws_session_region(s);
	if (s != NULL && region == NULL)
		(void)fault(f, FAULT_USAGE,
		    "--eks-cluster: which region? give --eks-region");
	else if (s != NULL &&
		 (who = credentials_find(s, a->eks.profile, f)) != NULL)
		rc = aws_ask_once(s, who, &describe, region, input, tree, f);
	if (rc == 0 && a->eks.region == NULL)
		a->eks.region = arena_str(a->arena, region);
	json_decref(input);
	credentials_free(who);
	aws_session_free(s);
	return rc;
}

int
access_eks_cluster(struct kube_access *a, const struct request *r,
    const char *cluster, struct fault *f)
{
	json_t *tree = NULL;
	int rc;

	*a = (struct kube_access){ .arena = arena_new() };
	a->ca.max = a->cert.max = a->key.max = a->token.max = CREDENTIAL_MAX;
	if (a->arena == NULL)
		return fault_memory(f);
	a->eks = (struct access_eks){ .cluster = cluster,
		.region = request_get(r, "eks-region"),
		.profile = request_get(r, "profile"),
		.native = true };
	rc = describe_cluster(a, r, &tree, f);
	if (rc == 0)
		rc = take_cluster(a, cluster, tree, f);
	json_decref(tree);
	if (rc == -1)
		access_free(a);
	return rc;
}
