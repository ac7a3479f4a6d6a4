/* See ami_parameter.h. */
#include "collector/aws/ami_parameter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/span.h"

#define STEPS_MAX 16
#define BOTTLEROCKET "/aws/service/bottlerocket/aws-k8s-"
#define EKS "/aws/service/eks/optimized-ami/"
#define UBUNTU "/aws/service/canonical/ubuntu/"

/* %s is the Kubernetes version. */
static const struct {
	const char *format;
	int until; /* the last minor version there was; 0: still */
} names[] = {
	{ BOTTLEROCKET "%s-fips/x86_64/latest/image_id", 0 },
	{ BOTTLEROCKET "%s-fips/arm64/latest/image_id", 0 },
	{ BOTTLEROCKET "%s-nvidia-fips/x86_64/latest/image_id", 0 },
	{ BOTTLEROCKET "%s-nvidia-fips/arm64/latest/image_id", 0 },
	{ BOTTLEROCKET "%s/x86_64/latest/image_id", 0 },
	{ BOTTLEROCKET "%s/arm64/latest/image_id", 0 },
	{ BOTTLEROCKET "%s-nvidia/x86_64/latest/image_id", 0 },
	{ BOTTLEROCKET "%s-nvidia/arm64/latest/image_id", 0 },
	{ EKS "%s/amazon-linux-2023/x86_64/standard/recommended/image_id", 0 },
	{ EKS "%s/amazon-linux-2023/arm64/standard/recommended/image_id", 0 },
	{ EKS "%s/amazon-linux-2023/x86_64/nvidia/recommended/image_id", 0 },
	{ EKS "%s/amazon-linux-2023/arm64/nvidia/recommended/image_id", 0 },
	{ EKS "%s/amazon-linux-2023/x86_64/neuron/recommended/image_id", 0 },
	{ EKS "%s/amazon-linux-2/recommended/image_id", 32 },
	{ EKS "%s/amazon-linux-2-arm64/recommended/image_id", 32 },
	{ EKS "%s/amazon-linux-2-gpu/recommended/image_id", 32 },
	{ UBUNTU "eks-pro/22.04/%s/stable/current/amd64/hvm/ebs-gp2/ami-id",
	    0 },
	{ UBUNTU "eks-pro/22.04/%s/stable/current/arm64/hvm/ebs-gp2/ami-id",
	    0 },
	{ UBUNTU "eks-pro/24.04/%s/stable/current/amd64/hvm/ebs-gp3/ami-id",
	    0 },
	{ UBUNTU "eks-pro/24.04/%s/stable/current/arm64/hvm/ebs-gp3/ami-id",
	    0 },
	{ UBUNTU "eks/22.04/%s/stable/current/amd64/hvm/ebs-gp2/ami-id", 0 },
	{ UBUNTU "eks/22.04/%s/stable/current/arm64/hvm/ebs-gp2/ami-id", 0 },
	{ UBUNTU "eks/24.04/%s/stable/current/amd64/hvm/ebs-gp3/ami-id", 0 },
	{ UBUNTU "eks/24.04/%s/stable/current/arm64/hvm/ebs-gp3/ami-id", 0 },
};
#define NNAMES (LENGTH(names))

/* "1.36": 36, else -1. */
static int
minor_of(struct span version)
{
	struct span minor = { version.p + 2, version.len - 2 };
	long long v;

	if (!span_starts(version, "1.") || version.len > 5 ||
	    span_integer(minor, &v) == -1)
		return -1;
	return (int)v;
}

bool
ami_parameter_name(
    const char *kubernetes, size_t i, char out[AMI_PARAMETER_MAX])
{
	int minor = minor_of(span_of(kubernetes)), n;
	size_t at = 0;

	if (minor == -1)
		return false;
	for (size_t k = 0; k < NNAMES; k++)
		if ((names[k].until == 0 || minor <= names[k].until) &&
		    at++ == i) {
			const char *hole = strstr(names[k].format, "%s");

			n = snprintf(out, AMI_PARAMETER_MAX, "%.*s%s%s",
			    (int)(hole - names[k].format), names[k].format,
			    kubernetes, hole + 2);
			return n > 0 && n < AMI_PARAMETER_MAX;
		}
	return false;
}

static void
copy(char *out, size_t size, struct span s)
{
	(void)snprintf(out, size, "%.*s", (int)s.len, s.p != NULL ? s.p : "");
}

static size_t
steps_of(const char *name, struct span steps[STEPS_MAX])
{
	struct span rest = span_of(name[0] == '/' ? name + 1 : name);
	size_t n = 0;

	while (rest.p != NULL && n < STEPS_MAX)
		steps[n++] = span_until(rest, '/', &rest);
	return rest.p == NULL ? n : 0;
}

