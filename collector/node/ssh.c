/* See ssh.h. */
#include "collector/node/ssh.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/length.h"
#include "base/child.h"
#include "base/span.h"
#include "collector/node/source.h"

#define SCRIPT_MAX ((size_t)1024 * 1024)
#define SSH_FAILED 255 /* ssh(1), exit status: an error of ssh itself */
#define WORDS_MAX 1024 /* of one line of ssh's error output */
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
	size_t place; /* of the target */
	struct ssh_stream *stream;
	size_t bytes, bytes_max;
	struct fault why; /* set: the stream was refused */
	bool retried;
	char line[WORDS_MAX]; /* of its error output, while it comes */
	size_t nline;
	char words[WORDS_MAX]; /* the last line that is not about debugging */
	size_t nwords;
	enum { KEY_GOOD, KEY_CHANGED, KEY_UNKNOWN } key_state;
	char key[SSH_KEY_MAX]; /* of the host, as ssh shows it */
};

/* What came of a target that is not at its turn yet. */
struct answer {
	bool here, good;
	struct snapshot s; /* if good */
	struct fault why;
};

struct work {
	const struct ssh_request *r;
	const struct manifest_item *items;
	struct crypto *crypto;
	struct buf script;
	struct line *lines; /* owned, parallel of them */
	size_t nlines, next;
	struct answer *waiting; /* owned, SSH_AHEAD of them, by place */
	size_t turn;		/* the place that done() is told of next */
	int (*done)(void *ctx, const char *target, struct snapshot *s,
	    const struct fault *why, struct fault *f);
	void *ctx;
};

static bool
line_starts(const struct line *l, const char *text)
{
	return l->nline >= strlen(text) &&
	       memcmp(l->line, text, strlen(text)) == 0;
}

static bool
line_holds(const struct line *l, const char *text)
{
	return memmem(l->line, l->nline, text, strlen(text)) != NULL;
}

/* "debug1: Server host key: ssh-ed25519 SHA256:...": the first one is of the
 * host itself, or of what stands in for it. */
static void
keep_key(struct line *l, size_t skip)
{
	const struct span key = { l->line + skip, l->nline - skip };

	if (key.len < sizeof(l->key) && span_only(key, ALNUM " -_.@:+/="))
		(void)snprintf(
		    l->key, sizeof(l->key), "%.*s", (int)key.len, key.p);
}

/* One line of ssh's error output. At LogLevel DEBUG1 it names the host's key;
 * the rest of that is left out. */
static void
keep_line(struct line *l)
{
	static const char key[] = "debug1: Server host key: ";
	static const char *const noise[] = { "debug", "OpenSSH_",
		"Authenticated to ",
		"Transferred: ", "Bytes per second: ", "@@@",
		"Pseudo-terminal" };

	while (l->nline > 0 && strchr("\r\t ", l->line[l->nline - 1]) != NULL)
		l->nline--;
	if (line_starts(l, key))
		keep_key(l, strlen(key));
	else if (line_holds(l, "REMOTE HOST IDENTIFICATION HAS CHANGED"))
		l->key_state = KEY_CHANGED;
	else if (line_holds(l, " host key is known for "))
		l->key_state = KEY_UNKNOWN;
	for (size_t i = 0; i < LENGTH(noise); i++)
		if (line_starts(l, noise[i]))
			l->nline = 0;
	if (l->nline > 0) {
		(void)memcpy(l->words, l->line, l->nline);
		l->nwords = l->nline;
	}
	l->nline = 0;
}

static void
keep_words(struct line *l, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] == '\n')
			keep_line(l);
		else if (l->nline < sizeof(l->line))
			l->line[l->nline++] = p[i];
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
	static const char changed[] =
	    "ssh: the host key is not the one in known_hosts: it was changed, "
	    "or another machine answers: ";
	static const char unknown[] =
	    "ssh: the host key is not in known_hosts: verify it and add it: ";
	const char *about = l->key_state == KEY_CHANGED	  ? changed
			    : l->key_state == KEY_UNKNOWN ? unknown
							  : "";
	BUF_AUTO(text, 4 * REASON_LEN + 16);

	text_clean(&text, l->words, l->nwords, REASON_LEN);
	if (text.len == 0)
		return fault(f, FAULT_REMOTE, "ssh: failed without a word");
	return fault(f, FAULT_REMOTE, "%s%s%s", about,
	    l->key_state != KEY_GOOD || strncmp(text.p, "ssh", 3) == 0
		? ""
		: "ssh: ",
	    text.p);
}

/* The script did not run: what the host said instead. */
static int
host_refused(const struct line *l, const char *said, struct fault *f)
{
	BUF_AUTO(text, 4 * REASON_LEN + 16);

	if (l->nwords > 0)
		text_clean(&text, l->words, l->nwords, REASON_LEN);
	else
		text_clean(&text, said, strlen(said), REASON_LEN);
	if (text.len == 0)
		return fault(f, FAULT_REMOTE,
		    "the host ran no command and said nothing (exit status %d)",
		    l->child.status);
	return fault(f, FAULT_REMOTE,
	    "the host refused with exit status %d: %s", l->child.status,
	    text.p);
}

