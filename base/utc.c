/* See utc.h. Calendar arithmetic is libc's timegm/gmtime_r. */
#include "base/utc.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void
utc_format(int64_t t, char out[UTC_LEN])
{
	time_t seconds = (time_t)t;
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL ||
	    strftime(out, UTC_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm) != UTC_LEN - 1)
		out[0] = '\0';
}

int
utc_parse(const char *s, int64_t *t)
{
	char full[32], again[UTC_LEN];
	struct tm tm = { 0 };
	int64_t v;

	(void)snprintf(
	    full, sizeof(full), "%s%s", s, strlen(s) == 10 ? "T00:00:00Z" : "");
	if (strlen(full) != UTC_LEN - 1 ||
	    strspn(full, "0123456789-T:Z") != UTC_LEN - 1 ||
	    sscanf(full, "%4d-%2d-%2dT%2d:%2d:%2dZ", &tm.tm_year, &tm.tm_mon,
		&tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6 ||
	    tm.tm_year < 1970)
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	v = (int64_t)timegm(&tm);
	utc_format(v, again); /* 31 February would come back as March */
	if (strcmp(again, full) != 0)
		return -1;
	*t = v;
	return 0;
}
