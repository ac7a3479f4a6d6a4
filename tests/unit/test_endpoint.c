/* The endpoint collector's encoder and parsers, against what real servers
 * said (fixtures/endpoint: OpenSSL 3.0, OpenSSH 9.2), and against what nobody
 * should say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/length.h"
#include "base/file.h"
#include "collector/endpoint/hello.h"
#include "collector/endpoint/names.h"
#include "collector/endpoint/ssh_exchange.h"
#include "collector/endpoint/starttls.h"
#include "collector/endpoint/tls_read.h"

#define COUNT(a) (LENGTH(a))

static void
fixture(const char *name, struct buf *b)
{
	char path[128];
	struct fault f;

	b->max = 1 << 20;
	(void)snprintf(path, sizeof(path), "fixtures/endpoint/%s", name);
	if (file_read(path, b, &f) == -1)
		fail_msg("%s", f.text);
}

/* Read p in pieces; the caller frees a. */
static bool
read_pieces(struct answer *a, const struct buf *b, size_t piece)
{
	struct tls_reader r;
	bool done = false;

	answer_reset(a);
	tls_reader_init(&r, a);
	for (size_t i = 0; !done && i < b->len; i += piece) {
		/* exactly as large as it is, so that a step beyond is seen */
		size_t n = b->len - i < piece ? b->len - i : piece;
		uint8_t *copy = malloc(n);

		assert_non_null(copy);
		memcpy(copy, b->p + i, n);
		done = tls_reader_take(&r, copy, n);
		free(copy);
	}
	tls_reader_free(&r);
	return done;
}

static size_t
all_of(const struct tls_name *names, uint16_t *out, bool (*wanted)(uint16_t))
{
	size_t n = 0;

	for (; names->name != NULL; names++)
		if (wanted == NULL || wanted(names->id))
			out[n++] = names->id;
	return n;
}

static void
the_same_hello_is_the_same_bytes(void **state)
{
	static uint16_t suites[400], groups[100], signatures[100];
	struct buf want = { 0 }, got = { .max = HELLO_MAX };
	struct hello h = { .version = TLS_1_3,
		.suites = suites,
		.groups = groups,
		.signatures = signatures };
	struct fault f;

	(void)state;
	h.nsuites = all_of(tls_suites, suites, suite_is_tls13);
	h.ngroups = all_of(tls_groups, groups, NULL);
	h.nsignatures = all_of(tls_signatures, signatures, NULL);
	fixture("hello-tls13", &want);
	assert_int_equal(hello_encode(&h, &got, &f), 0);
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.p, want.p, got.len);
	buf_free(&want);
	buf_free(&got);
}

static void
a_hello_counts_its_own_lengths(void **state)
{
	static const uint16_t versions[] = { SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2,
		TLS_1_3 };
	static const uint16_t ids[] = { 0x0017, 0x001d };
	static const char *const alpn[] = { "h2", "http/1.1", NULL };

	(void)state;
	for (size_t i = 0; i < COUNT(versions); i++) {
		struct buf b = { .max = HELLO_MAX };
		struct hello h = { .version = versions[i],
			.suites = ids,
			.nsuites = 2,
			.groups = ids,
			.ngroups = 2,
			.server_name = "example.org",
			.alpn = alpn,
			.shares = true };
		const uint8_t *p;
		struct fault f;

		assert_int_equal(hello_encode(&h, &b, &f), 0);
		p = (const uint8_t *)b.p;
		assert_int_equal(p[0], 22);
		assert_int_equal((p[3] << 8) + p[4] + 5, b.len);
		assert_int_equal((p[6] << 16) + (p[7] << 8) + p[8] + 9, b.len);
		/* SSL 3.0 has no extensions, so no name */
		assert_int_equal(memmem(b.p, b.len, "example.org", 11) != NULL,
		    versions[i] != SSL_3_0);
		buf_free(&b);
	}
}

