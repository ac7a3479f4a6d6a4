/*
 * Texts of lines "key value" as a tree: one map, whose sections are maps in
 * it and whose keys that stand again are lists.
 */
#ifndef COLLECTOR_KIT_TREE_LINES_H
#define COLLECTOR_KIT_TREE_LINES_H

#include "collector/kit/tree.h"

struct line_syntax {
	const char *comments; /* characters that begin one */
	bool trailing;	      /* a comment may follow a value after a blank */
	const char *between;  /* characters that part key and value */
	bool sections;	      /* [name]; a section that stands again goes on */
	bool angles;	      /* <Name words> ... </Name>, lists of maps */
	bool continues;	      /* a backslash at its end joins the next line */
	bool between_joined;  /* lines that are comments may stand between lines
				 that are joined */
	bool fold;	      /* keys have no case, and are made lower case */
	bool unquote;	      /* one pair of quotes around a value is none */
};

/* As tree_yaml(). FAULT_FORMAT: a section or a bracket without its end. */
MUST_USE int tree_lines(struct documents *out, const char *p, size_t len,
    const struct line_syntax *syntax, struct fault *f);

#endif
