/* See catalog_import.h. */
#include "report/judge/catalog_import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "report/judge/catalog.h"
#include "report/judge/catalog_dispute.h"
#include "report/judge/cmvp_page.h"
#include "base/file.h"
#include "base/length.h"

#define CERTIFICATE_AT                                                         \
	"https://csrc.nist.gov/projects/cryptographic-module-validation-"      \
	"program/certificate/"

struct importing {
	const struct catalog_import_request *q;
	struct catalog_imported *done;
	const char *base; /* the file's name without its folder */
	struct catalogs now;
	struct cmvp_page page;
	struct buf status, certificates, process; /* rows to add */
	struct buf against; /* what contradicts what is known, in words */
	json_t *changes;    /* owned; {certificate: {column: text}} */
};

/* ------------------------------------------------------------ one catalogue */

static int
write_catalog(struct importing *i, const char *name, const struct buf *text,
    struct fault *f)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/%s.tsv", i->q->dir, name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "--catalogs: name too long");
	return file_write(path, text->p, text->len, 0644, f);
}

/* Newer, with every column that is read, and nothing against what is known. */
static int
check_catalog(struct importing *i, const struct catalogs *fresh,
    const struct catalog *k, const struct catalog *had, struct fault *f)
{
	const char *column;

	if (had == NULL)
		return 0; /* of checks of one's own */
	if (strcmp(k->date, had->date) < 0)
		return fault(f, FAULT_USAGE,
		    "%s: its facts are of %s, those that are known of %s; an "
		    "older catalogue is not taken",
		    i->q->file, k->date, had->date);
	if ((column = catalog_lacks(k, had)) != NULL)
		return fault(f, FAULT_USAGE,
		    "%s: lacks the column '%s', which this program reads; is "
		    "it the table '%s'?",
		    i->q->file, column, had->name);
	i->done->contradicted = catalog_dispute(&i->now, fresh, &i->against);
	if (buf_done(&i->against, i->q->file, f) == -1)
		return -1;
	return i->done->contradicted > 0 && !i->q->accept
		   ? fault(f, FAULT_USAGE,
			 "%s: contradicts what is known: %.800s. Nothing was "
			 "taken. Compare with NIST's pages; pass --accept to "
			 "take it.",
			 i->q->file, i->against.p)
		   : 0;
}

/* A whole catalogue in place of the one that is known. */
static int
import_catalog(struct importing *i, const struct buf *text, struct fault *f)
{
	struct catalogs one;
	const struct catalog *k, *had;
	char name[CATALOG_NAME_MAX];
	int rc;

	(void)snprintf(name, sizeof(name), "%.*s",
	    (int)(strlen(i->base) < sizeof(name) + 3 ? strlen(i->base) - 4
						     : sizeof(name) - 1),
	    i->base);
	if (catalogs_load(&one, i->q->dir, i->q->crypto, f) == -1)
		return -1;
	rc = catalogs_add(&one, i->q->crypto, name, i->q->file,
	    text->len > 0 ? text->p : "", text->len, f);
	k = rc == 0 ? catalogs_find(&one, name) : NULL;
	had = catalogs_find(&i->now, name);
	if (rc == 0)
		rc = check_catalog(i, &one, k, had, f);
	if (rc == 0)
		rc = write_catalog(i, name, text, f);
	if (rc == 0) {
		i->done->rows = k->nrows;
		(void)snprintf(i->done->name, CATALOG_NAME_MAX, "%s", k->name);
		(void)snprintf(
		    i->done->date, sizeof(i->done->date), "%s", k->date);
		memcpy(i->done->sha256, k->sha256, SHA256_HEX);
	}
	catalogs_free(&one);
	return rc;
}

/* ------------------------------------------------------------ observations */

static bool
cell_is(const struct catalog_cell *c, const char *s)
{
	return strlen(s) == c->len && memcmp(c->p, s, c->len) == 0;
}

static size_t
column_of(const struct catalog *k, const char *name)
{
	for (size_t i = 0; k != NULL && i < k->ncolumns; i++)
		if (strcmp(k->columns[i], name) == 0)
			return i;
	return CATALOG_COLUMNS_MAX;
}

/* Does a row have these texts in these columns? */
static bool
has_row(const struct catalog *k, const char *const *columns,
    const char *const *texts, size_t n)
{
	struct catalog_cell cells[CATALOG_COLUMNS_MAX];
	const char *p = k->rows;

	while (catalog_row(k, &p, cells)) {
		size_t same = 0;

		for (size_t i = 0; i < n; i++) {
			size_t c = column_of(k, columns[i]);

			same += c < k->ncolumns && cell_is(&cells[c], texts[i]);
		}
		if (same == n)
			return true;
	}
	return false;
}

