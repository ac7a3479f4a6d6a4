/*
 * See oscal.h. Elements are written in the order the schema's sequences ask
 * for (oscal_assessment-results_schema.xsd, 1.0.6 and 1.2.2 alike), one
 * function per assembly, so that this file reads like the schema.
 */
#include "oscal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xmlwriter.h>

#include "json.h"
#include "utc.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define KINDS_MAX 256 /* kinds of subjects in one report */
#define NAME_LEN 128  /* of a derived UUID's name, a token, a short text */

/* The writer and what every function needs. The first fault sticks. */
struct pen {
	const struct model *m;
	struct crypto *crypto;
	xmlTextWriterPtr w;
	struct buf clean, line; /* scratch: the string being written */
	struct fault *f;
	bool failed;
	/* cells[check * nsubjects + subject]: group index + 1, 0: not judged */
	uint32_t *cells;
	size_t *members; /* subject indexes, by posture */
	size_t *first;	 /* of each posture in members, and the end */
	size_t *order;	 /* postures, worst first */
	size_t *groups;	 /* of each check its first group, and the end */
	size_t (*counts)[VERDICTS]; /* per check, from its groups */
};

/* ------------------------------------------------------------- the pen -- */

static void pen_fault(struct pen *p, enum fault_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
pen_fault(struct pen *p, enum fault_kind kind, const char *fmt, ...)
{
	char text[FAULT_TEXT_MAX];
	va_list ap;

	if (p->failed)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	p->failed = true;
	(void)fault(p->f, kind, "%s", text);
}

/* A failed write is out of memory, or out's maximum, which buf_done tells. */
static void
wrote(struct pen *p, int rc)
{
	if (rc < 0)
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
}

static void
begin(struct pen *p, const char *name)
{
	if (!p->failed)
		wrote(p, xmlTextWriterStartElement(p->w, BAD_CAST name));
}

static void
end(struct pen *p)
{
	if (!p->failed)
		wrote(p, xmlTextWriterEndElement(p->w));
}

static bool
is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < 0x20 || s[i] > 0x7e)
			return false;
	return len > 0 && len <= TEXT_MAX && s[0] != ' ' && s[len - 1] != ' ';
}

/* text_clean() and what XML 1.0 section 2.2 lacks besides: U+FFFE, U+FFFF. */
static void
clean_xml(struct buf *out, struct buf *tmp, const char *s, size_t max)
{
	buf_reset(tmp);
	text_clean(tmp, s, strlen(s), max);
	for (size_t i = 0; i < tmp->len; i++) {
		const char *c = tmp->p + i;

		if (strncmp(c, "\xef\xbf\xbe", 3) == 0 ||
		    strncmp(c, "\xef\xbf\xbf", 3) == 0) {
			buf_printf(out, "\\xef\\xbf\\x%02x", c[2] & 0xff);
			i += 2;
		} else {
			buf_putc(out, *c);
		}
	}
}

/*
 * s as one line for OSCAL's StringDatatype, \S(.*\S)? : line ends and tabs as
 * escapes, a blank at either end as \x20, nothing as words. Good until the
 * next call.
 */
static const char *
line(struct pen *p, const char *s)
{
	struct buf *b = &p->line;

	if (s == NULL || *s == '\0')
		return "(empty)";
	if (is_plain(s, strlen(s)))
		return s;
	buf_reset(&p->clean);
	clean_xml(&p->clean, b, s, TEXT_MAX);
	buf_reset(b);
	for (size_t i = 0; i < p->clean.len; i++) {
		char c = p->clean.p[i];

		if (c == ' ' && (i == 0 || i == p->clean.len - 1))
			buf_puts(b, "\\x20");
		else if (c == '\n' || c == '\t')
			buf_puts(b, c == '\n' ? "\\n" : "\\t");
		else
			buf_putc(b, c);
	}
	if (p->clean.failed != FAULT_NONE || b->failed != FAULT_NONE) {
		pen_fault(p, FAULT_IO, "OSCAL: a text out of memory");
		return "-";
	}
	return b->p;
}

static void
attr(struct pen *p, const char *name, const char *value)
{
	if (!p->failed)
		wrote(p, xmlTextWriterWriteAttribute(
			     p->w, BAD_CAST name, BAD_CAST line(p, value)));
}

static void
text(struct pen *p, const char *s)
{
	if (!p->failed)
		wrote(p, xmlTextWriterWriteString(p->w, BAD_CAST s));
}

/* <name>value</name>, one line */
static void
leaf(struct pen *p, const char *name, const char *value)
{
	begin(p, name);
	text(p, line(p, value));
	end(p);
}

