/*
 * A Kubernetes API server for tests, on loopback ports with TLS: one for each
 * way a server can behave, good and hostile, and one that serves a large
 * cluster page after page. Writes "NAME PORT" lines to a file and serves until
 * it is killed. What it was asked stands in FILE.log, a line a request: "NAME
 * PATH".
 * usage: kube_server FILE CERT KEY
 *        kube_server FILE CERT KEY NODE.json POD.json NODES PODS ROLES BINDINGS
 */
#include <netinet/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <jansson.h>
#include <openssl/ssl.h>

#include "base/length.h"
#include "tests/loopback.h"

#define REQUEST_MAX 65536
#define PAGE 500
#define HUGE_ITEMS 2000
#define HUGE_ITEM (100 * 1024) /* bytes of one */

struct answering {
	SSL *ssl;
	const char *path;	   /* with its query */
	const char *authorization; /* the header's value, or "" */
	int nth; /* request for nodes of this server, from 0 */
};

struct behaviour {
	const char *name;
	void (*nodes)(struct answering *);
};

struct listener {
	const struct behaviour *b;
	SSL_CTX *ctx;
	FILE *log;
	int fd, nodes;
	pthread_mutex_t lock;
};

/* ---- answers ---- */

static bool
put(struct answering *a, const char *p, size_t len)
{
	return len == 0 || SSL_write(a->ssl, p, (int)len) == (int)len;
}

static void
head(struct answering *a, const char *status, const char *more, size_t len)
{
	char text[1024];
	int n = snprintf(text, sizeof(text),
	    "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n", status, len, more);

	(void)put(a, text, (size_t)n);
}

#define JSON "Content-Type: application/json\r\n"

static void
answer(
    struct answering *a, const char *status, const char *more, const char *body)
{
	head(a, status, more, strlen(body));
	(void)put(a, body, strlen(body));
}

/* Nodes first to last, and the token of the next page, or "". */
static void
page(char *out, size_t size, int first, int n, const char *token)
{
	size_t len = (size_t)snprintf(out, size,
	    "{\"kind\":\"NodeList\",\"metadata\":{\"continue\":\"%s\"},"
	    "\"items\":[",
	    token);

	for (int i = 0; i < n && len < size; i++)
		len += (size_t)snprintf(out + len, size - len,
		    "%s{\"metadata\":{\"name\":\"node-%d\"}}", i > 0 ? "," : "",
		    first + i);
	if (len < size)
		(void)snprintf(out + len, size - len, "]}");
}

static void
two_nodes(struct answering *a)
{
	char body[512];

	page(body, sizeof(body), 0, 2, "");
	answer(a, "200 OK", JSON, body);
}

/* ---- behaviours: what becomes of a list of nodes ---- */

static void
paged(struct answering *a)
{
	const char *token = strstr(a->path, "continue=");
	int at = token == NULL ? 0 : atoi(token + strlen("continue="));
	char body[512], next[16] = "";

	if (at < 4)
		(void)snprintf(next, sizeof(next), "%d", at + 2);
	page(body, sizeof(body), at, 2, next);
	answer(a, "200 OK", JSON, body);
}

/* The first token is good for one page, and the next for the rest. */
static void
expiring(struct answering *a)
{
	bool second = strcmp(a->authorization, "Bearer token-2") == 0;

	if (strstr(a->path, "continue=") == NULL || second)
		paged(a);
	else
		answer(a, "401 Unauthorized", JSON,
		    "{\"kind\":\"Status\",\"message\":\"Unauthorized\"}");
}

/* A token as EKS takes it: its prefix and a presigned URL. */
static void
eks(struct answering *a)
{
	static const char want[] = "Bearer k8s-aws-v1.aHR0cHM6Ly9zdHM";

	if (strncmp(a->authorization, want, sizeof(want) - 1) == 0 &&
	    strlen(a->authorization) > 300)
		two_nodes(a);
	else
		answer(a, "401 Unauthorized", JSON, "{}");
}

