/*
 * Runs and judgements again: every list that a record has a root of is read
 * once, hashed, and taken into the state that the next root is of.
 */
#include "store/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An entry of a list: name, content, provenance. */
struct entry {
	const uint8_t *part[3]; /* borrowed; NULL: 32 zeros */
};

struct list {
	struct entry *p;
	size_t n, cap;
};

static int
list_add(struct list *l, const struct entry *e, struct fault *f)
{
	size_t cap = l->cap == 0 ? 1024 : 2 * l->cap;
	struct entry *p;

	if (l->n == l->cap) {
		if ((p = realloc(l->p, cap * sizeof(*p))) == NULL)
			return fault_memory(f);
		l->p = p;
		l->cap = cap;
	}
	l->p[l->n++] = *e;
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return memcmp(x->part[0], y->part[0], SHA256_LEN);
}

/* Append a leaf: what comes first, then parts. */
static int
add_leaf(struct verifying *y, struct merkle *m, const char *first,
    const struct entry *e, size_t parts, struct fault *f)
{
	static const uint8_t none[SHA256_LEN];
	uint8_t leaf[SHA256_LEN], text[NAME_MAX_LEN + 3 * SHA256_LEN];
	size_t len = strlen(first);

	if (len > NAME_MAX_LEN)
		len = NAME_MAX_LEN; /* its root will not be the recorded one */
	memcpy(text, first, len);
	for (size_t i = 0; i < parts; i++) {
		memcpy(text + len, e->part[i] != NULL ? e->part[i] : none,
		    SHA256_LEN);
		len += SHA256_LEN;
	}
	if (merkle_leaf(y->st->crypto, text, len, leaf, f) == -1)
		return -1;
	return merkle_add(m, y->st->crypto, leaf, f);
}

static int
compare_root(struct verifying *y, const struct merkle *m, const char *said,
    const char *what, const char *where, long long id, struct fault *f)
{
	uint8_t root[SHA256_LEN];
	char hex[SHA256_HEX];

	if (merkle_root(m, y->st->crypto, root, f) == -1)
		return -1;
	hex_encode(root, SHA256_LEN, hex);
	if (strcmp(hex, said) != 0)
		problem(y, what, "%s %lld", where, id);
	return 0;
}

/* ---------------------------------------------------------------- changes */

struct advancing {
	struct verifying *y;
	struct live *live;
	struct list list;
	sqlite3_stmt *changes, *touched, *before;
};

/* A number that must be one of a content, or NULL. */
static int
content_of(
    struct verifying *y, sqlite3_stmt *q, int column, const uint8_t **out)
{
	*out = NULL;
	if (sqlite3_column_type(q, column) == SQLITE_NULL)
		return 0;
	*out = digests_use(&y->contents, sqlite3_column_int64(q, column));
	return *out != NULL ? 0 : -1;
}

/* Read the run's changes, in the order of their names. */
static int
read_changes(struct advancing *g, long long run, struct fault *f)
{
	struct verifying *y = g->y;
	sqlite3_stmt *q = g->changes;
	struct entry e;
	int rc;

	g->list.n = 0;
	(void)sqlite3_reset(q);
	sqlite3_bind_int64(q, 1, run);
	while ((rc = stmt_row(y->st, q, f)) == 1) {
		e.part[0] =
		    digests_use(&y->subjects, sqlite3_column_int64(q, 0));
		if (e.part[0] == NULL || content_of(y, q, 1, &e.part[1]) ||
		    content_of(y, q, 2, &e.part[2]))
			problem(y,
			    "its subject, content or provenance is not there",
			    "change of subject %lld in run %lld",
			    (long long)sqlite3_column_int64(q, 0), run);
		else if (list_add(&g->list, &e, f) == -1)
			return -1;
	}
	if (g->list.n > 1)
		qsort(g->list.p, g->list.n, sizeof(*g->list.p), by_name);
	return rc;
}

static int
ignore_bucket(
    void *ctx, unsigned bucket, const uint8_t hash[SHA256_LEN], struct fault *f)
{
	(void)ctx;
	(void)bucket;
	(void)hash;
	(void)f;
	return 0;
}

static int
verify_changes(
    struct advancing *g, sqlite3_stmt *run, long long id, struct fault *f)
{
	struct merkle m = { 0 };
	char hex[SHA256_HEX];

	if (read_changes(g, id, f) == -1)
		return -1;
	for (size_t i = 0; i < g->list.n; i++) {
		const struct entry *e = &g->list.p[i];

		if (add_leaf(g->y, &m, "", e, 3, f) == -1 ||
		    live_set(g->live, e->part[0], e->part[1], f) == -1)
			return -1;
		g->y->n->changes++;
	}
	if (compare_root(g->y, &m, column_text(run, 1),
		"its changes are not those it recorded", "run", id, f) == -1 ||
	    live_settle(g->live, ignore_bucket, NULL, f) == -1)
		return -1;
	hex_encode(live_root(g->live), SHA256_LEN, hex);
	if (strcmp(hex, column_text(run, 4)) != 0)
		problem(g->y,
		    "the state of all subjects is not what its state root says",
		    "run %lld", id);
	return 0;
}

