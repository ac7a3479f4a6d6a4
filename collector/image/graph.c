/* See graph.h. */
#include "collector/image/graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "collector/kit/project.h"

struct dirs {
	char *v[GRAPH_DIRS_MAX]; /* owned; without leading slash */
	size_t n;
};

/* Folders of libraries for some processors only: glibc-hwcaps (ld.so(8)), and
 * those that glibc knew before 2.37. */
static const char *const hardware[] = { "glibc-hwcaps/x86-64-v2",
	"glibc-hwcaps/x86-64-v3", "glibc-hwcaps/x86-64-v4",
	"glibc-hwcaps/power9", "glibc-hwcaps/power10", "glibc-hwcaps/z13",
	"glibc-hwcaps/z14", "glibc-hwcaps/z15", "glibc-hwcaps/z16", "haswell",
	"xeon_phi", "x86_64", "tls" };

struct graph {
	struct overlay *overlay; /* borrowed */
	const json_t *config;	 /* borrowed; may be NULL */
	struct dirs first;	 /* LD_LIBRARY_PATH */
	struct dirs libraries;	 /* ld.so.conf, then the loader's own */
	char *preload[2];	 /* LD_PRELOAD, ld.so.preload; owned */
	json_t *overrides;	 /* texts; owned */
	size_t also[LENGTH(hardware) * 2]; /* nodes: see note_hardware() */
	size_t nalso;
	uint32_t *stamp; /* of each node, by which graph_load() */
	uint32_t stamps;
	size_t *queue;	  /* of graph_load(); owned */
	json_t **reached; /* of each node, or NULL; owned */
	size_t n;	  /* nodes */
};

/* ---- folders ---- */

static int
add_dir(struct dirs *d, const char *p, size_t len, struct fault *f)
{
	while (len > 0 && *p == '/') {
		p++;
		len--;
	}
	while (len > 0 && p[len - 1] == '/')
		len--;
	for (size_t i = 0; i < d->n; i++)
		if (strlen(d->v[i]) == len && memcmp(d->v[i], p, len) == 0)
			return 0;
	if (d->n == GRAPH_DIRS_MAX)
		return fault(f, FAULT_LIMIT, "over %d folders of one kind",
		    GRAPH_DIRS_MAX);
	if ((d->v[d->n] = strndup(p, len)) == NULL)
		return fault_memory(f);
	d->n++;
	return 0;
}

static void
dirs_free(struct dirs *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->v[i]);
}

/* Names with colons, blanks or newlines between; what is not absolute is of no
 * folder that is known. */
static int
add_dirs(struct dirs *d, const char *text, struct fault *f)
{
	static const char between[] = ": \t\r\n,;";

	while (*text != '\0') {
		size_t len = strcspn(text, between);

		if (len > 0 && text[0] == '/' && add_dir(d, text, len, f) == -1)
			return -1;
		text += len;
		text += strspn(text, between);
	}
	return 0;
}

/* A variable of the image's environment, or NULL. */
static const char *
variable(const struct graph *g, const char *name)
{
	const json_t *list = path_value(g->config, ".config.Env"), *v;
	size_t i, len = strlen(name);

	json_array_foreach ((json_t *)(uintptr_t)list, i, v) {
		const char *s = json_string_value(v);

		if (s != NULL && strncmp(s, name, len) == 0 && s[len] == '=')
			return s + len + 1;
	}
	return NULL;
}

static int
library_dirs(struct graph *g, struct fault *f)
{
	static const char own[] =
	    "/lib64:/usr/lib64:/lib:/usr/lib:/usr/local/lib:/usr/local/lib64:"
	    "/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:"
	    "/lib/aarch64-linux-gnu:/usr/lib/aarch64-linux-gnu";
	const char *path = variable(g, "LD_LIBRARY_PATH");
	const char *preload = variable(g, "LD_PRELOAD");

	if (preload != NULL && (g->preload[0] = strdup(preload)) == NULL)
		return fault_memory(f);
	if (path != NULL && add_dirs(&g->first, path, f) == -1)
		return -1;
	for (size_t i = 0; i < g->n; i++) {
		const struct facts *facts = overlay_at(g->overlay, i)->facts;

		if (facts != NULL && facts->special == SPECIAL_LOADER &&
		    facts->text != NULL &&
		    add_dirs(&g->libraries, facts->text, f) == -1)
			return -1;
		if (facts != NULL && facts->special == SPECIAL_PRELOAD &&
		    facts->text != NULL && g->preload[1] == NULL &&
		    (g->preload[1] = strdup(facts->text)) == NULL)
			return fault_memory(f);
	}
	return add_dirs(&g->libraries, own, f);
}

