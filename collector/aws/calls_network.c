/* Subnets, routes, VPC endpoints and flow logs: EC2 API reference 2016-11-15.
 */
#include <string.h>

#include "collector/aws/aws_kinds.h"
#include "collector/aws/calls.h"
#include "collector/aws/fill.h"
#include "collector/aws/services.h"

static const struct aws_call describe_subnets = {
	.kind = &aws_subnet_kind,
	.service = &aws_ec2,
	.operation = "DescribeSubnets",
	.items = ".subnetSet[]",
	.pager = { ".nextToken", "NextToken", "MaxResults", 1000, NULL, 0 },
	.key = ".subnetId",
	.must = ".subnetId=like:subnet- .vpcId=like:vpc-",
};

/* The first of these members that a route has. */
static const char *
first_of(const json_t *route, const char *const *members)
{
	const char *s = NULL;

	for (; s == NULL && *members != NULL; members++)
		s = json_string_value(json_object_get(route, *members));
	return s;
}

static json_t *
routes_of(const json_t *list, struct attrs *a)
{
	static const char *const to[] = { "destinationCidrBlock",
		"destinationIpv6CidrBlock", "destinationPrefixListId", NULL };
	static const char *const via[] = { "gatewayId", "natGatewayId",
		"transitGatewayId", "egressOnlyInternetGatewayId",
		"vpcPeeringConnectionId", "networkInterfaceId", "instanceId",
		"localGatewayId", "carrierGatewayId", "coreNetworkArn", NULL };
	json_t *out = json_array(), *v;
	size_t i;

	json_array_foreach ((json_t *)list, i, v) {
		const char *state = path_text(v, ".state");
		json_t *one;

		if (state != NULL && strcmp(state, "blackhole") == 0)
			continue; /* leads nowhere */
		one = json_object();
		put_text(a, one, "to", first_of(v, to));
		put_text(a, one, "via", first_of(v, via));
		add(a, out, one);
	}
	return out;
}

static void
fill_route_table(const struct aws_item *i, struct attrs *a)
{
	json_t *v;
	size_t n;
	bool is_main = false;

	json_array_foreach (json_object_get(i->tree, "associationSet"), n, v) {
		const char *s = path_text(v, ".main");

		is_main |= s != NULL && strcmp(s, "true") == 0;
	}
	attrs_bool(a, "main", is_main);
	attrs_json(
	    a, "routes", routes_of(json_object_get(i->tree, "routeSet"), a));
	attrs_json(a, "subnets",
	    sorted_texts(i->tree, ".associationSet[].subnetId", a));
}

static const struct aws_call describe_route_tables = {
	.kind = &aws_route_table_kind,
	.service = &aws_ec2,
	.operation = "DescribeRouteTables",
	.items = ".routeTableSet[]",
	.lists = "routeSet associationSet",
	.pager = { ".nextToken", "NextToken", "MaxResults", 100, NULL, 0 },
	.key = ".routeTableId",
	.fill = fill_route_table,
	.must = ".routeTableId=like:rtb- .vpcId=like:vpc- .routeSet[]=object "
		".associationSet[]=object",
};

static void
fill_vpc_endpoint(const struct aws_item *i, struct attrs *a)
{
	attrs_json(a, "subnets", sorted_texts(i->tree, ".subnetIdSet[]", a));
}

static const struct aws_call describe_vpc_endpoints = {
	.kind = &aws_vpc_endpoint_kind,
	.service = &aws_ec2,
	.operation = "DescribeVpcEndpoints",
	.items = ".vpcEndpointSet[]",
	.pager = { ".nextToken", "NextToken", "MaxResults", 1000, NULL, 0 },
	.key = ".vpcEndpointId",
	.fill = fill_vpc_endpoint,
	.must = ".vpcEndpointId=like:vpce- .vpcId=like:vpc- .serviceName=name",
};

static const struct aws_call describe_flow_logs = {
	.kind = &aws_flow_log_kind,
	.service = &aws_ec2,
	.operation = "DescribeFlowLogs",
	.items = ".flowLogSet[]",
	.pager = { ".nextToken", "NextToken", "MaxResults", 1000, NULL, 0 },
	.key = ".flowLogId",
	.must = ".flowLogId=like:fl- .resourceId=name .flowLogStatus=name",
};

const struct aws_call *const aws_network_calls[] = {
	&describe_subnets,
	&describe_route_tables,
	&describe_vpc_endpoints,
	&describe_flow_logs,
	NULL,
};
