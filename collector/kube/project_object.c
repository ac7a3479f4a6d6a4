/* Columns of nodes, storage and the rest that take a few lines each. See
 * resources.h. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"

#include "collector/kube/kube.h"

/* ---- nodes ---- */

/* "aws:///us-east-1a/i-0123": the instance. Other forms name no instance. */
static const char *
instance_of(const char *provider_id)
{
	const char *last;

	if (provider_id == NULL || strncmp(provider_id, "aws://", 6) != 0)
		return NULL;
	last = strrchr(provider_id, '/') + 1;
	return strncmp(last, "i-", 2) == 0 ? last : NULL;
}

void
fill_node(const struct resource *r, const json_t *o, struct attrs *a)
{
	json_t *labels = json_object(), *v;
	const char *name;

	(void)r;
	json_object_foreach (
	    (json_t *)path_value(o, ".metadata.labels"), name, v) {
		if (strcasestr(name, "fips") != NULL)
			put_text(a, labels, name, json_string_value(v));
	}
	attrs_json(a, "fips_labels", labels);
	attrs_str(
	    a, "instance_id", instance_of(path_text(o, ".spec.providerID")));
}

/* ---- storage ---- */

/* Names of parameters are compared without case (aws-ebs-csi-driver,
 * docs/parameters.md). */
static const char *
parameter(const json_t *parameters, const char *want)
{
	const char *name;
	json_t *v;

	json_object_foreach ((json_t *)parameters, name, v) {
		if (strcasecmp(name, want) == 0)
			return json_string_value(v);
	}
	return NULL;
}

/*
 * Options of a mount that bear on encryption in transit, as efs(8), nfs(5) and
 * mount.cifs(8) have them. Others may hold anything, a password among it, and
 * only their number is kept.
 */
static const char *const mount_options[] = { "iam", "nfsvers", "noresvport",
	"notls", "proto", "seal", "sec", "ssl", "stunnel", "tls", "vers",
	"xprtsec" };

static const char *
mount_option(const char *option)
{
	size_t len = option != NULL ? strcspn(option, "=") : 0;

	for (size_t i = 0; len > 0 && i < LENGTH(mount_options); i++)
		if (strlen(mount_options[i]) == len &&
		    memcmp(mount_options[i], option, len) == 0 &&
		    strspn(
			option, "abcdefghijklmnopqrstuvwxyz0123456789.=:_-") ==
			strlen(option))
			return option;
	return "other";
}

void
fill_storage_class(const struct resource *r, const json_t *o, struct attrs *a)
{
	const json_t *p = json_object_get(o, "parameters");
	json_t *options = json_array(), *v;
	size_t i;

	(void)r;
	attrs_str(a, "encrypted", parameter(p, "encrypted"));
	attrs_str(a, "kms_key", parameter(p, "kmsKeyId"));
	attrs_str(a, "type", parameter(p, "type"));
	json_array_foreach (json_object_get(o, "mountOptions"), i, v) {
		add_text(a, options, mount_option(json_string_value(v)));
	}
	attrs_json(a, "mount_options", options);
}

/* What is set in a volume's spec beside the members every volume has. */
static const char *
volume_source(const json_t *spec)
{
	static const char *const known[] = { "awsElasticBlockStore", "hostPath",
		"local", "nfs", "iscsi", "fc", "azureDisk", "azureFile",
		"gcePersistentDisk", "cephfs", "rbd", "vsphereVolume",
		"portworxVolume", "flexVolume" };

	for (size_t i = 0; i < LENGTH(known); i++)
		if (json_object_get(spec, known[i]) != NULL)
			return known[i];
	return NULL;
}

