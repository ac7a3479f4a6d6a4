/*
 * What exhibit keeps of configuration files. Only these columns ever enter a
 * store: no command's text, no user data, no key, token or password.
 */
#include "collector/settings/config_kinds.h"

#include "collector/kit/columns.h"

/* Of every kind here. */
#define PLACE                                                                  \
	{ "file", T, "the path given",                                         \
		"the file; for a folder, the file in it" },                    \
	{                                                                      \
		"line", I, "the file", "where it begins"                       \
	}
#define STATED                                                                 \
	{ "lines", J, "the file", "the line of each column that is stated" },  \
	{                                                                      \
		"unread", J, "the file",                                       \
		    "columns that are stated, but not as a value: a function " \
		    "or a wrong type"                                          \
	}

#define PERMISSION "read the file; no privilege"

static const struct column aws_endpoint_columns[] = {
	{ "catalog_region", T, "region, and the service",
	    "region its host is listed under; of a service with one host a "
	    "partition, that of the partition" },
	{ "fips_by", T, "environment and file",
	    "what asks for FIPS endpoints, or null" },
	{ "fips_overridden", B, "environment and file",
	    "FIPS is asked for, and a configured URL switches it off" },
	PLACE,
	{ "profile", T, "[profile x]", "name of the profile" },
	{ "region", T, "AWS_REGION, AWS_DEFAULT_REGION, region", "region" },
	{ "service", T, "exhibit's list",
	    "endpoint prefix of the service, as in the catalogue" },
	STATED,
	{ "url_by", T, "environment and file", "which setting gives the URL" },
	{ "url_host", T,
	    "AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, services block, "
	    "endpoint_url",
	    "host of the configured URL that is called; ?: not a URL" },
	{ "url_ignored", B, "ignore_configured_endpoint_urls",
	    "a URL is configured and ignored" },
	{ "url_plain", B, "the same", "the URL is not https" },
	{ "use_dualstack", B,
	    "AWS_USE_DUALSTACK_ENDPOINT, use_dualstack_endpoint",
	    "dual-stack endpoints are called" },
	{ "use_fips", B, "AWS_USE_FIPS_ENDPOINT, use_fips_endpoint",
	    "FIPS endpoints are called" },
	{ 0 },
};

const struct kind config_aws_endpoint_kind = {
	.name = "config.aws_endpoint",
	.about = "which endpoint a profile calls for a service of AWS",
	.key = "path, profile and service",
	.permission = PERMISSION "; with --aws-environment, the environment",
	.columns = aws_endpoint_columns,
};

static const struct column file_columns[] = {
	{ "excluded_by", T, "--exclude",
	    "the glob, or the folder's name, that left it out" },
	PLACE,
	{ "included_by", T, "the file that includes it",
	    "its settings are evaluated as part of that file" },
	{ "not_understood", J, "its content",
	    "parts of no known type or form: line and text" },
	{ "refused", J, "its content",
	    "what the program it is for rejects or ignores: line and text" },
	{ "sha256", T, "the bytes", "digest of the file" },
	{ "size", I, "the bytes", "bytes" },
	{ "strict", B, "its type",
	    "fields or values were compared with those its program accepts" },
	{ "type", T, "its content, or --type",
	    "types found in it, joined by a comma; other: none known; "
	    "included, excluded, empty" },
	{ 0 },
};

const struct kind config_file_kind = {
	.name = "config.file",
	.about = "a configuration file that was read, or could not be",
	.key = "path",
	.permission = PERMISSION,
	.columns = file_columns,
};

