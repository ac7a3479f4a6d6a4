/*
 * pack zip DIR FILE: a container of whatever is in DIR.
 * pack seal DIR: SHA256SUMS and the manifest again, of what is in DIR.
 * pack list DIR: the manifest alone, whatever SHA256SUMS says.
 * pack stamp SIGNATURE TOKEN FILE: the signature with this token in it.
 * pack xml KEY CERTIFICATE FILE: FILE.xmldsig, of a FILE in this folder.
 * pack bare SIGNATURE FILE: the signature without its token.
 * For tests that edit packages as somebody with the keys could.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/cms.h>

#include "base/file.h"
#include "base/folder.h"
#include "report/package/package.h"
#include "report/sign/xmldsig.h"

static void
drop(const char *dir, const char *name)
{
	char path[FOLDER_PATH_MAX];
	struct fault ignored;

	if (folder_path(dir, name, path, &ignored) == 0)
		(void)unlink(path);
}

static int
list(const char *dir, struct crypto *c, struct fault *f)
{
	struct listing l;
	int rc = listing_of(&l, dir, c, f);
	BUF_AUTO(b, MANIFEST_MAX);

	drop(dir, PACKAGE_MANIFEST);
	if (rc == 0) {
		manifest_write(
		    &l, PACKAGE_SIGNATURE, PACKAGE_SIGNATURE_TYPE, &b);
		rc = folder_put(dir, PACKAGE_MANIFEST, b.p, b.len, f);
	}
	listing_free(&l);
	return rc;
}

static int
seal(const char *dir, struct crypto *c, struct fault *f)
{
	BUF_AUTO(b, MANIFEST_MAX);

	drop(dir, "mimetype");
	drop(dir, "SHA256SUMS");
	drop(dir, PACKAGE_MANIFEST);
	return package_seal(dir, c, &b, f);
}

static int
stamp(char **names, struct crypto *c, struct fault *f)
{
	BUF_AUTO(sig, SIGNATURE_MAX);
	BUF_AUTO(token, SIGNATURE_MAX);
	BUF_AUTO(out, SIGNATURE_MAX);

	if (file_read(names[0], &sig, f) == -1 ||
	    file_read(names[1], &token, f) == -1 ||
	    signature_stamp(c, sig.p, sig.len, token.p, token.len, &out, f) ==
		-1)
		return -1;
	return file_write(names[2], out.p, out.len, 0644, f);
}

static int
bare(char **names, struct crypto *c, struct fault *f)
{
	BUF_AUTO(sig, SIGNATURE_MAX);
	const unsigned char *p;
	unsigned char *der = NULL;
	CMS_ContentInfo *cms;
	CMS_SignerInfo *si;
	int len, rc;

	(void)c;
	if (file_read(names[0], &sig, f) == -1)
		return -1;
	p = (const unsigned char *)sig.p;
	if ((cms = d2i_CMS_ContentInfo(NULL, &p, (long)sig.len)) == NULL)
		return fault(f, FAULT_FORMAT, "not a CMS");
	si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	while (CMS_unsigned_get_attr_count(si) > 0)
		X509_ATTRIBUTE_free(CMS_unsigned_delete_attr(si, 0));
	len = i2d_CMS_ContentInfo(cms, &der);
	rc = file_write(names[1], der, (size_t)len, 0644, f);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	return rc;
}

static int
xml(char **names, struct crypto *c, struct fault *f)
{
	struct signer *s = signer_load(c, names[0], names[1], NULL, f);
	char path[FOLDER_PATH_MAX];
	int rc = -1;
	BUF_AUTO(b, XMLDSIG_MAX);
	BUF_AUTO(out, XMLDSIG_MAX);

	(void)snprintf(path, sizeof(path), "%s.xmldsig", names[2]);
	if (s != NULL && file_read(names[2], &b, f) == 0 &&
	    xmldsig_sign(s, names[2], b.p, b.len, 1790000000, &out, f) == 0)
		rc = file_write(path, out.p, out.len, 0644, f);
	signer_free(s);
	return rc;
}

int
main(int argc, char **argv)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	int rc = -1;

	if (c != NULL && argc == 4 && strcmp(argv[1], "zip") == 0)
		rc = package_pack(argv[2], argv[3], &f);
	else if (c != NULL && argc == 3 && strcmp(argv[1], "seal") == 0)
		rc = seal(argv[2], c, &f);
	else if (c != NULL && argc == 3 && strcmp(argv[1], "list") == 0)
		rc = list(argv[2], c, &f);
	else if (c != NULL && argc == 5 && strcmp(argv[1], "stamp") == 0)
		rc = stamp(argv + 2, c, &f);
	else if (c != NULL && argc == 4 && strcmp(argv[1], "bare") == 0)
		rc = bare(argv + 2, c, &f);
	else if (c != NULL && argc == 5 && strcmp(argv[1], "xml") == 0)
		rc = xml(argv + 2, c, &f);
	crypto_free(c);
	if (rc == -1)
		(void)fprintf(stderr, "pack: %s\n", f.text);
	return rc == 0 ? 0 : 1;
}
