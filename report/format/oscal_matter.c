/* Back matter: run record, checkpoint, certificate and evidence. */
#include "base/json.h"
#include "report/format/oscal_parts.h"

#include <stdio.h>
#include <string.h>

static void
resource_begin(struct pen *p, const char *name, const char *title)
{
	char id[UUID_LEN];

	pen_uuid(p, id, "%s", name);
	pen_begin(p, "resource");
	pen_attr(p, "uuid", id);
	pen_leaf(p, "title", title);
}

static void
write_plan(struct pen *p)
{
	resource_begin(p, "plan", "Assessment plan: none supplied");
	pen_block(p, "description",
	    "No OSCAL assessment plan was supplied. The profile chose the "
	    "checks, and the run's own plan in the store says what was asked.");
	pen_prop_oscal(p, "type", "plan");
	pen_prop(p, "resource", "plan");
	pen_prop(p, "profile", p->m->profile);
	pen_end(p);
}

static void
write_run_record(struct pen *p)
{
	const struct model_run *r = &p->m->run;

	resource_begin(p, "run-record", "Run record");
	pen_block(p, "description",
	    "The leaf of the store's RFC 6962 log that seals the run: its "
	    "times, plan, coverage and state root.");
	pen_prop_oscal(p, "type", "artifact");
	pen_prop(p, "resource", "run-record");
	pen_prop_number(p, "record", r->record);
	pen_prop(p, "record-leaf", r->record_leaf);
	pen_prop(p, "state-root", r->state_root);
	pen_end(p);
}

static void
write_checkpoint(struct pen *p)
{
	const struct model_checkpoint *k = &p->m->checkpoint;

	if (k->note == NULL)
		return;
	resource_begin(p, "checkpoint", "Checkpoint of the log");
	pen_verbatim(p, k->note);
	pen_prop_oscal(p, "type", "artifact");
	pen_prop(p, "resource", "checkpoint");
	pen_prop(p, "origin", k->origin);
	pen_prop_number(p, "size", k->size);
	pen_prop(p, "root", k->root_base64);
	pen_end(p);
}

static void
write_certificate(struct pen *p)
{
	const struct model_signer *s = p->m->signer;

	if (s == NULL)
		return;
	resource_begin(p, "certificate", "Certificate of the signer");
	pen_verbatim(p, s->pem != NULL ? s->pem : "");
	pen_prop_oscal(p, "type", "artifact");
	pen_prop(p, "resource", "certificate");
	pen_prop(p, "subject", s->subject);
	pen_prop(p, "issuer", s->issuer);
	pen_prop(p, "serial", s->serial);
	pen_prop(p, "fingerprint-sha256", s->fingerprint);
	pen_prop(p, "algorithm", s->algorithm);
	pen_prop(p, "not-before", s->not_before);
	pen_prop(p, "not-after", s->not_after);
	pen_prop(p, "self-signed", s->self_signed ? "yes" : "no");
	pen_prop(p, "key-held-by", s->held);
	pen_begin(p, "rlink");
	pen_attr(p, "href", "exhibit-cert.pem");
	pen_attr(p, "media-type", "application/x-pem-file");
	pen_end(p);
	pen_end(p);
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
	pen_begin(p, "rlink");
	pen_attr(p, "href", href.p);
	pen_attr(p, "media-type", "application/json");
	pen_begin(p, "hash");
	pen_attr(p, "algorithm", "SHA-256");
	pen_text(p, pen_line(p, e->sha256));
	pen_end(p);
	pen_end(p);
}

static void
write_evidence(struct pen *p, size_t i)
{
	const struct model_evidence *e = &p->m->evidence[i];
	char number[NAME_LEN];

	(void)snprintf(number, sizeof(number), "E%zu", i + 1);
	pen_begin(p, "resource");
	pen_attr(p, "uuid", e->uuid);
	pen_leaff(p, "title", "%s %s in %s", e->kind, e->key, e->scope);
	pen_prop_oscal(p, "type", "evidence");
	pen_prop(p, "number", number);
	pen_prop(p, "kind", e->kind);
	pen_prop(p, "scope", e->scope);
	pen_prop(p, "key", e->key);
	pen_prop(p, "outcome", e->outcome);
	pen_prop(p, "source", e->source);
	pen_prop(p, "collected", e->collected);
	pen_prop(p, "last-seen", e->last_seen);
	pen_prop_number(p, "run", e->run);
	pen_prop_number(p, "size", (long long)e->size);
	pen_prop_count(p, "subjects", e->subjects);
	write_rlink(p, e);
	pen_end(p);
}

void
oscal_provenance(struct pen *p)
{
	pen_begin(p, "back-matter");
	write_run_record(p);
	write_checkpoint(p);
	write_certificate(p);
	pen_end(p);
}

/* A picture is made of our own base64: one long word. */
static void
write_logo(struct pen *p)
{
	if (p->m->logo == NULL)
		return;
	resource_begin(p, "logo", "Logo");
	pen_prop_oscal(p, "type", "logo");
	pen_prop(p, "resource", "logo");
	pen_begin(p, "base64");
	pen_attr(p, "media-type", p->m->logo_type);
	pen_text(p, p->m->logo);
	pen_end(p);
	pen_end(p);
}

void
oscal_back_matter(struct pen *p)
{
	pen_begin(p, "back-matter");
	write_plan(p);
	write_run_record(p);
	write_checkpoint(p);
	write_certificate(p);
	write_logo(p);
	for (size_t i = 0; i < p->m->nevidence; i++)
		write_evidence(p, i);
	pen_end(p);
}
