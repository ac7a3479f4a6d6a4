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
	{ "html", "html", true, FORMAT_EVERY, NULL },
	{ "xml", "xml", true, FORMAT_EVERY, NULL },
	{ "pdf", "pdf", false, FORMAT_EVERY, NULL },
	{ "poam", "poam.xml", true, FORMAT_OPEN, poam },
	{ "plan", "plan.xml", true, FORMAT_NO_RESULTS, oscal_plan },
	{ "oscal-json", "oscal.json", false, FORMAT_EVERY, oscal_json_write },
	{ "poam-json", "poam.json", false, FORMAT_OPEN, oscal_json_poam },
	{ "plan-json", "plan.json", false, FORMAT_NO_RESULTS, oscal_json_plan },
	{ "xccdf", "xccdf.xml", false, FORMAT_EVERY, xccdf_write },
	{ "xccdf-system", "system.xccdf.xml", false, FORMAT_CHECKS,
	    xccdf_system_write },
	{ "hdf", "hdf.json", false, FORMAT_EVERY, hdf_write },
	{ "ckl", "ckl", false, FORMAT_CHECKS, ckl_write },
	{ "cklb", "cklb", false, FORMAT_CHECKS, cklb_write },
	{ "ocsf", "ocsf.json", false, FORMAT_EVERY, ocsf_write },
	{ "junit", "junit.xml", false, FORMAT_EVERY, junit_write },
	{ "json", "json", false, FORMAT_EVERY, json },
	{ "sarif", "sarif", false, FORMAT_OPEN, sarif_write },
	{ "gitlab", "gitlab.json", false, FORMAT_OPEN, gitlab_write },
	{ "github", NULL, false, FORMAT_OPEN, NULL },
	{ "cbom", "cdx.json", false, FORMAT_NO_RESULTS, cbom_write },
	{ "fedramp", "fedramp.json", false, FORMAT_NO_RESULTS, fedramp_write },
	{ "csv", "csv", false, FORMAT_EVERY, NULL },
	{ "openmetrics", "prom", false, FORMAT_EVERY, openmetrics },
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
