/* See dsse.h. */
#include "report/sign/dsse.h"

#include <string.h>

#include "base/base64.h"
#include "report/sign/signing.h"

#define PAYLOAD_MAX (1024UL * 1024)

/* The bytes that are signed. */
static void
encode(struct buf *out, const char *type, const void *p, size_t len)
{
	buf_printf(out, "DSSEv1 %zu %s %zu ", strlen(type), type, len);
	buf_put(out, p, len);
}

int
dsse_sign(const struct signer *s, const char *type, const void *p, size_t len,
    struct buf *out, struct fault *f)
{
	struct signer_info info;
	BUF_AUTO(pae, PAYLOAD_MAX);
	BUF_AUTO(sig, SIGNER_SIGNATURE_MAX);

	encode(&pae, type, p, len);
	if (buf_done(&pae, "payload", f) == -1 ||
	    signer_describe(s, &info, f) == -1 ||
	    signer_sign(s, pae.p, pae.len, &sig, f) == -1)
		return -1;
	buf_puts(out, "{\"payload\":\"");
	base64_put(out, p, len);
	buf_printf(out,
	    "\",\"payloadType\":\"%s\",\"signatures\":[{\"keyid\":\"%s\","
	    "\"sig\":\"",
	    type, info.fingerprint);
	base64_put(out, sig.p, sig.len);
	buf_puts(out, "\"}]}\n");
	return buf_done(out, "envelope", f);
}
