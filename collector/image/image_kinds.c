/*
 * What exhibit keeps of a container image. A reference says which image a name
 * meant when it was asked for; everything else stands under the digest of the
 * image's manifest, which never means another: one look serves for ever. Of
 * files only what is named here is kept, of the environment only the variables
 * of environment.c.
 * Facts: OCI image and distribution specifications 1.1.
 */
#include "collector/image/image_kinds.h"

#include "collector/kit/columns.h"

#define PULL "pull the image"

static const struct column reference_columns[] = {
	{ "claim", J, "the reference",
	    "words of it that hold fips: what its maker says of it, and no "
	    "more" },
	{ "digest", T, "manifest, SHA-256",
	    "of the image for this platform; of a docker archive that of its "
	    "configuration; null: a folder has none" },
	{ "image", T, "as above", "key of the image it means" },
	{ "in_use", B, "--in-use",
	    "true: asked for because a cluster runs it" },
	{ "index_digest", T, "image index, SHA-256",
	    "of the index that names it, or null" },
	{ "platform", T, "manifest or configuration", "OS/MACHINE" },
	{ "reference", T, "as asked", "its name" },
	END,
};
const struct kind image_reference_kind = { "image.reference",
	"which image a name means", "platform, * if that is not known", PULL,
	reference_columns };

static const struct column image_columns[] = {
	{ "architecture", T, "configuration architecture", "machine" },
	{ "bytes", I, "layers", "unpacked" },
	{ "conditional_errors", I, "fipsmodule.cnf conditional-errors",
	    "0: a failed conditional test goes unnoticed" },
	{ "config_activates_default", B, "openssl.cnf",
	    "a provider other than fips or base is active" },
	{ "config_activates_fips", B, "openssl.cnf",
	    "it activates the provider fips; null: cannot be told" },
	{ "config_digest", T, "manifest config.digest",
	    "SHA-256 of its configuration" },
	{ "config_outcome", T, "openssl.cnf", "observed, absent or error" },
	{ "config_path", T, "OPENSSL_CONF, or where distributions have it",
	    "openssl.cnf that counts" },
	{ "config_properties", T, "openssl.cnf default_properties",
	    "fips=yes: only approved implementations are fetched" },
	{ "digest", T, "as image.reference", "null: a folder has none" },
	{ "env", J, "configuration Env",
	    "the variables that decide about FIPS mode, and their values" },
	{ "fipsmodule_outcome", T, "fipsmodule.cnf",
	    "observed, absent or error" },
	{ "fipsmodule_path", T, "the file that openssl.cnf includes",
	    "fipsmodule.cnf" },
	{ "gcrypt_forced", B, "/etc/gcrypt/fips_enabled",
	    "libgcrypt is in FIPS mode whatever the host's kernel says" },
	{ "install_status", T, "fipsmodule.cnf install-status",
	    "that self-tests were run when it was installed" },
	{ "layers", I, "manifest", "how many" },
	{ "looked_with", I, "image.c",
	    "edition of the recognition; a newer one looks again" },
	{ "os", T, "configuration os", "linux" },
	{ "os_family", T, "os-release ID, VERSION_ID",
	    "as node.os_family; null: it has no os-release" },
	{ "os_id", T, "os-release ID", "distribution" },
	{ "os_pretty", T, "os-release PRETTY_NAME", "its name" },
	{ "os_version", T, "os-release VERSION_ID", "its version" },
	{ "overrides", J,
	    "scripts, units of systemd, Entrypoint, Cmd, Healthcheck",
	    "those that can be reached and name variables of libraries, as "
	    "OPENSSL_CONF, LD_PRELOAD, GODEBUG" },
	{ "passed_over", I, "layers",
	    "entries whose paths lead outside the image" },
	{ "plain_programs", I, "layers",
	    "programs without libraries of cryptography, ciphers or sockets, "
	    "which image.program does not hold" },
	{ "programs", I, "layers", "programs, all of them" },
	{ "security_checks", I, "fipsmodule.cnf security-checks",
	    "0: the provider accepts short keys" },
	{ "unread", J, "layers",
	    "files that could not be told, and why; at most 64" },
	END,
};
const struct kind image_kind = { "image",
	"a container image for one platform: system, configuration",
	"digest, or root:FOLDER", PULL, image_columns };

