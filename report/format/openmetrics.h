/*
 * A report as OpenMetrics 1.0 text, for monitoring: how many items have which
 * result, how old the evidence is, what ends when. Prometheus reads it, also
 * from a file (node_exporter's textfile collector).
 *
 * Times are seconds since 1970. What is not known has no sample: an alert asks
 * with absent(), and nothing stands for "all is well" by missing.
 */
#ifndef REPORT_FORMAT_OPENMETRICS_H
#define REPORT_FORMAT_OPENMETRICS_H

#include "base/buf.h"
#include "base/fault.h"
#include "report/model/model.h"

/* Append the exposition, up to and with its "# EOF". The same model gives the
 * same bytes. */
MUST_USE int openmetrics_write(
    const struct model *m, struct buf *out, struct fault *f);

#endif
