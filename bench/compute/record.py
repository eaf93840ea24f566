"""Writes the expected results anew: `PYTHON bench/compute/record.py [NAME …]`, with a native CPython 3.13.

The sizes are those in bench/programs/expected.json; a program that is new there needs `{"small": {"size": …},
"full": {"size": …}}`. Look at the difference: a result that changes without its program is an error of one of the two.
"""

import json
import sys
from pathlib import Path

folder = Path(__file__).resolve().parent.parent / 'programs'
path = folder / 'expected.json'
expected = json.loads(path.read_text())
sys.dont_write_bytecode = True
sys.path.insert(0, str(folder))
for name in sys.argv[1:] or expected:
    for scale in expected[name].values():
        scale['result'] = str(__import__(name).run(scale['size']))
path.write_text(json.dumps(dict(sorted(expected.items())), indent=2, ensure_ascii=False) + '\n')
