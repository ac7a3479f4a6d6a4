/*
 * The config collector: files, and folders of files, before anything runs.
 * Every file of a folder is recorded: read, left out by name, or not
 * understood. No link of a folder is followed; of what a file names only
 * includes are opened, and only inside the tree it lies in.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/length.h"
#include "collector/config/config_file.h"
#include "collector/config/config_include.h"

static const struct collector_option options[] = {
	{ "exclude", "GLOB,...",
	    "leave out files of a folder; they stand in the report as left "
	    "out" },
	{ "type", "TYPE",
	    "what the config files are, instead of looking at their content" },
	{ "aws-environment", NULL,
	    "read AWS files under the AWS_ variables that are set here" },
	{ 0 },
};

struct walk {
	struct config_reading reading;
	struct arena *arena;	  /* of the paths */
	struct span excluded[64]; /* globs of --exclude, borrowed */
	size_t nexcluded;
	char *files[CONFIG_FILES_MAX]; /* regular files, in order */
	size_t n;
	struct config_includes includes;
};

/* Folders that tools fill and own: each is recorded as left out. */
static const char *
owned_by_tool(const char *name)
{
	static const char *const names[] = { ".git", ".terraform",
		"node_modules", NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (strcmp(name, names[i]) == 0)
			return names[i];
	return NULL;
}

/* The glob of --exclude that the path below the operand, or its last name,
 * matches; or NULL. */
static bool
is_excluded(
    const struct walk *w, const char *inner, const char *name, struct buf *by)
{
	for (size_t i = 0; i < w->nexcluded; i++) {
		BUF_AUTO(glob, CONFIG_PATH_MAX);

		buf_put(&glob, w->excluded[i].p, w->excluded[i].len);
		if (glob.failed == FAULT_NONE && glob.p != NULL &&
		    (fnmatch(glob.p, name, 0) == 0 ||
			fnmatch(glob.p, inner, 0) == 0)) {
			buf_printf(by, "--exclude %s", glob.p);
			return true;
		}
	}
	return false;
}

static int
gap(struct walk *w, const struct fault *why, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && config_kinds[i] != NULL; i++)
		rc = emit_gap(w->reading.e, config_kinds[i],
		    outcome_of_fault(why), why->text, f);
	return rc;
}

static int walk_folder(
    struct walk *w, const char *path, size_t inner, int depth, struct fault *f);

static int
add_file(struct walk *w, const char *path, struct fault *f)
{
	struct fault why;

	if (w->n == CONFIG_FILES_MAX) {
		(void)fault(&why, FAULT_LIMIT,
		    "over %d files; name smaller folders", CONFIG_FILES_MAX);
		return gap(w, &why, f);
	}
	if ((w->files[w->n] = arena_str(w->arena, path)) == NULL)
		return fault_memory(f);
	w->n++;
	return 0;
}

/* inner: where in the path what is below the operand begins. */
static int
walk_entry(struct walk *w, const char *path, size_t inner, const char *name,
    int depth, struct fault *f)
{
	struct stat st;
	struct fault why;
	BUF_AUTO(by, CONFIG_PATH_MAX + 16);

	if (owned_by_tool(name) != NULL)
		return config_file_excluded(&w->reading, path, name, f);
	if (is_excluded(w, path + inner, name, &by))
		return config_file_excluded(&w->reading, path, by.p, f);
	if (lstat(path, &st) == -1) {
		(void)fault_errno(&why, errno, path);
		return why.kind == FAULT_ABSENT ? 0 : gap(w, &why, f);
	}
	if (S_ISDIR(st.st_mode))
		return walk_folder(w, path, inner, depth + 1, f);
	if (S_ISREG(st.st_mode))
		return add_file(w, path, f);
	(void)fault(&why, FAULT_FORMAT,
	    "%s; name what it leads to, or leave it out with --exclude",
	    S_ISLNK(st.st_mode) ? "a symbolic link, which is not followed"
				: "not a regular file");
	return config_file_unread(&w->reading, path, &why, f);
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
walk_folder(
    struct walk *w, const char *path, size_t inner, int depth, struct fault *f)
{
	struct dirent **list = NULL;
	struct fault why;
	int n, rc = 0;

	if (depth > CONFIG_DEPTH_MAX) {
		(void)fault(&why, FAULT_LIMIT, "%.300s: over %d folders deep",
		    path, CONFIG_DEPTH_MAX);
		return gap(w, &why, f);
	}
	if ((n = scandir(path, &list, NULL, by_name)) == -1) {
		(void)fault_errno(&why, errno, path);
		return gap(w, &why, f);
	}
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;
		bool self = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
		BUF_AUTO(child, CONFIG_PATH_MAX);

		buf_printf(&child, "%s/%s", path, name);
		if (rc == 0 && !self)
			rc =
			    buf_done(&child, path, &why) == -1
				? gap(w, &why, f)
				: walk_entry(w, child.p, inner, name, depth, f);
		free(list[i]);
	}
	free(list);
	return rc;
}

/* Every file is gone through once for what it includes, then read. */
static int
read_files(struct walk *w, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < w->n; i++)
		rc = config_file_scan(&w->reading, w->files[i], f);
	for (size_t i = 0; rc == 0 && i < w->n; i++)
		rc = config_file_collect(&w->reading, w->files[i],
		    config_included_by(&w->includes, w->files[i]), f);
	return rc;
}

