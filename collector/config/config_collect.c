/*
 * The config collector: files, and folders of files, before anything runs.
 * Nothing that a file names is opened, and no link of a folder is followed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/config/config_file.h"

static const struct collector_option options[] = {
	{ "type", "TYPE",
	    "what the config files are, instead of looking at their content" },
	{ "aws-environment", NULL,
	    "read AWS files under the AWS_ variables that are set here" },
	{ 0 },
};

struct walk {
	const struct request *r;
	struct emitter *e;
	const struct config_type *type;
	size_t files;
};

/* Names of files a folder is searched for; a file named itself is read
 * whatever its name is. */
static bool
is_wanted(const char *name)
{
	static const char *const endings[] = { ".yaml", ".yml", ".json",
		".conf", ".cnf", ".cfg", ".template", NULL };
	static const char *const names[] = { "config", "credentials",
		"sshd_config", "kubeconfig", "kubelet", NULL };

	for (size_t i = 0; endings[i] != NULL; i++)
		if (span_ends(span_of(name), endings[i]))
			return true;
	for (size_t i = 0; names[i] != NULL; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool
is_passed_over(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	       strcmp(name, ".git") == 0 || strcmp(name, ".terraform") == 0 ||
	       strcmp(name, "node_modules") == 0;
}

static int
gap(struct walk *w, const struct fault *why, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && config_kinds[i] != NULL; i++)
		rc = emit_gap(
		    w->e, config_kinds[i], outcome_of_fault(why), why->text, f);
	return rc;
}

static int walk_folder(
    struct walk *w, const char *path, int depth, struct fault *f);

static int
walk_entry(struct walk *w, const char *path, const char *name, int depth,
    struct fault *f)
{
	struct stat st;
	struct fault why;

	if (lstat(path, &st) == -1) {
		(void)fault_errno(&why, errno, path);
		return why.kind == FAULT_ABSENT ? 0 : gap(w, &why, f);
	}
	if (S_ISDIR(st.st_mode))
		return walk_folder(w, path, depth + 1, f);
	if (!S_ISREG(st.st_mode) || !is_wanted(name))
		return 0;
	if (w->files++ < CONFIG_FILES_MAX)
		return config_file_collect(w->r, w->e, path, w->type, false, f);
	(void)fault(&why, FAULT_LIMIT, "over %d files; name smaller folders",
	    CONFIG_FILES_MAX);
	return w->files == CONFIG_FILES_MAX + 1 ? gap(w, &why, f) : 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
walk_folder(struct walk *w, const char *path, int depth, struct fault *f)
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
		BUF_AUTO(child, CONFIG_PATH_MAX);

		buf_printf(&child, "%s/%s", path, name);
		if (rc == 0 && !is_passed_over(name))
			rc = buf_done(&child, path, &why) == -1
				 ? gap(w, &why, f)
				 : walk_entry(w, child.p, name, depth, f);
		free(list[i]);
	}
	free(list);
	return rc;
}

/* "./a//b/" and "a/b" are one name. */
static int
normal(const char *path, struct buf *out, struct fault *f)
{
	while (path[0] == '.' && path[1] == '/')
		path += 2 + strspn(path + 2, "/");
	for (const char *p = path; *p != '\0'; p++)
		if (p[0] != '/' || (p[1] != '/' && p[1] != '\0') || p == path)
			buf_putc(out, *p);
	if (out->len == 0)
		return fault(f, FAULT_USAGE, "config: an empty name");
	if (out->failed == FAULT_LIMIT || out->len > CONFIG_PATH_MAX / 2)
		return fault(f, FAULT_USAGE,
		    "config: a name of over %d bytes; go nearer to it",
		    CONFIG_PATH_MAX / 2);
	return buf_done(out, "path", f);
}

static int
collect_operand(const struct request *r, const struct sink *sink,
    const struct config_type *type, const char *operand, struct fault *f)
{
	struct emitter e = { 0 };
	struct walk w = { .r = r, .e = &e, .type = type };
	struct stat st;
	int rc;
	BUF_AUTO(path, CONFIG_PATH_MAX);
	BUF_AUTO(scope, NAME_MAX_LEN);

	if (normal(operand, &path, f) == -1)
		return -1;
	buf_puts(&scope, "config/");
	text_clean(&scope, path.p, path.len, CONFIG_PATH_MAX / 2);
	if (buf_done(&scope, "scope", f) == -1 ||
	    emitter_init(&e, sink, config_kinds, "config", scope.p, f) == -1)
		return -1;
	if (stat(path.p, &st) == 0 && S_ISDIR(st.st_mode))
		rc = walk_folder(&w, path.p, 0, f);
	else
		rc = config_file_collect(r, &e, path.p, type, true, f);
	if (rc == 0)
		rc = emit_coverage(&e, OUTCOME_OBSERVED, NULL, f);
	emitter_free(&e);
	return rc;
}

static int
find_type(
    const struct request *r, const struct config_type **type, struct fault *f)
{
	const char *name = request_get(r, "type");
	BUF_AUTO(all, 1024);

	*type = NULL;
	if (name == NULL || (*type = config_type_find(name)) != NULL)
		return 0;
	for (size_t i = 0; config_types[i] != NULL; i++)
		buf_printf(
		    &all, "%s%s", i > 0 ? ", " : "", config_types[i]->name);
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
