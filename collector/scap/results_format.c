/* See results_format.h. */
#include "collector/scap/results_format.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "collector/kit/project.h"

#define STIG(name)                                                             \
	{                                                                      \
		".STIG_DATA[]",                                                \
		{                                                              \
			"VULN_ATTRIBUTE", name, "ATTRIBUTE_DATA"               \
		}                                                              \
	}

const struct results_format results_formats[] = {
	{ .name = "ocsf",
	    .title = "OCSF findings (Prowler and others)",
	    .marks = { { ".list[].metadata.product.name", NULL },
		{ ".list[].finding_info.uid", NULL } },
	    .scanner = { ".list[].metadata.product.name", { NULL } },
	    .version = { ".list[].metadata.product.version", { NULL } },
	    .time = { ".list[].time_dt", { NULL } },
	    .about = { ".list[].cloud.account.uid", { NULL } },
	    .lists = { ".list[]" },
	    .rule = { ".metadata.event_code", { NULL } },
	    .title_of = { ".finding_info.title", { NULL } },
	    .result = { ".status_code", { NULL } },
	    .otherwise = { ".compliance.status", { NULL } },
	    .severity = { ".severity", { NULL } },
	    .target = { ".resources[].uid", { NULL } },
	    .pass = " pass ",
	    .fail = " fail " },
	{ .name = "asff",
	    .title = "AWS Security Hub findings (ASFF)",
	    .marks = { { ".Findings[].SchemaVersion", "2018-10-08" },
		{ ".Findings[].ProductArn", NULL } },
	    .scanner = { ".Findings[].ProductName", { NULL } },
	    .version = { ".Findings[].ProductFields.ProviderVersion",
		{ NULL } },
	    .time = { ".Findings[].UpdatedAt", { NULL } },
	    .about = { ".Findings[].AwsAccountId", { NULL } },
	    .lists = { ".Findings[]" },
	    .rule = { ".GeneratorId", { NULL } },
	    .title_of = { ".Title", { NULL } },
	    .result = { ".Compliance.Status", { NULL } },
	    .severity = { ".Severity.Label", { NULL } },
	    .target = { ".Resources[].Id", { NULL } },
	    .pass = " passed ",
	    .fail = " failed " },
	{ .name = "asff",
	    .title = "findings in AWS's format (ASFF), as Prowler writes them",
	    .marks = { { ".list[].SchemaVersion", "2018-10-08" },
		{ ".list[].ProductArn", NULL } },
	    .scanner = { ".list[].ProductFields.ProviderName", { NULL } },
	    .version = { ".list[].ProductFields.ProviderVersion", { NULL } },
	    .time = { ".list[].UpdatedAt", { NULL } },
	    .about = { ".list[].AwsAccountId", { NULL } },
	    .lists = { ".list[]" },
	    .rule = { ".GeneratorId", { NULL } },
	    .title_of = { ".Title", { NULL } },
	    .result = { ".Compliance.Status", { NULL } },
	    .severity = { ".Severity.Label", { NULL } },
	    .target = { ".Resources[].Id", { NULL } },
	    .pass = " passed ",
	    .fail = " failed " },
	{ .name = "kube-bench",
	    .title = "kube-bench results",
	    .marks = { { ".Controls[].tests[].results[].test_number", NULL } },
	    .scanner = { "=kube-bench", { NULL } },
	    .lists = { ".Controls[]", ".tests[]", ".results[]" },
	    .rule = { ".test_number", { NULL } },
	    .title_of = { ".test_desc", { NULL } },
	    .result = { ".status", { NULL } },
	    .target = { "^^.node_type", { NULL } },
	    .pass = " pass ",
	    .fail = " fail " },
	{ .name = "kubescape",
	    .title = "kubescape results",
	    .marks = { { ".results[].controls[].controlID", NULL },
		{ ".results[].resourceID", NULL } },
	    .scanner = { "=kubescape", { NULL } },
	    .version = { ".metadata.scanMetadata.kubescapeVersion", { NULL } },
	    .time = { ".generationTime", { NULL } },
	    .about = { ".metadata.contextMetadata.clusterContextMetadata."
		       "contextName",
		{ NULL } },
	    .lists = { ".results[]", ".controls[]" },
	    .rule = { ".controlID", { NULL } },
	    .title_of = { ".name", { NULL } },
	    .result = { ".status.status", { NULL } },
	    .severity = { ".severity", { NULL } },
	    .target = { "^.resourceID", { NULL } },
	    .pass = " passed ",
	    .fail = " failed " },
	{ .name = "trivy",
	    .title = "a Trivy report",
	    .marks = { { ".SchemaVersion", "2" }, { ".ArtifactName", NULL } },
	    .scanner = { "=Trivy", { NULL } },
	    .version = { ".Trivy.Version", { NULL } },
	    .time = { ".CreatedAt", { NULL } },
	    .about = { ".ArtifactName", { NULL } },
	    .lists = { ".Results[]", ".Misconfigurations[]" },
	    .rule = { ".ID", { NULL } },
	    .title_of = { ".Title", { NULL } },
	    .result = { ".Status", { NULL } },
	    .severity = { ".Severity", { NULL } },
	    .target = { "^.Target", { NULL } },
	    .pass = " pass ",
	    .fail = " fail " },
	{ .name = "trivy",
	    .title = "a Trivy report",
	    .marks = { { ".SchemaVersion", "2" }, { ".ArtifactName", NULL } },
	    .lists = { ".Results[]", ".Vulnerabilities[]" },
	    .rule = { ".VulnerabilityID", { NULL } },
	    .title_of = { ".Title", { NULL } },
	    .result = { "=fail", { NULL } },
	    .severity = { ".Severity", { NULL } },
	    .target = { ".PkgName", { NULL } },
	    .pass = " ",
	    .fail = " fail " },
	{ .name = "nessus",
	    .title = "a Nessus report",
	    .marks = { { ".NessusClientData_v2[].Report[]", NULL } },
	    .scanner = { "=Nessus", { NULL } },
	    .about = { ".NessusClientData_v2[].Report[][\"@name\"]", { NULL } },
	    .lists = { ".NessusClientData_v2[]", ".Report[]", ".ReportHost[]",
		".ReportItem[]" },
	    .rule = { "[\"@pluginID\"]", { NULL } },
	    .title_of = { "[\"@pluginName\"]", { NULL } },
	    .result = { ".compliance-result", { NULL } },
	    .otherwise = { "[\"@severity\"]", { NULL } },
	    .severity = { ".risk_factor", { NULL } },
	    .target = { "^[\"@name\"]", { NULL } },
	    .pass = " passed ",
	    .fail = " failed 1 2 3 4 " },
	{ .name = "ckl",
	    .title = "a STIG Viewer checklist (CKL)",
	    .marks = { { ".CHECKLIST[].STIGS[].iSTIG[].VULN[].STATUS", NULL } },
	    .scanner = { "=STIG checklist", { NULL } },
	    .about = { ".CHECKLIST[].ASSET[].HOST_NAME", { NULL } },
	    .lists = { ".CHECKLIST[].STIGS[].iSTIG[]", ".VULN[]" },
	    .rule = STIG("Rule_ID"),
	    .title_of = STIG("Rule_Title"),
	    .result = { ".STATUS", { NULL } },
	    .severity = STIG("Severity"),
	    .target = { "^^.CHECKLIST[].ASSET[].HOST_NAME", { NULL } },
	    .pass = " notafinding ",
	    .fail = " open " },
	{ .name = "cklb",
	    .title = "a STIG Viewer checklist (CKLB)",
	    .marks = { { ".cklb_version", NULL },
		{ ".stigs[].rules[].rule_id", NULL } },
	    .scanner = { "=STIG checklist", { NULL } },
	    .about = { ".target_data.host_name", { NULL } },
	    .lists = { ".stigs[]", ".rules[]" },
	    .rule = { ".rule_id", { NULL } },
	    .title_of = { ".rule_title", { NULL } },
	    .result = { ".status", { NULL } },
	    .severity = { ".severity", { NULL } },
	    .target = { "^^.target_data.host_name", { NULL } },
	    .pass = " not_a_finding ",
	    .fail = " open " },
	{ .name = "hdf",
	    .title = "InSpec or Heimdall results (HDF)",
	    .marks = { { ".platform.name", NULL },
		{ ".profiles[].controls[].id", NULL } },
	    .scanner = { "=InSpec (HDF)", { NULL } },
	    .version = { ".version", { NULL } },
	    .time = { ".profiles[].controls[].results[].start_time", { NULL } },
	    .about = { ".platform.target_id", { NULL } },
	    .lists = { ".profiles[]", ".controls[]", ".results[]" },
	    .rule = { "^.id", { NULL } },
	    .title_of = { "^.title", { NULL } },
	    .result = { ".status", { NULL } },
	    .severity = { "^.tags.severity", { NULL } },
	    .pass = " passed ",
	    .fail = " failed " },
	{ .name = NULL },
};

