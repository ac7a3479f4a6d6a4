/*
 * Which machine it is: by what was verified on the way (the key that ssh
 * showed) and by what the host says of itself. Two names of one machine are
 * found by it.
 *
 * machine-id(5) asks that the id itself be kept where it is: what is stored is
 * SHA-256 over "exhibit machine-id " and the id's 32 digits.
 */
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/digest.h"
#include "collector/node/parts.h"

#define KEYS_MAX 16
#define KEY_BLOB_MAX ((size_t)16 * 1024)
#define MACHINE_ID_LEN 32

static void
put_first_line(struct attrs *a, const char *column, const struct reading *r)
{
	struct span text = r->text, line;

	if (r->outcome == OUTCOME_OBSERVED && span_line(&text, &line) &&
	    (line = span_trim(line)).len > 0)
		put_span(a, column, line, VALUE_MAX);
	else
		put_null(a, column);
}

/* p NULL: none; "uninitialized", or empty, until the first boot. */
static struct span
machine_id(const struct entry *e)
{
	struct span id = { NULL, 0 };

	if (e == NULL || e->outcome != OUTCOME_OBSERVED || e->bytes.len == 0)
		return id;
	id = span_trim((struct span){ e->bytes.p, e->bytes.len });
	if (id.len != MACHINE_ID_LEN || !span_only(id, "0123456789abcdef"))
		id = (struct span){ NULL, 0 };
	return id;
}

static int
put_machine(struct parts *p, struct attrs *a, struct fault *f)
{
	static const char salt[] = "exhibit machine-id ";
	struct reading r = part_read(p, "/etc/machine-id");
	uint8_t digest[SHA256_LEN];
	char hex[SHA256_HEX], text[sizeof(salt) + MACHINE_ID_LEN];
	struct span line = machine_id(r.entry);

	put_outcome(a, "machine_id_outcome", r.outcome);
	if (line.p == NULL || p->s->crypto == NULL) {
		put_null(a, "machine_id");
		return 0;
	}
	(void)snprintf(
	    text, sizeof(text), "%s%.*s", salt, (int)line.len, line.p);
	if (digest_sha256(p->s->crypto, text, strlen(text), digest, f) == -1)
		return -1;
	hex_encode(digest, sizeof(digest), hex);
	attrs_str(a, "machine_id", hex);
	return 0;
}

/* "ssh-ed25519 SHA256:..." of "ssh-ed25519 AAAA... comment", as ssh-keygen -l
 * shows it. 0: not a key. */
static int
add_key(struct parts *p, json_t *list, struct span text, struct fault *f)
{
	uint8_t digest[SHA256_LEN];
	struct span type, coded;
	BUF_AUTO(blob, KEY_BLOB_MAX);
	BUF_AUTO(told, SSH_KEY_MAX);

	if (!span_word(&text, &type) || !span_word(&text, &coded) ||
	    !span_only(type, ALNUM "-_.@") || type.len > 64 ||
	    !base64_read(&blob, coded.p, coded.len) || blob.len == 0)
		return 0;
	if (digest_sha256(p->s->crypto, blob.p, blob.len, digest, f) == -1)
		return -1;
	buf_put(&told, type.p, type.len);
	buf_puts(&told, " SHA256:");
	base64_put(&told, digest, sizeof(digest));
	while (told.len > 0 && told.p[told.len - 1] == '=')
		told.len--;
	if (told.failed == FAULT_NONE &&
	    !add_string(list, (struct span){ told.p, told.len }, SSH_KEY_MAX))
		return fault_memory(f);
	return 0;
}

static int
put_keys(struct parts *p, struct attrs *a, struct fault *f)
{
	size_t n;
	const struct entry *e = snapshot_under(p->s, "/etc/ssh/ssh_host_", &n);
	json_t *list = json_array();

	if (list == NULL)
		return fault_memory(f);
	for (size_t i = 0; p->s->crypto != NULL && i < n && i < KEYS_MAX; i++) {
		struct reading r = part_read(p, e[i].path);

		if (r.outcome == OUTCOME_OBSERVED &&
		    add_key(p, list, r.text, f) == -1) {
			json_decref(list);
			return -1;
		}
	}
	attrs_json(a, "host_keys", list);
	return 0;
}

static bool
add_line(const struct snapshot *s, const char *path, struct buf *out)
{
	const struct entry *e = snapshot_find(s, path);
	struct span text, line;

	if (e == NULL || e->outcome != OUTCOME_OBSERVED || e->bytes.len == 0)
		return false;
	text = (struct span){ e->bytes.p, e->bytes.len };
	if (!span_line(&text, &line) || (line = span_trim(line)).len == 0)
		return false;
	buf_putc(out, ' ');
	buf_put(out, line.p, line.len);
	return true;
}

bool
identity_machine(const struct snapshot *s, struct buf *out)
{
	const struct span id = machine_id(snapshot_find(s, "/etc/machine-id"));

	if (id.p == NULL)
		return false;
	buf_put(out, id.p, id.len);
	return add_line(s, "/proc/sys/kernel/random/boot_id", out) &&
	       add_line(s, "/proc/sys/kernel/hostname", out) &&
	       out->failed == FAULT_NONE;
}

int
identity_alias(const struct snapshot *s, const char *same_as, struct emitter *e,
    struct fault *f)
{
	struct parts p = {
		.s = s, .e = e, .host = s->name, .same_as = same_as
	};

	return identity_emit(&p, f);
}

int
identity_emit(struct parts *p, struct fault *f)
{
	struct reading boot = part_read(p, "/proc/sys/kernel/random/boot_id");
	struct reading name = part_read(p, "/proc/sys/kernel/hostname");
	ATTRS_AUTO(a);

	put_first_line(&a, "boot_id", &boot);
	put_first_line(&a, "hostname", &name);
	if (put_machine(p, &a, f) == -1 || put_keys(p, &a, f) == -1)
		return -1;
	attrs_str(&a, "same_as", p->same_as);
	attrs_str(
	    &a, "ssh_key", p->s->ssh_key[0] != '\0' ? p->s->ssh_key : NULL);
	return emit_observed(p->e, &node_identity_kind, p->host, &a,
	    "/etc/machine-id, /etc/ssh/ssh_host_*_key.pub", f);
}
