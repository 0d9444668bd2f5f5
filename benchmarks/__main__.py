"""Run every benchmark, or those named on the command line: `python -m benchmarks match tick`."""

import importlib
import pkgutil
import sys

import benchmarks


def main(wanted: list[str]) -> None:
    """Print the lines of each module that measures (has a `run`), by name."""
    for name in sorted(info.name for info in pkgutil.iter_modules(benchmarks.__path__)):
        if name.startswith("__") or (wanted and name not in wanted):
            continue
        run = getattr(importlib.import_module(f"benchmarks.{name}"), "run", None)
        if run is None:
            continue
        print(f"== {name}", flush=True)
        for line in run():
            print(f"   {line}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
