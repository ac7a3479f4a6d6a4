/* exhibit verify: every digest, root and signature again. */
#include "cli/cli.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/config.h"
#include "report/policy/policy_file.h"
#include "cli/prove.h"
#include "report/package/package.h"
#include "report/package/verifying.h"

#define PROBLEMS_SHOWN 100

/* What verify is asked, and what is told of it. */
struct asked_verify {
	struct verify_request request;
	const char *proof;
	char *const *files; /* borrowed */
	int nfiles;
	struct buf anchors, tsa, crls; /* owned; PEM or DER */
	struct policy policy;	       /* of --signers; owned */
	bool chosen;		       /* the reader said whom to trust */
	long long problems;	       /* told */
};

/* ----------------------------------------------------------------- telling */

static void
print_step(const char *mark, const char *where, const char *what)
{
	printf("  %-6s ", mark);
	print_clean(stdout, where, 300);
	(void)fputs(where[0] != '\0' ? ": " : "", stdout);
	print_clean(stdout, what, 2000);
	printf("\n");
}

static void
tell_step(void *ctx, enum verify_mark mark, const char *where, const char *what)
{
	struct asked_verify *q = ctx;

	switch (mark) {
	case VERIFY_FILE:
		printf("%s\n", where);
		return;
	case VERIFY_HOLDS:
		print_step("ok", where, what);
		return;
	case VERIFY_OPEN:
		print_step("-", where, what);
		return;
	case VERIFY_NOTE:
		printf("  %s\n", what);
		return;
	case VERIFY_WRONG:
		if (++q->problems > PROBLEMS_SHOWN)
			return;
		printf("  WRONG  ");
		print_clean(stdout, where, 300);
		printf(": ");
		print_clean(stdout, what, 600);
		printf("\n");
		return;
	}
}

static void
print_trust(const struct asked_verify *q, const struct signature_info *i)
{
	char until[UTC_LEN];

	if (!i->trusted) {
		printf("         NOT TRUSTED: no --trust given to check it "
		       "against\n");
		return;
	}
	printf("         chains to %s, %s\n", i->anchor,
	    q->chosen ? "which you trust"
		      : "from " DEFAULT_CERT ", which came with the evidence");
	if (i->unrevoked)
		printf("         not revoked by then, by the lists given\n");
	else
		printf("         whether it was revoked was not looked up%s\n",
		    q->crls.len > 0 ? "" : ": no --crl given");
	if (!i->expired)
		return;
	utc_format(i->until, until);
	printf("         EXPIRED on %.10s: that it was signed before, only the "
	       "signature says\n",
	    until);
}

static void
print_stamp(const struct signature_info *i)
{
	char when[UTC_LEN];

	utc_format(i->stamp.time, when);
	if (i->stamp.state == STAMP_TRUSTED)
		printf(
		    "         time-stamped: signed by %s at the latest, says "
		    "%s\n",
		    when, i->stamp.subject);
	else if (i->stamp.state == STAMP_UNTRUSTED)
		printf(
		    "         a time stamp of %s by %s, NOT TRUSTED: name the "
		    "authority's\n         certificate with --tsa-cert\n",
		    when, i->stamp.subject);
	else
		printf("         no time stamp: when it was signed, it only "
		       "claims\n");
}

static void
print_signature(void *ctx, const struct signature_info *i)
{
	char when[UTC_LEN];

	utc_format(i->signing_time, when);
	printf("  signed by %s\n         %s, %s, claims %s\n         "
	       "certificate %s\n",
	    i->subject, i->algorithm, i->digest, when, i->fingerprint);
	print_trust(ctx, i);
	print_stamp(i);
}

static void
tell_proof(void *ctx, const struct proof *p)
{
	(void)ctx;
	print_proof(p);
}

/* ------------------------------------------------------------------ asking */

static int
read_given(
    const char *path, struct buf *into, struct slice *out, struct fault *f)
{
	if (path == NULL)
		return 0;
	if (file_read(path, into, f) == -1)
		return -1;
	if (into->len > 0)
		*out = (struct slice){ into->p, into->len };
	return 0;
}

