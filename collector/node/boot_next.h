/*
 * Which entry the next boot takes by default, and what it asks of the kernel:
 * node.next_boot. Loaders are told apart, for a host may have several; where
 * they differ nobody knows which one the firmware starts.
 */
#ifndef COLLECTOR_NODE_BOOT_NEXT_H
#define COLLECTOR_NODE_BOOT_NEXT_H

#include "collector/node/parts.h"

#define NEXT_MAX 512 /* entries of one host */
#define NEXT_NAME_MAX 160

enum loader { LOADER_GRUB, LOADER_SYSTEMD, LOADER_ZIPL, LOADER_OEM, LOADERS };

struct next_entry {
	char name[NEXT_NAME_MAX]; /* id, title or file */
	char title[NEXT_NAME_MAX];
	enum loader loader;
	bool bls;    /* of loader/entries: ordered by version */
	bool nested; /* in a submenu */
	int top;     /* place in the menu */
	int fips;    /* 1 on, 0 not, -1 cannot be told */
	bool has_boot;
};

struct next_boot {
	struct next_entry *v; /* owned */
	size_t n;
	bool blscfg, menu; /* of grub.cfg: reads entries; has its own */
	char chosen[LOADERS][NEXT_NAME_MAX]; /* default said; "": the first */
	bool full; /* more than NEXT_MAX: the rest was not told */
};

MUST_USE int next_add(
    struct next_boot *b, const struct next_entry *e, struct fault *f);
void next_free(struct next_boot *b);

/* Emit node.next_boot; nothing where no entry was found. */
MUST_USE int next_emit(struct parts *p, struct next_boot *b, struct fault *f);

/* rpm's order of versions, by which blscfg and systemd-boot sort: runs of
 * digits are numbers, other runs text. */
int version_order(const char *a, const char *b);

#endif
