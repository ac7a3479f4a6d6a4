/*
 * The node collector: one host by its root directory, or many through ssh.
 * The source fills a snapshot, interpret.c says what it means, and each host
 * is a scope of its own: "host/<name>".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/span.h"
#include "collector/node/imds.h"
#include "collector/node/interpret.h"
#include "collector/node/provider.h"
#include "collector/node/ssh.h"

#define HOST_LEN_MAX 253 /* RFC 1035: bytes of a name in text */
#define TARGETS_FILE_MAX ((size_t)32 * 1024 * 1024)
#define SSH_SECONDS_MAX 3600
#define MACHINE_MAX 1024 /* bytes of what tells machines apart */
#define SCOPE_MAX (sizeof("host/") + SSH_TARGET_LEN_MAX)
#define NAME_CHARS                                                             \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:"

static const struct collector_option options[] = {
	{ "root", "DIR", "root directory of the host to read (/)" },
	{ "name", "NAME", "the host's name in the evidence" },
	{ "ssh", "TARGET",
	    "read host or user@host through ssh; repeatable, comma separated" },
	{ "targets", "FILE",
	    "ssh targets from there too, one a line; - is standard input" },
	{ "parallel", "N", "ssh connections at once (16)" },
	{ "ssh-time", "SECONDS", "limit of one host through ssh (60)" },
	{ "sudo", NULL,
	    "on hosts, run 'sudo -n -- /bin/sh -s' to read what root may" },
	{ "no-imds", NULL, "do not ask the instance metadata service" },
	{ "chroot", NULL,
	    "run the host's own commands inside --root (CAP_SYS_CHROOT)" },
	{ "no-commands", NULL, "only read files, run no command" },
	{ "imds-url", "URL", "where the instance metadata service is" },
	{ NULL, NULL, NULL },
};

static size_t
manifest_len(void)
{
	size_t n = 0;

	while (manifest[n].path != NULL)
		n++;
	return n;
}

/* ---- the host's name ---- */

static bool
name_is_good(const char *s)
{
	return s[0] != '\0' && s[0] != '-' && strlen(s) <= HOST_LEN_MAX &&
	       s[strspn(s, NAME_CHARS)] == '\0' && strcmp(s, ".") != 0 &&
	       strcmp(s, "..") != 0;
}

/* The first line of path below root, if it is a name. */
static int
name_from_file(const char *root, const char *path, struct crypto *c,
    char out[HOST_LEN_MAX + 1], struct fault *f)
{
	const struct manifest_item items[] = {
		{ path, HOST_LEN_MAX * 4, M_VOLATILE },
		{ NULL, 0, 0 },
	};
	struct snapshot s = { 0 };
	const struct entry *e;
	int rc = snapshot_read_root(&s, items, root, COMMANDS_NONE, c, f);

	out[0] = '\0';
	e = rc == 0 ? snapshot_find(&s, path) : NULL;
	if (e != NULL && e->outcome == OUTCOME_OBSERVED && e->bytes.len > 0)
		(void)snprintf(out, HOST_LEN_MAX + 1, "%.*s",
		    (int)strcspn(e->bytes.p, "\r\n"), e->bytes.p);
	if (!name_is_good(out))
		out[0] = '\0';
	snapshot_free(&s);
	return rc;
}

/* The last component of root, links and dots resolved. */
static void
name_from_root(const char *root, char out[HOST_LEN_MAX + 1])
{
	char *real = realpath(root, NULL);
	const char *base = real == NULL ? NULL : strrchr(real, '/');

	(void)snprintf(
	    out, HOST_LEN_MAX + 1, "%s", base == NULL ? "" : base + 1);
	free(real);
}

static int
name_host(const struct request *r, const char *root, char out[HOST_LEN_MAX + 1],
    struct fault *f)
{
	bool live = strcmp(root, "/") == 0;
	const char *given = request_get(r, "name");

