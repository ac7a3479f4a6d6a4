/* exhibit key: make or show a signing key. */
#include "cli/requests.h"

#include <stdlib.h>
#include <string.h>

#include "report/sign/sign.h"

static int
show(struct cli *cli, const struct signing *signing, struct fault *f)
{
	struct signer *s;
	struct signer_info i;
	char from[UTC_LEN], to[UTC_LEN];
	const char *where;
	int rc;

	if (cli_signer(cli, signing, false, &s, f) == -1)
		return -1;
	if (s == NULL)
		return fault(f, FAULT_USAGE, "--unsigned: no key to show");
	rc = signer_describe(s, &i, f);
	where = signer_where(s);
	signer_free(s);
	if (rc == -1)
		return -1;
	utc_format(i.not_before, from);
	utc_format(i.not_after, to);
	printf("subject      %s%s\nissuer       %s\nserial       %s\n"
	       "algorithm    %s\nvalid        %s to %s\n"
	       "fingerprint  %s (SHA-256)\n",
	    i.subject, i.self_signed ? "   SELF-SIGNED" : "", i.issuer,
	    i.serial, i.algorithm, from, to, i.fingerprint);
	if (where != NULL)
		printf("key          held by %s\n", where);
	return STATUS_OK;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *key = option_or(o, "key", DEFAULT_KEY);
	const char *cert = option_or(o, "cert", DEFAULT_CERT);
	struct signing signing;

	if (signing_read(o, &signing, f) == -1)
		return -1;
	signing.only_shown = true;
	if (o->noperands == 1 && strcmp(o->operands[0], "show") == 0)
		return show(cli, &signing, f);
	if (o->noperands != 1 || strcmp(o->operands[0], "new") != 0)
		return fault(f, FAULT_USAGE, "key: say 'new' or 'show'");
	if (cli_key_new(cli, &signing, key, cert, f) == -1)
		return -1;
	printf("Made %s (secret, keep it) and %s (hand it out).\n"
	       "The certificate is self-signed: a reader must get its "
	       "fingerprint from you.\n\n",
	    key, cert);
	return show(cli, &signing, f);
}

const struct command cmd_key = {
	.name = "key",
	.operands = "new | show",
	.about = "make or show the signing key",
	.help = "new makes an ECDSA P-384 key and a self-signed certificate. "
		"An existing file is\nnever overwritten. show describes the "
		"certificate that signs.",
	.options =
	    (const struct option_def[]){
		{ "key", "URI", "private key (default " DEFAULT_KEY ")" },
		{ "cert", "URI", "certificate (default " DEFAULT_CERT ")" },
		PASSPHRASE_OPTIONS,
		{ "name", "NAME", "common name of a new certificate" },
		{ "days", "N", "validity of a new certificate (825)" },
		{ 0 },
	    },
	.run = run,
};
