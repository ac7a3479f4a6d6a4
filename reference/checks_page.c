/* docs/checks.md: every check, why it is made, and its SQL. */
#include "reference/reference.h"

#include <string.h>

#include "reference/markdown.h"

void
check_controls(const struct check *k, struct buf *out)
{
	for (size_t i = 0; i < k->ncontrols; i++) {
		const struct control *c = &k->controls[i];
		bool same = i > 0 && strcmp(k->controls[i - 1].framework,
					 c->framework) == 0;

		if (same)
			buf_printf(out, ", %s", c->id);
		else
			buf_printf(out, "%s%s %s", i > 0 ? "; " : "",
			    c->framework, c->id);
	}
}

void
check_kinds(const struct check *k, struct buf *out)
{
	for (size_t i = 0; i < k->nkinds; i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : "", k->kinds[i]);
}

const char *
check_select(const struct check *k)
{
	const char *p = k->text;

	while (strncmp(p, "--", 2) == 0 && strchr(p, '\n') != NULL)
		p = strchr(p, '\n') + 1;
	return p;
}

static void
put_field(const char *name, const char *text, struct buf *out)
{
	if (text == NULL || text[0] == '\0')
		return;
	buf_printf(out, "\n**%s.** ", name);
	markdown_text(out, text);
	buf_printf(out, "\n");
}

static void
put_codes(const struct check *k, struct buf *out)
{
	if (k->coded.ncodes == 0)
		return;
	buf_printf(out, "\n| Code | Verdict | Reason |\n|---|---|---|\n");
	for (size_t i = 0; i < k->coded.ncodes; i++) {
		buf_printf(out, "| `%s` | %s | ", k->coded.codes[i].name,
		    verdict_name(k->coded.codes[i].verdict));
		markdown_text(out, k->coded.codes[i].text);
		buf_printf(out, " |\n");
	}
	buf_printf(out, "| | unknown | ");
	markdown_text(out, k->coded.gone);
	buf_printf(out, " could not be observed |\n");
	for (size_t i = 0; i < k->coded.nuntold; i++)
		buf_printf(out, "| | unknown | the evidence lacks `%s` |\n",
		    k->coded.untold[i]);
	if (k->coded.ncalls > 0) {
		buf_printf(out, "| | unknown | a call that lists ");
		markdown_text(out, k->coded.what);
		buf_printf(out, " was not answered: ");
		for (size_t i = 0; i < k->coded.ncalls; i++)
			buf_printf(out, "%s`%s`", i > 0 ? ", " : "",
			    k->coded.calls[i]);
		buf_printf(out, " |\n");
	}
}

void
reference_check(const struct check *k, struct buf *out)
{
	BUF_AUTO(controls, 65536);
	BUF_AUTO(read, 65536);

	check_controls(k, &controls);
	check_kinds(k, &read);
	buf_printf(out, "\n## %s\n\n", k->id);
	markdown_text(out, k->title);
	buf_printf(out, ".\n\nSeverity %s", k->severity);
	if (k->layer != NULL)
		buf_printf(out, ", layer `%s`", k->layer);
	buf_printf(out, ", since %s.\n", k->since);
	put_field("Controls", controls.p, out);
	put_field("Reads", read.p, out);
	put_field("Why", k->rationale, out);
	put_field("What to do", k->remediation, out);
	for (size_t i = 0; i < k->nreferences; i++)
		buf_printf(out, "%s- <%s>\n",
		    i == 0 ? "\n**References.**\n\n" : "", k->references[i]);
	put_codes(k, out);
	buf_printf(out, "\n```sql\n%s```\n", check_select(k));
}

void
reference_checks(const struct checks *cs, struct buf *out)
{
	buf_printf(out,
	    "# Checks\n\n"
	    "Made by `exhibit checks --format markdown`; do not edit.\n\n"
	    "A check is one SQL file, `checks/ID.sql`. It ranges over its "
	    "whole population and\ngives each subject one of four verdicts: "
	    "satisfied, not-satisfied, unknown or\nnot-applicable. What was "
	    "not asked, refused, unreachable or is too old is\nunknown, with "
	    "the reason; it is never satisfied.\n\n"
	    "| Check | Severity | Layer | Title |\n"
	    "|---|---|---|---|\n");
	for (size_t i = 0; i < cs->n; i++) {
		const struct check *k = &cs->list[i];

		buf_printf(out, "| [%s](#%s) | %s | %s | ", k->id, k->id,
		    k->severity, k->layer != NULL ? k->layer : "");
		markdown_text(out, k->title);
		buf_printf(out, " |\n");
	}
	for (size_t i = 0; i < cs->n; i++)
		reference_check(&cs->list[i], out);
}
