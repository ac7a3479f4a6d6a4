/* See manifest.h. */
#include "report/package/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/length.h"
#include "base/folder.h"
#include "report/package/zip.h"

#define SHA384_BASE64 65 /* 64 characters and a NUL */
#define SUMS "SHA256SUMS"

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\" "
    "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n";
static const char method[] =
    "  <ds:DigestMethod "
    "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#sha384\"/>\n";
static const char foot[] = "</asic:ASiCManifest>\n";

/* ----------------------------------------------------------------- listing */

static struct listed *
new_listed(struct listing *l, const char *name, size_t len, struct fault *f)
{
	struct listed *e;
	char *copy;

	if (l->arena == NULL && (l->arena = arena_new()) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 64 : 2 * l->cap;

		if (cap > 2 * (size_t)ZIP_ENTRIES_MAX) {
			(void)fault(
			    f, FAULT_LIMIT, "over %d files", ZIP_ENTRIES_MAX);
			return NULL;
		}
		e = realloc(l->list, cap * sizeof(*e));
		if (e == NULL) {
			(void)fault_memory(f);
			return NULL;
		}
		l->list = e;
		l->cap = cap;
	}
	if ((copy = arena_alloc(l->arena, len + 1)) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	memcpy(copy, name, len);
	e = &l->list[l->n++];
	*e = (struct listed){ .name = copy };
	return e;
}

static int
compare(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
sort(struct listing *l)
{
	if (l->n > 1)
		qsort(l->list, l->n, sizeof(*l->list), compare);
}

static int
hash(struct listed *e, const char *folder, struct crypto *c, struct fault *f)
{
	int fd = folder_open(folder, e->name, f), rc;

	if (fd == -1)
		return -1;
	rc = digest_fd_both(
	    c, fd, ZIP_FILE_MAX, e->sha256, e->sha384, &e->size, f);
	(void)close(fd);
	return rc;
}

struct listing_file {
	struct listing *l;
	const char *folder;
	struct crypto *c;
};

static int
list_file(void *ctx, const char *name, struct fault *f)
{
	struct listing_file *k = ctx;
	const char *why = zip_name_refused(name, strlen(name));
	struct listed *e;

	if (strncmp(name, "META-INF/", 9) == 0 || strcmp(name, "mimetype") == 0)
		return 0;
	if (why != NULL)
		return fault(f, FAULT_FORMAT, "%s: %s", name, why);
	e = new_listed(k->l, name, strlen(name), f);
	return e == NULL ? -1 : hash(e, k->folder, k->c, f);
}

int
listing_of(
    struct listing *out, const char *folder, struct crypto *c, struct fault *f)
{
	struct listing_file k = { out, folder, c };

	*out = (struct listing){ 0 };
	if (folder_each(folder, list_file, &k, f) == -1)
		return -1;
	sort(out);
	return 0;
}

int
listing_add(struct listing *l, const char *folder, const char *name,
    struct crypto *c, struct fault *f)
{
	struct listed *e = new_listed(l, name, strlen(name), f);

	if (e == NULL || hash(e, folder, c, f) == -1)
		return -1;
	sort(l);
	return 0;
}

void
listing_free(struct listing *l)
{
	free(l->list);
	arena_free(l->arena);
	*l = (struct listing){ 0 };
}

const struct listed *
listing_find(const struct listing *l, const char *name)
{
	struct listed key = { .name = name };

	return l->n == 0 ? NULL
			 : bsearch(&key, l->list, l->n, sizeof(key), compare);
}

/* ----------------------------------------------------------------- writing */

void
sums_write(const struct listing *l, struct buf *out)
{
	char hex[SHA256_HEX];

	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->list[i].name, SUMS) == 0)
			continue;
		hex_encode(l->list[i].sha256, SHA256_LEN, hex);
		buf_printf(out, "%s  %s\n", hex, l->list[i].name);
	}
}

static const char *
mime_of(const char *name)
{
	static const char *const types[][2] = { { ".html", "text/html" },
		{ ".xml", "text/xml" }, { ".csv", "text/csv" },
		{ ".json", "application/json" },
		{ ".db", "application/vnd.sqlite3" },
		{ ".pem", "application/x-pem-file" },
		{ ".p7s", "application/pkcs7-signature" } };
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < LENGTH(types); i++)
		if (strcmp(dot, types[i][0]) == 0)
			return types[i][1];
	return "text/plain";
}

