#!/bin/sh
# What checks say of further resources: each object is written down here with
# its verdict, and so are lists that were refused or whose API is not installed.
# usage: kube_custom.sh EXHIBIT
set -u

. ./missing.sh
. ./kube_written.sh
. ./setup.sh

scope=kube/c
: >expected
is() { # CHECK VERDICT WORDS: of the object put last
	printf '%s\t%s\t%s\t%s\n' "$1" "$key" "$2" "$3" >>expected
}
custom() { # GROUP KIND [NAMESPACE/]NAME SPEC
	key=$2/$3
	case $3 in
	*/*) c_ns="\"${3%/*}\"" ;;
	*) c_ns=null ;;
	esac
	put custom "$key" "{\"fields\":{\"spec\":$4},\"group\":\"$1\",\"kind\":\"$2\",\"name\":\"${3#*/}\",\"namespace\":$c_ns}"
}
space() { # NAME: a namespace
	key=$1
	put namespace "$1" '{"enforce":"restricted"}'
}
policy() { # NAMESPACE NAME SPEC
	custom networking.k8s.io NetworkPolicy "$1/$2" "$3"
}
both='"policyTypes":["Egress","Ingress"]'
{
	put cluster c '{"git_version":"v1.34.1"}'
	listed '' namespaces
	listed networking.k8s.io networkpolicies
	listed security.istio.io peerauthentications
	listed config.openshift.io apiservers
	listed crd.projectcalico.org felixconfigurations
	listed cert-manager.io certificates

	policy closed all "{\"podSelector\":{},$both}"
	space closed
	is kube-network-default-deny satisfied 'denies ingress and egress'
	policy split in '{"podSelector":{},"policyTypes":["Ingress"]}'
	policy split out '{"podSelector":{"matchLabels":{}},"policyTypes":["Egress"],"egress":[]}'
	space split
	is kube-network-default-deny satisfied ''
	policy half in '{"podSelector":{},"policyTypes":["Ingress"]}'
	space half
	is kube-network-default-deny not-satisfied 'no NetworkPolicy denies egress'
	policy some one "{\"podSelector\":{\"matchLabels\":{\"app\":\"x\"}},$both}"
	space some
	is kube-network-default-deny not-satisfied 'of all pods denies anything'
	policy expr one "{\"podSelector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\"}]},$both}"
	space expr
	is kube-network-default-deny not-satisfied ''
	policy undone all "{\"podSelector\":{},$both}"
	policy undone open '{"podSelector":{},"policyTypes":["Ingress"],"ingress":[{}]}'
	space undone
	is kube-network-default-deny not-satisfied 'allows everything'
	policy world all "{\"podSelector\":{},$both}"
	policy world open '{"podSelector":{},"policyTypes":["Egress"],"egress":[{"to":[{"ipBlock":{"cidr":"0.0.0.0/0"}}]}]}'
	space world
	is kube-network-default-deny not-satisfied 'allows everything'
	policy dns all "{\"podSelector\":{},$both}"
	policy dns dns '{"podSelector":{},"policyTypes":["Egress"],"egress":[{"ports":[{"port":53}]}]}'
	space dns
	is kube-network-default-deny satisfied ''
	policy typeless all '{"podSelector":{}}'
	space typeless
	is kube-network-default-deny not-satisfied ''
	space bare
	is kube-network-default-deny not-satisfied ''

	i=security.istio.io
	custom $i PeerAuthentication istio-system/default '{"mtls":{"mode":"STRICT"}}'
	is kube-istio-mtls satisfied 'mode STRICT'
	custom $i PeerAuthentication a/lax '{"mtls":{"mode":"PERMISSIVE"}}'
	is kube-istio-mtls not-satisfied 'mode PERMISSIVE; STRICT is required'
	custom $i PeerAuthentication a/port '{"mtls":{"mode":"STRICT"},"portLevelMtls":{"8080":{"mode":"DISABLE"}}}'
	is kube-istio-mtls not-satisfied 'port 8080'
	custom $i PeerAuthentication a/unset '{"mtls":{"mode":"UNSET"}}'
	is kube-istio-mtls unknown 'inherited'
	custom $i PeerAuthentication a/none '{}'
	is kube-istio-mtls unknown ''
	custom $i PeerAuthentication a/odd '{"mtls":{"mode":"strict"}}'
	is kube-istio-mtls unknown ''
	key=peerauthentications.$i
	is kube-istio-mtls satisfied 'the mesh requires'

	o=config.openshift.io
	good='"tlsSecurityProfile":{"type":"Custom","custom":{"minTLSVersion":"VersionTLS12","ciphers":["ECDHE-RSA-AES256-GCM-SHA384","TLS_AES_256_GCM_SHA384"]}}'
	custom $o APIServer cluster "{\"encryption\":{\"type\":\"aesgcm\"},$good}"
	is kube-openshift-api satisfied 'encrypted with aesgcm'
	custom $o APIServer no-enc "{$good}"
	is kube-openshift-api not-satisfied 'not encrypted in etcd'
	custom $o APIServer identity "{\"encryption\":{\"type\":\"identity\"},$good}"
	is kube-openshift-api not-satisfied 'type identity'
	custom $o APIServer kms "{\"encryption\":{\"type\":\"KMS\"},$good}"
	is kube-openshift-api unknown 'encryption type KMS'
	custom $o APIServer usual '{"encryption":{"type":"aescbc"}}'
	is kube-openshift-api unknown 'profile Intermediate'
	custom $o APIServer modern '{"encryption":{"type":"aescbc"},"tlsSecurityProfile":{"type":"Modern"}}'
	is kube-openshift-api unknown 'profile Modern'
	custom $o APIServer old '{"encryption":{"type":"aescbc"},"tlsSecurityProfile":{"type":"Old"}}'
	is kube-openshift-api not-satisfied 'before 1.2'
	custom $o APIServer chacha '{"encryption":{"type":"aescbc"},"tlsSecurityProfile":{"type":"Custom","custom":{"minTLSVersion":"VersionTLS12","ciphers":["ECDHE-RSA-CHACHA20-POLY1305"]}}}'
	is kube-openshift-api not-satisfied 'CHACHA20'
	custom $o APIServer made-up '{"encryption":{"type":"aescbc"},"tlsSecurityProfile":{"type":"Custom","custom":{"minTLSVersion":"VersionTLS12","ciphers":["NO-SUCH-SUITE"]}}}'
	is kube-openshift-api not-satisfied 'NO-SUCH-SUITE'
	custom $o APIServer least '{"encryption":{"type":"aescbc"},"tlsSecurityProfile":{"type":"Custom","custom":{"ciphers":["ECDHE-RSA-AES256-GCM-SHA384"]}}}'
	is kube-openshift-api unknown 'least version'

	custom crd.projectcalico.org FelixConfiguration default '{"wireguardEnabled":true}'
	is kube-calico-wireguard not-satisfied 'not approved'
	custom crd.projectcalico.org FelixConfiguration six '{"wireguardEnabledV6":true}'
	is kube-calico-wireguard not-satisfied ''
	custom crd.projectcalico.org FelixConfiguration off '{"wireguardEnabled":false}'
	is kube-calico-wireguard not-applicable 'does not encrypt'

	c=cert-manager.io
	custom $c Certificate a/usual '{}'
	is kube-certificate-keys satisfied 'RSA, the default size'
	custom $c Certificate a/p384 '{"privateKey":{"algorithm":"ECDSA","size":384}}'
	is kube-certificate-keys satisfied 'ECDSA, 384 bits'
	custom $c Certificate a/small '{"privateKey":{"algorithm":"RSA","size":1024}}'
	is kube-certificate-keys not-satisfied 'RSA, 1024'
	custom $c Certificate a/ed '{"privateKey":{"algorithm":"Ed25519"}}'
	is kube-certificate-keys unknown 'Ed25519'
	key=Certificate/a/broken
	put_not custom "$key" error 'too large'
	is kube-certificate-keys unknown 'Certificate error: too large'
} >cluster
covered cluster
echo 'now: 2026-11-23T11:00:00Z' >exhibit.yaml
judged() { # STORE FILE
	"$exhibit" init --store "$1" >/dev/null || exit 1
	timeout 60 "$exhibit" collect import "$2" --store "$1" >out 2>err || {
		cat out err
		exit 1
	}
	timeout 60 "$exhibit" assess --store "$1" >out 2>err
	sqlite3 -separator "$(printf '\t')" "$1" "SELECT check_id, key, verdict, reason
		FROM verdict" >verdicts
}
judged s.db cluster
while IFS=$(printf '\t') read -r check key verdict words; do
	grep -q "^$check	$key	$verdict	.*$words" verdicts ||
		fail "$check of $key: not $verdict with '$words': $(grep "^$check	$key	" verdicts)"
