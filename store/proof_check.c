/* Checking a proof, without a store. See proof.h, docs/proofs.md. */
#include "store/proof.h"

#include <stdarg.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/length.h"
#include "store/internal.h"
#include "base/number.h"

#define BUCKET_PATH 12 /* BUCKETS is 2^12 */
#define PEM_LINE 64    /* RFC 7468 section 2 */

struct reading {
	struct crypto *crypto;
	const char *p, *end; /* what is left */
	long line;	     /* the one that was read last */
	struct proof *out;
	uint8_t name[SHA256_LEN];  /* of the subject */
	uint8_t state[SHA256_LEN]; /* root of the state, once known */
};

static int refuse(const struct reading *r, enum fault_kind kind,
    struct fault *f, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static int
refuse(const struct reading *r, enum fault_kind kind, struct fault *f,
    const char *fmt, ...)
{
	char why[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return fault(f, kind, "line %ld: %s", r->line, why);
}

/* -------------------------------------------------------------------- lines
 */

static bool
is_next(const struct reading *r, const char *beginning)
{
	size_t n = strlen(beginning);

	return (size_t)(r->end - r->p) >= n && memcmp(r->p, beginning, n) == 0;
}

/* The next line without its end. */
static int
take_line(struct reading *r, struct slice *out, struct fault *f)
{
	const char *nl = memchr(r->p, '\n', (size_t)(r->end - r->p));

	r->line++;
	if (nl == NULL)
		return refuse(r, FAULT_FORMAT, f, "the proof is cut off here");
	*out = (struct slice){ r->p, (size_t)(nl - r->p) };
	r->p = nl + 1;
	return 0;
}

/* The rest of a line that begins with name and a space. */
static int
take(struct reading *r, const char *name, struct slice *out, struct fault *f)
{
	size_t n = strlen(name);
	struct slice s;

	if (take_line(r, &s, f) == -1)
		return -1;
	if (s.len <= n || memcmp(s.p, name, n) != 0 ||
	    ((const char *)s.p)[n] != ' ')
		return refuse(r, FAULT_FORMAT, f, "'%s' is expected", name);
	*out = (struct slice){ (const char *)s.p + n + 1, s.len - n - 1 };
	return 0;
}

/* One line that holds exactly this. */
static int
take_exact(struct reading *r, const char *text, struct fault *f)
{
	struct slice s;

	if (take_line(r, &s, f) == -1)
		return -1;
	if (s.len != strlen(text) || memcmp(s.p, text, s.len) != 0)
		return refuse(r, FAULT_FORMAT, f, "'%s' is expected", text);
	return 0;
}

static int
take_number(
    struct reading *r, const char *name, long long *out, struct fault *f)
{
	struct slice s;

	if (take(r, name, &s, f) == -1)
		return -1;
	if (s.len > NUMBER_DIGITS)
		return refuse(r, FAULT_FORMAT, f, "'%s' is too large", name);
	return number_span((struct span){ s.p, s.len }, 0, LLONG_MAX, out)
		   ? 0
		   : refuse(r, FAULT_FORMAT, f, "'%s' is no number", name);
}

/* One hash in one way: lower-case hex. */
static int
hash_of(const struct reading *r, const char *hex, uint8_t out[SHA256_LEN],
    struct fault *f)
{
	char text[SHA256_HEX], again[SHA256_HEX];

	memcpy(text, hex, SHA256_HEX - 1);
	text[SHA256_HEX - 1] = '\0';
	if (hex_decode(text, out, SHA256_LEN) == 0) {
		hex_encode(out, SHA256_LEN, again);
		if (strcmp(text, again) == 0)
			return 0;
	}
	return refuse(
	    r, FAULT_FORMAT, f, "64 lower-case hexadecimal digits expected");
}

/* All lines of this name that follow, as a path. */
static int
take_path(struct reading *r, const char *name, struct merkle_path *path,
    struct fault *f)
{
	struct slice s;

	/* no other line begins like these, so a space need not be asked for */
	for (path->n = 0; is_next(r, name); path->n++) {
		if (take(r, name, &s, f) == -1)
			return -1;
		if (path->n == MERKLE_PATH_MAX)
			return refuse(r, FAULT_LIMIT, f, "over %d hashes",
			    MERKLE_PATH_MAX);
		if (s.len != SHA256_HEX - 1)
			return refuse(r, FAULT_FORMAT, f, "not one hash");
		if (hash_of(r, s.p, path->hash[path->n], f) == -1)
			return -1;
	}
	return 0;
}

/* -------------------------------------------------------------- checkpoints
 */

void
cms_pem(struct buf *out, const void *der, size_t len)
{
	const unsigned char *p = der;
	unsigned char line[PEM_LINE + 1];

	buf_puts(out, CMS_PEM_BEGIN);
	for (size_t at = 0; at < len; at += PEM_LINE / 4 * 3) {
		size_t n =
		    len - at < PEM_LINE / 4 * 3 ? len - at : PEM_LINE / 4 * 3;

		(void)EVP_EncodeBlock(line, p + at, (int)n);
		buf_printf(out, "%s\n", (const char *)line);
	}
	buf_puts(out, CMS_PEM_END);
}

/* The bytes of one line of base64, appended. */
static int
decode_line(const struct reading *r, const struct slice *s, struct buf *der,
    struct fault *f)
{
	unsigned char bytes[PEM_LINE];
	const char *p = s->p;
	int n = -1;
	int pad = 0;

	if (s->len > 0 && s->len <= PEM_LINE && s->len % 4 == 0) {
		n = EVP_DecodeBlock(bytes, s->p, (int)s->len);
		pad = (p[s->len - 1] == '=') + (p[s->len - 2] == '=');
	}
	if (n < pad)
		return refuse(r, FAULT_FORMAT, f, "not base64 of a signature");
	buf_put(der, bytes, (size_t)(n - pad));
	return 0;
}

/* The PEM block of a signature, if one follows. Only one text stands for one
 * signature: it is written again and compared. */
static int
take_cms(struct reading *r, struct buf *der, struct fault *f)
{
	const char *from = r->p;
	struct slice s;
	BUF_AUTO(again, 2 * PROOF_CMS_MAX);

	der->max = PROOF_CMS_MAX;
	if (!is_next(r, CMS_PEM_BEGIN))
		return 0;
	(void)take_line(r, &s, f);
	while (!is_next(r, CMS_PEM_END)) {
		if (take_line(r, &s, f) == -1 ||
		    decode_line(r, &s, der, f) == -1 ||
		    buf_done(der, "signature", f) == -1)
			return -1;
	}
	(void)take_line(r, &s, f);
	cms_pem(&again, der->p, der->len);
	if (buf_done(&again, "signature", f) == -1)
		return -1;
	if (der->len == 0 || again.len != (size_t)(r->p - from) ||
	    memcmp(again.p, from, again.len) != 0)
		return refuse(
		    r, FAULT_FORMAT, f, "not the base64 of a signature");
	return 0;
}

static int
take_checkpoint(
    struct reading *r, struct proof_checkpoint *out, struct fault *f)
{
	const char *note;
	struct slice s;
	struct fault why;

	if (take_exact(r, "checkpoint", f) == -1)
		return -1;
	note = r->p;
	for (int i = 0; i < 3; i++)
		if (take_line(r, &s, f) == -1)
			return -1;
	out->note = (struct slice){ note, (size_t)(r->p - note) };
	if (checkpoint_parse(
		note, out->note.len, out->origin, &out->head, &why) == -1)
		return refuse(r, FAULT_FORMAT, f, "%s", why.text);
	return take_cms(r, &out->cms, f);
}

/* ------------------------------------------------------------------ subject
 */

static int
keep_name(const struct reading *r, const json_t *v, char *out, size_t size,
    struct fault *f)
{
	const char *s = json_string_value(v);

	if (s == NULL || strlen(s) >= size)
		return refuse(r, FAULT_FORMAT, f,
		    "kind, scope and key are expected as three strings");
	memcpy(out, s, strlen(s) + 1);
	return 0;
}

/* subject ["kind","scope","key"]: its SHA-256 is the subject's name. */
static int
take_subject(struct reading *r, struct fault *f)
{
	struct proof *o = r->out;
	struct fault why = { 0 };
	struct slice s;
	json_t *v;
	int rc = -1;
	BUF_AUTO(again, SUBJECT_NAME_MAX);

	if (take(r, "subject", &s, f) == -1)
		return -1;
	if (s.len > SUBJECT_NAME_MAX)
		return refuse(r, FAULT_LIMIT, f, "too long for a subject");
	if ((v = json_read(s.p, s.len, "subject", &why)) == NULL)
		return refuse(r, FAULT_FORMAT, f, "%.400s", why.text);
	if (keep_name(r, json_array_get(v, 0), o->kind, sizeof(o->kind), f) ==
		0 &&
	    keep_name(r, json_array_get(v, 1), o->scope, sizeof(o->scope), f) ==
		0 &&
	    keep_name(r, json_array_get(v, 2), o->key, sizeof(o->key), f) == 0)
		rc = 0;
	json_decref(v);
	if (rc == -1)
		return -1;
	/* another spelling would be another name, absent from every store */
	subject_text(&again, o->kind, o->scope, o->key);
	if (buf_done(&again, "subject", f) == -1)
		return -1;
	if (again.len != s.len || memcmp(again.p, s.p, s.len) != 0)
		return refuse(
		    r, FAULT_FORMAT, f, "the subject is not canonical JSON");
	return digest_sha256(r->crypto, s.p, s.len, r->name, f);
}

/* content JSON, or content - where its bytes were dropped. */
static int
take_content(struct reading *r, struct fault *f)
{
	struct proof *o = r->out;

	if (take(r, "content", &o->content, f) == -1)
		return -1;
	if (o->content.len == 1 && *(const char *)o->content.p == '-') {
		o->content = (struct slice){ 0 };
		return 0;
	}
	return digest_sha256(
	    r->crypto, o->content.p, o->content.len, o->sha256, f);
}

/* What the bucket says of the subject, against what the proof says. */
static int
check_entry(struct reading *r, const uint8_t entry[2 * SHA256_LEN], bool *found,
    struct fault *f)
{
	struct proof *o = r->out;

	if (memcmp(entry, r->name, SHA256_LEN) != 0)
		return 0;
	*found = true;
	if (o->type == PROOF_ABSENT)
		return refuse(r, FAULT_INTEGRITY, f,
		    "the subject is in its bucket: it was not absent");
	if (o->content.p == NULL)
		memcpy(o->sha256, entry + SHA256_LEN, SHA256_LEN);
	if (memcmp(entry + SHA256_LEN, o->sha256, SHA256_LEN) != 0)
		return refuse(r, FAULT_INTEGRITY, f,
		    "the subject's content was another: the digest here is "
		    "not the one of the content given");
	return 0;
}

static int
take_entry(struct reading *r, struct buf *all, struct fault *f)
{
	uint8_t e[2 * SHA256_LEN];
	const char *p;
	struct slice s;

	if (take(r, "entry", &s, f) == -1)
		return -1;
	p = s.p;
	if (s.len != 2 * SHA256_HEX - 1 || p[SHA256_HEX - 1] != ' ')
		return refuse(r, FAULT_FORMAT, f,
		    "an entry is the digests of a subject and its content");
	if (hash_of(r, p, e, f) == -1 ||
	    hash_of(r, p + SHA256_HEX, e + SHA256_LEN, f) == -1)
		return -1;
	if (bucket_of(e) != bucket_of(r->name))
		return refuse(
		    r, FAULT_INTEGRITY, f, "this entry is of another bucket");
	if (all->len > 0 &&
	    memcmp(all->p + all->len - sizeof(e), e, SHA256_LEN) >= 0)
		return refuse(
		    r, FAULT_INTEGRITY, f, "the entries are not in order");
	buf_put(all, e, sizeof(e));
	return 0;
}

/* The bucket and its path: r->state gets the root they lead to. */
static int
take_bucket(struct reading *r, struct fault *f)
{
	uint8_t leaf[SHA256_LEN];
	struct merkle_path path;
	long long bucket;
	bool found = false;
	BUF_AUTO(all, (size_t)PROOF_ENTRIES_MAX * 2 * SHA256_LEN);

	if (take_number(r, "bucket", &bucket, f) == -1)
		return -1;
	if (bucket != bucket_of(r->name))
		return refuse(r, FAULT_INTEGRITY, f,
		    "the subject belongs into bucket %u", bucket_of(r->name));
	while (is_next(r, "entry ")) {
		if (take_entry(r, &all, f) == -1 ||
		    buf_done(&all, "bucket of the proof", f) == -1 ||
		    check_entry(r,
			(const uint8_t *)all.p + all.len - 2 * SHA256_LEN,
			&found, f) == -1)
			return -1;
	}
	if (!found && r->out->type == PROOF_PRESENT)
		return refuse(r, FAULT_INTEGRITY, f,
		    "the subject is not in its bucket: it was absent");
	if (merkle_leaf(
		r->crypto, all.len > 0 ? all.p : "", all.len, leaf, f) == -1 ||
	    take_path(r, "state-path", &path, f) == -1)
		return -1;
	if (path.n != BUCKET_PATH)
		return refuse(r, FAULT_FORMAT, f, "%d 'state-path' expected",
		    BUCKET_PATH);
	return merkle_inclusion(
	    r->crypto, leaf, (uint64_t)bucket, BUCKETS, &path, r->state, f);
}

/* --------------------------------------------------------------- log entries
 */

/* The record's member as text; "" where it has none. */
static const char *
member(const json_t *v, const char *name)
{
	const char *s = json_string_value(json_object_get(v, name));

	return s != NULL ? s : "";
}

static int
check_run(struct reading *r, const json_t *v, struct fault *f)
{
	struct proof *o = r->out;
	char state[SHA256_HEX];
	int64_t t;

	hex_encode(r->state, SHA256_LEN, state);
	if (strcmp(member(v, "type"), "run") != 0)
		return refuse(
		    r, FAULT_INTEGRITY, f, "this entry does not record a run");
	if (json_integer_value(json_object_get(v, "run")) != o->run)
		return refuse(r, FAULT_INTEGRITY, f,
		    "this entry records another run than %lld", o->run);
	if (strcmp(member(v, "state_root"), state) != 0)
		return refuse(r, FAULT_INTEGRITY, f,
		    "the run recorded another state: the bucket and its path "
		    "do not lead to its state root");
	if (strlen(member(v, "state")) >= sizeof(o->state) ||
	    utc_parse(member(v, "ended"), &t) == -1)
		return refuse(r, FAULT_FORMAT, f,
		    "the run's record lacks its state or time");
	memcpy(o->state, member(v, "state"), strlen(member(v, "state")) + 1);
	utc_format(t, o->ended);
	return 0;
}

static int
take_record(struct reading *r, struct fault *f)
{
	struct proof *o = r->out;
	struct fault why = { 0 };
	json_t *v;
	int rc;
	BUF_AUTO(again, PROOF_RECORD_MAX);

	if (take(r, "record", &o->record, f) == -1)
		return -1;
	if (o->record.len > PROOF_RECORD_MAX)
		return refuse(r, FAULT_LIMIT, f, "too long for a log entry");
	v = json_read(o->record.p, o->record.len, "record", &why);
	if (v == NULL)
		return refuse(r, FAULT_FORMAT, f, "%.400s", why.text);
	rc = json_canonical(v, &again, f);
	if (rc == 0 && (again.len != o->record.len ||
			   memcmp(again.p, o->record.p, again.len) != 0))
		rc = refuse(
		    r, FAULT_FORMAT, f, "the record is not canonical JSON");
	if (rc == 0 && o->type != PROOF_RECORD)
		rc = check_run(r, v, f);
	json_decref(v);
	return rc;
}

/* The record in the log of the checkpoint. */
static int
take_log(struct reading *r, struct fault *f)
{
	struct proof *o = r->out;
	uint8_t leaf[SHA256_LEN], root[SHA256_LEN];
	struct merkle_path path;
	struct fault why = { 0 };

	if (take_record(r, f) == -1 ||
	    take_number(r, "index", &o->seq, f) == -1 ||
	    take_path(r, "log-path", &path, f) == -1 ||
	    take_checkpoint(r, &o->at, f) == -1 ||
	    merkle_leaf(r->crypto, o->record.p, o->record.len, leaf, f) == -1)
		return -1;
	if (merkle_inclusion(r->crypto, leaf, (uint64_t)o->seq,
		(uint64_t)o->at.head.size, &path, root, &why) == -1)
		return fault(f, why.kind,
		    "the entry is not in the checkpoint's log: %s", why.text);
	if (memcmp(root, o->at.head.root, SHA256_LEN) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "the entry is not in the checkpoint's log: record, index "
		    "and log-path do not lead to its root");
	return 0;
}

static int
take_state(struct reading *r, struct fault *f)
{
	if (take_subject(r, f) == -1 ||
	    take_number(r, "run", &r->out->run, f) == -1 ||
	    (r->out->type == PROOF_PRESENT && take_content(r, f) == -1) ||
	    take_bucket(r, f) == -1)
		return -1;
	return take_log(r, f);
}

static int
take_consistency(struct reading *r, struct fault *f)
{
	struct proof *o = r->out;
	struct merkle_path path;
	struct fault why = { 0 };

	if (take_path(r, "log-path", &path, f) == -1 ||
	    take_checkpoint(r, &o->first, f) == -1 ||
	    take_checkpoint(r, &o->at, f) == -1)
		return -1;
	if (strcmp(o->first.origin, o->at.origin) != 0)
		return fault(f, FAULT_INTEGRITY,
		    "the checkpoints are of two stores, %s and %s",
		    o->first.origin, o->at.origin);
	if (merkle_consistency(r->crypto, (uint64_t)o->first.head.size,
		(uint64_t)o->at.head.size, o->first.head.root, o->at.head.root,
		&path, &why) == -1)
		return fault(f, why.kind,
		    "the first log is not the beginning of the second: %s",
		    why.text);
	return 0;
}

/* -------------------------------------------------------------------- whole
 */

static const struct {
	const char *line;
	enum proof_type type;
	int (*take)(struct reading *r, struct fault *f);
} types[] = {
	{ "type present\n", PROOF_PRESENT, take_state },
	{ "type absent\n", PROOF_ABSENT, take_state },
	{ "type record\n", PROOF_RECORD, take_log },
	{ "type consistency\n", PROOF_CONSISTENCY, take_consistency },
};

static int
take_all(struct reading *r, struct fault *f)
{
	const size_t n = LENGTH(types);
	struct slice s;
	size_t i = 0;

	if (take_exact(r, "exhibit proof v1", f) == -1)
		return -1;
	while (i < n && !is_next(r, types[i].line))
		i++;
	if (take_line(r, &s, f) == -1)
		return -1;
	if (i == n)
		return refuse(r, FAULT_FORMAT, f,
		    "type present, absent, record or consistency expected");
	r->out->type = types[i].type;
	if (types[i].take(r, f) == -1)
		return -1;
	r->line++;
	return r->p == r->end ? 0
			      : refuse(r, FAULT_FORMAT, f,
				    "the proof has ended before this line");
}

int
proof_check(struct crypto *c, const char *text, size_t len, struct proof *out,
    struct fault *f)
{
	struct proof *o;
	struct reading r = { .crypto = c, .p = text, .end = text + len };
	int rc;

	if (len > PROOF_MAX)
		return fault(
		    f, FAULT_LIMIT, "a proof of more than %d bytes", PROOF_MAX);
	if ((o = calloc(1, sizeof(*o))) == NULL)
		return fault_memory(f);
	r.out = o;
	if ((rc = take_all(&r, f)) == 0)
		*out = *o;
	else
		proof_free(o);
	free(o);
	return rc;
}

void
proof_free(struct proof *p)
{
	buf_free(&p->at.cms);
	buf_free(&p->first.cms);
}
