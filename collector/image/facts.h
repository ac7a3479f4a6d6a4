/* What was found in one file of an image; shared by the names it has. */
#ifndef COLLECTOR_IMAGE_FACTS_H
#define COLLECTOR_IMAGE_FACTS_H

#include <jansson.h>

#include "collector/recognise/recognise.h"

/* Files that are read for what they say, by their paths. */
enum special {
	SPECIAL_NONE,
	SPECIAL_DPKG,	 /* /var/lib/dpkg/status, status.d of distroless */
	SPECIAL_APK,	 /* /lib/apk/db/installed */
	SPECIAL_RPM,	 /* RPM's database, whatever its form */
	SPECIAL_RPM_LOG, /* the log of one in SQLite */
	SPECIAL_OS,	 /* os-release */
	SPECIAL_CONF,	 /* OpenSSL's configuration */
	SPECIAL_JDK,	 /* release of a Java runtime */
	SPECIAL_LOADER,	 /* where ld.so looks for libraries */
	SPECIAL_JAVA,	 /* java.security */
	SPECIAL_PRELOAD, /* /etc/ld.so.preload */
	SPECIAL_SERVICE, /* a unit of systemd */
	SPECIAL_MARKER	 /* that it is there says something */
};

/* How a program or library is loaded; see struct elf_found, whose spans are of
 * text here. */
struct elf_facts {
	struct elf_found f;
	struct span *needed; /* owned; f.needed */
	char *text;	     /* owned */
};

struct facts {
	unsigned references;
	enum special special;
	json_t *modules;       /* array of objects, or NULL */
	json_t *packages;      /* array of [name, version, architecture] */
	struct go_found *go;   /* of a Go program, or NULL */
	uint64_t links;	       /* as struct recognised */
	struct elf_facts *elf; /* of an ELF file, or NULL */
	char *script;	       /* what follows "#!" in a script, or NULL */
	bool environment;      /* of a script: as struct recognised */
	char *text;	       /* of a file that is kept, NUL-terminated */
	size_t text_len;
	char *unread; /* why it could not be told what it is, or NULL */
};

struct facts *facts_new(void);	  /* with one reference; NULL: memory */
void facts_free(struct facts *v); /* gives one back; NULL is fine */

/*
 * *out: new, with what was recognised and why the rest could not be told
 * (unread, or NULL); NULL: nothing to tell. It may be set though -1 comes.
 */
MUST_USE int facts_of_recognised(const struct recognised *r, const char *unread,
    struct facts **out, struct fault *f);
json_t *facts_module(const struct module_found *m); /* new; NULL: memory */

/* Which of them a path (without leading slash) is. */
enum special special_of(const char *path);

#endif