/* --------------------------------------------------- answers and sightings */

/* Do its rows say anything new of the series in this run? 1, 0 or -1. */
static int
is_touched(struct advancing *g, long long series, long long run, int column,
    struct fault *f)
{
	int rc;

	(void)sqlite3_reset(g->touched);
	sqlite3_bind_int64(g->touched, 1, series);
	sqlite3_bind_int64(g->touched, 2, run);
	rc = stmt_row(g->y->st, g->touched, f);
	if (rc == 1)
		rc = sqlite3_column_int(g->touched, column);
	(void)sqlite3_reset(g->touched);
	return rc;
}

/* A list kept by series: read where the run says something new, else it is that
 * of the run before. */
static int
verify_series(struct advancing *g, sqlite3_stmt *run, int column,
    enum stmt list, const char *what, struct fault *f)
{
	struct verifying *y = g->y;
	long long id = sqlite3_column_int64(run, 0), count,
		  series = sqlite3_column_int64(run, 5);
	int touched =
	    series == id ? 1 : is_touched(g, series, id, column - 2, f);
	char hex[SHA256_HEX] = "";

	if (touched == -1)
		return -1;
	if (touched) {
		if (run_list_root(y->st, list, id, series, hex, &count, f) ==
		    -1)
			return -1;
	} else {
		(void)sqlite3_reset(g->before);
		sqlite3_bind_int64(g->before, 1, series);
		sqlite3_bind_int64(g->before, 2, id);
		if (stmt_row(y->st, g->before, f) == 1)
			(void)snprintf(hex, sizeof(hex), "%s",
			    column_text(g->before, column - 2));
		(void)sqlite3_reset(g->before);
	}
	if (strcmp(hex, column_text(run, column)) != 0)
		problem(y, what, "run %lld", id);
	return 0;
}

static int
verify_run(struct advancing *g, sqlite3_stmt *run, struct fault *f)
{
	g->y->n->runs++;
	if (verify_changes(g, run, sqlite3_column_int64(run, 0), f) == -1 ||
	    verify_series(g, run, 2, S_RUN_ANSWERS,
		"its coverage is not what it recorded", f) == -1)
		return -1;
	return verify_series(g, run, 3, S_RUN_SIGHTINGS,
	    "its sightings are not those it recorded", f);
}

/* What the cache says of each bucket; a row for each that is not empty. */
struct cached {
	struct verifying *y;
	uint8_t hash[BUCKETS][SHA256_LEN], empty[SHA256_LEN];
	bool there[BUCKETS];
};

static int
read_buckets(struct cached *c, struct fault *f)
{
	sqlite3_stmt *q =
	    verify_ask(c->y, "SELECT bucket, hash FROM bucket", f);
	int rc;

	if (q == NULL)
		return -1;
	while ((rc = stmt_row(c->y->st, q, f)) == 1) {
		long long i = sqlite3_column_int64(q, 0);
		const uint8_t *hash = column_digest(q, 1);

		if (i < 0 || i >= BUCKETS || hash == NULL) {
			problem(c->y, "there is no such, or its hash is none",
			    "state bucket %lld", i);
			continue;
		}
		c->there[i] = true;
		memcpy(c->hash[i], hash, SHA256_LEN);
	}
	(void)sqlite3_finalize(q);
	return rc;
}

static int
verify_bucket(
    void *ctx, unsigned i, const uint8_t hash[SHA256_LEN], struct fault *f)
{
	struct cached *c = ctx;
	bool empty = memcmp(hash, c->empty, SHA256_LEN) == 0;

	(void)f;
	if (c->there[i] == empty ||
	    (!empty && memcmp(hash, c->hash[i], SHA256_LEN) != 0))
		problem(c->y, "is not the hash of the newest state",
		    "state bucket %u", i);
	return 0;
}

static int
verify_buckets(struct verifying *y, const struct live *l, struct fault *f)
{
	struct cached *c = calloc(1, sizeof(*c));
	int rc = -1;

	if (c == NULL)
		return fault_memory(f);
	c->y = y;
	if (merkle_leaf(y->st->crypto, "", 0, c->empty, f) == 0 &&
	    read_buckets(c, f) == 0)
		rc = live_each(l, verify_bucket, c, f);
	free(c);
	return rc;
}

static int
verify_each_run(struct advancing *g, struct fault *f)
{
	struct verifying *y = g->y;
	sqlite3_stmt *q = verify_ask(y,
	    "SELECT e.run, l.body ->> '$.changes.root', "
	    "l.body ->> '$.answers.root', l.body ->> '$.sightings.root', "
	    "l.body ->> '$.state_root', e.series FROM ended e "
	    "LEFT JOIN log l ON l.seq = e.record AND json_valid(l.body) "
	    "ORDER BY e.run",
	    f);
	int rc = q == NULL ? -1 : 1;

	while (rc == 1 && (rc = stmt_row(y->st, q, f)) == 1)
		if (verify_run(g, q, f) == -1)
			rc = -1;
	(void)sqlite3_finalize(q);
	return rc;
}

