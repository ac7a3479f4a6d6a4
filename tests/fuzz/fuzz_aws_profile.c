/* ~/.aws/config and credentials, any bytes: both from one input, parted by a
 * line "----". */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/aws_client/aws_profile.h"

#define AWS_PROFILE_FUZZ_MAX ((size_t)1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const keys[] = { "region", "role_arn",
		"source_profile", "sso_session", "aws_access_key_id",
		"credential_process", "services" };
	static const char *const profiles[] = { "default", "test", "a b" };
	const char *p = (const char *)data;
	const char *cut = memmem(p, size, "\n----\n", 6);
	size_t first = cut != NULL ? (size_t)(cut - p) : size;
	struct aws_profiles a = { .config.max = AWS_PROFILE_FUZZ_MAX,
		.credentials.max = AWS_PROFILE_FUZZ_MAX };
	struct span v;

	buf_put(&a.config, p, first);
	if (cut != NULL)
		buf_put(&a.credentials, cut + 6, size - first - 6);
	for (size_t i = 0; i < 3; i++) {
		(void)profile_there(&a, profiles[i]);
		for (size_t k = 0; k < 7; k++) {
			v = profile_get(&a, profiles[i], keys[k]);
			(void)sso_session_get(&a, v, "sso_start_url");
		}
	}
	profiles_free(&a);
	return 0;
}
