/*
 * What every format says passed is what was satisfied, and nothing else: over
 * all rows of the table of formats, so that a new one cannot be forgotten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fixtures/report/models.h"
#include "base/file.h"
#include "base/length.h"
#include "report/format/formats.h"
#include "report/format/oscal_json.h"
#include "report/format/oscal_parts.h"
#include "report/format/references.h"
#include "report/format/severity.h"

#define OUT_MAX (256UL * 1024 * 1024)

/* ------------------------------------------- what ought to be said to pass */

static size_t
no_pass(const struct model *m)
{
	(void)m;
	return 0;
}

static size_t
cells(const struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->ngroups; i++)
		if (m->groups[i].verdict == VERDICT_SATISFIED)
			n += m->groups[i].nsubjects;
	return n;
}

static size_t
groups(const struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->ngroups; i++)
		n += m->groups[i].verdict == VERDICT_SATISFIED;
	return n;
}

static bool
all_satisfied(const struct model_check *k)
{
	return k->counts[VERDICT_SATISFIED] > 0 &&
	       k->counts[VERDICT_NOT_SATISFIED] == 0 &&
	       k->counts[VERDICT_UNKNOWN] == 0;
}

static size_t
whole_checks(const struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->nchecks; i++)
		n += all_satisfied(&m->checks[i]);
	return n;
}

/* A finding a control, or one of the check where no control is NIST's. */
static size_t
findings(const struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->nchecks; i++) {
		size_t nist = 0;

		for (size_t k = 0; k < m->checks[i].ncontrols; k++)
			nist += control_is_nist(&m->checks[i].controls[k]);
		if (all_satisfied(&m->checks[i]))
			n += nist > 0 ? nist : 1;
	}
	return n;
}

/* How a format writes that something passed: so many of the first text, less
 * those of the others. No text of the evidence can hold it: it has quotes or
 * angles, which are escaped there. */
static const struct passing {
	const char *format, *mark, *less[3];
	size_t (*expected)(const struct model *);
} passing[] = {
	{ "poam", "state=\"satisfied\"", { NULL }, no_pass },
	{ "oscal-json", "\"state\":\"satisfied\"", { NULL }, findings },
	{ "poam-json", "\"state\":\"satisfied\"", { NULL }, no_pass },
	{ "xccdf", "<result>pass</result>", { NULL }, cells },
	{ "xccdf-system", "<result>pass</result>", { NULL }, whole_checks },
	{ "hdf", "\"status\":\"passed\"", { NULL }, cells },
	{ "ckl", "<STATUS>NotAFinding</STATUS>", { NULL }, whole_checks },
	{ "cklb", "\"status\":\"not_a_finding\"", { NULL }, whole_checks },
	{ "ocsf", "\"status\":\"Pass\"", { NULL }, cells },
	{ "junit", "<testcase ", { "<failure ", "<error ", "<skipped " },
	    cells },
	{ "json", "\"verdict\":\"satisfied\"", { NULL }, groups },
	{ "sarif", "\"verdict\": \"satisfied\"", { NULL }, no_pass },
	{ "gitlab", "\"severity\":\"none\"", { NULL }, no_pass },
	{ "openmetrics", NULL, { NULL }, cells }, /* numbers are added */
};

static size_t
count(const struct buf *b, const char *mark)
{
	size_t n = 0;

	for (const char *p = b->p; p != NULL && (p = strstr(p, mark)) != NULL;
	     p += strlen(mark))
		n++;
	return n;
}

/* The numbers of the samples that are of satisfied items. */
static size_t
added(const struct buf *b)
{
	static const char mark[] = "result=\"satisfied\"} ";
	size_t n = 0;

	for (const char *p = b->p; p != NULL && (p = strstr(p, mark)) != NULL;
	     p += strlen(mark))
		n += strtoul(p + strlen(mark), NULL, 10);
	return n;
}

static size_t
passed(const struct passing *row, const struct buf *b)
{
	size_t n = row->mark != NULL ? count(b, row->mark) : added(b);

	for (size_t i = 0; i < 3 && row->less[i] != NULL; i++)
		n -= count(b, row->less[i]);
	return n;
}

