/* A signing key in AWS KMS: it signs what exhibit hashed. */
#ifndef CLI_KMS_H
#define CLI_KMS_H

#include "cli/cli.h"
#include "report/sign/sign.h"

/* Is it the URI of such a key? awskms:KEY[?region=R][&endpoint-url=URL], where
 * KEY is an ARN, a key's id, or alias/NAME. */
bool kms_is(const char *uri);

/*
 * The signer of that key (ECC_NIST_P256, P384, P521, or RSA) with the
 * certificate in cert, which must be of the key that GetPublicKey gives. Asks
 * kms:GetPublicKey and, for each signature, kms:Sign with the user's AWS
 * credentials; a signature is verified before it is used. With --fips only
 * where a FIPS host of KMS is listed for the region. NULL with a fault.
 */
struct signer *kms_signer(struct cli *cli, const char *uri, const char *cert,
    const struct signer_passphrase *pass, struct fault *f);

#endif
