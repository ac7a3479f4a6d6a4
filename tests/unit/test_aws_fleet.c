/* What is read of user data, of the names of images and parameters, and what
 * answers share when they become columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "collector/aws/ami_parameter.h"
#include "base/length.h"
#include "collector/aws/fill.h"
#include "collector/aws/userdata.h"

/* The words of what was found, blanks between. */
static void
words_of(const struct user_data *u, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (int i = 0; i < NFINDINGS; i++)
		if (u->found[i])
			n += (size_t)snprintf(out + n, size - n, "%s%s",
			    n > 0 ? " " : "",
			    user_data_word((enum user_data_finding)i));
}

#define MIME                                                                   \
	"MIME-Version: 1.0\nContent-Type: multipart/mixed; "                   \
	"boundary=\"==X==\"\n\n"
#define PART(type) "--==X==\nContent-Type: " type "\n\n"
/* [default] use_fips_endpoint=false, then =true; an endpoint_url */
#define CONFIG_OFF "W2RlZmF1bHRdCnVzZV9maXBzX2VuZHBvaW50PWZhbHNlCg=="
#define CONFIG_ON "W2RlZmF1bHRdCnVzZV9maXBzX2VuZHBvaW50ID0gdHJ1ZQo="

static void
user_data_tells_what_it_does(void **state)
{
	static const struct {
		const char *text, *form, *words;
	} cases[] = {
		{ "", "other", "" },
		{ "[settings.kubernetes]\ncluster-name = \"a\"\n",
		    "bottlerocket", "" },
		{ "[settings.aws]\nconfig = \"" CONFIG_OFF "\"\n",
		    "bottlerocket", "fips-endpoint-off" },
		{ "settings.aws.config = '" CONFIG_ON "'\n", "bottlerocket",
		    "fips-endpoint-on" },
		{ "[settings.\"host-containers\".admin]\nenabled = true\n",
		    "bottlerocket", "admin-container" },
		{ "[settings.host-containers.admin]\nenabled = false\n",
		    "bottlerocket", "" },
		{ "[settings.host-containers.control]\nenabled = true\n",
		    "bottlerocket", "" },
		{ "[settings.boot.kernel-parameters]\nfips = [\"0\"]\n",
		    "bottlerocket", "fips-off" },
		{ "# [settings.host-containers.admin]\n[settings.x]\n"
		  "# enabled = true\n",
		    "bottlerocket", "" },
		{ "#!/bin/sh\nfips-mode-setup --enable\nreboot\n", "script",
		    "fips-on reboot" },
		{ "#!/bin/sh\n# fips-mode-setup --enable; reboot\n", "script",
		    "" },
		{ "#!/bin/sh\nfips-mode-setup --disable\n", "script",
		    "fips-off" },
		{ "#!/bin/sh\ngrubby --update-kernel=ALL --args=fips=1\n",
		    "script", "fips-on" },
		{ "#!/bin/sh\n/etc/eks/bootstrap.sh prod\n", "script",
		    "bootstrap" },
		{ "#!/bin/sh\nexport AWS_USE_FIPS_ENDPOINT=True\n", "script",
		    "fips-endpoint-on" },
		{ "#!/bin/sh\nexport AWS_USE_FIPS_ENDPOINT=1\n", "script",
		    "fips-endpoint-off" },
		{ "#!/bin/sh\nexport AWS_ENDPOINT_URL_KMS=https://"
		  "kms.us-east-1.amazonaws.com\n",
		    "script", "endpoint-url" },
		{ "#!/bin/sh\naws kms list-keys --endpoint-url https://"
		  "kms-fips.us-east-1.amazonaws.com\n",
		    "script", "" },
		{ "#cloud-config\nruncmd:\n- fips-mode-setup --enable\n",
		    "cloud-config", "fips-on" },
		{ "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\n",
		    "nodeconfig", "" },
		{ MIME PART("application/node.eks.aws") "apiVersion: "
							"node.eks.aws/"
							"v1alpha1\n" PART(
							    "text/"
							    "x-"
							    "shellscrip"
							    "t") "#!/"
								 "bin/"
								 "sh\nr"
								 "eboot"
								 "\n--="
								 "=X==-"
								 "-\n",
		    "mime", "reboot" },
		{ MIME "--==X==\nContent-Type: text/x-shellscript\n"
		       "Content-Transfer-Encoding: base64\n\n"
		       "IyEvYmluL3NoCnJlYm9vdAo=\n--==X==--\n",
		    "mime", "reboot" },
		{ MIME "--==X==\nContent-Transfer-Encoding: base64\n\n"
		       "!!\n--==X==--\n",
		    "other", "" },
		{ "MIME-Version: 1.0\nContent-Type: multipart/mixed\n\nx\n",
		    "other", "" },
		{ MIME "no part at all\n", "other", "" },
		{ "\x1f\x8b\x08", "other", "" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct user_data u;
		char words[256];

		user_data_read_plain(cases[i].text, strlen(cases[i].text), &u);
		words_of(&u, words, sizeof(words));
		if (strcmp(u.form, cases[i].form) != 0 ||
		    strcmp(words, cases[i].words) != 0)
			fail_msg("%s: is %s (%s), not %s (%s)", cases[i].text,
			    u.form, words, cases[i].form, cases[i].words);
	}
}

static void
user_data_that_cannot_be_read_says_so(void **state)
{
	static char large[USER_DATA_MAX * 2 + 8];
	struct user_data u;

	(void)state;
	user_data_read("IyEvYmluL3NoCnJlYm9vdAo=", 24, &u);
	assert_string_equal(u.form, "script");
	assert_true(u.found[FINDING_REBOOT]);
	user_data_read("not base64!", 11, &u);
	assert_string_equal(u.form, "unreadable");
	memset(large, 'A', sizeof(large));
	user_data_read(large, sizeof(large), &u);
	assert_string_equal(u.form, "unreadable");
	user_data_read(large, USER_DATA_MAX * 2 - 4, &u);
	assert_string_equal(u.form, "unreadable");
}

static void
a_parameter_tells_what_it_names(void **state)
{
	static const struct {
		const char *name, *family, *kubernetes, *variant, *arch,
		    *release;
		bool fips;
	} cases[] = {
		{ "/aws/service/bottlerocket/aws-k8s-1.36-fips/x86_64/latest/"
		  "image_id",
		    "bottlerocket", "1.36", "aws-k8s-1.36-fips", "x86_64",
		    "latest", true },
		{ "/aws/service/bottlerocket/aws-k8s-1.35-nvidia-fips/arm64/"
		  "1.61.0/image_id",
		    "bottlerocket", "1.35", "aws-k8s-1.35-nvidia-fips", "arm64",
		    "1.61.0", true },
		{ "/aws/service/bottlerocket/aws-k8s-1.36/x86_64/latest/"
		  "image_id",
		    "bottlerocket", "1.36", "aws-k8s-1.36", "x86_64", "latest",
		    false },
		/* the flavour as a step of the path, as a guide has it: no
		 * such parameter */
		{ "/aws/service/bottlerocket/aws-k8s-1.27/x86_64/fips/latest/"
		  "image_id",
		    NULL, "", "", "", "", false },
		{ "/aws/service/bottlerocket/aws-k8s-1.36-fips/x86_64/latest/"
		  "image_version",
		    NULL, "", "", "", "", false },
		{ "/aws/service/eks/optimized-ami/1.36/amazon-linux-2023/"
		  "arm64/nvidia/recommended/image_id",
		    "al2023", "1.36", "amazon-linux-2023/nvidia", "arm64",
		    "latest", false },
		{ "/aws/service/eks/optimized-ami/1.32/amazon-linux-2-arm64/"
		  "recommended/image_id",
		    "al2", "1.32", "amazon-linux-2-arm64", "arm64", "latest",
		    false },
		{ "/aws/service/canonical/ubuntu/eks-pro/24.04/1.36/stable/"
		  "current/amd64/hvm/ebs-gp3/ami-id",
		    "ubuntu-pro", "1.36", "ubuntu-pro/24.04", "x86_64",
		    "latest", false },
		{ "/aws/service/ecs/optimized-ami/amazon-linux-2023/"
		  "recommended/image_id",
		    NULL, "", "", "", "", false },
		{ "", NULL, "", "", "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct ami_parameter p;

		assert_int_equal(ami_parameter_read(cases[i].name, &p),
		    cases[i].family != NULL);
		if (cases[i].family == NULL)
			continue;
		assert_string_equal(p.family, cases[i].family);
		assert_string_equal(p.kubernetes, cases[i].kubernetes);
		assert_string_equal(p.variant, cases[i].variant);
		assert_string_equal(p.architecture, cases[i].arch);
		assert_string_equal(p.release, cases[i].release);
		assert_int_equal(p.fips, cases[i].fips);
	}
}

/* Every name that is asked for is one that can be read back; Amazon Linux 2
 * had images up to 1.32 (eksctl refuses it from 1.33 on). */
static void
parameters_are_asked_for_by_version(void **state)
{
	char name[AMI_PARAMETER_MAX];
	struct ami_parameter p;
	size_t n = 0, al2 = 0, fips = 0;

	(void)state;
	for (; ami_parameter_name("1.32", n, name); n++) {
		assert_true(ami_parameter_read(name, &p));
		assert_string_equal(p.kubernetes, "1.32");
		al2 += strcmp(p.family, "al2") == 0;
		fips += p.fips;
	}
	assert_int_equal(al2, 3);
	assert_int_equal(fips, 4);
	for (size_t i = 0; ami_parameter_name("1.33", i, name); i++) {
		assert_true(ami_parameter_read(name, &p));
		assert_string_not_equal(p.family, "al2");
	}
	assert_false(ami_parameter_name("latest", 0, name));
	assert_false(ami_parameter_name("1.", 0, name));
	assert_false(ami_parameter_name("1.3/../x", 0, name));
}

static void
an_image_s_name_leads_to_its_parameter(void **state)
{
	char name[AMI_PARAMETER_MAX];

	(void)state;
	assert_true(ami_parameter_pinned(
	    "bottlerocket-aws-k8s-1.35-fips-x86_64-v1.58.0-c5c37032", 0, name));
	assert_string_equal(name,
	    "/aws/service/bottlerocket/aws-k8s-1.35-fips/x86_64/"
	    "1.58.0-c5c37032/image_id");
	assert_true(ami_parameter_pinned(
	    "bottlerocket-aws-k8s-1.35-fips-aarch64-v1.58.0-c5c37032", 1,
	    name));
	assert_string_equal(name,
	    "/aws/service/bottlerocket/aws-k8s-1.35-fips/arm64/1.58.0/"
	    "image_id");
	assert_false(ami_parameter_pinned(
	    "bottlerocket-aws-k8s-1.35-fips-x86_64-v1.58.0", 2, name));
	assert_false(
	    ami_parameter_pinned("amazon-eks-node-1.32-v20251120", 0, name));
	assert_false(
	    ami_parameter_pinned("bottlerocket-../../x-x86_64-v1.0", 0, name));
	assert_false(ami_parameter_pinned("bottlerocket-x86_64-v", 0, name));
}

static void
texts_are_sorted_and_stand_once(void **state)
{
	json_t *o = json_loads("{\"a\":{\"l\":[{\"n\":\"b\"},{\"n\":\"a\"},"
			       "{\"n\":\"b\"},{\"m\":\"c\"}],\"e\":[]}}",
	    0, NULL);
	ATTRS_AUTO(a);
	json_t *got = sorted_texts(o, ".a.l[].n", &a);
	char *text = json_dumps(got, JSON_COMPACT);

	(void)state;
	assert_string_equal(text, "[\"a\",\"b\"]");
	free(text);
	json_decref(got);
	got = sorted_texts(o, ".a.e[].n", &a);
	assert_true(json_is_array(got) && json_array_size(got) == 0);
	json_decref(got);
	got = sorted_texts(o, ".a.x[].n", &a);
	assert_true(json_is_null(got));
	json_decref(got);
	assert_false(a.failed);
	json_decref(o);
}

static void
tags_name_the_cluster(void **state)
{
	json_t *both = json_loads(
	    "[{\"key\":\"kubernetes.io/cluster/old\",\"value\":\"owned\"},"
	    "{\"key\":\"eks:cluster-name\",\"value\":\"prod\"}]",
	    0, NULL);
	json_t *one = json_loads("[{\"Key\":\"Name\",\"Value\":\"x\"},"
				 "{\"Key\":\"kubernetes.io/cluster/old\"}]",
	    0, NULL);

	(void)state;
	assert_string_equal(tag_cluster(both, "key", "value"), "prod");
	assert_string_equal(tag_cluster(one, "Key", "Value"), "old");
	assert_string_equal(tag_value(one, "Key", "Value", "Name"), "x");
	assert_null(tag_value(one, "Key", "Value", "none"));
	assert_null(tag_cluster(NULL, "Key", "Value"));
	json_decref(both);
	json_decref(one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_data_tells_what_it_does),
		cmocka_unit_test(user_data_that_cannot_be_read_says_so),
		cmocka_unit_test(a_parameter_tells_what_it_names),
		cmocka_unit_test(parameters_are_asked_for_by_version),
		cmocka_unit_test(an_image_s_name_leads_to_its_parameter),
		cmocka_unit_test(texts_are_sorted_and_stand_once),
		cmocka_unit_test(tags_name_the_cluster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
