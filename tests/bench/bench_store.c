/*
 * How long, how large: the evidence store under a fleet that does not exist.
 *
 *	bench_store fleet [SUBJECTS [SCOPES]]
 *	    the same run again: nothing changed (100,000 subjects in 4 scopes;
 *	    1 s and 64 KiB)
 *	bench_store year [DAYS [SUBJECTS [BYTES [PERCENT]]]]
 *	    a run a day, some of it changed (60 days, 50,000 subjects of 600
 *	    bytes, 1 %; 1.5 x the changed bytes, 50 ms for 5,000 nodes as of a
 *	    date, 5 ms for one history, both as early as late; 5 x sha256sum to
 *	    verify)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"
#include "base/utc.h"

#define NODES 5000    /* subjects of the kind that is asked for */
#define EARLY 10      /* the day that is asked for, beside the last */
#define HISTORIES 200 /* subjects whose history is asked for */
#define ROUNDS 5      /* of each query: the fastest counts */
#define EPOCH 1767225600

static const struct column node_columns[] = {
	{ "name", COLUMN_TEXT, "", "" },
	{ "os", COLUMN_TEXT, "", "" },
	{ "kernel", COLUMN_TEXT, "", "" },
	{ "fips", COLUMN_INTEGER, "", "" },
	{ "on", COLUMN_BOOLEAN, "", "" },
	{ "version", COLUMN_INTEGER, "", "" },
	{ "labels", COLUMN_TEXT, "", "" },
	{ 0 },
};
static const struct kind node = { .name = "bench.node",
	.columns = node_columns };
static const struct kind thing = { .name = "bench.thing",
	.columns = node_columns };
static const struct kind *const bench_kinds[] = { &node, &thing, NULL };

struct bench {
	struct crypto *crypto;
	struct store *st;
	char folder[64], path[96], lines_path[96];
	long subjects, scopes, bytes;
	long *version; /* of each subject: what a change changes */
	long long changed_bytes;
	double making; /* seconds to make up the fleet once */
	struct fault f;
};

static void die(const char *what, const struct fault *f)
    __attribute__((noreturn));

