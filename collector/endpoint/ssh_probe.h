/* What an SSH server offers: its version line and KEXINIT in one connection,
 * then each host key in one of its own, and the primes of group exchanges. */
#ifndef COLLECTOR_ENDPOINT_SSH_PROBE_H
#define COLLECTOR_ENDPOINT_SSH_PROBE_H

#include "base/digest.h"
#include "collector/endpoint/endpoint_kinds.h"
#include "collector/endpoint/connection.h"
#include "collector/endpoint/resolve.h"
#include "collector/endpoint/ssh_exchange.h"

#define SSH_STEPS_MAX 24 /* connections behind the first */
#define SSH_ALGORITHM_MAX 128

/* One more thing to find out. */
struct ssh_step {
	char
	    name[SSH_ALGORITHM_MAX]; /* of a host key, or of a group exchange */
	bool group;
	struct ssh_key key; /* if it came */
	int group_bits;
	bool came;
	char why[96]; /* it did not */
};

struct ssh_probe {
	const struct target *target; /* borrowed */
	struct resolved where;
	struct crypto *crypto; /* borrowed */
	struct ssh_reader reader;
	struct ssh_exchange exchange; /* of the step at hand */
	struct ssh_step steps[SSH_STEPS_MAX];
	size_t nsteps, step; /* step: 1 + the one at hand; 0: the lists */
	bool left_out;	     /* more host keys than that */
	bool asked, read;
	long long connections;
	enum outcome outcome;
	char reason[192];
};

struct ssh_probe *ssh_probe_new(
    const struct target *t, const struct resolved *where, struct crypto *c);
void ssh_probe_free(struct ssh_probe *p);
void ssh_probe_client(struct ssh_probe *p, struct link_client *out);
MUST_USE int ssh_emit(struct ssh_probe *p, struct emitter *e, struct fault *f);

#endif
