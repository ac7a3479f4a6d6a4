/* See published.h. */
#include "report/package/checkpoint.h"
#include "report/package/published.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "report/sign/sign.h"

#define PATH_BYTES 4096
#define PUBLISHED_MAX 1000000 /* files of one store in a directory */

static int
path_of(char out[PATH_BYTES], const char *dir, const struct store *st,
    long long size, const char *end, struct fault *f)
{
	int n = snprintf(
	    out, PATH_BYTES, "%s/%s-%015lld.%s", dir, store_id(st), size, end);

	return n > 0 && n < PATH_BYTES
		   ? 0
		   : fault(f, FAULT_LIMIT, "%s: the path is too long", dir);
}

/* Is the file there with these bytes? 1; 0: it is not there; -1: others. */
static int
is_there(const char *path, const void *p, size_t len, struct fault *f)
{
	BUF_AUTO(bytes, SIGNATURE_MAX);

	if (access(path, F_OK) == -1)
		return errno == ENOENT ? 0 : fault_errno(f, errno, path);
	if (file_read(path, &bytes, f) == -1)
		return -1;
	if (bytes.len == len && memcmp(bytes.p, p, len) == 0)
		return 1;
	return fault(f, FAULT_INTEGRITY,
	    "%s: another checkpoint of this size was published: the store has "
	    "two histories",
	    path);
}

/* Make the file whole, or fail because there is one. */
static int
add_file(const char *path, const void *p, size_t len, struct fault *f)
{
	char whole[PATH_BYTES + 32];
	int rc = 0;

	(void)snprintf(whole, sizeof(whole), "%s.%ld", path, (long)getpid());
	if (file_write(whole, p, len, 0444, f) == -1)
		return -1;
	if (link(whole, path) == -1)
		rc = fault_errno(f, errno, path);
	(void)unlink(whole);
	return rc;
}

/* One row: size, note, cms. 1: added. */
static int
publish_one(struct store *st, const char *dir, sqlite3_stmt *q, struct fault *f)
{
	const char *note = (const char *)sqlite3_column_text(q, 1);
	const void *cms = sqlite3_column_blob(q, 2);
	char text[PATH_BYTES], signature[PATH_BYTES],
	    origin[CHECKPOINT_ORIGIN_MAX];
	size_t len = (size_t)sqlite3_column_bytes(q, 1);
	uint8_t root[SHA256_LEN];
	struct log_head head;
	int rc;

	if (note == NULL || cms == NULL)
		return fault_memory(f);
	if (checkpoint_parse(note, len, origin, &head, f) == -1 ||
	    log_root_at(st, head.size, root, f) == -1)
		return -1;
	if (memcmp(root, head.root, SHA256_LEN) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "%s: the checkpoint of %lld entries is not of its log",
		    store_path(st), head.size);
	if (path_of(text, dir, st, head.size, "txt", f) == -1 ||
	    path_of(signature, dir, st, head.size, "p7s", f) == -1 ||
	    (rc = is_there(text, note, len, f)) == -1)
		return -1;
	if (rc == 1)
		return 0;
	if (access(signature, F_OK) == -1 &&
	    add_file(signature, cms, (size_t)sqlite3_column_bytes(q, 2), f) ==
		-1)
		return -1;
	return add_file(text, note, len, f) == -1 ? -1 : 1;
}

int
publish_checkpoints(
    struct store *st, const char *dir, long long *n, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc = 0, row = SQLITE_DONE;

	*n = 0;
	if (store_prepare(st,
		"SELECT size, note, cms, max(id) FROM checkpoint WHERE cms IS "
		"NOT NULL GROUP BY size ORDER BY size",
		&q, f) == -1)
		return -1;
	while (rc != -1 && (row = sqlite3_step(q)) == SQLITE_ROW) {
		rc = publish_one(st, dir, q, f);
		*n += rc == 1;
	}
	if (rc != -1 && row != SQLITE_DONE)
		rc = store_fault(st, "checkpoints", f);
	(void)sqlite3_finalize(q);
	return rc == -1 ? -1 : 0;
}

/* ---------------------------------------------------------------- verifying */

struct publication {
	struct verifying *v;
	struct store *st;
	const char *dir;
	long long n, newest;
};

static int
verify_signature(
    struct publication *p, const char *path, long long size, struct fault *f)
{
	struct signature_info info;
	struct fault why = { 0 };
	char signature[PATH_BYTES];
	BUF_AUTO(note, 4096);
	BUF_AUTO(der, SIGNATURE_MAX);

	if (path_of(signature, p->dir, p->st, size, "p7s", f) == -1 ||
	    file_read(path, &note, f) == -1)
		return -1;
	if (file_read(signature, &der, &why) == -1 ||
	    verify_bytes(p->v, note.p, note.len, der.p, der.len, &info, &why) ==
		-1)
		verify_problem(p->v, path, why.text);
	return 0;
}

static int
verify_one(struct publication *p, const char *name, struct fault *f)
{
	char path[PATH_BYTES], origin[CHECKPOINT_ORIGIN_MAX],
	    want[CHECKPOINT_ORIGIN_MAX];
	struct log_head head;
	struct fault why = { 0 };
	uint8_t root[SHA256_LEN];

	(void)snprintf(path, sizeof(path), "%s/%s", p->dir, name);
	(void)snprintf(want, sizeof(want), "exhibit/%s", store_id(p->st));
	if (++p->n > PUBLISHED_MAX)
		return fault(f, FAULT_LIMIT, "%s: over %d checkpoints", p->dir,
		    PUBLISHED_MAX);
	if (checkpoint_kept(path, origin, &head, &why) == -1) {
		if (why.kind != FAULT_USAGE)
			return fault(f, why.kind, "%s", why.text);
		verify_problem(p->v, path, why.text);
		return 0;
	}
	if (strcmp(origin, want) != 0)
		verify_problem(p->v, path, "is a checkpoint of another store");
	else if (log_root_at(p->st, head.size, root, &why) == -1)
		verify_problem(p->v, path, why.text);
	else if (memcmp(root, head.root, SHA256_LEN) != 0)
		verify_problem(p->v, path,
		    "the store's log has another root at that size: it was "
		    "rebuilt, or there are two of it");
	if (head.size > p->newest)
		p->newest = head.size;
	return verify_signature(p, path, head.size, f);
}

static bool
is_published(const struct store *st, const char *name)
{
	size_t id = strlen(store_id(st)), len = strlen(name);

	return len == id + 20 && strncmp(name, store_id(st), id) == 0 &&
	       name[id] == '-' && strcmp(name + len - 4, ".txt") == 0 &&
	       strspn(name + id + 1, "0123456789") == 15;
}

int
verify_published(
    struct verifying *v, const char *dir, struct store *st, struct fault *f)
{
	struct publication p = { .v = v, .st = st, .dir = dir };
	long long before = v->problems;
	struct dirent *e;
	DIR *d = opendir(dir);
	int rc = 0;

	if (d == NULL)
		return fault_errno(f, errno, dir);
	while (rc == 0 && (e = readdir(d)) != NULL)
		if (is_published(st, e->d_name))
			rc = verify_one(&p, e->d_name, f);
	(void)closedir(d);
	if (rc == -1)
		return -1;
	if (p.n == 0)
		verify_problem(v, dir,
		    "no checkpoint of this store was published there: it is "
		    "another store, or was rebuilt");
	else if (v->problems == before)
		printf("  %s: the log still holds all %lld published "
		       "checkpoints, the newest of %lld entries\n",
		    dir, p.n, p.newest);
	return 0;
}
