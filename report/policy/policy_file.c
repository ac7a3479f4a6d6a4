/* See policy_file.h. */
#include "report/policy/policy_file.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "collector/kit/tree.h"

#define POLICY_BYTES_MAX (1024UL * 1024)

struct reading {
	const char *path;
	struct crypto *crypto;
	struct policy *out;
};

static int
refuse(const struct reading *r, const struct node *at, const char *what,
    struct fault *f)
{
	return fault(f, FAULT_USAGE, "%s:%zu: %s", r->path,
	    at != NULL ? at->line : 1, what);
}

/* Only these keys. */
static int
check_keys(const struct reading *r, const struct node *n,
    const char *const *known, struct fault *f)
{
	for (size_t i = 0; i < n->n; i++) {
		const char *key = node_text(n->keys[i]);
		bool found = false;

		for (size_t k = 0; known[k] != NULL; k++)
			found |= key != NULL && strcmp(key, known[k]) == 0;
		if (!found)
			return fault(f, FAULT_USAGE,
			    "%s:%zu: '%.60s' is not known here", r->path,
			    n->keys[i]->line, key != NULL ? key : "");
	}
	return 0;
}

static int
read_pem(const struct reading *r, const struct node *n, struct slice *pem,
    struct fault *f)
{
	const char *name = node_text(n), *slash = strrchr(r->path, '/');
	char path[4096];
	char *copy;
	int len;
	BUF_AUTO(bytes, ANCHORS_MAX);

	if (name == NULL)
		return refuse(r, n, "a file's name is expected", f);
	len = slash == NULL || name[0] == '/'
		  ? snprintf(path, sizeof(path), "%s", name)
		  : snprintf(path, sizeof(path), "%.*s/%s",
			(int)(slash - r->path), r->path, name);
	if (len < 0 || (size_t)len >= sizeof(path))
		return refuse(r, n, "a file's name is too long", f);
	if (file_read(path, &bytes, f) == -1)
		return -1;
	if (bytes.len == 0)
		return refuse(r, n, "the file is empty", f);
	if ((copy = arena_alloc(r->out->arena, bytes.len + 1)) == NULL)
		return fault_memory(f);
	memcpy(copy, bytes.p, bytes.len);
	copy[bytes.len] = '\0';
	*pem = (struct slice){ copy, bytes.len };
	return 0;
}

static int
read_roles(const struct reading *r, const struct node *n,
    struct policy_signer *s, struct fault *f)
{
	if (n == NULL || n->type != NODE_LIST || n->n == 0)
		return refuse(r, n, "roles: a list is expected", f);
	for (size_t i = 0; i < n->n; i++) {
		const char *name = node_text(n->items[i]);
		unsigned role = name != NULL ? policy_role_of(name) : 0;

		if (role == 0)
			return refuse(r, n->items[i],
			    "roles are prepare, collect, countersign, stamp "
			    "and catalog",
			    f);
		s->roles |= role;
	}
	if ((s->roles & POLICY_STAMP) != 0 && s->subject != NULL)
		return refuse(r, n,
		    "stamp: name the authority's certificate, not a subject",
		    f);
	return 0;
}

static int
read_scopes(const struct reading *r, const struct node *n,
    const struct node *signer, struct policy_signer *s, struct fault *f)
{
	const char **list;
	bool collects = (s->roles & POLICY_COLLECT) != 0;

	if (collects != (n != NULL))
		return refuse(r, signer,
		    collects ? "collect: which scopes? list them, as in "
			       "scopes: [host/web-1]"
			     : "scopes are for the role collect",
		    f);
	if (n == NULL)
		return 0;
	if (n->type != NODE_LIST || n->n == 0 || n->n > POLICY_SCOPES_MAX)
		return refuse(r, n, "scopes: a list is expected", f);
	if ((list = arena_alloc(r->out->arena, n->n * sizeof(*list))) == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < n->n; i++) {
		const char *text = node_text(n->items[i]);

		if (text == NULL || text[0] == '\0')
			return refuse(r, n->items[i], "a scope is expected", f);
		if ((list[i] = arena_str(r->out->arena, text)) == NULL)
			return fault_memory(f);
	}
	s->scopes = list;
	s->nscopes = n->n;
	return 0;
}

/* A certificate, or a CA and a subject. */
static int
read_identity(const struct reading *r, const struct node *n,
    struct policy_signer *s, struct fault *f)
{
	const struct node *cert = node_get(n, "certificate");
	const struct node *ca = node_get(n, "ca");
	const char *subject = node_text(node_get(n, "subject"));
	struct signer_info info;