	if (given != NULL) {
		if (!name_is_good(given))
			return fault(f, FAULT_USAGE,
			    "--name '%.300s': not a host name", given);
		(void)snprintf(out, HOST_LEN_MAX + 1, "%s", given);
		return 0;
	}
	if (name_from_file(root,
		live ? "/proc/sys/kernel/hostname" : "/etc/hostname", r->crypto,
		out, f) == -1)
		return -1;
	if (out[0] == '\0' && live && gethostname(out, HOST_LEN_MAX) == -1)
		out[0] = '\0';
	else if (out[0] == '\0' && !live)
		name_from_root(root, out);
	if (!name_is_good(out))
		return fault(f, FAULT_USAGE,
		    "root '%.200s': the host has no usable name; give --name",
		    root);
	return 0;
}

/* ---- emitting ---- */

struct pen {
	const struct request *r;
	const struct sink *sink;
	json_t *machines; /* owned; the name each was first collected under */
};

static void
tell(const struct request *r, const char *name, const char *same_as)
{
	char text[2 * SCOPE_MAX + 64];

	if (r->progress == NULL)
		return;
	(void)snprintf(text, sizeof(text), "node %s%s%s", name,
	    same_as != NULL ? ": the same machine as " : "",
	    same_as != NULL ? same_as : "");
	r->progress(r->progress_ctx, text);
}

/* The name that the same machine has already in this collection; *first NULL:
 * it is the first, or which machine it is was not read. */
static int
machine_seen(const struct pen *p, const struct snapshot *s, const char *name,
    const char **first, struct fault *f)
{
	BUF_AUTO(machine, MACHINE_MAX);

	*first = NULL;
	if (p->machines == NULL || s == NULL || !identity_machine(s, &machine))
		return 0;
	buf_putc(&machine, '\0');
	*first = json_string_value(json_object_get(p->machines, machine.p));
	if (*first == NULL && json_object_set_new(p->machines, machine.p,
				  json_string(name)) == -1)
		return fault_memory(f);
	return 0;
}

static int
emit_host(struct emitter *e, const struct snapshot *s, const char *same_as,
    const char *name, const struct fault *why, struct fault *f)
{
	enum outcome outcome;

	e->calls = (long long)manifest_len();
	if (s != NULL) {
		if ((same_as != NULL ? identity_alias(s, same_as, e, f)
				     : node_interpret(s, e, f)) == -1)
			return -1;
		return emit_coverage(e, OUTCOME_OBSERVED, NULL, f);
	}
	outcome = outcome_of_fault(why);
	if (emit_outcome(e, &node_kind, name, outcome, why->text, "ssh", f) ==
	    -1)
		return -1;
	return emit_coverage(e, outcome, why->text, f);
}

/* Everything about one host: its snapshot, or why there is none. */
static int
put_host(const struct pen *p, const struct snapshot *s, const char *name,
    const struct fault *why, struct fault *f)
{
	char scope[SCOPE_MAX];
	const char *same_as;
	struct emitter e;
	int rc;

	if (machine_seen(p, s, name, &same_as, f) == -1)
		return -1;
	tell(p->r, name, same_as);
	(void)snprintf(scope, sizeof(scope), "host/%s", name);
	if (emitter_init(&e, p->sink, node_kinds, "node", scope, f) == -1)
		return -1;
	rc = emit_host(&e, s, same_as, name, why, f);
	emitter_free(&e);
	return rc;
}

/* ---- a root directory ---- */

struct probes {
	bool imds_on, providers_on;
	struct imds_probe imds;
	struct provider_probe providers;
};

/* Both wait for others, so they start before the files are read. They speak
 * of the running host: not of an image or another's root. */
static void
probes_start(struct probes *p, const struct request *r, const char *root)
{
	if (strcmp(root, "/") != 0)
		return;
	p->providers_on = true;
	provider_start(&p->providers, NULL);
	if (request_get(r, "no-imds") != NULL)
		return;
	p->imds_on = true;
	imds_start(&p->imds, request_get(r, "imds-url"));
}

