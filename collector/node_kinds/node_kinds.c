/*
 * What exhibit keeps of a node. Only these columns ever enter a store: no
 * file's text, no environment value, no kernel argument beyond those named.
 * Facts read: kernel admin-guide/sysctl/crypto, crypto-policies(7),
 * fips_module(7), Bottlerocket's FIPS report, SCAP Security Guide's FIPS rules.
 */
#include "collector/node_kinds/node_kinds.h"

#include "collector/kit/columns.h"
#include "collector/settings/config_kinds.h"

static const struct column node_columns[] = {
	{ "arch", T, "/proc/sys/kernel/arch, osrelease or dpkg", "machine" },
	{ "boot_id", T, "/proc/sys/kernel/random/boot_id",
	    "one boot of the kernel; ties evidence to it" },
	{ "cmdline_boot", T,
	    "/proc/cmdline boot=", "where dracut's fips module finds /boot" },
	{ "cmdline_fips", T, "/proc/cmdline fips=",
	    "value of the last fips= token, null without one" },
	{ "cmdline_fips_on", B, "/proc/cmdline fips=",
	    "the kernel reads it as on (a number of base 0)" },
	{ "cmdline_outcome", T, "/proc/cmdline", "outcome of the reading" },
	{ "fips_enabled", I, "/proc/sys/crypto/fips_enabled",
	    "1: the kernel booted in FIPS mode; null: not read" },
	{ "fips_enabled_outcome", T, "/proc/sys/crypto/fips_enabled",
	    "outcome; absent: a kernel without CONFIG_CRYPTO_FIPS; "
	    "unreachable: no /proc/sys, so no kernel to ask" },
	{ "fips_name", T, "/proc/sys/crypto/fips_name",
	    "module name the kernel gives" },
	{ "fips_version", T, "/proc/sys/crypto/fips_version",
	    "module version the kernel gives" },
	{ "kernel_release", T, "/proc/sys/kernel/osrelease", "uname -r" },
	{ "live", B, "the source",
	    "true: the running host; false: an image or mounted root" },
	{ "os_build", T, "os-release BUILD_ID", "build" },
	{ "os_family", T, "os-release ID, VERSION_ID",
	    "its system in the catalogue of systems, of one vendor: rhel9, "
	    "almalinux9, al2023 ...; other: not there" },
	{ "os_id", T, "os-release ID", "distribution" },
	{ "os_pretty", T, "os-release PRETTY_NAME", "name for people" },
	{ "os_variant", T, "os-release VARIANT_ID", "variant" },
	{ "os_version", T, "os-release VERSION_ID", "version" },
	{ "selftest_failed", J, "/proc/crypto selftest",
	    "drivers whose self-test did not pass" },
	{ "selftest_outcome", T, "/proc/crypto", "outcome of the reading" },
	{ "system_fips", B, "/etc/system-fips",
	    "marker file present (informational: deprecated everywhere)" },
	{ 0 },
};

const struct kind node_kind = {
	.name = "node",
	.about = "a host: its identity and the FIPS state of its kernel",
	.key = "host name",
	.permission = "read /etc/os-release and /proc; no privilege",
	.columns = node_columns,
};

static const struct column node_boot_columns[] = {
	{ "decides", B, "the path and its siblings",
	    "counts for the next boot; false: overridden, or no "
	    "kernel "
	    "line" },
	{ "entries", I, "the file",
	    "kernel lines in it, without recovery "
	    "and memtest; in dracut-conf: "
	    "lines that add modules" },
	{ "entries_fips", I, "the file",
	    "of these, with fips=1 (dracut-conf: with module fips); null: "
	    "depends on a file that could not be read" },
	{ "fips", T, "the file",
	    "value of the last fips= where it holds one line, or null" },
	{ "source", T, "the path",
	    "grub-default, grub-cfg, grubenv, bls, kernel-cmdline, "
	    "uki, zipl, oem-grub, bootc-kargs, bootconfig, dracut-conf" },
	{ 0 },
};

const struct kind node_boot_kind = {
	.name = "node.boot",
	.about = "one file that says how the next boot will be",
	.key = "path",
	.permission = "read /boot, /etc/default, /etc/kernel; usually root",
	.columns = node_boot_columns,
};

static const struct column node_next_boot_columns[] = {
	{ "boot_lacks", B, "the entries",
	    "GRUB's default entry has fips= on and no boot=" },
	{ "entry", T, "the entries and the loader's default",
	    "the entry booted by default; null: not one alone" },
	{ "fips", B, "the entries and the loader's default",
	    "fips= is on in it; null: could not be determined" },
	{ "lacking", J, "the entries",
	    "entries without it, that somebody may pick" },
	{ "loaders", I, "the files", "loaders with entries" },
	{ "offered", I, "the files", "entries in all" },
	{ "separate_boot", B, "/etc/fstab", "/boot is a file system" },
	{ 0 },
};

