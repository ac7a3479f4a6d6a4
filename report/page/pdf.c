/* Printing a page: nothing in exhibit draws, a browser or WeasyPrint does. */
#include "report/page/pdf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/length.h"
#include "base/child.h"
#include "base/file.h"
#include "base/folder.h"

#define PDF_TIME_MS (5 * 60 * 1000)
#define SAID_MAX (1024 * 1024) /* bytes on its standard output, not read */
#define ARG_LEN (FOLDER_PATH_MAX + 128)

/* In the order in which they are tried. */
static const struct printer {
	const char *program;
	bool browser;
} printers[] = {
	{ "chromium", true },
	{ "chromium-browser", true },
	{ "google-chrome", true },
	{ "google-chrome-stable", true },
	{ "weasyprint", false },
};

/*
 * The page has no script and refers to nothing outside itself (its policy
 * says so as well), and the browser gets a folder of its own to live in. Its
 * own sandbox cannot be made by root, who may not want one in a container.
 */
static int
print_with(const struct printer *p, const char *folder, struct fault *f)
{
	char page[FOLDER_PATH_MAX + 16], pdf[FOLDER_PATH_MAX + 16],
	    data[ARG_LEN], url[ARG_LEN], to[ARG_LEN];
	const char *browser[] = { p->program, "--headless", "--disable-gpu",
		"--no-pdf-header-footer", "--disable-background-networking",
		"--no-first-run", data, to, url,
		geteuid() == 0 ? "--no-sandbox" : NULL, NULL };
	const char *weasyprint[] = { p->program, page, pdf, NULL };
	const struct child_program program = { .file = p->program,
		.argv = p->browser ? browser : weasyprint,
		.time_ms = PDF_TIME_MS };
	struct buf said = { .max = SAID_MAX };
	struct child c = { .take = child_take_buf, .ctx = &said };

	(void)snprintf(page, sizeof(page), "%s/page.html", folder);
	(void)snprintf(pdf, sizeof(pdf), "%s/page.pdf", folder);
	(void)snprintf(data, sizeof(data), "--user-data-dir=%s/data", folder);
	(void)snprintf(to, sizeof(to), "--print-to-pdf=%s", pdf);
	(void)snprintf(url, sizeof(url), "file://%s", page);
	if (child_spawn(&c, &program, f) == -1)
		return -1;
	child_finish(&c);
	child_stop(&c);
	buf_free(&said);
	if (c.end == CHILD_EXITED && c.status == 0)
		return 0;
	return fault(f, FAULT_IO, "--format pdf: %s %s", p->program,
	    c.end == CHILD_TIMED_OUT ? "took over five minutes"
				     : "failed; print the page from a browser");
}

static int
print(const char *folder, struct fault *f)
{
	for (size_t i = 0; i < LENGTH(printers); i++) {
		struct fault why = { 0 };

		if (print_with(&printers[i], folder, &why) == 0)
			return 0;
		if (why.kind != FAULT_ABSENT) {
			*f = why;
			return -1;
		}
	}
	return fault(f, FAULT_ABSENT,
	    "--format pdf: neither chromium, google-chrome nor weasyprint is "
	    "installed here; install one, or print the page from a browser");
}

int
page_pdf(
    const struct buf *html, const char *tmp, struct buf *pdf, struct fault *f)
{
	char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
	int rc;

	if (folder_new(tmp, "exhibit", folder, f) == -1)
		return -1;
	rc = folder_put(folder, "page.html", html->p, html->len, f);
	if (rc == 0)
		rc = print(folder, f);
	if (rc == 0)
		rc = folder_path(folder, "page.pdf", path, f);
	if (rc == 0)
		rc = file_read(path, pdf, f);
	if (rc == 0 && (pdf->len < 5 || memcmp(pdf->p, "%PDF-", 5) != 0))
		rc = fault(f, FAULT_IO, "--format pdf: no PDF came of it");
	folder_remove(folder);
	return rc;
}
