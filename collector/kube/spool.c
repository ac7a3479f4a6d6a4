/*
 * See kube.h. Records stand in memory one after another, and what is too much
 * of them in a file; they hold pointers, which are good for this process only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collector/kube/kube.h"

#define SPOOL_MEMORY ((size_t)256 * 1024) /* then it goes into the file */
/* the largest record, and what stands in memory before it */
#define SPOOL_MAX (SPOOL_MEMORY + 2 * (size_t)BODY_MAX + 2 * NAME_MAX_LEN)

struct record {			  /* a NUL follows each text */
	const char *kind, *scope; /* borrowed by the emitter, which outlives */
	enum outcome outcome;
	size_t key_len, body_len, provenance_len;
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

/* What stands in memory goes to the end of the file. */
static int
write_out(struct spool *s, struct fault *f)
{
	if (s->file == NULL && (s->file = open_spool()) == NULL)
		return spool_fault(f);
	for (size_t at = 0; at < s->memory.len;) {
		ssize_t n = pwrite(fileno(s->file), s->memory.p + at,
		    s->memory.len - at, (off_t)s->written);

		if (n <= 0)
			return spool_fault(f);
		at += (size_t)n;
		s->written += n;
	}
	buf_reset(&s->memory);
	return 0;
}

static int
spool_put(void *ctx, const struct observation *o, struct fault *f)
{
	struct spool *s = ctx;
	struct record r = { o->kind, o->scope, o->outcome, strlen(o->key),
		o->body_len, o->provenance_len };
	size_t len = sizeof(r) + r.key_len + r.body_len + r.provenance_len + 3;

	if (s->memory.len > 0 && s->memory.len + len > SPOOL_MEMORY &&
	    write_out(s, f) == -1)
		return -1;
	buf_put(&s->memory, &r, sizeof(r));
	buf_put(&s->memory, o->key, r.key_len + 1);
	buf_put(&s->memory, o->body, r.body_len);
	buf_putc(&s->memory, '\0');
	buf_put(&s->memory, o->provenance, r.provenance_len);
	buf_putc(&s->memory, '\0');
	return buf_done(&s->memory, "a list", f);
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
	*s = (struct spool){ .memory.max = SPOOL_MAX,
		.sink = { spool_put, spool_cover, s } };
}

void
spool_free(struct spool *s)
{
	if (s->file != NULL)
		(void)fclose(s->file);
	s->file = NULL;
	buf_free(&s->memory);
}

long
spool_mark(const struct spool *s)
{
	return s->written + (long)s->memory.len;
}

int
spool_rewind(struct spool *s, long mark, struct fault *f)
{
	size_t keep = mark > s->written ? (size_t)(mark - s->written) : 0;

	if (mark < s->written) {
		if (ftruncate(fileno(s->file), (off_t)mark) == -1)
			return spool_fault(f);
		s->written = mark;
	}
	s->memory.len = keep; /* what is before it stays as it is */
	s->memory.failed = FAULT_NONE;
	return 0;
}

/* Put whole records. *used: their bytes. */
static int
put_records(const char *p, size_t len, size_t *used, const struct sink *out,
    struct fault *f)
{
	struct record r;

	for (*used = 0; len - *used >= sizeof(r);) {
		const char *key = p + *used + sizeof(r), *body;
		struct observation o;
		size_t rest;

		(void)memcpy(&r, p + *used, sizeof(r));
		rest = r.key_len + r.body_len + r.provenance_len + 3;
		if (len - *used - sizeof(r) < rest)
			break;
		body = key + r.key_len + 1;
		o = (struct observation){ r.kind, r.scope, key, r.outcome, body,
			r.body_len, body + r.body_len + 1, r.provenance_len };
		if (out->put(out->ctx, &o, f) == -1)
			return -1;
		*used += sizeof(r) + rest;
	}
	return 0;
}

/* Piece after piece of the file, each as large as any record. */
static int
put_file(struct spool *s, const struct sink *out, struct fault *f)
{
	char *piece = malloc(SPOOL_MAX);
	size_t used = 0;
	int rc = piece != NULL ? 0 : fault_memory(f);

	for (long at = 0; rc == 0 && at < s->written; at += (long)used) {
		ssize_t n = pread(fileno(s->file), piece, SPOOL_MAX, (off_t)at);

		rc = n <= 0 ? spool_fault(f)
			    : put_records(piece, (size_t)n, &used, out, f);
		if (rc == 0 && used == 0)
			rc = spool_fault(f);
	}
	free(piece);
	return rc;
}

int
spool_flush(struct spool *s, const struct sink *out, struct fault *f)
{
	size_t used;

	if (s->written > 0 && put_file(s, out, f) == -1)
		return -1;
	if (s->memory.len > 0 &&
	    put_records(s->memory.p, s->memory.len, &used, out, f) == -1)
		return -1;
	return spool_rewind(s, 0, f);
}
