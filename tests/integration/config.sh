# exhibit.yaml: what it sets, what it refuses, and that the command line wins.
# usage: config.sh EXHIBIT   (from tests/)
set -eu

exhibit=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0

refused() { # text-of-the-message yaml
	printf "$2" >exhibit.yaml
	if message=$("$exhibit" init 2>&1); then
		echo "FAILED: accepted: $2"
		failed=1
	fi
	case $message in
	*"$1"*) ;;
	*)
		echo "FAILED: '$2' gives '$message', which does not say '$1'"
		failed=1
		;;
	esac
	[ ! -e exhibit.db ] || {
		echo "FAILED: '$2' left a store"
		rm exhibit.db
		failed=1
	}
}

refused "exhibit.yaml:2: no command has an option 'organisation'" \
	'store: a.db\norganisation: x\n'
refused 'exhibit.yaml:1: not a mapping' '[a, b]\n'
refused "exhibit.yaml:1: no command 'store'" 'store: {a: b}\n'
refused 'exhibit.yaml:1: a name or a value' 'store: [{a: b}]\n'
refused 'exhibit.yaml:1: a name or a value' 'init: {name: {a: b}}\n'
refused 'true or false' 'fips: yes\n'
refused 'exhibit.yaml:2' 'store: [\n'
refused 'exhibit.yaml' 'a: *nothing\n'
refused 'NUL' 'store: "a\\0b"\n'

printf 'report: {format: none}\ninit: {name: of-init}\n' >exhibit.yaml
"$exhibit" init --store section.db >/dev/null
grep -aq of-init section.db || {
	echo 'FAILED: the section of the command was not taken'
	failed=1
}
printf 'store: from-yaml.db\nname: named\norganization: of another command\n' \
	>exhibit.yaml
"$exhibit" init >/dev/null
[ -e from-yaml.db ] || {
	echo 'FAILED: store: was not taken from exhibit.yaml'
	failed=1
}
"$exhibit" init --store given.db >/dev/null
[ -e given.db ] || {
	echo 'FAILED: the command line did not win'
	failed=1
}
: >empty.yaml
"$exhibit" init --config empty.yaml --store c.db >/dev/null || failed=1
if "$exhibit" init --config none.yaml --store d.db 2>message; then
	echo 'FAILED: a missing --config was passed over'
	failed=1
fi
grep -q none.yaml message || failed=1
exit $failed