int
verify_runs(struct verifying *y, struct fault *f)
{
	struct advancing g = { .y = y, .live = live_new(y->st->crypto, f) };
	int rc = -1;

	if (g.live != NULL &&
	    live_settle(g.live, ignore_bucket, NULL, f) == 0 &&
	    (g.changes = verify_ask(y,
		 "SELECT subject, content, provenance FROM change WHERE run = "
		 "?1",
		 f)) != NULL &&
	    (g.touched = verify_ask(y,
		 "SELECT EXISTS (SELECT 1 FROM answer_change WHERE series = ?1 "
		 "AND run = ?2), EXISTS (SELECT 1 FROM sighting_change WHERE "
		 "series = ?1 AND run = ?2)",
		 f)) != NULL &&
	    (g.before = verify_ask(y,
		 "SELECT l.body ->> '$.answers.root', l.body ->> "
		 "'$.sightings.root' FROM ended e JOIN log l ON l.seq = "
		 "e.record AND json_valid(l.body) WHERE e.series = ?1 AND "
		 "e.run < ?2 ORDER BY e.run DESC LIMIT 1",
		 f)) != NULL)
		rc = verify_each_run(&g, f);
	if (rc == 0)
		rc = verify_buckets(y, g.live, f);
	(void)sqlite3_finalize(g.changes);
	(void)sqlite3_finalize(g.touched);
	(void)sqlite3_finalize(g.before);
	live_free(g.live);
	free(g.list.p);
	return rc;
}

/* -------------------------------------------------------------- judgements */

/* The verdicts of one rule in a judgement, into its list. */
static int
verify_rule(struct verifying *y, struct list *list, struct merkle *m,
    sqlite3_stmt *q, const char *check, long long judgement, struct fault *f)
{
	struct entry e = { { NULL } };
	int rc;

	list->n = 0;
	while ((rc = stmt_row(y->st, q, f)) == 1) {
		e.part[0] =
		    digests_use(&y->subjects, sqlite3_column_int64(q, 0));
		if (e.part[0] == NULL || content_of(y, q, 1, &e.part[1]))
			problem(y, "its subject or verdict is not there",
			    "verdict on subject %lld in judgement %lld",
			    (long long)sqlite3_column_int64(q, 0), judgement);
		else if (list_add(list, &e, f) == -1)
			return -1;
	}
	if (list->n > 1)
		qsort(list->p, list->n, sizeof(*list->p), by_name);
	for (size_t i = 0; rc == 0 && i < list->n; i++)
		rc = add_leaf(y, m, check, &list->p[i], 2, f);
	return rc;
}

struct judging {
	struct list list;
	sqlite3_stmt *rules, *opinions;
};

static int
verify_judgement(struct verifying *y, struct judging *g, long long id,
    const char *said, struct fault *f)
{
	struct merkle m = { 0 };
	int rc;

	y->n->judgements++;
	(void)sqlite3_reset(g->rules);
	sqlite3_bind_int64(g->rules, 1, id);
	while ((rc = stmt_row(y->st, g->rules, f)) == 1) {
		(void)sqlite3_reset(g->opinions);
		sqlite3_bind_int64(g->opinions, 1, id);
		sqlite3_bind_int64(
		    g->opinions, 2, sqlite3_column_int64(g->rules, 0));
		if (verify_rule(y, &g->list, &m, g->opinions,
			column_text(g->rules, 1), id, f) == -1)
			return -1;
	}
	return rc == -1 ? -1
			: compare_root(y, &m, said,
			      "its verdicts are not those it recorded",
			      "judgement", id, f);
}

int
verify_opinions(struct verifying *y, struct fault *f)
{
	struct judging g = { 0 };
	sqlite3_stmt *q = verify_ask(y,
	    "SELECT j.id, l.body ->> '$.verdicts.root' FROM judgement j "
	    "LEFT JOIN log l ON l.seq = j.record AND json_valid(l.body) "
	    "ORDER BY j.id",
	    f);
	int rc = -1;

	if (q != NULL &&
	    (g.rules = verify_ask(y,
		 "SELECT u.id, u.check_id FROM rule u WHERE u.id IN (SELECT "
		 "rule FROM opinion WHERE judgement = ?1) ORDER BY u.check_id",
		 f)) != NULL &&
	    (g.opinions = verify_ask(y,
		 "SELECT subject, content FROM opinion WHERE judgement = ?1 "
		 "AND rule = ?2",
		 f)) != NULL)
		while ((rc = stmt_row(y->st, q, f)) == 1)
			if (verify_judgement(y, &g, sqlite3_column_int64(q, 0),
				column_text(q, 1), f) == -1) {
				rc = -1;
				break;
			}
	(void)sqlite3_finalize(q);
	(void)sqlite3_finalize(g.rules);
	(void)sqlite3_finalize(g.opinions);
	free(g.list.p);
	return rc;
}
