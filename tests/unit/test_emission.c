/* An emission is read whole or not at all: whatever is lost, repeated, moved
 * or changed on the way is seen, and what a log has in between is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/emission.h"
#include "base/length.h"

static const struct column columns[] = { { "name", COLUMN_TEXT, "/x", "its" },
	{ NULL, COLUMN_TEXT, NULL, NULL } };
static const struct kind sample = { "t.sample", "a thing", "its name", "none",
	columns };
static const struct kind *const kinds[] = { &sample, NULL };

#define LINES_MAX 16
#define TEXT_MAX_LEN 65536

struct text { /* an emission as lines, each with its newline */
	char *line[LINES_MAX];
	size_t n;
};

static int
keep_line(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct text *t = ctx;

	(void)f;
	assert_true(t->n < LINES_MAX);
	assert_non_null(t->line[t->n++] = strndup(p, len));
	return 0;
}

static void
free_lines(struct text *t)
{
	while (t->n > 0)
		free(t->line[--t->n]);
}

static void
put_scope(const struct sink *s, const char *scope, int n)
{
	static const char *const keys[] = { "a", "b", "c" };
	struct emitter e;
	struct fault f = { 0 };

	assert_int_equal(emitter_init(&e, s, kinds, "test", scope, &f), 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(emit_outcome(&e, &sample, keys[i],
				     OUTCOME_DENIED, "refused", "/x", &f),
		    0);
	assert_int_equal(emit_coverage(&e, OUTCOME_OBSERVED, NULL, &f), 0);
	emitter_free(&e);
}

/* Two scopes of three and two lines: eight lines with the last one. */
static void
emitted(struct crypto *c, bool numbered, struct text *t)
{
	struct emission e = { .to = { keep_line, t }, .crypto = c };
	struct ndjson bare = { keep_line, t }, out = { emission_write, &e };
	const struct sink s = ndjson_sink(numbered ? &out : &bare);
	struct fault f = { 0 };

	put_scope(&s, "host/a", 3);
	put_scope(&s, "host/b", 2);
	if (numbered)
		assert_int_equal(emission_end(&e, &f), 0);
}

struct counts {
	int put, covered;
};

static int
count_put(void *ctx, const struct observation *o, struct fault *f)
{
	(void)o;
	(void)f;
	((struct counts *)ctx)->put++;
	return 0;
}

static int
count_cover(void *ctx, const struct coverage *c, struct fault *f)
{
	(void)c;
	(void)f;
	((struct counts *)ctx)->covered++;
	return 0;
}

/* Read the lines in the order of v, which ends with -1; those from LINES_MAX
 * on are of others[]. "": whole. */
static const char *const others[] = { "exhibit: kube: 3 pages", "", "[1,2]",
	"{\"key\":\"x\"}" };

static const char *
reading(struct crypto *c, const struct text *t, const int *v,
    long long *skipped, struct fault *f)
{
	struct counts n = { 0, 0 };
	const struct sink s = { count_put, count_cover, &n };
	struct emission_reader r = { .to = &s, .kinds = kinds, .crypto = c };
	int rc = 0;

	*f = (struct fault){ 0 };
	for (; rc == 0 && *v != -1; v++) {
		char *p = strdup(
		    *v < LINES_MAX ? t->line[*v] : others[*v - LINES_MAX]);
		size_t len = strlen(p);

		len -= len > 0 && p[len - 1] == '\n';
		rc = emission_line(&r, p, len, f);
		free(p);
	}
	if (rc == 0)
		rc = emission_whole(&r, f);
	*skipped = r.odd.skipped;
	emission_reader_free(&r);
	if (rc == 0)
		assert_int_equal(n.put, n.covered * 5 / 2);
	return rc == 0 ? "" : f->text;
}

struct order {
	int lines[24];
	const char *why; /* "": whole */
	long long skipped;
};

static void
check_orders(bool numbered, const struct order *v, size_t n)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	struct text t = { .n = 0 };

	assert_non_null(c);
	emitted(c, numbered, &t);
	assert_int_equal(t.n, numbered ? 8 : 7);
	for (size_t i = 0; i < n; i++) {
		long long skipped;
		const char *why = reading(c, &t, v[i].lines, &skipped, &f);

		if (v[i].why[0] == '\0')
			assert_string_equal(why, "");
		else if (strstr(why, v[i].why) == NULL)
			fail_msg("order %zu: '%s', not '%s'", i, why, v[i].why);
		if (v[i].why[0] == '\0')
			assert_int_equal(skipped, v[i].skipped);
	}
	free_lines(&t);
	crypto_free(c);
}

