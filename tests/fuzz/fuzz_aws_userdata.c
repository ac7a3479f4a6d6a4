/* User data from launch templates, whatever its form; and the names of images
 * and parameters beside it, which others wrote too. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/aws/ami_parameter.h"
#include "collector/aws/userdata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	char name[AMI_PARAMETER_MAX];
	struct ami_parameter p;
	struct user_data u;

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	user_data_read_plain(text, size, &u);
	assert(u.form != NULL);
	user_data_read(text, size, &u);
	assert(u.form != NULL);
	if (ami_parameter_read(text, &p))
		assert(p.family != NULL && p.kubernetes[0] != '\0');
	for (size_t i = 0; ami_parameter_pinned(text, i, name); i++)
		assert(name[0] == '/');
	free(text);
	return 0;
}
