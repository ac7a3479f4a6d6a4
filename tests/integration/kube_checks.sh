#!/bin/sh
# What the checks of a cluster say of load balancers, volumes, workloads, images,
# kubelets and webhooks. Each subject is written down with its verdict.
# usage: kube_checks.sh EXHIBIT
set -u

. ./missing.sh
. ./setup.sh

scope=kube/c
put() { # KIND KEY ATTRIBUTES
	echo "{\"key\":\"$2\",\"kind\":\"$1\",\"observation\":{\"attributes\":$3,\"outcome\":\"observed\"},\"provenance\":{},\"scope\":\"$scope\"}" >>cluster
}
: >expected
is() { # CHECK VERDICT WORDS: of the subject put last
	echo "$1	$key	$2	$3" >>expected
}

ingress() { # NAME ATTRIBUTES
	key=a/$1
	put kube.ingress "$key" "{\"hosts\":[],\"name\":\"$1\",\"namespace\":\"a\",\"tls_hosts\":[]$2}"
}
cert=',"certificate_arn":"arn:aws:acm:us-east-1:1:certificate/x"'
put kube.list ingressclassparams.elbv2.k8s.aws '{}'
put kube.ingress_class alb '{"controller":"ingress.k8s.aws/alb"}'
put kube.ingress_class strict '{"controller":"ingress.k8s.aws/alb","default_class":"true","parameters":"strict","parameters_kind":"IngressClassParams"}'
put kube.ingress_class nginx '{"controller":"k8s.io/ingress-nginx"}'
key=IngressClassParams/strict
put kube.load_balancer $key '{"certificate_arns":[],"kind":"IngressClassParams","listeners":[],"ssl_policy":"ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04"}'
is kube-load-balancer-tls satisfied 'is a FIPS policy, TLS 1.3 and later'
key=LoadBalancerConfiguration/a/gw
put kube.load_balancer $key '{"certificate_arns":[],"kind":"LoadBalancerConfiguration","listeners":[{"port":"HTTPS:443","ssl_policy":"ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04"},{"port":"HTTPS:8443"},{"port":"HTTP:80"}]}'
is kube-load-balancer-tls not-satisfied 'listener HTTPS:8443: no policy, so ELBSecurityPolicy-2016-08'
key=LoadBalancerConfiguration/a/plain
put kube.load_balancer $key '{"certificate_arns":[],"kind":"LoadBalancerConfiguration","listeners":[]}'
is kube-load-balancer-tls not-applicable 'it sets no TLS policy'
ingress none ",\"class\":\"alb\"$cert"
is kube-ingress-tls not-satisfied 'no ssl-policy: ELBSecurityPolicy-2016-08 unless'
ingress http ',"class":"alb","ssl_policy":"ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04"'
is kube-ingress-tls not-satisfied 'it serves HTTP without TLS'
ingress fips ",\"class\":\"alb\",\"ssl_policy\":\"ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04\"$cert"
is kube-ingress-tls satisfied 'a FIPS policy, TLS 1.2 and later'
ingress old-fips ",\"class\":\"alb\",\"ssl_policy\":\"ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04\"$cert"
is kube-ingress-tls not-satisfied 'TLS 1.0 and later'
ingress plain ",\"class\":\"alb\",\"ssl_policy\":\"ELBSecurityPolicy-TLS13-1-2-2021-06\"$cert"
is kube-ingress-tls not-satisfied 'no FIPS policy'
ingress new ",\"class\":\"alb\",\"ssl_policy\":\"ELBSecurityPolicy-of-tomorrow\"$cert"
is kube-ingress-tls unknown 'not in the catalogue'
# the class's own settings hold, whatever the annotation says; the default class
ingress by-class ",\"ssl_policy\":\"ELBSecurityPolicy-2016-08\"$cert"
is kube-ingress-tls satisfied 'sslPolicy of its class ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04'
ingress other ",\"class\":\"nginx\"$cert"
is kube-ingress-tls unknown 'class nginx: the ingress does not show'

service() {
	key=a/$1
	put kube.service "$key" "{\"name\":\"$1\",\"namespace\":\"a\",\"ports\":[443]$2}"
}
arn=',"ssl_cert":"arn:aws:acm:us-east-1:1:certificate/x"'
service through ''
is kube-service-tls not-applicable 'passes connections on'
service default "$arn"
is kube-service-tls not-satisfied 'no ssl-negotiation-policy'
service fips "$arn,\"ssl_policy\":\"ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04\""
is kube-service-tls satisfied 'a FIPS policy'

