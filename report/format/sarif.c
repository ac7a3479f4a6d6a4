/* See sarif.h. */
#include "report/format/sarif.h"

#include "report/format/finding_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "report/format/severity.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

struct writing {
	const struct model *m;
	struct crypto *crypto;
	json_t *results;   /* owned */
	int *rule_indexes; /* owned; of each check, -1: not a rule */
};

/* RFC 3986: all but the unreserved and "/" is escaped. */
static void
put_uri(struct buf *b, const char *path)
{
	for (const char *p = path; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') ||
			     (c < 0x80 && strchr("-._~/", c) != NULL);

		if (plain)
			buf_putc(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
}

/* A file's line, or the report's first; GitHub shows no result without. The
 * bases tell what a path is relative to. */
static json_t *
physical(const struct model *m, const struct place *p)
{
	const char *base = p->file == NULL     ? "REPORT"
			   : p->file[0] == '/' ? "ROOT"
					       : "%SRCROOT%";
	BUF_AUTO(path, PLACE_URI_MAX);
	BUF_AUTO(uri, 3 * PLACE_URI_MAX);

	place_path(&path, m, p);
	if (path.failed == FAULT_NONE)
		put_uri(&uri, path.p != NULL ? path.p : "");
	if (path.failed != FAULT_NONE || uri.failed != FAULT_NONE)
		return NULL;
	return json_pack("{s:{s:s, s:s}, s:{s:I}}", "artifactLocation", "uri",
	    uri.p, "uriBaseId", base, "region", "startLine",
	    (json_int_t)(p->file != NULL ? p->line : 1));
}

static json_t *
names_of(const struct model *m, const struct model_group *g)
{
	json_t *list = json_array();

	for (size_t i = 0; i < g->nsubjects && i < SARIF_NAMES_MAX; i++) {
		const struct model_subject *s = &m->subjects[g->subjects[i]];
		BUF_AUTO(name, PLACE_URI_MAX);

		buf_printf(&name, "%s:%s:%s", s->kind, s->scope, s->key);
		if (name.failed != FAULT_NONE ||
		    json_array_append_new(
			list, json_pack("{s:o}", "fullyQualifiedName",
				  json_text(name.p, name.len))) == -1) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
locations_of(
    const struct model *m, const struct model_group *g, const struct place *p)
{
	return p->file != NULL
		   ? json_pack("[{s:o}]", "physicalLocation", physical(m, p))
		   : json_pack("[{s:o, s:o}]", "physicalLocation",
			 physical(m, p), "logicalLocations", names_of(m, g));
}

/* An exception that is open for the whole group stands beside the result, as
 * a suppression; the verdict stays. */
static int
add_suppression(
    const struct model *m, const struct model_group *g, json_t *result)
{
	for (size_t i = 0; i < g->ncovered; i++) {
		const struct model_exception *x =
		    &m->exceptions[g->covered[i].exception];
		BUF_AUTO(text, 64 * 1024);

		if (g->covered[i].subjects < g->nsubjects)
			continue;
		buf_printf(&text, "%s, %s until %s: %s", x->id, x->owner,
		    x->expires, x->reason);
		if (text.failed != FAULT_NONE)
			return -1;
		return json_object_set_new(result, "suppressions",
		    json_pack("[{s:s, s:s, s:o}]", "kind", "external", "status",
			"accepted", "justification",
			json_text(text.p, text.len)));
	}
	return 0;
}

/* One result a distinct place, and one for all that is in no file. */
static int
add_result(void *ctx, const struct model *m, const struct model_group *g,
    const struct place *place, struct fault *f)
{
	struct writing *w = ctx;
	const struct model_check *k = &m->checks[g->check];
	char print[SHA256_HEX];
	json_t *r;
	BUF_AUTO(text, 64 * 1024);

	if (g->verdict == VERDICT_UNKNOWN)
		buf_puts(&text, "Unknown: ");
	buf_printf(&text, "%s\nRemediation: %s", g->reason, k->remediation);
	if (buf_done(&text, "message", f) == -1 ||
	    finding_print(w->crypto, m, g, place, print, f) == -1)
		return -1;
	r = json_pack("{s:s, s:i, s:s, s:{s:o}, s:o, s:{s:s}, s:{s:s, s:I}}",
	    "ruleId", k->id, "ruleIndex", w->rule_indexes[g->check], "level",
	    severity_word(k->severity, SEVERITY_SARIF), "message", "text",
	    json_text(text.p, text.len), "locations", locations_of(m, g, place),
	    "partialFingerprints", "primaryLocationLineHash", print,
	    "properties", "verdict", verdict_name(g->verdict), "subjects",
	    (json_int_t)g->nsubjects);
	if (r == NULL || add_suppression(m, g, r) == -1) {
		json_decref(r);
		return fault_memory(f);
	}
	return json_array_append_new(w->results, r) == -1 ? fault_memory(f) : 0;
}

static json_t *
tags_of(const struct model_check *k)
{
	json_t *list = json_array();

	for (size_t i = 0; i < k->ncontrols; i++) {
		char tag[256];

		(void)snprintf(tag, sizeof(tag), "%.120s/%.120s",
		    k->controls[i].framework, k->controls[i].id);
		if (json_array_append_new(list, json_text(tag, strlen(tag))) ==
		    -1) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
text_of(const char *s)
{
	return json_pack("{s:o}", "text", json_text(s, strlen(s)));
}

/* Every check that judged something, so that a clean run shows what ran. */
static json_t *
rules_of(struct writing *w)
{
	json_t *list = json_array();
	int n = 0;

	for (size_t i = 0; i < w->m->nchecks; i++) {
		const struct model_check *k = &w->m->checks[i];
		size_t judged = 0;

		for (size_t v = 0; v < VERDICTS; v++)
			judged += k->counts[v];
		w->rule_indexes[i] = judged > 0 ? n++ : -1;
		if (judged > 0 &&
		    json_array_append_new(list,
			json_pack("{s:s, s:o, s:o, s:o, s:{s:s}, s:{s:o}}",
			    "id", k->id, "shortDescription", text_of(k->title),
			    "fullDescription", text_of(k->rationale), "help",
			    text_of(k->remediation), "defaultConfiguration",
			    "level", severity_word(k->severity, SEVERITY_SARIF),
			    "properties", "tags", tags_of(k))) == -1) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* Runs of one profile follow one another: GitHub closes what is gone. */
static json_t *
document(struct writing *w, json_t *rules)
{
	const struct model *m = w->m;
	char id[160];

	(void)snprintf(id, sizeof(id), "exhibit/%.120s/",
	    m->profile != NULL ? m->profile : "all");
	return json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:{s:s}, "
			 "s:{s:{s:{s:s}}, s:{s:{s:s}}, s:{s:{s:s}}}, s:O, "
			 "s:s, s:{s:s, s:I}}]}",
	    "$schema", SCHEMA, "version", "2.1.0", "runs", "tool", "driver",
	    "name", "exhibit", "version", m->exhibit, "rules", rules,
	    "automationDetails", "id", id, "originalUriBaseIds", "%SRCROOT%",
	    "description", "text", "the folder that was read", "ROOT",
	    "description", "text", "the root of the file system that was read",
	    "REPORT", "description", "text",
	    "the folder of the report, where its signed XML is", "results",
	    w->results, "columnKind", "unicodeCodePoints", "properties", "asOf",
	    m->as_of, "judgement", (json_int_t)m->judgement);
}

static int
append(const char *p, size_t len, void *bytes)
{
	struct buf *out = bytes;

	buf_put(out, p, len);
	return out->failed == FAULT_NONE ? 0 : -1;
}

static int
write_all(struct writing *w, struct buf *out, struct fault *f)
{
	const struct model *m = w->m;
	json_t *rules = rules_of(w), *doc;
	int rc =
	    rules == NULL ? fault_memory(f) : model_places(m, add_result, w, f);

	if (rc == -1) {
		json_decref(rules);
		return -1;
	}
	if ((doc = document(w, rules)) == NULL)
		return fault_memory(f);
	if (json_dump_callback(
		doc, append, out, JSON_INDENT(1) | JSON_SORT_KEYS) == -1)
		rc = buf_done(out, "SARIF", f) == -1 ? -1 : fault_memory(f);
	json_decref(doc);
	buf_putc(out, '\n');
	return rc == 0 ? buf_done(out, "SARIF", f) : -1;
}

int
sarif_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	struct writing w = { .m = m, .crypto = c, .results = json_array() };
	int rc = -1;

	w.rule_indexes = calloc(m->nchecks + 1, sizeof(int));
	if (w.results == NULL || w.rule_indexes == NULL)
		(void)fault_memory(f);
	else
		rc = write_all(&w, out, f);
	json_decref(w.results);
	free(w.rule_indexes);
	return rc;
}
