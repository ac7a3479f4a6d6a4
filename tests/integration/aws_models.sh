#!/bin/sh
# What exhibit declares of each answer of AWS, held against AWS's service models as
# botocore carries them.
# usage: aws_models.sh EXHIBIT TEST_AWS_CALLS   (from tests/)
set -u

python3 -c 'import botocore' 2>/dev/null || {
	echo "skipped: botocore is not installed"
	exit 77
}
"$2" --contracts | python3 integration/aws_models.py