static void
a_hello_too_long_is_a_fault(void **state)
{
	struct buf b = { .max = 20 };
	const uint16_t id = 1;
	struct hello h = { .version = TLS_1_2, .suites = &id, .nsuites = 1 };
	struct fault f;

	(void)state;
	assert_int_equal(hello_encode(&h, &b, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	buf_free(&b);
}

static void
a_retry_names_suite_and_group(void **state)
{
	static const size_t pieces[] = { 1, 7, 4096 };

	(void)state;
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct buf b = { 0 };
		struct answer a = { 0 };

		fixture("retry", &b);
		assert_true(read_pieces(&a, &b, pieces[i]));
		assert_int_equal(a.kind, ANSWER_ACCEPTED);
		assert_true(a.hello.retry);
		assert_int_equal(a.hello.version, TLS_1_3);
		assert_int_equal(a.hello.suite, 0x1302);
		assert_int_equal(a.group, 0x001d);
		answer_free(&a);
		buf_free(&b);
	}
}

static void
a_flight_shows_group_signature_and_certificate(void **state)
{
	static const struct {
		const char *name;
		uint16_t suite, group;
		bool dh, signed_;
	} cases[] = {
		{ "flight-1", 0xc02f, 0x001d, false, true },
		{ "flight-2", 0x009e, 0, true, true },
		{ "flight-3", 0x002f, 0, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf b = { 0 };
		struct answer a = { 0 };
		const uint8_t *der;
		size_t len;
		bool status;

		fixture(cases[i].name, &b);
		assert_true(read_pieces(&a, &b, 5));
		assert_int_equal(a.kind, ANSWER_ACCEPTED);
		assert_true(a.whole);
		assert_int_equal(a.hello.version, TLS_1_2);
		assert_int_equal(a.hello.suite, cases[i].suite);
		assert_int_equal(a.group, cases[i].group);
		assert_int_equal(a.finite_field, cases[i].dh);
		assert_int_equal(a.signature != 0, cases[i].signed_);
		assert_true(a.hello.master_secret);
		assert_true(a.hello.renegotiation);
		assert_int_equal(
		    certificate_at((const uint8_t *)a.certificate.p,
			a.certificate.len, false, 0, &der, &len, &status),
		    1);
		assert_int_equal(der[0], 0x30);
		assert_int_equal(
		    certificate_at((const uint8_t *)a.certificate.p,
			a.certificate.len, false, 1, &der, &len, &status),
		    0);
		answer_free(&a);
		buf_free(&b);
	}
}

/* No prefix of a good answer is an answer of another kind. */
static void
a_cut_answer_is_never_more_than_it_says(void **state)
{
	struct buf whole = { 0 };

	(void)state;
	fixture("flight-1", &whole);
	for (size_t len = 0; len < whole.len; len++) {
		struct buf b = { .p = whole.p, .len = len };
		struct answer a = { 0 };

		assert_false(read_pieces(&a, &b, 4096));
		assert_false(a.whole);
		assert_true(a.kind == ANSWER_NONE || a.kind == ANSWER_ACCEPTED);
		answer_free(&a);
	}
	buf_free(&whole);
}

static void
refuses_what_is_not_tls(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum answer_kind kind;
	} cases[] = {
		{ "HTTP/1.1", 8, ANSWER_BROKEN },
		{ "\x16\x05", 2, ANSWER_BROKEN },
		{ "\x16\x03\x03\xff\xff", 5, ANSWER_BROKEN },
		{ "\x16\x03\x03\0\4\x02\xff\xff\xff", 9, ANSWER_BROKEN },
		{ "\x16\x03\x03\0\5\x02\0\0\1\0", 10, ANSWER_BROKEN },
		{ "\x16\x03\x03\0\4\x0e\0\0\0", 9, ANSWER_BROKEN },
		{ "\x17\x03\x03\0\1x", 6, ANSWER_BROKEN },
		{ "\x15\x03\x03\0\1\2", 6, ANSWER_BROKEN },
		{ "\x15\x03\x03\0\2\2\x28", 7, ANSWER_ALERT },
		{ "\x15\x03\x03\0\2\1\0", 7, ANSWER_CLOSED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct answer a = { 0 };
		struct buf b = { .p = (char *)(uintptr_t)cases[i].bytes,
			.len = cases[i].len };

		assert_true(read_pieces(&a, &b, 3));
		assert_int_equal(a.kind, cases[i].kind);
		assert_true(a.kind != ANSWER_BROKEN || a.why != NULL);
		answer_free(&a);
	}
}

static void
an_ssh_server_lists_its_algorithms(void **state)
{
	struct buf b = { 0 };
	struct ssh_reader r;

	(void)state;
	fixture("kexinit", &b);
	for (size_t len = 0; len < b.len; len++) {
		ssh_reader_init(&r);
		assert_int_equal(
		    ssh_reader_take(&r, (const uint8_t *)b.p, len) == SSH_DONE,
		    false);
		ssh_reader_free(&r);
	}
	ssh_reader_init(&r);
	assert_int_equal(
	    ssh_reader_take(&r, (const uint8_t *)b.p, b.len), SSH_DONE);
	assert_non_null(strstr(r.version, "OpenSSH_9.2"));
	assert_non_null(strstr(r.lists[SSH_KEX].p, "ecdh-sha2-nistp256"));
	assert_string_equal(r.lists[SSH_HOST_KEY].p, "ecdsa-sha2-nistp256");
	assert_non_null(strstr(r.lists[SSH_CIPHER_TO_CLIENT].p, "aes256-gcm"));
	ssh_reader_free(&r);
	buf_free(&b);
}

/* "ssh-rsa", e, n and the like: strings behind each other. */
static void
put_part(struct buf *b, const void *p, size_t len)
{
	const char head[4] = { 0, 0, (char)(len >> 8), (char)(len & 255) };

	buf_put(b, head, 4);
	buf_put(b, p, len);
}

static void
a_host_key_has_a_type_and_a_size(void **state)
{
	static const struct {
		const char *type, *curve;
		size_t bytes; /* of the number or point */
		uint8_t top;
		int bits;
	} cases[] = {
		{ "ssh-rsa", NULL, 128, 0x80, 1024 },
		{ "ssh-rsa", NULL, 256, 0x80, 2048 },
		{ "ssh-rsa", NULL, 256, 0x01, 2041 },
		{ "ssh-dss", NULL, 128, 0x80, 1024 },
		{ "ssh-ed25519", NULL, 32, 1, 256 },
		{ "ecdsa-sha2-nistp256", "nistp256", 65, 4, 256 },
		{ "ecdsa-sha2-nistp521", "nistp521", 133, 4, 521 },
		{ "ecdsa-sha2-other", "1.2.3", 65, 4, 0 },
		{ "x-unknown", NULL, 65, 4, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf b = { .max = 1024 };
		struct ssh_key k = { .bits = -1 };
		uint8_t number[256] = { cases[i].top };

		put_part(&b, cases[i].type, strlen(cases[i].type));
		if (strcmp(cases[i].type, "ssh-rsa") == 0)
			put_part(&b, "\1\0\1", 3);
		if (cases[i].curve != NULL)
			put_part(&b, cases[i].curve, strlen(cases[i].curve));
		put_part(&b, number, cases[i].bytes);
		assert_int_equal(
		    ssh_key_read((const uint8_t *)b.p, b.len, &k), 0);
		assert_string_equal(k.type, cases[i].type);
		assert_int_equal(k.bits, cases[i].bits);
		/* cut anywhere, no known type keeps its size */
		for (size_t len = 0; len < b.len && k.bits > 0; len++)
			assert_int_equal(
			    ssh_key_read((const uint8_t *)b.p, len, &k), -1);
		buf_free(&b);
	}
}

static void
refuses_what_is_not_ssh(void **state)
{
	static const char *const cases[] = { "SSH-1.5-old\n", "SSH-2.0-\x01\n",
		"SSH-2.0-x\r\n\xff\xff\xff\xff", "SSH-2.0-x\nAAAAAAAA" };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ssh_reader r;

		ssh_reader_init(&r);
		assert_int_equal(ssh_reader_take(&r, (const uint8_t *)cases[i],
				     strlen(cases[i])),
		    SSH_BROKEN);
		assert_non_null(r.why);
		ssh_reader_free(&r);
	}
}

static void
a_target_is_host_port_and_protocol(void **state)
{
	static const struct {
		const char *text, *name; /* NULL: refused */
		enum protocol protocol;
		bool literal;
	} cases[] = {
		{ "example.org", "example.org:443", PROTOCOL_TLS, false },
		{ "Example.ORG:8443", "example.org:8443", PROTOCOL_TLS, false },
		{ "10.0.0.1", "10.0.0.1:443", PROTOCOL_TLS, true },
		{ "[::1]:6443", "[::1]:6443", PROTOCOL_TLS, true },
		{ "::1", "[::1]:443", PROTOCOL_TLS, true },
		{ "[0:0:0::1]", "[::1]:443", PROTOCOL_TLS, true },
		{ "web-1:22", "web-1:22", PROTOCOL_SSH, false },
		{ "ssh://web-1", "web-1:22", PROTOCOL_SSH, false },
		{ "ssh://web-1:2222", "web-1:2222", PROTOCOL_SSH, false },
		{ "https://oidc.example/id/1", "oidc.example:443", PROTOCOL_TLS,
		    false },
		{ "postgres://db", "db:5432", PROTOCOL_POSTGRES, false },
		{ "ldaps://d", "d:636", PROTOCOL_TLS, false },
		{ "", NULL, 0, false },
		{ "x:", NULL, 0, false },
		{ "x:0", NULL, 0, false },
		{ "x:65536", NULL, 0, false },
		{ "x:1a", NULL, 0, false },
		{ "a b", NULL, 0, false },
		{ "-x", NULL, 0, false },
		{ "[::1", NULL, 0, false },
		{ "[::1]x", NULL, 0, false },
		{ "[example.org]", NULL, 0, false },
		{ "gopher://x", NULL, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct target t;
		struct fault f;
		int rc = target_read(
		    cases[i].text, strlen(cases[i].text), PROTOCOL_TLS, &t, &f);

		if ((rc == 0) != (cases[i].name != NULL))
			fail_msg("'%s'", cases[i].text);
		if (rc == -1) {
			assert_int_equal(f.kind, FAULT_USAGE);
			continue;
		}
		assert_string_equal(t.name, cases[i].name);
		assert_int_equal(t.protocol, cases[i].protocol);
		assert_int_equal(t.literal, cases[i].literal);
	}
}

/* The names that are offered are those the catalogue judges. */
static void
compare(const struct tls_name *names, const char *path)
{
	BUF_AUTO(b, 1 << 20);
	struct fault f;
	char row[160];
	size_t n = 0, rows = 0;

	if (file_read(path, &b, &f) == -1)
		fail_msg("%s", f.text);
	for (; names->name != NULL; names++, n++) {
		(void)snprintf(
		    row, sizeof(row), "\n0x%04X\t%s\t", names->id, names->name);
		if (strstr(b.p, row) == NULL)
			fail_msg("%s lacks %s", path, row + 1);
	}
	for (const char *p = b.p; (p = strstr(p, "\n0x")) != NULL; p++)
		rows++;
	assert_int_equal(n, rows);
}

static void
the_catalogues_judge_what_is_offered(void **state)
{
	(void)state;
	compare(tls_suites, "../catalogs/tls-suites.tsv");
	compare(tls_groups, "../catalogs/tls-groups.tsv");
	compare(tls_signatures, "../catalogs/tls-signatures.tsv");
}

/* A FIPS-only client offers just what the catalogue calls approved. */
static void
a_fips_client_offers_what_is_approved(void **state)
{
	BUF_AUTO(b, 1 << 20);
	struct fault f;

	(void)state;
	if (file_read("../catalogs/tls-suites.tsv", &b, &f) == -1)
		fail_msg("%s", f.text);
	for (const struct tls_name *s = tls_suites; s->name != NULL; s++) {
		char row[160];

		(void)snprintf(row, sizeof(row), "\t%s\tyes\t", s->name);
		if ((strstr(b.p, row) != NULL) != suite_is_fips(s->id))
			fail_msg("%s", s->name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_hello_is_the_same_bytes),
		cmocka_unit_test(a_hello_counts_its_own_lengths),
		cmocka_unit_test(a_hello_too_long_is_a_fault),
		cmocka_unit_test(a_retry_names_suite_and_group),
		cmocka_unit_test(
		    a_flight_shows_group_signature_and_certificate),
		cmocka_unit_test(a_cut_answer_is_never_more_than_it_says),
		cmocka_unit_test(refuses_what_is_not_tls),
		cmocka_unit_test(an_ssh_server_lists_its_algorithms),
		cmocka_unit_test(a_host_key_has_a_type_and_a_size),
		cmocka_unit_test(refuses_what_is_not_ssh),
		cmocka_unit_test(a_target_is_host_port_and_protocol),
		cmocka_unit_test(the_catalogues_judge_what_is_offered),
		cmocka_unit_test(a_fips_client_offers_what_is_approved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
