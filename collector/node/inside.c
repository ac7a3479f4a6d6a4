/* Commands run inside the root that is read. See source.h. */
#include "collector/node/source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"

#define WORDS_MAX 32

struct inside { /* both borrowed */
	const char *root, *line;
};

/* "openssl list -providers" as words, for a root without a shell. False: it
 * takes a shell to read. */
static bool
words_of(char *line, char *argv[WORDS_MAX])
{
	size_t n = 0;

	if (strpbrk(line, "'\"\\$|&;<>*?`") != NULL)
		return false;
	for (char *rest = NULL, *word = strtok_r(line, " ", &rest);
	     word != NULL && n < WORDS_MAX - 1;
	     word = strtok_r(NULL, " ", &rest))
		argv[n++] = word;
	argv[n] = NULL;
	return n > 0;
}

/* In a child of its own (child_fork): the program it becomes is the root's. */
static void
run_inside(void *ctx, int fd)
{
	const struct inside *in = ctx;
	char *argv[WORDS_MAX] = { NULL };
	char *line = strdup(in->line);

	if (line == NULL || chroot(in->root) == -1 || chdir("/") == -1 ||
	    dup2(fd, STDOUT_FILENO) == -1 || clearenv() != 0 ||
	    setenv("PATH", COMMAND_PATH, 1) == -1 ||
	    setenv("LC_ALL", "C", 1) == -1)
		_exit(1);
	(void)close(fd);
	if (words_of(line, argv))
		(void)execvp(argv[0], argv);
	else
		(void)execl("/bin/sh", "sh", "-c", in->line, (char *)NULL);
	_exit(COMMAND_NOT_FOUND);
}

static void
try_chroot(void *ctx, int fd)
{
	const struct inside *in = ctx;

	if (chroot(in->root) == 0)
		(void)!write(fd, "1", 1);
}

int
inside_allowed(const char *root, struct fault *f)
{
	struct inside in = { root, NULL };
	BUF_AUTO(said, 16);
	struct child c = { .take = child_take_buf, .ctx = &said };

	if (child_fork(&c, try_chroot, &in, COMMAND_TIME_MS, f) == -1)
		return -1;
	child_finish(&c);
	if (said.len == 1)
		return 0;
	return fault(f, FAULT_USAGE,
	    "--chroot: %.200s cannot be entered; it takes CAP_SYS_CHROOT",
	    root);
}

int
inside_start(
    struct child *c, const char *root, const char *line, struct fault *f)
{
	struct inside in = { root, line };

	return child_fork(c, run_inside, &in, COMMAND_TIME_MS, f);
}