const struct kind node_next_boot_kind = {
	.name = "node.next_boot",
	.about = "the entry that the next boot takes by default",
	.key = "host name",
	.permission = "read /boot, /efi, /etc/fstab; usually root",
	.columns = node_next_boot_columns,
};

static const struct column node_crypto_policy_columns[] = {

	{ "backends_added", J, "/etc/crypto-policies/back-ends/*.config",
	    "what generated back-ends permit beyond the FIPS policy's text; "
	    "null: not all could be compared" },
	{ "backends_fips", J, "/etc/crypto-policies/back-ends/*.config",
	    "back-ends that link into the FIPS policy, or hold its text" },
	{ "backends_missing", J, "/usr/share/crypto-policies/FIPS",
	    "back-ends that the package has for the FIPS policy and the host "
	    "has not; null: the package's could not be listed" },
	{ "backends_other", J, "/etc/crypto-policies/back-ends/*.config",
	    "back-ends that do not" },
	{ "configured", T, "/etc/crypto-policies/config",
	    "policy asked for, with subpolicies" },
	{ "current", T, "/etc/crypto-policies/state/current",
	    "policy in force, with subpolicies" },
	{ "local", J, "/etc/crypto-policies/local.d/*.config",
	    "files appended to back-ends" },
	{ "openssl_follows", B, "/etc/pki/tls/openssl.cnf",
	    "includes the policy's opensslcnf.config" },
	{ "permits", J, "/etc/crypto-policies/state/CURRENT.pol",
	    "what the policy last set permits, by option and scope" },
	{ "permits_outcome", T, "/etc/crypto-policies/state/CURRENT.pol",
	    "outcome of the reading" },
	{ "policy", T, "/etc/crypto-policies/state/current",
	    "base policy in force: FIPS, DEFAULT ..." },
	{ "state_stale", B, "modification times",
	    "config changed after the state was made" },
	{ "subpolicies", J, "/etc/crypto-policies/state/current",
	    "modules after the base policy" },
	{ 0 },
};

const struct kind node_crypto_policy_kind = {
	.name = "node.crypto_policy",
	.about = "system-wide crypto policy, where there is one",
	.key = "host name",
	.permission = "read /etc/crypto-policies; no privilege",
	.columns = node_crypto_policy_columns,
};

static const struct column node_openssl_columns[] = {

	{ "conditional_errors", I, "fipsmodule.cnf conditional-errors",
	    "0: conditional self-test errors ignored" },
	{ "config_activates_default", B, "openssl.cnf",
	    "the default provider is activated too" },
	{ "config_activates_fips", B, "openssl.cnf, fipsmodule.cnf",
	    "the configuration activates provider fips" },
	{ "config_outcome", T, "openssl.cnf",
	    "outcome; absent: in none of the known places" },
	{ "config_path", T, "openssl.cnf", "the file read" },
	{ "config_properties", T, "openssl.cnf default_properties",
	    "default property query, e.g. fips=yes" },
	{ "fips_module_build", T, "ossl-modules/fips.so",
	    "build that its texts name; read, not run" },
	{ "fips_module_name", T, "ossl-modules/fips.so",
	    "name that its texts give; null: not told, or over ssh" },
	{ "fips_module_outcome", T, "ossl-modules/fips.so",
	    "outcome; absent: in none of the known places" },
	{ "fips_module_path", T, "ossl-modules/fips.so", "provider file" },
	{ "fips_module_sha256", T, "ossl-modules/fips.so", "its digest" },
	{ "fips_module_version", T, "ossl-modules/fips.so",
	    "version that its texts give" },
	{ "fipsmodule_outcome", T, "fipsmodule.cnf",
	    "outcome; absent: in none of the known places" },
	{ "fipsmodule_path", T, "fipsmodule.cnf", "the file read" },
	{ "install_status", T, "fipsmodule.cnf install-status",
	    "INSTALL_SELF_TEST_KATS_RUN after fipsinstall" },
	{ "library_version", T, "libcrypto or openssl version",
	    "version of the library itself" },
	{ "module_mac", T, "fipsmodule.cnf module-mac, ossl-modules/fips.so",
	    "match: it is the HMAC of a module there; stale: of none; null: "
	    "not stated, or no module could be read" },
	{ "runtime_fips_served_by", T, "SHA2-256 fetched with fips=yes",
	    "provider that answered; null: none" },
	{ "runtime_md5", T, "MD5 fetched with the default properties",
	    "available or refused: the negative control" },
	{ "runtime_outcome", T, "providers loaded in a child process",
	    "outcome; absent: not a live host" },
	{ "security_checks", I, "fipsmodule.cnf security-checks",
	    "0: key-size and curve checks off" },
	{ 0 },
};

