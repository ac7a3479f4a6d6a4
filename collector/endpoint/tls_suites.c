/* Which versions and suites are accepted, in which shape of hello, and whose
 * order counts. */
#include <string.h>

#include "collector/endpoint/tls_probe.h"

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

/* ---- first contact: a shape and a version that the server accepts ---- */

/* What other versions are compared with had better be old: more shapes fit. */
static const int contact_versions[VERSIONS] = { 1, 0, 2, 3, 4 };

static bool
is_likely(uint16_t id)
{
	for (const uint16_t *s = tls_likely_suites; *s != 0; s++)
		if (*s == id)
			return true;
	return false;
}

/* Likely suites first; as many as are wanted in one hello. */
static void
offer_likely(struct tls_probe *p, bool tls13, size_t max)
{
	const struct tls_name *s;

	p->noffer = 0;
	for (const uint16_t *id = tls_likely_suites;
	     !tls13 && *id != 0 && p->noffer < max; id++)
		p->offer[p->noffer++] = *id;
	for (s = tls_suites; s->name != NULL && p->noffer < max; s++)
		if (suite_is_tls13(s->id) == tls13 &&
		    (tls13 || !is_likely(s->id)))
			p->offer[p->noffer++] = s->id;
}

bool
contact_begin(struct tls_probe *p)
{
	p->contact_at = 0;
	return true;
}

bool
contact_ask(struct tls_probe *p)
{
	for (; p->contact_at < (size_t)TLS_SHAPES * VERSIONS; p->contact_at++) {
		size_t shape = p->contact_at / VERSIONS;
		int v = contact_versions[p->contact_at % VERSIONS];
		uint16_t id = tls_versions[v].id;

		if (!tls_shape_fits(&tls_shapes[shape], id))
			continue;
		offer_likely(p, id == TLS_1_3, tls_shapes[shape].suites);
		hello_of(p, shape, id, p->offer, p->noffer);
		return true;
	}
	tls_gap(p, 0, "no shape of hello is accepted");
	return false;
}

static bool
was_offered(const struct tls_probe *p, uint16_t id)
{
	for (size_t i = 0; i < p->noffer; i++)
		if (p->offer[i] == id)
			return true;
	return false;
}

void
contact_told(struct tls_probe *p)
{
	unsigned how;

	if (sieve_answer(p, &how) && was_offered(p, p->answer.hello.suite)) {
		p->contacted = p->question_done = true;
		p->base = contact_versions[p->contact_at % VERSIONS];
		p->base_shape = p->contact_at / VERSIONS;
		p->base_suite = p->answer.hello.suite;
	} else if (p->answer.kind == ANSWER_SILENT)
		p->contact_at += VERSIONS - p->contact_at % VERSIONS;
	else
		p->contact_at++;
}

/* ---- suites of one version ---- */

/* Families of suites: what a server can finish or not together, by its key
 * exchange and the key it signs with. The first that the name contains. */
static const struct {
	const char *part;
	bool bound; /* needs a secret that both sides know */
} families[] = { { "SRP", true }, { "KRB5", true }, { "ECCPWD", true },
	{ "PSK", true }, { "EXPORT", false }, { "anon", false },
	{ "DSS", false }, { "ECDHE_ECDSA", false }, { "ECDHE_RSA", false },
	{ "ECDH_ECDSA", false }, { "ECDH_RSA", false }, { "DHE_RSA", false },
	{ "DH_RSA", false }, { "RSA", false }, { "", false } };

static void
add_suite(struct tls_probe *p, uint16_t id, bool late)
{
	char kx[TLS_NAME_LEN];
	size_t k = 0;

	suite_key_exchange_name(id, kx);
	while (strstr(kx, families[k].part) == NULL)
		k++;
	sieve_add(&p->sieve, id, late ? SIEVE_NO_FAMILY : (uint8_t)k,
	    families[k].bound);
}

/* Suites with a hash of their own came with TLS 1.2 (RFC 5246, 5288, 5289).
 * Before, they are offered too, but nobody goes further into their refusal. */
static bool
is_late(uint16_t id)
{
	char name[TLS_NAME_LEN];
	const char *hash;

	tls_name_of(tls_suites, id, name);
	hash = strrchr(name, '_');
	return hash != NULL && strcmp(hash, "_SHA") != 0 &&
	       strcmp(hash, "_MD5") != 0 && strcmp(hash, "_IMIT") != 0;
}

bool
suites_begin(struct tls_probe *p)
{
	uint16_t version = tls_versions[version_at_hand(p)].id;

	sieve_begin(p, OF_SUITES, version_at_hand(p));
	p->sieve.columns = true;
	offer_likely(p, version == TLS_1_3, OFFER_MAX);
	for (size_t i = 0; i < p->noffer; i++)
		if (version >= TLS_1_2 || !is_late(p->offer[i])) {
			add_suite(p, p->offer[i], false);
			p->sieve.likely += is_likely(p->offer[i]);
		}
	for (size_t i = 0; i < p->noffer && version < TLS_1_2; i++)
		if (is_late(p->offer[i]))
			add_suite(p, p->offer[i], true);
	return true;
}

