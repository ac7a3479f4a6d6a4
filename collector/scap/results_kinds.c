/*
 * What exhibit keeps of the results of other tools: which rule came to what for
 * which target. Their texts (messages, outputs, evidence) are not kept.
 */
#include "collector/scap/results_kinds.h"

#include <stddef.h>

#include "collector/kit/columns.h"

#define PERMISSION "read the file of results; nobody is asked"

static const struct column report_columns[] = {
	{ "about", T, "the document",
	    "account, cluster, host or image that it "
	    "is about, as stated" },
	{ "digest", T, "the file", "SHA-256 of the file" },
	{ "fail", I, "the document", "results that failed" },
	{ "file", T, "the file", "its name" },
	{ "format", T, "the document", "what it was read as" },
	{ "other", I, "the document",
	    "results that neither passed nor failed" },
	{ "pass", I, "the document", "results that passed" },
	{ "scanner", T, "the document", "the tool, as stated" },
	{ "time", T, "the document", "when, as stated" },
	{ "version", T, "the document", "of the tool, as stated" },
	END,
};

const struct kind external_report_kind = {
	.name = "external.report",
	.about = "results of another tool: third-party evidence",
	.key = "what it is about, or the file's name",
	.permission = PERMISSION,
	.columns = report_columns,
};

static const struct column result_columns[] = {
	{ "result", T, "the document",
	    "pass, fail, or other: whatever word is neither" },
	{ "rule", T, "the document", "id of the tool's rule" },
	{ "severity", T, "the document", "as stated" },
	{ "stated", T, "the document", "the tool's own word for the result" },
	{ "target", T, "the document", "what it was checked of, as stated" },
	{ "title", T, "the document", "of the rule" },
	END,
};

const struct kind external_result_kind = {
	.name = "external.result",
	.about = "what one rule of another tool came to for one target",
	.key = "rule and target, and #2 for the second of them",
	.permission = PERMISSION,
	.columns = result_columns,
};

const struct kind *const results_kinds[] = {
	RESULTS_KINDS,
	NULL,
};
