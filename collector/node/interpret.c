/* See interpret.h: one file per question, called in turn. */
#include <string.h>

#include "collector/kit/openssl_conf.h"
#include "base/length.h"
#include "collector/node/parts.h"
#include "collector/node/source.h"

struct reading
part_read(const struct parts *p, const char *path)
{
	const struct entry *e = snapshot_find(p->s, path);
	struct reading r = {
		.outcome = OUTCOME_ABSENT, .reason = "not there", .entry = e
	};

	if (e == NULL)
		return r;
	r.outcome = e->outcome;
	r.reason = e->reason != NULL ? e->reason : outcome_name(e->outcome);
	if (e->outcome == OUTCOME_OBSERVED)
		r.text = (struct span){ e->bytes.len > 0 ? e->bytes.p : "",
			e->bytes.len };
	return r;
}

struct reading
part_run(const struct parts *p, const char *command)
{
	struct reading r = part_read(p, command);

	if (r.entry == NULL)
		r.reason = "not asked: this source runs no commands";
	if (r.outcome != OUTCOME_OBSERVED || r.entry->status != 127)
		return r;
	/* POSIX sh: there is no such command */
	r.outcome = OUTCOME_ABSENT;
	r.reason = "no such command on the host";
	r.text = (struct span){ NULL, 0 };
	return r;
}

int
part_gap(struct parts *p, const struct kind *k, enum outcome outcome,
    const char *reason, struct fault *f)
{
	for (size_t i = 0; i < p->ngaps; i++)
		if (p->gaps[i] == k)
			return 0;
	if (p->ngaps < KINDS_MAX)
		p->gaps[p->ngaps++] = k;
	return emit_gap(p->e, k, outcome, reason, f);
}

bool
part_hides(const struct entry *e)
{
	size_t len = strlen(e->path);
	struct path_glob g;

	if (e->outcome == OUTCOME_OBSERVED || e->outcome == OUTCOME_ABSENT)
		return false;
	for (const struct manifest_item *m = manifest; m->path != NULL; m++)
		if (glob_split(m->path, &g) && g.folder_len == len &&
		    memcmp(g.folder, e->path, len) == 0)
			return true;
	return false;
}

int
part_gap_under(
    struct parts *p, const struct kind *k, const char *folder, struct fault *f)
{
	size_t n;
	const struct entry *e = snapshot_under(p->s, folder, &n);

	for (size_t i = 0; i < n; i++)
		if (part_hides(&e[i]))
			return part_gap(p, k, e[i].outcome,
			    e[i].reason != NULL ? e[i].reason : folder, f);
	return 0;
}

static void
parts_free(struct parts *p)
{
	struct buf *const all[] = { &p->os_id, &p->os_version, &p->os_variant,
		&p->os_pretty, &p->os_build };

	for (size_t i = 0; i < LENGTH(all); i++)
		buf_free(all[i]);
}

int
node_interpret(const struct snapshot *s, struct emitter *e, struct fault *f)
{
	static int (*const all[])(struct parts *, struct fault *) = {
		os_read, /* first: others ask for the family */
		kernel_emit,
		boot_emit,
		policy_emit,
		openssl_emit,
		library_emit,
		package_emit,
		bottlerocket_emit,
		pro_emit,
		identity_emit,
		process_library_emit,
		instance_emit,
		aws_emit,
		surroundings_emit,
		file_emit,
	};
	struct parts p = {
		.s = s, .e = e, .host = s->name != NULL ? s->name : "?"
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < LENGTH(all); i++)
		rc = all[i](&p, f);
	parts_free(&p);
	return rc;
}