static void
die(const char *what, const struct fault *f)
{
	(void)fprintf(stderr, "bench_store: %s: %s\n", what, f->text);
	exit(1);
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
peak_mib(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss / 1024;
}

static void
line(const char *what, double value, const char *unit, double target)
{
	(void)printf("  %-44s %10.3f %-6s", what, value, unit);
	if (target > 0)
		(void)printf(
		    "  (%g)%s", target, value > target ? "  OVER" : "");
	(void)printf("\n");
	(void)fflush(stdout);
}

/* ------------------------------------------------------------- the fleet */

static void
scope_of(const struct bench *b, long i, char out[32])
{
	(void)snprintf(out, 32, "bench/%ld", i % b->scopes);
}

/* The canonical bytes of a subject, padded to the size asked for. */
static void
body_of(const struct bench *b, long i, struct buf *out)
{
	long pad;

	buf_reset(out);
	buf_printf(out,
	    "{\"attributes\":{\"fips\":%ld,\"kernel\":\"6.1.%ld-x86_64\","
	    "\"labels\":\"",
	    i & 1, i % 40);
	pad = b->bytes - 160;
	/* differs from subject to subject, as evidence does */
	for (long n = 0; n < pad; n += 16)
		buf_printf(out, "%016lx",
		    (unsigned long)(i + 1) * 0x9e3779b97f4a7c15UL +
			(unsigned long)n * 0xc2b2ae3d27d4eb4fUL);
	buf_printf(out,
	    "\",\"name\":\"node-%ld\",\"on\":true,\"os\":\"bench 1\","
	    "\"version\":%ld},\"outcome\":\"observed\"}",
	    i, b->version[i]);
	if (buf_done(out, "body", &(struct fault){ 0 }) == -1)
		exit(1);
}

static const char provenance[] =
    "{\"collector\":\"bench/1\",\"source\":\"/bench\"}";

static void
put_all(struct bench *b, const struct sink *sink)
{
	BUF_AUTO(body, 65536);
	BUF_AUTO(covered, 65536);
	char scope[32], key[32];

	for (long s = 0; s < b->scopes; s++) {
		for (long i = s; i < b->subjects; i += b->scopes) {
			scope_of(b, i, scope);
			(void)snprintf(key, sizeof(key), "subject-%ld", i);
			body_of(b, i, &body);
			if (sink->put(sink->ctx,
				&(struct observation){
				    i < NODES ? node.name : thing.name, scope,
				    key, OUTCOME_OBSERVED, body.p, body.len,
				    provenance, sizeof(provenance) - 1 },
				&b->f) == -1)
				die("put", &b->f);
		}
		scope_of(b, s, scope);
		buf_reset(&covered);
		buf_printf(&covered,
		    "{\"calls\":1,\"collector\":\"bench\",\"denied\":0,"
		    "\"gaps\":[],\"kinds\":[\"bench.node\",\"bench.thing\"],"
		    "\"outcome\":\"observed\",\"reason\":null,\"scope\":\"%s\","
		    "\"subjects\":%ld}",
		    scope, b->subjects / b->scopes);
		if (sink->cover(sink->ctx,
			&(struct coverage){
			    "bench", scope, covered.p, covered.len },
			&b->f) == -1)
			die("cover", &b->f);
	}
}

static void
open_bench(struct bench *b)
{
	strcpy(b->folder, "/tmp/exhibit-bench-XXXXXX");
	if (mkdtemp(b->folder) == NULL)
		exit(1);
	(void)snprintf(b->path, sizeof(b->path), "%s/s.db", b->folder);
	(void)snprintf(
	    b->lines_path, sizeof(b->lines_path), "%s/lines", b->folder);
	b->version = calloc((size_t)b->subjects, sizeof(*b->version));
	if ((b->crypto = crypto_new(false, &b->f)) == NULL ||
	    b->version == NULL ||
	    store_create(b->path, "bench", "2026-01-01T00:00:00Z", b->crypto,
		&b->f) == -1)
		die("create", &b->f);
}

static void
close_bench(struct bench *b)
{
	store_close(b->st);
	crypto_free(b->crypto);
	free(b->version);
	(void)unlink(b->path);
	(void)unlink(b->lines_path);
	(void)rmdir(b->folder);
}

static void
reopen(struct bench *b)
{
	store_close(b->st);
	b->st = store_open(b->path, STORE_WRITE, bench_kinds, b->crypto, &b->f);
	if (b->st == NULL)
		die("open", &b->f);
}

/* Of the file alone: the store is closed, so nothing waits in the WAL. */
static long long
size_of_store(struct bench *b)
{
	struct stat st;

	store_close(b->st);
	b->st = NULL;
	if (stat(b->path, &st) == -1)
		exit(1);
	reopen(b);
	return st.st_size;
}

static struct run *
begin(struct bench *b, long day)
{
	char began[UTC_LEN];
	const struct run_begin r = { began, "bench", "bench", "0", "{}",
		false };
	struct run *run;

	utc_format(EPOCH + day * 86400, began);
	if ((run = run_new(b->st, &r, &b->f)) == NULL)
		die("run", &b->f);
	return run;
}

static struct run_result
end(struct bench *b, struct run *run, long day)
{
	char ended[UTC_LEN];
	struct run_result result;

	utc_format(EPOCH + day * 86400 + 60, ended);
	if (run_end(run, ended, &result, &b->f) == -1)
		die("run", &b->f);
	run_free(run);
	return result;
}

/* A run over the whole fleet; seconds gets what it took. */
static struct run_result
collect(struct bench *b, long day, double *seconds)
{
	double from = now();
	struct run *run = begin(b, day);
	struct sink sink = run_sink(run);
	struct run_result r;

	put_all(b, &sink);
	r = end(b, run, day);
	*seconds = now() - from - b->making;
	return r;
}

static int
put_nowhere(void *ctx, const struct observation *o, struct fault *f)
{
	(void)ctx;
	(void)o;
	(void)f;
	return 0;
}

static int
cover_nowhere(void *ctx, const struct coverage *c, struct fault *f)
{
	(void)ctx;
	(void)c;
	(void)f;
	return 0;
}

/* How long the fleet itself takes to make up: not the store's time. */
static void
time_making(struct bench *b)
{
	const struct sink nowhere = { put_nowhere, cover_nowhere, NULL };
	double from = now();

	put_all(b, &nowhere);
	b->making = now() - from;
}

/* sha256sum(1) of a file, in seconds. */
static double
sha256sum(const char *path)
{
	char command[160];
	double from = now();

	(void)snprintf(
	    command, sizeof(command), "sha256sum %s >/dev/null", path);
	if (system(command) != 0)
		exit(1);
	return now() - from;
}

/* ----------------------------------------------------------- nothing new */

static int
write_line(void *ctx, const char *p, size_t len, struct fault *f)
{
	return fwrite(p, 1, len, ctx) == len
		   ? 0
		   : fault(f, FAULT_IO, "the lines cannot be written");
}

static double
import(struct bench *b, long day)
{
	double from = now();
	struct run *run = begin(b, day);
	struct sink sink = run_sink(run);
	FILE *in = fopen(b->lines_path, "re");
	char *text = NULL;
	size_t cap = 0;
	ssize_t len;

	if (in == NULL)
		exit(1);
	while ((len = getline(&text, &cap, in)) > 0)
		if (ndjson_line(
			text, (size_t)len - 1, bench_kinds, &sink, &b->f) == -1)
			die("line", &b->f);
	free(text);
	(void)fclose(in);
	(void)end(b, run, day);
	return now() - from;
}

static void
fleet(struct bench *b)
{
	struct ndjson lines = { write_line, NULL };
	struct sink to_lines = ndjson_sink(&lines);
	struct run_result r;
	double t, sum;
	long long before;

	(void)printf("%ld subjects of %ld bytes in %ld scopes\n", b->subjects,
	    b->bytes, b->scopes);
	if ((lines.ctx = fopen(b->lines_path, "we")) == NULL)
		exit(1);
	put_all(b, &to_lines);
	(void)fclose(lines.ctx);
	sum = sha256sum(b->lines_path);
	time_making(b);
	reopen(b);
	(void)collect(b, 0, &t);
	line("first run", t, "s", 0);
	before = size_of_store(b);
	r = collect(b, 1, &t);
	if (r.unchanged != b->subjects || r.added + r.changed + r.gone != 0)
		exit(1);
	line("unchanged run", t, "s", 1);
	line("  growth", (double)(size_of_store(b) - before) / 1024, "KiB", 64);
	line("  against sha256sum of its NDJSON", t / sum, "x", 0);
	t = import(b, 2);
	line("unchanged run from NDJSON", t, "s", 0);
	line("  against sha256sum", t / sum, "x", 0);
	line("peak", peak_mib(), "MiB", 0);
}

/* ------------------------------------------------------------------ a year */

/* The fastest of some rounds, in milliseconds; every column is read. */
static double
query(struct bench *b, const char *sql, long long arg, long *rows)
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		sqlite3_stmt *q;
		double from = now();

		*rows = 0;
		if (store_prepare(b->st, sql, &q, &b->f) == -1)
			die("query", &b->f);
		sqlite3_bind_int64(q, 1, arg);
		while (sqlite3_step(q) == SQLITE_ROW) {
			for (int i = 0; i < sqlite3_column_count(q); i++)
				(void)sqlite3_column_text(q, i);
			++*rows;
		}
		(void)sqlite3_finalize(q);
		if ((now() - from) * 1e3 < best)
			best = (now() - from) * 1e3;
	}
	return best;
}

