/* exhibit prove: a proof that leaves the store. */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/prove.h"
#include "report/package/checkpoint.h"
#include "base/number.h"

/* ------------------------------------------------------------------- saying
 */

/* On a line of its own; a hostile proof drives no terminal. */
static void
print_slice(const struct slice *s)
{
	struct buf b = { .max = 8 * TEXT_MAX };

	text_clean(&b, s->p, s->len, TEXT_MAX);
	printf("    %s\n", b.p != NULL ? b.p : "");
	buf_free(&b);
}

static void
print_subject(const struct proof *p)
{
	char hex[SHA256_HEX];

	printf("  ");
	print_clean(stdout, p->kind, KIND_VIEW_MAX);
	printf(" ");
	print_clean(stdout, p->key, NAME_MAX_LEN);
	printf(" in ");
	print_clean(stdout, p->scope, NAME_MAX_LEN);
	printf("\n  was %s in the state as of run %lld (",
	    p->type == PROOF_PRESENT ? "present" : "ABSENT", p->run);
	print_clean(stdout, p->state, sizeof(p->state));
	printf(", %s)\n", p->ended);
	if (p->type != PROOF_PRESENT)
		return;
	hex_encode(p->sha256, SHA256_LEN, hex);
	printf("  content %s%s\n", hex,
	    p->content.p == NULL ? ", its bytes were dropped by retention"
				 : ":");
	if (p->content.p != NULL)
		print_slice(&p->content);
}

static void
print_checkpoint(const struct proof_checkpoint *c)
{
	char hex[SHA256_HEX];

	hex_encode(c->head.root, SHA256_LEN, hex);
	printf("  checkpoint of ");
	print_clean(stdout, c->origin, sizeof(c->origin));
	printf(", %lld entries, root\n    %s%s\n", c->head.size, hex,
	    c->cms.len == 0 ? "\n  NOT SIGNED" : "");
}

void
print_proof(const struct proof *p)
{
	if (p->type == PROOF_PRESENT || p->type == PROOF_ABSENT)
		print_subject(p);
	if (p->type == PROOF_RECORD) {
		printf("  entry %lld of the log is\n", p->seq);
		print_slice(&p->record);
	}
	if (p->type == PROOF_CONSISTENCY) {
		printf("  the log of %lld entries begins with that of %lld "
		       "entries, unchanged\n",
		    p->at.head.size, p->first.head.size);
		print_checkpoint(&p->first);
	}
	print_checkpoint(&p->at);
}

/* -------------------------------------------------------------------- asking
 */

static int
number_of(const char *what, const char *s, long long *out, struct fault *f)
{
	return number_read(s, 0, NUMBERS_MAX, out)
		   ? 0
		   : fault(f, FAULT_USAGE, "%s '%.60s': not a number", what, s);
}

/* The size of the log that a kept checkpoint covers, which must still be the
 * store's. */
static int
size_of_kept(
    struct store *st, const char *path, long long *size, struct fault *f)
{
	char origin[CHECKPOINT_ORIGIN_MAX], own[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;
	uint8_t root[SHA256_LEN];

	if (checkpoint_kept(path, origin, &head, f) == -1)
		return -1;
	(void)snprintf(own, sizeof(own), "exhibit/%s", store_id(st));
	if (strcmp(origin, own) != 0)
		return fault(f, FAULT_USAGE,
		    "%s: is a checkpoint of another store, %s", path, origin);
	if (log_root_at(st, head.size, root, f) == -1)
		return -1;
	if (memcmp(root, head.root, SHA256_LEN) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "%s: the store's log has another root at that size: its "
		    "past was changed",
		    path);
	*size = head.size;
	return 0;
}

/* FIRST and SECOND: a size of the log, or the file of a checkpoint. */
static int
size_named(struct store *st, const char *s, long long *size, struct fault *f)
{
	if (strspn(s, "0123456789") == strlen(s))
		return number_of("log size", s, size, f);
	return size_of_kept(st, s, size, f);
}

static int
prove_consistency(
    struct store *st, const struct options *o, struct buf *out, struct fault *f)
{
	long long first = 0, second = 0;

