/*
 * How long, how large: the OSCAL document and the page of 5,000 nodes under 20
 * checks (100,000 verdicts). Figures to reach: 2 s, 256 MiB, 5 MB of HTML.
 *
 *	bench_report [NODES [CHECKS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "tests/fixtures/report/models.h"
#include "report/format/oscal.h"
#include "report/page/render.h"

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long
peak_kib(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

static void
line(const char *what, double seconds, size_t bytes)
{
	(void)printf("%-16s %7.3f s %12zu bytes   peak %ld KiB\n", what,
	    seconds, bytes, peak_kib());
}

int
main(int argc, char **argv)
{
	size_t nodes = argc > 1 ? strtoul(argv[1], NULL, 10) : 5000;
	size_t checks = argc > 2 ? strtoul(argv[2], NULL, 10) : 20;
	BUF_AUTO(xml, RENDER_XML_MAX);
	BUF_AUTO(html, 64UL * 1024 * 1024);
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);
	double t0 = now(), t1, t2, t3;
	struct model *m;
	int rc = 1;

	if (c == NULL)
		goto out;
	m = sample_scale(nodes, checks);
	t1 = now();
	line("model", t1 - t0, 0);
	if (oscal_write(m, c, &xml, &f) == -1)
		goto out;
	t2 = now();
	line("oscal_write", t2 - t1, xml.len);
	if (render_html(xml.p, xml.len, NULL, c, &html, &f) == -1)
		goto out;
	t3 = now();
	line("render_html", t3 - t2, html.len);
	line("both", t3 - t1, html.len);
	sample_free(m);
	rc = 0;
out:
	if (rc != 0)
		(void)fprintf(stderr, "bench_report: %s\n", f.text);
	crypto_free(c);
	return rc;
}
