/*
 * The questions, in the order they are asked. Each eliminates: ask() offers
 * what is left, told() takes away what was chosen and ends at the refusal.
 */
#include "collector/endpoint/tls_probe.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "collector/endpoint/dh.h"

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

static void
offer_all(
    struct tls_probe *p, const struct tls_name *names, bool (*wanted)(uint16_t))
{
	p->noffer = 0;
	for (; names->name != NULL && p->noffer < OFFER_MAX; names++)
		if (wanted == NULL || wanted(names->id))
			p->offer[p->noffer++] = names->id;
}

static bool
is_older_suite(uint16_t id)
{
	return !suite_is_tls13(id);
}

/* Take id out of the offer; false: it was not in it. */
static bool
take_out(struct tls_probe *p, uint16_t id)
{
	size_t i = 0;

	while (i < p->noffer && p->offer[i] != id)
		i++;
	if (i == p->noffer)
		return false;
	memmove(&p->offer[i], &p->offer[i + 1],
	    (p->noffer - i - 1) * sizeof(p->offer[0]));
	p->noffer--;
	return true;
}

static bool
has(const struct id_list *list, uint16_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == id)
			return true;
	return false;
}

static void
add(struct id_list *list, uint16_t id)
{
	if (list->n < SHORT_MAX && !has(list, id))
		list->v[list->n++] = id;
}

static bool
refused(const struct tls_probe *p)
{
	return p->answer.kind != ANSWER_ACCEPTED ||
	       p->answer.hello.version != p->hello.version;
}

/* The suites of a version that were accepted, those wanted. */
static void
suites_accepted(struct tls_probe *p, int v, bool (*wanted)(uint16_t))
{
	const struct version_result *r = result_of(p, v);

	p->nsuites = 0;
	for (size_t i = 0; i < r->n; i++)
		if (wanted == NULL || wanted(r->suites[i].id))
			p->suites[p->nsuites++] = r->suites[i].id;
}

/* The newest version before TLS 1.3 that was accepted with such a suite. */
static int
newest_old(struct tls_probe *p, bool (*wanted)(uint16_t))
{
	for (int v = 1; v < VERSIONS; v++) {
		suites_accepted(p, v, wanted);
		if (p->nsuites > 0)
			return v;
	}
	return -1;
}

/* ---- the hello ---- */

static void
offer_names(struct id_list *list, const struct tls_name *names,
    bool (*wanted)(uint16_t))
{
	list->n = 0;
	for (; names->name != NULL; names++)
		if (wanted == NULL || wanted(names->id))
			add(list, names->id);
}

static void
hello_of(struct tls_probe *p, uint16_t version, const uint16_t *suites,
    size_t nsuites)
{
	offer_names(&p->groups, tls_groups, NULL);
	offer_names(&p->signatures, tls_signatures, NULL);
	p->hello = (struct hello){ .version = version,
		.suites = suites,
		.nsuites = nsuites,
		.groups = p->groups.v,
		.ngroups = p->groups.n,
		.signatures = p->signatures.v,
		.nsignatures = version >= TLS_1_2 ? p->signatures.n : 0,
		.server_name = p->target->literal ? NULL : p->target->host,
		.compression = version < TLS_1_3,
		.shares = p->shares };
}

static bool
ask_ssl(struct tls_probe *p, const uint16_t *signatures, size_t n,
    const char *const *alpn)
{
	hello_of(p, TLS_1_3, NULL, 0);
	p->through_ssl = true;
	(void)tls13_begin(&p->tls13, p->ctx, p->hello.server_name, signatures,
	    n, alpn, &p->answer);
	return true;
}

/* ---- suites of one version ---- */

static bool
suites_begin(struct tls_probe *p)
{
	offer_all(p, tls_suites,
	    version_at_hand(p) == 0 ? suite_is_tls13 : is_older_suite);
	return true;
}

static bool
suites_ask(struct tls_probe *p)
{
	if (p->noffer == 0)
		return false;
	hello_of(p, tls_versions[version_at_hand(p)].id, p->offer, p->noffer);
	return true;
}

