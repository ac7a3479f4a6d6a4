/* See goinfo.h. */
#include "collector/recognise/goinfo.h"

#include <string.h>

#define HEADER 32     /* bytes before the strings */
#define FLAG_INLINE 2 /* the strings follow */
#define SENTINEL 16   /* bytes around the modules' text */

/* A string with its length before it as Go's varint. */
static int
take_string(struct span *rest, struct span *out)
{
	uint64_t len = 0;
	unsigned shift = 0;
	uint8_t c;

	do {
		if (rest->len == 0 || shift > 28)
			return -1;
		c = (uint8_t)*rest->p++;
		rest->len--;
		len |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
	} while (c & 0x80);
	if (len > rest->len)
		return -1;
	*out = (struct span){ rest->p, (size_t)len };
	rest->p += len;
	rest->len -= (size_t)len;
	return 0;
}

/* fips140= among a GODEBUG list, commas between; the last one holds. */
static void
take_godebug(struct go_found *g, struct span list)
{
	struct span word, rest = list, value;

	while (rest.p != NULL) {
		word = span_until(rest, ',', &rest);
		if (span_is(span_until(word, '=', &value), "fips140") &&
		    value.p != NULL)
			text_copy(
			    g->fips_default, sizeof(g->fips_default), value);
	}
}

/* "key=value"; either may be quoted when it holds blanks or quotes. */
static void
take_setting(struct go_found *g, struct span s)
{
	struct span value, key = span_until(s, '=', &value);

	if (value.p == NULL)
		return;
	if (value.len >= 2 && value.p[0] == '"') {
		value.p++;
		value.len -= 2;
	}
	if (span_is(key, "GOFIPS140"))
		text_copy(g->fips140, sizeof(g->fips140), value);
	else if (span_is(key, "GOEXPERIMENT"))
		text_copy(g->experiment, sizeof(g->experiment), value);
	else if (span_is(key, "DefaultGODEBUG"))
		take_godebug(g, value);
}

static void
take_module(struct go_found *g, struct span s)
{
	struct span version, path = span_until(s, '\t', &version), rest;

	if (version.p != NULL && span_is(path, "golang.org/x/crypto"))
		text_copy(g->crypto_version, sizeof(g->crypto_version),
		    span_until(version, '\t', &rest));
}

static void
take_modules(struct go_found *g, struct span text)
{
	struct span line, value;

	if (text.len < 2 * SENTINEL)
		return;
	text.p += SENTINEL;
	text.len -= 2 * SENTINEL;
	while (span_line(&text, &line)) {
		struct span what = span_until(line, '\t', &value);

		if (value.p == NULL)
			continue;
		if (span_is(what, "path"))
			text_copy(g->main, sizeof(g->main), value);
		else if (span_is(what, "build"))
			take_setting(g, value);
		else if (span_is(what, "dep"))
			take_module(g, value);
	}
}

int
goinfo_read(struct go_found *g, const char *p, size_t len)
{
	struct span rest, version, modules;

	if (len < HEADER || memcmp(p, GOINFO_MAGIC, GOINFO_MAGIC_LEN) != 0)
		return -1;
	g->is_go = true;
	if (!(p[GOINFO_MAGIC_LEN + 1] & FLAG_INLINE))
		return 0;
	rest = (struct span){ p + HEADER, len - HEADER };
	if (take_string(&rest, &version) == -1 ||
	    take_string(&rest, &modules) == -1)
		return -1;
	text_copy(g->version, sizeof(g->version), version);
	take_modules(g, modules);
	if (strstr(g->experiment, "boringcrypto") != NULL ||
	    strstr(g->version, "X:boringcrypto") != NULL)
		g->boring = true;
	return 0;
}
