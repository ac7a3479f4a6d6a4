/*
 * An API server that answers from tests/fixtures/kube/<folder>: the recorded
 * lists by their resource, nodes in their three recorded pages, everything
 * else as an empty list, and what is not installed with 404. One answer can be
 * replaced, to see what is made of it.
 */
#ifndef KUBE_FIXTURE_H
#define KUBE_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "collector/kube/kube.h"

#define KUBE_ANSWER_MAX ((size_t)16 * 1024 * 1024)

struct replay {
	const char *folder;
	size_t piece; /* bytes handed on at once; 0: whole */
	int calls;
	/* told of each path; *status, or *text (static) instead of the file.
	 * False: answer as recorded. */
	bool (*instead)(struct replay *, const char *path, long *status,
	    const char **type, const char **text);
	int n;	   /* for instead() */
	bool drop; /* instead(): break off in the middle, once */
};

static const struct resource *
replay_resource(const char *path)
{
	const struct resource *found = NULL;

	for (const struct resource *r = kube_resources; r->kind != NULL; r++) {
		size_t len = strlen(r->path);

		if (strncmp(path, r->path, len) == 0 &&
		    (path[len] == '\0' || path[len] == '?' || path[len] == '&'))
			found = r;
	}
	return found;
}

static const char *
replay_file(const char *path)
{
	const struct resource *r = replay_resource(path);

	if (strcmp(path, "/version") == 0)
		return "version";
	if (r == NULL)
		return NULL;
	if (strcmp(r->name, "nodes") == 0)
		return strstr(path, "continue=") == NULL	  ? "nodes-p1"
		       : strstr(path, "Ii9pcC0xMC0wLTAt") != NULL ? "nodes-p2"
								  : "nodes-p3";
	return strcmp(r->name, "configmaps") == 0 ? "aws-auth" : r->name;
}

static int
replay_send(struct replay *p, const struct api_get *get, const char *s,
    size_t len, struct fault *f)
{
	size_t piece = p->piece == 0 ? len : p->piece;

	for (size_t i = 0; i < len; i += piece)
		if (get->data(get->ctx, s + i,
			len - i < piece ? len - i : piece, f) == -1)
			return -1;
	return 0;
}

static int
replay_text(struct replay *p, const struct api_get *get, const char *s,
    size_t len, struct api_answer *a, struct fault *f)
{
	if (a->status != 200) {
		buf_reset(&a->text);
		buf_put(&a->text, s, len);
		return 0;
	}
	if (p->drop) { /* the client tries again, as http does */
		p->drop = false;
		if (replay_send(p, get, s, len / 2, f) == -1)
			return -1;
		get->restart(get->ctx);
	}
	return replay_send(p, get, s, len, f);
}

static int
replay_get(void *self, const struct api_get *get, struct api_answer *a,
    struct fault *f)
{
	struct replay *p = self;
	const struct resource *r = replay_resource(get->path);
	const char *type = "application/json", *text = NULL,
		   *name = replay_file(get->path);
	char path[512];
	struct fault none;
	BUF_AUTO(body, KUBE_ANSWER_MAX);

	p->calls++;
	a->status = 200;
	if (p->instead != NULL &&
	    p->instead(p, get->path, &a->status, &type, &text)) {
		if (a->status == 0)
			return fault(f, FAULT_REMOTE, "no answer");
		(void)snprintf(a->type, sizeof(a->type), "%s", type);
		return replay_text(p, get, text, strlen(text), a, f);
	}
	(void)snprintf(a->type, sizeof(a->type), "%s", type);
	(void)snprintf(path, sizeof(path), "fixtures/kube/%s/%s.json",
	    p->folder, name != NULL ? name : "none");
	if (file_read(path, &body, &none) == 0)
		return replay_text(p, get, body.p, body.len, a, f);
	if (r == NULL || r->optional) {
		a->status = 404;
		return replay_text(p, get, "404 page not found\n", 19, a, f);
	}
	buf_printf(
	    &body, "{\"kind\":\"%s\",\"metadata\":{},\"items\":[]}", r->list);
	return replay_text(p, get, body.p, body.len, a, f);
}

static int
kube_append(void *ctx, const char *p, size_t len, struct fault *f)
{
	buf_put(ctx, p, len);
	return buf_done(ctx, "NDJSON", f);
}

/* What the collector makes of it, as NDJSON. */
static inline int
kube_replay(
    struct replay *p, const struct request *r, struct buf *out, struct fault *f)
{
	struct ndjson n = { kube_append, out };
	struct sink sink = ndjson_sink(&n);
	struct kube k = {
		.r = r, .api = { .get = replay_get, .self = p }, .out = &sink
	};

	return kube_collect_all(&k, "prod", f);
}

#endif
