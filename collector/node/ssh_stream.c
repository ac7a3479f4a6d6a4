/* What a remote host's script writes, read while it arrives: a machine of
 * lines. See ssh_script.c for the frames. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "collector/node/source.h"
#include "collector/node/settings.h"
#include "collector/node/ssh_script.h"

#define LINE_MAX_LEN 8192	   /* base64 and od write 76 and 48 */
#define BANNER_MAX ((size_t)65536) /* skipped before the first line of ours */
#define SAID_MAX 241		   /* of a line there, with its NUL */
#define FIELDS_MAX 8
#define TIME_MAX 253402300799LL /* 9999-12-31T23:59:59Z */

enum place { /* what the next line is part of */
	BANNER,
	HEAD,
	FRAME,
	PATH,
	TARGET,
	BODY,
	AFTER
};

struct ssh_stream {
	const struct manifest_item *items; /* borrowed */
	size_t nitems;
	struct crypto *crypto; /* borrowed */
	struct snapshot s;
	enum place place;
	bool hex;
	size_t banner;
	char said[SAID_MAX]; /* its last line that is not blank */
	struct buf line;
	/* the frame being read */
	const struct manifest_item *item;
	struct entry now; /* what its first line says */
	char code;	  /* outcome, as the script writes it */
	bool padded;	  /* base64 has ended */
	bool digested;
	struct buf path, target, bytes;
	uint64_t size;
	bool sized;
};

struct ssh_stream *
ssh_stream_new(
    const struct manifest_item *items, struct crypto *c, struct fault *f)
{
	struct ssh_stream *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	t->items = items;
	while (items[t->nitems].path != NULL)
		t->nitems++;
	t->crypto = t->s.crypto = c;
	t->line.max = LINE_MAX_LEN;
	t->path.max = t->target.max = ENTRY_PATH_MAX;
	return t;
}

void
ssh_stream_free(struct ssh_stream *t)
{
	if (t == NULL)
		return;
	snapshot_free(&t->s);
	buf_free(&t->line);
	buf_free(&t->path);
	buf_free(&t->target);
	buf_free(&t->bytes);
	free(t);
}

static int
garbled(struct fault *f, const char *what)
{
	return fault(
	    f, FAULT_FORMAT, "the host's answer is not the script's: %s", what);
}

/* ---- encoded lines ---- */

/* Bytes go to b while they fit; beyond that only b->failed remembers. */
static int
decode_base64(struct ssh_stream *t, const char *p, size_t len, struct buf *b)
{
	if (t->padded && len > 0)
		return -1;
	t->padded = len > 0 && p[len - 1] == '=';
	return base64_read(b, p, len) || b->failed != FAULT_NONE ? 0 : -1;
}

static int
decode_hex(const char *p, size_t len, struct buf *b)
{
	uint8_t byte;

	for (size_t i = 0; i < len;) {
		char two[3] = { 0 };

		if (p[i] == ' ') {
			i++;
			continue;
		}
		if (i + 1 >= len)
			return -1;
		two[0] = p[i];
		two[1] = p[i + 1];
		if (hex_decode(two, &byte, 1) == -1)
			return -1;
		buf_put(b, &byte, 1);
		i += 2;
	}
	return 0;
}

static int
decode(struct ssh_stream *t, const char *p, size_t len, struct buf *b,
    struct fault *f)
{
	int rc = t->hex ? decode_hex(p, len, b) : decode_base64(t, p, len, b);

	if (rc == -1)
		return garbled(f, "an encoded line");
	if (b->failed == FAULT_IO)
		return fault_memory(f);
	return 0;
}

/* ---- lines of the frame ---- */

/* Cut a line at its spaces; how many fields, 0 if more than FIELDS_MAX. */
static size_t
split(char *line, char *v[FIELDS_MAX])
{
	size_t n = 0;
	char *save = NULL;

	for (char *p = strtok_r(line, " ", &save); p != NULL;
	     p = strtok_r(NULL, " ", &save)) {
		if (n == FIELDS_MAX)
			return 0;
		v[n++] = p;
	}
	return n;
}

/* digits only, in base, at most max; -1 otherwise */
static int
number(const char *s, int base, unsigned long long max, unsigned long long *v)
{
	const char *digits = base == 8 ? "01234567" : "0123456789";

	if (s[0] == '\0' || strlen(s) > 19 || s[strspn(s, digits)] != '\0')
		return -1;
	*v = strtoull(s, NULL, base);
	return *v <= max ? 0 : -1;
}

