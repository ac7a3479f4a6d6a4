/*
 * IAM policy documents, of identities and of resources, read into one shape
 * (IAM user guide, "IAM JSON policy elements reference").
 *
 * The grammar lets nearly every value be one thing or a list of them, and a
 * principal be "*" or lists by type. Here a document is an array of objects
 * that have only these members, each only if it was stated:
 *
 *   action, not_action, resource, not_resource   sorted texts
 *   principal, not_principal   {"AWS": sorted texts, ...}; "*" is AWS ["*"]
 *   condition   {operator: {key: sorted texts}}
 *   effect, sid   text
 */
#ifndef COLLECTOR_AWS_IAM_POLICY_H
#define COLLECTOR_AWS_IAM_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/json.h"

#define IAM_POLICY_MAX                                                         \
	((size_t)256 * 1024) /* IAM, S3 and KMS: at most 32 KiB */
#define IAM_POLICY_STATEMENTS_MAX 1000
#define IAM_POLICY_VALUES_MAX 5000 /* texts in one list */

/*
 * Read a document of len bytes, JSON or JSON in percent encoding (as IAM hands
 * it out). Returns a new array, or NULL with FAULT_FORMAT or FAULT_LIMIT: what
 * is not of the grammar is refused, for half a policy says nothing. Values of
 * conditions that serve as passwords (sts:ExternalId, aws:Referer,
 * aws:UserAgent) are replaced by "*withheld*".
 */
MUST_USE json_t *iam_policy_read(const char *p, size_t len, struct fault *f);

/* The same of a document that was read as JSON already. */
MUST_USE json_t *iam_policy_of(const json_t *doc, struct fault *f);

/*
 * Does the pattern, with * and ?, match everything that what stands for? A
 * pattern is allowed there too: "s3:*" covers "s3:*", "s3:Get?" does not cover
 * "s3:Get*". fold: without case, as actions are compared.
 */
bool iam_policy_covers(const char *pattern, const char *what, bool fold);

/* Does one of the patterns (texts of a JSON array) cover it? NULL: no. */
bool iam_policy_covered(const json_t *patterns, const char *what, bool fold);

enum iam_policy_tls {
	IAM_POLICY_TLS_OPEN,   /* nothing asks for TLS */
	IAM_POLICY_TLS_PARTLY, /* some requests without TLS are refused */
	IAM_POLICY_TLS_ONLY    /* every request without TLS is refused */
};

const char *iam_policy_tls_name(
    enum iam_policy_tls t); /* "no", "partly", "yes" */

/*
 * Does a resource's policy refuse what does not come by TLS? That is: for every
 * one of the resources (ends with NULL) a statement denies, for every
 * principal, all actions of the service ("s3:*") on the sole condition that
 * aws:SecureTransport is false. A statement without resources speaks of the
 * one it is attached to.
 */
enum iam_policy_tls iam_policy_tls(
    const json_t *statements, const char *action, const char *const *resources);

#endif
