/* See ssh.h. */
#include "collector/node/ssh.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/length.h"
#include "base/child.h"
#include "collector/node/source.h"

#define SCRIPT_MAX ((size_t)1024 * 1024)
#define SSH_FAILED 255 /* ssh(1), exit status: an error of ssh itself */
#define WORDS_MAX 1024 /* of ssh's error output, the end is kept */
#define REASON_LEN 240 /* bytes of ssh's last word that are kept */
#define TARGET_CHARS                                                           \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"       \
	"._-+@:%[]"

int
ssh_target_check(const char *target, struct fault *f)
{
	const char *host = ssh_target_host(target);

	if (target[0] == '\0' || strlen(target) > SSH_TARGET_LEN_MAX)
		return fault(f, FAULT_USAGE,
		    "ssh target '%.40s': not 1 to %d bytes long", target,
		    SSH_TARGET_LEN_MAX);
	if (target[strspn(target, TARGET_CHARS)] != '\0')
		return fault(f, FAULT_USAGE,
		    "ssh target '%s': has a character that no host name or "
		    "user name needs",
		    target);
	if (target[0] == '-' || target[0] == '@' || host[0] == '-' ||
	    host[0] == '\0')
		return fault(f, FAULT_USAGE,
		    "ssh target '%s': not a host or user@host", target);
	return 0;
}

const char *
ssh_target_host(const char *target)
{
	const char *at = strrchr(target, '@');

	return at == NULL ? target : at + 1;
}

/* One connection. */
struct line {
	struct child child;
	const char *target;
	struct ssh_stream *stream;
	size_t bytes, bytes_max;
	struct fault why; /* set: the stream was refused */
	char words[WORDS_MAX];
	size_t nwords;
};

struct work {
	const struct ssh_request *r;
	const struct manifest_item *items;
	struct crypto *crypto;
	struct buf script;
	struct line *lines; /* owned, parallel of them */
	size_t nlines, next;
	int (*done)(void *ctx, const char *target, struct snapshot *s,
	    const struct fault *why, struct fault *f);
	void *ctx;
};

/* Keep the end of what ssh says. */
static void
keep_words(struct line *l, const char *p, size_t len)
{
	if (len > sizeof(l->words)) {
		p += len - sizeof(l->words);
		len = sizeof(l->words);
	}
	if (l->nwords + len > sizeof(l->words)) {
		size_t drop = l->nwords + len - sizeof(l->words);

		(void)memmove(l->words, l->words + drop, l->nwords - drop);
		l->nwords -= drop;
	}
	(void)memcpy(l->words + l->nwords, p, len);
	l->nwords += len;
}

static int
take(void *ctx, int fd, const char *p, size_t len)
{
	struct line *l = ctx;

	if (fd == 2) {
		keep_words(l, p, len);
		return 0;
	}
	if ((l->bytes += len) > l->bytes_max)
		return fault(&l->why, FAULT_LIMIT,
		    "the host's answer: larger than %zu bytes", l->bytes_max);
	return ssh_stream_take(l->stream, p, len, &l->why);
}

/* The last line ssh wrote, cleaned, as a fault. */
static int
last_word(const struct line *l, struct fault *f)
{
	size_t end = l->nwords, begin;
	BUF_AUTO(text, 4 * REASON_LEN + 16);

	while (end > 0 && strchr("\r\n \t", l->words[end - 1]) != NULL)
		end--;
	for (begin = end; begin > 0 && l->words[begin - 1] != '\n'; begin--)
		continue;
	text_clean(&text, l->words + begin, end - begin, REASON_LEN);
	return fault(f, FAULT_REMOTE, "%s%s",
	    text.len > 0 && strncmp(text.p, "ssh", 3) == 0 ? "" : "ssh: ",
	    text.len > 0 ? text.p : "failed without a word");
}

/* What the connection came to: 0 with s, or -1 with why. */
static int
outcome_of_line(
    struct line *l, int time_ms, struct snapshot *s, struct fault *why)
{
	switch (l->child.end) {
	case CHILD_TIMED_OUT:
		return fault(why, FAULT_REMOTE,
		    "ssh: no complete answer within %d seconds",
		    (time_ms + 999) / 1000);
	case CHILD_REFUSED:
	case CHILD_NONE:
		*why = l->why;
		return -1;
	case CHILD_SIGNALLED:
		return fault(why, FAULT_REMOTE, "ssh: killed by signal %d",
		    l->child.status);
	default:
		if (l->child.status == SSH_FAILED)
			return last_word(l, why);
		return ssh_stream_end(l->stream, s, why);
	}
}

static int
time_of(const struct work *w)
{
	return w->r->time_ms > 0 ? w->r->time_ms : SSH_TIME_MS;
}

