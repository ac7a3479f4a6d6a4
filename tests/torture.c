/* See torture.h. */
#include "tests/torture.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <sqlite3.h>

/* clang-format off */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t len);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t len);
/* clang-format on */

/* In a sanitized build: called when it stops the program. */
void __sanitizer_set_death_callback(void (*callback)(void))
    __attribute__((weak));
void __lsan_ignore_object(const void *p) __attribute__((weak));

static struct {
	const char *name;
	long count, n; /* n 0: nothing fails */
	bool for_good, fired;
} now;

static bool
fails(void)
{
	if (now.n == 0)
		return false;
	now.count++;
	if (now.for_good ? now.count < now.n : now.count != now.n)
		return false;
	now.fired = true;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

char *
__wrap_strdup(const char *s)
{
	return fails() ? NULL : __real_strdup(s);
}

char *
__wrap_strndup(const char *s, size_t len)
{
	return fails() ? NULL : __real_strndup(s, len);
}

/* ------------------------------------------------------------- libraries */

/*
 * OpenSSL 3.0 loses names of a library context's table of names when that
 * table cannot grow. Nothing of ours is allocated in that file.
 */
static const char leaky_file[] = "core_namemap.c";

static void *
crypto_malloc(size_t size, const char *file, int line)
{
	void *p = fails() ? NULL : __real_malloc(size);

	(void)line;
	if (p != NULL && __lsan_ignore_object != NULL && file != NULL &&
	    strstr(file, leaky_file) != NULL)
		__lsan_ignore_object(p);
	return p;
}

static void *
crypto_realloc(void *p, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : __real_realloc(p, size);
}

static void
crypto_free_fn(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* SQLite asks for the size of what it has: a header keeps it. */
#define HEADER 16 /* keeps what follows aligned for any type */

static void *
sqlite_malloc(int size)
{
	char *p = fails() ? NULL : __real_malloc((size_t)size + HEADER);

	if (p == NULL)
		return NULL;
	memcpy(p, &size, sizeof(size));
	return p + HEADER;
}

static void
sqlite_free(void *p)
{
	if (p != NULL)
		free((char *)p - HEADER);
}

static void *
sqlite_realloc(void *old, int size)
{
	char *p =
	    fails() ? NULL
		    : __real_realloc(old == NULL ? NULL : (char *)old - HEADER,
			  (size_t)size + HEADER);

	if (p == NULL)
		return NULL;
	memcpy(p, &size, sizeof(size));
	return p + HEADER;
}

static int
sqlite_size(void *p)
{
	int size = 0;

	if (p != NULL)
		memcpy(&size, (char *)p - HEADER, sizeof(size));
	return size;
}

static int
sqlite_roundup(int size)
{
	return (size + 7) & ~7;
}

static int
sqlite_init(void *ctx)
{
	(void)ctx;
	return SQLITE_OK;
}

static void
sqlite_shutdown(void *ctx)
{
	(void)ctx;
}

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "torture: %s\n", what);
	exit(1);
}

static void
say_where(void)
{
	(void)fprintf(stderr,
	    "torture: in '%s', allocation %ld failed%s, %ld were made\n",
	    now.name != NULL ? now.name : "nothing", now.n,
	    now.for_good ? " and all after it" : "", now.count);
}

void
torture_libraries(void)
{
	static const sqlite3_mem_methods methods = { sqlite_malloc, sqlite_free,
		sqlite_realloc, sqlite_size, sqlite_roundup, sqlite_init,
		sqlite_shutdown, NULL };
	void *frame[1];

	must(CRYPTO_set_mem_functions(
		 crypto_malloc, crypto_realloc, crypto_free_fn) == 1,
	    "OpenSSL has allocated already");
	/* without look-aside memory every allocation of SQLite is one here */
	must(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK &&
		 sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) == SQLITE_OK,
	    "SQLite has started already");
	json_set_alloc_funcs(__wrap_malloc, free);
	must(xmlMemSetup(free, __wrap_malloc, __wrap_realloc, __wrap_strdup) ==
		 0,
	    "libxml2 keeps its allocator");
	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(say_where);
	(void)backtrace(frame, 1); /* loads what it needs: not while dying */
}

/* --------------------------------------------------------------- attempts */

static uint64_t random_state;

static long
random_below(long max)
{
	random_state =
	    random_state * 6364136223846793005U + 1442695040888963407U;
	return (long)((random_state >> 33) % (uint64_t)max);
}

/* ----------------------------------------------------------------- crashes */

