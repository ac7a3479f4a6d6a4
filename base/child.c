/* See child.h. */
#include "base/clock.h"
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHUNK (64 * 1024)
#define TICK_MS 5	/* between looks at a child that closed its output */
#define REAP_MS 200	/* a killed child that stays is left behind */
#define GRACE_MS 1000	/* past its deadline, for output already there */
#define FILES_MAX 65536 /* closed one by one without close_range */

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

int
child_take_buf(void *ctx, int fd, const char *p, size_t len)
{
	struct buf *b = ctx;

	if (fd == 1)
		buf_put(b, p, len);
	return b->failed != FAULT_NONE;
}

/* A file in memory as standard input: no pipe to fill, so no SIGPIPE. */
static int
input_open(const struct child_program *p, struct fault *f)
{
	size_t done = 0;
	int fd;

	if (p->input == NULL)
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	else
		fd = memfd_create("input", MFD_CLOEXEC);
	if (fd == -1) {
		(void)fault_errno(f, errno, p->file);
		return -1;
	}
	while (p->input != NULL && done < p->input_len) {
		ssize_t n = write(fd, p->input + done, p->input_len - done);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			(void)fault_errno(f, errno, p->file);
			(void)close(fd);
			return -1;
		}
		done += (size_t)n;
	}
	if (p->input != NULL)
		(void)lseek(fd, 0, SEEK_SET);
	return fd;
}

static int
actions_fill(posix_spawn_file_actions_t *a, int in, int out, int err)
{
	int e = posix_spawn_file_actions_adddup2(a, in, 0);

	if (e == 0)
		e = posix_spawn_file_actions_adddup2(a, out, 1);
	if (e == 0 && err != -1)
		e = posix_spawn_file_actions_adddup2(a, err, 2);
	if (e == 0 && err == -1)
		e = posix_spawn_file_actions_addopen(
		    a, 2, "/dev/null", O_WRONLY, 0);
	if (e == 0)
		e = posix_spawn_file_actions_addchdir_np(a, "/");
	return e;
}

/* A group of its own, no signal blocked and none ignored: what we arranged
 * for ourselves (SIGPIPE ignored) is not the child's business. */
static int
attributes_fill(posix_spawnattr_t *at)
{
	sigset_t all, none;
	int e;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	(void)sigdelset(&all, SIGKILL);
	(void)sigdelset(&all, SIGSTOP);
	e = posix_spawnattr_setflags(at, POSIX_SPAWN_SETPGROUP |
					     POSIX_SPAWN_SETSIGMASK |
					     POSIX_SPAWN_SETSIGDEF);
	if (e == 0)
		e = posix_spawnattr_setpgroup(at, 0);
	if (e == 0)
		e = posix_spawnattr_setsigmask(at, &none);
	if (e == 0)
		e = posix_spawnattr_setsigdefault(at, &all);
	return e;
}

/* 0 or an errno */
static int
spawn(pid_t *pid, const struct child_program *p, int in, int out, int err)
{
	/* exec(3) only reads them; its prototype is older than const */
	char *const *argv = (char *const *)p->argv;
	char *const *env = p->env != NULL ? (char *const *)p->env : environ;
	posix_spawn_file_actions_t a;
	posix_spawnattr_t at;
	int e;

	if ((e = posix_spawn_file_actions_init(&a)) != 0)
		return e;
	if ((e = posix_spawnattr_init(&at)) != 0) {
		(void)posix_spawn_file_actions_destroy(&a);
		return e;
	}
	if ((e = actions_fill(&a, in, out, err)) == 0 &&
	    (e = attributes_fill(&at)) == 0)
		e = posix_spawnp(pid, p->file, &a, &at, argv, env);
	(void)posix_spawnattr_destroy(&at);
	(void)posix_spawn_file_actions_destroy(&a);
	return e;
}

static void
started(struct child *c, pid_t pid, int out, int err, int time_ms)
{
	c->pid = pid;
	c->out = out;
	c->err = err;
	c->deadline = clock_ms() + time_ms;
	c->end = CHILD_RUNNING;
	c->status = 0;
	/* we drain what there is and never wait in read() */
	(void)fcntl(out, F_SETFL, O_NONBLOCK);
	if (err != -1)
		(void)fcntl(err, F_SETFL, O_NONBLOCK);
}

int
child_spawn(struct child *c, const struct child_program *p, struct fault *f)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, in, e = 0;
	pid_t pid = 0;

	c->end = CHILD_NONE;
	c->out = c->err = -1;
	if ((in = input_open(p, f)) == -1)
		return -1;
	if (pipe2(out, O_CLOEXEC) == -1 ||
	    (p->errors && pipe2(err, O_CLOEXEC) == -1))
		e = errno;
	if (e == 0)
		e = spawn(&pid, p, in, out[1], err[1]);
	close_fd(&in);
	close_fd(&out[1]);
	close_fd(&err[1]);
	if (e == 0) {
		started(c, pid, out[0], err[0], p->time_ms);
		return 0;
	}
	close_fd(&out[0]);
	close_fd(&err[0]);
	return fault_errno(f, e, p->file);
}

static void
close_from(int first)
{
	if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0)
		return;
	for (int fd = first; fd < FILES_MAX; fd++)
		(void)close(fd);
}

