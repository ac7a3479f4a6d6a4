/*
 * HTTP for collectors: many requests in flight over one libcurl multi handle.
 *
 * Verified TLS 1.2 or later, always. No redirects, no cookies, no netrc, and
 * the environment's proxies are not read: a proxy stands in the setup. Plain
 * http is refused but to this host and to the link-local addresses where AWS
 * hands out credentials, and there only when the request allows it.
 *
 * What is worth it is tried again with full jitter below a limit that doubles
 * (AWS Architecture Blog, "Exponential Backoff And Jitter"); what Retry-After
 * asks for is honoured up to a maximum. One thread; done() is called from
 * http_turn() and may start more.
 */
#ifndef COLLECTOR_HTTP_HTTP_H
#define COLLECTOR_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/buf.h"
#include "base/fault.h"

#define HTTP_IN_FLIGHT 32	  /* requests at a time */
#define HTTP_PER_HOST 12	  /* connections to one host */
#define HTTP_TRIES 8		  /* attempts of one request */
#define HTTP_BROKEN_TRIES 4	  /* ... when connections fail or break */
#define HTTP_SLOW_TRIES 2	  /* ... when they last too long */
#define HTTP_BACKOFF_MS 250	  /* the first wait is below this */
#define HTTP_BACKOFF_MAX_MS 20000 /* ... and every wait below this */
#define HTTP_RETRY_AFTER_MAX 30	  /* seconds waited because we are told to */
#define HTTP_CONNECT_MS 10000
#define HTTP_TIME_MS 300000 /* one attempt, whole */
/* An attempt ends when over so many seconds fewer bytes a second came: one that
 * drips is as good as one that is silent. */
#define HTTP_STALL_S 25
#define HTTP_STALL_BYTES 128
#define HTTP_BODY_MAX (1024LL * 1024 * 1024) /* bytes of one answer */
#define HTTP_TEXT_MAX ((size_t)16 * 1024)    /* kept of a refusal */
#define HTTP_HEADERS_MAX ((size_t)64 * 1024)

struct http; /* the pool */

struct http_setup {	      /* borrowed until http_free() */
	const char *ca_file;  /* PEM, instead of the system's; NULL */
	const char *proxy;    /* URL; NULL or "": none */
	const char *no_proxy; /* hosts without it, comma between; NULL */
	unsigned in_flight, per_host; /* 0: the maxima above */
};

struct http_answer {
	long status;	    /* 0: none came */
	int tries;	    /* attempts made */
	char type[128];	    /* Content-Type; "" if none */
	struct buf headers; /* "name: value\n" as they came; see http_header */
	/* The body when it is not 2xx or the request has no data(), cut at the
	 * request's text_max (and then, if it is 2xx, a fault). */
	struct buf text;
};

/* The value of the last header of this name (any case), copied and cut to
 * size; false and "" if there is none. */
bool http_header(
    const struct http_answer *a, const char *name, char *out, size_t size);

struct http_headers; /* what goes out with one attempt */

/* Add a header of one attempt. Values may be secrets: they are wiped after. A
 * failure (a line break in it, memory) sticks and fails the attempt. */
void http_add_header(
    struct http_headers *h, const char *name, const char *value);

struct http_request {
	const char *method;	    /* "GET"; copied */
	const char *url;	    /* copied */
	const char *const *headers; /* "Name: value", then NULL; copied */
	const char *body;	    /* borrowed until done(); NULL: none */
	size_t body_len;
	bool plain; /* http:// is allowed, to loopback and link-local */
	/* Before each attempt, for headers that depend on the time. -1 ends
	 * the request with that fault. NULL: none. */
	int (*prepare)(void *ctx, struct http_headers *h, struct fault *);
	/* The head of a 2xx came: before the first data(). NULL: not needed. */
	void (*head)(void *ctx, const struct http_answer *);
	/* The body of a 2xx in pieces; -1 ends the request with that fault.
	 * NULL: it is kept in the answer's text. */
	int (*data)(void *ctx, const char *p, size_t len, struct fault *);
	/* The body begins anew: forget the pieces so far. NULL: no data(). */
	void (*restart)(void *ctx);
	/* Is this answer a reason to try again? NULL: http_busy(). */
	bool (*again)(void *ctx, const struct http_answer *);
	/* Once, at the end. why is NULL when an answer came whole, of any
	 * status; else FAULT_REMOTE: none came, or what a callback said. Its
	 * text is the same from run to run while the cause is. */
	void (*done)(
	    void *ctx, const struct http_answer *, const struct fault *why);
	void *ctx;
	size_t text_max;	  /* 0: HTTP_TEXT_MAX */
	long long body_max;	  /* for data(); 0: HTTP_BODY_MAX */
	int tries;		  /* 0: HTTP_TRIES */
	long connect_ms, time_ms; /* 0: the maxima above */
	int64_t not_before;	  /* clock_ms() of the first attempt; 0 */
};

/* setup may be NULL. NULL with a fault. */
MUST_USE struct http *http_new(const struct http_setup *setup, struct fault *f);
void http_free(struct http *h); /* what is under way is dropped, undone */

/* Queue a request. -1: FAULT_USAGE (a URL that is refused) or FAULT_IO; then
 * done() is not called. */
MUST_USE int http_start(
    struct http *h, const struct http_request *r, struct fault *f);

/* One turn of that loop: begin what may begin, wait until something happens
 * (a second at most), and call what there is to call. */
MUST_USE int http_turn(struct http *h, struct fault *f);

/*
 * One request, start to end; r->done and r->ctx's use by it are ours. a is
 * filled on success and the caller frees it with http_answer_free(). Not from
 * inside done() of the same pool.
 */
MUST_USE int http_call(struct http *h, const struct http_request *r,
    struct http_answer *a, struct fault *f);
void http_answer_free(struct http_answer *a);

/* 429, 500, 502, 503, 504 */
bool http_busy(void *ctx, const struct http_answer *a);

/* Where plain http may go: "loopback" (127.0.0.0/8, ::1, localhost) or
 * "link-local" (AWS's metadata, ECS and EKS credential addresses, IPv4 and
 * IPv6); NULL: nowhere else. url begins with http:// */
const char *http_plain_place(const char *url);

/* Percent-encode all but RFC 3986's unreserved characters, and but '/' when
 * slash is kept. */
void http_encode(struct buf *out, const char *s, size_t len, bool keep_slash);

#endif
