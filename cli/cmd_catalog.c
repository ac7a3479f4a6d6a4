/* exhibit catalog: the dated facts that checks judge by. */
#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report/judge/catalog.h"
#include "report/judge/catalog_import.h"
#include "cli/catalog_update.h"
#include "cli/rows.h"
#include "cli/suggest.h"

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

/* -------------------------------------------------------------------- diff */

struct line {
	const char *p; /* borrowed */
	size_t len;
};

static int
by_bytes(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	size_t n = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->p, y->p, n);

	if (order != 0)
		return order;
	return x->len < y->len ? -1 : x->len > y->len;
}

/* The rows in order of their bytes; NULL: out of memory. */
static struct line *
sorted_rows(const struct catalog *k)
{
	struct line *list = calloc(k->nrows + 1, sizeof(*list));
	const char *p = k->rows;

	for (size_t i = 0; list != NULL && i < k->nrows; i++) {
		list[i] = (struct line){ p, strcspn(p, "\n") };
		p += list[i].len + 1;
	}
	if (list != NULL && k->nrows > 0)
		qsort(list, k->nrows, sizeof(*list), by_bytes);
	return list;
}

/* Cell by cell, since only the tabs between them are ours. */
static void
print_line(char sign, const struct line *l)
{
	const char *p = l->p, *end = l->p + l->len;

	for (;;) {
		BUF_AUTO(cell, CATALOG_FILE_MAX);
		size_t n = strcspn(p, "\t\n");

		text_clean(&cell, p, n, n);
		printf("%c%s", p == l->p ? sign : '\t',
		    cell.p != NULL ? cell.p : "");
		p += n;
		if (p == end)
			break;
		p++;
	}
	printf("\n");
}

/* Rows that only one of them has: 1 if there are any. */
static int
print_differences(
    const struct line *a, size_t na, const struct line *b, size_t nb)
{
	size_t i = 0, j = 0, same = 0;

	while (i < na || j < nb) {
		int order = i == na ? 1 : j == nb ? -1 : by_bytes(&a[i], &b[j]);

		if (order < 0) {
			print_line('-', &a[i++]);
		} else if (order > 0) {
			print_line('+', &b[j++]);
		} else {
			i++;
			j++;
			same++;
		}
	}
	return same < na || same < nb;
}

/* What the newer one of --catalogs changes in the one compiled in. */
static int
diff(struct cli *cli, const struct options *o, const struct catalog *newer,
    struct fault *f)
{
	const struct catalog *k;
	struct line *a = NULL, *b = NULL;
	struct catalogs cs;
	int status = -1;

	if (option(o, "catalogs") == NULL)
		return fault(f, FAULT_USAGE,
		    "catalog diff: name the directory of the newer one with "
		    "--catalogs");
	if (catalogs_load(&cs, NULL, cli->crypto, f) == -1)
		return -1;
	if ((k = catalogs_find(&cs, newer->name)) == NULL) {
		(void)fault(f, FAULT_USAGE,
		    "catalog diff: none named '%s' is compiled in",
		    newer->name);
	} else if ((a = sorted_rows(k)) == NULL ||
		   (b = sorted_rows(newer)) == NULL) {
		(void)fault_memory(f);
	} else {
		printf("--- %s %s\n+++ %s %s\n", k->name, k->date, newer->name,
		    newer->date);
		status = print_differences(a, k->nrows, b, newer->nrows) == 1
			     ? STATUS_FINDINGS
			     : STATUS_OK;
	}
	free(a);
	free(b);
	catalogs_free(&cs);
	return status;
}

/* ------------------------------------------------------------------ import */

static void
print_imported(
    const struct catalog_import_request *q, const struct catalog_imported *i)
{
	static const char *const pages[] = { "a certificate's page",
		"a list of certificates", "the list of modules in process",
		"JSON" };

	if (i->whole) {
		printf("%s of %s, %zu rows, SHA-256 %s\n", i->name, i->date,
		    i->rows, i->sha256);
		return;
	}
	printf("%s: %s, seen on %s, SHA-256 %s\n", i->base, pages[i->page],
	    i->observed, i->sha256);
	if (i->page != CMVP_IN_PROCESS)
		printf("%zu of its %zu certificates are in the catalogue, %zu "
		       "new to it\n",
		    i->known, i->entries, i->fresh);
	if (i->filled + i->contradicted > 0)
		printf("%zu cells filled, %zu replaced by --accept\n",
		    i->filled, i->contradicted);
	printf("%zu observations added in %s; judge again with 'exhibit assess "
	       "--catalogs %s'\n",
	    i->added, q->dir, q->dir);
}

static int
import_file(
    struct cli *cli, const struct options *o, const char *file, struct fault *f)
{
	struct catalog_import_request q = { .crypto = cli->crypto,
		.accept = option(o, "accept") != NULL,
		.dir = option(o, "catalogs"),
		.observed = option(o, "observed"),
		.page_status = option(o, "status"),
		.now = cli->now };
	struct catalog_imported done;

	q.file = file;
	if (catalog_import(&q, &done, f) == -1)
		return -1;
	print_imported(&q, &done);
	return STATUS_OK;
}

/* Every file of a folder, in the order of their names. */
static int
import_folder(struct cli *cli, const struct options *o, const char *folder,
    struct fault *f)
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, NULL, alphasort), rc = STATUS_OK;

	if (n == -1)
		return fault_errno(f, errno, folder);
	for (int i = 0; i < n; i++) {
		char path[4096];
		int len = snprintf(
		    path, sizeof(path), "%s/%s", folder, list[i]->d_name);

		if (rc == STATUS_OK && list[i]->d_name[0] != '.')
			rc = len < 0 || (size_t)len >= sizeof(path)
				 ? fault(f, FAULT_USAGE, "%s: name too long",
				       folder)
				 : import_file(cli, o, path, f);
		free(list[i]);
	}
	free(list);
	return rc;
}

