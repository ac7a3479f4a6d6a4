/*
 * Containerfiles, as image mode (bootc) builds hosts from: the crypto policy
 * and the fips= argument that the commands of the last stage set. What the
 * base image, copied files and scripts hold is not known here.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/length.h"

#include "collector/kit/tree_lines.h"
#include "collector/settings/config_table.h"

#define ITEM "Containerfile"
#define WORDS_OF_LINE ((size_t)1 << 20) /* more than a line can have */
#define POLICY_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:._-"

struct found {
	char policy[64], fips[8]; /* "": not set */
	size_t policy_line, fips_line;
	size_t script; /* line of a command that may do anything */
	/* of the words of the file, counted: which came later? */
	size_t place, policy_at, fips_at, script_at;
};

static void
note_script(struct found *out, size_t line)
{
	if (out->script > 0 && out->script_at > out->place)
		return;
	out->script = line;
	out->script_at = out->place;
}

static size_t
last_line(const struct node *n)
{
	if (n == NULL)
		return 0;
	return n->type == NODE_LIST && n->n > 0 ? n->items[n->n - 1]->line
						: n->line;
}

static void
keep(char *to, size_t size, struct span word)
{
	(void)snprintf(to, size, "%.*s", (int)word.len, word.p);
}

/* Of "--set POLICY": a variable in its place is not known. */
static void
take_policy(struct found *out, struct span word, size_t line)
{
	if (word.len > 1 && (word.p[0] == '"' || word.p[0] == '\''))
		word = (struct span){ word.p + 1, word.len - 2 };
	while (word.len > 0 && strchr(";&", word.p[word.len - 1]) != NULL)
		word.len--;
	if (word.len == 0 || !span_only(word, POLICY_CHARS)) {
		note_script(out, line);
		return;
	}
	keep(out->policy, sizeof(out->policy), word);
	out->policy_line = line;
	out->policy_at = out->place;
}

static void
take_fips(struct found *out, struct span word, size_t line)
{
	while (word.len > 5 && !span_starts(word, "fips=")) {
		word.p++;
		word.len--;
	}
	if (word.len <= 5)
		return;
	keep(out->fips, 2, (struct span){ word.p + 5, 1 });
	out->fips_line = line;
	out->fips_at = out->place;
}

/* Does what stands in this word decide whether a command is run at all? */
static bool
is_condition(struct span word)
{
	static const char *const words[] = { "||", "|", "!", "if", "then",
		"else", "while", "until", "for", "case", "eval", "trap" };

	for (size_t i = 0; i < LENGTH(words); i++)
		if (span_is(word, words[i]))
			return true;
	return memchr(word.p, '(', word.len) != NULL ||
	       memchr(word.p, '{', word.len) != NULL ||
	       memchr(word.p, '`', word.len) != NULL;
}

/* The policy that it sets, and fips= where it is written for the kernel. Only
 * what is run for certain counts: a command at the beginning, or after && or a
 * semicolon, under no condition. */
static void
read_command(struct found *out, const struct node *n)
{
	const char *text = node_text(n);
	struct span rest = span_of(text), word;
	bool kernel = strstr(text, "kargs.d") != NULL;
	bool policies = false, set = false, first = true, murky = false;
	size_t words = 0;

	out->place = n->line * WORDS_OF_LINE;
	if (text[0] == '[' || strstr(text, "<<") != NULL)
		note_script(out, n->line); /* of another form */
	while (span_word(&rest, &word)) {
		out->place = n->line * WORDS_OF_LINE + ++words;
		if (set)
			take_policy(out, word, n->line);
		set = policies && span_is(word, "--set");
		if (policies && span_starts(word, "--set="))
			take_policy(out,
			    (struct span){ word.p + 6, word.len - 6 }, n->line);
		if (span_ends(word, "update-crypto-policies")) {
			policies = first;
			murky |= !first;
		}
		murky |= is_condition(word) ||
			 (kernel && memchr(word.p, '#', word.len) != NULL);
		first = span_is(word, "&&") || span_ends(word, ";") ||
			(first && span_starts(word, "--"));
		if (span_ends(word, "fips-mode-setup") ||
		    span_ends(word, ".sh") || span_starts(word, "./") ||
		    span_starts(word, "/etc/crypto-policies"))
			note_script(out, n->line);
		if (kernel)
			take_fips(out, word, n->line);
	}
	if (set || murky)
		note_script(out, n->line);
}

