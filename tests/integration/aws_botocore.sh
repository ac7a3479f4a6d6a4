#!/bin/sh
# SSO sessions beside botocore: the same token is used, and the same files are left,
# whether a token lives, is renewed or cannot be. One server on loopback answers both.
# usage: aws_botocore.sh EXHIBIT   (from tests/)
set -u

python3 -c 'import botocore.tokens' 2>/dev/null || {
	echo "skipped: botocore is not installed"
	exit 77
}
env -u AWS_PROFILE -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u HTTP_PROXY \
	-u http_proxy NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 \
	python3 integration/aws_botocore.py "$(realpath "$1")"
