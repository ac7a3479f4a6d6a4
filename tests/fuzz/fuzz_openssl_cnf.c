/* openssl.cnf and fipsmodule.cnf, any bytes. */
#include <stddef.h>
#include <stdint.h>

#include "collector/kit/openssl_conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct conf_providers said;
	struct conf c;
	struct fault f;

	conf_init(&c);
	if (conf_read(&c, text, &f) == 0)
		conf_providers(&c, "", &said);
	conf_free(&c);
	return 0;
}
