/* Which operating system a host or image is: os-release(5). */
#ifndef COLLECTOR_KIT_OS_RELEASE_H
#define COLLECTOR_KIT_OS_RELEASE_H

#include "base/buf.h"
#include "base/span.h"

/*
 * The value of NAME= in os-release(5): shell quoting undone, the last one
 * wins. False if there is none, it is not well quoted, or does not fit out.
 */
bool os_release_value(struct span text, const char *name, struct buf *out);

#define OS_FAMILY_MAX 32 /* bytes, with the NUL */

/*
 * The system an ID and VERSION_ID name in catalogs/systems.tsv: one vendor's
 * and no look-alike's ("rhel9", "almalinux9"). "other": it is not there.
 */
void os_family(const char *os_id, const char *version, char out[OS_FAMILY_MAX]);

#endif
