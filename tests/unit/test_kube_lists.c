/* Several lists at once: the same lines, and an end to all when one fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/kube_fixture.h"

static const struct request asked = { .now = "2026-11-23T11:00:00Z" };

/* A server that answers from files to any number at a time. */
struct crowd {
	atomic_int open, opened, stopped;
	bool slow; /* pods come only when nothing is wanted any more */
};

struct one {
	struct crowd *crowd;
	struct replay replay;
};

static int
get(void *self, const struct api_get *g, struct api_answer *a, struct fault *f)
{
	struct one *o = self;

	if (!o->crowd->slow || strncmp(g->path, "/api/v1/pods?", 13) != 0)
		return replay_get(&o->replay, g, a, f);
	for (int i = 0; i < 1000 && !atomic_load(g->stop); i++)
		(void)usleep(10000);
	atomic_fetch_add(&o->crowd->stopped, atomic_load(g->stop));
	return fault(f, FAULT_REMOTE, "not wanted any more");
}

static void
close_one(void *self)
{
	struct one *o = self;

	atomic_fetch_sub(&o->crowd->open, 1);
	free(o);
}

static int
another(void *self, struct api *api, struct fault *f)
{
	struct one *from = self, *o = malloc(sizeof(*o));

	if (o == NULL)
		return fault_memory(f);
	*o = (struct one){ from->crowd, { .folder = from->replay.folder } };
	atomic_fetch_add(&o->crowd->open, 1);
	atomic_fetch_add(&o->crowd->opened, 1);
	*api = (struct api){ get, o, another, close_one };
	return 0;
}

static void
lines_are_the_same_however_many_are_asked_at_once(void **state)
{
	struct replay alone = { .folder = "real" };
	BUF_AUTO(expected, KUBE_ANSWER_MAX);
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(kube_replay(&alone, &asked, &expected, &f), 0);
	for (int i = 0; i < 20; i++) {
		struct crowd crowd = { 0 };
		struct one first = { &crowd, { .folder = "real" } };
		BUF_AUTO(out, KUBE_ANSWER_MAX);
		struct ndjson n = { kube_append, &out };
		struct sink sink = ndjson_sink(&n);
		struct kube k = { .r = &asked,
			.api = { get, &first, another, close_one },
			.out = &sink };

		assert_int_equal(kube_collect_all(&k, "prod", &f), 0);
		assert_string_equal(out.p, expected.p);
		assert_int_equal(atomic_load(&crowd.opened), AT_ONCE - 1);
		assert_int_equal(atomic_load(&crowd.open), 0);
	}
}

/* Takes what is told of the cluster itself, and refuses the first list. */
static int
full(void *ctx, const char *p, size_t len, struct fault *f)
{
	int *lines = ctx;

	(void)p;
	(void)len;
	return ++*lines > 1 ? fault(f, FAULT_IO, "no room") : 0;
}

static void
a_sink_that_fails_ends_them_all(void **state)
{
	struct crowd crowd = { .slow = true };
	struct one first = { &crowd, { .folder = "real" } };
	int lines = 0;
	struct ndjson n = { full, &lines };
	struct sink sink = ndjson_sink(&n);
	struct kube k = { .r = &asked,
		.api = { get, &first, another, close_one },
		.out = &sink };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(kube_collect_all(&k, "prod", &f), -1);
	assert_string_equal(f.text, "no room");
	assert_int_equal(lines, 2);
	assert_int_equal(atomic_load(&crowd.open), 0);
	assert_in_range(atomic_load(&crowd.stopped), 0, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    lines_are_the_same_however_many_are_asked_at_once),
		cmocka_unit_test(a_sink_that_fails_ends_them_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