static void
throttled(struct answering *a)
{
	if (a->nth < 2)
		answer(a, "429 Too Many Requests", "Retry-After: 1\r\n", "");
	else
		two_nodes(a);
}

static void
throttled_always(struct answering *a)
{
	answer(a, "429 Too Many Requests", "Retry-After: 0\r\n", "");
}

/* Half a page, and the connection ends. */
static void
half(struct answering *a)
{
	char body[512];

	page(body, sizeof(body), 0, 4, "");
	head(a, "200 OK", JSON, strlen(body));
	(void)put(a, body, strlen(body) / 2);
	(void)shutdown(SSL_get_fd(a->ssl), SHUT_RDWR);
}

static void
closed_once(struct answering *a)
{
	if (a->nth == 0)
		half(a);
	else
		two_nodes(a);
}

static void
expired_once(struct answering *a)
{
	if (a->nth == 1)
		answer(a, "410 Gone", JSON,
		    "{\"kind\":\"Status\",\"reason\":\"Expired\"}");
	else
		paged(a);
}

#define STATUS(name, text)                                                     \
	static void name(struct answering *a)                                  \
	{                                                                      \
		answer(a, text, JSON,                                          \
		    "{\"kind\":\"Status\",\"message\":\"no\"}");               \
	}
STATUS(status_401, "401 Unauthorized")
STATUS(status_403, "403 Forbidden")
STATUS(status_404, "404 Not Found")
STATUS(status_410, "410 Gone")
STATUS(status_500, "500 Internal Server Error")

static void
endless(struct answering *a)
{
	char body[512], next[16];

	(void)snprintf(next, sizeof(next), "t%d", a->nth);
	page(body, sizeof(body), a->nth, 1, next);
	answer(a, "200 OK", JSON, body);
}

static void
huge(struct answering *a)
{
	static const char begin[] =
	    "{\"kind\":\"NodeList\",\"metadata\":{},\"items\":[";
	char *item = malloc(HUGE_ITEM + 1);
	char name[128];

	head(a, "200 OK", JSON,
	    sizeof(begin) - 1 + (size_t)HUGE_ITEMS * HUGE_ITEM + 2);
	(void)put(a, begin, sizeof(begin) - 1);
	for (int i = 0; item != NULL && i < HUGE_ITEMS; i++) {
		int n = snprintf(name, sizeof(name),
		    "{\"metadata\":{\"name\":\"node-%04d\",\"annotations\":{"
		    "\"x\":\"",
		    i);

		(void)memset(item, 'x', HUGE_ITEM);
		(void)memcpy(item, name, (size_t)n);
		(void)memcpy(item + HUGE_ITEM - 5, "\"}}},", 5);
		if (i == HUGE_ITEMS - 1)
			item[HUGE_ITEM - 1] = ' ';
		if (!put(a, item, HUGE_ITEM))
			break;
	}
	(void)put(a, "]}", 2);
	free(item);
}

static void
html(struct answering *a)
{
	answer(a, "200 OK", "Content-Type: text/html\r\n",
	    "<html><body>Sign in</body></html>");
}

static void
text(struct answering *a)
{
	char body[512];

	page(body, sizeof(body), 0, 2, "");
	answer(a, "200 OK", "Content-Type: text/plain\r\n", body);
}

static void
redirect(struct answering *a)
{
	answer(a, "302 Found", "Location: https://127.0.0.1:1/\r\n", "");
}

static void
drip(struct answering *a)
{
	char body[512];

	page(body, sizeof(body), 0, 4, "");
	head(a, "200 OK", JSON, 1000000);
	for (size_t i = 0; i < strlen(body); i++) {
		if (!put(a, body + i, 1))
			return;
		(void)usleep(500000);
	}
}

