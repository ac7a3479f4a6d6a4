/* What a package says is made of its evidence: made anew, and compared. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/build.h"
#include "report/judge/judge.h"
#include "report/format/oscal.h"
#include "report/page/render.h"
#include "report/package/verify_claims.h"
#include "report/package/verify_package.h"

static int
check_html(struct opened *p, const struct buf *xml, struct fault *f)
{
	struct fault why = { 0 };
	long long before = p->v->problems;
	BUF_AUTO(have, OPENED_HTML_MAX);
	BUF_AUTO(want, OPENED_HTML_MAX);

	if (opened_get(p, "report.html", &have) == -1)
		return 0;
	if (p->about.templates && p->v->q->templates == NULL) {
		verify_say(p->v, VERIFY_OPEN, "report.html",
		    "not compared: made with templates other than exhibit's; "
		    "name "
		    "them with --templates");
		return 0;
	}
	if (render_html(xml->p, xml->len, p->v->q->templates, p->v->q->crypto,
		&want, &why) == -1)
		return opened_blame(p->v, "report.html", &why, f);
	if (have.len != want.len || memcmp(have.p, want.p, want.len) != 0)
		verify_problem(p->v, "report.html",
		    "is not the page that report.xml gives");
	opened_step(p, before, "report.html", "is report.xml for people");
	return 0;
}

/* What everything that is made anew is read through: one state, frozen once. */
static struct store *
reader_of(struct opened *p, struct fault *f)
{
	if (p->reader == NULL)
		p->reader = store_reader(p->st, f);
	return p->reader;
}

/* A document of the report, from the evidence again. */
static int
check_xml(struct opened *p, const char *name, struct buf *xml,
    struct recheck *done, struct fault *f)
{
	struct fault why = { 0 };
	int rc;

	*done = (struct recheck){ 0 };
	if (opened_get(p, name, xml) == -1)
		return 0;
	if (reader_of(p, f) == NULL)
		return -1;
	rc = report_recheck(xml->p != NULL ? xml->p : "", xml->len, p->reader,
	    p->v->q->crypto, verify_problem, p->v, &p->kept, done, &why);
	if (rc == -1)
		return opened_blame(p->v, name, &why, f);
	if (done->judgement != p->about.judgement)
		verify_problem(
		    p->v, name, "is of another judgement than the package");
	return 0;
}

/* A package has the plan of what was assessed, and one of action wherever there
 * is a finding: a document that is not there says as much as one that is. */
static void
check_documents(struct opened *p)
{
	const struct model *m = p->kept.model;

	if (!opened_has(p, "report.plan.xml"))
		verify_say(p->v, VERIFY_OPEN, "report.plan.xml",
		    "is missing: every package has an assessment plan");
	if (opened_has(p, "report.poam.xml"))
		return;
	if (m == NULL)
		verify_say(p->v, VERIFY_OPEN, "report.poam.xml",
		    "is missing; whether there are findings to plan for was "
		    "not compared");
	else if (!oscal_poam_empty(m))
		verify_say(p->v, VERIFY_OPEN, "report.poam.xml",
		    "is missing: there are findings to plan for");
}

int
opened_report(struct opened *p, struct fault *f)
{
	long long before = p->v->problems;
	struct recheck done, plan_done;
	BUF_AUTO(xml, OPENED_XML_MAX);
	BUF_AUTO(plan, OPENED_XML_MAX);
	BUF_AUTO(poam, OPENED_XML_MAX);

	if (opened_redacted(p) && strcmp(p->about.exhibit, exhibit_build) != 0)
		verify_say(p->v, VERIFY_OPEN, "report.html",
		    "not made anew: version %s of exhibit wrote it, this is "
		    "%s",
		    p->about.exhibit, exhibit_build);
	if (opened_redacted(p)) /* the page is made of the XML alone */
		return opened_get(p, "report.xml", &xml) == 0 &&
			       p->v->problems == before &&
			       strcmp(p->about.exhibit, exhibit_build) == 0
			   ? check_html(p, &xml, f)
			   : 0;
	if (check_xml(p, "report.xml", &xml, &done, f) == -1)
		return -1;
	if (opened_has(p, "report.poam.xml") &&
	    check_xml(p, "report.poam.xml", &poam, &plan_done, f) == -1)
		return -1;
	if (opened_has(p, "report.plan.xml") &&
	    check_xml(p, "report.plan.xml", &plan, &plan_done, f) == -1)
		return -1;
	check_documents(p);
	if (!done.remade && done.dropped[0] != '\0') {
		verify_say(p->v, VERIFY_OPEN, "report",
		    "not made anew: evidence it tells of was dropped by "
		    "retention on %.10s",
		    done.dropped);
		return 0;
	}
	if (!done.remade && verify_claims(p->v, "report.xml", &xml, p->st,
				p->about.judgement, f) == -1)
		return -1;
	if (!done.remade) {
		verify_say(p->v, VERIFY_OPEN, "report",
		    "not made anew: version %s of exhibit wrote it, this is %s",
		    p->about.exhibit, exhibit_build);
		return 0;
	}
	opened_step(p, before, "report.xml",
	    "made anew from evidence.db under its own checks: the same bytes");
	if (p->v->problems > before)
		return 0;
	recheck_kept_free(&p->kept); /* the page is made of the XML alone */
	return check_html(p, &xml, f);
}

/* ------------------------------------------------------------------ tables */

struct comparing {
	int fd;
	bool differs;
};

