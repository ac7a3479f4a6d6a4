/* The report's files. */
#include "report/package/report_files.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/length.h"
#include "base/build.h"
#include "report/format/cbom.h"
#include "report/format/formats.h"
#include "report/model/certificate.h"
#include "base/file.h"
#include "report/model/model_load.h"
#include "report/format/oscal.h"
#include "base/period.h"
#include "report/judge/query.h"
#include "report/package/checkpoint.h"
#include "report/package/redact.h"
#include "report/page/pdf.h"
#include "report/page/render.h"
#include "report/sign/xmldsig.h"

#define PATH_LEN_MAX 4096
#define XML_MAX (1024UL * 1024 * 1024)
#define HTML_MAX (64UL * 1024 * 1024)
#define LOGO_MAX (128UL * 1024) /* bytes of the picture */
#define PDF_MAX (256UL * 1024 * 1024)

struct writing {
	const struct report_request *q;
	struct sealing *seal;
	struct store *st, *reader; /* reader shows the state reported */
	const struct checks *checks;
	json_t *files; /* what was written, for the log */
	bool whole;    /* for a package, signed as a whole */
};

/* The last part of base. */
static const char *
base_name(const struct writing *w)
{
	const char *slash = strrchr(w->q->base, '/');

	return slash != NULL ? slash + 1 : w->q->base;
}

static int
note_file(
    struct writing *w, const char *path, const struct buf *b, struct fault *f)
{
	const char *slash = strrchr(path, '/');
	uint8_t d[SHA256_LEN];
	char hex[SHA256_HEX];
	json_t *o;

	if (digest_sha256(w->seal->crypto, b->p, b->len, d, f) == -1)
		return -1;
	hex_encode(d, SHA256_LEN, hex);
	o = json_pack("{s:o, s:s, s:I}", "name",
	    json_text(slash != NULL ? slash + 1 : path,
		strlen(slash != NULL ? slash + 1 : path)),
	    "sha256", hex, "size", (json_int_t)b->len);
	if (o == NULL || json_array_append_new(w->files, o) == -1)
		return fault_memory(f);
	return 0;
}

/* The file, and beside it the signature over its exact bytes. */
static int
write_signed(struct writing *w, const char *extension, const struct buf *b,
    struct fault *f)
{
	char path[PATH_LEN_MAX];
	int n =
	    snprintf(path, sizeof(path), "%s.%s.p7s", w->q->base, extension);
	BUF_AUTO(cms, SIGNATURE_MAX);

	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "--output: name too long");
	if (w->seal->signer != NULL && !w->whole &&
	    (seal_sign(w->seal, b, "the report is signed", &cms, f) == -1 ||
		file_write(path, cms.p, cms.len, 0644, f) == -1))
		return -1;
	path[n - 4] = '\0';
	if (file_write(path, b->p, b->len, 0644, f) == -1)
		return -1;
	return note_file(w, path, b, f);
}

/* ---------------------------------------------------------------- formats */

/* The tables of --format csv: queries, each a file. */
static const char *const tables[] = { "evidence", "findings", "modules",
	"population" };

static bool
is_listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = list; *p != '\0'; p += strcspn(p, ",")) {
		p += *p == ',';
		if (strcspn(p, ",") == len && memcmp(p, name, len) == 0)
			return true;
	}
	return false;
}

static bool
wants(const struct writing *w, const char *name)
{
	const struct format *k = format_find(name, strlen(name));

	return w->whole ? k != NULL && k->packaged
			: is_listed(w->q->formats, name);
}

/* Every word of --format is one of them. */
static int
check_format(const char *asked, struct fault *f)
{
	BUF_AUTO(known, 1024);

	for (size_t i = 0; i < nformats; i++)
		buf_printf(&known, "%s%s", i > 0 ? ", " : "", formats[i].name);
	for (const char *p = asked; p == asked || *p != '\0';) {
		size_t len = strcspn(p, ",");

		if (format_find(p, len) == NULL)
			return fault(f, FAULT_USAGE, "--format %s: knows %s",
			    asked, known.p != NULL ? known.p : "");
		p += len + (p[len] == ',');
	}
	return 0;
}

