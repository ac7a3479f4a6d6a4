/*
 * What the readers of one file share. A reader sees the bytes of one file
 * and emits subjects whose keys are "PATH#what". It opens nothing: the files
 * that a file includes come from struct config_tree.
 */
#ifndef COLLECTOR_SETTINGS_CONFIG_PARTS_H
#define COLLECTOR_SETTINGS_CONFIG_PARTS_H

#include "collector/kit/collector.h"
#include "collector/settings/config_kinds.h"
#include "collector/kit/tree.h"
#include "base/span.h"

#define CONFIG_FILES_MAX 10000
#define CONFIG_DEPTH_MAX 16	  /* of folders */
#define CONFIG_SUBJECTS_MAX 20000 /* of one file */
#define CONFIG_PART_MAX 200	  /* bytes of one name that stands in a key */
#define CONFIG_PATH_MAX 480	  /* bytes of a path */
#define CONFIG_LIST_MAX 1000	  /* values of one list that are kept */
#define CONFIG_LIST_BYTES_MAX ((size_t)32 * 1024) /* and their bytes */

#define CONFIG_INCLUDES_MAX 5000   /* readings of included files, of a tree */
#define CONFIG_INCLUDE_DEPTH_MAX 8 /* of includes in included files */
#define CONFIG_REFUSALS_MAX 50	   /* of one file that are named */

struct config_type;
struct config_file;

/*
 * Where included files come from. each() calls take() for every file that
 * pattern (a path, or glob(7)) names, in the order of their names. home is
 * the folder that the program takes its main file from ("/etc/ssh"): it
 * stands for the folder of the file that includes. 1: the pattern leads out
 * of the tree that was given, to what is not there or cannot be read, or to
 * more than CONFIG_INCLUDES_MAX readings. -1: take() failed, or no memory.
 */
struct config_tree {
	int (*each)(void *ctx, const char *main_path, const char *pattern,
	    const char *home,
	    int (*take)(void *take_ctx, struct span text, struct fault *),
	    void *take_ctx, struct fault *f);
	/* The same, of files that stay files of their own. */
	int (*peek)(void *ctx, const char *main_path, const char *pattern,
	    const char *home,
	    int (*take)(void *take_ctx, struct span text, struct fault *),
	    void *take_ctx, struct fault *f);
	void *ctx;
};

struct config_file {
	const char *path; /* as it stands in keys and reasons */
	struct span text;
	const struct request *request;
	struct emitter *e;
	const struct documents *docs;	/* NULL: not a tree of values */
	const struct config_tree *tree; /* NULL: nothing is included */
	json_t *seen; /* owned by the caller; keys that are given out */
	size_t subjects;
	bool dry;	      /* nothing is emitted: problems are looked for */
	struct fault problem; /* the first that config_problem() was told */
	json_t *refused;      /* owned by the caller: config_refused() */
	json_t *unknown;      /* owned by the caller: config_unknown() */
	bool strict; /* a reader compared it with what its owner accepts */
	bool failed; /* no memory for what was refused or unknown */
};

/* The file as a whole is not what its type is: "line 12: what". Nothing of it
 * is a pass then. Always 0, so that the rest is still read. */
int config_problem(struct config_file *file, size_t line, const char *what);
MUST_USE int config_problem_of(
    struct config_file *file, const struct fault *why);

/* What the program that the file is for rejects or ignores: a finding. The
 * rest is read as it stands. */
void config_refused(struct config_file *file, size_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A part that is not understood: unknown, by this name. */
void config_unknown(struct config_file *file, size_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As each() of the file's tree; 1 where there is none. */
MUST_USE int config_include(struct config_file *file, const char *pattern,
    const char *home,
    int (*take)(void *take_ctx, struct span text, struct fault *),
    void *take_ctx, struct fault *f);

/* A list of maps at n, or NULL and a problem: n may be absent or null. */
const struct node *config_maps(
    struct config_file *file, const struct node *n, const char *name);

/*
 * One subject under construction. Each column that is stated in the file puts
 * its line into the column "lines", and its name into "unread" if it is
 * stated but not as a value (a function, a list where a word belongs): what
 * is not known must not look like what is not there.
 */
struct setting {
	struct config_file *file;
	struct attrs a;
	json_t *lines, *unread; /* owned */
};

MUST_USE int setting_begin(
    struct setting *s, struct config_file *file, size_t line, struct fault *f);
void setting_free(struct setting *s);

/* NULL or absent nodes leave the column out. */
void setting_text(struct setting *s, const char *column, const struct node *n);
void setting_bool(struct setting *s, const char *column, const struct node *n);
/* An array of texts; one text is an array of one. */
void setting_list(struct setting *s, const char *column, const struct node *n);

/* Words of one text as an array. */
void setting_words(struct setting *s, const char *column, const char *text,
    const char *between, size_t line);
/* A TLS version, versions between blanks, or suites between colons (Envoy's
 * brackets and bars too), as
 * config_tls.h names them; unread if one of them is not known. Suites that are
 * known are kept beside a class that is not. */
void setting_version(
    struct setting *s, const char *column, const char *text, size_t line);
void setting_versions(
    struct setting *s, const char *column, const char *text, size_t line);
void setting_suites(
    struct setting *s, const char *column, const char *text, size_t line);

/* Where a column stands in the file. */
void setting_line(struct setting *s, const char *column, size_t line);
void setting_unread(struct setting *s, const char *column, size_t line);

/* Emit it under PATH#fragment (PATH for ""), made unique by its line. */
MUST_USE int setting_emit(struct setting *s, const struct kind *k,
    const char *fragment, size_t line, struct fault *f);

/* Columns as a table: where in the map they stand, and what they are. */
struct field {
	const char *column;
	const char *path; /* keys joined by dots */
	enum { FIELD_TEXT, FIELD_BOOL, FIELD_INT, FIELD_LIST } type;
};

/* fields ends with column NULL. */
void setting_fields(
    struct setting *s, const struct node *map, const struct field *fields);

struct config_table; /* config_table.h */

/*
 * A type of file. A document of YAML or JSON is recognised by is() or its
 * table; any other file by looks() or its name. What its table says of it is
 * emitted, or what read() does.
 */
struct config_type {
	const char *name;
	bool includes;	   /* its files may include others */
	const char *names; /* globs between blanks, of a text's file name */
	bool (*is)(const struct node *root);
	bool (*looks)(struct span text);
	/* makes a tree of a text; NULL: read() takes the text as it is */
	int (*parse)(
	    struct documents *out, const char *p, size_t len, struct fault *f);
	const struct config_table *table; /* NULL: read() */
	int (*read)(
	    struct config_file *, const struct node *root, struct fault *);
};

/* In the order in which they are asked; NULL after the last. Types may share a
 * name. */
const struct config_type *config_type_at(size_t i);
const struct config_type *config_type_find(const char *name); /* the first */

/* apiVersion begins with group, and kind is kind. */
bool node_is_object(
    const struct node *root, const char *group, const char *kind);

/* Append "PATH#" names that are cut to what a key holds. */
void key_part(struct buf *b, const char *s);

#endif
