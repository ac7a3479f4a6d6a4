/*
 * Public SSM parameters in which AWS and Canonical name images for Kubernetes
 * nodes (EKS user guide, "retrieve AMI ids"; eksctl's pkg/ami/ssm_resolver.go
 * for Ubuntu). A flavour belongs to the variant's name: aws-k8s-1.36-fips.
 */
#ifndef COLLECTOR_AWS_AMI_PARAMETER_H
#define COLLECTOR_AWS_AMI_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

#define AMI_PARAMETER_MAX 256 /* bytes of a name, its NUL included */

struct ami_parameter {	    /* what a name says */
	const char *family; /* static; NULL: not such a name */
	bool fips;
	char kubernetes[16], variant[96], architecture[16], release[64];
};

/* "latest" stands for recommended and current too. False: not such a name. */
bool ami_parameter_read(const char *name, struct ami_parameter *out);

/* The i-th parameter for a Kubernetes version ("1.36"); false: there are no
 * more, or it is no version. */
bool ami_parameter_name(
    const char *kubernetes, size_t i, char out[AMI_PARAMETER_MAX]);

/*
 * The parameter that would name this very image if it is a release of
 * Bottlerocket, from the image's name; i is 0 (release and commit) or 1
 * (release alone). False: it is not named so.
 */
bool ami_parameter_pinned(
    const char *image_name, size_t i, char out[AMI_PARAMETER_MAX]);

#endif
