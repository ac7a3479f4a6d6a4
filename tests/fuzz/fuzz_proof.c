/* Any bytes as a proof. What is accepted is whole in itself; what is not gets
 * a reason. */
#include <stdint.h>
#include <stdlib.h>

#include "store/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

static void
check_accepted(const struct proof *p)
{
	if (p->at.origin[0] == '\0' || p->at.head.size < 1)
		abort();
	if (p->type == PROOF_CONSISTENCY) {
		if (p->first.head.size < 1 ||
		    p->first.head.size > p->at.head.size)
			abort();
		return;
	}
	if (p->record.p == NULL || p->seq < 0 || p->seq >= p->at.head.size)
		abort();
	if (p->type != PROOF_RECORD && (p->ended[0] == '\0' || p->run < 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct crypto *c; /* a library context is slow to make */
	static struct proof proof;
	struct fault f = { 0 };

	if (c == NULL && (c = crypto_new(false, &f)) == NULL)
		abort();
	if (proof_check(c, (const char *)p, len, &proof, &f) == 0) {
		check_accepted(&proof);
		proof_free(&proof);
	} else if (f.text[0] == '\0' ||
		   (f.kind != FAULT_FORMAT && f.kind != FAULT_INTEGRITY &&
		       f.kind != FAULT_LIMIT)) {
		abort();
	}
	return 0;
}