/* "rwxr-xr-x" as ls(1) writes it, after the type. */
static unsigned
mode_of_ls(const char *s)
{
	static const char want[] = "rwxrwxrwx";
	unsigned mode = 0;

	if (strlen(s) < sizeof(want))
		return 0;
	for (size_t i = 0; i + 1 < sizeof(want); i++) {
		char c = s[i + 1];

		mode = mode << 1 | (c != '-' && c != 'S' && c != 'T');
	}
	if (s[3] == 's' || s[3] == 'S')
		mode |= 04000;
	if (s[6] == 's' || s[6] == 'S')
		mode |= 02000;
	if (s[9] == 't' || s[9] == 'T')
		mode |= 01000;
	return mode;
}

static int
read_numbers(struct ssh_stream *t, char *const v[], struct fault *f)
{
	unsigned long long n;

	if (strcmp(v[4], "-") == 0)
		t->now.mode = 0;
	else if (number(v[4], 8, 07777, &n) == 0)
		t->now.mode = (unsigned)n;
	else
		t->now.mode = mode_of_ls(v[4]);
	if (strcmp(v[5], "-") == 0)
		t->now.mtime = 0;
	else if (number(v[5], 10, TIME_MAX, &n) == 0)
		t->now.mtime = (int64_t)n;
	else
		t->now.mtime = 0; /* before 1970: as good as none */
	t->sized = strcmp(v[6], "-") != 0;
	t->size = 0;
	if (t->sized && number(v[6], 10, INT64_MAX, &n) == -1)
		return garbled(f, "a size");
	if (t->sized)
		t->size = n;
	return 0;
}

/* e ITEM TYPE OUTCOME MODE MTIME SIZE */
static int
read_frame(struct ssh_stream *t, char *line, struct fault *f)
{
	static const char types[] = "fldo";
	char *v[FIELDS_MAX];
	unsigned long long item;

	if (split(line, v) != 7 || strcmp(v[0], "e") != 0 ||
	    number(v[1], 10, t->nitems, &item) == -1 || item == t->nitems ||
	    strlen(v[2]) != 1 || strchr(types, v[2][0]) == NULL ||
	    strlen(v[3]) != 1 || strchr("oadlnrbm", v[3][0]) == NULL)
		return garbled(f, "the head of a frame");
	t->item = &t->items[item];
	t->now = (struct entry){ 0 };
	t->now.type =
	    (enum entry_type)(strchr(types, v[2][0]) - types); /* same order */
	t->code = v[3][0];
	t->padded = t->digested = false;
	buf_reset(&t->path);
	buf_reset(&t->target);
	buf_reset(&t->bytes);
	t->bytes.max = t->item->max;
	t->place = PATH;
	return read_numbers(t, v, f);
}

static int
check_form(const struct ssh_stream *t, struct fault *f)
{
	if (t->path.failed != FAULT_NONE || t->path.len == 0 ||
	    strlen(t->path.p) != t->path.len || t->path.p[0] != '/')
		return garbled(f, "a path");
	return 0;
}

/* Whatever a setting there names. */
static int
check_named(const struct ssh_stream *t, struct fault *f)
{
	const char *rest;

	(void)settings_item(t->item->path, &rest);
	if (check_form(t, f) == -1)
		return -1;
	if (!span_ends(span_of(t->path.p), rest) ||
	    !settings_is_path(span_of(t->path.p)))
		return garbled(f, "a path that was not asked for");
	return 0;
}

/* Of a glob below a glob; or a folder, which was refused. */
static int
check_outer(const struct ssh_stream *t, struct fault *f)
{
	char folders[ENTRY_PATH_MAX];
	struct path_glob g;

	if (check_form(t, f) == -1)
		return -1;
	(void)glob_outer(t->item->path, folders, &g);
	if (fnmatch(t->item->path, t->path.p, FNM_PATHNAME | FNM_PERIOD) == 0 ||
	    (t->code != 'o' &&
		fnmatch(folders, t->path.p, FNM_PATHNAME | FNM_PERIOD) == 0))
		return 0;
	return garbled(f, "a path that was not asked for");
}