const struct kind node_openssl_kind = {
	.name = "node.openssl",
	.about =
	    "OpenSSL as configured on disk and, on a live host, as it runs",
	.key = "host name",
	.permission = "read openssl.cnf and ossl-modules; no privilege",
	.columns = node_openssl_columns,
};

static const struct column node_process_library_columns[] = {
	{ "library", T, "/proc/*/maps", "file that is mapped" },
	{ "program", T, "/proc/*/comm", "program that runs with it" },
	{ "state", T, "/proc/*/maps",
	    "replaced: another file has its name now; elsewhere: outside of "
	    "the system's library folders" },
	{ 0 },
};

const struct kind node_process_library_kind = {
	.name = "node.process_library",
	.about = "a running program with a cryptographic library that is not "
		 "the system's as it is on disk; * : that all were looked at",
	.key = "program and path, or *",
	.permission = "read /proc/*/maps; root",
	.columns = node_process_library_columns,
};

static const struct column node_provider_columns[] = {

	{ "active", B, "OSSL_PROVIDER status, or openssl list -providers",
	    "status 1: its self-tests passed" },
	{ "buildinfo", T, "OSSL_PROV_PARAM_BUILDINFO", "build" },
	{ "method", T, "the source", "loaded or listed" },
	{ "name", T, "OSSL_PROV_PARAM_NAME", "name it gives itself" },
	{ "version", T, "OSSL_PROV_PARAM_VERSION", "version" },
	{ 0 },
};

const struct kind node_provider_kind = {
	.name = "node.provider",
	.about = "an OpenSSL provider loaded under the host's configuration",
	.key = "provider",
	.permission = "run on the host, or ssh; no privilege",
	.columns = node_provider_columns,
};

static const struct column node_library_columns[] = {
	{ "forced", B, "the library's own switch file",
	    "FIPS mode asked for by file" },
	{ "hmac_files", J, "integrity files beside the library",
	    "paths found" },
	{ "marker", T, "the library's own switch file", "path looked at" },
	{ 0 },
};

const struct kind node_library_kind = {
	.name = "node.library",
	.about = "FIPS markers of a cryptographic library",
	.key = "library",
	.permission = "read /etc and the library folders; no privilege",
	.columns = node_library_columns,
};

static const struct column node_package_columns[] = {
	{ "arch", T, "package database", "architecture" },
	{ "manager", T, "package database", "dpkg or rpm" },
	{ "name", T, "package database", "name" },
	{ "signing_key", T, "rpm's database",
	    "id of the key of its signature, as the database says; null: not "
	    "signed, or the database keeps no signatures" },
	{ "vendor", T, "package database",
	    "who says to have built it: rpm's Vendor, dpkg's Origin or else "
	    "Maintainer, or null" },
	{ "version", T, "package database",
	    "full version with epoch and release" },
	{ 0 },
};

const struct kind node_package_kind = {
	.name = "node.package",
	.about = "an installed package that matters to FIPS mode",
	.key = "name:architecture, and :version for rpm's kernels, of which "
	       "there may be several; * for the database as a whole",
	.permission = "read the package database; no privilege",
	.columns = node_package_columns,
};

static const struct column node_environment_columns[] = {
	{ "leads_default", B, "the file that OPENSSL_CONF names",
	    "it activates the default provider; null: not told" },
	{ "leads_fips", B, "the file that OPENSSL_CONF names",
	    "it activates the FIPS provider; null: not told, or with a module "
	    "of its own choice" },
	{ "leads_outcome", T,
	    "the file that OPENSSL_CONF names, or fips.so in the folder that "
	    "OPENSSL_MODULES names",
	    "outcome of its reading; null: of another variable, or not read" },
	{ "leads_properties", T, "the file that OPENSSL_CONF names",
	    "default property query" },
	{ "leads_same", B, "the file named, and the system's own",
	    "its bytes, or it includes the system's and adds nothing; null: "
	    "not told, or it adds something" },
	{ "leads_weakened", T, "the file that OPENSSL_CONF names",
	    "a check of the module that it switches off" },
	{ "name", T, "the file", "variable, of a short list of names" },
	{ "path", T, "the file", "where it is set" },
	{ "service", T, "the path",
	    "unit; null: for all, or for what reads the file" },
	{ "value", T, "the file", "its value; of GODEBUG only fips140=" },
	{ 0 },
};

