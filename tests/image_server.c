/*
 * A registry for the tests (OCI distribution specification): HTTP on a
 * loopback port, one request at a time, from a folder with blobs/sha256/HEX
 * and tags/TAG. The first word of the repository says how it behaves, or
 * misbehaves. Every request is a line of FOLDER/log: path, and whether it came
 * with credentials. It ends by itself.
 *
 * usage: image_server FOLDER
 * The port is written to FOLDER/port.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/loopback.h"

#define REQUESTS_MAX 1000
#define LIFE_SECONDS 3600
#define REQUEST_MAX 16384
#define PATH_BYTES 4096
#define HUGE_MANIFEST (5 * 1024 * 1024) /* over the specification's 4 MiB */
#define BUSY_TIMES 2

/* "reader:secret" */
#define BASIC "Authorization: Basic cmVhZGVyOnNlY3JldA=="
#define BEARER "Authorization: Bearer good-token"

static const char *folder;
static unsigned port;
static int busy;

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
send_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		p += n;
		len -= (size_t)n;
	}
}

/* told: the length it says. */
static void
answer(int fd, const char *status, const char *headers, const char *p,
    size_t len, size_t told)
{
	char head[8192];
	int n = snprintf(head, sizeof(head),
	    "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\nConnection: close\r\n\r\n",
	    status, headers, told);

	send_all(fd, head, (size_t)n);
	send_all(fd, p, len);
}

static void
refuse(int fd, const char *status, const char *headers)
{
	static const char text[] = "{\"errors\":[{\"code\":\"X\"}]}";

	answer(fd, status, headers, text, sizeof(text) - 1, sizeof(text) - 1);
}

/* A file of the folder, whole; NULL: there is none. The caller frees. */
static char *
load(const char *path, size_t *len)
{
	char name[PATH_BYTES];
	FILE *f;
	char *p = NULL;
	long size;

	(void)snprintf(name, sizeof(name), "%s/%s", folder, path);
	if (strstr(path, "..") != NULL || (f = fopen(name, "rb")) == NULL)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 &&
	    fseek(f, 0, SEEK_SET) == 0 &&
	    (p = malloc((size_t)size + 1)) != NULL)
		*len = fread(p, 1, (size_t)size, f);
	(void)fclose(f);
	return p;
}

static void
note(const char *path, const char *request)
{
	char name[PATH_BYTES];
	FILE *f;

	(void)snprintf(name, sizeof(name), "%s/log", folder);
	if ((f = fopen(name, "a")) == NULL)
		die(name);
	fprintf(f, "%s %s\n", path,
	    strstr(request, "Authorization:") != NULL ? "with" : "without");
	(void)fclose(f);
}

/* ---- who may ---- */

static void
challenge(int fd, const char *repository, const char *service)
{
	char headers[1024];

	(void)snprintf(headers, sizeof(headers),
	    "WWW-Authenticate: Bearer realm=\"http://127.0.0.1:%u/%s\","
	    "service=\"test\",scope=\"repository:%s:pull,push\"\r\n",
	    port, service, repository);
	refuse(fd, "401 Unauthorized", headers);
}

/* true: it was refused. */
static int
not_allowed(
    int fd, const char *how, const char *repository, const char *request)
{
	if (strcmp(how, "token") == 0 && strstr(request, BEARER) == NULL) {
		challenge(fd, repository, "anonymous");
		return 1;
	}
	if (strcmp(how, "private") == 0 && strstr(request, BEARER) == NULL) {
		challenge(fd, repository, "login");
		return 1;
	}
	if (strcmp(how, "basic") == 0 && strstr(request, BASIC) == NULL) {
		refuse(fd, "401 Unauthorized",
		    "WWW-Authenticate: Basic realm=\"test\"\r\n");
		return 1;
	}
	if (strcmp(how, "mute") == 0) {
		refuse(fd, "401 Unauthorized", "");
		return 1;
	}
	if (strcmp(how, "denied") == 0) {
		refuse(fd, "403 Forbidden", "");
		return 1;
	}
	if (strcmp(how, "busy") == 0 && busy++ < BUSY_TIMES) {
		refuse(fd, "503 Busy", "Retry-After: 0\r\n");
		return 1;
	}
	return 0;
}

/* A token for who asks for no more than reading. */
static void
token(int fd, const char *path, const char *request)
{
	static const char good[] = "{\"token\":\"good-token\"}";

	if (strstr(path, "%3Apull") == NULL || strstr(path, "push") != NULL) {
		refuse(fd, "400 Bad Request", "");
		return;
	}
	if (strncmp(path, "/login", 6) == 0 && strstr(request, BASIC) == NULL) {
		refuse(fd, "401 Unauthorized", "");
		return;
	}
	answer(fd, "200 OK", "", good, sizeof(good) - 1, sizeof(good) - 1);
}

/* ---- what they get ---- */

