/* See tls_probe.h: connections, and what becomes of their answers. */
#include "collector/endpoint/tls_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/endpoint/dh.h"

/* Connections without an answer that are waited for: before it ever answered
 * TLS, and in all. */
#define SILENCES_FIRST 3
#define SILENCES_MAX 10
#define CONNECTIONS_MAX 4000 /* to one endpoint */

static void
note(struct tls_result *r, const char *text)
{
	if (r->nunanswered < UNANSWERED_MAX)
		(void)snprintf(r->unanswered[r->nunanswered++],
		    sizeof(r->unanswered[0]), "%s", text);
}

void
tls_gap(struct tls_probe *p, unsigned gaps, const char *why)
{
	const struct question *q = &questions[p->question];
	struct tls_result *r = &p->result;
	char text[sizeof(r->unanswered[0])];

	r->gaps |= gaps;
	(void)snprintf(text, sizeof(text), "%s%s%s: %s",
	    q->version >= 0 ? tls_versions[q->version].name : "",
	    q->version >= 0 ? " " : "", q->about, why);
	note(r, text);
}

void
tls_unanswered(struct tls_probe *p, const char *why)
{
	tls_gap(p, questions[p->question].gaps, why);
	p->question_done = true;
}

/* ---- what an answer tells whatever was asked ---- */

/* Over the certificates alone: both forms of the message hold the same. */
static int
chain_digest(struct tls_probe *p, struct chain *c)
{
	struct slice v[32];
	const uint8_t *der;
	size_t len, n = 0;
	struct fault f;
	bool status;

	while (n < 32 &&
	       certificate_at((const uint8_t *)c->message.p, c->message.len,
		   c->tls13, n, &der, &len, &status) == 1)
		v[n++] = (struct slice){ der, len };
	return n == 0 ? -1 : digest_sha256v(p->crypto, v, n, c->sha256, &f);
}

static void
note_chain(struct tls_probe *p)
{
	struct tls_result *r = &p->result;
	struct chain *c = &r->chains[r->nchains];

	if (p->answer.certificate.len == 0)
		return;
	if (r->nchains == CHAINS_MAX - 1) {
		if ((r->gaps & GAP_CERTIFICATE) == 0)
			tls_gap(p, GAP_CERTIFICATE, "more than 15 chains");
		return;
	}
	c->message = p->answer.certificate;
	c->tls13 = p->answer.certificate13;
	p->answer.certificate = (struct buf){ .max = MESSAGE_MAX };
	if (chain_digest(p, c) == 0) {
		size_t i = 0;

		while (memcmp(r->chains[i].sha256, c->sha256, SHA256_LEN) != 0)
			i++;
		if (i == r->nchains) {
			r->nchains++;
			return;
		}
	}
	buf_free(&c->message);
}

/* A ServerHello before TLS 1.3 speaks of extensions too. The newest version
 * is asked first, so the first counts. */
static void
note_old(struct tls_probe *p)
{
	struct tls_result *r = &p->result;
	const struct server_hello *h = &p->answer.hello;

	if (r->old || h->version >= TLS_1_3 || h->version != p->hello.version ||
	    p->through_ssl || (p->hello.without & WITHOUT_MASTER_SECRET) != 0 ||
	    (p->hello.without & WITHOUT_RENEGOTIATION) != 0)
		return; /* it says nothing of what was not offered */
	r->old = true;
	r->master_secret = h->master_secret;
	r->encrypt_then_mac = h->encrypt_then_mac;
	r->ticket = h->ticket;
	r->renegotiation = h->renegotiation;
	r->compression = h->compression;
}

/* Its place among the names of the server's own Diffie-Hellman groups. */
static uint8_t
note_dh(struct tls_probe *p)
{
	struct tls_result *r = &p->result;
	char name[DH_NAME_LEN];
	size_t i = 0;
	int bits;

	if (!p->answer.finite_field)
		return 0;
	bits = dh_name(p->crypto, &p->answer.dh_prime, &p->answer.dh_generator,
	    name, sizeof(name));
	while (i < r->ndh && strcmp(r->dh_names[i], name) != 0)
		i++;
	if (i == DH_NAMES_MAX) {
		if ((r->gaps & GAP_GROUP) == 0)
			tls_gap(p, GAP_GROUP, "more than 16 groups of its own");
		return 0;
	}
	if (i == r->ndh) {
		r->dh_bits[i] = bits;
		memcpy(r->dh_names[r->ndh++], name, sizeof(name));
	}
	return (uint8_t)(i + 1);
}

