/*
 * RPM's own database, "ndb" (lib/backend/ndb/rpmpkg.c): slots that say where
 * packages are, in blocks of 16 bytes, and packages between a head and a tail.
 * All numbers are little-endian.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/kit/rpm_db.h"

#define PAGE 4096
#define SLOT 16
#define BLOCK 16
#define HEAD 16
#define TAIL 12
#define SLOT_PAGES_MAX 65536

static uint32_t
little(const unsigned char *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[1] << 8 | p[0];
}

static int
nonsense(const char *what, struct fault *f)
{
	return fault(f, FAULT_FORMAT, "RPM database (ndb): %s", what);
}

/* The blob of a slot: head, bytes, room up to a block, tail. */
static int
one_package(struct rpm_reading *r, const unsigned char *slot, struct fault *f)
{
	uint64_t at = (uint64_t)little(slot + 8) * BLOCK;
	uint64_t room = (uint64_t)little(slot + 12) * BLOCK;
	unsigned char head[HEAD], *blob;
	uint32_t len;
	int rc;

	if (rpm_file_read(r->db, at, head, sizeof(head), f) == -1)
		return -1;
	len = little(head + 12);
	if (memcmp(head, "BlbS", 4) != 0 ||
	    little(head + 4) != little(slot + 4))
		return nonsense("a slot without its package", f);
	if (room < HEAD + TAIL || len > room - HEAD - TAIL ||
	    len > RPM_HEADER_MAX)
		return nonsense("a package larger than its room", f);
	if ((blob = malloc((size_t)room - HEAD)) == NULL)
		return fault_memory(f);
	rc = rpm_file_read(r->db, at + HEAD, blob, (size_t)room - HEAD, f);
	if (rc == 0 && (memcmp(blob + room - HEAD - 4, "BlbE", 4) != 0 ||
			   little(blob + room - HEAD - 8) != len))
		rc = nonsense("a package without its end", f);
	if (rc == 0)
		rc = rpm_reading_tell(r, blob, len, f);
	free(blob);
	return rc;
}

int
rpm_ndb_read(struct rpm_reading *r, struct fault *f)
{
	unsigned char page[PAGE];
	uint32_t pages;

	if (rpm_file_read(r->db, 0, page, 2 * SLOT, f) == -1)
		return -1;
	pages = little(page + 12);
	if (little(page + 4) != 0)
		return nonsense("of a version that is not known", f);
	if (pages == 0 || pages > SLOT_PAGES_MAX)
		return nonsense("no slots, or too many", f);
	for (uint32_t i = 0; i < pages; i++) {
		if (rpm_file_read(r->db, (uint64_t)i * PAGE, page, PAGE, f) ==
		    -1)
			return -1;
		for (size_t at = i == 0 ? 2 * SLOT : 0; at < PAGE; at += SLOT) {
			if (memcmp(page + at, "Slot", 4) != 0)
				return nonsense("a slot that is none", f);
			if (little(page + at + 8) != 0 &&
			    one_package(r, page + at, f) == -1)
				return -1;
		}
	}
	return 0;
}
