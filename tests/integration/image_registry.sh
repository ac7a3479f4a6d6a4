#!/bin/sh
# Images from a registry of the tests' own on this host: tokens, logins,
# redirects, and what it may do wrong. No request leaves the machine.
# usage: image_registry.sh EXHIBIT SERVER
set -eu

exhibit=$(realpath "$1")
server=$(realpath "$2")
for tool in tar gzip gcc sha256sum; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not installed"
		exit 77
	}
done
. "$(dirname "$0")/../image_make.sh"
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
failed=0
# nobody's logins but those made here
export HOME="$dir/home" DOCKER_CONFIG= REGISTRY_AUTH_FILE= XDG_RUNTIME_DIR=
mkdir home

wrong() {
	echo "FAILED: $1" >&2
	failed=1
}

expect() {
	grep -qF -- "$3" "$2" || {
		wrong "$1: nothing says $3"
		cut -c1-400 "$2" >&2
	}
}

lacks() {
	! grep -qF -- "$3" "$2" || wrong "$1: it says $3"
}

mkdir -p root/etc registry/tags
library root/usr/lib/ossl-modules/fips.so 'OpenSSL FIPS Provider' 3.1.2 status
echo 'ID=alpine' >root/etc/os-release
layer root one.tar.gz
config config.json amd64 PATH=/bin
config arm.json arm64 PATH=/bin
amd=$(manifest registry amd.manifest config.json one.tar.gz)
arm=$(manifest registry arm.manifest arm.json one.tar.gz)
index registry x "$amd" linux/amd64 "$arm" linux/arm64
cp amd.manifest registry/tags/1
cp registry/index.json registry/tags/list
echo '{"schemaVersion":1,"fsLayers":[]}' >registry/tags/schema1
echo '<html>' >registry/tags/html
list=$(sha256sum registry/index.json | cut -d' ' -f1)
cp registry/index.json "registry/blobs/sha256/$list"

"$server" registry &
pid=$!
for _ in $(seq 100); do
	[ -s registry/port ] && break
	sleep 0.05
done
at=127.0.0.1:$(cat registry/port)

# look REFERENCE [OPTION...]: what is said of an image, in out
look() {
	l_ref=$1
	shift
	: >registry/log
	"$exhibit" collect image "$at/$l_ref" --plain-http --emit "$@" >out 2>err ||
		wrong "$l_ref: status $?: $(cat err)"
}

# whole NAME: the image came whole
whole() {
	expect "$1" out "\"digest\":\"$amd\""
	expect "$1" out '"name":"OpenSSL FIPS Provider"'
	expect "$1" out '"gaps":[],"kinds":["image",'
}

look open/app:1
whole "anonymous"
! grep -q ' with$' registry/log || wrong "credentials without a login"
look "open/app@$amd"
whole "by digest"
look token/app:1
whole "anonymous token"
expect "anonymous token" registry/log '/anonymous?service=test&scope=repository%3Atoken%2Fapp%3Apull without'
look redirect/app:1
whole redirect
expect "redirect" registry/log '/store/sha256:'
look relative/app:1
whole "relative redirect"
look busy/app:1
whole "a busy registry"

# ---- logins

