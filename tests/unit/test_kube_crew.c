/* Jobs done by several threads are used in their order, and not too early. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "base/length.h"

#include "collector/kube/crew.h"

#define JOBS 500

struct row {
	atomic_size_t used, working, most, open;
	size_t ahead, fail_at;
	int done[JOBS]; /* how often; of whoever does it */
};

static void
close_one(void *self)
{
	struct row *r = self;

	(void)atomic_fetch_sub(&r->open, 1);
}

static int
another(void *self, struct api *api, struct fault *f)
{
	struct row *r = self;

	if (atomic_load(&r->open) == AT_ONCE - 2) /* the last is refused */
		return fault(f, FAULT_IO, "no more");
	(void)atomic_fetch_add(&r->open, 1);
	*api = (struct api){ .self = self, .close = close_one };
	return 0;
}

static void
work(void *ctx, size_t i, const struct api *api)
{
	struct row *r = ctx;
	size_t now = atomic_fetch_add(&r->working, 1) + 1;
	size_t most = atomic_load(&r->most);

	assert_ptr_equal(api->self, r);
	while (
	    now > most && !atomic_compare_exchange_weak(&r->most, &most, now))
		;
	if (i >= atomic_load(&r->used) + r->ahead + 1)
		r->done[i] = 100; /* too early */
	(void)usleep((unsigned)(i * 7919 % 300));
	r->done[i]++;
	(void)atomic_fetch_sub(&r->working, 1);
}

static int
use(void *ctx, size_t i, struct fault *f)
{
	struct row *r = ctx;

	assert_int_equal(i, atomic_load(&r->used));
	assert_int_equal(r->done[i], 1);
	if (i == r->fail_at)
		return fault(f, FAULT_IO, "no room");
	(void)atomic_fetch_add(&r->used, 1);
	return 0;
}

static void
run(struct row *r, size_t jobs, bool alone, int want)
{
	struct crew c = { .jobs = jobs,
		.ahead = r->ahead,
		.work = work,
		.use = use,
		.ctx = r };
	struct api api = {
		.self = r, .another = alone ? NULL : another, .close = close_one
	};
	struct fault f = { 0 };

	assert_int_equal(crew_run(&c, &api, &f), want);
	assert_int_equal(atomic_load(&r->working), 0);
	assert_int_equal(atomic_load(&r->open), 0);
}

static void
jobs_are_used_in_order_and_begun_not_too_early(void **state)
{
	static const size_t ahead[] = { 1, 2, 4, JOBS };

	(void)state;
	for (size_t i = 0; i < LENGTH(ahead); i++) {
		struct row r = { .ahead = ahead[i], .fail_at = JOBS };

		run(&r, JOBS, false, 0);
		assert_int_equal(atomic_load(&r.used), JOBS);
		assert_in_range(atomic_load(&r.most), 1, AT_ONCE);
	}
}

static void
one_thread_and_no_jobs_will_do(void **state)
{
	struct row alone = { .ahead = 1, .fail_at = JOBS };
	struct row none = { .ahead = 1, .fail_at = JOBS };

	(void)state;
	run(&alone, JOBS, true, 0);
	assert_int_equal(atomic_load(&alone.used), JOBS);
	assert_int_equal(atomic_load(&alone.most), 1);
	run(&none, 0, false, 0);
}

static void
a_use_that_fails_ends_it(void **state)
{
	(void)state;
	for (size_t at = 0; at < JOBS; at += 99) {
		struct row r = { .ahead = 4, .fail_at = at };
		int begun = 0;

		run(&r, JOBS, false, -1);
		for (size_t i = 0; i < JOBS; i++)
			begun += r.done[i];
		assert_in_range(begun, at + 1, at + r.ahead + 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    jobs_are_used_in_order_and_begun_not_too_early),
		cmocka_unit_test(one_thread_and_no_jobs_will_do),
		cmocka_unit_test(a_use_that_fails_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