/* The same for readers who know no CMS: BASE.xml.xmldsig. */
static int
write_xmldsig(struct writing *w, const struct buf *xml, struct fault *f)
{
	char path[PATH_LEN_MAX], name[XMLDSIG_NAME_MAX + 8], now[UTC_LEN];
	int64_t when;
	int n = snprintf(path, sizeof(path), "%s.xml.xmldsig", w->q->base);
	BUF_AUTO(sig, XMLDSIG_MAX);

	if (!w->q->xmldsig || w->whole)
		return 0;
	if (w->seal->signer == NULL)
		return fault(f, FAULT_USAGE, "--xmldsig with --unsigned");
	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "--output: name too long");
	n = snprintf(name, sizeof(name), "%s.xml", base_name(w));
	if (n < 0 || (size_t)n >= sizeof(name))
		return fault(f, FAULT_USAGE, "--output: name too long");
	seal_now(w->seal, now, &when);
	if (xmldsig_sign(
		w->seal->signer, name, xml->p, xml->len, when, &sig, f) == -1)
		return -1;
	return file_write(path, sig.p, sig.len, 0644, f);
}

/* The report, the page that is made of it, and the page on paper. */
static int
write_report(struct writing *w, const struct model *m, struct fault *f)
{
	BUF_AUTO(xml, XML_MAX);
	BUF_AUTO(html, HTML_MAX);
	BUF_AUTO(pdf, PDF_MAX);
	const bool page = wants(w, "html") || wants(w, "pdf");

	if (!page && !wants(w, "xml"))
		return 0;
	if (oscal_write(m, w->seal->crypto, &xml, f) == -1 ||
	    (page && render_html(xml.p, xml.len, w->q->templates,
			 w->seal->crypto, &html, f) == -1))
		return -1;
	if ((wants(w, "html") && write_signed(w, "html", &html, f) == -1) ||
	    (wants(w, "xml") && (write_signed(w, "xml", &xml, f) == -1 ||
				    write_xmldsig(w, &xml, f) == -1)))
		return -1;
	if (!wants(w, "pdf"))
		return 0;
	if (page_pdf(&html, w->q->tmp, &pdf, f) == -1)
		return -1;
	return write_signed(w, "pdf", &pdf, f);
}

static int
write_format(struct writing *w, const struct format *k, const struct model *m,
    struct fault *f)
{
	BUF_AUTO(out, XML_MAX);

	if (k->write == NULL || !wants(w, k->name))
		return 0;
	if (k->needs_results && m->ngroups == 0)
		return fault(f, FAULT_USAGE,
		    "--format %s: nothing was evaluated, and the file would "
		    "read as clean; collect something first",
		    k->name);
	if (k->write(m, w->seal->crypto, &out, f) == -1)
		return -1;
	return out.len == 0 ? 0 : write_signed(w, k->extension, &out, f);
}

static int
put_piece(void *ctx, const void *p, size_t len, struct fault *f)
{
	buf_put(ctx, p, len);
	return buf_done(ctx, "table", f);
}

/* One table of the state that the model is of. */
static int
table(const char *name, const struct model *m, struct store *reader,
    const struct checks *checks, struct buf *out, struct fault *f)
{
	struct period quarter;
	struct query_when when = { .run = m->run.id,
		.judgement = m->judgement,
		.at = m->as_of,
		.made = m->judged,
		.from = m->period_from,
		.to = m->period_to };

	period_quarter_of(m->as_of, &quarter);
	if (when.from == NULL) {
		when.from = quarter.from;
		when.to = quarter.to;
	}
	return named_query_csv(
	    reader, &checks->catalogs, name, &when, put_piece, out, f);
}

static int
write_tables(struct writing *w, const struct model *m, struct fault *f)
{
	for (size_t i = 0; i < LENGTH(tables); i++) {
		char extension[64];
		BUF_AUTO(out, XML_MAX);

		(void)snprintf(
		    extension, sizeof(extension), "%s.csv", tables[i]);
		if (table(tables[i], m, w->reader, w->checks, &out, f) == -1 ||
		    write_signed(w, extension, &out, f) == -1)
			return -1;
	}
	return 0;
}

/* -------------------------------------------------------------- made again */

static bool
has_extension(const char *path, const char *extension, char *base, size_t size)
{
	size_t n = strlen(path), k = strlen(extension);

	if (n <= k + 1 || path[n - k - 1] != '.' ||
	    strcmp(path + n - k, extension) != 0)
		return false;
	(void)snprintf(base, size, "%.*s", (int)(n - k - 1), path);
	return true;
}

