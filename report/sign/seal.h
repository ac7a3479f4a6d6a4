/*
 * How a command signs: by whom, at what time, and with whose time stamp. What
 * it cannot do alone (read the clock, tell a person) it is handed.
 */
#ifndef REPORT_SIGN_SEAL_H
#define REPORT_SIGN_SEAL_H

#include "base/utc.h"
#include "report/sign/sign.h"
#include "report/sign/tsa.h"

struct sealing { /* all borrowed */
	struct crypto *crypto;
	const struct signer *signer; /* NULL: nothing is signed */
	const char *tsa; /* URL of a time-stamp authority, or NULL: none */
	long tsa_ms;	 /* how long to wait for it */
	struct slice tsa_anchors; /* PEM; p NULL: any authority's will do */
	void (*clock)(void *ctx, char now[UTC_LEN]);
	/* Told once that what goes without a time stamp, and why. */
	void (*unstamped)(void *ctx, const char *what, const char *why);
	void *ctx;
	bool missed; /* a stamp was wanted and not had: no more are asked for */
};

/* The time now, as text and in seconds. */
void seal_now(const struct sealing *s, char text[UTC_LEN], int64_t *when);

/*
 * Have these bytes time-stamped, if there is an authority. Evidence is not lost
 * because it is away: tst then stays empty and unstamped() is told that what,
 * as in "the package is signed", goes without.
 */
void seal_stamp(struct sealing *s, const struct buf *bytes, const char *what,
    struct buf *tst);

/* Sign these bytes, now; the signature is time-stamped (CAdES-T) where there is
 * an authority, or goes without as above. cms gets the DER. */
MUST_USE int seal_sign(struct sealing *s, const struct buf *bytes,
    const char *what, struct buf *cms, struct fault *f);

#endif
