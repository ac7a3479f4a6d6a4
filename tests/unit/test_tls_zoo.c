/*
 * Every server of the zoo, asked in this process: what is found is never more
 * than it accepts, and what is missing is unknown, never refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/endpoint/tls_probe.h"
#include "tls_zoo.h"

struct ground {
	struct crypto *crypto;
	SSL_CTX *ctx;
	struct target target;
	struct resolved where;
};

static void
lay_out(struct ground *g)
{
	struct fault f;

	memset(g, 0, sizeof(*g));
	g->crypto = crypto_new(false, &f);
	assert_non_null(g->crypto);
	g->ctx = tls13_context(g->crypto, &f);
	assert_non_null(g->ctx);
	(void)snprintf(g->target.host, sizeof(g->target.host), "zoo.example");
	(void)snprintf(
	    g->target.name, sizeof(g->target.name), "zoo.example:443");
	g->target.protocol = PROTOCOL_TLS;
	g->where.n = 1;
}

static void
tear_down(struct ground *g)
{
	SSL_CTX_free(g->ctx);
	crypto_free(g->crypto);
}

/* One connection: what the probe says is answered until either ends it. */
static void
connect_once(const struct zoo *z, unsigned nth, struct link_client *c)
{
	struct buf reply = { .max = 65536 };
	uint8_t out[2048];
	bool closes = false, done = c->hear(c->self, NULL, 0, &reply);
	size_t n = 0;

	for (int i = 0; !done && !closes && i < 4; i++) {
		n = zoo_answer(z, nth, (const uint8_t *)reply.p, reply.len, out,
		    sizeof(out), &closes);
		buf_reset(&reply);
		if (n > 0)
			done = c->hear(c->self, out, n, &reply);
		if (n == 0 || reply.len == 0)
			break;
	}
	c->ended(c->self, done		      ? LINK_DONE
			  : n == 0 && !closes ? LINK_TIMEOUT
					      : LINK_CLOSED);
	buf_free(&reply);
}

static struct tls_probe *
ask(const struct ground *g, const struct zoo *z, unsigned *connections)
{
	struct tls_probe *p =
	    tls_probe_new(&g->target, &g->where, g->crypto, g->ctx);
	struct link_client c;
	unsigned nth = 0;

	assert_non_null(p);
	tls_probe_client(p, &c);
	while (c.next(c.self)) {
		assert_true(nth < 5000);
		connect_once(z, nth++, &c);
	}
	tls_probe_settle(p);
	*connections = nth;
	return p;
}

static bool
found(const struct tls_result *r, size_t v, uint16_t id)
{
	for (size_t i = 0; i < r->versions[v].n; i++)
		if (r->versions[v].suites[i].id == id)
			return true;
	return false;
}

/* Nothing is found that it does not accept, and no version is taken for refused
 * that is not (*wrong). Returns how many suites are missing. */
static size_t
compare(const struct zoo *z, const struct tls_result *r, bool *wrong)
{
	size_t missing = 0;

	for (size_t v = 0; v < ZOO_VERSIONS; v++) {
		size_t all = 0;

		for (size_t i = 0; i < r->versions[v].n; i++)
			if (z->always == 0 &&
			    !zoo_accepts(z, v, r->versions[v].suites[i].id))
				*wrong = true;
		for (const uint16_t *s = z->suites[v]; s && *s != 0; s++) {
			bool accepted = zoo_accepts(z, v, *s);

			all += accepted;
			if (accepted && !found(r, v, *s)) {
				missing++;
				if (z->right == 'e')
					print_message("%s: %#06x in %zu\n",
					    z->name, *s, v);
			}
		}
		if (all > 0 && r->versions[v].n == 0 &&
		    (r->gaps & GAP_VERSION) == 0 &&
		    r->outcome == OUTCOME_OBSERVED)
			*wrong = true;
	}
	return missing;
}

static void
print_unanswered(const struct tls_result *r)
{
	for (size_t i = 0; i < r->nunanswered; i++)
		print_message("  %s\n", r->unanswered[i]);
}

static void
each_server_gives_what_it_accepts_or_unknown(void **state)
{
	struct ground g;
	size_t n = 0, bad = 0;

	(void)state;
	lay_out(&g);
	for (const struct zoo *z = zoo; z->name != NULL; z++, n++) {
		unsigned connections;
		struct tls_probe *p = ask(&g, z, &connections);
		const struct tls_result *r = &p->result;
		bool wrong = false;
		size_t missing = compare(z, r, &wrong);
		bool unknown = (r->gaps & GAP_SUITE) != 0 ||
			       r->outcome != OUTCOME_OBSERVED;

		wrong |= (missing > 0 && !unknown) ||
			 (z->right == 'e' && (missing > 0 || unknown)) ||
			 (z->right == 'u' && !unknown);
		print_message("%-32s %4u connections, %zu missing%s%s\n",
		    z->name, connections, missing, unknown ? ", unknown" : "",
		    wrong ? "   WRONG" : "");
		if (wrong || unknown)
			print_unanswered(r);
		bad += wrong;
		tls_probe_free(p);
	}
	tear_down(&g);
	assert_true(n >= 60);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_server_gives_what_it_accepts_or_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
