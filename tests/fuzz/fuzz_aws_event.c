/* Any bytes as an event of CloudTrail's history: an entry whose bytes are
 * canonical, or one that is told to be left out. */
#include <stdint.h>
#include <stdlib.h>

#include "collector/aws/hooks_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault f = { 0 };
	BUF_AUTO(out, 16 * 1024 * 1024);
	json_t *text = json_stringn((const char *)data, size);
	struct aws_item item = { .tree = json_object() };
	json_t *state = json_object();
	ATTRS_AUTO(made);
	ATTRS_AUTO(whole);

	if (text != NULL)
		(void)json_object_set_new(item.tree, "CloudTrailEvent", text);
	aws_use_fold(&item, state, &made);
	aws_use_window(state, true, "2026-11-23T12:00:00Z", &whole);
	if (made.failed || whole.failed)
		abort();
	if (json_object_size(state) < 1 || json_object_size(state) > 2)
		abort();
	if (json_canonical(state, &out, &f) == -1 && f.kind != FAULT_FORMAT)
		abort();
	json_decref(state);
	json_decref(item.tree);
	return 0;
}