	if (o->noperands > 1)
		return fault(f, FAULT_USAGE,
		    "prove --consistency takes two logs, not '%.200s'",
		    o->operands[1]);
	if (size_named(st, option(o, "consistency"), &first, f) == -1)
		return -1;
	if (o->noperands == 1 &&
	    size_named(st, o->operands[0], &second, f) == -1)
		return -1;
	return proof_consistency(st, first, second, out, f);
}

static bool
is_kind(const char *name)
{
	for (size_t i = 0; kinds[i] != NULL; i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return true;
	return false;
}

static int
prove_subject(struct store *st, const struct options *o, long long size,
    struct buf *out, struct fault *f)
{
	long long run = 0;

	if (o->noperands != 3)
		return fault(f, FAULT_USAGE,
		    "prove needs KIND SCOPE KEY, as in 'exhibit prove node "
		    "host/web-1 web-1'; 'exhibit show web-1' prints them");
	/* a misspelt kind is absent from every store, which proves nothing */
	if (!is_kind(o->operands[0]))
		return fault(f, FAULT_USAGE,
		    "'%.200s' is not a kind; 'exhibit kinds' lists them",
		    o->operands[0]);
	if (option(o, "run") != NULL) {
		if (number_of("--run", option(o, "run"), &run, f) == -1)
			return -1;
		if (run == 0)
			return fault(f, FAULT_USAGE,
			    "--run 0: runs are numbered from 1");
	}
	return proof_subject(st, o->operands[0], o->operands[1], o->operands[2],
	    run, size, out, f);
}

static int
prove(
    struct store *st, const struct options *o, struct buf *out, struct fault *f)
{
	const char *record = option(o, "record");
	long long size = 0, seq;

	if (option(o, "consistency") != NULL)
		return prove_consistency(st, o, out, f);
	if (option(o, "checkpoint") != NULL &&
	    size_of_kept(st, option(o, "checkpoint"), &size, f) == -1)
		return -1;
	if (record == NULL)
		return prove_subject(st, o, size, out, f);
	if (o->noperands > 0)
		return fault(f, FAULT_USAGE,
		    "prove --record takes no operand '%.200s'", o->operands[0]);
	if (number_of("--record", record, &seq, f) == -1)
		return -1;
	return proof_record(st, seq, size, out, f);
}

static int
write_proof(
    struct cli *cli, const char *path, const struct buf *text, struct fault *f)
{
	struct proof *p;
	int rc;

	if (path == NULL || strcmp(path, "-") == 0) {
		if (fwrite(text->p, 1, text->len, stdout) != text->len)
			return fault_errno(f, errno, "standard output");
		return 0;
	}
	if ((p = malloc(sizeof(*p))) == NULL)
		return fault_memory(f);
	rc = proof_check(cli->crypto, text->p, text->len, p, f);
	if (rc == 0) {
		rc = file_write(path, text->p, text->len, 0644, f);
		if (rc == 0) {
			printf("%s proves:\n", path);
			print_proof(p);
		}
		proof_free(p);
	}
	free(p);
	return rc;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct store *st = cli_store(cli, STORE_READ, false, f);
	BUF_AUTO(text, PROOF_MAX);
	int rc;

	if (st == NULL)
		return -1;
	rc = prove(st, o, &text, f);
	if (rc == 0)
		rc = write_proof(cli, option(o, "output"), &text, f);
	store_close(st);
	return rc == -1 ? -1 : STATUS_OK;
}

const struct command cmd_prove = {
	.name = "prove",
	.operands = "KIND SCOPE KEY | --record SEQ | --consistency FIRST "
		    "[SECOND]",
	.about = "prove what a run held, to somebody without the store",
	.help =
	    "Prints a proof that a subject was in the state as of a run with "
	    "exactly this\ncontent, or that it was not there; that an entry is "
	    "in the log; or that one log is\nthe beginning of another. It is "
	    "one text file that 'exhibit verify --proof' checks\nwithout any "
	    "store, and stock tools by docs/proofs.md. FIRST and SECOND are "
	    "sizes of\nthe log, or files of checkpoints that were kept.\n\n"
	    "  exhibit prove node host/web-1 web-1 --run 12 --output proof.txt"
	    "\n  exhibit prove --consistency 240      from then to now",
	.options =
	    (const struct option_def[]){
		{ "run", "N", "the state as of run N (the newest)" },
		{ "record", "SEQ", "prove this entry of the log" },
		{ "consistency", "FIRST", "prove that the log only grew" },
		{ "checkpoint", "FILE", "under this kept checkpoint" },
		{ "output", "FILE", "write the proof there" },
		{ 0 },
	    },
	.run = run,
};
