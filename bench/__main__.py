"""All speed benchmarks, one after the other; each also runs alone: python -m bench.turn_speed."""

import runpy
import sys

for name in ("turn_speed", "import_speed", "segment_speed", "export_speed", "list_speed"):
    print(f"--- {name}", flush=True)
    sys.argv = [name]
    runpy.run_module(f"bench.{name}", run_name="__main__")
