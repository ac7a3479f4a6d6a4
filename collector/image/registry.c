/* Registries: not read yet, and said so before anything is asked. */
#include "image.h"

int
registry_open(struct image_source *out, const struct request *r,
    const struct reference *ref, struct fault *f)
{
	(void)out;
	(void)r;
	return fault(f, FAULT_USAGE,
	    "%.200s: registries are not read yet; save the image (docker save, "
	    "skopeo copy) and give docker-archive:FILE or oci:FOLDER",
	    ref->text);
}
