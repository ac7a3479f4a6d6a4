/* See link.h. */
#include "collector/endpoint/connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/child.h"

#define READ_MAX 16384
#define GRACE_MS 200

enum state { SLOT_FREE, SLOT_WAITING, SLOT_CONNECTING, SLOT_TALKING };

struct slot {
	enum state state;
	struct link_client client;
	size_t index, address;
	bool pinned; /* an address answered: keep to it */
	int fd;
	struct buf reply;
	size_t sent, heard;
	int64_t deadline, end; /* of the connection, of the endpoint */
	size_t begun;	       /* connections so far */
	int64_t ready;	       /* not another one before */
};

struct loop {
	const struct link_work *w;
	struct slot *slots;
	struct pollfd *polls;
	size_t next; /* endpoint to start */
};

static void
hang_up(struct slot *s)
{
	if (s->fd != -1)
		(void)close(s->fd);
	s->fd = -1;
	buf_reset(&s->reply);
	s->sent = s->heard = 0;
}

/* ---- one connection ---- */

/* 0: begun, or errno. */
static int
dial(struct slot *s)
{
	const struct link_address *a = &s->client.addresses[s->address];
	int one = 1;

	s->fd = socket(a->u.any.sa_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (s->fd == -1)
		return errno;
	(void)setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(s->fd, &a->u.any, a->len) == -1 && errno != EINPROGRESS)
		return errno;
	s->state = SLOT_CONNECTING;
	return 0;
}

static void
begin(struct slot *s, int ms)
{
	int64_t now = clock_ms();

	s->deadline = now + ms < s->end ? now + ms : s->end;
}

/* After LINK_BURST connections, one each LINK_PAUSE_MS: true, it must wait. */
static bool
must_wait(struct slot *s, int64_t now)
{
	if (s->begun < LINK_BURST || now >= s->ready)
		return false;
	s->state = SLOT_WAITING;
	s->deadline = s->ready < s->end ? s->ready : s->end;
	return true;
}

/* Begin the next connection, or leave the slot without one: finished. */
static void
proceed(const struct loop *l, struct slot *s)
{
	int e;

	hang_up(s);
	for (;;) {
		if (s->client.naddresses == 0) {
			s->state = SLOT_FREE;
			return;
		}
		if (clock_ms() >= s->end) {
			s->client.late(s->client.self);
			s->state = SLOT_FREE;
			return;
		}
		if (must_wait(s, clock_ms()))
			return;
		if (!s->client.next(s->client.self)) {
			s->state = SLOT_FREE;
			return;
		}
		begin(s, l->w->connection_ms);
		s->begun++;
		s->ready = clock_ms() + LINK_PAUSE_MS;
		if (!s->pinned)
			s->address = 0;
		while ((e = dial(s)) != 0 && !s->pinned &&
		       s->address + 1 < s->client.naddresses) {
			hang_up(s);
			s->address++;
		}
		if (e == 0)
			return;
		hang_up(s);
		s->client.ended(s->client.self,
		    e == ECONNREFUSED ? LINK_REFUSED : LINK_UNREACHABLE);
	}
}

static void
end_connection(const struct loop *l, struct slot *s, enum link_end end)
{
	s->client.ended(s->client.self, end);
	proceed(l, s);
}

/* A connection that did not come about: try the next address, or say so. */
static void
no_connection(const struct loop *l, struct slot *s, int e)
{
	while (!s->pinned && s->address + 1 < s->client.naddresses) {
		hang_up(s);
		s->address++;
		begin(s, l->w->connection_ms);
		if ((e = dial(s)) == 0)
			return;
	}
	end_connection(
	    l, s, e == ECONNREFUSED ? LINK_REFUSED : LINK_UNREACHABLE);
}

/* Send what waits. -1: the other side is gone. */
static int
flush(struct slot *s)
{
	while (s->sent < s->reply.len) {
		ssize_t n = send(s->fd, s->reply.p + s->sent,
		    s->reply.len - s->sent, MSG_NOSIGNAL);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return errno == EAGAIN ? 0 : -1;
		s->sent += (size_t)n;
	}
	buf_reset(&s->reply);
	s->sent = 0;
	return 0;
}

static void
connected(const struct loop *l, struct slot *s)
{
	int e = 0;
	socklen_t len = sizeof(e);

	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &e, &len) == -1)
		e = errno;
	if (e != 0) {
		no_connection(l, s, e);
		return;
	}
	s->pinned = true;
	s->state = SLOT_TALKING;
	if (s->client.hear(s->client.self, NULL, 0, &s->reply))
		end_connection(l, s, LINK_DONE);
	else if (flush(s) == -1)
		end_connection(l, s, LINK_CLOSED);
}

static void
listen_to(const struct loop *l, struct slot *s)
{
	uint8_t bytes[READ_MAX];
	ssize_t n = recv(s->fd, bytes, sizeof(bytes), 0);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		end_connection(l, s, LINK_CLOSED);
		return;
	}
	s->heard += (size_t)n;
	if (s->client.hear(s->client.self, bytes, (size_t)n, &s->reply))
		end_connection(l, s, LINK_DONE);
	else if (s->heard > LINK_BYTES_MAX)
		end_connection(l, s, LINK_TOO_MUCH);
	else if (s->reply.failed != FAULT_NONE || flush(s) == -1)
		end_connection(l, s, LINK_CLOSED);
}

