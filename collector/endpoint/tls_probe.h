/*
 * What a TLS endpoint accepts, found by elimination: everything is offered,
 * what was chosen is taken away, until the server refuses; tls_sieve.h says
 * when a refusal is believed. tls_question.c has the questions, tls_suites.c
 * those of versions and suites, tls_emit.c says what was found.
 */
#ifndef COLLECTOR_ENDPOINT_TLS_PROBE_H
#define COLLECTOR_ENDPOINT_TLS_PROBE_H

#include "collector/endpoint/hello.h"
#include "collector/endpoint/endpoint_kinds.h"
#include "collector/endpoint/connection.h"
#include "collector/endpoint/names.h"
#include "collector/endpoint/resolve.h"
#include "collector/endpoint/starttls.h"
#include "collector/endpoint/tls_shapes.h"
#include "collector/endpoint/tls_sieve.h"
#include "collector/endpoint/tls13.h"
#include "collector/endpoint/tls_read.h"

#define OFFER_MAX SIEVE_ITEMS_MAX
#define SHORT_MAX 64  /* groups or signatures there are, and room */
#define CHAINS_MAX 16 /* different chains of one endpoint */
#define DH_NAMES_MAX 16
#define DH_NAME_LEN 24
#define ALPN_MAX 16
#define UNANSWERED_MAX 24
#define VERSIONS 5
#define OLD_GROUPS 1 /* index into groups: before TLS 1.3 */

enum preference { PREFERS_NONE, PREFERS_SERVER, PREFERS_CLIENT, PREFERS_OTHER };

struct accepted_suite {
	uint16_t id, group;
	uint8_t dh;    /* 1 + index of dh_names, or 0 */
	uint8_t shape; /* of the hello it was accepted in */
};

struct version_result {
	struct accepted_suite suites[OFFER_MAX];
	size_t n;
	enum preference preference;
	bool scattered;	  /* accepted in several passes: v is in no order */
	bool asked;	  /* to the end */
	size_t shape;	  /* of the hello that works in this version */
	uint32_t checked; /* bits: shapes that refusals rest on */
	unsigned refusal; /* of the version, enum sieve_refusal; 0: accepted */
};

struct id_list {
	uint16_t v[SHORT_MAX];
	size_t n;
};

struct chain {
	struct buf message; /* body of a Certificate message */
	bool tls13;
	uint8_t sha256[SHA256_LEN]; /* of its certificates, in order */
};

enum fips_client { FIPS_NOT_ASKED, FIPS_NEGOTIATED, FIPS_REFUSED };

/* All that was found. Versions stand as in tls_versions. */
struct tls_result {
	struct version_result versions[VERSIONS];
	struct id_list groups[2];     /* of TLS 1.3; of what is older */
	struct id_list signatures[2]; /* TLS 1.3; TLS 1.2 */
	char dh_names[DH_NAMES_MAX][DH_NAME_LEN];
	int dh_bits[DH_NAMES_MAX];
	size_t ndh;
	struct chain chains[CHAINS_MAX];
	size_t nchains;
	const char *alpn[ALPN_MAX]; /* constant names */
	size_t nalpn;
	bool old; /* any ServerHello before TLS 1.3: the next five hold */
	bool master_secret, encrypt_then_mac, ticket, renegotiation;
	uint8_t compression;
	bool stapled;
	enum fips_client fips;
	struct server_hello fips_hello;
	uint16_t fips_group;
	uint8_t fips_dh;   /* as in struct accepted_suite */
	int fallback_scsv; /* 1 refused as it should, 0 not, -1 not known */
	/* Questions without an answer, "TLS 1.2 suites: no answer in time" */
	char unanswered[UNANSWERED_MAX][128];
	size_t nunanswered;
	unsigned gaps; /* bits of enum tls_gap */
	bool spoke;    /* it answered TLS at least once */
	enum outcome outcome;
	char reason[192]; /* when the outcome is not observed */
	long long connections;
};

/* What is not known in full; what depends on it is unknown. */
enum tls_gap {
	GAP_VERSION = 1,
	GAP_SUITE = 2,
	GAP_GROUP = 4,
	GAP_SIGNATURE = 8,
	GAP_CERTIFICATE = 16,
	GAP_EXTENSION = 32,
	GAP_ORDER = 64,
	GAP_ALPN = 128,
	GAP_FIPS = 256,
	GAP_ALL = 511
};

struct tls_probe {
	const struct target *target; /* borrowed */
	struct resolved where;
	struct crypto *crypto; /* borrowed */
	SSL_CTX *ctx;	       /* borrowed */
	struct tls_result result;

