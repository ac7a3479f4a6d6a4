/* exhibit retain: drop the bytes of what is old, and keep its proof. */
#include "cli/requests.h"

#include <stdlib.h>
#include <string.h>

#include "report/package/checkpoint.h"

#define DAY 86400
#define AGE_MAX 36500 /* of days, months or years: any of them is enough */

static bool
is_leap(long y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

/* The same day and time so many months before, or the month's last day. */
static int
months_before(const char now[UTC_LEN], long months, char out[UTC_LEN + 16],
    struct fault *f)
{
	static const long days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	long y = atol(now), m = atol(now + 5) - 1, d = atol(now + 8), last;

	m += 12 * y - months;
	if (m < 12 * 1970L)
		return fault(
		    f, FAULT_USAGE, "--older-than: that is before 1970");
	y = m / 12;
	m %= 12;
	last = days[m] + (m == 1 && is_leap(y) ? 1 : 0);
	(void)snprintf(out, UTC_LEN + 16, "%04ld-%02ld-%02ld%s", y, m + 1,
	    d < last ? d : last, now + 10);
	return 0;
}

/* "3y", "18m", "90d", a date (its first second) or a time, as UTC text. */
static int
cut_of(
    const char *s, const char now[UTC_LEN], char out[UTC_LEN], struct fault *f)
{
	size_t n = strspn(s, "0123456789");
	char text[UTC_LEN + 16] = "";
	int64_t t = 0, present = 0;
	bool age = n > 0 && n < 6 && s[n] != '\0' && s[n + 1] == '\0' &&
		   strchr("dmy", s[n]) != NULL;

	(void)utc_parse(now, &present);
	if (!age && utc_parse(s, &t) == -1)
		return fault(f, FAULT_USAGE,
		    "--older-than %.60s: not an age like 90d, 18m or 3y, nor a "
		    "UTC date",
		    s);
	if (age && (atol(s) < 1 || atol(s) > AGE_MAX))
		return fault(f, FAULT_USAGE, "--older-than %.60s: from 1 to %d",
		    s, AGE_MAX);
	if (age && s[n] == 'd') {
		t = present - atol(s) * DAY;
	} else if (age) {
		if (months_before(
			now, atol(s) * (s[n] == 'y' ? 12 : 1), text, f) == -1)
			return -1;
		if (utc_parse(text, &t) == -1)
			return fault(
			    f, FAULT_USAGE, "--older-than %.60s: no day", s);
	}
	if (t < 0 || t > present - DAY)
		return fault(f, FAULT_USAGE,
		    "--older-than %.60s: the cut must lie between 1970 and a "
		    "day ago",
		    s);
	utc_format(t, out);
	return 0;
}

static void
tell_result(const struct retain_result *r, const char *cut, bool dry)
{
	if (r->run == 0)
		printf("No run had ended by %s: nothing is dropped.\n", cut);
	else
		printf("Run %lld is the state as of %s; it and all that is "
		       "later stay.\n%lld contents, %lld bytes, %s.\n",
		    r->run, cut, r->contents, r->bytes,
		    dry ? "would be dropped" : "were dropped");
}

static int
drop(struct cli *cli, const struct options *o, const char *cut, struct fault *f)
{
	const bool dry = option(o, "dry-run") != NULL;
	const struct retain_request r = { .made = cli->now,
		.cut = cut,
		.asked = option(o, "older-than"),
		.asked_by = cli->operator_name };
	struct store *st =
	    cli_store(cli, dry ? STORE_READ : STORE_WRITE, false, f);
	struct retain_result out;
	int rc;

	if (st == NULL)
		return -1;
	rc = store_retain(st, &r, &out, f);
	if (rc == 0)
		tell_result(&out, cut, dry);
	if (rc == 0 && !dry && out.contents > 0)
		rc = checkpoint_seal(st, &cli->seal, f);
	/* also when there was nothing: an earlier one may have been stopped */
	if (rc == 0 && !dry && (rc = store_compact(st, f)) == -1) {
		struct fault why = *f;

		rc = fault(f, why.kind,
		    "the space was not given back, run retain again: %.800s",
		    why.text);
	}
	store_close(st);
	return rc == -1 ? -1 : STATUS_OK;
}

static int
run(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *age = option(o, "older-than");
	struct signer *signer = NULL;
	char cut[UTC_LEN];
	int rc;

	if (o->noperands > 0)
		return fault(f, FAULT_USAGE, "retain takes no operand '%.200s'",
		    o->operands[0]);
	if (age == NULL)
		return fault(f, FAULT_USAGE,
		    "retain: older than what? say --older-than 3y; without "
		    "retain everything is kept");
	if (cut_of(age, cli->now, cut, f) == -1)
		return -1;
	if (option(o, "dry-run") == NULL &&
	    cli_signer_of(cli, o, false, &signer, f) == -1)
		return -1;
	rc = drop(cli, o, cut, f);
	signer_free(signer);
	return rc;
}

const struct command cmd_retain = {
	.name = "retain",
	.operands = "",
	.about = "drop the bytes of old evidence, keep its proof",
	.help =
	    "Drops the bytes of observations, coverage and verdicts that no "
	    "state needs from the\ncut on. The state as of the cut and all "
	    "that is later stay readable in full, and so\ndo checks and "
	    "catalogues. Digests stay: every root, record and proof still "
	    "verifies.\nWhat was dropped stands in the log, whose new head is "
	    "signed. It cannot be undone.\nWithout this command everything is "
	    "kept.\n\n"
	    "  exhibit retain --older-than 3y --dry-run\n"
	    "  exhibit retain --older-than 3y --key exhibit-key.pem",
	.options =
	    (const struct option_def[]){
		{ "older-than", "AGE|DATE", "the cut: 90d, 18m, 3y or a date" },
		{ "dry-run", NULL, "say what would go, and drop nothing" },
		{ "key", "URI", "sign the checkpoint with this key" },
		{ "cert", "URI", "and its certificate" },
		PASSPHRASE_OPTIONS,
		TSA_OPTIONS,
		{ 0 },
	    },
	.run = run,
};
