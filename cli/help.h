/* What the program says of itself before any command runs. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

#define NOT_HELP 127 /* no status of the program */

/* Every command, a line each. */
void print_usage(FILE *to);

/* help, help COMMAND, version, --help, --version, -h: answer on stdout. The
 * status, -1 with a fault, or NOT_HELP where something else is asked. */
MUST_USE int help_asked(int argc, char **argv, struct fault *f);

/* FAULT_USAGE, with what may have been meant; returns -1. */
int no_such_command(const char *name, struct fault *f);

#endif
