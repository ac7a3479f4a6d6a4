/* See bundle.h. */
#include "report/package/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/json.h"

static const char beginning[] = "{\"began\":\"";

bool
bundle_begins(const char *line, size_t len)
{
	return len >= sizeof(beginning) - 1 &&
	       memcmp(line, beginning, sizeof(beginning) - 1) == 0;
}

bool
bundle_origin_ok(const char *origin)
{
	size_t n = strlen(origin);

	return n > 0 && n <= BUNDLE_ORIGIN_MAX && origin[0] != '.' &&
	       origin[0] != '-' &&
	       strspn(origin, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu"
			      "vwxyz0123456789._-") == n;
}

static json_int_t
count_lines(const char *p, size_t len)
{
	json_int_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += p[i] == '\n';
	return n;
}

static int
body_digest(struct crypto *c, const struct slice *body, char hex[SHA256_HEX],
    struct fault *f)
{
	uint8_t d[SHA256_LEN];

	if (digest_sha256(c, body->p != NULL ? body->p : "", body->len, d, f) ==
	    -1)
		return -1;
	hex_encode(d, SHA256_LEN, hex);
	return 0;
}

/* ------------------------------------------------------------------ making */

static int
put_record(
    const struct bundle *b, struct crypto *c, struct buf *out, struct fault *f)
{
	json_t *plan = json_read(b->plan.p, b->plan.len, "plan", f), *v;
	char hex[SHA256_HEX];
	int rc;

	if (plan == NULL)
		return -1;
	if (body_digest(c, &b->body, hex, f) == -1) {
		json_decref(plan);
		return -1;
	}
	v = json_pack("{s:s, s:{s:I, s:I, s:s}, s:s, s:s, s:s, s:s, s:s, s:o, "
		      "s:s, s:i}",
	    "began", b->began, "body", "bytes", (json_int_t)b->body.len,
	    "lines", count_lines(b->body.p, b->body.len), "sha256", hex,
	    "bundle", b->id, "ended", b->ended, "exhibit", b->exhibit,
	    "operator", b->asked_by, "origin", b->origin, "plan", plan, "type",
	    "bundle", "version", BUNDLE_VERSION);
	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, out, f);
	json_decref(v);
	buf_putc(out, '\n');
	return rc == -1 ? -1 : buf_done(out, "bundle record", f);
}

static int
put_base64(struct buf *out, const struct buf *der, struct fault *f)
{
	char *to = buf_reserve(out, 4 * (der->len + 2) / 3 + 4);

	if (to == NULL)
		return buf_done(out, "bundle", f);
	out->len += (size_t)EVP_EncodeBlock(
	    (unsigned char *)to, (const unsigned char *)der->p, (int)der->len);
	buf_putc(out, '\n');
	return buf_done(out, "bundle", f);
}

int
bundle_make(const struct bundle *b, const struct signer *signer,
    struct crypto *c, int64_t when, struct buf *out, struct fault *f)
{
	BUF_AUTO(record, BUNDLE_RECORD_MAX);
	BUF_AUTO(der, SIGNATURE_MAX);

	if (!bundle_origin_ok(b->origin))
		return fault(f, FAULT_USAGE,
		    "origin '%.80s': 1 to %d of A-Z, a-z, 0-9, '.', '_' and "
		    "'-', beginning with a letter or digit",
		    b->origin, BUNDLE_ORIGIN_MAX);
	if (put_record(b, c, &record, f) == -1 ||
	    sign_detached(signer, record.p, record.len, when, &der, f) == -1)
		return -1;
	buf_put(out, record.p, record.len);
	buf_put(out, b->body.p, b->body.len);
	return put_base64(out, &der, f);
}

/* ----------------------------------------------------------------- reading */

static int
copy(char *to, size_t size, const char *s)
{
	return snprintf(to, size, "%s", s) < (int)size ? 0 : -1;
}