/* A name the host gives must be one that was asked for. */
static int
check_path(struct ssh_stream *t, struct fault *f)
{
	const char *asked = t->item->path, *path = t->path.p;
	char outer[ENTRY_PATH_MAX];
	struct path_glob g;

	if (t->item->flags & M_NAMED)
		return check_named(t, f);
	if (glob_outer(asked, outer, &g))
		return check_outer(t, f);
	if ((t->item->flags & M_COMMAND) || !glob_split(asked, &g)) {
		if (t->path.len != 0)
			return garbled(f, "a path that was not asked for");
		buf_puts(&t->path, asked);
		return buf_done(&t->path, "path", f);
	}
	if (t->path.failed != FAULT_NONE || t->path.len == 0 ||
	    strlen(path) != t->path.len)
		return garbled(f, "a path");
	if (t->path.len == g.folder_len &&
	    memcmp(path, g.folder, g.folder_len) == 0 && t->code != 'o')
		return 0;
	if (t->path.len <= g.folder_len + 1 ||
	    memcmp(path, g.folder, g.folder_len + 1) != 0 ||
	    strchr(path + g.folder_len + 1, '/') != NULL ||
	    !glob_matches(&g, path + g.folder_len + 1))
		return garbled(f, "a path that was not asked for");
	return 0;
}

/* code: the outcome as the script writes it */
static int
refuse(struct ssh_stream *t, struct entry *e, char code, struct fault *f)
{
	switch (code) {
	case 'a':
		return entry_refuse(e, OUTCOME_ABSENT, f, REASON_DANGLING);
	case 'd':
		return entry_refuse(e, OUTCOME_DENIED, f, REASON_DENIED);
	case 'l':
		return entry_refuse(e, OUTCOME_ERROR, f, REASON_LOOP);
	case 'n':
		return entry_refuse(e, OUTCOME_ERROR, f, REASON_NOT_REGULAR);
	case 'b':
		return entry_refuse(e, OUTCOME_ERROR, f,
		    t->item->flags & M_DIGEST
			? "larger than %zu bytes"
			: "content: larger than %zu bytes",
		    t->item->max);
	case 'm':
		return entry_refuse(e, OUTCOME_ERROR, f,
		    "folder: more than %d names match", GLOB_MAX);
	default:
		return entry_refuse(
		    e, OUTCOME_ERROR, f, "content: could not be read");
	}
}

/* Bytes and status are in: what became of the reading? */
static int
judge(struct ssh_stream *t, struct entry *e, unsigned status, struct fault *f)
{
	bool command = t->item->flags & M_COMMAND;

	if (t->code != 'o')
		return refuse(t, e, t->code, f);
	if (t->bytes.failed == FAULT_LIMIT)
		return command
			   ? entry_refuse(e, OUTCOME_ERROR, f,
				 "output larger than %zu bytes", t->item->max)
			   : refuse(t, e, 'b', f);
	if (command && status == 124) /* timeout(1) */
		return entry_refuse(e, OUTCOME_ERROR, f,
		    "took longer than %d seconds", COMMAND_TIME_MS / 1000);
	e->status = command ? (int)status : 0;
	if (!command && status != 0)
		return refuse(t, e, 'r', f);
	if (t->item->flags & (M_DIGEST | M_EXISTS)) {
		e->size = t->size;
		e->has_digest = t->digested;
		(void)memcpy(e->sha256, t->now.sha256, sizeof(e->sha256));
		return 0;
	}
	if (t->item->flags & M_PE && t->bytes.len > 0)
		t->bytes.len = strnlen(t->bytes.p, t->bytes.len);
	if (!command && !(t->item->flags & M_VOLATILE) && t->sized &&
	    t->size != t->bytes.len)
		return entry_refuse(
		    e, OUTCOME_ERROR, f, "content: changed while it was read");
	e->bytes = t->bytes;
	t->bytes = (struct buf){ 0 };
	return snapshot_hold(&t->s, e, t->crypto, f);
}

/* ". STATUS": the frame is whole, so it becomes an entry. */
static int
end_frame(struct ssh_stream *t, const char *line, struct fault *f)
{
	unsigned long long status;
	struct entry *e;

	if (line[0] != '.' || line[1] != ' ' ||
	    number(line + 2, 10, 255, &status) == -1)
		return garbled(f, "the end of a frame");
	t->place = FRAME;
	if ((t->item->flags & M_COMMAND) && status == COMMAND_NOT_FOUND)
		return 0;
	if ((e = snapshot_add(&t->s, t->path.p, t->item->flags, f)) == NULL)
		return -1;
	e->type = t->now.type;
	e->mode = t->now.mode;
	e->mtime = t->now.mtime;
	if (t->now.type == ENTRY_LINK && t->target.len > 0) {
		/* readlink(1) ends it with a newline of its own */
		size_t len =
		    t->target.len - (t->target.p[t->target.len - 1] == '\n');

		if ((e->target = strndup(t->target.p, len)) == NULL)
			return fault_memory(f);
	}
	return judge(t, e, (unsigned)status, f);
}

