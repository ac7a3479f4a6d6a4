/*
 * User data of instances: what it does to FIPS mode, to FIPS endpoints and to
 * joining a cluster. Its text may hold passwords, so that only words from a
 * fixed list leave this file.
 *
 * Forms: Bottlerocket's settings in TOML (bottlerocket.dev, "user data"), a
 * nodeadm NodeConfig and MIME multiparts of it and of scripts (AL2023; EKS user
 * guide, "launch templates"), cloud-config and scripts (cloud-init).
 */
#ifndef COLLECTOR_AWS_USERDATA_H
#define COLLECTOR_AWS_USERDATA_H

#include <stdbool.h>

#include "base/json.h"

#define USER_DATA_MAX ((size_t)64 * 1024) /* plain bytes; EC2 takes 16 KiB */
#define USER_DATA_PARTS_MAX 32

enum user_data_finding {	   /* in the order of their words */
	FINDING_ADMIN_CONTAINER,   /* Bottlerocket: a way to log in */
	FINDING_BOOTSTRAP,	   /* calls /etc/eks/bootstrap.sh */
	FINDING_ENDPOINT_URL,	   /* names an endpoint that is no FIPS host */
	FINDING_FIPS_ENDPOINT_OFF, /* use_fips_endpoint = false */
	FINDING_FIPS_ENDPOINT_ON,
	FINDING_FIPS_OFF, /* fips=0, fips-mode-setup --disable */
	FINDING_FIPS_ON,  /* fips=1, fips-mode-setup --enable */
	FINDING_REBOOT,
	NFINDINGS
};

struct user_data {
	/* "bottlerocket", "nodeconfig", "cloud-config", "script", "mime",
	 * "other"; "unreadable": not base64, or too large */
	const char *form; /* static */
	bool found[NFINDINGS];
};

const char *user_data_word(enum user_data_finding f);

/* Read base64 of len bytes. There is always an answer. */
void user_data_read(const char *base64, size_t len, struct user_data *out);

/* The same of plain bytes. */
void user_data_read_plain(const char *p, size_t len, struct user_data *out);

#endif
