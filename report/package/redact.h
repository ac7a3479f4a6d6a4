/*
 * Pseudonyms for what names somebody or something: hosts, accounts, addresses,
 * people, identifiers, and the digests of evidence (which could be guessed
 * from). The same value has the same pseudonym under the same key, in every
 * file and every quarter.
 *
 *   salt       = HMAC-SHA-256(key, "exhibit-redaction-1" 0 CLASS 0 VALUE)
 *   commitment = SHA-256("exhibit-redaction-1" 0 CLASS 0 VALUE 0 hex(salt))
 *   pseudonym  = CLASS "-" the first 12 hex digits of the commitment; of a
 *                digest, the whole commitment
 *
 * A value is in lower case. Who has the key can later give a value and its
 * salt, and anybody can see that the commitment is that of this value. Nobody
 * can guess one without the salt, and a salt that is given says nothing of
 * other values.
 */
#ifndef REPORT_PACKAGE_REDACT_H
#define REPORT_PACKAGE_REDACT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/fault.h"
#include "report/model/model.h"

#define REDACT_KEY_LEN 32
#define REDACT_VALUES_MAX 2000000 /* different ones in one package */
#define REDACT_VALUE_MAX 4096	  /* bytes of one */

enum redact_class {
	REDACT_HOST,
	REDACT_ACCOUNT, /* twelve digits: AWS */
	REDACT_ADDRESS,
	REDACT_USER, /* people and what stands for them */
	REDACT_NAME, /* of other things: clusters, endpoints, files, roles */
	REDACT_ID,   /* drawn at random once: machine ids, instances, UUIDs */
	REDACT_DIGEST
};
#define REDACT_CLASSES 7

/* "all", or "hosts" (hosts, addresses, ids, digests). false: no such. */
bool redact_profile_find(const char *name);
#define REDACT_PROFILES "all, hosts"

/* What can be told of a value: hex, with NULs. */
struct redact_proof {
	char salt[SHA256_HEX], commitment[SHA256_HEX];
};
struct redactor;
MUST_USE struct redactor *redactor_new(struct crypto *c,
    const uint8_t key[REDACT_KEY_LEN], const char *profile, struct fault *f);
void redactor_free(struct redactor *r); /* NULL is fine */

/* From now on this value, wherever it stands as a word, is one of the class;
 * what is a number or shorter than two characters is not learnt. */
MUST_USE int redactor_learn(struct redactor *r, enum redact_class c,
    const char *value, struct fault *f);

/* Append s with everything replaced that was learnt or has the form of an
 * address, an account, a mail address or an identifier. */
MUST_USE int redactor_text(
    struct redactor *r, const char *s, struct buf *out, struct fault *f);

/* Learn what the model names, and replace it in every string of it that comes
 * from evidence; the texts of checks stay. profile is borrowed for good. */
MUST_USE int redact_model(struct redactor *r, struct crypto *c, struct model *m,
    const char *profile, struct fault *f);

/* Append the table of what was replaced: pseudonym, class, commitment; by
 * pseudonym. FAULT_LIMIT if two values came to the same pseudonym. */
MUST_USE int redactor_table(
    struct redactor *r, struct buf *out, struct fault *f);

/* Append what only the preparer may have: pseudonym, class, value, salt,
 * commitment. A line of it discloses that one value. */
MUST_USE int redactor_map(struct redactor *r, struct buf *out, struct fault *f);

/* A key from a file of 64 hex digits; made anew (mode 0600) if there is none.
 */
MUST_USE int redact_key(
    const char *path, uint8_t key[REDACT_KEY_LEN], struct fault *f);

#endif
