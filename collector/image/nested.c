/* See nested.h. */
#include "collector/image/nested.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/image/overlay.h"
#include "collector/image/tar_stream.h"
#include "collector/image/unpack.h"
#include "collector/image/zip_stream.h"

/* What all depths share. */
struct shared {
	struct nested_member *v; /* owned */
	size_t n, cap;
	size_t members;
	uint64_t bytes;
};

enum kind { KIND_NONE, KIND_ZIP, KIND_PACKED };

struct nested {
	struct shared *shared; /* owned by depth 0 */
	int depth;
	enum kind kind;
	char path[OVERLAY_PATH_MAX];
	/* readers, made when first wanted; owned */
	struct zip_stream *zip;
	struct zip_sink zip_sink;
	struct unpack *unpack;
	struct tar tar;
	struct tar_sink tar_sink;
	bool told, is_tar; /* of packed bytes: whether they are a tar file */
	/* the member that passes */
	char member[OVERLAY_PATH_MAX]; /* "": none */
	uint64_t size;
	char head[NESTED_HEAD];
	size_t nhead;
	bool begun, wanted, inside;
	struct recogniser *recogniser; /* owned */
	struct nested *inner;	       /* owned */
};

static enum kind
kind_of(const char *p, size_t len)
{
	if (len >= 4 && memcmp(p, "PK\3\4", 4) == 0)
		return KIND_ZIP;
	if ((len >= 18 && memcmp(p, "\x1f\x8b\x08", 3) == 0) ||
	    (len >= 9 && memcmp(p, "\x28\xb5\x2f\xfd", 4) == 0) ||
	    (len >= 262 && memcmp(p + 257, "ustar", 5) == 0))
		return KIND_PACKED;
	return KIND_NONE;
}

/* ---- members ---- */

static int
begin_member(struct nested *n, const char *name, uint64_t size, struct fault *f)
{
	BUF_AUTO(clean, OVERLAY_PATH_MAX);
	int len;

	n->member[0] = '\0';
	if (n->shared->members++ == NESTED_MEMBERS_MAX)
		return fault(
		    f, FAULT_LIMIT, "over %d files in it", NESTED_MEMBERS_MAX);
	if (!tar_clean(name, &clean) || clean.len == 0)
		return fault(f, FAULT_FORMAT,
		    "a member of it has a path that leads outside");
	len = snprintf(n->member, sizeof(n->member), "%s/%s", n->path, clean.p);
	if (len < 0 || (size_t)len >= sizeof(n->member))
		return fault(f, FAULT_LIMIT, "a path of over %d bytes",
		    OVERLAY_PATH_MAX);
	n->size = size > 0 ? size : UINT64_MAX / 2;
	n->nhead = 0;
	n->begun = n->inside = false;
	n->wanted = true;
	return 0;
}

/* A folder of a ZIP archive has a name that ends with a slash. */
static int
begin_zipped(void *ctx, const char *name, uint64_t size, struct fault *f)
{
	struct nested *n = ctx;

	n->member[0] = '\0';
	return span_ends(span_of(name), "/") ? 0
					     : begin_member(n, name, size, f);
}

static int
enter(struct nested *n, struct fault *f)
{
	if (n->depth + 1 == NESTED_DEPTH_MAX)
		return fault(f, FAULT_LIMIT,
		    "archives within archives over %d deep", NESTED_DEPTH_MAX);
	if (n->inner == NULL) {
		if ((n->inner = calloc(1, sizeof(*n->inner))) == NULL)
			return fault_memory(f);
		n->inner->depth = n->depth + 1;
		n->inner->shared = n->shared;
	}
	n->inside = nested_begin(n->inner, n->member, n->head, n->nhead);
	return n->inside ? nested_feed(n->inner, n->head, n->nhead, f) : 0;
}

/* Its first bytes are there: what is it? */
static int
know_member(struct nested *n, struct fault *f)
{
	n->begun = true;
	if (n->recogniser == NULL && (n->recogniser = recogniser_new()) == NULL)
		return fault_memory(f);
	recognise_begin(n->recogniser, n->member, n->size);
	n->wanted = recognise_feed(n->recogniser, n->head, n->nhead);
	return kind_of(n->head, n->nhead) != KIND_NONE ? enter(n, f) : 0;
}

static int
member_data(void *ctx, const char *p, size_t len, bool *more, struct fault *f)
{
	struct nested *n = ctx;

	if (n->member[0] == '\0')
		return 0;
	n->shared->bytes += len;
	if (n->shared->bytes > NESTED_BYTES_MAX)
		return fault(f, FAULT_LIMIT, "it unpacks to over %llu bytes",
		    (unsigned long long)NESTED_BYTES_MAX);
	if (!n->begun) {
		size_t room = NESTED_HEAD - n->nhead;
		size_t take = len < room ? len : room;

		memcpy(n->head + n->nhead, p, take);
		n->nhead += take;
		p += take;
		len -= take;
		if (n->nhead == NESTED_HEAD && know_member(n, f) == -1)
			return -1;
	}
	if (len > 0 && n->inside && nested_feed(n->inner, p, len, f) == -1)
		return -1;
	if (len > 0 && n->wanted)
		n->wanted = recognise_feed(n->recogniser, p, len);
	*more = !n->begun || n->wanted || n->inside;
	return 0;
}

