/* See scan_time.h. */
#include "collector/scap/scan_time.h"

#include <stdio.h>
#include <string.h>

#include "base/utc.h"

bool
scan_time(const char *text, int64_t *t)
{
	char day[UTC_LEN];
	int hours = 0, minutes = 0;
	const char *zone;

	if (strlen(text) < UTC_LEN - 1)
		return false;
	(void)snprintf(day, sizeof(day), "%.19sZ", text);
	zone = text + 19;
	if (*zone == '.')
		zone += 1 + strspn(zone + 1, "0123456789");
	if (utc_parse(day, t) == -1)
		return false;
	if (strcmp(zone, "Z") == 0)
		return true;
	if ((*zone != '+' && *zone != '-') || strlen(zone) != 6 ||
	    sscanf(zone + 1, "%2d:%2d", &hours, &minutes) != 2)
		return false;
	*t -= (*zone == '+' ? 1 : -1) * (hours * 3600 + minutes * 60);
	return true;
}

struct newer {
	const char *scope;
	int64_t ended;
};

/* "SCOPE<TAB>ENDED" of a scan that is the state. */
static int
take_known(void *ctx, const char *text, struct fault *f)
{
	const struct newer *q = ctx;
	size_t n = strlen(q->scope);
	int64_t ended;

	if (strncmp(text, q->scope, n) != 0 || text[n] != '\t' ||
	    !scan_time(text + n + 1, &ended) || ended <= q->ended)
		return 0;
	return fault(f, FAULT_USAGE,
	    "%.300s: the store has a scan that ended later, at %.40s; an older "
	    "one is not taken",
	    q->scope, text + n + 1);
}

int
scan_is_newest(
    const struct request *r, const char *scope, int64_t ended, struct fault *f)
{
	struct newer q = { scope, ended };

	return r->known == NULL
		   ? 0
		   : r->known(r->known_ctx, "scans-known", take_known, &q, f);
}
