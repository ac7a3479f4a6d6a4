#!/bin/sh
# stranger.sh DIR PACKAGE CA [TSA]: do in DIR what the package's VERIFY.txt
# prints, and nothing else, with the tools it names and none besides.
set -eu

dir=$1 package=$2 ca=$3 tsa=${4:-}
tools='unzip openssl sqlite3 sh test printf sort uniq sed grep cut tail head
	cat tr od wc mv diff find env sha256sum echo'
rm -rf "$dir"
mkdir -p "$dir/bin" "$dir/here"
for t in $tools; do
	for d in /bin /usr/bin; do
		[ ! -x "$d/$t" ] || ln -sf "$d/$t" "$dir/bin/$t"
	done
done
cp "$package" "$dir/here/package.asice"
cp "$ca" "$dir/here/ca.pem"
[ -z "$tsa" ] || cp "$tsa" "$dir/here/tsa.pem"
unzip -p "$package" VERIFY.txt | sed -n 's/^    //p' >"$dir/commands"
[ "$(wc -l <"$dir/commands")" -gt 15 ] || {
	echo "VERIFY.txt has no commands"
	exit 1
}
bin=$(cd "$dir/bin" && pwd)
cd "$dir/here"
exec env -i PATH="$bin" LC_ALL=C sh -e ../commands
