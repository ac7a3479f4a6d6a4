/* See recognise.h. */
#include "collector/recognise/recognise.h"

#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "collector/recognise/elf_file.h"
#include "collector/recognise/goinfo.h"
#include "collector/recognise/jar.h"
#include "collector/recognise/needles.h"

#define HEAD_MAX ELF_STRINGS_MAX /* node's reach to 7.6 MB */
#define LATE_MAX                                                               \
	((size_t)1024 * 1024) /* strings behind the dynamic section            \
			       */
#define TAIL_MAX ((size_t)2 * 1024 * 1024)
#define SCRIPT_LINE_MAX 256 /* BINPRM_BUF_SIZE of Linux */
#define VARIABLE_MAX 32	    /* bytes of a variable's name */

/* A part of the file that is kept when it passes. */
struct kept {
	uint64_t from;
	size_t len, want;
	char *p;
};

enum looking { LOOK_FIRST, LOOK_ELF, LOOK_JAR, LOOK_SCRIPT, LOOK_NOTHING };

struct recogniser {
	struct recognised out;
	enum looking looking;
	const char *name; /* of the file, without folders */
	uint64_t size, at;
	struct kept head, dynamic, late, tail, go;
	const char *strings; /* within head or late */
	struct elf elf;
	struct span needed[ELF_NEEDED_MAX]; /* of strings */
	char last[VARIABLE_MAX]; /* of a script: the end of the last piece */
	size_t nlast;
	bool headers, broken;
	bool settled; /* the strings are at hand, or none are needed */
	struct needles needles;
	struct scan *scan;
};

void
text_copy(char *to, size_t size, struct span s)
{
	size_t n = s.len < size - 1 ? s.len : size - 1;

	if (n > 0)
		memcpy(to, s.p, n);
	to[n] = '\0';
}

void
recognised_add(struct recognised *out, const char *module, const char *name,
    const char *version, const char *build, const char *basis)
{
	struct module_found *m = &out->modules[out->nmodules];

	for (size_t i = 0; i < out->nmodules; i++)
		if (strcmp(out->modules[i].module, module) == 0)
			return;
	if (out->nmodules == FILE_MODULES_MAX)
		return;
	memset(m, 0, sizeof(*m));
	m->module = module;
	m->basis = basis;
	text_copy(m->name, sizeof(m->name), span_of(name));
	if (version != NULL)
		text_copy(m->version, sizeof(m->version), span_of(version));
	if (build != NULL)
		text_copy(m->build, sizeof(m->build), span_of(build));
	out->nmodules++;
}

/* Build information begins here: keep what follows. */
static void
begin_go(struct recogniser *r, const char *window, size_t at, size_t end)
{
	size_t n = end - at;

	if (r->go.want > 0)
		return; /* one is enough, and the first is the program's */
	r->go.want = GOINFO_MAX;
	r->go.len = n < GOINFO_MAX ? n : GOINFO_MAX;
	memcpy(r->go.p, window + at, r->go.len);
	r->go.from = scan_offset(r->scan) + at;
}

static void
on_hit(void *ctx, size_t id, const char *window, size_t at, size_t end)
{
	struct recogniser *r = ctx;

	if (id == NEEDLE_GO_BUILD)
		begin_go(r, window, at, end);
	else
		needles_note(&r->needles, (enum needle_id)id, window, at, end);
}

struct recogniser *
recogniser_new(void)
{
	struct recogniser *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->head.p = malloc(HEAD_MAX);
	r->dynamic.p = malloc(ELF_DYNAMIC_MAX);
	r->late.p = malloc(LATE_MAX);
	r->tail.p = malloc(TAIL_MAX);
	r->go.p = malloc(GOINFO_MAX);
	r->scan = scan_new(needle_texts, NEEDLES, on_hit, r);
	if (r->head.p != NULL && r->dynamic.p != NULL && r->late.p != NULL &&
	    r->tail.p != NULL && r->go.p != NULL && r->scan != NULL)
		return r;
	recogniser_free(r);
	return NULL;
}

void
recogniser_free(struct recogniser *r)
{
	if (r == NULL)
		return;
	free(r->head.p);
	free(r->dynamic.p);
	free(r->tail.p);
	free(r->late.p);
	free(r->go.p);
	scan_free(r->scan);
	free(r);
}

