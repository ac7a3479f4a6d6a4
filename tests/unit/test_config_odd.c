/*
 * A folder of odd files: every one of them is read, refused or not understood
 * by its name. None is silent, none takes long, and none that was damaged is
 * read as one of the folder's whole. The files are those of fixtures/config and
 * fixtures/config_odd as they are, and damaged in fixed ways.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/length.h"
#include "base/observation.h"
#include "collector/kit/collector.h"

#define SEED_MAX ((size_t)1024 * 1024)
#define ALL_MAX ((size_t)256 * 1024 * 1024)
#define NOW "2026-06-01T00:00:00Z"
#define SECONDS_MAX 120

enum damage { WHOLE, CUT, NUL, TURNED, TWICE, RENAMED, BYTES, DAMAGES };

struct odd {
	char folder[64];
	size_t files;
	uint64_t random;
};

/* Fixed, so that a failure can be had again (Knuth's MMIX). */
static uint64_t
next(struct odd *o)
{
	o->random = o->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return o->random >> 33;
}

static void
damage(struct odd *o, enum damage how, struct buf *b)
{
	size_t len = b->len;

	if (len == 0)
		return;
	switch (how) {
	case CUT:
		b->len = len / 2;
		break;
	case NUL:
		b->p[next(o) % len] = '\0';
		break;
	case TURNED: /* from the end to the beginning */
		for (size_t i = 0; i < len / 2; i++) {
			char c = b->p[i];

			b->p[i] = b->p[len - 1 - i];
			b->p[len - 1 - i] = c;
		}
		break;
	case TWICE: /* each key stands there twice */
		for (size_t i = 0; i < len; i++)
			buf_putc(b, b->p[i]);
		break;
	case BYTES:
		for (size_t i = 0; i < 1 + len / 50; i++)
			b->p[next(o) % len] = (char)next(o);
		break;
	default:
		break;
	}
}

static void
write_one(struct odd *o, enum damage how, const char *name, const struct buf *b)
{
	char path[512];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%d-%s%s", o->folder, (int)how,
	    name, how == RENAMED ? ".txt" : "");
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd != -1);
	assert_int_equal(write(fd, b->p, b->len), (ssize_t)b->len);
	assert_int_equal(close(fd), 0);
	o->files++;
}

/* Each seed whole, and damaged in two of the ways. */
static void
plant(struct odd *o, const char *from)
{
	struct dirent **names;
	int n = scandir(from, &names, NULL, alphasort);

	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		char path[512];
		struct stat st;

		(void)snprintf(path, sizeof(path), "%s/%s", from, name);
		assert_int_equal(stat(path, &st), 0);
		if (S_ISREG(st.st_mode) && strstr(name, ".verdicts") == NULL) {
			const enum damage ways[] = { WHOLE,
				(enum damage)(1 + (unsigned)i % (DAMAGES - 1)),
				(enum damage)(
				    1 + (unsigned)(i + 3) % (DAMAGES - 1)) };

			for (size_t k = 0; k < LENGTH(ways); k++) {
				struct fault f = { 0 };
				BUF_AUTO(b, 2 * SEED_MAX);

				if (file_read(path, &b, &f) == -1)
					fail_msg("%s", f.text);
				damage(o, ways[k], &b);
				write_one(o, ways[k], name, &b);
			}
		}
		free(names[i]);
	}
	free(names);
}

static int
append(void *ctx, const char *p, size_t len, struct fault *f)
{
	buf_put(ctx, p, len);
	return buf_done(ctx, "NDJSON", f);
}

static void
collect(struct odd *o, struct buf *lines)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	char *operands[] = { o->folder };
	struct request q = {
		.crypto = c, .now = NOW, .operands = operands, .noperands = 1
	};
	struct ndjson n = { append, lines };
	struct sink sink = ndjson_sink(&n);

	assert_non_null(c);
	(void)alarm(SECONDS_MAX); /* a reader that does not move on */
	if (collector_find("config")->collect(&q, &sink, &f) == -1)
		fail_msg("%s", f.text);
	(void)alarm(0);
	crypto_free(c);
}

/* What the observation of a file says of it: 0 nothing that can be taken for a
 * pass without a reader. */
static int
silent(const json_t *line)
{
	const json_t *o = json_object_get(line, "observation");
	const json_t *a = json_object_get(o, "attributes");
	const char *outcome = json_string_value(json_object_get(o, "outcome"));
	const char *type = json_string_value(json_object_get(a, "type"));

	if (outcome == NULL)
		return 1;
	if (strcmp(outcome, "observed") != 0)
		return json_object_get(o, "reason") == NULL;
	return type == NULL || json_object_get(a, "not_understood") == NULL ||
	       json_object_get(a, "refused") == NULL;
}

static size_t
count(char *lines, const json_t **seen)
{
	json_t *all = json_object();
	char *save = NULL;
	int wrong = 0;

	assert_non_null(all);
	for (char *p = strtok_r(lines, "\n", &save); p != NULL;
	     p = strtok_r(NULL, "\n", &save)) {
		json_t *line = json_loads(p, 0, NULL);
		const char *kind =
		    json_string_value(json_object_get(line, "kind"));

		assert_non_null(line);
		if (kind != NULL && strcmp(kind, "config.file") == 0) {
			const char *key =
			    json_string_value(json_object_get(line, "key"));

			assert_non_null(key);
			if (silent(line)) {
				print_error("%s\n", p);
				wrong++;
			}
			assert_int_equal(
			    json_object_set_new(all, key, json_true()), 0);
		}
		json_decref(line);
	}
	assert_int_equal(wrong, 0);
	*seen = all;
	return json_object_size(all);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
no_odd_file_is_silent(void **state)
{
	struct odd o = { .folder = "/tmp/exhibit-odd-XXXXXX", .random = 42 };
	const json_t *seen;
	size_t n;
	BUF_AUTO(lines, ALL_MAX);

	(void)state;
	assert_non_null(mkdtemp(o.folder));
	plant(&o, "fixtures/config");
	plant(&o, "fixtures/config_odd");
	assert_true(o.files >= 100);
	collect(&o, &lines);
	n = count(lines.p, &seen);
	print_message("%zu files\n", o.files);
	assert_int_equal(n, o.files);
	json_decref((json_t *)(uintptr_t)seen);
	assert_int_equal(
	    nftw(o.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_odd_file_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
