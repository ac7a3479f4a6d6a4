/*
 * The results collector: what other tools found, as third-party evidence. Every
 * file is looked at before anything is kept, so that one that is refused leaves
 * nothing behind. What is looked for and where is data: results_format.h.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "collector/kit/collector.h"
#include "collector/kit/project.h"
#include "collector/scap/key_once.h"
#include "collector/scap/results_format.h"
#include "collector/scap/results_kinds.h"
#include "collector/scap/results_read.h"
#include "collector/scap/scan_time.h"

#define WORD_MAX 60
#define RESULTS_MAX 500000 /* of one file */

enum said { SAID_PASS, SAID_FAIL, SAID_OTHER, SAIDS };

static const char *const said_names[SAIDS] = { "pass", "fail", "other" };

struct taking {
	const struct sink *sink;
	const char *path; /* of the file that is read */
	char hex[SHA256_HEX];
	const struct results_format *format; /* the first that fits */
	struct emitter e;
	bool keep;    /* the second time: what is read is kept */
	json_t *seen; /* owned: how often each key came */
	long long said[SAIDS], rows;
	const json_t *chain[RESULTS_LEVELS + 1];
	struct fault *f;
};

/* ------------------------------------------------------------------ a result
 */

/* The tool's word by the format's lists: a word that is in neither is other. */
static enum said
said_of(const struct results_format *k, const char *word)
{
	char padded[WORD_MAX + 3];
	size_t n = 0;

	if (word == NULL || strlen(word) > WORD_MAX ||
	    strchr(word, ' ') != NULL)
		return SAID_OTHER;
	padded[n++] = ' ';
	for (; *word != '\0'; word++)
		padded[n++] = (char)tolower((unsigned char)*word);
	padded[n++] = ' ';
	padded[n] = '\0';
	if (n > 2 && strstr(k->fail, padded) != NULL)
		return SAID_FAIL;
	return n > 2 && strstr(k->pass, padded) != NULL ? SAID_PASS
							: SAID_OTHER;
}

struct row {
	char scratch[6][32];
	const char *rule, *title, *stated, *severity, *target;
};

static void
row_read(const struct taking *t, const struct results_format *k, size_t depth,
    struct row *r)
{
	const size_t size = sizeof(r->scratch[0]);

	r->rule = results_text(&k->rule, t->chain, depth, r->scratch[0], size);
	r->title =
	    results_text(&k->title_of, t->chain, depth, r->scratch[1], size);
	r->stated =
	    results_text(&k->result, t->chain, depth, r->scratch[2], size);
	if (r->stated == NULL)
		r->stated = results_text(
		    &k->otherwise, t->chain, depth, r->scratch[3], size);
	r->severity =
	    results_text(&k->severity, t->chain, depth, r->scratch[4], size);
	r->target =
	    results_text(&k->target, t->chain, depth, r->scratch[5], size);
}

static int
key_of(struct taking *t, const struct row *r, struct buf *key)
{
	const char *target = r->target != NULL ? r->target : "-";

	text_clean(key, r->rule, strlen(r->rule), NAME_MAX_LEN / 4);
	buf_putc(key, ' ');
	text_clean(key, target, strlen(target), NAME_MAX_LEN / 4);
	return key_once(t->seen, key, t->f);
}

static int
keep_row(struct taking *t, const struct row *r, enum said said)
{
	ATTRS_AUTO(a);
	BUF_AUTO(key, NAME_MAX_LEN);

	if (key_of(t, r, &key) == -1)
		return -1;
	attrs_str(&a, "result", said_names[said]);
	attrs_str(&a, "rule", r->rule);
	attrs_str(&a, "severity", r->severity);
	attrs_str(&a, "stated", r->stated);
	attrs_str(&a, "target", r->target);
	attrs_str(&a, "title", r->title);
	return emit_observed(
	    &t->e, &external_result_kind, key.p, &a, t->path, t->f);
}

