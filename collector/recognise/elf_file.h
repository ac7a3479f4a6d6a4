/*
 * What an ELF file needs and is called, from the bytes as they pass: program
 * headers, then the dynamic section, then its strings, which may stand before
 * it (as linkers write them) or behind it (as patchelf does). System V ABI
 * generic, chapters 4 and 5; 32 and 64 bits, either byte order.
 */
#ifndef COLLECTOR_RECOGNISE_ELF_FILE_H
#define COLLECTOR_RECOGNISE_ELF_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

#define ELF_DYNAMIC_MAX ((size_t)64 * 1024)
#define ELF_STRINGS_MAX ((size_t)8 * 1024 * 1024)
#define ELF_NEEDED_MAX 256
#define ELF_HEADERS_MAX 256

struct elf_range {
	uint64_t offset, size;
};

struct elf {
	bool is64, big;
	uint16_t type; /* ET_EXEC 2, ET_DYN 3 */
	uint16_t machine;
	struct elf_range load[ELF_HEADERS_MAX], memory[ELF_HEADERS_MAX];
	size_t nload;
	struct elf_range dynamic;     /* size 0: none */
	struct elf_range strings;     /* known once the dynamic section is */
	struct elf_range interpreter; /* of PT_INTERP; size 0: none */
	uint64_t needed[ELF_NEEDED_MAX], soname, rpath, runpath;
	size_t nneeded;
	bool has_soname, has_rpath, has_runpath;
	bool pie;  /* DF_1_PIE: a program at any address */
	bool more; /* it needs more than ELF_NEEDED_MAX */
};

/* Is it an ELF file? */
bool elf_begins(const char *p, size_t len);

/*
 * Read the header and the program headers out of the file's first bytes.
 * 0; 1: they reach beyond len; -1: not an ELF file we can read.
 */
int elf_headers(struct elf *e, const char *p, size_t len);

/* Read the dynamic section's bytes: offsets of names, and where their strings
 * are. -1: it makes no sense. */
int elf_dynamic(struct elf *e, const char *p, size_t len);

/* A string of the dynamic section's; p NULL: it is not within. */
struct span elf_string(
    const struct elf *e, const char *strings, size_t len, uint64_t offset);

#endif
