/*
 * Credential plugins: client.authentication.k8s.io v1 and v1beta1
 * (kubernetes.io/docs/reference/access-authn-authz/authentication,
 * client-go credential plugins). The plugin is the user's own program, run
 * unattended and bounded; what it writes to standard error is not kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "collector/kube/cluster_access.h"
#include "base/clock.h"
#include "base/child.h"
#include "base/utc.h"

#define EXPIRY_MARGIN 10 /* seconds */

/* KUBERNETES_EXEC_INFO: what the plugin is told. Owned; NULL: memory. */
static char *
exec_info(const struct kube_access *a)
{
	json_t *cluster = NULL, *info,
	       *spec = json_pack("{s:b}", "interactive", 0);
	char *text = NULL;

	if (a->exec.cluster_info) {
		cluster = json_pack("{s:s}", "server", a->server);
		if (a->server_name != NULL)
			(void)json_object_set_new(cluster, "tls-server-name",
			    json_string(a->server_name));
		if (a->proxy != NULL)
			(void)json_object_set_new(
			    cluster, "proxy-url", json_string(a->proxy));
		(void)json_object_set_new(spec, "cluster", cluster);
	}
	info = json_pack("{s:s, s:s, s:o}", "apiVersion", a->exec.version,
	    "kind", "ExecCredential", "spec", spec);
	if (info != NULL)
		text = json_dumps(info, JSON_COMPACT);
	json_decref(info);
	return text;
}

/* Is NAME of "NAME=value" among list? */
static bool
names_it(const char *const *list, const char *variable)
{
	size_t len = strcspn(variable, "=");

	for (; *list != NULL; list++)
		if (strncmp(*list, variable, len + 1) == 0)
			return true;
	return false;
}

/* The user's environment, what the kubeconfig adds, and the info. */
static int
environment(const struct kube_access *a, const struct request *r, char *info,
    const char *env[EXEC_ENV_MAX], struct fault *f)
{
	static const char *const none[] = { NULL };
	char *const *user = r->environment;
	size_t n = 0;

	for (; user != NULL && *user != NULL && n < EXEC_ENV_MAX - 2; user++)
		if (!names_it(a->exec.env != NULL ? a->exec.env : none, *user))
			env[n++] = *user;
	for (size_t i = 0; a->exec.env != NULL && a->exec.env[i] != NULL &&
			   n < EXEC_ENV_MAX - 2;
	     i++)
		env[n++] = a->exec.env[i];
	if (n >= EXEC_ENV_MAX - 2)
		return fault(f, FAULT_LIMIT,
		    "credential plugin: over %d environment variables",
		    EXEC_ENV_MAX);
	env[n++] = info;
	env[n] = NULL;
	return 0;
}

static int
ended_well(const struct kube_access *a, const struct child *c,
    const struct buf *answer, struct fault *f)
{
	if (answer->failed != FAULT_NONE)
		return fault(f, FAULT_LIMIT,
		    "credential plugin %.200s: its answer is over %zu bytes",
		    a->exec.command, CREDENTIAL_MAX);
	if (c->end == CHILD_TIMED_OUT)
		return fault(f, FAULT_REMOTE,
		    "credential plugin %.200s: no answer within %d s; does it "
		    "wait for a person?",
		    a->exec.command, EXEC_TIME_MS / 1000);
	if (c->end != CHILD_EXITED || c->status != 0)
		return fault(f, FAULT_DENIED,
		    "credential plugin %.200s: it failed (status %d); run it "
		    "by hand to see why",
		    a->exec.command, c->status);
	return 0;
}

static int
run_plugin(struct kube_access *a, const struct request *r, struct buf *answer,
    struct fault *f)
{
	const char *argv[EXEC_ARGS_MAX + 2] = { a->exec.command };
	const char *env[EXEC_ENV_MAX];
	struct child c = { .take = child_take_buf, .ctx = answer };
	struct child_program p = { .file = a->exec.command,
		.argv = argv,
		.env = env,
		.time_ms = EXEC_TIME_MS };
	BUF_AUTO(variable, CREDENTIAL_MAX);
	char *info = exec_info(a);
	int rc;

