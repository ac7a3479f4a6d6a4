/*
 * A store of a fleet that does not exist, made of what tests/fixtures recorded:
 * hosts of many systems that are patched in steps, AWS accounts, clusters and
 * endpoints, a run a step of days from 2026-07-01 on.
 *
 *	bench_world STORE FIXTURES [NAME=NUMBER ...]
 *	    nodes=5000 accounts=0 clusters=0 endpoints=0
 *	    days=92 step=1: runs on day 0, step, 2 step ... before days
 *
 * The same numbers make the same store.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/length.h"
#include "base/utc.h"
#include "collector/kit/collector.h"
#include "store/store.h"

#define EPOCH 1782874800 /* 2026-07-01T03:00:00Z */
#define DAY 86400
#define TEMPLATE_MAX (4 * 1024 * 1024)
#define LINES_MAX 2000
#define KINDS_MAX 64
#define RINGS 40 /* of hosts that are patched together */
#define PATCH_DAYS 7
#define BOOT "\"boot_id\":\"" /* nine digits after it are the copy's own */

struct swap { /* a text that a copy has another for */
	char from[32], to[64];
};

struct entry { /* an observation of a template, within its text */
	char *kind, *scope, *key, *body, *provenance;
};

struct template
{
	const char *name; /* of hosts: it stands in scope and key */
	struct entry list[LINES_MAX];
	size_t n;
};

static const struct {
	const char *name;
	int weight;
} systems[] = { { "al2023-fips", 38 }, { "rhel9-fips", 18 },
	{ "ubuntu2204-pro-fips", 14 }, { "bottlerocket-fips-on", 12 },
	{ "rhel8-fips", 6 }, { "sles15-fips", 3 }, { "al2-fips", 3 },
	{ "al2023-off", 2 }, { "debian12-off", 1 }, { "al2023-half", 1 },
	{ "rhel9-inconsistent", 1 }, { "rhel10-fips", 1 } };

struct world {
	const char *fixtures;
	long nodes, accounts, clusters, endpoints, days, step;
	struct template *host[LENGTH(systems)];
	struct template *aws, *data, *kube, *endpoint;
	const struct sink *sink;
	struct buf body, key, scope, provenance;
	struct fault f;
};

static void die(const char *what, const struct fault *f)
    __attribute__((noreturn));

static void
die(const char *what, const struct fault *f)
{
	(void)fprintf(stderr, "bench_world: %s: %s\n", what, f->text);
	exit(1);
}

/* ------------------------------------------------------------- templates */

/* The text of a line from after open up to close, cut out of it; *line is
 * after it then. */
static char *
part(char **line, const char *open, const char *close)
{
	char *p = strstr(*line, open), *end;

	if (p == NULL || (end = strstr(p + strlen(open), close)) == NULL)
		return NULL;
	*end = '\0';
	*line = end + 1;
	return p + strlen(open);
}

static void
add_line(struct template *t, char *line)
{
	struct entry e = { 0 };

	if (strncmp(line, "{\"key\"", 6) != 0 || t->n == LINES_MAX)
		return;
	e.key = part(&line, "\"key\":\"", "\",\"kind\":");
	e.kind = part(&line, "\"kind\":\"", "\",\"observation\":");
	if (e.kind != NULL)
		line += strlen("\"observation\":") + 1;
	e.body = line;
	e.provenance = strstr(line, ",\"provenance\":");
	if (e.key == NULL || e.kind == NULL || e.provenance == NULL)
		exit(1);
	*e.provenance = '\0';
	line = e.provenance + 1;
	e.provenance = line + strlen("\"provenance\":");
	e.scope = strstr(line, ",\"scope\":\"");
	if (e.scope == NULL)
		exit(1);
	*e.scope = '\0';
	e.scope += strlen(",\"scope\":\"");
	e.scope[strcspn(e.scope, "\"")] = '\0';
	t->list[t->n++] = e;
}

/* "KIND|KEY|ATTRIBUTES" and "@ SCOPE", as tests/fixtures/aws/data.rows */
static void
add_row(struct template *t, char *line, char **scope)
{
	static char none[] = "{\"collector\":\"aws/1\",\"source\":\"bench\"}";
	char *key, *attributes, *body;
	size_t len;

	if (strncmp(line, "@ ", 2) == 0)
		*scope = line + 2;
	if (line[0] < 'a' || line[0] > 'z' || t->n == LINES_MAX)
		return;
	key = strchr(line, '|');
	attributes = key != NULL ? strchr(key + 1, '|') : NULL;
	if (attributes == NULL || attributes[1] != '{')
		return;
	*key++ = '\0';
	*attributes++ = '\0';
	len = strlen(attributes) + 64;
	if ((body = malloc(len)) == NULL)
		exit(1);
	(void)snprintf(body, len,
	    "{\"attributes\":%s,\"outcome\":\"observed\"}", attributes);
	t->list[t->n++] = (struct entry){ line, *scope, key, body, none };
}

