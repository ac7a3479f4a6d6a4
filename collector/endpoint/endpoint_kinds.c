/*
 * What exhibit keeps of an endpoint: what it said before anything secret was
 * exchanged, and nothing of what it would serve.
 */
#include "collector/endpoint/endpoint_kinds.h"

#include <stddef.h>

#include "collector/kit/columns.h"

#define REACH "reach the port; no account, nobody logs in"

static const struct column tls_endpoint_columns[] = {
	{ "alpn", J, "ServerHello, EncryptedExtensions",
	    "application protocols it agrees to, of those offered" },
	{ "compression", T, "ServerHello",
	    "none or deflate, TLS 1.2 and before; null: not spoken" },
	{ "encrypt_then_mac", B, "ServerHello", "RFC 7366, before TLS 1.3" },
	{ "extended_master_secret", B, "ServerHello",
	    "RFC 7627, before TLS 1.3; an approved module needs it" },
	{ "fallback_scsv", B, "alert inappropriate_fallback",
	    "RFC 7507; null: one version only, or another refusal" },
	{ "fips_client", T, "a hello with approved algorithms only",
	    "negotiated or refused" },
	{ "fips_extended_master_secret", B, "ServerHello",
	    "in that hello's answer, before TLS 1.3" },
	{ "fips_group", T, "ServerHello, ServerKeyExchange",
	    "what that client would negotiate" },
	{ "fips_suite", T, "ServerHello", "what that client would negotiate" },
	{ "fips_version", T, "ServerHello",
	    "what that client would negotiate" },
	{ "gaps", J, "the questions",
	    "what is not known in full: versions, suites, groups, signatures, "
	    "certificates, extensions, preference, alpn, fips_client" },
	{ "ocsp_stapled", B, "CertificateStatus",
	    "an OCSP answer came with the certificates" },
	{ "preference", T, "the accepted suites in reverse order",
	    "whose order of suites counts: server, client or mixed; null: "
	    "no version has two" },
	{ "secure_renegotiation", B, "ServerHello",
	    "RFC 5746, before TLS 1.3" },
	{ "server_name", T, "the name asked for",
	    "sent as SNI; null for an address" },
	{ "session_tickets", B, "ServerHello", "RFC 5077, before TLS 1.3" },
	{ "shapes", J, "the hellos",
	    "for each version: accepted, refused or unknown, the shape of "
	    "hello that works, the shapes in which refusals were checked" },
	{ "starttls", T, "as asked", "protocol that TLS began in, or null" },
	{ "unanswered", J, "the questions",
	    "those without an answer, and why; what depends on them is not "
	    "known" },
	{ "versions", J, "ServerHello", "versions accepted, newest first" },
	{ 0 },
};

const struct kind tls_endpoint_kind = {
	.name = "tls.endpoint",
	.about = "a TLS endpoint: what it accepts and how it negotiates",
	.key = "host:port",
	.permission = REACH,
	.columns = tls_endpoint_columns,
};

static const struct column tls_suite_columns[] = {
	{ "group_name", T, "ServerKeyExchange",
	    "group used with it when everything was offered; TLS 1.3: see "
	    "tls.group" },
	{ "id", T, "ServerHello", "IANA number, 0xC02F" },
	{ "key_exchange", T, "its name", "ECDHE_RSA; null in TLS 1.3" },
	{ "name", T, "ServerHello", "IANA name" },
	{ "position", I, "the order of elimination",
	    "1: the server's first choice; null: the client's order counts" },
	{ "shape", T, "the hello", "shape of the hello it was accepted in" },
	{ "version", T, "ServerHello", "TLS 1.2" },
	{ 0 },
};

const struct kind tls_suite_kind = {
	.name = "tls.suite",
	.about = "a cipher suite that the endpoint accepts in one version",
	.key = "version/suite",
	.permission = REACH,
	.columns = tls_suite_columns,
};

static const struct column tls_group_columns[] = {
	{ "bits", I, "ServerKeyExchange",
	    "size of the prime in parameters of its own" },
	{ "id", T, "ServerHello, ServerKeyExchange",
	    "IANA number; null: parameters of its own (before TLS 1.3)" },
	{ "name", T, "ServerHello, ServerKeyExchange",
	    "IANA name; modp_2048 (RFC 3526) or dh-1024: parameters of its "
	    "own" },
	{ "version", T, "ServerHello",
	    "TLS 1.3, or the newest version before it that has it" },
	{ 0 },
};

const struct kind tls_group_kind = {
	.name = "tls.group",
	.about = "a group that the endpoint agrees keys in",
	.key = "version/group",
	.permission = REACH,
	.columns = tls_group_columns,
};

static const struct column tls_signature_columns[] = {
	{ "id", T, "ServerKeyExchange, CertificateVerify", "IANA number" },
	{ "name", T, "ServerKeyExchange, CertificateVerify", "IANA name" },
	{ "version", T, "ServerHello", "TLS 1.2 or TLS 1.3" },
	{ 0 },
};

