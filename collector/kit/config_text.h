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
 * Step to the next setting of an AWS config or credentials file, as Python's
 * configparser reads it for botocore and the AWS CLI: "=" or ":" parts key and
 * value, a comment is a line of its own, and keys have no case. A line of the
 * form [name] gives section; a line indented deeper than the key before it
 * continues that key's value: parent is then that key, and key and value are
 * what stands before and after its "=". A line that the parser rejects has
 * wrong set, and nothing else.
 */
struct aws_line {
	struct span section; /* the one it stands in; p NULL before any */
	struct span parent, key, value;
	bool is_section;
	bool nests; /* the value of parent is nothing but such lines */
	const char *wrong;
	size_t line; /* from 1 */
	/* of the reader */
	struct span rest, last;
	size_t indent;
	bool last_empty;
};
struct aws_line aws_lines(struct span text);
bool aws_next(struct aws_line *l);
/* Is it this key of its section, in whatever letters; never a nested one. */
bool aws_key_is(const struct aws_line *l, const char *key);

#endif
