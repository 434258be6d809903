"""`manage.py test --clauses`: the ledger, and the tests that prove each clause. Reads source only; nothing is run."""

import ast
import json

from .console import Problem, write
from .data import ROOT

LEDGER = ROOT / "policy" / "data" / "clauses.json"


def report():
    """Print it. Returns 1 if a test names a clause that the ledger does not have."""
    try:
        known = [clause["id"] for clause in json.loads(LEDGER.read_text())]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"The ledger {LEDGER} cannot be read ({error}): restore it from the repository.") from error
    proofs = find_proofs(ROOT / "tests")
    for clause in known:
        write(f"{clause}\n" + "".join(f"    {test}\n" for test in proofs.get(clause, [])))
    write(f"{sum(clause in proofs for clause in known)} of {len(known)} clauses have tests\n")
    unknown = sorted(set(proofs) - set(known))
    if unknown:
        write(f"not in the ledger: {', '.join(unknown)}\n")
    return 1 if unknown else 0


def find_proofs(folder):
    """{clause id: [test, ...]} from every @pytest.mark.clause(...) and pytestmark under a folder."""
    proofs = {}
    for path in sorted(folder.rglob("test_*.py")):
        name = path.relative_to(folder.parent).as_posix()
        for place, clause in marks(ast.parse(path.read_text(encoding="utf-8")), name):
            proofs.setdefault(clause, []).append(place)
    return proofs


def marks(node, place):
    """Yield (place, clause id) for each mark below a node; the place is the nearest function or class around it."""
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        yield from marks(child, f"{place}::{child.name}" if named else place)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "clause":
        for argument in node.args:
            if isinstance(argument, ast.Constant):
                yield place, argument.value
