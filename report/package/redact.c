/* See redact.h. */
#include "report/package/redact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "report/format/csv.h"
#include "base/length.h"
#include "report/package/redact_forms.h"

#define DOMAIN "exhibit-redaction-1"
#define SHORT_HEX 12
#define PSEUDONYM_MAX 80

static const char *const class_names[REDACT_CLASSES] = {
	[REDACT_HOST] = "host",
	[REDACT_ACCOUNT] = "account",
	[REDACT_ADDRESS] = "address",
	[REDACT_USER] = "user",
	[REDACT_NAME] = "name",
	[REDACT_ID] = "id",
	[REDACT_DIGEST] = "digest",
};

static const struct profile {
	const char *name;
	bool classes[REDACT_CLASSES];
} profiles[] = {
	{ "all", { true, true, true, true, true, true, true } },
	{ "hosts", { [REDACT_HOST] = true,
		       [REDACT_ADDRESS] = true,
		       [REDACT_ID] = true,
		       [REDACT_DIGEST] = true } },
};

struct entry {			       /* a value that was learnt or met */
	char *value;		       /* owned; lower case for looking up */
	char pseudonym[PSEUDONYM_MAX]; /* "": not used yet */
	char commitment[SHA256_HEX];
	enum redact_class class;
};

struct redactor {
	struct crypto *crypto; /* borrowed */
	uint8_t key[REDACT_KEY_LEN];
	const bool *classes;
	struct entry **slots;	/* open addressing by value */
	size_t n, cap;		/* cap is a power of two */
	struct entry **phrases; /* those of several words */
	size_t nphrases, cap_phrases;
};

static const struct profile *
profile_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(profiles); i++)
		if (strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	return NULL;
}

bool
redact_profile_find(const char *name)
{
	return profile_find(name) != NULL;
}

/* ------------------------------------------------------------ commitments */

/* RFC 2104 over SHA-256; the key is 32 bytes, a part of one block. */
static int
hmac(struct crypto *c, const uint8_t key[REDACT_KEY_LEN],
    const struct buf *text, uint8_t out[SHA256_LEN], struct fault *f)
{
	uint8_t inner[64], outer[64], d[SHA256_LEN];
	struct slice a[] = { { inner, sizeof(inner) }, { text->p, text->len } };
	struct slice b[] = { { outer, sizeof(outer) }, { d, sizeof(d) } };
	int rc;

	for (size_t i = 0; i < sizeof(inner); i++) {
		uint8_t k = i < REDACT_KEY_LEN ? key[i] : 0;

		inner[i] = k ^ 0x36;
		outer[i] = k ^ 0x5c;
	}
	rc = digest_sha256v(c, a, 2, d, f);
	if (rc == 0)
		rc = digest_sha256v(c, b, 2, out, f);
	OPENSSL_cleanse(inner, sizeof(inner));
	OPENSSL_cleanse(outer, sizeof(outer));
	return rc;
}

static int
redact_prove(struct crypto *c, const uint8_t key[REDACT_KEY_LEN],
    enum redact_class class, const char *value, struct redact_proof *out,
    struct fault *f)
{
	uint8_t d[SHA256_LEN];
	BUF_AUTO(text, REDACT_VALUE_MAX * 2);

	buf_put(&text, DOMAIN, sizeof(DOMAIN));
	buf_put(&text, class_names[class], strlen(class_names[class]) + 1);
	buf_puts(&text, value);
	if (buf_done(&text, "redaction", f) == -1 ||
	    hmac(c, key, &text, d, f) == -1)
		return -1;
	hex_encode(d, sizeof(d), out->salt);
	buf_putc(&text, '\0');
	buf_puts(&text, out->salt);
	if (buf_done(&text, "redaction", f) == -1 ||
	    digest_sha256(c, text.p, text.len, d, f) == -1)
		return -1;
	hex_encode(d, sizeof(d), out->commitment);
	return 0;
}

/* ------------------------------------------------------------- dictionary */