look private/app:1
expect "no login" out '"outcome":"denied"'
expect "no login" out 'log in to it first'
printf '{"auths":{"%s":{"auth":"cmVhZGVyOnNlY3JldA=="}}}' "$at" >docker.json
look private/app:1 --docker-config docker.json
whole login
expect "token by login" registry/log '/login?service=test&scope=repository%3Aprivate%2Fapp%3Apull with'
grep -q '^/store/.* with$' registry/log && wrong "a redirect got credentials"
grep -q '^/store/.* without$' registry/log || wrong "no redirect was followed"
look basic/app:1 --docker-config docker.json
whole "basic login"
mkdir -p home/.docker
cp docker.json home/.docker/config.json
look basic/app:1
whole "login of the user's home"
rm home/.docker/config.json
printf '{"auths":{"%s":{"auth":"bm9ib2R5OndvcmQ="}}}' "$at" >bad.json
look basic/app:1 --docker-config bad.json
expect "bad login" out '"outcome":"denied"'
lacks "bad login" out bm9ib2R5
mkdir bin
cat >bin/docker-credential-test <<'EOF'
#!/bin/sh
[ "$1" = get ] || exit 1
read -r server
echo "{\"ServerURL\":\"$server\",\"Username\":\"reader\",\"Secret\":\"secret\"}"
EOF
printf '#!/bin/sh\necho "no such thing"\nexit 1\n' >bin/docker-credential-broken
chmod +x bin/*
PATH=$dir/bin:$PATH
printf '{"credHelpers":{"%s":"test"}}' "$at" >helper.json
look private/app:1 --docker-config helper.json
whole "credential helper"
printf '{"credHelpers":{"%s":"broken"}}' "$at" >broken.json
look private/app:1 --docker-config broken.json
expect "broken helper" out 'docker-credential-broken: it failed'
printf '{"credHelpers":{"%s":"absent"}}' "$at" >absent.json
look private/app:1 --docker-config absent.json
expect "absent helper" out 'it is not installed'
look mute/app:1
expect "no challenge" out 'does not say how to log in'
grep -q secret out && wrong "a secret was told"

# ---- lists

look open/app:list
whole list
expect list out "\"index_digest\":\"sha256:$list\""
lacks list out "$arm"
look open/app:list --platform linux/arm64
expect arm out "\"digest\":\"$arm\""
look "open/app@sha256:$list" --platform all
expect all out "$arm"
expect all out "$amd"

# ---- what is wrong is told

look denied/app:1
expect denied out '"outcome":"denied"'
look open/app:none
expect absent out '"outcome":"absent"'
look wrong/app:1
expect "other bytes" out '"outcome":"error"'
lacks "other bytes" out '"name":"OpenSSL FIPS Provider"'
look "forged/app@$amd"
expect forged out 'the bytes that came do not match this digest'
look cut/app:1
expect cut out '"outcome":"unreachable"'
look huge/app:1
expect "huge manifest" out '"outcome":"error"'
look twice/app:1
expect "second redirect" out 'answered 307'
look away/app:1
expect "redirect into the network" out 'neither https nor, with --plain-http, this host'
look open/app:schema1
expect schema1 out 'schema 1'
look open/app:html
expect html out 'neither a manifest nor an index'

"$exhibit" collect image "$at/open/app:1" --emit >out 2>err || true
expect "plain http is not the default" out '"outcome":"unreachable"'
"$exhibit" collect image 192.0.2.1/open/app:1 --plain-http --emit >out 2>err || true
expect "plain http stays here" out 'neither https nor'

# ---- what runs in a cluster

cat >cluster.ndjson <<EOF
{"key":"$at/token/app@sha256:$list","kind":"kube.image","observation":{"attributes":{"digest":"sha256:$list","namespaces":["a"],"references":["$at/token/app:list"]},"outcome":"observed"},"provenance":{"collector":"kube/1","source":"/api/v1/pods"},"scope":"kube/c1"}
{"coverage":{"calls":1,"collector":"kube","denied":0,"gaps":[],"kinds":["kube.image"],"outcome":"observed","reason":null,"scope":"kube/c1","subjects":1}}
EOF
"$exhibit" collect import cluster.ndjson --store s.db >out
"$exhibit" query images-in-use --store s.db --format csv >csv
expect "in use" csv "$at/token/app@sha256:$list linux/amd64"
"$exhibit" collect image --in-use --plain-http --store s.db >out
expect "looked at" out 'complete'
"$exhibit" query images-known --store s.db --format csv >csv
expect "known" csv "$amd "
: >registry/log
"$exhibit" collect image --in-use --plain-http --store s.db >out
expect "again" out '0 new, 0 changed, 0 gone'
grep -q "$(sha256sum one.tar.gz | cut -d' ' -f1)" registry/log &&
	wrong "a layer was fetched again"

[ "$failed" = 0 ] && echo "registries are read"
exit "$failed"
