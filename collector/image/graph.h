/*
 * What each program of an image is loaded with: the libraries that the loader
 * would find (ld.so(8), glibc's and musl's), those that they load by name, and
 * whether it can be reached: from the entry point, the command, PATH, services,
 * or as the interpreter of a script. What the environment preloads is loaded
 * with each dynamic program, and of libraries that stand in several editions
 * for several processors (glibc-hwcaps) all are.
 */
#ifndef COLLECTOR_IMAGE_GRAPH_H
#define COLLECTOR_IMAGE_GRAPH_H

#include "collector/image/image_manifest.h"
#include "collector/image/overlay.h"

#define GRAPH_DIRS_MAX 128  /* folders of libraries, of programs */
#define GRAPH_REASONS_MAX 8 /* kept of one program */
#define SCRIPT_WORD_MAX 256
#define GRAPH_OVERRIDES_MAX 32

struct graph;

/* overlay and config (the image's configuration, or NULL) are borrowed. */
MUST_USE struct graph *graph_new(
    struct overlay *overlay, const json_t *config, struct fault *f);
void graph_free(struct graph *g);

/* What is loaded with one file. */
struct graph_loaded {
	const size_t
	    *nodes; /* of the overlay, the file's own first; borrowed */
	size_t n;
	json_t *missing; /* owned; names of libraries that were not found */
};

/* Valid until the next call; the caller frees missing. */
MUST_USE int graph_load(
    struct graph *g, size_t node, struct graph_loaded *out, struct fault *f);

/* Why a file can be reached: texts, borrowed; NULL: it was not shown. */
const json_t *graph_reached(const struct graph *g, size_t node);

/* Scripts, units and commands that can be reached and name variables of
 * libraries: what programs are loaded with is not shown then. Borrowed. */
const json_t *graph_overrides(const struct graph *g);

#endif
