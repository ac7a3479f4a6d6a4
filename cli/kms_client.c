/* See kms_client.h: what carries KMS's protocol (report/sign/kms.h). */
#include "cli/kms_client.h"

#include <stdlib.h>
#include <unistd.h>

#include "collector/aws_client/aws_host.h"
#include "collector/aws_client/session.h"
#include "report/sign/kms.h"

extern const struct text report_text[]; /* made by embed() */

struct client {
	struct request request;
	struct request_option options[1]; /* endpoint-url */
};

static int
ask(void *ctx, const struct kms_key *key, const char *operation, json_t *input,
    json_t **answer, struct fault *f)
{
	struct client *c = ctx;

	c->options[0] = (struct request_option){ "endpoint-url", key->url };
	c->request.options = c->options;
	c->request.noptions = key->url[0] != '\0';
	return aws_kms(&c->request, operation, key->id,
	    key->region[0] != '\0' ? key->region : NULL, input, answer, f);
}

static int
fips(void *ctx, const struct kms_key *key, bool *out, struct fault *f)
{
	static const struct aws_service service = { .name = "kms" };
	const struct text *catalog = aws_catalog(report_text);
	struct aws_endpoint to = { .fips = false };

	(void)ctx;
	if (catalog == NULL ||
	    aws_endpoint_of(catalog, key->url[0] != '\0' ? key->url : NULL,
		&service, key->region, &to, f) == -1)
		return -1;
	*out = to.fips;
	return 0;
}

struct signer *
cli_kms_signer(struct cli *cli, const char *uri, const char *cert,
    const struct signer_passphrase *pass, struct fault *f)
{
	struct client *c = calloc(1, sizeof(*c));
	const struct kms_transport transport = { ask, fips, free, c };

	if (c == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	c->request = (struct request){ .crypto = cli->crypto,
		.now = cli->now,
		.environment = environ,
		.texts = report_text };
	/* cppcheck-suppress memleak ; the transport owns it */
	return kms_signer(cli->crypto, &transport, uri, cert, pass, f);
}