/* Leave the forked child nothing of ours but one pipe, as descriptor 3. */
static void
isolate(int pipe_fd, pid_t parent)
{
	struct rlimit none = { 0, 0 };
	sigset_t empty;
	int null = open("/dev/null", O_RDWR);

	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before the line above */
		_exit(1);
	(void)sigemptyset(&empty);
	(void)sigprocmask(SIG_SETMASK, &empty, NULL);
	for (int sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL);
	(void)setrlimit(RLIMIT_CORE, &none);
	/* out of the way of 0..3 first: a caller may have closed some */
	pipe_fd = fcntl(pipe_fd, F_DUPFD, 10);
	null = fcntl(null, F_DUPFD, 10);
	if (pipe_fd == -1 || null == -1)
		_exit(1);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(null, fd);
	(void)dup2(pipe_fd, 3);
	close_from(4);
}

int
child_fork(struct child *c, void (*work)(void *ctx, int fd), void *work_ctx,
    int time_ms, struct fault *f)
{
	pid_t pid, parent = getpid();
	int p[2];

	c->end = CHILD_NONE;
	c->out = c->err = -1;
	if (pipe2(p, O_CLOEXEC) == -1)
		return fault_errno(f, errno, "pipe");
	if ((pid = fork()) == -1) {
		(void)fault_errno(f, errno, "fork");
		(void)close(p[0]);
		(void)close(p[1]);
		return -1;
	}
	if (pid == 0) {
		isolate(p[1], parent);
		work(work_ctx, 3);
		_exit(0);
	}
	(void)close(p[1]);
	(void)setpgid(pid, pid); /* whoever is first */
	started(c, pid, p[0], -1, time_ms);
	return 0;
}

/* Wait a little for a killed child; one stuck in the kernel is left. */
static void
reap(struct child *c)
{
	struct timespec tick = { 0, 1000000 };

	for (int i = 0; i < REAP_MS; i++) {
		if (waitpid(c->pid, NULL, WNOHANG) != 0)
			return;
		(void)nanosleep(&tick, NULL);
	}
}

static void
end_by_force(struct child *c, enum child_end end)
{
	(void)kill(-c->pid, SIGKILL);
	(void)kill(c->pid, SIGKILL);
	close_fd(&c->out);
	close_fd(&c->err);
	reap(c);
	c->end = end;
}

void
child_stop(struct child *c)
{
	if (c->end == CHILD_RUNNING)
		end_by_force(c, CHILD_REFUSED);
}

/* Read what there is now. */
static void
drain(struct child *c, int which)
{
	int *fd = which == 1 ? &c->out : &c->err;
	char chunk[CHUNK];
	ssize_t n;

	if (*fd == -1)
		return;
	n = read(*fd, chunk, sizeof(chunk));
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		close_fd(fd);
	else if (c->take(c->ctx, which, chunk, (size_t)n) != 0)
		end_by_force(c, CHILD_REFUSED);
}

/* Its output is closed: has it ended? The group goes before the leader is
 * reaped, while its number cannot be anyone else's. */
static void
look(struct child *c)
{
	siginfo_t info = { 0 };
	int rc;

	rc = waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT);
	if (rc == 0 && info.si_pid == 0)
		return;
	(void)kill(-c->pid, SIGKILL);
	/* last words; a process it left behind may hold fd 2 open for ever */
	drain(c, 2);
	close_fd(&c->err);
	if (c->end != CHILD_RUNNING)
		return;
	(void)waitpid(c->pid, NULL, 0);
	c->end = rc == 0 && info.si_code == CLD_EXITED ? CHILD_EXITED
						       : CHILD_SIGNALLED;
	c->status = rc == 0 ? info.si_status : 0;
}

static int
wait_ms(struct child *const *v, size_t n)
{
	int64_t now = clock_ms(), left = INT32_MAX;

	for (size_t i = 0; i < n; i++) {
		if (v[i]->end != CHILD_RUNNING)
			continue;
		if (v[i]->deadline - now < left)
			left = v[i]->deadline - now;
		if (v[i]->out == -1 && left > TICK_MS)
			left = TICK_MS;
	}
	return left < 0 ? 0 : (int)left;
}

static void
serve(struct child *c, bool out, bool err)
{
	/* we may come late ourselves: what it wrote in time still counts */
	int64_t grace = out || err ? GRACE_MS : 0;

	if (out)
		drain(c, 1);
	if (c->end == CHILD_RUNNING && err)
		drain(c, 2);
	if (c->end == CHILD_RUNNING && c->out == -1)
		look(c);
	if (c->end == CHILD_RUNNING && clock_ms() >= c->deadline + grace)
		end_by_force(c, CHILD_TIMED_OUT);
}

/* One round; returns how many have ended in it. */
static size_t
serve_once(struct child *const *v, size_t n)
{
	struct pollfd p[2 * CHILDREN_MAX];
	size_t ended = 0;

	for (size_t i = 0; i < n; i++) {
		bool on = v[i]->end == CHILD_RUNNING;

		p[2 * i] = (struct pollfd){ on ? v[i]->out : -1, POLLIN, 0 };
		p[2 * i + 1] =
		    (struct pollfd){ on ? v[i]->err : -1, POLLIN, 0 };
	}
	if (poll(p, 2 * n, wait_ms(v, n)) == -1)
		return 0; /* EINTR: the deadlines stand */
	for (size_t i = 0; i < n; i++) {
		if (v[i]->end != CHILD_RUNNING)
			continue;
		serve(v[i], p[2 * i].revents != 0, p[2 * i + 1].revents != 0);
		ended += v[i]->end != CHILD_RUNNING;
	}
	return ended;
}

void
children_serve(struct child *const *v, size_t n)
{
	size_t running = 0;

	for (size_t i = 0; i < n; i++)
		running += v[i]->end == CHILD_RUNNING;
	while (running > 0 && serve_once(v, n) == 0)
		continue;
}

void
child_finish(struct child *c)
{
	while (c->end == CHILD_RUNNING)
		children_serve(&c, 1);
}
