"""The pages of ``docs/reference`` that follow from the code, and a check that they still do."""
