/*
 * Which cryptographic module a file is or holds, told from its bytes as they
 * pass by: nothing is run, loaded or kept whole. The same for a file of a
 * host, of an image's layer or of an archive.
 *
 * What is recognised, and by what:
 *   ELF   names, versions and builds that libraries carry as texts (needles.c);
 *         DT_NEEDED and DT_SONAME (System V ABI, "Dynamic Section");
 *         Go's build information (debug/buildinfo, from Go 1.18 on)
 *   JAR   the central directory (APPNOTE.TXT 4.3.12), the manifest, and the
 *         names of the jars within
 */
#ifndef COLLECTOR_RECOGNISE_RECOGNISE_H
#define COLLECTOR_RECOGNISE_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/span.h"

#define MODULE_TEXT_MAX 128
#define FILE_MODULES_MAX 8
#define FILE_PATH_MAX 4096

/* One module in one file. Texts are "" where nothing was told. */
struct module_found {
	const char *module; /* as the catalogue's layer: "openssl"; static */
	const char *basis;  /* how it was told; static */
	char name[MODULE_TEXT_MAX], version[MODULE_TEXT_MAX],
	    build[MODULE_TEXT_MAX];
	/* of OpenSSL: where it was built to look for openssl.cnf and for
	 * providers */
	char directory[MODULE_TEXT_MAX], modules[MODULE_TEXT_MAX];
};

/* What a Go program says of its build. */
struct go_found {
	bool is_go;
	bool boring;		 /* linked with Go's BoringCrypto */
	char version[128];	 /* "go1.24.2"; "": older than its build info */
	char main[256];		 /* path of its main package */
	char fips140[64];	 /* setting GOFIPS140, "" if none */
	char fips_default[32];	 /* fips140= of DefaultGODEBUG, "" if none */
	char experiment[128];	 /* setting GOEXPERIMENT */
	char crypto_version[64]; /* of golang.org/x/crypto among its modules */
};

/*
 * What an ELF file is loaded with (ld.so(8)), and what it says of what it does.
 * Spans are borrowed until the next file begins; p NULL: nothing said.
 */
struct elf_found {
	bool program;	  /* it is run, not loaded */
	bool is_static;	  /* it has no dynamic section */
	bool sockets;	  /* it can open connections: names it imports, texts */
	bool loads;	  /* it can load libraries by name, as dlopen(3) */
	bool ciphers;	  /* it holds tables of AES or ChaCha20 */
	bool hashes;	  /* it holds tables of SHA-2 */
	bool calls;	  /* it imports functions of OpenSSL's kind */
	uint16_t machine; /* e_machine */
	struct span interpreter, soname, rpath, runpath;
	const struct span *needed; /* names of libraries, as written */
	size_t nneeded;
};

enum file_form { FORM_OTHER, FORM_ELF, FORM_JAR, FORM_SCRIPT };

/* Libraries a file may be linked with, as bits of links. */
struct crypto_library {
	const char *prefix; /* of its DT_NEEDED name */
	const char *module; /* as the catalogue's layer */
	bool core;	    /* computes itself; not only a protocol */
};
extern const struct crypto_library crypto_libraries[]; /* prefix NULL ends */

struct recognised {
	enum file_form form;
	struct module_found modules[FILE_MODULES_MAX];
	size_t nmodules;
	uint64_t links;	    /* bit i: crypto_libraries[i] is needed */
	bool dynamic;	    /* it has a dynamic section */
	const char *unread; /* what could not be told, or NULL; static */
	struct go_found go;
	struct elf_found elf; /* of FORM_ELF */
	struct span script;   /* of FORM_SCRIPT: the line behind "#!" */
	bool environment;     /* of FORM_SCRIPT: names_library_variable() */
};

/*
 * A recogniser is made once and used for one file after another. It holds
 * some 7 MiB, touched only as files are large. NULL: out of memory.
 */
struct recogniser;
struct recogniser *recogniser_new(void);
void recogniser_free(struct recogniser *r);

/* A file begins: its path (for its name only; borrowed until the end) and
 * size in bytes. */
void recognise_begin(struct recogniser *r, const char *path, uint64_t size);

/* Its next bytes; the first piece holds 64 or the whole file. false: the rest
 * is of no interest and need not be given. */
bool recognise_feed(struct recogniser *r, const void *p, size_t len);

/* What it was. out is valid until the next begin. */
const struct recognised *recognise_end(struct recogniser *r);

/* Does a text name a variable that changes which libraries are loaded, or what
 * configuration or mode they are in (OPENSSL_CONF, LD_PRELOAD, GODEBUG ...)? */
bool names_library_variable(struct span text);

/* Add a module to out unless it has one of the same name; a full list stays.
 * A text that is NULL is "". */
void recognised_add(struct recognised *out, const char *module,
    const char *name, const char *version, const char *build,
    const char *basis);

/* Copy at most size - 1 bytes of s, a NUL behind. */
void text_copy(char *to, size_t size, struct span s);

#endif