done <expected

# what was refused is unknown, what is not installed is not applicable
scope=kube/d
{
	put cluster d '{"git_version":"v1.34.1"}'
	listed '' namespaces
	space one
	for l in networkpolicies.networking.k8s.io apiservers.config.openshift.io \
		felixconfigurations.crd.projectcalico.org certificates.cert-manager.io; do
		put_not list $l denied "${l%%.*}: HTTP 403"
	done
	put_not list peerauthentications.security.istio.io absent 'HTTP 404'
} >refused
covered refused
judged part.db refused
for l in apiservers.config.openshift.io:openshift-api certificates.cert-manager.io:certificate-keys \
	felixconfigurations.crd.projectcalico.org:calico-wireguard; do
	grep -q "^kube-${l#*:}	${l%%:*}	unknown	not evaluated: .*denied" verdicts ||
		fail "$l was refused, and is not unknown"
done
grep -q '^kube-network-default-deny	one	unknown	not evaluated: networkpolicies: denied' verdicts ||
	fail "policies were refused, and the namespace is not unknown"
grep -q '^kube-istio-mtls	.*	not-applicable	Istio is not installed' verdicts ||
	fail "Istio that is not installed"
missing s.db 2026-11-23T11:00:00Z together '"scope":"kube/' ||
	fail "less evidence, better verdicts"
exit $((failed > 0))