/* ---- libraries ---- */

static size_t
index_of(const struct graph *g, const struct overlay_node *n)
{
	return (size_t)(n - overlay_at(g->overlay, 0));
}

/* The node at a path, links followed; false: there is none that is kept. */
static bool
node_at(const struct graph *g, const char *path, size_t *out)
{
	char resolved[OVERLAY_PATH_MAX];
	const struct overlay_node *n;

	if (!overlay_resolve(g->overlay, path, true, resolved) ||
	    (n = overlay_find(g->overlay, resolved)) == NULL ||
	    n->facts == NULL)
		return false;
	*out = index_of(g, n);
	return true;
}

static const struct elf_found *
elf_at(const struct graph *g, size_t node)
{
	const struct facts *facts = overlay_at(g->overlay, node)->facts;

	return facts != NULL && facts->elf != NULL ? &facts->elf->f : NULL;
}

static bool
file_at(const struct graph *g, struct span folder, const char *below,
    struct span name, uint16_t machine, size_t *out)
{
	char path[OVERLAY_PATH_MAX];
	const struct elf_found *e;
	int n = snprintf(path, sizeof(path), "%.*s/%s%s%.*s", (int)folder.len,
	    folder.p, below, below[0] != '\0' ? "/" : "", (int)name.len,
	    name.p);

	return n > 0 && (size_t)n < sizeof(path) && node_at(g, path, out) &&
	       (e = elf_at(g, *out)) != NULL && e->machine == machine;
}

/* The editions of a library for some processors: which is loaded depends on
 * where the image runs, so all count. */
static void
note_hardware(
    struct graph *g, struct span folder, struct span name, uint16_t machine)
{
	for (size_t i = 0; i < LENGTH(hardware); i++) {
		size_t found;

		if (g->nalso < LENGTH(g->also) &&
		    file_at(g, folder, hardware[i], name, machine, &found))
			g->also[g->nalso++] = found;
	}
}

static bool
library_at(struct graph *g, const char *folder, size_t folder_len,
    struct span name, uint16_t machine, size_t *out)
{
	const struct span in = { folder, folder_len };

	note_hardware(g, in, name, machine);
	return file_at(g, in, "", name, machine, out);
}

/* $ORIGIN is the folder of the file that says it. */
static bool
in_run_path(struct graph *g, struct span list, const char *origin,
    struct span name, uint16_t machine, size_t *out)
{
	const char *slash = strrchr(origin, '/');
	int folder = slash != NULL ? (int)(slash - origin) : 0;
	struct span rest = list;

	while (rest.p != NULL) {
		struct span one = span_until(rest, ':', &rest);
		char path[OVERLAY_PATH_MAX];
		size_t skip = span_starts(one, "$ORIGIN")     ? 7
			      : span_starts(one, "${ORIGIN}") ? 9
							      : 0;
		int n = snprintf(path, sizeof(path), "%.*s%.*s",
		    skip > 0 ? folder : 0, origin, (int)(one.len - skip),
		    one.p + skip);

		if (one.len > 0 && n > 0 && (size_t)n < sizeof(path) &&
		    library_at(g, path, (size_t)n, name, machine, out))
			return true;
	}
	return false;
}

static bool
in_dirs(struct graph *g, const struct dirs *d, struct span name,
    uint16_t machine, size_t *out)
{
	for (size_t i = 0; i < d->n; i++)
		if (library_at(g, d->v[i], strlen(d->v[i]), name, machine, out))
			return true;
	return false;
}

/* Who asks: the object, and the program that it is loaded for. */
static bool
find_library(struct graph *g, size_t program, size_t object, struct span name,
    size_t *out)
{
	const struct elf_found *e = elf_at(g, object), *p = elf_at(g, program);
	const char *from = overlay_at(g->overlay, object)->path;

	if (memchr(name.p, '/', name.len) != NULL)
		return file_at(
		    g, (struct span){ "", 0 }, "", name, e->machine, out);
	if (e->runpath.p == NULL &&
	    in_run_path(g, e->rpath, from, name, e->machine, out))
		return true;
	if (e->runpath.p == NULL && p != NULL && p->runpath.p == NULL &&
	    in_run_path(g, p->rpath, overlay_at(g->overlay, program)->path,
		name, e->machine, out))
		return true;
	return in_dirs(g, &g->first, name, e->machine, out) ||
	       in_run_path(g, e->runpath, from, name, e->machine, out) ||
	       in_dirs(g, &g->libraries, name, e->machine, out);
}

