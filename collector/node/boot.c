/* Where fips=1 is configured for the next boot: node.boot, a row a file. */
#include "collector/node/parts.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "collector/node/boot_next.h"

#define IMAGE_LINE_MAX ((size_t)1024 * 1024)

enum boot_form { /* of a file */
	FORM_PLAIN,
	FORM_GRUB_CFG,
	FORM_BLS,
	FORM_UKI,
	FORM_ZIPL,
	FORM_OEM
};

/* The files of the manifest that are read as boot configuration. */
static const struct boot_file {
	const char *prefix, *suffix; /* of the path */
	const char *source;
	enum boot_form form;
	int (*read)(struct span, struct boot_facts *, struct fault *);
	int (*read_env)(struct span, const struct boot_env *,
	    struct boot_facts *, struct fault *);
} boot_files[] = {
	/* grub.cfg first: it says which of the others are read */
	{ "/boot/grub/", "/grub.cfg", "grub-cfg", FORM_GRUB_CFG, NULL,
	    boot_grub_cfg },
	{ "/boot/grub/", "/custom.cfg", "grub-cfg", FORM_GRUB_CFG, NULL,
	    boot_grub_cfg },
	{ "/boot/grub2/", "/grub.cfg", "grub-cfg", FORM_GRUB_CFG, NULL,
	    boot_grub_cfg },
	{ "/boot/grub2/", "/custom.cfg", "grub-cfg", FORM_GRUB_CFG, NULL,
	    boot_grub_cfg },
	{ "/boot/efi/EFI/", "/grub.cfg", "grub-cfg", FORM_GRUB_CFG, NULL,
	    boot_grub_cfg },
	{ "/boot/EFI/Linux/", ".efi", "uki", FORM_UKI, boot_kernel_cmdline,
	    NULL },
	{ "/boot/efi/EFI/", "/grubenv", "grubenv", FORM_PLAIN, boot_grubenv,
	    NULL },
	{ "/boot/efi/EFI/Linux/", ".efi", "uki", FORM_UKI, boot_kernel_cmdline,
	    NULL },
	{ "/boot/efi/loader/entries/", ".conf", "bls", FORM_BLS, NULL,
	    boot_bls },
	{ "/boot/grub/", "/grubenv", "grubenv", FORM_PLAIN, boot_grubenv,
	    NULL },
	{ "/boot/grub2/", "/grubenv", "grubenv", FORM_PLAIN, boot_grubenv,
	    NULL },
	{ "/boot/loader/entries/", ".conf", "bls", FORM_BLS, NULL, boot_bls },
	{ "/efi/EFI/Linux/", ".efi", "uki", FORM_UKI, boot_kernel_cmdline,
	    NULL },
	{ "/efi/loader/entries/", ".conf", "bls", FORM_BLS, NULL, boot_bls },
	{ "/etc/dracut.conf.d/", ".conf", "dracut-conf", FORM_PLAIN,
	    boot_dracut, NULL },
	{ "/etc/kernel/cmdline", "", "kernel-cmdline", FORM_PLAIN,
	    boot_kernel_cmdline, NULL },
	{ "/etc/zipl.conf", "", "zipl", FORM_ZIPL, NULL, boot_zipl },
	{ "/oem/grub.cfg", "", "oem-grub", FORM_OEM, boot_oem, NULL },
	{ "/proc/bootconfig", "", "bootconfig", FORM_PLAIN, boot_bootconfig,
	    NULL },
	{ "/usr/lib/bootc/kargs.d/", ".toml", "bootc-kargs", FORM_PLAIN,
	    boot_kargs, NULL },
	{ "/usr/lib/dracut/dracut.conf.d/", ".conf", "dracut-conf", FORM_PLAIN,
	    boot_dracut, NULL },
	{ "/usr/lib/kernel/cmdline", "", "kernel-cmdline", FORM_PLAIN,
	    boot_kernel_cmdline, NULL },
	{ "/usr/share/oem/grub.cfg", "", "oem-grub", FORM_OEM, boot_oem, NULL },
};