struct redactor *
redactor_new(struct crypto *c, const uint8_t key[REDACT_KEY_LEN],
    const char *profile, struct fault *f)
{
	const struct profile *p = profile_find(profile);
	struct redactor *r;

	if (p == NULL) {
		(void)fault(f, FAULT_USAGE, "--redact %.40s: there are %s",
		    profile, REDACT_PROFILES);
		return NULL;
	}
	if ((r = calloc(1, sizeof(*r))) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	r->crypto = c;
	memcpy(r->key, key, REDACT_KEY_LEN);
	r->classes = p->classes;
	return r;
}

void
redactor_free(struct redactor *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->cap; i++)
		if (r->slots[i] != NULL) {
			free(r->slots[i]->value);
			free(r->slots[i]);
		}
	free(r->slots);
	free(r->phrases);
	OPENSSL_cleanse(r->key, sizeof(r->key));
	free(r);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The value's place, or the free one for it; cap must not be 0. */
static struct entry **
slot(struct entry **slots, size_t cap, const char *s, size_t len)
{
	uint64_t h = UINT64_C(14695981039346656037);
	size_t i;

	for (size_t k = 0; k < len; k++)
		h = (h ^ (uint8_t)lower(s[k])) * UINT64_C(1099511628211);
	for (i = (size_t)(h ^ h >> 29) & (cap - 1); slots[i] != NULL;
	     i = (i + 1) & (cap - 1))
		if (strncasecmp(slots[i]->value, s, len) == 0 &&
		    slots[i]->value[len] == '\0')
			break;
	return &slots[i];
}

static int
widen(struct redactor *r, struct fault *f)
{
	size_t cap = r->cap == 0 ? 1024 : r->cap * 2;
	struct entry **slots;

	if (r->n * 2 < r->cap)
		return 0;
	if (r->n >= REDACT_VALUES_MAX)
		return fault(f, FAULT_LIMIT, "redaction: over %d values",
		    REDACT_VALUES_MAX);
	if ((slots = calloc(cap, sizeof(*slots))) == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < r->cap; i++)
		if (r->slots[i] != NULL)
			*slot(slots, cap, r->slots[i]->value,
			    strlen(r->slots[i]->value)) = r->slots[i];
	free(r->slots);
	r->slots = slots;
	r->cap = cap;
	return 0;
}

static struct entry *
find(const struct redactor *r, const char *s, size_t len)
{
	return r->cap == 0 ? NULL : *slot(r->slots, r->cap, s, len);
}

static bool
parts_words(char c)
{
	return strchr(" \t\n\r\"'`(),;=<>[]{}|", c) != NULL;
}

static bool
is_phrase(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (parts_words(s[i]))
			return true;
	return false;
}

static int
note_phrase(struct redactor *r, struct entry *e, struct fault *f)
{
	size_t cap = r->cap_phrases == 0 ? 16 : r->cap_phrases * 2;
	void *p;

	if (r->nphrases == r->cap_phrases) {
		if ((p = realloc(r->phrases, cap * sizeof(e))) == NULL)
			return fault_memory(f);
		r->phrases = p;
		r->cap_phrases = cap;
	}
	r->phrases[r->nphrases++] = e;
	return 0;
}

/* The value's entry, made if there is none. */
static struct entry *
enter(struct redactor *r, enum redact_class c, const char *s, size_t len,
    struct fault *f)
{
	struct entry *e, **at;

	if ((e = find(r, s, len)) != NULL)
		return e;
	if (len >= REDACT_VALUE_MAX) {
		(void)fault(
		    f, FAULT_LIMIT, "redaction: a name of %zu bytes", len);
		return NULL;
	}
	if (widen(r, f) == -1)
		return NULL;
	if ((e = calloc(1, sizeof(*e))) == NULL ||
	    (e->value = strndup(s, len)) == NULL) {
		free(e);
		(void)fault_memory(f);
		return NULL;
	}
	for (char *p = e->value; *p != '\0'; p++)
		*p = lower(*p);
	e->class = c;
	at = slot(r->slots, r->cap, s, len);
	*at = e;
	r->n++;
	return !is_phrase(s, len) || note_phrase(r, e, f) == 0 ? e : NULL;
}

int
redactor_learn(
    struct redactor *r, enum redact_class c, const char *value, struct fault *f)
{
	size_t len = strlen(value);

	if (!r->classes[c] || len < 2 || strspn(value, "0123456789.") == len)
		return 0;
	return enter(r, c, value, len, f) != NULL ? 0 : -1;
}

static int
use(struct redactor *r, struct entry *e, struct buf *out, struct fault *f)
{
	struct redact_proof proof;

	if (e->pseudonym[0] == '\0') {
		if (redact_prove(
			r->crypto, r->key, e->class, e->value, &proof, f) == -1)
			return -1;
		memcpy(e->commitment, proof.commitment, SHA256_HEX);
		if (e->class == REDACT_DIGEST)
			memcpy(e->pseudonym, proof.commitment, SHA256_HEX);
		else
			(void)snprintf(e->pseudonym, sizeof(e->pseudonym),
			    "%s-%.*s", class_names[e->class], SHORT_HEX,
			    proof.commitment);
	}
	buf_puts(out, e->pseudonym);
	return 0;
}

/* ------------------------------------------------------------------ words */

static int word(struct redactor *r, const char *s, size_t len, struct buf *out,
    struct fault *f);

/* The parts between these separators, each as a word. */
static int
split(struct redactor *r, const char *s, size_t len, const char *separators,
    struct buf *out, struct fault *f)
{
	for (size_t from = 0, i = 0; i <= len; i++) {
		if (i < len && strchr(separators, s[i]) == NULL)
			continue;
		if (i > from && word(r, s + from, i - from, out, f) == -1)
			return -1;
		if (i < len)
			buf_putc(out, s[i]);
		from = i + 1;
	}
	return 0;
}

/* Identifiers stand within names too: entry files are named by machine id. */
static int
plain(struct redactor *r, const char *s, size_t len, struct buf *out,
    struct fault *f)
{
	for (size_t i = 0; i < len;) {
		size_t n = redact_random(s, i, len);
		enum redact_class c = n == 64 ? REDACT_DIGEST : REDACT_ID;
		struct entry *e;

		if (n == 0 || !r->classes[c]) {
			buf_putc(out, s[i++]);
			continue;
		}
		if ((e = enter(r, c, s + i, n, f)) == NULL ||
		    use(r, e, out, f) == -1)
			return -1;
		i += n;
	}
	return 0;
}

static int
word(struct redactor *r, const char *s, size_t len, struct buf *out,
    struct fault *f)
{
	struct entry *e = find(r, s, len);
	enum redact_class c;
	size_t end = len;

	if (e == NULL && redact_form(s, len, &c) && r->classes[c] &&
	    (e = enter(r, c, s, len, f)) == NULL)
		return -1;
	if (e != NULL)
		return use(r, e, out, f);
	/* a sentence's full stop, and what stands at the end of a clause */
	while (end > 1 && strchr(".:", s[end - 1]) != NULL)
		end--;
	if (end < len) {
		if (word(r, s, end, out, f) == -1)
			return -1;
		buf_put(out, s + end, len - end);
		return 0;
	}
	if (memchr(s, '/', len) != NULL)
		return split(r, s, len, "/", out, f);
	if (memchr(s, ':', len) != NULL || memchr(s, '@', len) != NULL)
		return split(r, s, len, ":@", out, f);
	return plain(r, s, len, out, f);
}

/* The longest name of several words that stands at s, or NULL. */
static struct entry *
phrase_at(const struct redactor *r, const char *s, size_t *len)
{
	struct entry *best = NULL;

	*len = 0;
	for (size_t i = 0; i < r->nphrases; i++) {
		const char *v = r->phrases[i]->value;
		size_t n = strlen(v);

		if (n > *len && lower(s[0]) == v[0] &&
		    strncasecmp(s, v, n) == 0 &&
		    (s[n] == '\0' || parts_words(s[n]) || s[n] == '.' ||
			s[n] == ':')) {
			best = r->phrases[i];
			*len = n;
		}
	}
	return best;
}

int
redactor_text(
    struct redactor *r, const char *s, struct buf *out, struct fault *f)
{
	while (*s != '\0') {
		size_t n;
		struct entry *e = phrase_at(r, s, &n);

		if (e != NULL) {
			if (use(r, e, out, f) == -1)
				return -1;
			s += n;
			continue;
		}
		n = 0;

		while (s[n] != '\0' && !parts_words(s[n]))
			n++;
		if (n > 0 && word(r, s, n, out, f) == -1)
			return -1;
		s += n;
		if (*s != '\0')
			buf_putc(out, *s++);
	}
	return buf_done(out, "redaction", f);
}

/* ------------------------------------------------------------------ table */

static int
by_pseudonym(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a,
			   *y = *(struct entry *const *)b;

	return strcmp(x->pseudonym, y->pseudonym);
}

int
redactor_table(struct redactor *r, struct buf *out, struct fault *f)
{
	struct entry **used = calloc(r->n + 1, sizeof(*used));
	size_t n = 0;
	int rc = 0;

	if (used == NULL)
		return fault_memory(f);
	for (size_t i = 0; i < r->cap; i++)
		if (r->slots[i] != NULL && r->slots[i]->pseudonym[0] != '\0')
			used[n++] = r->slots[i];
	qsort(used, n, sizeof(*used), by_pseudonym);
	buf_puts(out, "pseudonym,class,commitment\r\n");
	for (size_t i = 0; i < n && rc == 0; i++) {
		if (i > 0 && by_pseudonym(&used[i - 1], &used[i]) == 0)
			rc = fault(f, FAULT_LIMIT,
			    "redaction: two values are %s under this key; "
			    "take another",
			    used[i]->pseudonym);
		buf_printf(out, "%s,%s,%s\r\n", used[i]->pseudonym,
		    class_names[used[i]->class], used[i]->commitment);
	}
	free(used);
	return rc == 0 ? buf_done(out, "csv/redacted.csv", f) : -1;
}

int
redactor_map(struct redactor *r, struct buf *out, struct fault *f)
{
	struct redact_proof proof;

	buf_puts(out, "pseudonym,class,value,salt,commitment\r\n");
	for (size_t i = 0; i < r->cap; i++) {
		const struct entry *e = r->slots[i];

		if (e == NULL || e->pseudonym[0] == '\0')
			continue;
		if (redact_prove(
			r->crypto, r->key, e->class, e->value, &proof, f) == -1)
			return -1;
		buf_printf(out, "%s,%s,", e->pseudonym, class_names[e->class]);
		csv_text(out, e->value, strlen(e->value));
		buf_printf(out, ",%s,%s\r\n", proof.salt, proof.commitment);
	}
	return buf_done(out, "the map of pseudonyms", f);
}