const struct kind node_environment_kind = {
	.name = "node.environment",
	.about = "a variable that changes what cryptographic libraries do",
	.key = "path and variable; * for all files as a whole",
	.permission = "read /etc; some files need root",
	.columns = node_environment_columns,
};

static const struct column node_bottlerocket_columns[] = {
	{ "fips_variant", B, "VARIANT_ID", "ends in -fips" },
	{ "go_fips140", T,
	    "/run/fips-go.env GODEBUG fips140=", "mode set for Go programs" },
	{ "kernel_check", T, "/etc/.fips-kernel-check-passed",
	    "outcome of the marker; observed: passed at boot" },
	{ "module_check", T, "/etc/.fips-module-check-passed",
	    "outcome of the marker; observed: passed at boot" },
	{ "report_1_0", T, "apiclient report fips item 1.0",
	    "FIPS mode enabled: PASS, FAIL, SKIP" },
	{ "report_1_1", T, "apiclient report fips item 1.1",
	    "kernel module name" },
	{ "report_1_2", T, "apiclient report fips item 1.2", "marker files" },
	{ "report_outcome", T, "apiclient report fips",
	    "outcome; absent: apiclient not there" },
	{ 0 },
};

const struct kind node_bottlerocket_kind = {
	.name = "node.bottlerocket",
	.about = "Bottlerocket's own FIPS checks and markers",
	.key = "host name",
	.permission = "read /etc; apiclient needs the API socket",
	.columns = node_bottlerocket_columns,
};

static const struct column node_pro_service_columns[] = {

	{ "available", T, "status.json services[].available", "yes or no" },
	{ "entitled", T, "status.json services[].entitled", "yes or no" },
	{ "status", T, "status.json services[].status",
	    "enabled, disabled, n/a, warning" },
	{ 0 },
};

const struct kind node_pro_service_kind = {
	.name = "node.pro_service",
	.about = "an Ubuntu Pro service of the FIPS family",
	.key = "service",
	.permission = "read /var/lib/ubuntu-advantage/status.json",
	.columns = node_pro_service_columns,
};

static const struct column node_identity_columns[] = {
	{ "boot_id", T, "/proc/sys/kernel/random/boot_id",
	    "of the running kernel, new at each boot" },
	{ "host_keys", J, "/etc/ssh/ssh_host_*.pub",
	    "type and SHA-256 fingerprint of each host key there" },
	{ "hostname", T, "/proc/sys/kernel/hostname", "the host's own name" },
	{ "machine_id", T, "/etc/machine-id",
	    "SHA-256 over 'exhibit machine-id ' and the id; null: none" },
	{ "machine_id_outcome", T, "/etc/machine-id",
	    "outcome of the reading" },
	{ "same_as", T, "the targets of one collection",
	    "the machine was collected under this name already, and is no node "
	    "under the key's; null: it is one" },
	{ "ssh_key", T, "ssh",
	    "type and fingerprint of the key that ssh verified on the way; "
	    "null: not read through ssh, or ssh shows none" },
	{ 0 },
};

const struct kind node_identity_kind = {
	.name = "node.identity",
	.about = "which machine it is",
	.key = "host name",
	.permission = "read /etc/machine-id and public host keys; no privilege",
	.columns = node_identity_columns,
};

static const struct column node_instance_columns[] = {

	{ "account", T, "instance-identity document accountId", "account" },
	{ "image_id", T, "meta-data/ami-id", "AMI id" },
	{ "instance_id", T, "meta-data/instance-id", "instance id" },
	{ "instance_type", T, "meta-data/instance-type", "type" },
	{ "region", T, "meta-data/placement/region", "region" },
	{ 0 },
};

const struct kind node_instance_kind = {
	.name = "node.instance",
	.about = "what the instance metadata service (IMDSv2) says of the host",
	.key = "host name",
	.permission = "reach 169.254.169.254 from the host",
	.columns = node_instance_columns,
};

static const struct column node_file_columns[] = {
	{ "mode", T, "fstat", "permission bits, octal" },
	{ "modified", T, "fstat", "UTC; not for /proc, /sys and /run" },
	{ "sha256", T, "the bytes",
	    "digest; null where bytes change without meaning" },
	{ "size", I, "the bytes", "bytes; null where sha256 is" },
	{ "target", T, "readlink", "where a symbolic link points" },
	{ 0 },
};

const struct kind node_file_kind = {
	.name = "node.file",
	.about = "a file that was read, or refused, with its digest",
	.key = "path",
	.permission = "as the file's own mode asks",
	.columns = node_file_columns,
};

const struct kind *const node_kinds[] = {
	&config_aws_endpoint_kind,
	NODE_KINDS,
	NULL,
};
