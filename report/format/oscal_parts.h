/*
 * What the writers of an OSCAL document share: the pen, what the model's
 * verdicts come to (index_model), and one function per part. See oscal.h.
 */
#ifndef REPORT_FORMAT_OSCAL_PARTS_H
#define REPORT_FORMAT_OSCAL_PARTS_H

#include <stdbool.h>

#include <libxml/xmlwriter.h>

#include "report/format/oscal.h"

#define NAME_LEN 128 /* of a derived UUID's name, a token, a short text */

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
	size_t *tally;	 /* scratch: one per posture, 0 between uses */
	size_t *groups;	 /* of each check its first group, and the end */
	size_t (*counts)[VERDICTS]; /* per check, from its groups */
};

void pen_fault(struct pen *p, enum fault_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A failed write is out of memory, or out's maximum, which buf_done tells. */
void pen_wrote(struct pen *p, int rc);
void pen_begin(struct pen *p, const char *name);
void pen_end(struct pen *p);
/*
 * s as one line for OSCAL's StringDatatype, \S(.*\S)? : line ends and tabs as
 * escapes, a blank at either end as \x20, nothing as words. Good until the
 * next call.
 */
const char *pen_line(struct pen *p, const char *s);
void pen_attr(struct pen *p, const char *name, const char *value);
void pen_text(struct pen *p, const char *s);
/* <name>value</name>, one line */
void pen_leaf(struct pen *p, const char *name, const char *value);
void pen_leaff(struct pen *p, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Markup of one paragraph per line of s: <name><p>..</p></name>. */
void pen_block(struct pen *p, const char *name, const char *s);
/* Markup that keeps its lines: <description><pre>..</pre></description>. */
void pen_verbatim(struct pen *p, const char *s);
/* A prop of our namespace that is still open, for remarks. */
void pen_prop_begin(
    struct pen *p, const char *name, const char *class, const char *value);
/* NULL is not written: the reader sees that nobody said. */
void pen_prop(struct pen *p, const char *name, const char *value);
void pen_prop_number(struct pen *p, const char *name, long long v);
void pen_prop_count(struct pen *p, const char *name, size_t v);
/* A prop that OSCAL itself names. */
void pen_prop_oscal(struct pen *p, const char *name, const char *value);
/* Dates are of OSCAL's DateTimeWithTimezone, always Z; else what is given. */
bool pen_is_time(const char *s);
const char *pen_when(const struct pen *p, const char *s);
/*
 * OSCAL's TokenDatatype: (letter|_)(letter|digit|.|-|_)*. Control ids become
 * those of the NIST catalogs on the way: "SC-8(1)" is sc-8.1.
 */
void pen_token(const char *s, char out[NAME_LEN]);
/* The UUID of a part of this document. */
void pen_uuid(struct pen *p, char out[UUID_LEN], const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* href="#uuid" */
void pen_attr_ref(struct pen *p, const char *name, const char *id);

struct oscal_state {
	const char *name, *state, *reason;
};
extern const struct oscal_state oscal_states[VERDICTS];
extern const char *const oscal_types[VERDICTS];

bool control_is_nist(const struct control *c);
/*
 * The SP 800-53A objective of a control. Those of SC-13 part into "uses are
 * identified" (a) and "cryptography is implemented" (b); a machine can only
 * speak of b. Every other control has the objective of its own name, which
 * holds its parts.
 */
void control_objective(const char *control, char out[NAME_LEN + 8]);
/* What all subjects of a check come to. NOT_APPLICABLE: nothing was judged. */
enum verdict check_verdict(const size_t counts[VERDICTS]);
/* SP 800-53A: reading files is to examine; running or calling is to test. */
const char *group_method(const struct model *m, const struct model_group *g);
/* The time for which all evidence of a group stands: its oldest sighting. */
const char *group_collected(const struct pen *p, const struct model_group *g);
const struct model_group *index_cell(
    const struct pen *p, size_t check, size_t subject);
size_t index_posture_size(const struct pen *p, size_t posture);
size_t index_posture_count(const struct pen *p, size_t posture, enum verdict v);
int index_model(struct pen *p);

/* Check i; judged: with what it came to. */
void oscal_activity(struct pen *p, size_t i, bool judged);
void oscal_local_definitions(struct pen *p);

void oscal_modules(struct pen *p); /* and their certificates */

void oscal_reviewed_controls(struct pen *p);
void oscal_run_props(struct pen *p);
void oscal_log(struct pen *p);

void oscal_sections(struct pen *p);

void oscal_observations(struct pen *p);
void oscal_risk(struct pen *p, size_t i);
void oscal_findings(struct pen *p, size_t i);

void oscal_back_matter(struct pen *p);
void oscal_provenance(struct pen *p); /* run record, checkpoint, signer */

void oscal_metadata(struct pen *p);

/* "X12 for 3 of 5, until 2027-03-31, ...": a prop an exception */
void oscal_covered(struct pen *p, const struct model_group *g);

/* A whole document: root() writes its element. As oscal_write(). */
MUST_USE int oscal_document(const struct model *m, struct crypto *c,
    void (*root)(struct pen *), struct buf *out, struct fault *f);

#endif
