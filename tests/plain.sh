#!/bin/sh
# Run a test with the program that EXHIBIT_PLAIN names, if it names one.
# usage: plain.sh SCRIPT PROGRAM [ARGUMENT...]
set -eu
script=$1
program=${EXHIBIT_PLAIN:-$2}
shift 2
exec sh "$script" "$program" "$@"