	size_t question; /* at hand, index */
	bool begun, question_done, stop;
	bool contacted; /* base and base_suite are accepted, in base_shape */
	int base;	/* index into tls_versions */
	uint16_t base_suite;
	size_t base_shape, contact_at;
	uint32_t answered, silent; /* shapes its control was, was not answered
				    * in */
	bool brief;	  /* it stalls behind ServerHello: wait for no more */
	bool through_ssl; /* this connection is libssl's */
	int silences;
	size_t round; /* of the question, from 0 */
	struct sieve sieve;
	bool elsewhere; /* its hello is the control of the base version */
	size_t shape;	/* of the hello at hand */
	uint8_t dh;	/* of the answer at hand: 1 + index of dh_names */
	/* what is being eliminated, and what goes with it */
	uint16_t offer[OFFER_MAX], suites[OFFER_MAX];
	size_t noffer, nsuites;
	struct id_list groups, signatures; /* those offered beside it */
	const char *alpn[ALPN_MAX + 1];
	struct hello hello;

	/* this connection */
	bool talking; /* TLS has begun */
	struct starttls starttls;
	struct tls_reader reader;
	struct tls13 tls13;
	struct answer answer;
};

/* One thing to find out. */
struct question {
	const char *about;
	int version;   /* index into tls_versions, or -1 */
	unsigned gaps; /* what is not known without its answer */
	/* Set the offer up; false: it does not arise. */
	bool (*begin)(struct tls_probe *p);
	/* Fill p->hello, or begin libssl's; false: no more to ask. */
	bool (*ask)(struct tls_probe *p);
	/* An answer: accepted, or refused by alert or close. */
	void (*told)(struct tls_probe *p);
	/* told takes silence and what is no TLS as refusals too: it checks
	 * them against a control */
	bool controls;
};

extern const struct question questions[]; /* ends with about NULL */

/* That the question at hand has no answer, and why (stable text). */
void tls_unanswered(struct tls_probe *p, const char *why);
/* That something is not known because of it; the question goes on. */
void tls_gap(struct tls_probe *p, unsigned gaps, const char *why);

/* ---- for the questions: tls_sieved.c ---- */

/* Which list of the hello the sieve is about. */
enum sieve_of { OF_SUITES, OF_GROUPS, OF_SIGNATURES };

/* Fill p->hello for a version, in a shape: its own lists beside the suites. */
void hello_of(struct tls_probe *p, size_t shape, uint16_t version,
    const uint16_t *suites, size_t nsuites);

/* A sieve for the version, in the shape it was accepted in. */
void sieve_begin(struct tls_probe *p, enum sieve_of of, int version);
/* What both of these do is as in struct question. version: asked in. */
bool sieve_ask(struct tls_probe *p, enum sieve_of of, int version);
/* The offered item of an answer, or how it was refused (enum sieve_refusal).
 * true: chosen. */
bool sieve_answer(struct tls_probe *p, unsigned *how);

/* Texts and gaps of what the sieve left undecided. */
void sieve_over(struct tls_probe *p, unsigned gaps_odd, unsigned gaps_all,
    const struct tls_name *names);

/* The accepted suites of a version, those wanted, into p->suites. */
void suites_accepted(struct tls_probe *p, int v, bool (*wanted)(uint16_t));
/* The newest version before TLS 1.3 that was accepted with such a suite, or
 * -1; p->suites holds them. */
int newest_old(struct tls_probe *p, bool (*wanted)(uint16_t));
void id_list_add(struct id_list *list, uint16_t id);

/* ---- versions and suites: tls_suites.c ---- */
bool contact_begin(struct tls_probe *p);
bool contact_ask(struct tls_probe *p);
void contact_told(struct tls_probe *p);
bool suites_begin(struct tls_probe *p);
bool suites_ask(struct tls_probe *p);
void suites_told(struct tls_probe *p);
bool order_begin(struct tls_probe *p);
bool order_ask(struct tls_probe *p);
void order_told(struct tls_probe *p);

/* Heap-allocated and freed by the caller with tls_probe_free(). */
struct tls_probe *tls_probe_new(const struct target *t,
    const struct resolved *where, struct crypto *c, SSL_CTX *ctx);
void tls_probe_free(struct tls_probe *p);

/* The client for link_run(). */
void tls_probe_client(struct tls_probe *p, struct link_client *out);

/* No more is to be asked: settle the outcome. */
void tls_probe_settle(struct tls_probe *p);

/* Everything found, through the emitter of the endpoint's scope. */
MUST_USE int tls_emit(
    const struct tls_probe *p, struct emitter *e, struct fault *f);

#endif
