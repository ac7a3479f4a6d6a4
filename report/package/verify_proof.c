/* A proof, which needs no store. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "report/package/checkpoint.h"
#include "report/package/verifying.h"

/* 1: it is the checkpoint that was kept, and needs no signature; 0: it is of
 * another size, or none was kept; -1. */
static int
compare_kept(struct verifying *v, const char *path, const char *where,
    const struct proof_checkpoint *c, struct fault *f)
{
	char origin[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;

	if (path == NULL)
		return 0;
	if (checkpoint_kept(path, origin, &head, f) == -1)
		return -1;
	if (strcmp(origin, c->origin) != 0)
		verify_problem(v, where, "is a proof of another store's");
	else if (head.size == c->head.size &&
		 memcmp(head.root, c->head.root, SHA256_LEN) != 0)
		verify_problem(v, where,
		    "the checkpoint that was kept has another root at that "
		    "size: there are two pasts");
	else if (head.size == c->head.size)
		return 1;
	return 0;
}

static int
verify_proof_checkpoint(struct verifying *v, const char *path, const char *kept,
    const struct proof_checkpoint *c, struct fault *f)
{
	struct signature_info info;
	struct fault why = { 0 };
	int same = compare_kept(v, kept, path, c, f);

	if (same == -1)
		return -1;
	if (same == 1)
		verify_say(v, VERIFY_NOTE, "",
		    "%s: the checkpoint of %lld entries is the one that was "
		    "kept",
		    kept, c->head.size);
	if (c->cms.len == 0)
		v->untrusted |= same == 0;
	else if (verify_bytes(v, c->note.p, c->note.len, c->cms.p, c->cms.len,
		     &info, &why) == 0)
		v->to.signature(v->to.ctx, &info);
	else if (why.kind == FAULT_INTEGRITY || why.kind == FAULT_FORMAT)
		verify_problem(v, path, why.text);
	else
		return fault(f, why.kind, "%s: %.900s", path, why.text);
	return same;
}

static int
verify_proof_kept(struct verifying *v, const char *path, const char *kept,
    const struct proof *p, struct fault *f)
{
	int first = 0, at;

	if (p->type == PROOF_CONSISTENCY)
		first = verify_proof_checkpoint(v, path, kept, &p->first, f);
	if (first == -1 ||
	    (at = verify_proof_checkpoint(v, path, kept, &p->at, f)) == -1)
		return -1;
	if (kept != NULL && first == 0 && at == 0 && v->problems == 0)
		return fault(f, FAULT_USAGE,
		    "%s: is under a checkpoint of another size than %s; "
		    "'exhibit "
		    "prove --checkpoint' makes one under that",
		    path, kept);
	return 0;
}

/* What begins as one and is cut or changed is a proof that is wrong. */
static bool
is_proof(const struct buf *text)
{
	static const char begins[] = "exhibit proof";

	return text->len >= sizeof(begins) - 1 &&
	       memcmp(text->p, begins, sizeof(begins) - 1) == 0;
}

int
verify_proof(struct verifying *v, const char *path, struct fault *f)
{
	const char *kept = v->q->checkpoint;
	struct proof *p = malloc(sizeof(*p));
	struct fault why = { 0 };
	int rc;
	BUF_AUTO(text, PROOF_MAX);

	if (p == NULL)
		return fault_memory(f);
	verify_say(v, VERIFY_FILE, path, "%s", "");
	if ((rc = file_read(path, &text, f)) == 0) {
		if (proof_check(v->q->crypto, text.p != NULL ? text.p : "",
			text.len, p, &why) == 0) {
			v->to.proof(v->to.ctx, p);
			rc = verify_proof_kept(v, path, kept, p, f);
			proof_free(p);
		} else if (!is_proof(&text)) {
			rc = fault(f, FAULT_USAGE,
			    "%s: not a proof. 'exhibit prove' writes them; "
			    "pass reports and packages without --proof.",
			    path);
		} else if (why.kind == FAULT_IO) {
			rc = fault(f, FAULT_IO, "%s", why.text);
		} else {
			verify_problem(v, path, why.text);
		}
	}
	free(p);
	return rc;
}
