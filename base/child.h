/*
 * Other programs and risky work, run beside us: each in a process group of
 * its own, with a time limit, its output handed on as it comes. One poll()
 * loop serves them all; nothing here waits without a limit.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/fault.h"

#define CHILDREN_MAX 64 /* that one loop serves */

enum child_end {
	CHILD_NONE, /* never started */
	CHILD_RUNNING,
	CHILD_EXITED,	 /* status is its exit status */
	CHILD_SIGNALLED, /* status is the signal */
	CHILD_TIMED_OUT, /* killed at its deadline */
	CHILD_REFUSED	 /* killed: take() wanted no more */
};

struct child {
	pid_t pid;	  /* also its process group */
	int out, err;	  /* our ends, -1: closed */
	int64_t deadline; /* milliseconds, monotonic clock */
	enum child_end end;
	int status;
	/* Gets what the child writes to fd 1 or 2, in pieces. Not 0: kill. */
	int (*take)(void *ctx, int fd, const char *p, size_t len);
	void *ctx; /* borrowed */
};

struct child_program {
	const char *file;	 /* looked up in our PATH unless it has a / */
	const char *const *argv; /* ends with NULL */
	const char *const *env;	 /* ends with NULL; NULL: as ours */
	const char *input;	 /* its standard input; NULL: nothing */
	size_t input_len;
	bool errors; /* also hand on what it writes to fd 2 */
	int time_ms;
};

/*
 * Start p. take and ctx of c must be set. The working folder is /. -1 with
 * FAULT_ABSENT (no such program), FAULT_DENIED or FAULT_IO.
 */
MUST_USE int child_spawn(
    struct child *c, const struct child_program *p, struct fault *f);

/*
 * Start work(ctx, fd) in a fork of this process that has nothing but fd to
 * write to: standard input, output and error are /dev/null, every other file
 * is closed, no core is dumped, and it dies with us. It ends by _exit.
 */
MUST_USE int child_fork(struct child *c, void (*work)(void *ctx, int fd),
    void *work_ctx, int time_ms, struct fault *f);

/* Serve all n until at least one that was running has ended. */
void children_serve(struct child *const *v, size_t n);

/* Serve one until it has ended. */
void child_finish(struct child *c);

/* Kill its group and forget it. Fine if it has ended or never started. */
void child_stop(struct child *c);

/* A take() that appends fd 1 to the struct buf ctx points at. */
int child_take_buf(void *ctx, int fd, const char *p, size_t len);

#endif
