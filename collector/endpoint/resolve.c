/* See resolve.h. The child writes lines: "INDEX 4 ADDRESS", "INDEX 6 ADDRESS"
 * or "INDEX ! WHY". getaddrinfo_a(3) asks for several names at once. */
#include "collector/endpoint/resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"

#define BATCH 64 /* names asked for at once */
#define LINES_MAX ((size_t)TARGETS_MAX * LINK_ADDRESSES_MAX * 64)

static void
set_v4(struct link_address *a, const void *address, uint16_t port)
{
	memset(a, 0, sizeof(*a));
	a->u.v4.sin_family = AF_INET;
	a->u.v4.sin_port = htons(port);
	memcpy(&a->u.v4.sin_addr, address, sizeof(a->u.v4.sin_addr));
	a->len = sizeof(a->u.v4);
}

static void
set_v6(struct link_address *a, const void *address, uint16_t port)
{
	memset(a, 0, sizeof(*a));
	a->u.v6.sin6_family = AF_INET6;
	a->u.v6.sin6_port = htons(port);
	memcpy(&a->u.v6.sin6_addr, address, sizeof(a->u.v6.sin6_addr));
	a->len = sizeof(a->u.v6);
}

/* Add the address in text; false: it is none. */
static bool
add_address(struct resolved *r, const char *text, uint16_t port)
{
	unsigned char address[sizeof(struct in6_addr)];

	if (r->n == LINK_ADDRESSES_MAX)
		return true;
	if (inet_pton(AF_INET, text, address) == 1)
		set_v4(&r->addresses[r->n++], address, port);
	else if (inet_pton(AF_INET6, text, address) == 1)
		set_v6(&r->addresses[r->n++], address, port);
	else
		return false;
	return true;
}

/* ---- in the child ---- */

static void
tell(int fd, size_t index, const struct gaicb *g)
{
	char text[INET6_ADDRSTRLEN], line[256];
	int rc = gai_error((struct gaicb *)(uintptr_t)g), n = 0;

	if (rc != 0) {
		(void)snprintf(
		    line, sizeof(line), "%zu ! %s\n", index, gai_strerror(rc));
		(void)!write(fd, line, strlen(line));
		return;
	}
	for (const struct addrinfo *a = g->ar_result;
	     a != NULL && n < LINK_ADDRESSES_MAX; a = a->ai_next, n++) {
		const struct sockaddr_in *v4 = (const void *)a->ai_addr;
		const struct sockaddr_in6 *v6 = (const void *)a->ai_addr;
		const void *p = a->ai_family == AF_INET
				    ? (const void *)&v4->sin_addr
				    : (const void *)&v6->sin6_addr;

		if (inet_ntop(a->ai_family, p, text, sizeof(text)) == NULL)
			continue;
		(void)snprintf(line, sizeof(line), "%zu %c %s\n", index,
		    a->ai_family == AF_INET ? '4' : '6', text);
		(void)!write(fd, line, strlen(line));
	}
}

/* Ask for n names and tell of each as it comes. */
static void
ask_batch(int fd, const struct targets *t, const size_t *index, int n)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_ADDRCONFIG };
	struct gaicb cb[BATCH] = { 0 }, *list[BATCH];
	const struct gaicb *left[BATCH];
	int open = n;

	for (int i = 0; i < n; i++) {
		cb[i].ar_name = t->v[index[i]].host;
		cb[i].ar_request = &hints;
		left[i] = list[i] = &cb[i];
	}
	if (getaddrinfo_a(GAI_NOWAIT, list, n, NULL) != 0)
		return;
	while (open > 0) {
		(void)gai_suspend(left, n, NULL);
		for (int i = 0; i < n; i++) {
			if (left[i] == NULL ||
			    gai_error(&cb[i]) == EAI_INPROGRESS)
				continue;
			tell(fd, index[i], &cb[i]);
			left[i] = NULL;
			open--;
		}
	}
}

static void
ask_all(void *ctx, int fd)
{
	const struct targets *t = ctx;
	size_t index[BATCH];
	int n = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (!t->v[i].literal)
			index[n++] = i;
		if (n == BATCH || (i + 1 == t->n && n > 0)) {
			ask_batch(fd, t, index, n);
			n = 0;
		}
	}
}

/* ---- what it said ---- */

static void
read_line(char *line, const struct targets *t, struct resolved *v)
{
	char *rest;
	unsigned long i = strtoul(line, &rest, 10);

	if (i >= t->n || strlen(rest) < 4)
		return;
	if (rest[1] == '!')
		(void)snprintf(
		    v[i].why, sizeof(v[i].why), "the name: %.100s", rest + 3);
	else
		(void)add_address(&v[i], rest + 3, t->v[i].port);
}

static void
read_lines(struct buf *b, const struct targets *t, struct resolved *v)
{
	char *p = b->p, *nl;

	while (p != NULL && (nl = strchr(p, '\n')) != NULL) {
		*nl = '\0';
		read_line(p, t, v);
		p = nl + 1;
	}
}

int
resolve(
    const struct targets *t, int time_ms, struct resolved *v, struct fault *f)
{
	BUF_AUTO(lines, LINES_MAX);
	struct child c = { .take = child_take_buf, .ctx = &lines };
	bool names = false;

	memset(v, 0, t->n * sizeof(*v));
	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].literal)
			(void)add_address(&v[i], t->v[i].host, t->v[i].port);
		else
			names = true;
	}
	if (!names)
		return 0;
	if (child_fork(&c, ask_all, (void *)(uintptr_t)t, time_ms, f) == -1)
		return -1;
	child_finish(&c);
	read_lines(&lines, t, v);
	for (size_t i = 0; i < t->n; i++)
		if (v[i].n == 0 && v[i].why[0] == '\0')
			(void)snprintf(v[i].why, sizeof(v[i].why),
			    "the name: no answer in time");
	return 0;
}
