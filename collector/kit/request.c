/* See collector.h. */
#include "collector/kit/collector.h"

#include <string.h>

const char *
request_get(const struct request *r, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < r->noptions; i++)
		if (strcmp(r->options[i].name, name) == 0)
			value = r->options[i].value;
	return value;
}

const char *
request_env(const struct request *r, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; r->environment != NULL && r->environment[i] != NULL;
	     i++)
		if (strncmp(r->environment[i], name, len) == 0 &&
		    r->environment[i][len] == '=')
			return r->environment[i] + len + 1;
	return NULL;
}