void
fill_volume(const struct resource *r, const json_t *o, struct attrs *a)
{
	const json_t *spec = json_object_get(o, "spec");
	const char *driver = path_text(spec, ".csi.driver");
	const char *id = path_text(spec, ".csi.volumeHandle");
	const char *ns = path_text(spec, ".claimRef.namespace");
	const char *claim = path_text(spec, ".claimRef.name");
	char key[NAME_MAX_LEN];

	(void)r;
	if (id == NULL &&
	    (id = path_text(spec, ".awsElasticBlockStore.volumeID")) != NULL &&
	    strrchr(id, '/') != NULL)
		id = strrchr(id, '/') + 1; /* aws://us-east-1a/vol-0123 */
	(void)snprintf(key, sizeof(key), "%s/%s", ns != NULL ? ns : "",
	    claim != NULL ? claim : "");
	attrs_str(a, "driver", driver != NULL ? driver : volume_source(spec));
	attrs_str(a, "volume_id", id);
	attrs_str(a, "claim", claim != NULL ? key : NULL);
}

/* ---- ingresses, services ---- */

void
fill_ingress(const struct resource *r, const json_t *o, struct attrs *a)
{
	const char *class = path_text(o, ".spec.ingressClassName");
	json_t *hosts = json_array(), *tls = json_array(), *v, *h;
	size_t i, n;

	(void)r;
	if (class == NULL)
		class = path_text(o,
		    ".metadata.annotations[\"kubernetes.io/ingress.class\"]");
	json_array_foreach ((json_t *)path_value(o, ".spec.rules"), i, v) {
		add_text(a, hosts, path_text(v, ".host"));
	}
	json_array_foreach ((json_t *)path_value(o, ".spec.tls"), i, v) {
		json_array_foreach (json_object_get(v, "hosts"), n, h) {
			add_text(a, tls, json_string_value(h));
		}
	}
	attrs_str(a, "class", class);
	attrs_json(a, "hosts", hosts);
	attrs_json(a, "tls_hosts", tls);
}

bool
is_load_balancer(const json_t *o)
{
	const char *type = path_text(o, ".spec.type");

	return type != NULL && strcmp(type, "LoadBalancer") == 0;
}

void
fill_service(const struct resource *r, const json_t *o, struct attrs *a)
{
	json_t *ports = json_array(), *v;
	size_t i;

	(void)r;
	json_array_foreach ((json_t *)path_value(o, ".spec.ports"), i, v) {
		json_t *port = json_object_get(v, "port");

		if (json_is_integer(port))
			add(a, ports, json_incref(port));
	}
	attrs_json(a, "ports", ports);
}

void
fill_load_balancer(const struct resource *r, const json_t *o, struct attrs *a)
{
	json_t *arns = json_array(), *listeners = json_array(), *v;
	size_t i;

	attrs_str(a, "kind", r->object);
	json_array_foreach (
	    (json_t *)path_value(o, ".spec.certificateArn"), i, v) {
		add_text(a, arns, json_string_value(v));
	}
	json_array_foreach (
	    (json_t *)path_value(o, ".spec.listenerConfigurations"), i, v) {
		json_t *l = json_object();

		put_text(a, l, "port", path_text(v, ".protocolPort"));
		put_text(a, l, "ssl_policy", path_text(v, ".sslPolicy"));
		put_text(
		    a, l, "certificate", path_text(v, ".defaultCertificate"));
		add(a, listeners, l);
	}
	attrs_json(a, "certificate_arns", arns);
	attrs_json(a, "listeners", listeners);
}

/* ---- webhooks ---- */

/* "https://host/path?query" as its host: a path may be somebody's secret. */
static json_t *
url_host(const char *url)
{
	const char *host = strstr(url, "://");
	const char *at;
	size_t len;

	host = host != NULL ? host + 3 : url;
	len = strcspn(host, "/?#");
	if ((at = memchr(host, '@', len)) != NULL) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	return json_text(host, len);
}

