/* See subject.h. */
#include "cli/subject.h"

#include <stdlib.h>
#include <string.h>

#define CANDIDATES_SHOWN 20

void
subject_free(struct subject *s)
{
	free(s->name);
	free(s->scope);
	free(s->key);
}

/*
 * What an operand may mean, best first: kind:scope:key; the one thing of a
 * scope that the others are parts of (node of node.file); any key or scope.
 * Each is looked up by its names: no text of every subject is looked at.
 */
static const char candidates[] =
    "WITH RECURSIVE colon(at) AS (SELECT instr(:what, ':') UNION ALL SELECT "
    "at + instr(substr(:what, at + 1), ':') FROM colon WHERE at > 0 AND "
    "instr(substr(:what, at + 1), ':') > 0), "
    "exact AS MATERIALIZED (SELECT i.id FROM colon c CROSS JOIN name k ON "
    "k.text = substr(:what, 1, instr(:what, ':') - 1) CROSS JOIN name p ON "
    "p.text = substr(:what, instr(:what, ':') + 1, c.at - instr(:what, ':') - "
    "1) CROSS JOIN name y ON y.text = substr(:what, c.at + 1) CROSS JOIN item "
    "i ON i.kind = k.id AND i.scope = p.id AND i.key = y.id WHERE c.at > "
    "instr(:what, ':')), "
    "kinds(id) AS (SELECT min(kind) FROM item UNION ALL SELECT (SELECT "
    "min(kind) FROM item WHERE kind > kinds.id) FROM kinds WHERE id IS NOT "
    "NULL), "
    "found AS MATERIALIZED (SELECT id FROM exact UNION SELECT i.id FROM name "
    "y CROSS JOIN item i ON i.key = y.id WHERE y.text = :what AND NOT EXISTS "
    "(SELECT 1 FROM exact) UNION SELECT i.id FROM name p CROSS JOIN kinds k "
    "CROSS JOIN item i ON i.kind = k.id AND i.scope = p.id WHERE (p.text = "
    ":what OR substr(p.text, instr(p.text, '/') + 1) = :what) AND NOT EXISTS "
    "(SELECT 1 FROM exact)), "
    "named AS MATERIALIZED (SELECT s.id, s.kind, s.scope, s.key FROM found n "
    "CROSS JOIN subject s ON s.id = n.id WHERE EXISTS (SELECT 1 FROM change "
    "WHERE subject = s.id AND run <= :run)) "
    "SELECT id, kind, scope, key FROM named n WHERE EXISTS (SELECT 1 FROM "
    "exact) OR NOT EXISTS (SELECT 1 FROM named w WHERE w.scope = n.scope AND "
    "n.kind LIKE w.kind || '.%') ORDER BY kind, scope, key LIMIT 1000";

static int
take_subject(struct subject *s, sqlite3_stmt *q, struct fault *f)
{
	s->id = sqlite3_column_int64(q, 0);
	s->name = strdup(look_text(q, 1));
	s->scope = strdup(look_text(q, 2));
	s->key = strdup(look_text(q, 3));
	if (s->name == NULL || s->scope == NULL || s->key == NULL)
		return fault_memory(f);
	s->kind = kind_find(s->name);
	return 0;
}

static void
print_candidate(sqlite3_stmt *q)
{
	BUF_AUTO(b, 16384);

	buf_printf(
	    &b, "%s:%s:%s", look_text(q, 1), look_text(q, 2), look_text(q, 3));
	printf("  ");
	print_clean(stdout, b.len > 0 ? b.p : "", 1000);
	printf("\n");
}

int
subject_find(
    struct look *l, const char *what, struct subject *s, struct fault *f)
{
	sqlite3_stmt *q;
	int rc, n = 0;

	if (look_ask(l, candidates, &q, f) == -1)
		return -1;
	sqlite3_bind_text(q, sqlite3_bind_parameter_index(q, ":what"), what, -1,
	    SQLITE_STATIC);
	while ((rc = look_next(l, q, f)) == 1) {
		if (n == 0 && take_subject(s, q, f) == -1)
			break;
		n++;
	}
	if (rc == 0 && n > 1) {
		(void)sqlite3_reset(q);
		for (int i = 0;
		     i < CANDIDATES_SHOWN && i < n && look_next(l, q, f) == 1;
		     i++)
			print_candidate(q);
		if (n > CANDIDATES_SHOWN)
			printf("  ... and more\n");
	}
	(void)sqlite3_finalize(q);
	if (rc != 0)
		return -1;
	if (n == 0)
		return fault(f, FAULT_USAGE,
		    "%s: nothing was collected under this key or scope as of "
		    "%s; 'exhibit query who-first-last' lists what was",
		    what, l->at);
	if (n > 1)
		return fault(f, FAULT_USAGE,
		    "%s: names more than one subject; say one of the above",
		    what);
	return 0;
}