static const struct column module_columns[] = {
	{ "basis", T, "recognise/", "how it was told" },
	{ "build", T, "the file", "build that the module names, or null" },
	{ "config_fips", B, "the configuration that this copy reads",
	    "OpenSSL: it activates the provider fips, and no other unless "
	    "fips=yes is asked of every fetch; null: cannot be told" },
	{ "config_outcome", T, "the configuration that this copy reads",
	    "OpenSSL: observed, absent or error; null: where it looks is not "
	    "known" },
	{ "config_path", T, "OPENSSL_CONF, or OPENSSLDIR of this copy",
	    "OpenSSL: openssl.cnf of this copy" },
	{ "module", T, "recognise/",
	    "openssl, libgcrypt, gnutls, nss, aws-lc, boringcrypto, go, java, "
	    "wolfcrypt, or another that has no certificate" },
	{ "name", T, "the file", "name, as the module gives it where it does" },
	{ "path", T, "layers", "file it is or is in" },
	{ "provider", T, "OPENSSL_MODULES, or MODULESDIR of this copy",
	    "OpenSSL: key of the FIPS provider that this copy would load; "
	    "null: none is there, or where it looks is not known" },
	{ "provider_outcome", T, "as provider",
	    "observed, absent; null: where it looks is not known" },
	{ "providers", J, "java.security",
	    "Java: its providers in their order; null: it was not found" },
	{ "sha256", T, "the file", "of an OpenSSL provider" },
	{ "version", T, "the file", "version, null if it does not say" },
	END,
};
const struct kind image_module_kind = { "image.module",
	"a cryptographic library or module in an image", "MODULE:PATH", PULL,
	module_columns };

static const struct column package_columns[] = {
	{ "arch", T, "package database", "machine" },
	{ "manager", T, "package database", "dpkg, apk or rpm" },
	{ "name", T, "package database", "package" },
	{ "signing_key", T, "package database",
	    "id of the key of its signature, as the database says; null: not "
	    "signed, or the database keeps no signatures" },
	{ "vendor", T, "package database",
	    "who says to have built it: rpm's Vendor, dpkg's Origin or else "
	    "Maintainer, or null" },
	{ "version", T, "package database", "version" },
	END,
};
const struct kind image_package_kind = { "image.package",
	"an installed package that has to do with cryptography; * : that the "
	"database was read",
	"NAME:ARCH, or *", PULL, package_columns };

static const struct column binary_columns[] = {
	{ "crypto_version", T, "build information",
	    "of golang.org/x/crypto, null: it is not in it" },
	{ "experiment", T, "build information GOEXPERIMENT", "as written" },
	{ "fips140", T, "build information GOFIPS140",
	    "version of the module it was built with, latest, or null: as "
	    "Go's own" },
	{ "fips_default", T, "build information DefaultGODEBUG",
	    "fips140 as it starts: on, only or null" },
	{ "fips_mode", T, "the above",
	    "native, boringcrypto, openssl or none: what computes; unknown: "
	    "it was built before Go told" },
	{ "go_version", T, "build information", "Go that built it" },
	{ "links", J, "DT_NEEDED", "libraries of cryptography it needs" },
	{ "main", T, "build information path", "its main package" },
	{ "path", T, "layers", "file" },
	END,
};
const struct kind image_binary_kind = { "image.binary",
	"a program that carries its cryptography: one built with Go", "PATH",
	PULL, binary_columns };

static const struct column program_columns[] = {
	{ "calls", B, "names in it or its libraries",
	    "functions of cryptographic libraries are called or offered" },
	{ "ciphers", B, "its bytes and its libraries'",
	    "tables of AES or ChaCha20 are in it" },
	{ "files", I, "the loader's rules", "how many files are loaded" },
	{ "form", T, "the file",
	    "dynamic, static, go, or archive (of classes or files)" },
	{ "hashes", B, "its bytes and its libraries'",
	    "tables of SHA-2 are in it" },
	{ "interpreter", T, "PT_INTERP", "its loader, or null" },
	{ "loads", B, "names in it or its libraries",
	    "it can load libraries by name (dlopen)" },
	{ "may_run", B, "image.program",
	    "false: no program that can be reached could load it" },
	{ "missing", J, "DT_NEEDED", "libraries that were not found" },
	{ "modules", J, "the loader's rules",
	    "keys of image.module: of what it is loaded with and what it "
	    "carries" },
	{ "path", T, "layers", "file" },
	{ "reached", J,
	    "Entrypoint, Cmd, Healthcheck, PATH, units of systemd, first lines "
	    "of scripts",
	    "how it can be reached; empty: that was not shown" },
	{ "role", T, "the file",
	    "program, or loaded: a library or archive that no program needs "
	    "and one may load" },
	{ "sockets", B, "names in it, texts and system calls of a static one",
	    "it can open connections" },
	{ "unread", J, "layers", "files among these that could not be told" },
	END,
};
const struct kind image_program_kind = { "image.program",
	"a program of an image, or what one may load, and what it computes "
	"with",
	"PATH", PULL, program_columns };

static const struct column link_columns[] = {
	{ "binaries", I, "DT_NEEDED", "how many files need it" },
	{ "examples", J, "layers", "some of them, at most 16" },
	{ "library", T, "DT_NEEDED", "library" },
	{ "module", T, "recognise/", "module it is of" },
	END,
};
const struct kind image_link_kind = { "image.link",
	"a library of cryptography that files of an image are linked with",
	"LIBRARY", PULL, link_columns };

const struct kind *const image_kinds[] = { IMAGE_KINDS, NULL };
const struct kind *const image_content_kinds[] = { &image_kind,
	&image_binary_kind, &image_link_kind, &image_module_kind,
	&image_package_kind, &image_program_kind, NULL };
const struct kind *const image_reference_kinds[] = { &image_reference_kind,
	NULL };