volume() { # NAME ID DRIVER
	key=$1
	put kube.volume "$1" "{\"claim\":\"a/data\",\"driver\":\"$3\",\"storage_class\":\"gp3\",\"volume_id\":$2}"
}
put kube.storage_class gp3 '{"encrypted":"true","mount_options":[],"provisioner":"ebs.csi.aws.com"}'
volume own '"vol-1"' ebs.csi.aws.com
is kube-volume-encrypted satisfied 'encrypted with a key of your own'
volume plain '"vol-2"' ebs.csi.aws.com
is kube-volume-encrypted not-satisfied 'a/data on vol-2: not encrypted'
volume dead-key '"vol-3"' ebs.csi.aws.com
is kube-volume-encrypted not-satisfied 'its key is PendingDeletion'
volume unseen '"vol-4"' ebs.csi.aws.com
is kube-volume-encrypted unknown 'its storage class gp3 says encrypted is true'
volume unread-key '"vol-5"' ebs.csi.aws.com
is kube-volume-encrypted satisfied 'encrypted with key arn:aws:kms:us-east-1:1:key/far'
volume files '"fs-1::fsap-2"' efs.csi.aws.com
is kube-volume-encrypted satisfied 'encrypted with'
volume host null hostPath
is kube-volume-encrypted unknown 'driver hostPath: nothing shows'
scope=aws/1/us-east-1
k=arn:aws:kms:us-east-1:1:key
put aws.volume vol-1 "{\"encrypted\":true,\"instances\":[],\"kms_key\":\"$k/own\"}"
put aws.volume vol-2 '{"encrypted":false,"instances":[]}'
put aws.volume vol-3 "{\"encrypted\":true,\"instances\":[],\"kms_key\":\"$k/dead\"}"
put aws.volume vol-5 "{\"encrypted\":true,\"instances\":[],\"kms_key\":\"$k/far\"}"
put aws.efs_file_system fs-1 "{\"encrypted\":true,\"kms_key\":\"$k/aws\"}"
put aws.kms_key own "{\"arn\":\"$k/own\",\"manager\":\"CUSTOMER\",\"state\":\"Enabled\"}"
put aws.kms_key dead "{\"arn\":\"$k/dead\",\"manager\":\"CUSTOMER\",\"state\":\"PendingDeletion\"}"
put aws.kms_key aws "{\"arn\":\"$k/aws\",\"manager\":\"AWS\",\"state\":\"Enabled\"}"
scope=kube/c