static const struct passing *
row_of(const char *format)
{
	for (size_t i = 0; i < LENGTH(passing); i++)
		if (strcmp(passing[i].format, format) == 0)
			return &passing[i];
	fail_msg("%s: how does this format say that something passed?", format);
	return NULL;
}

/* ------------------------------------------------------------------ models */

/* The fleet, of which nobody knows anything. */
static struct model *
sample_unknown(void)
{
	struct model *m = sample_fleet();

	for (size_t i = 0; i < m->ngroups; i++)
		m->groups[i].verdict = VERDICT_UNKNOWN;
	for (size_t i = 0; i < m->nchecks; i++) {
		size_t all = 0;

		for (size_t v = 0; v < VERDICTS; v++)
			all += m->checks[i].counts[v];
		memset(m->checks[i].counts, 0, sizeof(m->checks[i].counts));
		m->checks[i].counts[VERDICT_UNKNOWN] = all;
	}
	return m;
}

static struct model *
small_scale(void)
{
	return sample_scale(150, 20);
}

static struct model *
all_different(void)
{
	return sample_noisy(60, 6);
}

static struct model *(*const samples[])(void) = { sample_fleet, sample_empty,
	sample_hostile, sample_unknown, small_scale, all_different };

static void
write_as(const struct format *k, const struct model *m, struct buf *out)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);

	assert_non_null(c);
	out->max = OUT_MAX;
	if (k->write(m, c, out, &f) == -1)
		fail_msg("%s: %s", k->name, f.text);
	crypto_free(c);
}

static void
what_passes_in_a_format_is_what_was_satisfied(void **state)
{
	(void)state;
	for (size_t s = 0; s < LENGTH(samples); s++) {
		struct model *m = samples[s]();

		for (size_t i = 0; i < nformats; i++) {
			const struct format *k = &formats[i];
			const struct passing *row;
			BUF_AUTO(out, OUT_MAX);

			if (k->write == NULL || k->results == FORMAT_NO_RESULTS)
				continue;
			row = row_of(k->name);
			write_as(k, m, &out);
			if (passed(row, &out) != row->expected(m))
				fail_msg("%s: %zu passed, %zu were satisfied",
				    k->name, passed(row, &out),
				    row->expected(m));
		}
		sample_free(m);
	}
}

/* The marks are what the formats write: in the fleet something passed. */
static void
the_marks_are_those_of_the_formats(void **state)
{
	struct model *m = sample_fleet();

	(void)state;
	assert_true(cells(m) > 0 && groups(m) > 0);
	for (size_t i = 0; i < nformats; i++) {
		BUF_AUTO(out, OUT_MAX);

		if (formats[i].results != FORMAT_EVERY ||
		    formats[i].write == NULL)
			continue;
		write_as(&formats[i], m, &out);
		if (row_of(formats[i].name)->expected(m) > 0)
			assert_true(passed(row_of(formats[i].name), &out) > 0);
	}
	sample_free(m);
}

/* Each is said where only what is open is said. */
static void
what_is_open_is_in_the_formats_of_findings(void **state)
{
	static const struct {
		const char *format, *mark;
	} rows[] = { { "gitlab", "\"check_name\"" },
		{ "sarif", "\"primaryLocationLineHash\"" } };
	struct model *m = sample_fleet();
	size_t open = 0;

	(void)state;
	for (size_t i = 0; i < m->ngroups; i++)
		open += m->groups[i].verdict == VERDICT_NOT_SATISFIED ||
			m->groups[i].verdict == VERDICT_UNKNOWN;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		BUF_AUTO(out, OUT_MAX);

		write_as(format_find(rows[i].format, strlen(rows[i].format)), m,
		    &out);
		assert_true(open > 0 && count(&out, rows[i].mark) >= open);
		if (strcmp(rows[i].format, "sarif") == 0)
			assert_int_equal(count(&out, rows[i].mark),
			    count(&out, "\"physicalLocation\""));
	}
	sample_free(m);
}

/* ------------------------------------------------------------------- parts */

static void
what_oscal_json_does_not_know_is_a_fault(void **state)
{
	static const char *const bad[] = { "<a><newer/></a>",
		"<assessment-results><newer/></assessment-results>",
		"<assessment-results><p>stray</p></assessment-results>",
		"<assessment-results><remarks><ul/></remarks>"
		"</assessment-results>",
		"<assessment-results><remarks><p>a<b>b</b></p></remarks>"
		"</assessment-results>",
		"<assessment-results><remarks><p>cut", "", "no XML" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct fault f = { 0 };
		BUF_AUTO(out, OUT_MAX);

		assert_int_equal(
		    oscal_json(bad[i], strlen(bad[i]), &out, &f), -1);
		assert_true(f.text[0] != '\0');
	}
}