#define O LINES_MAX

static void
only_all_of_its_lines_in_order_are_an_emission(void **state)
{
	static const struct order orders[] = {
		{ { 0, 1, 2, 3, 4, 5, 6, 7, -1 }, "", 0 },
		{ { 0, 2, 3, 4, 5, 6, 7, -1 },
		    "line 3 of the emission follows "
		    "line 1",
		    0 },
		{ { 1, 2, 3, 4, 5, 6, 7, -1 }, "begins with its line 2", 0 },
		{ { 0, 1, 2, 3, 4, 5, 6, -1 }, "without its last line", 0 },
		{ { 0, 1, 2, 3, -1 }, "without its last line", 0 },
		{ { 4, 5, 6, 7, -1 }, "begins with its line 5", 0 },
		{ { 0, 0, 1, 2, 3, 4, 5, 6, 7, -1 },
		    "line 1 of the emission "
		    "follows line 1",
		    0 },
		{ { 0, 2, 1, 3, 4, 5, 6, 7, -1 }, "lines are missing", 0 },
		{ { 7, -1 }, "begins with its line 8", 0 },
		/* a second begins where the first has not ended */
		{ { 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, -1 },
		    "line 1 of the "
		    "emission follows line "
		    "2",
		    0 },
		/* two whole ones */
		{ { 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, -1 }, "",
		    0 },
		/* standard error in a container's log */
		{ { O, 0, O, O + 1, 1, 2, 3, 4, 5, 6, O, 7, O, -1 }, "", 5 },
		{ { O, 0, 2, -1 }, "lines are missing", 0 },
		{ { 0, 1, O + 3, 2, -1 }, "without a number", 0 },
		{ { O, O, -1 }, "holds no observation", 0 },
		{ { -1 }, "holds no observation", 0 },
	};

	(void)state;
	check_orders(true, orders, LENGTH(orders));
}

static void
without_numbers_the_coverage_statements_count(void **state)
{
	static const struct order orders[] = {
		{ { 0, 1, 2, 3, 4, 5, 6, -1 }, "", 0 },
		{ { 0, 2, 3, 4, 5, 6, -1 },
		    "host/a: lines are missing: 2 of 3 came", 0 },
		{ { 3, 4, 5, 6, -1 }, "host/a: lines are missing: 0 of 3 came",
		    0 },
		{ { 3, 0, 6, 1, 2, 4, 5, -1 }, "", 0 }, /* in any order */
		{ { 0, 1, 2, 3, 4, 6, -1 },
		    "host/b: lines are missing: 1 of 2 came", 0 },
		/* nothing shows that an unnumbered line is not one of them */
		{ { 0, O, 1, 2, 3, -1 }, "not a JSON object", 0 },
		{ { O, 0, 1, 2, 3, -1 }, "not JSON objects", 0 },
		{ { 0, 1, 2, 3, 4, 5, 6, O + 2, -1 }, "not a JSON object", 0 },
	};

	(void)state;
	check_orders(false, orders, LENGTH(orders));
}

struct heard {
	int put, whole, broken;
};

static int
hear_put(void *ctx, const struct observation *o, struct fault *f)
{
	(void)o;
	(void)f;
	((struct heard *)ctx)->put++;
	return 0;
}

