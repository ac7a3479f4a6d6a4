/* See packing.h. */
#include "report/package/packing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/build.h"
#include "base/folder.h"
#include "base/file.h"
#include "base/period.h"
#include "report/judge/judge.h"
#include "report/package/checkpoint.h"
#include "store/proof.h"

struct packing {
	const struct packing_request *q;
	struct sealing *seal;
	const struct checks *checks;
	struct store *st;     /* the living one */
	struct store *copy;   /* evidence.db in the folder; reads */
	struct store *reader; /* of it: what the report and tables show */
	struct packing_made *made;
	struct package_has has;
	char folder[FOLDER_PATH_MAX], aside[FOLDER_PATH_MAX];
};

#define PIECE_MAX (65UL * 1024 * 1024) /* bytes of a table at once */

/* Sign these bytes of the folder as META-INF/…, detached. */
static int
sign_as(struct packing *p, const struct buf *bytes, const char *name,
    struct buf *cms, struct fault *f)
{
	if (seal_sign(p->seal, bytes, "the package is signed", cms, f) == -1)
		return -1;
	return folder_put(p->folder, name, cms->p, cms->len, f);
}

/* What the judgement says it was, and the period. */
static int
describe(struct packing *p, struct fault *f)
{
	struct package_about *a = &p->made->about;
	struct period period;
	sqlite3_stmt *q = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(store_db(p->copy),
		"SELECT run, as_of, made FROM judgement WHERE id = ?1", -1, &q,
		NULL) != SQLITE_OK)
		return store_fault(p->copy, "judgement", f);
	sqlite3_bind_int64(q, 1, a->judgement);
	if (sqlite3_step(q) == SQLITE_ROW) {
		a->run = sqlite3_column_int64(q, 0);
		(void)snprintf(a->at, UTC_LEN, "%s",
		    (const char *)sqlite3_column_text(q, 1));
		(void)snprintf(a->made, UTC_LEN, "%s",
		    (const char *)sqlite3_column_text(q, 2));
		rc = 0;
	} else {
		(void)store_fault(p->copy, "judgement", f);
	}
	(void)sqlite3_finalize(q);
	if (rc == -1)
		return -1;
	period_quarter_of(a->at, &period);
	(void)snprintf(a->from, UTC_LEN, "%s",
	    p->q->report.from != NULL ? p->q->report.from : period.from);
	(void)snprintf(a->to, UTC_LEN, "%s",
	    p->q->report.from != NULL ? p->q->report.to : period.to);
	(void)snprintf(a->exhibit, sizeof(a->exhibit), "%s", exhibit_build);
	(void)snprintf(a->store, sizeof(a->store), "%s", store_id(p->copy));
	a->templates = p->q->report.templates != NULL;
	return 0;
}

/* ------------------------------------------------------------------- files */

struct filling {
	int fd;
	const char *name;
	struct redactor *redactor; /* or NULL */
};