static int
hang_up(struct work *w, struct line *l, struct fault *f)
{
	struct snapshot s = { 0 };
	struct fault why = { 0 };
	int rc = outcome_of_line(l, time_of(w), &s, &why);

	rc = w->done(
	    w->ctx, l->target, rc == 0 ? &s : NULL, rc == 0 ? NULL : &why, f);
	snapshot_free(&s);
	ssh_stream_free(l->stream);
	*l = (struct line){ 0 };
	return rc;
}

/* Fixed options come first: ssh takes the first value it meets. Nothing of
 * the user's is forwarded, no terminal, no question, no lasting master. */
static int
dial(struct work *w, struct line *l, const char *target, struct fault *f)
{
	static const char *const options[] = { "ssh", "-T", "-a", "-x", "-o",
		"BatchMode=yes", "-o", "ConnectTimeout=10", "-o",
		"ServerAliveInterval=15", "-o", "ServerAliveCountMax=2", "-o",
		"LogLevel=ERROR", "-o", "ClearAllForwardings=yes", "-o",
		"ControlMaster=no", "-o", "PermitLocalCommand=no", "--", NULL,
		"sh", "-s", NULL };
	const char *argv[LENGTH(options)];
	size_t n = LENGTH(options);
	struct child_program p = {
		.file = w->r->program != NULL ? w->r->program : "ssh",
		.env = NULL, /* ssh looks for its agent and home there */
		.argv = argv,
		.input = w->script.p,
		.input_len = w->script.len,
		.errors = true,
		.time_ms = time_of(w),
	};

	(void)memcpy(argv, options, sizeof(options));
	argv[n - 4] = target; /* the NULL before "sh" */
	l->target = target;
	l->bytes_max = w->r->bytes_max > 0 ? w->r->bytes_max : SSH_BYTES_MAX;
	l->child.take = take;
	l->child.ctx = l;
	if ((l->stream = ssh_stream_new(w->items, w->crypto, f)) == NULL)
		return -1;
	if (child_spawn(&l->child, &p, &l->why) == 0)
		return 0;
	if (l->why.kind == FAULT_ABSENT || l->why.kind == FAULT_DENIED)
		return fault(f, FAULT_USAGE, "cannot start %s", l->why.text);
	return hang_up(w, l, f);
}

/* Dial until every line is busy or no target is left. */
static int
dial_free(struct work *w, struct fault *f)
{
	for (size_t i = 0; i < w->nlines; i++)
		while (w->lines[i].child.end != CHILD_RUNNING &&
		       w->next < w->r->ntargets)
			if (dial(w, &w->lines[i], w->r->targets[w->next++],
				f) == -1)
				return -1;
	return 0;
}

static int
serve(struct work *w, struct fault *f)
{
	struct child *v[SSH_PARALLEL_MAX];

	for (;;) {
		size_t n = 0;

		if (dial_free(w, f) == -1)
			return -1;
		for (size_t i = 0; i < w->nlines; i++)
			if (w->lines[i].child.end == CHILD_RUNNING)
				v[n++] = &w->lines[i].child;
		if (n == 0)
			return 0;
		children_serve(v, n);
		for (size_t i = 0; i < w->nlines; i++)
			if (w->lines[i].target != NULL &&
			    w->lines[i].child.end != CHILD_RUNNING &&
			    hang_up(w, &w->lines[i], f) == -1)
				return -1;
	}
}

static int
check_request(const struct ssh_request *r, struct fault *f)
{
	if (r->ntargets > SSH_TARGETS_MAX)
		return fault(f, FAULT_USAGE, "more than %d ssh targets",
		    SSH_TARGETS_MAX);
	if (r->parallel > SSH_PARALLEL_MAX)
		return fault(f, FAULT_USAGE, "more than %d hosts at once",
		    SSH_PARALLEL_MAX);
	for (size_t i = 0; i < r->ntargets; i++)
		if (ssh_target_check(r->targets[i], f) == -1)
			return -1;
	return 0;
}

int
snapshot_read_ssh(const struct ssh_request *r,
    const struct manifest_item *items, struct crypto *c,
    int (*done)(void *ctx, const char *target, struct snapshot *s,
	const struct fault *why, struct fault *f),
    void *ctx, struct fault *f)
{
	struct work w = {
		.r = r,
		.items = items,
		.crypto = c,
		.script = { .max = SCRIPT_MAX },
		.nlines = r->parallel > 0 ? r->parallel : SSH_PARALLEL,
		.done = done,
		.ctx = ctx,
	};
	int rc = -1;

	if (check_request(r, f) == -1)
		return -1;
	w.lines = calloc(w.nlines, sizeof(w.lines[0]));
	if (w.lines == NULL)
		(void)fault_memory(f);
	else if (ssh_script(items, r->commands, &w.script, f) == 0)
		rc = serve(&w, f);
	for (size_t i = 0; w.lines != NULL && i < w.nlines; i++) {
		child_stop(&w.lines[i].child);
		ssh_stream_free(w.lines[i].stream);
	}
	free(w.lines);
	buf_free(&w.script);
	return rc;
}
