/*
 * A time-stamp authority for the tests: HTTP on a loopback port, one request
 * at a time, each answered by `openssl ts -reply` or, by its path, in a way
 * that must be refused. It ends by itself.
 *
 * usage: tsa_server FOLDER
 * FOLDER holds tsa.cnf; the port is written to FOLDER/port.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/loopback.h"

#define REQUESTS_MAX 100
#define LIFE_SECONDS 3600
#define HANG_SECONDS 5
#define REQUEST_MAX 8192
#define REPLY_MAX 65536
#define LARGE (512 * 1024)
#define HASH_LEN 48 /* SHA-384 */

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

static void
answer(int fd, const char *status, const char *type, const char *more,
    const char *p, size_t len)
{
	char head[512];
	int n = snprintf(head, sizeof(head),
	    "HTTP/1.1 %s\r\nContent-Type: %s\r\n%sContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n",
	    status, type, more, len);

	send_all(fd, head, (size_t)n);
	send_all(fd, p, len);
}

/* One request: the head as text, and its body. 0, or -1. */
static int
receive(int fd, char *buf, char **body, size_t *body_len)
{
	size_t have = 0, want = 0;
	const char *length;
	char *end = NULL;

	while (end == NULL || have < want) {
		ssize_t n = recv(fd, buf + have, REQUEST_MAX - have, 0);

		if (n <= 0)
			return -1;
		have += (size_t)n;
		if (end != NULL)
			continue;
		buf[have] = '\0';
		if ((end = strstr(buf, "\r\n\r\n")) == NULL)
			continue;
		*end = '\0';
		*body = end + 4;
		length = strcasestr(buf, "\r\nContent-Length:");
		*body_len =
		    length == NULL ? 0 : (size_t)strtoul(length + 17, NULL, 10);
		want = (size_t)(*body - buf) + *body_len;
		if (want > REQUEST_MAX)
			return -1;
	}
	return 0;
}

/* Where the hash begins: after OCTET STRING of 48 bytes. */
static char *
imprint_in(char *query, size_t len)
{
	static const char tag[] = { 0x04, HASH_LEN };
	char *p = memmem(query, len, tag, sizeof(tag));

	return p == NULL || p + 2 + HASH_LEN + 3 > query + len ? NULL : p + 2;
}

static size_t
reply(const char *folder, const char *query, size_t len, const char *section,
    char *out)
{
	char path[512], cmd[2048];
	FILE *f;
	size_t n;

	(void)snprintf(path, sizeof(path), "%s/query", folder);
	if ((f = fopen(path, "w")) == NULL || fwrite(query, 1, len, f) != len ||
	    fclose(f) != 0)
		die(path);
	(void)snprintf(cmd, sizeof(cmd),
	    "cd '%s' && rm -f reply && openssl ts -reply -config tsa.cnf "
	    "-section %s -queryfile query -out reply >log 2>&1",
	    folder, section);
	if (system(cmd) != 0)
		return 0;
	(void)snprintf(path, sizeof(path), "%s/reply", folder);
	if ((f = fopen(path, "r")) == NULL)
		return 0;
	n = fread(out, 1, REPLY_MAX, f);
	(void)fclose(f);
	return n;
}

static void
serve_stamp(
    int fd, const char *folder, const char *path, char *query, size_t len)
{
	static char out[REPLY_MAX];
	const char *section = strcmp(path, "/other") == 0 ? "other" : "tsa";
	char *hash = imprint_in(query, len);
	size_t n;

	if (hash == NULL) {
		answer(fd, "400 Bad Request", "text/plain", "", "no\n", 3);
		return;
	}
	if (strcmp(path, "/imprint") == 0)
		hash[0] ^= 1;
	if (strcmp(path, "/nonce") == 0) /* the last byte of the INTEGER */
		hash[HASH_LEN + 1 + hash[HASH_LEN + 1]] ^= 1;
	if (strcmp(path, "/algorithm") == 0) /* nobody has such an algorithm */
		hash[-5] ^= 0x40;
	n = reply(folder, query, len, section, out);
	if (strcmp(path, "/cut") == 0)
		n /= 2;
	if (strcmp(path, "/more") == 0)
		out[n++] = 'x';
	answer(fd, "200 OK",
	    strcmp(path, "/type") == 0 ? "text/html"
				       : "application/timestamp-reply",
	    "", out, n);
}

static void
serve(int fd, const char *folder)
{
	static char buf[REQUEST_MAX + 1], large[LARGE];
	char path[64], *body;
	size_t len;

	if (receive(fd, buf, &body, &len) == -1 ||
	    sscanf(buf, "POST %63s ", path) != 1 ||
	    strstr(buf, "application/timestamp-query") == NULL)
		answer(fd, "400 Bad Request", "text/plain", "", "no\n", 3);
	else if (strcmp(path, "/garbage") == 0)
		answer(fd, "200 OK", "application/timestamp-reply", "",
		    "what you asked", 14);
	else if (strcmp(path, "/empty") == 0)
		answer(fd, "200 OK", "application/timestamp-reply", "", "", 0);
	else if (strcmp(path, "/large") == 0)
		answer(fd, "200 OK", "application/timestamp-reply", "", large,
		    sizeof(large));
	else if (strcmp(path, "/redirect") == 0)
		answer(fd, "302 Found", "text/plain", "Location: /good\r\n", "",
		    0);
	else if (strcmp(path, "/error") == 0)
		answer(
		    fd, "500 Internal Server Error", "text/plain", "", "", 0);
	else if (strcmp(path, "/hang") == 0)
		(void)sleep(HANG_SECONDS);
	else
		serve_stamp(fd, folder, path, body, len);
}

int
main(int argc, char **argv)
{
	unsigned port;
	const struct timeval patience = { .tv_sec = 5 };
	int fd, client;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: tsa_server FOLDER\n");
		return 2;
	}
	(void)alarm(LIFE_SECONDS);
	if ((fd = loopback_listen(8, &port)) == -1 ||
	    loopback_tell(argv[1], "port", port) == -1)
		die("loopback");
	for (int i = 0; i < REQUESTS_MAX; i++) {
		if ((client = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) == -1)
			die("accept");
		(void)setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience,
		    sizeof(patience));
		(void)setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience,
		    sizeof(patience));
		serve(client, argv[1]);
		(void)close(client);
	}
	return 0;
}
