/* See oscal_json.h. */
#include "report/format/oscal_json.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <libxml/xmlreader.h>

#include "base/json.h"
#include "base/length.h"
#include "report/format/oscal.h"

#define DEPTH_MAX 32
#define DOCUMENT_MAX (1024UL * 1024 * 1024)
#define MARKDOWN_MAX (256UL * 1024 * 1024) /* of one part's tables */

enum shape {
	OBJECT, /* flags and members */
	VALUE,	/* flags, and the text as "value" */
	TEXT,	/* the text alone */
	LINE,	/* markup of one line */
	BLOCKS, /* markup of paragraphs, tables, preformatted text */
	PROSE	/* one block that stands among members: their "prose" */
};

/* An element, in what it stands (NULL: in whatever), the array that holds all
 * of its siblings (NULL: there is one), and what it becomes. */
static const struct name {
	const char *element, *within, *group;
	enum shape shape;
} names[] = {
	{ "status", "risk", NULL, TEXT },
	{ "activity", NULL, "activities", OBJECT },
	{ "actor", NULL, "actors", OBJECT },
	{ "assessment-log", NULL, NULL, OBJECT },
	{ "assessment-plan", NULL, NULL, OBJECT },
	{ "assessment-results", NULL, NULL, OBJECT },
	{ "assessment-subject", NULL, "assessment-subjects", OBJECT },
	{ "associated-activity", NULL, "associated-activities", OBJECT },
	{ "associated-risk", NULL, "related-risks", OBJECT },
	{ "attestation", NULL, "attestations", OBJECT },
	{ "back-matter", NULL, NULL, OBJECT },
	{ "collected", NULL, NULL, TEXT },
	{ "component", NULL, "components", OBJECT },
	{ "control-selection", NULL, "control-selections", OBJECT },
	{ "description", NULL, NULL, BLOCKS },
	{ "end", NULL, NULL, TEXT },
	{ "entry", NULL, "entries", OBJECT },
	{ "finding", NULL, "findings", OBJECT },
	{ "hash", NULL, "hashes", VALUE },
	{ "implemented-component", NULL, "implemented-components", OBJECT },
	{ "import-ap", NULL, NULL, OBJECT },
	{ "import-ssp", NULL, NULL, OBJECT },
	{ "include-all", NULL, NULL, OBJECT },
	{ "include-control", NULL, "include-controls", OBJECT },
	{ "inventory-item", NULL, "inventory-items", OBJECT },
	{ "last-modified", NULL, NULL, TEXT },
	{ "link", NULL, "links", OBJECT },
	{ "local-definitions", NULL, NULL, OBJECT },
	{ "metadata", NULL, NULL, OBJECT },
	{ "method", NULL, "methods", TEXT },
	{ "name", NULL, NULL, TEXT },
	{ "observation", NULL, "observations", OBJECT },
	{ "origin", NULL, "origins", OBJECT },
	{ "oscal-version", NULL, NULL, TEXT },
	{ "p", NULL, NULL, PROSE },
	{ "part", NULL, "parts", OBJECT },
	{ "party", NULL, "parties", OBJECT },
	{ "party-uuid", NULL, "party-uuids", TEXT },
	{ "plan-of-action-and-milestones", NULL, NULL, OBJECT },
	{ "poam-item", NULL, "poam-items", OBJECT },
	{ "pre", NULL, NULL, PROSE },
	{ "prop", NULL, "props", OBJECT },
	{ "related-controls", NULL, NULL, OBJECT },
	{ "related-observation", NULL, "related-observations", OBJECT },
	{ "relevant-evidence", NULL, "relevant-evidence", OBJECT },
	{ "remarks", NULL, NULL, BLOCKS },
	{ "resource", NULL, "resources", OBJECT },
	{ "response", NULL, "remediations", OBJECT },
	{ "responsible-party", NULL, "responsible-parties", OBJECT },
	{ "result", NULL, "results", OBJECT },
	{ "reviewed-controls", NULL, NULL, OBJECT },
	{ "risk", NULL, "risks", OBJECT },
	{ "rlink", NULL, "rlinks", OBJECT },
	{ "role", NULL, "roles", OBJECT },
	{ "start", NULL, NULL, TEXT },
	{ "statement", NULL, NULL, BLOCKS },
	{ "status", NULL, NULL, OBJECT },
	{ "step", NULL, "steps", OBJECT },
	{ "subject", NULL, "subjects", OBJECT },
	{ "table", NULL, NULL, PROSE },
	{ "target", NULL, NULL, OBJECT },
	{ "task", NULL, "tasks", OBJECT },
	{ "title", NULL, NULL, LINE },
	{ "type", NULL, "types", TEXT },
	{ "version", NULL, NULL, TEXT },
};

