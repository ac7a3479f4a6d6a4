/* Which collectors are asked, what for, and the run that keeps the answers. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/viewing.h"
#include "report/judge/query.h"
#include "base/text.h"

extern const struct text report_text[]; /* made by embed() */

static bool
is_asked(const struct asked *a, const struct collector *c)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i] == c)
			return true;
	return false;
}

/* --aws asks aws; --config, which every command has, asks nobody. */
static bool
asked_by_option(const struct options *o, const struct collector *c)
{
	for (const struct option_def *d = common_options; d->name != NULL; d++)
		if (strcmp(d->name, c->name) == 0)
			return false;
	return option(o, c->name) != NULL;
}

static int
add(struct asked *a, const struct collector *c, struct fault *f)
{
	if (is_asked(a, c))
		return 0;
	if (a->n == ASKED_MAX)
		return fault(f, FAULT_USAGE, "over %d collectors", ASKED_MAX);
	a->list[a->n++] = c;
	return 0;
}

/* "aws, kube, node" */
static void
names(char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; collectors[i] != NULL && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s",
		    i > 0 ? ", " : "", collectors[i]->name);
}

/* Operands are left for the one collector that takes them. */
static int
check_operands(const struct asked *a, const struct options *o, struct fault *f)
{
	const struct collector *taker = NULL;
	char all[256];

	if (a->noperands == 0)
		return 0;
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i]->operands != NULL && taker != NULL)
			return fault(f, FAULT_USAGE,
			    "'%s': for %s or for %s? ask them one at a time",
			    a->operands[0], taker->name, a->list[i]->name);
		else if (a->list[i]->operands != NULL)
			taker = a->list[i];
	if (taker != NULL)
		return 0;
	names(all, sizeof(all));
	if (a->noperands == (size_t)o->noperands)
		return fault(f, FAULT_USAGE,
		    "'%s' is not a collector; there are: %s", a->operands[0],
		    all);
	return fault(f, FAULT_USAGE, "%s takes no operand '%s'",
	    a->list[a->n - 1]->name, a->operands[0]);
}

int
cli_asked(const struct options *o, const char *fallback, struct asked *a,
    struct fault *f)
{
	const struct collector *c;
	int i = 0;

	memset(a, 0, sizeof(*a));
	for (; i < o->noperands && (c = collector_find(o->operands[i])) != NULL;
	     i++)
		if (add(a, c, f) == -1)
			return -1;
	for (size_t k = 0; collectors[k] != NULL; k++)
		if (asked_by_option(o, collectors[k]) &&
		    add(a, collectors[k], f) == -1)
			return -1;
	if (a->n == 0 && fallback != NULL)
		a->list[a->n++] = collector_find(fallback);
	a->operands = o->operands + i;
	a->noperands = (size_t)(o->noperands - i);
	return check_operands(a, o, f);
}

static bool
has_option(const struct asked *a, const char *name)
{
	for (size_t i = 0; i < a->n; i++)
		for (const struct collector_option *d = a->list[i]->options;
		     d->name != NULL; d++)
			if (strcmp(d->name, name) == 0)
				return true;
	return false;
}

static int
add_text(json_t *list, const char *s, struct fault *f)
{
	return json_array_append_new(list, json_text(s, strlen(s))) == -1
		   ? fault_memory(f)
		   : 0;
}

/* {"collector":"node","operands":[],"options":{"root":"/host"}} */
int
cli_plan(const struct asked *a, const struct options *o, struct buf *text,
    struct fault *f)
{
	json_t *given = json_object(), *operands = json_array(), *plan = NULL;
	BUF_AUTO(name, 1024);
	int rc = 0;

	for (size_t i = 0; i < a->n; i++)
		buf_printf(&name, "%s%s", i > 0 ? " " : "", a->list[i]->name);
	rc = buf_done(&name, "plan", f);
	for (size_t i = 0; rc == 0 && i < a->noperands; i++)
		rc = add_text(operands, a->operands[i], f);
	for (size_t i = 0; rc == 0 && i < o->n; i++)
		if (has_option(a, o->given[i].name) &&
		    json_object_set_new(given, o->given[i].name,
			json_text(o->given[i].value,
			    strlen(o->given[i].value))) == -1)
			rc = fault_memory(f);
	if (rc == 0)
		plan = json_pack("{s:s, s:O, s:O}", "collector", name.p,
		    "operands", operands, "options", given);
	if (rc == 0 && plan == NULL)
		rc = fault_memory(f);
	if (rc == 0)
		rc = json_canonical(plan, text, f);
	json_decref(plan);
	json_decref(given);
	json_decref(operands);
	return rc;
}

static void
show_progress(void *ctx, const char *text)
{
	(void)ctx;
	(void)fputs("\r\033[K", stderr);
	print_clean(stderr, text, 76);
	(void)fflush(stderr);
}

static void
cli_progress_end(const struct cli *cli)
{
	if (cli->progress)
		(void)fputs("\r\033[K", stderr);
}

struct asking {
	struct cli *cli;
	const struct asked *asked;
	const struct options *options;
};

static int
fill_from_collectors(void *ctx, const struct sink *sink, struct fault *f)
{
	struct asking *g = ctx;

	return cli_ask(g->cli, g->options, g->asked, true, sink, f);
}

/* The named query over the newest state, on a reader of its own. */
static int
ask_store(void *ctx, const char *query,
    int (*take)(void *take_ctx, const char *text, struct fault *),
    void *take_ctx, struct fault *f)
{
	const struct look_request newest = { 0 };
	const struct asking *g = ctx;
	struct catalogs cs = { 0 };
	struct look l;
	int rc = -1;

	if (look_open(g->cli, &newest, &l, f) == 0 &&
	    catalogs_load(
		&cs, option(g->options, "catalogs"), g->cli->crypto, f) == 0) {
		struct query_when when = { .run = l.run, .at = l.at };

		rc = named_query_texts(
		    l.st, &cs, query, &when, take, take_ctx, f);
	}
	catalogs_free(&cs);
	look_close(&l);
	return rc;
}

int
cli_ask(struct cli *cli, const struct options *o, const struct asked *a,
    bool stored, const struct sink *sink, struct fault *f)
{
	struct asking g = { cli, a, o };
	struct request q = { .crypto = cli->crypto,
		.now = cli->now,
		.clock = (long long)time(NULL),
		.options = o->given,
		.noptions = o->n,
		.environment = environ,
		.known = stored ? ask_store : NULL,
		.known_ctx = &g,
		.texts = report_text,
		.progress = cli->progress ? show_progress : NULL };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->n; i++) {
		bool takes = a->list[i]->operands != NULL;

		q.operands = takes ? a->operands : NULL;
		q.noperands = takes ? a->noperands : 0;
		rc = a->list[i]->collect(&q, sink, f);
	}
	cli_progress_end(cli);
	return rc;
}

int
cli_collect(struct cli *cli, const struct options *o, const struct asked *a,
    struct store *st, struct run_result *result, struct fault *f)
{
	struct asking g = { cli, a, o };
	BUF_AUTO(plan, 65536);

	if (cli_plan(a, o, &plan, f) == -1)
		return -1;
	return cli_run(cli, st, plan.p, fill_from_collectors, &g, result, f);
}
