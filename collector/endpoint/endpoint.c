/*
 * The endpoint collector: what TLS and SSH servers accept, asked from
 * outside. Each is a scope of its own: "endpoint/<host:port>".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/endpoint/ssh_probe.h"
#include "collector/endpoint/tls_probe.h"
#include "base/number.h"

#define IN_FLIGHT 64
#define CONNECTION_TIME 5 /* seconds */
#define ENDPOINT_TIME 60  /* seconds */
#define TIME_MAX 3600	  /* seconds that may be asked for */
#define RESOLVE_TIME_MS 30000

static const struct collector_option options[] = {
	{ "endpoints", "FILE",
	    "endpoints from there too, one a line; - is standard input" },
	{ "known", NULL,
	    "those the store knows of: 'exhibit query known-endpoints'" },
	{ "starttls", "PROTOCOL",
	    "for hosts without a scheme: postgres, mysql, ldap, smtp, imap, "
	    "rdp" },
	{ "in-flight", "N", "endpoints asked at once (64)" },
	{ "connection-time", "SECONDS", "limit of one connection (5)" },
	{ "endpoint-time", "SECONDS", "limit of one endpoint (60)" },
	{ NULL, NULL, NULL },
};

static int
number_of(const struct request *r, const char *name, unsigned long fallback,
    unsigned long max, int *out, struct fault *f)
{
	const char *s = request_get(r, name);
	long long v = (long long)fallback;

	if (s != NULL && !number_read(s, 1, (long long)max, &v))
		return fault(
		    f, FAULT_USAGE, "--%s '%.40s': not 1 to %lu", name, s, max);
	*out = (int)v;
	return 0;
}

/* ---- one endpoint, whichever it is ---- */

struct work {
	const struct request *r;
	const struct sink *sink;
	const struct targets *targets;
	const struct resolved *where;
	SSL_CTX *ctx;
};

static int
start(void *ctx, size_t i, struct link_client *out, struct fault *f)
{
	const struct work *w = ctx;
	const struct target *t = &w->targets->v[i];

	if (t->protocol == PROTOCOL_SSH) {
		struct ssh_probe *p =
		    ssh_probe_new(t, &w->where[i], w->r->crypto);

		if (p == NULL)
			return fault_memory(f);
		ssh_probe_client(p, out);
	} else {
		struct tls_probe *p =
		    tls_probe_new(t, &w->where[i], w->r->crypto, w->ctx);

		if (p == NULL)
			return fault_memory(f);
		tls_probe_client(p, out);
	}
	return 0;
}

static bool
is_ssh(const struct work *w, size_t i)
{
	return w->targets->v[i].protocol == PROTOCOL_SSH;
}

static int
emit(const struct work *w, size_t i, struct link_client *c, struct fault *f)
{
	const struct kind *const *asked = is_ssh(w, i) ? ssh_kinds : tls_kinds;
	char scope[sizeof("endpoint/") + TARGET_NAME_MAX];
	struct emitter e;
	int rc;

	(void)snprintf(
	    scope, sizeof(scope), "endpoint/%s", w->targets->v[i].name);
	if (emitter_init(&e, w->sink, asked, "endpoint", scope, f) == -1)
		return -1;
	if (is_ssh(w, i))
		rc = ssh_emit(c->self, &e, f);
	else {
		tls_probe_settle(c->self);
		rc = tls_emit(c->self, &e, f);
	}
	emitter_free(&e);
	return rc;
}

static int
finish(void *ctx, size_t i, struct link_client *c, struct fault *f)
{
	const struct work *w = ctx;
	char text[TARGET_NAME_MAX + 16];
	int rc = emit(w, i, c, f);

	if (is_ssh(w, i))
		ssh_probe_free(c->self);
	else
		tls_probe_free(c->self);
	if (w->r->progress != NULL) {
		(void)snprintf(
		    text, sizeof(text), "endpoint %s", w->targets->v[i].name);
		w->r->progress(w->r->progress_ctx, text);
	}
	return rc;
}

static void
drop(void *ctx, size_t i, struct link_client *c)
{
	const struct work *w = ctx;

	if (is_ssh(w, i))
		ssh_probe_free(c->self);
	else
		tls_probe_free(c->self);
}

/* ---- all ---- */

static int
collect_targets(const struct request *r, const struct sink *sink,
    const struct targets *t, const struct resolved *where, struct fault *f)
{
	struct work w = { r, sink, t, where, NULL };
	struct link_work links = { .n = t->n,
		.start = start,
		.finish = finish,
		.drop = drop,
		.ctx = &w };
	int in_flight, connection, endpoint, rc;

	if (number_of(r, "in-flight", IN_FLIGHT, IN_FLIGHT_MAX, &in_flight,
		f) == -1 ||
	    number_of(r, "connection-time", CONNECTION_TIME, TIME_MAX,
		&connection, f) == -1 ||
	    number_of(r, "endpoint-time", ENDPOINT_TIME, TIME_MAX, &endpoint,
		f) == -1)
		return -1;
	links.in_flight = (size_t)in_flight;
	links.connection_ms = connection * 1000;
	links.endpoint_ms = endpoint * 1000;
	if ((w.ctx = tls13_context(r->crypto, f)) == NULL)
		return -1;
	rc = link_run(&links, f);
	SSL_CTX_free(w.ctx);
	return rc;
}

static int
collect(const struct request *r, const struct sink *sink, struct fault *f)
{
	struct targets t = { 0 };
	struct resolved *where = NULL;
	int rc = targets_read(&t, r, f);

	if (rc == 0 && (where = calloc(t.n, sizeof(*where))) == NULL)
		rc = fault_memory(f);
	if (rc == 0)
		rc = resolve(&t, RESOLVE_TIME_MS, where, f);
	if (rc == 0)
		rc = collect_targets(r, sink, &t, where, f);
	free(where);
	targets_free(&t);
	return rc;
}

extern const struct collector endpoint_collector; /* in collector/table.c */

const struct collector endpoint_collector = {
	.name = "endpoint",
	.about = "what TLS and SSH servers accept, asked from outside",
	.operands = "HOST[:PORT] ...",
	.kinds = endpoint_kinds,
	.options = options,
	.collect = collect,
};
