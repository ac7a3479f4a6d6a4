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

int
no_such(
    const struct near *n, const char *what, const char *lister, struct fault *f)
{
	char text[SUGGESTION_LEN];

	return fault(f, FAULT_USAGE,
	    "%s: no such %s%s; 'exhibit %s' lists them", n->asked, what,
	    suggestion(n, "", text), lister);
}