static void
manifest(int fd, const char *how, const char *reference)
{
	char path[PATH_BYTES];
	size_t len = 0;
	char *p;

	if (strcmp(how, "huge") == 0) {
		p = calloc(1, HUGE_MANIFEST);
		if (p == NULL)
			die("memory");
		memset(p, ' ', HUGE_MANIFEST);
		answer(fd, "200 OK", "", p, HUGE_MANIFEST, HUGE_MANIFEST);
		free(p);
		return;
	}
	if (strncmp(reference, "sha256:", 7) == 0)
		(void)snprintf(
		    path, sizeof(path), "blobs/sha256/%s", reference + 7);
	else
		(void)snprintf(path, sizeof(path), "tags/%s", reference);
	if ((p = load(path, &len)) == NULL) {
		refuse(fd, "404 Not Found", "");
		return;
	}
	if (strcmp(how, "forged") == 0 && len > 0)
		p[len - 1] = ' ';
	answer(fd, "200 OK", "", p, len, len);
	free(p);
}

static void
redirect(int fd, const char *to)
{
	char headers[PATH_BYTES];

	(void)snprintf(headers, sizeof(headers), "Location: %s\r\n", to);
	refuse(fd, "307 Temporary Redirect", headers);
}

static void
blob(int fd, const char *how, const char *digest)
{
	char path[PATH_BYTES];
	size_t len = 0;
	char *p;

	(void)snprintf(path, sizeof(path), "http://localhost:%u/store/%s%s",
	    port, strcmp(how, "twice") == 0 ? "again/" : "", digest);
	if (strcmp(how, "redirect") == 0 || strcmp(how, "private") == 0 ||
	    strcmp(how, "twice") == 0) {
		redirect(fd, path);
		return;
	}
	if (strcmp(how, "relative") == 0) {
		redirect(fd, strstr(path, "/store"));
		return;
	}
	if (strcmp(how, "away") == 0) {
		redirect(fd, "http://169.254.169.254/latest/meta-data/");
		return;
	}
	(void)snprintf(path, sizeof(path), "blobs/sha256/%s", digest + 7);
	if ((p = load(path, &len)) == NULL) {
		refuse(fd, "404 Not Found", "");
		return;
	}
	if (strcmp(how, "wrong") == 0 && len > 0)
		p[len / 2] ^= 1;
	/* cut: it promises more than comes */
	answer(
	    fd, "200 OK", "", p, strcmp(how, "cut") == 0 ? len / 2 : len, len);
	free(p);
}

/* Where blobs are stored: elsewhere, so no credentials of ours belong there. */
static void
store(int fd, const char *path, const char *request)
{
	if (strstr(request, "Authorization:") != NULL) {
		refuse(fd, "400 Bad Request", "");
		return;
	}
	if (strncmp(path, "again/", 6) == 0)
		redirect(fd, "http://localhost/elsewhere");
	else
		blob(fd, "open", path);
}

/* ---- requests ---- */

/* "GET /v2/HOW/NAME/KIND/REFERENCE HTTP/1.1" */
static void
serve(int fd, const char *request)
{
	char path[PATH_BYTES], repository[PATH_BYTES], how[64];
	char *kind, *reference;

	if (sscanf(request, "GET %4095s HTTP/1.1", path) != 1) {
		refuse(fd, "405 Not Allowed", "");
		return;
	}
	note(path, request);
	if (strncmp(path, "/anonymous", 10) == 0 ||
	    strncmp(path, "/login", 6) == 0) {
		token(fd, path, request);
		return;
	}
	if (strncmp(path, "/store/", 7) == 0) {
		store(fd, path + 7, request);
		return;
	}
	if (strncmp(path, "/v2/", 4) != 0 ||
	    (reference = strrchr(path, '/')) == NULL) {
		refuse(fd, "404 Not Found", "");
		return;
	}
	*reference++ = '\0';
	if ((kind = strrchr(path, '/')) == NULL || kind < path + 4) {
		refuse(fd, "404 Not Found", "");
		return;
	}
	*kind++ = '\0';
	(void)snprintf(repository, sizeof(repository), "%.4000s", path + 4);
	(void)snprintf(how, sizeof(how), "%.*s", (int)strcspn(repository, "/"),
	    repository);
	if (not_allowed(fd, how, repository, request))
		return;
	if (strcmp(kind, "manifests") == 0)
		manifest(fd, how, reference);
	else
		blob(fd, how, reference);
}

static void
receive(int fd)
{
	char request[REQUEST_MAX + 1];
	size_t have = 0;

	request[0] = '\0';
	while (strstr(request, "\r\n\r\n") == NULL) {
		ssize_t n = recv(fd, request + have, REQUEST_MAX - have, 0);

		if (n <= 0)
			return;
		have += (size_t)n;
		request[have] = '\0';
	}
	serve(fd, request);
}

int
main(int argc, char **argv)
{
	struct timeval patience = { .tv_sec = 10 };
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: image_server FOLDER\n");
		return 2;
	}
	folder = argv[1];
	(void)signal(SIGPIPE, SIG_IGN);
	(void)alarm(LIFE_SECONDS);
	if ((fd = loopback_listen(16, &port)) == -1 ||
	    loopback_tell(folder, "port", port) == -1)
		die("loopback");
	for (int i = 0; i < REQUESTS_MAX; i++) {
		int c = accept(fd, NULL, NULL);

		if (c == -1)
			die("accept");
		(void)setsockopt(
		    c, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		receive(c);
		(void)shutdown(c, SHUT_WR);
		(void)close(c);
	}
	return 0;
}