/* Whatever was agreed to in any answer is accepted, whatever was asked. */
static void
note_seen(struct tls_probe *p)
{
	struct tls_result *r = &p->result;
	const struct answer *a = &p->answer;
	bool old = a->hello.version < TLS_1_3;

	p->dh = note_dh(p);
	if (a->group != 0)
		id_list_add(&r->groups[old], a->group);
	if (a->signature != 0 && a->hello.version >= TLS_1_2)
		id_list_add(&r->signatures[old], a->signature);
}

/* Some servers begin to answer before they see that they have no scheme to sign
 * with, and then close: there that is a refusal. */
static bool
is_about_signatures(const struct question *q)
{
	return (q->gaps & ~(unsigned)(GAP_SIGNATURE | GAP_CERTIFICATE)) == 0;
}

static void
note_accepted(struct tls_probe *p)
{
	const struct answer *a = &p->answer;

	note_old(p);
	note_chain(p);
	note_seen(p);
	p->result.stapled |= a->stapled;
	if (a->why == NULL || (p->result.gaps & GAP_CERTIFICATE) != 0 ||
	    is_about_signatures(&questions[p->question]))
		return;
	/* the ServerHello holds; what should have followed is not known */
	tls_gap(p, GAP_CERTIFICATE | GAP_SIGNATURE | GAP_GROUP, a->why);
}

/* ---- one connection ---- */

static bool
next(void *self)
{
	struct tls_probe *p = self;

	if (p->result.connections >= CONNECTIONS_MAX &&
	    questions[p->question].about != NULL) {
		tls_unanswered(p, "more than 4000 connections");
		p->stop = true;
	}
	while (!p->stop && questions[p->question].about != NULL) {
		const struct question *q = &questions[p->question];

		answer_reset(&p->answer);
		p->through_ssl = false;
		memset(&p->hello, 0, sizeof(p->hello));
		if (!p->begun) {
			p->begun = true;
			p->question_done = false;
			p->round = p->noffer = p->nsuites = 0;
			p->question_done = !q->begin(p);
		}
		if (!p->question_done && q->ask(p)) {
			p->talking = false;
			starttls_init(&p->starttls, p->target->protocol);
			tls_reader_init(&p->reader, &p->answer);
			p->result.connections++;
			return true;
		}
		tls13_end(&p->tls13);
		p->question++;
		p->begun = false;
	}
	return false;
}

static bool
broken(struct tls_probe *p, const char *why)
{
	p->answer.kind = ANSWER_BROKEN;
	p->answer.why = why;
	return true;
}

static bool
take(struct tls_probe *p, const uint8_t *b, size_t len, struct buf *reply)
{
	if (p->through_ssl)
		return tls13_take(&p->tls13, b, len, reply);
	return tls_reader_take(&p->reader, b, len) ||
	       (p->brief && p->answer.kind == ANSWER_ACCEPTED);
}

static bool
say_hello(struct tls_probe *p, struct buf *reply)
{
	struct fault f;

	p->talking = true;
	if (p->through_ssl)
		return tls13_take(&p->tls13, NULL, 0, reply);
	if (hello_encode(&p->hello, reply, &f) == -1)
		return broken(p, "the hello is too long");
	return false;
}

static bool
hear(void *self, const uint8_t *b, size_t len, struct buf *reply)
{
	struct tls_probe *p = self;
	const struct buf *rest = &p->starttls.heard;

	if (p->talking)
		return take(p, b, len, reply);
	switch (starttls_take(&p->starttls, b, len, reply)) {
	case STARTTLS_MORE:
		return false;
	case STARTTLS_REFUSED:
		p->stop = true; /* it will not be otherwise the next time */
		return broken(p, p->starttls.why);
	default:
		break;
	}
	if (say_hello(p, reply))
		return true;
	return rest->len > 0 &&
	       take(p, (const uint8_t *)rest->p, rest->len, reply);
}

/* Without an answer of its own, the end of the connection is one. */
static void
answer_of_end(struct tls_probe *p, enum link_end end)
{
	struct answer *a = &p->answer;

	if (a->kind == ANSWER_ACCEPTED && end == LINK_TIMEOUT) {
		p->brief = true;
		if (!a->whole)
			a->why = "no end of the server's messages in time";
	}
	if (a->kind == ANSWER_ACCEPTED && !a->whole && a->why == NULL &&
	    !p->brief)
		a->why = end == LINK_TOO_MUCH ? "more than 524288 bytes"
					      : "closed behind ServerHello";
	if (a->kind != ANSWER_NONE)
		return;
	switch (end) {
	case LINK_TIMEOUT:
		a->kind = ANSWER_SILENT;
		a->why = "no answer in time";
		break;
	case LINK_TOO_MUCH:
		a->kind = ANSWER_BROKEN;
		a->why = "more than 524288 bytes without an answer";
		break;
	case LINK_REFUSED:
		a->kind = ANSWER_NO_LINK;
		a->why = "connection refused";
		break;
	case LINK_UNREACHABLE:
		a->kind = ANSWER_NO_LINK;
		a->why = "no connection";
		break;
	default:
		a->kind = ANSWER_CLOSED;
		a->why = "closed before an answer";
		break;
	}
}

