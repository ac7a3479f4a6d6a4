/* exhibit except: findings that somebody answers for, until a day. */
#include "cli/requests.h"

#include <stdlib.h>
#include <string.h>

#include "cli/viewing.h"
#include "cli/suggest.h"
#include "report/package/checkpoint.h"
#include "base/number.h"

#define DAYS_MAX 1100 /* an exception ends; about three years */

/* A text that was given, and is not blank. */
static const char *
need(const struct options *o, const char *name, struct fault *f)
{
	const char *s = option(o, name);

	if (s != NULL && s[strspn(s, " \t\n")] != '\0' && strlen(s) <= TEXT_MAX)
		return s;
	(void)fault(f, FAULT_USAGE,
	    "except add: --%s is needed, and is a text of at most %d bytes",
	    name, TEXT_MAX);
	return NULL;
}

/* The end of the day, or the time, that --expires names. */
static int
read_expiry(struct cli *cli, const struct options *o, char out[UTC_LEN],
    struct fault *f)
{
	const char *s = need(o, "expires", f);
	int64_t now = 0, t;

	if (s == NULL)
		return -1;
	if (utc_parse(s, &t) == -1)
		return fault(f, FAULT_USAGE,
		    "--expires %s: not a UTC date like 2026-12-31", s);
	if (strlen(s) == 10)
		t += 86399;
	(void)utc_parse(cli->now, &now);
	if (t <= now || t > now + DAYS_MAX * 86400LL)
		return fault(f, FAULT_USAGE,
		    "--expires %s: an exception ends between now and %d days "
		    "from now",
		    s, DAYS_MAX);
	utc_format(t, out);
	return 0;
}

/* Does the check exist, or any that the pattern matches? */
static int
known_check(const struct options *o, const char *pattern, struct crypto *c,
    struct fault *f)
{
	struct near near = near_to(pattern);
	char text[SUGGESTION_LEN];
	struct checks checks;
	bool found = false;

	if (checks_load(&checks, option(o, "checks"), NULL, c, f) == -1)
		return -1;
	for (size_t i = 0; i < checks.n; i++) {
		found |= sqlite3_strglob(pattern, checks.list[i].id) == 0;
		near_offer(&near, span_of(checks.list[i].id));
	}
	(void)suggestion(&near, "", text);
	checks_free(&checks);
	return found ? 0
		     : fault(f, FAULT_USAGE,
			   "--check %s: no check is named so%s; 'exhibit "
			   "checks' lists them",
			   pattern, text);
}

static int
set_text(json_t *v, const char *name, const char *s)
{
	return json_object_set_new(v, name, json_text(s, strlen(s)));
}

/* Both or neither: what cannot be signed is not kept. */
static int
append_signed(struct cli *cli, struct store *st, const char *type,
    const struct buf *body, long long *seq, struct fault *f)
{
	if (store_begin(st, f) == -1)
		return -1;
	if (log_append(st, type, body->p, body->len, seq, f) == 0 &&
	    checkpoint_seal(st, &cli->seal, f) == 0 && store_commit(st, f) == 0)
		return 0;
	store_rollback(st);
	return -1;
}

/* Into the log, with a checkpoint that is signed if there is a key. */
static int
append(struct cli *cli, const struct options *o, struct store *st,
    const char *type, json_t *v, long long *seq, struct fault *f)
{
	struct signer *signer = NULL;
	BUF_AUTO(body, 65536);
	int rc = cli_signer_of(cli, o, false, &signer, f);

	if (rc == 0)
		rc = json_canonical(v, &body, f);
	if (rc == 0)
		rc = append_signed(cli, st, type, &body, seq, f);
	signer_free(signer);
	return rc;
}

static int
add(struct cli *cli, const struct options *o, struct store *st, struct fault *f)
{
	static const char *const texts[] = { "check", "subject", "owner",
		"approver", "reason" };
	const char *given[5];
	char expires[UTC_LEN];
	long long seq = 0;
	json_t *v;
	int rc = 0;

	for (size_t i = 0; i < 5; i++)
		if ((given[i] = need(o, texts[i], f)) == NULL)
			return -1;
	if (read_expiry(cli, o, expires, f) == -1 ||
	    known_check(o, given[0], cli->crypto, f) == -1)
		return -1;
	v = json_pack("{s:s, s:s, s:s}", "expires", expires, "made", cli->now,
	    "type", "exception");
	if (v == NULL || set_text(v, "by", cli->operator_name) == -1 ||
	    set_text(v, "scope", option_or(o, "scope", "*")) == -1)
		rc = fault_memory(f);
	for (size_t i = 0; rc == 0 && i < 5; i++)
		if (set_text(v, i == 1 ? "key" : texts[i], given[i]) == -1)
			rc = fault_memory(f);
	if (rc == 0)
		rc = append(cli, o, st, "exception", v, &seq, f);
	json_decref(v);
	if (rc == -1)
		return -1;
	printf("Exception X%lld, until %s. It changes no verdict; reports show "
	       "it beside them.\n",
	    seq, expires);
	return STATUS_OK;
}

/* "X12" or "12" */
static int
read_id(const char *s, long long *id)
{
	if (*s == 'X' || *s == 'x')
		s++;
	return number_read(s, 0, NUMBERS_MAX, id) ? 0 : -1;
}

