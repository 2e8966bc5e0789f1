"""The site, the choice of scenario, and the policy that follows from both (pure)."""
