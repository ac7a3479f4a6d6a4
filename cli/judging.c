/* What is judged, by what, and reported how: as the options name it. */
#include "cli/requests.h"

#include <stdlib.h>
#include <string.h>

#include "report/judge/judge.h"
#include "report/judge/profile.h"
#include "base/number.h"

static int
read_hours(const char *s, long long *hours, struct fault *f)
{
	*hours = -1;
	if (s == NULL)
		return 0;
	if (!number_read(s, 0, HOURS_MAX, hours))
		return fault(f, FAULT_USAGE,
		    "--max-age %s: not a number of hours (0: any age)", s);
	return 0;
}

int
judging_read(const struct options *o, struct judging *out, struct fault *f)
{
	*out = (struct judging){ .profile = option(o, "profile"),
		.checks = option(o, "checks"),
		.catalogs = option(o, "catalogs"),
		.as_of = option(o, "as-of"),
		.period_text = option(o, "period") };
	if (read_hours(option(o, "max-age"), &out->max_age, f) == -1)
		return -1;
	if (out->period_text == NULL)
		return 0;
	if (out->as_of != NULL)
		return fault(f, FAULT_USAGE,
		    "--period is judged as of its end: give it without "
		    "--as-of");
	return period_parse(out->period_text, &out->period, f);
}

int
cli_checks(struct cli *cli, const struct judging *q, struct checks *out,
    struct fault *f)
{
	if (checks_load(out, q->checks, q->catalogs, cli->crypto, f) == -1)
		return -1;
	if (q->profile == NULL ||
	    profile_apply(out, q->profile, cli->crypto, f) == 0)
		return 0;
	checks_free(out);
	return -1;
}

/* Nobody evaluates a day that is yet to come. */
static int
check_past(const struct cli *cli, const char *asked, struct fault *f)
{
	int64_t t;

	if (asked == NULL || cli_is_number(asked) || utc_parse(asked, &t) == -1)
		return 0;
	return strncmp(asked, cli->now, strlen(asked)) > 0
		   ? fault(f, FAULT_USAGE,
			 "--as-of %s: is yet to come; it is %s now. Look at "
			 "this host's clock, or give --now.",
			 asked, cli->now)
		   : 0;
}

/* As of --as-of, or of the end of --period as far as it has come. */
static int
as_of(struct cli *cli, const struct judging *q, struct store *st,
    long long *run, char at[UTC_LEN], struct fault *f)
{
	char last[UTC_LEN];
	int64_t t = 0;

	if (q->period_text == NULL)
		return check_past(cli, q->as_of, f) == -1
			   ? -1
			   : cli_as_of(cli, q->as_of, st, run, at, f);
	(void)utc_parse(q->period.to, &t);
	utc_format(t - 1, last);
	if (strcmp(cli->now, q->period.from) < 0)
		return fault(f, FAULT_USAGE, "--period %s has not begun at %s",
		    q->period_text, cli->now);
	return cli_as_of(
	    cli, strcmp(cli->now, last) < 0 ? cli->now : last, st, run, at, f);
}

/* --max-age, else what the profile accepts; in seconds. */
static int
max_age(const struct judging *q, const struct checks *checks,
    long long *seconds, struct fault *f)
{
	long long hours = q->max_age;
	const char *own = profile_parameter(checks, "max_age_hours");

	if (hours == -1 && read_hours(own, &hours, f) == -1)
		return -1;
	*seconds = hours == -1 ? JUDGE_MAX_AGE : hours * 3600;
	return 0;
}

int
cli_judge(
    struct cli *cli, const struct judging *q, struct judged *j, struct fault *f)
{
	char at[UTC_LEN], made[UTC_LEN], profile[CATALOG_NAME_MAX];
	struct judge_request r = { .made = made,
		.as_of = at,
		.profile = profile,
		.reader = j->reader };

	profile_name(
	    q->profile != NULL ? q->profile : PROFILE_DEFAULT, profile);
	cli_clock(cli, made); /* collecting may have taken a while */
	if (as_of(cli, q, j->st, &r.run, at, f) == -1 ||
	    max_age(q, j->checks, &r.max_age, f) == -1)
		return -1;
	return judge(j->st, j->checks, &r, &j->id, f);
}

void
report_read(const struct cli *cli, const struct options *o,
    const struct judging *judging, struct report_request *out)
{
	*out = (struct report_request){ .base = option_or(
					    o, "output", DEFAULT_REPORT),
		.formats = option_or(o, "format", REPORT_FORMATS),
		.made = cli->clock_given	? cli->now
			: cli->dated[0] != '\0' ? cli->dated
						: NULL,
		.title = option_or(o, "title", "FIPS 140 evidence report"),
		.organization = option(o, "organization"),
		.classification = option(o, "classification"),
		.fedramp_id = option(o, "fedramp-id"),
		.accent = option(o, "accent"),
		.logo = option(o, "logo"),
		.templates = option(o, "templates"),
		.tmp = cli->tmp,
		.xmldsig = option(o, "xmldsig") != NULL };
	if (judging->period_text == NULL)
		return;
	out->from = judging->period.from;
	out->to = judging->period.to;
}
