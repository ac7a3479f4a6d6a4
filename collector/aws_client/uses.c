/* Calls outside a collection: tokens for EKS, signatures by KMS. See
 * session.h. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "collector/aws_client/ask.h"
#include "base/base64.h"
#include "collector/kit/config_text.h"
#include "collector/aws_client/credentials_parts.h"
#include "collector/aws_client/session.h"

#define EKS_PREFIX "k8s-aws-v1."
#define EKS_EXPIRES 60 /* of the URL; the API server's rule is 15 min */
#define EKS_GOOD_S (14 * 60)
#define KMS_DIGEST_MAX 64

static const struct aws_service sts = {
	.name = "sts", .protocol = AWS_QUERY, .version = "2011-06-15"
};
static const struct aws_service kms = {
	.name = "kms", .protocol = AWS_JSON, .target = "TrentService"
};
static const struct aws_call kms_sign = {
	.service = &kms, .operation = "Sign", .must = ".Signature=text"
};
static const struct aws_call kms_get_public_key = {
	.service = &kms, .operation = "GetPublicKey", .must = ".PublicKey=text"
};

/* ---- EKS ---- */

static int
eks_url(struct aws_session *s, struct aws_credentials *who, const char *region,
    const char *cluster, struct buf *url, struct fault *f)
{
	struct aws_endpoint to;
	struct sigv4_key key = { 0 };
	char header[256];
	const char *headers[] = { header, NULL };

	if (aws_endpoint_of(aws_catalog(s->request->texts), NULL, &sts, region,
		&to, f) == -1 ||
	    credentials_key(who, &key, f) == -1)
		return -1;
	(void)snprintf(header, sizeof(header), "x-k8s-aws-id: %.200s", cluster);
	struct sigv4_request r = { .method = "GET",
		.host = to.host,
		.path = "/",
		.query = "Action=GetCallerIdentity&Version=2011-06-15",
		.headers = headers,
		.region = to.region,
		.service = "sts",
		.time = aws_now(s) };
	buf_printf(url, "https://%s/?", to.host);
	struct buf query = { .max = EKS_TOKEN_MAX };
	int rc =
	    sigv4_presign(s->request->crypto, &key, &r, EKS_EXPIRES, &query, f);
	if (rc == 0)
		buf_puts(url, query.p);
	buf_wipe(&query);
	return rc == 0 ? buf_done(url, "URL", f) : -1;
}

int
aws_eks_token(const struct request *r, const char *profile, const char *region,
    const char *role_arn, const char *cluster, struct buf *token,
    int64_t *expires, struct fault *f)
{
	struct aws_session *s = aws_session_new(r, profile, f);
	struct aws_credentials *base = NULL, *role = NULL;
	struct buf url = { .max = EKS_TOKEN_MAX };
	int rc = -1;

	if (s == NULL)
		return -1;
	if (region == NULL)
		region = s->region;
	if (region == NULL)
		(void)fault(
		    f, FAULT_USAGE, "EKS: which region? set AWS_REGION");
	else if ((base = credentials_find(s, profile, f)) != NULL &&
		 (role_arn == NULL || (role = credentials_role(s, base,
					   role_arn, NULL, f)) != NULL))
		rc = eks_url(
		    s, role != NULL ? role : base, region, cluster, &url, f);
	if (rc == 0) {
		buf_puts(token, EKS_PREFIX);
		base64url_put(token, url.p, url.len);
		rc = buf_done(token, "token", f);
		*expires = aws_now(s) + EKS_GOOD_S;
	}
	buf_wipe(&url);
	credentials_free(role);
	credentials_free(base);
	aws_session_free(s);
	return rc;
}

/* ---- KMS ---- */

/* us-east-1 of arn:aws:kms:us-east-1:123456789012:key/… */
static bool
region_of_arn(const char *arn, char out[AWS_REGION_MAX])
{
	const char *p = arn;

	if (strncmp(arn, "arn:", 4) != 0)
		return false;
	for (int i = 0; i < 3; i++)
		if ((p = strchr(p, ':')) == NULL)
			return false;
		else
			p++;
	(void)snprintf(out, AWS_REGION_MAX, "%.*s", (int)strcspn(p, ":"), p);
	return aws_is_region(out);
}

/* Ask KMS about a key; member of the answer, base64, is decoded into out. */
static int
ask_kms(const struct request *r, const struct aws_call *call, const char *key,
    const char *region, json_t *input, const char *member, struct buf *out,
    struct fault *f)
{
	struct aws_session *s = aws_session_new(r, NULL, f);
	struct aws_credentials *who = NULL;
	json_t *tree = NULL;
	char of_arn[AWS_REGION_MAX];
	const char *text;
	int rc = -1;

	if (s == NULL)
		return -1;
	if (region == NULL && region_of_arn(key, of_arn))
		region = of_arn;
	if (region == NULL)
		region = s->region;
	if (region == NULL)
		(void)fault(f, FAULT_USAGE,
		    "KMS key %.200s: in which region? give its ARN, or set "
		    "AWS_REGION",
		    key);
	else if ((who = credentials_find(s, NULL, f)) != NULL)
		rc = aws_ask_once(s, who, call, region, input, &tree, f);
	text = path_text(tree, member);
	if (rc == 0 &&
	    (text == NULL || !base64_read_text(out, text, strlen(text)) ||
		out->len == 0))
		rc = fault(f, FAULT_FORMAT, "KMS %s: the answer holds no %s",
		    call->operation, member + 1);
	json_decref(tree);
	credentials_free(who);
	aws_session_free(s);
	return rc;
}

int
aws_kms_sign(const struct request *r, const char *key, const char *region,
    const char *algorithm, const void *digest, size_t digest_len,
    struct buf *signature, struct fault *f)
{
	char text[4 * ((KMS_DIGEST_MAX + 2) / 3) + 1];
	json_t *input;
	int rc;

	if (digest_len > KMS_DIGEST_MAX)
		return fault(
		    f, FAULT_USAGE, "KMS: a digest of %zu bytes", digest_len);
	(void)EVP_EncodeBlock((unsigned char *)text, digest, (int)digest_len);
	input = json_pack("{s:s, s:s, s:s, s:s}", "KeyId", key, "Message", text,
	    "MessageType", "DIGEST", "SigningAlgorithm", algorithm);
	if (input == NULL)
		return fault_memory(f);
	rc = ask_kms(
	    r, &kms_sign, key, region, input, ".Signature", signature, f);
	json_decref(input);
	return rc;
}

int
aws_kms_public_key(const struct request *r, const char *key, const char *region,
    struct buf *der, struct fault *f)
{
	json_t *input = json_pack("{s:s}", "KeyId", key);
	int rc;

	if (input == NULL)
		return fault_memory(f);
	rc = ask_kms(
	    r, &kms_get_public_key, key, region, input, ".PublicKey", der, f);
	json_decref(input);
	return rc;
}
