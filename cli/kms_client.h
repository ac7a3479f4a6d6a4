/* Signers of AWS KMS, asked with the user's AWS credentials. */
#ifndef CLI_KMS_CLIENT_H
#define CLI_KMS_CLIENT_H

#include "cli/cli.h"

/* See kms_signer(). */
MUST_USE struct signer *cli_kms_signer(struct cli *cli, const char *uri,
    const char *cert, const struct signer_passphrase *pass, struct fault *f);

#endif
