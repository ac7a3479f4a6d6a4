/* See boot_next.h. */
#include "collector/node/boot_next.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
next_add(struct next_boot *b, const struct next_entry *e, struct fault *f)
{
	struct next_entry *v;

	if (b->n == NEXT_MAX) {
		b->full = true;
		return 0;
	}
	v = reallocarray(b->v, b->n + 1, sizeof(*v));
	if (v == NULL)
		return fault_memory(f);
	b->v = v;
	b->v[b->n++] = *e;
	return 0;
}

void
next_free(struct next_boot *b)
{
	free(b->v);
	*b = (struct next_boot){ 0 };
}

static size_t
run(const char *s, bool digits)
{
	size_t n = 0;

	while (s[n] != '\0' && (digits ? isdigit((unsigned char)s[n]) != 0
				       : isalpha((unsigned char)s[n]) != 0))
		n++;
	return n;
}

int
version_order(const char *a, const char *b)
{
	for (;;) {
		size_t na, nb, common;
		bool digits;
		int c;

		while (*a != '\0' && !isalnum((unsigned char)*a))
			a++;
		while (*b != '\0' && !isalnum((unsigned char)*b))
			b++;
		if (*a == '\0' || *b == '\0')
			return (*a != '\0') - (*b != '\0');
		digits = isdigit((unsigned char)*a) != 0;
		na = run(a, digits);
		nb = run(b, digits);
		if (nb == 0) /* a number is newer than a word */
			return digits ? 1 : -1;
		while (digits && na > 1 && *a == '0')
			a++, na--;
		while (digits && nb > 1 && *b == '0')
			b++, nb--;
		if (digits && na != nb)
			return na < nb ? -1 : 1;
		common = na < nb ? na : nb;
		c = memcmp(a, b, common);
		if (c != 0)
			return c < 0 ? -1 : 1;
		if (na != nb)
			return na < nb ? -1 : 1;
		a += na;
		b += nb;
	}
}

/* Is the entry among those the loader offers? grub.cfg need not read the
 * entries of the Boot Loader Specification. */
static bool
offered(
    const struct next_boot *b, const struct next_entry *e, enum loader loader)
{
	if (e->loader != loader)
		return false;
	return loader != LOADER_GRUB || !e->bls || b->blscfg || !b->menu;
}

/* Place, id, title or, of systemd-boot, a pattern of file names. */
static bool
is_chosen(const struct next_entry *e, const char *word)
{
	char name[NEXT_NAME_MAX + 8];
	const char *last = strrchr(word, '>');

	if (last != NULL)
		word = last + 1;
	if (strlen(word) >= NEXT_NAME_MAX - 16)
		return false; /* it may have been cut: not known */
	if (strcmp(e->name, word) == 0 ||
	    (e->title[0] != '\0' && strcmp(e->title, word) == 0))
		return true;
	(void)snprintf(name, sizeof(name), "%s.conf", e->name);
	return e->loader == LOADER_SYSTEMD &&
	       (fnmatch(word, name, 0) == 0 || fnmatch(word, e->name, 0) == 0);
}

/* The entry at a place of GRUB's menu: its own entries, or those of blscfg,
 * the newest first. Both together: not known. */
static const struct next_entry *
at_place(const struct next_boot *b, enum loader loader, long place)
{
	const struct next_entry *found = NULL;
	bool own = false, bls = false;
	long before;

	for (size_t i = 0; i < b->n; i++)
		if (offered(b, &b->v[i], loader)) {
			own |= !b->v[i].bls;
			bls |= b->v[i].bls;
		}
	if (own == bls)
		return NULL;
	for (size_t i = 0; i < b->n; i++) {
		const struct next_entry *e = &b->v[i];

		if (!offered(b, e, loader))
			continue;
		before = e->top;
		if (bls) {
			before = 0;
			for (size_t k = 0; k < b->n; k++)
				before +=
				    offered(b, &b->v[k], loader) &&
				    version_order(b->v[k].name, e->name) > 0;
		}
		if (before != place)
			continue;
		if (found != NULL || e->nested)
			return NULL;
		found = e;
	}
	return found;
}

