#!/bin/sh
# Make .venv if it is absent, and install Callgate in it (editable) with the dependency
# groups that are named: setup.sh [GROUP...]. PYTHON chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

recent='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$recent" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "error: Python 3.11 or newer is needed" >&2
    echo "hint: apt-get install python3 python3-venv (Debian 12, Ubuntu 24.04 or newer)," >&2
    echo "hint: or name one that you have: make PYTHON=/path/to/python3.12 run" >&2
    return 1
}

if ! .venv/bin/python -c "$recent" 2>/dev/null; then
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "error: $python cannot make virtual environments" >&2
        echo "hint: apt-get install python$version-venv" >&2
        exit 1
    fi
    rm -rf .venv
    echo "setting up .venv (once; needs the Python package index)" >&2
    "$python" -m venv .venv
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1
# Dependency groups (PEP 735) came with pip 25.1; Debian 12 brings 23.0.
.venv/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
for group in "$@"; do
    shift
    set -- "$@" --group "$group"
done
.venv/bin/python -m pip install --quiet --editable . "$@"
