/* See checkpoint.h. */
#include "report/package/checkpoint.h"

#include "base/file.h"

int
checkpoint_seal(struct store *st, struct sealing *s, struct fault *f)
{
	char made[UTC_LEN];
	struct log_head head;
	BUF_AUTO(note, 1024);
	BUF_AUTO(cms, SIGNATURE_MAX);
	BUF_AUTO(tst, TSA_RESPONSE_MAX);

	s->clock(s->ctx, made);
	if (log_head(st, &head, f) == -1 ||
	    checkpoint_note(st, &head, &note, f) == -1)
		return -1;
	if (s->signer != NULL &&
	    seal_sign(s, &note, "the checkpoint is signed", &cms, f) == -1)
		return -1;
	seal_stamp(s, &note, "the checkpoint is kept", &tst);
	return checkpoint_put(st, made, &head, note.p,
	    s->signer != NULL ? cms.p : NULL, cms.len,
	    tst.len > 0 ? tst.p : NULL, tst.len, f);
}

int
checkpoint_kept(const char *path, char origin[CHECKPOINT_ORIGIN_MAX],
    struct log_head *head, struct fault *f)
{
	struct fault why = { 0 };
	BUF_AUTO(note, 4096);

	if (file_read(path, &note, f) == -1)
		return -1;
	if (checkpoint_parse(note.p != NULL ? note.p : "", note.len, origin,
		head, &why) == -1)
		return fault(f, FAULT_USAGE, "%s: %.900s", path, why.text);
	return 0;
}
