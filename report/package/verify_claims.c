/* See verify_claims.h. */
#include "report/package/verify_claims.h"

#include <stdio.h>
#include <string.h>

#include <libxml/tree.h>
#include <libxml/xmlreader.h>

#define CLAIM_MAX 4096 /* bytes of one text that is compared */

struct claims {
	struct verifying *v;
	const char *where; /* the document */
	sqlite3 *db;	   /* in memory */
	sqlite3_stmt *item, *member, *claim, *find;
	long long compared, before;
};

static int
claims_fault(const struct claims *c, struct fault *f)
{
	return fault(f, FAULT_IO, "%s: %s", c->where, sqlite3_errmsg(c->db));
}

static int
prepare(struct claims *c, struct fault *f)
{
	if (sqlite3_open(":memory:", &c->db) != SQLITE_OK ||
	    sqlite3_exec(c->db,
		"CREATE TABLE item(uuid TEXT PRIMARY KEY, kind TEXT, scope "
		"TEXT, key TEXT) WITHOUT ROWID; CREATE TABLE member(component "
		"TEXT, item TEXT, PRIMARY KEY (component, item)) WITHOUT "
		"ROWID; CREATE TABLE claim(check_id "
		"TEXT, uuid TEXT, verdict TEXT, reason TEXT, seen INTEGER "
		"DEFAULT 0); CREATE INDEX by_item ON claim(check_id, uuid); "
		"CREATE INDEX by_name ON item(key, scope, kind); BEGIN",
		NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(c->db,
		"INSERT OR REPLACE INTO item VALUES (?1, ?2, ?3, ?4)", -1,
		&c->item, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(c->db,
		"INSERT OR IGNORE INTO member VALUES (?1, ?2)", -1, &c->member,
		NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(c->db,
		"INSERT INTO claim(check_id, uuid, verdict, reason) VALUES "
		"(?1, ?2, ?3, ?4)",
		-1, &c->claim, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(c->db,
		"UPDATE claim SET seen = seen + 1 WHERE check_id = ?1 AND uuid "
		"IN (SELECT uuid FROM item WHERE kind = ?2 AND scope = ?3 AND "
		"key = ?4) RETURNING verdict, reason",
		-1, &c->find, NULL) != SQLITE_OK)
		return claims_fault(c, f);
	return 0;
}

/* ------------------------------------------------------------- the document */

static bool
is(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE &&
	       xmlStrEqual(n->name, BAD_CAST name);
}

/* The value of the property of this name among n's children, or NULL; the
 * caller frees. */
static xmlChar *
prop(const xmlNode *n, const char *name)
{
	for (const xmlNode *p = n->children; p != NULL; p = p->next) {
		xmlChar *have;
		bool same;

		if (!is(p, "prop"))
			continue;
		have = xmlGetNoNsProp(p, BAD_CAST "name");
		same = xmlStrEqual(have, BAD_CAST name) == 1;
		xmlFree(have);
		if (same)
			return xmlGetNoNsProp(p, BAD_CAST "value");
	}
	return NULL;
}

/* The text of n's description. */
static void
description(const xmlNode *n, char out[CLAIM_MAX])
{
	out[0] = '\0';
	for (const xmlNode *p = n->children; p != NULL; p = p->next)
		for (const xmlNode *q = is(p, "description") ? p->children
							     : NULL;
		     q != NULL; q = q->next)
			if (is(q, "p")) {
				xmlChar *text = xmlNodeGetContent(q);

				(void)snprintf(out, CLAIM_MAX, "%s",
				    text != NULL ? (const char *)text : "");
				xmlFree(text);
				return;
			}
}

static void
bind_claim(sqlite3_stmt *q, int i, const void *text)
{
	sqlite3_bind_text(q, i, text, -1, SQLITE_TRANSIENT);
}

/* The postures that an item is of: what is said of one is said of each item. */
static int
take_members(
    struct claims *c, const xmlNode *n, const xmlChar *item, struct fault *f)
{
	int rc = 0;

	for (const xmlNode *p = n->children; rc == 0 && p != NULL;
	     p = p->next) {
		xmlChar *component;

		if (!is(p, "implemented-component"))
			continue;
		component = xmlGetNoNsProp(p, BAD_CAST "component-uuid");
		(void)sqlite3_reset(c->member);
		bind_claim(c->member, 1, component);
		bind_claim(c->member, 2, item);
		xmlFree(component);
		rc = sqlite3_step(c->member) == SQLITE_DONE
			 ? 0
			 : claims_fault(c, f);
	}
	return rc;
}

static int
take_item(struct claims *c, const xmlNode *n, struct fault *f)
{
	xmlChar *uuid = xmlGetNoNsProp(n, BAD_CAST "uuid"),
		*kind = prop(n, "kind"), *scope = prop(n, "scope"),
		*key = prop(n, "key");
	int rc;

	(void)sqlite3_reset(c->item);
	bind_claim(c->item, 1, uuid);
	bind_claim(c->item, 2, kind);
	bind_claim(c->item, 3, scope);
	bind_claim(c->item, 4, key);
	rc = sqlite3_step(c->item) == SQLITE_DONE ? 0 : claims_fault(c, f);
	if (rc == 0)
		rc = take_members(c, n, uuid, f);
	xmlFree(uuid);
	xmlFree(kind);
	xmlFree(scope);
	xmlFree(key);
	return rc;
}

static int
take_observation(struct claims *c, const xmlNode *n, struct fault *f)
{
	xmlChar *check = prop(n, "check"), *verdict = prop(n, "verdict");
	char reason[CLAIM_MAX];
	int rc = 0;

	description(n, reason);
	for (const xmlNode *p = n->children;
	     rc == 0 && check != NULL && verdict != NULL && p != NULL;
	     p = p->next) {
		xmlChar *uuid;

		if (!is(p, "subject"))
			continue;
		uuid = xmlGetNoNsProp(p, BAD_CAST "subject-uuid");
		(void)sqlite3_reset(c->claim);
		bind_claim(c->claim, 1, check);
		bind_claim(c->claim, 2, uuid);
		bind_claim(c->claim, 3, verdict);
		bind_claim(c->claim, 4, reason);
		xmlFree(uuid);
		rc = sqlite3_step(c->claim) == SQLITE_DONE ? 0
							   : claims_fault(c, f);
	}
	xmlFree(check);
	xmlFree(verdict);
	return rc;
}

static int
read_node(struct claims *c, xmlTextReader *in, bool *whole, struct fault *f)
{
	const xmlChar *name = xmlTextReaderConstLocalName(in);
	bool item = xmlStrEqual(name, BAD_CAST "inventory-item") == 1;
	const xmlNode *n;

	*whole = false;
	if (xmlTextReaderNodeType(in) != XML_READER_TYPE_ELEMENT ||
	    (!item && xmlStrEqual(name, BAD_CAST "observation") != 1))
		return 0;
	if ((n = xmlTextReaderExpand(in)) == NULL)
		return fault(f, FAULT_FORMAT, "%s: not XML", c->where);
	*whole = true;
	return item ? take_item(c, n, f) : take_observation(c, n, f);
}

static int
read_document(struct claims *c, const struct buf *xml, struct fault *f)
{
	xmlTextReader *in =
	    xmlReaderForMemory(xml->p, (int)xml->len, NULL, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
		    XML_PARSE_HUGE);
	int more = in != NULL ? xmlTextReaderRead(in) : -1, rc = 0;

	while (rc == 0 && more == 1) {
		bool whole;

		rc = read_node(c, in, &whole, f);
		if (rc == 0)
			more = whole ? xmlTextReaderNext(in)
				     : xmlTextReaderRead(in);
	}
	xmlFreeTextReader(in);
	return rc == 0 && more != 0
		   ? fault(f, FAULT_FORMAT, "%s: not XML", c->where)
		   : rc;
}

/* What is claimed of a posture, item by item. */
static int
spread(struct claims *c, struct fault *f)
{
	return sqlite3_exec(c->db,
		   "INSERT INTO claim(check_id, uuid, verdict, reason) SELECT "
		   "c.check_id, m.item, c.verdict, c.reason FROM claim c JOIN "
		   "member m ON m.component = c.uuid; DELETE FROM claim WHERE "
		   "uuid IN (SELECT component FROM member)",
		   NULL, NULL, NULL) == SQLITE_OK
		   ? 0
		   : claims_fault(c, f);
}

/* --------------------------------------------------------------- comparing */

static void
wrong(struct claims *c, const char *check, const char *item, const char *what)
{
	char where[2048];

	(void)snprintf(
	    where, sizeof(where), "%s, check %s, %s", c->where, check, item);
	verify_problem(c->v, where, what);
}

/* One of the store's results: the document must claim just this. */
static void
compare(struct claims *c, sqlite3_stmt *kept)
{
	const char *t[6];
	char item[1536], what[3 * CLAIM_MAX];
	bool found = false;

	for (int i = 0; i < 6; i++) {
		t[i] = (const char *)sqlite3_column_text(kept, i);
		if (t[i] == NULL)
			return; /* purged by retention */
	}
	c->compared++;
	(void)snprintf(item, sizeof(item), "%s %s in %s", t[1], t[3], t[2]);
	(void)sqlite3_reset(c->find);
	for (int i = 0; i < 4; i++)
		bind_claim(c->find, i + 1, t[i]);
	while (sqlite3_step(c->find) == SQLITE_ROW) {
		const char *verdict =
		    (const char *)sqlite3_column_text(c->find, 0);
		const char *reason =
		    (const char *)sqlite3_column_text(c->find, 1);

		found = true;
		if (strcmp(verdict, t[4]) == 0 &&
		    strncmp(reason, t[5], CLAIM_MAX - 1) == 0)
			continue;
		(void)snprintf(what, sizeof(what),
		    "is said to be '%s' (%s); the store has '%s' (%s)", verdict,
		    reason, t[4], t[5]);
		wrong(c, t[0], item, what);
	}
	if (found)
		return;
	(void)snprintf(what, sizeof(what),
	    "is left out; the store has '%s' (%s)", t[4], t[5]);
	wrong(c, t[0], item, what);
}

static int
compare_kept(
    struct claims *c, struct store *st, long long judgement, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	int rc;

	if (sqlite3_prepare_v2(store_db(st),
		"SELECT u.check_id, s.kind, s.scope, s.key, "
		"json_extract(c.body, '$.verdict'), json_extract(c.body, "
		"'$.reason') FROM judgement j JOIN rule u ON u.profile = "
		"j.profile CROSS JOIN opinion o ON o.rule = u.id AND "
		"o.judgement = (SELECT max(judgement) FROM opinion WHERE rule "
		"= o.rule AND subject = o.subject AND judgement <= j.id) JOIN "
		"content c ON c.id = o.content CROSS JOIN subject s ON s.id = "
		"o.subject WHERE j.id = ?1",
		-1, &q, NULL) != SQLITE_OK)
		return store_fault(st, "verdicts", f);
	sqlite3_bind_int64(q, 1, judgement);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW)
		compare(c, q);
	(void)sqlite3_finalize(q);
	return rc == SQLITE_DONE ? 0 : store_fault(st, "verdicts", f);
}

/* What the document claims and the store does not have, or has once. */
static int
compare_added(struct claims *c, struct fault *f)
{
	sqlite3_stmt *q = NULL;
	char item[1536], what[2 * CLAIM_MAX];
	int rc;

	if (sqlite3_prepare_v2(c->db,
		"SELECT check_id, coalesce(kind || ' ' || key || ' in ' || "
		"scope, 'item ' || c.uuid), verdict, reason FROM claim c LEFT "
		"JOIN item i ON i.uuid = c.uuid WHERE seen <> 1 ORDER BY 1, 2",
		-1, &q, NULL) != SQLITE_OK)
		return claims_fault(c, f);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		(void)snprintf(item, sizeof(item), "%s",
		    (const char *)sqlite3_column_text(q, 1));
		(void)snprintf(what, sizeof(what),
		    "is said to be '%s' (%s); the store has no such result",
		    (const char *)sqlite3_column_text(q, 2),
		    (const char *)sqlite3_column_text(q, 3));
		wrong(c, (const char *)sqlite3_column_text(q, 0), item, what);
	}
	(void)sqlite3_finalize(q);
	return rc == SQLITE_DONE ? 0 : claims_fault(c, f);
}

int
verify_claims(struct verifying *v, const char *where, const struct buf *xml,
    struct store *st, long long judgement, struct fault *f)
{
	struct claims c = { .v = v, .where = where, .before = v->problems };
	int rc = prepare(&c, f);

	if (rc == 0)
		rc = read_document(&c, xml, f);
	if (rc == 0)
		rc = spread(&c, f);
	if (rc == 0)
		rc = compare_kept(&c, st, judgement, f);
	if (rc == 0)
		rc = compare_added(&c, f);
	if (rc == 0 && v->problems == c.before)
		verify_say(v, VERIFY_NOTE, "",
		    "%s: its %lld results and reasons are those of the store",
		    where, c.compared);
	(void)sqlite3_finalize(c.item);
	(void)sqlite3_finalize(c.member);
	(void)sqlite3_finalize(c.claim);
	(void)sqlite3_finalize(c.find);
	(void)sqlite3_close(c.db);
	return rc;
}
