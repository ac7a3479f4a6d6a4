/*
 * Memory that runs out on purpose: the nth allocation fails, for n = 1, 2, 3
 * ... until the work succeeds.
 *
 * Our own code is reached through the linker (--wrap=malloc and its kin, see
 * CMakeLists.txt), so that nothing in the product knows of it; SQLite,
 * OpenSSL, jansson and libxml2 through the allocators they let one set.
 */
#ifndef TESTS_TORTURE_H
#define TESTS_TORTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

/* First in main(), before any of the libraries has allocated. */
void torture_libraries(void);

struct torture_attempt {
	long n;	       /* the allocation that failed, counted from 1 */
	bool for_good; /* and every later one: no memory comes back */
	bool fired;    /* the work got as far as that */
	int rc;	       /* of the work */
	struct fault f;
};

struct torture {
	const char *name;
	/* dense: the first allocations are failed one by one; later ones at
	 * random steps, so that about as many attempts again are made. Of both
	 * a fifth, unless EXHIBIT_TEST_ALL is set (scripts/test --all). */
	long dense;
	/* Functions of libraries (the beginnings of their names, then NULL)
	 * that are known to crash when memory ends, or NULL. Each attempt is
	 * then made in a child first, and one that dies below such a function
	 * is counted and left out: a program that died has claimed nothing. */
	const char *const *may_crash;
	void *ctx;
	/* Memory fails in work() only. after() says what must hold. */
	void (*before)(void *ctx);
	int (*work)(void *ctx, struct fault *f);
	void (*after)(void *ctx, const struct torture_attempt *a);
};

/*
 * Run the work whole, then with every chosen allocation failing once, then
 * with memory gone for good from there on. Prints the seed and the number of
 * attempts. The environment may set EXHIBIT_TORTURE_SEED, and
 * EXHIBIT_TORTURE_STEP=k for about every kth allocation (1: all of them) or
 * EXHIBIT_TORTURE_N=n for the nth alone.
 */
void torture(const struct torture *t);

#endif
