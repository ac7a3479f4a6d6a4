/*
 * What was read of one host, before anybody says what it means.
 *
 * The manifest is the fixed list of everything exhibit reads on a node. A
 * source (a root directory, a remote shell) fills a snapshot with it; the
 * interpreters then see only the snapshot, so a live host, a mounted image
 * and a host behind ssh are understood by the very same code.
 */
#ifndef COLLECTOR_NODE_SNAPSHOT_H
#define COLLECTOR_NODE_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/kit/collector.h"
#include "collector/node/identify.h"

#define SNAPSHOT_ENTRIES_MAX 4096
#define SNAPSHOT_BYTES_MAX (64 * 1024 * 1024)
#define SSH_KEY_MAX 160 /* "ssh-ed25519 SHA256:..." */

enum manifest_flags {
	M_CONTENT = 0,	/* keep the bytes for interpretation */
	M_DIGEST = 1,	/* size and SHA-256 only (binaries) */
	M_VOLATILE = 2, /* bytes change without meaning: no digest kept */
	M_COMMAND = 4,	/* path is a command line; only live or remote hosts */
	M_EXISTS = 8,	/* fstatat only: the file is there; never opened */
	M_PE = 16,  /* of a UEFI image, its section .cmdline alone; no digest */
	M_RPM = 32, /* RPM's database: its packages, as RPM_TABLE and the path;
		       of a command: not run where one was read */
	M_PROCESSES = 64, /* a command that processes.h stands for, where the
			       running host's procfs is below the root */
	M_SETTINGS = 128, /* variables are set there: settings.h */
	M_NAMED = 256,	  /* "?NAME/rest": the files that settings name, each
			     followed by /rest; absent ones have an entry */
	M_QUIET = 512	  /* one of many: told of only where it could not be
			     read; through ssh, only if it names a variable */
};

struct manifest_item {
	const char *path; /* absolute; each of the last two components may hold
			     one *, the last but one only beside the last */
	size_t max;	  /* bytes read; more is OUTCOME_ERROR, never a cut */
	unsigned flags;
};

extern const struct manifest_item manifest[]; /* ends with path NULL */

enum entry_type { ENTRY_FILE, ENTRY_LINK, ENTRY_FOLDER, ENTRY_OTHER };

struct entry {
	char *path;	/* owned; as in the manifest, globs resolved */
	unsigned flags; /* of its manifest item */
	enum outcome outcome;
	char *reason;	      /* owned; why not observed, else NULL */
	enum entry_type type; /* of path itself, links not followed */
	char *target;	      /* owned; where a link points, else NULL */
	unsigned mode;	      /* permission bits of what was opened */
	int64_t mtime;	      /* seconds since 1970 */
	uint64_t size;
	bool has_digest;
	uint8_t sha256[SHA256_LEN];	    /* unless volatile */
	struct provider_identity *provider; /* owned; of a fips.so, or NULL */
	bool has_mac;			    /* of a fips.so that was read */
	uint8_t mac[SHA256_LEN];	    /* module_mac.h */
	int status;			    /* exit status of a command */
	struct buf bytes;		    /* M_CONTENT and M_COMMAND */
	size_t order; /* of adding; snapshot_sort needs it */
};

/*
 * Entries sorted by path. A manifest path without an entry was looked for and
 * is absent; a glob that could not be listed has an entry under the folder's
 * path with the outcome.
 */
struct snapshot {
	struct entry *entries; /* owned */
	size_t n, cap;
	size_t bytes; /* held in all, against SNAPSHOT_BYTES_MAX */
	bool live;    /* the running kernel's own /proc was read */
	char *name;   /* owned; the host's name for scope and key */
	char ssh_key[SSH_KEY_MAX]; /* that ssh verified; "": not through ssh */
	struct crypto *crypto;	   /* borrowed; set by the source */
};

void snapshot_free(struct snapshot *s);

/* A new entry for path, to be filled in. The pointer is good until the next
 * call. NULL with FAULT_LIMIT or FAULT_IO. */
MUST_USE struct entry *snapshot_add(
    struct snapshot *s, const char *path, unsigned flags, struct fault *f);

/* After the last add, before the first find. A path twice keeps the first. */
void snapshot_sort(struct snapshot *s);

/* The entry of exactly this path, or NULL: absent. */
const struct entry *snapshot_find(const struct snapshot *s, const char *path);

/* The entries whose path starts with prefix: the first and how many. */
const struct entry *snapshot_under(
    const struct snapshot *s, const char *prefix, size_t *n);

/* Outcome of path: absent if there is no entry. */
enum outcome snapshot_outcome(const struct snapshot *s, const char *path);

/*
 * Sources. Each fills s with what the items name and sorts it. Two entries
 * stand for what is not a file: "!providers" (provider.h) and "!imds"
 * (imds.h), JSON made by exhibit itself; commands are "!" and the line. What a
 * source read out of an RPM database stands under RPM_TABLE and its path, in
 * lines as rpm_read() reads them.
 */
#define RPM_TABLE "!rpm database "

/*
 * Read below root. Every path is resolved inside root (openat2
 * RESOLVE_IN_ROOT, or an equal walk where the kernel lacks it): no symlink
 * leads outside. Only regular files are read; a FIFO or device is
 * OUTCOME_ERROR. commands: also run the M_COMMAND items; for another root than
 * "/" they are not run, unless inside it (FAULT_DENIED: chroot(2) is refused).
 * A root that cannot be opened is a fault; anything below it is an entry.
 */
enum command_place { COMMANDS_NONE, COMMANDS_LIVE, COMMANDS_INSIDE };

MUST_USE int snapshot_read_root(struct snapshot *s,
    const struct manifest_item *items, const char *root,
    enum command_place commands, struct crypto *c, struct fault *f);

#endif