/* ------------------------------------------------------------------ values */

struct finding {
	char *scratch;
	size_t size;
	const char *text;
	const char *const *where; /* or NULL */
};

static int
take(void *ctx, const json_t *v)
{
	struct finding *g = ctx;
	const char *s;

	if (g->where != NULL && g->where[0] != NULL) {
		s = json_string_value(json_object_get(v, g->where[0]));
		if (s == NULL || strcmp(s, g->where[1]) != 0)
			return 0;
		v = json_object_get(v, g->where[2]);
	}
	if (json_is_string(v)) {
		g->text = json_string_value(v);
	} else if (json_is_integer(v)) {
		(void)snprintf(g->scratch, g->size, "%lld",
		    (long long)json_integer_value(v));
		g->text = g->scratch;
	}
	return g->text != NULL;
}

const char *
results_text(const struct results_value *v, const json_t *const *chain,
    size_t depth, char *scratch, size_t size)
{
	const char *path = v->path;
	struct finding g = { scratch, size, NULL, v->where };

	if (path == NULL)
		return NULL;
	if (*path == '=')
		return path + 1;
	for (; *path == '^' && depth > 0; path++)
		depth--;
	(void)path_each(chain[depth], path, take, &g);
	return g.text != NULL && g.text[0] != '\0' ? g.text : NULL;
}

