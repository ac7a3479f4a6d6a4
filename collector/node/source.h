/*
 * What the sources of a snapshot share: how an entry is refused, how its
 * bytes are kept within the caps, and how a manifest glob matches.
 */
#ifndef COLLECTOR_NODE_SOURCE_H
#define COLLECTOR_NODE_SOURCE_H

#include "collector/node/snapshot.h"

#define GLOB_MAX 1024	      /* names one glob may give */
#define ENTRY_PATH_MAX 4096   /* bytes of a path or a link target: PATH_MAX */
#define COMMAND_TIME_MS 10000 /* one command of the manifest */
#define COMMAND_NOT_FOUND 127 /* POSIX sh: exit status of a missing command */
#define COMMAND_PATH "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin"

/* The reasons every source gives in the same words, so that the same host
 * read in two ways gives the same evidence. */
#define REASON_DENIED "open: Permission denied"
#define REASON_LOOP "open: Too many levels of symbolic links"
#define REASON_DANGLING "the link points to nothing"
#define REASON_NOT_REGULAR "not a regular file"

/* Make e an entry without bytes for this outcome and reason (printf). */
int entry_refuse(struct entry *e, enum outcome outcome, struct fault *f,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* entry_refuse() with what a failed reading said. */
MUST_USE int entry_refuse_why(
    struct entry *e, const struct fault *why, struct fault *f);

/*
 * e->bytes is complete: count it against SNAPSHOT_BYTES_MAX (beyond: e is
 * refused) and, unless it is volatile or a command's, set size and digest.
 */
MUST_USE int snapshot_hold(
    struct snapshot *s, struct entry *e, struct crypto *c, struct fault *f);

/*
 * Add an entry that exhibit made itself ("!imds", "!providers"): the canonical
 * bytes of v, which stays the caller's.
 */
MUST_USE int snapshot_add_json(
    struct snapshot *s, const char *path, const json_t *v, struct fault *f);

/* The same, refused. */
MUST_USE int snapshot_add_refused(struct snapshot *s, const char *path,
    enum outcome outcome, const char *reason, struct fault *f);

/* A manifest path cut at its star: folder (without the last slash, "" for the
 * root), then what a name starts and ends with. All borrowed from path. */
struct path_glob {
	const char *folder, *prefix, *suffix;
	size_t folder_len, prefix_len, suffix_len;
};

/* false: path holds no star. */
bool glob_split(const char *path, struct path_glob *g);

/* A path with a star in its last two components: outer is the path of the
 * folders, ended in buf, and what is left the glob below each. false: not one.
 */
bool glob_outer(
    const char *path, char buf[ENTRY_PATH_MAX], struct path_glob *outer);

/* Does a file name match? As in sh, * stands for no leading dot. */
bool glob_matches(const struct path_glob *g, const char *name);

/* How symbolic links are kept inside the root. */
enum resolver {
	RESOLVER_KERNEL, /* openat2; the walk where the kernel lacks it */
	RESOLVER_WALK	 /* component by component */
};

/* snapshot_read_root() with the resolver chosen, for tests. */
MUST_USE int snapshot_read_root_by(struct snapshot *s,
    const struct manifest_item *items, const char *root,
    enum command_place commands, enum resolver resolver, struct crypto *c,
    struct fault *f);

/*
 * Commands of another root, run inside of it (chroot(2)), for a container that
 * looks at its host. inside_allowed(): FAULT_USAGE if that is refused to us.
 * inside_start(): the line's program, found in the root; a line without what
 * only a shell understands needs no shell there. take and ctx of c are set.
 */
struct child;
MUST_USE int inside_allowed(const char *root, struct fault *f);
MUST_USE int inside_start(
    struct child *c, const char *root, const char *line, struct fault *f);

#endif
