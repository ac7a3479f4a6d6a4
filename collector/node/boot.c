/* Where fips=1 is configured for the next boot: node.boot, a row a file. */
#include "collector/node/parts.h"

#include <string.h>

#include "base/length.h"

/* The files of the manifest that are read as boot configuration. */
static const struct boot_file {
	const char *prefix, *suffix; /* of the path */
	const char *source;
	int (*read)(struct span, struct boot_facts *, struct fault *);
	int (*read_env)(struct span, const struct boot_env *,
	    struct boot_facts *, struct fault *);
} boot_files[] = {
	{ "/boot/efi/EFI/", "/grub.cfg", "grub-cfg", NULL, boot_grub_cfg },
	{ "/boot/efi/EFI/", "/grubenv", "grubenv", boot_grubenv, NULL },
	{ "/boot/efi/loader/entries/", ".conf", "bls", NULL, boot_bls },
	{ "/boot/grub/", "/grub.cfg", "grub-cfg", NULL, boot_grub_cfg },
	{ "/boot/grub/", "/grubenv", "grubenv", boot_grubenv, NULL },
	{ "/boot/grub2/", "/grub.cfg", "grub-cfg", NULL, boot_grub_cfg },
	{ "/boot/grub2/", "/grubenv", "grubenv", boot_grubenv, NULL },
	{ "/boot/loader/entries/", ".conf", "bls", NULL, boot_bls },
	{ "/etc/dracut.conf.d/", ".conf", "dracut-conf", boot_dracut, NULL },
	{ "/etc/kernel/cmdline", "", "kernel-cmdline", boot_kernel_cmdline,
	    NULL },
	{ "/proc/bootconfig", "", "bootconfig", boot_bootconfig, NULL },
	{ "/usr/lib/bootc/kargs.d/", ".toml", "bootc-kargs", boot_kargs, NULL },
	{ "/usr/lib/dracut/dracut.conf.d/", ".conf", "dracut-conf", boot_dracut,
	    NULL },
	{ "/usr/lib/kernel/cmdline", "", "kernel-cmdline", boot_kernel_cmdline,
	    NULL },
};

/* Where they stand. */
static const char *const boot_folders[] = { "/boot", "/etc/default",
	"/etc/dracut.conf.d", "/usr/lib/bootc", "/usr/lib/dracut" };

static int
emit_facts(struct parts *p, const char *path, const char *source,
    const struct boot_facts *b, bool decides, struct fault *f)
{
	ATTRS_AUTO(a);
	struct span none = { NULL, 0 };

	attrs_bool(&a, "decides", decides);
	attrs_int(&a, "entries", b->entries);
	if (b->entries_fips < 0)
		put_null(&a, "entries_fips");
	else
		attrs_int(&a, "entries_fips", b->entries_fips);
	put_span(&a, "fips",
	    b->has_fips ? (struct span){ b->fips, b->fips_len } : none,
	    FIPS_VALUE_MAX);
	attrs_str(&a, "source", source);
	return emit_observed(p->e, &node_boot_kind, path, &a, path, f);
}

/*
 * Of some sources several files are read and one counts: the last of GRUB's
 * defaults, the first kernel command line, of bootc's arguments (which add
 * up) one with fips=1 if there is any. The candidate waits until all are read.
 */
struct candidate {
	const char *path, *source; /* borrowed; path NULL: none yet */
	struct boot_facts facts;
};

static bool
prevails(const struct candidate *new, const struct candidate *old)
{
	if (strcmp(new->source, "grub-default") == 0)
		return new->facts.entries > 0;
	return strcmp(new->source, "bootc-kargs") == 0 &&
	       new->facts.entries_fips > 0 && old->facts.entries_fips <= 0;
}

/* Tell of the one that does not count, and keep the other. */
static int
offer(struct parts *p, struct candidate *best, const struct candidate *new,
    struct fault *f)
{
	struct candidate loser = *new;

	if (best->path == NULL) {
		*best = *new;
		return 0;
	}
	if (prevails(new, best)) {
		loser = *best;
		*best = *new;
	}
	return emit_facts(p, loser.path, loser.source, &loser.facts, false, f);
}

static int
settle(struct parts *p, struct candidate *best, struct fault *f)
{
	int rc = 0;

	if (best->path != NULL)
		rc = emit_facts(p, best->path, best->source, &best->facts,
		    best->facts.entries > 0, f);
	best->path = NULL;
	return rc;
}

static int
emit_refused(
    struct parts *p, const char *path, const struct reading *r, struct fault *f)
{
	return emit_outcome(
	    p->e, &node_boot_kind, path, r->outcome, r->reason, path, f);
}

/* A file that is not of its form is evidence of that, not a failed run; a
 * failure to remember is ours. */
static int
emit_malformed(
    struct parts *p, const char *path, const struct fault *why, struct fault *f)
{
	if (why->kind == FAULT_IO) {
		*f = *why;
		return -1;
	}
	return emit_outcome(
	    p->e, &node_boot_kind, path, OUTCOME_ERROR, why->text, path, f);
}

