#!/usr/bin/env python3
"""Many questions of authorization at random, answered here from the documented
rules of the RBAC authorizer (kubernetes.io/docs/reference/access-authn-authz/
rbac, .../authorization: request attributes), and by 'exhibit query who-can'.

usage: kube_authz.py cluster SEED >FILE        a cluster, as NDJSON
       kube_authz.py ask SEED EXHIBIT STORE REQUESTS   compare
"""
import json
import random
import subprocess
import sys

SCOPE = "kube/random"
# resource -> API group -> has it a namespace
SERVED = {
    "pods": {"": True, "metrics.k8s.io": True},
    "secrets": {"": True},
    "nodes": {"": False},
    "namespaces": {"": False},
    "clusterroles": {"rbac.authorization.k8s.io": False},
    "roles": {"rbac.authorization.k8s.io": True},
    "gadgets": {"x.io": True, "y.io": False},
    "widgets": {"x.io": False},
}
GROUPS = ["", "metrics.k8s.io", "rbac.authorization.k8s.io", "x.io", "y.io"]
SUBS = ["", "", "", "/exec", "/log", "/status"]
VERBS = ["get", "list", "watch", "create", "update", "patch", "delete",
         "deletecollection", "bind"]
NAMES = ["", "one", "two", "007"]
SPACES = ["a", "b", "123"]
URLS = ["/metrics", "/logs", "/logs/x", "/healthz", "/"]
URL_RULES = ["*", "/metrics", "/logs*", "/logs/*", "/logs**", "/heal*", "/x"]
WHO = ([("User", u) for u in ["ann", "System:serviceaccount:a:bot",
                              "system:serviceaccount:a:bot", "it's"]
        + ["user-%d" % i for i in range(40)]]
       + [("Group", g) for g in ["dev", "x,y", "system:authenticated"]
          + ["group-%d" % i for i in range(19)]]
       + [("ServiceAccount", s) for s in ["a:bot", "b:default"]
          + ["a:account-%d" % i for i in range(7)]])


def some(r, values, star):
    if r.random() < star:
        return ["*"]
    return sorted(set(r.choice(values) for _ in range(r.randint(1, 3))))


def a_rule(r):
    if r.random() < 0.15:
        return {"nonResourceURLs": some(r, URL_RULES, 0),
                "verbs": some(r, ["get", "post"], 0.2)}
    kinds = [k + s for k in SERVED for s in ("", "/exec", "/log")]
    rule = {"apiGroups": some(r, GROUPS, 0.3),
            "resources": some(r, kinds + ["*/log", "*/exec"], 0.1),
            "verbs": some(r, VERBS, 0.15)}
    if r.random() < 0.35:
        rule["resourceNames"] = some(r, NAMES, 0)
    return rule


def cluster(seed):
    r = random.Random(seed)
    roles = {}
    for i in range(25):
        roles["ClusterRole/c%d" % i] = [a_rule(r) for _ in range(r.randint(1, 3))]
    for i in range(15):
        roles["Role/%s/r%d" % (r.choice(SPACES), i)] = [a_rule(r)]
    bindings = []
    for i in range(60):
        key = r.choice(sorted(roles) + ["ClusterRole/gone"])
        space = key.split("/")[1] if key.startswith("Role/") else \
            r.choice(SPACES + [None, None])
        bindings.append(("b%d" % i, space, key,
                         [r.choice(WHO) for _ in range(r.randint(1, 9))]))
    return roles, bindings


def user_of(kind, name):
    return "system:serviceaccount:" + name if kind == "ServiceAccount" else name


