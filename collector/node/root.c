/*
 * A root directory as a source: the running host, a mounted image, a pod's
 * view of its host. Whatever the links below it say, nothing outside of it is
 * opened (openat2(2), RESOLVE_IN_ROOT), and nothing but regular files is read.
 */
#include "collector/node/node_parse.h"
#include "collector/node/module_mac.h"
#include "collector/node/pe.h"
#include "collector/node/processes.h"
#include "collector/node/rpm_table.h"
#include "collector/node/settings.h"
#include "collector/node/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/child.h"
#include "base/file.h"

#define RETRIES_MAX 16	  /* openat2 gives EAGAIN while others rename */
#define LINKS_MAX 40	  /* as the kernel's own MAXSYMLINKS */
#define DEPTH_MAX 64	  /* folders deep, in the walk */
#define FOLDER_MAX 65536  /* names looked at in one folder */
#define COMMANDS_MAX 16	  /* of one manifest */
#define NAMED_MAX 64	  /* files that one item of M_NAMED may lead to */
#define PROC_ROOT_INODE 1 /* of the root of a procfs */

struct root {
	int fd;
	bool walk; /* openat2 is not there, or not wanted */
};

/* ---- opening inside the root ---- */

static int
open_by_kernel(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;

	for (int i = 0; i < RETRIES_MAX; i++) {
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
		if (fd != -1 || errno != EAGAIN)
			break;
	}
	return (int)fd;
}

/* A walk holds every folder it came through open, so ".." is the folder it
 * came from and never what someone has since moved it into. */
struct walk {
	int at[DEPTH_MAX + 1]; /* at[0] is the root, borrowed */
	size_t depth;
	unsigned links;
	char rest[2 * ENTRY_PATH_MAX]; /* what is still to be walked */
};

static void
walk_up(struct walk *w, size_t depth)
{
	while (w->depth > depth)
		(void)close(w->at[w->depth--]);
}

