/* See emission.h. */
#include "base/emission.h"
#include "base/number.h"

#include <stdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define SEQ ",\"seq\":{\"chain\":\""
#define SEQ_LINE "\",\"line\":"
#define SEQ_MAX (sizeof(SEQ SEQ_LINE "}}") + SHA256_HEX + NUMBER_DIGITS)
#define END "{\"end\":"

/* The chain behind one more line. */
static int
chain_on(struct crypto *c, uint8_t chain[SHA256_LEN], const char *p, size_t len,
    struct fault *f)
{
	uint8_t next[SHA256_LEN];
	const struct slice v[] = { { chain, SHA256_LEN }, { p, len } };

	if (digest_sha256v(c, v, 2, next, f) == -1)
		return -1;
	memcpy(chain, next, SHA256_LEN);
	return 0;
}

int
emission_write(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct emission *e = ctx;
	char hex[SHA256_HEX];
	BUF_AUTO(line, COVERAGE_MAX + 256);

	/* an object that is not empty, and a newline */
	if (chain_on(e->crypto, e->chain, p, len - 1, f) == -1)
		return -1;
	e->lines++;
	hex_encode(e->chain, SHA256_LEN, hex);
	(void)buf_reserve(&line, len + SEQ_MAX);
	buf_put(&line, p, len - 2);
	buf_printf(&line, SEQ "%s" SEQ_LINE "%lld}}\n", hex, e->lines);
	if (buf_done(&line, "NDJSON line", f) == -1)
		return -1;
	return e->to.write(e->to.ctx, line.p, line.len, f);
}

int
emission_end(struct emission *e, struct fault *f)
{
	char text[64];
	int n = snprintf(text, sizeof(text), END "%lld}\n", e->lines);
	int rc = emission_write(e, text, (size_t)n, f);

	e->lines = 0;
	memset(e->chain, 0, sizeof(e->chain));
	return rc;
}

/* ------------------------------------------------------------------ reading */

/* "17}}" at the end of a line as 17; -1: anything else. */
static long long
number_of(const char *p, size_t len)
{
	long long n;

	return len > 2 && memcmp(p + len - 2, "}}", 2) == 0 &&
		       number_span(
			   (struct span){ p, len - 2 }, 1, LLONG_MAX, &n)
		   ? n
		   : -1;
}

/*
 * The number and the chain of a line that ends with them, exactly as
 * emission_write() puts them; *len becomes what is before them, without the
 * brace that ended the line when it was numbered. False: it does not end so.
 */
static bool
take_number(
    const char *p, size_t *len, uint8_t chain[SHA256_LEN], long long *number)
{
	const size_t digits = SHA256_HEX - 1;
	const size_t fixed = strlen(SEQ) + digits + strlen(SEQ_LINE);
	char hex[SHA256_HEX];

	for (size_t n = 1; n <= NUMBER_DIGITS && fixed + n + 2 < *len; n++) {
		const char *at = p + *len - fixed - n - 2;

		if (memcmp(at, SEQ, strlen(SEQ)) != 0)
			continue;
		memcpy(hex, at + strlen(SEQ), digits);
		hex[digits] = '\0';
		if (hex_decode(hex, chain, SHA256_LEN) == -1 ||
		    memcmp(at + strlen(SEQ) + digits, SEQ_LINE,
			strlen(SEQ_LINE)) != 0 ||
		    (*number = number_of(at + fixed, n + 2)) == -1)
			return false;
		*len = (size_t)(at - p);
		return true;
	}
	return false;
}

static int
check_next(struct emission_reader *r, const char *p, size_t len,
    const uint8_t chain[SHA256_LEN], long long number, struct fault *f)
{
	if (number != r->at + 1 && r->at == 0)
		return fault(f, FAULT_FORMAT,
		    "lines are missing: the emission begins with its line %lld",
		    number);
	if (number != r->at + 1)
		return fault(f, FAULT_FORMAT,
		    "lines are missing: line %lld of the emission follows line "
		    "%lld",
		    number, r->at);
	if (r->at == 0)
		memset(r->chain, 0, sizeof(r->chain));
	if (chain_on(r->crypto, r->chain, p, len, f) == -1)
		return -1;
	if (memcmp(r->chain, chain, SHA256_LEN) != 0)
		return fault(f, FAULT_FORMAT,
		    "line %lld of the emission is not as it was written: its "
		    "digest differs",
		    number);
	r->at = number;
	return 0;
}

/* {"end":N}: N lines came before it. */
static int
end_line(struct emission_reader *r, const char *p, size_t len, struct fault *f)
{
	char want[64];
	int n = snprintf(want, sizeof(want), END "%lld}", r->at - 1);

	if ((size_t)n != len || memcmp(p, want, len) != 0)
		return fault(f, FAULT_FORMAT,
		    "the emission's last line does not count its lines");
	r->at = 0;
	return 0;
}

/* Something that is no object: of standard error, where there are numbers. */
static int
other_line(struct emission_reader *r, size_t len, struct fault *f)
{
	if (len <= EMISSION_SKIPPED_MAX && (r->numbered || r->read == 0)) {
		r->odd.skipped++;
		return 0;
	}
	return fault(f, FAULT_FORMAT, "line: not a JSON object");
}

static int
numbered_line(struct emission_reader *r, const char *p, size_t len,
    const uint8_t chain[SHA256_LEN], long long number, const struct sink *to,
    struct fault *f)
{
	if (r->read > 1 && !r->numbered)
		return fault(f, FAULT_FORMAT,
		    "a numbered line follows lines without numbers");
	r->numbered = true;
	if (check_next(r, p, len, chain, number, f) == -1)
		return -1;
	if (len > strlen(END) && memcmp(p, END, strlen(END)) == 0)
		return end_line(r, p, len, f);
	return ndjson_line(p, len, r->kinds, to, f);
}

int
emission_line(struct emission_reader *r, char *p, size_t len, struct fault *f)
{
	const struct sink to = emission_counting(r);
	uint8_t chain[SHA256_LEN];
	long long number;

	if (len == 0 || p[0] != '{')
		return other_line(r, len, f);
	r->read++;
	if (take_number(p, &len, chain, &number)) {
		p[len++] = '}';
		return numbered_line(r, p, len, chain, number, &to, f);
	}
	if (r->numbered)
		return fault(f, FAULT_FORMAT,
		    "a line without a number follows numbered lines");
	if (r->odd.skipped > 0)
		return fault(f, FAULT_FORMAT,
		    "%lld lines before it are not JSON objects, and it has no "
		    "number by which loss would show",
		    r->odd.skipped);
	return ndjson_line(p, len, r->kinds, &to, f);
}

long long
emission_bare(const char *p, size_t len, struct buf *out)
{
	uint8_t chain[SHA256_LEN];
	long long number = 0;
	bool numbered = take_number(p, &len, chain, &number);

	buf_reset(out);
	buf_put(out, p, len);
	if (numbered)
		buf_putc(out, '}');
	return numbered ? number : 0;
}

int
emission_whole(struct emission_reader *r, struct fault *f)
{
	if (r->read == 0)
		return fault(f, FAULT_FORMAT, "holds no observation");
	if (r->at != 0)
		return fault(f, FAULT_FORMAT,
		    "lines are missing: the emission ends after its line %lld, "
		    "without its last line",
		    r->at);
	return emission_scopes_end(r, f);
}
