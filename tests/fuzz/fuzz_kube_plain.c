/* What is read as plain JSON, jansson reads as well, and to the same value. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "collector/kube/plain_object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *ours = plain_read((const char *)data, size), *theirs;

	if (ours == NULL)
		return 0;
	theirs =
	    json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
	if (theirs == NULL || !json_equal(ours, theirs))
		abort();
	json_decref(ours);
	json_decref(theirs);
	return 0;
}
