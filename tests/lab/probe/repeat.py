"""Probe many times in one process: ``repeat COUNT ARGUMENT…`` prints one JSON text a line."""

import contextlib
import io
import json
import sys

from callgate.cli.main import run


def main(count, argv):
    """Run the command line again and again; what it prints goes out in one line each."""
    for _ in range(count):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = run(argv)
        found = json.loads(out.getvalue()) | {"exit": code}
        found.pop("log")
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
