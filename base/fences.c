/* See fences.h. */
#include "base/fences.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#ifdef EXHIBIT_SANITIZED
#define DUMPABLE 1
#else
#define DUMPABLE 0
#endif

int
hide_memory(struct fault *f)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) == -1 ||
	    prctl(PR_SET_DUMPABLE, DUMPABLE, 0, 0, 0) == -1)
		return fault_errno(f, errno, "core dumps off");
	return 0;
}

bool
memory_is_hidden(void)
{
	struct rlimit now;

	return getrlimit(RLIMIT_CORE, &now) == 0 && now.rlim_cur == 0 &&
	       now.rlim_max == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}