static void
suites_over(struct tls_probe *p)
{
	struct version_result *r = result_of(p, version_at_hand(p));
	const struct sieve *s = &p->sieve;
	unsigned all = GAP_SUITE | GAP_GROUP | GAP_SIGNATURE | GAP_CERTIFICATE;

	r->asked = s->why == NULL;
	r->shape = s->home;
	r->checked = s->checked;
	if (!s->found) {
		p->answered |= s->answered;
		p->silent |= s->silent;
		r->refusal = s->nrefusals > 0 ? s->refusals[0] : 0;
		all |= GAP_VERSION | GAP_EXTENSION | GAP_ORDER;
	}
	sieve_over(p, GAP_SUITE, all, tls_suites);
}

bool
suites_ask(struct tls_probe *p)
{
	if (sieve_ask(p, OF_SUITES, version_at_hand(p)))
		return true;
	suites_over(p);
	return false;
}

void
suites_told(struct tls_probe *p)
{
	struct version_result *r = result_of(p, version_at_hand(p));
	struct sieve *s = &p->sieve;
	bool first = s->stage == SIEVE_FIND && s->at == 0;
	uint16_t id = p->answer.hello.suite;
	unsigned how;

	if (!sieve_answer(p, &how)) {
		sieve_refused(s, how);
		return;
	}
	if (p->elsewhere && id != p->base_suite) {
		sieve_refused(s, REFUSAL_UNOFFERED);
		return;
	}
	if (!sieve_chose(s, id))
		return;
	if (!p->contacted) { /* an unlikely suite, but one */
		p->contacted = true;
		p->base = version_at_hand(p);
		p->base_shape = p->shape;
		p->base_suite = id;
	}
	r->scattered |= r->n > 0 && !first;
	r->suites[r->n++] = (struct accepted_suite){ .id = id,
		.group = p->hello.version < TLS_1_3 ? p->answer.group : 0,
		.dh = p->dh,
		.shape = (uint8_t)p->shape };
}

/* ---- whose order counts ---- */

bool
order_begin(struct tls_probe *p)
{
	int v = version_at_hand(p);
	const struct version_result *r = result_of(p, v);

	suites_accepted(p, v, NULL);
	if (p->nsuites > tls_shapes[r->shape].suites)
		p->nsuites = tls_shapes[r->shape].suites;
	for (size_t i = 0; i < p->nsuites; i++)
		p->offer[i] = p->suites[p->nsuites - 1 - i];
	p->noffer = p->nsuites;
	return p->nsuites > 1;
}

bool
order_ask(struct tls_probe *p)
{
	int v = version_at_hand(p);

	if (p->noffer == 0)
		return false;
	hello_of(
	    p, result_of(p, v)->shape, tls_versions[v].id, p->offer, p->noffer);
	return true;
}

static void
take_out(struct tls_probe *p, size_t i)
{
	memmove(&p->offer[i], &p->offer[i + 1],
	    (p->noffer - i - 1) * sizeof(p->offer[0]));
	p->noffer--;
}

/* Put what was chosen in round n at place n of the accepted suites. */
static void
move_to(struct version_result *r, size_t n, uint16_t id)
{
	size_t i = n;
	struct accepted_suite one;

	while (i < r->n && r->suites[i].id != id)
		i++;
	if (i == r->n)
		return;
	one = r->suites[i];
	memmove(&r->suites[n + 1], &r->suites[n], (i - n) * sizeof(one));
	r->suites[n] = one;
}

/* Backwards offered: the last is the client's choice, and any other but the
 * first found the server's. Found in several passes, all must be asked. */
void
order_told(struct tls_probe *p)
{
	struct version_result *r = result_of(p, version_at_hand(p));
	uint16_t id = p->answer.hello.suite;
	size_t i = 0;
	unsigned how;

	while (i < p->noffer && p->offer[i] != id)
		i++;
	if (!sieve_answer(p, &how) || i == p->noffer) {
		/* later on: suites that only another shape shows */
		if (p->round == 0)
			tls_unanswered(p, "what was accepted is now refused");
		p->question_done = true;
		return;
	}
	if (!r->scattered) {
		r->preference = id == r->suites[0].id	       ? PREFERS_SERVER
				: id == r->suites[r->n - 1].id ? PREFERS_CLIENT
							       : PREFERS_OTHER;
		p->question_done = true;
		return;
	}
	if (p->round == 0)
		r->preference = PREFERS_CLIENT;
	if (i > 0) /* not the first of those offered */
		r->preference = PREFERS_SERVER;
	take_out(p, i);
	move_to(r, p->round, id);
}
