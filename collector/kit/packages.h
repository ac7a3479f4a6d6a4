/*
 * Installed packages as the databases of dpkg, apk and rpm list them, and which
 * matter to FIPS. rpm's own database is read by rpm_db.h.
 */
#ifndef COLLECTOR_KIT_PACKAGES_H
#define COLLECTOR_KIT_PACKAGES_H

#include "base/fault.h"
#include "base/span.h"

/*
 * One package. What its database does not say has p NULL. vendor is who claims
 * to have built it (RPM's Vendor; dpkg's Origin, or else its Maintainer), and
 * key the 16 hexadecimal digits of the key that signed it: both are what the
 * database says, verified by nobody here.
 */
struct package {
	struct span name, version, arch, vendor, key;
};

/* Spans are valid during the call only where a reader says so. -1: stop. */
typedef int package_each(void *ctx, const struct package *pkg, struct fault *f);

/*
 * dpkg status: each installed package (Status ends in "installed", or awaits
 * triggers; status.d of distroless has no Status at all). Spans are of text.
 */
MUST_USE int dpkg_read(
    struct span text, package_each *each, void *ctx, struct fault *f);

/* apk: each package of its database (lines "P:", "V:", "A:"). Spans are of
 * text; none at all is no fault. */
MUST_USE int apk_read(
    struct span text, package_each *each, void *ctx, struct fault *f);

/*
 * Lines name TAB version TAB architecture [TAB vendor TAB signature], as the
 * manifest's rpm query asks. Of a signature the last 16 hexadecimal digits are
 * its key ("RSA/SHA256, ..., Key ID 199e2f91fd431d51").
 */
MUST_USE int rpm_read(
    struct span text, package_each *each, void *ctx, struct fault *f);

bool package_matters(struct span name);

#endif
