/*
 * A report before it is written: everything the page says, and nothing that
 * was not read from the store. model.c fills it as of a run; oscal.c makes it
 * XML; the HTML is an XSLT of that XML.
 *
 * Every string is owned by the model's arena and lives until model_free().
 * Arrays are in the order in which they are written, so that the same store
 * and options give the same bytes.
 */
#ifndef REPORT_MODEL_MODEL_H
#define REPORT_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "report/judge/verdict.h"

struct model_prop {
	const char *name, *value;
};

/* Something judged: a node, later an instance, a role, an endpoint ... */
struct model_subject {
	const char *uuid;
	const char *kind, *scope, *key;
	const char *outcome;	/* of its newest observation */
	const char *reason;	/* why not observed, or NULL */
	const char *first_seen; /* UTC text */
	const char *last_seen;
	const struct model_prop *props; /* its columns that are not null */
	size_t nprops;
	/* Subjects of one kind with the same properties that matter and the
	 * same verdicts share this number; the page shows them together. */
	size_t posture;
};

struct model_check {
	const char *uuid;
	const char *id; /* "node-fips-on" */
	const char *title;
	const char *severity; /* high, medium, low, info */
	const char *layer;    /* short column heading, "on", or NULL */
	const char *rationale, *remediation;
	const char *const *references;
	size_t nreferences;
	const struct control *controls;
	size_t ncontrols;
	const char *sha256;	 /* of the check's text, as kept in the store */
	size_t counts[VERDICTS]; /* subjects per verdict */
};

/* A finding that somebody answers for until a day. It changes no verdict. */
struct model_exception {
	const char *id;			 /* "X12": its entry of the log */
	const char *state;		 /* open, expired, withdrawn */
	const char *check, *scope, *key; /* GLOB patterns */
	const char *owner, *approver, *reason;
	const char *made, *expires; /* UTC */
	size_t covers; /* findings of this report: verdicts not satisfied
			  or unknown that it is open for */
};

struct model_covered {	  /* of one group by one open exception */
	size_t exception; /* index */
	size_t subjects;
};

/* Subjects with the same verdict for the same reason, under one check. */
struct model_group {
	const char *uuid;
	size_t check; /* index into checks */
	enum verdict verdict;
	const char *reason;
	const size_t *subjects; /* indexes, ascending */
	size_t nsubjects;
	const size_t *evidence; /* indexes, ascending; may be empty */
	size_t nevidence;
	const char *since; /* earliest time any of them got this verdict, UTC */
	const struct model_covered *covered; /* by exception */
	size_t ncovered;
};

/* One stored content that a verdict of this report rests on. */
struct model_evidence {
	const char *uuid;
	const char *kind, *scope, *key;
	const char *sha256;    /* of the exact stored bytes, hex */
	uint64_t size;	       /* of these bytes */
	const char *outcome;   /* observed, denied ... */
	const char *source;    /* what was read: path, command, call */
	const char *collected; /* UTC, began of the run that first saw it so */
	const char *last_seen; /* UTC, newest run that saw it unchanged */
	long long run;	       /* the run that first saw it so */
	size_t subjects;       /* how many had exactly these bytes */
	size_t place;	       /* used while loading */
};

struct model_gap { /* what could not be asked or answered in full */
	const char *scope, *collector;
	const char *kind;    /* or NULL: the whole scope */
	const char *outcome; /* denied, unreachable, error */
	const char *reason;
};

struct model_scope { /* coverage of the run shown */
	const char *scope, *collector, *outcome;
	long long subjects, calls, denied;
	const char *covered; /* UTC of the newest run that asked it */
};

struct model_run {
	long long id;
	const char *began, *ended, *state;
	const char *origin, *asked_by, *exhibit, *module;
	const char *state_root;	 /* hex SHA-256 */
	const char *record_leaf; /* hex RFC 6962 leaf hash of its record */
	long long record;	 /* index of that leaf in the log */
};

struct model_checkpoint {
	const char *origin;
	long long size;
	const char *root_base64;
	const char *note; /* the exact C2SP text */
};

struct model_signer { /* certificate that will sign the files */
	const char *subject, *issuer, *serial, *fingerprint; /* SHA-256, hex */
	const char *algorithm, *not_before, *not_after;
	bool self_signed;
	const char *pem;  /* the certificate, to be printed in the report */
	const char *held; /* where the key is, or NULL: in this program */
};

#define MODEL_MODULES_MAX 2000
#define MODEL_BOM_MAX 20000

/* A table of what was found, made by one query (query.h). */
struct model_section {
	const char *uuid;
	const char *name; /* of the query, which gives every row */
	const char *title, *about;
	bool period;	   /* of what happened, not of how things stand */
	bool first;	   /* of the first page */
	const char *chart; /* how it is drawn, or NULL: query.h */
	const char *const *columns;
	size_t ncolumns;
	const char *const *cells; /* row by row; NULL: SQL's null */
	size_t nrows;		  /* written here */
	size_t all;		  /* that the query gives */
};

/* A cryptographic module as it was found, and the certificate in question: a
 * row of the query appendix-q. NULL: not known, or there is none. */
struct model_module {
	const char *uuid, *certificate_uuid;
	const char *layer; /* kernel, openssl, ... */
	const char *name, *version;
	const char *basis; /* exact, stream, different, none, cannot tell */
	const char *why;
	const char *certificate, *standard, *level, *vendor, *certified;
	const char *state, *status, *status_on, *validated, *sunset;
	const char *environment, *used_for, *inherited, *where, *source;
	long long places;
};

struct model {
	const char *uuid;	  /* of the document */
	const char *title;	  /* "FIPS 140 evidence report" */
	const char *organization; /* or NULL */
	const char *accent;	  /* "#234a78": of lines on the page, or NULL */
	const char *logo, *logo_type; /* base64 of an image/png ..., or NULL */
	const char *classification;   /* banner, or NULL */
	const char *fedramp_id;	      /* or NULL */
	const char
	    *redacted;	   /* profile by which names were replaced, or NULL */
	const char *made;  /* UTC: the report's own time */
	const char *as_of; /* UTC: the evidence's time */
	const char *period_from; /* UTC; NULL: the state, not a period */
	const char *period_to;	 /* UTC, not in it any more */
	const char *profile;	 /* "all", "fedramp-moderate" ... */
	const char *exhibit;	 /* version and build of this program */
	const char *module;	 /* crypto module that hashed and signs */
	const char *basename;	/* "exhibit-report": names in "how to verify" */
	const char *store_name; /* base name of the store file */
	const char *judged;	/* UTC: when the verdicts were made */
	long long judgement;	/* its number */

	struct model_run run; /* newest run at or before as_of */
	struct model_checkpoint checkpoint;
	const struct model_signer *signer; /* NULL: not signed */

	struct model_check *checks;
	size_t nchecks;
	struct model_subject *subjects;
	size_t nsubjects;
	size_t npostures;
	struct model_group *groups; /* by check, then verdict, then reason */
	size_t ngroups;
	struct model_evidence *evidence;
	size_t nevidence;
	struct model_scope *scopes;
	size_t nscopes;
	struct model_gap *gaps;
	size_t ngaps;
	struct model_exception *exceptions; /* by id */
	size_t nexceptions;
	struct model_section *sections; /* those that have rows */
	size_t nsections;
	struct model_module *modules; /* at most MODEL_MODULES_MAX */
	size_t nmodules, all_modules;
	const char **bom; /* CycloneDX components as JSON, if asked for */
	size_t nbom;

	struct arena *arena; /* owns every string and array above */
};

void model_free(struct model *m);

#endif