/* Where they stand. */
static const char *const boot_folders[] = { "/boot", "/efi", "/etc/default",
	"/etc/dracut.conf.d", "/usr/lib/bootc", "/usr/lib/dracut" };

/* What the readers share. */
struct booting {
	struct parts *p;
	struct boot_env env;
	struct next_boot next;
	enum loader loader; /* of the file being read */
};

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

static void
keep(char out[NEXT_NAME_MAX], struct span s)
{
	BUF_AUTO(clean, 4 * NEXT_NAME_MAX + 16);

	if (s.p != NULL)
		text_clean(&clean, s.p, s.len, NEXT_NAME_MAX - 8);
	(void)snprintf(out, NEXT_NAME_MAX, "%s", clean.len > 0 ? clean.p : "");
}

/* An entry of a grub.cfg or zipl.conf. */
static int
take_entry(void *ctx, const struct boot_entry *e, struct fault *f)
{
	struct booting *b = ctx;
	struct next_entry n = { .loader = b->loader,
		.nested = e->nested,
		.top = e->top,
		.fips = e->fips,
		.has_boot = e->has_boot };

	keep(n.name, e->id.p != NULL ? e->id : e->title);
	keep(n.title, e->title);
	return next_add(&b->next, &n, f);
}

/* A file that is an entry of its own. */
static int
take_file(struct booting *b, const char *path, const struct boot_facts *facts,
    enum loader loader, bool bls, struct fault *f)
{
	struct next_entry n = { .loader = loader,
		.bls = bls,
		.fips = facts->last,
		.has_boot = facts->last_boot };
	const char *name = loader == LOADER_OEM ? path : strrchr(path, '/') + 1;
	size_t len = strlen(name);

	if (span_ends(span_of(name), ".conf"))
		len -= strlen(".conf");
	keep(n.name, (struct span){ name, len });
	return next_add(&b->next, &n, f);
}

/* systemd-boot's own configuration beside the entries: no GRUB reads them. */
static bool
of_systemd(const struct booting *b, const char *path)
{
	return strncmp(path, "/boot/loader/", 13) != 0 ||
	       (!b->next.blscfg && !b->next.menu &&
		   snapshot_outcome(b->p->s, "/boot/loader/loader.conf") ==
		       OUTCOME_OBSERVED);
}

static int
take_facts(struct booting *b, const struct boot_file *k, const char *path,
    struct span text, const struct boot_facts *facts, struct fault *f)
{
	switch (k->form) {
	case FORM_GRUB_CFG:
		b->next.blscfg |= facts->blscfg;
		b->next.menu |= facts->entries > 0;
		if (facts->blscfg || facts->entries > 0)
			keep(b->next.chosen[LOADER_GRUB],
			    boot_grub_default_entry(text, &b->env));
		return 0;
	case FORM_BLS:
		return take_file(b, path, facts,
		    of_systemd(b, path) ? LOADER_SYSTEMD : LOADER_GRUB,
		    !of_systemd(b, path), f);
	case FORM_UKI:
		return take_file(b, path, facts, LOADER_SYSTEMD, false, f);
	case FORM_OEM:
		return facts->entries > 0
			   ? take_file(b, path, facts, LOADER_OEM, false, f)
			   : 0;
	default:
		return 0;
	}
}

/* An entry that could not be read can be booted all the same. */
static int
take_unread(struct booting *b, const struct boot_file *k, const char *path,
    enum outcome outcome, struct fault *f)
{
	if (outcome == OUTCOME_ABSENT ||
	    (k->form != FORM_BLS && k->form != FORM_UKI && k->form != FORM_OEM))
		return 0;
	return take_facts(b, k, path, (struct span){ "", 0 },
	    &(struct boot_facts){ .entries = 1, .last = -1 }, f);
}

/* bootc's arguments for other machines are none; of a machine that is not
 * known they may be. */
