/* See layout_index.h. */
#include "collector/image/layout_index.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

int
layout_index(
    const struct buf *index, const char *name, struct buf *out, struct fault *f)
{
	json_auto_t *doc = json_loadb(index->len > 0 ? index->p : "",
	    index->len, JSON_REJECT_DUPLICATES, NULL);
	json_t *list = json_object_get(doc, "manifests");
	char *text;

	if (!json_is_array(list))
		return fault(
		    f, FAULT_FORMAT, "index.json: no list of manifests");
	for (size_t i = json_array_size(list); name != NULL && i > 0; i--) {
		const char *s = json_string_value(json_object_get(
		    json_object_get(json_array_get(list, i - 1), "annotations"),
		    "org.opencontainers.image.ref.name"));

		if (s == NULL || strcmp(s, name) != 0)
			(void)json_array_remove(list, i - 1);
	}
	if (json_array_size(list) == 0)
		return fault(f, FAULT_ABSENT, "index.json: no image%s%.200s",
		    name != NULL ? " named " : "", name != NULL ? name : "");
	if ((text = json_dumps(doc, JSON_COMPACT)) == NULL)
		return fault_memory(f);
	buf_puts(out, text);
	free(text);
	return buf_done(out, "index.json", f);
}
