/*
 * Many hosts through the system's ssh: the user's own configuration, keys and
 * known hosts. Each gets one POSIX sh script, made from the manifest, on the
 * standard input of "sh -s"; it needs only cat, ls, wc, readlink and base64 or
 * od, takes stat, sha256sum, head and timeout when they are there, writes
 * nothing, and streams frames back.
 */
#ifndef COLLECTOR_NODE_SSH_H
#define COLLECTOR_NODE_SSH_H

#include "collector/node/snapshot.h"

#define SSH_TARGETS_MAX 100000
#define SSH_TARGET_LEN_MAX 255 /* bytes of one target */
#define SSH_PARALLEL 16	       /* hosts at once, unless told otherwise */
#define SSH_PARALLEL_MAX 64
#define SSH_AHEAD 128	  /* targets after the oldest that has not answered */
#define SSH_TIME_MS 60000 /* one host, from start to last byte */
#define SSH_BYTES_MAX ((size_t)96 * 1024 * 1024) /* on the wire, one host */

struct ssh_request {
	const char *const *targets; /* borrowed; "host" or "user@host" */
	size_t ntargets;
	const char *program; /* NULL: ssh, as PATH finds it */
	size_t parallel;     /* 0: SSH_PARALLEL */
	int time_ms;	     /* 0: SSH_TIME_MS */
	size_t bytes_max;    /* 0: SSH_BYTES_MAX */
	bool commands;	     /* also run the M_COMMAND items */
	bool sudo;	     /* the script runs under SSH_SUDO */
	/* done() is called in the order of targets: answers wait, at most
	 * SSH_AHEAD of them, for those before them */
	bool in_order;
};

/* What runs on the host with sudo, the words of it that a sudoers file needs:
 * "NAME ALL=(root) NOPASSWD: /bin/sh -s". */
#define SSH_SUDO "sudo", "-n", "--", "/bin/sh", "-s"

/*
 * 0 if target may be given to ssh: 1 to SSH_TARGET_LEN_MAX bytes of
 * A-Z a-z 0-9 . _ - + @ : % [ ], no leading '-' in it or in its host.
 * FAULT_USAGE otherwise: a target is the user's word, but an option or a
 * shell's text in its place would run programs (CVE-2017-1000117).
 */
MUST_USE int ssh_target_check(const char *target, struct fault *f);

/* The host of a target: what stands after the last '@'. Borrowed from it. */
const char *ssh_target_host(const char *target);

/* The script that reads the items, appended to out. FAULT_LIMIT. */
MUST_USE int ssh_script(const struct manifest_item *items, bool commands,
    struct buf *out, struct fault *f);

/*
 * One host's answer while it arrives. What stands before the first frame (a
 * profile that prints) is skipped; after that every byte must be a frame's.
 */
struct ssh_stream;

MUST_USE struct ssh_stream *ssh_stream_new(
    const struct manifest_item *items, struct crypto *c, struct fault *f);

/* The next len bytes. -1: FAULT_FORMAT, FAULT_LIMIT, FAULT_REMOTE (the host
 * lacks what the script needs) or FAULT_IO; the stream is then only freed. */
MUST_USE int ssh_stream_take(
    struct ssh_stream *t, const char *p, size_t len, struct fault *f);

/* No more bytes. 0: s, empty before, owns everything read, sorted.
 * FAULT_FORMAT if the end is missing: nothing is half-used. */
MUST_USE int ssh_stream_end(
    struct ssh_stream *t, struct snapshot *s, struct fault *f);

/* Did the answer begin? If not, said is the last line that came instead. */
bool ssh_stream_begun(const struct ssh_stream *t, const char **said);

void ssh_stream_free(struct ssh_stream *t);

/*
 * Read every target, at most parallel at once. done() is called once for each,
 * in the order they end, or in_order: with its snapshot (freed after the call),
 * or with NULL and why: FAULT_REMOTE (ssh's last word, what the host said
 * instead of an answer, or no complete answer in time), FAULT_FORMAT or
 * FAULT_LIMIT. A connection that fails is tried once more, unless the host's
 * key or ours was refused. done() returning -1 ends it all with f. All targets
 * are checked before the first connection: FAULT_USAGE.
 */
MUST_USE int snapshot_read_ssh(const struct ssh_request *r,
    const struct manifest_item *items, struct crypto *c,
    int (*done)(void *ctx, const char *target, struct snapshot *s,
	const struct fault *why, struct fault *f),
    void *ctx, struct fault *f);

#endif
