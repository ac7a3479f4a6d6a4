/*
 * What the interpreters share: the snapshot, the emitter, and the few facts
 * one of them finds out for the others.
 */
#ifndef COLLECTOR_NODE_PARTS_H
#define COLLECTOR_NODE_PARTS_H

#include "collector/node/interpret.h"
#include "collector/kit/openssl_conf.h"
#include "collector/kit/put.h"
#include "collector/node/node_parse.h"

/* Commands of the manifest, which the interpreters look up by their text. */
#define RPM_QUERY                                                              \
	"!rpm -qa --qf "                                                       \
	"'%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\t"    \
	"%|VENDOR?{%{VENDOR}}|\\t"                                             \
	"%|RSAHEADER?{%{RSAHEADER:pgpsig}}:{"                                  \
	"%|DSAHEADER?{%{DSAHEADER:pgpsig}}|}|\\n' "                            \
	"'openssl*' 'libopenssl*' 'libssl*' 'libgcrypt*' 'gnutls*' "           \
	"'libgnutls*' 'nss*' 'libfreebl*' 'libsoftokn*' 'mozilla-nss*' "       \
	"'dracut*' 'aide' 'kernel*' 'crypto-policies*' 'fips*' 'libkcapi*' "   \
	"'strongswan*' 'openssh-server' 'golang-fips*' 'patterns-*fips'"
#define PROCESSES_QUERY                                                        \
	"!for p in /proc/[0-9]*; do if m=$(grep -E "                           \
	"' r-xp .*/(libcrypto|libssl|libgnutls|libgcrypt|libnss3|libfreebl|"   \
	"libsoftokn|fips\\.so)[^/]*$' $p/maps 2>/dev/null); then "             \
	"read -r c <$p/comm; echo \"= $c\"; echo \"$m\"; "                     \
	"elif [ $? -gt 1 ] && [ -d $p ]; then echo \"? $p\"; fi; done"
#define APICLIENT_REPORT "!apiclient report fips -f json"
#define OPENSSL_VERSION "!openssl version"
#define OPENSSL_PROVIDERS "!openssl list -providers -verbose"
#define OPENSSL_MD5 "!openssl dgst -md5 /dev/null"
#define OPENSSL_FIPS "!openssl dgst -sha256 -propquery fips=yes /dev/null"

/* Made by exhibit itself: see snapshot.h. */
#define PROVIDERS_ENTRY "!providers"
#define IMDS_ENTRY "!imds"

#define VALUE_MAX 256 /* bytes kept of a value from a file */
#define KINDS_MAX 16

struct parts {
	const struct snapshot *s;
	struct emitter *e;
	const char *host;    /* key of what there is one of a host */
	const char *same_as; /* it is this one, by another name; else NULL */
	struct buf os_id, os_version, os_variant, os_pretty, os_build;
	bool os_known;		    /* an os-release was read */
	char family[OS_FAMILY_MAX]; /* as in os_release.h; "": not known */
	char arch[16];		    /* "": not known */
	struct conf *config;	    /* owned; openssl.cnf, NULL: not read */
	const struct kind *gaps[KINDS_MAX];
	size_t ngaps;
};

/* One path as evidence. text.p is NULL unless it was observed. */
struct reading {
	enum outcome outcome;
	const char *reason; /* never NULL */
	struct span text;
	const struct entry *entry; /* NULL: absent */
};

struct reading part_read(const struct parts *p, const char *path);

/* A command: absent if it was not run or is not installed. */
struct reading part_run(const struct parts *p, const char *command);

/* The kind was not answered in full; told once for a kind. */
MUST_USE int part_gap(struct parts *p, const struct kind *k,
    enum outcome outcome, const char *reason, struct fault *f);

/* Is it a folder that could not be listed, so that files are not known? A file
 * that was refused is known: it has an outcome of its own. */
bool part_hides(const struct entry *e);

/* Note a gap of k for such a folder at or below path. */
MUST_USE int part_gap_under(
    struct parts *p, const struct kind *k, const char *folder, struct fault *f);

/* The interpreters, in the order node_interpret() calls them. */
MUST_USE int os_read(struct parts *p, struct fault *f);
void arch_read(struct parts *p);
MUST_USE int package_emit(struct parts *p, struct fault *f);
MUST_USE int openssl_emit(struct parts *p, struct fault *f);
MUST_USE int kernel_emit(struct parts *p, struct fault *f);
MUST_USE int boot_emit(struct parts *p, struct fault *f);
MUST_USE int policy_emit(struct parts *p, struct fault *f);
MUST_USE int library_emit(struct parts *p, struct fault *f);
MUST_USE int bottlerocket_emit(struct parts *p, struct fault *f);
MUST_USE int identity_emit(struct parts *p, struct fault *f);
MUST_USE int process_library_emit(struct parts *p, struct fault *f);
MUST_USE int pro_emit(struct parts *p, struct fault *f);
MUST_USE int instance_emit(struct parts *p, struct fault *f);
MUST_USE int aws_emit(struct parts *p, struct fault *f);
MUST_USE int surroundings_emit(struct parts *p, struct fault *f);
MUST_USE int file_emit(struct parts *p, struct fault *f);

/* What a configuration does that a variable names. */
struct openssl_said {
	enum outcome outcome; /* of its reading */
	enum tri fips, by_default;
	enum tri same; /* the system's own: its bytes, or it includes it and
			  adds nothing; unknown: it adds something */
	char properties[VALUE_MAX + 1]; /* "": none, or not known */
	const char *weakened; /* a check that it switches off, or NULL */
};

void openssl_said(
    const struct parts *p, const char *path, struct openssl_said *out);

/* Has it the bytes of the module in the system's own folder? */
enum tri openssl_same_module(const struct parts *p, const struct entry *e);

/* How OpenSSL runs, from exhibit's own child or from openssl(1): one shape. */
struct runtime {
	enum outcome outcome;
	char reason[FAULT_TEXT_MAX];
	bool asked; /* false: nobody looked, so absent says nothing */
	const char *source;
	const char *method; /* "loaded" or "listed" */
	json_t *doc;	    /* owned; NULL unless observed */
};

MUST_USE int runtime_read(
    const struct parts *p, struct runtime *r, struct fault *f);
void runtime_free(struct runtime *r);
MUST_USE int runtime_emit(
    struct parts *p, const struct runtime *r, struct fault *f);

/* Of `openssl list -providers -verbose`: an array of {active, buildinfo, key,
 * name, version}. NULL with a fault. */
MUST_USE json_t *providers_list(struct span text, struct fault *f);

#endif