static const struct column eksctl_cluster_columns[] = {
	{ "auth_mode", T, "accessConfig.authenticationMode",
	    "API, API_AND_CONFIG_MAP or CONFIG_MAP" },
	{ "auto_mode", B, "autoModeConfig.enabled",
	    "EKS Auto Mode: AWS chooses the nodes" },
	{ "creator_admin", B,
	    "accessConfig.bootstrapClusterCreatorAdminPermissions",
	    "whoever creates the cluster is its administrator for ever" },
	PLACE,
	{ "log_types", J, "cloudWatch.clusterLogging.enableTypes",
	    "logs of the control plane" },
	{ "name", T, "metadata.name", "name of the cluster" },
	{ "private_access", B, "vpc.clusterEndpoints.privateAccess",
	    "API server reachable in the VPC" },
	{ "private_cluster", B, "privateCluster.enabled",
	    "fully private: no way out but through VPC endpoints" },
	{ "public_access", B, "vpc.clusterEndpoints.publicAccess",
	    "API server reachable from the internet; eksctl's default is "
	    "true" },
	{ "public_cidrs", J, "vpc.publicAccessCIDRs",
	    "who may reach it from there; everyone if not stated" },
	{ "region", T, "metadata.region", "AWS region" },
	{ "secrets_key", T, "secretsEncryption.keyARN",
	    "KMS key that encrypts Kubernetes secrets" },
	STATED,
	{ "version", T, "metadata.version", "Kubernetes version" },
	{ "with_oidc", B, "iam.withOIDC", "OIDC provider for IRSA" },
	{ 0 },
};

const struct kind config_eksctl_cluster_kind = {
	.name = "config.eksctl_cluster",
	.about = "an eksctl ClusterConfig, before it is a cluster",
	.key = "path and cluster",
	.permission = PERMISSION,
	.columns = eksctl_cluster_columns,
};

static const struct column eksctl_nodegroup_columns[] = {
	{ "ami", T, "ami", "image id, auto, auto-ssm or a parameter" },
	{ "ami_family", T, "amiFamily", "AmazonLinux2023 if not stated" },
	{ "aws_config_fips", B, "bottlerocket.settings.aws.config",
	    "use_fips_endpoint of the default profile given to a "
	    "Bottlerocket node" },
	{ "cluster", T, "metadata.name", "name of the cluster" },
	{ "disable_imdsv1", B, "disableIMDSv1",
	    "instance metadata by session token only; eksctl's default is "
	    "true" },
	PLACE,
	{ "instance_types", J, "instanceType, instanceTypes",
	    "types of instance" },
	{ "launch_template", T, "launchTemplate.id",
	    "a launch template: image and volumes are there" },
	STATED,
	{ "managed", B, "the list it stands in",
	    "true: managedNodeGroups; false: nodeGroups" },
	{ "name", T, "name", "name of the node group" },
	{ "override", T, "overrideBootstrapCommand",
	    "what it holds: nodeconfig, or bootstrap (a script that calls "
	    "/etc/eks/bootstrap.sh), or script (one that does not)" },
	{ "override_sets_fips", B, "overrideBootstrapCommand",
	    "it runs fips-mode-setup or sets fips=1" },
	{ "pre_bootstrap", B, "preBootstrapCommands", "there are commands" },
	{ "pre_reboots", B, "preBootstrapCommands", "one of them reboots" },
	{ "pre_sets_fips", B, "preBootstrapCommands",
	    "one of them runs fips-mode-setup or sets fips=1" },
	{ "private_networking", B, "privateNetworking",
	    "nodes have no public address" },
	{ "ssh_allow", B, "ssh.allow", "SSH is open" },
	{ "ssh_sources", J, "ssh.sourceSecurityGroupIds",
	    "security groups that may use it" },
	{ "volume_encrypted", B, "volumeEncrypted",
	    "root volume encrypted; not stated: the account's default "
	    "decides" },
	{ "volume_kms_key", T, "volumeKmsKeyID", "with this key" },
	{ "volumes_open", I, "additionalVolumes[].volumeEncrypted",
	    "additional volumes whose encryption is switched off" },
	{ "volumes_unstated", I, "additionalVolumes[].volumeEncrypted",
	    "additional volumes that leave it to the account's default" },
	{ 0 },
};

const struct kind config_eksctl_nodegroup_kind = {
	.name = "config.eksctl_nodegroup",
	.about = "a node group of an eksctl ClusterConfig",
	.key = "path and node group",
	.permission = PERMISSION,
	.columns = eksctl_nodegroup_columns,
};