static void
webhook_target(struct attrs *a, json_t *out, const json_t *hook)
{
	const json_t *service = path_value(hook, ".clientConfig.service");
	const char *url = path_text(hook, ".clientConfig.url");
	BUF_AUTO(text, NAME_MAX_LEN);

	if (url != NULL) {
		put(a, out, "to", url_host(url));
	} else if (service != NULL) {
		const char *ns = path_text(service, ".namespace");
		const char *name = path_text(service, ".name");

		buf_printf(&text, "service %s/%s", ns != NULL ? ns : "",
		    name != NULL ? name : "");
		put_text(a, out, "to", text.p);
	}
}

/* "CREATE,UPDATE pods" of each rule */
static json_t *
webhook_rules(struct attrs *a, const json_t *hook)
{
	json_t *out = json_array(), *rule, *v;
	size_t i, n;

	json_array_foreach (json_object_get(hook, "rules"), i, rule) {
		BUF_AUTO(text, TEXT_MAX);

		json_array_foreach (json_object_get(rule, "operations"), n, v) {
			buf_printf(&text, "%s%s", n > 0 ? "," : "",
			    json_string_value(v) != NULL ? json_string_value(v)
							 : "");
		}
		buf_putc(&text, ' ');
		json_array_foreach (json_object_get(rule, "resources"), n, v) {
			buf_printf(&text, "%s%s", n > 0 ? "," : "",
			    json_string_value(v) != NULL ? json_string_value(v)
							 : "");
		}
		add_text(a, out, text.p);
	}
	return out;
}

void
fill_webhook(const struct resource *r, const json_t *o, struct attrs *a)
{
	json_t *out = json_array(), *hook;
	size_t i;

	attrs_str(a, "kind", r->object);
	json_array_foreach (json_object_get(o, "webhooks"), i, hook) {
		json_t *v = json_object();

		put_text(a, v, "name", path_text(hook, ".name"));
		put_text(
		    a, v, "failure_policy", path_text(hook, ".failurePolicy"));
		webhook_target(a, v, hook);
		put(a, v, "rules", webhook_rules(a, hook));
		add(a, out, v);
	}
	attrs_json(a, "webhooks", out);
}

/* ---- node classes ---- */

void
fill_node_class(const struct resource *r, const json_t *o, struct attrs *a)
{
	json_t *terms = json_array(), *volumes = json_array(), *v;
	size_t i;

	attrs_str(a, "kind", r->object);
	json_array_foreach (
	    (json_t *)path_value(o, ".spec.amiSelectorTerms"), i, v) {
		json_t *t = json_object();

		put_text(a, t, "alias", path_text(v, ".alias"));
		put_text(a, t, "id", path_text(v, ".id"));
		put_text(a, t, "name", path_text(v, ".name"));
		put_text(a, t, "owner", path_text(v, ".owner"));
		put_text(a, t, "ssm_parameter", path_text(v, ".ssmParameter"));
		add(a, terms, t);
	}
	json_array_foreach (
	    (json_t *)path_value(o, ".spec.blockDeviceMappings"), i, v) {
		const json_t *encrypted = path_value(v, ".ebs.encrypted");
		json_t *t = json_object();

		put_text(a, t, "device", path_text(v, ".deviceName"));
		put_text(a, t, "kms_key", path_text(v, ".ebs.kmsKeyID"));
		if (json_is_boolean(encrypted))
			put(a, t, "encrypted",
			    json_boolean(json_is_true(encrypted)));
		add(a, volumes, t);
	}
	attrs_json(a, "ami_terms", terms);
	attrs_json(a, "volumes", volumes);
}

void
fill_secret(const struct resource *r, const json_t *o, struct attrs *a)
{
	(void)o;
	attrs_str(a, "type", r->constant);
}

/* What is left of the object is what the table names, and its names. */
void
fill_custom(const struct resource *r, const json_t *o, struct attrs *a)
{
	json_t *fields = json_copy((json_t *)o);

	if (fields == NULL || (json_object_get(fields, "metadata") != NULL &&
				  json_object_del(fields, "metadata") == -1))
		a->failed = true;
	attrs_str(a, "group", r->group);
	attrs_str(a, "kind", r->object);
	attrs_json(a, "fields", fields);
}
