/*
 * The parsers under the interpreters. Each takes text as it was read (any
 * bytes: NULs, no final newline, CRLF, lines of a megabyte) and borrows it.
 * Tests and fuzz targets call them directly.
 */
#ifndef COLLECTOR_NODE_NODE_PARSE_H
#define COLLECTOR_NODE_NODE_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/span.h"
#include "collector/kit/os_release.h"
#include "collector/kit/packages.h"

/*
 * The last value of name= on a kernel command line, as lib/cmdline.c's
 * next_arg() and parse_args() read it: whole tokens, double quotes keep
 * blanks together, "--" ends the kernel's part. False without one.
 */
bool cmdline_last(struct span line, const char *name, struct span *value);

/* Is a value of fips= on, as the kernel reads it: simple_strtol() of base 0,
 * so 0x1, 010 and 1,x are, and 0, "on" and nothing are not. */
bool cmdline_on(struct span value);

/*
 * sh assignments, for /etc/default/grub and dracut.conf: step to the next
 * NAME= or NAME+= at the start of a statement. Conditions are not evaluated:
 * what stands in an if counts.
 */
bool shell_assignment(struct span *rest, struct span *name, bool *append);

/* Told of each $name in a word: appends what it stands for. */
struct shell_vars {
	void (*expand)(
	    void *ctx, struct span name, struct buf *out, size_t *murky);
	void *ctx;
};

/* For shell_vars: a variable stays as it is written. */
void shell_unknown(void *ctx, struct span name, struct buf *out, size_t *murky);

/*
 * Append the sh word at the start of rest, quotes undone, and step past it.
 * *murky becomes the length of out up to which it depends on what cannot be
 * known (command substitution). *joined: blanks inside came from quotes.
 * -1: a quote is not closed.
 */
MUST_USE int shell_word(struct span *rest, const struct shell_vars *vars,
    struct buf *out, size_t *murky, bool *joined, struct fault *f);

#define FIPS_VALUE_MAX 64

#define ARCHES_MAX 128

/* What a boot file says of fips=. */
struct boot_facts {
	long long entries;	/* kernel lines */
	long long entries_fips; /* with fips= on; -1: cannot be told */
	bool has_fips;		/* one line, and it has fips= */
	char fips[FIPS_VALUE_MAX + 1];
	size_t fips_len; /* over FIPS_VALUE_MAX: it was longer */
	int last;	 /* of the last line: 1 on, 0 not, -1 cannot be told */
	bool last_boot;	 /* and it has boot= */
	bool blscfg;	 /* a grub.cfg that reads loader/entries */
	bool for_arches; /* kargs.d: only for these, each and a blank */
	char arches[ARCHES_MAX];
};

/* One entry that can be booted. */
struct boot_entry {
	struct span title, id; /* p NULL: none */
	int top;	       /* its place in the menu, from 0 */
	bool nested;	       /* in a submenu, which has the place */
	int fips;	       /* 1 on, 0 not, -1 cannot be told */
	bool has_boot;	       /* has boot= */
};

#define BOOT_BLOCKS_MAX 8

/* The variables of GRUB environment blocks that kernel lines refer to. */
struct boot_env {
	struct span kernelopts, tuned_params;
	struct span blocks[BOOT_BLOCKS_MAX]; /* whole, the later ones count */
	size_t nblocks;
	struct span config; /* grub.cfg, for its set statements */
	bool unreadable;    /* there may be some, we could not look */
	bool loads_more;    /* something was sourced that is not here */
	/* Told of each entry of a grub.cfg or zipl.conf; NULL: nobody asks. */
	int (*entry)(void *ctx, const struct boot_entry *e, struct fault *f);
	void *ctx;
};

/* GRUB_CMDLINE_LINUX and _DEFAULT through /etc/default/grub and then
 * grub.d/\*.cfg in order, as grub-mkconfig sources them. */
struct grub_default {
	struct buf value[2];
	size_t murky[2]; /* bytes of it that cannot be known */
};

#define GRUB_VALUE_MAX ((size_t)64 * 1024)

void grub_default_init(struct grub_default *g);
void grub_default_free(struct grub_default *g);
void grub_default_unreadable(struct grub_default *g); /* one of the files */

/* Each fills facts (zeroed by the caller); -1: the file is not of its form. */
MUST_USE int boot_grub_default(struct span text, struct grub_default *g,
    struct boot_facts *facts, struct fault *f);
MUST_USE int boot_grub_cfg(struct span text, const struct boot_env *env,
    struct boot_facts *facts, struct fault *f);
MUST_USE int boot_bls(struct span text, const struct boot_env *env,
    struct boot_facts *facts, struct fault *f);
MUST_USE int boot_grubenv(
    struct span text, struct boot_facts *facts, struct fault *f);
MUST_USE int boot_kernel_cmdline(
    struct span text, struct boot_facts *facts, struct fault *f);
MUST_USE int boot_kargs(
    struct span text, struct boot_facts *facts, struct fault *f);
MUST_USE int boot_bootconfig(
    struct span text, struct boot_facts *facts, struct fault *f);
MUST_USE int boot_dracut(
    struct span text, struct boot_facts *facts, struct fault *f);

/* One more block (NAME=value lines). */
void boot_env_read(struct span text, struct boot_env *env);

/* Which entry grub.cfg says is booted: a place, an id or a title. */
struct span boot_grub_default_entry(
    struct span text, const struct boot_env *env);

/* One more kernel line; murky: bytes of args that cannot be known. */
void boot_note(struct boot_facts *b, struct span args, size_t murky);

/* zipl.conf(5): each section with a kernel, told as entries. */
MUST_USE int boot_zipl(struct span text, const struct boot_env *env,
    struct boot_facts *facts, struct fault *f);
/* GRUB script of Flatcar's OEM partition: set linux_append="...". */
MUST_USE int boot_oem(
    struct span text, struct boot_facts *facts, struct fault *f);

/* "FIPS:OSPP" of a crypto-policies file: the first line that is not blank
 * or comment, in capitals as update-crypto-policies reads it. */
#define POLICY_MAX 256
MUST_USE int policy_read(
    struct span text, char out[POLICY_MAX], struct fault *f);

/* Drivers of /proc/crypto whose selftest is not "passed"; told one by one. */
MUST_USE int proc_crypto(struct span text,
    void (*failed)(void *ctx, struct span driver), void *ctx, struct fault *f);

/* fips140= of GODEBUG= in an environment file; false without one. */
bool go_fips140(struct span text, struct span *value);

/* NSS= of pkcs11.txt: 1 has the fips flag, 0 has not, -1 no such line. */
int nss_forced(struct span text);

#endif
