/*
 * Recorded hosts with something changed, many of them, in one process: what
 * tests/fixtures/node/variants says of each is held to the checks' verdicts.
 *
 *	== NAME BASE		a host of its own; BASE: a recorded host
 *	put PATH TEXT		a file holds TEXT (\n, \t and \\ as in C)
 *	link PATH TARGET	it is a link, and what it leads to is kept
 *	named PATH TEXT		a file that a setting names
 *	nothing PATH		a setting names it, and it is not there
 *	gone PATH		it and all that starts so is absent
 *	deny PATH		it is there and may not be read
 *	age PATH SECONDS	it was modified so much later
 *	answer COMMAND TEXT	what a command printed (node_fixture.h)
 *	is CHECK VERDICT TEXT	the verdict, and what its reason holds
 *	never CHECK VERDICT	not this verdict
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fnmatch.h>

#include "base/length.h"

#include "collector/node/source.h"
#include "tests/fixtures/verdicts_print.h"

#define FOLDER "fixtures/node"
#define VARIANTS FOLDER "/variants"

struct variant {
	struct crypto *crypto;
	struct snapshot s;
	struct buf lines; /* of all hosts so far */
	int hosts;
};

/* TEXT with its escapes undone, into b. */
static void
unescape(const char *text, struct buf *b)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' && text[1] != '\0') {
			text++;
			buf_putc(b, *text == 'n'   ? '\n'
				    : *text == 't' ? '\t'
						   : *text);
		} else {
			buf_putc(b, *text);
		}
	}
	if (b->len == 0)
		buf_puts(b, "");
}

static const struct manifest_item *
listed_item(const char *path)
{
	for (const struct manifest_item *m = manifest; m->path != NULL; m++)
		if (m->path[0] == '/' &&
		    fnmatch(m->path, path, FNM_PATHNAME) == 0)
			return m;
	return NULL;
}

/* No file may be changed that the program would not read. */
static const struct manifest_item *
item_of(const char *path)
{
	const struct manifest_item *m = listed_item(path);

	if (m == NULL)
		fail_msg("%s is not in the reading list", path);
	return m;
}

static void
entry_clear(struct entry *e)
{
	free(e->reason);
	free(e->target);
	free(e->provider);
	buf_free(&e->bytes);
	e->reason = NULL;
	e->target = NULL;
	e->provider = NULL;
	e->has_digest = false;
	e->outcome = OUTCOME_OBSERVED;
}

static struct entry *
entry_at(struct variant *v, const char *path, unsigned flags)
{
	struct fault f = { 0 };
	struct entry *e = NULL;

	for (size_t i = 0; i < v->s.n; i++)
		if (strcmp(v->s.entries[i].path, path) == 0)
			e = &v->s.entries[i];
	if (e == NULL && (e = snapshot_add(&v->s, path, flags, &f)) == NULL)
		fail_msg("%s", f.text);
	e->mtime = FIXTURE_TIME;
	e->mode = 0644;
	return e;
}

/* What the sources would read it as, where a setting names it. */
static const struct manifest_item *
named_item(const char *path)
{
	const char *item =
	    span_ends(span_of(path), "/fips.so") ? "?OPENSSL_MODULES/fips.so"
	    : span_ends(span_of(path), ".env")	 ? "?EnvironmentFile"
						 : "?OPENSSL_CONF";

	for (const struct manifest_item *m = manifest; m->path != NULL; m++)
		if (strcmp(m->path, item) == 0)
			return m;
	fail_msg("%s is not in the reading list", item);
	return NULL;
}

static void
put_nothing(struct variant *v, const char *path)
{
	struct entry *e = entry_at(v, path, named_item(path)->flags);
	struct fault f = { 0 };

	if (entry_refuse(e, OUTCOME_ABSENT, &f, "not there") == -1)
		fail_msg("%s", f.text);
}

static void
put_file(struct variant *v, const char *path, const char *text,
    const struct manifest_item *m)
{
	struct entry *e = entry_at(v, path, m->flags);
	struct fault f = { 0 };

	entry_clear(e);
	e->type = ENTRY_FILE;
	if (m->flags & M_EXISTS)
		return;
	e->bytes.max = m->max;
	unescape(text, &e->bytes);
	assert_int_equal(e->bytes.failed, FAULT_NONE);
	e->size = e->bytes.len;
	if (snapshot_hold(&v->s, e, v->crypto, &f) == -1)
		fail_msg("%s", f.text);
}

static void
put_link(struct variant *v, const char *path, const char *target)
{
	struct entry *e = entry_at(v, path, item_of(path)->flags);

	free(e->target);
	e->type = ENTRY_LINK;
	assert_non_null(e->target = strdup(target));
}

static void
make_gone(struct variant *v, const char *prefix)
{
	size_t kept = 0;

	for (size_t i = 0; i < v->s.n; i++) {
		struct entry *e = &v->s.entries[i];

		if (strncmp(e->path, prefix, strlen(prefix)) == 0) {
			entry_clear(e);
			free(e->path);
		} else {
			v->s.entries[kept++] = *e;
		}
	}
	v->s.n = kept;
}

static void
make_denied(struct variant *v, const char *path)
{
	const struct manifest_item *m = listed_item(path); /* not of a folder */
	struct entry *e = entry_at(v, path, m != NULL ? m->flags : 0);
	struct fault f = { 0 };

	entry_clear(e);
	if (entry_refuse(e, OUTCOME_DENIED, &f, REASON_DENIED) == -1)
		fail_msg("%s", f.text);
}

