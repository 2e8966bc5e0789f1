"""Reports: tables, Markdown, CSV and JSON. They read results and decide nothing."""
