/* Names of images; see image.h. */
#include <stdio.h>
#include <string.h>

#include "base/length.h"

#include "collector/image/image.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define HUB "registry-1.docker.io" /* what docker.io means */

static int
bad(const char *text, const char *why, struct fault *f)
{
	return fault(f, FAULT_USAGE,
	    "image '%.200s': %s; say [HOST/]NAME[:TAG][@sha256:...], "
	    "oci:FOLDER, oci-archive:FILE, docker-archive:FILE or root:FOLDER",
	    text, why);
}

/* oci:FOLDER:NAME: the first colon parts them, as skopeo has it. */
static void
part_name(struct reference *r)
{
	char *colon = strchr(r->path, ':');

	if (colon == NULL)
		return;
	(void)snprintf(r->name, sizeof(r->name), "%s", colon + 1);
	*colon = '\0';
}

static bool
is_host(const char *s, size_t len)
{
	return memchr(s, '.', len) != NULL || memchr(s, ':', len) != NULL ||
	       (len == 9 && memcmp(s, "localhost", 9) == 0);
}

/* Path components of a repository: [a-z0-9]+ parted by ._- (spec, "name"). */
static bool
repository_good(const char *s)
{
	bool alnum = false;

	if (s[0] == '\0' || strlen(s) > 255)
		return false;
	for (; *s != '\0'; s++) {
		bool now = strchr(LOWER DIGITS, *s) != NULL;

		if (!now && strchr("._-/", *s) == NULL)
			return false;
		if (*s == '/' && !alnum)
			return false;
		if (*s == '.' && !alnum)
			return false; /* no ".." and no "/." */
		alnum = now;
	}
	return alnum;
}

static bool
tag_good(const char *s)
{
	return strlen(s) <= 128 && s[0] != '.' && s[0] != '-' &&
	       s[strspn(s, LOWER DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ_.-")] ==
		   '\0';
}

static bool
host_good(const char *s)
{
	return s[strspn(s, LOWER DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ.:-[]")] ==
	       '\0';
}

static int
registry(struct reference *r, const char *text, struct fault *f)
{
	const char *slash = strchr(text, '/'), *at = strrchr(text, '@');
	const char *rest = text;
	char *colon;

	r->transport = FROM_REGISTRY;
	if (at != NULL) {
		if (!digest_text_good(at + 1))
			return bad(text,
			    "behind the @ stands no SHA-256 "
			    "digest",
			    f);
		memcpy(r->digest, at + 1, DIGEST_TEXT);
	}
	if (slash != NULL && is_host(text, (size_t)(slash - text))) {
		if ((size_t)(slash - text) >= sizeof(r->host))
			return bad(text, "its host is too long", f);
		memcpy(r->host, text, (size_t)(slash - text));
		rest = slash + 1;
	}
	(void)snprintf(r->path, sizeof(r->path), "%.*s",
	    (int)((at != NULL ? (size_t)(at - rest) : strlen(rest))), rest);
	if (r->host[0] == '\0' || strcmp(r->host, "docker.io") == 0 ||
	    strcmp(r->host, "index.docker.io") == 0) {
		(void)snprintf(r->host, sizeof(r->host), "%s", HUB);
		if (strchr(r->path, '/') == NULL) {
			char path[REFERENCE_MAX];

			(void)snprintf(path, sizeof(path), "library/%.*s",
			    REFERENCE_MAX - 10, r->path);
			memcpy(r->path, path, sizeof(path));
		}
	}
	if ((colon = strrchr(r->path, ':')) != NULL) {
		(void)snprintf(r->name, sizeof(r->name), "%s", colon + 1);
		*colon = '\0';
	}
	if (r->name[0] == '\0' && r->digest[0] == '\0')
		(void)strcpy(r->name, "latest");
	if (!host_good(r->host))
		return bad(text, "its host is no name", f);
	if (!repository_good(r->path))
		return bad(text,
		    "its name is not lower-case words between "
		    "slashes",
		    f);
	return tag_good(r->name) ? 0 : bad(text, "its tag is no tag", f);
}

int
reference_read(struct reference *r, const char *text, struct fault *f)
{
	static const struct {
		const char *prefix;
		enum transport transport;
		bool named;
	} kinds_of[] = {
		{ "oci:", FROM_LAYOUT, true },
		{ "oci-archive:", FROM_ARCHIVE, true },
		{ "docker-archive:", FROM_ARCHIVE, false },
		{ "root:", FROM_FOLDER, false },
	};

	memset(r, 0, sizeof(*r));
	if (strlen(text) >= sizeof(r->text))
		return bad(text, "it is too long", f);
	memcpy(r->text, text, strlen(text) + 1);
	for (size_t i = 0; i < LENGTH(kinds_of); i++) {
		size_t n = strlen(kinds_of[i].prefix);

		if (strncmp(text, kinds_of[i].prefix, n) != 0)
			continue;
		r->transport = kinds_of[i].transport;
		(void)snprintf(r->path, sizeof(r->path), "%s", text + n);
		if (kinds_of[i].named)
			part_name(r);
		return r->path[0] != '\0' ? 0 : bad(text, "names no path", f);
	}
	return registry(r, text, f);
}

bool
reference_claim(const char **rest, struct span *word)
{
	for (;;) {
		size_t n;

		*rest += strcspn(*rest, ALNUM);
		/* a word goes on over hyphens and dots: "fips-140-3" */
		n = strspn(*rest, ALNUM "-._");
		if (n == 0)
			return false;
		*word = (struct span){ *rest, n };
		*rest += n;
		if (memmem(word->p, word->len, "fips", 4) != NULL ||
		    memmem(word->p, word->len, "FIPS", 4) != NULL)
			return true;
	}
}
