/*
 * A recorded host as NDJSON, for the test and for update-fixtures.sh.
 *
 * tests/fixtures/node/<host>/ is its root. <host>.answers/ holds what its
 * commands printed (a file <name>.status their exit status, else 0) and what
 * exhibit's own probes found; with it, the host counts as live. Git keeps
 * neither times nor modes: all files have the same here.
 */
#ifndef NODE_FIXTURE_H
#define NODE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/file.h"
#include "collector/node/parts.h"

#define FIXTURE_TIME 1767225600 /* 2026-01-01T00:00:00Z */
#define FIXTURE_MAX ((size_t)16 * 1024 * 1024)

static const struct fixture_answer {
	const char *file, *entry;
} fixture_answers[] = {
	{ "apiclient", APICLIENT_REPORT },
	{ "imds.json", IMDS_ENTRY },
	{ "openssl-fips", OPENSSL_FIPS },
	{ "openssl-md5", OPENSSL_MD5 },
	{ "openssl-providers", OPENSSL_PROVIDERS },
	{ "openssl-version", OPENSSL_VERSION },
	{ "processes", PROCESSES_QUERY },
	{ "providers.json", PROVIDERS_ENTRY },
	{ "rpm", RPM_QUERY },
};

static int
fixture_answer(struct snapshot *s, const char *folder,
    const struct fixture_answer *a, struct fault *f)
{
	char path[2048];
	struct entry *e;
	struct fault why;
	BUF_AUTO(status, 16);
	BUF_AUTO(text, FIXTURE_MAX);

	(void)snprintf(path, sizeof(path), "%s/%s", folder, a->file);
	if (file_read(path, &text, &why) == -1)
		return why.kind == FAULT_ABSENT
			   ? 0
			   : fault(f, why.kind, "%s", why.text);
	if ((e = snapshot_add(s, a->entry, M_COMMAND, f)) == NULL)
		return -1;
	e->bytes = text;
	text.p = NULL;
	s->live = true;
	(void)snprintf(path, sizeof(path), "%s/%s.status", folder, a->file);
	if (file_read(path, &status, &why) == 0)
		e->status = atoi(status.p);
	return 0;
}

static int
fixture_append(void *ctx, const char *p, size_t len, struct fault *f)
{
	buf_put(ctx, p, len);
	return buf_done(ctx, "NDJSON", f);
}

__attribute__((unused)) static int
fixture_snapshot(struct snapshot *s, const char *folder, const char *host,
    struct crypto *c, struct fault *f)
{
	char path[1024];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, host);
	if (snapshot_read_root(s, manifest, path, false, c, f) == -1)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/%s.answers", folder, host);
	for (size_t i = 0; i < LENGTH(fixture_answers); i++)
		if (fixture_answer(s, path, &fixture_answers[i], f) == -1)
			return -1;
	for (size_t i = 0; i < s->n; i++) {
		s->entries[i].mtime = FIXTURE_TIME;
		s->entries[i].mode = 0644;
	}
	snapshot_sort(s);
	free(s->name);
	if ((s->name = strdup(host)) == NULL)
		return fault_memory(f);
	return 0;
}

/* The lines of a snapshot, its coverage statement last. */
__attribute__((unused)) static int
fixture_interpret(const struct snapshot *s, struct buf *out, struct fault *f)
{
	struct ndjson n = { fixture_append, out };
	struct sink sink = ndjson_sink(&n);
	char scope[256];
	struct emitter e;
	int rc;

	(void)snprintf(scope, sizeof(scope), "host/%s", s->name);
	if (emitter_init(&e, &sink, node_kinds, "node", scope, f) == -1)
		return -1;
	rc = node_interpret(s, &e, f);
	if (rc == 0)
		rc = emit_coverage(&e, OUTCOME_OBSERVED, NULL, f);
	emitter_free(&e);
	return rc;
}

#endif
