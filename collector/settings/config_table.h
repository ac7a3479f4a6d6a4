/*
 * Types of files as tables: how a document is recognized, what is made of
 * which place in it, and what its program accepts. A further type whose
 * syntax is read already is a further table in config_tables.c.
 */
#ifndef COLLECTOR_SETTINGS_CONFIG_TABLE_H
#define COLLECTOR_SETTINGS_CONFIG_TABLE_H

#include "collector/settings/config_schema.h"

#define TABLE_FOUND_MAX 1000 /* nodes that one path leads to */

/*
 * A path: keys joined by dots; "key" in quotes where it holds one. A list on
 * the way stands for each of its items, and "*" for each value of a map or a
 * list. "[name=x]" is the item whose member name is x. "a|b" is the first of
 * both that is there. Of a field, "=x" is the text x itself.
 */
size_t table_find(const struct node *n, const char *path,
    const struct node *found[TABLE_FOUND_MAX]);

enum table_take {
	TAKE_TEXT,
	TAKE_BOOL,
	TAKE_LIST,    /* an array of texts; one text is an array of one */
	TAKE_WORDS,   /* one text, its words parted by commas */
	TAKE_ALL,     /* true if each is true; false if one is not */
	TAKE_VERSION, /* of TLS, as config_tls.h */
	TAKE_VERSIONS,
	TAKE_SUITES, /* a list, or one text */
	TAKE_GROUPS, /* one text, parted by colons or commas */
	TAKE_STATED, /* that something stands there; never its text */
	/* of config.setting: the variable of the column's name in a map, a list
	 * of "NAME=value", of {name, value}, or words NAME=value of a text;
	 * nothing is emitted where it is not set */
	TAKE_VARIABLE,
	TAKE_VARIABLE_STATED /* its name may end in "*"; never its value */
};

struct table_field {
	const char *column; /* of config.setting: the setting's name */
	const char *path;
	enum table_take take;
};

/* Fields: the variables of programs that choose FIPS mode, at path. */
#define VARIABLES(path)                                                        \
	{ "AWS_USE_FIPS_ENDPOINT", path, TAKE_VARIABLE },                      \
	    { "AWS_ENDPOINT_URL*", path, TAKE_VARIABLE_STATED },               \
	    { "GODEBUG", path, TAKE_VARIABLE },                                \
	    { "GOFIPS", path, TAKE_VARIABLE },                                 \
	    { "OPENSSL_CONF", path, TAKE_VARIABLE },                           \
	    { "OPENSSL_MODULES", path, TAKE_VARIABLE },                        \
	    { "OPENSSL_FORCE_FIPS_MODE", path, TAKE_VARIABLE },                \
	    { "GNUTLS_FORCE_FIPS_MODE", path, TAKE_VARIABLE },                 \
	{                                                                      \
		0                                                              \
	}

/*
 * What is made of one place: an observation of its kind with the fields as
 * columns; of config.setting, one for each field.
 */
struct table_part {
	const struct kind *kind;
	const char *what; /* its component, type or item, whatever the file */
	const char *each; /* path of what it is made for each of; NULL: once */
	const char *name; /* path of its name below that; NULL: none */
	const char *need; /* path that must lead somewhere; NULL: made always */
	const struct table_field *fields; /* ends with column NULL */
};

struct config_table {
	const char *api;  /* apiVersion begins with this; NULL: no matter */
	const char *kind; /* kinds between blanks; NULL: no matter */
	/* paths between blanks, all of which lead somewhere; NULL: no matter */
	const char *has;
	const struct schema *schema;	/* NULL: only its syntax is read */
	const struct table_part *parts; /* ends with kind NULL; NULL: nothing
					 * of it is judged */
	/* paths with | between them: where one leads somewhere, other files
	 * set the same things, and what is in force is not known; NULL: none */
	const char *includes;
};

bool config_table_is(const struct config_table *t, const struct node *root);
/* name: of the type of the file. */
MUST_USE int config_table_read(struct config_file *file,
    const struct node *root, const struct config_table *t, const char *name,
    struct fault *f);

#endif
