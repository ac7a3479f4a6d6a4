/* See jar.h. */
#include "collector/recognise/jar.h"

#include <string.h>

#include <zlib.h>

#include "base/length.h"

#define END_SIZE 22
#define ENTRY_SIZE 46
#define LOCAL_SIZE 30
#define COMMENT_MAX 65535

/* A provider, by a class that only it has and by the names of its jars. */
static const struct provider {
	const char *class, *jar; /* jar: what its name begins with */
	const char *name;
} providers[] = {
	{ "org/bouncycastle/jcajce/provider/BouncyCastleFipsProvider.class",
	    "bc-fips-", "BC-FJA (Bouncy Castle FIPS Java API)" },
	{ "org/bouncycastle/jce/provider/BouncyCastleProvider.class", "bcprov-",
	    "Bouncy Castle Java provider" },
	{ "com/amazon/corretto/crypto/provider/"
	  "AmazonCorrettoCryptoProvider.class",
	    "AmazonCorrettoCryptoProvider", "Amazon Corretto Crypto Provider" },
	{ "com/wolfssl/provider/jce/WolfCryptProvider.class", "wolfcrypt-jni",
	    "wolfCrypt JNI provider" },
	{ "org/conscrypt/Conscrypt.class", "conscrypt-", "Conscrypt" },
};

#define PROVIDERS (LENGTH(providers))

static uint32_t
little(const char *p, size_t bytes)
{
	uint32_t v = 0;

	for (size_t i = bytes; i > 0; i--)
		v = v << 8 | (uint8_t)p[i - 1];
	return v;
}

bool
jar_name(const char *name)
{
	struct span s = span_of(name);

	return span_ends(s, ".jar") || span_ends(s, ".war") ||
	       span_ends(s, ".ear");
}

/* "2.0.0" of "bc-fips-2.0.0.jar", "1.78" of "bcprov-jdk18on-1.78.jar" */
static struct span
version_in_name(struct span name, const char *prefix)
{
	struct span s = name;

	s.p += strlen(prefix);
	s.len -= strlen(prefix);
	if (span_ends(s, ".jar"))
		s.len -= 4;
	while (s.len > 0 && (s.p[0] < '0' || s.p[0] > '9')) {
		struct span rest;

		(void)span_until(s, '-', &rest);
		if (rest.p == NULL)
			return (struct span){ "", 0 };
		s = rest;
	}
	return s;
}

static void
add_provider(struct recognised *out, const struct provider *p,
    struct span version, const char *basis)
{
	char text[MODULE_TEXT_MAX];

	text_copy(text, sizeof(text), version);
	recognised_add(out, "java", p->name, text, NULL, basis);
}

/* A jar's name, its own or of one within it. */
static void
by_name(struct recognised *out, struct span path, const char *basis)
{
	struct span name = path;

	for (size_t i = path.len; i > 0; i--)
		if (path.p[i - 1] == '/') {
			name = (struct span){ path.p + i, path.len - i };
			break;
		}
	if (!span_ends(name, ".jar"))
		return;
	for (size_t i = 0; i < PROVIDERS; i++)
		if (span_starts(name, providers[i].jar))
			add_provider(out, &providers[i],
			    version_in_name(name, providers[i].jar), basis);
}

/* ---- the manifest ---- */

