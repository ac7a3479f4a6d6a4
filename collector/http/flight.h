/* Inside the pool: one request on its way. See http.h. */
#ifndef COLLECTOR_HTTP_FLIGHT_H
#define COLLECTOR_HTTP_FLIGHT_H

#include <curl/curl.h>

#include "collector/http/http.h"
#include "base/clock.h"

struct http_headers {
	struct curl_slist *list; /* wiped and freed after the attempt */
	bool failed;
};

struct flight {
	struct flight *next;
	struct http *pool; /* borrowed */
	struct http_request r;
	char *url, *method;	  /* owned; r's point at them */
	struct curl_slist *given; /* r's headers; owned, wiped */
	struct http_headers sent;
	CURL *curl; /* while it flies; owned */
	struct http_answer answer;
	struct http_answer *keep; /* of http_call(); gets the answer */
	struct fault *why;	  /* of http_call() */
	bool *over;		  /* of http_call() */
	struct fault refused;	  /* what a callback said */
	long long bytes;
	int64_t due; /* clock_ms() of the next attempt */
};

MUST_USE struct flight *flight_new(
    struct http *pool, const struct http_request *r, struct fault *f);
void flight_free(struct flight *t);

/* Make curl ready for an attempt. -1: what prepare() said, or FAULT_IO. */
MUST_USE int flight_prepare(
    struct flight *t, const struct http_setup *setup, struct fault *f);

/* The attempt ended: true if another one is worth it; due is set then. */
bool flight_again(struct flight *t, CURLcode code);

/* Tell the caller how it ended. code: of the last attempt. */
void flight_done(struct flight *t, CURLcode code);

void headers_wipe(struct curl_slist *list);

#endif
