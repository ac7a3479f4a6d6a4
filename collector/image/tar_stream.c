/* See tar_stream.h. */
#include "collector/image/tar_stream.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK ((size_t)512)

/* Fields of a header block: offset and length. */
enum {
	NAME = 0,
	SIZE = 124,
	CHECKSUM = 148,
	TYPE = 156,
	LINK = 157,
	MAGIC = 257,
	PREFIX = 345,
	SPARSE_EXTENDED = 482,
	MAP_EXTENDED = 504
};

void
tar_init(struct tar *t, const struct tar_sink *sink)
{
	memset(t, 0, sizeof(*t));
	t->sink = sink;
	t->text.max = TAR_PAX_MAX;
	t->path.max = t->link.max = TAR_PAX_MAX;
	t->clean.max = t->clean_link.max = 2 * TAR_NAME_MAX;
}

void
tar_free(struct tar *t)
{
	buf_free(&t->text);
	buf_free(&t->path);
	buf_free(&t->link);
	buf_free(&t->clean);
	buf_free(&t->clean_link);
}

bool
tar_clean(const char *path, struct buf *out)
{
	buf_reset(out);
	buf_puts(out, "");
	if (strlen(path) > TAR_NAME_MAX)
		return false;
	while (*path != '\0') {
		size_t n = strcspn(path, "/");

		if (n == 2 && memcmp(path, "..", 2) == 0)
			return false;
		if (n > 0 && !(n == 1 && path[0] == '.')) {
			if (out->len > 0)
				buf_putc(out, '/');
			buf_put(out, path, n);
		}
		path += n + (path[n] == '/');
	}
	return out->failed == FAULT_NONE;
}

/* ---- numbers ---- */

/* Octal digits, or GNU's base 256 when the first bit is set. */
static int
number(const char *p, size_t len, uint64_t *out)
{
	uint64_t v = 0;
	size_t i = 0;

	if ((uint8_t)p[0] & 0x80) {
		if ((uint8_t)p[0] != 0x80)
			return -1; /* negative, or beyond 64 bits */
		for (i = 1; i < len; i++) {
			if (v >> 55 != 0)
				return -1;
			v = v << 8 | (uint8_t)p[i];
		}
		*out = v;
		return 0;
	}
	while (i < len && p[i] == ' ')
		i++;
	for (; i < len && p[i] >= '0' && p[i] <= '7'; i++) {
		if (v >> 55 != 0)
			return -1;
		v = v << 3 | (uint64_t)(p[i] - '0');
	}
	if (i < len && p[i] != '\0' && p[i] != ' ')
		return -1;
	*out = v;
	return 0;
}

/* The sum of the header's bytes, its own field as blanks; old writers took
 * them as signed. */
static bool
checksum_holds(const char *b)
{
	uint64_t want;
	long sum = 0, is_signed = 0;

	if (number(b + CHECKSUM, 8, &want) == -1)
		return false;
	for (size_t i = 0; i < BLOCK; i++) {
		bool own = i >= CHECKSUM && i < CHECKSUM + 8;

		sum += own ? ' ' : (uint8_t)b[i];
		is_signed += own ? ' ' : (signed char)b[i];
	}
	return want == (uint64_t)sum || want == (uint64_t)is_signed;
}

static bool
all_zero(const char *b)
{
	for (size_t i = 0; i < BLOCK; i++)
		if (b[i] != '\0')
			return false;
	return true;
}

/* ---- metadata ---- */

static int
decimal(const char *s, size_t len, uint64_t *out)
{
	*out = 0;
	if (len == 0 || len > 15)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		*out = *out * 10 + (uint64_t)(s[i] - '0');
	}
	return 0;
}

static bool
is(const char *p, size_t len, const char *text)
{
	return strlen(text) == len && memcmp(p, text, len) == 0;
}

static int
pax_record(struct tar *t, const char *key, size_t klen, const char *value,
    size_t vlen, struct fault *f)
{
	if (is(key, klen, "path") || is(key, klen, "GNU.sparse.name")) {
		buf_reset(&t->path);
		buf_put(&t->path, value, vlen);
	} else if (is(key, klen, "linkpath")) {
		buf_reset(&t->link);
		buf_put(&t->link, value, vlen);
	} else if (is(key, klen, "size")) {
		if (decimal(value, vlen, &t->size) == -1)
			return fault(f, FAULT_FORMAT, "tar: bad pax size");
		t->has_size = true;
	} else if (klen > 11 && memcmp(key, "GNU.sparse.", 11) == 0) {
		t->sparse = true;
	}
	return 0;
}

