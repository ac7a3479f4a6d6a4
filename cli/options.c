/* Options: one table for parsing, help, manual and completion. */
#include "cli/cli.h"

#include <string.h>

#include "cli/suggest.h"

const struct option_def common_options[] = {
	{ "store", "FILE", "evidence store (default " DEFAULT_STORE ")" },
	{ "config", "FILE", "options from there (exhibit.yaml if it is here)" },
	{ "now", "TIME", "take this UTC time for the clock's" },
	{ "fips", NULL, "hash and sign through a FIPS provider, or fail" },
	{ "verbose", NULL, "say what is being done" },
	{ "quiet", NULL, "of a collection only what is missing, a line each" },
	{ "help", NULL, "show this and exit; -h too" },
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

/* The option of exactly this name: a part of one is none, for it would mean
 * another when options are added. */
static const struct option_def *
find(const struct option_def *const *allowed, struct span name)
{
	for (size_t t = 0; allowed[t] != NULL; t++)
		for (const struct option_def *d = allowed[t]; d->name != NULL;
		     d++)
			if (span_is(name, d->name))
				return d;
	return NULL;
}

static int
unknown_option(const struct option_def *const *allowed, const char *arg,
    struct span name, struct fault *f)
{
	char asked[NEAR_NAME_MAX + 1], text[SUGGESTION_LEN];
	struct near near;

	(void)snprintf(asked, sizeof(asked), "%.*s",
	    name.len > NEAR_NAME_MAX ? NEAR_NAME_MAX : (int)name.len, name.p);
	near = near_to(asked);
	for (size_t t = 0; allowed[t] != NULL; t++)
		for (const struct option_def *d = allowed[t]; d->name != NULL;
		     d++)
			near_offer(&near, span_of(d->name));
	return fault(f, FAULT_USAGE, "option '%s' is unknown%s; see --help",
	    arg, suggestion(&near, "--", text));
}

/* One option at argv[*i], and its value, which may be the next argument. */
static int
take(struct options *out, const struct option_def *const *allowed, int argc,
    char **argv, int *i, struct fault *f)
{
	const char *arg = argv[*i];
	struct span rest, name;
	const struct option_def *d;
	const char *value = "1";

	if (strcmp(arg, "-h") == 0)
		arg = "--help";
	name = span_until(span_of(arg + (arg[1] == '-' ? 2 : 1)), '=', &rest);
	d = arg[1] == '-' ? find(allowed, name) : NULL;
	if (d == NULL)
		return unknown_option(allowed, argv[*i], name, f);
	if (d->arg == NULL && rest.p != NULL)
		return fault(
		    f, FAULT_USAGE, "option '--%s' takes no value", d->name);
	if (d->arg != NULL && rest.p == NULL && *i + 1 == argc)
		return fault(
		    f, FAULT_USAGE, "option '--%s' needs a value", d->name);
	if (out->n == OPTIONS_MAX)
		return fault(f, FAULT_USAGE, "over %d options", OPTIONS_MAX);
	if (d->arg != NULL)
		value = rest.p != NULL ? rest.p : argv[++*i];
	out->given[out->n++] = (struct request_option){ d->name, value };
	return 0;
}

/* Operands may stand between options; they are moved to the front of argv. */
int
options_parse(struct options *out, int argc, char **argv,
    const struct option_def *const *allowed, struct fault *f)
{
	bool ended = false;

	out->n = 0;
	out->operands = argv + 1;
	out->noperands = 0;
	for (int i = 1; i < argc; i++) {
		if (!ended && strcmp(argv[i], "--") == 0)
			ended = true;
		else if (ended || argv[i][0] != '-' || argv[i][1] == '\0')
			out->operands[out->noperands++] = argv[i];
		else if (take(out, allowed, argc, argv, &i, f) == -1)
			return -1;
	}
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
