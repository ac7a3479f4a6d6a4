/* See ssh_probe.h. */
#include "collector/endpoint/ssh_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"

#define OUR_VERSION "SSH-2.0-exhibit\r\n"
#define SOURCE "SSH KEXINIT"
#define KEY_SOURCE "SSH key exchange"
#define KEY_MAX 512

/* ---- what there is to ask ---- */

/* Not an algorithm but a sign of what is understood. */
static bool
is_sign(const char *s, size_t len)
{
	static const char *const signs[] = { "ext-info-s", "ext-info-c",
		"kex-strict-s-v00@openssh.com",
		"kex-strict-c-v00@openssh.com" };

	for (size_t i = 0; i < LENGTH(signs); i++)
		if (strlen(signs[i]) == len && memcmp(signs[i], s, len) == 0)
			return true;
	return false;
}

static void
add_steps(struct ssh_probe *p, const struct buf *list, bool group)
{
	static const char prefix[] = "diffie-hellman-group-exchange-";
	const char *s = list->p;

	for (size_t n; s != NULL && *s != '\0'; s += n + (s[n] == ',')) {
		struct ssh_step *step = &p->steps[p->nsteps];

		n = strcspn(s, ",");
		if (group && strncmp(s, prefix, sizeof(prefix) - 1) != 0)
			continue;
		if (n == 0 || n >= SSH_ALGORITHM_MAX ||
		    p->nsteps == SSH_STEPS_MAX) {
			p->left_out |= n > 0;
			continue;
		}
		memcpy(step->name, s, n);
		step->group = group;
		p->nsteps++;
	}
}

/* ---- asking ---- */

static bool
next(void *self)
{
	struct ssh_probe *p = self;
	const struct ssh_step *s;

	if (p->asked && (!p->read || p->step == p->nsteps))
		return false;
	p->connections++;
	if (!p->asked) {
		p->asked = true;
		return true;
	}
	s = &p->steps[p->step++];
	/* for a group any host key will do */
	ssh_exchange_init(&p->exchange,
	    s->group ? p->reader.lists[SSH_HOST_KEY].p : s->name,
	    s->group ? s->name : NULL);
	return true;
}

static bool
hear(void *self, const uint8_t *b, size_t len, struct buf *reply)
{
	struct ssh_probe *p = self;
	enum ssh_state state;

	if (len == 0) {
		buf_puts(reply, OUR_VERSION);
		if (p->step > 0)
			ssh_exchange_begin(
			    &p->exchange, p->reader.lists, reply);
		return false;
	}
	if (p->step > 0)
		return ssh_exchange_take(&p->exchange, b, len, reply) !=
		       SSH_MORE;
	state = ssh_reader_take(&p->reader, b, len);
	p->read = state == SSH_DONE;
	if (p->read) {
		add_steps(p, &p->reader.lists[SSH_HOST_KEY], false);
		add_steps(p, &p->reader.lists[SSH_KEX], true);
	}
	return state != SSH_MORE;
}

static const char *
end_words(enum link_end end)
{
	static const char *const words[] = {
		[LINK_DONE] = "",
		[LINK_CLOSED] = "closed too early",
		[LINK_TIMEOUT] = "no answer in time",
		[LINK_TOO_MUCH] = "more than 524288 bytes",
		[LINK_REFUSED] = "connection refused",
		[LINK_UNREACHABLE] = "no connection",
	};

	return words[end];
}

static void
step_ended(struct ssh_probe *p, enum link_end end)
{
	struct ssh_step *s = &p->steps[p->step - 1];
	struct ssh_exchange *x = &p->exchange;

	s->came = x->whole;
	s->group_bits = x->group_bits;
	if (x->whole) {
		s->key = x->key;
		x->key.blob = (struct buf){ 0 };
	} else
		(void)snprintf(s->why, sizeof(s->why), "no %s: %s",
		    s->group ? "group" : "host key",
		    x->why != NULL ? x->why : end_words(end));
	ssh_exchange_free(x);
}