/* Put the target of the link fd before what is left. */
static int
walk_link(struct walk *w, int fd, const char *left)
{
	char joined[2 * ENTRY_PATH_MAX];
	char target[ENTRY_PATH_MAX];
	struct statfs fs;
	struct stat folder;
	ssize_t n;
	int len;

	if (++w->links > LINKS_MAX) {
		errno = ELOOP;
		return -1;
	}
	/* below /proc/PID links are magic: they jump. Those of the root of
	 * procfs (self, mounts, net) are plain ones. */
	if (fstatfs(fd, &fs) == -1 || fstat(w->at[w->depth], &folder) == -1)
		return -1;
	if (fs.f_type == PROC_SUPER_MAGIC && folder.st_ino != PROC_ROOT_INODE) {
		errno = ELOOP;
		return -1;
	}
	n = readlinkat(fd, "", target, sizeof(target) - 1);
	if (n <= 0) {
		errno = n == 0 ? ENOENT : errno;
		return -1;
	}
	target[n] = '\0';
	len = snprintf(joined, sizeof(joined), "%s%s%s", target,
	    left[0] == '\0' ? "" : "/", left);
	if (len < 0 || (size_t)len >= sizeof(joined)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	(void)memcpy(w->rest, joined, (size_t)len + 1);
	if (target[0] == '/')
		walk_up(w, 0);
	return 0;
}

static int
walk_down(struct walk *w, int fd)
{
	if (w->depth == DEPTH_MAX) {
		(void)close(fd);
		errno = ENAMETOOLONG;
		return -1;
	}
	w->at[++w->depth] = fd;
	return 0;
}

/*
 * One component, cut from the front of w->rest. 0: go on; 1: *found is the
 * result; -1: errno.
 */
static int
walk_step(struct walk *w, int flags, int *found)
{
	char *name = w->rest + strspn(w->rest, "/");
	char *end = name + strcspn(name, "/");
	bool last = *end == '\0' && end != name;
	char *left = *end == '\0' ? end : end + 1;
	struct stat st;
	int fd;

	if (end == name) { /* nothing left: the folder we stand in */
		*found = openat(
		    w->at[w->depth], ".", (flags & ~O_NOFOLLOW) | O_CLOEXEC);
		return *found == -1 ? -1 : 1;
	}
	*end = '\0';
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		if (name[1] == '.' && w->depth > 0)
			walk_up(w, w->depth - 1);
		(void)memmove(w->rest, left, strlen(left) + 1);
		return 0;
	}
	fd = openat(w->at[w->depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == -1) {
		(void)close(fd);
		return -1;
	}
	if (S_ISLNK(st.st_mode) && !(last && (flags & O_NOFOLLOW))) {
		/* "link/" must be a folder: keep the slash */
		int rc =
		    walk_link(w, fd, last ? "" : (*left == '\0' ? "." : left));

		(void)close(fd);
		return rc;
	}
	if (last && (flags & O_PATH) && !(flags & O_DIRECTORY)) {
		*found = fd;
		return 1;
	}
	if (last) {
		(void)close(fd);
		*found = openat(
		    w->at[w->depth], name, flags | O_NOFOLLOW | O_CLOEXEC);
		return *found == -1 ? -1 : 1;
	}
	if (!S_ISDIR(st.st_mode)) {
		(void)close(fd);
		errno = ENOTDIR;
		return -1;
	}
	(void)memmove(w->rest, left, strlen(left) + 1);
	return walk_down(w, fd);
}

static int
open_by_walk(int root, const char *path, int flags)
{
	struct walk w = { .at = { root } };
	int found = -1, rc, saved;

	if (strlen(path) >= ENTRY_PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	(void)strcpy(w.rest, path);
	while ((rc = walk_step(&w, flags, &found)) == 0)
		continue;
	saved = errno;
	walk_up(&w, 0);
	errno = saved;
	return rc == 1 ? found : -1;
}

/* A descriptor, close-on-exec, or -1 with errno. */
static int
open_in(const struct root *r, const char *path, int flags)
{
	return r->walk ? open_by_walk(r->fd, path, flags)
		       : open_by_kernel(r->fd, path, flags);
}

static int
root_open(struct root *r, const char *path, enum resolver how, struct fault *f)
{
	int probe;

	r->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->fd == -1) {
		char what[256];

		(void)snprintf(what, sizeof(what), "root '%.200s'", path);
		return fault_errno(f, errno, what);
	}
	r->walk = how == RESOLVER_WALK;
	if (r->walk)
		return 0;
	/* Linux before 5.6, and sandboxes that refuse what they do not know
	 * (some answer EPERM), lack openat2 */
	probe = open_by_kernel(r->fd, ".", O_PATH);
	if (probe == -1)
		r->walk = true;
	else
		(void)close(probe);
	return 0;
}

/* Is it the root of this process too? */
static bool
root_is_ours(const struct root *r)
{
	struct stat a, b;

	return fstat(r->fd, &a) == 0 && stat("/", &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* A procfs below it speaks of the running kernel, whatever the root is. */
static bool
root_has_proc(const struct root *r)
{
	int fd = open_in(r, "/proc", O_PATH | O_DIRECTORY);
	struct statfs fs;
	bool yes;

	if (fd == -1)
		return false;
	yes = fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
	(void)close(fd);
	return yes;
}

/* ---- one file ---- */

struct reader {
	struct snapshot *s;
	struct root root;
	struct crypto *crypto;
};

static int
refuse_errno(struct entry *e, int errnum, struct fault *f)
{
	struct fault why;

	(void)fault_errno(&why, errnum, "open");
	return entry_refuse_why(e, &why, f);
}

static enum entry_type
type_of(mode_t mode)
{
	if (S_ISREG(mode))
		return ENTRY_FILE;
	if (S_ISLNK(mode))
		return ENTRY_LINK;
	return S_ISDIR(mode) ? ENTRY_FOLDER : ENTRY_OTHER;
}

static void
note_stat(struct entry *e, const struct stat *st)
{
	e->mode = st->st_mode & 07777;
	e->mtime = st->st_mtim.tv_sec;
	e->size = st->st_size < 0 ? 0 : (uint64_t)st->st_size;
}

/* The kernel command line that a unified kernel image holds. */
static int
read_image(
    struct reader *r, struct entry *e, int fd, size_t max, struct fault *f)
{
	struct fault why;

	e->bytes.max = max;
	if (pe_cmdline(fd, &e->bytes, &why) == -1)
		return entry_refuse_why(e, &why, f);
	return snapshot_hold(r->s, e, r->crypto, f);
}

/* Bytes or digest of what fd is open on. */
static int
read_open(
    struct reader *r, struct entry *e, int fd, size_t max, struct fault *f)
{
	struct fault why;
	int rc;

	if (e->flags & M_DIGEST) {
		if (digest_fd(r->crypto, fd, max, e->sha256, &e->size, &why) ==
		    -1)
			return entry_refuse_why(e, &why, f);
		e->has_digest = true;
		if (!span_ends(span_of(e->path), "/fips.so"))
			return 0;
		e->has_mac = module_mac(r->crypto, fd, max, e->mac, &why) == 0;
		return provider_identify(fd, e->path, e->size, &e->provider, f);
	}
	if (e->flags & M_PE)
		return read_image(r, e, fd, max, f);
	e->bytes.max = max;
	/* in /proc and /sys the size says nothing: read to the end */
	rc = file_read_fd(fd, "content", &e->bytes, &why);
	if (rc == -1)
		return entry_refuse_why(e, &why, f);
	return snapshot_hold(r->s, e, r->crypto, f);
}

/* What path leads to, without opening it: opening a device may act. 0: it is
 * a regular file; 1: it was refused or is absent, and e says so. */
static int
look_through(struct reader *r, struct entry *e, struct fault *f)
{
	int fd = open_in(&r->root, e->path, O_PATH), saved = errno;
	struct stat st = { 0 };

	if (fd == -1 && (saved == ENOENT || saved == ENOTDIR))
		return entry_refuse(e, OUTCOME_ABSENT, f, REASON_DANGLING) == -1
			   ? -1
			   : 1;
	if (fd == -1)
		return refuse_errno(e, saved, f) == -1 ? -1 : 1;
	(void)fstat(fd, &st); /* else its mode stays 0: not regular */
	(void)close(fd);
	note_stat(e, &st);
	if (S_ISREG(st.st_mode))
		return 0;
	return entry_refuse(e, OUTCOME_ERROR, f, REASON_NOT_REGULAR) == -1 ? -1
									   : 1;
}

static int
read_content(struct reader *r, struct entry *e, size_t max, struct fault *f)
{
	struct stat st;
	int fd, rc = look_through(r, e, f);

	if (rc != 0 || (e->flags & M_EXISTS))
		return rc == -1 ? -1 : 0;
	fd = open_in(&r->root, e->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd == -1)
		return refuse_errno(e, errno, f);
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		rc = entry_refuse(e, OUTCOME_ERROR, f, REASON_NOT_REGULAR);
	} else {
		note_stat(e, &st);
		rc = read_open(r, e, fd, max, f);
	}
	(void)close(fd);
	return rc;
}

static int
note_target(struct entry *e, int fd, struct fault *f)
{
	char target[ENTRY_PATH_MAX];
	ssize_t n = readlinkat(fd, "", target, sizeof(target));

	if (n < 0 || (size_t)n == sizeof(target))
		return 0; /* a link we cannot read: still a link */
	if ((e->target = strndup(target, (size_t)n)) == NULL)
		return fault_memory(f);
	return 0;
}

/* The packages of RPM's database and of the log that SQLite may keep beside
 * it, as an entry of its own. */
static int
read_rpm(struct reader *r, const char *path, size_t max, struct fault *f)
{
	static const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
	char name[ENTRY_PATH_MAX];
	struct fault why = { 0 };
	struct entry *e;
	int db, wal, rc;

	(void)snprintf(name, sizeof(name), RPM_TABLE "%s", path);
	if ((e = snapshot_add(r->s, name, M_RPM | M_COMMAND, f)) == NULL)
		return -1;
	if ((db = open_in(&r->root, path, flags)) == -1)
		return refuse_errno(e, errno, f);
	(void)snprintf(name, sizeof(name), "%s-wal", path);
	wal = open_in(&r->root, name, flags);
	e->bytes.max = max;
	if (wal == -1 && errno != ENOENT && errno != ENOTDIR)
		rc = fault_errno(&why, errno, "write-ahead log");
	else
		rc = rpm_table(db, wal, &e->bytes, &why);
	(void)close(db);
	if (wal != -1)
		(void)close(wal);
	return rc == -1 ? entry_refuse_why(e, &why, f)
			: snapshot_hold(r->s, e, r->crypto, f);
}

/* The entry for path, if there is anything there. */
static int
read_path(struct reader *r, const char *path, const struct manifest_item *item,
    struct fault *f)
{
	int fd = open_in(&r->root, path, O_PATH | O_NOFOLLOW), saved = errno;
	struct stat st;
	struct entry *e;
	int rc = 0;

	if (fd == -1 && (saved == ENOENT || saved == ENOTDIR))
		return 0;
	if ((e = snapshot_add(r->s, path, item->flags, f)) == NULL) {
		if (fd != -1)
			(void)close(fd);
		return -1;
	}
	if (fd == -1)
		return refuse_errno(e, saved, f);
	if (fstat(fd, &st) == 0)
		e->type = type_of(st.st_mode);
	if (e->type == ENTRY_LINK)
		rc = note_target(e, fd, f);
	(void)close(fd);
	if (rc == -1 || read_content(r, e, item->max, f) == -1)
		return -1;
	return (item->flags & M_RPM) && e->outcome == OUTCOME_OBSERVED
		   ? read_rpm(r, path, item->max, f)
		   : 0;
}

/* ---- one glob ---- */

struct names {
	char **v; /* owned */
	size_t n;
};

static void
names_free(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->v[i]);
	free(names->v);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The matching names of d, sorted; FAULT_LIMIT beyond room of them. */
static int
list(DIR *d, const struct path_glob *g, size_t room, struct names *names,
    struct fault *f)
{
	const struct dirent *de;
	size_t seen = 0;

	if ((names->v = calloc(room + 1, sizeof(names->v[0]))) == NULL)
		return fault_memory(f);
	while ((de = readdir(d)) != NULL) {
		if (++seen > FOLDER_MAX)
			return fault(f, FAULT_LIMIT,
			    "folder: more than %d names", FOLDER_MAX);
		if (strcmp(de->d_name, ".") == 0 ||
		    strcmp(de->d_name, "..") == 0 ||
		    !glob_matches(g, de->d_name))
			continue;
		if (names->n == room)
			return fault(f, FAULT_LIMIT,
			    "folder: more than %zu names match", room);
		if ((names->v[names->n] = strdup(de->d_name)) == NULL)
			return fault_memory(f);
		names->n++;
	}
	if (names->n > 1)
		qsort(names->v, names->n, sizeof(names->v[0]), by_name);
	return 0;
}

static int
read_names(struct reader *r, const char *folder, const struct names *names,
    const struct manifest_item *item, struct fault *f)
{
	char path[ENTRY_PATH_MAX];

	for (size_t i = 0; i < names->n; i++) {
		int n =
		    snprintf(path, sizeof(path), "%s/%s", folder, names->v[i]);

		if (n < 0 || (size_t)n >= sizeof(path))
			return fault(f, FAULT_USAGE, "manifest path too long");
		if (read_path(r, path, item, f) == -1)
			return -1;
	}
	return 0;
}

/* The folder of a glob could not be listed: one entry under its path. */
static int
refuse_folder(struct reader *r, const char *folder,
    const struct manifest_item *item, const struct fault *why, struct fault *f)
{
	struct entry *e = snapshot_add(r->s, folder, item->flags, f);

	if (e == NULL)
		return -1;
	e->type = ENTRY_FOLDER;
	return entry_refuse_why(e, why, f);
}

/* The names that match, of a folder that is put into folder. 1: there is no
 * such folder, or it was refused and has an entry. */
static int
read_folder(struct reader *r, const struct path_glob *g,
    const struct manifest_item *item, char folder[ENTRY_PATH_MAX],
    struct names *names, struct fault *f)
{
	/* half of what is left: a hostile folder cannot crowd out the rest */
	size_t room = (SNAPSHOT_ENTRIES_MAX - r->s->n) / 2;
	struct fault why = { 0 };
	DIR *d = NULL;
	int fd, rc;

	(void)snprintf(
	    folder, ENTRY_PATH_MAX, "%.*s", (int)g->folder_len, g->folder);
	fd = open_in(
	    &r->root, folder[0] == '\0' ? "/" : folder, O_RDONLY | O_DIRECTORY);
	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR))
		return 1;
	if (fd == -1 || (d = fdopendir(fd)) == NULL) {
		(void)fault_errno(&why, errno, "open");
		if (fd != -1)
			(void)close(fd);
		return refuse_folder(r, folder, item, &why, f) == -1 ? -1 : 1;
	}
	rc = list(d, g, room < GLOB_MAX ? room : GLOB_MAX, names, &why);
	(void)closedir(d);
	if (rc == -1)
		return refuse_folder(r, folder, item, &why, f) == -1 ? -1 : 1;
	return 0;
}

