#!/bin/sh
# Questions about the past: history, diff, assess, and the named queries over a
# period, each with its whole answer.
# usage: time.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
. "$here/../fixtures/fleet_time.sh"
cd "$dir"
store=$dir/s.db
period=2026-07-01..2026-07-18T15:00:00Z

fail() {
	echo "FAILED: $1" >&2
	[ ! -s "$dir/out" ] || sed 's/^/  out: /' "$dir/out" | head -40 >&2
	[ ! -s "$dir/err" ] || sed 's/^/  err: /' "$dir/err" | head -5 >&2
	exit 1
}
# run STATUS ARG...: must end so; CSV comes without its CR
run() {
	want=$1
	shift
	set +e
	"$exhibit" "$@" --store "$store" --now 2026-12-01T00:00:00Z >"$dir/raw" \
		2>"$dir/err"
	got=$?
	set -e
	tr -d '\r' <"$dir/raw" >"$dir/out"
	[ $got = "$want" ] || fail "$*: status $got, not $want"
}
# answers WHAT: the output is standard input
answers() {
	cat >"$dir/want"
	diff "$dir/want" "$dir/out" >&2 || fail "$1"
}
refuses() { # TEXT ARG...
	text=$1
	shift
	run 2 "$@"
	grep -qF -- "$text" err || fail "$*: does not say '$text'"
}
in_period() {
	run 0 query "$@" --period $period --format csv
}

judge() { # RUN TIME [OPTION...]
	as_of=$1 at=$2
	shift 2
	"$exhibit" assess --store "$store" --as-of "$as_of" --now "$at" "$@" \
		>"$dir/out" 2>"$dir/err" || [ $? = 1 ] || fail "assess $as_of"
}
make_fleet "$exhibit" "$store" 0
judge 2 2026-07-01T00:00:00Z
grep -q '^Judgement 1 of run 2 as of 2026-06-30T03:00:00Z, profile all, made 2026-07-01T00:00:00Z' out ||
	fail "assess says what it judged"
fleet_days "$exhibit" "$store" 1 10
judge 12 2026-07-11T00:00:00Z
fleet_days "$exhibit" "$store" 11 13
judge 16 2026-07-14T00:00:00Z
fleet_days "$exhibit" "$store" 14 18

# ---- FIPS mode over time: off, gone and back, late, lost, never reached ----

in_period not-in-fips
answers "not-in-fips" <<'END'
state,from,to,hours,node,scope,since_run,reason
not in FIPS mode,2026-07-10T03:00:00Z,2026-07-12T03:00:00Z,48.0,flip,host/flip,12,/proc/sys/crypto/fips_enabled = 0
not in FIPS mode,2026-07-15T03:00:00Z,2026-07-16T03:00:00Z,24.0,late,host/late,18,/proc/sys/crypto/fips_enabled = 0
gap,2026-07-04T03:00:00Z,2026-07-09T03:00:00Z,120.0,lost,host/lost,6,unreachable: Connection timed out
unknown,2026-07-01T00:00:00Z,2026-07-18T15:00:00Z,423.0,never,host/never,2,unreachable: Connection refused
gap,2026-07-01T00:00:00Z,2026-07-18T15:00:00Z,423.0,silent,host/silent,1,no run asked for it in this time
END
in_period node-hours
answers "node-hours" <<'END'
node,scope,in_fips,not_in_fips,not_observed,before_first_seen,gone,percent_in_fips
flip,host/flip,375.0,48.0,0.0,0.0,0.0,88.65
late,host/late,60.0,24.0,0.0,339.0,0.0,71.42
lost,host/lost,303.0,0.0,120.0,0.0,0.0,71.63
never,host/never,0.0,0.0,423.0,0.0,0.0,0.0
on,host/on,423.0,0.0,0.0,0.0,0.0,100.0
silent,host/silent,0.0,0.0,423.0,0.0,0.0,0.0
back,kube/c1,351.0,0.0,0.0,0.0,72.0,100.0
stays,kube/c1,423.0,0.0,0.0,0.0,0.0,100.0
END
# two runs on a day: the state holds from one to the next, and no further
in_period not-in-fips --param max_gap=12 --param key=flip
grep '^not' out | cut -d, -f2-4 >out2 && mv out2 out
answers "two runs on a day" <<'END'
2026-07-10T03:00:00Z,2026-07-11T03:00:00Z,24.0
END
# a sighting that does not hold is a sighting out of FIPS mode all the same
in_period not-in-fips --param max_gap=11 --param key=flip
grep '^not' out | cut -d, -f2-4 >out2 && mv out2 out
answers "sightings between gaps" <<'END'
2026-07-10T03:00:00Z,2026-07-10T03:00:00Z,0.0
2026-07-10T15:00:00Z,2026-07-10T15:00:00Z,0.0
2026-07-11T03:00:00Z,2026-07-11T03:00:00Z,0.0
END
in_period not-in-fips --param max_gap=120 --param key=lost
answers "a gap that is short enough" <<'END'
state,from,to,hours,node,scope,since_run,reason
END
# what has not happened yet is nobody's gap
run 0 query not-in-fips --period 2026Q3 --as-of 12 --param key=flip \
	--param max_gap=1 --format csv
