/*
 * The questions, in the order they are asked. Each eliminates: ask() offers
 * what is left, told() takes away what was chosen; a sieve says when it is
 * over.
 */
#include "collector/endpoint/tls_probe.h"

#include <string.h>

#include "base/length.h"

/* ---- small tools ---- */

static struct version_result *
result_of(struct tls_probe *p, int v)
{
	return &p->result.versions[v];
}

static int
version_at_hand(const struct tls_probe *p)
{
	return questions[p->question].version;
}

static bool
refused(const struct tls_probe *p)
{
	return p->answer.kind != ANSWER_ACCEPTED ||
	       p->answer.hello.version != p->hello.version;
}

static void
offer_all(
    struct tls_probe *p, const struct tls_name *names, bool (*wanted)(uint16_t))
{
	p->noffer = 0;
	for (; names->name != NULL && p->noffer < OFFER_MAX; names++)
		if (wanted == NULL || wanted(names->id))
			p->offer[p->noffer++] = names->id;
}

static void
offer_names(struct id_list *list, const struct tls_name *names,
    bool (*wanted)(uint16_t))
{
	list->n = 0;
	for (; names->name != NULL; names++)
		if (wanted == NULL || wanted(names->id))
			id_list_add(list, names->id);
}

/* Every name; neighbours are a family. */
static void
sieve_names(struct tls_probe *p, const struct tls_name *names)
{
	for (size_t i = 0; names[i].name != NULL; i++)
		sieve_add(&p->sieve, names[i].id, (uint8_t)(i / SIEVE_ROW_MAX),
		    false);
}

/* Through libssl, because what is asked about is encrypted. */
static bool
ask_ssl(struct tls_probe *p, const uint16_t *signatures, size_t n,
    const char *const *alpn)
{
	hello_of(p, result_of(p, 0)->shape, TLS_1_3, NULL, 0);
	p->through_ssl = true;
	(void)tls13_begin(&p->tls13, p->ctx, p->hello.server_name, signatures,
	    n, alpn, &p->answer);
	return true;
}

/* ---- groups ---- */

static bool
is_curve_suite(uint16_t id)
{
	enum key_exchange kx = suite_key_exchange(id);

	return kx == KX_ECDHE || kx == KX_ECDH_ANON;
}

/* The version that groups are asked about: TLS 1.3, or the newest before it
 * with a suite that names its curve. */
static int
groups_version(struct tls_probe *p)
{
	if (version_at_hand(p) != 0)
		return newest_old(p, is_curve_suite);
	suites_accepted(p, 0, NULL);
	return p->nsuites > 0 ? 0 : -1;
}

static bool
groups_begin(struct tls_probe *p)
{
	int v = groups_version(p);

	if (v < 0)
		return false;
	sieve_begin(p, OF_GROUPS, v);
	sieve_names(p, tls_groups);
	return true;
}

static bool
groups_ask(struct tls_probe *p)
{
	if (sieve_ask(p, OF_GROUPS, groups_version(p)))
		return true;
	sieve_over(p, GAP_GROUP, GAP_GROUP, tls_groups);
	return false;
}

/*
 * Before TLS 1.3 the groups also say which certificates the client can
 * verify: without the certificate's own curve all is refused. So what was
 * accepted is offered again behind all others: a group that is chosen neither
 * alone nor beside these is never agreed to.
 */
static void
groups_told(struct tls_probe *p)
{
	unsigned how;

	if (!sieve_answer(p, &how))
		sieve_refused(&p->sieve, how);
	else if (p->answer.group == 0)
		tls_unanswered(p, "an answer names no group");
	else
		(void)sieve_chose(&p->sieve, p->answer.group);
}

/* ---- signatures ---- */

static bool
is_signed_suite(uint16_t id)
{
	enum key_exchange kx = suite_key_exchange(id);

	return kx == KX_ECDHE || kx == KX_DHE;
}

static bool
signatures_begin(struct tls_probe *p)
{
	suites_accepted(p, 1, is_signed_suite);
	if (p->nsuites == 0)
		return false;
	sieve_begin(p, OF_SIGNATURES, 1);
	sieve_names(p, tls_signatures);
	return true;
}

static bool
signatures_ask(struct tls_probe *p)
{
	if (sieve_ask(p, OF_SIGNATURES, 1))
		return true;
	sieve_over(p, GAP_SIGNATURE, GAP_SIGNATURE, tls_signatures);
	return false;
}

/* RFC 5246 7.4.1.4.1: some sign with what they have, whatever is offered. That
 * is accepted, and says nothing against the others. */
