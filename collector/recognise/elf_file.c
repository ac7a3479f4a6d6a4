/* See elf_file.h. */
#include "collector/recognise/elf_file.h"

#include <string.h>

enum { PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3 };
enum {
	DT_NULL = 0,
	DT_NEEDED = 1,
	DT_STRTAB = 5,
	DT_STRSZ = 10,
	DT_SONAME = 14,
	DT_RPATH = 15,
	DT_RUNPATH = 29,
	DT_FLAGS_1 = 0x6ffffffb
};
#define DF_1_PIE UINT64_C(0x08000000)

static uint64_t
number(const struct elf *e, const char *p, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | (uint8_t)p[e->big ? i : bytes - 1 - i];
	return v;
}

bool
elf_begins(const char *p, size_t len)
{
	return len >= 4 && memcmp(p, "\177ELF", 4) == 0;
}

/* A word at a place that differs between the classes. */
static uint64_t
word(const struct elf *e, const char *p, size_t at32, size_t at64)
{
	return e->is64 ? number(e, p + at64, 8) : number(e, p + at32, 4);
}

static void
take_header(struct elf *e, const char *p)
{
	struct elf_range file = { word(e, p, 4, 8), word(e, p, 16, 32) };
	uint64_t type = number(e, p, 4), address = word(e, p, 8, 16);

	if (type == PT_DYNAMIC)
		e->dynamic = file;
	else if (type == PT_INTERP)
		e->interpreter = file;
	if (type != PT_LOAD)
		return;
	e->load[e->nload] = file;
	e->memory[e->nload++] =
	    (struct elf_range){ address, word(e, p, 16, 32) };
}

int
elf_headers(struct elf *e, const char *p, size_t len)
{
	uint64_t offset, size, n;

	memset(e, 0, sizeof(*e));
	if (len < 64)
		return 1;
	if (!elf_begins(p, len) || (p[4] != 1 && p[4] != 2) ||
	    (p[5] != 1 && p[5] != 2))
		return -1;
	e->is64 = p[4] == 2;
	e->big = p[5] == 2;
	e->type = (uint16_t)number(e, p + 16, 2);
	e->machine = (uint16_t)number(e, p + 18, 2);
	offset = word(e, p, 28, 32);
	size = number(e, p + (e->is64 ? 54 : 42), 2);
	n = number(e, p + (e->is64 ? 56 : 44), 2);
	if (n == 0)
		return 0;
	if (n > ELF_HEADERS_MAX || size < (e->is64 ? 56U : 32U) ||
	    offset > UINT64_MAX / 2)
		return -1;
	if (offset + n * size > len)
		return 1;
	for (uint64_t i = 0; i < n; i++)
		take_header(e, p + offset + i * size);
	return 0;
}

/* Where in the file is this address? */
static bool
file_offset(const struct elf *e, uint64_t address, uint64_t *offset)
{
	for (size_t i = 0; i < e->nload; i++)
		if (address >= e->memory[i].offset &&
		    address - e->memory[i].offset < e->memory[i].size) {
			*offset =
			    e->load[i].offset + (address - e->memory[i].offset);
			return true;
		}
	return false;
}

/* An entry that is not of the strings' table. */
static void
take_entry(struct elf *e, uint64_t tag, uint64_t value)
{
	switch (tag) {
	case DT_NEEDED:
		if (e->nneeded < ELF_NEEDED_MAX)
			e->needed[e->nneeded++] = value;
		else
			e->more = true;
		break;
	case DT_SONAME:
		e->soname = value;
		e->has_soname = true;
		break;
	case DT_RPATH:
		e->rpath = value;
		e->has_rpath = true;
		break;
	case DT_RUNPATH:
		e->runpath = value;
		e->has_runpath = true;
		break;
	case DT_FLAGS_1:
		e->pie = (value & DF_1_PIE) != 0;
		break;
	default:
		break;
	}
}

int
elf_dynamic(struct elf *e, const char *p, size_t len)
{
	size_t entry = e->is64 ? 16 : 8;
	uint64_t address = 0, size = 0;

	for (size_t i = 0; i + entry <= len; i += entry) {
		uint64_t tag = word(e, p + i, 0, 0);
		uint64_t value = word(e, p + i, 4, 8);

		if (tag == DT_NULL)
			break;
		if (tag == DT_STRTAB)
			address = value;
		else if (tag == DT_STRSZ)
			size = value;
		else
			take_entry(e, tag, value);
	}
	if (e->nneeded == 0 && !e->has_soname)
		return 0;
	if (size == 0 || !file_offset(e, address, &e->strings.offset))
		return -1;
	e->strings.size = size;
	return 0;
}

struct span
elf_string(
    const struct elf *e, const char *strings, size_t len, uint64_t offset)
{
	const char *end;

	(void)e;
	if (offset >= len)
		return (struct span){ NULL, 0 };
	end = memchr(strings + offset, '\0', len - (size_t)offset);
	if (end == NULL)
		return (struct span){ NULL, 0 };
	return (struct span){ strings + offset,
		(size_t)(end - strings) - (size_t)offset };
}