/* What the connection came to: 0 with s, or -1 with why. */
static int
outcome_of_line(
    struct line *l, int time_ms, struct snapshot *s, struct fault *why)
{
	const char *said;

	keep_line(l); /* a last line without its end */
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
		if (!ssh_stream_begun(l->stream, &said) && l->child.status != 0)
			return host_refused(l, said, why);
		if (ssh_stream_end(l->stream, s, why) == -1)
			return -1;
		(void)memcpy(s->ssh_key, l->key, sizeof(s->ssh_key));
		return 0;
	}
}

/* Once more, where another moment may change the outcome. */
static bool
is_passing(const struct line *l)
{
	return !l->retried && l->child.end == CHILD_EXITED &&
	       l->child.status == SSH_FAILED && l->key_state == KEY_GOOD &&
	       memmem(l->words, l->nwords, "Permission denied", 17) == NULL &&
	       memmem(l->words, l->nwords, "Host key", 8) == NULL;
}

static int
time_of(const struct work *w)
{
	return w->r->time_ms > 0 ? w->r->time_ms : SSH_TIME_MS;
}

static int
tell(struct work *w, size_t place, struct snapshot *s, const struct fault *why,
    struct fault *f)
{
	return w->done(w->ctx, w->r->targets[place], s, why, f);
}

/* In its turn, and those behind it that wait. s is taken. */
static int
tell_in_order(struct work *w, size_t place, struct snapshot *s,
    const struct fault *why, struct fault *f)
{
	struct answer *a = &w->waiting[place % SSH_AHEAD];
	int rc = 0;

	a->here = true;
	a->good = s != NULL;
	if (s != NULL) {
		a->s = *s;
		*s = (struct snapshot){ 0 };
	} else {
		a->why = *why;
	}
	while (rc == 0 && (a = &w->waiting[w->turn % SSH_AHEAD])->here) {
		rc = tell(w, w->turn++, a->good ? &a->s : NULL,
		    a->good ? NULL : &a->why, f);
		if (a->good)
			snapshot_free(&a->s);
		*a = (struct answer){ 0 };
	}
	return rc;
}

static int dial(struct work *w, struct line *l, size_t place, struct fault *f);

static int
hang_up(struct work *w, struct line *l, struct fault *f)
{
	struct snapshot s = { 0 };
	struct fault why = { 0 };
	int rc = outcome_of_line(l, time_of(w), &s, &why);

	if (rc == -1 && is_passing(l)) {
		size_t place = l->place;

		ssh_stream_free(l->stream);
		*l = (struct line){ .retried = true };
		return dial(w, l, place, f);
	}
	rc = (w->r->in_order ? tell_in_order : tell)(
	    w, l->place, rc == 0 ? &s : NULL, rc == 0 ? NULL : &why, f);
	snapshot_free(&s);
	ssh_stream_free(l->stream);
	*l = (struct line){ 0 };
	return rc;
}

/* Fixed options come first: ssh takes the first value it meets. Nothing of
 * the user's is forwarded, no terminal, no question, no lasting master. */
static int
dial(struct work *w, struct line *l, size_t place, struct fault *f)
{
	static const char *const options[] = { "ssh", "-T", "-a", "-x", "-o",
		"BatchMode=yes", "-o", "ConnectTimeout=10", "-o",
		"ServerAliveInterval=15", "-o", "ServerAliveCountMax=2", "-o",
		"LogLevel=DEBUG1", "-o", "ClearAllForwardings=yes", "-o",
		"ControlMaster=no", "-o", "PermitLocalCommand=no", "--" };
	static const char *const plain[] = { "sh", "-s", NULL },
				 *const sudo[] = { SSH_SUDO, NULL };
	const char *argv[LENGTH(options) + 1 + LENGTH(sudo)];
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
	argv[LENGTH(options)] = w->r->targets[place];
	if (w->r->sudo)
		(void)memcpy(argv + LENGTH(options) + 1, sudo, sizeof(sudo));
	else
		(void)memcpy(argv + LENGTH(options) + 1, plain, sizeof(plain));
	l->target = w->r->targets[place];
	l->place = place;
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

static bool
may_dial(const struct work *w)
{
	return w->next < w->r->ntargets &&
	       (!w->r->in_order || w->next < w->turn + SSH_AHEAD);
}

/* Dial until every line is busy or no target is left. */
static int
dial_free(struct work *w, struct fault *f)
{
	for (size_t i = 0; i < w->nlines; i++)
		while (w->lines[i].child.end != CHILD_RUNNING && may_dial(w))
			if (dial(w, &w->lines[i], w->next++, f) == -1)
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
	w.waiting = calloc(SSH_AHEAD, sizeof(w.waiting[0]));
	if (w.lines == NULL || w.waiting == NULL)
		(void)fault_memory(f);
	else if (ssh_script(items, r->commands, &w.script, f) == 0)
		rc = serve(&w, f);
	for (size_t i = 0; w.lines != NULL && i < w.nlines; i++) {
		child_stop(&w.lines[i].child);
		ssh_stream_free(w.lines[i].stream);
	}
	for (size_t i = 0; w.waiting != NULL && i < SSH_AHEAD; i++)
		snapshot_free(&w.waiting[i].s);
	free(w.waiting);
	free(w.lines);
	buf_free(&w.script);
	return rc;
}
