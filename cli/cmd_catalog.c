/* exhibit catalog: the dated facts that checks judge by. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "rows.h"

static int
list(const struct options *o, const struct catalogs *cs, struct fault *f)
{
	static const char *const names[] = { "name", "date", "rows", "sha256",
		"title" };
	enum rows_format format;
	struct rows *r;
	int rc = 0;

	if (rows_format(o, &format, f) == -1 ||
	    (r = rows_new(stdout, format, names, 5, f)) == NULL)
		return -1;
	for (size_t i = 0; rc == 0 && i < cs->n; i++) {
		const struct catalog *k = &cs->list[i];
		char rows[24];

		(void)snprintf(rows, sizeof(rows), "%zu", k->nrows);
		const struct cell cells[] = { cell_text(k->name),
			cell_text(k->date), cell_text(rows),
			cell_text(k->sha256), cell_text(k->title) };

		rc = rows_put(r, cells, f);
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	return rc == -1 ? -1 : STATUS_OK;
}

/* One row of it; cells are borrowed from a copy of the line. */
static int
put_row(struct rows *r, const struct catalog *k, char *line, struct fault *f)
{
	struct cell cells[CATALOG_COLUMNS_MAX];
	char *p = line;

	for (size_t i = 0; i < k->ncolumns; i++) {
		size_t n = strcspn(p, "\t");

		p[n] = '\0';
		cells[i] = cell_text(p);
		p += n + 1;
	}
	return rows_put(r, cells, f);
}

static int
show(const struct options *o, const struct catalog *k, struct fault *f)
{
	enum rows_format format;
	struct rows *r;
	int rc = 0;

	if (rows_format(o, &format, f) == -1)
		return -1;
	if (option(o, "format") == NULL) { /* the file as it is */
		fwrite(k->text, 1, k->len, stdout);
		return STATUS_OK;
	}
	if ((r = rows_new(stdout, format, k->columns, k->ncolumns, f)) == NULL)
		return -1;
	for (const char *p = k->rows; rc == 0 && *p != '\0';) {
		size_t n = strcspn(p, "\n");
		char *line = strndup(p, n);

		rc = line == NULL ? fault_memory(f) : put_row(r, k, line, f);
		free(line);
		p += n + 1;
	}
	if (rc == 0)
		rc = rows_end(r, f);
	rows_free(r);
	return rc == -1 ? -1 : STATUS_OK;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *what = o->noperands > 0 ? o->operands[0] : "list";
	const struct catalog *k;
	struct catalogs cs;
	int status = -1;

	if (catalogs_load(&cs, option(o, "catalogs"), cli->crypto, f) == -1)
		return -1;
	if (strcmp(what, "list") == 0 && o->noperands <= 1)
		status = list(o, &cs, f);
	else if (strcmp(what, "show") != 0 || o->noperands != 2)
		(void)fault(f, FAULT_USAGE,
		    "catalog: say list, or show and a catalogue's name");
	else if ((k = catalogs_find(&cs, o->operands[1])) == NULL)
		(void)fault(f, FAULT_USAGE,
		    "catalog: there is none named '%s'; 'exhibit catalog list' "
		    "lists them",
		    o->operands[1]);
	else
		status = show(o, k, f);
	catalogs_free(&cs);
	return status;
}

const struct command cmd_catalog = {
	.name = "catalog",
	.operands = "[list | show NAME]",
	.about = "show the dated facts that checks judge by",
	.help =
	    "A catalogue is a dated table: certificates and their status, what "
	    "is approved,\nwhich hosts are FIPS endpoints. Every judgement "
	    "names the digests of those it used,\nand the store keeps their "
	    "texts. With --catalogs, files of yours go before them.\n\n"
	    "  exhibit catalog\n"
	    "  exhibit catalog show cmvp-certificate --format csv",
	.options =
	    (const struct option_def[]){
		{ "catalogs", "DIR", "more catalogues, or newer ones" },
		{ "format", "FORMAT", "table, csv or json" },
		{ 0 },
	    },
	.run = run,
};
