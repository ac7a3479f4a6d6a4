/* When a scan ended, and whether the store has a newer one. */
#ifndef COLLECTOR_SCAP_SCAN_TIME_H
#define COLLECTOR_SCAP_SCAN_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/kit/collector.h"

/* "2026-07-01T08:04:10+02:00", also with a fraction, or with Z (xsd:dateTime
 * with its zone), as seconds since 1970. False: no such text. */
bool scan_time(const char *text, int64_t *t);

/*
 * What a scan says becomes the state of its scope, and what it lacks is gone:
 * that is for the newest. FAULT_USAGE: the store has one of this scope that
 * ended later. ended: seconds since 1970.
 */
MUST_USE int scan_is_newest(
    const struct request *r, const char *scope, int64_t ended, struct fault *f);

#endif
