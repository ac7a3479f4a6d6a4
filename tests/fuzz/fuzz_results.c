/* Results of other tools, any bytes: read, recognised, or said what it seems.
 */
#include <stddef.h>
#include <stdint.h>

#include "collector/scap/results_format.h"
#include "collector/scap/results_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char seems[160], text[32];
	struct fault f = { 0 };
	const json_t *chain[1];
	bool xml;
	json_t *doc = results_read((const char *)data, size, &xml, &f);

	if (doc == NULL)
		return 0;
	chain[0] = doc;
	for (const struct results_format *k = results_formats; k->name != NULL;
	     k++)
		if (results_is(k, doc)) {
			(void)results_text(
			    &k->about, chain, 0, text, sizeof(text));
			(void)results_text(
			    &k->time, chain, 0, text, sizeof(text));
		}
	(void)results_seems(doc, xml, seems, sizeof(seems));
	json_decref(doc);
	return 0;
}
