/* What every room stands on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/number.h"
#include "base/length.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/near.h"
#include "base/observation.h"
#include "base/utc.h"

static void
canonical_is_sorted_and_minimal(void **state)
{
	static const char in[] =
	    " { \"b\" : [1, true, null, \"\\u001f\\/\\u00e9\\n\"], \"a\":{} }";
	struct fault f = { 0 };
	BUF_AUTO(out, 1024);
	json_t *v = json_read(in, strlen(in), "text", &f);

	(void)state;
	assert_non_null(v);
	assert_int_equal(json_canonical(v, &out, &f), 0);
	assert_string_equal(
	    out.p, "{\"a\":{},\"b\":[1,true,null,\"\\u001f/\xc3\xa9\\n\"]}");
	json_decref(v);
}

static void
canonical_refuses_what_differs_between_readers(void **state)
{
	static const char *const bad[] = {
		"[1.5]",
		"[9007199254740992]",
		"[-9007199254740992]",
		"{\"\\u00e9\":1}",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct fault f = { 0 };
		BUF_AUTO(out, 1024);
		json_t *v = json_read(bad[i], strlen(bad[i]), "text", &f);

		assert_non_null(v);
		assert_int_equal(json_canonical(v, &out, &f), -1);
		assert_int_equal(f.kind, FAULT_FORMAT);
		json_decref(v);
	}
}

static void
json_refuses_what_it_cannot_read(void **state)
{
	static const struct {
		const char *p;
		size_t len;
	} bad[] = {
		{ "", 0 },
		{ "{\"a\":1,\"a\":2}", 13 },
		{ "[\"\xff\"]", 5 },
		{ "[\"\\ud800\"]", 10 },
		{ "[1] x", 5 },
		{ "[\"\\u0000\"]", 10 },
		{ "[1\0]", 4 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct fault f = { 0 };

		assert_null(json_read(bad[i].p, bad[i].len, "x.json", &f));
		assert_int_equal(f.kind, FAULT_FORMAT);
		assert_non_null(strstr(f.text, "x.json"));
	}
}

static void
text_from_outside_is_made_harmless(void **state)
{
	static const struct {
		const char *in, *out;
		size_t len;
	} cases[] = {
		{ "plain", "plain", 5 },
		{ "a\0b", "a\\x00b", 3 },
		{ "\x1b[2J", "\\x1b[2J", 4 },
		{ "\xc3\xa9\xff", "\xc3\xa9\\xff", 3 },
		{ "\xc2\x9b", "\\xc2\\x9b", 2 },	  /* C1 CSI */
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae", 3 }, /* RLO */
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80", 3 }, /* surrogate */
		{ "\xc0\xaf", "\\xc0\\xaf", 2 },	  /* overlong */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", 4 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		BUF_AUTO(b, 1024);

		text_clean(&b, cases[i].in, cases[i].len, 100);
		assert_string_equal(b.p, cases[i].out);
	}
}

static void
long_text_is_cut_visibly(void **state)
{
	BUF_AUTO(b, 64);

	(void)state;
	text_clean(&b, "0123456789", 10, 4);
	assert_string_equal(b.p, "0123\xe2\x80\xa6");
}

static void
buffer_keeps_its_maximum(void **state)
{
	struct fault f = { 0 };
	BUF_AUTO(b, 4);

	(void)state;
	buf_puts(&b, "1234");
	assert_int_equal(buf_done(&b, "four", &f), 0);
	buf_putc(&b, '5');
	buf_puts(&b, "");
	assert_int_equal(buf_done(&b, "four", &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_int_equal(b.len, 4);
}

static void
times_are_real_calendar_days(void **state)
{
	static const char *const bad[] = { "", "2026-02-29", "2026-13-01",
		"2026-11-23T24:00:00Z", "2026-11-23T10:00:00", "1969-12-31",
		"2026-11-23T10:00:60Z", "2026-1-1",
		"2026-11-23T10:00:00+01:00" };
	char text[UTC_LEN];
	int64_t t = 7;

	(void)state;
	assert_int_equal(utc_parse("2024-02-29T23:59:59Z", &t), 0);
	utc_format(t, text);
	assert_string_equal(text, "2024-02-29T23:59:59Z");
	assert_int_equal(utc_parse("1970-01-02", &t), 0);
	assert_int_equal(t, 86400);
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_int_equal(utc_parse(bad[i], &t), -1);
	assert_int_equal(t, 86400);
}

static void
a_time_without_a_year_of_four_digits_is_not_known(void **state)
{
	static const int64_t beyond[] = { 253402300800, -62135596801, INT64_MAX,
		INT64_MIN, 1LL << 40 };
	char text[UTC_LEN];

	(void)state;
	utc_format(253402300799, text);
	assert_string_equal(text, "9999-12-31T23:59:59Z");
	for (size_t i = 0; i < LENGTH(beyond); i++) {
		memset(text, 'x', sizeof(text));
		utc_format(beyond[i], text);
		assert_string_equal(text, "");
	}
}

static void
the_nearest_name_is_meant(void **state)
{
	static const struct {
		const char *asked, *meant;
	} cases[] = { { "colect", "collect" }, { "VERIFY", "verify" },
		{ "verfy", "verify" }, { "q", "" }, { "", "" },
		{ "collectcollect", "" }, { "cellocts", "" } };

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct near n = near_to(cases[i].asked);

		near_offer(&n, span_of("collect"));
		near_offer(&n, span_of("verify"));
		assert_string_equal(n.best, cases[i].meant);
	}
}

static void
a_new_file_never_replaces_another(void **state)
{
	char dir[] = "/tmp/exhibit-base-XXXXXX", path[64], tmp[80];
	struct fault f = { 0 };
	BUF_AUTO(b, 64);

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/key", dir);
	(void)snprintf(tmp, sizeof(tmp), "%s/tmp", dir);
	assert_int_equal(file_create(path, "one", 3, 0600, &f), 0);
	assert_int_equal(file_create(path, "two", 3, 0600, &f), -1);
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_int_equal(file_write(tmp, "three", 5, 0600, &f), 0);
	assert_int_equal(file_publish(tmp, path, &f), -1);
	assert_int_equal(access(tmp, F_OK), -1);
	assert_int_equal(file_read(path, &b, &f), 0);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.p, "one", 3);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0); /* and nothing is left beside it */
}