/* Its place among the names of the server's own Diffie-Hellman groups. */
static uint8_t
note_dh(struct tls_probe *p)
{
	struct tls_result *r = &p->result;
	char name[DH_NAME_LEN];
	size_t i = 0;

	if (!p->answer.finite_field)
		return 0;
	dh_name(p->crypto, &p->answer.dh_prime, &p->answer.dh_generator, name,
	    sizeof(name));
	while (i < r->ndh && strcmp(r->dh_names[i], name) != 0)
		i++;
	if (i == DH_NAMES_MAX)
		return 0;
	if (i == r->ndh)
		memcpy(r->dh_names[r->ndh++], name, sizeof(name));
	return (uint8_t)(i + 1);
}

static void
suites_told(struct tls_probe *p)
{
	struct version_result *r = result_of(p, version_at_hand(p));
	uint16_t id = p->answer.hello.suite;

	if (p->answer.kind == ANSWER_ACCEPTED &&
	    p->answer.hello.version > p->hello.version) {
		tls_unanswered(p, "the server chose a version not offered");
		return;
	}
	if (refused(p)) {
		/* some servers want a key share in the first hello */
		bool again = p->round == 0 && p->hello.version == TLS_1_3 &&
			     !p->shares && p->answer.kind != ANSWER_ACCEPTED &&
			     p->answer.alert != ALERT_PROTOCOL_VERSION;

		p->shares |= again;
		p->question_done = !again;
		return;
	}
	if (!take_out(p, id)) {
		tls_unanswered(p, "the server chose what was not offered");
		return;
	}
	r->suites[r->n++] = (struct accepted_suite){ .id = id,
		.group = p->hello.version < TLS_1_3 ? p->answer.group : 0,
		.dh = note_dh(p) };
}

/* ---- whose order counts ---- */

static bool
order_begin(struct tls_probe *p)
{
	suites_accepted(p, version_at_hand(p), NULL);
	for (size_t i = 0; i < p->nsuites; i++)
		p->offer[i] = p->suites[p->nsuites - 1 - i];
	p->noffer = p->nsuites;
	return p->nsuites > 1;
}

static bool
once_ask(struct tls_probe *p)
{
	if (p->round > 0)
		return false;
	return suites_ask(p);
}

static void
order_told(struct tls_probe *p)
{
	struct version_result *r = result_of(p, version_at_hand(p));
	uint16_t id = p->answer.hello.suite;

	if (refused(p))
		tls_unanswered(p, "what was accepted is now refused");
	else if (id == r->suites[0].id)
		r->preference = PREFERS_SERVER;
	else if (id == r->suites[r->n - 1].id)
		r->preference = PREFERS_CLIENT;
	else
		r->preference = PREFERS_OTHER;
}

/* ---- groups ---- */

static bool
is_curve_suite(uint16_t id)
{
	enum key_exchange kx = suite_key_exchange(id);

	return kx == KX_ECDHE || kx == KX_ECDH_ANON;
}

static bool
groups13_begin(struct tls_probe *p)
{
	offer_all(p, tls_groups, NULL);
	suites_accepted(p, 0, NULL);
	return p->nsuites > 0;
}

static bool
groups_begin(struct tls_probe *p)
{
	offer_all(p, tls_groups, NULL);
	return newest_old(p, is_curve_suite) > 0;
}

static bool
groups_ask(struct tls_probe *p)
{
	int v = version_at_hand(p) == 0 ? 0 : newest_old(p, is_curve_suite);

	if (p->noffer == 0)
		return false;
	hello_of(p, tls_versions[v].id, p->suites, p->nsuites);
	p->hello.groups = p->offer;
	p->hello.ngroups = p->noffer;
	return true;
}

/*
 * Before TLS 1.3 the groups also say which certificates the client can
 * verify, so a refusal may only mean that the certificate's own curve has been
 * taken away. Those found are offered once more, behind all others.
 */
static void
groups_told(struct tls_probe *p)
{
	struct id_list *found = &p->result.groups[p->hello.version < TLS_1_3];
	uint16_t id = p->answer.group;

	if (refused(p)) {
		p->question_done =
		    p->kept || found->n == 0 || p->hello.version == TLS_1_3;
		if (!p->question_done)
			for (size_t i = 0;
			     i < found->n && p->noffer < OFFER_MAX; i++)
				p->offer[p->noffer++] = found->v[i];
		p->kept = true;
		return;
	}
	if (p->kept && has(found, id)) {
		p->question_done = true; /* it prefers what is known */
		return;
	}
	if (id == 0 || !take_out(p, id)) {
		tls_unanswered(p, "the server chose what was not offered");
		return;
	}
	add(found, id);
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
	offer_all(p, tls_signatures, NULL);
	suites_accepted(p, 1, is_signed_suite);
	return p->nsuites > 0;
}