/* Names have no character that a URI would escape (zip_name_refused). */
static void
reference(const struct listed *e, struct buf *out)
{
	char text[SHA384_BASE64];

	(void)EVP_EncodeBlock((unsigned char *)text, e->sha384, SHA384_LEN);
	buf_printf(out, " <asic:DataObjectReference URI=\"%s\" MimeType=\"%s\"",
	    e->name, mime_of(e->name));
	buf_printf(out, "%s>\n%s  <ds:DigestValue>%s</ds:DigestValue>\n",
	    strcmp(e->name, "report.html") == 0 ? " Rootfile=\"true\"" : "",
	    method, text);
	buf_puts(out, " </asic:DataObjectReference>\n");
}

void
manifest_write(const struct listing *l, const char *uri, const char *mime_type,
    struct buf *out)
{
	buf_puts(out, head);
	buf_printf(out, " <asic:SigReference URI=\"%s\" MimeType=\"%s\"/>\n",
	    uri, mime_type);
	for (size_t i = 0; i < l->n; i++)
		reference(&l->list[i], out);
	buf_puts(out, foot);
}

/* ----------------------------------------------------------------- reading */

struct reading {
	const char *p, *end;
	int line;
};

static int
refuse(const struct reading *r, struct fault *f)
{
	return fault(f, FAULT_FORMAT,
	    "line %d of the manifest is not as exhibit writes it", r->line);
}

/* Go over this text, if it is what comes next. */
static bool
take(struct reading *r, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(r->end - r->p) < len || memcmp(r->p, text, len) != 0)
		return false;
	r->p += len;
	for (; *text != '\0'; text++)
		r->line += *text == '\n';
	return true;
}

/* Go over the rest of an attribute's value and its closing quote. */
static bool
take_value(struct reading *r, const char **value, size_t *len)
{
	const char *quote = memchr(r->p, '"', (size_t)(r->end - r->p));

	if (quote == NULL)
		return false;
	*value = r->p;
	*len = (size_t)(quote - r->p);
	r->p = quote + 1;
	return true;
}

static bool
take_digest(struct reading *r, uint8_t out[SHA384_LEN])
{
	char text[SHA384_BASE64], again[SHA384_BASE64];

	if ((size_t)(r->end - r->p) < SHA384_BASE64 - 1)
		return false;
	memcpy(text, r->p, SHA384_BASE64 - 1);
	text[SHA384_BASE64 - 1] = '\0';
	if (EVP_DecodeBlock(out, (unsigned char *)text, SHA384_BASE64 - 1) !=
	    SHA384_LEN)
		return false;
	(void)EVP_EncodeBlock((unsigned char *)again, out, SHA384_LEN);
	r->p += SHA384_BASE64 - 1;
	return strcmp(text, again) == 0;
}

static int
read_reference(struct reading *r, struct listing *out, struct fault *f)
{
	const char *name, *type;
	struct listed *e;
	size_t len, n;

	if (!take_value(r, &name, &len) ||
	    zip_name_refused(name, len) != NULL || !take(r, " MimeType=\"") ||
	    !take_value(r, &type, &n))
		return refuse(r, f);
	(void)take(r, " Rootfile=\"true\"");
	if ((e = new_listed(out, name, len, f)) == NULL)
		return -1;
	if (!take(r, ">\n") || !take(r, method) ||
	    !take(r, "  <ds:DigestValue>") || !take_digest(r, e->sha384) ||
	    !take(r, "</ds:DigestValue>\n </asic:DataObjectReference>\n"))
		return refuse(r, f);
	return 0;
}

int
manifest_read(const void *p, size_t len, struct listing *out, struct fault *f)
{
	struct reading r = { p, (const char *)p + len, 1 };
	const char *value;
	size_t n;

	*out = (struct listing){ 0 };
	if (!take(&r, head) || !take(&r, " <asic:SigReference URI=\"") ||
	    !take_value(&r, &value, &n) || !take(&r, " MimeType=\"") ||
	    !take_value(&r, &value, &n) || !take(&r, "/>\n"))
		return refuse(&r, f);
	while (take(&r, " <asic:DataObjectReference URI=\""))
		if (read_reference(&r, out, f) == -1)
			return -1;
	if (!take(&r, foot) || r.p != r.end)
		return refuse(&r, f);
	for (size_t i = 1; i < out->n; i++)
		if (compare(&out->list[i - 1], &out->list[i]) >= 0)
			return fault(f, FAULT_FORMAT,
			    "the manifest has '%s' twice or out of order",
			    out->list[i].name);
	return 0;
}
