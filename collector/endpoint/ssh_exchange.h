/*
 * The first steps of an SSH key exchange, as far as the server's host key: it
 * comes before anything is encrypted (RFC 4253 7 and 8, RFC 4419, RFC 5656,
 * RFC 8731). No secret is ever computed here: our public values are fixed.
 */
#ifndef COLLECTOR_ENDPOINT_SSH_EXCHANGE_H
#define COLLECTOR_ENDPOINT_SSH_EXCHANGE_H

#include "collector/endpoint/ssh_read.h"

#define SSH_NAME_MAX 64 /* bytes of a key's type or curve that are kept */

struct ssh_key {
	char type[SSH_NAME_MAX];  /* "ssh-rsa", as in the key itself */
	char curve[SSH_NAME_MAX]; /* "nistp256", or "" */
	int bits;		  /* 0: not known for this type */
	struct buf blob;	  /* as sent; freed by the caller */
};

struct ssh_exchange {
	struct ssh_reader reader;
	const char *host_key, *only_kex; /* borrowed names; only_kex or NULL */
	const void *method;		 /* of the table in ssh_exchange.c */
	bool begun, group_asked;
	int group_bits; /* of the prime in a group exchange; 0: none came */
	struct ssh_key key;
	bool whole; /* what was wanted has come */
	const char *why;
};

/* only_kex: a group exchange, whose prime alone is wanted; else NULL and the
 * host key is. */
void ssh_exchange_init(
    struct ssh_exchange *x, const char *host_key, const char *only_kex);
void ssh_exchange_free(struct ssh_exchange *x);

/* The client's first words: its KEXINIT. lists: the server's, which are sent
 * back so that all but the host key is agreed to. */
void ssh_exchange_begin(const struct ssh_exchange *x,
    const struct buf lists[SSH_LISTS], struct buf *out);

/* Take bytes as they came; what is to be said goes to reply. */
enum ssh_state ssh_exchange_take(
    struct ssh_exchange *x, const uint8_t *p, size_t len, struct buf *reply);

/* A host key as sent (RFC 4253 6.6, RFC 5656 3.1, OpenSSH PROTOCOL.certkeys).
 * -1: malformed. A type that is not known has no size. */
int ssh_key_read(const uint8_t *p, size_t len, struct ssh_key *out);

/* The place of a name in a comma-separated list, from 1; 0: not in it. */
int ssh_list_place(const struct buf *list, const char *name, size_t len);

#endif
