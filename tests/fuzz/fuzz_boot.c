/* Every boot file reader on the same bytes. */
#include <stddef.h>
#include <stdint.h>

#include "collector/node/node_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct boot_env env = { 0 };
	struct boot_facts b[8] = { 0 };
	struct grub_default g;
	struct fault f;

	boot_env_read(text, &env);
	may_fail(boot_grubenv(text, &b[0], &f));
	may_fail(boot_grub_cfg(text, &env, &b[1], &f));
	may_fail(boot_bls(text, &env, &b[2], &f));
	may_fail(boot_kernel_cmdline(text, &b[3], &f));
	may_fail(boot_kargs(text, &b[4], &f));
	may_fail(boot_bootconfig(text, &b[5], &f));
	may_fail(boot_dracut(text, &b[6], &f));
	grub_default_init(&g);
	may_fail(boot_grub_default(text, &g, &b[7], &f));
	may_fail(boot_grub_default(text, &g, &b[7], &f));
	grub_default_free(&g);
	return 0;
}