static void
ended(void *self, enum link_end end)
{
	struct ssh_probe *p = self;
	bool silent = end == LINK_TIMEOUT || end == LINK_REFUSED ||
		      end == LINK_UNREACHABLE;

	if (p->step > 0) {
		step_ended(p, end);
		return;
	}
	if (p->read)
		return;
	p->outcome = silent ? OUTCOME_UNREACHABLE : OUTCOME_ERROR;
	(void)snprintf(p->reason, sizeof(p->reason), "no SSH: %s",
	    p->reader.why != NULL ? p->reader.why
	    : end == LINK_CLOSED  ? "closed before KEXINIT"
	    : end == LINK_TIMEOUT ? "no KEXINIT in time"
				  : end_words(end));
}

/* The steps that were not taken say so. */
static void
late(void *self)
{
	struct ssh_probe *p = self;

	for (size_t i = 0; i < p->nsteps; i++)
		if (!p->steps[i].came && p->steps[i].why[0] == '\0')
			(void)snprintf(p->steps[i].why, sizeof(p->steps[i].why),
			    "the endpoint's time was over");
}

struct ssh_probe *
ssh_probe_new(
    const struct target *t, const struct resolved *where, struct crypto *c)
{
	struct ssh_probe *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->target = t;
	p->where = *where;
	p->crypto = c;
	ssh_reader_init(&p->reader);
	if (where->n == 0) {
		p->outcome = OUTCOME_UNREACHABLE;
		(void)snprintf(p->reason, sizeof(p->reason), "%s", where->why);
	}
	return p;
}

void
ssh_probe_free(struct ssh_probe *p)
{
	if (p == NULL)
		return;
	ssh_reader_free(&p->reader);
	ssh_exchange_free(&p->exchange);
	for (size_t i = 0; i < p->nsteps; i++)
		buf_free(&p->steps[i].key.blob);
	free(p);
}

void
ssh_probe_client(struct ssh_probe *p, struct link_client *out)
{
	*out = (struct link_client){ .next = next,
		.hear = hear,
		.ended = ended,
		.late = late,
		.self = p,
		.addresses = p->where.addresses,
		.naddresses = p->where.n };
}

/* ---- telling ---- */

static bool
offers(const struct ssh_probe *p, const char *name)
{
	return ssh_list_place(&p->reader.lists[SSH_KEX], name, strlen(name)) >
	       0;
}

/* The size of a group exchange's prime; 0: none came. */
static int
group_bits(const struct ssh_probe *p, const char *s, size_t len)
{
	for (size_t i = 0; i < p->nsteps; i++)
		if (p->steps[i].group && strlen(p->steps[i].name) == len &&
		    memcmp(p->steps[i].name, s, len) == 0)
			return p->steps[i].group_bits;
	return 0;
}

static int
emit_algorithm(const struct ssh_probe *p, const char *class, enum ssh_list to,
    enum ssh_list from, const char *s, size_t len, struct emitter *e,
    struct fault *f)
{
	int at = ssh_list_place(&p->reader.lists[to], s, len);
	int at_client = ssh_list_place(&p->reader.lists[from], s, len);
	char key[KEY_MAX];
	ATTRS_AUTO(a);

	(void)snprintf(key, sizeof(key), "%s/%.*s", class,
	    (int)(len < 400 ? len : 400), s);
	attrs_str(&a, "class", class);
	attrs_text(&a, "name", s, len);
	attrs_int(&a, "position", at > 0 ? at : at_client);
	attrs_bool(&a, "to_server", at > 0);
	attrs_bool(&a, "to_client", at_client > 0);
	if (to == SSH_KEX && group_bits(p, s, len) > 0)
		attrs_int(&a, "bits", group_bits(p, s, len));
	else
		attrs_json(&a, "bits", json_null());
	return emit_observed(e, &ssh_algorithm_kind, key, &a, SOURCE, f);
}

/* Each name once, in whichever of the two lists it stands first. */
static int
emit_class(const struct ssh_probe *p, const char *class, enum ssh_list to,
    enum ssh_list from, struct emitter *e, struct fault *f)
{
	const enum ssh_list both[2] = { to, from };