static int
take_row(struct taking *t, const struct results_format *k, size_t depth)
{
	enum said said;
	struct row r = { .rule = NULL };

	if (++t->rows > RESULTS_MAX)
		return fault(t->f, FAULT_LIMIT, "over %d results", RESULTS_MAX);
	row_read(t, k, depth, &r);
	if (r.rule == NULL)
		return fault(t->f, FAULT_FORMAT,
		    "%s, but result %lld names no rule", k->title, t->rows);
	said = said_of(k, r.stated);
	t->said[said]++;
	return t->keep ? keep_row(t, &r, said) : 0;
}

/* ------------------------------------------------------------------- lists */

struct descent {
	struct taking *t;
	const struct results_format *k;
	size_t depth;
};

static int descend(void *ctx, const json_t *v);

static int
each_below(struct taking *t, const struct results_format *k, size_t depth)
{
	struct descent d = { t, k, depth + 1 };

	return path_each(t->chain[depth], k->lists[depth], descend, &d);
}

static int
descend(void *ctx, const json_t *v)
{
	struct descent *d = ctx;

	d->t->chain[d->depth] = v;
	if (d->depth == RESULTS_LEVELS || d->k->lists[d->depth] == NULL)
		return take_row(d->t, d->k, d->depth);
	return each_below(d->t, d->k, d->depth);
}

/* All results of the document, by every row of the table that fits it. */
static int
take_all(struct taking *t, const json_t *doc, struct fault *f)
{
	t->f = f;
	t->chain[0] = doc;
	t->rows = 0;
	memset(t->said, 0, sizeof(t->said));
	for (const struct results_format *k = results_formats; k->name != NULL;
	     k++)
		if (strcmp(k->name, t->format->name) == 0 &&
		    results_is(k, doc) && each_below(t, k, 0) != 0)
			return -1;
	return 0;
}

/* -------------------------------------------------------------- a document */

static const char *
file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* What is stated of the document, by the format's own rows. */
static const char *
stated(const struct taking *t, const struct results_value *v, char scratch[32])
{
	return results_text(v, t->chain, 0, scratch, 32);
}

static void
scope_of(const struct taking *t, struct buf *out)
{
	char scratch[32];
	const char *about = stated(t, &t->format->about, scratch);

	if (about == NULL)
		about = file_name(t->path);
	buf_printf(out, "results/%s/", t->format->name);
	text_clean(out, about, strlen(about), NAME_MAX_LEN / 4);
}

static int
keep_report(struct taking *t)
{
	const struct results_format *k = t->format;
	char scratch[4][32];
	const char *about = stated(t, &k->about, scratch[0]);
	BUF_AUTO(key, NAME_MAX_LEN);
	ATTRS_AUTO(a);

	attrs_str(&a, "about", about);
	attrs_str(&a, "digest", t->hex);
	attrs_int(&a, "fail", t->said[SAID_FAIL]);
	attrs_str(&a, "file", file_name(t->path));
	attrs_str(&a, "format", k->name);
	attrs_int(&a, "other", t->said[SAID_OTHER]);
	attrs_int(&a, "pass", t->said[SAID_PASS]);
	attrs_str(&a, "scanner", stated(t, &k->scanner, scratch[1]));
	attrs_str(&a, "time", stated(t, &k->time, scratch[2]));
	attrs_str(&a, "version", stated(t, &k->version, scratch[3]));
	if (about == NULL)
		about = file_name(t->path);
	text_clean(&key, about, strlen(about), NAME_MAX_LEN / 4);
	if (buf_done(&key, "report", t->f) == -1)
		return -1;
	return emit_observed(
	    &t->e, &external_report_kind, key.p, &a, t->path, t->f);
}

static const struct results_format *
format_of(const json_t *doc)
{
	for (const struct results_format *k = results_formats; k->name != NULL;
	     k++)
		if (results_is(k, doc))
			return k;
	return NULL;
}

/* The file as a value, and what it is. NULL with the fault. */
static json_t *
open_document(
    struct taking *t, struct crypto *c, const char *path, struct fault *f)
{
	struct fault why = { 0 };
	uint8_t d[SHA256_LEN];
	char scratch[160];
	json_t *doc = NULL;
	bool xml = false;
	BUF_AUTO(bytes, RESULTS_FILE_MAX);