static bool
is_time(const char *s)
{
	char again[UTC_LEN];
	int64_t t;

	if (utc_parse(s, &t) == -1)
		return false;
	utc_format(t, again);
	return strcmp(s, again) == 0;
}

static bool
is_id(const char *s)
{
	return strlen(s) == BUNDLE_ID_LEN - 1 &&
	       strspn(s, "0123456789abcdef") == BUNDLE_ID_LEN - 1;
}

/* One bundle has one text: the record must be canonical. */
static int
check_canonical(const json_t *v, const struct slice *line, struct fault *f)
{
	BUF_AUTO(again, BUNDLE_RECORD_MAX);

	if (json_canonical(v, &again, f) == -1)
		return -1;
	return again.len + 1 == line->len &&
		       memcmp(again.p, line->p, again.len) == 0
		   ? 0
		   : fault(f, FAULT_FORMAT,
			 "bundle: its record is not canonical JSON");
}

static int
check_body(struct crypto *c, const struct bundle *b, json_int_t bytes,
    json_int_t lines, const char *said, struct fault *f)
{
	char hex[SHA256_HEX];

	if (bytes != (json_int_t)b->body.len ||
	    lines != count_lines(b->body.p, b->body.len))
		return fault(f, FAULT_INTEGRITY,
		    "bundle: has %lld lines of %zu bytes, its record says %lld "
		    "of %lld: it was cut or added to",
		    (long long)count_lines(b->body.p, b->body.len), b->body.len,
		    (long long)lines, (long long)bytes);
	if (body_digest(c, &b->body, hex, f) == -1)
		return -1;
	return strcmp(hex, said) == 0
		   ? 0
		   : fault(f, FAULT_INTEGRITY,
			 "bundle: its lines do not match the SHA-256 of its "
			 "record: they were edited or reordered");
}

static int
fill(struct crypto *c, json_t *v, struct bundle *b, struct fault *f)
{
	const char *began, *sha, *id, *ended, *exhibit, *asked_by, *origin,
	    *type;
	json_int_t bytes, lines, version;
	json_error_t why;
	json_t *plan;

	if (json_unpack_ex(v, &why, JSON_STRICT,
		"{s:s, s:{s:I, s:I, s:s}, s:s, s:s, s:s, s:s, s:s, s:o, s:s, "
		"s:I}",
		"began", &began, "body", "bytes", &bytes, "lines", &lines,
		"sha256", &sha, "bundle", &id, "ended", &ended, "exhibit",
		&exhibit, "operator", &asked_by, "origin", &origin, "plan",
		&plan, "type", &type, "version", &version) == -1)
		return fault(
		    f, FAULT_FORMAT, "bundle: its record: %s", why.text);
	if (!is_id(id) || !bundle_origin_ok(origin) || !is_time(began) ||
	    !is_time(ended) || strcmp(began, ended) > 0 ||
	    !json_is_object(plan) ||
	    copy(b->asked_by, sizeof(b->asked_by), asked_by) == -1 ||
	    copy(b->exhibit, sizeof(b->exhibit), exhibit) == -1)
		return fault(f, FAULT_FORMAT,
		    "bundle: its record has an id, origin, time, plan or name "
		    "that cannot be");
	(void)copy(b->id, sizeof(b->id), id);
	(void)copy(b->origin, sizeof(b->origin), origin);
	(void)copy(b->began, sizeof(b->began), began);
	(void)copy(b->ended, sizeof(b->ended), ended);
	if (json_canonical(plan, &b->own, f) == -1)
		return -1;
	b->plan = (struct slice){ b->own.p, b->own.len };
	return check_body(c, b, bytes, lines, sha, f);
}