void
recognise_begin(struct recogniser *r, const char *path, uint64_t size)
{
	const char *slash = strrchr(path, '/');

	memset(&r->out, 0, sizeof(r->out));
	r->looking = LOOK_FIRST;
	r->name = slash != NULL ? slash + 1 : path;
	r->size = size;
	r->at = 0;
	r->headers = r->broken = r->settled = false;
	r->strings = NULL;
	r->nlast = 0;
	r->head.len = r->dynamic.len = r->late.len = r->tail.len = 0;
	r->head.from = r->dynamic.from = r->late.from = 0;
	r->head.want = size < HEAD_MAX ? (size_t)size : HEAD_MAX;
	r->dynamic.want = r->late.want = r->tail.want = 0;
	r->go.len = r->go.want = 0;
	memset(&r->elf, 0, sizeof(r->elf));
	needles_begin(&r->needles, r->name, path);
	scan_begin(r->scan);
}

/* Of bytes that stand at at in the file, those that belong to k. */
static void
keep(struct kept *k, uint64_t at, const char *p, size_t len)
{
	uint64_t next = k->from + k->len;
	size_t skip, n;

	if (k->len == k->want || at + len <= next || at > next)
		return;
	skip = (size_t)(next - at);
	n = len - skip;
	if (n > k->want - k->len)
		n = k->want - k->len;
	memcpy(k->p + k->len, p + skip, n);
	k->len += n;
}

/* Where the parts of interest are, as soon as that can be known. */
static void
plan_dynamic(struct recogniser *r)
{
	int rc = elf_headers(&r->elf, r->head.p, r->head.len);

	if (rc == 1 && r->head.len < r->head.want)
		return; /* later */
	r->headers = true;
	r->broken = rc != 0;
	if (rc != 0 || r->elf.dynamic.size == 0)
		return;
	r->out.dynamic = true;
	if (r->elf.dynamic.size > ELF_DYNAMIC_MAX ||
	    r->elf.dynamic.offset > r->size) {
		r->broken = true;
		return;
	}
	r->dynamic.from = r->elf.dynamic.offset;
	r->dynamic.want = (size_t)r->elf.dynamic.size;
	/* its first bytes may have passed already */
	keep(&r->dynamic, 0, r->head.p, r->head.len);
}

static void
plan_strings(struct recogniser *r)
{
	uint64_t offset, size;

	if (r->settled || r->late.want > 0 || r->broken ||
	    r->dynamic.want == 0 || r->dynamic.len < r->dynamic.want)
		return;
	if (elf_dynamic(&r->elf, r->dynamic.p, r->dynamic.len) == -1) {
		r->broken = true;
		return;
	}
	offset = r->elf.strings.offset;
	size = r->elf.strings.size;
	if (size == 0) {
		r->settled = true; /* it needs nothing and has no name */
	} else if (offset < r->head.len && size <= r->head.len - offset) {
		r->strings = r->head.p + offset;
		r->settled = true;
	} else if (offset >= r->at && size <= LATE_MAX) {
		r->late.from = offset;
		r->late.want = (size_t)size;
	} else {
		r->broken = true; /* passed, and not kept */
	}
}

static void
feed_elf(struct recogniser *r, const char *p, size_t len)
{
	uint64_t at = r->at;

	keep(&r->head, at, p, len);
	if (!r->headers)
		plan_dynamic(r);
	keep(&r->dynamic, at, p, len);
	plan_strings(r);
	if (r->late.want > 0) /* these bytes may hold their beginning */
		keep(&r->late, at, p, len);
	r->at = at + len;
	scan_feed(r->scan, p, len);
	if (r->go.want > 0) /* found in these bytes, or before */
		keep(&r->go, at, p, len);
}

static void
feed_jar(struct recogniser *r, const char *p, size_t len)
{
	keep(&r->head, r->at, p, len);
	keep(&r->tail, r->at, p, len);
	r->at += len;
}

/* Only its first line is of interest. */
/* (OpenSSL's openssl-env(7), ld.so(8), Go's GODEBUG, GnuTLS, libgcrypt, NSS and
 * the launcher of Java) */