/* Authorities whose time stamps count by the policy. */
static int
read_authorities(struct asked_verify *q, struct fault *f)
{
	for (size_t i = 0; i < q->policy.n; i++) {
		const struct policy_signer *s = &q->policy.list[i];

		if ((s->roles & POLICY_STAMP) == 0)
			continue;
		buf_put(&q->tsa, s->pem.p, s->pem.len);
		buf_putc(&q->tsa, '\n');
	}
	if (buf_done(&q->tsa, "authorities", f) == -1)
		return -1;
	if (q->tsa.len > 0)
		q->request.tsa = (struct slice){ q->tsa.p, q->tsa.len };
	return 0;
}

/* What --cert or --trust, --tsa-cert and --crl name. */
static int
read_trust(const struct options *o, struct asked_verify *q, struct fault *f)
{
	const char *path = option(o, "cert"), *tsa = option(o, "tsa-cert"),
		   *crl = option(o, "crl"), *signers = option(o, "signers");
	struct verify_request *r = &q->request;

	if (path != NULL && option(o, "trust") != NULL)
		return fault(f, FAULT_USAGE,
		    "--cert and --trust say the same: give one");
	if (path == NULL)
		path = option(o, "trust");
	if (signers != NULL) {
		if (path != NULL)
			return fault(f, FAULT_USAGE,
			    "--signers and --trust both say whom to trust: "
			    "give one");
		if (policy_file_read(signers, r->crypto, &q->policy, f) == -1)
			return -1;
		r->policy = &q->policy;
		if (tsa == NULL && read_authorities(q, f) == -1)
			return -1;
	}
	q->chosen = path != NULL || signers != NULL || r->fingerprints != NULL;
	if (!q->chosen && access(DEFAULT_CERT, F_OK) == 0)
		path = DEFAULT_CERT;
	if (read_given(path, &q->anchors, &r->anchors, f) == -1 ||
	    read_given(tsa, &q->tsa, &r->tsa, f) == -1 ||
	    read_given(crl, &q->crls, &r->crls, f) == -1)
		return -1;
	if ((tsa != NULL && r->tsa.len == 0) ||
	    (crl != NULL && r->crls.len == 0))
		return fault(f, FAULT_USAGE, "%s: is empty",
		    tsa != NULL && r->tsa.len == 0 ? tsa : crl);
	return 0;
}

static int
verify_read(struct cli *cli, const struct options *o, struct asked_verify *q,
    struct fault *f)
{
	*q =
	    (struct asked_verify){ .request = { .crypto = cli->crypto,
				       .kinds = kinds,
				       .verbose = cli->verbose,
				       .checkpoint = option(o, "checkpoint"),
				       .previous = option(o, "previous"),
				       .published = option(o, "published"),
				       .own_checks = option(o, "checks"),
				       .own_catalogs = option(o, "catalogs"),
				       .templates = option(o, "templates"),
				       .subject = option(o, "subject"),
				       .fingerprints = option(o, "fingerprint"),
				       .tmp = cli->tmp },
		    .proof = option(o, "proof"),
		    .files = o->operands,
		    .nfiles = o->noperands,
		    .anchors = { .max = ANCHORS_MAX },
		    .tsa = { .max = ANCHORS_MAX },
		    .crls = { .max = CRLS_BYTES_MAX } };
	(void)utc_parse(cli->now, &q->request.now);
	return read_trust(o, q, f);
}

/* ------------------------------------------------------------------- whole */

static int
verify_all(struct cli *cli, const struct asked_verify *q, struct verifying *v,
    struct fault *f)
{
	struct store *st = NULL;
	bool package = q->nfiles > 0 && package_is(q->files[0]);
	bool wanted = cli->store_given || q->nfiles == 0 ||
		      q->request.published != NULL ||
		      q->request.checkpoint != NULL ||
		      access(DEFAULT_STORE, F_OK) == 0;
	int rc = 0;

	if (q->proof != NULL) { /* needs no store */
		if (q->nfiles > 0)
			return fault(f, FAULT_USAGE,
			    "verify --proof takes no other file, as '%.200s'",
			    q->files[0]);
		return verify_proof(v, q->proof, f);
	}
	if (package) { /* brings its store along */
		if (q->nfiles > 1)
			return fault(f, FAULT_USAGE,
			    "verify takes one package, and no other file");
		return verify_package(v, q->files[0], f);
	}
	if (q->request.previous != NULL)
		return fault(
		    f, FAULT_USAGE, "--previous is for a package: name one");
	if (wanted && (st = cli_store(cli, STORE_READ, false, f)) == NULL)
		return -1;
	if (st != NULL)
		rc = verify_store(v, st, f);
	for (int i = 0; rc == 0 && i < q->nfiles; i++)
		rc = verify_file(v, q->files[i], st, f);
	store_close(st);
	return rc;
}