/* 1: it stands, 0: it was withdrawn, -1: there is none, or a fault. */
static int
find(struct store *st, long long id, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(store_db(st),
		"SELECT withdrawn IS NULL FROM exception WHERE id = ?1", -1, &q,
		NULL) != SQLITE_OK)
		return store_fault(st, "exceptions", f);
	sqlite3_bind_int64(q, 1, id);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		rc = sqlite3_column_int(q, 0);
	else
		rc = rc == SQLITE_DONE
			 ? fault(f, FAULT_USAGE,
			       "X%lld: there is no such exception; 'exhibit "
			       "except list' shows them",
			       id)
			 : store_fault(st, "exceptions", f);
	(void)sqlite3_finalize(q);
	return rc;
}

static int
withdraw(
    struct cli *cli, const struct options *o, struct store *st, struct fault *f)
{
	const char *name = o->noperands == 2 ? o->operands[1] : "";
	const char *why;
	long long id;
	json_t *v;
	int rc;

	if (read_id(name, &id) == -1)
		return fault(f, FAULT_USAGE,
		    "except withdraw: say which, as in X12; 'exhibit except "
		    "list' shows them");
	if ((why = need(o, "reason", f)) == NULL ||
	    (rc = find(st, id, f)) == -1)
		return -1;
	if (rc == 0)
		return fault(f, FAULT_USAGE, "X%lld: was withdrawn before", id);
	v = json_pack("{s:I, s:s, s:s}", "exception", (json_int_t)id, "made",
	    cli->now, "type", "exception-withdrawn");
	if (v == NULL || set_text(v, "by", cli->operator_name) == -1 ||
	    set_text(v, "reason", why) == -1)
		rc = fault_memory(f);
	else
		rc = append(cli, o, st, "exception-withdrawn", v, NULL, f);
	json_decref(v);
	if (rc == -1)
		return -1;
	printf("Exception X%lld is withdrawn.\n", id);
	return STATUS_OK;
}

static int
list(struct cli *cli, const struct options *o, struct fault *f)
{
	static const int shown[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	const struct look_request looking = look_read(o);
	enum rows_format format;
	struct look l = { 0 };
	sqlite3_stmt *q = NULL;
	long long n = -1;

	if (rows_format(o, &format, f) == 0 &&
	    look_open(cli, &looking, &l, f) == 0 &&
	    look_ask(&l,
		"SELECT 'X' || id AS id, CASE WHEN withdrawn <= :at THEN "
		"'withdrawn' WHEN expires < :at THEN 'expired' ELSE 'open' END "
		"AS state, expires, check_id AS \"check\", key AS subject, "
		"scope, owner, approver, reason FROM exception WHERE made <= "
		":at ORDER BY id",
		&q, f) == 0)
		n = look_rows(&l, q, shown, 9, format, f);
	(void)sqlite3_finalize(q);
	look_close(&l);
	return n == -1 ? -1 : STATUS_OK;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *what = o->noperands > 0 ? o->operands[0] : "";
	bool adds = strcmp(what, "add") == 0 && o->noperands == 1;
	struct store *st;
	int status;

	if (strcmp(what, "list") == 0 && o->noperands == 1)
		return list(cli, o, f);
	if (!adds && strcmp(what, "withdraw") != 0)
		return fault(
		    f, FAULT_USAGE, "except: say add, withdraw or list");
	if ((st = cli_store(cli, STORE_WRITE, false, f)) == NULL)
		return -1;
	status = adds ? add(cli, o, st, f) : withdraw(cli, o, st, f);
	store_close(st);
	return status;
}

const struct command cmd_except = {
	.name = "except",
	.operands = "add | withdraw X-NUMBER | list",
	.about = "note findings that somebody answers for, until a day",
	.help =
	    "An exception names checks and subjects, who owns the risk, who "
	    "approved it, why,\nand when it ends. It changes no verdict: "
	    "reports show it beside the finding, and\none that has expired "
	    "counts for nothing. It is an entry of the log, so it cannot be\n"
	    "slipped in later or taken out.\n\n"
	    "  exhibit except add --check node-fips-on --subject 'build-*' \\\n"
	    "      --owner 'Build team' --approver 'ISSO' \\\n"
	    "      --reason 'no regulated data; replaced in March' \\\n"
	    "      --expires 2027-03-31\n"
	    "  exhibit except list\n"
	    "  exhibit except withdraw X12 --reason 'the hosts are gone'",
	.options =
	    (const struct option_def[]){
		{ "check", "ID", "the check, or a pattern: node-*" },
		{ "subject", "KEY", "the subject's key, or a pattern" },
		{ "scope", "SCOPE", "where, or a pattern (*)" },
		{ "owner", "NAME", "who owns the risk" },
		{ "approver", "NAME", "who approved it" },
		{ "reason", "TEXT", "why it is accepted, or withdrawn" },
		{ "expires", "DATE", "the last day on which it counts" },
		{ "as-of", "RUN|DATE", "list: as they stood then" },
		{ "format", "FORMAT", "list: table, csv or json" },
		{ "checks", "DIR", "more checks, or others under the same id" },
		{ "key", "URI", "private key (default " DEFAULT_KEY ")" },
		{ "cert", "URI", "certificate (default " DEFAULT_CERT ")" },
		PASSPHRASE_OPTIONS,
		{ "unsigned", NULL, "keep the checkpoint unsigned" },
		TSA_OPTIONS,
		{ 0 },
	    },
	.run = run,
};