/* ---- what is loaded ---- */

/* Libraries that load others by name, wherever they are. */
static const struct {
	const char *soname, *loads;
} by_name[] = {
	{ "libnss3.so", "libsoftokn3.so" },
	{ "libsoftokn3.so", "libfreeblpriv3.so" },
	{ "libsoftokn3.so", "libfreebl3.so" },
	{ "libfreebl3.so", "libfreeblpriv3.so" },
};

static void
enqueue(struct graph *g, size_t node, size_t *n)
{
	if (g->stamp[node] == g->stamps)
		return;
	g->stamp[node] = g->stamps;
	g->queue[(*n)++] = node;
}

/* A library by name, whose editions for some processors come too; false: there
 * is none. */
static bool
enqueue_library(
    struct graph *g, size_t program, size_t object, struct span name, size_t *n)
{
	size_t found;
	bool is;

	g->nalso = 0;
	is = find_library(g, program, object, name, &found);
	if (is)
		enqueue(g, found, n);
	for (size_t i = 0; i < g->nalso; i++)
		enqueue(g, g->also[i], n);
	return is;
}

static int
follow(struct graph *g, size_t program, size_t object, size_t *n,
    json_t *missing, struct fault *f)
{
	const struct elf_found *e = elf_at(g, object);

	for (size_t i = 0; e != NULL && i < e->nneeded; i++)
		if (!enqueue_library(g, program, object, e->needed[i], n) &&
		    json_array_append_new(missing,
			json_text(e->needed[i].p, e->needed[i].len)) == -1)
			return fault_memory(f);
	for (size_t i = 0; e != NULL && i < LENGTH(by_name); i++)
		if (span_is(e->soname, by_name[i].soname))
			(void)enqueue_library(
			    g, program, object, span_of(by_name[i].loads), n);
	return 0;
}

/* What ld.so loads before all else into a dynamic program (ld.so(8)). */
static int
preload(struct graph *g, size_t program, size_t *n, json_t *missing,
    struct fault *f)
{
	static const char between[] = ": \t\r\n";
	const struct elf_found *e = elf_at(g, program);

	if (e == NULL || e->is_static || !e->program)
		return 0;
	for (size_t k = 0; k < LENGTH(g->preload); k++) {
		const char *p = g->preload[k] != NULL ? g->preload[k] : "";

		for (p += strspn(p, between); *p != '\0';
		     p += strspn(p, between)) {
			const struct span name = { p, strcspn(p, between) };

			if (!enqueue_library(g, program, program, name, n) &&
			    json_array_append_new(
				missing, json_text(name.p, name.len)) == -1)
				return fault_memory(f);
			p += name.len;
		}
	}
	return 0;
}

int
graph_load(
    struct graph *g, size_t node, struct graph_loaded *out, struct fault *f)
{
	size_t n = 0;

	out->missing = json_array();
	if (out->missing == NULL)
		return fault_memory(f);
	g->stamps++;
	enqueue(g, node, &n);
	if (preload(g, node, &n, out->missing, f) == -1) {
		json_decref(out->missing);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		if (follow(g, node, g->queue[i], &n, out->missing, f) == -1) {
			json_decref(out->missing);
			return -1;
		}
	out->nodes = g->queue;
	out->n = n;
	return 0;
}

/* ---- what can be reached ---- */

static int
reach(struct graph *g, size_t node, const char *how, const char *what,
    struct fault *f)
{
	char text[OVERLAY_PATH_MAX + 64];
	json_t *v;
	size_t i;

