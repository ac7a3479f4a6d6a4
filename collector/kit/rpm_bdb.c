/*
 * The hash tables of Berkeley DB (dbinc/db_page.h), as rpm up to 4.15 keeps
 * packages in: pages of pairs, long values in chains of pages of their own.
 * Either byte order.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/kit/rpm_db.h"

#define PAGE_HEADER 26
#define PAGE_MAX 65536

enum { HASH_MAGIC = 0x061561, META_HASH = 8 };
enum { P_HASH_UNSORTED = 2, P_OVERFLOW = 7, P_HASH = 13 };
enum { H_KEYDATA = 1, H_OFFPAGE = 3 };

struct bdb {
	struct rpm_reading *r;
	bool big;
	size_t page_size;
	uint32_t last;		    /* page */
	unsigned char *page, *over; /* page_size bytes each; owned */
	uint64_t work;		    /* overflow pages read, in all */
};

static uint32_t
number(const struct bdb *b, const unsigned char *p, size_t bytes)
{
	uint32_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | p[b->big ? i : bytes - 1 - i];
	return v;
}

static int
nonsense(const char *what, struct fault *f)
{
	return fault(f, FAULT_FORMAT, "RPM database (Berkeley DB): %s", what);
}

static int
read_page(const struct bdb *b, uint32_t n, unsigned char *page, struct fault *f)
{
	return rpm_file_read(
	    b->r->db, (uint64_t)n * b->page_size, page, b->page_size, f);
}

/* A value that has pages of its own: total bytes from the page n on. */
static int
read_chain(struct bdb *b, uint32_t n, unsigned char *out, size_t total,
    struct fault *f)
{
	size_t done = 0;

	while (done < total) {
		size_t len;

		if (n == 0 || n > b->last || b->work++ > b->last)
			return nonsense("a package's pages lead nowhere", f);
		if (read_page(b, n, b->over, f) == -1)
			return -1;
		len = number(b, b->over + 22, 2);
		if (b->over[25] != P_OVERFLOW || len == 0 ||
		    len > b->page_size - PAGE_HEADER || len > total - done)
			return nonsense("a package's page is none", f);
		memcpy(out + done, b->over + PAGE_HEADER, len);
		done += len;
		n = number(b, b->over + 16, 4);
	}
	return n == 0 ? 0 : nonsense("a package longer than it says", f);
}

static int
long_value(struct bdb *b, const unsigned char *item, struct fault *f)
{
	uint32_t total = number(b, item + 8, 4);
	unsigned char *value;
	int rc;

	if (total == 0 || total > RPM_HEADER_MAX)
		return nonsense("a package of no size, or too large", f);
	if ((value = malloc(total)) == NULL)
		return fault_memory(f);
	rc = read_chain(b, number(b, item + 4, 4), value, total, f);
	if (rc == 0)
		rc = rpm_reading_tell(b->r, value, total, f);
	free(value);
	return rc;
}

/* Is it the record of key 0, which counts packages and is none? */
static bool
is_counter(const struct bdb *b, const unsigned char *key, size_t len)
{
	return len == 5 && key[0] == H_KEYDATA && number(b, key + 1, 4) == 0;
}

/* Items stand from the page's end down; each ends where the one before it
 * begins. */
static int
one_pair(struct bdb *b, const struct span *key, const struct span *value,
    struct fault *f)
{
	const unsigned char *v = (const unsigned char *)value->p;

	if (is_counter(b, (const unsigned char *)key->p, key->len))
		return 0;
	if (v[0] == H_OFFPAGE && value->len >= 12)
		return long_value(b, v, f);
	if (v[0] == H_KEYDATA)
		return rpm_reading_tell(b->r, v + 1, value->len - 1, f);
	return nonsense("a value of a kind that rpm does not write", f);
}

static int
hash_page(struct bdb *b, struct fault *f)
{
	size_t n = number(b, b->page + 20, 2), end = b->page_size;
	struct span item[2];

	if (n % 2 != 0 || PAGE_HEADER + 2 * n > b->page_size)
		return nonsense("a page with more than it can hold", f);
	for (size_t i = 0; i < n; i++) {
		size_t at = number(b, b->page + PAGE_HEADER + 2 * i, 2);

		if (at < PAGE_HEADER + 2 * n || at >= end)
			return nonsense("a page in disorder", f);
		item[i % 2] =
		    (struct span){ (const char *)b->page + at, end - at };
		end = at;
		if (i % 2 == 1 && one_pair(b, &item[0], &item[1], f) == -1)
			return -1;
	}
	return 0;
}

static int
read_pages(struct bdb *b, struct fault *f)
{
	for (uint32_t n = 1; n <= b->last; n++) {
		if (read_page(b, n, b->page, f) == -1)
			return -1;
		if ((b->page[25] == P_HASH || b->page[25] == P_HASH_UNSORTED) &&
		    hash_page(b, f) == -1)
			return -1;
	}
	return 0;
}

int
rpm_bdb_read(struct rpm_reading *r, struct fault *f)
{
	struct bdb b = { .r = r };
	unsigned char meta[72];
	int rc;

	if (rpm_file_read(r->db, 0, meta, sizeof(meta), f) == -1)
		return -1;
	b.big = meta[12] == 0;
	b.page_size = number(&b, meta + 20, 4);
	b.last = number(&b, meta + 32, 4);
	if (number(&b, meta + 12, 4) != HASH_MAGIC || meta[25] != META_HASH)
		return nonsense("not a hash table", f);
	if (meta[24] != 0)
		return nonsense("encrypted", f);
	if (b.page_size < 512 || b.page_size > PAGE_MAX ||
	    (b.page_size & (b.page_size - 1)) != 0 ||
	    ((uint64_t)b.last + 1) * b.page_size > r->db->size)
		return nonsense("cut off", f);
	b.page = malloc(2 * b.page_size);
	if (b.page == NULL)
		return fault_memory(f);
	b.over = b.page + b.page_size;
	rc = read_pages(&b, f);
	free(b.page);
	return rc;
}