static const struct column component_columns[] = {
	{ "anonymous_auth", B,
	    "--anonymous-auth, authentication.anonymous.enabled",
	    "requests without credentials are let in" },
	{ "authorization_mode", T, "--authorization-mode, authorization.mode",
	    "how requests are allowed" },
	{ "client_cert_auth", B, "--client-cert-auth",
	    "etcd asks for client certificates" },
	{ "component", T, "the command, or the file",
	    "kube-apiserver, etcd, kubelet ..." },
	{ "encryption_config", T, "--encryption-provider-config",
	    "path of the EncryptionConfiguration" },
	PLACE,
	{ "read_only_port", T, "--read-only-port, readOnlyPort",
	    "port without authentication; 0: none" },
	STATED,
	{ 0 },
};

const struct kind config_component_kind = {
	.name = "config.component",
	.about = "a component of Kubernetes as its manifest or file starts it",
	.key = "path and component",
	.permission = PERMISSION,
	.columns = component_columns,
};

static const struct column encryption_columns[] = {
	PLACE,
	{ "first", T, "resources[].providers[0]",
	    "the provider that writes: identity, aescbc, aesgcm, secretbox, "
	    "kms v1, kms v2" },
	{ "number", I, "resources[]", "its place in the list, from 1" },
	{ "providers", J, "resources[].providers[]", "all, in order" },
	{ "resources", J, "resources[].resources[]", "what it is for" },
	STATED,
	{ 0 },
};

const struct kind config_encryption_kind = {
	.name = "config.encryption",
	.about = "an entry of an EncryptionConfiguration of the API server",
	.key = "path and number",
	.permission = PERMISSION,
	.columns = encryption_columns,
};

static const struct column certificate_columns[] = {
	PLACE,
	{ "not_after", T, "the certificate",
	    "end of its validity; of several authorities the latest" },
	STATED,
	{ "what", T, "the place in the file",
	    "authority of a cluster, client certificate" },
	{ 0 },
};

const struct kind config_certificate_kind = {
	.name = "config.certificate",
	.about = "until when a certificate in a file holds; nothing else of it",
	.key = "path and place in it",
	.permission = PERMISSION,
	.columns = certificate_columns,
};

static const struct column kubeconfig_columns[] = {
	PLACE,
	{ "has_ca", B, "certificate-authority, certificate-authority-data",
	    "an authority of its own is named" },
	{ "https", B, "clusters[].cluster.server", "the server is https" },
	{ "name", T, "clusters[].name", "name of the cluster" },
	{ "skip_verify", B, "insecure-skip-tls-verify",
	    "the server's certificate is not verified" },
	STATED,
	{ 0 },
};

const struct kind config_kubeconfig_kind = {
	.name = "config.kubeconfig",
	.about = "a cluster of a kubeconfig; nothing of its users",
	.key = "path and cluster",
	.permission = PERMISSION,
	.columns = kubeconfig_columns,
};

static const struct column openssl_columns[] = {
	{ "activates_default", B, "openssl.cnf",
	    "the default provider is activated too" },
	{ "activates_fips", B, "openssl.cnf",
	    "the configuration activates provider fips" },
	{ "conditional_errors", I, "conditional-errors",
	    "0: conditional self-test errors ignored" },
	PLACE,
	{ "includes", B, ".include",
	    "it includes files, which are not opened" },
	{ "properties", T, "default_properties",
	    "default property query, e.g. fips=yes" },
	{ "security_checks", I, "security-checks",
	    "0: key-size and curve checks off" },
	STATED,
	{ 0 },
};

const struct kind config_openssl_kind = {
	.name = "config.openssl",
	.about = "an openssl.cnf or fipsmodule.cnf as a file",
	.key = "path",
	.permission = PERMISSION,
	.columns = openssl_columns,
};

