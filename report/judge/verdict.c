/* See verdict.h. */
#include "report/judge/verdict.h"

#include <string.h>

static const char *const verdicts[VERDICTS] = {
	[VERDICT_SATISFIED] = "satisfied",
	[VERDICT_NOT_SATISFIED] = "not-satisfied",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_NOT_APPLICABLE] = "not-applicable",
};

const char *
verdict_name(enum verdict v)
{
	return verdicts[v];
}

int
verdict_of_name(const char *s, enum verdict *v)
{
	for (size_t i = 0; i < VERDICTS; i++)
		if (strcmp(s, verdicts[i]) == 0) {
			*v = (enum verdict)i;
			return 0;
		}
	return -1;
}
