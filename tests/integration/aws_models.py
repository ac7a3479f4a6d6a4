"""Each line on standard input is a call's contract: see aws_models.sh."""

import re
import sys

import botocore.session

# names of the endpoint table that are not botocore's
SERVICES = {
    ("elasticloadbalancing", "2015-12-01"): "elbv2",
    ("elasticloadbalancing", "2012-06-01"): "elb",
    ("elasticfilesystem", ""): "efs",
    ("api.ecr", "1.1"): "ecr",
}
TYPES = {
    "object": {"structure", "map"},
    "text": {"string", "timestamp"},
    "name": {"string"},
    "arn": {"string"},
    "key": {"string"},
    "account": {"string"},
    "string": {"string"},
    "flag": {"boolean"},
    "number": {"integer", "long", "float", "double"},
    "any": None,
}
session = botocore.session.get_session()
wrong = []


def member(shape, name):
    """The member that is called so in answers."""
    if shape.type_name == "map":
        return shape.value
    for key, value in shape.members.items():
        if value.serialization.get("name", key) == name:
            return value
    return None


def steps(path):
    """".a[].b" as [("a", True), ("b", False)]"""
    return [(s[:-2], True) if s.endswith("[]") else (s, False)
            for s in path.strip(".").split(".") if s]


def walk(shape, path):
    """The shape at a path, and the last list on the way; or what is wrong."""
    last = None
    for name, is_list in steps(path):
        if shape.type_name not in ("structure", "map"):
            return None, f"{name} below a {shape.type_name}"
        shape = member(shape, name)
        if shape is None:
            return None, f"no {name}"
        if shape.type_name == "list" and (
                is_list or shape.serialization.get("flattened")):
            last, shape = shape, shape.member
        elif is_list:
            return None, f"{name} is no list"
    return shape, last


def check_must(where, shape, must):
    for word in must.split():
        paths, kind = word.rstrip("?").split("=", 1)
        words = kind[3:].split(",") if kind.startswith("in:") else None
        kind = "name" if words or kind.startswith("like:") else kind
        for path in paths.split("|"):
            found, why = walk(shape, path) if path != "." else (shape, None)
            if found is None:
                wrong.append(f"{where}: {path}: {why}")
            elif TYPES[kind] and found.type_name not in TYPES[kind]:
                wrong.append(f"{where}: {path} is {found.type_name}, not {kind}")
            elif words and sorted(words) != sorted(found.enum):
                wrong.append(f"{where}: {path} is one of {found.enum}")


def check(line):
    (service, version, operation, root, xmlns, result, items, entry, must,
     after, more) = line.rstrip("\n").split("\t")
    name = SERVICES.get((service, version), service)
    where = f"{service}:{operation}"
    model = session.get_service_model(name)
    output = model.operation_model(operation).output_shape
    payload = output.serialization.get("payload")
    if xmlns and name != "s3":
        said = model.metadata["xmlNamespace"].rstrip("/")
        if said != xmlns.rstrip("/"):
            wrong.append(f"{where}: namespace {xmlns}, not {said}")
    if result and output.serialization.get("resultWrapper") != result:
        wrong.append(f"{where}: no {result}")
    if name == "s3" and payload and output.members[payload].type_name == "structure":
        shape = output.members[payload]
        if root != payload:
            wrong.append(f"{where}: the root is {payload}, not {root}")
    elif payload:
        return  # a document of its own: a policy
    else:
        shape = output
    if items:
        item, last = walk(shape, items)
        if item is None:
            wrong.append(f"{where}: {items}: {last}")
            return
        if xmlns and last is not None:
            said = last.member.serialization.get("name", "member")
            if entry and said != entry:
                wrong.append(f"{where}: entries are <{said}>, not <{entry}>")
    else:
        item = shape
    # a map of a query is a list of entries, which no model names
    if not re.search(r"\.entry\[\]", must):
        check_must(where, item, must)
    for path, kind in ((after, {"string"}), (more, {"boolean"})):
        if path:
            found, why = walk(shape, path)
            if found is None or found.type_name not in kind:
                wrong.append(f"{where}: {path}: {why or found.type_name}")


count = 0
for text in sys.stdin:
    check(text)
    count += 1
for problem in wrong:
    print("FAILED:", problem, file=sys.stderr)
if count < 70:
    print("FAILED: only", count, "calls", file=sys.stderr)
sys.exit(1 if wrong or count < 70 else 0)
