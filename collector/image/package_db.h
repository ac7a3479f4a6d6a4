/*
 * Package databases of an image: dpkg's and apk's paragraphs as they pass, and
 * RPM's database, whole in a temporary file without a name.
 */
#ifndef COLLECTOR_IMAGE_PACKAGE_DB_H
#define COLLECTOR_IMAGE_PACKAGE_DB_H

#include <stdio.h>

#include <jansson.h>

#include "base/buf.h"
#include "collector/image/facts.h"
#include "collector/kit/rpm_db.h"

#define PACKAGES_KEPT_MAX 1024 /* that matter, of one database */
#define PARAGRAPH_MAX ((size_t)1024 * 1024)

/* Packages as [name, version, architecture, vendor, key]; texts of 200 bytes at
 * most, null where the database does not say. */
struct package_list {
	json_t *list;	 /* owned; an array */
	struct buf rest; /* a paragraph that is not whole yet */
	bool any;	 /* something was a package */
};

MUST_USE int package_list_begin(struct package_list *l, struct fault *f);
void package_list_free(struct package_list *l);

/* Paragraphs in pieces. special: SPECIAL_DPKG or SPECIAL_APK. */
MUST_USE int package_list_feed(struct package_list *l, enum special special,
    const char *p, size_t len, struct fault *f);
/* FAULT_FORMAT: it has no package, though it is not empty. */
MUST_USE int package_list_end(
    struct package_list *l, enum special special, struct fault *f);

/* The packages of an RPM database (rpm_db.h); any stays false where it holds
 * none. wal: its write-ahead log, or NULL. */
MUST_USE int package_list_rpm(
    struct package_list *l, FILE *file, FILE *wal, struct fault *f);

#endif