static const char *const library_variables[] = { "OPENSSL_CONF",
	"OPENSSL_MODULES", "OPENSSL_ENGINES", "LD_PRELOAD", "LD_AUDIT",
	"LD_LIBRARY_PATH", "GODEBUG", "GOLANG_FIPS", "GNUTLS_FORCE_FIPS_MODE",
	"GNUTLS_SYSTEM_PRIORITY_FILE", "LIBGCRYPT_FORCE_FIPS_MODE", "NSS_FIPS",
	"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "java.security.properties" };

bool
names_library_variable(struct span text)
{
	for (size_t i = 0; i < LENGTH(library_variables); i++)
		if (memmem(text.p, text.len, library_variables[i],
			strlen(library_variables[i])) != NULL)
			return true;
	return false;
}

/* In this piece, or where it joins the last one. */
static void
look_for_variables(struct recogniser *r, const char *p, size_t len)
{
	char joint[2 * VARIABLE_MAX];
	size_t n = len < VARIABLE_MAX ? len : VARIABLE_MAX, have;

	memcpy(joint, r->last, r->nlast);
	memcpy(joint + r->nlast, p, n);
	have = r->nlast + n;
	r->out.environment =
	    names_library_variable((struct span){ p, len }) ||
	    names_library_variable((struct span){ joint, have });
	if (len >= VARIABLE_MAX) {
		memcpy(r->last, p + len - VARIABLE_MAX, VARIABLE_MAX);
		r->nlast = VARIABLE_MAX;
		return;
	}
	n = have < VARIABLE_MAX ? have : VARIABLE_MAX;
	memcpy(r->last, joint + have - n, n);
	r->nlast = n;
}

static bool
feed_script(struct recogniser *r, const char *p, size_t len)
{
	if (r->head.want > SCRIPT_LINE_MAX)
		r->head.want = SCRIPT_LINE_MAX;
	keep(&r->head, r->at, p, len);
	r->at += len;
	if (!r->out.environment)
		look_for_variables(r, p, len);
	return r->head.len < r->head.want || !r->out.environment;
}

static void
end_script(struct recogniser *r)
{
	struct span all = { r->head.p + 2, r->head.len - 2 }, line;

	if (r->head.len > 2 && span_line(&all, &line))
		r->out.script = span_trim(line);
}

/* ET_REL has no program headers: objects and kernel modules are no programs. */
static bool
is_object(const char *p, size_t len)
{
	return len >= 18 && p[16 + (p[5] == 2)] == 1;
}

static enum looking
first_bytes(struct recogniser *r, const char *p, size_t len)
{
	if (elf_begins(p, len) && !is_object(p, len)) {
		r->out.form = FORM_ELF;
		return LOOK_ELF;
	}
	if (len >= 4 && memcmp(p, "PK\3\4", 4) == 0 && jar_name(r->name)) {
		r->out.form = FORM_JAR;
		r->tail.want = r->size < TAIL_MAX ? (size_t)r->size : TAIL_MAX;
		r->tail.from = r->size - r->tail.want;
		return LOOK_JAR;
	}
	if (len >= 4 && memcmp(p, "#!", 2) == 0) {
		r->out.form = FORM_SCRIPT;
		return LOOK_SCRIPT;
	}
	return LOOK_NOTHING;
}

bool
recognise_feed(struct recogniser *r, const void *p, size_t len)
{
	if (len == 0)
		return r->looking != LOOK_NOTHING;
	if (r->looking == LOOK_FIRST)
		r->looking = first_bytes(r, p, len);
	if (r->looking == LOOK_ELF)
		feed_elf(r, p, len);
	else if (r->looking == LOOK_JAR)
		feed_jar(r, p, len);
	else if (r->looking == LOOK_SCRIPT)
		return feed_script(r, p, len);
	return r->looking != LOOK_NOTHING;
}

/* Does a table of NUL-terminated names hold one, or one that begins so? */
static bool
imports(const struct recogniser *r, const char *name, bool whole)
{
	const char *p = r->strings, *end = p + r->elf.strings.size;
	size_t len = strlen(name);

	while ((p = memmem(p, (size_t)(end - p), name, len)) != NULL) {
		bool begins = p > r->strings && p[-1] == '\0';

		if (begins && (!whole || (p + len < end && p[len] == '\0')))
			return true;
		p++;
	}
	return false;
}

static struct span
own_string(const struct recogniser *r, bool has, uint64_t offset)
{
	return has ? elf_string(&r->elf, r->strings,
			 (size_t)r->elf.strings.size, offset)
		   : (struct span){ NULL, 0 };
}

static void
end_imports(struct recogniser *r)
{
	static const char *const sockets[] = { "socket", "connect",
		"getaddrinfo", "gethostbyname", "bind", "accept", "accept4",
		"sendto", "recvfrom" };
	static const char *const loads[] = { "dlopen", "dlmopen" };
	static const char *const calls[] = { "EVP_", "SSL_", "gcry_", "gnutls_",
		"PK11_", "AES_", "crypto_" };
	struct elf_found *e = &r->out.elf;

	for (size_t i = 0; i < LENGTH(sockets) && !e->sockets; i++)
		e->sockets = imports(r, sockets[i], true);
	for (size_t i = 0; i < LENGTH(loads) && !e->loads; i++)
		e->loads = imports(r, loads[i], true);
	for (size_t i = 0; i < LENGTH(calls) && !e->calls; i++)
		e->calls = imports(r, calls[i], false);
}

/* How it is run and what it holds; after its strings are settled. */
static void
end_program(struct recogniser *r, const char *soname)
{
	const struct needles *n = &r->needles;
	const struct elf *e = &r->elf;
	struct elf_found *out = &r->out.elf;

	out->machine = e->machine;
	out->is_static = !r->out.dynamic;
	/* a C library has an interpreter too, and a name */
	out->program = e->type == 2 || e->pie ||
		       (e->interpreter.size > 0 && !e->has_soname);
	out->ciphers = needles_ciphers(n, soname);
	out->hashes = needles_seen(n, NEEDLE_SHA256_LE) ||
		      needles_seen(n, NEEDLE_SHA256_BE) ||
		      needles_seen(n, NEEDLE_SHA512_LE);
	if (r->strings == NULL)
		/* nothing is imported by name: texts and system calls tell */
		out->sockets = needles_seen(n, NEEDLE_RESOLVER) ||
			       needles_seen(n, NEEDLE_SOCKET_X86) ||
			       needles_seen(n, NEEDLE_SOCKET_ARM);
	else
		end_imports(r);
	if (e->interpreter.size > 1 && e->interpreter.offset < r->head.len &&
	    e->interpreter.size <= r->head.len - e->interpreter.offset)
		out->interpreter =
		    (struct span){ r->head.p + e->interpreter.offset,
			    strnlen(r->head.p + e->interpreter.offset,
				(size_t)e->interpreter.size) };
	if (e->more)
		r->out.unread = "it needs more libraries than are followed";
}

static void
end_links(struct recogniser *r, char soname[MODULE_TEXT_MAX])
{
	const struct elf *e = &r->elf;
	struct elf_found *out = &r->out.elf;

	out->needed = r->needed;
	out->soname = own_string(r, e->has_soname, e->soname);
	out->rpath = own_string(r, e->has_rpath, e->rpath);
	out->runpath = own_string(r, e->has_runpath, e->runpath);
	for (size_t i = 0; i < e->nneeded; i++) {
		struct span s = elf_string(
		    e, r->strings, (size_t)e->strings.size, e->needed[i]);

		if (s.p != NULL)
			r->needed[out->nneeded++] = s;

		for (size_t k = 0; crypto_libraries[k].prefix != NULL; k++)
			if (span_starts(s, crypto_libraries[k].prefix))
				r->out.links |= UINT64_C(1) << k;
	}
	if (e->has_soname)
		text_copy(soname, MODULE_TEXT_MAX,
		    elf_string(
			e, r->strings, (size_t)e->strings.size, e->soname));
}

static void
end_go(struct recogniser *r)
{
	struct go_found *g = &r->out.go;

	if (r->go.want > 0 && goinfo_read(g, r->go.p, r->go.len) == -1)
		r->out.unread = "Go's build information makes no sense";
	if (g->is_go && (r->needles.seen >> NEEDLE_GO_BORING & 1) != 0)
		g->boring = true;
	if (g->boring)
		recognised_add(&r->out, "boringcrypto", "BoringCrypto", NULL,
		    NULL, "build information of Go");
	if (g->fips140[0] == 'v')
		recognised_add(&r->out, "go", "Go Cryptographic Module",
		    g->fips140, NULL, "build information of Go");
}

static void
end_elf(struct recogniser *r)
{
	static const char init[] = "OSSL_provider_init";
	char soname[MODULE_TEXT_MAX] = "";
	bool provides = false;

	scan_end(r->scan);
	if (r->late.want > 0 && r->late.len == r->late.want) {
		r->strings = r->late.p;
		r->settled = true;
	}
	if (!r->headers || r->broken || (r->dynamic.want > 0 && !r->settled))
		r->out.unread = "its dynamic section could not be read";
	else if (r->strings != NULL) {
		end_links(r, soname);
		provides = memmem(r->strings, (size_t)r->elf.strings.size, init,
			       sizeof(init)) != NULL;
	}
	end_program(r, soname);
	end_go(r);
	needles_builds(&r->needles, r->head.p, r->head.len);
	/* Go's own packages hold names of other libraries as texts */
	if (!r->out.go.is_go || r->out.links != 0)
		needles_settle(
		    &r->needles, soname, r->out.links, provides, &r->out);
}

static void
end_jar(struct recogniser *r)
{
	const struct jar_parts j = { r->name, r->head.p, r->head.len, r->tail.p,
		r->tail.len, r->size };

	if (r->tail.len < r->tail.want || jar_read(&j, &r->out) == -1)
		r->out.unread = "its directory could not be read";
}

const struct recognised *
recognise_end(struct recogniser *r)
{
	if (r->looking == LOOK_ELF)
		end_elf(r);
	else if (r->looking == LOOK_JAR)
		end_jar(r);
	else if (r->looking == LOOK_SCRIPT)
		end_script(r);
	return &r->out;
}