static struct template *
load(struct world *w, const char *path, const char *name, bool rows)
{
	struct template *t = calloc(1, sizeof(*t));
	char full[512], *scope = NULL;
	struct buf text = { .max = TEMPLATE_MAX }; /* the template's for good */

	(void)snprintf(full, sizeof(full), "%s/%s", w->fixtures, path);
	if (t == NULL || file_read(full, &text, &w->f) == -1)
		die(full, &w->f);
	t->name = name;
	for (char *p = text.p, *end; (end = strchr(p, '\n')) != NULL;
	     p = end + 1) {
		*end = '\0';
		if (rows)
			add_row(t, p, &scope);
		else
			add_line(t, p);
	}
	return t;
}

/* ----------------------------------------------------------------- copies */

/* "i-" and its digits: another instance in each copy. */
static bool
is_instance(const char *p)
{
	return strncmp(p, "i-0", 3) == 0 &&
	       strspn(p + 2, "0123456789abcdef") == 17;
}

static void
copy(struct buf *out, const char *p, const struct swap *swaps, size_t n,
    unsigned long tag)
{
	buf_reset(out);
	while (*p != '\0') {
		size_t i = 0;

		while (i < n &&
		       strncmp(p, swaps[i].from, strlen(swaps[i].from)) != 0)
			i++;
		if (i < n) {
			buf_puts(out, swaps[i].to);
			p += strlen(swaps[i].from);
		} else if (is_instance(p)) {
			buf_printf(out, "i-0%08lx%.8s", tag, p + 11);
			p += 19;
		} else if (strncmp(p, BOOT, sizeof(BOOT) - 1) == 0 &&
			   strcspn(p + sizeof(BOOT) - 1, "\"") > 9) {
			buf_printf(out, BOOT "%09lx", tag & 0xfffffffffUL);
			p += sizeof(BOOT) - 1 + 9;
		} else {
			buf_putc(out, *p++);
		}
	}
	if (buf_done(out, "copy", &(struct fault){ 0 }) == -1)
		exit(1);
}

