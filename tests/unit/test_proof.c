/* Proofs out of a store, and what proof_check() makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/length.h"

#include "store/proof.h"

#define SUBJECTS 3000 /* so that buckets hold none, one and several */

static const struct kind thing = {
	.name = "t.thing",
	.columns =
	    (const struct column[]){
		{ "size", COLUMN_INTEGER, "", "" },
		{ 0 },
	    },
};
static const struct kind *const kinds[] = { &thing, NULL };

struct fixture {
	struct crypto *crypto;
	char folder[64], path[128];
	struct store *st;
	struct proof *proof;
	struct fault f;
};

static int
setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	assert_non_null(x);
	strcpy(x->folder, "/tmp/exhibit-proof-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	(void)snprintf(x->path, sizeof(x->path), "%s/s.db", x->folder);
	assert_non_null(x->crypto = crypto_new(false, &x->f));
	assert_int_equal(store_create(x->path, "test", "2026-01-01T00:00:00Z",
			     x->crypto, &x->f),
	    0);
	x->st = store_open(x->path, STORE_WRITE, kinds, x->crypto, &x->f);
	assert_non_null(x->st);
	assert_non_null(x->proof = calloc(1, sizeof(*x->proof)));
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;
	char cmd[128];

	store_close(x->st);
	crypto_free(x->crypto);
	free(x->proof);
	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s", x->folder);
	assert_int_equal(system(cmd), 0);
	free(x);
	return 0;
}

