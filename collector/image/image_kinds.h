/* The kinds of the image collector; image_kinds.c declares their columns. */
#ifndef COLLECTOR_IMAGE_IMAGE_KINDS_H
#define COLLECTOR_IMAGE_IMAGE_KINDS_H

#include "base/observation.h"

extern const struct kind image_kind, image_binary_kind, image_link_kind,
    image_module_kind, image_package_kind, image_program_kind,
    image_reference_kind;

/* by name; for the collector's own table and the table of all kinds */
#define IMAGE_KINDS                                                            \
	&image_kind, &image_binary_kind, &image_link_kind, &image_module_kind, \
	    &image_package_kind, &image_program_kind, &image_reference_kind

extern const struct kind *const image_kinds[]; /* IMAGE_KINDS, then NULL */
/* What is told of an image under its digest: all but image.reference. */
extern const struct kind *const image_content_kinds[];
extern const struct kind *const image_reference_kinds[]; /* that one */

#endif