workload() { # NAME ACCOUNT IMAGE ENV [ENV-FROM]
	key=Deployment/a/$1
	put kube.workload "$key" "{\"containers\":[{\"env\":{$4},\"env_from\":[${5:-}],\"env_ref\":{},\"image\":\"$3\",\"init\":false,\"name\":\"main\",\"privileged\":false}],\"host_paths\":[],\"kind\":\"Deployment\",\"name\":\"$1\",\"namespace\":\"a\",\"service_account\":\"$2\"}"
}
put kube.list serviceaccounts '{}'
put kube.service_account a/caller '{"name":"caller","namespace":"a","role_arn":"arn:aws:iam::1:role/r"}'
put kube.service_account a/global '{"name":"global","namespace":"a","role_arn":"arn:aws:iam::1:role/r","sts_regional":"false"}'
put kube.service_account a/plain '{"name":"plain","namespace":"a"}'
on='"AWS_USE_FIPS_ENDPOINT":"true"'
workload quiet plain app:1 ''
is kube-workload-endpoint not-applicable 'names no IAM role'
is kube-workload-fips-env not-applicable 'set no variable'
is kube-controller-fips not-applicable 'none of the controllers'
is kube-harness not-applicable 'no image of Harness'
workload asks caller app:1 "$on"
is kube-workload-endpoint satisfied 'ask for FIPS endpoints'
is kube-workload-fips-env satisfied ''
workload silent caller app:1 ''
is kube-workload-endpoint not-satisfied 'has an IAM role, and AWS_USE_FIPS_ENDPOINT is not true'
workload hidden caller app:1 '' '"configMap settings"'
is kube-workload-endpoint unknown 'config map or secret'
is kube-workload-fips-env unknown 'config map or secret'
workload legacy caller app:1 "$on,\"AWS_STS_REGIONAL_ENDPOINTS\":\"legacy\""
is kube-workload-endpoint not-satisfied 'sts.amazonaws.com is no FIPS host'
workload global global app:1 "$on"
is kube-workload-endpoint not-satisfied 'global STS'
# an endpoint URL switches the flag off unless it is a listed FIPS host
workload url plain app:1 "$on,\"AWS_ENDPOINT_URL_KMS\":\"https://kms.us-east-1.amazonaws.com\""
is kube-workload-fips-env not-satisfied 'AWS_ENDPOINT_URL_KMS=https://kms.us-east-1.amazonaws.com'
workload fips-url plain app:1 "\"AWS_ENDPOINT_URL_KMS\":\"https://kms-fips.us-east-1.amazonaws.com:443\""
is kube-workload-fips-env satisfied ''
workload fips-url-end plain app:1 "\"AWS_ENDPOINT_URL_KMS\":\"https://kms-fips.us-east-1.amazonaws.com/\""
is kube-workload-fips-env satisfied ''
workload fips-path plain app:1 "\"AWS_ENDPOINT_URL_KMS\":\"https://proxy.example.com/x.kms-fips.us-east-1.amazonaws.com\""
is kube-workload-fips-env not-satisfied 'https://proxy.example.com/x.kms-fips'
workload not-fips plain app:1 "\"AWS_ENDPOINT_URL\":\"https://no-fips.example.com\""
is kube-workload-fips-env not-satisfied 'no-fips.example.com'
workload no-tls plain app:1 "\"AWS_ENDPOINT_URL_KMS\":\"http://kms-fips.us-east-1.amazonaws.com\""
is kube-workload-fips-env not-satisfied 'http://kms-fips'
workload ignored plain app:1 "$on,\"AWS_ENDPOINT_URL\":\"https://x.example.com\",\"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\":\"true\""
is kube-workload-fips-env satisfied ''
workload go-off plain app:1 '"GODEBUG":"fips140=off"'
is kube-workload-fips-env not-satisfied 'GODEBUG=fips140=off'

ebs=public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver
workload ebs plain $ebs:v1.48.0 "$on,\"GODEBUG\":\"fips140=on\""
is kube-controller-fips satisfied 'EBS driver asks for FIPS endpoints'
workload ebs-half plain $ebs@sha256:0 "$on"
is kube-controller-fips not-satisfied 'GODEBUG does not turn'
workload cni plain 602401143452.dkr.ecr.us-east-1.amazonaws.com/amazon-k8s-cni:v1 ''
is kube-controller-fips not-satisfied 'VPC CNI, container main: AWS_USE_FIPS_ENDPOINT is not true'
workload dns plain registry.k8s.io/external-dns/external-dns:v0.15 '' '"secret aws"'
is kube-controller-fips unknown 'external DNS'
workload alike plain example.com/my-external-dns:1 ''
is kube-controller-fips not-applicable ''

workload delegate plain docker.io/harness/delegate:25.07.minimal-fips '"FIPS_ENABLED":"true"'
is kube-harness satisfied 'FIPS images'
workload delegate-tag plain harness/delegate:25.07.minimal '"FIPS_ENABLED":"true"'
is kube-harness not-satisfied 'image harness/delegate:25.07.minimal has no -fips tag'
workload delegate-port plain mirror-fips:5000/team-fips/harness/delegate:25.07.minimal '"FIPS_ENABLED":"true"'
is kube-harness not-satisfied 'delegate:25.07.minimal has no -fips tag'
workload delegate-off plain harness/delegate:25.07-fips ''
is kube-harness not-satisfied 'FIPS_ENABLED is not true'
workload upgrader plain harness/upgrader:latest ''
is kube-harness not-satisfied 'image harness/upgrader:latest'
workload delegate-map plain harness/delegate:25.07-fips '' '"configMap delegate"'
is kube-harness unknown 'config map or secret'
workload manager plain harness/manager-signed:1 ''
is kube-harness not-applicable ''