static int
read_glob(struct reader *r, const struct path_glob *g,
    const struct manifest_item *item, struct fault *f)
{
	struct names names = { 0 };
	char folder[ENTRY_PATH_MAX];
	int rc = read_folder(r, g, item, folder, &names, f);

	if (rc == 0)
		rc = read_names(r, folder, &names, item, f);
	names_free(&names);
	return rc == -1 ? -1 : 0;
}

/* A glob below each folder that matches. */
static int
read_folders(struct reader *r, const struct path_glob *outer,
    const struct manifest_item *item, struct fault *f)
{
	const char *last = strrchr(item->path, '/');
	char folder[ENTRY_PATH_MAX], path[2 * ENTRY_PATH_MAX];
	struct names names = { 0 };
	struct path_glob g;
	int rc = read_folder(r, outer, item, folder, &names, f);

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		int n = snprintf(
		    path, sizeof(path), "%s/%s%s", folder, names.v[i], last);

		if (n < ENTRY_PATH_MAX && glob_split(path, &g))
			rc = read_glob(r, &g, item, f);
	}
	names_free(&names);
	return rc == -1 ? -1 : 0;
}

/* ---- what settings name ---- */

struct named {
	struct reader *r;
	struct names names;
};

static bool
is_read(const struct snapshot *s, const char *path)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->entries[i].path, path) == 0)
			return true;
	return false;
}

