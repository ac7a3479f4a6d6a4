/* See certificate.h. */
#include "report/model/certificate.h"

int
certificate_text(struct crypto *c, const void *pem, size_t len,
    struct certificate_text *out, struct fault *f)
{
	*out = (struct certificate_text){ .pem = { .max = SIGNER_FILE_MAX } };
	buf_put(&out->pem, pem, len);
	if (buf_done(&out->pem, "certificate", f) == -1 ||
	    certificate_info(c, pem, len, &out->info, f) == -1)
		return -1;
	utc_format(out->info.not_before, out->not_before);
	utc_format(out->info.not_after, out->not_after);
	out->signer = (struct model_signer){ .subject = out->info.subject,
		.issuer = out->info.issuer,
		.serial = out->info.serial,
		.fingerprint = out->info.fingerprint,
		.algorithm = out->info.algorithm,
		.not_before = out->not_before,
		.not_after = out->not_after,
		.self_signed = out->info.self_signed,
		.pem = out->pem.p };
	return 0;
}

void
certificate_text_free(struct certificate_text *t)
{
	buf_free(&t->pem);
}