struct level { /* an object that is open */
	char element[64];
	const char *group; /* the array that is open in it, or NULL */
	bool more;	   /* something stands in it */
};

struct turning {
	xmlTextReaderPtr r;
	struct buf *out;
	struct buf prose; /* of the part that is open; empty: none */
	struct level levels[DEPTH_MAX];
	size_t depth; /* of levels in use; levels[0] is the document */
	struct fault *f;
};

static const char *
element_of(const struct turning *t)
{
	return (const char *)xmlTextReaderConstLocalName(t->r);
}

/* The next node: 1, 0 at the end, -1 with the fault. */
static int
turn_next(struct turning *t)
{
	int rc = xmlTextReaderRead(t->r);

	if (rc == -1)
		(void)fault(t->f, FAULT_FORMAT, "OSCAL JSON: not XML");
	return rc;
}

static bool
is_text(int type)
{
	return type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
	       type == XML_READER_TYPE_WHITESPACE ||
	       type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
}

/* ---------------------------------------------------------------- Markdown */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Outside <pre> white space is one blank; a bar would end a cell. */
static void
put_markdown(struct buf *md, const char *s, bool pre, bool cell)
{
	for (; *s != '\0'; s++) {
		if (!pre && is_blank(*s)) {
			buf_putc(md, ' ');
			s += strspn(s, " \t\r\n") - 1;
			continue;
		}
		if (strchr("`~^*\"", *s) != NULL || (cell && *s == '|'))
			buf_putc(md, '\\');
		buf_putc(md, *s);
	}
}

/* The text of the element the reader stands on, up to its end. */
static int
read_inline(struct turning *t, struct buf *md, bool pre, bool cell)
{
	const int depth = xmlTextReaderDepth(t->r);
	int rc;

	if (xmlTextReaderIsEmptyElement(t->r) == 1)
		return 0;
	while ((rc = turn_next(t)) == 1) {
		int type = xmlTextReaderNodeType(t->r);

		if (type == XML_READER_TYPE_END_ELEMENT &&
		    xmlTextReaderDepth(t->r) == depth)
			return 0;
		if (!is_text(type))
			return fault(t->f, FAULT_FORMAT,
			    "OSCAL JSON: markup that is not written here");
		put_markdown(
		    md, (const char *)xmlTextReaderConstValue(t->r), pre, cell);
	}
	return -1;
}

/* A row, and below the first one the line that makes it the head. */
static int
read_row(struct turning *t, struct buf *md, bool first)
{
	const int depth = xmlTextReaderDepth(t->r);
	size_t cells = 0;
	int rc;

	while ((rc = turn_next(t)) == 1) {
		int type = xmlTextReaderNodeType(t->r);

		if (type == XML_READER_TYPE_END_ELEMENT &&
		    xmlTextReaderDepth(t->r) == depth)
			break;
		if (type != XML_READER_TYPE_ELEMENT)
			continue;
		buf_puts(md, cells++ == 0 ? "| " : " ");
		if (read_inline(t, md, false, true) == -1)
			return -1;
		buf_puts(md, " |");
	}
	if (first && rc == 1)
		buf_puts(md, "\n|");
	for (size_t i = 0; first && i < cells; i++)
		buf_puts(md, " --- |");
	return rc == 1 ? 0 : -1;
}

static int
read_table(struct turning *t, struct buf *md)
{
	const int depth = xmlTextReaderDepth(t->r);
	bool first = true;
	int rc;

	while ((rc = turn_next(t)) == 1) {
		int type = xmlTextReaderNodeType(t->r);

		if (type == XML_READER_TYPE_END_ELEMENT &&
		    xmlTextReaderDepth(t->r) == depth)
			return 0;
		if (type != XML_READER_TYPE_ELEMENT)
			continue;
		if (!first)
			buf_putc(md, '\n');
		if (read_row(t, md, first) == -1)
			return -1;
		first = false;
	}
	return -1;
}

