/*
 * What several commands are asked alike, as types: each command reads its
 * options into these once, at its door, and nothing below sees an option.
 */
#ifndef CLI_REQUESTS_H
#define CLI_REQUESTS_H

#include "base/period.h"
#include "cli/cli.h"
#include "report/package/report_files.h"

struct signing {		/* who signs; all borrowed from the options */
	const char *key, *cert; /* URIs, NULL: the default */
	const char *passphrase_file;
	int passphrase_fd; /* -1: none */
	bool is_unsigned;
	bool only_shown;  /* the key is described, and signs nothing */
	const char *name; /* of a new certificate; NULL: the operator */
	int days;	  /* its validity */
};

/* FAULT_USAGE: options that contradict, or a passphrase that is not there. */
MUST_USE int signing_read(
    const struct options *o, struct signing *out, struct fault *f);

/* A new key and self-signed certificate in these files, which must not
 * exist. */
MUST_USE int cli_key_new(struct cli *cli, const struct signing *s,
    const char *key_path, const char *cert_path, struct fault *f);

/* The signer that is named, into cli->seal. With make, a missing default key is
 * generated, self-signed. It is NULL if it is_unsigned. The caller frees
 * *out. */
MUST_USE int cli_signer(struct cli *cli, const struct signing *s, bool make,
    struct signer **out, struct fault *f);

/* Read the options and load the signer: with if_named only if --key is given.
 */
MUST_USE int cli_signer_of(struct cli *cli, const struct options *o,
    bool if_named, struct signer **out, struct fault *f);

struct judging { /* what is judged, and by what; borrowed from the options */
	const char *profile;	       /* NULL: all checks */
	const char *checks, *catalogs; /* directories, or NULL */
	const char *as_of;	       /* a run's number or a date, or NULL */
	const char *period_text;       /* NULL: none */
	struct period period;
	long long max_age; /* hours, -1: what the profile accepts */
};

/* FAULT_USAGE: no period, no number of hours, --as-of beside --period. A
 * command without some of these options has their defaults. */
MUST_USE int judging_read(
    const struct options *o, struct judging *out, struct fault *f);

/* The checks and catalogues it names. */
MUST_USE int cli_checks(struct cli *cli, const struct judging *q,
    struct checks *out, struct fault *f);

/* Judge the state it names under j->checks; j->id gets the judgement's
 * number. */
MUST_USE int cli_judge(struct cli *cli, const struct judging *q,
    struct judged *j, struct fault *f);

/* What a report is asked to be; of the period judged. */
void report_read(const struct cli *cli, const struct options *o,
    const struct judging *judging, struct report_request *out);

#endif