/* The globs of --exclude, parted by commas. */
static int
exclude(struct walk *w, const struct request *r, struct fault *f)
{
	const char *given = request_get(r, "exclude");
	struct span rest = span_of(given != NULL ? given : ""), glob;

	while (rest.p != NULL) {
		glob = span_trim(span_until(rest, ',', &rest));
		if (glob.len == 0)
			continue;
		if (w->nexcluded == LENGTH(w->excluded))
			return fault(f, FAULT_USAGE,
			    "--exclude: over %zu globs", LENGTH(w->excluded));
		w->excluded[w->nexcluded++] = glob;
	}
	return 0;
}

/* The folder that what a single file includes may lie in: its own. Where it
 * lies in etc/ssh or the like, the one around that. */
static int
tree_of_file(const char *path, struct buf *out, struct fault *f)
{
	static const char *const homes[] = { "/etc/ssh/", "/etc/nginx/",
		"/etc/haproxy/" };
	const char *slash = strrchr(path, '/');
	struct span folder = { path,
		slash != NULL ? (size_t)(slash - path) + 1 : 0 };

	for (size_t i = 0; i < LENGTH(homes); i++)
		if (span_ends(folder, homes[i])) {
			folder.len -= strlen(homes[i]) - 1;
			break;
		}
	buf_put(out, folder.p, folder.len);
	if (folder.len == 0)
		buf_puts(out, ".");
	return buf_done(out, "tree", f);
}

static int
collect_path(struct walk *w, const char *path, struct fault *f)
{
	struct stat st;
	struct config_tree tree;
	bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	size_t inner = strlen(path) + (path[strlen(path) - 1] != '/');
	int rc;
	BUF_AUTO(root, CONFIG_PATH_MAX + 2);

	if (folder)
		buf_puts(&root, path);
	else if (tree_of_file(path, &root, f) == -1)
		return -1;
	if (config_includes_init(&w->includes, root.p, f) == -1)
		return -1;
	tree = config_includes_tree(&w->includes);
	w->reading.tree = &tree;
	w->reading.named = !folder;
	rc = folder ? walk_folder(w, path, inner, 0, f) : add_file(w, path, f);
	if (rc == 0)
		rc = read_files(w, f);
	config_includes_free(&w->includes);
	w->reading.tree = NULL;
	return rc;
}

static int
collect_operand(const struct request *r, const struct sink *sink,
    const struct config_type *type, const char *operand, struct fault *f)
{
	struct emitter e = { 0 };
	struct walk *w = calloc(1, sizeof(*w));
	int rc = -1;
	BUF_AUTO(path, CONFIG_PATH_MAX);
	BUF_AUTO(scope, NAME_MAX_LEN);

	if (w == NULL || (w->arena = arena_new()) == NULL) {
		free(w);
		return fault_memory(f);
	}
	w->reading =
	    (struct config_reading){ .request = r, .e = &e, .type = type };
	if (config_path(operand, &path, f) == 0 && exclude(w, r, f) == 0) {
		buf_puts(&scope, "config/");
		text_clean(&scope, path.p, path.len, CONFIG_PATH_MAX / 2);
		rc = buf_done(&scope, "scope", f);
	}
	if (rc == 0 && (rc = emitter_init(&e, sink, config_kinds, "config",
			    scope.p, f)) == 0) {
		rc = collect_path(w, path.p, f);
		if (rc == 0)
			rc = emit_coverage(&e, OUTCOME_OBSERVED, NULL, f);
		emitter_free(&e);
	}
	arena_free(w->arena);
	free(w);
	return rc;
}

static int
find_type(
    const struct request *r, const struct config_type **type, struct fault *f)
{
	const char *name = request_get(r, "type");
	const struct config_type *t;
	BUF_AUTO(all, 1024);

	*type = NULL;
	if (name == NULL || (*type = config_type_find(name)) != NULL)
		return 0;
	for (size_t i = 0; (t = config_type_at(i)) != NULL; i++)
		if (config_type_find(t->name) == t)
			buf_printf(&all, "%s%s", i > 0 ? ", " : "", t->name);
	return fault(f, FAULT_USAGE, "--type '%.80s': there are: %s", name,
	    all.p != NULL ? all.p : "");
}

static int
collect(const struct request *r, const struct sink *sink, struct fault *f)
{
	const struct config_type *type;
	int rc = find_type(r, &type, f);

	if (rc == 0 && r->noperands == 0)
		return fault(f, FAULT_USAGE,
		    "config: which files? name them, or a folder");
	for (size_t i = 0; rc == 0 && i < r->noperands; i++) {
		if (r->progress != NULL)
			r->progress(r->progress_ctx, r->operands[i]);
		rc = collect_operand(r, sink, type, r->operands[i], f);
	}
	return rc;
}

extern const struct collector config_collector; /* in collector/table.c */

const struct collector config_collector = {
	.name = "config",
	.about = "configuration files, before anything runs",
	.operands = "FILE ...",
	.kinds = config_kinds,
	.options = options,
	.collect = collect,
};