static void
as_of(struct bench *b, const char *what, long long run)
{
	char text[80];
	long rows;
	double ms;

	if (store_as_of(b->st, run, &b->f) == -1)
		die("as of", &b->f);
	ms = query(
	    b, "SELECT * FROM bench_node WHERE ?1 IS NOT NULL", run, &rows);
	(void)snprintf(
	    text, sizeof(text), "%ld nodes, all columns, %s", rows, what);
	line(text, ms, "ms", 50);
}

static void
history(struct bench *b)
{
	double worst = 0, total = 0;
	char sql[160];
	long rows;

	for (long i = 0; i < HISTORIES; i++) {
		long subject = i * (b->subjects - 1) / HISTORIES;
		double ms;

		(void)snprintf(sql, sizeof(sql),
		    "SELECT * FROM history WHERE kind = '%s' AND scope = "
		    "'bench/%ld' AND key = 'subject-%ld' AND ?1 IS NOT NULL",
		    subject < NODES ? node.name : thing.name,
		    subject % b->scopes, subject);
		ms = query(b, sql, 0, &rows);
		if (rows < 1)
			exit(1);
		total += ms;
		if (ms > worst)
			worst = ms;
	}
	line("one subject's history, mean", total / HISTORIES, "ms", 5);
	line("one subject's history, worst", worst, "ms", 5);
}

