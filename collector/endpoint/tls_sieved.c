/* The sieve (tls_sieve.h) put to a server: its hellos and their answers. */
#include <stdio.h>
#include <string.h>

#include "collector/endpoint/tls_probe.h"

static bool
id_list_has(const struct id_list *list, uint16_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == id)
			return true;
	return false;
}

void
id_list_add(struct id_list *list, uint16_t id)
{
	if (list->n < SHORT_MAX && !id_list_has(list, id))
		list->v[list->n++] = id;
}

void
suites_accepted(struct tls_probe *p, int v, bool (*wanted)(uint16_t))
{
	const struct version_result *r = &p->result.versions[v];

	p->nsuites = 0;
	for (size_t i = 0; i < r->n; i++)
		if (wanted == NULL || wanted(r->suites[i].id))
			p->suites[p->nsuites++] = r->suites[i].id;
}

int
newest_old(struct tls_probe *p, bool (*wanted)(uint16_t))
{
	for (int v = 1; v < VERSIONS; v++) {
		suites_accepted(p, v, wanted);
		if (p->nsuites > 0)
			return v;
	}
	return -1;
}

/* ---- a hello in a shape ---- */

static void
list_of(struct id_list *out, const uint16_t *own, const struct tls_name *all,
    size_t max)
{
	out->n = 0;
	if (own != NULL)
		for (; *own != 0 && out->n < max; own++)
			id_list_add(out, *own);
	else
		for (; all->name != NULL && out->n < max; all++)
			id_list_add(out, all->id);
}

void
hello_of(struct tls_probe *p, size_t shape, uint16_t version,
    const uint16_t *suites, size_t nsuites)
{
	const struct tls_shape *s = &tls_shapes[shape];

	list_of(&p->groups, s->group_list, tls_groups, s->groups);
	list_of(
	    &p->signatures, s->signature_list, tls_signatures, s->signatures);
	p->shape = shape;
	p->hello = (struct hello){ .version = version,
		.suites = suites,
		.nsuites = nsuites < s->suites ? nsuites : s->suites,
		.groups = p->groups.v,
		.ngroups = p->groups.n,
		.signatures = p->signatures.v,
		.nsignatures = version >= TLS_1_2 ? p->signatures.n : 0,
		.server_name = p->target->literal ? NULL : p->target->host,
		.compression = version < TLS_1_3 && s->compression,
		.without = s->without,
		/* as clients that also speak older versions */
		.older = s->order != NULL,
		.shares = s->shares };
}

/* The ids in a client's own order: those of its list first. */
static void
put_in_order(uint16_t *ids, size_t n, const uint16_t *order)
{
	size_t done = 0;

	for (; order != NULL && *order != 0; order++)
		for (size_t i = done; i < n; i++)
			if (ids[i] == *order) {
				ids[i] = ids[done];
				ids[done++] = *order;
				break;
			}
}

/* ---- asking ---- */

void
sieve_begin(struct tls_probe *p, enum sieve_of of, int version)
{
	struct sieve *s = &p->sieve;
	uint16_t id = tls_versions[version].id;

	sieve_init(s);
	s->nshapes = TLS_SHAPES;
	s->control_all = of != OF_SUITES;
	for (size_t i = 0; i < TLS_SHAPES; i++) {
		const struct tls_shape *t = &tls_shapes[i];
		uint8_t use = of == OF_SUITES	? t->use
			      : of == OF_GROUPS ? t->groups_use
						: SHAPE_NO;

		if (of == OF_SUITES && id == TLS_1_3)
			use |= SHAPE_WHOLE; /* they are few */
		if (id == SSL_3_0) /* no extensions: they differ in length */
			use = use == SHAPE_FIRST ? SHAPE_FIRST : SHAPE_NO;
		if (!tls_shape_fits(t, id) ||
		    (of == OF_GROUPS && id != TLS_1_3))
			use = SHAPE_NO;
		s->shapes[i] = (struct sieve_shape){ use,
			of == OF_SUITES	  ? t->suites
			: of == OF_GROUPS ? t->groups
					  : t->signatures };
	}
	s->elsewhere = of == OF_SUITES && p->contacted;
	s->answered = p->answered;
	s->silent = p->silent;
	s->home =
	    of == OF_SUITES ? p->base_shape : p->result.versions[version].shape;
	if (!tls_shape_fits(&tls_shapes[s->home], id))
		s->home = 0;
}

bool
sieve_ask(struct tls_probe *p, enum sieve_of of, int version)
{
	struct sieve_hello h;

	while (sieve_next(&p->sieve, &h)) {
		int v = h.elsewhere ? p->base : version;

		if (!tls_shape_fits(&tls_shapes[h.shape], tls_versions[v].id)) {
			sieve_refused(&p->sieve, REFUSAL_BROKEN);
			continue;
		}
		p->elsewhere = h.elsewhere;
		p->noffer = h.elsewhere ? 1 : h.n;
		memcpy(p->offer, h.ids, h.n * sizeof(h.ids[0]));
		if (h.elsewhere)
			p->offer[0] = p->base_suite;
		if (of == OF_SUITES)
			put_in_order(
			    p->offer, p->noffer, tls_shapes[h.shape].order);
		hello_of(p, h.shape, tls_versions[v].id,
		    of == OF_SUITES ? p->offer : p->suites,
		    of == OF_SUITES ? p->noffer : p->nsuites);
		if (of == OF_SUITES)
			p->hello.nsuites = p->noffer;
		else if (of == OF_GROUPS) {
			p->hello.groups = p->offer;
			p->hello.ngroups = p->noffer;
		} else {
			p->hello.signatures = p->offer;
			p->hello.nsignatures = p->noffer;
		}
		return true;
	}
	return false;
}

bool
sieve_answer(struct tls_probe *p, unsigned *how)
{
	const struct answer *a = &p->answer;

	switch (a->kind) {
	case ANSWER_ACCEPTED:
		*how = REFUSAL_OTHER_VERSION;
		return a->hello.version == p->hello.version;
	case ANSWER_ALERT:
		*how = (unsigned)a->alert;
		return false;
	case ANSWER_CLOSED:
		*how = REFUSAL_CLOSED;
		return false;
	case ANSWER_SILENT:
		*how = REFUSAL_SILENT;
		return false;
	default:
		*how = REFUSAL_BROKEN;
		return false;
	}
}

void
sieve_over(struct tls_probe *p, unsigned gaps_odd, unsigned gaps_all,
    const struct tls_name *names)
{
	const struct sieve *s = &p->sieve;
	char name[TLS_NAME_LEN], text[128];
	size_t odd = 0;

	if (s->why != NULL)
		tls_gap(p, gaps_all, s->why);
	for (size_t i = 0; i < s->n; i++) {
		if (s->items[i].fate != FATE_ODD)
			continue;
		tls_name_of(names, s->items[i].id, name);
		(void)snprintf(text, sizeof(text),
		    "%s is refused otherwise than the rest", name);
		if (odd++ < 3)
			tls_gap(p, s->found ? gaps_odd : gaps_all, text);
	}
	if (odd > 3) {
		(void)snprintf(
		    text, sizeof(text), "%zu more are, too", odd - 3);
		tls_gap(p, 0, text);
	}
}
