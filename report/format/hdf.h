/*
 * The report as Heimdall Data Format (InSpec's exec JSON), for MITRE's saf and
 * Heimdall: a control a check, a result an item.
 *
 * Heimdall calls a control passed where one result passed and none failed or
 * is an error: "skipped" beside "passed" is a pass. So unknown is an error
 * (Heimdall: "Profile Error"); beside a failure it is skipped, for the control
 * has failed already, and an error would hide that. An impact of 0 says not
 * applicable, whatever the results: it is given only where nothing applied.
 */
#ifndef REPORT_FORMAT_HDF_H
#define REPORT_FORMAT_HDF_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

MUST_USE int hdf_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f);

#endif
