/*
 * The API server over HTTPS: struct api on libcurl. Verified TLS only, no
 * redirects, the environment's proxies unread; answers 429, 502, 503, 504 and
 * connections that fail or break are tried again, a refused token is read
 * again once.
 */
#ifndef COLLECTOR_KUBE_TRANSPORT_H
#define COLLECTOR_KUBE_TRANSPORT_H

#include "collector/kube/kube.h"

#define TRY_MAX 5	   /* attempts of one call */
#define RETRY_AFTER_MAX 30 /* seconds waited for because we are told to */
#define CALL_TIME_S 300	   /* one attempt, whole */
#define CONNECT_TIME_S 15
#define STALL_TIME_S 20 /* below STALL_BYTES a second */
#define STALL_BYTES 512
#define PAGE_BYTES_MAX (1024LL * 1024 * 1024) /* of one answer */

struct transport;

/* a and r are borrowed until transport_free(). NULL with a fault. */
MUST_USE struct transport *transport_new(
    struct kube_access *a, const struct request *r, struct fault *f);
void transport_free(struct transport *t);

/* Lives as long as t, and so do those it makes: each has a connection of its
 * own, and they share the token, which is read anew once for all. */
struct api transport_api(struct transport *t);

#endif
