/* The report's files, and its summary for a person at a terminal. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "file.h"
#include "model_load.h"
#include "oscal.h"
#include "period.h"
#include "render.h"
#include "sarif.h"
#include "xmldsig.h"

#define PATH_LEN_MAX 4096
#define XML_MAX (1024UL * 1024 * 1024)
#define HTML_MAX (64UL * 1024 * 1024)
#define SARIF_MAX (256UL * 1024 * 1024)
#define SHOWN_MAX 12 /* lines of one list of the summary */

struct writing {
	struct cli *cli;
	const struct options *o;
	struct store *st;
	struct signer *signer; /* or NULL */
	const char *base;      /* path without the extension */
	json_t *files;	       /* what was written, for the log */
	bool whole;	       /* every format; signed as a package, not here */
};

static const char *
base_name(const struct writing *w)
{
	const char *slash = strrchr(w->base, '/');

	return slash != NULL ? slash + 1 : w->base;
}

static int
note_file(
    struct writing *w, const char *path, const struct buf *b, struct fault *f)
{
	const char *slash = strrchr(path, '/');
	uint8_t d[SHA256_LEN];
	char hex[SHA256_HEX];
	json_t *o;

	if (digest_sha256(w->cli->crypto, b->p, b->len, d, f) == -1)
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
	int n = snprintf(path, sizeof(path), "%s.%s.p7s", w->base, extension);
	BUF_AUTO(cms, SIGNATURE_MAX);

	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "--output: name too long");
	if (w->signer != NULL && !w->whole &&
	    (cli_sign(w->cli, w->signer, b, "the report is signed", &cms, f) ==
		    -1 ||
		file_write(path, cms.p, cms.len, 0644, f) == -1))
		return -1;
	path[n - 4] = '\0';
	if (file_write(path, b->p, b->len, 0644, f) == -1)
		return -1;
	return note_file(w, path, b, f);
}

static bool
wants(const struct writing *w, const char *format)
{
	const char *asked =
	    w->whole ? "html,xml,poam" : option_or(w->o, "format", "html,xml");
	size_t len = strlen(format);

	for (const char *p = asked; (p = strstr(p, format)) != NULL; p += len)
		if ((p == asked || p[-1] == ',') &&
		    (p[len] == '\0' || p[len] == ','))
			return true;
	return false;
}

static int
write_sarif(struct writing *w, const struct model *m, struct fault *f)
{
	BUF_AUTO(sarif, SARIF_MAX);

	if (sarif_write(m, &sarif, f) == -1)
		return -1;
	return write_signed(w, "sarif", &sarif, f);
}

/* Every word of --format is one of these. */
static int
check_format(const struct options *o, struct fault *f)
{
	static const char *const known[] = { "html", "xml", "poam", "sarif" };
	const char *asked = option_or(o, "format", "html,xml");

	for (const char *p = asked; p == asked || *p != '\0';) {
		size_t len = strcspn(p, ","), i = 0;

		while (i < 4 && (strlen(known[i]) != len ||
				    memcmp(p, known[i], len) != 0))
			i++;
		if (i == 4)
			return fault(f, FAULT_USAGE,
			    "--format %s: knows html, xml, poam and sarif",
			    asked);
		p += len + (p[len] == ',');
	}
	return 0;
}

/* Findings and their plan: none without a finding. */
static int
write_plan(struct writing *w, const struct model *m, struct fault *f)
{
	BUF_AUTO(plan, XML_MAX);

	if (oscal_poam_empty(m))
		return 0;
	if (oscal_poam(m, w->cli->crypto, &plan, f) == -1)
		return -1;
	return write_signed(w, "poam.xml", &plan, f);
}