static void
cover(struct world *w, const char *scope, const char *outcome,
    const char *reason, char *const *names, size_t nnames)
{
	char collector[16];
	BUF_AUTO(b, 65536);

	(void)snprintf(collector, sizeof(collector), "%.*s",
	    nnames > 0 ? (int)strcspn(names[0], ".") : 4,
	    nnames > 0 ? names[0] : "node");
	if (strcmp(collector, "tls") == 0 || strcmp(collector, "ssh") == 0)
		(void)snprintf(collector, sizeof(collector), "endpoint");
	buf_printf(&b,
	    "{\"calls\":1,\"collector\":\"%s\",\"denied\":0,\"gaps\":[],"
	    "\"kinds\":[",
	    collector);
	for (size_t i = 0; i < nnames; i++)
		buf_printf(&b, "%s\"%s\"", i > 0 ? "," : "", names[i]);
	buf_printf(&b, "],\"outcome\":\"%s\",\"reason\":%s,\"scope\":\"%s\"",
	    outcome, reason, scope);
	buf_puts(&b, ",\"subjects\":1}");
	if (buf_done(&b, "coverage", &w->f) == -1 ||
	    w->sink->cover(w->sink->ctx,
		&(struct coverage){ collector, scope, b.p, b.len },
		&w->f) == -1)
		die("coverage", &w->f);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Of each scope of a template, which kinds were answered for. */
static void
cover_all(struct world *w, const struct template *t, const struct swap *swaps,
    size_t n, unsigned long tag)
{
	for (size_t i = 0; i < t->n; i++) {
		char *names[KINDS_MAX];
		size_t nnames = 0;
		bool first = true;

		for (size_t k = 0; k < i && first; k++)
			first = strcmp(t->list[k].scope, t->list[i].scope) != 0;
		for (size_t k = i; first && k < t->n; k++) {
			size_t have = 0;

			if (strcmp(t->list[k].scope, t->list[i].scope) != 0)
				continue;
			while (have < nnames &&
			       strcmp(names[have], t->list[k].kind) != 0)
				have++;
			if (have == nnames && nnames < KINDS_MAX)
				names[nnames++] = t->list[k].kind;
		}
		if (!first)
			continue;
		qsort(names, nnames, sizeof(*names), by_text);
		copy(&w->scope, t->list[i].scope, swaps, n, tag);
		cover(w, w->scope.p, "observed", "null", names, nnames);
	}
}

static void
put(struct world *w, const struct entry *e, const struct swap *swaps, size_t n,
    unsigned long tag)
{
	copy(&w->scope, e->scope, swaps, n, tag);
	copy(&w->key, e->key, swaps, n, tag);
	copy(&w->body, e->body, swaps, n, tag);
	if (w->sink->put(w->sink->ctx,
		&(struct observation){ e->kind, w->scope.p, w->key.p,
		    strstr(e->body, "\"outcome\":\"observed\"") != NULL
			? OUTCOME_OBSERVED
			: OUTCOME_ERROR,
		    w->body.p, w->body.len, e->provenance,
		    strlen(e->provenance) },
		&w->f) == -1)
		die("put", &w->f);
}

static void
put_all(struct world *w, const struct template *t, const struct swap *swaps,
    size_t n, unsigned long tag)
{
	for (size_t i = 0; i < t->n; i++)
		put(w, &t->list[i], swaps, n, tag);
	cover_all(w, t, swaps, n, tag);
}

/* ------------------------------------------------------------------ hosts */

/* Is this line of a host another one at this patch level? Three packages in
 * ten are, and the kernel. */
static size_t
patch(const struct entry *e, size_t i, long level, struct swap *to)
{
	if (level == 0 || (strcmp(e->kind, "node.package") == 0
				  ? (i * 7 + (size_t)level) % 10 >= 3
				  : strcmp(e->kind, "node") != 0))
		return 0;
	(void)snprintf(to[0].from, sizeof(to[0].from), ".x86_64\"");
	(void)snprintf(to[0].to, sizeof(to[0].to), ".%ld.x86_64\"", level);
	(void)snprintf(to[1].from, sizeof(to[1].from), "\"version\":\"");
	(void)snprintf(to[1].to, sizeof(to[1].to), "\"version\":\"%ld.", level);
	return strcmp(e->kind, "node") == 0 ? 1 : 2;
}

/* What differs of the host's own row: it was restarted, its mode is off. */
static void
put_host_row(struct world *w, const struct entry *e, struct swap *swaps,
    size_t n, long h, long turn, bool off)
{
	struct swap *boot = &swaps[n++];
	const char *at = strstr(e->body, "\"boot_id\":\"");

	(void)snprintf(boot->from, sizeof(boot->from), "%.20s",
	    at != NULL ? at : "\"boot_id\":\"");
	(void)snprintf(
	    boot->to, sizeof(boot->to), "\"boot_id\":\"%05lx%04lx", h, turn);
	if (off) {
		(void)snprintf(swaps[n].from, 32, "\"fips_enabled\":1");
		(void)snprintf(swaps[n++].to, 64, "\"fips_enabled\":0");
	}
	put(w, e, swaps, n, (unsigned long)h);
}

static void
put_host(struct world *w, long h, long day)
{
	const struct template *t = NULL;
	struct swap swaps[8] = { 0 };
	long slot = h * 37 % 100, turn = (day + h % 100) / 100;
	long level = (day + h % RINGS * 3) / PATCH_DAYS;
	bool off = h % 50 == 0 && (day + h % 100) % 100 < 30;

	for (size_t i = 0; i < LENGTH(systems) && t == NULL; i++)
		if ((slot -= systems[i].weight) < 0)
			t = w->host[i];
	(void)snprintf(swaps[0].from, sizeof(swaps[0].from), "%s", t->name);
	(void)snprintf(swaps[0].to, sizeof(swaps[0].to),
	    "ip-10-%ld-%ld-%ld.ec2.internal", h / 4096 % 16, h / 64 % 64,
	    h % 64 + 10);
	if (h % 500 == 7 && day % 40 >= 20 && day % 40 < 30) {
		copy(&w->scope, t->list[0].scope, swaps, 1, 0);
		cover(w, w->scope.p, "unreachable", "\"Connection timed out\"",
		    NULL, 0);
		return;
	}
	for (size_t i = 0; i < t->n; i++) {
		const struct entry *e = &t->list[i];
		size_t n = 1 + patch(e, i, level, swaps + 1);

		if (strcmp(e->kind, "node") == 0)
			put_host_row(w, e, swaps, n, h, turn, off);
		else
			put(w, e, swaps, n, (unsigned long)h);
	}
	cover_all(w, t, swaps, 1, (unsigned long)h);
}

/* ------------------------------------------------------------------- runs */

static void
put_day(struct world *w, long day)
{
	struct swap s[3] = { 0 };

	for (long h = 1; h <= w->nodes; h++)
		/* some came late, some are gone */
		if (!((h % 250 == 3 && day < 40) || (h % 250 == 5 && day > 60)))
			put_host(w, h, day);
	for (long i = 0; i < w->accounts; i++) {
		s[0] = (struct swap){ "111122223333", "" };
		s[1] = (struct swap){ "kube/", "" };
		s[2] = (struct swap){ "host/", "" };
		(void)snprintf(s[0].to, sizeof(s[0].to), "2000%08ld", i);
		(void)snprintf(s[1].to, sizeof(s[1].to), "kube/a%ld-", i);
		(void)snprintf(s[2].to, sizeof(s[2].to), "host/a%ld-", i);
		put_all(w, w->aws, s, 3, 0x1000000UL + (unsigned long)i);
		if (i % 8 == 0)
			put_all(
			    w, w->data, s, 3, 0x1000000UL + (unsigned long)i);
	}
	for (long i = 0; i < w->clusters; i++) {
		s[0] = (struct swap){ "kube/prod", "" };
		(void)snprintf(s[0].to, sizeof(s[0].to), "kube/c%ld", i);
		put_all(w, w->kube, s, 1, 0x2000000UL + (unsigned long)i);
	}
	for (long i = 0; i < w->endpoints; i++) {
		s[0] = (struct swap){ "endpoint/", "" };
		(void)snprintf(s[0].to, sizeof(s[0].to), "endpoint/e%ld-", i);
		put_all(w, w->endpoint, s, 1, 0);
	}
}

static void
collect(struct world *w, struct store *st, long day)
{
	char began[UTC_LEN], ended[UTC_LEN];
	const struct run_begin r = { began, "bench", "bench", "0", "{}",
		false };
	struct run_result result;
	struct run *run;
	struct sink sink;

	utc_format(EPOCH + day * DAY, began);
	utc_format(EPOCH + day * DAY + 60, ended);
	if ((run = run_new(st, &r, &w->f)) == NULL)
		die("run", &w->f);
	sink = run_sink(run);
	w->sink = &sink;
	put_day(w, day);
	if (run_end(run, ended, &result, &w->f) == -1)
		die("run", &w->f);
	run_free(run);
}

static void
load_all(struct world *w)
{
	for (size_t i = 0; i < LENGTH(systems); i++) {
		char path[128];

		(void)snprintf(
		    path, sizeof(path), "node/%s.ndjson", systems[i].name);
		w->host[i] = load(w, path, systems[i].name, false);
	}
	w->aws = load(w, "aws/fleet.ndjson", NULL, false);
	w->data = load(w, "aws/data.rows", NULL, true);
	w->kube = load(w, "kube/real.ndjson", NULL, false);
	w->endpoint = load(w, "endpoint/rows.ndjson", NULL, false);
	w->body = w->key = w->scope = w->provenance =
	    (struct buf){ .max = TEMPLATE_MAX };
}

static void
set(struct world *w, const char *word)
{
	const struct {
		const char *name;
		long *value;
	} all[] = { { "nodes=", &w->nodes }, { "accounts=", &w->accounts },
		{ "clusters=", &w->clusters }, { "endpoints=", &w->endpoints },
		{ "days=", &w->days }, { "step=", &w->step } };

	for (size_t i = 0; i < LENGTH(all); i++)
		if (strncmp(word, all[i].name, strlen(all[i].name)) == 0) {
			*all[i].value = strtol(strchr(word, '=') + 1, NULL, 10);
			return;
		}
	(void)fprintf(stderr, "bench_world: '%s' is unknown\n", word);
	exit(2);
}

int
main(int argc, char **argv)
{
	static struct world w = { .nodes = 5000, .days = 92, .step = 1 };
	struct crypto *c = crypto_new(false, &w.f);
	struct store *st;

	if (argc < 3 || c == NULL) {
		(void)fprintf(stderr, "usage: bench_world STORE FIXTURES "
				      "[NAME=NUMBER ...]\n");
		return 2;
	}
	w.fixtures = argv[2];
	for (int i = 3; i < argc; i++)
		set(&w, argv[i]);
	load_all(&w);
	if (store_create(argv[1], "bench", "2026-06-30T00:00:00Z", c, &w.f) ==
		-1 ||
	    (st = store_open(argv[1], STORE_WRITE, kinds, c, &w.f)) == NULL)
		die(argv[1], &w.f);
	for (long day = 0; day<w.days; day += w.step> 0 ? w.step : 1)
		collect(&w, st, day);
	store_close(st);
	crypto_free(c);
	return 0;
}
