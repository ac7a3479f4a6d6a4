/* See formats.h. */
#include "report/format/formats.h"

#include <string.h>

#include "base/length.h"
#include "report/format/cbom.h"
#include "report/format/checklist.h"
#include "report/format/fedramp.h"
#include "report/format/gitlab.h"
#include "report/format/hdf.h"
#include "report/format/junit.h"
#include "report/format/ocsf.h"
#include "report/format/openmetrics.h"
#include "report/format/oscal.h"
#include "report/format/oscal_json.h"
#include "report/format/report_json.h"
#include "report/format/sarif.h"
#include "report/format/xccdf.h"

/* Findings and their plan of action: none without a finding. */
static int
poam(const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_poam_empty(m) ? 0 : oscal_poam(m, c, out, f);
}

static int
json(const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	(void)c;
	return report_json(m, out, f);
}

static int
openmetrics(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	(void)c;
	return openmetrics_write(m, out, f);
}

/* html and pdf are made of xml, csv of the store, github is printed. */
const struct format formats[] = {
	{ "html", "html", true, FORMAT_EVERY, NULL, false },
	{ "xml", "xml", true, FORMAT_EVERY, NULL, false },
	{ "pdf", "pdf", false, FORMAT_EVERY, NULL, false },
	{ "poam", "poam.xml", true, FORMAT_OPEN, poam, false },
	{ "plan", "plan.xml", true, FORMAT_NO_RESULTS, oscal_plan, false },
	{ "oscal-json", "oscal.json", false, FORMAT_EVERY, oscal_json_write,
	    false },
	{ "poam-json", "poam.json", false, FORMAT_OPEN, oscal_json_poam,
	    false },
	{ "plan-json", "plan.json", false, FORMAT_NO_RESULTS, oscal_json_plan,
	    false },
	{ "xccdf", "xccdf.xml", false, FORMAT_EVERY, xccdf_write, false },
	{ "xccdf-system", "system.xccdf.xml", false, FORMAT_CHECKS,
	    xccdf_system_write, false },
	{ "hdf", "hdf.json", false, FORMAT_EVERY, hdf_write, false },
	{ "ckl", "ckl", false, FORMAT_CHECKS, ckl_write, false },
	{ "cklb", "cklb", false, FORMAT_CHECKS, cklb_write, false },
	{ "ocsf", "ocsf.json", false, FORMAT_EVERY, ocsf_write, true },
	{ "junit", "junit.xml", false, FORMAT_EVERY, junit_write, true },
	{ "json", "json", false, FORMAT_EVERY, json, false },
	{ "sarif", "sarif", false, FORMAT_OPEN, sarif_write, true },
	{ "gitlab", "gitlab.json", false, FORMAT_OPEN, gitlab_write, true },
	{ "github", NULL, false, FORMAT_OPEN, NULL, false },
	{ "cbom", "cdx.json", false, FORMAT_NO_RESULTS, cbom_write, false },
	{ "fedramp", "fedramp.json", false, FORMAT_NO_RESULTS, fedramp_write,
	    false },
	{ "csv", "csv", false, FORMAT_EVERY, NULL, false },
	{ "openmetrics", "prom", false, FORMAT_EVERY, openmetrics, false },
};
const size_t nformats = LENGTH(formats);

const struct format *
format_find(const char *name, size_t len)
{
	for (size_t i = 0; i < nformats; i++)
		if (strlen(formats[i].name) == len &&
		    memcmp(formats[i].name, name, len) == 0)
			return &formats[i];
	return NULL;
}
