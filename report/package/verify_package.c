/* exhibit verify PACKAGE: one line a step, what it proves and what not. */
#include "report/package/verify_package.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/length.h"
#include "base/build.h"
#include "base/file.h"

bool
opened_redacted(const struct opened *p)
{
	return p->about.redacted[0] != '\0';
}

/* A fault that speaks of the package's bytes is what is wrong with it; any
 * other ends the verification. */
int
opened_blame(struct verifying *v, const char *where, const struct fault *why,
    struct fault *f)
{
	if (why->kind == FAULT_IO || why->kind == FAULT_DENIED ||
	    (why->kind == FAULT_USAGE && where == NULL))
		return fault(f, why->kind, "%s", why->text);
	verify_problem(v, where != NULL ? where : "package", why->text);
	return 0;
}

bool
opened_has(const struct opened *p, const char *name)
{
	char path[FOLDER_PATH_MAX];
	struct fault ignored;

	return folder_path(p->folder, name, path, &ignored) == 0 &&
	       access(path, F_OK) == 0;
}

/* The file's bytes; what keeps us from them is told. -1: not had. */
int
opened_get(struct opened *p, const char *name, struct buf *b)
{
	struct fault why = { 0 };

	if (folder_get(p->folder, name, b, &why) == 0)
		return 0;
	verify_problem(
	    p->v, name, opened_has(p, name) ? why.text : "is missing");
	return -1;
}

void
opened_step(const struct opened *p, long long before, const char *what,
    const char *proves)
{
	if (p->v->problems == before)
		verify_say(p->v, VERIFY_HOLDS, what, "%s", proves);
}

static int
check_own(struct opened *p, struct fault *f)
{
	const struct package_has there = { .stamp =
					       opened_has(p, PACKAGE_STAMP),
		.checkpoint_stamp = opened_has(p, PACKAGE_CHECKPOINT_STAMP),
		.previous = opened_has(p, "previous-checkpoint.txt"),
		.plan = opened_has(p, "report.poam.xml") };
	struct signer_info info;
	struct fault why = { 0 };
	BUF_AUTO(pem, SIGNER_FILE_MAX);
	BUF_AUTO(want, PACKAGE_TEXT_MAX);

	if (opened_get(p, "signer.pem", &pem) == -1)
		return 0;
	if (certificate_info(p->v->q->crypto, pem.p != NULL ? pem.p : "",
		pem.len, &info, &why) == -1)
		return opened_blame(p->v, "signer.pem", &why, f);
	if (strcmp(info.fingerprint, p->signer) != 0)
		verify_problem(p->v, "signer.pem",
		    "is another certificate than signature001's");
	if (strcmp(p->about.exhibit, exhibit_build) != 0) {
		verify_say(p->v, VERIFY_OPEN, "VERIFY.txt",
		    "not compared: version %s of exhibit wrote it",
		    p->about.exhibit);
		return 0;
	}
	if (package_verify_text(&p->about, &there, &want, f) == -1)
		return -1;
	(void)opened_text(p, "VERIFY.txt", want.p, want.len);
	return 0;
}

static int
check_about(struct opened *p, struct fault *f)
{
	struct fault why = { 0 };
	BUF_AUTO(about, PACKAGE_TEXT_MAX);

	if (opened_get(p, "package.json", &about) == -1)
		return 0;
	if (package_about_read(about.p != NULL ? about.p : "", about.len,
		&p->about, &why) == -1)
		return opened_blame(p->v, "package.json", &why, f);
	return 0;
}

static bool
begins(const char *s, const char *start)
{
	return strncmp(s, start, strlen(start)) == 0;
}

/* A file that a step has looked at, or that is made of what one has. */
static bool
is_known(const struct opened *p, const char *name)
{
	static const char *const known[] = { "SHA256SUMS", "VERIFY.txt",
		"checkpoint.txt", "consistency.txt", "evidence.db",
		PACKAGE_JUDGE_SQL, "mimetype", "package.json",
		"previous-checkpoint.txt", "report.html", "report.plan.xml",
		"report.poam.xml", "report.xml", "signer.pem" };

	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcmp(name, known[i]) == 0)
			return true;
	for (size_t i = 0; package_tables[i].file != NULL; i++)
		if (strcmp(name, package_tables[i].file) == 0)
			return true;
	if (p->about.sample > 0 && strcmp(name, "csv/sample.csv") == 0)
		return true;
	if (opened_redacted(p)) /* nothing of it was compared, as was told */
		return strcmp(name, "csv/redacted.csv") == 0 ||
		       begins(name, "checks/") || begins(name, "catalogs/");
	for (size_t i = 0; i < p->rules.n; i++)
		if (strcmp(name, p->rules.list[i].name) == 0)
			return true;
	return false;
}

/* What was signed and belongs to no step could say anything. */
static int
check_others(struct opened *p, struct fault *f)
{
	(void)f;
	for (size_t i = 0; i < p->files.n; i++)
		if (!is_known(p, p->files.list[i].name))
			verify_say(p->v, VERIFY_OPEN, p->files.list[i].name,
			    "is none of a package's files: it was signed, and "
			    "not compared with anything");
	return 0;
}

/* Each part stands on the ones before it: after one that does not hold the
 * next would only say the same again. */
static int
check_all(struct opened *p, struct fault *f)
{
	static int (*const parts[])(
	    struct opened *, struct fault *) = { opened_signatures,
		opened_files, check_about, opened_evidence, opened_previous,
		opened_tables, opened_report, check_own, check_others };
	size_t n = LENGTH(parts);

	for (size_t i = 0; i < n; i++) {
		if (parts[i](p, f) == -1)
			return -1;
		if (p->v->problems > 0 && i > 0 && i + 1 < n) {
			verify_say(p->v, VERIFY_OPEN, "",
			    "what builds on this was not looked at");
			return 0;
		}
	}
	return 0;
}

int
verify_package(struct verifying *v, const char *path, struct fault *f)
{
	struct opened *p = calloc(1, sizeof(*p));
	struct fault why = { 0 };
	int rc;

	if (p == NULL)
		return fault_memory(f);
	p->v = v;
	verify_say(v, VERIFY_FILE, path, "%s", "");
	rc = folder_new(v->q->tmp, "exhibit", p->folder, f);
	if (rc == 0 && package_open(path, p->folder, &why) == -1) {
		if (why.kind == FAULT_ABSENT)
			rc = fault(f, why.kind, "%s", why.text);
		else
			rc = opened_blame(v, "container", &why, f);
	} else if (rc == 0) {
		verify_say(p->v, VERIFY_HOLDS, "container",
		    "can be read in one way only");
		rc = check_all(p, f);
	}
	recheck_kept_free(&p->kept);
	store_close(p->reader);
	store_close(p->st);
	listing_free(&p->files);
	listing_free(&p->rules);
	folder_remove(p->folder);
	free(p);
	return rc;
}
