"""Write the generated pages; with ``--check``, only say which ones are stale (exit 1)."""

import sys
from pathlib import Path

from scripts.reference.pages import pages

DOCS = Path(__file__).parents[2] / "docs"


def main(check: bool) -> int:
    """Compare or write every page; returns the exit code."""
    stale = [
        (DOCS / name, text)
        for name, text in pages().items()
        if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        if check:
            print(f"stale: {path.relative_to(DOCS.parent)} (run `make generated`)")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(DOCS.parent)}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