static int
write_piece(const struct filling *w, const char *s, size_t len, struct fault *f)
{
	while (len > 0) {
		ssize_t n = write(w->fd, s, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fault_errno(f, errno, w->name);
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Whole lines, in which names are words as in any text. */
static int
put_piece(void *ctx, const void *p, size_t len, struct fault *f)
{
	const struct filling *w = ctx;
	BUF_AUTO(line, PIECE_MAX);
	BUF_AUTO(out, 2 * PIECE_MAX);

	if (w->redactor == NULL)
		return write_piece(w, p, len, f);
	buf_put(&line, p, len);
	if (buf_done(&line, w->name, f) == -1 ||
	    (line.len > 0 && redactor_text(w->redactor, line.p, &out, f) == -1))
		return -1;
	return write_piece(w, out.p != NULL ? out.p : "", out.len, f);
}

static int
put_tables(struct packing *p, struct store *reader, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && package_tables[i].file != NULL; i++) {
		struct filling w = { .name = package_tables[i].file,
			.redactor = p->q->redactor };

		if ((w.fd = folder_create(p->folder, w.name, f)) == -1)
			return -1;
		rc = package_table(reader, &p->checks->catalogs,
		    &p->made->about, i, put_piece, &w, f);
		if (close(w.fd) == -1 && rc == 0)
			rc = fault_errno(f, errno, w.name);
	}
	return rc;
}

static int
put_sample(struct packing *p, struct store *reader, struct fault *f)
{
	BUF_AUTO(out, 0);

	if (p->made->about.sample == 0)
		return 0;
	if (package_sample(p->seal->crypto, reader, &p->made->about, &out, f) ==
	    -1)
		return -1;
	return folder_put(p->folder, "csv/sample.csv", out.p, out.len, f);
}

/* The checks and catalogues, as they judged. */
static int
put_rules(struct packing *p, struct fault *f)
{
	char name[256];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < p->checks->n; i++) {
		const struct check *k = &p->checks->list[i];

		(void)snprintf(name, sizeof(name), "checks/%s.sql", k->id);
		rc = folder_put(p->folder, name, k->text, k->len, f);
	}
	for (size_t i = 0; rc == 0 && i < p->checks->catalogs.n; i++) {
		const struct catalog *k = &p->checks->catalogs.list[i];

		(void)snprintf(name, sizeof(name), "catalogs/%s.tsv", k->name);
		rc = folder_put(p->folder, name, k->text, k->len, f);
	}
	return rc;
}

/* The checkpoint of exactly this copy. */
static int
put_checkpoint(struct packing *p, struct buf *note, struct buf *tst,
    struct buf *cms, struct fault *f)
{
	if (log_head(p->copy, &p->made->head, f) == -1 ||
	    checkpoint_note(p->copy, &p->made->head, note, f) == -1 ||
	    folder_put(p->folder, "checkpoint.txt", note->p, note->len, f) ==
		-1 ||
	    sign_as(p, note, PACKAGE_CHECKPOINT_SIGNATURE, cms, f) == -1)
		return -1;
	seal_stamp(p->seal, note, "the package's checkpoint is signed", tst);
	p->has.checkpoint_stamp = tst->len > 0;
	return tst->len == 0 ? 0
			     : folder_put(p->folder, PACKAGE_CHECKPOINT_STAMP,
				   tst->p, tst->len, f);
}

/* That the log of the package before is this one's beginning. */
static int
put_previous(struct packing *p, const char *path, struct fault *f)
{
	char origin[CHECKPOINT_ORIGIN_MAX], want[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;
	uint8_t root[SHA256_LEN];
	BUF_AUTO(note, 4096);
	BUF_AUTO(proof, PROOF_MAX);

	if (package_checkpoint(path, &note, origin, &head, f) == -1)
		return -1;
	(void)snprintf(want, sizeof(want), "exhibit/%s", store_id(p->copy));
	if (strcmp(origin, want) != 0)
		return fault(f, FAULT_USAGE,
		    "--previous %s: is a package of another store", path);
	if (log_root_at(p->copy, head.size, root, f) == -1)
		return -1;
	if (memcmp(root, head.root, SHA256_LEN) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "--previous %s: the store's log had another root at that "
		    "size: its past was changed",
		    path);
	p->has.previous = true;
	if (folder_put(p->folder, "previous-checkpoint.txt", note.p, note.len,
		f) == -1)
		return -1;
	if (head.size == p->made->head.size)
		return 0; /* nothing was added: the checkpoints are equal */
	if (proof_consistency(
		p->copy, head.size, p->made->head.size, &proof, f) == -1)
		return -1;
	return folder_put(p->folder, "consistency.txt", proof.p, proof.len, f);
}

static int
put_texts(struct packing *p, struct fault *f)
{
	char path[FOLDER_PATH_MAX];
	BUF_AUTO(about, PACKAGE_TEXT_MAX);
	BUF_AUTO(how, PACKAGE_TEXT_MAX);
	BUF_AUTO(pem, SIGNER_FILE_MAX);

	if (folder_path(p->folder, "report.poam.xml", path, f) == -1)
		return -1;
	p->has.plan = access(path, F_OK) == 0;
	if (package_about_write(&p->made->about, &about, f) == -1 ||
	    folder_put(p->folder, "package.json", about.p, about.len, f) ==
		-1 ||
	    signer_certificate(p->seal->signer, &pem, f) == -1 ||
	    folder_put(p->folder, "signer.pem", pem.p, pem.len, f) == -1 ||
	    package_verify_text(&p->made->about, &p->has, &how, f) == -1)
		return -1;
	return folder_put(p->folder, "VERIFY.txt", how.p, how.len, f);
}

/* What stands for what: commitments in the package, and if it is asked for the
 * whole, for the preparer alone. */
static int
put_redacted(struct packing *p, struct fault *f)
{
	const char *path = p->q->redact_map;
	int rc;
	BUF_AUTO(table, 1024UL * 1024 * 1024);
	BUF_AUTO(map, 1024UL * 1024 * 1024);

	if (p->q->redactor == NULL)
		return 0;
	if (redactor_table(p->q->redactor, &table, f) == -1 ||
	    folder_put(p->folder, "csv/redacted.csv", table.p, table.len, f) ==
		-1)
		return -1;
	if (path == NULL)
		return 0;
	rc = redactor_map(p->q->redactor, &map, f);
	return rc == 0 ? file_write(path, map.p, map.len, 0600, f) : -1;
}

static int
put_judge_sql(struct packing *p, struct fault *f)
{
	BUF_AUTO(sql, JUDGE_SCRIPT_MAX);

	if (p->q->redactor != NULL) /* there is no evidence.db to ask */
		return 0;
	if (package_judge_sql(
		p->reader, p->seal->crypto, p->made->about.run, &sql, f) == -1)
		return -1;
	return folder_put(p->folder, PACKAGE_JUDGE_SQL, sql.p, sql.len, f);
}

static int
put_queries(struct packing *p, struct fault *f)
{
	const struct query_when when = package_when(&p->made->about);

	if (query_look(p->reader, &when, f) == -1 ||
	    put_tables(p, p->reader, f) == -1 ||
	    put_sample(p, p->reader, f) == -1 || put_judge_sql(p, f) == -1)
		return -1;
	return put_redacted(p, f);
}

/* ----------------------------------------------------------------- sealing */

static int
seal_all(struct packing *p, struct fault *f)
{
	BUF_AUTO(manifest, MANIFEST_MAX);
	BUF_AUTO(stamped, MANIFEST_MAX);
	BUF_AUTO(tst, 1024 * 1024);
	BUF_AUTO(cms, SIGNATURE_MAX);

	if (package_seal(p->folder, p->seal->crypto, &manifest, f) == -1 ||
	    sign_as(p, &manifest, PACKAGE_SIGNATURE, &cms, f) == -1 ||
	    digest_sha384(p->seal->crypto, manifest.p, manifest.len,
		p->made->manifest, f) == -1)
		return -1;
	if (!p->has.stamp)
		return 0;
	if (package_stamped(p->folder, p->seal->crypto, &stamped, f) == -1)
		return -1;
	seal_stamp(p->seal, &stamped, "the package is signed", &tst);
	if (tst.len == 0)
		return fault(f, FAULT_REMOTE,
		    "no time stamp for the package, which would say that it "
		    "has one");
	if (folder_put(p->folder, PACKAGE_STAMPED, stamped.p, stamped.len, f) ==
	    -1)
		return -1;
	return folder_put(p->folder, PACKAGE_STAMP, tst.p, tst.len, f);
}

static int
open_copy(struct packing *p, struct fault *f)
{
	char path[FOLDER_PATH_MAX];

	/* names stand in the evidence: redacted, it stays here */
	if (folder_path(p->q->redactor != NULL ? p->aside : p->folder,
		"evidence.db", path, f) == -1 ||
	    store_copy(p->st, path, f) == -1)
		return -1;
	p->copy = store_open(
	    path, STORE_READ, store_kinds(p->st), p->seal->crypto, f);
	if (p->copy == NULL)
		return -1;
	p->reader = store_reader(p->copy, f);
	return p->reader != NULL ? 0 : -1;
}

static int
put_report(struct packing *p, struct fault *f)
{
	char base[FOLDER_PATH_MAX];
	struct report_request report = p->q->report;
	struct judged j = { .st = p->copy,
		.reader = p->reader,
		.checks = p->checks,
		.id = p->q->judgement };

	if (folder_path(p->folder, "report", base, f) == -1)
		return -1;
	report.base = base;
	if (report_write_whole(&report, &j, p->seal, p->q->redactor,
		p->q->redact_profile, f) == -1)
		return -1;
	memcpy(p->made->counts, j.counts, sizeof(j.counts));
	return 0;
}

/* Everything of the package into its folder, signed: the evidence and what is
 * made of it. note, cms and tst get the checkpoint, its signature and token. */
static int
fill(struct packing *p, struct buf *note, struct buf *cms, struct buf *tst,
    struct fault *f)
{
	const char *previous = p->q->previous;

	if (open_copy(p, f) == -1 || describe(p, f) == -1 ||
	    put_report(p, f) == -1 ||
	    put_checkpoint(p, note, tst, cms, f) == -1 ||
	    (previous != NULL && put_previous(p, previous, f) == -1))
		return -1;
	/* if the checkpoint could not be stamped, the package cannot either */
	p->has.stamp = p->seal->tsa != NULL && !p->seal->missed;
	if (put_queries(p, f) == -1 || put_rules(p, f) == -1 ||
	    put_texts(p, f) == -1)
		return -1;
	store_close(p->reader);
	store_close(p->copy);
	p->copy = p->reader = NULL;
	return seal_all(p, f);
}

/* --------------------------------------------------------------- the whole */

/* What was handed over is part of the living store's log. */
static int
log_package(struct packing *p, const struct buf *note, const struct buf *cms,
    const struct buf *tst, struct fault *f)
{
	const char *slash = strrchr(p->q->path, '/');
	const char *name = slash != NULL ? slash + 1 : p->q->path;
	char hex[SHA384_HEX], made[UTC_LEN];
	json_t *v;
	int rc;
	BUF_AUTO(body, 65536);

	p->seal->clock(p->seal->ctx, made);
	hex_encode(p->made->manifest, SHA384_LEN, hex);
	if (checkpoint_put(p->st, made, &p->made->head, note->p, cms->p,
		cms->len, tst->len > 0 ? tst->p : NULL, tst->len, f) == -1)
		return -1;
	v = json_pack("{s:I, s:I, s:s, s:s, s:o, s:I, s:s}", "files",
	    (json_int_t)p->made->files, "judgement",
	    (json_int_t)p->made->about.judgement, "made", made,
	    "manifest_sha384", hex, "name", json_text(name, strlen(name)),
	    "size", (json_int_t)p->made->head.size, "type", "package");
	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, &body, f);
	json_decref(v);
	if (rc == 0)
		rc = log_append(p->st, "package", body.p, body.len, NULL, f);
	return rc == 0 ? checkpoint_seal(p->st, p->seal, f) : -1;
}

static int
count_file(void *ctx, const char *name, struct fault *f)
{
	size_t *n = ctx;

	(void)name;
	(void)f;
	++*n;
	return 0;
}

/* Folders beside the package, so that renaming it in place is one step. */
static int
make_folders(struct packing *p, struct fault *f)
{
	char parent[FOLDER_PATH_MAX];
	char *slash;

	(void)snprintf(parent, sizeof(parent), "%s", p->q->path);
	if ((slash = strrchr(parent, '/')) == NULL)
		(void)snprintf(parent, sizeof(parent), ".");
	else
		slash[slash == parent ? 1 : 0] = '\0';
	if (folder_new(parent, ".exhibit-package", p->folder, f) == -1)
		return -1;
	if (p->q->redactor == NULL ||
	    folder_new(parent, ".exhibit-evidence", p->aside, f) == 0)
		return 0;
	folder_remove(p->folder);
	return -1;
}

static int
check_request(const struct packing_request *q, struct fault *f)
{
	if (q->sample > 0 && q->redactor != NULL)
		return fault(f, FAULT_USAGE,
		    "--sample is drawn by names, which --redact replaces: "
		    "leave one of them out");
	if (q->sample > 0 && !package_seed_ok(q->seed))
		return fault(f, FAULT_USAGE,
		    "--seed %s: 1 to %d of A-Z a-z 0-9 . _ -", q->seed,
		    PACKAGE_SEED_MAX);
	return 0;
}

int
package_make(const struct packing_request *q, struct store *st,
    const struct checks *checks, struct sealing *seal, struct packing_made *out,
    struct fault *f)
{
	struct packing p = {
		.q = q, .seal = seal, .checks = checks, .st = st, .made = out
	};
	int rc;
	BUF_AUTO(note, 1024);
	BUF_AUTO(cms, SIGNATURE_MAX);
	BUF_AUTO(tst, 1024 * 1024);

	*out = (struct packing_made){ .about = { .judgement = q->judgement,
					  .sample = q->sample } };
	if (check_request(q, f) == -1)
		return -1;
	if (q->sample > 0)
		(void)snprintf(
		    out->about.seed, sizeof(out->about.seed), "%s", q->seed);
	if (q->redactor != NULL)
		(void)snprintf(out->about.redacted, sizeof(out->about.redacted),
		    "%s", q->redact_profile);
	if (make_folders(&p, f) == -1)
		return -1;
	rc = fill(&p, &note, &cms, &tst, f);
	if (rc == 0)
		rc = folder_each(p.folder, count_file, &out->files, f);
	if (rc == 0)
		rc = package_pack(p.folder, q->path, f);
	store_close(p.reader);
	store_close(p.copy);
	folder_remove(p.folder);
	if (q->redactor != NULL)
		folder_remove(p.aside);
	return rc == 0 ? log_package(&p, &note, &cms, &tst, f) : -1;
}