def write(seed):
    roles, bindings = cluster(seed)
    n = 0

    def put(kind, key, attributes):
        nonlocal n
        n += 1
        print(json.dumps({"key": key, "kind": kind, "observation": {
            "attributes": attributes, "outcome": "observed"},
            "provenance": {}, "scope": SCOPE}))

    put("kube.cluster", "random", {"git_version": "v1.34.0"})
    for name in ("clusterroles", "roles", "clusterrolebindings", "rolebindings"):
        put("kube.list", name + ".rbac.authorization.k8s.io",
            {"group": "rbac.authorization.k8s.io", "resource": name})
    for name in ("api", "apis"):
        put("kube.list", name, {"group": "", "resource": name})
    for g in GROUPS:
        put("kube.api_group", g or "core", {
            "cluster": sorted(k for k in SERVED if SERVED[k].get(g) is False),
            "namespaced": sorted(k for k in SERVED if SERVED[k].get(g) is True)})
    for key, rules in roles.items():
        put("kube.role", key, {"aggregated": False, "builtin": False,
                               "kind": key.split("/")[0], "rules": rules})
    for name, space, role, who in bindings:
        kind = "RoleBinding" if space else "ClusterRoleBinding"
        put("kube.binding", "/".join([kind] + ([space] if space else []) + [name]),
            {"builtin": False, "kind": kind, "name": name, "namespace": space,
             "role": role, "subjects": [{"kind": k, "name": user_of(k, w)}
                                        for k, w in who]})
    print(json.dumps({"coverage": {
        "calls": 1, "collector": "kube", "denied": 0, "gaps": [],
        "kinds": ["kube.api_group", "kube.binding", "kube.cluster", "kube.list",
                  "kube.role"],
        "outcome": "observed", "reason": None, "scope": SCOPE, "subjects": n}}))


def rule_allows(rule, q):
    if not {"*", q["verb"]} & set(rule["verbs"]):
        return False
    if q["url"]:
        return any(u == "*" or u == q["url"] or
                   (u.endswith("*") and q["url"].startswith(u.rstrip("*")))
                   for u in rule.get("nonResourceURLs", []))
    if not {"*", q["group"]} & set(rule.get("apiGroups", [])):
        return False
    if not any(x == "*" or x == q["resource"] + q["sub"] or
               (q["sub"] and x == "*" + q["sub"])
               for x in rule.get("resources", [])):
        return False
    names = rule.get("resourceNames", [])
    return not names or q["name"] in names


def allowed(q, roles, bindings):
    """Names of principals that a request with these attributes is granted to."""
    out = set()
    for _, space, role, who in bindings:
        if space is not None and (q["url"] or q["space"] == "" or
                                  q["space"] != space):
            continue
        if any(rule_allows(rule, q) for rule in roles.get(role, [])):
            out |= {user_of(k, w) for k, w in who}
    return out


def question(r):
    if r.random() < 0.12:
        return {"verb": r.choice(["get", "post"]), "url": r.choice(URLS)}
    resource = r.choice(sorted(SERVED))
    group = r.choice(sorted(SERVED[resource]))
    verb, name = r.choice(VERBS), r.choice(NAMES)
    if verb == "bind":
        # asked of a role binding in a namespace, of either kind of role
        resource, group = r.choice(["roles", "clusterroles"]), GROUPS[2]
    space = r.choice(SPACES)
    if resource == "namespaces":
        # its own namespace where it is named, as the server takes the request
        space = name = r.choice(SPACES) if verb not in (
            "create", "list", "watch", "deletecollection") else ""
    elif verb != "bind" and not SERVED[resource][group]:
        space = ""
    return {"verb": verb, "url": None, "group": group, "resource": resource,
            "sub": "" if verb == "bind" else r.choice(SUBS), "name": name,
            "space": space}


def ask(seed, exhibit, store, count):
    roles, bindings = cluster(seed)
    principals = {user_of(k, w) for k, w in WHO}
    r = random.Random(seed + 1)
    asked = wrong = granted = 0
    for _ in range(count):
        q = question(r)
        if q["url"]:
            params = ["verb=" + q["verb"], "resource=" + q["url"]]
        else:
            params = ["verb=" + q["verb"],
                      "resource=" + q["resource"] + q["sub"],
                      "group=" + q["group"], "name=" + q["name"],
                      "namespace=" + q["space"]]
        command = [exhibit, "query", "--store", store, "who-can", "--format", "json"]
        for p in params:
            command += ["--param", p]
        done = subprocess.run(command, capture_output=True, timeout=60)
        if done.returncode != 0:
            sys.exit("who-can: status %d: %s" % (done.returncode, done.stderr))
        got = {row["principal"] for row in json.loads(done.stdout)} & principals
        right = allowed(q, roles, bindings)
        asked += len(principals)
        granted += len(right)
        if got != right:
            wrong += 1
            print("FAILED: %s: %s, not %s" % (params, sorted(got), sorted(right)))
    print("%d questions, %d of them granted, %d requests answered otherwise"
          % (asked, granted, wrong))
    sys.exit(1 if wrong or granted == 0 else 0)


if sys.argv[1] == "cluster":
    write(int(sys.argv[2]))
else:
    ask(int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]))
