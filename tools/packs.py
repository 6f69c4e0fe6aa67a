"""Make what data/ keeps of runs that take long: python tools/packs.py 06 [part]. Each lesson has a module of packs."""

import sys
from importlib import import_module
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

if __name__ == "__main__":
    known = sorted(path.stem[-2:] for path in Path(__file__).parent.glob("packs[0-9][0-9].py"))
    wanted = sys.argv[1:2] or known
    for lesson in wanted:
        if lesson not in known:
            sys.exit(f"packs: lesson {lesson} keeps none; there are {', '.join(known)}")
        parts = import_module(f"packs{lesson}").PARTS
        for name in sys.argv[2:] or parts:
            print(f"lesson {lesson}: {name} …", flush=True)
            parts[name]()