#define OK(x, call)                                                            \
	do {                                                                   \
		if ((call) == -1)                                              \
			fail_msg("%s: %s", #call, (x)->f.text);                \
	} while (0)

/* A run that saw keys from..to-1 with this size. */
static void
collect(struct fixture *x, int from, int to, long long size)
{
	const struct run_begin b = { "2026-01-02T00:00:05Z", "test", "tester",
		"0", "{}", false };
	struct run *r = run_new(x->st, &b, &x->f);
	struct sink s;
	struct emitter e;
	struct run_result result;

	assert_non_null(r);
	s = run_sink(r);
	OK(x, emitter_init(&e, &s, kinds, "test", "host/a", &x->f));
	for (int i = from; i < to; i++) {
		char key[32];
		ATTRS_AUTO(a);

		(void)snprintf(key, sizeof(key), "k%d", i);
		attrs_int(&a, "size", size);
		OK(x, emit_observed(&e, &thing, key, &a, "/src", &x->f));
	}
	OK(x, emit_coverage(&e, OUTCOME_OBSERVED, NULL, &x->f));
	OK(x, run_end(r, "2026-01-02T00:00:05Z", &result, &x->f));
	emitter_free(&e);
	run_free(r);
}

static void
checkpoint(struct fixture *x)
{
	struct log_head head;
	BUF_AUTO(note, 512);

	OK(x, log_head(x->st, &head, &x->f));
	OK(x, checkpoint_note(x->st, &head, &note, &x->f));
	OK(x, checkpoint_put(x->st, "2026-01-02T00:00:05Z", &head, note.p,
		  "not a signature", 15, NULL, 0, &x->f));
}

/* Prove the key as of the run, and check what was proven. */
static void
expect(struct fixture *x, int i, long long run, enum proof_type type,
    const char *content)
{
	struct proof *p = x->proof;
	char key[32];
	BUF_AUTO(text, PROOF_MAX);

	(void)snprintf(key, sizeof(key), "k%d", i);
	OK(x, proof_subject(
		  x->st, "t.thing", "host/a", key, run, 0, &text, &x->f));
	OK(x, proof_check(x->crypto, text.p, text.len, p, &x->f));
	assert_int_equal(p->type, type);
	assert_int_equal(p->run, run);
	assert_string_equal(p->kind, "t.thing");
	assert_string_equal(p->scope, "host/a");
	assert_string_equal(p->key, key);
	assert_string_equal(p->at.origin, "exhibit/test");
	assert_string_equal(p->ended, "2026-01-02T00:00:05Z");
	assert_string_equal(p->state, "complete");
	assert_int_equal(p->at.cms.len, 15);
	assert_memory_equal(p->at.cms.p, "not a signature", 15);
	if (content != NULL) {
		assert_int_equal(p->content.len, strlen(content));
		assert_memory_equal(p->content.p, content, p->content.len);
	}
	proof_free(p);
}

#define SIZE(n) "{\"attributes\":{\"size\":" #n "},\"outcome\":\"observed\"}"

static void
every_run_keeps_its_proofs(void **state)
{
	struct fixture *x = *state;

	collect(x, 0, SUBJECTS, 1);
	collect(x, 0, SUBJECTS, 1);
	collect(x, 0, SUBJECTS / 2, 2);
	collect(x, 0, SUBJECTS, 3);
	checkpoint(x);
	for (int i = 0; i < SUBJECTS; i += 97) {
		bool first = i < SUBJECTS / 2;

		expect(x, i, 1, PROOF_PRESENT, SIZE(1));
		expect(x, i, 2, PROOF_PRESENT, SIZE(1));
		expect(x, i, 3, first ? PROOF_PRESENT : PROOF_ABSENT,
		    first ? SIZE(2) : NULL);
		expect(x, i, 4, PROOF_PRESENT, SIZE(3));
		expect(x, i + SUBJECTS, 4, PROOF_ABSENT, NULL);
	}
}

static void
any_entry_in_any_log(void **state)
{
	struct fixture *x = *state;
	struct log_head head;

	collect(x, 0, 1, 1);
	for (int i = 0; i < 20; i++)
		OK(x, log_append(
			  x->st, "t", "{\"type\":\"t\"}", 12, NULL, &x->f));
	OK(x, log_head(x->st, &head, &x->f));
	for (long long size = 1; size <= head.size; size++)
		for (long long seq = 0; seq < size; seq++) {
			BUF_AUTO(text, PROOF_MAX);

			OK(x, proof_record(x->st, seq, size, &text, &x->f));
			OK(x, proof_check(x->crypto, text.p, text.len, x->proof,
				  &x->f));
			assert_int_equal(x->proof->type, PROOF_RECORD);
			assert_int_equal(x->proof->seq, seq);
			assert_int_equal(x->proof->at.head.size, size);
			assert_int_equal(x->proof->at.cms.len, 0);
			proof_free(x->proof);
		}
}

static void
any_log_begins_with_any_shorter(void **state)
{
	struct fixture *x = *state;
	struct log_head head;

	for (int i = 0; i < 20; i++)
		OK(x, log_append(
			  x->st, "t", "{\"type\":\"t\"}", 12, NULL, &x->f));
	OK(x, log_head(x->st, &head, &x->f));
	for (long long n = 1; n <= head.size; n++)
		for (long long m = 1; m <= n; m++) {
			BUF_AUTO(text, PROOF_MAX);

			OK(x, proof_consistency(x->st, m, n, &text, &x->f));
			OK(x, proof_check(x->crypto, text.p, text.len, x->proof,
				  &x->f));
			assert_int_equal(x->proof->first.head.size, m);
			assert_int_equal(x->proof->at.head.size, n);
			proof_free(x->proof);
		}
}

static void
names_are_taken_as_they_are(void **state)
{
	static const char *const keys[] = { "", "a b", "\"", "\\", "ä€😀",
		"line\nbreak", "\x01" };
	struct fixture *x = *state;

	collect(x, 0, 1, 1);
	for (size_t i = 0; i < LENGTH(keys); i++) {
		BUF_AUTO(text, PROOF_MAX);

		OK(x, proof_subject(x->st, "t.thing", "host/a", keys[i], 0, 0,
			  &text, &x->f));
		OK(x,
		    proof_check(x->crypto, text.p, text.len, x->proof, &x->f));
		assert_int_equal(x->proof->type, PROOF_ABSENT);
		assert_string_equal(x->proof->key, keys[i]);
		proof_free(x->proof);
	}
}

/* One changed bit anywhere: refused, or it says of another origin (which only
 * the signature holds together with the rest). */
static void
no_changed_bit_is_accepted(void **state)
{
	struct fixture *x = *state;
	BUF_AUTO(text, PROOF_MAX);

	collect(x, 0, SUBJECTS, 1);
	OK(x, proof_subject(
		  x->st, "t.thing", "host/a", "k1", 1, 0, &text, &x->f));
	for (size_t i = 0; i < text.len; i++) {
		struct fault f = { 0 };

		text.p[i] ^= 1;
		if (proof_check(x->crypto, text.p, text.len, x->proof, &f) ==
		    0) {
			assert_string_not_equal(
			    x->proof->at.origin, "exhibit/test");
			proof_free(x->proof);
		} else {
			assert_true(f.kind == FAULT_FORMAT ||
				    f.kind == FAULT_INTEGRITY);
		}
		text.p[i] ^= 1;
	}
	for (size_t i = 0; i < text.len; i++) {
		struct fault f = { 0 };

		assert_int_equal(
		    proof_check(x->crypto, text.p, i, x->proof, &f), -1);
	}
}

static void
says_what_cannot_be_proven(void **state)
{
	struct fixture *x = *state;
	char longest[NAME_MAX_LEN + 2];
	BUF_AUTO(text, PROOF_MAX);

	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(
	    proof_subject(x->st, "t.thing", "s", "k", 0, 0, &text, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
	collect(x, 0, 1, 1);
	assert_int_equal(
	    proof_subject(x->st, "t.thing", "s", "k", 2, 0, &text, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
	assert_int_equal(
	    proof_subject(x->st, "t.thing", "s", longest, 0, 0, &text, &x->f),
	    -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
	assert_int_equal(
	    proof_subject(x->st, "t.thing", "s", "\xff", 0, 0, &text, &x->f),
	    -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
	assert_int_equal(
	    proof_subject(x->st, "t.thing", "s", "k", 1, 1, &text, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
	assert_int_equal(proof_record(x->st, 99, 0, &text, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
	assert_int_equal(proof_record(x->st, 0, 99, &text, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_INTEGRITY);
	assert_int_equal(proof_consistency(x->st, 0, 2, &text, &x->f), -1);
	assert_int_equal(x->f.kind, FAULT_USAGE);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(every_run_keeps_its_proofs),
		T(any_entry_in_any_log),
		T(any_log_begins_with_any_shorter),
		T(names_are_taken_as_they_are),
		T(no_changed_bit_is_accepted),
		T(says_what_cannot_be_proven),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
