/* Installed packages as dpkg and rpm list them, and which matter to FIPS. */
#ifndef COLLECTOR_KIT_PACKAGES_H
#define COLLECTOR_KIT_PACKAGES_H

#include "base/fault.h"
#include "base/span.h"

/*
 * dpkg status: each installed package (Status ends in "installed", or awaits
 * triggers; status.d of distroless has no Status at all).
 */
struct package {
	struct span name, version, arch;
};
int dpkg_read(struct span text,
    int (*each)(void *ctx, const struct package *, struct fault *), void *ctx,
    struct fault *f);
/* Lines name TAB version TAB architecture, as the manifest's rpm query asks. */
int rpm_read(struct span text,
    int (*each)(void *ctx, const struct package *, struct fault *), void *ctx,
    struct fault *f);
bool package_matters(struct span name);

#endif