static int
probes_finish(struct probes *p, struct snapshot *s, struct fault *f)
{
	if (p->providers_on && provider_finish(&p->providers, s, f) == -1)
		return -1;
	if (p->imds_on && imds_finish(&p->imds, s, f) == -1)
		return -1;
	snapshot_sort(s);
	return 0;
}

static int
read_root(const struct request *r, const char *root, struct snapshot *s,
    struct fault *f)
{
	enum command_place commands =
	    request_get(r, "no-commands") != NULL ? COMMANDS_NONE
	    : request_get(r, "chroot") != NULL	  ? COMMANDS_INSIDE
						  : COMMANDS_LIVE;
	struct probes p = { 0 };
	int rc;

	probes_start(&p, r, root);
	rc = snapshot_read_root(s, manifest, root, commands, r->crypto, f);
	if (rc == 0)
		rc = probes_finish(&p, s, f);
	provider_stop(&p.providers);
	imds_stop(&p.imds);
	return rc;
}

static int
collect_root(const struct request *r, const struct sink *sink, struct fault *f)
{
	const struct pen p = { r, sink, NULL };
	const char *root = request_get(r, "root");
	char name[HOST_LEN_MAX + 1];
	struct snapshot s = { 0 };
	int rc;

	if (root == NULL)
		root = "/";
	if (name_host(r, root, name, f) == -1)
		return -1;
	rc = read_root(r, root, &s, f);
	if (rc == 0 && (s.name = strdup(name)) == NULL)
		rc = fault_memory(f);
	if (rc == 0)
		rc = put_host(&p, &s, name, NULL, f);
	snapshot_free(&s);
	return rc;
}

/* ---- ssh ---- */

struct targets {
	char **v; /* owned, each too */
	size_t n, cap;
};

static void
targets_free(struct targets *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i]);
	free(t->v);
}

static int
targets_add(struct targets *t, const char *s, size_t len, struct fault *f)
{
	if (t->n == SSH_TARGETS_MAX)
		return fault(f, FAULT_USAGE, "more than %d ssh targets",
		    SSH_TARGETS_MAX);
	if (t->n == t->cap) {
		size_t cap = t->cap == 0 ? 16 : 2 * t->cap;
		char **v = realloc(t->v, cap * sizeof(*v));

		if (v == NULL)
			return fault_memory(f);
		t->v = v;
		t->cap = cap;
	}
	if ((t->v[t->n] = strndup(s, len)) == NULL)
		return fault_memory(f);
	return ssh_target_check(t->v[t->n++], f);
}

static int
by_host(const void *a, const void *b)
{
	return strcmp(ssh_target_host(*(char *const *)a),
	    ssh_target_host(*(char *const *)b));
}

/* Two answers under one name would overwrite each other. */
static int
targets_distinct(struct targets *t, struct fault *f)
{
	if (t->n > 1)
		qsort(t->v, t->n, sizeof(t->v[0]), by_host);
	for (size_t i = 1; i < t->n; i++)
		if (by_host(&t->v[i - 1], &t->v[i]) == 0)
			return fault(f, FAULT_USAGE,
			    "--ssh: host '%s' is named twice",
			    ssh_target_host(t->v[i]));
	return 0;
}

/* One a line; # begins a comment. */
static int
targets_lines(struct targets *t, struct span text, struct fault *f)
{
	struct span line, rest;

	while (span_line(&text, &line)) {
		line = span_trim(span_until(line, '#', &rest));
		if (line.len > 0 && targets_add(t, line.p, line.len, f) == -1)
			return -1;
	}
	return 0;
}

static int
targets_file(struct targets *t, const char *name, struct fault *f)
{
	BUF_AUTO(text, TARGETS_FILE_MAX);

	if ((strcmp(name, "-") == 0
		    ? file_read_fd(0, "standard input", &text, f)
		    : file_read(name, &text, f)) == -1)
		return -1;
	return targets_lines(
	    t, (struct span){ text.len > 0 ? text.p : "", text.len }, f);
}