static const struct behaviour behaviours[] = {
	{ "paged", paged },
	{ "expiring", expiring },
	{ "eks", eks },
	{ "throttled", throttled },
	{ "throttled-always", throttled_always },
	{ "closed-once", closed_once },
	{ "closed", half },
	{ "expired-once", expired_once },
	{ "401", status_401 },
	{ "403", status_403 },
	{ "404", status_404 },
	{ "410", status_410 },
	{ "500", status_500 },
	{ "endless", endless },
	{ "huge", huge },
	{ "html", html },
	{ "text", text },
	{ "redirect", redirect },
	{ "drip", drip },
};
#define BEHAVIOURS (LENGTH(behaviours))

/* ---- a large cluster ---- */

struct large {
	const char *path, *kind;
	json_t *item; /* a recorded object; its name is replaced */
	int count;
	char **pages; /* as they are sent, with their heads */
	size_t *len;
	int npages;
};

static struct large large[4]; /* filled once, before anybody asks */

static void
make_page(struct large *l, int at)
{
	size_t cap = 4096, len;
	char *body = NULL, number[32];
	json_t *items = json_array(), *doc;
	int from = at * PAGE, to = from + PAGE;

	for (int i = from; i < to && i < l->count; i++) {
		json_t *item = json_deep_copy(l->item);

		(void)snprintf(number, sizeof(number), "object-%06d", i);
		(void)json_object_set_new(json_object_get(item, "metadata"),
		    "name", json_string(number));
		if (json_object_get(item, "roleRef") != NULL)
			(void)json_object_set_new(
			    json_object_get(item, "roleRef"), "name",
			    json_string(number));
		(void)json_array_append_new(items, item);
	}
	(void)snprintf(
	    number, sizeof(number), "%d", to < l->count ? at + 1 : 0);
	doc = json_pack("{s:s, s:{s:s}, s:o}", "kind", l->kind, "metadata",
	    "continue", to < l->count ? number : "", "items", items);
	body = json_dumps(doc, JSON_COMPACT);
	json_decref(doc);
	cap += strlen(body);
	l->pages[at] = malloc(cap);
	len = (size_t)snprintf(l->pages[at], cap,
	    "HTTP/1.1 200 OK\r\n" JSON "Content-Length: %zu\r\n\r\n%s",
	    strlen(body), body);
	l->len[at] = len;
	free(body);
}

static void
make_large(const char *path, const char *kind, json_t *item, int count)
{
	struct large *l = large;

	while (l->path != NULL)
		l++;
	*l = (struct large){ .path = path,
		.kind = kind,
		.item = item,
		.count = count,
		.npages = (count + PAGE - 1) / PAGE };
	l->pages = calloc((size_t)l->npages, sizeof(*l->pages));
	l->len = calloc((size_t)l->npages, sizeof(*l->len));
	for (int i = 0; i < l->npages; i++)
		make_page(l, i);
}

/* True: it was one of these. */
static bool
answer_large(struct answering *a)
{
	for (size_t i = 0; i < 4 && large[i].path != NULL; i++) {
		const char *token = strstr(a->path, "continue=");
		int at = token == NULL ? 0 : atoi(token + 9);

		if (strncmp(a->path, large[i].path, strlen(large[i].path)) != 0)
			continue;
		if (at < large[i].npages)
			(void)put(a, large[i].pages[at], large[i].len[at]);
		return true;
	}
	return false;
}

/* The first item of a recorded list. */
static json_t *
first_item(const char *path)
{
	json_t *doc = json_load_file(path, 0, NULL);
	json_t *item = json_array_get(json_object_get(doc, "items"), 0);

	if (item == NULL) {
		(void)fprintf(stderr, "%s: no list\n", path);
		exit(2);
	}
	return item;
}

/* ---- requests ---- */