static int
take_named(void *ctx, const char *path, struct fault *f)
{
	struct named *n = ctx;

	for (size_t i = 0; i < n->names.n; i++)
		if (strcmp(n->names.v[i], path) == 0)
			return 0;
	if (n->names.n == NAMED_MAX || is_read(n->r->s, path))
		return 0; /* beyond: no entry, so it is not known */
	if ((n->names.v[n->names.n] = strdup(path)) == NULL)
		return fault_memory(f);
	n->names.n++;
	return 0;
}

static int
read_named_path(struct reader *r, const char *path,
    const struct manifest_item *item, struct fault *f)
{
	size_t before = r->s->n;
	struct entry *e;

	if (read_path(r, path, item, f) == -1)
		return -1;
	if (r->s->n > before)
		return 0;
	if ((e = snapshot_add(r->s, path, item->flags, f)) == NULL)
		return -1;
	return entry_refuse(e, OUTCOME_ABSENT, f, "not there");
}

/* Again as long as what was read names more: includes of includes. */
static int
read_named(struct reader *r, const struct manifest_item *item, struct fault *f)
{
	struct named n = { .r = r };
	size_t done = 0;
	int rc = 0;

	if ((n.names.v = calloc(NAMED_MAX, sizeof(n.names.v[0]))) == NULL)
		return fault_memory(f);
	while (rc == 0) {
		rc = settings_named(r->s, item, take_named, &n, f);
		if (rc == 0 && done == n.names.n)
			break;
		for (; rc == 0 && done < n.names.n; done++)
			rc = read_named_path(r, n.names.v[done], item, f);
	}
	names_free(&n.names);
	return rc;
}