static int
targets_list(struct targets *t, const char *s, struct fault *f)
{
	for (;;) {
		size_t len = strcspn(s, ",");

		if (targets_add(t, s, len, f) == -1)
			return -1;
		if (s[len] == '\0')
			return 0;
		s += len + 1;
	}
}

static int
targets_read(struct targets *t, const struct request *r, struct fault *f)
{
	for (size_t i = 0; i < r->noptions; i++) {
		const struct request_option *o = &r->options[i];
		int rc = 0;

		if (strcmp(o->name, "ssh") == 0)
			rc = targets_list(t, o->value, f);
		else if (strcmp(o->name, "targets") == 0)
			rc = targets_file(t, o->value, f);
		if (rc == -1)
			return -1;
	}
	if (t->n == 0)
		return fault(f, FAULT_USAGE, "--targets: names no host");
	return targets_distinct(t, f);
}

/* A number of an option, or 0 where it is not given. */
static int
number_of(const struct request *r, const char *option, unsigned long max,
    unsigned long *n, struct fault *f)
{
	const char *s = request_get(r, option);

	*n = 0;
	if (s == NULL)
		return 0;
	if (s[0] != '\0' && s[strspn(s, "0123456789")] == '\0' && strlen(s) < 6)
		*n = strtoul(s, NULL, 10);
	if (*n < 1 || *n > max)
		return fault(f, FAULT_USAGE, "--%s '%.40s': not 1 to %lu",
		    option, s, max);
	return 0;
}

static int
put_target(void *ctx, const char *target, struct snapshot *s,
    const struct fault *why, struct fault *f)
{
	const struct pen *p = ctx;
	const char *name = request_get(p->r, "name");

	if (name == NULL)
		name = ssh_target_host(target);
	if (s != NULL && (s->name = strdup(name)) == NULL)
		return fault_memory(f);
	return put_host(p, s, name, why, f);
}

static int
collect_targets(const struct request *r, const struct sink *sink,
    const struct targets *t, struct fault *f)
{
	struct ssh_request q = {
		.targets = (const char *const *)t->v,
		.ntargets = t->n,
		.commands = request_get(r, "no-commands") == NULL,
		.sudo = request_get(r, "sudo") != NULL,
		.in_order = true, /* the first name of a machine counts */
	};
	unsigned long parallel, seconds;
	struct pen p = { r, sink, NULL };
	const char *name = request_get(r, "name");
	int rc;

	if (request_get(r, "root") != NULL)
		return fault(
		    f, FAULT_USAGE, "--root excludes --ssh and --targets");
	if (name != NULL && (t->n > 1 || !name_is_good(name)))
		return fault(f, FAULT_USAGE,
		    "--name '%.300s': not a host name, or more than one host",
		    name);
	if (number_of(r, "parallel", SSH_PARALLEL_MAX, &parallel, f) == -1 ||
	    number_of(r, "ssh-time", SSH_SECONDS_MAX, &seconds, f) == -1)
		return -1;
	q.parallel = parallel;
	q.time_ms = (int)seconds * 1000;
	if ((p.machines = json_object()) == NULL)
		return fault_memory(f);
	rc = snapshot_read_ssh(&q, manifest, r->crypto, put_target, &p, f);
	json_decref(p.machines);
	return rc;
}

static int
collect(const struct request *r, const struct sink *sink, struct fault *f)
{
	struct targets t = { 0 };
	int rc;

	if (request_get(r, "ssh") == NULL && request_get(r, "targets") == NULL)
		return collect_root(r, sink, f);
	rc = targets_read(&t, r, f);
	if (rc == 0)
		rc = collect_targets(r, sink, &t, f);
	targets_free(&t);
	return rc;
}

extern const struct collector node_collector; /* in collector/table.c */

const struct collector node_collector = {
	.name = "node",
	.about = "FIPS state of hosts: kernel, boot, OpenSSL, packages",
	.kinds = node_kinds,
	.options = options,
	.collect = collect,
};