static void
too_late(const struct loop *l, struct slot *s)
{
	if (s->state == SLOT_CONNECTING)
		no_connection(l, s, ETIMEDOUT);
	else
		end_connection(l, s, LINK_TIMEOUT);
}

static void
serve(const struct loop *l, struct slot *s, short events)
{
	if (s->state == SLOT_WAITING) {
		if (clock_ms() >= s->deadline)
			proceed(l, s);
		return;
	}
	/* we may come late ourselves: what came in time still counts */
	if (clock_ms() >= s->deadline + (events != 0 ? GRACE_MS : 0))
		too_late(l, s);
	else if (s->state == SLOT_CONNECTING && events != 0)
		connected(l, s);
	else if ((events & (POLLIN | POLLHUP | POLLERR)) != 0)
		listen_to(l, s);
	else if ((events & POLLOUT) != 0 && flush(s) == -1)
		end_connection(l, s, LINK_CLOSED);
}

/* ---- all ---- */

static int
start_one(struct loop *l, struct slot *s, struct fault *f)
{
	s->index = l->next++;
	s->pinned = false;
	s->address = 0;
	s->begun = 0;
	s->end = clock_ms() + l->w->endpoint_ms;
	memset(&s->client, 0, sizeof(s->client));
	if (l->w->start(l->w->ctx, s->index, &s->client, f) == -1)
		return -1;
	proceed(l, s);
	return 0;
}

/* Fill free slots; those that need no connection are finished at once. */
static int
fill(struct loop *l, struct slot *s, struct fault *f)
{
	while (s->state == SLOT_FREE && l->next < l->w->n) {
		if (start_one(l, s, f) == -1)
			return -1;
		if (s->state == SLOT_FREE &&
		    l->w->finish(l->w->ctx, s->index, &s->client, f) == -1)
			return -1;
	}
	return 0;
}

static int
wait_ms(const struct loop *l, size_t n)
{
	int64_t now = clock_ms(), left = 60 * 1000;

	for (size_t i = 0; i < n; i++)
		if (l->slots[i].state != SLOT_FREE &&
		    l->slots[i].deadline - now < left)
			left = l->slots[i].deadline - now;
	return left < 0 ? 0 : (int)left;
}

/* One round of poll(). Returns how many endpoints are still being asked. */
static size_t
poll_once(struct loop *l, size_t n)
{
	size_t busy = 0;

	for (size_t i = 0; i < n; i++) {
		const struct slot *s = &l->slots[i];
		bool sending =
		    s->state == SLOT_CONNECTING || s->sent < s->reply.len;

		l->polls[i] =
		    (struct pollfd){ s->state < SLOT_CONNECTING ? -1 : s->fd,
			    (short)(POLLIN | (sending ? POLLOUT : 0)), 0 };
		busy += s->state != SLOT_FREE;
	}
	if (busy > 0 && poll(l->polls, n, wait_ms(l, n)) == -1)
		for (size_t i = 0; i < n; i++)
			l->polls[i].revents = 0; /* EINTR: deadlines stand */
	return busy;
}

static int
work(struct loop *l, size_t n, struct fault *f)
{
	for (size_t i = 0; i < n; i++)
		if (fill(l, &l->slots[i], f) == -1)
			return -1;
	while (poll_once(l, n) > 0) {
		for (size_t i = 0; i < n; i++) {
			struct slot *s = &l->slots[i];

			if (s->state == SLOT_FREE)
				continue;
			serve(l, s, l->polls[i].revents);
			if (s->state != SLOT_FREE)
				continue;
			if (l->w->finish(l->w->ctx, s->index, &s->client, f) ==
			    -1)
				return -1;
			if (fill(l, s, f) == -1)
				return -1;
		}
	}
	return 0;
}

int
link_run(const struct link_work *w, struct fault *f)
{
	size_t n = w->n < w->in_flight ? w->n : w->in_flight;
	struct loop l = { .w = w };
	int rc = -1;

	if (n == 0)
		return 0;
	l.slots = calloc(n, sizeof(*l.slots));
	l.polls = calloc(n, sizeof(*l.polls));
	if (l.slots == NULL || l.polls == NULL) {
		(void)fault_memory(f);
		goto out;
	}
	for (size_t i = 0; i < n; i++) {
		l.slots[i].fd = -1;
		l.slots[i].reply.max = LINK_REPLY_MAX;
	}
	rc = work(&l, n, f);
out:
	for (size_t i = 0; l.slots != NULL && i < n; i++) {
		if (l.slots[i].state != SLOT_FREE)
			w->drop(w->ctx, l.slots[i].index, &l.slots[i].client);
		hang_up(&l.slots[i]);
		buf_free(&l.slots[i].reply);
	}
	free(l.slots);
	free(l.polls);
	return rc;
}
