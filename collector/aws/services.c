/* See services.h. */
#include "collector/aws/services.h"

const struct aws_service aws_autoscaling = {
	.name = "autoscaling",
	.protocol = AWS_QUERY,
	.version = "2011-01-01",
	.xmlns = "http://autoscaling.amazonaws.com/doc/2011-01-01/",
};

const struct aws_service aws_ec2 = {
	.name = "ec2",
	.protocol = AWS_EC2,
	.version = "2016-11-15",
	.xmlns = "http://ec2.amazonaws.com/doc/2016-11-15/",
};

const struct aws_service aws_eks = {
	.name = "eks",
	.protocol = AWS_REST_JSON,
};

const struct aws_service aws_iam = {
	.name = "iam",
	.protocol = AWS_QUERY,
	.version = "2010-05-08",
	.xmlns = "https://iam.amazonaws.com/doc/2010-05-08/",
	.global = true,
};

const struct aws_service aws_ssm = {
	.name = "ssm",
	.protocol = AWS_JSON,
	.version = "1.1",
	.target = "AmazonSSM",
};
