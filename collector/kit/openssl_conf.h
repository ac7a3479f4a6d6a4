/*
 * OpenSSL's configuration files, config(5) of OpenSSL 3.0, as data.
 * Nothing is loaded, no variable is expanded.
 */
#ifndef COLLECTOR_KIT_OPENSSL_CONF_H
#define COLLECTOR_KIT_OPENSSL_CONF_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/span.h"

#define CONF_VALUES_MAX 4096
#define CONF_INCLUDES_MAX 64
#define CONF_DEPTH_MAX 8
#define CONF_LINE_MAX ((size_t)64 * 1024)
#define CONF_TEXT_MAX ((size_t)4 * 1024 * 1024)

/* Where distributions build OPENSSLDIR to be: openssl.cnf, the first one there
 * is read, and fipsmodule.cnf. Each list ends with NULL. */
extern const char *const openssl_config_paths[];
extern const char *const openssl_module_config_paths[];

struct conf_value {
	size_t section, name, value; /* offsets into text */
	bool murky;		     /* value holds a $: not expanded */
};

struct conf {
	struct buf text;	   /* NUL-terminated strings */
	struct conf_value *values; /* owned */
	size_t n, cap;
	size_t includes[CONF_INCLUDES_MAX]; /* paths, offsets into text */
	size_t nincludes;
	struct buf section; /* the current one; an include may change it */
	int depth;
	bool blind; /* something it includes could not be read */
	/* Told of each .include: reads it into c with conf_read(), or sets
	 * blind. NULL: sets blind. */
	int (*include)(
	    void *ctx, struct conf *c, const char *path, struct fault *f);
	void *ctx;
};

void conf_init(struct conf *c);
void conf_free(struct conf *c);

/* Add what text says. -1: OpenSSL would refuse it too, or a limit. */
MUST_USE int conf_read(struct conf *c, struct span text, struct fault *f);

/* The last value of name in section, or NULL. A name may stand behind
 * "anything.", which OpenSSL passes over. */
const struct conf_value *conf_get(
    const struct conf *c, const char *section, const char *name);

static inline const char *
conf_text(const struct conf *c, size_t offset)
{
	return c->text.p + offset;
}

bool conf_includes(const struct conf *c, const char *path);

/* What a configuration does with providers; each of three: yes, no, NULL. */
enum tri { TRI_NO, TRI_YES, TRI_UNKNOWN };

struct conf_providers {
	enum tri fips, by_default;
	const char *properties; /* borrowed from c; NULL: none, or unknown */
};

/*
 * library: version text of libcrypto, "" if not known. Up to 3.1 any
 * activate line activates, even activate = 0; from 3.2 its value counts
 * (crypto/provider_conf.c). Where that decides and the version is not known,
 * the answer is unknown.
 */
void conf_providers(
    const struct conf *c, const char *library, struct conf_providers *out);

#endif