/* "LEN KEY=VALUE\n", LEN counting all of it. */
static int
pax_records(struct tar *t, struct fault *f)
{
	const char *p = t->text.p;
	size_t left = t->text.len;

	while (left > 0) {
		const char *space = memchr(p, ' ', left), *eq;
		uint64_t len;

		if (space == NULL ||
		    decimal(p, (size_t)(space - p), &len) == -1 || len > left ||
		    len < (size_t)(space - p) + 3 || p[len - 1] != '\n')
			return fault(f, FAULT_FORMAT, "tar: bad pax record");
		eq = memchr(space, '=', (size_t)len - (size_t)(space - p));
		if (eq == NULL)
			return fault(f, FAULT_FORMAT, "tar: bad pax record");
		if (pax_record(t, space + 1, (size_t)(eq - space - 1), eq + 1,
			(size_t)(p + len - 1 - eq - 1), f) == -1)
			return -1;
		p += len;
		left -= (size_t)len;
	}
	return 0;
}

static int
meta_ends(struct tar *t, struct fault *f)
{
	struct buf *to = t->meta == 'K' ? &t->link : &t->path;

	if (buf_done(&t->text, "tar: extended header", f) == -1)
		return -1;
	if (t->meta == 'x')
		return t->text.len > 0 ? pax_records(t, f) : 0;
	if (t->meta == 'g')
		return 0; /* defaults for all: names are never among them */
	buf_reset(to);
	buf_puts(to, t->text.p != NULL ? t->text.p : "");
	return 0;
}

/* ---- entries ---- */

static void
field(struct buf *out, const char *p, size_t len)
{
	buf_put(out, p, strnlen(p, len));
}

static bool
take_path(struct tar *t)
{
	const char *b = t->block;

	if (t->path.len == 0) {
		if (memcmp(b + MAGIC, "ustar\0", 6) == 0 && b[PREFIX] != '\0') {
			field(&t->path, b + PREFIX, 155);
			buf_putc(&t->path, '/');
		}
		field(&t->path, b + NAME, 100);
	}
	return t->path.failed == FAULT_NONE && t->path.p != NULL &&
	       memchr(t->path.p, '\0', t->path.len) == NULL &&
	       tar_clean(t->path.p, &t->clean);
}

static bool
take_link(struct tar *t, enum tar_type type)
{
	if (t->link.len == 0)
		field(&t->link, t->block + LINK, 100);
	if (t->link.failed != FAULT_NONE || t->link.p == NULL ||
	    t->link.len > TAR_NAME_MAX ||
	    memchr(t->link.p, '\0', t->link.len) != NULL)
		return false;
	if (type == TAR_HARD_LINK)
		return tar_clean(t->link.p, &t->clean_link);
	buf_reset(&t->clean_link);
	buf_puts(&t->clean_link, t->link.p);
	return t->clean_link.failed == FAULT_NONE;
}

static enum tar_type
type_of(const struct tar *t)
{
	size_t n = t->path.len;

	switch (t->block[TYPE]) {
	case '0':
	case '\0':
	case '7':
	case 'S':
		/* before ustar a folder was a file with a slash at its end */
		return n > 0 && t->path.p[n - 1] == '/' ? TAR_FOLDER : TAR_FILE;
	case '1':
		return TAR_HARD_LINK;
	case '2':
		return TAR_SYMLINK;
	case '5':
		return TAR_FOLDER;
	default:
		return TAR_OTHER;
	}
}

static void
forget_names(struct tar *t)
{
	buf_reset(&t->path);
	buf_reset(&t->link);
	t->path.failed = t->link.failed = FAULT_NONE;
	t->has_size = t->sparse = false;
}

static int
entry_ends(struct tar *t, struct fault *f)
{
	bool told = t->entry.type == TAR_FILE && !t->odd;

	t->state = TAR_HEADER;
	return told ? t->sink->end(t->sink->ctx, f) : 0;
}

static void
expect(struct tar *t, uint64_t size)
{
	t->left = size;
	t->padding = (size_t)((BLOCK - size % BLOCK) % BLOCK);
}

