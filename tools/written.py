"""What a person wrote in a notebook, from stdin: its cells' kinds and sources in order, as text that can be compared.

Outputs, counts and metadata are left out: they come from running and saving. What is no notebook comes back as it is.
"""

import json
import sys

given = sys.stdin.buffer.read()
try:
    cells = json.loads(given)["cells"]
    written = [[cell["cell_type"], "".join(cell["source"]).rstrip()] for cell in cells]
except (ValueError, LookupError, TypeError):
    sys.stdout.buffer.write(given)
else:
    print(json.dumps(written, indent=0))
