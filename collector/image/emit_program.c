/* The graph of an image's programs as observations; see emit.h and graph.h. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"
#include "collector/image/emit.h"
#include "collector/image/graph.h"
#include "collector/image/image_kinds.h"
#include "collector/kit/project.h"
#include "collector/kit/put.h"

#define SOURCE "layers"

struct programs {
	struct found *v;
	struct graph *g;
	bool *covered; /* of each node: it is loaded with a program; owned */
	bool any_reached, any_loads; /* of the programs that can be reached */
	size_t told;
};

static const struct overlay_node *
at(const struct programs *p, size_t i)
{
	return overlay_at(p->v->overlay, i);
}

static const struct elf_found *
elf(const struct programs *p, size_t i)
{
	const struct facts *facts = at(p, i)->facts;

	return facts != NULL && facts->elf != NULL ? &facts->elf->f : NULL;
}

static bool
is_program(const struct programs *p, size_t i)
{
	const struct elf_found *e = elf(p, i);

	return e != NULL && e->program;
}

/* ---- which program loads what no program needs ---- */

/* A part of a path, or (with a dot before it) its end, and the program that
 * loads such files. */
static const struct {
	const char *part, *program;
} families[] = {
	{ "/python", "python" },
	{ "/site-packages/", "python" },
	{ "/dist-packages/", "python" },
	{ ".node", "node" },
	{ "/node_modules/", "node" },
	{ ".jar", "java" },
	{ ".war", "java" },
	{ ".ear", "java" },
	{ ".jar/", "java" },
	{ ".war/", "java" },
	{ ".ear/", "java" },
	{ ".whl/", "python" },
	{ ".pyz/", "python" },
	{ "/jvm/", "java" },
	{ "/ruby", "ruby" },
	{ "/gems/", "ruby" },
	{ "/perl", "perl" },
	{ "/php", "php" },
	{ "/httpd/modules/", "httpd" },
	{ "/apache2/modules/", "apache2" },
	{ "/nginx/modules/", "nginx" },
	{ "/erlang/", "beam" },
	{ "/R/", "R" },
	{ "/lua", "lua" },
};

static bool
of_family(const char *path, const char *program)
{
	const char *slash = strrchr(program, '/');
	const char *name = slash != NULL ? slash + 1 : program;
	char rooted[OVERLAY_PATH_MAX + 1];

	rooted[0] = '/';
	text_copy(rooted + 1, OVERLAY_PATH_MAX, span_of(path));
	for (size_t k = 0; k < LENGTH(families); k++) {
		const char *part = families[k].part;

		if (!span_starts(span_of(name), families[k].program))
			continue;
		if (part[0] == '.' && part[strlen(part) - 1] != '/'
			? span_ends(span_of(path), part)
			: strstr(rooted, part) != NULL)
			return true;
	}
	return false;
}

/* HOME/release of a Java runtime is HOME/bin/java's. */
static bool
of_runtime(const char *path, const char *program)
{
	const char *slash = strrchr(path, '/');
	size_t home = slash != NULL ? (size_t)(slash - path) : 0;

	return home > 0 && strcmp(slash, "/release") == 0 &&
	       strncmp(path, program, home + 1) == 0 &&
	       span_ends(span_of(program), "/java");
}

/* Programs that can be reached and load files of its kind, at most some. */
static json_t *
loaders_of(const struct programs *p, const char *path, struct attrs *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < overlay_count(p->v->overlay); i++)
		if (is_program(p, i) && graph_reached(p->g, i) != NULL &&
		    json_array_size(list) < GRAPH_REASONS_MAX &&
		    (of_family(path, at(p, i)->path) ||
			of_runtime(path, at(p, i)->path))) {
			BUF_AUTO(text, OVERLAY_PATH_MAX + 32);

			buf_printf(&text, "loaded by %s", at(p, i)->path);
			add_text(a, list, text.p);
		}
	return list;
}

/* ---- a row ---- */

static void
put_modules(struct programs *p, const struct graph_loaded *l, struct attrs *a)
{
	json_t *modules = json_array(), *unread = json_array(), *m;
	size_t k;

	for (size_t i = 0; i < l->n; i++) {
		const struct overlay_node *n = at(p, l->nodes[i]);

		json_array_foreach (n->facts->modules, k, m) {
			BUF_AUTO(key, OVERLAY_PATH_MAX + 64);

			module_key(&key, n->path, m);
			add_text(a, modules, key.p);
		}
		if (n->facts->unread != NULL)
			add_text(a, unread, n->path);
	}
	attrs_json(a, "modules", modules);
	attrs_json(a, "unread", unread);
}

/* What any of the files says of itself. */
static void
put_signs(struct programs *p, const struct graph_loaded *l, struct attrs *a)
{
	bool sockets = false, ciphers = false, hashes = false, calls = false,
	     loads = false;

	for (size_t i = 0; i < l->n; i++) {
		const struct elf_found *e = elf(p, l->nodes[i]);

		if (e == NULL)
			continue;
		ciphers |= e->ciphers;
		hashes |= e->hashes;
		calls |= e->calls;
		/* a C library knows sockets and dlopen whoever it serves */
		if (i == 0 || !span_starts(e->soname, "libc.")) {
			sockets |= e->sockets && i == 0;
			loads |= e->loads;
		}
	}
	attrs_bool(a, "calls", calls);
	attrs_bool(a, "ciphers", ciphers);
	attrs_bool(a, "hashes", hashes);
	attrs_bool(a, "loads", loads);
	attrs_bool(a, "sockets", sockets);
}

