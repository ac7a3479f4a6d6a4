#!/bin/sh
# exhibit reads a host through the system's ssh and a real sshd: what it says
# must be what it says of the same host read directly.
# usage: ssh.sh EXHIBIT
set -eu

exhibit=$1
port=${EXHIBIT_TEST_SSH_PORT:-42022}

skip() {
	echo "skipped: $1"
	exit 77
}
fail() {
	echo "FAILED: $1" >&2
	[ -f "$dir/sshd.log" ] && tail -5 "$dir/sshd.log" >&2
	exit 1
}

[ -x /usr/sbin/sshd ] || skip "sshd is not installed"
command -v ssh >/dev/null || skip "ssh is not installed"
[ "$(id -u)" = 0 ] || skip "sshd needs root here"

dir=$(mktemp -d)
pid=
stop() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' INT TERM

mkdir -p /run/sshd
for key in host user stranger; do
	ssh-keygen -q -t ecdsa -N '' -f "$dir/$key"
done
cp "$dir/user.pub" "$dir/authorized"
cat >"$dir/sshd_config" <<-EOF
	Port $port
	ListenAddress 127.0.0.1
	HostKey $dir/host
	PidFile $dir/sshd.pid
	AuthorizedKeysFile $dir/authorized
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	PermitRootLogin prohibit-password
	StrictModes no
	UsePAM no
EOF
printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d' ' -f1,2 "$dir/host.pub")" \
	>"$dir/known_hosts"
cat >"$dir/ssh_config" <<-EOF
	Host node-a node-b stranger nowhere wrong-key
		HostName 127.0.0.1
		Port $port
		User root
		IdentityFile $dir/user
		IdentitiesOnly yes
		UserKnownHostsFile $dir/known_hosts
		GlobalKnownHostsFile /dev/null
		StrictHostKeyChecking yes
EOF
{
	printf 'Host nowhere\n\tPort 1\n'
	printf 'Host stranger\n\tIdentityFile %s/stranger\n' "$dir"
	printf '\tUserKnownHostsFile %s/known_hosts\n' "$dir"
	printf '\tIdentityAgent none\n\tIdentitiesOnly yes\n'
	printf 'Host wrong-key\n\tUserKnownHostsFile /dev/null\n'
	printf 'Host node-a node-b nowhere\n\tIdentityFile %s/user\n' "$dir"
	sed '/IdentityFile/d' "$dir/ssh_config"
} >"$dir/config"

# the system's ssh under a configuration of our own
ssh=$(command -v ssh)
mkdir "$dir/bin"
cat >"$dir/bin/ssh" <<-EOF
	#!/bin/sh
	exec $ssh -F $dir/config "\$@"
EOF
chmod 755 "$dir/bin/ssh"

/usr/sbin/sshd -D -e -f "$dir/sshd_config" 2>"$dir/sshd.log" &
pid=$!
n=0
until grep -q 'Server listening' "$dir/sshd.log"; do
	kill -0 "$pid" 2>/dev/null || fail "sshd did not start"
	n=$((n + 1))
	[ "$n" -lt 3000 ] || fail "sshd does not listen"
	sleep 0.1
done

run() {
	PATH=$dir/bin:$PATH "$exhibit" collect node "$@" --emit
}

# 1. two hosts, of three that cannot be read: the run goes on
run --ssh node-a,stranger --ssh wrong-key,nowhere --ssh node-b \
	>"$dir/out" || [ $? -lt 2 ] || fail "collect --ssh"
for host in node-a node-b; do
	grep '^{"coverage":' "$dir/out" | grep "\"scope\":\"host/$host\"" |
		grep -q '"outcome":"observed"' || fail "$host has no coverage"
done
grep '"kind":"node",' "$dir/out" | grep '"scope":"host/node-a"' |
	grep -q '"outcome":"observed"' || fail "node-a was not read"
# both names lead to one machine, where it has an id: one node, and told
if [ "$(wc -c </etc/machine-id 2>/dev/null || echo 0)" -gt 32 ]; then
	grep '"kind":"node",' "$dir/out" | grep -q '"scope":"host/node-b"' &&
		fail "one machine is two nodes"
	grep '"kind":"node.identity"' "$dir/out" | grep '"scope":"host/node-b"' |
		grep -q '"same_as":"node-a"' || fail "the alias was not told"
fi
reason() {
	grep '"kind":"node",' "$dir/out" | grep "\"scope\":\"host/$1\"" |
		grep '"outcome":"unreachable"' | grep -q "$2" ||
		fail "$1: not unreachable with '$2'"
	grep '^{"coverage":' "$dir/out" | grep "\"scope\":\"host/$1\"" |
		grep -q '"outcome":"unreachable"' ||
		fail "$1: coverage is not unreachable"
}
reason stranger 'Permission denied'
reason wrong-key 'Host key verification failed'
reason nowhere 'Connection refused'
[ "$(grep -c '^{"coverage":' "$dir/out")" = 5 ] || fail "not five scopes"

# 2. the files of a host are the same evidence through ssh and directly
run --root / --name node-a --no-imds >"$dir/direct" || [ $? -lt 2 ] ||
	fail "collect --root /"
for side in out direct; do
	grep '"kind":"node.file"' "$dir/$side" |
		grep '"scope":"host/node-a"' |
		sed 's/,"provenance":.*//' | sort >"$dir/$side.files"
done
[ -s "$dir/direct.files" ] || fail "no file was read directly"
cmp "$dir/out.files" "$dir/direct.files" || {
	diff "$dir/out.files" "$dir/direct.files" | head -10 >&2
	fail "ssh and root disagree"
}

# 3. a profile that prints and a login that forbids commands
printf 'command="echo Welcome; eval \\"$SSH_ORIGINAL_COMMAND\\"" %s\n' \
	"$(cat "$dir/user.pub")" >"$dir/authorized"
run --ssh node-a >"$dir/out" || [ $? -lt 2 ] || fail "after a banner"
grep '^{"coverage":' "$dir/out" | grep -q '"outcome":"observed"' ||
	fail "a banner was not skipped"
printf 'command="echo no login here" %s\n' "$(cat "$dir/user.pub")" \
	>"$dir/authorized"
run --ssh node-a >"$dir/out" || [ $? -lt 2 ] || fail "after no login"
grep '^{"coverage":' "$dir/out" | grep -q '"outcome":"error"' ||
	fail "a host that does not run the script must be an error"

# 4. an option is never a target
if run --ssh '-oProxyCommand=false' >"$dir/out" 2>/dev/null; then
	fail "an option was taken for a target"
fi
echo "ok"
