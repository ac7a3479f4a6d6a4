/*
 * Java archives by their central directory (APPNOTE.TXT 6.3.10, 4.3.12, no
 * ZIP64): which provider classes and which jars are within, and what the
 * manifest says of its version (JAR File Specification, "Main Attributes").
 */
#ifndef COLLECTOR_RECOGNISE_JAR_H
#define COLLECTOR_RECOGNISE_JAR_H

#include "collector/recognise/recognise.h"

#define JAR_ENTRIES_MAX 65535
#define JAR_MANIFEST_MAX ((size_t)64 * 1024)

/* What of a file was kept: its first bytes, and its last. */
struct jar_parts {
	const char *name; /* of the file, without folders */
	const char *head;
	size_t head_len;
	const char *tail;
	size_t tail_len;
	uint64_t size; /* of the file; the tail ends there */
};

/* A name that Java archives have: .jar, .war, .ear. */
bool jar_name(const char *name);

/* Add what it holds to out. -1: its directory is not within the tail, or makes
 * no sense. */
int jar_read(const struct jar_parts *j, struct recognised *out);

#endif
