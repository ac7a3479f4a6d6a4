#!/bin/sh
# The Debian package: what is in it, that it installs and runs in a root of its
# own, that packing twice gives equal bytes, and what the unit is exposed to.
# usage: deb.sh EXHIBIT BUILD   (a build of preset deb; with none it is skipped)
set -eu

build=$2
source=$(cd "$(dirname "$0")/../.." && pwd)
if [ ! -x "$build/exhibit" ] || ! command -v dpkg-deb >/dev/null; then
	echo "skipped: no build in build/deb, which scripts/test makes, or no dpkg"
	exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

echo '== packed twice, equal bytes'
export SOURCE_DATE_EPOCH=1767225600
for i in 1 2; do
	(cd "$build" && cpack -B "$dir/$i" >"$dir/log" 2>&1) || fail "$(cat log)"
	mv $i/*.deb $i.deb
done
cmp 1.deb 2.deb || fail 'packing twice gives other bytes'

echo '== what is in it'
dpkg-deb -c 1.deb | awk '{ print $6 }' >names
for name in usr/bin/exhibit usr/share/man/man1/exhibit.1.gz \
	usr/share/bash-completion/completions/exhibit \
	usr/share/zsh/vendor-completions/_exhibit \
	usr/share/fish/vendor_completions.d/exhibit.fish \
	usr/lib/systemd/system/exhibit.service usr/lib/systemd/system/exhibit.timer \
	usr/lib/sysusers.d/exhibit.conf usr/lib/tmpfiles.d/exhibit.conf \
	etc/exhibit/exhibit.yaml usr/share/doc/exhibit/copyright \
	usr/share/exhibit/aws/iam-policy.json \
	usr/share/exhibit/prometheus/exhibit-rules.yaml; do
	grep -qx "./$name" names || fail "no $name"
done
! grep -q '^./usr/local' names || fail 'something in /usr/local'
dpkg-deb -f 1.deb Depends >depends
for library in libc6 libsqlite3-0 libssl3 libcurl4 libjansson4 libxml2 libxslt1.1 libyaml-0-2 libzstd1; do
	grep -q "$library" depends || fail "does not depend on $library: $(cat depends)"
done
dpkg-deb -I 1.deb conffiles | grep -qx /etc/exhibit/exhibit.yaml || fail 'the configuration is no conffile'

echo '== installed in a root of its own, it runs'
if [ "$(id -u)" = 0 ]; then
	mkdir -p root/var/lib/dpkg/info root/var/lib/dpkg/updates root/tmp root/bin root/etc
	touch root/var/lib/dpkg/status root/var/lib/dpkg/available
	for f in /bin/sh /bin/mkdir $(ldd "$build/exhibit" /bin/sh /bin/mkdir | grep -o '/[^ :)]*' | sort -u); do
		[ -f "$f" ] && [ ! -e "root$f" ] || continue
		mkdir -p "root$(dirname "$f")" && cp -L "$f" "root$f"
	done
	dpkg --root="$dir/root" --force-depends --force-not-root --log=/dev/null \
		-i 1.deb >log 2>&1 || fail "dpkg: $(cat log)"
	# shellcheck disable=SC2016
	inside() {
		SOURCE_DATE_EPOCH='' chroot root /bin/sh -c \
			'cd /tmp && exec /usr/bin/exhibit "$@"' sh "$@"
	}
	inside version | grep -q '^exhibit [0-9]' || fail 'it does not run'
	cat >root/tmp/cluster.yaml <<'END'
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: c, region: us-east-1, version: "1.33"}
END
	inside audit config cluster.yaml --store s.db >log 2>&1 || [ $? = 1 ] || fail "$(cat log)"
	inside verify exhibit-report.html --store s.db --trust exhibit-cert.pem >log 2>&1 ||
		fail "its report does not verify: $(cat log)"
	dpkg --root="$dir/root" --log=/dev/null -r exhibit >log 2>&1 || fail "remove: $(cat log)"
	[ ! -e root/usr/bin/exhibit ] || fail 'it is there after it was removed'
	[ -e root/etc/exhibit/exhibit.yaml ] || fail 'removing takes the configuration along'
else
	echo 'not tried: only root can use a root of its own'
fi

echo '== the unit'
unit=$source/deploy/systemd/exhibit.service
if command -v systemd-analyze >/dev/null; then
	# tenths: 2.0 at most
	systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" >log 2>&1 ||
		fail "the unit is exposed: $(tail -1 log)"
else
	echo 'not tried: no systemd-analyze here'
fi
grep '^ExecStart=' "$unit" | sed 's|.*/usr/bin/exhibit ||; s/ .*//' >command
"$build/exhibit" help "$(cat command)" >/dev/null || fail 'the unit runs no command'
mkdir run && cd run
sed "s|/var/lib/exhibit|$dir/run|" "$source/deploy/systemd/exhibit.yaml" >exhibit.yaml
SOURCE_DATE_EPOCH='' "$build/exhibit" audit --config exhibit.yaml --no-imds --no-commands >log 2>&1 ||
	[ $? = 1 ] || fail "the configuration of the unit: $(cat log)"
[ -s exhibit-report.html ] && [ -s exhibit.db ] && [ -s exhibit-report.prom ] ||
	fail 'the unit leaves no report'
cd ..

echo '== what others say of it'
if command -v lintian >/dev/null; then
	lintian --allow-root --fail-on error 1.deb >log 2>&1 || fail "lintian: $(cat log)"
else
	echo 'not tried: no lintian here'
fi
if command -v rpmspec >/dev/null; then
	rpmspec -P "$source/deploy/rpm/exhibit.spec" >log 2>&1 || fail "$(cat log)"
	version=$(sed -n 's/^project(exhibit VERSION \([0-9.]*\).*/\1/p' "$source/CMakeLists.txt")
	grep -q "^Version: *$version\$" log || fail 'the spec has another version'
else
	echo 'not tried: no rpmspec here'
fi
if command -v promtool >/dev/null; then
	promtool check rules "$source/deploy/prometheus/exhibit-rules.yaml" >log 2>&1 || fail "$(cat log)"
else
	echo 'not tried: no promtool here'
fi
echo 'deb: ok'
