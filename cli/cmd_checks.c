/* exhibit checks: what is judged, why, and by which SQL. */
#include "cli/requests.h"

#include <string.h>

#include "report/judge/profile.h"
#include "cli/rows.h"
#include "reference/reference.h"
#include "cli/suggest.h"

/* ------------------------------------------------------------------- table */

static int
print_table(const struct checks *cs, struct fault *f)
{
	static const char *const names[] = { "id", "severity", "layer", "title",
		"controls" };
	struct rows *r = rows_new(stdout, ROWS_TABLE, names, 5, f);
	int rc = r == NULL ? -1 : 0;

	for (size_t i = 0; rc == 0 && i < cs->n; i++) {
		const struct check *k = &cs->list[i];
		BUF_AUTO(controls, 65536);

		check_controls(k, &controls);
		const struct cell cells[] = { cell_text(k->id),
			cell_text(k->severity), cell_text(k->layer),
			cell_text(k->title), cell_text(controls.p) };

		rc = rows_put(r, cells, f);
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	return rc;
}

/* Words of s, broken at 76 characters and indented by two. */
static void
paragraph(const char *title, const char *s)
{
	size_t column = 0;

	if (s == NULL || s[0] == '\0')
		return;
	printf("\n%s\n", title);
	while (*s != '\0') {
		size_t len = strcspn(s, " ");

		if (column > 0 && column + len + 1 > 76) {
			printf("\n");
			column = 0;
		}
		printf("%s", column == 0 ? "  " : " ");
		printf("%.*s", (int)len, s);
		column += len + 1;
		s += len;
		s += strspn(s, " ");
	}
	printf("\n");
}

static void
print_codes(const struct check *k)
{
	if (k->coded.ncodes == 0)
		return;
	printf("\nCodes\n");
	for (size_t i = 0; i < k->coded.ncodes; i++)
		printf("  %-16s %-14s %s\n", k->coded.codes[i].name,
		    verdict_name(k->coded.codes[i].verdict),
		    k->coded.codes[i].text);
}

static void
print_check(const struct check *k)
{
	BUF_AUTO(controls, 65536);
	BUF_AUTO(read, 65536);

	check_controls(k, &controls);
	check_kinds(k, &read);
	printf("%s\n%s\n\n", k->id, k->title);
	printf("severity  %s\nlayer     %s\nkinds     %s\nsince     %s\n"
	       "SHA-256   %s\n",
	    k->severity, k->layer != NULL ? k->layer : "-",
	    read.p != NULL ? read.p : "", k->since, k->sha256);
	paragraph("Controls", controls.p);
	paragraph("Why", k->rationale);
	paragraph("What to do", k->remediation);
	for (size_t i = 0; i < k->nreferences; i++)
		printf("%s  %s\n", i == 0 ? "\nReferences\n" : "",
		    k->references[i]);
	print_codes(k);
	printf("\nSQL\n%s", check_select(k));
}

/* ------------------------------------------------------------------- whole */

static int
print_script(const struct checks *cs, const struct options *o, struct fault *f)
{
	const struct check *k =
	    o->noperands == 1 ? checks_find(cs, o->operands[0]) : NULL;
	BUF_AUTO(sql, CHECK_SCRIPT_MAX);

	if (k == NULL)
		return fault(f, FAULT_USAGE,
		    "--sql needs one check's id; 'exhibit checks' lists them");
	if (check_script(cs, k, &sql, f) == -1)
		return -1;
	(void)fwrite(sql.p, 1, sql.len, stdout);
	return 0;
}

static int
print_markdown(const struct checks *cs, const struct check *k, struct fault *f)
{
	BUF_AUTO(out, REFERENCE_MAX);

	if (k != NULL)
		reference_check(k, &out);
	else
		reference_checks(cs, &out);
	if (buf_done(&out, "the page", f) == -1)
		return -1;
	(void)fwrite(out.p, 1, out.len, stdout);
	return 0;
}

static void
print_text(const struct check *k)
{
	(void)fwrite(k->text, 1, k->len, stdout);
}

/* k NULL: all of them. */
static int
print_in(const struct checks *cs, const struct check *k, const char *format,
    struct fault *f)
{
	if (strcmp(format, "markdown") == 0)
		return print_markdown(cs, k, f);
	if (strcmp(format, "table") == 0 && k == NULL)
		return print_table(cs, f);
	if (strcmp(format, "table") == 0)
		print_check(k);
	else if (k != NULL)
		print_text(k);
	else
		for (size_t i = 0; i < cs->n; i++)
			print_text(&cs->list[i]);
	return 0;
}

static int
no_such_check(const struct checks *cs, const char *id, struct fault *f)
{
	struct near near = near_to(id);

	for (size_t i = 0; i < cs->n; i++)
		near_offer(&near, span_of(cs->list[i].id));
	return no_such(&near, "check", "checks", f);
}

static int
print(const struct checks *cs, const struct options *o, struct fault *f)
{
	const char *format = option_or(o, "format", "table");
	const struct check *k = NULL;

	if (option(o, "sql") != NULL)
		return print_script(cs, o, f);
	if (strcmp(format, "table") != 0 && strcmp(format, "markdown") != 0 &&
	    strcmp(format, "sql") != 0)
		return fault(f, FAULT_USAGE,
		    "--format %s: knows table, markdown and sql", format);
	if (o->noperands > 1)
		return fault(f, FAULT_USAGE, "checks takes one check's id");
	if (o->noperands == 1 && (k = checks_find(cs, o->operands[0])) == NULL)
		return no_such_check(cs, o->operands[0], f);
	return print_in(cs, k, format, f);
}

/* ---------------------------------------------------------------- profiles */

static int
print_profiles(struct fault *f)
{
	static const char *const names[] = { "name", "title" };
	struct rows *r = rows_new(stdout, ROWS_TABLE, names, 2, f);
	char name[CATALOG_NAME_MAX], title[160];
	int rc = r == NULL ? -1 : 0;

	for (size_t i = 0; rc == 0 && profile_at(i, name, title); i++) {
		const struct cell cells[] = { cell_text(name),
			cell_text(title) };

		rc = rows_put(r, cells, f);
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	return rc;
}

static const char *
about_parameter(const char *name)
{
	for (const struct parameter_def *d = parameter_defs; d->name != NULL;
	     d++)
		if (strcmp(d->name, name) == 0)
			return d->about;
	return "of a check of yours";
}

static int
print_parameters(const struct checks *cs, struct fault *f)
{
	static const char *const names[] = { "parameter", "value", "meaning" };
	struct rows *r = rows_new(stdout, ROWS_TABLE, names, 3, f);
	int rc = r == NULL ? -1 : 0;

	for (size_t i = 0; rc == 0 && i < cs->nparameters; i++) {
		const struct parameter *p = &cs->parameters[i];
		const struct cell cells[] = { cell_text(p->name),
			cell_text(p->value),
			cell_text(about_parameter(p->name)) };

		rc = rows_put(r, cells, f);
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	return rc;
}

/* As sha256sum(1) writes and checks them: what a release publishes. */
static void
print_digests(const struct checks *cs)
{
	for (size_t i = 0; i < cs->catalogs.n; i++)
		printf("%s  catalogs/%s.tsv\n", cs->catalogs.list[i].sha256,
		    cs->catalogs.list[i].name);
	for (size_t i = 0; i < cs->n; i++)
		printf(
		    "%s  checks/%s.sql\n", cs->list[i].sha256, cs->list[i].id);
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct judging q;
	struct checks cs;
	int rc;

	if (option(o, "profiles") != NULL)
		return print_profiles(f) == -1 ? -1 : STATUS_OK;
	if (judging_read(o, &q, f) == -1 || cli_checks(cli, &q, &cs, f) == -1)
		return -1;
	if (option(o, "digests") != NULL) {
		print_digests(&cs);
		rc = 0;
	} else {
		rc = option(o, "parameters") != NULL ? print_parameters(&cs, f)
						     : print(&cs, o, f);
	}
	checks_free(&cs);
	return rc == -1 ? -1 : STATUS_OK;
}

const struct command cmd_checks = {
	.name = "checks",
	.operands = "[ID]",
	.about = "what is judged, why, and by which SQL",
	.help = "Lists the checks, or shows one in full with its SQL. "
		"--format sql prints the file\nas it is judged by; --format "
		"markdown is how docs/checks.md is made.\nWith --profile, "
		"those that it chooses.",
	.options =
	    (const struct option_def[]){
		{ "format", "table|markdown|sql", "how to print (table)" },
		{ "sql", NULL, "the statement as it is run, for sqlite3" },
		{ "profile", "NAME|FILE", "those of this profile (all)" },
		{ "profiles", NULL, "list the profiles" },
		{ "digests", NULL, "SHA-256 of every check and catalogue" },
		{ "parameters", NULL, "list the profile's parameters" },
		{ "checks", "DIR", "more checks, or others under the same id" },
		{ "catalogs", "DIR", "more catalogues, or newer ones" },
		{ 0 },
	    },
	.run = run,
};
