/* The summary of a report, for a person at a terminal. */
#include "cli/report_summary.h"

#include <string.h>

#include "report/format/github.h"

#define ANNOTATIONS_MAX ((size_t)16 * 1024 * 1024)
#define SHOWN_MAX 12 /* lines of one list */

static void
print_group(const struct model *m, const struct model_group *g)
{
	const struct model_check *k = &m->checks[g->check];
	size_t evaluated = 0; /* of this check alone */

	for (size_t i = 0; i < VERDICTS; i++)
		evaluated += k->counts[i];
	printf("  %-24s ", k->id);
	print_clean(stdout, g->reason, 200);
	if (m->nsubjects > 1)
		printf("  [%zu of %zu]", g->nsubjects, evaluated);
	printf("\n");
}

static void
print_groups(const struct model *m, enum verdict v, const char *title)
{
	size_t shown = 0, total = 0;

	for (size_t i = 0; i < m->ngroups; i++)
		total += m->groups[i].verdict == v;
	if (total == 0)
		return;
	printf("\n%s\n", title);
	for (size_t i = 0; i < m->ngroups && shown < SHOWN_MAX; i++)
		if (m->groups[i].verdict == v) {
			print_group(m, &m->groups[i]);
			shown++;
		}
	if (shown < total)
		printf("  ... and %zu more, in the report\n", total - shown);
}

static bool
same_gap(const struct model_gap *a, const struct model_gap *b)
{
	return a->kind != NULL && b->kind != NULL &&
	       strcmp(a->kind, b->kind) == 0 &&
	       strcmp(a->outcome, b->outcome) == 0 &&
	       strcmp(a->reason, b->reason) == 0;
}

/* The gap, unless an earlier one is like it: how many are. */
static size_t
count_gap(const struct model *m, size_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < m->ngaps; i++)
		if (i == at || same_gap(&m->gaps[i], &m->gaps[at])) {
			if (i < at)
				return 0;
			n++;
		}
	return n;
}

static void
print_gaps(const struct model *m)
{
	size_t shown = 0, n;

	if (m->ngaps > 0)
		printf("\nCould not be collected in full\n");
	for (size_t i = 0; i < m->ngaps && shown < SHOWN_MAX; i++) {
		const struct model_gap *g = &m->gaps[i];

		if ((n = count_gap(m, i)) == 0)
			continue;
		printf("  %s%s%s: %s: ", g->scope, g->kind != NULL ? " " : "",
		    g->kind != NULL ? g->kind : "", g->outcome);
		print_clean(stdout, g->reason != NULL ? g->reason : "", 200);
		if (n > 1)
			printf("  [and %zu more]", n - 1);
		printf("\n");
		shown++;
	}
}

/* TARGET: OUTCOME: CAUSE, each once, however many kinds it cost. */
static void
print_gap_lines(const struct model *m)
{
	for (size_t i = 0; i < m->ngaps; i++) {
		const struct model_gap *g = &m->gaps[i];
		const char *reason = g->reason != NULL ? g->reason : "";
		size_t k = 0;

		while (
		    k < i && (strcmp(m->gaps[k].scope, g->scope) != 0 ||
				 strcmp(m->gaps[k].outcome, g->outcome) != 0 ||
				 m->gaps[k].reason == NULL ||
				 strcmp(m->gaps[k].reason, reason) != 0))
			k++;
		if (k < i)
			continue;
		printf("%s: %s: ", g->scope, g->outcome);
		print_clean(stdout, reason, 200);
		printf("\n");
	}
}

static void
print_files(const struct report_written *w, const struct summary *to)
{
	const char *first = "";
	size_t i;
	json_t *o;

	printf("\nFiles\n");
	json_array_foreach (w->files, i, o) {
		const char *name =
		    json_string_value(json_object_get(o, "name"));
		const char *end = name + strlen(w->name);

		if (i == 0)
			first = end;
		printf("  %s%s%s\n", w->base, end,
		    w->is_signed ? "   and its signature, .p7s" : "");
	}
	if (!to->forgets)
		printf("  %s   the evidence store\n", to->store);
	if (w->is_signed && first[0] != '\0')
		printf("\nAnyone can verify with stock tools\n"
		       "  openssl cms -verify -binary -cades -purpose any "
		       "-inform DER \\\n    -in %s%s.p7s -content %s%s "
		       "-CAfile %s -out /dev/null\n",
		    w->base, first, w->base, first, to->cert);
}

/* Workflow commands that GitHub Actions shows beside the lines they name. */
static void
print_annotations(const struct model *m)
{
	struct fault why = { 0 };
	BUF_AUTO(out, ANNOTATIONS_MAX);

	if (github_write(m, &out, &why) == 0)
		(void)fwrite(out.p != NULL ? out.p : "", 1, out.len, stdout);
	else
		(void)tell(&why);
}

void
print_report(void *ctx, const struct report_written *w)
{
	const struct summary *to = ctx;
	const struct model *m = w->model;

	if (to->quiet) {
		print_gap_lines(m);
		return;
	}
	printf("\n%s, as of %s (run %lld, %s)\n\n", m->title, m->as_of,
	    m->run.id, m->run.state);
	printf("  %6zu satisfied\n  %6zu not satisfied\n  %6zu unknown\n"
	       "  %6zu not applicable\n",
	    w->counts[VERDICT_SATISFIED], w->counts[VERDICT_NOT_SATISFIED],
	    w->counts[VERDICT_UNKNOWN], w->counts[VERDICT_NOT_APPLICABLE]);
	print_groups(m, VERDICT_NOT_SATISFIED, "Not satisfied");
	print_groups(m, VERDICT_UNKNOWN, "Unknown, and why");
	print_gaps(m);
	print_files(w, to);
	if (to->github)
		print_annotations(m);
}
