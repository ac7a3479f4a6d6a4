#!/bin/sh
# Settings that look like the right one: ?fips=yes is a wish, not a condition.
# usage: lookalike.sh EXHIBIT
set -eu

exhibit=$(realpath "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
now=2026-07-01T00:00:00Z
n=0

host() { # PROPERTIES VERDICT: of a host with both providers active
	n=$((n + 1))
	cat <<-END >>lines
	{"key":"h$n","kind":"node","observation":{"attributes":{"fips_enabled":1,"kernel_release":"5.14.0","live":true,"os_family":"rhel9"},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/h$n"}
	{"key":"openssl","kind":"node.openssl","observation":{"attributes":{"config_activates_default":true,"config_activates_fips":true,"config_path":"/etc/ssl/openssl.cnf","config_properties":"$1","fipsmodule_outcome":"absent","library_version":"3.0.7"},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/h$n"}
	END
	echo "h$n|$2" >>want
}
host 'fips=yes' satisfied
host 'FIPS = yes' satisfied
host 'provider=fips,fips=yes' satisfied
host '?fips=yes' not-satisfied
host 'provider=default,?fips=yes' not-satisfied
host 'xfips=yes' not-satisfied
host 'fips!=yes' not-satisfied

"$exhibit" init --store s.db --now $now >/dev/null
"$exhibit" collect import lines --store s.db --now $now >/dev/null || [ $? = 1 ]
"$exhibit" assess --store s.db --now $now >/dev/null || [ $? = 1 ]
sqlite3 s.db "SELECT key, verdict FROM verdict WHERE check_id = 'node-openssl-config'
	ORDER BY key" >got
diff want got
