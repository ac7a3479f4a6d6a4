/* A package in the making, which the command and what fills it share. */
#ifndef CLI_PACKING_H
#define CLI_PACKING_H

#include "cli/cli.h"
#include "base/folder.h"
#include "report/package/package.h"
#include "report/package/redact.h"
#include "report/sign/sign.h"

struct packing {
	struct cli *cli;
	const struct options *o;
	struct store *st;      /* the living one */
	struct store *copy;    /* evidence.db in the folder; reads */
	struct store *reader;  /* of it: what the report and tables show */
	struct signer *signer; /* borrowed */
	struct checks checks;
	struct package_about about;
	struct package_has has;
	struct redactor *redactor; /* or NULL: nothing is replaced */
	struct log_head head;	   /* of the copy */
	const char *path;
	char folder[FOLDER_PATH_MAX], aside[FOLDER_PATH_MAX];
	size_t counts[VERDICTS];
	uint8_t manifest[SHA384_LEN];
	size_t files;
};

/*
 * Everything of the package into its folder, signed: the evidence and what is
 * made of it. note, cms and tst get the checkpoint, its signature and token.
 */
int packing_fill(struct packing *p, struct buf *note, struct buf *cms,
    struct buf *tst, struct fault *f);

#endif