static const struct column resource_columns[] = {
	{ "address", T, "the plan or template", "its name there" },
	{ "ami_type", T, "node group", "AMI type of EKS" },
	{ "encrypted", B, "volume, database, block devices",
	    "true: all of them; false: one is not" },
	{ "endpoint_public_access", B, "EKS cluster",
	    "API server reachable from the internet" },
	PLACE,
	{ "http_tokens", T, "instance, launch template",
	    "required: instance metadata by session token only" },
	{ "image_alias", T, "EC2NodeClass",
	    "alias by which Karpenter chooses an image" },
	{ "image_id", T, "instance, launch template", "image or parameter" },
	{ "key_spec", T, "KMS key", "what key it is" },
	{ "kms_key_id", T, "EKS cluster, volume", "key that encrypts" },
	{ "log_types", J, "EKS cluster", "logs of the control plane" },
	{ "protocol", T, "listener", "HTTPS, TLS, HTTP ..." },
	{ "public_access_cidrs", J, "EKS cluster", "who may reach it" },
	{ "publicly_accessible", B, "database", "reachable from outside" },
	{ "rotation", B, "KMS key", "rotated every year" },
	{ "sse_algorithm", T, "bucket", "AES256, aws:kms, aws:kms:dsse" },
	{ "ssl_policy", T, "listener", "security policy" },
	STATED,
	{ "type", T, "the plan or template",
	    "eks_cluster, eks_nodegroup, instance, launch_template, nodeclass, "
	    "machine, volume, bucket, db_instance, db_cluster, listener, "
	    "kms_key" },
	{ "version", T, "EKS cluster, node group", "Kubernetes version" },
	{ 0 },
};

const struct kind config_resource_kind = {
	.name = "config.resource",
	.about = "a resource of AWS that a plan, a template or a manifest will "
		 "make",
	.key = "path and address",
	.permission = PERMISSION,
	.columns = resource_columns,
};

static const struct column setting_columns[] = {
	PLACE,
	{ "item", T, "the file", "what it is a setting of" },
	{ "list", J, "the file", "its values, where it is a list" },
	{ "name", T, "exhibit's list", "the setting" },
	{ "object", T, "the file", "name of the object it is set on" },
	STATED,
	{ "type", T, "its content, or --type", "type of the file" },
	{ "value", T, "the file", "its value as written; null: not stated" },
	{ 0 },
};

const struct kind config_setting_kind = {
	.name = "config.setting",
	.about =
	    "a setting that bears on FIPS mode, from the catalog's list of "
	    "such settings; no other value of the file is kept",
	.key = "path, item, object and setting",
	.permission = PERMISSION,
	.columns = setting_columns,
};

static const struct column sshd_columns[] = {
	{ "ciphers", J, "Ciphers", "as written; null: the build's default" },
	PLACE,
	{ "host_key", J, "HostKeyAlgorithms", "as written" },
	{ "includes", B, "Include", "it includes files that were not read" },
	{ "kex", J, "KexAlgorithms", "as written" },
	{ "macs", J, "MACs", "as written" },
	{ "match_public_key", J, "PubkeyAcceptedAlgorithms in a Match block",
	    "names that all of them state" },
	{ "public_key", J, "PubkeyAcceptedAlgorithms", "as written" },
	STATED,
	{ 0 },
};

const struct kind config_sshd_kind = {
	.name = "config.sshd",
	.about = "algorithms of an sshd_config",
	.key = "path",
	.permission = PERMISSION,
	.columns = sshd_columns,
};

static const struct column tls_columns[] = {
	{ "component", T, "the file",
	    "kube-apiserver, etcd, kubelet, nginx, haproxy, envoy ..." },
	PLACE,
	{ "groups", J, "ssl_ecdh_curve, curves, Groups",
	    "groups of the key exchange, as written" },
	{ "includes", B, "include, crt-list",
	    "files are included that were not read" },
	{ "max_version", T, "ssl-max-ver, tls_maximum_protocol_version",
	    "highest version: 1.0 to 1.3" },
	{ "min_version", T, "--tls-min-version, tlsMinVersion",
	    "lowest version: 1.0 to 1.3" },
	{ "name", T, "server_name", "name of the server" },
	{ "suites", J, "--tls-cipher-suites, tlsCipherSuites, ssl_ciphers",
	    "suites of TLS 1.2 and before by their IANA names, in order" },
	{ "suites13", J, "ciphersuites, ssl_conf_command Ciphersuites",
	    "suites of TLS 1.3, which are set apart; null: the library's" },
	STATED,
	{ "versions", J, "ssl_protocols", "versions that are on" },
	{ 0 },
};

const struct kind config_tls_kind = {
	.name = "config.tls",
	.about = "TLS settings of a server",
	.key = "path and server",
	.permission = PERMISSION,
	.columns = tls_columns,
};

const struct kind *const config_kinds[] = {
	CONFIG_KINDS,
	NULL,
};
