/* See suggest.h. */
#include "cli/suggest.h"

#include <stdio.h>

const char *
suggestion(const struct near *n, const char *prefix, char out[SUGGESTION_LEN])
{
	if (n->best[0] == '\0')
		out[0] = '\0';
	else
		(void)snprintf(out, SUGGESTION_LEN, "; did you mean '%.8s%s'?",
		    prefix, n->best);
	return out;
}