grep -q '2026-07-10T03:00:00Z,.*,0.0,flip' out || fail "as of run 12"
! grep -q '2026-07-1[1-9]' out || fail "after what is looked at"

# ---- who, what, when ----

in_period never-observed
answers "never-observed" <<'END'
kind,scope,key,last_seen,outcome,reason
node,host/never,never,2026-07-18T03:00:00Z,unreachable,Connection refused
node,host/silent,silent,2026-06-01T03:00:00Z,observed,
END
in_period first-last
answers "first-last" <<'END'
kind,scope,key,state,first_seen,last_seen,gone,first_run,last_run
node,host/flip,flip,seen,2026-06-30T03:00:00Z,2026-07-18T03:00:00Z,,2,21
node,host/late,late,new,2026-07-15T03:00:00Z,2026-07-18T03:00:00Z,,18,21
node,host/lost,lost,seen,2026-06-30T03:00:00Z,2026-07-18T03:00:00Z,,2,21
node,host/never,never,seen,2026-06-30T03:00:00Z,2026-07-18T03:00:00Z,,2,21
node,host/on,on,seen,2026-06-30T03:00:00Z,2026-07-18T03:00:00Z,,2,21
node,host/silent,silent,unseen,2026-06-01T03:00:00Z,2026-06-01T03:00:00Z,,1,1
node,kube/c1,back,seen,2026-06-30T03:00:00Z,2026-07-18T03:00:00Z,,2,21
node,kube/c1,stays,seen,2026-06-30T03:00:00Z,2026-07-18T03:00:00Z,,2,21
END
run 0 query first-last --period 2026-07-04..2026-07-07 --format csv \
	--param scope='kube/*'
answers "first-last, gone" <<'END'
kind,scope,key,state,first_seen,last_seen,gone,first_run,last_run
node,kube/c1,back,gone,2026-06-30T03:00:00Z,2026-07-05T03:00:00Z,2026-07-06T03:00:00Z,2,7
node,kube/c1,stays,seen,2026-06-30T03:00:00Z,2026-07-07T03:00:00Z,,2,9
END
run 0 query coverage-by-scope --period 2026-07-08..2026-07-10 --format csv \
	--param scope='host/[fls]*'