static void
put_answer(struct variant *v, const char *command, const char *text)
{
	for (size_t i = 0; i < LENGTH(fixture_answers); i++) {
		struct entry *e;

		if (strcmp(fixture_answers[i].file, command) != 0)
			continue;
		e = entry_at(v, fixture_answers[i].entry, M_COMMAND);
		entry_clear(e);
		e->status = 0;
		e->bytes.max = FIXTURE_MAX;
		unescape(text, &e->bytes);
		v->s.live = true;
		return;
	}
	fail_msg("no command '%s'", command);
}

/* The next word of *line, cut off; what follows it is left in *line. */
static char *
word_of(char **line)
{
	char *word = *line, *end = word + strcspn(word, " ");

	*line = *end == '\0' ? end : end + 1;
	*end = '\0';
	return word;
}

static void
change(struct variant *v, const char *verb, char *rest)
{
	char *path = word_of(&rest);

	if (strcmp(verb, "put") == 0)
		put_file(v, path, rest, item_of(path));
	else if (strcmp(verb, "named") == 0)
		put_file(v, path, rest, named_item(path));
	else if (strcmp(verb, "nothing") == 0)
		put_nothing(v, path);
	else if (strcmp(verb, "link") == 0)
		put_link(v, path, rest);
	else if (strcmp(verb, "gone") == 0)
		make_gone(v, path);
	else if (strcmp(verb, "deny") == 0)
		make_denied(v, path);
	else if (strcmp(verb, "age") == 0)
		entry_at(v, path, 0)->mtime = FIXTURE_TIME + atoi(rest);
	else if (strcmp(verb, "answer") == 0)
		put_answer(v, path, rest);
	else
		fail_msg("what is '%s'?", verb);
}

static void
finish(struct variant *v)
{
	struct fault f = { 0 };
	BUF_AUTO(one, FIXTURE_MAX);

	if (v->s.name == NULL)
		return;
	snapshot_sort(&v->s);
	if (fixture_interpret(&v->s, &one, &f) == -1)
		fail_msg("%s: %s", v->s.name, f.text);
	buf_put(&v->lines, one.p, one.len);
	snapshot_free(&v->s);
	v->s = (struct snapshot){ 0 };
	v->hosts++;
}

static void
begin(struct variant *v, char *rest)
{
	const char *name = word_of(&rest);
	struct fault f = { 0 };

	finish(v);
	if (fixture_snapshot(&v->s, FOLDER, rest, v->crypto, &f) == -1)
		fail_msg("%s: %s", rest, f.text);
	free(v->s.name);
	assert_non_null(v->s.name = strdup(name));
}

/* "HOST|CHECK VERDICT REASON" lines against one expectation. */
static int
expect(const char *verdicts, const char *host, const char *verb, char *rest)
{
	const char *check = word_of(&rest), *verdict = word_of(&rest);
	char begin_[512];
	const char *line, *end;
	size_t len;
	bool same;

	(void)snprintf(begin_, sizeof(begin_), "\n%s|%s ", host, check);
	if ((line = strstr(verdicts, begin_)) == NULL) {
		print_message("%s: no verdict of %s\n", host, check);
		return 1;
	}
	line += strlen(begin_);
	end = strchr(line, '\n');
	len = strlen(verdict);
	same = strncmp(line, verdict, len) == 0 && line[len] == ' ';
	if (strcmp(verb, "never") == 0
		? !same
		: same && memmem(line, (size_t)(end - line), rest,
			      strlen(rest)) != NULL)
		return 0;
	print_message("%s: %s %s %s %s\n  got %.*s\n", host, check, verb,
	    verdict, rest, (int)(end - line), line);
	return 1;
}

/* Each line of the file, comments and blank ones left out. */
static void
each_line(
    const struct buf *text, struct variant *v, const char *verdicts, int *wrong)
{
	char *copy = strdup(text->p), *save = NULL, host[256] = "";

	assert_non_null(copy);
	for (char *line = strtok_r(copy, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		char *rest = line;
		const char *verb;

		if (line[0] == '#')
			continue;
		verb = word_of(&rest);
		if (strcmp(verb, "==") == 0) {
			(void)snprintf(host, sizeof(host), "%.*s",
			    (int)strcspn(rest, " "), rest);
			if (verdicts == NULL)
				begin(v, rest);
		} else if (strcmp(verb, "is") == 0 ||
			   strcmp(verb, "never") == 0) {
			if (verdicts != NULL)
				*wrong += expect(verdicts, host, verb, rest);
		} else if (verdicts == NULL) {
			change(v, verb, rest);
		}
	}
	free(copy);
}

static void
each_variant_is_judged_as_it_says(void **state)
{
	struct variant v = { .lines = { .max = 8 * FIXTURE_MAX } };
	const struct buf *const runs[] = { &v.lines };
	struct fault f = { 0 };
	char path[64];
	int wrong = 0;
	BUF_AUTO(text, FIXTURE_MAX);
	BUF_AUTO(got, 8 * FIXTURE_MAX);

	(void)state;
	assert_non_null(v.crypto = crypto_new(false, &f));
	if (file_read(VARIANTS, &text, &f) == -1)
		fail_msg("%s", f.text);
	each_line(&text, &v, NULL, &wrong);
	finish(&v);
	(void)snprintf(
	    path, sizeof(path), "/tmp/exhibit-variants-%ld.db", (long)getpid());
	buf_putc(&got, '\n');
	if (fixture_judge(runs, 1, path,
		"SELECT key || '|' || check_id || ' ' || verdict || ' ' || "
		"reason FROM verdict WHERE kind = 'node' ORDER BY 1",
		v.crypto, &got, &f) == -1)
		fail_msg("%s", f.text);
	each_line(&text, &v, got.p, &wrong);
	print_message("%d hosts\n", v.hosts);
	assert_int_equal(wrong, 0);
	buf_free(&v.lines);
	crypto_free(v.crypto);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_variant_is_judged_as_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