/* The same for readers who know no CMS: BASE.xml.xmldsig. */
static int
write_xmldsig(struct writing *w, const struct buf *xml, struct fault *f)
{
	char path[PATH_LEN_MAX], name[XMLDSIG_NAME_MAX + 8], now[UTC_LEN];
	int64_t when = 0;
	int n = snprintf(path, sizeof(path), "%s.xml.xmldsig", w->base);
	BUF_AUTO(sig, XMLDSIG_MAX);

	if (option(w->o, "xmldsig") == NULL || w->whole)
		return 0;
	if (w->signer == NULL)
		return fault(f, FAULT_USAGE, "--xmldsig with --unsigned");
	if (n < 0 || (size_t)n >= sizeof(path))
		return fault(f, FAULT_USAGE, "--output: name too long");
	n = snprintf(name, sizeof(name), "%s.xml", base_name(w));
	if (n < 0 || (size_t)n >= sizeof(name))
		return fault(f, FAULT_USAGE, "--output: name too long");
	cli_clock(w->cli, now);
	(void)utc_parse(now, &when);
	if (xmldsig_sign(w->signer, name, xml->p, xml->len, when, &sig, f) ==
	    -1)
		return -1;
	return file_write(path, sig.p, sig.len, 0644, f);
}

/* The report, its page and its plan. */
static int
write_report(struct writing *w, const struct model *m, struct fault *f)
{
	BUF_AUTO(xml, XML_MAX);
	BUF_AUTO(html, HTML_MAX);

	if (oscal_write(m, w->cli->crypto, &xml, f) == -1)
		return -1;
	if (wants(w, "html") &&
	    (render_html(xml.p, xml.len, option(w->o, "templates"),
		 w->cli->crypto, &html, f) == -1 ||
		write_signed(w, "html", &html, f) == -1))
		return -1;
	if (wants(w, "xml") && (write_signed(w, "xml", &xml, f) == -1 ||
				   write_xmldsig(w, &xml, f) == -1))
		return -1;
	return wants(w, "poam") ? write_plan(w, m, f) : 0;
}

static int
write_files(struct writing *w, const struct model *m, struct fault *f)
{
	if (check_format(w->o, f) == -1)
		return -1;
	if ((wants(w, "html") || wants(w, "xml") || wants(w, "poam")) &&
	    write_report(w, m, f) == -1)
		return -1;
	return wants(w, "sarif") ? write_sarif(w, m, f) : 0;
}

/* That a report was made, and of what bytes, is part of the log. */
static int
log_report(struct writing *w, const struct model *m, struct fault *f)
{
	json_t *v;
	int rc;
	BUF_AUTO(body, 65536);

	if (sqlite3_db_readonly(store_db(w->st), "main") == 1)
		return 0;
	v = json_pack("{s:O, s:I, s:s, s:s}", "files", w->files, "judgement",
	    (json_int_t)m->judgement, "made", m->made, "type", "report");
	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, &body, f);
	json_decref(v);
	if (rc == 0)
		rc = log_append(w->st, "report", body.p, body.len, NULL, f);
	return rc == 0 ? cli_checkpoint(w->cli, w->st, w->signer, f) : -1;
}

/* ----------------------------------------------------------------- summary */

static void
print_group(const struct model *m, const struct model_group *g)
{
	const struct model_check *k = &m->checks[g->check];

	printf("  %-24s ", k->id);
	print_clean(stdout, g->reason, 200);
	if (m->nsubjects > 1)
		printf("  [%zu of %zu]", g->nsubjects, m->nsubjects);
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
		printf("  %-24s %s: ", g->kind != NULL ? g->kind : g->scope,
		    g->outcome);
		print_clean(stdout, g->reason != NULL ? g->reason : "", 200);
		if (n > 1)
			printf("  [%zu places]", n);
		printf("\n");
		shown++;
	}
}

static void
print_files(const struct writing *w)
{
	const char *cert = option_or(w->o, "cert", DEFAULT_CERT), *first = "";
	size_t i;
	json_t *o;

	printf("\nFiles\n");
	json_array_foreach (w->files, i, o) {
		const char *name =
		    json_string_value(json_object_get(o, "name"));

		const char *end = name + strlen(base_name(w));

		if (i == 0)
			first = end;
		printf("  %s%s%s\n", w->base, end,
		    w->signer != NULL ? "   and its signature, .p7s" : "");
	}
	printf("  %s   the evidence store\n", store_path(w->st));
	if (w->signer != NULL && first[0] != '\0')
		printf("\nAnyone can verify with stock tools\n"
		       "  openssl cms -verify -binary -cades -purpose any "
		       "-inform DER \\\n    -in %s%s.p7s -content %s%s "
		       "-CAfile %s -out /dev/null\n",
		    w->base, first, w->base, first, cert);
}

