/* Small texts inside configuration files. */
#ifndef COLLECTOR_KIT_CONFIG_TEXT_H
#define COLLECTOR_KIT_CONFIG_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/* use_fips_endpoint of the default profile of an AWS config file; false: not
 * stated. */
bool aws_config_fips(struct span text, bool *on);

/* Does a script switch FIPS mode on, or try to? Does it reboot? Both look at
 * words alone: a script is not understood. */
bool script_sets_fips(struct span text);
bool script_reboots(struct span text);

/*
 * Step to the next setting of an AWS config or credentials file. A line of
 * the form [name] gives section; "key = value" gives key and value; a nested
 * line (indented, below a key without a value) has parent set to that key.
 */
struct aws_line {
	struct span section; /* the one it stands in; p NULL before any */
	struct span parent, key, value;
	bool is_section;
	size_t line; /* from 1 */
	struct span rest;
};
struct aws_line aws_lines(struct span text);
bool aws_next(struct aws_line *l);

#endif
