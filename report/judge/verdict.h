/* What a check may say, and the controls that it bears on. */
#ifndef REPORT_JUDGE_VERDICT_H
#define REPORT_JUDGE_VERDICT_H

/* SP 800-53A words. Missing evidence is VERDICT_UNKNOWN, never satisfied. */
enum verdict {
	VERDICT_SATISFIED,
	VERDICT_NOT_SATISFIED,
	VERDICT_UNKNOWN,
	VERDICT_NOT_APPLICABLE
};
#define VERDICTS 4

const char *verdict_name(enum verdict v);	     /* "not-satisfied" ... */
int verdict_of_name(const char *s, enum verdict *v); /* -1: not one */

struct control { /* "nist-800-53r5" / "sc-13", from a check's header */
	const char *framework, *id;
};

#endif
