/*
 * Pages about exhibit itself, made from the tables that it runs by: what is
 * collected, what is judged, and what a collector needs to be allowed. Each
 * appends to out, whose maximum the caller has given; text is UTF-8.
 */
#ifndef REFERENCE_REFERENCE_H
#define REFERENCE_REFERENCE_H

#include "base/buf.h"
#include "collector/node/snapshot.h"
#include "report/judge/check.h"

#define REFERENCE_MAX (4 * 1024 * 1024) /* bytes of a page */

/* Kinds of evidence as Markdown: all, or the section of one. */
void reference_kinds(struct buf *out);
void reference_kind(const struct kind *k, struct buf *out);

/* By enum column_type. */
extern const char *const column_types[];

/* What exhibit does with a file or command of a node, in words; at most how
 * much it reads of it ("64 KiB"); and its path or command line. */
#define MANIFEST_MOST_MAX 32
const char *manifest_reading(const struct manifest_item *m);
void manifest_most(const struct manifest_item *m, char out[MANIFEST_MOST_MAX]);
const char *manifest_path(const struct manifest_item *m);

/* Checks as Markdown: all, or the section of one. */
void reference_checks(const struct checks *cs, struct buf *out);
void reference_check(const struct check *k, struct buf *out);

/* "nist-800-53r5 sc-13, ia-7; fedramp-20x UCM-CSX-UVM"; "node, node.module";
 * and the SQL below the header. */
void check_controls(const struct check *k, struct buf *out);
void check_kinds(const struct check *k, struct buf *out);
const char *check_select(const struct check *k);

/* The ClusterRole and Role (rbac.authorization.k8s.io/v1, YAML) that allow
 * what the kube collector asks, and no more. */
void reference_cluster_role(struct buf *out);

/* The IAM policy (JSON, version 2012-10-17) that allows what the aws collector
 * asks, and no more. Nobody needs to be allowed sts:GetCallerIdentity.
 * FAULT_LIMIT: more calls than are counted on. */
MUST_USE int reference_iam_policy(struct buf *out, struct fault *f);

#endif
