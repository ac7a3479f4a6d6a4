/*
 * The command line: the only room that prints, reads the clock and the
 * environment, and decides the exit status.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "report/judge/check.h"
#include "collector/kit/collector.h"
#include "report/sign/seal.h"
#include "store/collected.h"
#include "base/utc.h"

enum status {
	STATUS_OK = 0,	     /* done, or all satisfied */
	STATUS_FINDINGS = 1, /* something not satisfied or unknown */
	STATUS_TROUBLE = 2,  /* usage, or the work could not be done */
	STATUS_INTEGRITY = 3 /* bytes do not match digest or signature */
};

#define DEFAULT_STORE "exhibit.db"
#define DEFAULT_KEY "exhibit-key.pem"
#define DEFAULT_CERT "exhibit-cert.pem"
#define DEFAULT_REPORT "exhibit-report"

/* Name, value or NULL for a flag, one line: as collectors declare theirs. */
#define option_def collector_option

#define OPTIONS_MAX 256 /* given on one command line */

struct options { /* as given, in order; values borrowed from argv */
	struct request_option given[OPTIONS_MAX];
	size_t n;
	char **operands;
	int noperands;
};

struct cli { /* what main read once */
	char now[UTC_LEN];
	char operator_name[256]; /* user@host */
	bool clock_given;	 /* now came from --now, and stands still */
	char dated[UTC_LEN];	 /* SOURCE_DATE_EPOCH: of documents, or "" */
	bool progress;		 /* stderr is a terminal */
	bool verbose, quiet;
	struct crypto *crypto;
	const struct options *options; /* borrowed; of this command */
	const char *store;	       /* --store, or the default */
	bool store_given;
	const char *tmp;     /* a directory for private folders */
	struct sealing seal; /* how what is made is signed and stamped */
	struct buf tsa_cert; /* of --tsa-cert; owned */
};

/* Of every command that signs. */
#define PASSPHRASE_OPTIONS                                                     \
	{ "passphrase-file", "FILE", "passphrase or PIN, its first line" },    \
	{                                                                      \
		"passphrase-fd", "NUMBER", "the same, from this open file"     \
	}

/* Of every command that keeps a checkpoint. */
#define TSA_OPTIONS                                                            \
	{ "tsa", "URL", "have signatures time-stamped there (RFC 3161)" },     \
	    { "tsa-cert", "FILE", "certificates of the authority, to check" }, \
	{                                                                      \
		"tsa-timeout", "SECONDS", "how long to wait for it (30)"       \
	}

struct command {
	const char *name;
	const char *operands;		  /* usage after the options, or "" */
	const char *about;		  /* one line */
	const char *help;		  /* paragraphs */
	const struct option_def *options; /* ends with name NULL */
	bool collects; /* takes the collectors' options too */
	/* judges the folder it is started in, whose configuration is part of
	 * what is judged: only --config is read */
	bool judges_folder;
	/* STATUS_..., or -1 with the fault that main tells. */
	int (*run)(struct cli *, const struct options *, struct fault *);
};

extern const struct command *const commands[]; /* as shown, then NULL */
extern const struct option_def common_options[];

const struct command *command_find(const char *name); /* NULL: none */

/* Of every command: --store and so on. */
const char *option(const struct options *o, const char *name);
const char *option_or(
    const struct options *o, const char *name, const char *fallback);

/* Read argv after the command's name. allowed: a NULL-terminated list of
 * option tables. FAULT_USAGE names the option. */
MUST_USE int options_parse(struct options *out, int argc, char **argv,
    const struct option_def *const *allowed, struct fault *f);

/* "exhibit: text" on stderr; returns the status that belongs to the fault. */
int tell(const struct fault *f);

/* Usage, options and help of one command, on stdout. */
void command_help(const struct command *c);

/* The time now; the one given, if one was. */
void cli_clock(const struct cli *cli, char out[UTC_LEN]);

/* Make a store; id NULL: a random name. */
MUST_USE int cli_create(
    struct cli *cli, const char *path, const char *id, struct fault *f);

/* The store that is named. STORE_WRITE with create makes it if it does not
 * exist. NULL with a fault. */
MUST_USE struct store *cli_store(
    struct cli *cli, enum store_mode mode, bool create, struct fault *f);

/* The run that asked (--as-of) names (its number, or a date and time), or if it
 * is NULL the newest; at gets the time asked for. FAULT_USAGE if there is
 * none. */
MUST_USE int cli_as_of(struct cli *cli, const char *asked, struct store *st,
    long long *run, char at[UTC_LEN], struct fault *f);

/* The collectors a command line names, and what it asks of them. */
#define ASKED_MAX 16
struct asked {
	const struct collector *list[ASKED_MAX];
	size_t n;
	char *const *operands; /* borrowed from the options */
	size_t noperands;
};

/* Operands up to the first that is no collector's name, and every option that
 * is one (--aws); fallback if there are none. FAULT_USAGE: what is left over
 * is for no collector named, or for several. */
MUST_USE int cli_asked(const struct options *o, const char *fallback,
    struct asked *a, struct fault *f);

/* Ask them one after another; the answers go to the sink. stored: they may
 * ask what the store knows. */
MUST_USE int cli_ask(struct cli *cli, const struct options *o,
    const struct asked *a, bool stored, const struct sink *sink,
    struct fault *f);

/* One run filled by fill(); a fault there ends the run as failed. */
MUST_USE int cli_run(struct cli *cli, struct store *st, const char *plan,
    int (*fill)(void *ctx, const struct sink *, struct fault *), void *ctx,
    struct run_result *result, struct fault *f);

/* What such a run begins with: who, when, with what; origin and plan are the
 * caller's. */
struct run_filling cli_filling(struct cli *cli);

/* Decimal digits alone, at most 15. */
bool cli_is_number(const char *s);

/* 128 random bits as hex: a name that nothing else has. */
MUST_USE int cli_random_id(char out[33], struct fault *f);

/* What was asked, as canonical JSON: a run's plan. */
MUST_USE int cli_plan(const struct asked *a, const struct options *o,
    struct buf *text, struct fault *f);

/* Print what the run could not collect, a line a target (cli/gaps.c). */
MUST_USE int cli_gaps(struct store *st, long long run, struct fault *f);

/* Ask them and keep the answers as one run. */
MUST_USE int cli_collect(struct cli *cli, const struct options *o,
    const struct asked *a, struct store *st, struct run_result *result,
    struct fault *f);

/* --tsa and its kin into cli->seal: asked before any work. */
MUST_USE int cli_tsa(struct cli *cli, const struct options *o, struct fault *f);

/* Where a temporary pager-free table goes: text with control characters
 * shown. Prints at most max bytes. */
void print_clean(FILE *to, const char *s, size_t max);

#endif