static const char *
or_none(const char *s)
{
	return s != NULL ? s : "";
}

/* A row in the catalogue's own order of columns. */
static void
put_row(struct buf *out, const struct catalog *k, const char *const *columns,
    const char *const *texts, size_t n)
{
	for (size_t c = 0; c < k->ncolumns; c++) {
		if (c > 0)
			buf_putc(out, '\t');
		for (size_t i = 0; i < n; i++)
			if (strcmp(k->columns[c], columns[i]) == 0)
				buf_puts(out, texts[i]);
	}
	buf_putc(out, '\n');
}

/* "https://... (page.html, SHA-256 ...)": where, and by which file. */
static void
source_of(
    const struct importing *i, const struct cmvp_entry *e, struct buf *out)
{
	if (i->page.address != NULL)
		buf_puts(out, i->page.address);
	else if (e->certificate != NULL)
		buf_printf(out, CERTIFICATE_AT "%s", e->certificate);
	else
		buf_puts(out,
		    "https://csrc.nist.gov/projects/cryptographic-module-"
		    "validation-program/modules-in-process/"
		    "modules-in-process-list");
	buf_printf(out, " (%s, SHA-256 %s)", i->base, i->done->sha256);
}

/* The kind of a module by the words of its name; the first that fits. */
static const char *
kind_of(const char *module)
{
	static const struct {
		const char *word, *kind;
	} words[] = {
		{ "aws-lc", "aws-lc" },
		{ "boringcrypto", "boringcrypto" },
		{ "openssl", "openssl" },
		{ "libgcrypt", "libgcrypt" },
		{ "gnutls", "gnutls" },
		{ "nss ", "nss" },
		{ "network security services", "nss" },
		{ "kernel", "kernel" },
		{ "bc-fja", "java" },
		{ "bouncy castle", "java" },
		{ "go cryptographic", "go" },
		{ "wolfcrypt", "wolfcrypt" },
		{ "strongswan", "strongswan" },
		{ "libreswan", "libreswan" },
		{ "openssh", "openssh" },
		{ "hsm", "hsm-kms" },
		{ "key management", "hsm-kms" },
	};

	for (size_t i = 0; module != NULL && i < LENGTH(words); i++)
		if (strcasestr(module, words[i].word) != NULL)
			return words[i].kind;
	return "other";
}

/* The row of a certificate; false: the catalogue has none. */
static bool
find_certificate(const struct catalog *k, const char *certificate,
    struct catalog_cell cells[CATALOG_COLUMNS_MAX])
{
	size_t c = column_of(k, "certificate");
	const char *p = k->rows;

	while (c < k->ncolumns && catalog_row(k, &p, cells))
		if (cell_is(&cells[c], certificate))
			return true;
	return false;
}

static int
note_change(struct importing *i, const char *certificate, const char *column,
    const char *text, struct fault *f)
{
	json_t *one = json_object_get(i->changes, certificate);

	if (one == NULL &&
	    ((one = json_object()) == NULL ||
		json_object_set_new(i->changes, certificate, one) == -1))
		return fault_memory(f);
	return json_object_set_new(one, column, json_string(text)) == -1
		   ? fault_memory(f)
		   : 0;
}

/* What the page says of a certificate that is known: what was not known fills
 * the row, what differs is told by name. */
static int
compare(struct importing *i, const struct catalog *k,
    const struct cmvp_entry *e, struct fault *f)
{
	const struct {
		const char *column, *text;
	} said[] = { { "module", e->module }, { "vendor", e->vendor },
		{ "standard", e->standard }, { "level", e->level },
		{ "validated", e->validated }, { "sunset", e->sunset } };
	struct catalog_cell cells[CATALOG_COLUMNS_MAX];

	if (!find_certificate(k, e->certificate, cells))
		return 0;
	for (size_t n = 0; n < LENGTH(said); n++) {
		size_t c = column_of(k, said[n].column);

		if (c == CATALOG_COLUMNS_MAX || said[n].text == NULL ||
		    said[n].text[0] == '\0' ||
		    catalog_says_the_same(&cells[c], said[n].text))
			continue;
		if (note_change(i, e->certificate, said[n].column, said[n].text,
			f) == -1)
			return -1;
		if (cells[c].len == 0) {
			i->done->filled++;
			continue;
		}
		i->done->contradicted++;
		buf_printf(&i->against,
		    "%scertificate #%s: %s '%s', known as "
		    "'%.*s'",
		    i->against.len > 0 ? "; " : "", e->certificate,
		    said[n].column, said[n].text, (int)cells[c].len,
		    cells[c].p);
	}
	return 0;
}