/* The default entry of a loader; NULL: it has none, or it is not known. */
static const struct next_entry *
default_of(const struct next_boot *b, enum loader loader)
{
	const char *word = b->chosen[loader];
	const struct next_entry *found = NULL;
	size_t n = 0, last = 0;

	for (size_t i = 0; i < b->n; i++)
		if (offered(b, &b->v[i], loader)) {
			n++;
			last = i;
		}
	if (n == 1)
		return &b->v[last];
	if (word[0] == '\0' || word[strspn(word, "0123456789")] == '\0')
		return loader == LOADER_SYSTEMD && word[0] == '\0'
			   ? NULL
			   : at_place(b, loader, atol(word));
	for (size_t i = 0; i < b->n; i++) {
		if (!offered(b, &b->v[i], loader) || !is_chosen(&b->v[i], word))
			continue;
		if (found == NULL || loader != LOADER_SYSTEMD ||
		    version_order(b->v[i].name, found->name) > 0)
			found = &b->v[i];
	}
	return found;
}

struct verdict {			/* over all loaders */
	const struct next_entry *entry; /* NULL: none alone decides */
	int fips;			/* 1, 0, -1 */
	bool boot_lacks;
	size_t seen;
};

/* What one loader will do; every entry alike needs no default. */
static void
judge_loader(const struct next_boot *b, enum loader loader, struct verdict *d)
{
	const struct next_entry *e = default_of(b, loader), *any = NULL;
	bool alike = true, lacks = false;
	int fips;

	for (size_t i = 0; i < b->n; i++) {
		if (!offered(b, &b->v[i], loader))
			continue;
		if (any != NULL && any->fips != b->v[i].fips)
			alike = false;
		any = any == NULL ? &b->v[i] : any;
		lacks |= b->v[i].fips == 1 && !b->v[i].has_boot;
	}
	if (any == NULL)
		return;
	fips = e != NULL ? e->fips : alike ? any->fips : -1;
	if (e != NULL)
		lacks = e->fips == 1 && !e->has_boot;
	d->fips = d->seen == 0 || d->fips == fips ? fips : -1;
	d->entry = d->seen == 0 ? e : NULL;
	d->boot_lacks |= lacks && loader == LOADER_GRUB;
	d->seen++;
}

/* fstab(5): is /boot a file system of its own? */
static int
separate_boot(const struct parts *p)
{
	struct reading r = part_read(p, "/etc/fstab");
	struct span line, word;

	if (r.outcome == OUTCOME_ABSENT)
		return 0;
	if (r.outcome != OUTCOME_OBSERVED)
		return -1;
	while (span_line(&r.text, &line)) {
		if (!span_word(&line, &word) || word.p[0] == '#')
			continue;
		if (span_word(&line, &word) &&
		    (span_is(word, "/boot") || span_is(word, "/boot/")))
			return 1;
	}
	return 0;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(((const struct next_entry *)a)->name,
	    ((const struct next_entry *)b)->name);
}

/* The names of entries that are not in FIPS mode, for whoever may pick one. */
static json_t *
lacking(const struct next_boot *b)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < b->n; i++) {
		const struct next_entry *e = &b->v[i];

		if (e->fips == 1 || !offered(b, e, e->loader))
			continue;
		if (!add_string(list,
			span_of(e->title[0] != '\0' ? e->title : e->name),
			NEXT_NAME_MAX)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

int
next_emit(struct parts *p, struct next_boot *b, struct fault *f)
{
	struct verdict d = { .fips = -1 };
	int separate = separate_boot(p);
	json_t *list;
	ATTRS_AUTO(a);

	if (b->n == 0)
		return 0;
	qsort(b->v, b->n, sizeof(b->v[0]), by_text);
	for (int i = 0; i < LOADERS; i++)
		judge_loader(b, (enum loader)i, &d);
	if (b->full)
		d.fips = -1;
	if ((list = lacking(b)) == NULL)
		return fault_memory(f);
	attrs_bool(&a, "boot_lacks", d.boot_lacks);
	put_span(&a, "entry",
	    d.entry == NULL
		? (struct span){ NULL, 0 }
		: span_of(d.entry->title[0] != '\0' ? d.entry->title
						    : d.entry->name),
	    NEXT_NAME_MAX);
	if (d.fips == -1)
		put_null(&a, "fips");
	else
		attrs_bool(&a, "fips", d.fips == 1);
	attrs_json(&a, "lacking", list);
	attrs_int(&a, "loaders", (long long)d.seen);
	attrs_int(&a, "offered", (long long)b->n);
	if (separate == -1)
		put_null(&a, "separate_boot");
	else
		attrs_bool(&a, "separate_boot", separate == 1);
	return emit_observed(p->e, &node_next_boot_kind, p->host, &a,
	    "/boot, /efi, /etc/zipl.conf, /etc/fstab", f);
}