static void leaff(struct pen *p, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
leaff(struct pen *p, const char *name, const char *fmt, ...)
{
	BUF_AUTO(b, 4 * TEXT_MAX);
	char *to = buf_reserve(&b, 4 * TEXT_MAX);
	va_list ap;

	if (to == NULL) {
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(to, 4 * TEXT_MAX, fmt, ap);
	va_end(ap);
	leaf(p, name, to);
}

/* Markup of one paragraph per line of s: <name><p>..</p></name>. */
static void
block(struct pen *p, const char *name, const char *s)
{
	char *copy, *rest;

	if ((copy = strdup(s != NULL && *s != '\0' ? s : "Not stated.")) ==
	    NULL) {
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
		return;
	}
	rest = copy;
	begin(p, name);
	for (char *one; (one = strsep(&rest, "\n")) != NULL;)
		if (one[strspn(one, " \t\r")] != '\0')
			leaf(p, "p", one);
	end(p);
	free(copy);
}

/* Markup that keeps its lines: <description><pre>..</pre></description>. */
static void
verbatim(struct pen *p, const char *s)
{
	BUF_AUTO(out, 8 * OSCAL_BLOCK_MAX);
	BUF_AUTO(tmp, 8 * OSCAL_BLOCK_MAX);

	clean_xml(&out, &tmp, s, OSCAL_BLOCK_MAX);
	if (out.failed != FAULT_NONE || tmp.failed != FAULT_NONE)
		pen_fault(p, FAULT_LIMIT, "OSCAL: a note is too long");
	begin(p, "description");
	begin(p, "pre");
	text(p, out.len > 0 ? out.p : "");
	end(p);
	end(p);
}

/* A prop of our namespace that is still open, for remarks. */
static void
prop_begin(
    struct pen *p, const char *name, const char *class, const char *value)
{
	begin(p, "prop");
	attr(p, "ns", OSCAL_OWN_NS);
	attr(p, "name", name);
	attr(p, "value", value);
	if (class != NULL)
		attr(p, "class", class);
}

/* NULL is not written: the reader sees that nobody said. */
static void
prop(struct pen *p, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	prop_begin(p, name, NULL, value);
	end(p);
}

static void
prop_number(struct pen *p, const char *name, long long v)
{
	char s[24];

	(void)snprintf(s, sizeof(s), "%lld", v);
	prop(p, name, s);
}

static void
prop_count(struct pen *p, const char *name, size_t v)
{
	prop_number(p, name, (long long)v);
}

/* A prop that OSCAL itself names. */
static void
prop_oscal(struct pen *p, const char *name, const char *value)
{
	begin(p, "prop");
	attr(p, "name", name);
	attr(p, "value", value);
	end(p);
}

/* Dates are of OSCAL's DateTimeWithTimezone, always Z; else what is given. */
static bool
is_time(const char *s)
{
	int64_t t;

	return s != NULL && strlen(s) == UTC_LEN - 1 && utc_parse(s, &t) == 0 &&
	       (s[0] == '1' || s[0] == '2');
}

static const char *
when(const struct pen *p, const char *s)
{
	return is_time(s) ? s : p->m->made;
}

/*
 * OSCAL's TokenDatatype: (letter|_)(letter|digit|.|-|_)*. Control ids become
 * those of the NIST catalogs on the way: "SC-8(1)" is sc-8.1.
 */
static void
token(const char *s, char out[NAME_LEN])
{
	size_t n = 0;

	if (s == NULL)
		s = "";
	if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z')))
		out[n++] = '_';
	for (; *s != '\0' && n < NAME_LEN - 1; s++) {
		char c = *s;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '.' || c == '-' || c == '_')
			out[n++] = c;
		else if (c == '(')
			out[n++] = '.';
		else if (c != ')' && c != ' ')
			out[n++] = '-';
	}
	out[n] = '\0';
}

/* The UUID of a part of this document. */
static void uuid(struct pen *p, char out[UUID_LEN], const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
uuid(struct pen *p, char out[UUID_LEN], const char *fmt, ...)
{
	char name[NAME_LEN];
	va_list ap;
	int n;

	out[0] = '\0';
	n = snprintf(name, sizeof(name), "%s/", p->m->uuid);
	assert(n > 0 && (size_t)n < sizeof(name) / 2);
	va_start(ap, fmt);
	(void)vsnprintf(name + n, sizeof(name) - (size_t)n, fmt, ap);
	va_end(ap);
	if (!p->failed && uuid_of(p->crypto, name, out, p->f) == -1)
		p->failed = true;
}

/* href="#uuid" */
static void
attr_ref(struct pen *p, const char *name, const char *id)
{
	char ref[UUID_LEN + 1];

	(void)snprintf(ref, sizeof(ref), "#%s", id);
	attr(p, name, ref);
}

/* ------------------------------------------------------- what it means -- */

static bool
is_nist(const struct model_control *c)
{
	return strncmp(c->framework, "nist-800-53", 11) == 0;
}

/*
 * The SP 800-53A objective of a control. Those of SC-13 part into "uses are
 * identified" (a) and "cryptography is implemented" (b); a machine can only
 * speak of b. Every other control has the objective of its own name, which
 * holds its parts.
 */
static void
objective(const char *control, char out[NAME_LEN + 8])
{
	(void)snprintf(out, NAME_LEN + 8,
	    strcmp(control, "sc-13") == 0 ? "%s_obj.b" : "%s_obj", control);
}

/* What all subjects of a check come to. NOT_APPLICABLE: nothing was judged. */
static enum verdict
check_verdict(const size_t counts[VERDICTS])
{
	if (counts[VERDICT_NOT_SATISFIED] > 0)
		return VERDICT_NOT_SATISFIED;
	if (counts[VERDICT_UNKNOWN] > 0)
		return VERDICT_UNKNOWN;
	if (counts[VERDICT_SATISFIED] > 0)
		return VERDICT_SATISFIED;
	return VERDICT_NOT_APPLICABLE;
}

static const struct {
	const char *name, *state, *reason;
} states[VERDICTS] = {
	[VERDICT_SATISFIED] = { "satisfied", "satisfied", "pass" },
	[VERDICT_NOT_SATISFIED] = { "not-satisfied", "not-satisfied", "fail" },
	[VERDICT_UNKNOWN] = { "unknown", "not-satisfied", "other" },
	[VERDICT_NOT_APPLICABLE] = { "not-applicable", NULL, NULL },
};

/* Observation type: control-objective speaks of an objective met, finding
 * of one not met or not known, discovery of neither. */
static const char *const types[VERDICTS] = {
	[VERDICT_SATISFIED] = "control-objective",
	[VERDICT_NOT_SATISFIED] = "finding",
	[VERDICT_UNKNOWN] = "finding",
	[VERDICT_NOT_APPLICABLE] = "discovery",
};

/* SP 800-53A: reading files is to examine; running or calling is to test. */
static const char *
method(const struct model *m, const struct model_group *g)
{
	for (size_t i = 0; i < g->nevidence; i++) {
		const char *source = m->evidence[g->evidence[i]].source;

		if (source != NULL && source[0] != '/')
			return "TEST";
	}
	return "EXAMINE";
}

/* The time for which all evidence of a group stands: its oldest sighting. */
static const char *
collected(const struct pen *p, const struct model_group *g)
{
	const char *oldest = NULL;

	for (size_t i = 0; i < g->nevidence; i++) {
		const char *seen = p->m->evidence[g->evidence[i]].last_seen;

		if (is_time(seen) &&
		    (oldest == NULL || strcmp(seen, oldest) < 0))
			oldest = seen;
	}
	if (oldest == NULL)
		oldest = p->m->run.ended;
	return when(p, oldest);
}

/* ------------------------------------------------- postures and totals -- */

static int
index_groups(struct pen *p)
{
	const struct model *m = p->m;

	for (size_t i = 0; i < m->ngroups; i++) {
		const struct model_group *g = &m->groups[i];
		uint32_t *row;

		if (g->check >= m->nchecks ||
		    (unsigned)g->verdict >= VERDICTS ||
		    (i > 0 && g->check < g[-1].check))
			return fault(p->f, FAULT_FORMAT,
			    "report model: group %zu is out of order or speaks "
			    "of no check",
			    i);
		p->groups[g->check + 1] = i + 1;
		row = p->cells + g->check * m->nsubjects;
		for (size_t k = 0; k < g->nsubjects; k++) {
			size_t s = g->subjects[k];

			if (s >= m->nsubjects || row[s] != 0)
				return fault(p->f, FAULT_FORMAT,
				    "report model: check %s judges subject %zu "
				    "twice or out of range",
				    m->checks[g->check].id, s);
			row[s] = (uint32_t)i + 1;
		}
		for (size_t k = 0; k < g->nevidence; k++)
			if (g->evidence[k] >= m->nevidence)
				return fault(p->f, FAULT_FORMAT,
				    "report model: group %zu rests on no "
				    "evidence",
				    i);
		p->counts[g->check][g->verdict] += g->nsubjects;
	}
	for (size_t i = 1; i <= m->nchecks; i++) /* checks without a group */
		if (p->groups[i] < p->groups[i - 1])
			p->groups[i] = p->groups[i - 1];
	return 0;
}

/* Subjects by posture: a counting sort, stable. */
static int
index_postures(struct pen *p)
{
	const struct model *m = p->m;
	size_t sum = 0;

	for (size_t i = 0; i < m->nsubjects; i++) {
		if (m->subjects[i].posture >= m->npostures)
			return fault(p->f, FAULT_FORMAT,
			    "report model: subject %zu has no posture", i);
		p->first[m->subjects[i].posture]++;
	}
	for (size_t i = 0; i <= m->npostures; i++) {
		size_t n = p->first[i];

		p->first[i] = sum;
		sum += n;
	}
	for (size_t i = 0; i < m->nsubjects; i++)
		p->members[p->first[m->subjects[i].posture]++] = i;
	memmove(p->first + 1, p->first, m->npostures * sizeof(*p->first));
	p->first[0] = 0;
	return 0;
}

static const struct model_group *
cell(const struct pen *p, size_t check, size_t subject)
{
	uint32_t g = p->cells[check * p->m->nsubjects + subject];

	return g == 0 ? NULL : &p->m->groups[g - 1];
}

/* Members of a posture that disagree would be shown under one verdict. */
static int
check_postures(struct pen *p)
{
	for (size_t i = 0; i < p->m->npostures; i++) {
		const size_t *s = p->members + p->first[i];
		size_t n = p->first[i + 1] - p->first[i];

		for (size_t c = 0; c < p->m->nchecks; c++)
			for (size_t k = 1; k < n; k++) {
				const struct model_group *a = cell(p, c, s[0]);
				const struct model_group *b = cell(p, c, s[k]);

				if (a == b || (a != NULL && b != NULL &&
						  a->verdict == b->verdict))
					continue;
				return fault(p->f, FAULT_FORMAT,
				    "report model: posture %zu mixes verdicts "
				    "of check %s",
				    i, p->m->checks[c].id);
			}
	}
	return 0;
}

static size_t
posture_count(const struct pen *p, size_t posture, enum verdict v)
{
	size_t n = 0;

	if (p->first[posture] == p->first[posture + 1])
		return 0;
	for (size_t c = 0; c < p->m->nchecks; c++) {
		const struct model_group *g =
		    cell(p, c, p->members[p->first[posture]]);

		n += g != NULL && g->verdict == v;
	}
	return n;
}

/* Worst first, then the larger, then as the model has them. */
static int
compare_postures(const void *va, const void *vb, void *ctx)
{
	static const enum verdict by[] = { VERDICT_NOT_SATISFIED,
		VERDICT_UNKNOWN };
	size_t a = *(const size_t *)va, b = *(const size_t *)vb;
	const struct pen *p = ctx;
	size_t na, nb;

	for (size_t i = 0; i < LENGTH(by); i++) {
		na = posture_count(p, a, by[i]);
		nb = posture_count(p, b, by[i]);
		if (na != nb)
			return na > nb ? -1 : 1;
	}
	na = p->first[a + 1] - p->first[a];
	nb = p->first[b + 1] - p->first[b];
	if (na != nb)
		return na > nb ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int
index_model(struct pen *p)
{
	const struct model *m = p->m;

	if (m->nchecks > OSCAL_CHECKS_MAX ||
	    (m->nsubjects > 0 && m->nchecks > OSCAL_CELLS_MAX / m->nsubjects) ||
	    m->ngroups >= UINT32_MAX || m->npostures > m->nsubjects)
		return fault(p->f, FAULT_LIMIT,
		    "report: %zu checks of %zu subjects are more than one "
		    "report holds",
		    m->nchecks, m->nsubjects);
	p->cells = calloc(m->nchecks * m->nsubjects + 1, sizeof(*p->cells));
	p->members = calloc(m->nsubjects + 1, sizeof(*p->members));
	p->first = calloc(m->npostures + 2, sizeof(*p->first));
	p->order = calloc(m->npostures + 1, sizeof(*p->order));
	p->groups = calloc(m->nchecks + 2, sizeof(*p->groups));
	p->counts = calloc(m->nchecks + 1, sizeof(*p->counts));
	if (p->cells == NULL || p->members == NULL || p->first == NULL ||
	    p->order == NULL || p->groups == NULL || p->counts == NULL)
		return fault_memory(p->f);
	if (index_groups(p) == -1 || index_postures(p) == -1 ||
	    check_postures(p) == -1)
		return -1;
	for (size_t i = 0; i < m->npostures; i++)
		p->order[i] = i;
	qsort_r(p->order, m->npostures, sizeof(*p->order), compare_postures, p);
	return 0;
}

/* ------------------------------------------------------------ metadata -- */

static void
write_party(struct pen *p)
{
	char id[UUID_LEN];

	uuid(p, id, "organization");
	begin(p, "role");
	attr(p, "id", "organization");
	leaf(p, "title", "Organization the evidence is about");
	end(p);
	begin(p, "party");
	attr(p, "uuid", id);
	attr(p, "type", "organization");
	leaf(p, "name", p->m->organization);
	end(p);
	begin(p, "responsible-party");
	attr(p, "role-id", "organization");
	leaf(p, "party-uuid", id);
	end(p);
}

static void
write_metadata(struct pen *p)
{
	const struct model *m = p->m;

	begin(p, "metadata");
	leaf(p, "title", m->title);
	leaf(p, "last-modified", m->made);
	leaff(p, "version", "%lld.%lld", m->run.id, m->judgement);
	leaf(p, "oscal-version", "1.2.2");
	prop(p, "organization", m->organization);
	prop(p, "classification", m->classification);
	prop(p, "as-of", m->as_of);
	prop(p, "profile", m->profile);
	prop(p, "judged", m->judged);
	prop_number(p, "judgement", m->judgement);
	prop(p, "exhibit", m->exhibit);
	prop(p, "module", m->module);
	prop(p, "basename", m->basename);
	prop(p, "store", m->store_name);
	if (m->organization != NULL)
		write_party(p);
	block(p, "remarks",
	    "This document holds collected evidence and what it was judged to "
	    "be. It supports a judgement by people; it does not certify "
	    "compliance.");
	end(p);
}

static void
write_import_ap(struct pen *p)
{
	char id[UUID_LEN];

	uuid(p, id, "plan");
	begin(p, "import-ap");
	attr_ref(p, "href", id);
	end(p);
}

/* -------------------------------------------------- checks as activities -- */

static void
write_control_props(struct pen *p, const struct model_check *c)
{
	char class[NAME_LEN];

	for (size_t i = 0; i < c->ncontrols; i++) {
		token(c->controls[i].framework, class);
		prop_begin(p, "control", class, c->controls[i].id);
		end(p);
	}
}

static void
write_step(struct pen *p, size_t check, const char *name, const char *title,
    const char *what)
{
	char id[UUID_LEN];

	uuid(p, id, "step/%zu/%s", check, name);
	begin(p, "step");
	attr(p, "uuid", id);
	leaf(p, "title", title);
	block(p, "description", what);
	end(p);
}

static void
write_related_controls(struct pen *p, const struct model_check *c)
{
	char id[NAME_LEN];
	bool any = false;

	for (size_t i = 0; i < c->ncontrols; i++) {
		if (!is_nist(&c->controls[i]))
			continue;
		if (!any) {
			begin(p, "related-controls");
			begin(p, "control-selection");
			any = true;
		}
		token(c->controls[i].id, id);
		begin(p, "include-control");
		attr(p, "control-id", id);
		end(p);
	}
	if (any) {
		end(p);
		end(p);
	}
}

static void
write_activity(struct pen *p, size_t i)
{
	const struct model_check *c = &p->m->checks[i];
	char number[NAME_LEN];

	(void)snprintf(number, sizeof(number), "C%zu", i + 1);
	begin(p, "activity");
	attr(p, "uuid", c->uuid);
	leaf(p, "title", c->title);
	block(p, "description", c->rationale);
	prop(p, "check", c->id);
	prop(p, "number", number);
	prop(p, "severity", c->severity);
	prop(p, "layer", c->layer);
	prop(p, "sha256", c->sha256);
	prop(p, "verdict", states[check_verdict(p->counts[i])].name);
	for (size_t v = 0; v < VERDICTS; v++)
		prop_count(p, states[v].name, p->counts[i][v]);
	write_control_props(p, c);
	for (size_t k = 0; k < c->nreferences; k++)
		prop(p, "reference", c->references[k]);
	write_step(p, i, "read", "Take the population",
	    "Every subject that ought to be there is taken from the store as "
	    "of the run, whether or not evidence of it exists.");
	write_step(p, i, "judge", "Judge",
	    "The check is one SQL query over the evidence; it gives each "
	    "subject one verdict and the reason for it. Evidence that is "
	    "missing, refused or unreadable gives unknown.");
	write_related_controls(p, c);
	if (c->remediation != NULL)
		block(p, "remarks", c->remediation);
	end(p);
}

/* ------------------------------------------------- the result's subjects -- */

static void
write_component_end(struct pen *p, const char *state)
{
	begin(p, "status");
	attr(p, "state", state);
	end(p);
	end(p);
}

static void
write_tool(struct pen *p)
{
	char id[UUID_LEN];

	uuid(p, id, "tool");
	begin(p, "component");
	attr(p, "uuid", id);
	attr(p, "type", "software");
	leaf(p, "title", "exhibit");
	block(p, "description",
	    "Collected the evidence, judged it and wrote this document.");
	prop_oscal(p, "version", p->m->exhibit);
	prop(p, "module", p->m->module);
	write_component_end(p, "operational");
}

static bool
has_prop(const struct model_subject *s, const struct model_prop *want)
{
	for (size_t i = 0; i < s->nprops; i++)
		if (strcmp(s->props[i].name, want->name) == 0)
			return strcmp(s->props[i].value, want->value) == 0;
	return false;
}

/* Do all subjects of a posture say the same under this name? */
static bool
is_common(
    const struct pen *p, size_t posture, const struct model_prop *candidate)
{
	for (size_t i = p->first[posture]; i < p->first[posture + 1]; i++)
		if (!has_prop(&p->m->subjects[p->members[i]], candidate))
			return false;
	return true;
}

/* The reason all members share, or NULL. */
static const char *
common_reason(const struct pen *p, size_t posture, size_t check)
{
	const struct model_group *g =
	    cell(p, check, p->members[p->first[posture]]);

	for (size_t i = p->first[posture]; i < p->first[posture + 1]; i++)
		if (cell(p, check, p->members[i]) != g)
			return NULL;
	return g->reason;
}

static void
write_posture_verdicts(struct pen *p, size_t posture)
{
	for (size_t c = 0; c < p->m->nchecks; c++) {
		const struct model_group *g =
		    cell(p, c, p->members[p->first[posture]]);
		char class[NAME_LEN];
		const char *why;

		if (g == NULL)
			continue;
		(void)snprintf(class, sizeof(class), "C%zu", c + 1);
		prop_begin(p, "verdict", class, states[g->verdict].name);
		why = common_reason(p, posture, c);
		if (g->verdict != VERDICT_SATISFIED)
			block(p, "remarks",
			    why != NULL ? why
					: "For different reasons; see the "
					  "observations.");
		end(p);
	}
}

/* One posture: what its members share, so that it is said once. */
static void
write_posture(struct pen *p, size_t posture, size_t rank)
{
	size_t n = p->first[posture + 1] - p->first[posture];
	const struct model_subject *s;
	char id[UUID_LEN], label[NAME_LEN];

	if (n == 0)
		return;
	s = &p->m->subjects[p->members[p->first[posture]]];
	uuid(p, id, "posture/%zu", posture);
	(void)snprintf(label, sizeof(label), "P%zu", rank + 1);
	begin(p, "component");
	attr(p, "uuid", id);
	attr(p, "type", "posture");
	leaff(p, "title", "Posture %s", label);
	block(p, "description", "Subjects that are alike in every verdict.");
	prop(p, "number", label);
	prop(p, "kind", s->kind);
	prop_count(p, "subjects", n);
	for (size_t v = 0; v < VERDICTS; v++)
		prop_count(p, states[v].name,
		    posture_count(p, posture, (enum verdict)v));
	for (size_t i = 0; n > 1 && i < s->nprops; i++)
		if (is_common(p, posture, &s->props[i])) {
			char name[NAME_LEN];

			token(s->props[i].name, name);
			prop_begin(p, "common", name, s->props[i].value);
			end(p);
		}
	write_posture_verdicts(p, posture);
	write_component_end(p, "other");
}

static void
write_item(struct pen *p, const struct model_subject *s)
{
	char id[UUID_LEN], name[NAME_LEN];

	begin(p, "inventory-item");
	attr(p, "uuid", s->uuid);
	begin(p, "description");
	leaff(p, "p", "%s %s in %s", s->kind, s->key, s->scope);
	end(p);
	prop(p, "kind", s->kind);
	prop(p, "scope", s->scope);
	prop(p, "key", s->key);
	prop(p, "outcome", s->outcome);
	prop(p, "reason", s->reason);
	prop(p, "first-seen", s->first_seen);
	prop(p, "last-seen", s->last_seen);
	for (size_t i = 0; i < s->nprops; i++) {
		token(s->props[i].name, name);
		prop_begin(p, "column", name, s->props[i].value);
		end(p);
	}
	uuid(p, id, "posture/%zu", s->posture);
	begin(p, "implemented-component");
	attr(p, "component-uuid", id);
	end(p);
	end(p);
}

static void
write_local_definitions(struct pen *p)
{
	begin(p, "local-definitions");
	write_tool(p);
	for (size_t i = 0; i < p->m->npostures; i++)
		write_posture(p, p->order[i], i);
	/* by posture, as the page shows them */
	for (size_t i = 0; i < p->m->npostures; i++)
		for (size_t k = p->first[p->order[i]];
		     k < p->first[p->order[i] + 1]; k++)
			write_item(p, &p->m->subjects[p->members[k]]);
	end(p);
}

/* ------------------------------------------------------ controls and log -- */

static bool
is_new_control(const struct model *m, size_t check, size_t control)
{
	char id[NAME_LEN], other[NAME_LEN];

	token(m->checks[check].controls[control].id, id);
	for (size_t c = 0; c <= check; c++) {
		const struct model_check *e = &m->checks[c];
		size_t n = c == check ? control : e->ncontrols;

		for (size_t i = 0; i < n; i++) {
			if (!is_nist(&e->controls[i]))
				continue;
			token(e->controls[i].id, other);
			if (strcmp(id, other) == 0)
				return false;
		}
	}
	return true;
}

static void
write_reviewed_controls(struct pen *p)
{
	const struct model *m = p->m;
	bool any = false;
	char id[NAME_LEN];

	begin(p, "reviewed-controls");
	begin(p, "control-selection");
	for (size_t c = 0; c < m->nchecks; c++)
		for (size_t i = 0; i < m->checks[c].ncontrols; i++) {
			if (!is_nist(&m->checks[c].controls[i]) ||
			    !is_new_control(m, c, i))
				continue;
			token(m->checks[c].controls[i].id, id);
			begin(p, "include-control");
			attr(p, "control-id", id);
			end(p);
			any = true;
		}
	if (!any) { /* the schema wants a choice made */
		block(p, "description",
		    "No check of this report names an SP 800-53 control.");
		begin(p, "include-all");
		end(p);
	}
	end(p);
	end(p);
}

static void
entry_begin(struct pen *p, const char *type, size_t i, const char *start,
    const char *until)
{
	char id[UUID_LEN];

	uuid(p, id, "%s/%zu", type, i);
	begin(p, "entry");
	attr(p, "uuid", id);
	leaf(p, "start", when(p, start));
	if (is_time(until))
		leaf(p, "end", until);
	prop(p, "entry", type);
}

static void
write_run_props(struct pen *p)
{
	const struct model_run *r = &p->m->run;

	prop_number(p, "run", r->id);
	prop(p, "began", r->began);
	prop(p, "ended", r->ended);
	prop(p, "state", r->state);
	prop(p, "origin", r->origin);
	prop(p, "asked-by", r->asked_by);
	prop(p, "run-exhibit", r->exhibit);
	prop(p, "run-module", r->module);
	prop(p, "state-root", r->state_root);
	prop_number(p, "record", r->record);
	prop(p, "record-leaf", r->record_leaf);
}

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* Scopes that count together: one collector, one outcome. */
static int
compare_scopes(const struct model_scope *a, const struct model_scope *b)
{
	int d = compare_text(a->collector, b->collector);

	return d != 0 ? d : compare_text(a->outcome, b->outcome);
}

static int
compare_gaps(const struct model_gap *a, const struct model_gap *b)
{
	int d = compare_text(a->collector, b->collector);

	if (d == 0)
		d = compare_text(a->kind, b->kind);
	if (d == 0)
		d = compare_text(a->outcome, b->outcome);
	return d != 0 ? d : compare_text(a->reason, b->reason);
}

static int
compare_scope_indexes(const void *va, const void *vb, void *ctx)
{
	size_t a = *(const size_t *)va, b = *(const size_t *)vb;
	const struct model *m = ctx;
	int d = compare_scopes(&m->scopes[a], &m->scopes[b]);

	return d != 0 ? d : (a > b) - (a < b);
}

static int
compare_gap_indexes(const void *va, const void *vb, void *ctx)
{
	size_t a = *(const size_t *)va, b = *(const size_t *)vb;
	const struct model *m = ctx;
	int d = compare_gaps(&m->gaps[a], &m->gaps[b]);

	return d != 0 ? d : (a > b) - (a < b);
}

/* 0 .. n-1 in the order of compare; NULL: out of memory, told. */
static size_t *
sorted(
    struct pen *p, size_t n, int (*compare)(const void *, const void *, void *))
{
	size_t *v = calloc(n + 1, sizeof(*v));

	if (v == NULL) {
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		v[i] = i;
	qsort_r(v, n, sizeof(*v), compare, (void *)(uintptr_t)p->m);
	return v;
}

/* One entry for n scopes that count together. */
static void
write_coverage_total(struct pen *p, const size_t *v, size_t n)
{
	const struct model_scope *first = &p->m->scopes[v[0]];
	long long subjects = 0, calls = 0, denied = 0;
	const char *newest = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct model_scope *s = &p->m->scopes[v[i]];

		subjects += s->subjects;
		calls += s->calls;
		denied += s->denied;
		if (is_time(s->covered) &&
		    (newest == NULL || strcmp(s->covered, newest) > 0))
			newest = s->covered;
	}
	entry_begin(p, "coverage-total", v[0], newest, NULL);
	prop(p, "collector", first->collector);
	prop(p, "outcome", first->outcome);
	prop_count(p, "scopes", n);
	prop_number(p, "subjects", subjects);
	prop_number(p, "calls", calls);
	prop_number(p, "denied", denied);
	end(p);
}

static void
write_coverage_totals(struct pen *p)
{
	const struct model *m = p->m;
	size_t *v = sorted(p, m->nscopes, compare_scope_indexes);

	for (size_t i = 0, n; v != NULL && i < m->nscopes; i += n) {
		for (n = 1;
		     i + n < m->nscopes && compare_scopes(&m->scopes[v[i]],
					       &m->scopes[v[i + n]]) == 0;
		     n++)
			continue;
		write_coverage_total(p, v + i, n);
	}
	free(v);
}

/* Gaps that differ in their scope alone are one entry with all the scopes. */
static void
write_gaps(struct pen *p)
{
	const struct model *m = p->m;
	size_t *v = sorted(p, m->ngaps, compare_gap_indexes);

	for (size_t i = 0, n; v != NULL && i < m->ngaps; i += n) {
		const struct model_gap *g = &m->gaps[v[i]];

		for (n = 1; i + n < m->ngaps &&
			    compare_gaps(g, &m->gaps[v[i + n]]) == 0;
		     n++)
			continue;
		entry_begin(p, "gap", v[i], m->run.began, NULL);
		prop(p, "collector", g->collector);
		prop(p, "kind", g->kind);
		prop(p, "outcome", g->outcome);
		prop(p, "reason", g->reason);
		prop_count(p, "scopes", n);
		for (size_t k = 0; k < n; k++)
			prop(p, "scope", m->gaps[v[i + k]].scope);
		end(p);
	}
	free(v);
}

static void
write_coverage(struct pen *p, size_t i)
{
	const struct model_scope *s = &p->m->scopes[i];

	entry_begin(p, "coverage", i, s->covered, NULL);
	prop(p, "scope", s->scope);
	prop(p, "collector", s->collector);
	prop(p, "outcome", s->outcome);
	prop_number(p, "subjects", s->subjects);
	prop_number(p, "calls", s->calls);
	prop_number(p, "denied", s->denied);
	end(p);
}

static void
write_log(struct pen *p)
{
	begin(p, "assessment-log");
	entry_begin(p, "run", 0, p->m->run.began, p->m->run.ended);
	prop_number(p, "run", p->m->run.id);
	prop(p, "state", p->m->run.state);
	end(p);
	write_coverage_totals(p);
	write_gaps(p);
	for (size_t i = 0; i < p->m->nscopes; i++)
		write_coverage(p, i);
	end(p);
}

/* ------------------------------------- observations, risks and findings -- */

static void
write_origin(struct pen *p)
{
	char id[UUID_LEN];

	uuid(p, id, "tool");
	begin(p, "origin");
	begin(p, "actor");
	attr(p, "type", "tool");
	attr(p, "actor-uuid", id);
	end(p);
	end(p);
}

static void
write_subject(struct pen *p, const struct model_subject *s)
{
	begin(p, "subject");
	attr(p, "subject-uuid", s->uuid);
	attr(p, "type", "inventory-item");
	end(p);
}

/* The description is the label of the evidence, E1 ..., in the index. */
static void
write_relevant(struct pen *p, size_t i)
{
	begin(p, "relevant-evidence");
	attr_ref(p, "href", p->m->evidence[i].uuid);
	begin(p, "description");
	leaff(p, "p", "E%zu", i + 1);
	end(p);
	end(p);
}

static void
write_observation(
    struct pen *p, const struct model_group *g, const char *number)
{
	const struct model_check *c = &p->m->checks[g->check];

	begin(p, "observation");
	attr(p, "uuid", g->uuid);
	leaf(p, "title", c->title);
	block(p, "description", g->reason);
	prop(p, "number", number);
	prop(p, "check", c->id);
	prop(p, "verdict", states[g->verdict].name);
	prop(p, "since", g->since);
	prop_count(p, "subjects", g->nsubjects);
	prop_count(p, "evidence", g->nevidence);
	leaf(p, "method", method(p->m, g));
	leaf(p, "type", types[g->verdict]);
	write_origin(p);
	for (size_t i = 0; i < g->nsubjects; i++)
		write_subject(p, &p->m->subjects[g->subjects[i]]);
	for (size_t i = 0; i < g->nevidence; i++)
		write_relevant(p, g->evidence[i]);
	leaf(p, "collected", collected(p, g));
	end(p);
}

static void
write_observations(struct pen *p)
{
	char number[NAME_LEN];
	size_t k = 0;

	for (size_t i = 0; i < p->m->ngroups; i++) {
		const struct model_group *g = &p->m->groups[i];

		k = i > 0 && g[-1].check == g->check ? k + 1 : 1;
		(void)snprintf(
		    number, sizeof(number), "C%zu.%zu", g->check + 1, k);
		write_observation(p, g, number);
	}
}

/* The groups of a check that judge it, or only those that fail it. */
static void
write_related(struct pen *p, size_t check, bool failing_only)
{
	for (size_t i = p->groups[check]; i < p->groups[check + 1]; i++) {
		const struct model_group *g = &p->m->groups[i];

		if (g->verdict == VERDICT_NOT_APPLICABLE)
			continue;
		if (failing_only && g->verdict != VERDICT_NOT_SATISFIED)
			continue;
		begin(p, "related-observation");
		attr(p, "observation-uuid", g->uuid);
		end(p);
	}
}

static void
write_risk(struct pen *p, size_t i)
{
	const struct model_check *c = &p->m->checks[i];
	size_t failing = p->counts[i][VERDICT_NOT_SATISFIED];
	char id[UUID_LEN];

	uuid(p, id, "risk/%zu", i);
	begin(p, "risk");
	attr(p, "uuid", id);
	leaf(p, "title", c->title);
	begin(p, "description");
	leaff(p, "p", "Not satisfied by %zu %s.", failing,
	    failing == 1 ? "subject" : "subjects");
	end(p);
	block(p, "statement", c->rationale);
	prop(p, "check", c->id);
	prop(p, "severity", c->severity);
	leaf(p, "status", "open");
	write_origin(p);
	if (c->remediation != NULL) {
		uuid(p, id, "response/%zu", i);
		begin(p, "response");
		attr(p, "uuid", id);
		attr(p, "lifecycle", "recommendation");
		leaf(p, "title", "Remediation");
		block(p, "description", c->remediation);
		end(p);
	}
	write_related(p, i, true);
	end(p);
}

/* target: a control of the NIST catalogs, or the check where none is named */
static void
write_finding(struct pen *p, size_t i, size_t k, const char *target)
{
	const struct model_check *c = &p->m->checks[i];
	enum verdict v = check_verdict(p->counts[i]);
	char id[UUID_LEN], objective_id[NAME_LEN + 8];

	uuid(p, id, "finding/%zu/%zu", i, k);
	objective(target, objective_id);
	begin(p, "finding");
	attr(p, "uuid", id);
	leaff(p, "title", "%s: %s", target, c->title);
	block(p, "description",
	    "What this check alone says of the objective. Whether the "
	    "objective is met as a whole is for the assessor.");
	prop(p, "check", c->id);
	prop(p, "verdict", states[v].name);
	write_origin(p);
	begin(p, "target");
	attr(p, "type", "objective-id");
	attr(p, "target-id", objective_id);
	begin(p, "status");
	attr(p, "state", states[v].state);
	attr(p, "reason", states[v].reason);
	end(p);
	end(p);
	write_related(p, i, false);
	if (v == VERDICT_NOT_SATISFIED) {
		uuid(p, id, "risk/%zu", i);
		begin(p, "associated-risk");
		attr(p, "risk-uuid", id);
		end(p);
	}
	end(p);
}

static void
write_findings(struct pen *p, size_t i)
{
	const struct model_check *c = &p->m->checks[i];
	char target[NAME_LEN];
	bool any = false;

	if (states[check_verdict(p->counts[i])].state == NULL)
		return; /* nothing was judged: the observations say so */
	for (size_t k = 0; k < c->ncontrols; k++)
		if (is_nist(&c->controls[k])) {
			token(c->controls[k].id, target);
			write_finding(p, i, k, target);
			any = true;
		}
	if (!any) {
		token(c->id, target);
		write_finding(p, i, c->ncontrols, target);
	}
}

/* -------------------------------------------------------------- result -- */

static void
write_totals(struct pen *p)
{
	size_t total[VERDICTS] = { 0 };
	const struct model *m = p->m;

	for (size_t i = 0; i < m->nchecks; i++)
		for (size_t v = 0; v < VERDICTS; v++)
			total[v] += p->counts[i][v];
	for (size_t v = 0; v < VERDICTS; v++)
		prop_count(p, states[v].name, total[v]);
	prop_count(p, "checks", m->nchecks);
	prop_count(p, "subjects", m->nsubjects);
	prop_count(p, "postures", m->npostures);
	prop_count(p, "observations", m->ngroups);
	prop_count(p, "evidence", m->nevidence);
	prop_count(p, "scopes", m->nscopes);
	prop_count(p, "gaps", m->ngaps);
}

/* Whole counts of each kind: a page may show a part of the subjects only. */
static void
write_population(struct pen *p)
{
	const struct model *m = p->m;
	struct {
		const char *name;
		size_t all, observed;
	} kinds[KINDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < m->nsubjects; i++) {
		const struct model_subject *s = &m->subjects[i];
		size_t k = 0;

		while (k < n && strcmp(kinds[k].name, s->kind) != 0)
			k++;
		if (k == KINDS_MAX) {
			pen_fault(p, FAULT_LIMIT,
			    "report: subjects of over %d kinds", KINDS_MAX);
			return;
		}
		if (k == n) {
			kinds[n].name = s->kind;
			kinds[n].all = kinds[n].observed = 0;
			n++;
		}
		kinds[k].all++;
		kinds[k].observed += strcmp(s->outcome, "observed") == 0;
	}
	for (size_t k = 0; k < n; k++) {
		char class[NAME_LEN], value[24];

		token(kinds[k].name, class);
		(void)snprintf(value, sizeof(value), "%zu", kinds[k].all);
		prop_begin(p, "population", class, value);
		end(p);
		(void)snprintf(value, sizeof(value), "%zu", kinds[k].observed);
		prop_begin(p, "observed", class, value);
		end(p);
	}
}

static void
write_result(struct pen *p)
{
	const struct model *m = p->m;
	char id[UUID_LEN];

	uuid(p, id, "result");
	begin(p, "result");
	attr(p, "uuid", id);
	leaff(p, "title", "Run %lld", m->run.id);
	block(p, "description",
	    "Evidence as of this run, judged by every check of the profile "
	    "over its whole population.");
	leaf(p, "start", when(p, m->run.began));
	if (is_time(m->run.ended))
		leaf(p, "end", m->run.ended);
	write_run_props(p);
	write_totals(p);
	write_population(p);
	write_local_definitions(p);
	write_reviewed_controls(p);
	write_log(p);
	write_observations(p);
	for (size_t i = 0; i < m->nchecks; i++)
		if (p->counts[i][VERDICT_NOT_SATISFIED] > 0)
			write_risk(p, i);
	for (size_t i = 0; i < m->nchecks; i++)
		write_findings(p, i);
	end(p);
}

/* --------------------------------------------------------- back matter -- */

static void
resource_begin(struct pen *p, const char *name, const char *title)
{
	char id[UUID_LEN];

	uuid(p, id, "%s", name);
	begin(p, "resource");
	attr(p, "uuid", id);
	leaf(p, "title", title);
}

static void
write_plan(struct pen *p)
{
	resource_begin(p, "plan", "Assessment plan: none supplied");
	block(p, "description",
	    "No OSCAL assessment plan was supplied. The profile chose the "
	    "checks, and the run's own plan in the store says what was asked.");
	prop_oscal(p, "type", "plan");
	prop(p, "resource", "plan");
	prop(p, "profile", p->m->profile);
	end(p);
}

static void
write_run_record(struct pen *p)
{
	const struct model_run *r = &p->m->run;

	resource_begin(p, "run-record", "Run record");
	block(p, "description",
	    "The leaf of the store's RFC 6962 log that seals the run: its "
	    "times, plan, coverage and state root.");
	prop_oscal(p, "type", "artifact");
	prop(p, "resource", "run-record");
	prop_number(p, "record", r->record);
	prop(p, "record-leaf", r->record_leaf);
	prop(p, "state-root", r->state_root);
	end(p);
}

static void
write_checkpoint(struct pen *p)
{
	const struct model_checkpoint *k = &p->m->checkpoint;

	if (k->note == NULL)
		return;
	resource_begin(p, "checkpoint", "Checkpoint of the log");
	verbatim(p, k->note);
	prop_oscal(p, "type", "artifact");
	prop(p, "resource", "checkpoint");
	prop(p, "origin", k->origin);
	prop_number(p, "size", k->size);
	prop(p, "root", k->root_base64);
	end(p);
}

static void
write_certificate(struct pen *p)
{
	const struct model_signer *s = p->m->signer;

	if (s == NULL)
		return;
	resource_begin(p, "certificate", "Certificate of the signer");
	verbatim(p, s->pem != NULL ? s->pem : "");
	prop_oscal(p, "type", "artifact");
	prop(p, "resource", "certificate");
	prop(p, "subject", s->subject);
	prop(p, "issuer", s->issuer);
	prop(p, "serial", s->serial);
	prop(p, "fingerprint-sha256", s->fingerprint);
	prop(p, "algorithm", s->algorithm);
	prop(p, "not-before", s->not_before);
	prop(p, "not-after", s->not_after);
	prop(p, "self-signed", s->self_signed ? "yes" : "no");
	begin(p, "rlink");
	attr(p, "href", "exhibit-cert.pem");
	attr(p, "media-type", "application/x-pem-file");
	end(p);
	end(p);
}

/* RFC 3986: percent-encode all but unreserved characters. */
static void
put_uri(struct buf *b, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; s != NULL && *s != '\0'; s++)
		if (strchr(plain, *s) != NULL)
			buf_putc(b, *s);
		else
			buf_printf(b, "%%%02X", *s & 0xff);
}

static void
write_rlink(struct pen *p, const struct model_evidence *e)
{
	BUF_AUTO(href, 4 * TEXT_MAX);

	put_uri(&href, p->m->store_name);
	buf_printf(&href, "#content-%s", e->sha256);
	if (href.failed != FAULT_NONE)
		pen_fault(
		    p, FAULT_LIMIT, "OSCAL: the store's name is too long");
	begin(p, "rlink");
	attr(p, "href", href.p);
	attr(p, "media-type", "application/json");
	begin(p, "hash");
	attr(p, "algorithm", "SHA-256");
	text(p, line(p, e->sha256));
	end(p);
	end(p);
}

static void
write_evidence(struct pen *p, size_t i)
{
	const struct model_evidence *e = &p->m->evidence[i];
	char number[NAME_LEN];

	(void)snprintf(number, sizeof(number), "E%zu", i + 1);
	begin(p, "resource");
	attr(p, "uuid", e->uuid);
	leaff(p, "title", "%s %s in %s", e->kind, e->key, e->scope);
	prop_oscal(p, "type", "evidence");
	prop(p, "number", number);
	prop(p, "kind", e->kind);
	prop(p, "scope", e->scope);
	prop(p, "key", e->key);
	prop(p, "outcome", e->outcome);
	prop(p, "source", e->source);
	prop(p, "collected", e->collected);
	prop(p, "last-seen", e->last_seen);
	prop_number(p, "run", e->run);
	prop_number(p, "size", (long long)e->size);
	prop_count(p, "subjects", e->subjects);
	write_rlink(p, e);
	end(p);
}

static void
write_back_matter(struct pen *p)
{
	begin(p, "back-matter");
	write_plan(p);
	write_run_record(p);
	write_checkpoint(p);
	write_certificate(p);
	for (size_t i = 0; i < p->m->nevidence; i++)
		write_evidence(p, i);
	end(p);
}

/* ------------------------------------------------------------ document -- */

static void
write_document(struct pen *p)
{
	wrote(p, xmlTextWriterSetIndent(p->w, 1));
	wrote(p, xmlTextWriterSetIndentString(p->w, BAD_CAST " "));
	wrote(p, xmlTextWriterStartDocument(p->w, NULL, "UTF-8", NULL));
	begin(p, "assessment-results");
	attr(p, "xmlns", OSCAL_NS);
	attr(p, "uuid", p->m->uuid);
	write_metadata(p);
	write_import_ap(p);
	if (p->m->nchecks > 0) {
		begin(p, "local-definitions");
		for (size_t i = 0; i < p->m->nchecks; i++)
			write_activity(p, i);
		end(p);
	}
	write_result(p);
	write_back_matter(p);
	end(p);
	if (!p->failed)
		wrote(p, xmlTextWriterEndDocument(p->w));
}

/* What out cannot hold it remembers itself; buf_done() tells. */
static int
put_bytes(void *ctx, const char *s, int len)
{
	buf_put(ctx, s, (size_t)len);
	return len;
}

static int
put_close(void *ctx)
{
	(void)ctx;
	return 0;
}

/*
 * The writer passes over some failed allocations (xmlEncodeSpecialChars,
 * xmlListPushFront in 2.9.14) and would leave text or an end tag out. It does
 * complain, to stderr unless told otherwise: any complaint fails the document.
 */
static void
on_error(void *ctx, xmlErrorPtr e)
{
	pen_fault(ctx, FAULT_IO, "OSCAL: %s",
	    e->message != NULL ? e->message : "out of memory");
}

static void on_generic_error(void *ctx, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
on_generic_error(void *ctx, const char *fmt, ...)
{
	(void)fmt;
	pen_fault(ctx, FAULT_IO, "OSCAL: out of memory");
}

static int
write_to(struct pen *p, struct buf *out)
{
	xmlStructuredErrorFunc was = xmlStructuredError;
	xmlGenericErrorFunc generic_was = xmlGenericError;
	void *ctx = xmlStructuredErrorContext;
	void *generic_ctx = xmlGenericErrorContext;
	xmlOutputBufferPtr o;

	xmlSetStructuredErrorFunc(p, on_error);
	xmlSetGenericErrorFunc(p, on_generic_error);
	o = xmlOutputBufferCreateIO(put_bytes, put_close, out, NULL);
	if (o != NULL && (p->w = xmlNewTextWriter(o)) == NULL)
		(void)xmlOutputBufferClose(o);
	if (p->w != NULL) {
		write_document(p);
		xmlFreeTextWriter(p->w); /* flushes */
	} else {
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
	}
	xmlSetStructuredErrorFunc(ctx, was);
	xmlSetGenericErrorFunc(generic_ctx, generic_was);
	return p->failed ? -1 : 0;
}

int
oscal_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	struct pen p = { .m = m, .crypto = c, .f = f };
	size_t start = out->len;
	int rc = -1;

	p.clean.max = p.line.max = 8 * TEXT_MAX;
	if (!is_time(m->made) || !is_time(m->as_of))
		return fault(
		    f, FAULT_FORMAT, "report model: its times are not UTC");
	if (index_model(&p) == 0)
		rc = write_to(&p, out);
	/* the cause of a failed write is out's, if it was out */
	if (buf_done(out, "OSCAL document", f) == -1)
		rc = -1;
	if (rc == -1 && out->p != NULL) {
		out->len = start;
		out->p[start] = '\0';
	}
	buf_free(&p.clean);
	buf_free(&p.line);
	free(p.cells);
	free(p.members);
	free(p.first);
	free(p.order);
	free(p.groups);
	free(p.counts);
	return rc;
}
