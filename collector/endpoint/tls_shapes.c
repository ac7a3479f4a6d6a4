/* See tls_shapes.h. The lists are those that OpenSSL 3.0, JDK 17 and Chrome 120
 * send by default. */
#include "collector/endpoint/tls_shapes.h"

#include "collector/endpoint/names.h"

/* clang-format off */
const uint16_t tls_likely_suites[] = { 0xc02b, 0xc02f, 0x009c, 0x002f, 0x009e,
	0xc013, 0xcca9, 0xcca8, 0xc02c, 0xc030, 0x009d, 0x0035, 0x009f, 0xc014,
	0xc009, 0xc00a, 0x000a, 0x0005, 0xc023, 0xc024, 0xc027, 0xc028, 0x0033,
	0x0039, 0x0067, 0x006b, 0x003c, 0x003d, 0xc012, 0x0016, 0x0004, 0xccaa,
	0 };

static const uint16_t openssl_order[] = { 0x1302, 0x1303, 0x1301, 0xc02c,
	0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e, 0xc024,
	0xc028, 0x006b, 0xc023, 0xc027, 0x0067, 0xc00a, 0xc014, 0x0039, 0xc009,
	0xc013, 0x0033, 0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f, 0 };
static const uint16_t openssl_groups[] = { 0x001d, 0x0017, 0x001e, 0x0019,
	0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104, 0 };
static const uint16_t openssl_signatures[] = { 0x0403, 0x0503, 0x0603, 0x0807,
	0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501,
	0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602, 0 };

static const uint16_t java_order[] = { 0x1302, 0x1301, 0x1303, 0xc02c, 0xc02b,
	0xcca9, 0xc030, 0xcca8, 0xc02f, 0x009f, 0xccaa, 0x00a3, 0x009e, 0x00a2,
	0xc024, 0xc028, 0xc023, 0xc027, 0x006b, 0x006a, 0x0067, 0x0040, 0xc02e,
	0xc032, 0xc02d, 0xc031, 0xc026, 0xc02a, 0xc025, 0xc029, 0xc00a, 0xc014,
	0x0039, 0x0038, 0xc009, 0xc013, 0x0033, 0x0032, 0xc005, 0xc00f, 0xc004,
	0xc00e, 0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f, 0 };
static const uint16_t java_groups[] = { 0x001d, 0x0017, 0x0018, 0x0019, 0x001e,
	0x0100, 0x0101, 0x0102, 0x0103, 0x0104, 0 };
static const uint16_t java_signatures[] = { 0x0403, 0x0503, 0x0603, 0x0807,
	0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501,
	0x0601, 0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202, 0 };

static const uint16_t chrome_order[] = { 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f,
	0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f,
	0x0035, 0 };
static const uint16_t chrome_groups[] = { 0x001d, 0x0017, 0x0018, 0 };
static const uint16_t chrome_signatures[] = { 0x0403, 0x0804, 0x0401, 0x0503,
	0x0805, 0x0501, 0x0806, 0x0601, 0 };

static const uint16_t short_groups[] = { 0x0017, 0x0018, 0x0019, 0x001d, 0 };
static const uint16_t short_signatures[] = { 0x0403, 0x0804, 0x0401, 0x0503,
	0x0201, 0 };

#define PLAIN WITHOUT_ALL

const struct tls_shape tls_shapes[TLS_SHAPES] = {
	{ .name = "complete",
	    .without = WITHOUT_SIGNATURES_CERT,
	    .compression = true,
	    .suites = 125,
	    .groups = 64,
	    .signatures = 64,
	    .use = SHAPE_WHOLE,
	    .groups_use = SHAPE_WHOLE },
	{ .name = "as OpenSSL",
	    .without = WITHOUT_SIGNATURES_CERT | WITHOUT_STATUS,
	    .shares = true,
	    .suites = 60,
	    .groups = 12,
	    .signatures = 24,
	    .order = openssl_order,
	    .group_list = openssl_groups,
	    .signature_list = openssl_signatures,
	    .use = SHAPE_FIRST },
	{ .name = "as Chrome",
	    .without = WITHOUT_SIGNATURES_CERT | WITHOUT_ENCRYPT_THEN_MAC,
	    .shares = true,
	    .suites = 15,
	    .groups = 6,
	    .signatures = 10,
	    .order = chrome_order,
	    .group_list = chrome_groups,
	    .signature_list = chrome_signatures,
	    .use = SHAPE_FIRST },
	{ .name = "as Java",
	    .without = WITHOUT_ENCRYPT_THEN_MAC,
	    .shares = true,
	    .suites = 49,
	    .groups = 12,
	    .signatures = 24,
	    .order = java_order,
	    .group_list = java_groups,
	    .signature_list = java_signatures,
	    .use = SHAPE_FIRST },
	/* below 256 bytes, with a name of up to 60 */
	{ .name = "short",
	    .without = WITHOUT_SIGNATURES_CERT | WITHOUT_STATUS |
		       WITHOUT_ENCRYPT_THEN_MAC | WITHOUT_TICKET,
	    .suites = 16,
	    .groups = 4,
	    .signatures = 5,
	    .group_list = short_groups,
	    .signature_list = short_signatures,
	    .use = SHAPE_FIRST },
	{ .name = "plain",
	    .without = PLAIN,
	    .suites = 125,
	    .groups = 64,
	    .signatures = 64,
	    .use = SHAPE_WHOLE | SHAPE_VARIES },
	{ .name = "short plain",
	    .without = PLAIN,
	    .suites = 24,
	    .groups = 4,
	    .signatures = 5,
	    .use = SHAPE_FIRST },
	{ .name = "without signature_algorithms",
	    .without = WITHOUT_SIGNATURES | WITHOUT_SIGNATURES_CERT,
	    .compression = true,
	    .suites = 125,
	    .groups = 64,
	    .signatures = 64,
	    .use = SHAPE_VARIES },
	{ .name = "with signature_algorithms_cert",
	    .compression = true,
	    .suites = 125,
	    .groups = 64,
	    .signatures = 64,
	    .use = SHAPE_VARIES },
	{ .name = "without supported_groups",
	    .without = WITHOUT_GROUPS | WITHOUT_SIGNATURES_CERT,
	    .compression = true,
	    .suites = 125,
	    .groups = 64,
	    .signatures = 64,
	    .use = SHAPE_VARIES },
	{ .name = "with key shares",
	    .without = WITHOUT_SIGNATURES_CERT,
	    .shares = true,
	    .suites = 125,
	    .groups = 64,
	    .signatures = 64,
	    .use = SHAPE_NO,
	    .groups_use = SHAPE_WHOLE | SHAPE_VARIES },
	/* two suites a hello are the last resort */
	{ .name = "single",
	    .without = WITHOUT_SIGNATURES_CERT | WITHOUT_STATUS |
		       WITHOUT_ENCRYPT_THEN_MAC | WITHOUT_TICKET,
	    .shares = true,
	    .suites = 2,
	    .groups = 2,
	    .signatures = 2,
	    .group_list = short_groups,
	    .signature_list = short_signatures,
	    .use = SHAPE_NO },
};
/* clang-format on */

bool
tls_shape_fits(const struct tls_shape *s, uint16_t version)
{
	if (version == TLS_1_3) /* RFC 8446 9.2 wants both */
		return (s->without & (WITHOUT_GROUPS | WITHOUT_SIGNATURES)) ==
		       0;
	return true; /* SSL 3.0 has no extensions, so all are plain */
}
