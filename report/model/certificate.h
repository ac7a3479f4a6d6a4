/* A signer's certificate as a report prints it. */
#ifndef REPORT_MODEL_CERTIFICATE_H
#define REPORT_MODEL_CERTIFICATE_H

#include "report/model/model.h"
#include "report/sign/sign.h"
#include "base/utc.h"

/* Holds what signer points to; do not copy it. */
struct certificate_text {
	struct signer_info info;
	char not_before[UTC_LEN], not_after[UTC_LEN];
	struct buf pem;		    /* owned */
	struct model_signer signer; /* borrows from the above */
};

/* Describe the certificate in pem, which is copied. FAULT_FORMAT. The caller
 * frees, on failure too. */
MUST_USE int certificate_text(struct crypto *c, const void *pem, size_t len,
    struct certificate_text *out, struct fault *f);
void certificate_text_free(struct certificate_text *t);

#endif
