/* Where in a file a finding is, for formats that are shown beside the code. */
#ifndef REPORT_FORMAT_FINDING_PLACE_H
#define REPORT_FORMAT_FINDING_PLACE_H

#include "report/model/model.h"

struct place {
	const char *file; /* borrowed; NULL: not in a file */
	long long line;	  /* from 1 */
};

/* The place that a subject's columns file and line and a reason name. */
struct place model_place(const struct model_subject *s, const char *reason);

/* For qsort(3), of places in files. */
int model_place_order(const void *a, const void *b);

#endif