/* ------------------------------------------------------------- recognising */

struct marking {
	const char *is;
	bool found;
};

static int
look(void *ctx, const json_t *v)
{
	struct marking *m = ctx;
	char number[32] = "";
	const char *s = json_string_value(v);

	if (json_is_integer(v)) {
		(void)snprintf(number, sizeof(number), "%lld",
		    (long long)json_integer_value(v));
		s = number;
	}
	m->found = m->is == NULL ? !json_is_null(v)
				 : s != NULL && strcmp(s, m->is) == 0;
	return m->found;
}

bool
results_is(const struct results_format *f, const json_t *doc)
{
	for (size_t i = 0; i < 3 && f->marks[i].path != NULL; i++) {
		struct marking m = { f->marks[i].is, false };

		(void)path_each(doc, f->marks[i].path, look, &m);
		if (!m.found)
			return false;
	}
	return true;
}

const char *
results_seems(const json_t *doc, bool xml, char *scratch, size_t size)
{
	static const struct {
		const char *member, *what;
	} known[] = {
		{ "Benchmark", "XCCDF: use 'exhibit collect scap'" },
		{ "TestResult", "XCCDF: use 'exhibit collect scap'" },
		{ "asset-report-collection",
		    "SCAP results (ARF): use 'exhibit collect scap'" },
		{ "oval_results", "OVAL results, which are not read" },
		{ "runs", "SARIF, which is not read" },
		{ "bomFormat", "a CycloneDX bill of materials, not read" },
		{ "spdxVersion", "an SPDX document, which is not read" },
		{ "assessment-results", "OSCAL, which is not read" },
		{ "kind", "a Kubernetes object: see 'exhibit collect config'" },
		{ "testsuites", "JUnit, which is not read" },
	};
	const char *first =
	    json_object_iter_key(json_object_iter((json_t *)(uintptr_t)doc));

	for (size_t i = 0; i < LENGTH(known); i++)
		if (json_object_get(doc, known[i].member) != NULL)
			return known[i].what;
	(void)snprintf(scratch, size, "%s %s%.60s%s",
	    xml ? "XML that begins with" : "JSON",
	    first == NULL ? "without members"
	    : xml	  ? "<"
			  : "with the member '",
	    first != NULL ? first : "",
	    first == NULL ? ""
	    : xml	  ? ">"
			  : "' first");
	return scratch;
}
