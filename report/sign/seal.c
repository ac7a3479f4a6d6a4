/* See seal.h. */
#include "report/sign/seal.h"

void
seal_now(const struct sealing *s, char text[UTC_LEN], int64_t *when)
{
	*when = 0;
	s->clock(s->ctx, text);
	(void)utc_parse(text, when);
}

/* A token over the bytes: one that verifies, and where anchors are given one
 * by an authority that is trusted. */
static int
stamp(const struct sealing *s, const struct buf *bytes, struct buf *tst,
    struct fault *f)
{
	struct tsa_info info;

	if (tsa_stamp(s->crypto, s->tsa, s->tsa_ms, bytes->p, bytes->len, tst,
		f) == -1)
		return -1;
	return tsa_verify(s->crypto, bytes->p, bytes->len, tst->p, tst->len,
	    s->tsa_anchors.p, s->tsa_anchors.len, &info, f);
}

void
seal_stamp(struct sealing *s, const struct buf *bytes, const char *what,
    struct buf *tst)
{
	struct fault why = { 0 };

	if (s->tsa == NULL || s->missed)
		return; /* one refusal is enough for a command */
	if (stamp(s, bytes, tst, &why) == 0)
		return;
	buf_reset(tst);
	s->missed = true;
	s->unstamped(s->ctx, what, why.text);
}

/* CAdES-T: the stamp is over the signature's value, and goes into it. */
static int
stamp_signature(
    struct sealing *s, const char *what, struct buf *cms, struct fault *f)
{
	BUF_AUTO(value, SIGNATURE_MAX);
	BUF_AUTO(tst, TSA_RESPONSE_MAX);
	BUF_AUTO(stamped, SIGNATURE_MAX);

	if (s->tsa == NULL)
		return 0;
	if (signature_value(s->crypto, cms->p, cms->len, &value, f) == -1)
		return -1;
	seal_stamp(s, &value, what, &tst);
	if (tst.len == 0)
		return 0;
	if (signature_stamp(
		s->crypto, cms->p, cms->len, tst.p, tst.len, &stamped, f) == -1)
		return -1;
	buf_reset(cms);
	buf_put(cms, stamped.p, stamped.len);
	return buf_done(cms, "signature", f);
}

int
seal_sign(struct sealing *s, const struct buf *bytes, const char *what,
    struct buf *cms, struct fault *f)
{
	char text[UTC_LEN];
	int64_t when;

	seal_now(s, text, &when);
	return sign_detached(s->signer, bytes->p, bytes->len, when, cms, f) ==
		       -1
		   ? -1
		   : stamp_signature(s, what, cms, f);
}