static int
read_record(struct crypto *c, struct bundle *b, struct fault *f)
{
	json_t *v = json_read(b->record.p, b->record.len - 1, "bundle", f);
	const char *type = json_string_value(json_object_get(v, "type"));
	json_int_t version = json_integer_value(json_object_get(v, "version"));
	int rc;

	if (v == NULL)
		return -1;
	if (type == NULL || strcmp(type, "bundle") != 0)
		rc = fault(f, FAULT_FORMAT,
		    "bundle: its first line is not the record of one");
	else if (version != BUNDLE_VERSION)
		rc = fault(f, FAULT_FORMAT,
		    "bundle: of version %lld; this exhibit reads version %d",
		    (long long)version, BUNDLE_VERSION);
	else if ((rc = check_canonical(v, &b->record, f)) == 0)
		rc = fill(c, v, b, f);
	json_decref(v);
	return rc;
}

/* The last line, which must be base64 as one would write it and nothing
 * else. */
static int
read_cms(struct bundle *b, const char *p, size_t len, struct fault *f)
{
	BUF_AUTO(again, 2 * SIGNATURE_MAX);
	size_t pad =
	    len > 2 ? (size_t)((p[len - 2] == '=') + (p[len - 3] == '=')) : 0;
	char *to;
	int n = -1;

	if (len > SIGNATURE_MAX)
		return fault(f, FAULT_LIMIT,
		    "bundle: its last line is longer "
		    "than a signature may be");
	if (len > 4 && len % 4 == 1 && (to = buf_reserve(&b->cms, len)) == NULL)
		return buf_done(&b->cms, "bundle", f);
	if (len > 4 && len % 4 == 1)
		n = EVP_DecodeBlock((unsigned char *)to,
		    (const unsigned char *)p, (int)len - 1);
	if (n >= (int)pad)
		b->cms.len = (size_t)n - pad;
	if (n > 0 && put_base64(&again, &b->cms, f) == -1)
		return -1;
	if (n <= 0 || again.len != len || memcmp(again.p, p, len) != 0)
		return fault(f, FAULT_FORMAT,
		    "bundle: its last line is not a signature in base64: it "
		    "was cut off, or something was added");
	return 0;
}

static int
part(struct bundle *b, const char *text, size_t len, struct fault *f)
{
	const char *first = len > 0 ? memchr(text, '\n', len) : NULL, *last;

	if (len > BUNDLE_MAX)
		return fault(f, FAULT_LIMIT, "bundle: larger than %lu bytes",
		    BUNDLE_MAX);
	if (first == NULL || !bundle_begins(text, len))
		return fault(f, FAULT_FORMAT,
		    "not a signed bundle: its first line is not the record of "
		    "one");
	if (first - text >= BUNDLE_RECORD_MAX)
		return fault(f, FAULT_LIMIT,
		    "bundle: its record is longer than %d bytes",
		    BUNDLE_RECORD_MAX);
	last = text[len - 1] == '\n' ? memrchr(text, '\n', len - 1) : NULL;
	if (last == NULL)
		return fault(f, FAULT_FORMAT,
		    "bundle: it ends in the middle of a line: it was cut off");
	first++;
	last++;
	b->record = (struct slice){ text, (size_t)(first - text) };
	b->body = (struct slice){ first, (size_t)(last - first) };
	return read_cms(b, last, len - (size_t)(last - text), f);
}

int
bundle_read(struct crypto *c, const char *text, size_t len, struct bundle *out,
    struct fault *f)
{
	struct bundle b = { .own.max = BUNDLE_RECORD_MAX,
		.cms.max = SIGNATURE_MAX };

	if (part(&b, text, len, f) == -1 || read_record(c, &b, f) == -1) {
		bundle_free(&b);
		return -1;
	}
	*out = b;
	return 0;
}

void
bundle_free(struct bundle *b)
{
	buf_free(&b->own);
	buf_free(&b->cms);
}

int
bundle_verify(const struct bundle *b, struct crypto *c, const void *anchors,
    size_t anchors_len, int64_t at, struct signature_info *info,
    struct fault *f)
{
	struct fault why = { 0 };

	if (signature_verify(c, b->record.p, b->record.len, b->cms.p,
		b->cms.len, anchors, anchors_len, at, info, &why) == 0)
		return 0;
	return fault(f, why.kind, "bundle: its signature: %.900s", why.text);
}