static void
digests_are_the_standard_ones(void **state)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	uint8_t d[SHA384_LEN];
	char hex[SHA384_HEX], uuid[UUID_LEN];
	const struct slice abc[] = { { "a", 1 }, { "", 0 }, { "bc", 2 } };

	(void)state;
	assert_non_null(c);
	assert_int_equal(digest_sha256v(c, abc, 3, d, &f), 0);
	hex_encode(d, SHA256_LEN, hex);
	assert_string_equal(hex,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(digest_sha384(c, "abc", 3, d, &f), 0);
	hex_encode(d, 4, hex);
	assert_string_equal(hex, "cb00753f");
	assert_int_equal(uuid_of(c, "abc", uuid, &f), 0);
	assert_string_equal(uuid, "ba7816bf-8f01-5fea-8141-40de5dae2223");
	assert_int_equal(hex_decode("00fF", d, 2), 0);
	assert_int_equal(d[1], 0xff);
	assert_int_equal(hex_decode("0", d, 1), -1);
	assert_int_equal(hex_decode("0g", d, 1), -1);
	crypto_free(c);
}

static void
file_appears_whole(void **state)
{
	static const char path[] = "/tmp/exhibit-test-base";
	struct fault f = { 0 };
	BUF_AUTO(b, 8);

	(void)state;
	assert_int_equal(file_write(path, "12345678", 8, 0600, &f), 0);
	assert_int_equal(file_read(path, &b, &f), 0);
	assert_string_equal(b.p, "12345678");
	buf_reset(&b);
	assert_int_equal(file_write(path, "123456789", 9, 0600, &f), 0);
	assert_int_equal(file_read(path, &b, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_int_equal(file_write("/tmp/no/such/dir/x", "", 0, 0600, &f), -1);
	assert_int_equal(f.kind, FAULT_ABSENT);
	assert_int_equal(file_read("/tmp", &b, &f), -1);
	assert_int_equal(f.kind, FAULT_USAGE);
	(void)unlink(path);
}

static void
a_fault_cannot_drive_a_terminal(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(fault(&f, FAULT_FORMAT, "x\x1b[2J\ny"), -1);
	assert_string_equal(f.text, "x?[2J?y");
}

static const struct kind sample = {
	.name = "t.sample",
	.columns =
	    (const struct column[]){
		{ "flag", COLUMN_BOOLEAN, "", "" },
		{ "name", COLUMN_TEXT, "", "" },
		{ 0 },
	    },
};
static const struct kind *const samples[] = { &sample, NULL };

static int
append(void *ctx, const char *p, size_t len, struct fault *f)
{
	buf_put(ctx, p, len);
	return buf_done(ctx, "lines", f);
}

static void
observations_survive_the_trip_through_ndjson(void **state)
{
	struct fault f = { 0 };
	BUF_AUTO(first, 8192);
	BUF_AUTO(second, 8192);
	struct ndjson n1 = { append, &first }, n2 = { append, &second };
	struct sink s1 = ndjson_sink(&n1), s2 = ndjson_sink(&n2);
	struct emitter e;
	ATTRS_AUTO(a);

	(void)state;
	attrs_str(&a, "name", "\xffqu\"ote");
	attrs_bool(&a, "flag", true);
	assert_int_equal(
	    emitter_init(&e, &s1, samples, "test", "host/a", &f), 0);
	assert_int_equal(
	    emit_observed(&e, &sample, "k\x01", &a, "/etc/x", &f), 0);
	assert_int_equal(emit_outcome(&e, &sample, "k2", OUTCOME_DENIED,
			     "permission denied", "/etc/y", &f),
	    0);
	assert_int_equal(emit_gap(&e, &sample, OUTCOME_ERROR, "cut", &f), 0);
	assert_int_equal(emit_coverage(&e, OUTCOME_OBSERVED, NULL, &f), 0);
	emitter_free(&e);

	for (char *p = first.p, *end; *p != '\0'; p = end + 1) {
		end = strchr(p, '\n');
		assert_int_equal(
		    ndjson_line(p, (size_t)(end - p), samples, &s2, &f), 0);
	}
	assert_string_equal(first.p, second.p);
	assert_non_null(strstr(first.p,
	    "{\"key\":\"k\\\\x01\",\"kind\":\"t.sample\",\"observation\":"
	    "{\"attributes\":{\"flag\":true,\"name\":\"\\\\xffqu\\\"ote\"},"
	    "\"outcome\":\"observed\"},\"provenance\":{\"collector\":"
	    "\"test/1\",\"source\":\"/etc/x\"},\"scope\":\"host/a\"}\n"));
	assert_non_null(strstr(first.p, "\"denied\":1,"));
}

static void
refuses_lines_that_are_not_observations(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"key\":\"k\",\"kind\":\"t.other\",\"observation\":{},"
		"\"provenance\":{},\"scope\":\"s\"}",
		"{\"key\":\"k\",\"kind\":\"t.sample\",\"observation\":{"
		"\"attributes\":{\"secret\":\"x\"},\"outcome\":\"observed\"},"
		"\"provenance\":{},\"scope\":\"s\"}",
		"{\"key\":\"k\",\"kind\":\"t.sample\",\"observation\":{"
		"\"attributes\":{\"flag\":\"yes\"},\"outcome\":\"observed\"},"
		"\"provenance\":{},\"scope\":\"s\"}",
		"{\"key\":\"\",\"kind\":\"t.sample\",\"observation\":{"
		"\"attributes\":{},\"outcome\":\"observed\"},"
		"\"provenance\":{},\"scope\":\"s\"}",
		"{\"key\":\"k\",\"kind\":\"t.sample\",\"observation\":{"
		"\"attributes\":{},\"outcome\":\"denied\"},"
		"\"provenance\":{},\"scope\":\"s\"}",
		"{\"key\":\"k\",\"kind\":\"t.sample\",\"observation\":{"
		"\"outcome\":\"passed\",\"reason\":\"\"},"
		"\"provenance\":{},\"scope\":\"s\"}",
		"{\"coverage\":{},\"x\":1}",
		"{\"coverage\":{\"calls\":1}}",
	};
	BUF_AUTO(out, 8192);
	struct ndjson n = { append, &out };
	struct sink s = ndjson_sink(&n);

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct fault f = { 0 };

		assert_int_equal(
		    ndjson_line(bad[i], strlen(bad[i]), samples, &s, &f), -1);
		assert_int_equal(f.kind, FAULT_FORMAT);
		assert_true(f.text[0] != '\0');
	}
	assert_int_equal(out.len, 0);
}

