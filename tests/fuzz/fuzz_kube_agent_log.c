/* An agent's log, from a node that may say anything: what is put is the
 * node's own, whatever the log says. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/kube/agent_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
put(void *ctx, const struct observation *o, struct fault *f)
{
	(void)ctx;
	(void)f;
	if (strcmp(o->scope, "host/c/n") != 0 ||
	    strncmp(o->kind, "node", 4) != 0)
		abort();
	return 0;
}

static int
cover(void *ctx, const struct coverage *c, struct fault *f)
{
	(void)ctx;
	(void)f;
	if (strcmp(c->scope, "host/c/n") != 0)
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sink sink = { put, cover, NULL };
	static const struct agent_pod pod = { "p", "Running", "u", "o", "" };
	const char *p = size > 0 ? (const char *)data : "";
	struct agent_report r = { 0 };
	enum agent_found found;
	struct fault f;

	if (agent_log_newest(p, size, &found, &r, &f) == 0 &&
	    found == AGENT_WHOLE)
		may_fail(
		    agent_log_put(&r, &pod, "host/c/n", "n", NULL, &sink, &f));
	return 0;
}
