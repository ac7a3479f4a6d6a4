/* What prove and verify --proof share. */
#ifndef CLI_PROVE_H
#define CLI_PROVE_H

#include "cli/cli.h"
#include "store/proof.h"

/* On stdout: what the proof proves, and under which checkpoints. */
void print_proof(const struct proof *p);

#endif