static bool
signatures_ask(struct tls_probe *p)
{
	if (p->noffer == 0)
		return false;
	hello_of(p, TLS_1_2, p->suites, p->nsuites);
	p->hello.signatures = p->offer;
	p->hello.nsignatures = p->noffer;
	return true;
}

static bool
signatures13_begin(struct tls_probe *p)
{
	offer_all(p, tls_signatures, tls13_knows);
	return result_of(p, 0)->n > 0;
}

static bool
signatures13_ask(struct tls_probe *p)
{
	return p->noffer > 0 && ask_ssl(p, p->offer, p->noffer, NULL);
}

static void
signatures_told(struct tls_probe *p)
{
	struct id_list *found =
	    &p->result.signatures[p->hello.version < TLS_1_3];
	uint16_t id = p->answer.signature;

	if (refused(p))
		p->question_done = true;
	else if (id == 0)
		tls_unanswered(p, "the server's signature did not come");
	else if (!take_out(p, id))
		/* RFC 5246 7.4.1.4.1: some sign with what they have */
		p->question_done = true;
	else
		add(found, id);
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
	hello_of(p, tls_versions[v].id, p->suites, p->nsuites);
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

static bool
fips_ask(struct tls_probe *p)
{
	if (p->round > 0)
		return false;
	offer_all(p, tls_suites, suite_is_fips);
	hello_of(p, TLS_1_3, p->offer, p->noffer);
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
	if (p->answer.kind != ANSWER_ACCEPTED || h->version < TLS_1_2)
		return;
	r->fips = FIPS_NEGOTIATED;
	r->fips_hello = *h;
	r->fips_group = p->answer.group;
	r->fips_dh = note_dh(p);
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
	hello_of(p, tls_versions[v].id, p->suites, p->nsuites);
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
static int
first_version(struct tls_probe *p)
{
	return result_of(p, 0)->n > 0 ? 0 : newest_old(p, NULL);
}

static bool
control_ask(struct tls_probe *p)
{
	int v = first_version(p);

	if (p->round > 0)
		return false;
	p->offer[0] = result_of(p, v)->suites[0].id;
	hello_of(p, tls_versions[v].id, p->offer, 1);
	return true;
}

static void
control_told(struct tls_probe *p)
{
	if (refused(p))
		tls_unanswered(p, "what was accepted first is now refused");
}

#define SUITES(v) "suites", v, GAP_ENDPOINT | GAP_SUITE | GAP_CERTIFICATE

const struct question questions[] = {
	{ SUITES(0), suites_begin, suites_ask, suites_told },
	{ SUITES(1), suites_begin, suites_ask, suites_told },
	{ SUITES(2), suites_begin, suites_ask, suites_told },
	{ SUITES(3), suites_begin, suites_ask, suites_told },
	{ SUITES(4), suites_begin, suites_ask, suites_told },
	{ "order", 0, GAP_SUITE, order_begin, once_ask, order_told },
	{ "order", 1, GAP_SUITE, order_begin, once_ask, order_told },
	{ "order", 2, GAP_SUITE, order_begin, once_ask, order_told },
	{ "order", 3, GAP_SUITE, order_begin, once_ask, order_told },
	{ "order", 4, GAP_SUITE, order_begin, once_ask, order_told },
	{ "groups", 0, GAP_GROUP, groups13_begin, groups_ask, groups_told },
	{ "groups before TLS 1.3", -1, GAP_GROUP, groups_begin, groups_ask,
	    groups_told },
	{ "signatures and certificates", 0, GAP_SIGNATURE | GAP_CERTIFICATE,
	    signatures13_begin, signatures13_ask, signatures_told },
	{ "signatures", 1, GAP_SIGNATURE, signatures_begin, signatures_ask,
	    signatures_told },
	{ "ALPN", -1, GAP_ENDPOINT, alpn_begin, alpn_ask, alpn_told },
	{ "FIPS-only client", -1, GAP_ENDPOINT, any_version, fips_ask,
	    fips_told },
	{ "fallback", -1, GAP_ENDPOINT, fallback_begin, fallback_ask,
	    fallback_told },
	{ "control", -1, GAP_ALL, any_version, control_ask, control_told },
	{ NULL, 0, 0, NULL, NULL, NULL },
};