	t->path = path;
	if (file_read(path, &bytes, f) == -1 ||
	    digest_sha256(c, bytes.p, bytes.len, d, f) == -1)
		return NULL;
	hex_encode(d, SHA256_LEN, t->hex);
	doc =
	    results_read(bytes.p != NULL ? bytes.p : "", bytes.len, &xml, &why);
	if (doc == NULL) {
		(void)fault(f, why.kind, "%.200s: %.250s", path, why.text);
		return NULL;
	}
	if ((t->format = format_of(doc)) == NULL) {
		(void)fault(f, FAULT_FORMAT,
		    "%.200s: not understood: it seems to be %s. 'exhibit "
		    "collect --help' names what is read.",
		    path, results_seems(doc, xml, scratch, sizeof(scratch)));
		json_decref(doc);
		return NULL;
	}
	return doc;
}

/* The first time: is all of it understood, of no scope that came before, and
 * of no older time than what is known? */
static int
look_at_file(struct taking *t, const struct request *r, const char *path,
    json_t *scopes, struct fault *f)
{
	struct fault why = { 0 };
	json_t *doc = open_document(t, r->crypto, path, f);
	char scratch[32];
	const char *time;
	bool dated;
	int64_t when = 0;
	int rc;
	BUF_AUTO(scope, NAME_MAX_LEN);

	if (doc == NULL)
		return -1;
	if ((rc = take_all(t, doc, &why)) == -1)
		(void)fault(f, why.kind, "%.200s: %.250s", path, why.text);
	scope_of(t, &scope);
	time = stated(t, &t->format->time, scratch);
	dated = time != NULL && scan_time(time, &when);
	json_decref(doc);
	if (rc == -1 || buf_done(&scope, "scope", f) == -1 ||
	    (dated && scan_is_newest(r, scope.p, when, f) == -1))
		return -1;
	if (json_object_get(scopes, scope.p) != NULL)
		return fault(f, FAULT_USAGE,
		    "%.200s: a second file about %.200s: collect the newer "
		    "alone",
		    path, scope.p);
	return json_object_set_new(scopes, scope.p, json_true()) == -1
		   ? fault_memory(f)
		   : 0;
}

static int
keep_file(struct taking *t, struct crypto *c, const char *path, struct fault *f)
{
	json_t *doc = open_document(t, c, path, f);
	int rc = -1;
	BUF_AUTO(scope, NAME_MAX_LEN);

	if (doc == NULL)
		return -1;
	t->chain[0] = doc;
	t->seen = json_object();
	scope_of(t, &scope);
	if (t->seen == NULL)
		(void)fault_memory(f);
	else if (buf_done(&scope, "scope", f) == 0 &&
		 emitter_init(&t->e, t->sink, results_kinds, "results", scope.p,
		     f) == 0) {
		if (take_all(t, doc, f) == 0 && keep_report(t) == 0)
			rc = emit_coverage(&t->e, OUTCOME_OBSERVED, NULL, f);
		emitter_free(&t->e);
	}
	json_decref(t->seen);
	json_decref(doc);
	return rc;
}

static int
collect(const struct request *r, const struct sink *sink, struct fault *f)
{
	struct taking t = { .sink = sink };
	json_t *scopes = json_object();
	int rc = scopes == NULL ? fault_memory(f) : 0;

	if (r->noperands == 0)
		rc = fault(f, FAULT_USAGE,
		    "results: which files? name what Prowler, Security Hub, "
		    "kube-bench, kubescape, Trivy, Nessus, InSpec or a STIG "
		    "checklist gives");
	for (size_t i = 0; rc == 0 && i < r->noperands; i++)
		rc = look_at_file(&t, r, r->operands[i], scopes, f);
	t.keep = true;
	for (size_t i = 0; rc == 0 && i < r->noperands; i++) {
		if (r->progress != NULL)
			r->progress(r->progress_ctx, r->operands[i]);
		rc = keep_file(&t, r->crypto, r->operands[i], f);
	}
	json_decref(scopes);
	return rc;
}

extern const struct collector results_collector; /* in collector/table.c */

static const struct collector_option no_options[] = { { 0 } };

const struct collector results_collector = {
	.name = "results",
	.about = "results of other tools, as third-party evidence, from files",
	.operands = "FILE ...",
	.kinds = results_kinds,
	.options = no_options,
	.collect = collect,
};
