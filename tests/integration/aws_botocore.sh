#!/bin/sh
# SSO sessions and those of 'aws login' beside botocore: the same keys are used, the same
# is sent and the same files are left, whether a session lives, is renewed or cannot be.
# One server on loopback answers both. A botocore before 1.41 (Debian 12 has 1.29) does not
# know 'aws login': then that part is not compared, which is printed.
# usage: aws_botocore.sh EXHIBIT   (from tests/)
set -u

python3 -c 'import botocore.tokens' 2>/dev/null || {
	echo "skipped: botocore is not installed"
	exit 77
}
env -u AWS_PROFILE -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u HTTP_PROXY \
	-u http_proxy NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 \
	python3 integration/aws_botocore.py "$(realpath "$1")"