static int
emit_row(struct programs *p, size_t i, const struct graph_loaded *l,
    json_t *reached, bool may, struct fault *f)
{
	const struct overlay_node *n = at(p, i);
	const struct elf_found *e = elf(p, i);
	BUF_AUTO(key, OVERLAY_PATH_MAX + 64);
	ATTRS_AUTO(a);

	attrs_json(&a, "missing", json_incref(l->missing));
	attrs_str(&a, "form",
	    n->facts->go != NULL ? "go"
	    : e == NULL		 ? "archive"
	    : e->is_static	 ? "static"
				 : "dynamic");
	attrs_int(&a, "files", (long long)l->n);
	if (e != NULL && e->interpreter.p != NULL)
		attrs_text(
		    &a, "interpreter", e->interpreter.p, e->interpreter.len);
	else
		put_null(&a, "interpreter");
	attrs_bool(&a, "may_run", may);
	put_modules(p, l, &a);
	attrs_text(&a, "path", n->path, strlen(n->path));
	attrs_json(&a, "reached", reached);
	attrs_str(&a, "role", is_program(p, i) ? "program" : "loaded");
	put_signs(p, l, &a);
	text_clean(&key, n->path, strlen(n->path), NAME_MAX_LEN / 2);
	return emit_observed(
	    p->v->e, &image_program_kind, key.p, &a, SOURCE, f);
}

/* A program of which there is nothing to say is counted, not told. */
static bool
says_something(const struct programs *p, size_t i, const struct graph_loaded *l)
{
	if (json_array_size(l->missing) > 0 || is_program(p, i) == false)
		return true;
	for (size_t k = 0; k < l->n; k++) {
		const struct facts *facts = at(p, l->nodes[k])->facts;
		const struct elf_found *e = elf(p, l->nodes[k]);

		if (facts->modules != NULL || facts->go != NULL ||
		    facts->unread != NULL || e == NULL || e->ciphers ||
		    e->calls || (k == 0 && (e->sockets || e->is_static)))
			return true;
	}
	return false;
}

static int
emit_program(struct programs *p, size_t i, struct fault *f)
{
	const json_t *reached = graph_reached(p->g, i);
	struct graph_loaded l;
	int rc = 0;

	if (graph_load(p->g, i, &l, f) == -1)
		return -1;
	for (size_t k = 0; k < l.n; k++) {
		const struct elf_found *e = elf(p, l.nodes[k]);

		p->covered[l.nodes[k]] = true;
		if (reached != NULL && e != NULL && e->loads &&
		    !span_starts(e->soname, "libc."))
			p->any_loads = true;
	}
	p->any_reached |= reached != NULL;
	p->v->programs++;
	if (says_something(p, i, &l)) {
		if (p->told++ < PROGRAMS_EMITTED_MAX)
			rc = emit_row(p, i, &l,
			    reached != NULL ? json_deep_copy(reached)
					    : json_array(),
			    true, f);
	} else {
		p->v->plain_programs++;
	}
	json_decref(l.missing);
	return rc;
}

/* ---- what is loaded by name ---- */

/* Providers and engines count with the library that loads them. */
static bool
is_plugin_of_openssl(const char *path)
{
	return strstr(path, "ossl-modules/") != NULL ||
	       strstr(path, "/engines-") != NULL ||
	       span_ends(span_of(path), "/fips.so");
}

static bool
matters(const struct programs *p, size_t i)
{
	const struct overlay_node *n = at(p, i);
	const struct elf_found *e = elf(p, i);

	if (n->facts == NULL || p->covered[i] || is_program(p, i) ||
	    is_plugin_of_openssl(n->path) ||
	    (n->facts->special != SPECIAL_NONE &&
		n->facts->special != SPECIAL_JDK))
		return false;
	return n->facts->modules != NULL || n->facts->links != 0 ||
	       n->facts->unread != NULL ||
	       (e != NULL && (e->ciphers || e->calls));
}

static int
emit_loaded(struct programs *p, size_t i, struct fault *f)
{
	const json_t *own = graph_reached(p->g, i);
	struct graph_loaded l;
	json_t *reached;
	ATTRS_AUTO(scratch);
	int rc;

	if (p->told++ >= PROGRAMS_EMITTED_MAX)
		return 0;
	reached = own != NULL ? json_deep_copy(own)
			      : loaders_of(p, at(p, i)->path, &scratch);
	if (reached == NULL || graph_load(p->g, i, &l, f) == -1) {
		json_decref(reached);
		return reached == NULL ? fault_memory(f) : -1;
	}
	/* an archive is read by whoever likes; a library wants dlopen(3) */
	rc = emit_row(p, i, &l, reached, elf(p, i) == NULL || p->any_loads, f);
	json_decref(l.missing);
	return rc;
}

int
emit_programs(struct found *v, struct fault *f)
{
	size_t n = overlay_count(v->overlay);
	struct programs p = { .v = v };
	int rc = 0;

	if ((p.g = graph_new(v->overlay, v->plan->config, f)) == NULL)
		return -1;
	if ((p.covered = calloc(n + 1, sizeof(bool))) == NULL)
		rc = fault_memory(f);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (is_program(&p, i))
			rc = emit_program(&p, i, f);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (matters(&p, i))
			rc = emit_loaded(&p, i, f);
	v->programs_cut = p.told > PROGRAMS_EMITTED_MAX;
	v->overrides = json_deep_copy(graph_overrides(p.g));
	if (rc == 0 && v->overrides == NULL)
		rc = fault_memory(f);
	if (rc == 0 && v->programs_cut)
		rc = emit_gap(v->e, &image_program_kind, OUTCOME_ERROR,
		    "more programs than are kept", f);
	free(p.covered);
	graph_free(p.g);
	return rc;
}
