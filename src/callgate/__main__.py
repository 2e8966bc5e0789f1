"""Entry point: run the command line and turn our own errors into exit codes.

Exit codes: 0 satisfied, 1 findings, 2 usage or input error, 3 inconclusive,
130 interrupted.
"""

import sys


def main() -> int:
    """Run ``callgate``; returns the exit code."""
    try:
        from callgate.cli.main import run  # noqa: PLC0415 - keeps Ctrl-C at start-up clean

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