/* A certificate that the catalogue does not know, as far as the page goes. */
static void
add_certificate(struct importing *i, const struct catalog *k,
    const struct cmvp_entry *e, const char *source)
{
	static const char *const columns[] = { "certificate", "standard",
		"vendor", "module", "level", "validated", "sunset", "interim",
		"kind", "source", "confidence" };
	const char *const texts[] = { e->certificate, or_none(e->standard),
		or_none(e->vendor), or_none(e->module), or_none(e->level),
		or_none(e->validated), or_none(e->sunset), or_none(e->interim),
		kind_of(e->module), source,
		"imported; builds and environments not read" };

	put_row(&i->certificates, k, columns, texts, 11);
	i->done->fresh++;
}

static int
add_status(struct importing *i, const struct cmvp_entry *e, struct fault *f)
{
	static const char *const columns[] = { "certificate", "status",
		"observed", "source" };
	const struct catalog *status = catalogs_find(&i->now, "cmvp-status");
	const struct catalog *all = catalogs_find(&i->now, "cmvp-certificates");
	BUF_AUTO(source, 4096);
	bool known = has_row(all, columns, &e->certificate, 1);

	/* a list names thousands; one page is meant */
	if (!known && i->page.kind != CMVP_CERTIFICATE)
		return 0;
	i->done->known += known;
	source_of(i, e, &source);
	if (buf_done(&source, i->q->file, f) == -1)
		return -1;
	const char *const texts[] = { e->certificate, e->status,
		i->done->observed, source.p };

	if (!known)
		add_certificate(i, all, e, source.p);
	else if (compare(i, all, e, f) == -1)
		return -1;
	if (has_row(status, columns, texts, 3))
		return 0;
	put_row(&i->status, status, columns, texts, 4);
	i->done->added++;
	return 0;
}

static int
add_in_process(struct importing *i, const struct cmvp_entry *e, struct fault *f)
{
	static const char *const columns[] = { "module", "vendor", "standard",
		"status", "observed", "source" };
	const struct catalog *k = catalogs_find(&i->now, "cmvp-in-process");
	BUF_AUTO(source, 4096);

	source_of(i, e, &source);
	if (buf_done(&source, i->q->file, f) == -1)
		return -1;
	const char *const texts[] = { e->module, or_none(e->vendor),
		or_none(e->standard), e->status, i->done->observed, source.p };

	if (has_row(k, columns, texts, 5))
		return 0;
	put_row(&i->process, k, columns, texts, 6);
	i->done->added++;
	return 0;
}

/* Its rows, those of certificates that changed with their new cells. */
static void
put_rows(struct importing *i, const struct catalog *k, struct buf *out)
{
	size_t number = column_of(k, "certificate");
	struct catalog_cell cells[CATALOG_COLUMNS_MAX];
	const char *p = k->rows;

	while (catalog_row(k, &p, cells)) {
		BUF_AUTO(key, 64);
		const json_t *change = NULL;

		if (number < k->ncolumns) {
			buf_put(&key, cells[number].p, cells[number].len);
			change = json_object_get(
			    i->changes, key.p != NULL ? key.p : "");
		}
		for (size_t c = 0; c < k->ncolumns; c++) {
			const char *s = json_string_value(
			    json_object_get(change, k->columns[c]));

			if (c > 0)
				buf_putc(out, '\t');
			if (s != NULL)
				buf_puts(out, s);
			else
				buf_put(out, cells[c].p, cells[c].len);
		}
		buf_putc(out, '\n');
	}
}

/* The catalogue's text with another date, if it is later, changed rows (of
 * certificates), and more of them. */
static int
append(struct importing *i, const char *name, const struct buf *rows,
    bool changes, struct fault *f)
{
	const struct catalog *k = catalogs_find(&i->now, name);
	const char *date = strstr(k->text, "# date: ");
	BUF_AUTO(text, CATALOG_FILE_MAX + 1);

	if (rows->len == 0 && !changes)
		return 0;
	date = date != NULL ? date + 8 : k->rows;
	buf_put(&text, k->text, (size_t)(date - k->text));
	buf_puts(&text, strcmp(i->done->observed, k->date) > 0
			    ? i->done->observed
			    : k->date);
	buf_put(&text, date + 10, (size_t)(k->rows - (date + 10)));
	if (changes)
		put_rows(i, k, &text);
	else
		buf_puts(&text, k->rows);
	buf_put(&text, rows->p, rows->len);
	if (buf_done(&text, name, f) == -1)
		return -1;
	return write_catalog(i, name, &text, f);
}

