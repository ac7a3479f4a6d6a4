/* See config_include.h. No path leaves the real folder of the tree. */
#include "collector/config/config_include.h"

#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

int
config_includes_init(
    struct config_includes *c, const char *root, struct fault *f)
{
	*c = (struct config_includes){ .root = root, .by = json_object() };
	return c->by != NULL ? 0 : fault_memory(f);
}

void
config_includes_free(struct config_includes *c)
{
	json_decref(c->by);
	c->by = NULL;
}

/* Files that include one another in a ring are each read on their own. */
const char *
config_included_by(const struct config_includes *c, const char *path)
{
	const char *by = json_string_value(json_object_get(c->by, path));
	const char *top = by;

	for (size_t i = 0; top != NULL; i++) {
		if (i == CONFIG_INCLUDES_MAX || strcmp(top, path) == 0)
			return NULL;
		top = json_string_value(json_object_get(c->by, top));
	}
	return by;
}

/* Does the real path lie in the real folder root? */
static bool
is_inside(const char *root, const char *path)
{
	char *r = realpath(root, NULL), *p = realpath(path, NULL);
	size_t n = r != NULL ? strlen(r) : 0;
	bool inside = r != NULL && p != NULL && strncmp(r, p, n) == 0 &&
		      (p[n] == '/' || p[n] == '\0' || strcmp(r, "/") == 0);

	free(r);
	free(p);
	return inside;
}

/* The folder before the first component with a wildcard is there, and inside:
 * only then "no match" means that nothing is included. */
static bool
is_there(const struct config_includes *c, const char *pattern)
{
	char folder[PATH_MAX];
	size_t wild = strcspn(pattern, "*?["), n = wild;
	struct stat st;

	if (pattern[wild] == '\0')
		return is_inside(c->root, pattern) && stat(pattern, &st) == 0 &&
		       S_ISREG(st.st_mode);
	while (n > 0 && pattern[n - 1] != '/')
		n--;
	if (n == 0 || n >= sizeof(folder))
		return false;
	memcpy(folder, pattern, n);
	folder[n] = '\0';
	return is_inside(c->root, folder) && stat(folder, &st) == 0 &&
	       S_ISDIR(st.st_mode);
}

static bool
leads_up(const char *pattern)
{
	size_t n = strlen(pattern);

	return strstr(pattern, "/../") != NULL ||
	       strncmp(pattern, "../", 3) == 0 ||
	       (n > 2 && strcmp(pattern + n - 3, "/..") == 0);
}

/* Names with these would be taken for patterns. */
static bool
has_wildcards(struct span folder)
{
	for (size_t i = 0; i < folder.len; i++)
		if (strchr("*?[\\", folder.p[i]) != NULL)
			return true;
	return false;
}

static bool
try(const struct config_includes *c, struct buf *out, const char *folder,
    size_t len, const char *rest)
{
	buf_reset(out);
	buf_put(out, folder, len);
	if (len > 0 && folder[len - 1] != '/')
		buf_putc(out, '/');
	buf_puts(out, rest + (rest[0] == '/' && out->len > 0));
	return out->failed == FAULT_NONE && out->p != NULL &&
	       is_there(c, out->p);
}

/*
 * Where a pattern lies: a relative one beside the main file; an absolute one
 * below what is the root where the main file lies in its home, else with home
 * read as the main file's folder, else below any folder around the main file.
 */
static bool
place(const struct config_includes *c, const char *main_path,
    const char *pattern, const char *home, struct buf *out)
{
	const char *slash = strrchr(main_path, '/');
	size_t len = slash != NULL ? (size_t)(slash - main_path) : 0;
	size_t homelen = strlen(home);
	struct span folder = { main_path, len };

	if (leads_up(pattern) || pattern[0] == '\0')
		return false;
	if (slash == NULL || len == 0)
		folder = (struct span){ slash == NULL ? "." : "/", 1 };
	if (has_wildcards(folder))
		return false;
	if (pattern[0] != '/')
		return try(c, out, folder.p, folder.len, pattern);
	if (span_ends(folder, home))
		return len == homelen
			   ? try(c, out, "/", 1, pattern)
			   : try(c, out, folder.p, len - homelen, pattern);
	if (strncmp(pattern, home, homelen) == 0 && pattern[homelen] == '/' &&
	    try(c, out, folder.p, folder.len, pattern + homelen + 1))
		return true;
	for (; len > 0; len--)
		if ((main_path[len] == '/' || len == folder.len) &&
		    try(c, out, main_path, len, pattern))
			return true;
	return false;
}

/* The names that walking the tree gives: without "./" before them. */
static const char *
plain_name(const char *path)
{
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	return path;
}

static int
take_one(struct config_includes *c, const char *main_path, const char *path,
    int (*take)(void *take_ctx, struct span text, struct fault *),
    void *take_ctx, struct fault *f)
{
	struct fault why;
	BUF_AUTO(text, TREE_TEXT_MAX);

	if (!is_inside(c->root, path) || c->opened == CONFIG_INCLUDES_MAX)
		return 1;
	c->opened++;
	if (file_read(path, &text, &why) == -1 ||
	    (text.len > 0 && memchr(text.p, '\0', text.len) != NULL))
		return 1; /* readers are given texts alone */
	path = plain_name(path);
	if (!c->peeking && strcmp(path, main_path) != 0 &&
	    json_object_set_new(
		c->by, path, json_text(main_path, strlen(main_path))) == -1)
		return fault_memory(f);
	return take(take_ctx,
	    (struct span){ text.p != NULL ? text.p : "", text.len }, f);
}

static int
each(void *ctx, const char *main_path, const char *pattern, const char *home,
    int (*take)(void *take_ctx, struct span text, struct fault *),
    void *take_ctx, struct fault *f)
{
	struct config_includes *c = ctx;
	glob_t found = { 0 };
	int rc;
	BUF_AUTO(path, PATH_MAX);

	if (!place(c, main_path, pattern, home, &path))
		return 1;
	if (strpbrk(path.p, "*?[") == NULL)
		return take_one(c, main_path, path.p, take, take_ctx, f);
	rc = glob(path.p, GLOB_ERR, NULL, &found);
	if (rc == GLOB_NOSPACE)
		rc = fault_memory(f);
	else if (rc == GLOB_NOMATCH)
		rc = 0;
	else if (rc != 0)
		rc = 1; /* a folder that cannot be read */
	for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++)
		rc = take_one(
		    c, main_path, found.gl_pathv[i], take, take_ctx, f);
	globfree(&found);
	return rc;
}

static int
peek(void *ctx, const char *main_path, const char *pattern, const char *home,
    int (*take)(void *take_ctx, struct span text, struct fault *),
    void *take_ctx, struct fault *f)
{
	struct config_includes *c = ctx;
	int rc;

	c->peeking = true;
	rc = each(ctx, main_path, pattern, home, take, take_ctx, f);
	c->peeking = false;
	return rc;
}

struct config_tree
config_includes_tree(struct config_includes *c)
{
	return (struct config_tree){ .each = each, .peek = peek, .ctx = c };
}
