/* Every file that was read or refused: node.file, so that what exhibit looked
 * at can be compared with what is there now. */
#include <stdio.h>

#include "collector/node/parts.h"
#include "collector/node/settings.h"
#include "base/length.h"
#include "base/utc.h"

/* Times of these change with every boot and say nothing. */
static bool
has_time(const struct entry *e)
{
	static const char *const without[] = { "/proc/", "/run/", "/sys/" };

	if (e->flags & (M_VOLATILE | M_EXISTS))
		return false;
	for (size_t i = 0; i < LENGTH(without); i++)
		if (span_starts(span_of(e->path), without[i]))
			return false;
	return true;
}

static int
emit_entry(struct parts *p, const struct entry *e, struct fault *f)
{
	char hex[SHA256_HEX], time[UTC_LEN], mode[16];
	bool digest = e->has_digest && !(e->flags & (M_VOLATILE | M_EXISTS));
	ATTRS_AUTO(a);

	(void)snprintf(mode, sizeof(mode), "%04o", e->mode & 07777);
	attrs_str(&a, "mode", mode);
	utc_format(e->mtime, time);
	attrs_str(&a, "modified", has_time(e) && time[0] != '\0' ? time : NULL);
	if (digest) {
		hex_encode(e->sha256, SHA256_LEN, hex);
		attrs_str(&a, "sha256", hex);
		attrs_int(&a, "size", (long long)e->size);
	} else {
		put_null(&a, "sha256");
		put_null(&a, "size");
	}
	attrs_str(&a, "target", e->type == ENTRY_LINK ? e->target : NULL);
	return emit_observed(p->e, &node_file_kind, e->path, &a, e->path, f);
}

int
file_emit(struct parts *p, struct fault *f)
{
	for (size_t i = 0; i < p->s->n; i++) {
		const struct entry *e = &p->s->entries[i];
		int rc;

		if (e->path[0] != '/')
			continue; /* a command's answer is no file */
		if ((e->flags & M_QUIET) &&
		    (e->outcome == OUTCOME_OBSERVED || settings_masked(e)))
			continue;
		if (e->outcome == OUTCOME_OBSERVED)
			rc = emit_entry(p, e, f);
		else
			rc = emit_outcome(p->e, &node_file_kind, e->path,
			    e->outcome,
			    e->reason != NULL ? e->reason : "not there",
			    e->path, f);
		if (rc == -1)
			return -1;
	}
	return part_gap_under(p, &node_file_kind, "/", f);
}
