/*
 * Programs that run with a cryptographic library other than the one on disk:
 * an update replaced it, and they were not started again; or it lies outside of
 * the system's folders, where nothing else was looked at. maps(5).
 */
#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "collector/node/parts.h"

#define PROGRAMS_MAX 1000

static const char *const system_folders[] = { "/usr/lib/", "/usr/lib64/",
	"/lib/", "/lib64/" };

/* From the first slash on: the path, and whether it is there no more. */
static bool
library_of(struct span line, struct span *path, bool *deleted)
{
	static const char gone[] = " (deleted)";
	const char *slash = memchr(line.p, '/', line.len);

	if (slash == NULL)
		return false;
	*path = (struct span){ slash, line.len - (size_t)(slash - line.p) };
	*deleted = span_ends(*path, gone);
	if (*deleted)
		path->len -= strlen(gone);
	return path->len > 1;
}

static const char *
state_of(struct span path, bool deleted)
{
	if (deleted)
		return "replaced";
	for (size_t i = 0; i < LENGTH(system_folders); i++)
		if (span_starts(path, system_folders[i]))
			return NULL;
	return "elsewhere";
}

static int
add_one(json_t *seen, struct span program, struct span line, struct fault *f)
{
	struct span path;
	bool deleted;
	const char *state;
	json_t *one;
	BUF_AUTO(key, 4096);

	if (!library_of(line, &path, &deleted) ||
	    (state = state_of(path, deleted)) == NULL)
		return 0;
	text_clean(&key, program.p, program.len, 64);
	buf_putc(&key, ' ');
	text_clean(&key, path.p, path.len, VALUE_MAX);
	if (buf_done(&key, "program", f) == -1)
		return -1;
	if (json_object_size(seen) == PROGRAMS_MAX &&
	    json_object_get(seen, key.p) == NULL)
		return fault(
		    f, FAULT_LIMIT, "more than %d programs", PROGRAMS_MAX);
	one = json_pack("{s:o, s:o, s:s}", "program",
	    json_text(program.p, program.len), "library",
	    json_text(path.p, path.len), "state", state);
	if (one == NULL || json_object_set_new(seen, key.p, one) == -1)
		return fault_memory(f);
	return 0;
}

/* Also counts those that may not be read. */
static int
read_all(struct span text, json_t *seen, size_t *denied, struct fault *f)
{
	struct span line, program = { "?", 1 };

	while (span_line(&text, &line)) {
		if (span_starts(line, "? "))
			(*denied)++;
		else if (span_starts(line, "= "))
			program = (struct span){ line.p + 2, line.len - 2 };
		else if (add_one(seen, program, line, f) == -1)
			return -1;
	}
	return 0;
}

static int
emit_whole(struct parts *p, size_t denied, struct fault *f)
{
	char text[64];
	ATTRS_AUTO(a);

	if (denied > 0) {
		(void)snprintf(text, sizeof(text),
		    "%zu processes may not be read", denied);
		return emit_outcome(p->e, &node_process_library_kind, "*",
		    OUTCOME_DENIED, text, "/proc/*/maps", f);
	}
	put_null(&a, "library");
	put_null(&a, "program");
	put_null(&a, "state");
	return emit_observed(
	    p->e, &node_process_library_kind, "*", &a, "/proc/*/maps", f);
}

static int
emit_one(struct parts *p, const char *key, json_t *one, struct fault *f)
{
	static const char *const columns[] = { "library", "program", "state" };
	ATTRS_AUTO(a);

	for (size_t i = 0; i < LENGTH(columns); i++)
		attrs_str(&a, columns[i],
		    json_string_value(json_object_get(one, columns[i])));
	return emit_observed(
	    p->e, &node_process_library_kind, key, &a, "/proc/*/maps", f);
}

int
process_library_emit(struct parts *p, struct fault *f)
{
	struct reading r = part_run(p, PROCESSES_QUERY);
	json_t *seen = json_object(), *one;
	struct fault why = { 0 };
	size_t denied = 0;
	const char *key;
	int rc = seen == NULL ? fault_memory(f) : 0;

	if (rc == 0 && r.outcome != OUTCOME_OBSERVED)
		rc = emit_outcome(p->e, &node_process_library_kind, "*",
		    r.outcome, r.reason, "/proc/*/maps", f);
	else if (rc == 0 && read_all(r.text, seen, &denied, &why) == -1)
		rc = emit_outcome(p->e, &node_process_library_kind, "*",
		    OUTCOME_ERROR, why.text, "/proc/*/maps", f);
	else if (rc == 0)
		rc = emit_whole(p, denied, f);
	json_object_foreach (seen, key, one) {
		if (rc == 0)
			rc = emit_one(p, key, one, f);
	}
	json_decref(seen);
	return rc;
}
