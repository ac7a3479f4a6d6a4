/*
 * What an SSH server says first: its version line and its SSH_MSG_KEXINIT
 * (RFC 4253 4.2, 6, 7.1). Nothing is encrypted yet and nobody logs in.
 */
#ifndef COLLECTOR_ENDPOINT_SSH_READ_H
#define COLLECTOR_ENDPOINT_SSH_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "collector/endpoint/bytes.h"

#define SSH_PACKET_MAX 35000	 /* RFC 4253 6.1 */
#define SSH_PREFACE_MAX 8192	 /* bytes before the version line */
#define SSH_VERSION_LINE_MAX 255 /* RFC 4253 4.2 */
#define SSH_NAMES_MAX 256	 /* of one list */

enum ssh_list { /* in the order of RFC 4253 7.1 */
	SSH_KEX,
	SSH_HOST_KEY,
	SSH_CIPHER_TO_SERVER,
	SSH_CIPHER_TO_CLIENT,
	SSH_MAC_TO_SERVER,
	SSH_MAC_TO_CLIENT,
	SSH_COMPRESSION_TO_SERVER,
	SSH_COMPRESSION_TO_CLIENT,
	SSH_LISTS
};

enum ssh_state { SSH_MORE, SSH_DONE, SSH_BROKEN };

struct ssh_reader {
	struct buf heard;
	char version[SSH_VERSION_LINE_MAX + 1]; /* "" until it came */
	/* comma-separated names, as sent; US-ASCII without control characters
	 */
	struct buf lists[SSH_LISTS];
	size_t used;	 /* bytes of heard that ssh_reader_message() gave out */
	const char *why; /* constant text, when broken */
};

void ssh_reader_init(struct ssh_reader *r);
void ssh_reader_free(struct ssh_reader *r);

/* Take bytes as they came, as far as KEXINIT. */
enum ssh_state ssh_reader_take(
    struct ssh_reader *r, const uint8_t *p, size_t len);

/* What follows it: SSH_DONE with the next message, whose payload without its
 * type is borrowed until the next call. */
enum ssh_state ssh_reader_message(struct ssh_reader *r, const uint8_t *p,
    size_t len, int *type, struct bytes *payload);

#endif