	if ((cert == NULL) == (ca == NULL) || (ca == NULL) != (subject == NULL))
		return refuse(r, n,
		    "who is it? name a certificate, or a ca and a subject", f);
	if (read_pem(r, cert != NULL ? cert : ca, &s->pem, f) == -1 ||
	    certificate_info(r->crypto, s->pem.p, s->pem.len, &info, f) == -1)
		return -1;
	memcpy(s->fingerprint, info.fingerprint, sizeof(s->fingerprint));
	if (subject != NULL &&
	    (s->subject = arena_str(r->out->arena, subject)) == NULL)
		return fault_memory(f);
	return 0;
}

static int
read_signer(const struct reading *r, const struct node *n,
    struct policy_signer *s, struct fault *f)
{
	static const char *const keys[] = { "name", "certificate", "ca",
		"subject", "roles", "scopes", NULL };
	const char *name;

	if (n->type != NODE_MAP)
		return refuse(r, n, "a signer is expected here", f);
	if (check_keys(r, n, keys, f) == -1 ||
	    read_identity(r, n, s, f) == -1 ||
	    read_roles(r, node_get(n, "roles"), s, f) == -1 ||
	    read_scopes(r, node_get(n, "scopes"), n, s, f) == -1)
		return -1;
	name = node_text(node_get(n, "name"));
	if (name == NULL)
		name = s->subject != NULL ? s->subject : s->fingerprint;
	s->name = arena_str(r->out->arena, name);
	return s->name != NULL ? 0 : fault_memory(f);
}

static int
read_tree(const struct reading *r, const struct documents *d, struct fault *f)
{
	static const char *const keys[] = { "signers", NULL };
	const struct node *root = d->n == 1 ? d->root[0] : NULL;
	const struct node *list = node_get(root, "signers");
	struct policy *out = r->out;

	if (root == NULL || root->type != NODE_MAP || list == NULL ||
	    list->type != NODE_LIST)
		return refuse(
		    r, root, "not a policy: 'signers:' is expected", f);
	if (check_keys(r, root, keys, f) == -1)
		return -1;
	if (list->n == 0 || list->n > POLICY_SIGNERS_MAX)
		return refuse(r, list, "no signer, or too many", f);
	out->list = arena_alloc(out->arena, list->n * sizeof(*out->list));
	if (out->list == NULL)
		return fault_memory(f);
	memset(out->list, 0, list->n * sizeof(*out->list));
	for (; out->n < list->n; out->n++)
		if (read_signer(
			r, list->items[out->n], &out->list[out->n], f) == -1)
			return -1;
	return 0;
}

int
policy_file_read(
    const char *path, struct crypto *c, struct policy *out, struct fault *f)
{
	const struct reading r = { path, c, out };
	struct documents d = { 0 };
	struct fault why = { 0 };
	int rc = -1;
	BUF_AUTO(text, POLICY_BYTES_MAX);

	*out = (struct policy){ NULL, 0, arena_new() };
	if (out->arena == NULL)
		return fault_memory(f);
	if (file_read(path, &text, f) == 0) {
		if (tree_yaml(
			&d, text.p != NULL ? text.p : "", text.len, &why) == -1)
			(void)fault(
			    f, FAULT_USAGE, "%s: %.900s", path, why.text);
		else
			rc = read_tree(&r, &d, f);
		tree_free(&d);
	}
	if (rc == -1)
		policy_free(out);
	return rc;
}

/* 1: the newest policy of the log is this record, but for its time. */
static int
is_noted(struct store *st, const struct buf *record, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc, same = 0;

	if (sqlite3_prepare_v2(store_db(st),
		"SELECT json_remove(body, '$.made') = json_remove(?1, '$.made'"
		") FROM log WHERE type = 'policy' ORDER BY seq DESC LIMIT 1",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "policy", f);
	sqlite3_bind_text(q, 1, record->p, (int)record->len, SQLITE_STATIC);
	if ((rc = sqlite3_step(q)) == SQLITE_ROW)
		same = sqlite3_column_int(q, 0);
	(void)sqlite3_finalize(q);
	return rc == SQLITE_ROW || rc == SQLITE_DONE
		   ? same
		   : store_fault(st, "policy", f);
}

int
policy_note(
    struct store *st, const struct policy *p, const char *made, struct fault *f)
{
	int rc;
	BUF_AUTO(record, POLICY_RECORD_MAX);

	if (policy_record(p, made, &record, f) == -1 ||
	    (rc = is_noted(st, &record, f)) == -1)
		return -1;
	return rc == 1
		   ? 0
		   : log_append(st, "policy", record.p, record.len, NULL, f);
}