/* --days 0x10, a size of "12abc", a run of 007: none is a number. */
static void
a_number_is_digits_alone(void **state)
{
	static const char *const bad[] = { "", "-1", "+1", " 1", "1 ", "1.0",
		"0x10", "007", "12abc", "1e3", "1000000000000000000", "1\n" };
	long long n = 42;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(number_read(bad[i], 0, LLONG_MAX, &n));
	assert_false(number_read(NULL, 0, 9, &n));
	assert_false(number_read("10", 0, 9, &n));
	assert_false(number_read("0", 1, 9, &n));
	assert_int_equal(n, 42);
	assert_true(number_read("0", 0, 9, &n));
	assert_int_equal(n, 0);
	assert_true(number_read("999999999999999999", 0, LLONG_MAX, &n));
	assert_true(n == 999999999999999999LL);
	assert_true(number_span((struct span){ "123", 2 }, 0, 99, &n));
	assert_int_equal(n, 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_is_sorted_and_minimal),
		cmocka_unit_test(
		    canonical_refuses_what_differs_between_readers),
		cmocka_unit_test(json_refuses_what_it_cannot_read),
		cmocka_unit_test(text_from_outside_is_made_harmless),
		cmocka_unit_test(long_text_is_cut_visibly),
		cmocka_unit_test(buffer_keeps_its_maximum),
		cmocka_unit_test(times_are_real_calendar_days),
		cmocka_unit_test(
		    a_time_without_a_year_of_four_digits_is_not_known),
		cmocka_unit_test(the_nearest_name_is_meant),
		cmocka_unit_test(a_new_file_never_replaces_another),
		cmocka_unit_test(digests_are_the_standard_ones),
		cmocka_unit_test(file_appears_whole),
		cmocka_unit_test(a_fault_cannot_drive_a_terminal),
		cmocka_unit_test(observations_survive_the_trip_through_ndjson),
		cmocka_unit_test(refuses_lines_that_are_not_observations),
		cmocka_unit_test(a_number_is_digits_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