static int
hear_cover(void *ctx, const struct coverage *c, struct fault *f)
{
	struct heard *h = ctx;

	(void)f;
	if (strstr(c->body, "\"outcome\":\"error\"") != NULL)
		h->broken++;
	else
		h->whole++;
	return 0;
}

/* Lines of a scope without their statement are kept; nothing is gone. Lines
 * more than it counts are told. */
static void
what_nobody_stated_is_no_answer_in_full(void **state)
{
	static const int orders[][8] = { { 0, 1, 2, 3, 4, 5, -1 }, { 4, 5, -1 },
		{ 0, 0, 1, 2, 3, -1 } };
	static const struct heard right[] = { { 5, 1, 1 }, { 2, 0, 1 },
		{ 4, 1, 0 } };
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	struct text t = { .n = 0 };

	(void)state;
	assert_non_null(c);
	emitted(c, false, &t);
	for (size_t i = 0; i < LENGTH(orders); i++) {
		struct heard h = { 0, 0, 0 };
		const struct sink s = { hear_put, hear_cover, &h };
		struct emission_reader r = {
			.to = &s, .kinds = kinds, .crypto = c
		};

		for (const int *v = orders[i]; *v != -1; v++) {
			char *p = strdup(t.line[*v]);

			assert_int_equal(
			    emission_line(&r, p, strlen(p) - 1, &f), 0);
			free(p);
		}
		assert_int_equal(emission_whole(&r, &f), 0);
		assert_memory_equal(&h, &right[i], sizeof(h));
		assert_int_equal(r.odd.uncounted, i == 2);
		emission_reader_free(&r);
	}
	free_lines(&t);
	crypto_free(c);
}

/* Every byte of every line, one at a time. */
static void
a_changed_byte_is_seen(void **state)
{
	static const int all[] = { 0, 1, 2, 3, 4, 5, 6, 7, -1 };
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	struct text t = { .n = 0 };
	long long skipped;

	(void)state;
	assert_non_null(c);
	emitted(c, true, &t);
	for (size_t i = 0; i < t.n; i++)
		for (char *p = t.line[i]; *p != '\n'; p++) {
			char was = *p;

			*p = was == '7' ? '8' : '7';
			if (reading(c, &t, all, &skipped, &f)[0] == '\0')
				fail_msg("line %zu byte %td: %s", i,
				    p - t.line[i], t.line[i]);
			*p = was;
		}
	assert_string_equal(reading(c, &t, all, &skipped, &f), "");
	free_lines(&t);
	crypto_free(c);
}

/* What an agent's log is read by: a part of an emission. */
static void
a_line_is_had_without_its_number(void **state)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	struct text with = { .n = 0 }, bare = { .n = 0 };
	BUF_AUTO(line, TEXT_MAX_LEN);

	(void)state;
	assert_non_null(c);
	emitted(c, true, &with);
	emitted(c, false, &bare);
	for (size_t i = 0; i < bare.n; i++) {
		assert_int_equal(emission_bare(with.line[i],
				     strlen(with.line[i]) - 1, &line),
		    i + 1);
		assert_int_equal(line.len, strlen(bare.line[i]) - 1);
		assert_memory_equal(line.p, bare.line[i], line.len);
		assert_int_equal(emission_bare(bare.line[i],
				     strlen(bare.line[i]) - 1, &line),
		    0);
		assert_memory_equal(line.p, bare.line[i], line.len);
	}
	free_lines(&with);
	free_lines(&bare);
	crypto_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    only_all_of_its_lines_in_order_are_an_emission),
		cmocka_unit_test(without_numbers_the_coverage_statements_count),
		cmocka_unit_test(what_nobody_stated_is_no_answer_in_full),
		cmocka_unit_test(a_changed_byte_is_seen),
		cmocka_unit_test(a_line_is_had_without_its_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
