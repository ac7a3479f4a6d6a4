/* An answer of AWS, any bytes, in each protocol's shape and in pieces of any
 * size; and its error code. */
#include <stddef.h>
#include <stdint.h>

#include "collector/aws_client/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct aws_service services[] = {
	{ .name = "ec2", .protocol = AWS_EC2 },
	{ .name = "rds", .protocol = AWS_QUERY },
	{ .name = "s3", .protocol = AWS_REST_XML },
	{ .name = "kms", .protocol = AWS_JSON },
};

static const struct aws_call calls[] = {
	{ .service = &services[0],
	    .operation = "fuzz",
	    .items = ".reservationSet[].instancesSet[]",
	    .lists = "groupSet" },
	{ .service = &services[1],
	    .operation = "fuzz",
	    .items = ".DBInstances[]" },
	{ .service = &services[2],
	    .operation = "fuzz",
	    .items = ".Rule[]",
	    .flat = "Rule" },
	{ .service = &services[3], .operation = "fuzz", .items = ".a[].b[]" },
	{ .service = &services[2], .operation = "fuzz" },
};

static int
take(void *ctx, json_t *v, struct fault *f)
{
	size_t *n = ctx;

	(void)f;
	*n += json_is_object(v) ? json_object_size(v) : 1;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t which = size > 0 ? data[0] % 5 : 0, n = 0, at = 1;
	size_t piece = size > 1 ? data[1] % 9 + 1 : 1;
	const char *p = (const char *)data;
	struct answer_sink sink = { take, &n };
	char code[64], message[128];
	const json_t *around;
	struct aws_answer *a;
	struct fault f;

	if (size < 2)
		return 0;
	if ((a = aws_answer_new(&calls[which], &sink, &f)) == NULL)
		return 0;
	for (at = 2; at < size; at += piece)
		if (aws_answer_feed(a, p + at,
			size - at < piece ? size - at : piece, &f) == -1)
			break;
	if (at >= size)
		may_fail(aws_answer_end(a, &around, &f));
	aws_answer_free(a);
	aws_answer_error(
	    p + 2, size - 2, code, sizeof(code), message, sizeof(message));
	return 0;
}
