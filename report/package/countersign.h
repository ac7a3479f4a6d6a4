/* A further signature over the manifest of a package that is there already. */
#ifndef REPORT_PACKAGE_COUNTERSIGN_H
#define REPORT_PACKAGE_COUNTERSIGN_H

#include "report/sign/seal.h"

struct countersign_request {	   /* all borrowed */
	const char *path, *output; /* output may be path */
	const char *role;	   /* reviewer, approver */
	const char *tmp;	   /* an existing directory to unpack in */
};

/*
 * Sign the manifest of a package whose files and first signature verify, and
 * say in which role. Returns the signature's number, or -1: FAULT_USAGE: no
 * such role; FAULT_INTEGRITY: nobody's name goes under a package that is not
 * whole.
 */
MUST_USE int package_countersign(
    const struct countersign_request *q, struct sealing *seal, struct fault *f);

#endif