const struct kind tls_signature_kind = {
	.name = "tls.signature",
	.about = "a signature scheme that the endpoint signs handshakes with",
	.key = "version/scheme",
	.permission = REACH,
	.columns = tls_signature_columns,
};

static const struct column tls_certificate_columns[] = {
	{ "ca", B, "basicConstraints", "may issue certificates" },
	{ "ca_issuers", B, "authorityInfoAccess", "names its issuer's file" },
	{ "chain", T, "the leaf's key",
	    "which of the endpoint's chains: rsa, ec, rsa-2 ..." },
	{ "curve", T, "subjectPublicKeyInfo", "curve of an EC key" },
	{ "explicit_parameters", B, "subjectPublicKeyInfo",
	    "an EC key whose curve is written out, not named; null: no EC "
	    "key" },
	{ "extended_key_usage", J, "extendedKeyUsage", "purposes; null: any" },
	{ "issuer", T, "issuer", "name" },
	{ "key_bits", I, "subjectPublicKeyInfo", "size of the key" },
	{ "key_type", T, "subjectPublicKeyInfo",
	    "rsaEncryption, id-ecPublicKey, ED25519 ..." },
	{ "key_usage", J, "keyUsage", "usages; null: any" },
	{ "name_matches", B, "subjectAltName",
	    "leaf: covers the host asked for; null for others" },
	{ "not_after", T, "validity", "last second, UTC" },
	{ "not_before", T, "validity", "first second, UTC" },
	{ "ocsp", B, "authorityInfoAccess", "names an OCSP responder" },
	{ "position", I, "Certificate message", "0: the server's own" },
	{ "self_signed", B, "issuer, subject", "issued by itself" },
	{ "serial", T, "serialNumber", "hex" },
	{ "sha256", T, "the DER bytes", "digest" },
	{ "signature", T, "signatureAlgorithm", "ecdsa-with-SHA256 ..." },
	{ "signature_hash", T, "signatureAlgorithm",
	    "SHA256 ...; null: none named" },
	{ "signed_by_next", B, "the certificate behind it",
	    "that one issued it; null: none is behind it" },
	{ "subject", T, "subject", "name" },
	{ "subject_alt_names", J, "subjectAltName",
	    "DNS and IP names, at most 100" },
	{ "x509_version", I, "version", "3" },
	{ 0 },
};

const struct kind tls_certificate_kind = {
	.name = "tls.certificate",
	.about = "a certificate as the endpoint sends it",
	.key = "chain/position",
	.permission = REACH,
	.columns = tls_certificate_columns,
};

static const struct column ssh_endpoint_columns[] = {
	{ "ext_info", B, "KEXINIT", "RFC 8308" },
	{ "protocol", T, "version line", "2.0 or 1.99" },
	{ "software", T, "version line", "what it calls itself" },
	{ "strict_kex", B, "KEXINIT",
	    "kex-strict-s-v00@openssh.com: guards against Terrapin" },
	{ 0 },
};

const struct kind ssh_endpoint_kind = {
	.name = "ssh.endpoint",
	.about = "an SSH server, as it presents itself",
	.key = "host:port",
	.permission = REACH,
	.columns = ssh_endpoint_columns,
};

static const struct column ssh_algorithm_columns[] = {
	{ "bits", I, "SSH_MSG_KEX_DH_GEX_GROUP",
	    "of a group exchange: size of the smallest prime that a client "
	    "can have; null: another algorithm, or none came" },
	{ "class", T, "KEXINIT", "kex, host-key, cipher, mac or compression" },
	{ "name", T, "KEXINIT", "name, as sent" },
	{ "position", I, "KEXINIT", "its place in the server's list, from 1" },
	{ "to_client", B, "KEXINIT", "offered for what it sends" },
	{ "to_server", B, "KEXINIT", "offered for what it receives" },
	{ 0 },
};

const struct kind ssh_algorithm_kind = {
	.name = "ssh.algorithm",
	.about = "an algorithm that the SSH server offers",
	.key = "class/name",
	.permission = REACH,
	.columns = ssh_algorithm_columns,
};

static const struct column ssh_host_key_columns[] = {
	{ "algorithm", T, "KEXINIT", "host key algorithm that was asked for" },
	{ "curve", T, "the host key", "nistp256 ...; null: no ECDSA key" },
	{ "key_bits", I, "the host key",
	    "size of the key; null: of a type without a known size" },
	{ "key_type", T, "the host key", "ssh-rsa, ecdsa-sha2-nistp256 ..." },
	{ "sha256", T, "the host key", "digest of the key as sent" },
	{ 0 },
};

const struct kind ssh_host_key_kind = {
	.name = "ssh.host_key",
	.about = "a host key that the SSH server presents",
	.key = "algorithm",
	.permission = REACH,
	.columns = ssh_host_key_columns,
};

const struct kind *const endpoint_kinds[] = { ENDPOINT_KINDS, NULL };
const struct kind *const ssh_kinds[] = { SSH_KINDS, NULL };
const struct kind *const tls_kinds[] = { TLS_KINDS, NULL };
