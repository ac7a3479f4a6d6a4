/* What verifying a store, a report, a proof and a package share. */
#include "report/package/verifying.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TEXT_LEN 2048 /* bytes of one line told; longer ones are cut */

void
verify_problem(void *ctx, const char *where, const char *what)
{
	struct verifying *v = ctx;

	v->problems++;
	v->to.tell(v->to.ctx, VERIFY_WRONG, where, what);
}

void
verify_say(struct verifying *v, enum verify_mark mark, const char *where,
    const char *fmt, ...)
{
	char what[TEXT_LEN];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	v->open += mark == VERIFY_OPEN;
	v->to.tell(v->to.ctx, mark, where, what);
}

struct signature_rules
verify_rules(const struct verifying *v)
{
	return (struct signature_rules){ .anchors = v->q->anchors,
		.crls = v->q->crls,
		.tsa = v->q->tsa,
		.now = v->q->now };
}

/* By the policy, if there is one; else by the anchors. */
static int
judge_as(struct verifying *v, enum policy_role role, const struct slice *bytes,
    const struct slice *der, struct signature_info *info, struct fault *f)
{
	const struct signature_rules rules = verify_rules(v);
	const struct policy_signer *who;

	if (v->q->policy == NULL) {
		if (signature_judge(v->q->crypto, bytes->p, bytes->len, der->p,
			der->len, &rules, info, f) == -1)
			return -1;
	} else if (policy_judge(v->q->policy, role, v->q->crypto, bytes, der,
		       &rules, info, &who, f) == -1) {
		if (f->kind == FAULT_DENIED) /* wrong, not in the way */
			f->kind = FAULT_INTEGRITY;
		return -1;
	}
	v->expired += info->expired;
	return 0;
}

int
verify_countersigned(struct verifying *v, const void *p, size_t len,
    const void *der, size_t der_len, struct signature_info *info,
    struct fault *f)
{
	const struct slice bytes = { p, len }, cms = { der, der_len };

	if (judge_as(v, POLICY_COUNTERSIGN, &bytes, &cms, info, f) == -1)
		return -1;
	v->untrusted |= !info->trusted;
	return 0;
}

/* One of the list, whole; a reader may copy it in either case. */
static bool
is_listed(const char *list, const char *hex)
{
	size_t len = strlen(hex), n;

	for (const char *p = list; *p != '\0'; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		if (n == len && strncasecmp(p, hex, len) == 0)
			return true;
	}
	return false;
}

int
verify_bytes(struct verifying *v, const void *p, size_t len, const void *der,
    size_t der_len, struct signature_info *info, struct fault *f)
{
	const struct slice bytes = { p, len }, cms = { der, der_len };

	if (judge_as(v, POLICY_PREPARE, &bytes, &cms, info, f) == -1)
		return -1;
	if (v->q->fingerprints != NULL &&
	    !is_listed(v->q->fingerprints, info->fingerprint))
		return fault(f, FAULT_INTEGRITY,
		    "signed by certificate %s (%.300s), which is not the one "
		    "named by --fingerprint",
		    info->fingerprint, info->subject);
	if (v->q->subject != NULL && strcmp(v->q->subject, info->subject) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "signed by %.300s, who is not the subject named by "
		    "--subject",
		    info->subject);
	/* who names the certificate itself has said whom he trusts */
	v->untrusted |= !info->trusted && v->q->fingerprints == NULL;
	return 0;
}

/* For store_verify(): the signature over a checkpoint's note. */
void
verify_doubt(void *ctx, const char *where, const char *what)
{
	verify_say(ctx, VERIFY_OPEN, where, "%s", what);
}

int
verify_note(void *ctx, const char *note, size_t note_len, const void *cms,
    size_t cms_len, struct fault *f)
{
	struct signature_info info;

	return verify_bytes(ctx, note, note_len, cms, cms_len, &info, f);
}
