/*
 * Profiles: which checks are run, by which parameters, and which controls they
 * are reported under. catalogs/profiles/NAME.tsv, compiled in, or a file of the
 * user's; a catalogue (catalog.h) with the columns what, name, value and why:
 *
 *   check        ID or pattern   include or exclude; the last that matches
 * holds framework    nist-800-53r5   * or the controls of it, as in "sc-8
 * sc-13" parameter    match           exact requirement  UCM-CSX-UVM     what
 * the programme says of it: MUST, SHOULD...
 *
 *   rules           fedramp         type and class, "20x b": which of FedRAMP's
 *                                   rules are told of (report/queries/with/
 *                                   fedramp.sql)
 *
 * Without a row for checks all are run; without one for frameworks, all
 * controls stand. A check that is left without a control is not run. A
 * judgement keeps the profile's text as the catalogue "profile", and all
 * parameters, set or not, in its record, so an old report is made anew by what
 * it was judged by.
 *
 * In checks and queries: parameter(name, value), every column TEXT.
 */
#ifndef REPORT_JUDGE_PROFILE_H
#define REPORT_JUDGE_PROFILE_H

#include "report/judge/check.h"

#define PROFILE_CATALOG "profile"
#define PROFILE_DEFAULT "all"
#define PROFILE_PARAMETERS_MAX 64

struct parameter_def {
	const char *name, *value; /* its value unless a profile sets one */
	const char *about;
};

/* The parameters that the checks of exhibit read; ends with name NULL. */
extern const struct parameter_def parameter_defs[];

/* The i-th profile compiled in, by name: "fedramp-high" and its first title
 * line; false: there are no more. Both hold until the program ends. */
bool profile_at(size_t i, char name[CATALOG_NAME_MAX], char title[160]);

/*
 * Leave in cs only what the profile chooses, add it to its catalogues, and set
 * its parameters. name is one compiled in, or a file's: it holds a '/' or ends
 * in .tsv. FAULT_USAGE: there is none; FAULT_FORMAT names the row at fault.
 */
MUST_USE int profile_apply(
    struct checks *cs, const char *name, struct crypto *c, struct fault *f);

/* Again what profile_apply() made of the controls, from the catalogue that a
 * judgement kept. A store of an earlier version has none: nothing is changed.
 */
MUST_USE int profile_again(struct checks *cs, struct fault *f);

/* The name that verdicts are kept under: a file's, without folder and .tsv. */
void profile_name(const char *given, char out[CATALOG_NAME_MAX]);

/* The value of a parameter, NULL: it is not one. */
const char *profile_parameter(const struct checks *cs, const char *name);

/* The table parameter on this connection: those set, else the defaults. cs may
 * be NULL: none is set. */
MUST_USE int parameters_set(
    struct store *reader, const struct checks *cs, struct fault *f);

/* The same, as the judgement's record has them; 0: the defaults. */
MUST_USE int parameters_judged(
    struct store *reader, long long judgement, struct fault *f);

#endif