/* What verified is everything only if everything was compared, under a
 * certificate that the reader chose. */
static int
conclude(const struct asked_verify *q, const struct verifying *v)
{
	bool anchored = q->request.anchors.p != NULL;

	if (v->open == 0 && !v->untrusted && v->expired == 0 &&
	    (q->chosen || !anchored)) {
		printf("Everything verifies.\n");
		return STATUS_OK;
	}
	printf("Nothing was found wrong, but not everything is verified:\n");
	if (v->open > 0)
		printf("  %lld thing%s not compared, marked '-' above\n",
		    v->open, v->open == 1 ? " was" : "s were");
	if (v->untrusted)
		printf("  who signed was not checked: name the certificate "
		       "you trust with --trust\n");
	else if (!q->chosen && anchored)
		printf("  the trust anchor, ./" DEFAULT_CERT ", came with the "
		       "evidence: name the certificate\n  you trust with "
		       "--trust\n");
	if (v->expired > 0)
		printf("  %lld signature%s by a certificate that has expired "
		       "since: without a time\n  stamp that is trusted nobody "
		       "but the signer says when\n",
		    v->expired, v->expired == 1 ? " is" : "s are");
	return STATUS_FINDINGS;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct asked_verify q;
	struct verifying v = { .q = &q.request,
		.to = { tell_step, print_signature, tell_proof, &q } };
	int rc = verify_read(cli, o, &q, f);

	if (rc == 0)
		rc = verify_all(cli, &q, &v, f);
	buf_free(&q.anchors);
	buf_free(&q.tsa);
	buf_free(&q.crls);
	policy_free(&q.policy);
	if (rc == -1)
		return -1;
	if (q.problems > PROBLEMS_SHOWN)
		printf("  ... and %lld more\n", q.problems - PROBLEMS_SHOWN);
	if (v.problems > 0)
		return fault(f, FAULT_INTEGRITY,
		    "%lld thing%s wrong, named above", v.problems,
		    v.problems == 1 ? " is" : "s are");
	return conclude(&q, &v);
}

const struct command cmd_verify = {
	.name = "verify",
	.operands = "[FILE ...]",
	.about = "check every digest, root and signature again",
	.help =
	    "Verifies the store (--store, or " DEFAULT_STORE
	    " if it is here): every content against its\ndigest, every run "
	    "against its roots, the log against its checkpoints and their\n"
	    "signatures; and every judgement, which is evaluated again from "
	    "the "
	    "evidence.\nVerifies each FILE against FILE.p7s, and what it says "
	    "against the store.\nWith "
	    "--proof, verifies "
	    "only that proof and needs no store.\n\n"
	    "Whatever differs is named and the status is 3. What was not "
	    "compared is marked '-'\nand the status is 1, as it is without a "
	    "certificate that you named: one that came\nwith the evidence "
	    "proves nothing. No " DEFAULT_CONFIG " is read unless --config "
	    "names it.",
	.options =
	    (const struct option_def[]){
		{ "cert", "FILE", "certificates you trust, PEM" },
		{ "trust", "FILE", "the same, as one says of a CA" },
		{ "signers", "FILE", "signers.yaml: who may have signed what" },
		{ "subject", "NAME", "who must have signed, as in CN=... " },
		{ "fingerprint", "SHA256",
		    "certificates that may have signed" },
		{ "checks", "DIR", "checks you take for exhibit's own" },
		{ "catalogs", "DIR", "catalogues you take for exhibit's own" },
		{ "templates", "DIR", "what pages were made with" },
		{ "previous", "FILE", "of a package: the one before it" },
		{ "checkpoint", "FILE",
		    "a checkpoint kept elsewhere: its text" },
		{ "published", "DIR",
		    "what 'exhibit checkpoint publish' wrote there" },
		{ "proof", "FILE", "what 'exhibit prove' wrote; no store" },
		{ "tsa-cert", "FILE",
		    "certificates of a time-stamp authority, PEM" },
		{ "crl", "FILE", "revocation lists of the CAs, PEM or DER" },
		{ 0 },
	    },
	.judges_folder = true,
	.run = run,
};
