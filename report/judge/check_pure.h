/*
 * A check's answer follows from the evidence alone: the same state gives the
 * same verdicts, today and years later, here and on the reader's host. SQL that
 * asks for something else is refused when the check is read.
 */
#ifndef REPORT_JUDGE_CHECK_PURE_H
#define REPORT_JUDGE_CHECK_PURE_H

#include "base/fault.h"

/* Refuse random numbers, the clock ('now', CURRENT_TIMESTAMP, a function of
 * dates without a time), the zone of this host, and what tells which SQLite
 * runs or what a connection did before. FAULT_FORMAT names path and word. */
MUST_USE int check_is_pure(const char *sql, const char *path, struct fault *f);

#endif