static int
remember(
    struct shared *s, const char *path, struct facts *facts, struct fault *f)
{
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? 16 : 2 * s->cap;
		struct nested_member *v = reallocarray(s->v, cap, sizeof(*v));

		if (v == NULL)
			return fault_memory(f);
		s->v = v;
		s->cap = cap;
	}
	if ((s->v[s->n].path = strdup(path)) == NULL)
		return fault_memory(f);
	facts->references++;
	s->v[s->n++].facts = facts;
	return 0;
}

static int
end_member(void *ctx, struct fault *f)
{
	struct nested *n = ctx;
	struct facts *facts = NULL;
	int rc = 0;

	if (n->member[0] == '\0')
		return 0;
	if (!n->begun && know_member(n, f) == -1)
		return -1;
	if (n->inside)
		rc = nested_end(n->inner, f);
	if (rc == 0)
		rc = facts_of_recognised(
		    recognise_end(n->recogniser), NULL, &facts, f);
	/* a script in an archive is not run from there */
	if (rc == 0 && facts != NULL && facts->script == NULL)
		rc = remember(n->shared, n->member, facts, f);
	facts_free(facts);
	n->member[0] = '\0';
	n->inside = false;
	return rc;
}

/* ---- tar, and what is packed alone ---- */

static int
on_entry(void *ctx, const struct tar_entry *e, struct fault *f)
{
	struct nested *n = ctx;

	n->member[0] = '\0';
	if (e->type != TAR_FILE)
		return 0;
	if (e->sparse)
		return fault(f, FAULT_FORMAT, "a member of it is sparse");
	return begin_member(n, e->path, e->size, f);
}

static int
on_data(void *ctx, const char *p, size_t len, struct fault *f)
{
	bool more;

	return member_data(ctx, p, len, &more, f);
}

/* "x.tar" of x.tar.gz, or "content" */
static const char *
name_alone(const char *path, char out[ZIP_NAME_MAX])
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	size_t len = dot != NULL ? (size_t)(dot - name) : 0;

	if (len == 0 || len >= ZIP_NAME_MAX)
		return "content";
	memcpy(out, name, len);
	out[len] = '\0';
	return out;
}

static int
on_unpacked(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct nested *n = ctx;
	char name[ZIP_NAME_MAX];

	if (!n->told) {
		n->told = true;
		n->is_tar = len >= 512 && memcmp(p + 257, "ustar", 5) == 0;
		if (!n->is_tar &&
		    begin_member(n, name_alone(n->path, name), 0, f) == -1)
			return -1;
	}
	return n->is_tar ? tar_feed(&n->tar, p, len, f) : on_data(n, p, len, f);
}

/* ---- a file ---- */

struct nested *
nested_new(void)
{
	struct nested *n = calloc(1, sizeof(*n));

	if (n != NULL && (n->shared = calloc(1, sizeof(*n->shared))) != NULL)
		return n;
	free(n);
	return NULL;
}

static void
forget(struct shared *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].path);
		facts_free(s->v[i].facts);
	}
	s->n = s->members = 0;
	s->bytes = 0;
}

void
nested_free(struct nested *n)
{
	if (n == NULL)
		return;
	nested_free(n->inner);
	if (n->zip != NULL)
		zip_stream_free(n->zip);
	free(n->zip);
	unpack_free(n->unpack);
	tar_free(&n->tar);
	recogniser_free(n->recogniser);
	if (n->depth == 0) {
		forget(n->shared);
		free(n->shared->v);
		free(n->shared);
	}
	free(n);
}

bool
nested_begin(struct nested *n, const char *path, const char *head, size_t len)
{
	if (n->depth == 0)
		forget(n->shared);
	n->kind = kind_of(head, len);
	n->told = n->is_tar = n->inside = false;
	n->member[0] = '\0';
	(void)snprintf(n->path, sizeof(n->path), "%s", path);
	if (n->kind == KIND_NONE)
		return false;
	if (n->kind == KIND_ZIP) {
		n->zip_sink = (struct zip_sink){ begin_zipped, member_data,
			end_member, n };
		if (n->zip == NULL)
			n->zip = calloc(1, sizeof(*n->zip));
		if (n->zip != NULL)
			zip_stream_init(n->zip, &n->zip_sink);
		return true;
	}
	n->tar_sink = (struct tar_sink){ on_entry, on_data, end_member, n };
	tar_free(&n->tar);
	tar_init(&n->tar, &n->tar_sink);
	if (n->unpack == NULL)
		n->unpack = unpack_new(on_unpacked, n);
	if (n->unpack != NULL)
		unpack_begin(n->unpack);
	return true;
}

int
nested_feed(struct nested *n, const char *p, size_t len, struct fault *f)
{
	if (n->kind == KIND_ZIP)
		return n->zip != NULL ? zip_stream_feed(n->zip, p, len, f)
				      : fault_memory(f);
	return n->unpack != NULL ? unpack_feed(n->unpack, p, len, f)
				 : fault_memory(f);
}

int
nested_end(struct nested *n, struct fault *f)
{
	if (n->kind == KIND_ZIP)
		return zip_stream_end(n->zip, f);
	if (unpack_end(n->unpack, f) == -1)
		return -1;
	if (n->is_tar)
		return tar_end(&n->tar, f);
	return n->told ? end_member(n, f) : 0;
}

const struct nested_member *
nested_found(const struct nested *n, size_t *count)
{
	*count = n->shared->n;
	return n->shared->v;
}