/* What is copied to the root, or beside the policy, may replace it. */
static void
read_copy(struct found *out, const struct node *n)
{
	static const char *const over[] = { " /", " /etc", " /etc/", " /usr",
		" /usr/", "/usr/lib/", " /usr/lib" };
	const char *text = node_text(n);

	out->place = n->line * WORDS_OF_LINE;
	if (strstr(text, "crypto-policies") != NULL ||
	    strstr(text, "kargs.d") != NULL || text[0] == '[')
		note_script(out, n->line);
	for (size_t i = 0; i < LENGTH(over); i++)
		if (span_ends(span_of(text), over[i]))
			note_script(out, n->line);
}

static int
put(struct config_file *file, const char *name, const char *value, size_t line,
    size_t unread, struct fault *f)
{
	struct setting s;
	int rc = setting_begin(&s, file, line > 0 ? line : 1, f);

	if (rc == 0) {
		attrs_str(&s.a, "type", "containerfile");
		attrs_str(&s.a, "item", ITEM);
		attrs_str(&s.a, "name", name);
		if (value[0] != '\0') {
			attrs_str(&s.a, "value", value);
			setting_line(&s, "value", line);
		}
		if (unread > 0)
			setting_unread(&s, "value", unread);
		rc = setting_emit(
		    &s, &config_setting_kind, name, line > 0 ? line : 1, f);
	}
	setting_free(&s);
	return rc;
}

/* Each line of a command that the last stage has. */
static void
read_lines(struct found *out, const struct node *n, size_t stage,
    void (*read)(struct found *, const struct node *))
{
	if (n == NULL)
		return;
	if (n->type == NODE_SCALAR && n->line > stage)
		read(out, n);
	for (size_t i = 0; n->type == NODE_LIST && i < n->n; i++)
		if (n->items[i]->line > stage && node_text(n->items[i]) != NULL)
			read(out, n->items[i]);
}

/* A line that begins with no instruction goes on something not understood. */
static void
check_instructions(struct config_file *file, const struct node *root)
{
	static const char known[] =
	    " add arg cmd copy entrypoint env expose from healthcheck label "
	    "maintainer onbuild run shell stopsignal user volume workdir ";
	char word[64];

	for (size_t i = 0; i < root->n; i++) {
		(void)snprintf(
		    word, sizeof(word), " %.60s ", root->keys[i]->text);
		if (strstr(known, word) == NULL)
			config_unknown(file, root->items[i]->line,
			    "instruction '%.40s'", root->keys[i]->text);
	}
}

static int
read_container(
    struct config_file *file, const struct node *root, struct fault *f)
{
	struct found found = { 0 };
	size_t stage = last_line(node_get(root, "from"));
	static const struct table_field env[] = { VARIABLES("env") };
	static const struct table_part parts[] = {
		{ &config_setting_kind, "container", NULL, NULL, "env", env },
		{ 0 }
	};
	static const struct config_table variables = { .parts = parts };
	int rc;

	if (root == NULL || root->type != NODE_MAP)
		return 0;
	check_instructions(file, root);
	read_lines(&found, node_get(root, "run"), stage, read_command);
	read_lines(&found, node_get(root, "copy"), stage, read_copy);
	read_lines(&found, node_get(root, "add"), stage, read_copy);
	/* another shell may do anything with every command */
	if (node_get(root, "shell") != NULL) {
		found.script = last_line(node_get(root, "shell"));
		found.script_at = SIZE_MAX;
	}
	/* a script counts only if it may come after what was seen */
	rc = put(file, "crypto policy", found.policy, found.policy_line,
	    found.script_at > found.policy_at ? found.script : 0, f);
	if (rc == 0)
		rc = put(file, "kernel fips", found.fips, found.fips_line,
		    found.script_at > found.fips_at ? found.script : 0, f);
	return rc == 0 ? config_table_read(
			     file, root, &variables, "containerfile", f)
		       : rc;
}

static int
parse_container(
    struct documents *out, const char *p, size_t len, struct fault *f)
{
	static const struct line_syntax syntax = { .comments = "#",
		.between = " \t",
		.continues = true,
		.between_joined = true,
		.fold = true };

	return tree_lines(out, p, len, &syntax, f);
}

extern const struct config_type config_container; /* in config_type.c */

const struct config_type config_container = {
	.name = "containerfile",
	.names = "Containerfile* Dockerfile* *.Containerfile *.Dockerfile",
	.parse = parse_container,
	.read = read_container,
};