/* The table whose file it is, or NULL. */
static const char *
table_of(const char *path, char *base, size_t size)
{
	char extension[64];

	for (size_t i = 0; i < LENGTH(tables); i++) {
		(void)snprintf(
		    extension, sizeof(extension), "%s.csv", tables[i]);
		if (has_extension(path, extension, base, size))
			return tables[i];
	}
	return NULL;
}

/* The format of the longest extension that fits. */
static const struct format *
format_of(const char *path, char *base, size_t size)
{
	const struct format *found = NULL;
	char other[PATH_LEN_MAX];

	for (size_t i = 0; i < nformats; i++)
		if (formats[i].extension != NULL &&
		    has_extension(
			path, formats[i].extension, other, sizeof(other)) &&
		    (found == NULL || strlen(formats[i].extension) >
					  strlen(found->extension))) {
			found = &formats[i];
			(void)snprintf(base, size, "%s", other);
		}
	return found;
}

enum report_part
report_part_of(const char *path, char *base, size_t size)
{
	const struct format *k;

	if (table_of(path, base, size) != NULL)
		return REPORT_TABLE;
	if ((k = format_of(path, base, size)) == NULL)
		return REPORT_OTHER;
	if (strcmp(k->name, "xml") == 0 || k->packaged)
		return strcmp(k->name, "html") == 0 ? REPORT_PAGE
						    : REPORT_DOCUMENT;
	/* a list of cryptographic assets needs more than the XML tells */
	return k->write == NULL || k->write == cbom_write ? REPORT_OTHER
							  : REPORT_MODEL;
}

int
report_part_write(const char *path, const struct model *m, struct store *reader,
    const struct checks *checks, struct crypto *c, struct buf *out,
    struct fault *f)
{
	char base[PATH_LEN_MAX];
	const char *name = table_of(path, base, sizeof(base));

	if (name != NULL)
		return table(name, m, reader, checks, out, f);
	return format_of(path, base, sizeof(base))->write(m, c, out, f);
}

static int
write_files(struct writing *w, const struct model *m, struct fault *f)
{
	if (check_format(w->q->formats, f) == -1 || write_report(w, m, f) == -1)
		return -1;
	(void)malloc_trim(0); /* the page's trees were as large as a table */
	for (size_t i = 0; i < nformats; i++)
		if (write_format(w, &formats[i], m, f) == -1)
			return -1;
	return wants(w, "csv") ? write_tables(w, m, f) : 0;
}

/* That a report was made, and of what bytes, is part of the log. */
static int
log_report(struct writing *w, const struct model *m, struct fault *f)
{
	char made[UTC_LEN];
	int64_t when;
	json_t *v;
	int rc;
	BUF_AUTO(body, 65536);

	seal_now(w->seal, made, &when);
	if (sqlite3_db_readonly(store_db(w->st), "main") == 1)
		return 0;
	v = json_pack("{s:O, s:I, s:s, s:s}", "files", w->files, "judgement",
	    (json_int_t)m->judgement, "made", made, "type", "report");
	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, &body, f);
	json_decref(v);
	if (rc == 0)
		rc = log_append(w->st, "report", body.p, body.len, NULL, f);
	return rc == 0 ? checkpoint_seal(w->st, w->seal, f) : -1;
}

/* ------------------------------------------------------------------- whole */

static int
describe(struct crypto *c, const struct signer *s, struct certificate_text *t,
    struct fault *f)
{
	BUF_AUTO(pem, SIGNER_FILE_MAX);

	if (signer_certificate(s, &pem, f) == -1)
		return -1;
	if (certificate_text(c, pem.p, pem.len, t, f) == -1)
		return -1;
	t->signer.held = signer_where(s);
	return 0;
}

/* PNG and JPEG only: pictures, not documents. type is static. */
static const char *
picture_type(const struct buf *b)
{
	if (b->len > 8 && memcmp(b->p, "\x89PNG\r\n\x1a\n", 8) == 0)
		return "image/png";
	return b->len > 3 && memcmp(b->p, "\xff\xd8\xff", 3) == 0 ? "image/jpeg"
								  : NULL;
}

static int
read_logo(
    const char *path, struct buf *base64, const char **type, struct fault *f)
{
	BUF_AUTO(file, LOGO_MAX);
	struct fault why = { 0 };
	char *to;

	if (file_read(path, &file, &why) == -1)
		return fault(f, why.kind, "--logo %.400s", why.text);
	if ((*type = picture_type(&file)) == NULL)
		return fault(f, FAULT_USAGE,
		    "--logo %.300s: neither a PNG nor a JPEG", path);
	if ((to = buf_reserve(base64, (file.len + 2) / 3 * 4 + 1)) == NULL)
		return fault_memory(f);
	base64->len = (size_t)EVP_EncodeBlock(
	    (unsigned char *)to, (const unsigned char *)file.p, (int)file.len);
	return buf_done(base64, "logo", f);
}

