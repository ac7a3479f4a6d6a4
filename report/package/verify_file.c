/* A file beside its signature; a report also against the store. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "report/package/recheck.h"
#include "report/package/verifying.h"
#include "report/sign/xmldsig.h"

#define FILE_MAX (1024UL * 1024 * 1024)

static int
recheck(struct verifying *v, const struct buf *xml, struct store *st,
    struct fault *f)
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
		verify_say(v, VERIFY_NOTE, "",
		    "not made anew: evidence it tells of was dropped by "
		    "retention (%.10s); its signature and its place in the log "
		    "hold without",
		    done.dropped);
	else if (!done.remade)
		verify_say(v, VERIFY_NOTE, "",
		    "not made anew: another version of exhibit wrote it");
	return 0;
}

static bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
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
	return st != NULL && ends_in(path, ".xml") ? recheck(v, &bytes, st, f)
						   : 0;
}
