/* Judging: verdicts that differ from the newest ones of the profile. */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

#define VERDICT_BODY_MAX (64 * 1024)
#define KNOWN 256 /* verdicts whose content is remembered */

/* A verdict's text and its content: very many subjects have the same. */
struct known {
	char *body;
	int64_t content;
};

struct judgement {
	struct store *st;
	long long id, run;
	char *made, *as_of, *profile, *exhibit;
	json_t *checks, *catalogs, *parameters; /* owned references */
	char *check; /* whose verdicts were put last, and its rule */
	int64_t rule;
	struct known known[KNOWN]; /* by a hash of the text */
};

static int
next_id(struct store *st, long long *id, struct fault *f)
{
	sqlite3_stmt *q = stmt_of(st, S_JUDGEMENT_LAST);

	if (stmt_row(st, q, f) != 1)
		return -1;
	*id = sqlite3_column_int64(q, 0) + 1;
	(void)sqlite3_reset(q);
	return 0;
}

struct judgement *
judgement_new(
    struct store *st, const struct judgement_begin *b, struct fault *f)
{
	struct judgement *j;

	if (st->busy) {
		(void)fault(f, FAULT_USAGE, "%s: a run is open", st->path);
		return NULL;
	}
	if ((j = calloc(1, sizeof(*j))) == NULL) {
		(void)fault_memory(f);
		return NULL;
	}
	j->st = st;
	j->run = b->run;
	j->made = strdup(b->made);
	j->as_of = strdup(b->as_of);
	j->profile = strdup(b->profile);
	j->exhibit = strdup(b->exhibit != NULL ? b->exhibit : "");
	j->checks = json_incref(b->checks);
	j->catalogs = json_incref(b->catalogs);
	j->parameters = json_incref(b->parameters);
	if (j->made == NULL || j->as_of == NULL || j->profile == NULL ||
	    j->exhibit == NULL)
		(void)fault_memory(f);
	else if (side_clear(st, f) == 0 && store_begin(st, f) == 0) {
		st->busy = true;
		if (record_time(st, j->made, f) == 0 &&
		    next_id(st, &j->id, f) == 0)
			return j;
	}
	judgement_free(j);
	return NULL;
}

void
judgement_free(struct judgement *j)
{
	if (j == NULL)
		return;
	if (j->st->busy) {
		store_rollback(j->st);
		j->st->busy = false;
	}
	free(j->made);
	free(j->as_of);
	free(j->profile);
	free(j->exhibit);
	free(j->check);
	for (size_t i = 0; i < KNOWN; i++)
		free(j->known[i].body);
	json_decref(j->checks);
	json_decref(j->catalogs);
	json_decref(j->parameters);
	free(j);
}

int
judgement_text(
    struct judgement *j, const char *text, size_t len, struct fault *f)
{
	int64_t id;

	return content_intern(j->st, text, len, &id, NULL, f);
}

static int
rule_find(
    struct judgement *j, const char *check_id, int64_t *rule, struct fault *f)
{
	struct store *st = j->st;
	sqlite3_stmt *q = stmt_of(st, S_RULE_FIND);
	int rc;

	sqlite3_bind_text(q, 1, j->profile, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, check_id, -1, SQLITE_STATIC);
	if ((rc = stmt_row(st, q, f)) == -1)
		return -1;
	if (rc == 1) {
		*rule = sqlite3_column_int64(q, 0);
		(void)sqlite3_reset(q);
		return 0;
	}
	q = stmt_of(st, S_RULE_ADD);
	sqlite3_bind_text(q, 1, j->profile, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, check_id, -1, SQLITE_STATIC);
	if (stmt_done(st, q, f) == -1)
		return -1;
	*rule = sqlite3_last_insert_rowid(st->db);
	return 0;
}

/* j->rule is that of the check. Its verdicts come one after another. */
static int
rule_of(struct judgement *j, const char *check_id, struct fault *f)
{
	if (j->check != NULL && strcmp(j->check, check_id) == 0)
		return 0;
	free(j->check);
	j->check = NULL;
	if (rule_find(j, check_id, &j->rule, f) == -1)
		return -1;
	j->check = strdup(check_id);
	return j->check == NULL ? fault_memory(f) : 0;
}

