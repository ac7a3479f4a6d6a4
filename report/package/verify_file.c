/* A file beside its signature; a report also against the store. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "report/package/recheck.h"
#include "report/package/report_files.h"
#include "report/package/verify_claims.h"
#include "report/page/render.h"
#include "report/sign/xmldsig.h"

#define FILE_MAX (1024UL * 1024 * 1024)

static int
recheck(struct verifying *v, const char *path, const struct buf *xml,
    struct store *st, struct fault *f)
{
	struct recheck done;
	struct store *reader = store_reader(st, f);
	long long before = v->problems;
	int rc;

	if (reader == NULL)
		return -1;
	rc = report_recheck(xml->p, xml->len, reader, v->q->crypto,
	    verify_problem, v, NULL, &done, f);
	store_close(reader);
	if (rc == -1)
		return -1;
	if (done.evidence > 0)
		verify_say(v, VERIFY_NOTE, "",
		    "%lld pieces of evidence are in the store", done.evidence);
	if (done.remade && v->problems == before)
		verify_say(v, VERIFY_NOTE, "",
		    "made anew from the store: the same bytes");
	else if (done.dropped[0] != '\0')
		verify_say(v, VERIFY_OPEN, path,
		    "not made anew: evidence it tells of was dropped by "
		    "retention (%.10s); its signature and its place in the log "
		    "hold without",
		    done.dropped);
	else if (!done.remade)
		verify_say(v, VERIFY_OPEN, path,
		    "not made anew: another version of exhibit wrote it");
	if (!done.remade && done.results && done.dropped[0] == '\0')
		return verify_claims(v, path, xml, st, done.judgement, f);
	return 0;
}

/* FILE.xmldsig, if it is there: it has no time of its own. */
static int
verify_xmldsig(struct verifying *v, const char *path, const struct buf *bytes,
    struct fault *f)
{
	struct signature_rules rules = verify_rules(v);
	const char *slash = strrchr(path, '/');
	struct signature_info info;
	struct fault why = { 0 };
	char name[4096];
	BUF_AUTO(sig, XMLDSIG_MAX);

	(void)snprintf(name, sizeof(name), "%s.xmldsig", path);
	if (access(name, F_OK) == -1)
		return 0;
	if (file_read(name, &sig, &why) == -1) {
		if (why.kind != FAULT_LIMIT)
			return fault(f, why.kind, "%s", why.text);
		verify_problem(v, name, "too large for an XML signature");
		return 0;
	}
	if (xmldsig_verify(v->q->crypto, slash != NULL ? slash + 1 : path,
		bytes->p != NULL ? bytes->p : "", bytes->len,
		sig.p != NULL ? sig.p : "", sig.len, &rules, &info,
		&why) == 0) {
		v->untrusted |= !info.trusted;
		verify_say(v, VERIFY_NOTE, "",
		    "%s: the XML signature of %s holds%s", name, info.subject,
		    info.trusted ? "" : " (NOT TRUSTED)");
	} else if (why.kind == FAULT_INTEGRITY || why.kind == FAULT_FORMAT) {
		verify_problem(v, name, why.text);
	} else {
		return fault(f, why.kind, "%s: %.900s", name, why.text);
	}
	return 0;
}

/* ------------------------------------------------------------ made again */

static int
same_bytes(struct verifying *v, const char *path, const struct buf *have,
    const struct buf *want, const char *from)
{
	char what[4200];

	if (have->len == want->len &&
	    (have->len == 0 || memcmp(have->p, want->p, have->len) == 0)) {
		verify_say(v, VERIFY_HOLDS, path,
		    "made anew from %s: the same bytes", from);
		return 0;
	}
	(void)snprintf(what, sizeof(what), "is not what %s gives", from);
	verify_problem(v, path, what);
	return 0;
}

/*
 * A page, a table or a document that does not say what it was made with: the
 * report's XML beside it does, which is held against the store first.
 */
static int
by_report(struct verifying *v, const char *path, enum report_part part,
    const char *base, const struct buf *bytes, struct store *st,
    struct fault *f)
{
	struct recheck_kept kept = { NULL, NULL };
	struct recheck done = { 0 };
	struct store *reader = NULL;
	char beside[4096 + 8];
	BUF_AUTO(xml, FILE_MAX);
	BUF_AUTO(want, FILE_MAX);
	int rc = -1;

	(void)snprintf(beside, sizeof(beside), "%s.xml", base);
	if (access(beside, F_OK) == -1) {
		verify_say(v, VERIFY_OPEN, path,
		    "not compared with the evidence: %s is not beside it, "
		    "which says what it was made with",
		    beside);
		return 0;
	}
	if (file_read(beside, &xml, f) == -1 ||
	    (reader = store_reader(st, f)) == NULL)
		return -1;
	rc = report_recheck(xml.p != NULL ? xml.p : "", xml.len, reader,
	    v->q->crypto, verify_problem, v, &kept, &done, f);
	if (rc == 0 && !done.remade) {
		verify_say(v, VERIFY_OPEN, path,
		    "not compared with the evidence: %s was not made anew",
		    beside);
	} else if (rc == 0 && part == REPORT_PAGE) {
		if ((rc = render_html(xml.p, xml.len, v->q->templates,
			 v->q->crypto, &want, f)) == 0)
			rc = same_bytes(v, path, bytes, &want, beside);
	} else if (rc == 0) {
		if ((rc = report_part_write(path, kept.model, reader,
			 kept.checks, v->q->crypto, &want, f)) == 0)
			rc = same_bytes(v, path, bytes, &want, store_path(st));
	}
	recheck_kept_free(&kept);
	store_close(reader);
	return rc;
}

/* What the file claims, against the evidence. */
static int
verify_content(struct verifying *v, const char *path, const struct buf *bytes,
    struct store *st, struct fault *f)
{
	char base[4096];
	enum report_part part = report_part_of(path, base, sizeof(base));

	if (st == NULL || part == REPORT_OTHER) {
		verify_say(v, VERIFY_OPEN, path,
		    st == NULL ? "not compared with the evidence: no store is "
				 "here; name it with --store"
			       : "not compared with the evidence: it cannot be "
				 "made anew");
		return 0;
	}
	return part == REPORT_DOCUMENT
		   ? recheck(v, path, bytes, st, f)
		   : by_report(v, path, part, base, bytes, st, f);
}

int
verify_file(
    struct verifying *v, const char *path, struct store *st, struct fault *f)
{
	struct signature_info info;
	struct fault why = { 0 };
	char p7s[4096];
	BUF_AUTO(bytes, FILE_MAX);
	BUF_AUTO(der, SIGNATURE_MAX);

	(void)snprintf(p7s, sizeof(p7s), "%s.p7s", path);
	verify_say(v, VERIFY_FILE, path, "%s", "");
	if (file_read(path, &bytes, f) == -1 || file_read(p7s, &der, f) == -1)
		return -1;
	if (verify_bytes(v, bytes.p != NULL ? bytes.p : "", bytes.len, der.p,
		der.len, &info, &why) == 0)
		v->to.signature(v->to.ctx, &info);
	else if (why.kind == FAULT_INTEGRITY || why.kind == FAULT_FORMAT)
		verify_problem(v, p7s, why.text);
	else
		return fault(f, why.kind, "%s: %.900s", p7s, why.text);
	if (verify_xmldsig(v, path, &bytes, f) == -1)
		return -1;
	return verify_content(v, path, &bytes, st, f);
}