/* The day: as given, as the page says, or the file's own. */
static int
observed_on(struct importing *i, struct fault *f)
{
	const char *s = i->q->observed;
	char when[UTC_LEN];
	struct stat st;
	int64_t t;

	if (s == NULL)
		s = i->page.observed;
	if (s == NULL) {
		if (stat(i->q->file, &st) == -1)
			return fault_errno(f, errno, i->q->file);
		utc_format((int64_t)st.st_mtime, when);
		when[10] = '\0';
		s = when;
	}
	if (strlen(s) != 10 || utc_parse(s, &t) == -1)
		return fault(f, FAULT_USAGE,
		    "--observed %s: not a day like 2026-11-23", s);
	if (strncmp(s, i->q->now, 10) > 0)
		return fault(f, FAULT_USAGE,
		    "%s: seen on %s, which is yet to come; give --observed DAY",
		    i->q->file, s);
	memcpy(i->done->observed, s, 11);
	return 0;
}

static int
add_entries(struct importing *i, struct fault *f)
{
	for (size_t n = 0; n < i->page.n; n++)
		if ((i->page.kind == CMVP_IN_PROCESS
			    ? add_in_process(i, &i->page.entries[n], f)
			    : add_status(i, &i->page.entries[n], f)) == -1)
			return -1;
	return 0;
}

static int
import_page(struct importing *i, const struct buf *text, struct fault *f)
{
	uint8_t d[SHA256_LEN];
	int rc;

	if (digest_sha256(i->q->crypto, text->p, text->len, d, f) == -1 ||
	    cmvp_page_read(&i->page, text->p != NULL ? text->p : "", text->len,
		i->q->page_status, i->q->file, f) == -1)
		return -1;
	hex_encode(d, SHA256_LEN, i->done->sha256);
	rc = observed_on(i, f);
	if (rc == 0)
		rc = add_entries(i, f);
	if (rc == 0 && (buf_done(&i->status, i->q->file, f) == -1 ||
			   buf_done(&i->certificates, i->q->file, f) == -1 ||
			   buf_done(&i->process, i->q->file, f) == -1))
		rc = -1;
	if (rc == 0 && i->done->contradicted > 0 && !i->q->accept)
		rc = fault(f, FAULT_USAGE,
		    "%s: contradicts what is known: %.800s. Nothing was taken. "
		    "Compare with NIST's page; pass --accept to take it.",
		    i->q->file, i->against.p != NULL ? i->against.p : "");
	/* certificates first: a status of one that is not there says nothing */
	if (rc == 0)
		rc = append(i, "cmvp-certificates", &i->certificates,
		    json_object_size(i->changes) > 0, f);
	if (rc == 0)
		rc = append(i, "cmvp-status", &i->status, false, f);
	if (rc == 0)
		rc = append(i, "cmvp-in-process", &i->process, false, f);
	i->done->page = i->page.kind;
	i->done->entries = i->page.n;
	cmvp_page_free(&i->page);
	return rc;
}

int
catalog_import(const struct catalog_import_request *q,
    struct catalog_imported *out, struct fault *f)
{
	const char *slash = strrchr(q->file, '/');
	struct importing i = { .q = q,
		.done = out,
		.base = slash != NULL ? slash + 1 : q->file,
		.status.max = CATALOG_FILE_MAX,
		.certificates.max = CATALOG_FILE_MAX,
		.process.max = CATALOG_FILE_MAX,
		.against.max = CATALOG_FILE_MAX };
	size_t len = strlen(i.base);
	int rc;
	BUF_AUTO(text, CMVP_PAGE_MAX);

	*out = (struct catalog_imported){ .base = i.base };
	if (file_read(q->file, &text, f) == -1)
		return -1;
	if (mkdir(q->dir, 0755) == -1 && errno != EEXIST)
		return fault_errno(f, errno, q->dir);
	if ((i.changes = json_object()) == NULL)
		return fault_memory(f);
	if (catalogs_load(&i.now, q->dir, q->crypto, f) == -1) {
		json_decref(i.changes);
		return -1;
	}
	out->whole = len > 4 && strcmp(i.base + len - 4, ".tsv") == 0;
	rc = out->whole ? import_catalog(&i, &text, f)
			: import_page(&i, &text, f);
	buf_free(&i.status);
	buf_free(&i.certificates);
	buf_free(&i.process);
	buf_free(&i.against);
	json_decref(i.changes);
	catalogs_free(&i.now);
	return rc;
}