/* The first words on why nothing was said in TLS are kept. */
static void
note_failure(struct tls_probe *p)
{
	struct tls_result *r = &p->result;
	enum answer_kind kind = p->answer.kind;

	if (r->spoke || r->reason[0] != '\0')
		return;
	r->outcome = kind == ANSWER_NO_LINK || kind == ANSWER_SILENT
			 ? OUTCOME_UNREACHABLE
			 : OUTCOME_ERROR;
	(void)snprintf(
	    r->reason, sizeof(r->reason), "no TLS: %s", p->answer.why);
}

static void
ended(void *self, enum link_end end)
{
	struct tls_probe *p = self;
	struct answer *a = &p->answer;

	answer_of_end(p, end);
	p->result.spoke |=
	    a->kind == ANSWER_ACCEPTED || a->kind == ANSWER_ALERT;
	if (a->kind != ANSWER_ACCEPTED && a->kind != ANSWER_ALERT)
		note_failure(p);
	p->silences += a->kind == ANSWER_SILENT;
	if (a->kind == ANSWER_ACCEPTED)
		note_accepted(p);
	if (a->kind == ANSWER_ACCEPTED || a->kind == ANSWER_ALERT ||
	    a->kind == ANSWER_CLOSED ||
	    (a->kind != ANSWER_NO_LINK && questions[p->question].controls))
		questions[p->question].told(p);
	else
		tls_unanswered(p, a->why);
	if (a->kind == ANSWER_NO_LINK ||
	    p->silences >= (p->result.spoke ? SILENCES_MAX : SILENCES_FIRST)) {
		if (!p->question_done)
			tls_unanswered(p, a->why);
		p->stop = true;
	}
	p->round++;
	tls13_end(&p->tls13);
	tls_reader_free(&p->reader);
	starttls_free(&p->starttls);
}

static void
late(void *self)
{
	struct tls_probe *p = self;

	if (questions[p->question].about != NULL)
		tls_unanswered(p, "the endpoint's time was over");
	p->stop = true;
}

/* ---- whole ---- */

struct tls_probe *
tls_probe_new(const struct target *t, const struct resolved *where,
    struct crypto *c, SSL_CTX *ctx)
{
	struct tls_probe *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->target = t;
	p->where = *where;
	p->crypto = c;
	p->ctx = ctx;
	p->result.fallback_scsv = -1;
	answer_reset(&p->answer);
	if (where->n == 0) {
		p->result.outcome = OUTCOME_UNREACHABLE;
		(void)snprintf(p->result.reason, sizeof(p->result.reason), "%s",
		    where->why);
	}
	return p;
}

void
tls_probe_free(struct tls_probe *p)
{
	if (p == NULL)
		return;
	tls13_end(&p->tls13);
	tls_reader_free(&p->reader);
	starttls_free(&p->starttls);
	answer_free(&p->answer);
	for (size_t i = 0; i < p->result.nchains; i++)
		buf_free(&p->result.chains[i].message);
	free(p);
}

void
tls_probe_client(struct tls_probe *p, struct link_client *out)
{
	*out = (struct link_client){ .next = next,
		.hear = hear,
		.ended = ended,
		.late = late,
		.self = p,
		.addresses = p->where.addresses,
		.naddresses = p->where.n };
}

/* A server that only knows suites without certificates sends none. */
static bool
expects_certificate(const struct tls_result *r)
{
	char kx[TLS_NAME_LEN];

	for (size_t v = 0; v < VERSIONS; v++)
		for (size_t i = 0; i < r->versions[v].n; i++) {
			suite_key_exchange_name(
			    r->versions[v].suites[i].id, kx);
			if (strstr(kx, "anon") == NULL &&
			    (strstr(kx, "PSK") == NULL ||
				strcmp(kx, "RSA_PSK") == 0))
				return true;
		}
	return false;
}

void
tls_probe_settle(struct tls_probe *p)
{
	struct tls_result *r = &p->result;

	if (r->spoke)
		r->outcome = OUTCOME_OBSERVED;
	if (p->stop && r->spoke && questions[p->question].about != NULL) {
		/* what came after was not asked at all */
		for (const struct question *q = &questions[p->question];
		     q->about != NULL; q++)
			r->gaps |= q->gaps;
		note(r, "what was to be asked after that");
	}
	if (r->nchains > 0 || !expects_certificate(r))
		return;
	if ((r->gaps & GAP_CERTIFICATE) == 0)
		note(r, "certificates: none came");
	r->gaps |= GAP_CERTIFICATE;
}
