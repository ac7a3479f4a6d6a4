/* See ssh_probe.h. */
#include "collector/endpoint/ssh_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"

#define OUR_VERSION "SSH-2.0-exhibit\r\n"
#define SOURCE "SSH KEXINIT"
#define KEY_MAX 512

/* ---- asking ---- */

static bool
next(void *self)
{
	struct ssh_probe *p = self;
	bool first = !p->asked;

	p->asked = true;
	return first;
}

static bool
hear(void *self, const uint8_t *b, size_t len, struct buf *reply)
{
	struct ssh_probe *p = self;
	enum ssh_state state;

	if (len == 0) {
		buf_puts(reply, OUR_VERSION);
		return false;
	}
	state = ssh_reader_take(&p->reader, b, len);
	p->read = state == SSH_DONE;
	return state != SSH_MORE;
}

static void
ended(void *self, enum link_end end)
{
	static const char *const words[] = {
		[LINK_DONE] = "",
		[LINK_CLOSED] = "closed before KEXINIT",
		[LINK_TIMEOUT] = "no KEXINIT in time",
		[LINK_TOO_MUCH] = "more than 524288 bytes before KEXINIT",
		[LINK_REFUSED] = "connection refused",
		[LINK_UNREACHABLE] = "no connection",
	};
	struct ssh_probe *p = self;
	bool silent = end == LINK_TIMEOUT || end == LINK_REFUSED ||
		      end == LINK_UNREACHABLE;

	if (p->read)
		return;
	p->outcome = silent ? OUTCOME_UNREACHABLE : OUTCOME_ERROR;
	(void)snprintf(p->reason, sizeof(p->reason), "no SSH: %s",
	    p->reader.why != NULL ? p->reader.why : words[end]);
}

static void
late(void *self)
{
	(void)self; /* one connection: its own end was told */
}

struct ssh_probe *
ssh_probe_new(const struct target *t, const struct resolved *where)
{
	struct ssh_probe *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->target = t;
	p->where = *where;
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

/* The place of a name in a comma-separated list, from 1; 0: not in it. */
static int
place(const struct buf *list, const char *name, size_t len)
{
	const char *s = list->p;

	for (int i = 1; s != NULL && *s != '\0'; i++) {
		size_t n = strcspn(s, ",");

		if (n == len && memcmp(s, name, len) == 0)
			return i;
		s += n + (s[n] == ',');
	}
	return 0;
}

static bool
offers(const struct ssh_probe *p, const char *name)
{
	return place(&p->reader.lists[SSH_KEX], name, strlen(name)) > 0;
}

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

static int
emit_algorithm(const struct ssh_probe *p, const char *class, enum ssh_list to,
    enum ssh_list from, const char *s, size_t len, struct emitter *e,
    struct fault *f)
{
	int at = place(&p->reader.lists[to], s, len);
	int at_client = place(&p->reader.lists[from], s, len);
	char key[KEY_MAX];
	ATTRS_AUTO(a);

	(void)snprintf(key, sizeof(key), "%s/%.*s", class,
	    (int)(len < 400 ? len : 400), s);
	attrs_str(&a, "class", class);
	attrs_text(&a, "name", s, len);
	attrs_int(&a, "position", at > 0 ? at : at_client);
	attrs_bool(&a, "to_server", at > 0);
	attrs_bool(&a, "to_client", at_client > 0);
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
			bool again = place(list, s, n) != i ||
				     (which == 1 &&
					 place(&p->reader.lists[to], s, n) > 0);

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

	e->calls = p->asked;
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
	return emit_coverage(e, OUTCOME_OBSERVED, NULL, f);
}
