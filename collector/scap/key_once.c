/* See key_once.h. */
#include "collector/scap/key_once.h"

#include <string.h>

static int
note(json_t *seen, const char *key, long long n, struct fault *f)
{
	return json_object_set_new(seen, key, json_integer(n)) == -1
		   ? fault_memory(f)
		   : 0;
}

int
key_once(json_t *seen, struct buf *key, struct fault *f)
{
	BUF_AUTO(plain, key->max + 1);
	long long n;

	if (buf_done(key, "key", f) == -1)
		return -1;
	buf_puts(&plain, key->p);
	if (buf_done(&plain, "key", f) == -1)
		return -1;
	n = json_integer_value(json_object_get(seen, plain.p));
	while (json_object_get(seen, key->p) != NULL) {
		buf_reset(key);
		buf_printf(key, "%s#%lld", plain.p, ++n);
		if (buf_done(key, "key", f) == -1)
			return -1;
	}
	if (strcmp(key->p, plain.p) != 0 && note(seen, plain.p, n, f) == -1)
		return -1;
	return note(seen, key->p, 1, f);
}
