/*
 * What exhibit keeps of a SCAP scan: its verdicts, not its texts. The time of
 * each rule's result would change with every scan, and is not kept.
 */
#include "collector/scap/scap_kinds.h"

#include <stddef.h>

#include "collector/kit/columns.h"

#define PERMISSION "read the file of results; nobody is asked"

static const struct column result_columns[] = {
	{ "benchmark", T, "TestResult/benchmark", "id of the benchmark" },
	{ "ended", T, "TestResult/@end-time",
	    "when the scan ended, as stated" },
	{ "fail", I, "rule-result/result", "rules that failed" },
	{ "other", I, "rule-result/result",
	    "rules with any other result than pass, fixed or fail" },
	{ "pass", I, "rule-result/result", "rules that passed or were fixed" },
	{ "profile", T, "TestResult/profile", "id of the profile, or null" },
	{ "started", T, "TestResult/@start-time", "as stated" },
	{ "target", T, "TestResult/target", "the host, as the scanner has it" },
	{ "test_system", T, "TestResult/@test-system", "the scanner" },
	{ 0 },
};

const struct kind scap_result_kind = {
	.name = "scap.result",
	.about = "a SCAP scan of one host: one XCCDF TestResult",
	.key = "target",
	.permission = PERMISSION,
	.columns = result_columns,
};

static const struct column rule_result_columns[] = {
	{ "idents", J, "rule-result/ident",
	    "what the rule is known as: \"SYSTEM VALUE\" (CCE, STIG, "
	    "control)" },
	{ "result", T, "rule-result/result",
	    "pass, fail, error, unknown, notapplicable, notchecked, "
	    "notselected, informational or fixed" },
	{ "rule", T, "rule-result/@idref", "id of the rule" },
	{ "severity", T, "rule-result/@severity", "as stated" },
	{ 0 },
};

const struct kind scap_rule_result_kind = {
	.name = "scap.rule_result",
	.about = "what one rule of a SCAP scan came to",
	.key = "rule, and #2 for its second instance",
	.permission = PERMISSION,
	.columns = rule_result_columns,
};

const struct kind scap_earlier_result_kind = {
	.name = "scap.earlier_result",
	.about = "a scan of the same host under the same profile in the same "
		 "file that ended before the one that is the state",
	.key = "end and target",
	.permission = PERMISSION,
	.columns = result_columns,
};

const struct kind scap_earlier_rule_result_kind = {
	.name = "scap.earlier_rule_result",
	.about = "what one rule of such an earlier scan came to",
	.key = "end of the scan and rule, and #2 for its second instance",
	.permission = PERMISSION,
	.columns = rule_result_columns,
};

const struct kind *const scap_kinds[] = {
	SCAP_KINDS,
	NULL,
};