/* Undo deflate, or copy. Bytes written, 0: it cannot be read. */
static size_t
unpack(const char *p, size_t len, unsigned method, char *out, size_t room)
{
	z_stream z = { 0 };
	size_t n = 0;
	int rc;

	if (method == 0) {
		n = len < room ? len : room;
		memcpy(out, p, n);
		return n;
	}
	if (method != 8 || inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return 0;
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	rc = inflate(&z, Z_FINISH);
	/* a longer manifest is cut: its main section stands first */
	if (rc == Z_STREAM_END || rc == Z_BUF_ERROR || rc == Z_OK)
		n = room - z.avail_out;
	(void)inflateEnd(&z);
	return n;
}

/* Lines of the main section, which an empty line ends. */
static struct span
attribute(struct span text, const char *name)
{
	struct span line, value;

	while (span_line(&text, &line) && line.len > 0)
		if (span_is(span_until(line, ':', &value), name) &&
		    value.p != NULL)
			return span_trim(value);
	return (struct span){ NULL, 0 };
}

static struct span
manifest_version(struct span text)
{
	static const char *const names[] = { "Bundle-Version",
		"Implementation-Version", "Specification-Version" };
	struct span v = { NULL, 0 };

	for (size_t i = 0; i < 3 && v.p == NULL; i++)
		v = attribute(text, names[i]);
	return v;
}

/* ---- the directory ---- */

struct entry {
	struct span name;
	uint32_t packed, local;
	unsigned method;
};

/* Step to the next entry; false at the end or where it makes no sense. */
static bool
next_entry(struct span *rest, struct entry *e)
{
	size_t name, more;

	if (rest->len < ENTRY_SIZE || memcmp(rest->p, "PK\1\2", 4) != 0)
		return false;
	name = little(rest->p + 28, 2);
	more = little(rest->p + 30, 2) + little(rest->p + 32, 2);
	if (rest->len < ENTRY_SIZE + name + more)
		return false;
	e->name = (struct span){ rest->p + ENTRY_SIZE, name };
	e->method = little(rest->p + 10, 2);
	e->packed = little(rest->p + 20, 4);
	e->local = little(rest->p + 42, 4);
	rest->p += ENTRY_SIZE + name + more;
	rest->len -= ENTRY_SIZE + name + more;
	return true;
}

/* The directory within the tail, by the end record (4.3.16). */
static int
find_directory(const struct jar_parts *j, struct span *out)
{
	size_t last = j->tail_len < END_SIZE ? 0 : j->tail_len - END_SIZE;
	size_t least = last > COMMENT_MAX ? last - COMMENT_MAX : 0;
	uint64_t before = j->size - j->tail_len, offset, size;

	if (j->tail_len < END_SIZE)
		return -1;
	for (size_t i = last + 1; i > least; i--) {
		const char *p = j->tail + i - 1;

		if (memcmp(p, "PK\5\6", 4) != 0)
			continue;
		size = little(p + 12, 4);
		offset = little(p + 16, 4);
		if (offset < before || offset - before > j->tail_len ||
		    size > j->tail_len - (offset - before))
			return -1;
		*out =
		    (struct span){ j->tail + (offset - before), (size_t)size };
		return 0;
	}
	return -1;
}

static size_t
read_manifest(const struct jar_parts *j, const struct entry *e, char *out)
{
	uint64_t at = e->local;

	if (at + LOCAL_SIZE > j->head_len ||
	    memcmp(j->head + at, "PK\3\4", 4) != 0)
		return 0;
	at += LOCAL_SIZE + little(j->head + at + 26, 2) +
	      little(j->head + at + 28, 2);
	if (at > j->head_len || e->packed > j->head_len - at)
		return 0;
	return unpack(
	    j->head + at, e->packed, e->method, out, JAR_MANIFEST_MAX);
}

int
jar_read(const struct jar_parts *j, struct recognised *out)
{
	char manifest[JAR_MANIFEST_MAX];
	struct span rest, version = { NULL, 0 };
	bool has[PROVIDERS] = { false };
	struct entry e;
	size_t n = 0, len = 0;

	if (find_directory(j, &rest) == -1)
		return -1;
	for (; rest.len > 0; n++) {
		if (n == JAR_ENTRIES_MAX || !next_entry(&rest, &e))
			return -1;
		if (span_is(e.name, "META-INF/MANIFEST.MF"))
			len = read_manifest(j, &e, manifest);
		if (span_ends(e.name, ".jar"))
			by_name(out, e.name, "name of a jar in a jar");
		for (size_t i = 0; i < PROVIDERS; i++)
			has[i] = has[i] || span_is(e.name, providers[i].class);
	}
	version = manifest_version((struct span){ manifest, len });
	for (size_t i = 0; i < PROVIDERS; i++) {
		struct span own = span_of(j->name);

		if (!has[i])
			continue;
		if (span_starts(own, providers[i].jar) &&
		    version_in_name(own, providers[i].jar).len > 0)
			add_provider(out, &providers[i],
			    version_in_name(own, providers[i].jar),
			    "class and name of the jar");
		else
			add_provider(out, &providers[i],
			    version.p != NULL ? version
					      : (struct span){ "", 0 },
			    "class and manifest of a jar");
	}
	return 0;
}