answers "coverage-by-scope" <<'END'
day,scope,collector,runs,complete,partial,denied,no_answer,denied_calls,dropped
2026-07-08,host/flip,node,1,1,0,0,0,0,0
2026-07-09,host/flip,node,1,1,0,0,0,0,0
2026-07-10,host/flip,node,2,2,0,0,0,0,0
2026-07-08,host/lost,node,1,0,0,0,1,0,0
2026-07-09,host/lost,node,1,1,0,0,0,0,0
2026-07-10,host/lost,node,1,1,0,0,0,0,0
2026-07-08,host/silent,node,0,0,0,0,0,0,0
2026-07-09,host/silent,node,0,0,0,0,0,0,0
2026-07-10,host/silent,node,0,0,0,0,0,0,0
END
run 0 query coverage-by-day --period 2026-07-08..2026-07-10 --format csv
answers "coverage-by-day" <<'END'
day,scopes,collector,places,complete,partial,denied,no_answer,not_asked,dropped,denied_calls
2026-07-08,host/*,node,5,2,0,0,2,1,0,0
2026-07-08,kube/*,node,1,1,0,0,0,0,0,0
2026-07-09,host/*,node,5,3,0,0,1,1,0,0
2026-07-09,kube/*,node,1,1,0,0,0,0,0,0
2026-07-10,host/*,node,5,3,0,0,1,1,0,0
2026-07-10,kube/*,node,1,1,0,0,0,0,0,0
END
run 0 query runs-in-period --period 2026-07-10 --format csv
cut -d, -f1-7 out >out2 && mv out2 out
answers "runs-in-period" <<'END'
run,began,ended,state,places,changes,judgements
12,2026-07-10T03:00:00Z,2026-07-10T03:00:00Z,partial,5,1,1
13,2026-07-10T15:00:00Z,2026-07-10T15:00:00Z,complete,1,0,0
END

# ---- two clocks: judged then, and judged again ----

mkdir checks
{
	sed -n '/^--/p' "$here/../../checks/node-fips-on.sql"
	echo "SELECT subject, 'unknown' AS verdict, 'stricter' AS reason FROM node;"
} >checks/node-fips-on.sql
judge 12 2026-08-01T00:00:00Z --checks checks
# an old state that is judged again is no flip back for the next one
judge 17 2026-08-02T00:00:00Z

flip="--param check=node-fips-on --param scope=host/flip"
# shellcheck disable=SC2086
run 0 query verdict-changes --period 2026Q3 $flip --format csv
cut -d, -f1-4,8-14 out >out2 && mv out2 out
answers "verdict-changes" <<'END'
judged,check,was,verdict,as_of,judgement,before_judgement,run,evidence_run,evidence_changed,check_changed
2026-07-01T00:00:00Z,node-fips-on,,satisfied,2026-06-30T03:00:00Z,1,,2,2,2026-06-30T03:00:00Z,
2026-07-11T00:00:00Z,node-fips-on,satisfied,not-satisfied,2026-07-10T03:00:00Z,2,1,12,12,2026-07-10T03:00:00Z,0
2026-07-14T00:00:00Z,node-fips-on,not-satisfied,satisfied,2026-07-13T03:00:00Z,3,2,16,15,2026-07-12T03:00:00Z,0
2026-08-01T00:00:00Z,node-fips-on,not-satisfied,unknown,2026-07-10T03:00:00Z,4,2,12,12,2026-07-10T03:00:00Z,1
END
verdict() { # WANT OPTION...
	want_verdict=$1
	shift
	# shellcheck disable=SC2086
	run 0 query verdicts $flip --format csv "$@"
	[ "$(tail -1 out | cut -d, -f1,6)" = "$want_verdict" ] ||
		fail "verdicts $*: not $want_verdict"
}
verdict satisfied,2026-08-02T00:00:00Z
verdict unknown,2026-08-01T00:00:00Z --as-of 12
verdict not-satisfied,2026-07-11T00:00:00Z --as-of 12 --known-at 2026-07-31
verdict satisfied,2026-07-01T00:00:00Z --as-of 12 --known-at 2026-07-10
verdict unknown,2026-08-01T00:00:00Z --as-of 12 --known-at 2026-08-01
run 0 query "SELECT count(*) FROM verdict" --known-at 2026-06-30 --format csv
[ "$(tail -1 out)" = 0 ] || fail "nothing was known before it was judged"
# nothing enters the past: what a clock that was set back says is refused
backdated() { # WORD...
	"$exhibit" "$@" --store "$store" --now 2026-07-02T00:00:00Z >out 2>err &&
		fail "$1, backdated"
	grep -q '2026-07-02T00:00:00Z is earlier than .* 2026-08-02T00:00:00Z.*--now' err ||
		fail "$1, backdated: $(cat err)"
}
backdated assess --as-of 16
backdated except add --check 'node-*' --subject x --owner o --approver a \
	--reason r --expires 2026-12-01 --unsigned
backdated collect node --root "$dir" --name x
verdict satisfied,2026-07-14T00:00:00Z --as-of 16 --known-at 2026-07-20
run 0 show flip --as-of 12 --known-at 2026-07-31
grep -q 'not-satisfied  node-fips-on ' out || fail "show --known-at"
run 0 show flip --as-of 12
grep -q 'unknown        node-fips-on ' out || fail "show without it"

# ---- history and diff ----

run 0 history flip --period 2026-07-05..2026-07-31 --format csv
grep -v ',node-fips-selftested,' out | cut -d, -f1-9 >out2 && mv out2 out
answers "history of a subject" <<'END'
at,what,name,old,new,before_run,run,before_judgement,judgement
2026-07-10T03:00:00Z,changed,fips_enabled,1,0,11,12,,
2026-07-11T00:00:00Z,verdict,node-fips-on,satisfied,not-satisfied,2,12,1,2
2026-07-12T03:00:00Z,changed,fips_enabled,0,1,14,15,,
2026-07-14T00:00:00Z,verdict,node-fips-on,not-satisfied,satisfied,12,16,2,3
END
run 0 history node --period 2026-07-05..2026-07-09 --format csv
cut -d, -f1-7,15-17 out >out2 && mv out2 out
answers "history of a kind" <<'END'
at,what,name,old,new,before_run,run,kind,scope,key
2026-07-06T03:00:00Z,gone,,,,7,8,node,kube/c1,back
2026-07-09T03:00:00Z,came back,,,observed,10,11,node,kube/c1,back
END
run 0 history flip --as-of 12 --known-at 2026-07-10 --format json
! grep -q '"run":15' out || fail "history --as-of"
! grep -q '"judgement":2' out || fail "history --known-at"
run 1 diff 2026Q2 2026-07-10 --format csv
grep -v ',node-fips-selftested,' out >out2 && mv out2 out
answers "diff of a quarter and a date" <<'END'
what,kind,scope,key,name,old,new,a_judgement,b_judgement,reason
changed,node,host/flip,flip,fips_enabled,1,0,,,
verdict,node,host/flip,flip,node-fips-on,satisfied,unknown,1,4,stricter
verdict,node,host/lost,lost,node-fips-on,satisfied,unknown,1,4,stricter
verdict,node,host/on,on,node-fips-on,satisfied,unknown,1,4,stricter
verdict,node,kube/c1,back,node-fips-on,satisfied,unknown,1,4,stricter
verdict,node,kube/c1,stays,node-fips-on,satisfied,unknown,1,4,stricter
END
run 1 diff 2026-06-30 2026-07-07T12:00:00Z --known-at 2026-06-30 --format csv
cut -d, -f1-7 out >out2 && mv out2 out
answers "diff: what went" <<'END'
what,kind,scope,key,name,old,new
gone,node,kube/c1,back,,observed,
END
run 0 diff 3 4 --format json
answers "diff of equals" <<'END'
[]
END

# ---- refusals ----

refuses "is neither a year" query not-in-fips --period soon
refuses "ends before it begins" query not-in-fips --period 2026Q3..2026Q1
refuses "--period sets :from" query not-in-fips --period 2026Q3 --param from=1
refuses "not a UTC date or time" query nodes --known-at yesterday
refuses "say one subject, or a kind" history
refuses "nothing was collected" history nobody
refuses "say two runs" diff 1
refuses "no run is named so" diff 1 99
refuses "no run is named so" diff 1 2025Q1
refuses "takes no operand" assess 3
refuses "not a number of hours" assess --max-age x
refuses "is yet to come" assess --as-of 2099-01-01
refuses "is yet to come" report --unsigned --output late --as-of 2099-01-01T00:00:00Z
"$exhibit" verify --store "$store" >out 2>err || [ $? = 1 ] || fail "the store holds"
echo "ok"