static void
for_this_machine(const struct parts *p, struct boot_facts *facts)
{
	struct span rest = span_of(facts->arches), word;

	if (!facts->for_arches)
		return;
	if (p->arch[0] == '\0') {
		facts->entries_fips = -1;
		return;
	}
	while (span_word(&rest, &word))
		if (span_is(word, p->arch))
			return;
	facts->entries = 0;
	facts->entries_fips = 0;
	facts->has_fips = false;
}

/* Append the command lines of the addons below folder, in the order of their
 * names. false: one of them was not read. */
static bool
add_addons(const struct parts *p, const char *folder, struct buf *line)
{
	size_t n;
	const struct entry *e = snapshot_under(p->s, folder, &n);
	bool all = true;

	for (size_t i = 0; i < n; i++) {
		struct reading r = part_read(p, e[i].path);

		if (r.outcome == OUTCOME_OBSERVED) {
			buf_putc(line, ' ');
			buf_put(line, r.text.p, r.text.len);
		} else if (r.outcome != OUTCOME_ABSENT) {
			all = false;
		}
	}
	return all;
}

/* A unified kernel image boots with its own command line and those of addons,
 * of all images and then of this one: systemd-stub(7). */
static int
read_image(const struct parts *p, const char *path, struct span text,
    struct boot_facts *facts, struct fault *f)
{
	const char *linux_ = strstr(path, "/EFI/Linux/");
	char folder[512];
	bool all;
	BUF_AUTO(line, IMAGE_LINE_MAX);

	buf_put(&line, text.p, text.len);
	(void)snprintf(folder, sizeof(folder), "%.*s/loader/addons/",
	    (int)(linux_ - path), path);
	all = add_addons(p, folder, &line);
	(void)snprintf(folder, sizeof(folder), "%.480s.extra.d", path);
	all &= add_addons(p, folder, &line);
	if (buf_done(&line, "command line", f) == -1 ||
	    boot_kernel_cmdline((struct span){ line.p, line.len }, facts, f) ==
		-1)
		return -1;
	if (!all) {
		facts->entries_fips = -1;
		facts->last = -1;
	}
	return 0;
}

/* best: where the source has several files of which one counts. */
static int
emit_file(struct booting *b, const struct entry *e, const struct boot_file *k,
    struct candidate *best, struct fault *f)
{
	struct parts *p = b->p;
	struct reading r = part_read(p, e->path);
	struct boot_facts facts = { 0 };
	struct fault why;
	int rc;

	if (r.outcome != OUTCOME_OBSERVED)
		return take_unread(b, k, e->path, r.outcome, f) == -1
			   ? -1
			   : emit_refused(p, e->path, &r, f);
	b->loader = k->form == FORM_ZIPL ? LOADER_ZIPL : LOADER_GRUB;
	if (k->form == FORM_UKI)
		rc = read_image(p, e->path, r.text, &facts, &why);
	else
		rc = k->read != NULL
			 ? k->read(r.text, &facts, &why)
			 : k->read_env(r.text, &b->env, &facts, &why);
	if (rc == -1)
		return take_unread(b, k, e->path, OUTCOME_ERROR, f) == -1
			   ? -1
			   : emit_malformed(p, e->path, &why, f);
	for_this_machine(p, &facts);
	if (take_facts(b, k, e->path, r.text, &facts, f) == -1)
		return -1;
	if (best != NULL)
		return offer(p, best,
		    &(struct candidate){ e->path, k->source, facts }, f);
	return emit_facts(p, e->path, k->source, &facts,
	    facts.entries > 0 && strcmp(k->source, "dracut-conf") != 0, f);
}

static void
read_block(struct booting *b, const struct reading *r)
{
	if (r->outcome == OUTCOME_OBSERVED)
		boot_env_read(r->text, &b->env);
	else if (r->outcome != OUTCOME_ABSENT)
		b->env.unreadable = true;
}

/* The blocks that kernel lines refer to: GRUB's own of BIOS, else of UEFI
 * hosts (where the first is usually a link to the second), and Photon's. */