/* FNV-1a */
static struct known *
known_slot(struct judgement *j, const char *body)
{
	uint32_t h = 2166136261U;

	for (; *body != '\0'; body++)
		h = (h ^ (unsigned char)*body) * 16777619U;
	return &j->known[h % KNOWN];
}

static int
content_of(struct judgement *j, const struct buf *body, int64_t *content,
    struct fault *f)
{
	struct known *k = known_slot(j, body->p);

	if (k->body == NULL || strcmp(k->body, body->p) != 0) {
		free(k->body);
		k->body = NULL;
		if (content_intern(
			j->st, body->p, body->len, &k->content, NULL, f) == -1)
			return -1;
		k->body = strdup(body->p);
		if (k->body == NULL)
			return fault_memory(f);
	}
	*content = k->content;
	return 0;
}

static int
verdict_content(struct judgement *j, const char *verdict, const char *reason,
    int64_t *content, struct fault *f)
{
	BUF_AUTO(body, VERDICT_BODY_MAX);

	buf_puts(&body, "{\"reason\":");
	json_quote(&body, reason, strlen(reason));
	buf_puts(&body, ",\"verdict\":");
	json_quote(&body, verdict, strlen(verdict));
	buf_putc(&body, '}');
	if (buf_done(&body, "verdict", f) == -1)
		return -1;
	return content_of(j, &body, content, f);
}

int
judgement_put(struct judgement *j, const char *check_id, int64_t subject,
    const char *verdict, const char *reason, struct fault *f)
{
	int64_t content = 0;
	sqlite3_stmt *q;

	if (rule_of(j, check_id, f) == -1 ||
	    verdict_content(j, verdict, reason, &content, f) == -1)
		return -1;
	q = stmt_of(j->st, S_PUT_ADD);
	sqlite3_bind_int64(q, 1, j->rule);
	sqlite3_bind_int64(q, 2, subject);
	sqlite3_bind_int64(q, 3, content);
	if (stmt_done(j->st, q, f) == -1)
		return -1;
	if (sqlite3_changes64(j->st->db) == 0)
		return fault(f, FAULT_FORMAT,
		    "check %s gives two verdicts for subject %lld", check_id,
		    (long long)subject);
	return 0;
}

/* The judgement's record answers for its verdicts and for what they were
 * judged with. */
static int
end(struct judgement *j, struct fault *f)
{
	struct store *st = j->st;
	char root[SHA256_HEX];
	long long count, record;
	sqlite3_stmt *put = stmt_of(st, S_OPINION_PUT_ADD);
	sqlite3_stmt *gone = stmt_of(st, S_OPINION_GONE_ADD), *q;

	sqlite3_bind_int64(put, 1, j->id);
	sqlite3_bind_text(gone, 1, j->profile, -1, SQLITE_STATIC);
	sqlite3_bind_int64(gone, 2, j->id);
	if (stmt_done(st, put, f) == -1 || stmt_done(st, gone, f) == -1 ||
	    run_list_root(st, S_OPINIONS, j->id, 0, root, &count, f) == -1 ||
	    log_json(st, "judgement",
		json_pack("{s:s, s:O, s:O, s:s, s:I, s:s, s:O, s:s, s:I, s:s, "
			  "s:{s:I, s:s}}",
		    "as_of", j->as_of, "catalogs", j->catalogs, "checks",
		    j->checks, "exhibit", j->exhibit, "judgement",
		    (json_int_t)j->id, "made", j->made, "parameters",
		    j->parameters, "profile", j->profile, "run",
		    (json_int_t)j->run, "type", "judgement", "verdicts",
		    "count", (json_int_t)count, "root", root),
		&record, f) == -1)
		return -1;
	q = stmt_of(st, S_JUDGEMENT_ADD);
	sqlite3_bind_int64(q, 1, j->id);
	sqlite3_bind_text(q, 2, j->made, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, j->as_of, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 4, j->run);
	sqlite3_bind_text(q, 5, j->profile, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 6, record);
	return stmt_done(st, q, f);
}

int
judgement_end(struct judgement *j, long long *id, struct fault *f)
{
	if (end(j, f) == -1 || store_commit(j->st, f) == -1)
		return -1; /* judgement_free() rolls back */
	j->st->busy = false;
	*id = j->id;
	return 0;
}