/* The block the reader stands on, a blank line after what is there. */
static int
read_block(struct turning *t, struct buf *md)
{
	const char *element = element_of(t);
	int rc;

	if (md->len > 0)
		buf_puts(md, "\n\n");
	if (strcmp(element, "table") == 0)
		return read_table(t, md);
	if (strcmp(element, "p") == 0)
		return read_inline(t, md, false, false);
	if (strcmp(element, "pre") != 0)
		return fault(t->f, FAULT_FORMAT,
		    "OSCAL JSON: no Markdown for <%.40s>", element);
	buf_puts(md, "```\n");
	rc = read_inline(t, md, true, false);
	buf_puts(md, "\n```");
	return rc;
}

static int
read_blocks(struct turning *t, struct buf *md)
{
	const int depth = xmlTextReaderDepth(t->r);
	int rc;

	if (xmlTextReaderIsEmptyElement(t->r) == 1)
		return 0;
	while ((rc = turn_next(t)) == 1) {
		int type = xmlTextReaderNodeType(t->r);

		if (type == XML_READER_TYPE_END_ELEMENT &&
		    xmlTextReaderDepth(t->r) == depth)
			return 0;
		if (type == XML_READER_TYPE_ELEMENT && read_block(t, md) == -1)
			return -1;
	}
	return -1;
}

/* -------------------------------------------------------------------- JSON */

static void
put_string(struct turning *t, const char *s, size_t len)
{
	json_quote(t->out, s, len);
}

static void
member(struct turning *t, const char *name)
{
	struct level *l = &t->levels[t->depth - 1];

	buf_puts(t->out, l->more ? ",\n\"" : "\n\"");
	buf_puts(t->out, name);
	buf_puts(t->out, "\":");
	l->more = true;
}

static void
close_group(struct turning *t)
{
	struct level *l = &t->levels[t->depth - 1];

	if (l->group != NULL)
		buf_putc(t->out, ']');
	l->group = NULL;
}

/* What a part says is one string, however many blocks it has. */
static void
close_prose(struct turning *t)
{
	if (t->prose.len == 0)
		return;
	member(t, "prose");
	put_string(t, t->prose.p, t->prose.len);
	buf_reset(&t->prose);
}

/* Where the value of the element goes: a member, or the next of an array. */
static void
place(struct turning *t, const struct name *n)
{
	struct level *l = &t->levels[t->depth - 1];

	if (l->group != NULL && n->group != NULL &&
	    strcmp(l->group, n->group) == 0) {
		buf_putc(t->out, ',');
		return;
	}
	close_group(t);
	close_prose(t);
	member(t, n->group != NULL ? n->group : n->element);
	if (n->group != NULL)
		buf_putc(t->out, '[');
	l->group = n->group;
}

static int
push(struct turning *t, const char *element)
{
	struct level *l = &t->levels[t->depth];

	if (t->depth == DEPTH_MAX)
		return fault(t->f, FAULT_LIMIT,
		    "OSCAL JSON: over %d elements deep", DEPTH_MAX);
	(void)snprintf(l->element, sizeof(l->element), "%s", element);
	l->group = NULL;
	l->more = false;
	t->depth++;
	buf_putc(t->out, '{');
	return 0;
}

static void
pop(struct turning *t)
{
	close_group(t);
	close_prose(t);
	buf_putc(t->out, '}');
	t->depth--;
}

/* The flags; namespaces are XML's own. */
static void
put_flags(struct turning *t)
{
	while (xmlTextReaderMoveToNextAttribute(t->r) == 1) {
		const char *v = (const char *)xmlTextReaderConstValue(t->r);

		if (xmlTextReaderIsNamespaceDecl(t->r) == 1)
			continue;
		member(t, element_of(t));
		put_string(t, v, strlen(v));
	}
	(void)xmlTextReaderMoveToElement(t->r);
}

/* The text of the element, as it is. */
static int
put_content(struct turning *t)
{
	const int depth = xmlTextReaderDepth(t->r);
	int rc = 1;
	BUF_AUTO(text, MARKDOWN_MAX);

	if (xmlTextReaderIsEmptyElement(t->r) != 1)
		while ((rc = turn_next(t)) == 1) {
			if (xmlTextReaderNodeType(t->r) ==
				XML_READER_TYPE_END_ELEMENT &&
			    xmlTextReaderDepth(t->r) == depth)
				break;
			if (is_text(xmlTextReaderNodeType(t->r)))
				buf_puts(&text,
				    (const char *)xmlTextReaderConstValue(
					t->r));
		}
	put_string(t, text.len > 0 ? text.p : "", text.len);
	return rc != 1 ? -1 : buf_done(&text, "OSCAL JSON", t->f);
}

