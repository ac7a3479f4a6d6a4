/* See severity.h. */
#include "report/format/severity.h"

#include <string.h>

#include "base/length.h"

static const struct row {
	const char *severity;
	const char *words[5]; /* as enum severity_words */
} rows[] = {
	{ "info", { "note", "info", "low", "1", "0.1" } },
	{ "low", { "note", "minor", "low", "2", "0.3" } },
	{ "medium", { "warning", "major", "medium", "3", "0.5" } },
	{ "high", { "error", "critical", "high", "4", "0.7" } },
};

const char *
severity_word(const char *severity, enum severity_words words)
{
	for (size_t i = 0; severity != NULL && i < LENGTH(rows); i++)
		if (strcmp(rows[i].severity, severity) == 0)
			return rows[i].words[words];
	return rows[LENGTH(rows) - 1].words[words];
}
