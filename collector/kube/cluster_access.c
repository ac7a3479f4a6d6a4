/* The pod's own account, and tokens that are read again. See access.h. */
#include "collector/kube/cluster_access.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "base/clock.h"
#include "base/child.h"
#include "base/file.h"

#define TOKEN_FILE_MS 60000 /* a mounted token is rotated; look again */

void
access_free(struct kube_access *a)
{
	buf_wipe(&a->token);
	buf_wipe(&a->key);
	buf_free(&a->cert);
	buf_free(&a->ca);
	arena_free(a->arena);
	*a = (struct kube_access){ 0 };
}

int
access_in_cluster(struct kube_access *a, const struct request *r,
    const char *folder, struct fault *f)
{
	const char *host = request_env(r, "KUBERNETES_SERVICE_HOST");
	const char *port = request_env(r, "KUBERNETES_SERVICE_PORT");
	bool six = host != NULL && strchr(host, ':') != NULL;
	char text[512], path[512];

	*a = (struct kube_access){ .arena = arena_new() };
	a->ca.max = a->cert.max = a->key.max = a->token.max = CREDENTIAL_MAX;
	if (a->arena == NULL)
		return fault_memory(f);
	(void)snprintf(path, sizeof(path), "%s/token", folder);
	if (host == NULL || port == NULL || access(path, F_OK) == -1) {
		access_free(a);
		return fault(f, FAULT_ABSENT,
		    "not in a pod: no KUBERNETES_SERVICE_HOST or no %s", path);
	}
	(void)snprintf(text, sizeof(text), "https://%s%.255s%s:%.10s",
	    six ? "[" : "", host, six ? "]" : "", port);
	a->server = arena_str(a->arena, text);
	a->token_file = arena_str(a->arena, path);
	(void)snprintf(path, sizeof(path), "%s/ca.crt", folder);
	if (arena_failed(a->arena))
		(void)fault_memory(f);
	else if (file_read(path, &a->ca, f) == 0)
		return 0;
	access_free(a);
	return -1;
}

/* Sent in a header: what a token may hold (RFC 6750 b64token, and what
 * kubectl sends besides) is printable ASCII without blanks. */
static int
check_token(const struct buf *token, const char *from, struct fault *f)
{
	for (size_t i = 0; i < token->len; i++)
		if (token->p[i] <= ' ' || token->p[i] > '~')
			return fault(f, FAULT_FORMAT,
			    "%s: the token holds a blank or a control "
			    "character",
			    from);
	return token->len > 0
		   ? 0
		   : fault(f, FAULT_FORMAT, "%s: the token is empty", from);
}

static int
read_token_file(struct kube_access *a, struct fault *f)
{
	buf_reset(&a->token);
	if (file_read(a->token_file, &a->token, f) == -1)
		return -1;
	while (a->token.len > 0 &&
	       strchr("\r\n \t", a->token.p[a->token.len - 1]) != NULL)
		a->token.p[--a->token.len] = '\0';
	a->token_due = clock_ms() + TOKEN_FILE_MS;
	return check_token(&a->token, a->token_file, f);
}

int
access_refresh(
    struct kube_access *a, const struct request *r, bool again, struct fault *f)
{
	bool due = a->token_due != 0 && clock_ms() >= a->token_due;

	if (a->token_file != NULL)
		return a->token.len == 0 || due || again ? read_token_file(a, f)
							 : 0;
	if (a->eks.native)
		return a->token.len == 0 || due || again
			   ? access_eks_token(a, r, f)
			   : 0;
	if (a->exec.command != NULL)
		return (a->token.len == 0 && a->cert.len == 0) || due || again
			   ? access_exec_run(a, r, f)
			   : 0;
	return a->token.len > 0 ? check_token(&a->token, "kubeconfig", f) : 0;
}