static void
print_summary(const struct writing *w, const struct model *m,
    const size_t counts[VERDICTS])
{
	printf("\n%s, as of %s (run %lld, %s)\n\n", m->title, m->as_of,
	    m->run.id, m->run.state);
	printf("  %6zu satisfied\n  %6zu not satisfied\n  %6zu unknown\n"
	       "  %6zu not applicable\n",
	    counts[VERDICT_SATISFIED], counts[VERDICT_NOT_SATISFIED],
	    counts[VERDICT_UNKNOWN], counts[VERDICT_NOT_APPLICABLE]);
	print_groups(m, VERDICT_NOT_SATISFIED, "Not satisfied");
	print_groups(m, VERDICT_UNKNOWN, "Unknown, and why");
	print_gaps(m);
	print_files(w);
}

/* ------------------------------------------------------------------- whole */

static int
describe(struct cli *cli, const struct signer *s, struct certificate_text *t,
    struct fault *f)
{
	BUF_AUTO(pem, SIGNER_FILE_MAX);

	if (signer_certificate(s, &pem, f) == -1)
		return -1;
	return certificate_text(cli->crypto, pem.p, pem.len, t, f);
}

static struct model *
load(struct writing *w, const struct checks *checks, long long judgement,
    struct fault *f)
{
	struct certificate_text cert = { .pem = { 0 } };
	struct model_request q = { .checks = checks,
		.judgement = judgement,
		.made = option(w->o, "now"),
		.title = option_or(w->o, "title", "FIPS 140 evidence report"),
		.organization = option(w->o, "organization"),
		.classification = option(w->o, "classification"),
		.basename = base_name(w),
		.exhibit = EXHIBIT_VERSION };
	struct store *reader = NULL;
	struct model *m = NULL;
	struct period period;
	bool given;

	if (cli_period(w->o, &period, &given, f) == -1)
		return NULL;
	if (given) {
		q.period_from = period.from;
		q.period_to = period.to;
	}
	if (w->signer == NULL || describe(w->cli, w->signer, &cert, f) == 0) {
		q.signer = w->signer != NULL ? &cert.signer : NULL;
		reader = store_reader(w->st, f);
	}
	if (reader != NULL)
		m = model_load(reader, w->cli->crypto, &q, f);
	store_close(reader);
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

int
cli_report_whole(struct cli *cli, const struct options *o, struct store *st,
    const struct checks *checks, long long judgement, struct signer *signer,
    const char *base, size_t counts[VERDICTS], struct fault *f)
{
	struct writing w = { .cli = cli,
		.o = o,
		.st = st,
		.signer = signer,
		.base = base,
		.files = json_array(),
		.whole = true };
	struct model *m = NULL;
	int rc = -1;

	if (w.files == NULL)
		(void)fault_memory(f);
	else
		m = load(&w, checks, judgement, f);
	if (m != NULL && (rc = write_files(&w, m, f)) == 0)
		count(m, counts);
	model_free(m);
	json_decref(w.files);
	return rc;
}

int
cli_report(struct cli *cli, const struct options *o, struct store *st,
    const struct checks *checks, long long judgement, struct signer *signer,
    size_t counts[VERDICTS], struct fault *f)
{
	struct writing w = { cli, o, st, signer,
		option_or(o, "output", DEFAULT_REPORT), json_array(), false };
	struct model *m = NULL;
	int rc = -1;

	if (w.files == NULL)
		(void)fault_memory(f);
	else
		m = load(&w, checks, judgement, f);
	if (m != NULL && write_files(&w, m, f) == 0 &&
	    log_report(&w, m, f) == 0) {
		count(m, counts);
		print_summary(&w, m, counts);
		rc = 0;
	}
	model_free(m);
	json_decref(w.files);
	return rc;
}