	if (info == NULL)
		return fault_memory(f);
	buf_printf(&variable, "KUBERNETES_EXEC_INFO=%s", info);
	free(info);
	for (size_t i = 0; a->exec.args[i] != NULL; i++)
		argv[i + 1] = a->exec.args[i];
	if (buf_done(&variable, "credential plugin", f) == -1 ||
	    environment(a, r, variable.p, env, f) == -1)
		return -1;
	if ((rc = child_spawn(&c, &p, f)) == -1) {
		if (f->kind == FAULT_ABSENT)
			return fault(f, FAULT_ABSENT,
			    "credential plugin %.200s: no such program%s%.300s",
			    a->exec.command, a->exec.hint != NULL ? "; " : "",
			    a->exec.hint != NULL ? a->exec.hint : "");
		return -1;
	}
	child_finish(&c);
	return ended_well(a, &c, answer, f);
}

/* When, by the monotonic clock, must it be asked again? */
static int64_t
due(const struct request *r, const char *expires)
{
	int64_t from = 0, to = 0;

	if (expires == NULL || utc_parse(expires, &to) == -1 ||
	    utc_parse(r->now, &from) == -1 || to - from <= EXPIRY_MARGIN)
		return 0; /* a refusal will tell */
	return clock_ms() + (to - from - EXPIRY_MARGIN) * 1000;
}

static int
take_answer(struct kube_access *a, const struct request *r, json_t *doc,
    struct fault *f)
{
	const char *version = NULL, *kind = NULL, *token = NULL, *cert = NULL,
		   *key = NULL, *expires = NULL;
	json_error_t why;

	if (json_unpack_ex(doc, &why, 0, "{s:s, s:s, s:{s?s, s?s, s?s, s?s}}",
		"apiVersion", &version, "kind", &kind, "status", "token",
		&token, "clientCertificateData", &cert, "clientKeyData", &key,
		"expirationTimestamp", &expires) == -1)
		return fault(f, FAULT_FORMAT,
		    "credential plugin %.200s: its answer is no "
		    "ExecCredential with a status",
		    a->exec.command);
	if (strcmp(kind, "ExecCredential") != 0 ||
	    strcmp(version, a->exec.version) != 0)
		return fault(f, FAULT_FORMAT,
		    "credential plugin %.200s: answered with %.60s %.60s, "
		    "asked was %s ExecCredential",
		    a->exec.command, version, kind, a->exec.version);
	if ((cert == NULL) != (key == NULL) || (token == NULL && cert == NULL))
		return fault(f, FAULT_FORMAT,
		    "credential plugin %.200s: neither a token nor a "
		    "certificate with its key",
		    a->exec.command);
	buf_reset(&a->token);
	buf_puts(&a->token, token != NULL ? token : "");
	if (cert != NULL && a->cert.len == 0) {
		buf_puts(&a->cert, cert);
		buf_puts(&a->key, key);
	}
	a->token_due = due(r, expires);
	for (size_t i = 0; i < a->token.len; i++)
		if (a->token.p[i] <= ' ' || a->token.p[i] > '~')
			return fault(f, FAULT_FORMAT,
			    "credential plugin %.200s: the token holds a "
			    "blank or a control character",
			    a->exec.command);
	if (buf_done(&a->cert, "client certificate", f) == -1 ||
	    buf_done(&a->key, "client key", f) == -1)
		return -1;
	return buf_done(&a->token, "token", f);
}

int
access_exec_run(struct kube_access *a, const struct request *r, struct fault *f)
{
	BUF_AUTO(answer, CREDENTIAL_MAX);
	json_auto_t *doc = NULL;
	int rc = run_plugin(a, r, &answer, f);

	if (rc == -1 && f->kind == FAULT_ABSENT) {
		/* what it would have printed for EKS can be made here */
		a->eks.native = access_eks_plugin(a, r);
		f->kind = FAULT_DENIED;
		return a->eks.native ? access_eks_token(a, r, f) : -1;
	}
	if (rc == 0) {
		doc = json_loadb(answer.len > 0 ? answer.p : "", answer.len,
		    JSON_REJECT_DUPLICATES, NULL);
		rc = doc == NULL ? fault(f, FAULT_FORMAT,
				       "credential plugin %.200s: its answer "
				       "is no JSON",
				       a->exec.command)
				 : take_answer(a, r, doc, f);
	}
	if (answer.p != NULL)
		OPENSSL_cleanse(answer.p, answer.cap);
	return rc;
}
