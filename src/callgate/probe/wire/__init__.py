"""What talks to the network for a probe (asyncio). It decides nothing: it writes the log."""