static void
no_problem(void *ctx, const char *where, const char *what)
{
	(void)ctx;
	(void)fprintf(stderr, "bench_store: %s: %s\n", where, what);
	exit(1);
}

static void
verify(struct bench *b)
{
	const struct verifier v = { no_problem, NULL, NULL, NULL };
	struct verify_counts n;
	double t, before = peak_mib(), sum;

	(void)size_of_store(b);
	sum = sha256sum(b->path);
	t = now();
	if (store_verify(b->st, &v, &n, &b->f) == -1)
		die("verify", &b->f);
	t = now() - t;
	line("verify", t, "s", 0);
	line("  against sha256sum of the file", t / sum, "x", 5);
	line("  peak grew by", peak_mib() - before, "MiB", 0);
}

static void
year(struct bench *b, long days, double percent)
{
	uint64_t seed = 1;
	double t, runs = 0;
	BUF_AUTO(body, 65536);

	(void)printf("%ld days, %ld subjects of %ld bytes, %g %% a day\n", days,
	    b->subjects, b->bytes, percent);
	time_making(b);
	reopen(b);
	for (long day = 0; day < days; day++) {
		long changes =
		    day == 0 ? b->subjects
			     : (long)((double)b->subjects * percent / 100);

		for (long c = 0; c < changes; c++) {
			long i = c;

			if (day > 0) {
				seed = seed * 6364136223846793005U +
				       1442695040888963407U;
				i = (long)((seed >> 33) %
					   (uint64_t)b->subjects);
				b->version[i]++;
			}
			body_of(b, i, &body);
			b->changed_bytes += (long long)body.len;
		}
		(void)collect(b, day, &t);
		runs += t;
		if (day == EARLY)
			as_of(b, "as of day 10, on day 10", EARLY);
	}
	line("a daily run, mean", runs / (double)days, "s", 0);
	line("file, against the changed bytes",
	    (double)size_of_store(b) / (double)b->changed_bytes, "x", 1.5);
	as_of(b, "as of day 10, on the last day", EARLY);
	as_of(b, "as of the last day", days);
	history(b);
	verify(b);
	line("peak", peak_mib(), "MiB", 0);
}

static long
argument(int argc, char **argv, int i, long fallback)
{
	long n = argc > i ? strtol(argv[i], NULL, 10) : fallback;

	if (n < 1) {
		(void)fprintf(
		    stderr, "bench_store: '%s': not a number\n", argv[i]);
		exit(2);
	}
	return n;
}

int
main(int argc, char **argv)
{
	static struct bench b;

	b.bytes = 600;
	if (argc > 1 && strcmp(argv[1], "fleet") == 0) {
		b.subjects = argument(argc, argv, 2, 100000);
		b.scopes = argument(argc, argv, 3, 4);
		open_bench(&b);
		fleet(&b);
	} else if (argc > 1 && strcmp(argv[1], "year") == 0) {
		b.subjects = argument(argc, argv, 3, 50000);
		b.bytes = argument(argc, argv, 4, 600);
		b.scopes = 10;
		open_bench(&b);
		year(&b, argument(argc, argv, 2, 60),
		    (double)argument(argc, argv, 5, 1));
	} else {
		(void)fprintf(stderr, "usage: bench_store fleet|year ...\n");
		return 2;
	}
	close_bench(&b);
	return 0;
}