/* Every other list is empty; what is an API of AWS's is not installed. */
static void
other(struct answering *a)
{
	static const struct {
		const char *name, *kind;
	} kinds[] = { { "namespaces", "Namespace" },
		{ "clusterrolebindings", "ClusterRoleBinding" },
		{ "clusterroles", "ClusterRole" },
		{ "rolebindings", "RoleBinding" }, { "roles", "Role" },
		{ "serviceaccounts", "ServiceAccount" },
		{ "deployments", "Deployment" }, { "daemonsets", "DaemonSet" },
		{ "statefulsets", "StatefulSet" },
		{ "replicasets", "ReplicaSet" },
		{ "replicationcontrollers", "ReplicationController" },
		{ "cronjobs", "CronJob" }, { "jobs", "Job" }, { "pods", "Pod" },
		{ "storageclasses", "StorageClass" },
		{ "persistentvolumeclaims", "PersistentVolumeClaim" },
		{ "persistentvolumes", "PersistentVolume" },
		{ "ingressclasses", "IngressClass" },
		{ "ingresses", "Ingress" }, { "services", "Service" },
		{ "mutatingwebhookconfigurations",
		    "MutatingWebhookConfiguration" },
		{ "validatingwebhookconfigurations",
		    "ValidatingWebhookConfiguration" } };
	size_t len = strcspn(a->path, "?");
	char body[256];

	if (strncmp(a->path, "/version", 8) == 0) {
		answer(a, "200 OK", JSON, "{\"gitVersion\":\"v1.32.13\"}");
		return;
	}
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		size_t n = strlen(kinds[i].name);

		if (len < n + 1 || a->path[len - n - 1] != '/' ||
		    strncmp(a->path + len - n, kinds[i].name, n) != 0)
			continue;
		(void)snprintf(body, sizeof(body),
		    "{\"kind\":\"%sList\",\"metadata\":{},\"items\":[]}",
		    kinds[i].kind);
		answer(a, "200 OK", JSON, body);
		return;
	}
	answer(a, "404 Not Found", "Content-Type: text/plain\r\n",
	    "404 page not found\n");
}

/* One request; false: there was none. */
static bool
request(struct listener *l, SSL *ssl)
{
	static const char nodes[] = "/api/v1/nodes";
	static _Thread_local char text[REQUEST_MAX];
	char path[8192] = "", authorization[1024] = "", *at;
	struct answering a = { ssl, path, authorization, 0 };
	size_t len = 0;

	while (strstr(text, "\r\n\r\n") == NULL || len == 0) {
		int n = SSL_read(ssl, text + len, (int)(REQUEST_MAX - len - 1));

		if (n <= 0)
			return false;
		len += (size_t)n;
		text[len] = '\0';
	}
	(void)sscanf(text, "GET %8191s", path);
	if ((at = strstr(text, "\r\nAuthorization: ")) != NULL)
		(void)sscanf(
		    at, "\r\nAuthorization: %1023[^\r]", authorization);
	(void)pthread_mutex_lock(&l->lock);
	(void)fprintf(l->log, "%s %s\n", l->b->name, path);
	(void)fflush(l->log);
	if (strncmp(path, nodes, sizeof(nodes) - 1) == 0)
		a.nth = l->nodes++;
	(void)pthread_mutex_unlock(&l->lock);
	if (answer_large(&a))
		return true;
	if (strncmp(path, nodes, sizeof(nodes) - 1) == 0)
		l->b->nodes(&a);
	else
		other(&a);
	text[0] = '\0';
	return true;
}

struct connection {
	struct listener *l;
	int fd;
};

static void *
serve(void *ctx)
{
	struct connection c = *(struct connection *)ctx;
	SSL *ssl = SSL_new(c.l->ctx);

	free(ctx);
	(void)setsockopt(
	    c.fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	if (ssl != NULL && SSL_set_fd(ssl, c.fd) == 1 && SSL_accept(ssl) == 1)
		while (request(c.l, ssl))
			;
	SSL_free(ssl);
	(void)close(c.fd);
	return NULL;
}

static void *
listen_on(void *ctx)
{
	struct listener *l = ctx;

	for (;;) {
		struct connection *c = malloc(sizeof(*c));
		pthread_t t;

		if (c == NULL)
			return NULL;
		*c = (struct connection){ l, accept(l->fd, NULL, NULL) };
		if (c->fd == -1 || pthread_create(&t, NULL, serve, c) != 0) {
			free(c);
			continue;
		}
		(void)pthread_detach(t);
	}
}

static SSL_CTX *
context(const char *cert, const char *key)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (ctx == NULL || SSL_CTX_use_certificate_chain_file(ctx, cert) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1) {
		(void)fprintf(stderr, "certificate or key\n");
		exit(2);
	}
	(void)SSL_CTX_set_mode(ctx, SSL_MODE_AUTO_RETRY);
	return ctx;
}