	(void)snprintf(text, sizeof(text), "%s%s%.4000s", how,
	    what[0] != '\0' ? " " : "", what);
	if (g->reached[node] == NULL &&
	    (g->reached[node] = json_array()) == NULL)
		return fault_memory(f);
	json_array_foreach (g->reached[node], i, v) {
		if (strcmp(json_string_value(v), text) == 0)
			return 0;
	}
	if (i >= GRAPH_REASONS_MAX)
		return 0;
	return json_array_append_new(
		   g->reached[node], json_text(text, strlen(text))) == -1
		   ? fault_memory(f)
		   : 0;
}

static bool
in_path(const struct graph *g, const char *name, size_t *out)
{
	const char *path = variable(g, "PATH");
	struct span rest = span_of(path != NULL ? path
						: "/usr/local/sbin:/usr/local/"
						  "bin:/usr/sbin:/usr/bin:"
						  "/sbin:/bin");

	while (rest.p != NULL) {
		struct span one = span_until(rest, ':', &rest);
		char full[OVERLAY_PATH_MAX];
		int n = snprintf(
		    full, sizeof(full), "%.*s/%s", (int)one.len, one.p, name);

		if (n > 0 && (size_t)n < sizeof(full) && node_at(g, full, out))
			return true;
	}
	return false;
}

/* Who may run programs with other variables than the image's. */
static int
note_override(struct graph *g, const char *what, struct fault *f)
{
	json_t *v;
	size_t i;

	json_array_foreach (g->overrides, i, v) {
		if (strcmp(json_string_value(v), what) == 0)
			return 0;
	}
	if (i >= GRAPH_OVERRIDES_MAX)
		return 0;
	return json_array_append_new(
		   g->overrides, json_text(what, strlen(what))) == -1
		   ? fault_memory(f)
		   : 0;
}

static int reach_script(
    struct graph *g, size_t node, int depth, struct fault *f);

/* A file that runs, and what interprets it. */
static int
reach_file(struct graph *g, size_t node, const char *how, const char *what,
    int depth, struct fault *f)
{
	const struct overlay_node *n = overlay_at(g->overlay, node);

	if (reach(g, node, how, what, f) == -1)
		return -1;
	if (n->facts != NULL && n->facts->environment &&
	    note_override(g, n->path, f) == -1)
		return -1;
	return depth < 4 ? reach_script(g, node, depth, f) : 0;
}

/* "/usr/bin/env -S python3 -u" names python3; env itself runs too. */
static int
reach_script(struct graph *g, size_t node, int depth, struct fault *f)
{
	const struct overlay_node *n = overlay_at(g->overlay, node);
	struct span rest, word;
	char name[SCRIPT_WORD_MAX];
	bool first = true;
	size_t found;

	if (n->facts == NULL || n->facts->script == NULL)
		return 0;
	rest = span_of(n->facts->script);
	while (span_word(&rest, &word)) {
		if (word.len >= sizeof(name))
			return 0;
		text_copy(name, sizeof(name), word);
		if (name[0] == '-' || strchr(name, '=') != NULL)
			continue;
		if (!(first && node_at(g, name, &found)) &&
		    !in_path(g, name, &found))
			return 0;
		if (reach_file(g, found, "interpreter of", n->path, depth + 1,
			f) == -1)
			return -1;
		if (!first || !span_ends(word, "/env"))
			return 0;
		first = false;
	}
	return 0;
}

/* Every word of a command that is a file: what runs, and what it is given. */
static int
reach_words(struct graph *g, const char *text, const char *how, struct fault *f)
{
	static const char between[] = " \t\r\n;&|()<>\"'=,`";
	const char *dir =
	    json_string_value(path_value(g->config, ".config.WorkingDir"));
	size_t found;

	while (*text != '\0') {
		size_t len = strcspn(text, between);
		char word[OVERLAY_PATH_MAX], full[OVERLAY_PATH_MAX];

		if (len > 0 && len < sizeof(word)) {
			memcpy(word, text, len);
			word[len] = '\0';
			(void)snprintf(full, sizeof(full), "%.2000s/%.2000s",
			    dir != NULL ? dir : "", word);
			if ((word[0] == '/' ? node_at(g, word, &found)
				: strchr(word, '/') != NULL
				    ? node_at(g, full, &found)
				    : in_path(g, word, &found) ||
					  node_at(g, full, &found)) &&
			    reach_file(g, found, how, "", 0, f) == -1)
				return -1;
		}
		text += len;
		text += strspn(text, between);
	}
	return 0;
}

static int
reach_commands(struct graph *g, struct fault *f)
{
	static const struct {
		const char *path, *how;
	} lists[] = {
		{ ".config.Entrypoint", "entrypoint" },
		{ ".config.Cmd", "command" },
		{ ".config.Healthcheck.Test", "health check" },
	};

	for (size_t k = 0; k < LENGTH(lists); k++) {
		const json_t *list = path_value(g->config, lists[k].path), *v;
		size_t i;

		json_array_foreach ((json_t *)(uintptr_t)list, i, v) {
			const char *s = json_string_value(v);

			if (s == NULL)
				continue;
			if (names_library_variable(span_of(s)) &&
			    note_override(g, lists[k].how, f) == -1)
				return -1;
			if (reach_words(g, s, lists[k].how, f) == -1)
				return -1;
		}
	}
	return 0;
}

/* ExecStart=, ExecStartPre= ...: "-/usr/sbin/x -f" runs x. */
static int
reach_service(struct graph *g, const struct overlay_node *n, struct fault *f)
{
	struct span rest = { n->facts->text, n->facts->text_len }, line, value;
	const char *slash = strrchr(n->path, '/');
	char how[512];

	(void)snprintf(how, sizeof(how), "service %.400s",
	    slash != NULL ? slash + 1 : n->path);
	if ((names_library_variable(rest) ||
		memmem(rest.p, rest.len, "EnvironmentFile", 15) != NULL) &&
	    note_override(g, n->path, f) == -1)
		return -1;
	while (span_line(&rest, &line)) {
		char text[OVERLAY_PATH_MAX];

		if (!span_starts(line, "Exec"))
			continue;
		(void)span_until(line, '=', &value);
		if (value.p == NULL || value.len >= sizeof(text))
			continue;
		while (value.len > 0 && strchr("-@:+! ", value.p[0]) != NULL) {
			value.p++;
			value.len--;
		}
		text_copy(text, sizeof(text), value);
		if (reach_words(g, text, how, f) == -1)
			return -1;
	}
	return 0;
}

/* Does a path stand in this folder itself? */
static bool
stands_in(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	if (len == 0)
		return strchr(path, '/') == NULL;
	return strncmp(path, folder, len) == 0 && path[len] == '/' &&
	       strchr(path + len + 1, '/') == NULL;
}

static int
reach_path(struct graph *g, const struct dirs *dirs, struct fault *f)
{
	for (size_t d = 0; d < dirs->n; d++) {
		char folder[OVERLAY_PATH_MAX];

		if (!overlay_resolve(g->overlay, dirs->v[d], true, folder))
			continue;
		for (size_t i = 0; i < g->n; i++) {
			const char *path = overlay_at(g->overlay, i)->path;
			size_t found;

			if (stands_in(path, folder) &&
			    node_at(g, path, &found) &&
			    reach_file(g, found, "PATH", "", 0, f) == -1)
				return -1;
		}
	}
	return 0;
}

static int
reach_all(struct graph *g, struct fault *f)
{
	const char *path = variable(g, "PATH");
	struct dirs dirs = { 0 };
	int rc;

	rc = add_dirs(&dirs,
	    path != NULL ? path
			 : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
			   "/sbin:/bin",
	    f);
	if (rc == 0)
		rc = reach_commands(g, f);
	for (size_t i = 0; rc == 0 && i < g->n; i++) {
		const struct overlay_node *n = overlay_at(g->overlay, i);

		if (n->facts != NULL && n->facts->text != NULL &&
		    n->facts->special == SPECIAL_SERVICE)
			rc = reach_service(g, n, f);
	}
	if (rc == 0)
		rc = reach_path(g, &dirs, f);
	dirs_free(&dirs);
	return rc;
}

/* ---- the whole ---- */

struct graph *
graph_new(struct overlay *overlay, const json_t *config, struct fault *f)
{
	struct graph *g = calloc(1, sizeof(*g));

	if (g == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	g->overlay = overlay;
	g->config = config;
	g->n = overlay_count(overlay);
	g->overrides = json_array();
	g->stamp = calloc(g->n + 1, sizeof(*g->stamp));
	g->queue = calloc(g->n + 1, sizeof(*g->queue));
	g->reached = calloc(g->n + 1, sizeof(json_t *));
	if (g->overrides == NULL || g->stamp == NULL || g->queue == NULL ||
	    g->reached == NULL)
		(void)fault_memory(f);
	else if (library_dirs(g, f) == 0 && reach_all(g, f) == 0)
		return g;
	graph_free(g);
	return NULL;
}

void
graph_free(struct graph *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; g->reached != NULL && i < g->n; i++)
		json_decref(g->reached[i]);
	dirs_free(&g->first);
	dirs_free(&g->libraries);
	free(g->preload[0]);
	free(g->preload[1]);
	json_decref(g->overrides);
	free(g->stamp);
	free(g->queue);
	free(g->reached);
	free(g);
}

const json_t *
graph_reached(const struct graph *g, size_t node)
{
	return g->reached[node];
}

const json_t *
graph_overrides(const struct graph *g)
{
	return g->overrides;
}
