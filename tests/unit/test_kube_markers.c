/*
 * No secret leaves a cluster. One object with a marker wherever people put
 * passwords, tokens and keys is the answer to every list, whatever it asks; the
 * marker is in no line that comes of it, and reports are made of those alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/length.h"
#include "tests/unit/kube_fixture.h"

#define M "hunter2-marker"

#define ENV(name, value) "{\"name\":\"" name "\",\"value\":\"" value "\"}"
#define CONTAINER                                                              \
	"{\"name\":\"c\",\"image\":\"user:" M "@registry.example/app:1\","     \
	"\"command\":[\"" M "\"],\"args\":[\"--password=" M                    \
	"\"],\"env\":[" ENV("DB_PASSWORD", M) "," ENV("JAVA_TOOL_OPTIONS",     \
	    "-Dcom.redhat."                                                    \
	    "fips=true "                                                       \
	    "-Djavax.net.ssl."                                                 \
	    "keyStorePassword"                                                 \
	    "=" M) "," ENV("AW"                                                \
			   "S_"                                                \
			   "EN"                                                \
			   "DP"                                                \
			   "OI"                                                \
			   "NT"                                                \
			   "_U"                                                \
			   "R"                                                 \
			   "L",                                                \
	    "https://u:" M "@s3.example/?token=" M) "," ENV("GODEBUG",         \
	    "fips140=on,x=" M) "," ENV("AWS_SECRET_ACCESS_KEY",                \
	    M) "],\"envFrom\":[],\"livenessProbe\":{\"httpGet\":{"             \
	       "\"httpHeaders\":[{"                                            \
	       "\"name\":\"Authorization\",\"value\":\"" M "\"}]}}}"
static const char pod[] =
    "\"containers\":[" CONTAINER "],\"initContainers\":[" CONTAINER "],"
    "\"ephemeralContainers\":[" CONTAINER "],\"volumes\":[{\"name\":"
    "\"v\",\"csi\":{\"volumeAttributes\":{\"k\":\"" M "\"}}}],"
    "\"imagePullSecrets\":[{\"name\":\"" M "\"}]";

static void
put_object(struct buf *out)
{
	buf_printf(out,
	    "{\"metadata\":{\"name\":\"aws-auth\",\"namespace\":\"kube-"
	    "system\","
	    "\"uid\":\"u\",\"annotations\":{\"note\":\"" M
	    "\",\"kubectl.kubernetes.io/"
	    "last-applied-configuration\":\"" M "\"},\"labels\":{\"x\":\"" M
	    "\"},\"managedFields\":[{\"manager\":\"" M "\"}]},"
	    "\"data\":{\"password\":\"" M
	    "\",\"mapRoles\":\"- rolearn: a\\n  username:"
	    " u\\n  token: " M "\\n\"},\"stringData\":{\"x\":\"" M "\"},"
	    "\"provisioner\":\"p\",\"parameters\":{\"encrypted\":\"true\","
	    "\"secret\":"
	    "\"" M "\"},\"mountOptions\":[\"password=" M "\",\"tls\"],"
	    "\"secrets\":[{\"name\":\"" M "\"}],"
	    "\"webhooks\":[{\"name\":\"w\",\"clientConfig\":{\"url\":\"https://"
	    "u:" M "@h.example/x?token=" M "\",\"caBundle\":\"" M "\"}}],"
	    "\"rules\":[],\"subjects\":[],\"roleRef\":{\"kind\":"
	    "\"ClusterRole\","
	    "\"name\":\"r\"},\"versions\":[],\"spec\":{%s"
	    ",\"template\":{\"spec\":{%s"
	    "}},\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{%s}}}},"
	    "\"mountOptions\":[\"password=" M "\"],\"csi\":{\"driver\":\"d\","
	    "\"volumeHandle\":\"vol-1\",\"volumeAttributes\":{\"k\":\"" M "\"},"
	    "\"nodeStageSecretRef\":{\"name\":\"" M
	    "\"}},\"type\":\"LoadBalancer\","
	    "\"userData\":\"" M "\",\"tags\":{\"k\":\"" M "\"},\"privateKey\":{"
	    "\"algorithm\":\"RSA\",\"size\":2048},\"keystores\":{\"jks\":{"
	    "\"password\":"
	    "\"" M
	    "\"}},\"listeners\":[{\"name\":\"l\",\"port\":443,\"protocol\":"
	    "\"TLS\",\"tls\":{\"mode\":\"Terminate\",\"options\":{\"k\":\"" M
	    "\"}}}],"
	    "\"mtls\":{\"mode\":\"STRICT\"},\"encryption\":{\"type\":\"kms\","
	    "\"kms\":{"
	    "\"token\":\"" M
	    "\"}},\"rules\":[{\"host\":\"h\",\"http\":{\"paths\":[{"
	    "\"path\":\"/" M "\"}]}}],\"tls\":[{\"secretName\":\"" M "\"}]},"
	    "\"status\":{\"phase\":\"Running\",\"containerStatuses\":[{"
	    "\"image\":"
	    "\"user:" M "@registry.example/app:1\",\"imageID\":\"user:" M
	    "@registry.example/app@sha256:00\"}]}}",
	    pod, pod, pod);
}

static bool
answer(struct replay *p, const char *path, long *status, const char **type,
    const char **text)
{
	static char list[64 * 1024];
	BUF_AUTO(object, sizeof(list));
	const struct resource *r = replay_resource(path);

	(void)p;
	if (r == NULL)
		return false;
	*status = 200;
	*type = "application/json";
	put_object(&object);
	if (r->verb == API_GET)
		(void)snprintf(list, sizeof(list), "%s", object.p);
	else
		(void)snprintf(list, sizeof(list),
		    "{\"kind\":\"%s\",\"metadata\":{},\"items\":[%s]}", r->list,
		    object.p);
	*text = list;
	return true;
}

static void
no_marker_is_in_any_line_of_any_kind(void **state)
{
	static const struct request_option secrets = { "secrets", "1" };
	const struct request r = { .now = "2026-11-23T11:00:00Z",
		.options = &secrets,
		.noptions = 1 };
	struct replay p = { .folder = "real", .instead = answer };
	struct fault f = { 0 };
	BUF_AUTO(out, KUBE_ANSWER_MAX);
	const char *at;

	(void)state;
	if (kube_replay(&p, &r, &out, &f) == -1)
		fail_msg("%s", f.text);
	at = strstr(out.p, M);
	if (at != NULL)
		fail_msg("%.*s", 400, at - 200 > out.p ? at - 200 : out.p);
	/* each kind was there, so that the marker had its chance */
	for (const struct resource *k = kube_resources; k->kind != NULL; k++) {
		char kind[96];

		(void)snprintf(kind, sizeof(kind),
		    "\"kind\":\"%s\",\"observation\":{\"attributes\"",
		    k->kind->name);
		if (strstr(out.p, kind) == NULL)
			fail_msg("%s: no line", k->kind->name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_marker_is_in_any_line_of_any_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