/* "s HEX -", or "s" on a host without sha256sum */
static int
read_digest(struct ssh_stream *t, char *line, struct fault *f)
{
	char *v[FIELDS_MAX];
	size_t n = split(line, v);

	if (!(t->item->flags & M_DIGEST) || t->digested || n == 0)
		return garbled(f, "a digest");
	if (n == 1)
		return 0;
	if (hex_decode(v[1], t->now.sha256, SHA256_LEN) == -1)
		return garbled(f, "a digest");
	t->digested = true;
	return 0;
}

static int
read_head(struct ssh_stream *t, char *line, struct fault *f)
{
	char *v[FIELDS_MAX];

	if (split(line, v) != 3 || strcmp(v[0], "h") != 0)
		return garbled(f, "its first line");
	if (strcmp(v[2], "none") == 0)
		return fault(
		    f, FAULT_REMOTE, "the host has neither base64 nor od");
	if (strcmp(v[2], "hex") != 0 && strcmp(v[2], "base64") != 0)
		return garbled(f, "its encoding");
	t->hex = strcmp(v[2], "hex") == 0;
	t->s.live = strcmp(v[1], "1") == 0;
	t->place = FRAME;
	return 0;
}

static int
take_line(struct ssh_stream *t, char *line, size_t len, struct fault *f)
{
	if (strlen(line) != len && t->place != BANNER && t->place != AFTER)
		return garbled(f, "a NUL");
	switch (t->place) {
	case BANNER:
		if (strcmp(line, SSH_BEGIN) == 0)
			t->place = HEAD;
		else if (len > 0 && line[strspn(line, " \t\r")] != '\0')
			(void)snprintf(t->said, sizeof(t->said), "%s", line);
		return 0;
	case HEAD:
		return read_head(t, line, f);
	case FRAME:
		if (strcmp(line, SSH_END) == 0) {
			t->place = AFTER;
			return 0;
		}
		return read_frame(t, line, f);
	case PATH:
		if (strcmp(line, ".") != 0)
			return decode(t, line, len, &t->path, f);
		t->place = TARGET;
		t->padded = false;
		return check_path(t, f);
	case TARGET:
		if (strcmp(line, ".") != 0)
			return decode(t, line, len, &t->target, f);
		t->place = BODY;
		t->padded = false;
		return 0;
	case BODY:
		if (line[0] == '.')
			return end_frame(t, line, f);
		if (line[0] == 's' && t->item->flags & M_DIGEST)
			return read_digest(t, line, f);
		if (line[0] == 'x' && t->item->flags & M_PE)
			return decode_hex(line + 1, len - 1, &t->bytes) == -1
				   ? garbled(f, "a section")
				   : 0;
		return decode(t, line, len, &t->bytes, f);
	default:
		return 0;
	}
}

int
ssh_stream_take(
    struct ssh_stream *t, const char *p, size_t len, struct fault *f)
{
	while (len > 0) {
		const char *nl = memchr(p, '\n', len);
		size_t n = nl == NULL ? len : (size_t)(nl - p);

		if (t->place == AFTER)
			return 0; /* what a logout script prints */
		if (t->place == BANNER && (t->banner += n + 1) > BANNER_MAX)
			return garbled(f, "it does not begin");
		buf_put(&t->line, p, n);
		if (t->line.failed == FAULT_LIMIT && t->place != BANNER)
			return garbled(f, "a line too long");
		if (t->line.failed == FAULT_IO)
			return fault_memory(f);
		if (nl == NULL)
			return 0;
		if (take_line(t, t->line.p, t->line.len, f) == -1)
			return -1;
		buf_reset(&t->line);
		p += n + 1;
		len -= n + 1;
	}
	return 0;
}

bool
ssh_stream_begun(const struct ssh_stream *t, const char **said)
{
	*said = t->said;
	return t->place != BANNER;
}

int
ssh_stream_end(struct ssh_stream *t, struct snapshot *s, struct fault *f)
{
	if (t->place == BANNER || t->place == HEAD)
		return garbled(f, "it does not begin");
	if (t->place != AFTER)
		return garbled(f, "it is cut off");
	*s = t->s;
	t->s = (struct snapshot){ 0 };
	snapshot_sort(s);
	return 0;
}