/* The organisation's looks, of a request. */
static int
read_brand(const struct report_request *r, struct buf *base64,
    struct model_request *q, struct fault *f)
{
	const char *accent = r->accent;

	if (accent != NULL &&
	    (accent[0] != '#' || strlen(accent) != 7 ||
		strspn(accent + 1, "0123456789abcdefABCDEF") != 6))
		return fault(f, FAULT_USAGE,
		    "--accent %.40s: no colour such as #234a78", accent);
	q->accent = accent;
	if (r->logo == NULL)
		return 0;
	if (read_logo(r->logo, base64, &q->logo_type, f) == -1)
		return -1;
	q->logo = base64->p;
	return 0;
}

static struct model *
load(struct writing *w, long long judgement, struct fault *f)
{
	const struct signer *signer = w->seal->signer;
	struct certificate_text cert = { .pem = { 0 } };
	struct model_request q = { .checks = w->checks,
		.judgement = judgement,
		.made = w->q->made,
		.title = w->q->title,
		.organization = w->q->organization,
		.classification = w->q->classification,
		.fedramp_id = w->q->fedramp_id,
		.basename = base_name(w),
		.exhibit = exhibit_build,
		.period_from = w->q->from,
		.period_to = w->q->to,
		.bom = wants(w, "cbom") };
	struct model *m = NULL;
	BUF_AUTO(logo, 2 * LOGO_MAX);

	if (read_brand(w->q, &logo, &q, f) == -1)
		return NULL;
	if (signer == NULL ||
	    describe(w->seal->crypto, signer, &cert, f) == 0) {
		q.signer = signer != NULL ? &cert.signer : NULL;
		m = model_load(w->reader, w->seal->crypto, &q, f);
	}
	certificate_text_free(&cert);
	return m;
}

static void
count(const struct model *m, size_t counts[VERDICTS])
{
	memset(counts, 0, VERDICTS * sizeof(*counts));
	for (size_t i = 0; i < m->nchecks; i++)
		for (size_t v = 0; v < VERDICTS; v++)
			counts[v] += m->checks[i].counts[v];
}

/* What both do before anything is written. NULL with a fault. */
static struct model *
open_writing(struct writing *w, const struct judged *j, struct fault *f)
{
	w->st = j->st;
	w->checks = j->checks;
	w->files = json_array();
	w->reader = j->reader != NULL ? j->reader : store_reader(j->st, f);
	if (w->reader == NULL)
		return NULL;
	if (w->files != NULL)
		return load(w, j->id, f);
	(void)fault_memory(f);
	return NULL;
}

static void
close_writing(struct writing *w, const struct judged *j, struct model *m)
{
	model_free(m);
	if (j->reader == NULL)
		store_close(w->reader);
	json_decref(w->files);
}

int
report_write_whole(const struct report_request *q, struct judged *j,
    struct sealing *seal, struct redactor *redactor, const char *profile,
    struct fault *f)
{
	struct writing w = { .q = q, .seal = seal, .whole = true };
	struct model *m = open_writing(&w, j, f);
	int rc = m != NULL ? 0 : -1;

	if (rc == 0 && redactor != NULL)
		rc = redact_model(redactor, seal->crypto, m, profile, f);
	if (rc == 0 && (rc = write_files(&w, m, f)) == 0)
		count(m, j->counts);
	close_writing(&w, j, m);
	return rc;
}

int
report_write(const struct report_request *q, struct judged *j,
    struct sealing *seal,
    void (*written)(void *ctx, const struct report_written *), void *ctx,
    struct fault *f)
{
	struct writing w = { .q = q, .seal = seal };
	struct model *m = open_writing(&w, j, f);
	int rc = -1;

	if (m != NULL && write_files(&w, m, f) == 0 &&
	    log_report(&w, m, f) == 0) {
		count(m, j->counts);
		written(
		    ctx, &(struct report_written){ m, w.files, q->base,
			     base_name(&w), seal->signer != NULL, j->counts });
		rc = 0;
	}
	close_writing(&w, j, m);
	return rc;
}