/* ---- commands ---- */

struct command {
	const struct manifest_item *item;
	struct child child;
	struct buf out;
	struct fault why; /* it could not be started */
};

/* An environment of our own: the same answer whoever asks, and nothing of the
 * caller's reaches a program that only reports. */
static void
command_start(
    struct command *c, const struct manifest_item *item, const char *inside)
{

	const char *argv[] = { "sh", "-c", item->path + 1, NULL };
	static const char *const env[] = { "PATH=" COMMAND_PATH, "LC_ALL=C",
		NULL };
	struct child_program p = {
		.file = "/bin/sh",
		.argv = argv,
		.env = env,
		.time_ms = COMMAND_TIME_MS,
	};

	c->item = item;
	c->out.max = item->max;
	c->child.take = child_take_buf;
	c->child.ctx = &c->out;
	if (inside != NULL)
		may_fail(
		    inside_start(&c->child, inside, item->path + 1, &c->why));
	else
		may_fail(child_spawn(&c->child, &p, &c->why));
}

static int
command_refuse(struct command *c, struct entry *e, struct fault *f)
{
	switch (c->child.end) {
	case CHILD_SIGNALLED:
		return entry_refuse(e, OUTCOME_ERROR, f, "killed by signal %d",
		    c->child.status);
	case CHILD_TIMED_OUT:
		return entry_refuse(e, OUTCOME_ERROR, f,
		    "took longer than %d seconds", COMMAND_TIME_MS / 1000);
	case CHILD_REFUSED:
		return entry_refuse(e, OUTCOME_ERROR, f,
		    "output larger than %zu bytes", c->item->max);
	default:
		return entry_refuse_why(e, &c->why, f);
	}
}