static void
oscal_json_is_what_metaschema_makes(void **state)
{
	static const char xml[] =
	    "<assessment-results xmlns=\"http://csrc.nist.gov/ns/oscal/1.0\" "
	    "uuid=\"u\"><metadata><title>A *b* \"c\"</title><version>1"
	    "</version><prop name=\"n\" value=\"v\"/><prop name=\"m\" "
	    "value=\"w\"><remarks><p>one\n two</p><p>three</p></remarks>"
	    "</prop></metadata><risk><status>open</status></risk><resource>"
	    "<rlink href=\"h\"><hash algorithm=\"SHA-256\">00</hash></rlink>"
	    "</resource><part><p>x</p><table><tr><th>a|b</th></tr><tr><td/>"
	    "</tr></table></part></assessment-results>";
	static const char want[] =
	    "{\"assessment-results\":{\"uuid\":\"u\",\"metadata\":{\"title\":"
	    "\"A \\\\*b\\\\* \\\\\\\"c\\\\\\\"\",\"version\":\"1\",\"props\":[{"
	    "\"name\":\"n\",\"value\":\"v\"},{\"name\":\"m\",\"value\":\"w\","
	    "\"remarks\":\"one two\\n\\nthree\"}]},\"risks\":[{\"status\":"
	    "\"open\"}],\"resources\":[{\"rlinks\":[{\"href\":\"h\","
	    "\"hashes\":[{\"algorithm\":\"SHA-256\",\"value\":\"00\"}]}]}],"
	    "\"parts\":[{\"prose\":\"x\\n\\n| a\\\\|b |\\n| --- |\\n|  |\"}]}}";
	struct fault f = { 0 };
	size_t n = 0;
	BUF_AUTO(out, OUT_MAX);

	(void)state;
	if (oscal_json(xml, strlen(xml), &out, &f) == -1)
		fail_msg("%s", f.text);
	for (size_t i = 0; i < out.len; i++) /* line ends are between */
		if (out.p[i] != '\n')
			out.p[n++] = out.p[i];
	out.p[n] = '\0';
	assert_string_equal(out.p, want);
}

static void
controls_have_their_names(void **state)
{
	static const char *const names[][2] = { { "sc-13", "SC-13" },
		{ "sc-8(1)", "SC-8 (1)" }, { "sc-8.1", "SC-8 (1)" },
		{ "ac-17(2)", "AC-17 (2)" } };
	const struct control known = { "nist-800-53r5", "sc-8.1" },
			     other = { "nist-800-171r2", "sc-8.1" };
	size_t at = 0;
	char text[32];

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++) {
		nist_name(names[i][0], text, sizeof(text));
		assert_string_equal(text, names[i][1]);
	}
	nist_name("a-very-long-name-that-is-no-control(1)", text, 12);
	assert_true(strlen(text) < 12);
	assert_true(cci_next(&known, &at, text, sizeof(text)));
	assert_string_equal(text, "CCI-002421");
	assert_false(cci_next(&known, &at, text, sizeof(text)));
	at = 0;
	assert_false(cci_next(&other, &at, text, sizeof(text)));
}

static void
a_severity_nobody_knows_is_high(void **state)
{
	(void)state;
	assert_string_equal(severity_word("info", SEVERITY_HDF), "0.1");
	assert_string_equal(severity_word("newer", SEVERITY_SARIF), "error");
	assert_string_equal(severity_word(NULL, SEVERITY_OCSF), "4");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_passes_in_a_format_is_what_was_satisfied),
		cmocka_unit_test(the_marks_are_those_of_the_formats),
		cmocka_unit_test(what_is_open_is_in_the_formats_of_findings),
		cmocka_unit_test(what_oscal_json_does_not_know_is_a_fault),
		cmocka_unit_test(oscal_json_is_what_metaschema_makes),
		cmocka_unit_test(controls_have_their_names),
		cmocka_unit_test(a_severity_nobody_knows_is_high),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
