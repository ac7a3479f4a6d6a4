/* What an SSH server offers: its version line and KEXINIT, in one
 * connection. */
#ifndef COLLECTOR_ENDPOINT_SSH_PROBE_H
#define COLLECTOR_ENDPOINT_SSH_PROBE_H

#include "collector/endpoint/endpoint_kinds.h"
#include "collector/endpoint/connection.h"
#include "collector/endpoint/resolve.h"
#include "collector/endpoint/ssh_read.h"

struct ssh_probe {
	const struct target *target; /* borrowed */
	struct resolved where;
	struct ssh_reader reader;
	bool asked, read;
	enum outcome outcome;
	char reason[192];
};

struct ssh_probe *ssh_probe_new(
    const struct target *t, const struct resolved *where);
void ssh_probe_free(struct ssh_probe *p);
void ssh_probe_client(struct ssh_probe *p, struct link_client *out);
int ssh_emit(struct ssh_probe *p, struct emitter *e, struct fault *f);

#endif