static int
command_end(struct reader *r, struct command *c, struct fault *f)
{
	struct entry *e;

	child_finish(&c->child);
	if (c->child.end == CHILD_EXITED &&
	    c->child.status == COMMAND_NOT_FOUND)
		return 0;
	if (c->child.end == CHILD_NONE && c->why.kind == FAULT_ABSENT)
		return 0; /* a host without a shell */
	if ((e = snapshot_add(r->s, c->item->path, c->item->flags, f)) == NULL)
		return -1;
	if (c->child.end != CHILD_EXITED)
		return command_refuse(c, e, f);
	e->status = c->child.status;
	e->bytes = c->out; /* now the entry's */
	c->out = (struct buf){ 0 };
	return snapshot_hold(r->s, e, r->crypto, f);
}

struct commands {
	struct command v[COMMANDS_MAX];
	size_t n;
};

static int
commands_start(struct commands *c, const struct manifest_item *items,
    const char *inside, bool rpm_read_already, struct fault *f)
{
	for (; items->path != NULL; items++) {
		if (!(items->flags & M_COMMAND) ||
		    (items->flags & M_PROCESSES) ||
		    ((items->flags & M_RPM) && rpm_read_already))
			continue;
		if (c->n == COMMANDS_MAX)
			return fault(f, FAULT_LIMIT,
			    "more than %d commands in a manifest",
			    COMMANDS_MAX);
		command_start(&c->v[c->n++], items, inside);
	}
	return 0;
}

/* They run beside one another; all are served while one is waited for. */
static int
commands_end(struct reader *r, struct commands *c, struct fault *f)
{
	struct child *v[COMMANDS_MAX];
	bool running = true;

	for (size_t i = 0; i < c->n; i++)
		v[i] = &c->v[i].child;
	while (running) {
		children_serve(v, c->n);
		running = false;
		for (size_t i = 0; i < c->n; i++)
			running |= v[i]->end == CHILD_RUNNING;
	}
	for (size_t i = 0; i < c->n; i++)
		if (command_end(r, &c->v[i], f) == -1)
			return -1;
	return 0;
}