	for (int which = 0; which < (to == from ? 1 : 2); which++) {
		const struct buf *list = &p->reader.lists[both[which]];
		const char *s = list->p;

		for (int i = 1; s != NULL && *s != '\0'; i++) {
			size_t n = strcspn(s, ",");
			bool again =
			    ssh_list_place(list, s, n) != i ||
			    (which == 1 &&
				ssh_list_place(&p->reader.lists[to], s, n) > 0);

			if (n > 0 && !again && !is_sign(s, n) &&
			    emit_algorithm(p, class, to, from, s, n, e, f) ==
				-1)
				return -1;
			s += n + (s[n] == ',');
		}
	}
	return 0;
}

static int
emit_server(const struct ssh_probe *p, struct emitter *e, struct fault *f)
{
	const char *version = p->reader.version + 4; /* behind "SSH-" */
	const char *dash = strchr(version, '-');
	ATTRS_AUTO(a);

	attrs_text(&a, "protocol", version, (size_t)(dash - version));
	attrs_str(&a, "software", dash + 1);
	attrs_bool(&a, "ext_info", offers(p, "ext-info-s"));
	attrs_bool(&a, "strict_kex", offers(p, "kex-strict-s-v00@openssh.com"));
	return emit_observed(
	    e, &ssh_endpoint_kind, p->target->name, &a, SOURCE, f);
}

static int
emit_key(struct ssh_probe *p, const struct ssh_step *s, struct emitter *e,
    struct fault *f)
{
	uint8_t digest[SHA256_LEN];
	char hex[SHA256_HEX];
	ATTRS_AUTO(a);

	if (!s->came)
		return emit_outcome(e, &ssh_host_key_kind, s->name,
		    OUTCOME_ERROR, s->why, KEY_SOURCE, f);
	if (digest_sha256(
		p->crypto, s->key.blob.p, s->key.blob.len, digest, f) == -1)
		return -1;
	hex_encode(digest, sizeof(digest), hex);
	attrs_str(&a, "algorithm", s->name);
	attrs_str(&a, "key_type", s->key.type);
	attrs_str(&a, "curve", s->key.curve[0] != '\0' ? s->key.curve : NULL);
	if (s->key.bits > 0)
		attrs_int(&a, "key_bits", s->key.bits);
	else
		attrs_json(&a, "key_bits", json_null());
	attrs_str(&a, "sha256", hex);
	return emit_observed(e, &ssh_host_key_kind, s->name, &a, KEY_SOURCE, f);
}

static int
emit_keys(struct ssh_probe *p, struct emitter *e, struct fault *f)
{
	for (size_t i = 0; i < p->nsteps; i++)
		if (!p->steps[i].group && emit_key(p, &p->steps[i], e, f) == -1)
			return -1;
	if (p->left_out)
		return emit_gap(e, &ssh_host_key_kind, OUTCOME_ERROR,
		    "more host key algorithms than are asked for", f);
	return 0;
}

int
ssh_emit(struct ssh_probe *p, struct emitter *e, struct fault *f)
{
	static const struct {
		const char *name;
		enum ssh_list to, from;
	} classes[] = {
		{ "kex", SSH_KEX, SSH_KEX },
		{ "host-key", SSH_HOST_KEY, SSH_HOST_KEY },
		{ "cipher", SSH_CIPHER_TO_SERVER, SSH_CIPHER_TO_CLIENT },
		{ "mac", SSH_MAC_TO_SERVER, SSH_MAC_TO_CLIENT },
		{ "compression", SSH_COMPRESSION_TO_SERVER,
		    SSH_COMPRESSION_TO_CLIENT },
	};

	e->calls = p->connections;
	if (!p->read) {
		if (emit_outcome(e, &ssh_endpoint_kind, p->target->name,
			p->outcome, p->reason, SOURCE, f) == -1)
			return -1;
		return emit_coverage(e, p->outcome, p->reason, f);
	}
	if (emit_server(p, e, f) == -1)
		return -1;
	for (size_t i = 0; i < LENGTH(classes); i++)
		if (emit_class(p, classes[i].name, classes[i].to,
			classes[i].from, e, f) == -1)
			return -1;
	if (emit_keys(p, e, f) == -1)
		return -1;
	return emit_coverage(e, OUTCOME_OBSERVED, NULL, f);
}
