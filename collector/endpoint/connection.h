/*
 * Many endpoints in flight: one poll() loop, one connection at a time to each
 * endpoint, a limit on the time of each connection and of each endpoint and on
 * the bytes of each connection. What is said is the client's matter.
 */
#ifndef COLLECTOR_ENDPOINT_CONNECTION_H
#define COLLECTOR_ENDPOINT_CONNECTION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define LINK_BYTES_MAX (512 * 1024) /* taken from one connection */
#define LINK_REPLY_MAX (64 * 1024)  /* waiting to be sent */
#define LINK_ADDRESSES_MAX 4
#define LINK_BURST 400	 /* connections to one endpoint without a pause */
#define LINK_PAUSE_MS 10 /* between two of those after */
#define IN_FLIGHT_MAX 512

enum link_end {
	LINK_DONE,	 /* the client has what it wants */
	LINK_CLOSED,	 /* the other side closed or reset */
	LINK_TIMEOUT,	 /* connected, but too slow */
	LINK_TOO_MUCH,	 /* over LINK_BYTES_MAX */
	LINK_REFUSED,	 /* no connection: refused */
	LINK_UNREACHABLE /* no connection: no route, no answer, ... */
};

struct link_address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} u;
	socklen_t len;
};

struct link_client {
	/* Prepare one more connection; false: nothing more is to be asked. */
	bool (*next)(void *self);
	/* len 0: connected, say the first words. What is added to reply is
	 * sent. true: enough was heard. */
	bool (*hear)(
	    void *self, const uint8_t *p, size_t len, struct buf *reply);
	void (*ended)(void *self, enum link_end end);
	/* The endpoint's time is over; no further call but finish. */
	void (*late)(void *self);
	void *self;
	const struct link_address *addresses; /* borrowed from self */
	size_t naddresses;		      /* none: only finish is called */
};

struct link_work {
	size_t n, in_flight;
	int connection_ms, endpoint_ms;
	/* The client of endpoint i; finish ends what start began. Both may
	 * fail, which ends the work. */
	int (*start)(
	    void *ctx, size_t i, struct link_client *out, struct fault *f);
	int (*finish)(
	    void *ctx, size_t i, struct link_client *c, struct fault *f);
	/* Ends what start began when the work fails; tells nothing. */
	void (*drop)(void *ctx, size_t i, struct link_client *c);
	void *ctx;
};

MUST_USE int link_run(const struct link_work *w, struct fault *f);

#endif
