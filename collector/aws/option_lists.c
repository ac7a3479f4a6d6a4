/* Lists in options, and files of them. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "collector/aws/plan.h"

#define IDS_FILE_MAX ((size_t)4 * 1024 * 1024)
#define EXTERNAL_ID_MAX 1224 /* STS API reference, AssumeRole */

static size_t
count(const char *list)
{
	size_t n = 1;

	for (; *list != '\0'; list++)
		n += *list == ',';
	return n;
}

int
list_split(const char *list, const char *option, char ***out, size_t *n,
    struct fault *f)
{
	size_t most = count(list);

	*n = 0;
	if (most > AWS_LIST_MAX)
		return fault(f, FAULT_USAGE, "--%s: over %d of them", option,
		    AWS_LIST_MAX);
	if ((*out = calloc(most + 1, sizeof(**out))) == NULL)
		return fault_memory(f);
	for (const char *p = list; *p != '\0'; p += *p == ',') {
		size_t len;

		p += strspn(p, " \t"); /* "us-east-1, us-west-2" */
		len = strcspn(p, ", \t");
		if (len > 0 && ((*out)[(*n)++] = strndup(p, len)) == NULL)
			return fault_memory(f);
		p += len;
		p += strspn(p, " \t");
		if (*p != ',' && *p != '\0')
			return fault(f, FAULT_USAGE,
			    "--%s: '%.60s': separate them by commas", option,
			    list);
	}
	return 0;
}

void
list_free(char **list)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		free(list[i]);
	free(list);
}

bool
list_has(char *const *list, const char *name)
{
	for (; list != NULL && *list != NULL; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

/* One line; *line is past it. -1: it is none. */
static int
read_id(json_t *ids, const char *line, size_t len, struct fault *f)
{
	size_t account, gap;
	char number[16];

	while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
		len--;
	account = strspn(line, "0123456789");
	gap = account < len ? strspn(line + account, ", \t") : 0;
	if (len == 0 || line[0] == '#')
		return 0;
	if (account != 12 || gap == 0 || account + gap >= len ||
	    len - account - gap > EXTERNAL_ID_MAX)
		return -1;
	(void)snprintf(number, sizeof(number), "%.12s", line);
	return json_object_set_new(ids, number,
		   json_stringn(line + account + gap, len - account - gap)) ==
		       -1
		   ? fault_memory(f)
		   : 0;
}

json_t *
external_ids_read(const char *path, struct fault *f)
{
	SECRET_AUTO(text, IDS_FILE_MAX);
	json_t *ids = json_object();
	int line = 1;

	if (ids == NULL || file_read(path, &text, f) == -1) {
		json_decref(ids);
		return NULL;
	}
	for (const char *p = text.len > 0 ? text.p : ""; *p != '\0'; line++) {
		size_t len = strcspn(p, "\n");

		if (read_id(ids, p, len, f) == -1) {
			(void)fault(f, FAULT_USAGE,
			    "%.300s, line %d: not an account number of 12 "
			    "digits and its external id",
			    path, line);
			json_decref(ids);
			return NULL;
		}
		p += len + (p[len] == '\n');
	}
	return ids;
}
