/* What waits until a list is whole comes out as it went in, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/length.h"

#include "collector/kube/kube.h"

/* The nth observation; some are large. */
static void
put_one(struct spool *s, int n)
{
	BUF_AUTO(key, 64);
	BUF_AUTO(body, BODY_MAX);
	struct observation o = { "kube.node", "kube/x", NULL, OUTCOME_OBSERVED,
		NULL, 0, "{}", 2 };
	struct fault f = { 0 };

	buf_printf(&key, "%d", n);
	for (int i = 0; i < (n % 50 == 7 ? 20000 : 20); i++)
		buf_printf(&body, "<%d>", n);
	o.key = key.p;
	o.body = body.p;
	o.body_len = body.len;
	assert_int_equal(s->sink.put(s->sink.ctx, &o, &f), 0);
}

static int
check(void *ctx, const struct observation *o, struct fault *f)
{
	int *next = ctx;
	char text[16];
	size_t len;

	(void)f;
	assert_int_equal(atoi(o->key), *next);
	len = (size_t)snprintf(text, sizeof(text), "<%d>", *next);
	assert_int_equal(o->body_len, len * (*next % 50 == 7 ? 20000 : 20));
	assert_memory_equal(o->body + o->body_len - len, text, len);
	assert_string_equal(o->provenance, "{}");
	(*next)++;
	return 0;
}

static void
flush(struct spool *s, int from, int to)
{
	struct sink out = { check, NULL, &from };
	struct fault f = { 0 };

	assert_int_equal(spool_flush(s, &out, &f), 0);
	assert_int_equal(from, to);
	assert_int_equal(spool_mark(s), 0);
}

static void
what_was_put_comes_out_in_order(void **state)
{
	struct spool s;

	(void)state;
	spool_init(&s);
	flush(&s, 0, 0);
	for (int n = 0; n < 5; n++)
		put_one(&s, n);
	assert_null(s.file);
	flush(&s, 0, 5);
	for (int n = 0; n < 3000; n++)
		put_one(&s, n);
	assert_non_null(s.file);
	flush(&s, 0, 3000);
	put_one(&s, 7);
	flush(&s, 7, 8);
	spool_free(&s);
}

/* A page that begins anew takes back its own and nothing else, wherever that
 * stands by then. */
static void
what_is_taken_back_is_gone(void **state)
{
	static const int kept[] = { 0, 1, 500, 1234, 3000 };

	(void)state;
	for (size_t i = 0; i < LENGTH(kept); i++)
		for (int more = 0; more < 2000; more += 333) {
			struct fault f = { 0 };
			struct spool s;
			long mark;

			spool_init(&s);
			for (int n = 0; n < kept[i]; n++)
				put_one(&s, n);
			mark = spool_mark(&s);
			for (int n = 0; n < more; n++)
				put_one(&s, 100000);
			assert_int_equal(spool_rewind(&s, mark, &f), 0);
			assert_int_equal(spool_mark(&s), mark);
			for (int n = kept[i]; n < kept[i] + 40; n++)
				put_one(&s, n);
			flush(&s, 0, kept[i] + 40);
			spool_free(&s);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_comes_out_in_order),
		cmocka_unit_test(what_is_taken_back_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
