/*
 * Package databases of an image: dpkg's and apk's paragraphs as they pass, and
 * the RPM database in SQLite, whole in a temporary file without a name.
 */
#ifndef COLLECTOR_IMAGE_PACKAGE_DB_H
#define COLLECTOR_IMAGE_PACKAGE_DB_H

#include <stdio.h>

#include <jansson.h>

#include "base/buf.h"
#include "collector/image/facts.h"
#include "collector/kit/packages.h"

#define PACKAGES_KEPT_MAX 1024 /* that matter, of one database */
#define PARAGRAPH_MAX ((size_t)1024 * 1024)
#define RPM_DATABASE_MAX ((uint64_t)1024 * 1024 * 1024)
#define RPM_HEADER_MAX ((size_t)32 * 1024 * 1024)
#define RPM_WORK_MAX 200000000 /* steps of SQLite's machine */

/* Packages as [name, version, architecture]; texts of 200 bytes at most. */
struct package_list {
	json_t *list;	 /* owned; an array */
	struct buf rest; /* a paragraph that is not whole yet */
	bool any;	 /* something was a package */
};

int package_list_begin(struct package_list *l, struct fault *f);
void package_list_free(struct package_list *l);

/* Paragraphs in pieces. special: SPECIAL_DPKG or SPECIAL_APK. */
int package_list_feed(struct package_list *l, enum special special,
    const char *p, size_t len, struct fault *f);
/* FAULT_FORMAT: it has no package, though it is not empty. */
int package_list_end(
    struct package_list *l, enum special special, struct fault *f);

/* The packages of an RPM database in SQLite (rpm 4.16 and later). */
int package_list_rpm(struct package_list *l, FILE *file, struct fault *f);

/* apk: each package of the text (its database format, "P:", "V:", "A:"). */
int apk_read(struct span text,
    int (*each)(void *ctx, const struct package *, struct fault *), void *ctx,
    struct fault *f);

/* The header of one package as RPM keeps it: two counts, an index, data (RPM
 * file format, "Header"). -1: it makes no sense. */
int rpm_header_read(const void *p, size_t len,
    int (*each)(void *ctx, const struct package *, struct fault *), void *ctx,
    struct fault *f);

#endif