/* best: where the source has several files of which one counts. */
static int
emit_file(struct parts *p, const struct entry *e, const struct boot_file *b,
    const struct boot_env *env, struct candidate *best, struct fault *f)
{
	struct reading r = part_read(p, e->path);
	struct boot_facts facts = { 0 };
	struct fault why;
	int rc;

	if (r.outcome != OUTCOME_OBSERVED)
		return emit_refused(p, e->path, &r, f);
	rc = b->read != NULL ? b->read(r.text, &facts, &why)
			     : b->read_env(r.text, env, &facts, &why);
	if (rc == -1)
		return emit_malformed(p, e->path, &why, f);
	if (best != NULL)
		return offer(p, best,
		    &(struct candidate){ e->path, b->source, facts }, f);
	return emit_facts(p, e->path, b->source, &facts,
	    facts.entries > 0 && strcmp(b->source, "dracut-conf") != 0, f);
}

/* The block that kernel lines refer to: of BIOS, else of UEFI hosts (where
 * the first is usually a link to the second). */
static void
read_env(const struct parts *p, struct boot_env *env)
{
	static const char *const first[] = { "/boot/grub2/grubenv",
		"/boot/grub/grubenv" };
	struct reading r = { .outcome = OUTCOME_ABSENT };
	const struct entry *e;
	size_t n;

	*env = (struct boot_env){ 0 };
	for (size_t i = 0; i < 2 && r.outcome == OUTCOME_ABSENT; i++)
		r = part_read(p, first[i]);
	e = snapshot_under(p->s, "/boot/efi/EFI/", &n);
	for (size_t i = 0; i < n && r.outcome == OUTCOME_ABSENT; i++)
		if (span_ends(span_of(e[i].path), "/grubenv"))
			r = part_read(p, e[i].path);
	if (r.outcome == OUTCOME_OBSERVED)
		boot_env_read(r.text, env);
	else if (r.outcome != OUTCOME_ABSENT)
		env->unreadable = true;
}

static int
emit_grub_default(struct parts *p, const char *path, struct grub_default *g,
    struct candidate *best, struct fault *f)
{
	struct reading r = part_read(p, path);
	struct boot_facts facts = { 0 };
	struct fault why;

	if (r.outcome == OUTCOME_ABSENT && r.entry == NULL)
		return 0;
	if (r.outcome != OUTCOME_OBSERVED) {
		if (r.outcome != OUTCOME_ABSENT)
			grub_default_unreadable(g);
		return emit_refused(p, path, &r, f);
	}
	if (boot_grub_default(r.text, g, &facts, &why) == -1) {
		grub_default_unreadable(g);
		return emit_malformed(p, path, &why, f);
	}
	return offer(
	    p, best, &(struct candidate){ path, "grub-default", facts }, f);
}

/*
 * In the order grub-mkconfig of Debian, Ubuntu and SUSE sources them; each
 * row says what the variables hold once that file is read, so the last one
 * with an entry is what the next grub.cfg will be made of.
 */
static int
emit_grub_defaults(struct parts *p, struct fault *f)
{
	struct candidate best = { 0 };
	struct grub_default g;
	const struct entry *e;
	size_t n;
	int rc;

	grub_default_init(&g);
	rc = emit_grub_default(p, "/etc/default/grub", &g, &best, f);
	e = snapshot_under(p->s, "/etc/default/grub.d", &n);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		struct span path = span_of(e[i].path);

		if (part_hides(&e[i])) /* told of by emit_folders() */
			grub_default_unreadable(&g);
		else if (span_ends(path, ".cfg"))
			rc = emit_grub_default(p, e[i].path, &g, &best, f);
	}
	grub_default_free(&g);
	return rc == 0 ? settle(p, &best, f) : rc;
}

/* A folder that could not be listed: no file of it is known, so the folder
 * itself is the subject that was refused. */
static int
emit_folders(struct parts *p, struct fault *f)
{
	for (size_t i = 0; i < LENGTH(boot_folders); i++) {
		size_t n;
		const struct entry *e =
		    snapshot_under(p->s, boot_folders[i], &n);

		for (size_t k = 0; k < n; k++) {
			struct reading r;

			if (!part_hides(&e[k]))
				continue;
			r = part_read(p, e[k].path);
			if (part_gap(p, &node_boot_kind, r.outcome, r.reason,
				f) == -1 ||
			    emit_refused(p, e[k].path, &r, f) == -1)
				return -1;
		}
	}
	return 0;
}

/* One source's files; of kernel-cmdline and bootc-kargs one counts. */
static int
emit_files(struct parts *p, const struct boot_file *b,
    const struct boot_env *env, struct candidate *best, struct fault *f)
{
	size_t n;
	const struct entry *e = snapshot_under(p->s, b->prefix, &n);

	for (size_t k = 0; k < n; k++)
		if (span_ends(span_of(e[k].path), b->suffix) &&
		    emit_file(p, &e[k], b, env, best, f) == -1)
			return -1;
	return 0;
}

int
boot_emit(struct parts *p, struct fault *f)
{
	struct candidate cmdline = { 0 }, kargs = { 0 };
	struct boot_env env;

	read_env(p, &env);
	if (emit_grub_defaults(p, f) == -1)
		return -1;
	for (size_t i = 0; i < LENGTH(boot_files); i++) {
		const struct boot_file *b = &boot_files[i];
		struct candidate *best = NULL;

		if (strcmp(b->source, "kernel-cmdline") == 0)
			best = &cmdline;
		else if (strcmp(b->source, "bootc-kargs") == 0)
			best = &kargs;
		if (emit_files(p, b, &env, best, f) == -1)
			return -1;
	}
	if (settle(p, &cmdline, f) == -1 || settle(p, &kargs, f) == -1)
		return -1;
	return emit_folders(p, f);
}
