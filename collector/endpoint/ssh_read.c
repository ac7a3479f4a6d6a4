/* See ssh_read.h. */
#include "collector/endpoint/ssh_read.h"

#include <string.h>

#include "collector/endpoint/bytes.h"

#define MSG_DISCONNECT 1
#define MSG_IGNORE 2
#define MSG_DEBUG 4
#define MSG_KEXINIT 20

void
ssh_reader_init(struct ssh_reader *r)
{
	memset(r, 0, sizeof(*r));
	r->heard.max = SSH_PREFACE_MAX + 2 * SSH_PACKET_MAX;
	for (int i = 0; i < SSH_LISTS; i++)
		r->lists[i].max = SSH_PACKET_MAX;
}

void
ssh_reader_free(struct ssh_reader *r)
{
	buf_free(&r->heard);
	for (int i = 0; i < SSH_LISTS; i++)
		buf_free(&r->lists[i]);
}

static enum ssh_state
broken(struct ssh_reader *r, const char *why)
{
	r->why = why;
	return SSH_BROKEN;
}

static void
drop(struct ssh_reader *r, size_t len)
{
	if (len == 0)
		return;
	memmove(r->heard.p, r->heard.p + len, r->heard.len - len);
	r->heard.len -= len;
}

/* A version line of printable US-ASCII; other lines may stand before it. */
static enum ssh_state
take_lines(struct ssh_reader *r)
{
	char *nl;

	while (r->version[0] == '\0') {
		size_t len;

		nl = r->heard.len > 0 ? memchr(r->heard.p, '\n', r->heard.len)
				      : NULL;
		if (nl == NULL)
			return r->heard.len > SSH_PREFACE_MAX
				   ? broken(r, "no SSH version line")
				   : SSH_MORE;
		len = (size_t)(nl - r->heard.p);
		if (len > 0 && nl[-1] == '\r')
			len--;
		if (len >= 4 && memcmp(r->heard.p, "SSH-", 4) == 0) {
			if (len > SSH_VERSION_LINE_MAX)
				return broken(r, "an SSH version line of more "
						 "than 255 bytes");
			for (size_t i = 0; i < len; i++)
				if (r->heard.p[i] < ' ' || r->heard.p[i] > '~')
					return broken(r, "an SSH version line "
							 "that is not ASCII");
			memcpy(r->version, r->heard.p, len);
		}
		drop(r, (size_t)(nl - r->heard.p) + 1);
	}
	if (strncmp(r->version, "SSH-2.0-", 8) != 0 &&
	    strncmp(r->version, "SSH-1.99-", 9) != 0)
		return broken(r, "an SSH version before 2.0");
	return SSH_DONE;
}

static bool
list_is_good(struct bytes list)
{
	size_t names = 1;

	for (size_t i = 0; i < list.len; i++) {
		if (list.p[i] <= ' ' || list.p[i] > '~')
			return false;
		names += list.p[i] == ',';
	}
	return names <= SSH_NAMES_MAX;
}

static enum ssh_state
take_kexinit(struct ssh_reader *r, struct bytes b)
{
	(void)bytes_take(&b, 16); /* cookie */
	for (int i = 0; i < SSH_LISTS; i++) {
		struct bytes list = bytes_vector(&b, 4);

		if (list.failed || !list_is_good(list))
			return broken(r, "a malformed KEXINIT");
		buf_put(&r->lists[i], list.p, list.len);
		if (r->lists[i].failed != FAULT_NONE)
			return broken(r, "out of memory");
	}
	return SSH_DONE;
}

/* RFC 4253 6: length, padding length, payload, padding. SSH_DONE: a message
 * that is none to be ignored; *used: its bytes, all told. */
static enum ssh_state
next_packet(
    struct ssh_reader *r, int *type, struct bytes *payload, size_t *used)
{
	for (;;) {
		struct bytes b = { (const uint8_t *)r->heard.p, r->heard.len,
			false };
		uint32_t len, padding;

		if (b.len < 4)
			return SSH_MORE;
		len = bytes_number(&b, 4);
		if (len < 2 || len > SSH_PACKET_MAX)
			return broken(r, "not an SSH packet");
		if (b.len < len)
			return SSH_MORE;
		*payload = bytes_take(&b, len);
		padding = bytes_number(payload, 1);
		*type = (int)bytes_number(payload, 1);
		if (payload->failed || padding > payload->len)
			return broken(r, "a malformed SSH packet");
		payload->len -= padding;
		*used = 4 + len;
		if (*type == MSG_DISCONNECT)
			return broken(r, "the SSH server disconnects");
		if (*type != MSG_IGNORE && *type != MSG_DEBUG)
			return SSH_DONE;
		drop(r, *used);
	}
}

enum ssh_state
ssh_reader_take(struct ssh_reader *r, const uint8_t *p, size_t len)
{
	enum ssh_state state;
	struct bytes payload;
	size_t used;
	int type;

	buf_put(&r->heard, p, len);
	if (r->heard.failed != FAULT_NONE)
		return broken(r, "too much before KEXINIT");
	state = take_lines(r);
	if (state == SSH_DONE)
		state = next_packet(r, &type, &payload, &used);
	if (state != SSH_DONE)
		return state;
	if (type != MSG_KEXINIT)
		return broken(r, "an SSH message before KEXINIT");
	state = take_kexinit(r, payload);
	drop(r, used);
	return state;
}

enum ssh_state
ssh_reader_message(struct ssh_reader *r, const uint8_t *p, size_t len,
    int *type, struct bytes *payload)
{
	enum ssh_state state;

	drop(r, r->used);
	r->used = 0;
	if (len > 0)
		buf_put(&r->heard, p, len);
	if (r->heard.failed != FAULT_NONE)
		return broken(r, "an SSH message that is too long");
	state = next_packet(r, type, payload, &r->used);
	if (state != SSH_DONE)
		r->used = 0;
	return state;
}
