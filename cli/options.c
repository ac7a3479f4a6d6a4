/* Options: one table for parsing, help, manual and completion. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_MAX 512

const struct option_def common_options[] = {
	{ "store", "FILE", "evidence store (default " DEFAULT_STORE ")" },
	{ "config", "FILE", "options from there (exhibit.yaml if it is here)" },
	{ "now", "TIME", "take this UTC time for the clock's" },
	{ "fips", NULL, "hash and sign through a FIPS provider, or fail" },
	{ "verbose", NULL, "say what is being done" },
	{ "quiet", NULL, "of a collection only what is missing, a line each" },
	{ "help", NULL, "show this and exit" },
	{ 0 },
};

const char *
option(const struct options *o, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->given[i].name, name) == 0)
			value = o->given[i].value;
	return value;
}

const char *
option_or(const struct options *o, const char *name, const char *fallback)
{
	const char *value = option(o, name);

	return value != NULL ? value : fallback;
}

static int
fill(struct option *table, const struct option_def *const *allowed)
{
	int n = 0;

	for (size_t t = 0; allowed[t] != NULL; t++)
		for (const struct option_def *d = allowed[t];
		     d->name != NULL && n < TABLE_MAX; d++)
			table[n++] = (struct option){ d->name,
				d->arg != NULL ? required_argument
					       : no_argument,
				NULL, 0 };
	table[n] = (struct option){ 0 };
	return n;
}

int
options_parse(struct options *out, int argc, char **argv,
    const struct option_def *const *allowed, struct fault *f)
{
	struct option table[TABLE_MAX + 1];
	int index, c;

	out->n = 0;
	(void)fill(table, allowed);
	optind = 0; /* start anew (glibc) */
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", table, &index)) != -1) {
		if (c == ':')
			return fault(f, FAULT_USAGE,
			    "option '%s' needs a value", argv[optind - 1]);
		if (c == '?')
			return fault(f, FAULT_USAGE,
			    "option '%s' is unknown or takes no value; see "
			    "--help",
			    argv[optind - 1]);
		if (out->n == OPTIONS_MAX)
			return fault(
			    f, FAULT_USAGE, "over %d options", OPTIONS_MAX);
		out->given[out->n++] =
		    (struct request_option){ table[index].name,
			    optarg != NULL ? optarg : "1" };
	}
	out->operands = argv + optind;
	out->noperands = argc - optind;
	return 0;
}

static void
print_options(const struct option_def *d)
{
	for (; d->name != NULL; d++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "--%s%s%s", d->name,
		    d->arg != NULL ? " " : "", d->arg != NULL ? d->arg : "");
		printf("  %-24s %s\n", left, d->about);
	}
}

void
command_help(const struct command *c)
{
	printf("usage: exhibit %s [options]%s%s\n\n%s\n", c->name,
	    c->operands[0] != '\0' ? " " : "", c->operands, c->help);
	if (c->options != NULL && c->options[0].name != NULL) {
		printf("\noptions:\n");
		print_options(c->options);
	}
	for (size_t i = 0; c->collects && collectors[i] != NULL; i++) {
		if (collectors[i]->options[0].name == NULL)
			continue;
		printf("\noptions of collector %s:\n", collectors[i]->name);
		print_options(collectors[i]->options);
	}
	printf("\ncommon options:\n");
	print_options(common_options);
}

void
print_clean(FILE *to, const char *s, size_t max)
{
	struct buf b = { .max = 8 * max + 64 };

	text_clean(&b, s, strlen(s), max);
	for (size_t i = 0; i < b.len; i++) /* tables keep to their line */
		(void)fputc(
		    b.p[i] == '\n' || b.p[i] == '\t' ? ' ' : b.p[i], to);
	buf_free(&b);
}
