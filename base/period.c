/* See period.h. */
#include "base/period.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define PART_MAX 32 /* bytes of FROM or TO */

static bool
digits(const char *s, size_t n)
{
	return strspn(s, "0123456789") >= n;
}

/* The first seconds of months months and of the one after them; year 10000 is
 * no year. */
static int
months(int year, int month, int n, struct period *out)
{
	int last = month - 1 + n;
	char from[32], to[32];
	int64_t a, b;

	(void)snprintf(from, sizeof(from), "%04d-%02d-01", year, month);
	(void)snprintf(
	    to, sizeof(to), "%04d-%02d-01", year + last / 12, last % 12 + 1);
	if (utc_parse(from, &a) == -1 || utc_parse(to, &b) == -1)
		return -1;
	utc_format(a, out->from);
	utc_format(b, out->to);
	return 0;
}

/* A date, or a time: which is empty, and so only an end of something. */
static int
instant(const char *s, struct period *out)
{
	int64_t t, end;

	if (utc_parse(s, &t) == -1)
		return -1;
	end = strlen(s) == 10 ? t + 86400 : t;
	if (end > 253402300799LL) /* 9999-12-31T23:59:59Z */
		return -1;
	utc_format(t, out->from);
	utc_format(end, out->to);
	return 0;
}

static int
part(const char *s, struct period *out)
{
	size_t len = strlen(s);
	int year, n;

	if (len < 4 || !digits(s, 4))
		return -1;
	year = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 +
	       (s[3] - '0');
	if (len == 4)
		return months(year, 1, 12, out);
	if (len == 6 && s[4] == 'Q' && s[5] >= '1' && s[5] <= '4')
		return months(year, 3 * (s[5] - '1') + 1, 3, out);
	if (len == 7 && s[4] == '-' && digits(s + 5, 2)) {
		n = (s[5] - '0') * 10 + (s[6] - '0');
		return n >= 1 && n <= 12 ? months(year, n, 1, out) : -1;
	}
	return instant(s, out);
}

static int
part_fault(const char *whole, const char *which, struct fault *f)
{
	return fault(f, FAULT_USAGE,
	    "--period %s: '%s' is neither a year, a quarter (2026Q3), a month "
	    "(2026-07), a date nor a UTC time (2026-07-04T12:00:00Z)",
	    whole, which);
}

/* One part of the text, by its length; "" if it is too long to be one. */
static void
cut(char out[PART_MAX], const char *s, size_t len)
{
	(void)snprintf(out, PART_MAX, "%.*s", len < PART_MAX ? (int)len : 0, s);
}

int
period_parse(const char *s, struct period *out, struct fault *f)
{
	const char *dots = strstr(s, "..");
	const char *second = dots != NULL ? dots + 2 : s;
	char first[PART_MAX], last[PART_MAX];
	struct period a, b;

	cut(first, s, dots != NULL ? (size_t)(dots - s) : strlen(s));
	cut(last, second, strlen(second));
	if (part(first, &a) == -1)
		return part_fault(s, first, f);
	if (part(last, &b) == -1)
		return part_fault(s, last, f);
	if (strcmp(a.from, b.to) >= 0)
		return fault(f, FAULT_USAGE,
		    dots != NULL ? "--period %s: it ends before it begins"
				 : "--period %s: one moment is no period; say "
				   "FROM..TO",
		    s);
	memcpy(out->from, a.from, UTC_LEN);
	memcpy(out->to, b.to, UTC_LEN);
	return 0;
}

void
period_quarter_of(const char at[UTC_LEN], struct period *out)
{
	static const char quarter_of[] = "111222333444";
	char text[PART_MAX];
	int month = (at[5] - '0') * 10 + (at[6] - '0');

	(void)snprintf(
	    text, sizeof(text), "%.4sQ%c", at, quarter_of[month - 1]);
	if (part(text, out) == -1) { /* the last quarter of 9999 */
		memcpy(out->from, at, UTC_LEN);
		memcpy(out->to, at, UTC_LEN);
	}
}