#define CHILD_SECONDS 600
#define CRASHED_THERE 99 /* exit status of a child that died in may_crash */

static const char *const *crash_allowed; /* in the child */

/* Are we below one of the functions that may crash? */
static bool
below_allowed(void)
{
	void *frames[64];
	int n = backtrace(frames, 64);
	Dl_info at;

	for (int i = 0; i < n; i++)
		for (size_t k = 0; crash_allowed[k] != NULL; k++)
			if (dladdr(frames[i], &at) != 0 &&
			    at.dli_sname != NULL &&
			    strncmp(at.dli_sname, crash_allowed[k],
				strlen(crash_allowed[k])) == 0)
				return true;
	return false;
}

static void
on_death(void)
{
	if (below_allowed())
		_exit(CRASHED_THERE);
	say_where();
}

static void
on_crash(int sig)
{
	(void)sig;
	on_death();
	_exit(1);
}

/* In a child: does this attempt die in the library that may? */
static bool
crashes(const struct torture *t, long n, bool for_good)
{
	struct fault f = { 0 };
	int status = 0;
	pid_t pid;

	(void)fflush(NULL);
	if ((pid = fork()) == 0) {
		crash_allowed = t->may_crash;
		(void)alarm(CHILD_SECONDS);
		(void)signal(SIGSEGV, on_crash);
		if (__sanitizer_set_death_callback != NULL)
			__sanitizer_set_death_callback(on_death);
		must(freopen("/dev/null", "w", stderr) != NULL, "/dev/null");
		if (t->before != NULL)
			t->before(t->ctx);
		now.count = 0;
		now.for_good = for_good;
		now.n = n;
		(void)t->work(t->ctx, &f);
		_exit(0);
	}
	must(pid != -1 && waitpid(pid, &status, 0) == pid, "no child");
	return WIFEXITED(status) && WEXITSTATUS(status) == CRASHED_THERE;
}

static bool
attempt(const struct torture *t, long n, bool for_good)
{
	struct torture_attempt a = { .n = n, .for_good = for_good };

	if (t->before != NULL)
		t->before(t->ctx);
	now.count = 0;
	now.fired = false;
	now.for_good = for_good;
	now.n = n;
	a.rc = t->work(t->ctx, &a.f);
	now.n = 0;
	a.fired = now.fired;
	ERR_clear_error();
	now.n = 0;
	t->after(t->ctx, &a);
	return a.fired;
}

static long
number_of(const char *name)
{
	const char *s = getenv(name);

	return s != NULL ? atol(s) : 0;
}

static void
pass(const struct torture *t, long total, bool for_good)
{
	long one = number_of("EXHIBIT_TORTURE_N");
	long step = number_of("EXHIBIT_TORTURE_STEP"), attempts = 0;
	long n = one > 0 ? one : 1, crashed = 0;
	long first =
	    getenv("EXHIBIT_TEST_ALL") != NULL ? t->dense : (t->dense + 4) / 5;
	bool dense = step == 0;

	if (dense)
		step = (total - first) / (first > 0 ? first : 1);
	for (;;) {
		must(n < 4 * total + 1000, "the work never ends well again");
		if (t->may_crash != NULL && crashes(t, n, for_good))
			crashed++;
		else if (!attempt(t, n, for_good))
			break;
		attempts++;
		if (one > 0)
			break;
		n += (dense && n < first) || step < 2
			 ? 1
			 : 1 + random_below(2 * step - 1);
	}
	(void)printf("# torture %s: %ld of %ld allocations failed%s\n", t->name,
	    attempts, total, for_good ? " for good" : " once");
	if (crashed > 0)
		(void)printf("# torture %s: %ld of them died in a library\n",
		    t->name, crashed);
	(void)fflush(stdout);
}

void
torture(const struct torture *t)
{
	const char *seed = getenv("EXHIBIT_TORTURE_SEED");
	long total;

	random_state =
	    seed != NULL ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL);
	(void)printf("# torture %s: EXHIBIT_TORTURE_SEED=%llu\n", t->name,
	    (unsigned long long)random_state);
	(void)fflush(stdout);
	now.name = t->name;
	/* once whole: the libraries set themselves up, and we learn how many
	 * allocations there are */
	must(!attempt(t, 1L << 60, false), "no end of allocations");
	must(!attempt(t, 1L << 60, false), "no end of allocations");
	total = now.count;
	pass(t, total, false);
	pass(t, total, true);
	now.name = NULL;
}
