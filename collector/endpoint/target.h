/* What is to be asked: HOST[:PORT], [ADDRESS]:PORT, SCHEME://HOST[:PORT]. */
#ifndef COLLECTOR_ENDPOINT_TARGET_H
#define COLLECTOR_ENDPOINT_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/kit/collector.h"
#include "base/fault.h"

#define TARGET_HOST_MAX 253 /* RFC 1035 */
#define TARGET_NAME_MAX (TARGET_HOST_MAX + 10)
#define TARGETS_MAX 20000
#define TARGETS_FILE_MAX (4 * 1024 * 1024)

enum protocol {
	PROTOCOL_TLS, /* TLS from the first byte */
	PROTOCOL_POSTGRES,
	PROTOCOL_MYSQL,
	PROTOCOL_LDAP,
	PROTOCOL_SMTP,
	PROTOCOL_IMAP,
	PROTOCOL_RDP,
	PROTOCOL_SSH
};

struct target {
	char host[TARGET_HOST_MAX + 1]; /* lower case, no brackets */
	char name[TARGET_NAME_MAX];	/* "host:port", "[::1]:443" */
	uint16_t port;
	enum protocol protocol;
	bool literal; /* host is an address */
};

struct targets {
	struct target *v; /* owned; by name, each once */
	size_t n, cap;
};

const char *protocol_name(enum protocol p); /* "postgres"; "tls", "ssh" */

/* Read one. starttls: of a host without a scheme, or PROTOCOL_TLS. */
MUST_USE int target_read(const char *s, size_t len, enum protocol starttls,
    struct target *out, struct fault *f);

/* The operands, the lines of --endpoints ("-": standard input), and with
 * --known what the store knows. */
MUST_USE int targets_read(
    struct targets *t, const struct request *r, struct fault *f);
void targets_free(struct targets *t);

#endif
