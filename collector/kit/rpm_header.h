/*
 * One package as RPM's databases keep it: two counts, an index of tags, their
 * data (RPM file format, "Header Structure"), without lead and magic.
 */
#ifndef COLLECTOR_KIT_RPM_HEADER_H
#define COLLECTOR_KIT_RPM_HEADER_H

#include <stddef.h>

#include "collector/kit/packages.h"

#define RPM_HEADER_MAX ((size_t)32 * 1024 * 1024)
#define RPM_INDEX_MAX 65536

/*
 * Tell each() of the package: [EPOCH:]VERSION-RELEASE as its version, Vendor,
 * and the id of the key of its first OpenPGP signature (RFC 9580, 5.2.3.12 and
 * 5.2.3.35). Spans are valid during the call. FAULT_FORMAT: cut off, a tag
 * twice or of another type, or without name, version or release.
 */
MUST_USE int rpm_header_read(
    const void *p, size_t len, package_each *each, void *ctx, struct fault *f);

/* The key id of an OpenPGP signature packet in 16 digits; false: none. */
bool openpgp_key_id(const void *p, size_t len, char out[17]);

#endif
