"""Every way to break one operator, comparison or number of a module: what tools/mutate.py tries the tests on."""

import ast
import copy

SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


# How thick, large or dark something is drawn, and how far from its place a label stands: for the eye to judge. And
# zip's strict, which is a guard: what is zipped here has one length.
LOOKS = set(
    "alpha bbox bbox_to_anchor dpi fontsize fontweight handletextpad labelspacing linewidths lw mew ms pad rasterized "
    "shrinkA shrinkB size zorder clip_on width height_ratios strict".split()
)


def looks(node):
    """The parts of a node that say how something looks, and not what is drawn, or how long a traceback is."""
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__tracebackhide__":
        yield node.value
    if isinstance(node, ast.Call):
        yield from (each.value for each in node.keywords if each.arg in LOOKS)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "annotate":
            yield from node.args[2:3]
    if isinstance(node, ast.Dict):
        named = zip(node.keys, node.values, strict=True)
        yield from (value for key, value in named if isinstance(key, ast.Constant) and key.value in LOOKS)


def variants(node):
    """Each way to break one node: a broken copy."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPS:
        yield altered(node, op=SWAPS[type(node.op)]())
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in SWAPS:
        yield altered(node, ops=[SWAPS[type(node.ops[0])]()])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield node.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield altered(node, value=node.value + 1)
        if isinstance(node.value, int) and node.value > 1:
            yield altered(node, value=node.value - 1)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield altered(node, value=not node.value)
    if isinstance(node, ast.If | ast.IfExp):
        yield altered(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("max", "min"):
        yield altered(node, func=altered(node.func, attr={"max": "min", "min": "max"}[node.func.attr]))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("max", "min"):
        yield altered(node, func=ast.Name({"max": "min", "min": "max"}[node.func.id], ast.Load()))


def altered(node, **fields):
    node = copy.copy(node)
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def mutants(tree):
    """(name, source) of each mutant of a module; the name says where and what."""
    seen, passed = {}, {id(part) for node in ast.walk(tree) for part in looks(node)}

    def walk(node, where):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            where = f"{where}.{node.name}" if where else node.name
        if isinstance(node, ast.JoinedStr):  # the words of a message
            return
        for name, value in ast.iter_fields(node):
            for i, child in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(child, ast.AST) or id(child) in passed:
                    continue
                for broken in variants(child):
                    said = f"{where}: {short(child)} → {short(broken)}"
                    seen[said] = seen.get(said, 0) + 1
                    put(node, name, i, broken)
                    source = ast.unparse(ast.fix_missing_locations(tree))
                    put(node, name, i, child)
                    yield said if seen[said] == 1 else f"{said} ({seen[said]})", source
                yield from walk(child, where)

    def put(node, name, i, child):
        if isinstance(getattr(node, name), list):
            getattr(node, name)[i] = child
        else:
            setattr(node, name, child)

    yield from walk(tree, "")


def short(node):
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split("\n")[0]