static void
signatures_told(struct tls_probe *p)
{
	uint16_t id = p->answer.signature;
	unsigned how;

	if (!sieve_answer(p, &how))
		sieve_refused(&p->sieve, how);
	else if (id == 0) /* it goes no further: no scheme to sign with */
		sieve_refused(&p->sieve, REFUSAL_CLOSED);
	else {
		bool offered = false;

		for (size_t i = 0; i < p->noffer; i++)
			offered |= p->offer[i] == id;
		if (offered)
			(void)sieve_chose(&p->sieve, id);
		else
			sieve_refused(&p->sieve, REFUSAL_ACCEPTED);
	}
}

/* What is signed with where the client names no scheme: SHA-1 by RFC 5246. */
static bool
default_begin(struct tls_probe *p)
{
	suites_accepted(p, 1, is_signed_suite);
	return p->nsuites > 0;
}

static bool
default_ask(struct tls_probe *p)
{
	if (p->round > 0)
		return false;
	hello_of(p, result_of(p, 1)->shape, TLS_1_2, p->suites, p->nsuites);
	p->hello.nsignatures = 0;
	return true;
}

static void
nothing_told(struct tls_probe *p)
{
	(void)p; /* what was seen is noted from any answer */
}

static bool
signatures13_begin(struct tls_probe *p)
{
	if (result_of(p, 0)->n == 0)
		return false;
	sieve_begin(p, OF_SIGNATURES, 0);
	for (const struct tls_name *s = tls_signatures; s->name != NULL; s++)
		if (tls13_knows(s->id))
			sieve_add(&p->sieve, s->id, 0, false);
	return true;
}

static bool
signatures13_ask(struct tls_probe *p)
{
	if (sieve_ask(p, OF_SIGNATURES, 0))
		return ask_ssl(p, p->offer, p->noffer, NULL);
	sieve_over(p, GAP_SIGNATURE | GAP_CERTIFICATE,
	    GAP_SIGNATURE | GAP_CERTIFICATE, tls_signatures);
	return false;
}

/* ---- application protocols ---- */

static const char *const protocols[] = { "h2", "http/1.1", "http/1.0",
	"postgresql", "tds/8.0", "imap", "pop3", "smtp", "ftp", "mqtt", "dot",
	"acme-tls/1" };

static bool
alpn_begin(struct tls_probe *p)
{
	size_t n = LENGTH(protocols);

	for (size_t i = 0; i < n; i++)
		p->alpn[i] = protocols[i];
	p->alpn[n] = NULL;
	return newest_old(p, NULL) > 0 || result_of(p, 0)->n > 0;
}

static bool
alpn_ask(struct tls_probe *p)
{
	int v = newest_old(p, NULL);

	if (p->alpn[0] == NULL || (v > 0 && tls_versions[v].id == SSL_3_0))
		return false;
	if (v < 0) {
		offer_all(p, tls_signatures, tls13_knows);
		return ask_ssl(p, p->offer, p->noffer, p->alpn);
	}
	hello_of(p, result_of(p, v)->shape, tls_versions[v].id, p->suites,
	    p->nsuites);
	p->hello.alpn = p->alpn;
	return true;
}

static void
alpn_told(struct tls_probe *p)
{
	size_t i = 0, n = 0;

	p->question_done = true;
	if (refused(p) || p->answer.hello.alpn[0] == '\0')
		return;
	while (
	    p->alpn[i] != NULL && strcmp(p->alpn[i], p->answer.hello.alpn) != 0)
		i++;
	if (p->alpn[i] == NULL)
		return;
	if (p->result.nalpn < ALPN_MAX)
		p->result.alpn[p->result.nalpn++] = p->alpn[i];
	for (n = i; p->alpn[n] != NULL; n++)
		p->alpn[n] = p->alpn[n + 1];
	p->question_done = false;
}

/* ---- a client that keeps to approved algorithms ---- */

static bool
any_version(struct tls_probe *p)
{
	return result_of(p, 0)->n > 0 || newest_old(p, NULL) > 0;
}

/* Shapes that such a client is tried in, beside the one that works. */
static const size_t fips_shapes[] = { 0, 1, 2 };

static bool
fips_ask(struct tls_probe *p)
{
	size_t shape = p->base_shape;

	if (p->round > LENGTH(fips_shapes) || p->result.fips == FIPS_NEGOTIATED)
		return false;
	if (p->round > 0)
		shape = fips_shapes[p->round - 1];
	offer_all(p, tls_suites, suite_is_fips);
	hello_of(p, shape, TLS_1_3, p->offer, p->noffer);
	offer_names(&p->groups, tls_groups, group_is_fips);
	offer_names(&p->signatures, tls_signatures, signature_is_fips);
	p->hello.ngroups = p->groups.n;
	p->hello.nsignatures = p->signatures.n;
	p->hello.also = TLS_1_2;
	p->hello.compression = false;
	p->hello.shares = true;
	return true;
}