static void
make_cluster(char **argv)
{
	json_t *role = json_loads(
	    "{\"metadata\":{\"name\":\"\",\"namespace\":\"a\"},\"rules\":[{"
	    "\"apiGroups\":[\"\",\"apps\"],\"resources\":[\"pods\","
	    "\"configmaps\","
	    "\"deployments\"],\"verbs\":[\"get\",\"list\",\"watch\"]},{"
	    "\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"verbs\":["
	    "\"get\"]"
	    "}]}",
	    0, NULL);
	json_t *pod = first_item(argv[5]);
	json_t *binding = json_loads(
	    "{\"metadata\":{\"name\":\"\",\"namespace\":\"a\"},\"roleRef\":{"
	    "\"kind\":\"Role\",\"name\":\"object-000007\"},\"subjects\":[{"
	    "\"kind\":\"ServiceAccount\",\"name\":\"robot\",\"namespace\":"
	    "\"a\"},"
	    "{\"kind\":\"Group\",\"name\":\"team\"}]}",
	    0, NULL);

	/* as nearly every pod has */
	(void)json_object_set_new(json_object_get(pod, "metadata"),
	    "ownerReferences",
	    json_pack("[{s:s, s:s, s:b, s:s, s:s}]", "apiVersion", "apps/v1",
		"kind", "ReplicaSet", "controller", 1, "name", "web-7d9c",
		"uid", "5d0ac4f2-7c1e-4c43-8a3b-d5f0a3f2c111"));
	make_large(
	    "/api/v1/nodes", "NodeList", first_item(argv[4]), atoi(argv[6]));
	make_large("/api/v1/pods", "PodList", pod, atoi(argv[7]));
	make_large("/apis/rbac.authorization.k8s.io/v1/roles", "RoleList", role,
	    atoi(argv[8]));
	make_large("/apis/rbac.authorization.k8s.io/v1/rolebindings",
	    "RoleBindingList", binding, atoi(argv[9]));
}

int
main(int argc, char **argv)
{
	static struct listener listeners[BEHAVIOURS];
	char name[4096];
	size_t n = argc == 10 ? 1 : BEHAVIOURS;
	FILE *ports, *log;
	pthread_t t;

	if (argc != 4 && argc != 10) {
		(void)fprintf(stderr, "usage: see kube_server.c\n");
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN); /* clients that end a page early */
	if (argc == 10)
		make_cluster(argv);
	(void)snprintf(name, sizeof(name), "%s.log", argv[1]);
	if ((log = fopen(name, "w")) == NULL)
		return 2;
	(void)snprintf(name, sizeof(name), "%s.new", argv[1]);
	if ((ports = fopen(name, "w")) == NULL)
		return 2;
	for (size_t i = 0; i < n; i++) {
		unsigned port;

		listeners[i] = (struct listener){ .b = &behaviours[i],
			.ctx = context(argv[2], argv[3]),
			.log = log,
			.fd = loopback_listen(16, &port),
			.lock = PTHREAD_MUTEX_INITIALIZER };
		(void)fprintf(ports, "%s %u\n", behaviours[i].name, port);
		if (pthread_create(&t, NULL, listen_on, &listeners[i]) != 0)
			return 2;
	}
	(void)fclose(ports);
	if (rename(name, argv[1]) == -1)
		return 2;
	for (;;)
		(void)pause();
}