/* aws service bottlerocket aws-k8s-1.36-fips x86_64 latest image_id */
static bool
read_bottlerocket(const struct span *s, struct ami_parameter *out)
{
	struct span version, rest;

	if (!span_starts(s[3], "aws-k8s-") || !span_is(s[6], "image_id"))
		return false;
	version = (struct span){ s[3].p + 8, s[3].len - 8 };
	version = span_until(version, '-', &rest);
	if (minor_of(version) == -1)
		return false;
	out->family = "bottlerocket";
	out->fips = span_ends(s[3], "-fips");
	copy(out->variant, sizeof(out->variant), s[3]);
	copy(out->kubernetes, sizeof(out->kubernetes), version);
	copy(out->architecture, sizeof(out->architecture), s[4]);
	copy(out->release, sizeof(out->release), s[5]);
	return true;
}

/* aws service eks optimized-ami 1.36 amazon-linux-2023 x86_64 standard
 * recommended image_id; of the older one: ... amazon-linux-2-arm64 recommended
 * image_id */
static bool
read_eks(const struct span *s, size_t n, struct ami_parameter *out)
{
	bool al2023 = n == 10 && span_is(s[5], "amazon-linux-2023");

	if (minor_of(s[4]) == -1 || !span_is(s[n - 1], "image_id") ||
	    (!al2023 && (n != 8 || !span_starts(s[5], "amazon-linux-2"))))
		return false;
	out->family = al2023 ? "al2023" : "al2";
	copy(out->kubernetes, sizeof(out->kubernetes), s[4]);
	if (al2023) {
		(void)snprintf(out->variant, sizeof(out->variant),
		    "amazon-linux-2023/%.*s", (int)s[7].len, s[7].p);
		copy(out->architecture, sizeof(out->architecture), s[6]);
	} else {
		copy(out->variant, sizeof(out->variant), s[5]);
		copy(out->architecture, sizeof(out->architecture),
		    span_of(span_ends(s[5], "-arm64") ? "arm64" : "x86_64"));
	}
	copy(out->release, sizeof(out->release),
	    span_is(s[n - 2], "recommended") ? span_of("latest") : s[n - 2]);
	return true;
}

/* aws service canonical ubuntu eks-pro 24.04 1.36 stable current amd64 hvm
 * ebs-gp3 ami-id */
static bool
read_ubuntu(const struct span *s, struct ami_parameter *out)
{
	bool pro = span_is(s[4], "eks-pro");

	if ((!pro && !span_is(s[4], "eks")) || minor_of(s[6]) == -1)
		return false;
	out->family = pro ? "ubuntu-pro" : "ubuntu";
	(void)snprintf(out->variant, sizeof(out->variant), "%s/%.*s",
	    out->family, (int)s[5].len, s[5].p);
	copy(out->kubernetes, sizeof(out->kubernetes), s[6]);
	copy(out->architecture, sizeof(out->architecture),
	    span_is(s[9], "amd64") ? span_of("x86_64") : s[9]);
	copy(out->release, sizeof(out->release),
	    span_is(s[8], "current") ? span_of("latest") : s[8]);
	return true;
}

bool
ami_parameter_read(const char *name, struct ami_parameter *out)
{
	struct span s[STEPS_MAX];
	size_t n = steps_of(name, s);

	*out = (struct ami_parameter){ 0 };
	if (n == 7 && span_is(s[2], "bottlerocket"))
		return read_bottlerocket(s, out);
	if ((n == 8 || n == 10) && span_is(s[2], "eks") &&
	    span_is(s[3], "optimized-ami"))
		return read_eks(s, n, out);
	if (n == 13 && span_is(s[2], "canonical") && span_is(s[3], "ubuntu"))
		return read_ubuntu(s, out);
	return false;
}

bool
ami_parameter_pinned(
    const char *image_name, size_t i, char out[AMI_PARAMETER_MAX])
{
	static const char *const machines[] = { "x86_64", "aarch64", "arm64" };
	static const char prefix[] = "bottlerocket-";
	struct span variant, release, rest;
	int n;

	if (strncmp(image_name, prefix, sizeof(prefix) - 1) != 0 || i > 1)
		return false;
	image_name += sizeof(prefix) - 1;
	for (size_t m = 0; m < LENGTH(machines); m++) {
		char middle[16];
		const char *at;

		(void)snprintf(middle, sizeof(middle), "-%s-v", machines[m]);
		if ((at = strstr(image_name, middle)) == NULL)
			continue;
		variant =
		    (struct span){ image_name, (size_t)(at - image_name) };
		release = span_of(at + strlen(middle));
		if (i == 1)
			release = span_until(release, '-', &rest);
		if (!span_only(variant, ALNUM "-.") ||
		    !span_only(release, ALNUM "-."))
			return false;
		n = snprintf(out, AMI_PARAMETER_MAX,
		    "/aws/service/bottlerocket/%.*s/%s/%.*s/image_id",
		    (int)variant.len, variant.p, m == 0 ? "x86_64" : "arm64",
		    (int)release.len, release.p);
		return n > 0 && n < AMI_PARAMETER_MAX;
	}
	return false;
}