static void
fips_told(struct tls_probe *p)
{
	struct tls_result *r = &p->result;
	const struct server_hello *h = &p->answer.hello;

	r->fips = FIPS_REFUSED;
	if (p->answer.kind != ANSWER_ACCEPTED || h->version < TLS_1_2 ||
	    !suite_is_fips(h->suite))
		return;
	r->fips = FIPS_NEGOTIATED;
	r->fips_hello = *h;
	r->fips_group = p->answer.group;
	r->fips_dh = p->dh;
}

/* ---- RFC 7507 ---- */

/* The older of two accepted versions, or -1. */
static int
version_to_fall_to(struct tls_probe *p)
{
	int newest = -1;

	for (int v = 0; v < VERSIONS; v++) {
		if (result_of(p, v)->n == 0)
			continue;
		if (newest >= 0)
			return v;
		newest = v;
	}
	return -1;
}

static bool
fallback_begin(struct tls_probe *p)
{
	return version_to_fall_to(p) >= 0;
}

static bool
fallback_ask(struct tls_probe *p)
{
	int v = version_to_fall_to(p);

	if (p->round > 0)
		return false;
	suites_accepted(p, v, NULL);
	hello_of(p, result_of(p, v)->shape, tls_versions[v].id, p->suites,
	    p->nsuites);
	p->hello.fallback = true;
	return true;
}

static void
fallback_told(struct tls_probe *p)
{
	if (p->answer.kind == ANSWER_ACCEPTED)
		p->result.fallback_scsv = 0;
	else if (p->answer.alert == ALERT_INAPPROPRIATE_FALLBACK)
		p->result.fallback_scsv = 1;
}

/*
 * What was accepted first is asked for again at the end. A server that has
 * meanwhile begun to refuse us would otherwise seem to accept less.
 */
static bool
was_contacted(struct tls_probe *p)
{
	return p->contacted;
}

static bool
control_ask(struct tls_probe *p)
{
	if (p->round > 0)
		return false;
	p->offer[0] = p->base_suite;
	hello_of(p, p->base_shape, tls_versions[p->base].id, p->offer, 1);
	return true;
}

static void
control_told(struct tls_probe *p)
{
	if (refused(p))
		tls_unanswered(p, "what was accepted first is now refused");
}

#define VERSION_GAPS                                                           \
	(GAP_VERSION | GAP_SUITE | GAP_GROUP | GAP_SIGNATURE |                 \
	    GAP_CERTIFICATE | GAP_EXTENSION)
#define SUITES(v)                                                              \
	"suites", v, VERSION_GAPS, suites_begin, suites_ask, suites_told, true
#define ORDER(v)                                                               \
	"order", v, GAP_ORDER, order_begin, order_ask, order_told, false

const struct question questions[] = {
	{ "first contact", -1, GAP_ALL, contact_begin, contact_ask,
	    contact_told, true },
	{ SUITES(1) }, /* the likeliest: others are compared with it */
	{ SUITES(0) },
	{ SUITES(2) },
	{ SUITES(3) },
	{ SUITES(4) },
	{ ORDER(0) },
	{ ORDER(1) },
	{ ORDER(2) },
	{ ORDER(3) },
	{ ORDER(4) },
	{ "groups", 0, GAP_GROUP, groups_begin, groups_ask, groups_told, true },
	{ "groups before TLS 1.3", -1, GAP_GROUP, groups_begin, groups_ask,
	    groups_told, true },
	{ "signatures and certificates", 0, GAP_SIGNATURE | GAP_CERTIFICATE,
	    signatures13_begin, signatures13_ask, signatures_told, true },
	{ "signatures", 1, GAP_SIGNATURE, signatures_begin, signatures_ask,
	    signatures_told, true },
	{ "signature by default", 1, GAP_SIGNATURE, default_begin, default_ask,
	    nothing_told, true },
	{ "ALPN", -1, GAP_ALPN, alpn_begin, alpn_ask, alpn_told, false },
	{ "FIPS-only client", -1, GAP_FIPS, any_version, fips_ask, fips_told,
	    true },
	{ "fallback", -1, GAP_EXTENSION, fallback_begin, fallback_ask,
	    fallback_told, false },
	{ "control", -1, GAP_ALL, was_contacted, control_ask, control_told,
	    true },
	{ NULL, 0, 0, NULL, NULL, NULL, false },
};
