/* A check's severity in the words of others. */
#ifndef REPORT_FORMAT_SEVERITY_H
#define REPORT_FORMAT_SEVERITY_H

enum severity_words {
	SEVERITY_SARIF,	 /* error, warning, note */
	SEVERITY_GITLAB, /* critical, major, minor, info */
	SEVERITY_STIG, /* high, medium, low: MITRE's readers take XCCDF's "info"
			  for not applicable */
	SEVERITY_OCSF, /* severity_id: 4, 3, 2, 1 */
	SEVERITY_HDF   /* impact, never 0: that would say not applicable */
};

/* Static. A severity that is none of ours is taken for high. */
const char *severity_word(const char *severity, enum severity_words words);

#endif
