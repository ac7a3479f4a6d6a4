/* exhibit doctor: what works here, what is missing, and what to do. */
#include "cli/requests.h"

#include <string.h>
#include <unistd.h>

#include "cli/viewing.h"
#include "doctor/doctor.h"
#include "report/sign/sign.h"

struct finding_count {
	bool needed; /* something a collection needs is missing */
	bool wrong;  /* the store is damaged */
};

/* One line. Missing, denied and wrong count; a note does not. */
static void
print_finding(void *ctx, enum finding found, const char *what, const char *text)
{
	static const char *const words[] = { "ok", "note", "missing", "denied",
		"WRONG" };
	struct finding_count *n = ctx;

	n->needed |= found >= FOUND_MISSING;
	n->wrong |= found == FOUND_WRONG;
	printf("%-8s %-12s ", words[found], what);
	print_clean(stdout, text, strlen(text));
	printf("\n");
}

/* ------------------------------------------------------------- the store */

static void
check_whole(const struct doctor *d, struct look *l)
{
	struct fault f;
	sqlite3_stmt *q;
	int rc;

	if (look_ask(l, "PRAGMA quick_check(1)", &q, &f) == -1) {
		doctor_say(d, FOUND_WRONG, "integrity", "%s", f.text);
		return;
	}
	rc = look_next(l, q, &f);
	if (rc == -1)
		doctor_say(d, FOUND_WRONG, "integrity", "%s", f.text);
	else if (strcmp(look_text(q, 0), "ok") != 0)
		doctor_say(d, FOUND_WRONG, "integrity",
		    "%s: %s; restore the file from a copy and run 'exhibit "
		    "verify'",
		    store_path(l->st), look_text(q, 0));
	else
		doctor_say(d, FOUND_OK, "integrity",
		    "SQLite's quick check; 'exhibit verify' recomputes every "
		    "digest");
	(void)sqlite3_finalize(q);
}

static void
check_open_store(const struct doctor *d, struct look *l)
{
	long long runs = 0, open = 0;
	struct fault f;

	if (look_number(l, "SELECT count(*) FROM ended", &runs, &f) == -1 ||
	    look_number(l, "SELECT count(*) FROM run WHERE state = 'open'",
		&open, &f) == -1) {
		doctor_say(d, FOUND_WRONG, "store", "%s", f.text);
		return;
	}
	doctor_say(d, FOUND_OK, "store", "%s: schema %d, %lld runs",
	    store_path(l->st), STORE_SCHEMA, runs);
	if (open > 0)
		doctor_say(d, FOUND_NOTE, "runs",
		    "%lld did not end: interrupted, or under way; nothing of "
		    "them is kept",
		    open);
	check_whole(d, l);
}

static void
check_store(struct cli *cli, const struct doctor *d)
{
	const struct look_request now = { 0 };
	struct look l;
	struct fault f;

	if (look_open(cli, &now, &l, &f) == 0) {
		check_open_store(d, &l);
		if (access(d->store, W_OK) == -1)
			doctor_say(d, FOUND_DENIED, "store",
			    "%s may not be written, so nothing can be "
			    "collected into it; run as its owner, or name "
			    "another with --store",
			    d->store);
	} else if (f.kind == FAULT_ABSENT) {
		doctor_say(d, FOUND_NOTE, "store",
		    "%s: none yet; 'exhibit audit' and 'exhibit init' make it",
		    d->store);
	} else {
		doctor_say(d,
		    f.kind == FAULT_DENIED  ? FOUND_DENIED
		    : f.kind == FAULT_USAGE ? FOUND_MISSING
					    : FOUND_WRONG,
		    "store", "%s", f.text);
	}
	look_close(&l);
}

/* --------------------------------------------------------------- the key */

static void
check_key(struct cli *cli, const struct doctor *d, const struct options *o)
{
	struct signing signing;
	struct signer *s = NULL;
	struct signer_info i;
	struct fault f;
	bool known;

	if (option(o, "key") == NULL && access(DEFAULT_KEY, F_OK) == -1) {
		doctor_say(d, FOUND_NOTE, "key",
		    DEFAULT_KEY ": none yet; 'exhibit audit' and 'exhibit key "
				"new' make a self-signed one");
		return;
	}
	known = signing_read(o, &signing, &f) == 0;
	if (known)
		signing.only_shown = true;
	if (known && cli_signer(cli, &signing, false, &s, &f) == 0 &&
	    signer_describe(s, &i, &f) == 0)
		doctor_certificate(d, &i);
	else
		doctor_say(d,
		    f.kind == FAULT_DENIED ? FOUND_DENIED : FOUND_MISSING,
		    "key", "%s", f.text);
	signer_free(s);
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	struct finding_count n = { 0 };
	const struct doctor d = { .crypto = cli->crypto,
		.now = cli->now,
		.operator_name = cli->operator_name,
		.store = cli->store,
		.root = option_or(o, "root", "/"),
		.catalogs = option(o, "catalogs"),
		.say = print_finding,
		.ctx = &n };

	if (o->noperands > 0)
		return fault(f, FAULT_USAGE, "doctor takes no operand '%s'",
		    o->operands[0]);
	doctor_program(&d);
	check_store(cli, &d);
	doctor_disk(&d);
	check_key(cli, &d, o);
	doctor_catalogs(&d);
	doctor_node(&d);
	doctor_aws(&d);
	printf("\n%s\n", n.wrong ? "The store is damaged."
			 : n.needed
			     ? "Something a collection needs is missing; see "
			       "above."
			     : "All that a collection needs is here.");
	if (n.wrong)
		return STATUS_INTEGRITY;
	return n.needed ? STATUS_FINDINGS : STATUS_OK;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.operands = "",
	.about = "what works here, what is missing, what to do",
	.help = "Looks at the program's libraries, the store, the key and "
		"what this user may read\nof this host. Nothing is kept, "
		"nothing is sent.\n\nEach line is ok, note (nothing a "
		"collection needs), missing, denied or WRONG.\nStatus 0 if "
		"nothing is missing or denied, else 1; 3 if the store is "
		"damaged.",
	.options =
	    (const struct option_def[]){
		{ "root", "DIR", "look below this root (/)" },
		{ "catalogs", "DIR", "more catalogs, or newer ones" },
		{ "key", "URI", "private key (default " DEFAULT_KEY ")" },
		{ "cert", "URI", "certificate (default " DEFAULT_CERT ")" },
		PASSPHRASE_OPTIONS,
		{ 0 },
	    },
	.run = run,
};
