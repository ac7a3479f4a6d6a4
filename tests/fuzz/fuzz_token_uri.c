/* Any text as the URI of a key in a token: what is left of it is shorter, and
 * the module's path has no NUL in it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/sign/signing.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	char rest[TOKEN_URI_MAX], module[TOKEN_PATH_MAX];
	char *uri = malloc(len + 1);

	if (uri == NULL)
		return 0;
	if (len > 0)
		memcpy(uri, p, len);
	uri[len] = '\0';
	if (token_uri(uri, rest, module) &&
	    (strlen(rest) > strlen(uri) || strlen(module) > strlen(uri) ||
		(module[0] == '\0' && strchr(uri, '?') == NULL &&
		    strcmp(rest, uri) != 0)))
		abort();
	free(uri);
	return 0;
}
