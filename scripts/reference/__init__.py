"""The pages of ``docs`` that follow from the code, and a check that they still do."""
