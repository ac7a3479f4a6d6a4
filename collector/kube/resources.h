/*
 * What is asked of the API server, as data: from it come the requests and the
 * cluster role that allows exactly these (exhibit kinds --format cluster-role).
 */
#ifndef COLLECTOR_KUBE_RESOURCES_H
#define COLLECTOR_KUBE_RESOURCES_H

#include <stdbool.h>

#include "base/json.h"
#include "base/observation.h"

enum api_verb { API_LIST, API_GET };

struct kube;

struct resource {
	const struct kind *kind; /* what it becomes */
	const char *group;	 /* RBAC: "" is the core group */
	const char *name;	 /* RBAC: resource */
	const char *path;	 /* "/api/v1/nodes"; a query may follow */
	const char *list;	 /* what the answer calls itself: "NodeList" */
	const char *const *keep; /* all that is read of an object: items.h */
	/* What wanted() and also() take of it, where that is far less; then
	 * keep is read only of what is wanted. NULL: keep. */
	const char *const *glance;
	/* Objects that are the same in this are looked at once, unless one is
	 * wanted or also() says that it is alone. NULL: each is looked at. */
	const char *const *alike;
	/* The object's Kubernetes kind; goes before the key and into column
	 * kind where one kind of evidence has several. NULL: no. */
	const char *object;
	enum api_verb verb;
	const char *only;   /* RBAC resourceNames, or NULL */
	const char *option; /* asked with this option only, or NULL */
	const char *accept; /* NULL: application/json */
	bool optional;	    /* its API need not be installed */
	bool url;	    /* no resource but a URL, in kube_paths */
	bool (*wanted)(const json_t *object); /* NULL: every one */
	/* The columns that are not just a path; NULL: there are none. */
	void (*fill)(const struct resource *, const json_t *, struct attrs *);
	/* Of the same object, what another kind is made of; NULL: nothing. 1:
	 * what was noted is of this object alone. */
	int (*also)(struct kube *, const json_t *, struct fault *);
	void (*forget)(
	    struct kube *);   /* what also() noted; the list begins anew */
	bool makes_images;    /* also() notes images in use */
	const char *constant; /* for fill() */
};

extern const struct resource kube_resources[]; /* ends with kind NULL */

/* GET paths without a resource: nonResourceURLs, ends with NULL. */
extern const char *const kube_paths[];

/* What is asked in the agents' namespace alone; ends with group NULL. */
struct namespaced {
	const char *group, *resource, *verb;
};
extern const struct namespaced kube_namespaced[];

/* project*.c */
void fill_node(const struct resource *, const json_t *, struct attrs *);
void fill_api_group(const struct resource *, const json_t *, struct attrs *);
void fill_role(const struct resource *, const json_t *, struct attrs *);
void fill_binding(const struct resource *, const json_t *, struct attrs *);
void fill_workload(const struct resource *, const json_t *, struct attrs *);
void fill_storage_class(
    const struct resource *, const json_t *, struct attrs *);
void fill_volume(const struct resource *, const json_t *, struct attrs *);
void fill_ingress(const struct resource *, const json_t *, struct attrs *);
void fill_service(const struct resource *, const json_t *, struct attrs *);
void fill_load_balancer(
    const struct resource *, const json_t *, struct attrs *);
void fill_aws_auth(const struct resource *, const json_t *, struct attrs *);
void fill_webhook(const struct resource *, const json_t *, struct attrs *);
void fill_node_class(const struct resource *, const json_t *, struct attrs *);
void fill_custom(const struct resource *, const json_t *, struct attrs *);
void fill_secret(const struct resource *, const json_t *, struct attrs *);

/* Of a pod's spec, the columns of kube.workload that are judged. */
void fill_pod(const json_t *spec, struct attrs *);

MUST_USE int template_note(struct kube *, const json_t *, struct fault *);
MUST_USE int daemon_set_also(struct kube *, const json_t *, struct fault *);
void template_forget(struct kube *);
void daemon_set_forget(struct kube *);
bool no_controller(const json_t *object);
bool pod_stands_alone(const json_t *object);
bool is_load_balancer(const json_t *object);
MUST_USE int pod_also(struct kube *, const json_t *, struct fault *);
void pod_forget(struct kube *);

#endif