static int
compare_piece(void *ctx, const void *p, size_t len, struct fault *f)
{
	struct comparing *k = ctx;
	const char *s = p;
	char have[4096];

	(void)f;
	while (len > 0 && !k->differs) {
		size_t want = len < sizeof(have) ? len : sizeof(have);
		ssize_t n = read(k->fd, have, want);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0 || memcmp(have, s, (size_t)n) != 0) {
			k->differs = true;
			break;
		}
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
check_table(struct opened *p, struct store *reader,
    const struct catalogs *catalogs, size_t i, struct fault *f)
{
	const char *name = package_tables[i].file;
	struct comparing k = { .fd = -1 };
	char more;
	int rc;

	if (!opened_has(p, name) && package_tables[i].period)
		return 0; /* the manifest says which files there are */
	if (!opened_has(p, name)) {
		verify_problem(p->v, name, "is missing");
		return 0;
	}
	if ((k.fd = folder_open(p->folder, name, f)) == -1)
		return -1;
	rc =
	    package_table(reader, catalogs, &p->about, i, compare_piece, &k, f);
	if (rc == 0 && !k.differs && read(k.fd, &more, 1) != 0)
		k.differs = true;
	(void)close(k.fd);
	if (rc == 0 && k.differs)
		verify_problem(p->v, name, "is not what evidence.db gives");
	return rc;
}

int
opened_text(struct opened *p, const char *name, const char *want, size_t len)
{
	BUF_AUTO(have, OPENED_XML_MAX);

	if (opened_get(p, name, &have) == -1)
		return -1;
	if (have.len == len && (len == 0 || memcmp(have.p, want, len) == 0))
		return 0;
	verify_problem(p->v, name, "is not what evidence.db gives");
	return -1;
}

static int
check_sample(struct opened *p, struct store *reader, struct fault *f)
{
	long long before = p->v->problems;
	BUF_AUTO(want, 0);

	if (p->about.sample == 0)
		return 0;
	if (package_sample(p->v->q->crypto, reader, &p->about, &want, f) == -1)
		return -1;
	(void)opened_text(p, "csv/sample.csv", want.p, want.len);
	if (p->v->problems == before)
		verify_say(p->v, VERIFY_HOLDS, "csv/sample.csv",
		    "drawn again by the seed %s: the same %lld", p->about.seed,
		    p->about.sample);
	return 0;
}

/* One text that the judgement names, and that it belongs to the package. */
static int
check_rule(struct opened *p, const char *name, const char *text, size_t len,
    struct fault *f)
{
	if (opened_text(p, name, text, len) == -1)
		return 0;
	return listing_add(&p->rules, p->folder, name, p->v->q->crypto, f);
}

/* The checks and catalogues are those the judgement names. */
static int
check_rules(struct opened *p, const struct checks *checks, struct fault *f)
{
	char name[256];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < checks->n; i++) {
		const struct check *k = &checks->list[i];

		(void)snprintf(name, sizeof(name), "checks/%s.sql", k->id);
		rc = check_rule(p, name, k->text, k->len, f);
	}
	for (size_t i = 0; rc == 0 && i < checks->catalogs.n; i++) {
		const struct catalog *k = &checks->catalogs.list[i];

		(void)snprintf(name, sizeof(name), "catalogs/%s.tsv", k->name);
		rc = check_rule(p, name, k->text, k->len, f);
	}
	return rc;
}

static int
check_judge_sql(struct opened *p, struct store *reader, struct fault *f)
{
	long long before = p->v->problems;
	BUF_AUTO(want, JUDGE_SCRIPT_MAX);

	if (package_judge_sql(
		reader, p->v->q->crypto, p->about.run, &want, f) == -1)
		return -1;
	(void)opened_text(p, PACKAGE_JUDGE_SQL, want.p, want.len);
	opened_step(p, before, PACKAGE_JUDGE_SQL,
	    "written again from the texts of checks/: the same bytes");
	return 0;
}

static int
check_queries(struct opened *p, const struct checks *checks, struct fault *f)
{
	const struct query_when when = package_when(&p->about);
	struct store *reader = reader_of(p, f);
	long long before = p->v->problems;
	int rc = reader == NULL ? -1 : query_look(reader, &when, f);

	for (size_t i = 0; rc == 0 && package_tables[i].file != NULL; i++)
		rc = check_table(p, reader, &checks->catalogs, i, f);
	if (rc == 0)
		opened_step(p, before, "csv/",
		    "every table, asked of evidence.db again: the same bytes");
	if (rc == 0)
		rc = check_sample(p, reader, f);
	if (rc == 0)
		rc = check_judge_sql(p, reader, f);
	return rc;
}

int
opened_tables(struct opened *p, struct fault *f)
{
	struct checks checks;
	struct fault why = { 0 };
	long long before = p->v->problems;
	int rc = 0;

	if (opened_redacted(p))
		return 0;
	if (checks_load_judged(&checks, p->st, p->about.judgement,
		p->v->q->crypto, &why) == -1)
		return opened_blame(p->v, "evidence.db", &why, f);
	rc = check_rules(p, &checks, f);
	opened_step(p, before, "checks/, catalogs/",
	    "the texts that the judgement names by their digests");
	if (rc == 0 && strcmp(p->about.exhibit, exhibit_build) == 0)
		rc = check_queries(p, &checks, f);
	else if (rc == 0)
		verify_say(p->v, VERIFY_OPEN, "csv/",
		    "not made anew: another version of exhibit wrote them");
	checks_free(&checks);
	return rc;
}
