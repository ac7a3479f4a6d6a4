/* See kube.h. Records hold pointers, which are good for this process only. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kube.h"

#define SPOOL_BUFFER ((size_t)64 * 1024)

struct record {
	const char *kind, *scope; /* borrowed by the emitter, which outlives */
	enum outcome outcome;
	size_t key_len, body_len, provenance_len; /* key without its NUL */
};

static int
spool_fault(struct fault *f)
{
	return fault(f, FAULT_IO,
	    "temporary file of a list: cannot be written or read (is there "
	    "room in /tmp?)");
}

/* /tmp may be read-only in a container; then memory has to do. */
static FILE *
open_spool(void)
{
	FILE *file = tmpfile();
	int fd;

	if (file != NULL)
		return file;
	if ((fd = memfd_create("list", MFD_CLOEXEC)) == -1)
		return NULL;
	if ((file = fdopen(fd, "w+")) == NULL)
		(void)close(fd);
	return file;
}

static bool
write_all(FILE *file, const void *p, size_t len)
{
	return len == 0 || fwrite(p, 1, len, file) == len;
}

static int
spool_put(void *ctx, const struct observation *o, struct fault *f)
{
	struct spool *s = ctx;
	struct record r = { o->kind, o->scope, o->outcome, strlen(o->key),
		o->body_len, o->provenance_len };

	if (s->file == NULL) {
		if ((s->file = open_spool()) == NULL)
			return spool_fault(f);
		if ((s->buffer = malloc(SPOOL_BUFFER)) != NULL)
			(void)setvbuf(s->file, s->buffer, _IOFBF, SPOOL_BUFFER);
	}
	if (write_all(s->file, &r, sizeof(r)) &&
	    write_all(s->file, o->key, r.key_len) &&
	    write_all(s->file, o->body, r.body_len) &&
	    write_all(s->file, o->provenance, r.provenance_len))
		return 0;
	return spool_fault(f);
}

static int
spool_cover(void *ctx, const struct coverage *c, struct fault *f)
{
	(void)ctx;
	(void)c;
	return spool_fault(f); /* coverage does not belong to a list */
}

void
spool_init(struct spool *s)
{
	*s = (struct spool){ .sink = { spool_put, spool_cover, s } };
}

void
spool_free(struct spool *s)
{
	if (s->file != NULL)
		(void)fclose(s->file);
	free(s->buffer);
	s->file = NULL;
	s->buffer = NULL;
}

int
spool_mark(struct spool *s, long *mark, struct fault *f)
{
	*mark = s->file == NULL ? 0 : ftell(s->file);
	return *mark == -1 ? spool_fault(f) : 0;
}

int
spool_rewind(struct spool *s, long mark, struct fault *f)
{
	if (s->file == NULL)
		return 0;
	if (fflush(s->file) != 0 || ftruncate(fileno(s->file), mark) == -1 ||
	    fseek(s->file, mark, SEEK_SET) == -1)
		return spool_fault(f);
	return 0;
}

/* Append len bytes of the file to b, which is emptied first. */
static bool
read_part(FILE *file, struct buf *b, size_t len)
{
	char *to;

	buf_reset(b);
	if ((to = buf_reserve(b, len + 1)) == NULL ||
	    (len > 0 && fread(to, 1, len, file) != len))
		return false;
	b->len = len;
	b->p[len] = '\0';
	return true;
}

int
spool_flush(struct spool *s, const struct sink *out, struct fault *f)
{
	BUF_AUTO(key, NAME_MAX_LEN + 2);
	BUF_AUTO(body, BODY_MAX + 2);
	BUF_AUTO(provenance, BODY_MAX + 2);
	struct record r;

	if (s->file == NULL)
		return 0;
	if (fflush(s->file) != 0 || fseek(s->file, 0, SEEK_SET) == -1)
		return spool_fault(f);
	while (fread(&r, sizeof(r), 1, s->file) == 1) {
		struct observation o = { r.kind, r.scope, NULL, r.outcome, NULL,
			r.body_len, NULL, r.provenance_len };

		if (!read_part(s->file, &key, r.key_len) ||
		    !read_part(s->file, &body, r.body_len) ||
		    !read_part(s->file, &provenance, r.provenance_len))
			return spool_fault(f);
		o.key = key.p;
		o.body = body.p;
		o.provenance = provenance.p;
		if (out->put(out->ctx, &o, f) == -1)
			return -1;
	}
	return ferror(s->file) ? spool_fault(f) : spool_rewind(s, 0, f);
}