static void
commands_free(struct commands *c)
{
	for (size_t i = 0; i < c->n; i++) {
		child_stop(&c->v[i].child);
		buf_free(&c->v[i].out);
	}
}

/* ---- the whole root ---- */

/* rpm: the databases of RPM alone, or all but those. */
static int
read_files(struct reader *r, const struct manifest_item *items, bool rpm,
    struct fault *f)
{
	char folders[ENTRY_PATH_MAX];
	struct path_glob g;

	for (; items->path != NULL; items++) {
		int rc;

		if ((items->flags & M_COMMAND) ||
		    ((items->flags & M_RPM) != 0) != rpm)
			continue;
		if (items->flags & M_NAMED)
			rc = read_named(r, items, f);
		else if (glob_outer(items->path, folders, &g))
			rc = read_folders(r, &g, items, f);
		else
			rc = glob_split(items->path, &g)
				 ? read_glob(r, &g, items, f)
				 : read_path(r, items->path, items, f);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* Of the running host: which programs hold which libraries. */
static int
read_processes(
    struct reader *r, const struct manifest_item *items, struct fault *f)
{
	struct fault why = { 0 };
	struct entry *e;
	int fd, rc;

	while (items->path != NULL && !(items->flags & M_PROCESSES))
		items++;
	if (items->path == NULL || !root_has_proc(&r->root))
		return 0;
	if ((e = snapshot_add(r->s, items->path, items->flags, f)) == NULL)
		return -1;
	fd = open_in(&r->root, "/proc", O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return refuse_errno(e, errno, f);
	e->bytes.max = items->max;
	rc = processes_list(fd, &e->bytes, &why);
	(void)close(fd);
	return rc == -1 ? entry_refuse_why(e, &why, f)
			: snapshot_hold(r->s, e, r->crypto, f);
}

static bool
has_rpm(const struct snapshot *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (strncmp(s->entries[i].path, RPM_TABLE, strlen(RPM_TABLE)) ==
			0 &&
		    s->entries[i].outcome == OUTCOME_OBSERVED)
			return true;
	return false;
}

int
snapshot_read_root_by(struct snapshot *s, const struct manifest_item *items,
    const char *root, enum command_place commands, enum resolver resolver,
    struct crypto *c, struct fault *f)
{
	struct reader r = { .s = s, .crypto = c };
	struct commands started = { 0 };
	bool ours;
	int rc = 0;

	if (root_open(&r.root, root, resolver, f) == -1)
		return -1;
	s->crypto = c;
	ours = root_is_ours(&r.root);
	s->live = ours || root_has_proc(&r.root);
	/* first, so that rpm need not be run where its database was read */
	rc = read_files(&r, items, true, f);
	/* run here, another root's commands would answer for this host */
	if (rc == 0 && commands == COMMANDS_INSIDE)
		rc = inside_allowed(root, f);
	if (rc == 0 && (commands == COMMANDS_INSIDE ||
			   (commands == COMMANDS_LIVE && ours)))
		rc = commands_start(&started, items,
		    commands == COMMANDS_INSIDE ? root : NULL, has_rpm(s), f);
	if (rc == 0)
		rc = read_files(&r, items, false, f);
	if (rc == 0)
		rc = read_processes(&r, items, f);
	if (rc == 0)
		rc = commands_end(&r, &started, f);
	commands_free(&started);
	(void)close(r.root.fd);
	if (rc == 0)
		snapshot_sort(s);
	return rc;
}

int
snapshot_read_root(struct snapshot *s, const struct manifest_item *items,
    const char *root, enum command_place commands, struct crypto *c,
    struct fault *f)
{
	return snapshot_read_root_by(
	    s, items, root, commands, RESOLVER_KERNEL, c, f);
}