static int
entry_begins(struct tar *t, uint64_t size, struct fault *f)
{
	bool good = take_path(t);

	memset(&t->entry, 0, sizeof(t->entry));
	t->entry.type = type_of(t);
	if (t->entry.type == TAR_HARD_LINK || t->entry.type == TAR_SYMLINK)
		good = good && take_link(t, t->entry.type);
	t->odd = !good;
	t->passed_over += !good;
	t->entry.path = t->clean.p;
	t->entry.link = t->clean_link.p != NULL ? t->clean_link.p : "";
	t->entry.sparse = t->sparse || t->block[TYPE] == 'S';
	/* of links and folders some writers give a size, and no data */
	if (t->entry.type != TAR_FILE && t->entry.type != TAR_OTHER)
		size = 0;
	t->entry.size = size;
	t->entry.offset = t->offset;
	expect(t, size);
	t->state = t->block[TYPE] == 'S' && t->block[SPARSE_EXTENDED] != 0
		       ? TAR_SPARSE
		       : TAR_DATA;
	forget_names(t);
	if (good && t->sink->entry(t->sink->ctx, &t->entry, f) == -1)
		return -1;
	return t->state == TAR_DATA && t->left == 0 ? entry_ends(t, f) : 0;
}

static int
header(struct tar *t, struct fault *f)
{
	char type = t->block[TYPE];
	uint64_t size;

	if (all_zero(t->block)) {
		t->state = TAR_DONE;
		return 0;
	}
	if (!checksum_holds(t->block) ||
	    number(t->block + SIZE, 12, &size) == -1)
		return fault(
		    f, FAULT_FORMAT, "tar: not a header where one should be");
	if (++t->entries > TAR_ENTRIES_MAX)
		return fault(
		    f, FAULT_LIMIT, "tar: over %d entries", TAR_ENTRIES_MAX);
	if (type != '\0' && strchr("xgLK", type) != NULL) {
		if (size > TAR_PAX_MAX)
			return fault(f, FAULT_LIMIT,
			    "tar: an extended header of over %zu bytes",
			    TAR_PAX_MAX);
		buf_reset(&t->text);
		t->meta = type;
		expect(t, size);
		t->state = TAR_META;
		return t->left == 0 && (t->state = TAR_HEADER) == TAR_HEADER
			   ? meta_ends(t, f)
			   : 0;
	}
	return entry_begins(t, t->has_size ? t->size : size, f);
}

/* ---- the stream ---- */

/* Fill a block from p; true when it is whole. */
static bool
fill(struct tar *t, const char **p, size_t *len)
{
	size_t n = BLOCK - t->filled;

	if (n > *len)
		n = *len;
	memcpy(t->block + t->filled, *p, n);
	t->filled += n;
	t->offset += n;
	*p += n;
	*len -= n;
	if (t->filled < BLOCK)
		return false;
	t->filled = 0;
	return true;
}

static int
pass_data(struct tar *t, const char **p, size_t *len, struct fault *f)
{
	size_t n = t->left < *len ? (size_t)t->left : *len;
	int rc = 0;

	if (t->state == TAR_META)
		buf_put(&t->text, *p, n);
	else if (t->entry.type == TAR_FILE && !t->odd && n > 0)
		rc = t->sink->data(t->sink->ctx, *p, n, f);
	t->left -= n;
	t->offset += n;
	*p += n;
	*len -= n;
	if (rc == -1 || t->left > 0)
		return rc;
	rc = t->state == TAR_META ? meta_ends(t, f) : entry_ends(t, f);
	t->state = t->padding > 0 ? TAR_SKIP : TAR_HEADER;
	return rc;
}

static void
pass_padding(struct tar *t, const char **p, size_t *len)
{
	size_t n = t->padding < *len ? t->padding : *len;

	t->padding -= n;
	t->offset += n;
	*p += n;
	*len -= n;
	if (t->padding == 0)
		t->state = TAR_HEADER;
}

/* Further blocks of a sparse file's map. */
static int
sparse_map(struct tar *t, struct fault *f)
{
	if (t->block[MAP_EXTENDED] != 0)
		return 0;
	t->state = TAR_DATA;
	return t->left == 0 ? entry_ends(t, f) : 0;
}

int
tar_feed(struct tar *t, const char *p, size_t len, struct fault *f)
{
	int rc = 0;

	while (rc == 0 && len > 0) {
		switch (t->state) {
		case TAR_HEADER:
			if (fill(t, &p, &len))
				rc = header(t, f);
			break;
		case TAR_SPARSE:
			if (fill(t, &p, &len))
				rc = sparse_map(t, f);
			break;
		case TAR_DATA:
		case TAR_META:
			rc = pass_data(t, &p, &len, f);
			break;
		case TAR_SKIP:
			pass_padding(t, &p, &len);
			break;
		case TAR_DONE:
			return 0;
		}
	}
	return rc;
}

int
tar_end(struct tar *t, struct fault *f)
{
	/* some writers leave out the zero blocks, or the last padding */
	if (t->state == TAR_DONE || t->state == TAR_SKIP ||
	    (t->state == TAR_HEADER && t->filled == 0 && t->entries > 0))
		return 0;
	return fault(f, FAULT_FORMAT, "tar: the stream is cut off");
}