static int
import(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *what = o->operands[0];
	bool update = strcmp(what, "update") == 0;
	struct stat st;
	int rc;

	if (o->noperands != 2)
		return fault(f, FAULT_USAGE, "catalog %s: name one %s", what,
		    update ? "file, directory or https address" : "file");
	if (option(o, "catalogs") == NULL)
		return fault(f, FAULT_USAGE,
		    "catalog %s: name the directory for it with "
		    "--catalogs",
		    what);
	if (update && (rc = catalog_update(cli, o, f)) != 1)
		return rc == -1 ? -1 : STATUS_OK;
	if (option(o, "signers") != NULL || option(o, "trust") != NULL)
		return fault(f, FAULT_USAGE,
		    "%.300s: no release: it has no release.json. With "
		    "--signers or --trust only what they signed is taken; "
		    "leave them out to take NIST's pages and tables as saved.",
		    o->operands[1]);
	return update && stat(o->operands[1], &st) == 0 && S_ISDIR(st.st_mode)
		   ? import_folder(cli, o, o->operands[1], f)
		   : import_file(cli, o, o->operands[1], f);
}

static int
release(struct cli *cli, const struct options *o, struct fault *f)
{
	if (o->noperands != 2)
		return fault(f, FAULT_USAGE,
		    "catalog release: name the file that it is written to");
	return catalog_release(cli, o, f) == -1 ? -1 : STATUS_OK;
}

static int
no_such_catalog(const struct catalogs *cs, const char *name, struct fault *f)
{
	struct near near = near_to(name);

	for (size_t i = 0; i < cs->n; i++)
		near_offer(&near, span_of(cs->list[i].name));
	return no_such(&near, "catalogue", "catalog list", f);
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *what = o->noperands > 0 ? o->operands[0] : "list";
	const struct catalog *k;
	struct catalogs cs;
	int status = -1;

	if (strcmp(what, "import") == 0 || strcmp(what, "update") == 0)
		return import(cli, o, f);
	if (strcmp(what, "release") == 0)
		return release(cli, o, f);
	if (catalogs_load(&cs, option(o, "catalogs"), cli->crypto, f) == -1)
		return -1;
	if (strcmp(what, "list") == 0 && o->noperands <= 1)
		status = list(o, &cs, f);
	else if ((strcmp(what, "show") != 0 && strcmp(what, "diff") != 0) ||
		 o->noperands != 2)
		(void)fault(f, FAULT_USAGE,
		    "catalog: say list, show or diff and a catalogue's "
		    "name, import or update and a file, or release and a "
		    "file");
	else if ((k = catalogs_find(&cs, o->operands[1])) == NULL)
		(void)no_such_catalog(&cs, o->operands[1], f);
	else if (strcmp(what, "diff") == 0)
		status = diff(cli, o, k, f);
	else
		status = show(o, k, f);
	catalogs_free(&cs);
	return status;
}

const struct command cmd_catalog = {
	.name = "catalog",
	.operands = "[list | show NAME | diff NAME | import FILE | update "
		    "FILE|DIR|URL | release FILE]",
	.about = "show the dated facts that checks judge by",
	.help =
	    "A catalogue is a dated table: certificates and their status, what "
	    "is approved,\nwhich hosts are FIPS endpoints. Every judgement "
	    "names the digests of those it used,\nand the store keeps their "
	    "texts. With --catalogs, files of yours go before them,\nand "
	    "diff tells what their rows change in the one compiled in.\n"
	    "import takes a newer catalogue, or a page of csrc.nist.gov as a "
	    "browser saved it\n(a certificate, a list of validated modules, "
	    "the list of modules in process, or JSON),\ninto the directory of "
	    "--catalogs: what was seen is added with its day, file and "
	    "digest.\n"
	    "update takes a signed release of catalogs (a ZIP, its unpacked "
	    "directory, or an https\naddress), if a signer with the role "
	    "catalog in --signers, or a certificate of --trust,\nsigned it; "
	    "an older one is rejected, and what contradicts what is known "
	    "needs --accept.\nOther files, and directories of them, it "
	    "imports. release writes such a release.\nOnly update with an "
	    "address fetches anything.\n\n"
	    "  exhibit catalog\n"
	    "  exhibit catalog show cmvp-certificates --format csv\n"
	    "  exhibit catalog diff cmvp-status --catalogs newer\n"
	    "  exhibit catalog import 5021.html --catalogs newer\n"
	    "  exhibit catalog update release.zip --catalogs newer --signers "
	    "signers.yaml",
	.options =
	    (const struct option_def[]){
		{ "accept", NULL,
		    "import, update: take what contradicts what is known" },
		{ "ca", "FILE", "update: certificates of https servers, PEM" },
		{ "catalogs", "DIR", "more catalogues, or newer ones" },
		{ "format", "FORMAT", "table, csv or json" },
		{ "signers", "FILE", "update: signers.yaml, role catalog" },
		{ "trust", "FILE",
		    "update: certificates that may have signed" },
		{ "key", "URI", "release: the signing key" },
		{ "cert", "URI", "release: its certificate" },
		{ "passphrase-file", "FILE", "release: the key's, first line" },
		{ "passphrase-fd", "N", "release: the same from a descriptor" },
		{ "observed", "DAY", "import: seen then (the file's day)" },
		{ "status", "STATUS", "import: that all of a list have" },
		{ 0 },
	    },
	.run = run,
};