image() {
	key=$1@sha256:1
	put kube.image "$key" "{\"digest\":\"sha256:1\",\"namespaces\":[\"a\"],\"references\":[\"$1:1\"]}"
}
image 1.dkr.ecr.us-east-1.amazonaws.com/app
is kube-image-registry not-satisfied 'which is no FIPS host'
image 1.dkr.ecr-fips.us-east-1.amazonaws.com/app
is kube-image-registry satisfied 'pulled from 1.dkr.ecr-fips.us-east-1.amazonaws.com'
image 1.dkr-ecr-fips.us-east-1.on.aws/app
is kube-image-registry satisfied 'pulled from 1.dkr-ecr-fips.us-east-1.on.aws'
image 1.dkr.ecr-fips.us-east-1.amazonaws.com.mirror.example/app
is kube-image-registry not-applicable 'not an image of ECR'
image 1.dkr.ecr.eu-west-1.amazonaws.com/app
is kube-image-registry not-satisfied 'no FIPS host of ECR is listed for that region'
image docker.io/library/nginx
is kube-image-registry not-applicable 'not an image of ECR'

kubelet() { # NODE ATTRIBUTES
	key=$1
	put kube.node "$1" '{"fips_labels":{},"operating_system":"linux"}'
	[ -z "$2" ] || put kube.kubelet "$1" "$2"
}
good='"anonymous":false,"authorization_mode":"Webhook","read_only_port":0'
gcm='"tls_cipher_suites":["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"'
kubelet strict "{$good,$gcm]}"
is kube-kubelet satisfied 'approved suites, no anonymous access'
kubelet stock "{$good,$gcm,\"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256\",\"TLS_RSA_WITH_AES_128_GCM_SHA256\"]}"
is kube-kubelet not-satisfied 'offers TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 and 1 more suites'
kubelet open "{\"anonymous\":true,\"authorization_mode\":\"Webhook\",$gcm]}"
is kube-kubelet not-satisfied 'without a credential'
kubelet go "{$good,\"tls_cipher_suites\":null}"
is kube-kubelet not-satisfied 'tlsCipherSuites is not set'
kubelet unasked ''
is kube-kubelet unknown 'was not asked'

webhook() {
	key=ValidatingWebhookConfiguration/$1
	put kube.webhook "$key" "{\"kind\":\"ValidatingWebhookConfiguration\",\"name\":\"$1\",\"webhooks\":[{\"name\":\"a\",\"rules\":[],\"to\":\"$2\"}]}"
}
webhook inside 'service kube-system/hook'
is kube-webhook-target satisfied ''
webhook own-host 127.0.0.1:23443
is kube-webhook-target satisfied ''
webhook like-own localhost.example.com
is kube-webhook-target not-satisfied 'objects are sent to localhost.example.com'
webhook like-address 127.0.0.1.example.com:443
is kube-webhook-target not-satisfied 'objects are sent to 127.0.0.1.example.com:443'
webhook own-plain 127.0.0.1
is kube-webhook-target satisfied ''
webhook own-name localhost:8443
is kube-webhook-target satisfied ''
webhook own-six '[::1]:8443'
is kube-webhook-target satisfied ''
webhook outside hook.example.com
is kube-webhook-target not-satisfied 'objects are sent to hook.example.com'

echo 'now: 2026-11-23T11:00:00Z' >exhibit.yaml
for s in kube/c aws/1/us-east-1; do
	n=$(grep -c "\"scope\":\"$s\"}" cluster)
	echo "{\"coverage\":{\"calls\":1,\"collector\":\"${s%%/*}\",\"denied\":0,\"gaps\":[],\"kinds\":[],\"outcome\":\"observed\",\"reason\":null,\"scope\":\"$s\",\"subjects\":$n}}" >>cluster
done
"$exhibit" init --store s.db >/dev/null || exit 1
timeout 1800 "$exhibit" collect import cluster --store s.db >out 2>err || {
	cat out err
	exit 1
}
timeout 1800 "$exhibit" assess --store s.db >out 2>err
[ $? -le 1 ] || { fail "assess"; cat err; }
timeout 1800 "$exhibit" query --store s.db --format csv "SELECT check_id, key,
	verdict, replace(reason, char(34), '') FROM verdict" | tr -d '\r"' >verdicts
while IFS='	' read -r check key verdict words; do
	grep -F "$check,$key,$verdict," verdicts | grep -qF "$words" ||
		fail "$check of $key: not $verdict '$words': $(grep -F \
			"$check,$key," verdicts)"
done <expected
[ "$(wc -l <expected)" -ge 60 ] || fail "few expectations"
missing s.db 2026-11-23T11:00:00Z together '"scope":"kube/' '"scope":"aws/' '"vol-' '"fs-' ':key/' ||
	fail "less evidence, better verdicts"
exit $((failed > 0))
