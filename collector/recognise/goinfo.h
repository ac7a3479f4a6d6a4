/*
 * Go's build information: "\xff Go buildinf:" in the data segment, from Go
 * 1.18 on followed by the version and the modules as strings with their
 * lengths (src/debug/buildinfo, src/runtime/debug/mod.go). Before 1.18 there
 * are pointers instead, which a passing stream cannot follow.
 */
#ifndef COLLECTOR_RECOGNISE_GOINFO_H
#define COLLECTOR_RECOGNISE_GOINFO_H

#include "collector/recognise/recognise.h"

#define GOINFO_MAGIC "\xff Go buildinf:"
#define GOINFO_MAGIC_LEN (sizeof(GOINFO_MAGIC) - 1)
#define GOINFO_MAX ((size_t)256 * 1024) /* bytes of it that are read */

/* Read it: p begins with the magic. -1: it is not whole within len. */
int goinfo_read(struct go_found *g, const char *p, size_t len);

#endif