static void
read_env(struct booting *b)
{
	static const char *const first[] = { "/boot/grub2/grubenv",
		"/boot/grub/grubenv" };
	static const char *const more[] = { "/boot/photon.cfg",
		"/boot/systemd.cfg" };
	struct reading r = { .outcome = OUTCOME_ABSENT };
	const struct entry *e;
	size_t n;

	for (size_t i = 0; i < LENGTH(more); i++) {
		r = part_read(b->p, more[i]);
		read_block(b, &r);
	}
	r.outcome = OUTCOME_ABSENT;
	for (size_t i = 0; i < LENGTH(first) && r.outcome == OUTCOME_ABSENT;
	     i++)
		r = part_read(b->p, first[i]);
	e = snapshot_under(b->p->s, "/boot/efi/EFI/", &n);
	for (size_t i = 0; i < n && r.outcome == OUTCOME_ABSENT; i++)
		if (span_ends(span_of(e[i].path), "/grubenv"))
			r = part_read(b->p, e[i].path);
	read_block(b, &r);
	for (size_t i = 0; i < 2; i++) { /* its set statements */
		r = part_read(b->p,
		    i == 0 ? "/boot/grub2/grub.cfg" : "/boot/grub/grub.cfg");
		if (r.outcome == OUTCOME_OBSERVED && b->env.config.p == NULL)
			b->env.config = r.text;
	}
}

/* "default NAME" of loader.conf(5), "default=NAME" of zipl.conf(5). */
static void
read_defaults(struct booting *b)
{
	static const struct {
		const char *path;
		enum loader loader;
	} files[] = {
		{ "/boot/loader/loader.conf", LOADER_SYSTEMD },
		{ "/boot/efi/loader/loader.conf", LOADER_SYSTEMD },
		{ "/efi/loader/loader.conf", LOADER_SYSTEMD },
		{ "/etc/zipl.conf", LOADER_ZIPL },
	};

	for (size_t i = 0; i < LENGTH(files); i++) {
		struct reading r = part_read(b->p, files[i].path);
		struct span line, key, value;

		while (r.text.p != NULL && span_line(&r.text, &line)) {
			if (files[i].loader == LOADER_ZIPL) {
				key = span_trim(span_until(line, '=', &value));
			} else {
				value = line;
				if (!span_word(&value, &key))
					continue;
			}
			if (span_is(key, "default") && value.p != NULL)
				keep(b->next.chosen[files[i].loader],
				    span_trim(value));
		}
	}
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
emit_files(struct booting *b, const struct boot_file *k, struct candidate *best,
    struct fault *f)
{
	size_t n;
	const struct entry *e = snapshot_under(b->p->s, k->prefix, &n);

	for (size_t i = 0; i < n; i++)
		if (span_ends(span_of(e[i].path), k->suffix) &&
		    strstr(e[i].path, ".extra.d/") == NULL &&
		    emit_file(b, &e[i], k, best, f) == -1)
			return -1;
	return 0;
}

static int
emit_all(struct booting *b, struct fault *f)
{
	struct candidate cmdline = { 0 }, kargs = { 0 };

	for (size_t i = 0; i < LENGTH(boot_files); i++) {
		const struct boot_file *k = &boot_files[i];
		struct candidate *best = NULL;

		if (strcmp(k->source, "kernel-cmdline") == 0)
			best = &cmdline;
		else if (strcmp(k->source, "bootc-kargs") == 0)
			best = &kargs;
		if (emit_files(b, k, best, f) == -1)
			return -1;
	}
	if (settle(b->p, &cmdline, f) == -1 || settle(b->p, &kargs, f) == -1 ||
	    emit_folders(b->p, f) == -1)
		return -1;
	return next_emit(b->p, &b->next, f);
}

int
boot_emit(struct parts *p, struct fault *f)
{
	struct booting b = { .p = p };
	int rc;

	b.env.entry = take_entry;
	b.env.ctx = &b;
	read_env(&b);
	read_defaults(&b);
	rc = emit_grub_defaults(p, f);
	if (rc == 0)
		rc = emit_all(&b, f);
	next_free(&b.next);
	return rc;
}