static int
put_markup(struct turning *t, enum shape shape)
{
	int rc;
	BUF_AUTO(md, MARKDOWN_MAX);

	rc = shape == LINE ? read_inline(t, &md, false, false)
			   : read_blocks(t, &md);
	put_string(t, md.len > 0 ? md.p : "", md.len);
	return rc == -1 ? -1 : buf_done(&md, "OSCAL JSON", t->f);
}

static const struct name *
name_of(const char *element, const char *within)
{
	for (size_t i = 0; i < LENGTH(names); i++)
		if (strcmp(names[i].element, element) == 0 &&
		    (names[i].within == NULL ||
			strcmp(names[i].within, within) == 0))
			return &names[i];
	return NULL;
}

static int
begin_object(struct turning *t, const struct name *n)
{
	const bool empty = xmlTextReaderIsEmptyElement(t->r) == 1;

	if (push(t, n->element) == -1)
		return -1;
	put_flags(t);
	if (empty)
		pop(t);
	return 0;
}

static int
begin_element(struct turning *t)
{
	const char *within = t->levels[t->depth - 1].element;
	const struct name *n = name_of(element_of(t), within);
	int rc;

	if (n == NULL || (n->shape == PROSE && strcmp(within, "part") != 0))
		return fault(t->f, FAULT_FORMAT,
		    "OSCAL JSON: no name for <%.40s> in <%.40s>", element_of(t),
		    within);
	if (n->shape == PROSE) {
		close_group(t);
		return read_block(t, &t->prose);
	}
	place(t, n);
	if (n->shape == TEXT)
		return put_content(t);
	if (n->shape == LINE || n->shape == BLOCKS)
		return put_markup(t, n->shape);
	if (n->shape == OBJECT)
		return begin_object(t, n);
	if (push(t, n->element) == -1)
		return -1;
	put_flags(t);
	member(t, "value");
	rc = put_content(t);
	pop(t);
	return rc;
}

static int
turn(struct turning *t)
{
	int rc;

	if (push(t, "") == -1)
		return -1;
	while ((rc = turn_next(t)) == 1) {
		int type = xmlTextReaderNodeType(t->r);

		if (type == XML_READER_TYPE_END_ELEMENT)
			pop(t);
		else if (type == XML_READER_TYPE_ELEMENT &&
			 begin_element(t) == -1)
			return -1;
		if (t->out->failed != FAULT_NONE ||
		    t->prose.failed != FAULT_NONE)
			break;
	}
	if (rc == -1)
		return -1;
	pop(t);
	buf_putc(t->out, '\n');
	return buf_done(&t->prose, "OSCAL JSON", t->f);
}

/* What libxml2 would print. */
static void
on_error(void *ctx, xmlErrorPtr e)
{
	(void)ctx;
	(void)e;
}

int
oscal_json(const char *xml, size_t len, struct buf *out, struct fault *f)
{
	struct turning t = {
		.out = out, .f = f, .prose = { .max = MARKDOWN_MAX }
	};
	int rc = -1;

	if (len > INT_MAX)
		return fault(f, FAULT_LIMIT, "OSCAL JSON: too long");
	t.r = xmlReaderForMemory(
	    xml, (int)len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
	if (t.r == NULL)
		return fault_memory(f);
	xmlTextReaderSetStructuredErrorHandler(t.r, on_error, NULL);
	if (turn(&t) == 0)
		rc = buf_done(out, "OSCAL JSON", f);
	xmlFreeTextReader(t.r);
	buf_free(&t.prose);
	return rc;
}

/* The document that writer makes, as JSON. */
static int
document(int (*writer)(const struct model *, struct crypto *, struct buf *,
	     struct fault *),
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	BUF_AUTO(xml, DOCUMENT_MAX);

	if (writer(m, c, &xml, f) == -1)
		return -1;
	return oscal_json(xml.p, xml.len, out, f);
}

int
oscal_json_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return document(oscal_write, m, c, out, f);
}

int
oscal_json_poam(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return oscal_poam_empty(m) ? 0 : document(oscal_poam, m, c, out, f);
}

int
oscal_json_plan(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	return document(oscal_plan, m, c, out, f);
}
