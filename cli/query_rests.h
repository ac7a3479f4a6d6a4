/* What a named query's answer rests on, told beside it. */
#ifndef CLI_QUERY_RESTS_H
#define CLI_QUERY_RESTS_H

#include "report/judge/query.h"
#include "store/readonly.h"
#include "store/store.h"

/*
 * Run the query that q->rests names over the same store, read-only already, and
 * print its rows on standard error. scope: the scopes asked about, or NULL for
 * all. Returns 1 if something the answer needs is not whole, 0, or -1.
 */
MUST_USE int query_rests(struct store *st, const struct named_query *q,
    const char *scope, struct read_limit *limit, struct fault *f);

#endif
